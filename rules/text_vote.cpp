#include "rules/text_vote.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <map>
#include <sstream>
#include <string_view>

#include "models/text.h"

namespace avtalskoll::rules {
namespace {

bool is_mark_word(std::string_view word) {
    constexpr std::string_view kMarks = "|`'\".,:;~_-^*!¡°‘’“”«»\\";
    return !word.empty() && word.find_first_not_of(kMarks) == std::string_view::npos;
}

// Lone punctuation at the ends is dirt or what is left of the place's rule, never part of a value.
std::string without_stray_words(std::string text) {
    for (auto last = text.rfind(' '); last != std::string::npos; last = text.rfind(' ')) {
        if (!is_mark_word(std::string_view(text).substr(last + 1))) break;
        text.erase(last);
    }
    for (auto first = text.find(' '); first != std::string::npos; first = text.find(' ')) {
        if (!is_mark_word(std::string_view(text).substr(0, first))) break;
        text.erase(0, first + 1);
    }
    return text;
}

// The same for marks that touch the text, where the kind of value cannot begin or end with them.
std::string without_stray_ends(std::string_view text, FieldKind kind) {
    constexpr std::string_view kNever = "|`'\".,:;~_-^*!?=<>\\/ ";
    // A name may end with a full stop: "AB."
    constexpr std::string_view kNeverLast = "|`'\",:;~_-^*!?=<>\\/ ";
    constexpr std::array<std::string_view, 7> kQuotes{"\u2018", "\u2019", "\u201A", "\u201C",
                                                      "\u201D", "\u201E", "\u00BB"};
    const std::string_view back = is_strict(kind) ? kNever : kNeverLast;
    for (std::size_t before = text.size() + 1; text.size() < before;) {
        before = text.size();
        text.remove_prefix(std::min(text.find_first_not_of(kNever), text.size()));
        text.remove_suffix(text.size() - std::min(text.find_last_not_of(back) + 1, text.size()));
        for (const std::string_view quote : kQuotes) {
            if (text.starts_with(quote)) text.remove_prefix(quote.size());
            if (text.ends_with(quote)) text.remove_suffix(quote.size());
        }
    }
    return std::string(text);
}

// Signs that no address holds, as the letter they are taken for; capitals after the first letter of
// a part, where all else is small, as the digit they look like: nobody writes gisO or gisS3,
// engines do for gis0 and gis53.
std::string without_impossible_letters(std::string text) {
    std::replace(text.begin(), text.end(), '|', 'l');
    // The script model takes the @ of some typefaces for one of these; with an @ beside them they
    // are something else.
    if (text.find('@') == std::string::npos)
        for (const std::string_view taken : {"ĝ", "ğ", "â", "ð", "©", "®"})
            if (const auto at = text.find(taken); at != std::string::npos && at > 0) {
                text.replace(at, taken.size(), "@");
                break;
            }
    constexpr std::string_view kCapitals = "OSBZ", kDigits = "0582";
    const auto capitals =
        std::count_if(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    const auto small =
        std::count_if(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (small < 4 * capitals) return text;
    for (std::size_t i = 1; i < text.size(); ++i) {
        const auto at = kCapitals.find(text[i]);
        if (at != std::string_view::npos && std::isalnum(static_cast<unsigned char>(text[i - 1])))
            text[i] = kDigits[at];
    }
    return text;
}

std::string cleaned(const std::string& read, FieldKind kind) {
    if (kind == FieldKind::FreeText) return folded_space(read);
    std::string text = without_stray_ends(without_stray_words(folded_space(read)), kind);
    if (kind != FieldKind::Email) return text;
    // Between two addresses, or between words, the spaces show where one ends.
    const auto ats = std::count(text.begin(), text.end(), '@');
    if (ats > 1 || (ats == 0 && text.find(" at ") != std::string::npos)) return text;
    // No address holds a space. Engines put spaces around @ and the dots, and where they lost an
    // underscore or a dot. So a space between two letters before the @ stays, and makes the reading
    // an impossible one.
    std::string closed;
    const auto is_letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    const auto at = text.find('@');
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool lost_sign = text[i] == ' ' && i > 0 && i + 1 < text.size() &&
                               at != std::string::npos && i < at && is_letter(text[i - 1]) &&
                               is_letter(text[i + 1]);
        if (text[i] != ' ' || lost_sign) closed += text[i];
    }
    text = std::move(closed);
    return without_impossible_letters(text);
}

// The part of a reading that must be equal for two readings to agree.
std::string key_of(const std::string& text, FieldKind kind) {
    if (kind == FieldKind::OrganisationNumber || kind == FieldKind::Phone) {
        std::string key;
        for (const char c : text)
            if (std::string_view(" -/().,").find(c) == std::string_view::npos) key += c;
        return key;
    }
    return kind == FieldKind::FreeText ? folded_words(text) : text;
}

bool has_only(std::string_view text, std::string_view allowed) {
    return text.find_first_not_of(allowed) == std::string_view::npos;
}

// True when somebody could have written such a value, right or wrong: no letters in a number, no
// marks in an address.
bool is_writable(const std::string& text, FieldKind kind) {
    constexpr std::string_view kDigits = "0123456789-/(). +",
                               kNeverInAddress = " |{}[]()<>\"'`$%&*#!?,;:/\\";
    switch (kind) {
        case FieldKind::OrganisationNumber: return has_only(text, kDigits);
        case FieldKind::Phone:
            return has_only(text, kDigits) && has_only(text.substr(0, 1), "0+(") &&
                   std::count(text.begin(), text.end(), '(') ==
                       std::count(text.begin(), text.end(), ')');
        case FieldKind::Email: {
            std::string rest = text;
            // Swedish addresses may hold these (RFC 6531); other marks are an engine's.
            for (const std::string_view letter : {"å", "ä", "ö", "é", "ü"})
                for (auto at = rest.find(letter); at != std::string::npos; at = rest.find(letter))
                    rest.erase(at, letter.size());
            return std::count(rest.begin(), rest.end(), '@') == 1 &&
                   rest.find_first_of(kNeverInAddress) == std::string::npos &&
                   std::all_of(rest.begin(), rest.end(),
                               [](char c) { return static_cast<unsigned char>(c) < 0x80; });
        }
        default: return true;
    }
}

// How many bytes the UTF-8 sign has that begins with this one.
std::size_t bytes_of_sign(char begin) {
    const auto first = static_cast<unsigned char>(begin);
    if (first < 0x80) return 1;
    if (first < 0xE0) return 2;
    return first < 0xF0 ? 3 : 4;
}

// True when nobody writes `sign` where `right` belongs. `no_at`: the reading has no @ at all.
bool is_never_there(const std::string& sign, char right, bool no_at, FieldKind kind) {
    if (kind != FieldKind::Email) return !has_only(sign, "0123456789+");
    if (right == '@') return no_at && has_only(sign, "0OQ");
    return !is_writable(sign + "@", kind);
}

// True when an impossible reading may be of the same writing as `key`: all signs are the same but
// for one or two that nobody writes there; an @ taken for a round letter; the place's frame taken
// for a stroke before a phone number.
bool may_be(const std::string& impossible, const std::string& key, FieldKind kind) {
    constexpr int kMostLost = 2;
    if (kind == FieldKind::Phone && !impossible.empty() &&
        has_only(impossible.substr(0, 1), "1lI|([") && impossible.substr(1) == key)
        return true;
    const bool no_at = impossible.find('@') == std::string::npos;
    int lost = 0;
    std::size_t at = 0;
    for (const char right : key) {
        if (at == impossible.size()) return false;
        const std::size_t bytes = bytes_of_sign(impossible[at]);
        const bool same = impossible[at] == right;
        if (!same && !is_never_there(impossible.substr(at, bytes), right, no_at, kind))
            return false;
        lost += same ? 0 : 1;
        if (lost > kMostLost) return false;
        at += bytes;
    }
    return at == impossible.size();
}

// The English model has no å ä ö: it supports what differs from its reading in marks on letters
// only.
bool supports_without_marks(const TextVote& v, FieldKind kind) {
    return v.model == "eng" && (kind == FieldKind::Text || kind == FieldKind::Person ||
                                kind == FieldKind::Role || kind == FieldKind::FreeText);
}

// The English model takes a zero with a dot or a stroke in it for a 6, 8 or 9.
bool differs_in_zeros_only(const std::string& read, const std::string& key) {
    return read.size() == key.size() &&
           std::equal(read.begin(), read.end(), key.begin(), [](char r, char k) {
               return r == k || (k == '0' && (r == '6' || r == '8' || r == '9'));
           });
}

std::string_view base_model(std::string_view model) { return model.substr(0, model.find('-')); }

struct Candidate {
    std::string text;
    std::string key;
    std::map<std::string, double> models;  // each with its best engine confidence
    int votes = 0;
    bool only_english() const { return models.size() == 1 && models.contains("eng"); }
    double confidence() const {  // of the second surest model, or of the only one
        std::vector<double> of_models;
        for (const auto& [model, confidence] : models) of_models.push_back(confidence);
        std::sort(of_models.rbegin(), of_models.rend());
        return of_models.empty() ? 0 : of_models[std::min<std::size_t>(1, of_models.size() - 1)];
    }
};

// How often a value is right when both models first read the same, by the less sure engine's
// confidence: seen on 1,150 values (60 scans and 28 simulated submissions): 814 of 814 above 0.9,
// 178 of 182 down to 0.75, 58 of 60 down to 0.5, 22 of 25 below.
double belief_in_agreement(double confidence) {
    struct Knot {
        double engine, belief;
    };
    constexpr std::array<Knot, 6> kSeen{
        {{0, 0.8}, {0.4, 0.9}, {0.6, 0.95}, {0.8, 0.975}, {0.92, 0.997}, {1, 0.998}}};
    for (std::size_t i = 1; i < kSeen.size(); ++i)
        if (confidence <= kSeen[i].engine) {
            const double t =
                (confidence - kSeen[i - 1].engine) / (kSeen[i].engine - kSeen[i - 1].engine);
            return kSeen[i - 1].belief + t * (kSeen[i].belief - kSeen[i - 1].belief);
        }
    return kSeen.back().belief;
}

// The same where readings differ: seen right 12 of 14 with most of the votes and three models
// (strict values: 7 of 7), 8 of 17 with two, 21 of 44 with one.
double belief_in_majority(const Candidate& best, int all_votes, bool strict) {
    const double share = static_cast<double>(best.votes) / all_votes;
    if (best.models.size() > 2 && share >= 0.7) return strict ? 0.955 : 0.92;
    if (best.models.size() > 1) return share > 0.6 ? 0.85 : 0.6;
    return std::min(0.6, 0.2 + 0.4 * best.confidence());
}

// Two models and three looks at the writing that all read the same: seen right 67 of 67, however
// unsure the engines were.
constexpr int kManyLooks = 6;
constexpr double kBeliefInManyLooks = 0.975;

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream in(bare_words(text));
    return {std::istream_iterator<std::string>(in), {}};
}

// One letter of a longer word may differ.
bool is_same_word(const std::string& a, const std::string& b) {
    constexpr std::size_t kLong = 4;
    constexpr double kOneLetterOff = 0.75;
    return a == b || (a.size() >= kLong && similarity(a, b) >= kOneLetterOff);
}

// The share of the text's letters that stand in words which two models at least read, whatever they
// made of the rest.
double share_surely_read(const std::string& text, const std::vector<TextVote>& votes) {
    std::map<std::string, std::vector<std::string>> read;  // by model
    for (const TextVote& v : votes) {
        std::vector<std::string>& words = read[std::string(base_model(v.model))];
        for (std::string& word : words_of(v.text)) words.push_back(std::move(word));
    }
    std::size_t all = 0, sure = 0;
    for (const std::string& word : words_of(text)) {
        const auto has_word = [&](const auto& of_model) {
            const auto& words = of_model.second;
            return std::any_of(words.begin(), words.end(),
                               [&](const std::string& w) { return is_same_word(word, w); });
        };
        all += word.size();
        if (std::count_if(read.begin(), read.end(), has_word) > 1) sure += word.size();
    }
    return all == 0 ? 0 : static_cast<double>(sure) / static_cast<double>(all);
}

// The line reader and Tesseract's Latin read alike, and the line reader gave its text this
// probability.
constexpr double kSecondedReader = 0.7;
constexpr double kBeliefInSeconded = 0.995;

// One reading that the reader took for enough: seen right 2,482 of 2,490.
constexpr double kSureAlone = 0.85;
constexpr double kBeliefInOneSure = 0.99;

// The texts that the readings of one crop stand for, best supported first in the end.
class Ballot {
public:
    Ballot(const std::vector<TextVote>& votes, FieldKind kind) : votes_(votes), kind_(kind) {
        count_readings();
        if (kind == FieldKind::Phone || kind == FieldKind::OrganisationNumber) settle_zeros();
        count_support_without_marks();
        std::stable_sort(candidates_.begin(), candidates_.end(),
                         [](const Candidate& a, const Candidate& b) {
                             return std::tuple(a.models.size(), a.votes, a.confidence()) >
                                    std::tuple(b.models.size(), b.votes, b.confidence());
                         });
    }

    const std::vector<Candidate>& candidates() const { return candidates_; }

    // The belief that the best candidate is right in every character.
    double belief() const {
        const Candidate& best = candidates_.front();
        if (candidates_.size() == 1 && best.models.size() > 1 && is_seconded(best))
            return kBeliefInSeconded;
        if (candidates_.size() == 1 && best.models.size() > 1)
            return std::max(belief_in_agreement(best.confidence()),
                            best.votes >= kManyLooks ? kBeliefInManyLooks : 0);
        int all_votes = 0;
        for (const Candidate& c : candidates_) all_votes += c.votes;
        const double belief = belief_in_majority(best, all_votes, is_strict(kind_));
        if (!first_two_agree_on(best) || 3 * best.votes < 2 * all_votes) return belief;
        return std::max(belief, belief_in_agreement(std::min(votes_[0].least, votes_[1].least)));
    }

private:
    // The line reader and an engine of Tesseract's, which share neither picture nor training.
    static bool is_seconded(const Candidate& best) {
        const auto reader = best.models.find("reader");
        return reader != best.models.end() && reader->second >= kSecondedReader;
    }

    void add(const TextVote& v, const std::string& text) {
        const std::string key = key_of(text, kind_);
        auto at = std::find_if(candidates_.begin(), candidates_.end(),
                               [&](const Candidate& c) { return c.key == key; });
        if (at == candidates_.end()) at = candidates_.insert(candidates_.end(), {text, key, {}, 0});
        double& sureness = at->models[std::string(base_model(v.model))];
        sureness = std::max(sureness, is_strict(kind_) ? v.least : v.confidence);
        ++at->votes;
    }

    void count_readings() {
        std::vector<std::pair<const TextVote*, std::string>> impossible;
        for (const TextVote& v : votes_) {
            const std::string text = cleaned(v.text, kind_);
            if (text.empty() || supports_without_marks(v, kind_)) continue;
            if (is_writable(text, kind_)) add(v, text);
            else impossible.emplace_back(&v, text);
        }
        for (const auto& [v, text] : impossible) count_impossible(*v, text);
    }

    // A reading that cannot be right counts neither for nor against the text of two models, where
    // the rest of it is the same.
    void count_impossible(const TextVote& v, const std::string& text) {
        const std::string key = key_of(text, kind_);
        const auto meant = [&](const Candidate& c) {
            return c.models.size() > 1 && may_be(key, c.key, kind_);
        };
        const auto at = std::find_if(candidates_.begin(), candidates_.end(), meant);
        if (at == candidates_.end()) add(v, text);
        else ++at->votes;
    }

    // Where both other models read a number alike: seen right 48 of 48 times.
    void settle_zeros() {
        const auto by_both = [](const Candidate& c) {
            return c.models.contains("latin") && c.models.contains("swe");
        };
        const auto at = std::find_if(candidates_.begin(), candidates_.end(), by_both);
        if (at == candidates_.end()) return;
        const std::string key = at->key;
        const auto is_same_but_for_zeros = [&](const Candidate& other) {
            return other.only_english() && differs_in_zeros_only(other.key, key);
        };
        for (const Candidate& other : candidates_)
            if (is_same_but_for_zeros(other)) at->votes += other.votes;
        std::erase_if(candidates_, is_same_but_for_zeros);
    }

    void count_support_without_marks() {
        for (const TextVote& v : votes_) {
            if (!supports_without_marks(v, kind_)) continue;
            const std::string plain = without_marks(key_of(cleaned(v.text, kind_), kind_));
            for (Candidate& c : candidates_) {
                if (without_marks(c.key) != plain) continue;
                c.models[v.model] = std::max(c.models[v.model], v.confidence);
                ++c.votes;
            }
        }
    }

    // A stray dissent of a later look does not undo what both models read at first.
    bool first_two_agree_on(const Candidate& best) const {
        const auto is_best = [&](const TextVote& v) {
            return key_of(cleaned(v.text, kind_), kind_) == best.key;
        };
        return is_strict(kind_) && votes_.size() > 1 && is_best(votes_[0]) && is_best(votes_[1]);
    }

    const std::vector<TextVote>& votes_;
    FieldKind kind_;
    std::vector<Candidate> candidates_;
};

}  // namespace

VotedText as_typed(const std::string& text) {
    return {folded_space(text), 1, true, false, 1, 1, {}};
}

VotedText vote(const std::vector<TextVote>& votes, FieldKind kind) {
    const Ballot ballot(votes, kind);
    VotedText result;
    if (ballot.candidates().empty()) return result;
    const Candidate& best = ballot.candidates().front();
    result.text = best.text;
    result.models_agree = best.models.size() > 1;
    result.alone = votes.size() == 1 && votes.front().least >= kSureAlone;
    result.confidence = result.alone ? kBeliefInOneSure : ballot.belief();
    for (const auto& [model, confidence] : best.models)
        result.engine = std::max(result.engine, confidence);
    result.surely_read = result.alone ? 1 : share_surely_read(result.text, votes);
    for (std::size_t i = 1; i < ballot.candidates().size(); ++i)
        result.others.push_back(ballot.candidates()[i].text);
    return result;
}

}  // namespace avtalskoll::rules
