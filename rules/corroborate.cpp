#include "rules/corroborate.h"

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <sstream>

#include "rules/email.h"
#include "rules/messages.h"
#include "rules/organisation_number.h"
#include "rules/text.h"

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

void decide(FieldReport& field, FieldVerdict verdict, double confidence, const std::string& reason) {
    field.verdict = verdict;
    field.confidence = confidence;
    field.reason = reason;
    field.message = message_for(reason, field.label);
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
    const auto at = std::find_if(point.fields.begin(), point.fields.end(), [&](const FieldReport& f) { return f.field == id; });
    return at == point.fields.end() ? nullptr : &*at;
}

FieldReport* sibling(PointReport& point, FieldKind kind) {
    const auto at = std::find_if(point.fields.begin(), point.fields.end(), [&](const FieldReport& f) { return f.kind == kind; });
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
        if (f.kind == FieldKind::OrganisationNumber && f.verdict == FieldVerdict::Ok) known.insert(*f.value);
    });
    for_each_field(report, [&](PointReport& point, FieldReport& f) {
        if (f.kind != FieldKind::OrganisationNumber || f.verdict != FieldVerdict::Unclear || f.reason != "low_confidence") return;
        std::set<std::string> likely = known;
        if (const FieldReport* name = sibling(point, f.name_field); name && name->value)
            if (const auto number = organisations.number_of(*name->value)) likely.insert(*number);
        likely.erase("");
        std::set<std::string> agreed;
        for (const std::string& text : texts_of(f))
            if (const auto number = parse_organisation_number(text).canonical; likely.contains(number)) agreed.insert(number);
        if (agreed.size() != 1) return;
        f.value = *agreed.begin();
        f.value_confidence = kCorroborated;
        decide(f, FieldVerdict::Ok, kCorroborated, "");
    });
}

// Of several readings of an organisation's name, the one that its number's owner bears.
void settle_names(Report& report, const Register& organisations) {
    for_each_field(report, [&](PointReport& point, FieldReport& number) {
        if (number.kind != FieldKind::OrganisationNumber || number.verdict != FieldVerdict::Ok) return;
        FieldReport* name = sibling(point, number.name_field);
        const auto registered = organisations.name_of(*number.value);
        if (!name || name->verdict != FieldVerdict::Ok || name->alternatives.empty() || !registered) return;
        for (const std::string& text : texts_of(*name))
            if (compare_names(text, *registered) == NameMatch::Same) {
                name->value = text;
                name->value_confidence = std::max(kCorroborated, name->value_confidence.value_or(0));
                return;
            }
    });
}

// How far an address is what name and organisation would make it.
struct Support {
    bool local = false;
    bool domain = false;
    int count() const { return local + domain; }
};

class AddressWitness {
public:
    AddressWitness(std::string person, std::vector<std::string> organisations, std::set<std::string> domains)
        : person_(std::move(person)), organisations_(std::move(organisations)), domains_(std::move(domains)) {}

    Support support(const std::string& address) const {
        const auto at = address.find('@');
        if (at == std::string::npos) return {};
        const std::string domain = address.substr(at + 1);
        Support s;
        s.local = local_part_fits(address.substr(0, at), person_);
        s.domain = domains_.contains(domain) ||
                   std::any_of(organisations_.begin(), organisations_.end(), [&](const std::string& o) { return domain_fits(domain, o); });
        return s;
    }

private:
    std::string person_;
    std::vector<std::string> organisations_;
    std::set<std::string> domains_;  // of other addresses that were read surely
};

// The best supported text; of equals the first.
const std::string* best_supported(const std::vector<std::string>& texts, const AddressWitness& witness, int* support, bool* alone) {
    const std::string* best = nullptr;
    *support = -1;
    for (const std::string& text : texts) {
        if (!parse_email(text)) continue;
        const int s = witness.support(text).count();
        if (s > *support) best = &text, *alone = true;
        else if (s == *support && best && text != *best && plain(text) != plain(*best)) *alone = false;
        else if (s == *support && best && text.size() > best->size()) best = &text;  // a separator is sooner lost than found
        *support = std::max(*support, s);
    }
    return best;
}

void settle_address(FieldReport& field, const AddressWitness& witness) {
    const bool in_doubt = field.verdict == FieldVerdict::Unclear && field.reason == "low_confidence";
    if (!field.value || !(field.verdict == FieldVerdict::Ok || in_doubt)) return;
    int support = 0;
    bool alone = true;
    const std::vector<std::string> read = texts_of(field);
    const std::string* best = best_supported(read, witness, &support, &alone);
    if (in_doubt && best && support == 2 && alone) {
        field.value = *best;
        field.normalized = parse_email(*best);
        field.value_confidence = kCorroborated;
        return decide(field, FieldVerdict::Ok, kCorroborated, "");
    }
    // Read one way, but a single letter that scans alike would make it fit name or organisation: a person looks.
    const Support own = witness.support(*field.value);
    if (own.count() == 2) return;
    for (const std::string& other : misreadings(*field.value)) {
        const Support s = witness.support(other);
        if (!parse_email(other) || s.count() <= own.count() || (own.local && !s.local) || (own.domain && !s.domain)) continue;
        field.value = other;
        field.normalized = parse_email(other);
        field.value_confidence = 0.7;
        return decide(field, FieldVerdict::Unclear, 0.7, "conflicts_with_name");
    }
    if (in_doubt && best && support > own.count()) field.value = *best, field.normalized = parse_email(*best);
}

void settle_addresses(Report& report, const Register& organisations) {
    std::vector<std::string> owners;
    std::set<std::string> domains;
    for_each_field(report, [&](PointReport& point, FieldReport& f) {
        if (f.kind == FieldKind::Email && f.verdict == FieldVerdict::Ok && f.normalized && f.value_confidence.value_or(0) > kCorroborated)
            domains.insert(f.normalized->substr(f.normalized->find('@') + 1));
        if (f.kind != FieldKind::OrganisationNumber) return;
        if (const FieldReport* name = sibling(point, f.name_field); name && name->value) owners.push_back(*name->value);
        if (f.verdict == FieldVerdict::Ok)
            if (const auto registered = organisations.name_of(*f.value)) owners.push_back(*registered);
    });
    for_each_field(report, [&](PointReport& point, FieldReport& f) {
        if (f.kind != FieldKind::Email) return;
        std::set<std::string> others = domains;
        // An address is no witness of its own domain unless the organisation's name is one too.
        if (f.normalized && !std::any_of(owners.begin(), owners.end(), [&](const std::string& o) { return domain_fits(f.normalized->substr(f.normalized->find('@') + 1), o); })) {
            int same = 0;
            for_each_field(report, [&](PointReport&, FieldReport& g) { same += g.kind == FieldKind::Email && g.normalized && g.normalized->substr(g.normalized->find('@')) == f.normalized->substr(f.normalized->find('@')); });
            if (same < 2) others.erase(f.normalized->substr(f.normalized->find('@') + 1));
        }
        const FieldReport* person = sibling(point, FieldKind::Person);
        settle_address(f, AddressWitness(person && person->value ? *person->value : "", owners, others));
    });
}

}  // namespace

bool local_part_fits(std::string_view local, std::string_view person) {
    // Mailboxes of a function, not of a person.
    static const std::set<std::string> kShared{"dataskydd", "dataskyddsombud", "dso", "gis", "geodata", "info", "kommun", "kontakt", "registrator", "diarium", "karta", "kart", "post",
                                               "support", "kundtjanst", "kontaktcenter", "bygglov", "stadsbyggnad", "samhallsbyggnad", "miljo", "lantmateri", "kansli"};
    const std::string written = plain(local);
    if (kShared.contains(written)) return true;
    const std::vector<std::string> words = plain_words(person);
    if (words.size() < 2) return false;
    const std::string first = words.front(), last = words.back();
    std::string rest;
    for (std::size_t i = 1; i < words.size(); ++i) rest += words[i];
    const std::array<std::string, 8> ways{first + rest, first.substr(0, 1) + rest, first + last, first.substr(0, 1) + last, rest + first, last + first, first + last.substr(0, 1), rest};
    return std::find(ways.begin(), ways.end(), written) != ways.end();
}

bool domain_fits(std::string_view domain, std::string_view organisation) {
    constexpr std::size_t kTelling = 3;  // letters that a shorter label shares with too many names
    const auto top = domain.rfind('.');
    if (top == std::string_view::npos) return false;
    std::string longest;
    std::istringstream labels{std::string(domain.substr(0, top))};
    for (std::string label; std::getline(labels, label, '.');)
        if (label.size() > longest.size()) longest = label;
    const std::string label = plain(longest);
    std::string name, body;
    for (const std::string& word : plain_words(organisation)) {
        name += word;
        if (word != "kommun" && word != "stad") body += word;
    }
    const auto fits = [&](const std::string& whole) { return label.size() >= kTelling && whole.size() >= kTelling && whole.starts_with(label); };
    return fits(name) || fits(body) || (body.size() > kTelling && label == body + "s");
}

std::vector<std::string> misreadings(std::string_view text) {
    static const std::vector<std::pair<std::string, std::string>> kAlike{
        {"l", "i"}, {"i", "l"}, {"l", "1"}, {"1", "l"}, {"i", "1"}, {"1", "i"}, {"l", "t"}, {"t", "l"}, {"f", "t"}, {"t", "f"}, {"i", "j"}, {"j", "i"}, {"o", "0"}, {"0", "o"}, {"rn", "m"},
        {"m", "rn"}, {"b", "h"}, {"h", "b"}, {"c", "e"}, {"e", "c"}, {"a", "o"}, {"o", "a"}, {"g", "q"}, {"q", "g"}, {"u", "v"}, {"v", "u"}, {"n", "h"}, {"h", "n"}, {"n", "r"}, {"s", "5"}, {"5", "s"},
        {"fi", "fl"}, {"fl", "fi"}, {"vv", "w"}, {"w", "vv"}, {"nn", "m"}, {"a", "e"}, {"e", "a"}, {"y", "v"}, {"v", "y"}, {"k", "h"}, {"s", "a"}, {"a", "s"}};
    std::vector<std::string> out;
    for (const auto& [from, to] : kAlike)
        for (auto at = text.find(from); at != std::string_view::npos; at = text.find(from, at + 1))
            out.push_back(std::string(text.substr(0, at)) + to + std::string(text.substr(at + from.size())));
    return out;
}

void corroborate(Report& report, const Submission& submission, const Register& organisations) {
    settle_numbers(report, submission, organisations);
    settle_names(report, organisations);
    settle_addresses(report, organisations);
}

}  // namespace avtalskoll::rules
