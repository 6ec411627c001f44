#include "ocr/reading/line_decoder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "ocr/reading/letters.h"

namespace avtalskoll::ocr {
namespace {

constexpr std::size_t kBeam = 8;
constexpr float kImpossible = -std::numeric_limits<float>::infinity();
constexpr char32_t kReplacement = U'\uFFFD';

double log_sum(double a, double b) {
    if (a < b) std::swap(a, b);
    return b == kImpossible ? a : a + std::log1p(std::exp(b - a));
}

// How probable it is that the columns so far say a text: with its last letter still going on, or
// after a column without one.
struct Ways {
    double in_letter = kImpossible, after = kImpossible;
    double all() const { return log_sum(in_letter, after); }
};

using Beam = std::map<std::u32string, Ways>;

struct Answer {
    int answer = 0;
    double log = 0;
};

// The answers of a column that are worth following.
std::vector<Answer> likely_answers(const float* column, int answers) {
    constexpr float kLeast = -9.2F;  // one in ten thousand
    std::vector<Answer> likely;
    for (int a = kUnknownLetter; a < answers; ++a)
        if (column[a] > kLeast) likely.push_back({a, column[a]});
    return likely;
}

class Search {
public:
    Search(const std::u32string& alphabet, FieldKind kind) : alphabet_(alphabet), kind_(kind) {
        beam_[U""].after = 0;
    }

    void hear(const float* column, int answers) {
        const std::vector<Answer> likely = likely_answers(column, answers);
        Beam next;
        for (const auto& [text, ways] : beam_) {
            Ways& same = next[text];
            same.after = log_sum(same.after, ways.all() + static_cast<double>(column[kNoLetter]));
            for (const Answer& answer : likely) extend(next, text, ways, answer);
        }
        keep_best(next);
    }

    std::vector<std::pair<std::u32string, double>> texts() const {
        std::vector<std::pair<std::u32string, double>> found;
        for (const auto& [text, ways] : beam_) found.emplace_back(text, ways.all());
        std::sort(found.begin(), found.end(),
                  [](const auto& a, const auto& b) { return a.second > b.second; });
        return found;
    }

private:
    char32_t letter_of(int answer) const {
        return answer == kUnknownLetter
                   ? kReplacement
                   : alphabet_[static_cast<std::size_t>(answer - kFirstLetter)];
    }

    void extend(Beam& next, const std::u32string& text, const Ways& ways,
                const Answer& answer) const {
        const char32_t letter = letter_of(answer.answer), last = text.empty() ? 0 : text.back();
        if (letter == last) {
            Ways& same = next[text];
            same.in_letter = log_sum(same.in_letter, ways.in_letter + answer.log);
        }
        if (!may_follow(kind_, last, letter)) return;
        // The same letter again needs a column without one between.
        const double before = letter == last ? ways.after : ways.all();
        if (before == kImpossible) return;
        Ways& longer = next[text + letter];
        longer.in_letter = log_sum(longer.in_letter, before + answer.log);
    }

    void keep_best(Beam& next) {
        std::vector<Beam::iterator> order;
        for (auto at = next.begin(); at != next.end(); ++at) order.push_back(at);
        const std::size_t kept = std::min(kBeam, order.size());
        std::partial_sort(
            order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
            [](const auto& a, const auto& b) { return a->second.all() > b->second.all(); });
        beam_.clear();
        for (std::size_t i = 0; i < kept; ++i) beam_.insert(next.extract(order[i]));
    }

    const std::u32string& alphabet_;
    FieldKind kind_;
    Beam beam_;
};

void drop_last_space(std::u32string& text) {
    while (!text.empty() && text.back() == U' ') text.pop_back();
}

}  // namespace

DecodedLine decode_line(const cv::Mat& log_answers, const std::u32string& alphabet,
                        FieldKind kind) {
    CV_Assert(log_answers.type() == CV_32F &&
              log_answers.cols == kFirstLetter + static_cast<int>(alphabet.size()));
    Search search(alphabet, kind);
    for (int x = 0; x < log_answers.rows; ++x)
        search.hear(log_answers.ptr<float>(x), log_answers.cols);
    // Texts that differ in a last space are one.
    std::vector<std::pair<std::u32string, double>> found;
    for (auto& candidate : search.texts()) {
        drop_last_space(candidate.first);
        const auto at = std::find_if(found.begin(), found.end(),
                                     [&](const auto& f) { return f.first == candidate.first; });
        if (at == found.end()) found.emplace_back(candidate.first, std::exp(candidate.second));
        else at->second += std::exp(candidate.second);
    }
    DecodedLine line;
    line.text = found.front().first;
    line.probability = std::min(1.0, found.front().second);
    for (std::size_t i = 1; i < found.size(); ++i) line.others.push_back(found[i].first);
    return line;
}

}  // namespace avtalskoll::ocr
