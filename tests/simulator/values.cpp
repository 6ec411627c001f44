#include "tests/simulator/values.h"

#include <fmt/format.h>
#include <unicode/translit.h>

#include <fstream>
#include <memory>
#include <sstream>

#include "rules/kinds/check_digit.h"

namespace avtalskoll::simulator {
namespace {

const std::vector<std::string> kFirst{
    "Agnes",     "Åke",    "Åsa",      "Björn", "Cecilia",   "Dag",     "Ebba",   "Elin",
    "Emma-Lisa", "Fatima", "Folke",    "Gösta", "Gun-Britt", "Hanna",   "Håkan",  "Ida",
    "Ingegerd",  "Iréne",  "Jan-Erik", "Jonas", "Jürgen",    "Kerstin", "Linnéa", "Magnus",
    "Märta",     "Mikael", "Noor",     "Olle",  "Örjan",     "Östen",   "Pär",    "Rebecka",
    "René",      "Siv",    "Sölve",    "Tekla", "Tor",       "Ulf",     "Ulrika", "Valter",
    "Vilma",     "Yngve",  "Zainab",   "Lill",  "Ali",       "Kim"};
const std::vector<std::string> kLast{
    "Abrahamsson", "Åberg",    "Ålund",       "Bäckström",       "Bergqvist",
    "Blomkvist",   "Dahl",     "Ek",          "Ekström-Nilsson", "Falk",
    "Forsgren",    "Gårdh",    "Grönlund",    "Hallberg",        "Hedlund",
    "Höglund",     "Isaksson", "Jönsson",     "Kjellberg",       "Kvist",
    "Lidström",    "Lilja",    "Löfgren",     "Månsson",         "Müller",
    "Nordin",      "Nyqvist",  "Öhman",       "Östlund",         "Palmér",
    "Qvarnström",  "Rosén",    "Sjöö",        "Ståhlberg",       "Sundin",
    "Tjäder",      "Ullén",    "Vikström",    "Wåhlin",          "von Platen",
    "af Ugglas",   "Yıldız",   "Zetterqvist", "Zielińska",       "Lill",
    "Hill",        "Illing"};
const std::vector<std::string> kRoles{
    "Kartchef",     "GIS-samordnare",    "Enhetschef",         "Plan- och byggchef",
    "IT-chef",      "Verksamhetschef",   "Geodatastrateg",     "Mätningsingenjör",
    "Bygglovschef", "Informationsägare", "Förvaltningsledare", "Säkerhetschef",
    "Registrator",  "Utvecklingsledare", "Handläggare",        "Tf. stadsbyggnadsdirektör",
    "Jurist"};
const std::vector<std::string> kDataTypes{"namn",
                                          "adress",
                                          "telefonnummer",
                                          "e-postadress",
                                          "personnummer",
                                          "fastighetsbeteckning",
                                          "kontaktuppgifter",
                                          "ägarförhållanden",
                                          "inloggningsuppgifter",
                                          "underskrift på ritning",
                                          "koordinater för bostad",
                                          "foto",
                                          "befattning",
                                          "lagfart",
                                          "diarienummer"};
const std::vector<std::string> kSubjects{
    "fastighetsägare", "tjänstemän",       "sökande",      "grannar",        "sakägare",
    "anställda",       "medborgare",       "arrendatorer", "entreprenörer",  "kontaktpersoner",
    "byggherrar",      "boende i området", "konsulter",    "tomträttshavare"};
const std::vector<std::string> kMonths{"januari",   "februari", "mars",     "april",
                                       "maj",       "juni",     "juli",     "augusti",
                                       "september", "oktober",  "november", "december"};
const std::vector<std::string> kTowns{"Gävle", "Luleå", "Växjö", "Kiruna", "Malmö", "Östersund",
                                      "Falun", "Umeå",  "Mora",  "Skövde", "Åmål"};

std::string ascii_of(const std::string& text) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::Transliterator> fold(icu::Transliterator::createInstance(
        "Any-Latin; Latin-ASCII; Lower; [^a-z0-9-] Remove", UTRANS_FORWARD, status));
    auto s = icu::UnicodeString::fromUTF8(text);
    if (fold) fold->transliterate(s);
    std::string out;
    s.toUTF8String(out);
    return out;
}

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> words;
    for (std::string w; in >> w;) words.push_back(w);
    return words;
}

std::string digits(Random& random, int count) {
    std::string s;
    for (int i = 0; i < count; ++i) s += static_cast<char>('0' + random.whole(i == 0 ? 1 : 0, 9));
    return s;
}

std::string grouped(const std::string& d) {
    switch (d.size()) {
        case 5: return d.substr(0, 3) + " " + d.substr(3);
        case 6: return d.substr(0, 2) + " " + d.substr(2, 2) + " " + d.substr(4);
        case 7: return d.substr(0, 3) + " " + d.substr(3, 2) + " " + d.substr(5);
        default: return d.substr(0, 3) + " " + d.substr(3, 3) + " " + d.substr(6);
    }
}

// Luhn's digit behind a number.
char check_digit_of(const std::string& number) {
    for (char digit = '0'; digit <= '9'; ++digit)
        if (rules::luhn_holds(number + digit)) return digit;
    return '0';
}

// A later year for each rank.
std::string date(Random& random, int rank) {
    const int year = random.whole(2025, 2026) + 2 * rank, month = random.whole(1, 12),
              day = random.whole(1, 28);
    switch (random.whole(0, 3)) {
        case 0: return fmt::format("{}/{} {}", day, month, year);
        case 1:
            return fmt::format("{} {} {}", day, kMonths[static_cast<std::size_t>(month - 1)], year);
        default: return fmt::format("{:04}-{:02}-{:02}", year, month, day);
    }
}

// Nobody's: the serial numbers of 980 to 999 are kept for tests (Skatteverket).
std::string personal_number(Random& random) {
    const std::string ten =
        fmt::format("{:02}{:02}{:02}{}", random.whole(50, 99), random.whole(1, 12),
                    random.whole(1, 28), random.whole(980, 999));
    return "19" + ten.substr(0, 6) + "-" + ten.substr(6) + check_digit_of(ten);
}

std::string street_address(Random& random) {
    static const std::vector<std::string> streets{"Storgatan",     "Kyrkogatan", "Järnvägsgatan",
                                                  "Västra Ågatan", "Box",        "Rådhustorget",
                                                  "Skolvägen",     "Ängsgränd"};
    return fmt::format("{} {}", random.pick(streets), random.whole(1, 240));
}

std::string postal_code(Random& random) {
    const std::string code = digits(random, 5);
    return random.chance(0.7) ? code.substr(0, 3) + " " + code.substr(3) : code;
}

std::string amount(Random& random) {
    const int crowns = random.whole(1, 900);
    switch (random.whole(0, 3)) {
        case 0: return fmt::format("{} {:03} kr", crowns, random.whole(0, 999));
        case 1: return fmt::format("{},{:02}", crowns, random.whole(0, 99));
        case 2: return fmt::format("{} kr", crowns);
        default: return fmt::format("{} {:03}:-", crowns, random.whole(0, 999));
    }
}

// Higher for each rank, within the bounds.
std::string whole_number(Random& random, const ValueBounds& bounds, int rank) {
    const int least = static_cast<int>(bounds.least.value_or(1)),
              most = static_cast<int>(bounds.most.value_or(4'000)), step = (most - least) / 4;
    return std::to_string(random.whole(least + rank * step, least + (rank + 1) * step));
}

std::string account_number(Random& random) {
    const std::string number = digits(random, random.chance(0.5) ? 6 : 7);
    const std::string all = number + check_digit_of(number);
    return all.substr(0, all.size() - 4) + "-" + all.substr(all.size() - 4);
}

std::string web_address(Random& random, const Organisation& organisation) {
    const std::vector<std::string> words = words_of(organisation.name);
    const std::string host = "www." + ascii_of(words.front()) + ".se";
    return random.chance(0.4) ? "https://" + host + "/geodata" : host;
}

}  // namespace

std::vector<Organisation> load_organisations(const std::string& csv_path) {
    std::ifstream in(csv_path);
    std::vector<Organisation> list;
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
        if (line.find('"') != std::string::npos)
            continue;  // names with commas are too long for a form's field
        const auto first = line.find(','), last = line.rfind(',');
        if (first != last && last - first < 46)
            list.push_back({line.substr(0, first), line.substr(first + 1, last - first - 1)});
    }
    return list;
}

std::string person_name(Random& random) { return random.pick(kFirst) + " " + random.pick(kLast); }
std::string role(Random& random) { return random.pick(kRoles); }

std::string phone(Random& random) {
    struct Area {
        const char* code;
        int digits;
    };
    // Number series that are in use: Post- och telestyrelsen's numbering plan.
    static const std::vector<Area> areas{{"8", 8},  {"8", 7},   {"31", 7},  {"40", 6},
                                         {"26", 6}, {"90", 6},  {"70", 7},  {"73", 7},
                                         {"76", 7}, {"920", 6}, {"971", 5}, {"771", 6}};
    const Area area = random.pick(areas);
    const std::string number = digits(random, area.digits);
    const std::string plain = "0" + std::string(area.code), abroad = "+46 ";
    switch (random.whole(0, 6)) {
        case 0: return plain + "-" + grouped(number);
        case 1: return plain + "-" + number;
        case 2: return plain + " " + grouped(number);
        case 3: return plain + "/" + grouped(number);
        case 4: return abroad + area.code + " " + grouped(number);
        case 5: return abroad + "(0)" + area.code + "-" + grouped(number);
        default: return "+46" + std::string(area.code) + number;
    }
}

std::string email(Random& random, const std::string& name, const Organisation& organisation) {
    std::string domain;
    for (const std::string& word : words_of(organisation.name)) {
        const std::string w = ascii_of(word);
        if (w != "kommun" && w != "stad" && domain.size() + w.size() < 22) domain += w;
    }
    while (domain.ends_with('-')) domain.pop_back();
    if (domain.empty()) domain = "myndigheten";
    const std::vector<std::string> parts = words_of(name);
    const std::string first = ascii_of(parts.front()), last = ascii_of(parts.back());
    switch (random.whole(0, 5)) {
        case 0: return first + "." + last + "@" + domain + ".se";
        case 1: return first + "_" + last + "@" + domain + ".se";
        case 2: return first.substr(0, 1) + last + "@" + domain + ".se";
        case 3: return fmt::format("{}{}@{}.se", last.substr(0, 3), random.whole(0, 99), domain);
        case 4: return "dataskydd@" + domain + ".se";
        default: return first + "." + last + "@gis." + domain + ".se";
    }
}

std::string free_text(Random& random, const std::string& topic) {
    std::vector<std::string> items =
        topic.find("subject") != std::string::npos || topic.find("categor") != std::string::npos
            ? kSubjects
            : kDataTypes;
    random.shuffle(items);
    items.resize(static_cast<std::size_t>(random.whole(1, 5)));
    const bool list = items.size() < 5 && random.chance(0.4);
    std::string text;
    for (const std::string& item : items)
        text += list ? (text.empty() ? "- " : "\n- ") + item : (text.empty() ? "" : ", ") + item;
    return text;
}

std::string written_number(Random& random, const std::string& number) {
    std::string ten = number.substr(0, 6) + number.substr(7);
    switch (random.whole(0, 5)) {
        case 0: return number.substr(0, 6) + " " + number.substr(7);
        case 1: return ten;
        case 2: return "16" + ten;
        default: return number;
    }
}

std::string with_wrong_check_digit(const std::string& number) {
    std::string wrong = number;
    wrong.back() = static_cast<char>('0' + (wrong.back() - '0' + 3) % 10);
    return wrong;
}

std::string place_and_date(Random& random) {
    return fmt::format("{} 20{:02}-{:02}-{:02}", random.pick(kTowns), random.whole(25, 27),
                       random.whole(1, 12), random.whole(1, 28));
}

std::string written_organisation(Random& random, const std::string& name) {
    const auto kind = name.find(" kommun");
    if (kind == std::string::npos || random.chance(0.6)) return name;
    if (random.chance(0.5)) return name + ", Bygg- och miljö";
    const std::string body = name.substr(0, kind);
    return (body.back() == 's' ? body : body + "s") + " kommun";
}

std::string wrong_value_of(FieldKind kind) {
    switch (kind) {
        case FieldKind::Date: return "2026-02-30";
        case FieldKind::PersonalNumber: return "19800101-1235";
        case FieldKind::AccountNumber: return "5050-1056";
        default: return {};
    }
}

std::string value_for(Random& random, const Field& field, const Sender& sender) {
    const Organisation& organisation = sender.organisation;
    switch (field.kind) {
        case FieldKind::Text: return organisation.name;
        case FieldKind::OrganisationNumber: return written_number(random, organisation.number);
        case FieldKind::NameInPrint:
        case FieldKind::Person: return sender.person;
        case FieldKind::Role: return role(random);
        case FieldKind::Phone: return phone(random);
        case FieldKind::Email: return email(random, sender.person, organisation);
        case FieldKind::FreeText: return free_text(random, field.id);
        case FieldKind::Date: return date(random, sender.rank);
        case FieldKind::PlaceAndDate: return place_and_date(random);
        case FieldKind::PersonalNumber: return personal_number(random);
        case FieldKind::Address: return street_address(random);
        case FieldKind::PostalCode: return postal_code(random);
        case FieldKind::City: return random.pick(kTowns);
        case FieldKind::Amount: return amount(random);
        case FieldKind::Number: return whole_number(random, field.bounds, sender.rank);
        case FieldKind::AccountNumber: return account_number(random);
        case FieldKind::Url: return web_address(random, organisation);
        case FieldKind::Checkbox:
        case FieldKind::Choice:
        case FieldKind::Signature: return {};
    }
    return {};
}

}  // namespace avtalskoll::simulator
