#include "data/models/training/line_texts.h"

#include <fmt/format.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <stdexcept>

#include "models/text.h"
#include "tests/simulator/values.h"

namespace avtalskoll::simulator {
namespace {

using Text = std::u32string;

std::vector<Text> lines_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::vector<Text> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(code_points_of(line));
    if (lines.empty())
        throw std::runtime_error(fmt::format("{}: no lines can be read", file.string()));
    return lines;
}

Text mapped(Text text, UChar32 (*map)(UChar32)) {
    for (char32_t& c : text) c = static_cast<char32_t>(map(static_cast<UChar32>(c)));
    return text;
}
Text upper(Text text) { return mapped(std::move(text), u_toupper); }
Text lower(Text text) { return mapped(std::move(text), u_tolower); }
Text title(Text text) {
    if (!text.empty()) text[0] = static_cast<char32_t>(u_toupper(static_cast<UChar32>(text[0])));
    return text;
}

Text digits(Random& random, int count) {
    Text out;
    for (int i = 0; i < count; ++i) out += U'0' + static_cast<char32_t>(random.whole(0, 9));
    return out;
}

// One of a list that is written with bars between its entries.
Text one_of(Random& random, const char* list) {
    std::vector<std::string> entries{""};
    for (const char* c = list; *c; ++c) {
        if (*c == '|') entries.emplace_back();
        else entries.back() += *c;
    }
    return code_points_of(random.pick(entries));
}

// Syllables that no word list has.
Text syllables(Random& random, int count) {
    Text out;
    for (int i = 0; i < count; ++i) {
        out += one_of(random,
                      "b|br|d|f|fr|g|gr|h|hj|j|k|kr|kl|l|m|n|p|pr|r|s|sk|st|t|tr|v|w|z||||"
                      "c|ch|q|x|ll|mm|nn|sj|tj|bl|gl|sv|y");
        out += one_of(random, "a|e|i|o|u|y|å|ä|ö|a|e|i|o|ai|ei|ie|é|ü|ø|æ");
        if (random.chance(0.5)) out += one_of(random, "n|r|l|s|t|k|m|d|rd|ll|nd|ng|st|ck|x|rg|lm");
    }
    return out;
}

// With marks on some letters, as names of our neighbours have.
Text marked(Random& random, Text text, double share) {
    static const std::map<char32_t, Text> marks{
        {U'a', U"àáâãäåæāăą"}, {U'c', U"çćč"},       {U'd', U"ďđð"}, {U'e', U"èéêëēėęě"},
        {U'g', U"ğģ"},         {U'i', U"ìíîïīįı"},   {U'k', U"ķ"},   {U'l', U"ĺļľł"},
        {U'n', U"ñńņň"},       {U'o', U"òóôõöøōőœ"}, {U'r', U"ŕř"},  {U's', U"śşšșß"},
        {U't', U"ţťțþ"},       {U'u', U"ùúûüūůűų"},  {U'y', U"ýÿ"},  {U'z', U"źżž"},
        {U'A', U"ÀÁÂÃÄÅÆĀĂĄ"}, {U'C', U"ÇĆČ"},       {U'D', U"ĎĐÐ"}, {U'E', U"ÈÉÊËĒĖĘĚ"},
        {U'G', U"ĞĢ"},         {U'I', U"ÌÍÎÏĪĮİ"},   {U'K', U"Ķ"},   {U'L', U"ĹĻĽŁ"},
        {U'N', U"ÑŃŅŇ"},       {U'O', U"ÒÓÔÕÖØŌŐŒ"}, {U'R', U"ŔŘ"},  {U'S', U"ŚŞŠȘ"},
        {U'T', U"ŢŤȚÞ"},       {U'U', U"ÙÚÛÜŪŮŰŲ"},  {U'Y', U"Ý"},   {U'Z', U"ŹŻŽ"}};
    for (char32_t& c : text) {
        const auto found = marks.find(c);
        if (found == marks.end() || !random.chance(share)) continue;
        c = found->second[static_cast<std::size_t>(
            random.whole(0, static_cast<int>(found->second.size()) - 1))];
    }
    return text;
}

// Small letters and digits, as an address has them.
Text plain(const Text& text) {
    static const std::map<char32_t, char32_t> bare{{U'å', U'a'}, {U'ä', U'a'}, {U'ö', U'o'},
                                                   {U'é', U'e'}, {U'ü', U'u'}, {U'ø', U'o'}};
    Text out;
    for (char32_t c : lower(text)) {
        if (const auto found = bare.find(c); found != bare.end()) c = found->second;
        if ((c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9')) out += c;
    }
    return out.empty() ? U"info" : out;
}

Text in_groups(Random& random, const Text& number) {
    Text out;
    const char32_t between = random.chance(0.85) ? U' ' : U'-';
    std::size_t at = 0;
    while (at < number.size()) {
        auto take = static_cast<std::size_t>(random.whole(2, 3));
        if (number.size() - at <= 4 && number.size() - at != 3) take = 2;
        out += (at ? Text(1, between) : Text()) + number.substr(at, take);
        at += take;
    }
    return out;
}

Text phone_line(Random& random) {
    if (random.chance(0.15)) return code_points_of(phone(random));
    const Text area = digits(random, random.whole(1, 3));
    Text number = digits(random, random.whole(5, 8));
    if (random.chance(0.7)) number = in_groups(random, number);
    const Text country = random.chance(0.7) ? U"46" : digits(random, random.whole(1, 3));
    switch (random.whole(0, 7)) {
        case 0: return U"0" + area + U"-" + number;
        case 1: return U"0" + area + U" - " + number;
        case 2: return U"0" + area + U"/" + number;
        case 3: return U"+" + country + U" " + area + U" " + number;
        case 4: return U"+" + country + U" (0)" + area + U"-" + number;
        case 5: return U"00" + country + area + number;
        case 6: return U"(0" + area + U") " + number;
        default: return U"0" + area + number;
    }
}

Text number_line(Random& random) {
    const Text six = digits(random, 6), four = digits(random, 4);
    switch (random.whole(0, 9)) {
        case 0: return six + U" " + four;
        case 1: return six + four;
        case 2: return U"16" + six + four;
        case 3: return U"16" + six + U"-" + four;
        case 4: return U"SE" + six + four + U"01";
        case 5: return digits(random, 4) + U"-" + six + U"-" + four;
        default: return six + U"-" + four;
    }
}

// Money, plain numbers, accounts, personal numbers: digits in every grouping.
Text amount_line(Random& random) {
    Text all = digits(random, random.whole(1, 3));
    switch (random.whole(0, 8)) {
        case 0: return all + U" " + digits(random, 3) + one_of(random, " kr| kr.|:-|,-| SEK|");
        case 1: return all + U"," + digits(random, 2) + one_of(random, " kr| \u20AC||");
        case 2: return all + U" " + digits(random, 3) + U"," + digits(random, 2);
        case 3: return all + one_of(random, " kr|:-| %| st|");
        case 4: return one_of(random, "SEK |EUR |\u20AC |-|") + all + U"." + digits(random, 3);
        case 5: return digits(random, random.whole(3, 4)) + U"-" + digits(random, 4);
        case 6:
            return digits(random, 2) + U" " + digits(random, 2) + U" " + digits(random, 2) + U"-" +
                   digits(random, 1);
        case 7:
            return one_of(random, "SE|DE|NO|FI") + digits(random, 2) + U" " + digits(random, 4) +
                   U" " + digits(random, 4) + U" " + digits(random, 4);
        default:
            return one_of(random, "19|20") + digits(random, 6) + one_of(random, "-||-") +
                   digits(random, 4);
    }
}

}  // namespace

LineTexts::LineTexts(const std::filesystem::path& words, const std::filesystem::path& alphabet)
    : words_(lines_of(words)) {
    for (const Text& line : lines_of(alphabet)) alphabet_ += line;
    for (const char32_t c : alphabet_)
        if (c > 0x7F) letters_ += c;
}

Text LineTexts::word(Random& random) const {
    return random.chance(0.8) ? random.pick(words_) : syllables(random, random.whole(1, 3));
}

Text LineTexts::name(Random& random) const {
    Text one = random.chance(0.4) ? lower(random.pick(words_)).substr(0, 8)
                                  : syllables(random, random.whole(1, 2));
    if (random.chance(0.35))
        one += one_of(random, "sson|berg|qvist|gren|lund|ström|dahl|man|ova|ski|ić|sen|ard|ell");
    one = title(marked(random, one, random.chance(0.25) ? 0.3 : 0.02));
    if (random.chance(0.06)) one = one_of(random, "von |de |af |van der |El ") + one;
    return random.chance(0.1) ? one + U"-" + title(syllables(random, 2)) : one;
}

Text LineTexts::person(Random& random) const {
    if (random.chance(0.1)) return code_points_of(person_name(random));
    Text all = name(random) + U" " + name(random);
    if (random.chance(0.12)) all = name(random) + U" " + all;
    if (random.chance(0.06))
        all = Text(1, U'A' + static_cast<char32_t>(random.whole(0, 25))) + U". " + name(random);
    return all;
}

Text LineTexts::email(Random& random) const {
    const Text first = plain(name(random)), last = plain(name(random));
    Text local;
    switch (random.whole(0, 7)) {
        case 0: local = first + U"_" + last; break;
        case 1: local = first + U"-" + last; break;
        case 2: local = first.substr(0, 1) + last; break;
        case 3: local = last.substr(0, 3) + digits(random, random.whole(1, 4)); break;
        case 4: local = plain(word(random)); break;
        case 5:
            local = first.substr(0, 1) + U"." + last +
                    (random.chance(0.3) ? digits(random, random.whole(1, 2)) : U"");
            break;
        default: local = first + U"." + last;
    }
    Text domain = plain(word(random));
    if (random.chance(0.25)) domain += (random.chance(0.6) ? U"-" : U".") + plain(word(random));
    if (random.chance(0.12)) domain = one_of(random, "gis|it|miljo|bygg|mail|edu") + U"." + domain;
    const Text top = random.chance(0.7) ? U"se" : one_of(random, "com|nu|org|eu|net|no|fi|dk|io");
    Text all = local + U"@" + domain + U"." + top;
    if (random.chance(0.08)) all = title(first) + U"." + title(last) + U"@" + domain + U"." + top;
    if (random.chance(0.04)) all = upper(all);
    return all;
}

Text LineTexts::organisation(Random& random) const {
    const Text body = title(lower(word(random)));
    switch (random.whole(0, 9)) {
        case 0: return body + U"s kommun";
        case 1: return body + U" kommun";
        case 2: return U"Region " + body;
        case 3: return U"Länsstyrelsen i " + body + U"s län";
        case 4: return body + U" AB";
        case 5: return body + U" & " + name(random) + one_of(random, " HB| KB| AB|, avd. 2");
        case 6: return body + U"verket, " + title(word(random));
        case 7: return body + U" stad, " + title(word(random)) + one_of(random, "kontoret|avd");
        case 8: return upper(word(random).substr(0, 4)) + U" " + body;
        default: return body + U"s " + lower(word(random)) + one_of(random, "förbund|nämnd|bolag");
    }
}

Text LineTexts::role(Random& random) const {
    Text all = title(lower(word(random))) +
               one_of(random, "chef|ledare|ingenjör|strateg|samordnare|handläggare|ansvarig||");
    if (random.chance(0.2)) all = one_of(random, "Tf. |Bitr. |IT-|GIS-|Vice ") + lower(all);
    if (random.chance(0.2)) all += U" " + lower(word(random));
    return all;
}

Text LineTexts::free_text(Random& random) const {
    Text all;
    const int count = random.whole(1, 4);
    const Text between = one_of(random, ", |, |, |; | och | / | samt | - |\u2022 ");
    if (random.chance(0.1)) all = one_of(random, "- |\u2022 |1. |a) ");
    for (int i = 0; i < count; ++i) {
        Text one = word(random);
        if (random.chance(0.08)) one = U"(" + one + U")";
        if (random.chance(0.08)) one += U" " + digits(random, random.whole(1, 4));
        all += (i ? between : U"") + (random.chance(0.7) ? lower(one) : one);
    }
    if (random.chance(0.15)) all += U".";
    return random.chance(0.3) ? title(all) : all;
}

Text LineTexts::date(Random& random) const {
    const Text year = U"20" + digits(random, 2);
    const Text month = code_points_of(fmt::format("{:02}", random.whole(1, 12))),
               day = code_points_of(fmt::format("{:02}", random.whole(1, 31)));
    switch (random.whole(0, 6)) {
        case 0: return year + month + day;
        case 1: return day + U"/" + month + U" " + year;
        case 5:
            return Text(1, U'1' + static_cast<char32_t>(random.whole(0, 8))) + U"/" +
                   Text(1, U'1' + static_cast<char32_t>(random.whole(0, 8))) + U" " + year;
        case 6: return U"den " + day + one_of(random, " februari | juli | augusti | maj ") + year;
        case 2:
            return day +
                   one_of(random,
                          " januari | mars | april | maj | juni | aug | okt. |"
                          " november ") +
                   year;
        case 3: return title(word(random)) + U" " + year + U"-" + month + U"-" + day;
        default: return year + U"-" + month + U"-" + day;
    }
}

Text LineTexts::web(Random& random) const {
    Text host = plain(word(random));
    if (random.chance(0.2)) host += (random.chance(0.5) ? U"-" : U".") + plain(word(random));
    Text all = random.chance(0.75) ? U"www." + host : host;
    all +=
        U"." + (random.chance(0.7) ? Text(U"se") : one_of(random, "com|nu|org|eu|net|no|fi|dk|io"));
    if (random.chance(0.4)) all = one_of(random, "https://|https://|http://") + all;
    for (int part = random.chance(0.35) ? random.whole(1, 2) : 0; part > 0; --part)
        all += U"/" + plain(word(random));
    if (random.chance(0.04)) all += one_of(random, ".html|.pdf|?id=|#") + digits(random, 2);
    return random.chance(0.04) ? upper(all) : all;
}

Text LineTexts::jumble(Random& random) const {
    Text all;
    const int length = random.whole(5, 22);
    const double strange = random.chance(0.6) ? 0.6 : 0.0,
                 capitals = random.chance(0.4) ? 0.8 : 0.2;
    while (static_cast<int>(all.size()) < length) {
        if (!all.empty() && random.chance(0.12) && all.back() != U' ') all += U' ';
        const Text& from = random.chance(strange) ? letters_ : alphabet_;
        char32_t c =
            from[static_cast<std::size_t>(random.whole(0, static_cast<int>(from.size()) - 1))];
        if (c == U' ') continue;
        if (random.chance(0.3)) c = U'A' + static_cast<char32_t>(random.whole(0, 25));
        if (c < 0x7F && u_isalpha(static_cast<UChar32>(c)) && !random.chance(capitals))
            c = static_cast<char32_t>(u_tolower(static_cast<UChar32>(c)));
        all += c;
    }
    // Letters that the reader does not know: Greek and Cyrillic ones that look like no other.
    constexpr std::u32string_view kUnknown =
        U"ΓΔΘΛΞΠΣΦΨΩαβγδζθλμξπσφψωБГДЖИЛФЦЧШЩЫЭЮЯбджилфцчшщыэюя";
    if (random.chance(0.2))
        for (char32_t& c : all)
            if (c != U' ' && random.chance(0.2))
                c = kUnknown[static_cast<std::size_t>(
                    random.whole(0, static_cast<int>(kUnknown.size()) - 1))];
    return all;
}

Text LineTexts::of_kind(Random& random, LineKind kind) const {
    switch (kind) {
        case LineKind::Email: return email(random);
        case LineKind::Person: return person(random);
        case LineKind::Phone: return phone_line(random);
        case LineKind::Organisation: return organisation(random);
        case LineKind::FreeText: return free_text(random);
        case LineKind::Number: return number_line(random);
        case LineKind::Role: return role(random);
        case LineKind::Jumble: return jumble(random);
        case LineKind::Date: return date(random);
        case LineKind::Web: return web(random);
        case LineKind::Amount: return amount_line(random);
    }
    return {};
}

LineText LineTexts::make(Random& random) const {
    // Percent, in the order of LineKind.
    static const std::vector<int> mix{16, 12, 10, 11, 11, 9, 7, 9, 5, 6, 4};
    int at = random.whole(0, 99);
    std::size_t kind = 0;
    while (at >= mix[kind]) at -= mix[kind++];
    LineText line{static_cast<LineKind>(kind), of_kind(random, static_cast<LineKind>(kind))};
    const bool words =
        line.kind != LineKind::Email && line.kind != LineKind::Web && line.kind != LineKind::Jumble;
    if (words && random.chance(0.07)) line.text = upper(line.text);
    if (words && random.chance(0.08)) line.text = marked(random, line.text, 0.1);
    while (!line.text.empty() && line.text.back() == U' ') line.text.pop_back();
    if (line.text.size() > 60) line.text.resize(60);
    while (!line.text.empty() && line.text.back() == U' ') line.text.pop_back();
    return line;
}

}  // namespace avtalskoll::simulator
