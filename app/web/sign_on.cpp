#include "app/web/sign_on.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "models/error.h"
#include "models/text.h"

namespace avtalskoll::app::web {
namespace {

constexpr const char* kUserHeader = "x-avtalskoll-user";
constexpr const char* kGroupsHeader = "x-avtalskoll-groups";
constexpr std::size_t kMostOfName = 100;  // characters, as of local users
constexpr std::int64_t kVisitSeconds = std::int64_t{60} * kSessionIdleMinutes;

bool is_between(char32_t sign, char32_t first, char32_t last) {
    return sign >= first && sign <= last;
}

// Signs that would part a line, or that nobody sees, so that two names would look the same. A comma
// is what a web server puts between two headers that it joins.
bool is_bad_in_name(char32_t sign) {
    const bool is_control = sign < U' ' || is_between(sign, 0x7F, 0x9F);
    const bool is_unseen = sign == 0xAD || sign == 0xFEFF || is_between(sign, 0x200B, 0x200F) ||
                           is_between(sign, 0x2028, 0x202E) || is_between(sign, 0x2060, 0x206F);
    return is_control || is_unseen || sign == U',';
}

bool is_good_name(const std::string& name) {
    if (!is_utf8(name)) return false;
    const std::u32string signs = code_points_of(name);
    return signs.size() <= kMostOfName &&
           std::none_of(signs.begin(), signs.end(), is_bad_in_name) &&
           !folded_words(name).starts_with("token ");  // the names of tokens in the audit log
}

SignedOn refused(SignOnFault fault, const std::string& name = {}) {
    SignedOn nobody;
    nobody.fault = fault;
    nobody.who.name = name;
    return nobody;
}

std::vector<std::string> groups_in(const std::string& header) {
    std::vector<std::string> groups;
    for (std::size_t begin = 0; begin <= header.size();) {
        const std::size_t end = std::min(header.find(',', begin), header.size());
        groups.push_back(folded_space(header.substr(begin, end - begin)));
        begin = end + 1;
    }
    return groups;
}

}  // namespace

GroupRole parse_group_role(const std::string& text) {
    const auto equals = text.find('=');
    const auto role = parse_role(text.substr(0, std::min(equals, text.size())));
    const std::string group =
        equals == std::string::npos ? "" : folded_space(text.substr(equals + 1));
    if (!role || group.empty() || group.find(',') != std::string::npos)
        throw Error(ErrorKind::BadInput,
                    fmt::format("--sign-on-role: '{}' is not a role and a group without comma; "
                                "give one such as officer=case-officers (the roles: reader, "
                                "officer, admin)",
                                text));
    return {*role, group};
}

SignOn::SignOn(std::vector<GroupRole> roles) : roles_(std::move(roles)) {
    if (sodium_init() < 0) throw Error(ErrorKind::Internal, "libsodium cannot be used");
    randombytes_buf(key_.data(), key_.size());
}

bool SignOn::serves(const Request& request) const {
    return !roles_.empty() && request.way == Way::UnixSocket;
}

SignedOn SignOn::look(const Request& request, Accounts& accounts) const {
    if (!serves(request)) return refused(SignOnFault::NoName);
    for (const char* header : {kUserHeader, kGroupsHeader})
        if (request.repeated.contains(header)) return refused(SignOnFault::Unclear);
    const std::string name = request.header(kUserHeader);
    if (name.empty()) return refused(SignOnFault::NoName);
    if (!is_good_name(name)) return refused(SignOnFault::BadName);
    const std::vector<std::string> groups = groups_in(request.header(kGroupsHeader));
    std::optional<Role> highest;
    for (const GroupRole& one : roles_)
        if (std::find(groups.begin(), groups.end(), one.group) != groups.end())
            highest = std::max(highest.value_or(one.role), one.role);
    if (!highest) return refused(SignOnFault::NoRole, name);
    if (accounts.is_blocked(name)) return refused(SignOnFault::Blocked, name);
    return {SignOnFault::None, {name, *highest, csrf_of(name)}};
}

bool SignOn::is_visiting(const std::string& name) {
    const std::int64_t now = std::time(nullptr);
    const std::lock_guard lock(mutex_);
    std::erase_if(seen_, [&](const auto& one) { return now - one.second > kVisitSeconds; });
    const auto at = seen_.find(name);
    if (at == seen_.end()) return false;
    at->second = now;
    return true;
}

void SignOn::begin_visit(const std::string& name) {
    const std::lock_guard lock(mutex_);
    seen_[name] = std::time(nullptr);
}

// Bound to the name: another person's is of no use, and one from before a restart neither.
std::string SignOn::csrf_of(const std::string& name) const {
    std::array<unsigned char, 32> hash{};
    crypto_generichash(hash.data(), hash.size(),
                       reinterpret_cast<const unsigned char*>(name.data()), name.size(),
                       key_.data(), key_.size());
    std::array<char, 65> hex{};
    return sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
}

}  // namespace avtalskoll::app::web
