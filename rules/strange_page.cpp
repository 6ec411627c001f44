#include "rules/strange_page.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

#include "models/print_segments.h"
#include "models/text.h"

namespace avtalskoll::rules {
namespace {

std::string plain(std::string_view text) { return bare_words(text); }

// The words that are long enough to say what a page is about.
std::vector<std::string> telling_words(const std::vector<PrintedWord>& words) {
    constexpr std::size_t kLong = 5;
    std::vector<std::string> telling;
    for (const PrintedWord& word : words) {
        std::istringstream parts(plain(word.text));
        for (std::string part; parts >> part;)
            if (part.size() >= kLong) telling.push_back(part);
    }
    return telling;
}

// The share of a page's words that the form prints too.
double share_printed_by(const Form& form, const std::vector<std::string>& words) {
    std::set<std::string> printed;
    for (const auto& page : form.print)
        for (std::string& word : telling_words(page)) printed.insert(std::move(word));
    const auto known = std::count_if(words.begin(), words.end(), [&](const std::string& word) {
        return printed.contains(word);
    });
    return words.empty() ? 0 : static_cast<double>(known) / static_cast<double>(words.size());
}

// How many of the listed words or phrases begin a word of the text.
int listed_in(const std::string& text, const std::vector<std::string>& list) {
    return static_cast<int>(std::count_if(list.begin(), list.end(), [&](const std::string& entry) {
        return text.find(" " + entry) != std::string::npos;
    }));
}

std::string text_of(const std::vector<PrintedWord>& words) {
    std::string all;
    for (const PrintedWord& word : words) all += " " + plain(word.text);
    return all;
}

constexpr double kAlike = 0.8;  // of letters: readings of print are seldom worse

// "14 Underskrift", "§ 14. Underskrift", "Underskrift": the heading of a point, whatever its
// numbering looks like.
bool is_heading_of(const Segment& segment, const FormPoint& point) {
    const std::string text = plain(segment.text), title = plain(point.title),
                      number = plain(point.number);
    return similarity(text, number + " " + title) >= kAlike || similarity(text, title) >= kAlike;
}

// A heading of whatever point: a number, then a capital.
bool looks_like_heading(const Segment& segment) {
    const std::string& t = segment.text;
    const std::size_t end = t.find_first_not_of("0123456789.§ ");
    return end != std::string::npos && end > 0 &&
           std::isdigit(static_cast<unsigned char>(t[0])) != 0 &&
           std::isupper(static_cast<unsigned char>(t[end])) != 0;
}

bool is_label(const Segment& segment, const FormPoint& point) {
    const std::string text = plain(segment.text);
    return std::any_of(point.fields.begin(), point.fields.end(),
                       [&](const Field& f) { return similarity(text, plain(f.label)) >= kAlike; });
}

BoxShare on_scan(const BoxPt& box, const WholePage& page) {
    const double x = box.x / page.size.w, y = box.y / page.size.h, w = box.w / page.size.w,
                 h = box.h / page.size.h;
    BoxShare share{x, y, w, h};
    if (page.rotation == 90) share = {y, 1 - x - w, h, w};
    if (page.rotation == 180) share = {1 - x - w, 1 - y - h, w, h};
    if (page.rotation == 270) share = {1 - y - h, x, h, w};
    const auto within = [](double v) { return std::clamp(v, 0.0, 1.0); };
    share.x = within(share.x), share.y = within(share.y);
    return {share.x, share.y, std::min(within(share.w), 1 - share.x),
            std::min(within(share.h), 1 - share.y)};
}

// The part of a segment that follows the label it begins with: "Roll: handläggare". Empty when it
// does not.
std::string after_label(const Segment& segment, const Field& field) {
    const std::size_t colon = segment.text.find(':');
    if (colon == std::string::npos ||
        similarity(plain(segment.text.substr(0, colon)), plain(field.label)) < kAlike)
        return {};
    return folded_space(segment.text.substr(colon + 1));
}

bool is_level(const Segment& a, const Segment& label) {
    return std::abs(middle(a.box) - middle(label.box)) < 0.6 * label.box.h;
}

bool is_right_under(const Segment& s, const Segment& label) {
    constexpr double kUnder_pt = 30;
    return s.box.y >= label.box.bottom() - 1 && s.box.y < label.box.bottom() + kUnder_pt &&
           overlaps_across(s.box, label.box);
}

// The text to a label's right, else right under it.
const Segment* written_at(const std::vector<Segment>& segments, const Segment& label, double bottom,
                          const FormPoint& point) {
    const Segment *right = nullptr, *under = nullptr;
    for (const Segment& s : segments) {
        if (&s == &label || s.box.y > bottom || is_label(s, point)) continue;
        if (is_level(s, label) && s.box.x > label.box.right() && (!right || s.box.x < right->box.x))
            right = &s;
        if (is_right_under(s, label) && (!under || s.box.y < under->box.y)) under = &s;
    }
    if (!right) return under;
    // Labels side by side, with their values under them: what is to the right under no other label
    // is this one's.
    const auto stands_between = [&](const Segment& s) {
        return is_label(s, point) && &s != &label && is_level(s, label) && s.box.x > label.box.x &&
               s.box.x < right->box.x;
    };
    return std::any_of(segments.begin(), segments.end(), stands_between) ? under : right;
}

}  // namespace

StrangePage tell_strange_page(const PageReading& page, const FormSet& forms,
                              const PageWords& words) {
    constexpr std::size_t kFewest = 12;  // telling words from which a page says anything
    constexpr double kFormsOwn = 0.6;  // other agreements share at most 0.56 of their words with a
                                       // form, a filled-in page loses a few of its own
    constexpr int kLetter = 2, kAgreement = 4;
    if (!page.whole) return {};
    const std::vector<std::string> telling = telling_words(page.whole->words);
    if (telling.size() < kFewest) return {StrangeKind::Illegible, -1};
    StrangePage best{StrangeKind::Other, -1};
    double most = kFormsOwn;
    for (std::size_t f = 0; f < forms.forms.size(); ++f)
        if (const double share = share_printed_by(forms.forms[f], telling); share >= most) {
            most = share;
            best = {StrangeKind::FormAlike, static_cast<int>(f)};
        }
    if (best.kind == StrangeKind::FormAlike) return best;
    const std::string text = text_of(page.whole->words);
    const int letter = listed_in(text, words.letter), agreement = listed_in(text, words.agreement);
    if (agreement >= kAgreement && agreement > letter) best.kind = StrangeKind::OtherAgreement;
    else if (letter >= kLetter) best.kind = StrangeKind::Letter;
    return best;
}

bool needs_whole_reading(const PageReading& page, const FormSet& forms, const PageWords& words) {
    // Well below what makes a page a form's: a quick look misreads more words.
    constexpr double kMaybe = 0.4;
    const StrangeKind kind = tell_strange_page(page, forms, words).kind;
    if (kind == StrangeKind::Unread || kind == StrangeKind::Illegible) return true;
    const std::vector<std::string> telling = telling_words(page.whole->words);
    return std::any_of(forms.forms.begin(), forms.forms.end(),
                       [&](const Form& form) { return share_printed_by(form, telling) >= kMaybe; });
}

bool is_surely_another(const StrangePage& told, const PageReading& page) {
    switch (told.kind) {
        case StrangeKind::Unread: return page.kind == PageKind::Foreign;
        case StrangeKind::FormAlike:
        case StrangeKind::Illegible: return false;
        default: return true;
    }
}

std::optional<FoundByLabel> find_by_label(const PageReading& page, const FormPoint& point,
                                          const Field& field) {
    if (!page.whole) return std::nullopt;
    const std::vector<Segment> segments = segments_of(page.whole->words, page.origin.page);
    const auto heading = std::find_if(segments.begin(), segments.end(), [&](const Segment& s) {
        return is_heading_of(s, point) && !is_label(s, point);
    });
    const auto titled = heading != segments.end()
                            ? heading
                            : std::find_if(segments.begin(), segments.end(), [&](const Segment& s) {
                                  return is_heading_of(s, point);
                              });
    if (titled == segments.end()) return std::nullopt;
    double bottom = page.whole->size.h;
    for (const Segment& s : segments)
        if (s.box.y > titled->box.bottom() && looks_like_heading(s))
            bottom = std::min(bottom, s.box.y - 1);
    for (const Segment& s : segments) {
        if (s.box.y < titled->box.bottom() - 1 || s.box.y > bottom) continue;
        if (const std::string value = after_label(s, field);
            !value.empty() && has_value(field.kind))
            return FoundByLabel{value, on_scan(s.box, *page.whole)};
        if (similarity(plain(s.text), plain(field.label)) < kAlike) continue;
        if (!has_value(field.kind)) return FoundByLabel{{}, on_scan(s.box, *page.whole)};
        if (const Segment* written = written_at(segments, s, bottom, point))
            return FoundByLabel{folded_space(written->text), on_scan(written->box, *page.whole)};
    }
    return std::nullopt;
}

}  // namespace avtalskoll::rules
