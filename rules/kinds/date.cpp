#include "rules/kinds/date.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <regex>
#include <vector>

#include "models/text.h"

namespace avtalskoll::rules {
namespace {

constexpr int kFirstYear = 1900, kLastYear = 2100;

struct Token {
    std::string text;  // digits, or letters without marks
    bool is_number = false;
    int number() const { return std::stoi(text); }
};

// Numbers and words; nullopt when there is anything else but the signs that part them, or a number
// too long for a date.
std::optional<std::vector<Token>> tokens_of(const std::string& text) {
    static const std::regex kToken("[0-9]+|[a-z]+|[^0-9a-z]+");
    constexpr std::size_t kLongestDate = 60;
    std::string plain = without_marks(plain_signs(text));
    for (char& c : plain) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (plain.size() > kLongestDate) return std::nullopt;
    std::vector<Token> tokens;
    for (std::sregex_iterator at(plain.begin(), plain.end(), kToken), end; at != end; ++at) {
        const std::string token = at->str();
        const bool digits = token.front() >= '0' && token.front() <= '9';
        const bool letters = token.front() >= 'a' && token.front() <= 'z';
        if (digits && token.size() > 8) return std::nullopt;
        if (digits || letters) tokens.push_back({token, digits});
        else if (token.find_first_not_of(" .,/-:") != std::string::npos) return std::nullopt;
    }
    return tokens;
}

// 1 to 12; 0 when the word is no month's name nor three letters of one at least.
int month_of(const std::string& word, const RuleWords& words) {
    constexpr std::size_t kShortest = 3;
    if (word.size() < kShortest) return 0;
    for (std::size_t m = 0; m < words.months.size(); ++m)
        for (const std::string& name : words.months[m])
            if (name.starts_with(word)) return static_cast<int>(m + 1);
    return 0;
}

ValueCheck of_day(const std::string& text, int year, int month, int day) {
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok() || year < kFirstYear || year > kLastYear)
        return wrong_value(text, "no_such_date");
    return right_value(text, fmt::format("{:04}-{:02}-{:02}", year, month, day));
}

// A date of three numbers with a year of four digits, which stands first or last.
ValueCheck of_three(const std::string& text, const std::vector<Token>& t) {
    constexpr int kMonths = 12;
    if (t[0].text.size() == 4) return of_day(text, t[0].number(), t[1].number(), t[2].number());
    const int first = t[0].number(), second = t[1].number(), year = t[2].number();
    // The month stands first in the United States only.
    if (second > kMonths && first <= kMonths) return doubtful_value(text, "unusual_form");
    return of_day(text, year, second, first);
}

ValueCheck of_numbers(const std::string& text, const std::vector<Token>& t) {
    if (t.size() == 1 && t[0].text.size() == 8) {
        const int all = t[0].number();
        return of_day(text, all / 10'000, all / 100 % 100, all % 100);
    }
    if (t.size() == 1 && t[0].text.size() == 6) return doubtful_value(text, "short_year");
    if (t.size() != 3) return wrong_value(text, "format");
    const auto is_year = [](const Token& token) { return token.text.size() == 4; };
    const auto is_short = [](const Token& token) { return token.text.size() <= 2; };
    if ((is_year(t[0]) || is_year(t[2])) && is_short(t[1]) && (is_short(t[0]) || is_short(t[2])))
        return of_three(text, t);
    return std::all_of(t.begin(), t.end(), is_short) ? doubtful_value(text, "short_year")
                                                     : wrong_value(text, "format");
}

// "den 12 mars 2026", "March 12, 2026": the month is a word, the longer number the year.
ValueCheck of_words(const std::string& text, const std::vector<Token>& tokens,
                    const RuleWords& words) {
    int month = 0;
    std::vector<Token> numbers;
    for (const Token& token : tokens) {
        if (token.is_number) {
            numbers.push_back(token);
            continue;
        }
        const int found = month_of(token.text, words);
        const bool says_nothing = std::find(words.around_dates.begin(), words.around_dates.end(),
                                            token.text) != words.around_dates.end();
        if ((found && month) || (!found && !says_nothing)) return wrong_value(text, "format");
        if (found) month = found;
    }
    if (!month) return of_numbers(text, numbers);
    if (numbers.size() != 2 || numbers[0].text.size() > 4 || numbers[1].text.size() > 4)
        return wrong_value(text, "format");
    if (numbers[1].text.size() <= 2) return doubtful_value(text, "short_year");
    return of_day(text, numbers[1].number(), month, numbers[0].number());
}

}  // namespace

ValueCheck check_date(const std::string& text, const RuleWords& words) {
    const auto tokens = tokens_of(text);
    if (!tokens || tokens->empty()) return wrong_value(text, "format");
    return of_words(text, *tokens, words);
}

ValueCheck check_place_and_date(const std::string& text, const RuleWords& words) {
    const std::string plain = plain_signs(text);
    const auto digit =
        std::find_if(plain.begin(), plain.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digit == plain.end()) return doubtful_value(text, "date_lacking");
    // The date is the longest end, or beginning, of the line that is one.
    std::vector<std::size_t> breaks{0};
    for (std::size_t i = 0; i < plain.size(); ++i)
        if (plain[i] == ' ' || plain[i] == ',') breaks.push_back(i + 1);
    for (const bool at_end : {true, false})
        for (std::size_t b = 0; b < breaks.size(); ++b) {
            const std::size_t cut = at_end ? breaks[b] : breaks[breaks.size() - 1 - b];
            const std::string date = at_end ? plain.substr(cut) : plain.substr(0, cut),
                              place = at_end ? plain.substr(0, cut) : plain.substr(cut);
            const ValueCheck found = check_date(date, words);
            if (!found.valid) continue;
            if (count_letters(place).letters < 2) return doubtful_value(text, "place_lacking");
            return right_value(text, found.normalized);
        }
    return doubtful_value(text, "date_lacking");
}

}  // namespace avtalskoll::rules
