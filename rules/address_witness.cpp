#include "rules/address_witness.h"

#include <algorithm>
#include <set>

#include "models/text.h"
#include "rules/address.h"

namespace avtalskoll::rules {
namespace {

constexpr std::size_t kTellingLetters = 5;  // fewer look like too much

bool is_ascii(const std::string& text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool has_usual_top(const std::string& domain, const RuleWords& words) {
    return words.usual_tops.contains(domain.substr(domain.rfind('.') + 1));
}

bool is_near(std::size_t length, int distance) {
    return distance > 0 && distance <= std::max(1, static_cast<int>(length) / 6);
}

}  // namespace

bool AddressWitness::local_fits(const std::string& local) const {
    return known_.person_read != NameRead::Badly && is_ascii(local) &&
           local_part_fits(local, known_.person, words_);
}

bool AddressWitness::domain_is_known(const std::string& domain) const {
    if (!is_ascii(domain)) return false;
    const auto fits = [&](const std::string& o) { return domain_fits(domain, o, words_); };
    const auto& names = known_.organisations;
    if (has_usual_top(domain, words_) && std::any_of(names.begin(), names.end(), fits)) return true;
    return known_.domains.contains(domain) && mended_domain(domain).value_or(domain) == domain;
}

bool AddressWitness::misses_local(const std::string& local_part) const {
    const std::string local = bare_letters(local_part);
    const bool fits = is_ascii(local_part) && local_part_fits(local_part, known_.person, words_);
    if (fits || local.size() < kTellingLetters) return false;
    const std::vector<std::string> ways = ways_of_writing(known_.person);
    return std::any_of(ways.begin(), ways.end(), [&](const std::string& way) {
        return is_near(way.size(), edit_distance(local, way)) || skeleton(way) == skeleton(local);
    });
}

bool AddressWitness::misses_domain(const std::string& domain) const {
    const std::string label = bare_letters(longest_label(domain));
    if (domain_is_known(domain) || label.size() < kTellingLetters) return false;
    const auto is_nearly = [&](const std::string& whole, std::size_t length) {
        return is_near(label.size(), edit_distance(label, whole.substr(0, length)));
    };
    for (const std::string& organisation : known_.organisations)
        for (const std::string& whole : names_of(organisation, words_))
            for (std::size_t length = label.size() - 1; length <= label.size() + 1; ++length)
                if (is_nearly(whole, length)) return true;
    return false;
}

bool AddressWitness::near_miss(const std::string& address) const {
    return misses_local(local_of(address)) || misses_domain(domain_of(address));
}

std::set<std::string> AddressWitness::lookalikes_of(const std::string& letters) const {
    const std::string looks = skeleton(letters);
    std::set<std::string> alike;
    for (const std::string& organisation : known_.organisations)
        for (const std::string& whole : names_of(organisation, words_))
            for (std::size_t length = letters.size() - 2; length <= letters.size() + 2; ++length)
                if (length <= whole.size() && looks == skeleton(whole.substr(0, length)))
                    alike.insert(whole.substr(0, length));
    return alike;
}

std::optional<std::string> AddressWitness::mended_domain(const std::string& domain) const {
    const std::string label = longest_label(domain), letters = bare_letters(label);
    if (letters.size() < kTellingLetters) return std::nullopt;
    const std::set<std::string> meant = lookalikes_of(letters);
    const auto mended = meant.size() == 1 ? with_letters(label, *meant.begin()) : std::nullopt;
    if (!mended) return std::nullopt;
    std::string out = domain;
    return out.replace(out.find(label), label.size(), *mended);
}

std::optional<std::string> AddressWitness::mended_local(
    const std::string& local, const std::vector<std::string>& read) const {
    const std::string letters = bare_letters(local);
    const bool all_one =
        std::all_of(read.begin(), read.end(), [&](const std::string& r) { return r == local; });
    const bool telling = letters.size() >= kTellingLetters && is_ascii(local);
    if (known_.person_read != NameRead::Surely || all_one || !telling) return std::nullopt;
    const std::vector<std::string> ways = ways_of_writing(known_.person);
    std::set<std::string> meant;
    for (const std::string& way : ways)
        if (skeleton(way) == skeleton(letters)) meant.insert(way);
    if (meant.size() != 1) return std::nullopt;
    const auto is_another = [&](const std::string& r) {
        const std::string bare = bare_letters(r);
        const int distance = edit_distance(bare, *meant.begin());
        return std::any_of(ways.begin(), ways.end(), [&](const std::string& way) {
            return edit_distance(bare, way) < distance;
        });
    };
    if (std::any_of(read.begin(), read.end(), is_another)) return std::nullopt;
    return with_letters(local, *meant.begin());
}

}  // namespace avtalskoll::rules
