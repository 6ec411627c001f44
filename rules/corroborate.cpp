#include "rules/corroborate.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "models/text.h"
#include "rules/email.h"
#include "rules/field_rule.h"
#include "rules/messages.h"
#include "rules/organisation_number.h"

namespace avtalskoll::rules {
namespace {

// Lower case letters and digits only, without marks.
std::string plain(std::string_view text) {
    std::string out = without_marks(folded_words(text));
    std::erase(out, ' ');
    return out;
}

std::vector<std::string> plain_words(std::string_view text) {
    std::istringstream in(without_marks(folded_words(text)));
    std::vector<std::string> words;
    for (std::string w; in >> w;) words.push_back(w);
    return words;
}

constexpr double kCorroborated = 0.94;

// Every field of the agreements that are there, with its point.
void for_each_field(Report& report, const std::function<void(PointReport&, FieldReport&)>& visit) {
    for (AgreementReport& agreement : report.agreements) {
        if (!agreement.present) continue;
        for (PointReport& point : agreement.points)
            for (FieldReport& field : point.fields) visit(point, field);
    }
}

FieldReport* sibling(PointReport& point, const std::string& id) {
    const auto at = std::find_if(point.fields.begin(), point.fields.end(),
                                 [&](const FieldReport& f) { return f.field == id; });
    return at == point.fields.end() ? nullptr : &*at;
}

FieldReport* sibling(PointReport& point, FieldKind kind) {
    const auto at = std::find_if(point.fields.begin(), point.fields.end(),
                                 [&](const FieldReport& f) { return f.kind == kind; });
    return at == point.fields.end() ? nullptr : &*at;
}

// What was read of a field, the chosen text first.
std::vector<std::string> texts_of(const FieldReport& field) {
    std::vector<std::string> texts;
    if (field.value) texts.push_back(*field.value);
    texts.insert(texts.end(), field.alternatives.begin(), field.alternatives.end());
    return texts;
}

void settle_numbers(Report& report, const Submission& submission, const Register& organisations) {
    std::set<std::string> known;
    known.insert(parse_organisation_number(submission.organisation_number).canonical);
    for_each_field(report, [&](PointReport&, FieldReport& f) {
        if (f.kind == FieldKind::OrganisationNumber && f.verdict == FieldVerdict::Ok)
            known.insert(*f.value);
    });
    for_each_field(report, [&](PointReport& point, FieldReport& f) {
        if (f.kind != FieldKind::OrganisationNumber || f.verdict != FieldVerdict::Unclear ||
            f.reason != "low_confidence")
            return;
        std::set<std::string> likely = known;
        if (const FieldReport* name = sibling(point, f.name_field); name && name->value)
            if (const auto number = organisations.number_of(*name->value)) likely.insert(*number);
        likely.erase("");
        std::set<std::string> agreed;
        for (const std::string& text : texts_of(f))
            if (const auto number = parse_organisation_number(text).canonical;
                likely.contains(number))
                agreed.insert(number);
        if (agreed.size() != 1) return;
        f.value = *agreed.begin();
        f.value_confidence = kCorroborated;
        decide(f, FieldVerdict::Ok, kCorroborated, "");
    });
}

// Of several readings of an organisation's name, the one that its number's owner bears.
void settle_names(Report& report, const Register& organisations) {
    for_each_field(report, [&](PointReport& point, FieldReport& number) {
        if (number.kind != FieldKind::OrganisationNumber || number.verdict != FieldVerdict::Ok)
            return;
        FieldReport* name = sibling(point, number.name_field);
        const auto registered = organisations.name_of(*number.value);
        if (!name || name->verdict != FieldVerdict::Ok || name->alternatives.empty() || !registered)
            return;
        for (const std::string& text : texts_of(*name))
            if (compare_names(text, *registered) == NameMatch::Same) {
                name->value = text;
                name->value_confidence =
                    std::max(kCorroborated, name->value_confidence.value_or(0));
                return;
            }
    });
}

// What people make of a name before the @, without separators.
std::vector<std::string> ways_of_writing(std::string_view person) {
    const std::vector<std::string> words = plain_words(person);
    if (words.size() < 2) return {};
    const std::string& first = words.front();
    const std::string& last = words.back();
    std::string rest;
    for (std::size_t i = 1; i < words.size(); ++i) rest += words[i];
    return {first + rest,
            first.substr(0, 1) + rest,
            first + last,
            first.substr(0, 1) + last,
            rest + first,
            last + first,
            first + last.substr(0, 1),
            rest};
}

// An organisation's name in one word: whole, and without the kind of body.
std::vector<std::string> names_of(std::string_view organisation) {
    std::string name, body;
    for (const std::string& word : plain_words(organisation)) {
        name += word;
        if (word != "kommun" && word != "stad") body += word;
    }
    return {name, body};
}

bool is_ascii(const std::string& text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string local_of(const std::string& address) { return address.substr(0, address.find('@')); }
std::string domain_of(const std::string& address) { return address.substr(address.find('@') + 1); }

std::string longest_label(std::string_view domain) {
    const auto top = domain.rfind('.');
    std::string longest;
    if (top == std::string_view::npos) return longest;
    std::istringstream labels{std::string(domain.substr(0, top))};
    for (std::string label; std::getline(labels, label, '.');)
        if (label.size() > longest.size()) longest = label;
    return longest;
}

// What the engines take for one another, as one letter: thin strokes, rounds, m and its parts. Of
// 60 scans' misread addresses all but one differed from the truth by these only.
std::string skeleton(std::string_view plain_text) {
    static const std::vector<std::pair<std::string, char>> kPairs{
        {"rn", 'm'}, {"in", 'm'}, {"ni", 'm'}, {"iii", 'm'}, {"nn", 'm'}, {"vv", 'w'}, {"cl", 'd'}};
    static const std::map<char, char> kSingles{{'l', 'i'}, {'1', 'i'}, {'j', 'i'}, {'t', 'i'},
                                               {'f', 'i'}, {'0', 'o'}, {'c', 'o'}, {'e', 'o'},
                                               {'5', 's'}, {'8', 'b'}, {'6', 'b'}, {'9', 'g'},
                                               {'q', 'g'}, {'v', 'u'}, {'y', 'u'}};
    std::string out;
    for (std::size_t i = 0; i < plain_text.size(); ++i) {
        const auto pair = std::find_if(kPairs.begin(), kPairs.end(), [&](const auto& p) {
            return plain_text.substr(i, p.first.size()) == p.first;
        });
        if (pair != kPairs.end()) {
            out += pair->second;
            i += pair->first.size() - 1;
        } else {
            const auto single = kSingles.find(plain_text[i]);
            out += single == kSingles.end() ? plain_text[i] : single->second;
        }
    }
    return out;
}

constexpr std::size_t kTellingLetters = 5;  // fewer look like too much

// `part` of an address with other letters, its separators kept; nullopt when it has some and the
// number of letters differs.
std::optional<std::string> with_letters(const std::string& part, const std::string& letters) {
    const auto is_letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    const auto count = static_cast<std::size_t>(std::count_if(part.begin(), part.end(), is_letter));
    if (count == part.size()) return letters;
    if (count != letters.size()) return std::nullopt;
    std::string out = part;
    auto next = letters.begin();
    for (char& c : out)
        if (is_letter(c)) c = *next++;
    return out;
}

bool has_usual_top(const std::string& domain) {
    static const std::set<std::string> kUsual{"se", "nu", "eu", "com", "net", "org"};
    return kUsual.contains(domain.substr(domain.rfind('.') + 1));
}

// What else in a submission tells of an address: the person's name, the organisations' names, other
// addresses' domains.
class AddressWitness {
public:
    // `person_sure`: whether the name itself was read beyond doubt.
    AddressWitness(std::string person, bool person_sure, std::vector<std::string> organisations,
                   std::set<std::string> domains)
        : person_(std::move(person)),
          person_sure_(person_sure),
          organisations_(std::move(organisations)),
          domains_(std::move(domains)) {}

    // A name tells nothing of the marks on an address's letters: a part that has some is not
    // witnessed.
    bool local_fits(const std::string& local) const {
        return is_ascii(local) && local_part_fits(local, person_);
    }
    // A name does not tell what stands after the last dot either. Two addresses of one domain in
    // one typeface are misread alike: they vouch for each other only when the domain does not look
    // like an organisation's name that it is not.
    bool domain_is_known(const std::string& domain) const {
        if (!is_ascii(domain)) return false;
        if (has_usual_top(domain) &&
            std::any_of(organisations_.begin(), organisations_.end(),
                        [&](const std::string& o) { return domain_fits(domain, o); }))
            return true;
        return domains_.contains(domain) && mended_domain(domain).value_or(domain) == domain;
    }

    // Whether either part misses what it should be by a letter or two.
    bool near_miss(const std::string& address) const {
        const std::string local_part = local_of(address), domain = domain_of(address);
        const auto near = [](std::size_t length, int distance) {
            return distance > 0 && distance <= std::max(1, static_cast<int>(length) / 6);
        };
        const std::string local = plain(local_part), label = plain(longest_label(domain));
        if (!local_fits(local_part) && local.size() > 4)
            for (const std::string& way : ways_of_writing(person_))
                if (near(way.size(), edit_distance(local, way)) || skeleton(way) == skeleton(local))
                    return true;
        if (!domain_is_known(domain) && label.size() > 4)
            for (const std::string& organisation : organisations_)
                for (const std::string& whole : names_of(organisation))
                    for (const std::size_t length :
                         {label.size() - 1, label.size(), label.size() + 1})
                        if (near(label.size(), edit_distance(label, whole.substr(0, length))))
                            return true;
        return false;
    }

    // `domain` with its longest label as an organisation's name has it, where the two look alike;
    // nullopt when none does.
    std::optional<std::string> mended_domain(const std::string& domain) const {
        const std::string label = longest_label(domain), letters = plain(label);
        if (letters.size() < kTellingLetters) return std::nullopt;
        std::set<std::string> meant;
        for (const std::string& organisation : organisations_)
            for (const std::string& whole : names_of(organisation))
                for (std::size_t length = letters.size() - 2; length <= letters.size() + 2;
                     ++length)
                    if (length <= whole.size() &&
                        skeleton(letters) == skeleton(whole.substr(0, length)))
                        meant.insert(whole.substr(0, length));
        const auto mended = meant.size() == 1 ? with_letters(label, *meant.begin()) : std::nullopt;
        if (!mended) return std::nullopt;
        std::string out = domain;
        return out.replace(out.find(label), label.size(), *mended);
    }

    // `local` as the person's name has it, where the two look alike; nullopt when the name does not
    // say what is meant or may be misread itself, when all of the readings `read` are one, or one
    // of them is nearer to another way of writing the name.
    std::optional<std::string> mended_local(const std::string& local,
                                            const std::vector<std::string>& read) const {
        const std::string letters = plain(local);
        const bool all_one =
            std::all_of(read.begin(), read.end(), [&](const std::string& r) { return r == local; });
        if (!person_sure_ || all_one || letters.size() < kTellingLetters || !is_ascii(local))
            return std::nullopt;
        const std::vector<std::string> ways = ways_of_writing(person_);
        std::set<std::string> meant;
        for (const std::string& way : ways)
            if (skeleton(way) == skeleton(letters)) meant.insert(way);
        if (meant.size() != 1) return std::nullopt;
        const auto nearer = [&](const std::string& way, const std::string& r) {
            return edit_distance(plain(r), way) < edit_distance(plain(r), *meant.begin());
        };
        for (const std::string& r : read)
            if (std::any_of(ways.begin(), ways.end(),
                            [&](const std::string& way) { return nearer(way, r); }))
                return std::nullopt;
        return with_letters(local, *meant.begin());
    }

private:
    std::string person_;
    bool person_sure_;
    std::vector<std::string> organisations_;
    std::set<std::string> domains_;  // of other addresses that were read surely
};

std::string digits_of(const std::string& text) {
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
                 [](char c) { return c >= '0' && c <= '9'; });
    return digits;
}

// hil1 and hill: a one and an l are told apart by nothing but what stands beside them, and a name
// does not tell.
bool may_be_a_digit(const std::string& part, const std::string& other) {
    return skeleton(plain(part)) == skeleton(plain(other)) && digits_of(part) != digits_of(other);
}
bool ends_in_a_stroke(const std::string& part) {
    return std::string_view("l1Ii").find(part.back()) != std::string_view::npos;
}

bool has_signs_in_a_row(const std::string& part) {
    return std::adjacent_find(part.begin(), part.end(), [](char a, char b) {
               return std::string_view(".-_").find(a) != std::string_view::npos &&
                      std::string_view(".-_").find(b) != std::string_view::npos;
           }) != part.end();
}

// Nobody writes emma-Lisa: an address that begins small is small.
std::string small_if_begun_small(std::string local) {
    if (local.front() >= 'a' && local.front() <= 'z')
        for (char& c : local) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return local;
}

std::ptrdiff_t capitals(const std::string& text) {
    return std::count_if(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// The part that all readings have; else the only one that the evidence knows. Of parts that differ
// in separators only the longer: a separator is sooner lost than found; in capitals only, the one
// with fewer. nullopt when nothing settles it.
std::optional<std::string> settled_part(const std::vector<std::string>& read,
                                        const std::function<bool(const std::string&)>& known) {
    if (std::all_of(read.begin(), read.end(),
                    [&](const std::string& r) { return r == read.front(); }))
        return read.front();
    std::optional<std::string> best;
    for (const std::string& part : read) {
        if (!known(part)) continue;
        if (best && plain(*best) != plain(part)) return std::nullopt;
        if (!best ||
            std::pair(part.size(), capitals(*best)) > std::pair(best->size(), capitals(part)))
            best = part;
    }
    return best;
}

// The first reading that `mend` can mend, mended; empty when there is none.
std::string first_mended(
    const std::vector<std::string>& read,
    const std::function<std::optional<std::string>(const std::string&)>& mend) {
    for (const std::string& part : read)
        if (const auto mended = mend(part)) return *mended;
    return {};
}

// Belief in the part before the @ when the rest is known to be right: the chance of a misreading is
// spread over all characters, and that of the witnessed ones is gone.
double belief_in_local(const FieldReport& field) {
    const double share = static_cast<double>(local_of(*field.value).size()) /
                         static_cast<double>(field.value->size());
    return 1 - (1 - field.value_confidence.value_or(0)) * share;
}

void take_address(FieldReport& field, const std::string& address) {
    field.value = address;
    field.normalized = parse_email(address);
    field.value_confidence = kCorroborated;
    decide(field, FieldVerdict::Ok, kCorroborated, "");
    if (!field.repaired_by.empty())
        field.message = message_for("repaired_by_" + field.repaired_by, field.label);
}

void settle_address(FieldReport& field, const AddressWitness& witness) {
    const bool in_doubt =
        field.verdict == FieldVerdict::Unclear && field.reason == "low_confidence";
    if (field.typed || !field.value || !(field.verdict == FieldVerdict::Ok || in_doubt)) return;
    const std::vector<std::string> texts = texts_of(field);
    // Where a reading has a space in the local part, a sign stands there that others may have lost
    // without a trace.
    const bool sign_lost = std::any_of(
        texts.begin(), texts.end(), [](const std::string& t) { return t.find(' ') < t.find('@'); });
    std::vector<std::string> locals, domains;
    for (const std::string& text : texts) {
        if (!parse_email(text) || has_signs_in_a_row(local_of(text)) ||
            (sign_lost && local_of(text).find_first_of(".-_") == std::string::npos))
            continue;
        locals.push_back(small_if_begun_small(local_of(text)));
        domains.push_back(domain_of(text));
    }
    if (locals.empty()) return;
    if (in_doubt && std::any_of(locals.begin(), locals.end(), [&](const std::string& l) {
            return may_be_a_digit(locals.front(), l);
        }))
        return;
    const auto local_known = [&](const std::string& l) { return witness.local_fits(l); };
    const auto domain_known = [&](const std::string& d) { return witness.domain_is_known(d); };
    const auto local = in_doubt ? settled_part(locals, local_known) : locals.front();
    const auto domain = in_doubt ? settled_part(domains, domain_known) : domains.front();
    // Nearly the name or nearly the organisation, yet not quite: more often a letter misread than a
    // person so named.
    const bool plausible = local && domain && !witness.near_miss(*local + "@" + *domain);
    if (!in_doubt && plausible) return;
    const std::string mended_local =
        local && local_known(*local) ? *local : first_mended(locals, [&](const std::string& l) {
            return witness.mended_local(l, locals);
        });
    const std::string mended_domain =
        domain && domain_known(*domain)
            ? *domain
            : first_mended(domains, [&](const std::string& d) { return witness.mended_domain(d); });
    const bool as_read = local && domain && mended_local == *local && mended_domain == *domain;
    if (!as_read && !mended_local.empty() && domain_known(mended_domain) &&
        !witness.near_miss(mended_local + "@" + mended_domain)) {
        field.repaired_by = domain && *domain == mended_domain ? "name" : "organisation";
        return take_address(field, mended_local + "@" + mended_domain);
    }
    if (!in_doubt) return decide(field, FieldVerdict::Unclear, 0.7, "conflicts_with_name");
    if (!local || !domain) return;
    // Where the readings differ in one part, the other is sound; where they agree and are unsure,
    // both parts need a witness.
    const int witnesses = (local_known(*local) ? 1 : 0) + (domain_known(*domain) ? 1 : 0);
    constexpr double kAgreedOn = 0.9;  // less was never agreed on by all
    const bool local_readable = local_known(*local) || !ends_in_a_stroke(*local);
    const bool sure_but_for_domain = domain_known(*domain) &&
                                     field.value_confidence.value_or(0) >= kAgreedOn &&
                                     belief_in_local(field) >= kCorroborated;
    if (plausible && local_readable &&
        (witnesses == 2 || (locals.size() > 1 ? witnesses == 1 : sure_but_for_domain)))
        return take_address(field, *local + "@" + *domain);
    field.value = *local + "@" + *domain;
    field.normalized = parse_email(*field.value);
}

void settle_addresses(Report& report, const Register& organisations) {
    std::vector<std::string> owners;
    std::set<std::string> domains;
    for_each_field(report, [&](PointReport& point, FieldReport& f) {
        if (f.kind == FieldKind::Email && f.verdict == FieldVerdict::Ok && f.normalized &&
            f.value_confidence.value_or(0) > kCorroborated)
            domains.insert(domain_of(*f.normalized));
        if (f.kind != FieldKind::OrganisationNumber) return;
        if (const FieldReport* name = sibling(point, f.name_field); name && name->value)
            owners.push_back(*name->value);
        if (f.verdict == FieldVerdict::Ok)
            if (const auto registered = organisations.name_of(*f.value))
                owners.push_back(*registered);
    });
    for_each_field(report, [&](PointReport& point, FieldReport& f) {
        if (f.kind != FieldKind::Email) return;
        std::set<std::string> others = domains;
        // An address is no witness of its own domain unless the organisation's name is one too.
        if (f.normalized && !std::any_of(owners.begin(), owners.end(), [&](const std::string& o) {
                return domain_fits(domain_of(*f.normalized), o);
            })) {
            int same = 0;
            for_each_field(report, [&](PointReport&, FieldReport& g) {
                same += g.kind == FieldKind::Email && g.normalized &&
                        domain_of(*g.normalized) == domain_of(*f.normalized);
            });
            if (same < 2) others.erase(domain_of(*f.normalized));
        }
        const FieldReport* person = sibling(point, FieldKind::Person);
        constexpr double kSureName = 0.97;
        const bool named = person && person->value;
        settle_address(f, AddressWitness(named ? *person->value : "",
                                         named && person->value_confidence.value_or(0) >= kSureName,
                                         owners, others));
    });
}

}  // namespace

bool local_part_fits(std::string_view local, std::string_view person) {
    // Mailboxes of a function, not of a person.
    static const std::set<std::string> kShared{"dataskydd",
                                               "dataskyddsombud",
                                               "dso",
                                               "gis",
                                               "geodata",
                                               "info",
                                               "kommun",
                                               "kontakt",
                                               "registrator",
                                               "diarium",
                                               "karta",
                                               "kart",
                                               "post",
                                               "support",
                                               "kundtjanst",
                                               "kontaktcenter",
                                               "bygglov",
                                               "stadsbyggnad",
                                               "samhallsbyggnad",
                                               "miljo",
                                               "lantmateri",
                                               "kansli"};
    const std::string written = plain(local);
    if (kShared.contains(written)) return true;
    const std::vector<std::string> ways = ways_of_writing(person);
    return std::find(ways.begin(), ways.end(), written) != ways.end();
}

bool domain_fits(std::string_view domain, std::string_view organisation) {
    constexpr std::size_t kTelling = 3;  // letters that a shorter label shares with too many names
    const std::string label = plain(longest_label(domain));
    if (label.size() < kTelling) return false;
    const std::vector<std::string> names = names_of(organisation);
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return (name.size() >= kTelling && name.starts_with(label)) ||
               (name.size() > kTelling && label == name + "s");
    });
}

void corroborate(Report& report, const Submission& submission, const Register& organisations) {
    settle_numbers(report, submission, organisations);
    settle_names(report, organisations);
    settle_addresses(report, organisations);
}

}  // namespace avtalskoll::rules
