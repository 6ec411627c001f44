// Sign-on at the web server before this one: whom its headers make somebody, and where they count.
#include "app/web/sign_on.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <regex>

#include "app/web/site.h"
#include "models/error.h"
#include "tests/support/site_fixture.h"

namespace avtalskoll::app::web {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kPassword = "korrekt häst batteri";

std::vector<GroupRole> roles() {
    return {{Role::Reader, "staff"}, {Role::Admin, "chiefs"}, {Role::Officer, "case officers"}};
}

class SignOnTest : public SiteTest {
protected:
    static Request signed_on(const std::string& user, const std::string& groups) {
        Request request;
        request.method = "GET";
        request.way = Way::UnixSocket;
        request.add_header("Host", "avtal.example.org");
        request.add_header("X-Avtalskoll-User", user);
        request.add_header("X-Avtalskoll-Groups", groups);
        return request;
    }
    static Request officer(const std::string& user = "anna") {
        return signed_on(user, "staff, case officers");
    }
    static Request posted(Request request, std::vector<std::string> path, const std::string& body) {
        request.method = "POST";
        request.path = std::move(path);
        request.add_header("Origin", "https://avtal.example.org");
        request.add_header("Content-Type", "application/x-www-form-urlencoded");
        request.body = body;
        return request;
    }
    SignOnFault fault_of(const Request& request) {
        return sign_on_.look(request, *accounts_).fault;
    }
    SignOnFault fault_of_name(const std::string& name) { return fault_of(officer(name)); }

    // The token that the page's forms send with every change.
    std::string csrf_for(const Request& request) {
        const std::string body = site_.respond(request).body;
        std::smatch found;
        EXPECT_TRUE(
            std::regex_search(body, found, std::regex("name=\"csrf\" value=\"([0-9a-f]{64})\"")));
        return found[1];
    }
    std::string claimed_by() { return open().line.claimed_by; }
    std::vector<std::string> actors(AuditAction action) {
        std::vector<std::string> who;
        for (const AuditLine& line : cases_->log(0, 100))
            if (line.event.action == action) who.push_back(line.actor);
        return who;
    }

    SignOn sign_on_{roles()};
    Site site_{services_, roles()}, site_without_{services_};
};

TEST_P(SignOnTest, TheHighestRoleOfTheGroupsWins) {
    const auto role = [&](const std::string& groups) {
        const SignedOn found = sign_on_.look(signed_on("anna", groups), *accounts_);
        EXPECT_EQ(found.fault, SignOnFault::None) << groups;
        return found.who.role;
    };
    EXPECT_EQ(role("staff"), Role::Reader);
    EXPECT_EQ(role("case officers,staff"), Role::Officer);
    EXPECT_EQ(role(" chiefs ,staff,case officers"), Role::Admin);
    EXPECT_EQ(role(",, staff,"), Role::Reader);
    for (const char* none : {"", ",", "Staff", "staff2", "staff case officers", "officer", "admin"})
        EXPECT_EQ(fault_of(signed_on("anna", none)), SignOnFault::NoRole) << none;
}

TEST_P(SignOnTest, ANameMustBeOne) {
    using namespace std::string_literals;
    std::string longest;
    for (int i = 0; i < 100; ++i) longest += "å";
    for (const std::string& good :
         {"anna"s, "Åsa Ek"s, "asa.ek@example.org"s, "AD\\asa"s, "tokens"s, "token"s, longest})
        EXPECT_EQ(fault_of_name(good), SignOnFault::None) << good;
    EXPECT_EQ(fault_of_name(""), SignOnFault::NoName);
    for (const std::string& bad :
         {longest + "a", "a\nb"s, "a\tb"s, "a\0b"s, "a\x7f"s, "a\xC2\x85"s, "an\xE2\x80\x8Bna"s,
          "an\xE2\x80\xAEna"s, "\xff"s, "anna, admin"s, "token system"s, "Token  system"s,
          "token-system"s})
        EXPECT_EQ(fault_of_name(bad), SignOnFault::BadName) << bad;
}

TEST_P(SignOnTest, AHeaderThatCameTwiceMakesNobody) {
    for (const char* header : {"x-avtalskoll-user", "X-AVTALSKOLL-GROUPS"})
        for (const char* value : {"anna", "", "chiefs"}) {
            Request request = officer();
            request.add_header(header, value);
            EXPECT_EQ(fault_of(request), SignOnFault::Unclear) << header << value;
        }
    Request first_empty;
    first_empty.way = Way::UnixSocket;
    for (const char* name : {"", "anna"}) first_empty.add_header("X-Avtalskoll-User", name);
    EXPECT_EQ(fault_of(first_empty), SignOnFault::Unclear);
}

TEST_P(SignOnTest, TheBlockedStayBlockedHoweverTheyAreWritten) {
    accounts_->add_user("åsa.ek", Role::Admin, kPassword);
    EXPECT_EQ(fault_of_name("åsa.ek"), SignOnFault::None);
    accounts_->set_blocked("åsa.ek", true);
    for (const char* name : {"åsa.ek", "ÅSA.EK", "Åsa Ek"})
        EXPECT_EQ(fault_of_name(name), SignOnFault::Blocked) << name;
    EXPECT_EQ(fault_of_name("åsa"), SignOnFault::None);
    const Response page = site_.respond(officer("åsa.ek"));
    EXPECT_EQ(page.status, 403);
    EXPECT_THAT(page.body, HasSubstr("spärrad"));
    accounts_->set_blocked("åsa.ek", false);
    EXPECT_EQ(fault_of_name("Åsa.Ek"), SignOnFault::None);
}

TEST_P(SignOnTest, OverTheNetworkTheHeadersGiveNothing) {
    Request request = signed_on("anna", "chiefs");
    request.way = Way::Network;
    EXPECT_EQ(fault_of(request), SignOnFault::NoName);
    EXPECT_EQ(site_.respond(request).status, 303);
    request.path = {"logga-in"};
    EXPECT_THAT(site_.respond(request).body, HasSubstr("type=\"password\""));
}

TEST_P(SignOnTest, WithoutRolesTheHeadersGiveNothing) {
    EXPECT_EQ(site_without_.respond(officer()).status, 303);
    Request request = officer();
    request.path = {"logga-in"};
    EXPECT_THAT(site_without_.respond(request).body, HasSubstr("type=\"password\""));
}

TEST_P(SignOnTest, TheApiTakesTokensAlone) {
    Request request = signed_on("anna", "chiefs");
    request.path = {"api", "v1", "submissions"};
    EXPECT_EQ(site_.respond(request).status, 401);
    request.add_header("Authorization", "Bearer " + accounts_->add_token("system", Role::Reader));
    EXPECT_EQ(site_.respond(request).status, 200);
}

TEST_P(SignOnTest, AnOfficerSeesAndClaimsUnderThatName) {
    receive("a");
    const Response queue = site_.respond(officer());
    EXPECT_EQ(queue.status, 200);
    EXPECT_THAT(queue.body, HasSubstr("<span>anna</span>"));
    const std::string csrf = csrf_for(officer());
    EXPECT_EQ(
        site_.respond(posted(officer(), {"inlamning", "a", "granska"}, "csrf=" + csrf)).status,
        303);
    EXPECT_EQ(claimed_by(), "anna");
    EXPECT_EQ(actors(AuditAction::Claimed), std::vector<std::string>{"anna"});
    EXPECT_EQ(actors(AuditAction::LoggedIn), std::vector<std::string>{"anna"})
        << "once for a visit";
}

TEST_P(SignOnTest, ChangesNeedTheTokenOfThatPersonAndTheSitesOrigin) {
    receive("a");
    const std::vector<std::string> claim{"inlamning", "a", "granska"};
    const std::string csrf = csrf_for(officer());
    EXPECT_NE(csrf_for(officer("bo")), csrf);
    EXPECT_NE(SignOn(roles()).look(officer(), *accounts_).who.csrf, csrf) << "of another run";
    for (const std::string& body : {std::string(), "csrf=" + csrf_for(officer("bo"))}) {
        const Response refused = site_.respond(posted(officer(), claim, body));
        EXPECT_EQ(refused.status, 403);
        EXPECT_THAT(refused.body, HasSubstr("Ladda om den"));
    }
    Request foreign = posted(officer(), claim, "csrf=" + csrf);
    foreign.headers["origin"] = "https://other.example.org";
    EXPECT_EQ(site_.respond(foreign).status, 403);
    Request reader = posted(signed_on("anna", "staff"), claim, "csrf=" + csrf);
    EXPECT_EQ(site_.respond(reader).status, 403);
    EXPECT_EQ(claimed_by(), "");
}

TEST_P(SignOnTest, NobodyLogsInWithAPassword) {
    accounts_->add_user("rut", Role::Admin, kPassword);
    Request request = officer();
    request.path = {"logga-in"};
    EXPECT_EQ(site_.respond(request).status, 303);
    const Response login = site_.respond(
        posted(officer(), {"logga-in"}, "namn=rut&losenord=korrekt+h%C3%A4st+batteri"));
    EXPECT_EQ(login.status, 403);
    EXPECT_THAT(login.body, HasSubstr("inte med ett lösenord"));
    // Nor does a session from elsewhere count.
    Request with_cookie = signed_on("", "");
    with_cookie.add_header("Cookie",
                           "__Host-avtalskoll=" + accounts_->log_in("rut", kPassword).value());
    EXPECT_EQ(site_.respond(with_cookie).status, 403);
    with_cookie.way = Way::Network;
    EXPECT_EQ(site_.respond(with_cookie).status, 200);
}

TEST_P(SignOnTest, LoggingOutIsForTheSignOn) {
    const Response page = site_.respond(posted(officer(), {"logga-ut"}, ""));
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("Logga ut där"));
    EXPECT_EQ(site_.respond(posted(signed_on("", ""), {"logga-ut"}, "")).status, 403);
}

TEST_P(SignOnTest, WhoMayNotComeIsToldWhy) {
    const Response no_role = site_.respond(signed_on("<b>bo", "others"));
    EXPECT_EQ(no_role.status, 403);
    EXPECT_THAT(no_role.body, HasSubstr("inloggad som &lt;b&gt;bo"));
    EXPECT_THAT(no_role.body, HasSubstr("grupp"));
    EXPECT_THAT(site_.respond(signed_on("", "staff")).body, HasSubstr("vem du är"));
    EXPECT_TRUE(faults_.empty());
    EXPECT_EQ(site_.respond(officer("token system")).status, 403);
    Request twice = officer();
    twice.add_header("X-Avtalskoll-User", "bo");
    EXPECT_EQ(site_.respond(twice).status, 403);
    ASSERT_EQ(faults_.size(), 2U);
    for (const std::string& fault : faults_) EXPECT_THAT(fault, Not(HasSubstr("anna")));
    EXPECT_TRUE(actors(AuditAction::LoggedIn).empty());
}

TEST_P(SignOnTest, AnUploadByNobodyIsRefusedByItsHead) {
    Request head = posted(signed_on("anna", "others"), {"ladda-upp"}, "");
    EXPECT_EQ(site_.before_upload(head).value().status, 403);
    EXPECT_FALSE(site_.before_upload(posted(officer(), {"ladda-upp"}, "")));
}

// What sign-on asks of the store, accounts_test.cpp asks of every kind.
INSTANTIATE_TEST_SUITE_P(Of, SignOnTest, testing::Values(kStoreKinds[0]), name_of_kind);

TEST(GroupRoles, AreReadOrRefusedInOneLine) {
    EXPECT_EQ(parse_group_role("officer=case-officers").role, Role::Officer);
    EXPECT_EQ(parse_group_role("admin= cn=chiefs ").group, "cn=chiefs");
    for (const char* bad : {"", "officer", "officer=", "boss=x", "=x", "officer=a,b", "Officer=x"})
        try {
            parse_group_role(bad);
            ADD_FAILURE() << bad;
        } catch (const Error& e) {
            EXPECT_EQ(e.kind(), ErrorKind::BadInput);
            EXPECT_THAT(e.what(), HasSubstr("--sign-on-role: '" + std::string(bad) + "'"));
        }
}

}  // namespace
}  // namespace avtalskoll::app::web
