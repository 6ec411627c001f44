#include "pipeline/forms/draft_headings.h"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include "models/text.h"

namespace avtalskoll::pipeline {
namespace {

bool begins_with_capital(const std::string& text) {
    const auto s = icu::UnicodeString::fromUTF8(text);
    return s.length() > 0 && u_isupper(s.char32At(0));
}

struct Numbered {
    std::string number, title;
};

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_capital(char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; }

// Takes a sign, and the spaces after it, from the text's beginning.
bool drop(std::string& text, std::string_view sign) {
    if (!text.starts_with(sign)) return false;
    text.erase(0, sign.size());
    text.erase(0, std::min(text.size(), text.find_first_not_of(' ')));
    return true;
}

// "14", "4.3", "A3", "B": where the number ends that the text begins with.
std::size_t end_of_number(const std::string& text) {
    std::size_t end = !text.empty() && is_capital(text[0]) ? 1 : 0;
    while (end < text.size() && (is_digit(text[end]) || (text[end] == '.' && end > 0))) ++end;
    return end;
}

// "14 Underskrift", "§ 14. Underskrift", "14 § Underskrift", "Artikel 14 Underskrift", "4.3
// Kontakt", "A3 Typer", "Bilaga B – Incidenter".
std::optional<Numbered> parse_heading(const std::string& text, const FieldWords& words) {
    constexpr std::size_t kLongestNumber = 6, kLongestTitle = 80;
    std::string rest = folded_space(text);
    const std::string first = bare_words(rest.substr(0, rest.find(' ')));
    const auto stands_in = [&](const std::vector<std::string>& list) {
        return std::find(list.begin(), list.end(), first) != list.end();
    };
    if (stands_in(words.annex) || stands_in(words.numbered))
        rest.erase(0, std::min(rest.size(), rest.find(' ') + 1));
    drop(rest, "§");
    const std::size_t end = end_of_number(rest);
    std::string number = rest.substr(0, end);
    while (!number.empty() && number.back() == '.') number.pop_back();
    if (number.empty() || number.size() > kLongestNumber) return std::nullopt;
    rest.erase(0, end);
    if (!rest.empty() && std::string_view(" ):").find(rest.front()) == std::string_view::npos)
        return std::nullopt;
    while (drop(rest, ")") || drop(rest, ":") || drop(rest, "§") || drop(rest, "–") ||
           drop(rest, "-") || drop(rest, " ")) {
    }
    if (rest.size() > kLongestTitle || !begins_with_capital(rest) || rest.ends_with("."))
        return std::nullopt;
    return Numbered{number, rest};
}

// At the left margin, with more room above than lines of a paragraph have.
bool stands_apart(const Segment& segment, const BlankPrint& print) {
    constexpr double kMargin_pt = 9, kRoom = 0.45;  // of the line's height
    double margin = segment.box.x, above = 0;
    for (const Segment& s : print.segments) {
        if (s.page != segment.page) continue;
        margin = std::min(margin, s.box.x);
        if (s.box.bottom() < segment.box.y + 0.3 * segment.box.h)
            above = std::max(above, s.box.bottom());
    }
    return segment.box.x < margin + kMargin_pt && segment.box.y - above > kRoom * segment.box.h;
}

bool in_box(const Segment& s, const BlankPrint& print) {
    const auto& boxes = print.layout(s.page).boxes;
    return std::any_of(boxes.begin(), boxes.end(), [&](const BoxPt& b) {
        return s.box.x >= b.x - 1 && s.box.right() <= b.right() + 1 && middle(s.box) > b.y &&
               middle(s.box) < b.bottom();
    });
}

struct FoundHeading {
    const Segment* segment;
    Numbered numbered;
    bool stands_out;
};

std::vector<FoundHeading> possible_headings(const BlankPrint& print, const FieldWords& words) {
    constexpr double kLarger = 1.08;  // times the body's letters
    const bool bold_known = std::any_of(print.segments.begin(), print.segments.end(),
                                        [](const Segment& s) { return s.bold; });
    const auto stands_out = [&](const Segment& s) {
        if (bold_known) return s.bold || s.size_pt > kLarger * print.body_pt;
        return stands_apart(s, print);
    };
    std::vector<FoundHeading> found;
    for (const Segment& s : print.segments)
        if (const auto numbered = parse_heading(s.text, words); numbered && !in_box(s, print))
            found.push_back({&s, *numbered, stands_out(s)});
    return found;
}

}  // namespace

std::vector<Heading> find_headings(const BlankPrint& print, const FieldWords& words,
                                   std::vector<std::string>& doubts) {
    const std::vector<FoundHeading> found = possible_headings(print, words);
    // Where headings are set apart from the text, a line that is not merely begins with a number.
    const bool some_stand_out =
        std::any_of(found.begin(), found.end(), [](const FoundHeading& f) { return f.stands_out; });
    std::vector<Heading> headings;
    std::string annex;
    std::set<std::string> taken;
    for (const FoundHeading& f : found) {
        if (some_stand_out && !f.stands_out) continue;
        std::string number = f.numbered.number;
        if (number.size() == 1 && std::isalpha(static_cast<unsigned char>(number[0])))
            annex = number;
        else if (taken.contains(number) && !annex.empty())
            number = annex + number;  // an annex counts its points from one again
        if (!taken.insert(number).second) {
            doubts.push_back(doubt_on(
                f.segment->page, fmt::format("the number {} stands twice; the second ('{}') was "
                                             "left out",
                                             number, f.numbered.title)));
            continue;
        }
        headings.push_back({f.segment->page, f.segment->box.y, number, f.numbered.title});
    }
    return headings;
}

}  // namespace avtalskoll::pipeline
