#include "pipeline/account.h"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "models/text.h"
#include "pipeline/files/file_hash.h"

namespace avtalskoll::pipeline {
namespace {

using nlohmann::json;

constexpr std::array kKeys{"id", "personal_data", "organisation_number"};

// Some systems write UTF-16; some end a text with the zero byte of its memory.
std::string plain_utf8(std::string_view text) {
    std::string utf8(text);
    const bool big = text.starts_with("\xFE\xFF");
    if (big || text.starts_with("\xFF\xFE")) {
        const char* encoding = big ? "UTF-16BE" : "UTF-16LE";
        utf8.clear();
        icu::UnicodeString(text.data() + 2, static_cast<int>(text.size() - 2), encoding)
            .toUTF8String(utf8);
    }
    while (!utf8.empty() && utf8.back() == '\0') utf8.pop_back();
    return utf8;
}

// nlohmann's parser takes the last of several values of one key; nobody can say which was meant.
class TwiceGiven {
public:
    bool operator()(int, json::parse_event_t event, json& parsed) {
        if (event == json::parse_event_t::object_start) open_.emplace_back();
        if (event == json::parse_event_t::object_end) open_.pop_back();
        if (event == json::parse_event_t::key && !open_.back().insert(parsed).second &&
            key_.empty())
            key_ = parsed.get<std::string>().substr(0, 100);
        return true;
    }
    const std::string& key() const { return key_; }

private:
    std::vector<std::set<std::string>> open_;
    std::string key_;
};

// A key without case and signs, as a person would say it.
std::string as_spoken(const std::string& key) {
    std::string letters = folded_words(key);
    letters.erase(std::remove(letters.begin(), letters.end(), ' '), letters.end());
    return letters;
}

// True when an unknown key looks like a mistyped known one.
bool is_mistyped(const std::string& key) {
    constexpr int kMostSlips = 2;
    const std::string spoken = as_spoken(key);
    return std::any_of(kKeys.begin(), kKeys.end(), [&](const std::string& known) {
        const std::string meant = as_spoken(known);
        const int slips = meant.size() > 4 ? kMostSlips : 0;
        return key != known && edit_distance(spoken, meant) <= slips;
    });
}

bool is_utf8(const std::string& text) {
    const auto read = icu::UnicodeString::fromUTF8(text);
    std::string again;
    return read.toUTF8String(again) == text;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; }

bool is_valid_in_id(UChar32 c) {
    const int type = u_charType(c);
    const bool mark = type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK;
    return u_isalnum(c) || mark || c == ' ' || c == '.' || c == '_' || c == '-';
}

}  // namespace

void read_account(std::string_view text, Submission& submission) {
    const auto broken = [&](const Message& why) { submission.broken = why; };
    if (text.size() > kMostAccount_bytes) return broken(Message("account.too_large"));
    const std::string utf8 = plain_utf8(text);
    if (utf8.empty()) return broken(Message("account.empty"));
    if (utf8.find('\0') != std::string::npos) return broken(Message("account.zero_byte"));
    TwiceGiven twice;
    const json account = json::parse(utf8, std::ref(twice), false);
    if (account.is_discarded() || !account.is_object()) return broken(Message("account.no_json"));
    if (!twice.key().empty()) return broken(Message("account.given_twice", {{"key", twice.key()}}));
    if (const auto at = account.find("personal_data"); at != account.end() && !at->is_null()) {
        if (!at->is_boolean()) return broken(Message("account.personal_data_wrong"));
        submission.personal_data = at->get<bool>();
    }
    if (const auto at = account.find("organisation_number");
        at != account.end() && !at->is_null()) {
        if (!at->is_string()) return broken(Message("account.organisation_number_wrong"));
        submission.organisation_number = at->get<std::string>();
    }
    if (const auto at = account.find("id"); at != account.end() && !at->is_null()) {
        if (!at->is_string() || !is_valid_id(at->get<std::string>()))
            return broken(Message("account.id_wrong"));
        submission.id = at->get<std::string>();
    }
    for (const auto& [key, value] : account.items())
        if (key.size() <= 100 && is_mistyped(key)) submission.unused_keys.push_back(key);
}

bool is_valid_id(const std::string& id) {
    const auto text = icu::UnicodeString::fromUTF8(id);
    if (text.isEmpty() || text.countChar32() > 100 || text[0] == '.') return false;
    for (int i = 0; i < text.length(); i = text.moveIndex32(i, 1))
        if (!is_valid_in_id(text.char32At(i))) return false;
    return true;
}

std::string id_from(const std::string& name) {
    const bool works = !name.empty() && name.front() != '.' && is_utf8(name) &&
                       std::none_of(name.begin(), name.end(), is_control);
    return works ? name : valid_id(name, name);
}

std::string valid_id(const std::string& name, const std::string& whole) {
    constexpr int kMostOfName = 90;
    const auto text = icu::UnicodeString::fromUTF8(name);
    icu::UnicodeString valid;
    for (int i = 0; i < text.length() && valid.countChar32() < kMostOfName;
         i = text.moveIndex32(i, 1)) {
        const UChar32 c = text.char32At(i);
        const bool leading_dot = valid.isEmpty() && c == '.';
        if (!leading_dot) valid.append(is_valid_in_id(c) ? c : static_cast<UChar32>('_'));
    }
    std::string id;
    valid.toUTF8String(id);
    return fmt::format("{}{}{}", id, id.empty() ? "" : "-", sha256_of_text(whole).substr(0, 8));
}

}  // namespace avtalskoll::pipeline
