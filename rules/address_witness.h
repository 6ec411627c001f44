// The facts that a submission gives elsewhere about an e-mail address: the person's name, the
// organisations' names, other addresses' domains.
//
// Immutable; safe from many threads.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "rules/rule_words.h"

namespace avtalskoll::rules {

// How well a name was read. A badly read one may be misread as the address is, and vouches for
// nothing; an address that nearly misses it is in doubt all the same.
enum class NameRead { Badly, Well, Surely };

struct AddressKnowledge {
    std::string person;  // whose address it is; empty: not known
    NameRead person_read = NameRead::Well;
    std::vector<std::string> organisations;
    std::set<std::string> domains;  // of other addresses that were read surely
};

class AddressWitness {
public:
    // `words` must outlive it.
    AddressWitness(AddressKnowledge known, const RuleWords& words)
        : known_(std::move(known)), words_(words) {}

    // A name tells nothing of the marks on an address's letters: a part that has some is not
    // witnessed.
    bool local_fits(const std::string& local) const;
    // A name does not tell what stands after the last dot either. Two addresses of one domain in
    // one typeface are misread alike: they vouch for each other only when the domain does not look
    // like an organisation's name that it is not.
    bool domain_is_known(const std::string& domain) const;

    // True when either part misses what it should be by a letter or two.
    bool near_miss(const std::string& address) const;

    // `domain` with its longest label as an organisation's name has it, where the two look alike;
    // nullopt when none does.
    std::optional<std::string> mended_domain(const std::string& domain) const;

    // `local` as the person's name has it, where the two look alike; nullopt when the name does not
    // say what is meant or may be misread itself, when all readings in `read` are one, or when one
    // of them is nearer to another way of writing the name.
    std::optional<std::string> mended_local(const std::string& local,
                                            const std::vector<std::string>& read) const;

private:
    bool misses_local(const std::string& local) const;
    bool misses_domain(const std::string& domain) const;
    // Beginnings of the organisations' names that look like `letters`.
    std::set<std::string> lookalikes_of(const std::string& letters) const;

    AddressKnowledge known_;
    const RuleWords& words_;
};

}  // namespace avtalskoll::rules
