#include "pipeline/forms/draft_headings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include "models/text.h"

namespace avtalskoll::pipeline {
namespace {

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

bool is_roman(const std::string& text) {
    return !text.empty() && text.find_first_not_of("IVX") == std::string::npos;
}

// "Part II Certification", "Del 1: Parter", "Section A": the word belongs to the number.
std::optional<Numbered> parse_part(const std::string& text, const FieldWords& words) {
    constexpr std::size_t kLongestNumber = 4;
    const std::size_t space = text.find(' ');
    if (space == std::string::npos) return std::nullopt;
    const std::string first = bare_words(text.substr(0, space));
    if (std::find(words.parts.begin(), words.parts.end(), first) == words.parts.end())
        return std::nullopt;
    const std::size_t end = std::min(text.size(), text.find_first_of(" :.", space + 1));
    const std::string number = text.substr(space + 1, end - space - 1);
    const bool counts = is_roman(number) || end_of_number(number) == number.size();
    if (number.empty() || number.size() > kLongestNumber || !counts) return std::nullopt;
    std::string title = text.substr(end);
    while (drop(title, ":") || drop(title, ".") || drop(title, "-") || drop(title, "\u2013") ||
           drop(title, " ")) {
    }
    return Numbered{text.substr(0, end), title};
}

// "14 Underskrift", "§ 14. Underskrift", "14 § Underskrift", "Artikel 14 Underskrift", "4.3
// Kontakt", "A3 Typer", "Bilaga B – Incidenter".
std::optional<Numbered> parse_heading(const std::string& text, const FieldWords& words) {
    constexpr std::size_t kLongestNumber = 6, kLongestTitle = 80;
    std::string rest = folded_space(text);
    if (auto part = parse_part(rest, words)) return part;
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
    Numbered numbered;  // number empty: none is printed
    bool stands_out;
};

class HeadingFinder {
public:
    HeadingFinder(const BlankPrint& print, const FieldWords& words) : print_(print), words_(words) {
        bold_known_ = std::any_of(print.segments.begin(), print.segments.end(),
                                  [](const Segment& s) { return s.bold; });
    }

    std::vector<FoundHeading> find() const {
        std::vector<FoundHeading> found = possible_numbered();
        // Where headings are set apart from the text, a line that is not merely begins with a
        // number.
        if (std::any_of(found.begin(), found.end(),
                        [](const FoundHeading& f) { return f.stands_out; }))
            std::erase_if(found, [](const FoundHeading& f) { return !f.stands_out; });
        const FoundHeading* first = found.empty() ? nullptr : &found.front();
        std::vector<FoundHeading> all = unnumbered_before(first ? first->segment : nullptr);
        all.insert(all.end(), found.begin(), found.end());
        return all;
    }

private:
    static constexpr double kLarger = 1.08;  // times the body's letters

    bool stands_out(const Segment& s) const {
        if (bold_known_) return s.bold || s.size_pt > kLarger * print_.body_pt;
        return stands_apart(s, print_);
    }

    std::vector<FoundHeading> possible_numbered() const {
        std::vector<FoundHeading> found;
        for (const Segment& s : print_.segments) {
            if (const auto letter = lettered(s)) found.push_back({&s, *letter, true});
            if (in_box(s, print_)) continue;
            if (const auto part = part_beside_title(s)) found.push_back({&s, *part, true});
            else if (const auto numbered = parse_heading(s.text, words_))
                found.push_back({&s, *numbered, stands_out(s)});
        }
        return found;
    }

    // A large letter alone, and the title beside it.
    std::optional<Numbered> lettered(const Segment& s) const {
        constexpr double kLarge = 1.2, kFar_pt = 60;  // times the body's letters
        if (s.text.size() != 1 || !is_capital(s.text[0]) || s.size_pt < kLarge * print_.body_pt)
            return std::nullopt;
        for (const Segment& next : print_.segments)
            if (next.page == s.page && next.box.x > s.box.right() &&
                next.box.x < s.box.right() + kFar_pt &&
                std::abs(middle(next.box) - middle(s.box)) < s.box.h)
                return Numbered{s.text, folded_space(next.text)};
        return std::nullopt;
    }

    // "Part I" in a field of its own, and the title further to the right.
    std::optional<Numbered> part_beside_title(const Segment& s) const {
        constexpr double kFar_pt = 60;
        auto alone = parse_part(folded_space(s.text) + " ", words_);
        if (!alone || !alone->title.empty()) return std::nullopt;
        for (const Segment& next : print_.segments)
            if (next.page == s.page && next.box.x > s.box.right() &&
                next.box.x < s.box.right() + kFar_pt &&
                std::abs(middle(next.box) - middle(s.box)) < 0.5 * s.box.h)
                alone->title = folded_space(next.text);
        if (alone->title.empty()) return std::nullopt;
        return alone;
    }

    // Short lines larger than the text, or bold with room above them, that are no labels; the
    // largest print is the title.
    bool is_unnumbered(const Segment& s) const {
        constexpr std::size_t kLongest = 60;
        const std::string text = folded_space(s.text);
        const bool larger = s.size_pt > kLarger * print_.body_pt && s.size_pt < 0.97 * largest();
        const bool bold = s.bold && stands_apart(s, print_) && s.size_pt >= print_.body_pt - 0.1;
        return (larger || bold) && text.size() <= kLongest && begins_with_capital(text) &&
               std::string_view(".:,;").find(text.back()) == std::string_view::npos &&
               count_letters(text).letters >= 3 && !in_box(s, print_);
    }

    double largest() const {
        double size = 0;
        for (const Segment& s : print_.segments)
            if (s.page == 1) size = std::max(size, s.size_pt);
        return size;
    }

    // `first`: the first numbered one; null: there is none.
    std::vector<FoundHeading> unnumbered_before(const Segment* first) const {
        std::vector<FoundHeading> found;
        for (const Segment& s : print_.segments) {
            if (first && std::pair(s.page, s.box.y) >= std::pair(first->page, first->box.y)) break;
            if (is_unnumbered(s)) found.push_back({&s, {"", folded_space(s.text)}, true});
        }
        return found;
    }

    const BlankPrint& print_;
    const FieldWords& words_;
    bool bold_known_ = false;
};

// A number that no other heading has.
std::string own_number(const FoundHeading& heading, std::string& annex,
                       const std::set<std::string>& taken) {
    std::string number =
        heading.numbered.number.empty() ? heading.numbered.title : heading.numbered.number;
    if (number.size() == 1 && std::isalpha(static_cast<unsigned char>(number[0]))) annex = number;
    else if (taken.contains(number) && !annex.empty())
        number = annex + number;  // an annex counts its points from one again
    return number;
}

}  // namespace

std::vector<Heading> find_headings(const BlankPrint& print, const FieldWords& words,
                                   std::vector<std::string>& doubts) {
    std::vector<Heading> headings;
    std::string annex;
    std::set<std::string> taken;
    for (const FoundHeading& f : HeadingFinder(print, words).find()) {
        const std::string number = own_number(f, annex, taken);
        if (!taken.insert(number).second) {
            if (!f.numbered.number.empty())
                doubts.push_back(
                    doubt_on(f.segment->page, fmt::format("the number {} stands twice; the second "
                                                          "('{}') was left out",
                                                          number, f.numbered.title)));
            continue;
        }
        headings.push_back({f.segment->page, f.segment->box.y, f.segment->box.x, number,
                            f.numbered.number.empty() ? "" : f.numbered.title});
    }
    return headings;
}

}  // namespace avtalskoll::pipeline
