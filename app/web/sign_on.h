// Sign-on at the web server before this one: it says in headers who somebody is and in which
// groups. Those headers count on a Unix socket alone, since whoever can send them can claim to be
// anybody.
//
// Safe from many threads.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/http/http.h"
#include "app/store/accounts.h"
#include "app/store/role.h"

namespace avtalskoll::app::web {

// Whoever is in the group has the role. A group's name has no comma.
struct GroupRole {
    Role role = Role::Reader;
    std::string group;
};

// Reads "officer=case-officers". Throws Error{BadInput}.
GroupRole parse_group_role(const std::string& text);

// Why nobody is signed on.
enum class SignOnFault {
    None,
    NoName,   // the web server says no name
    Unclear,  // a header came more than once
    BadName,  // too long, with signs that no name has, or one that looks like a token's
    NoRole,   // none of the groups has a role
    Blocked,  // a user of that name is blocked in the store
};

struct SignedOn {
    SignOnFault fault = SignOnFault::None;
    Identity who = {};  // its name is known with NoRole and Blocked, too; all of it with None
};

class SignOn {
public:
    // `roles`: none means that nobody signs on in this way. Throws Error{Internal} when libsodium
    // cannot be used.
    explicit SignOn(std::vector<GroupRole> roles);

    // Whether people sign on in this way, and no other, where the request came from.
    bool serves(const Request& request) const;
    // Who sent the request, which serves() is true of. Throws Error{Io} when the store cannot be
    // read.
    SignedOn look(const Request& request, Accounts& accounts) const;
    // Whether that person was seen within the time that a session may be idle. If so, the time
    // begins anew.
    bool is_visiting(const std::string& name);
    void begin_visit(const std::string& name);

private:
    std::string csrf_of(const std::string& name) const;

    std::vector<GroupRole> roles_;
    std::array<unsigned char, 32> key_{};  // of this run, for the CSRF tokens
    std::mutex mutex_;
    std::map<std::string, std::int64_t> seen_;  // names, seconds
};

}  // namespace avtalskoll::app::web
