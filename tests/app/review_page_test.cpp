// The page of a case, as the officers' browser gets it.
#include <gmock/gmock.h>

#include <regex>

#include "app/web/layout.h"
#include "app/web/pages/pages.h"
#include "tests/support/site_fixture.h"

namespace avtalskoll::app::web {
namespace {

using testing::HasSubstr;
using testing::Not;

class ReviewPageTest : public SiteTest {
protected:
    Response at(const std::string& id, Role role = Role::Officer,
                const std::string& name = "anna") {
        return handled(review_page, id, "", role, name);
    }
    std::string page(Role role = Role::Officer, const std::string& name = "anna") {
        const Response response = at("a", role, name);
        EXPECT_EQ(response.status, 200);
        return response.body;
    }

    Response handled(Response (*handler)(const Visit&), const std::string& id,
                     const std::string& body, Role role, const std::string& name) {
        Request request;
        request.headers["content-type"] = "application/x-www-form-urlencoded";
        request.body = body;
        return handler({request, {name, role, "the-csrf-token"}, {id}, services_});
    }
    // `body`: a form of the page, urlencoded.
    Response posted(Response (*handler)(const Visit&), const std::string& body,
                    const std::string& name = "anna") {
        return handled(handler, "a", body, Role::Officer, name);
    }
    std::string of_now(const std::string& rest) {
        return "revision=" + percent_encoded(open().revision) + "&" + rest;
    }

    StoredSubmission receive_unchecked(const std::string& id) {
        const auto path = folder_.path() / (id + ".pdf");
        std::ofstream(path) << id;
        Submission submission;
        submission.id = id;
        submission.files.push_back({"a.pdf", path});
        return store_->receive(submission, "").stored;
    }
    // A submission that ended each worker that began it.
    DeadLetter dead_letter(const std::string& id) {
        const StoredSubmission stored = receive_unchecked(id);
        for (const char* holder : {"1", "2", "3"}) {
            work_->lease({stored.key, stored.content}, {"1", "f", "r"}, holder);
            under_test_->set_leases("2020-01-01T00:00:00Z");
        }
        EXPECT_TRUE(work_->bury({stored.key, stored.content}, false, "delivery_limit"));
        return work_->dead_letters().back();
    }
};

int count_of(const std::string& html, const std::string& what) {
    int count = 0;
    for (auto at = html.find(what); at != std::string::npos; at = html.find(what, at + 1)) ++count;
    return count;
}

TEST_P(ReviewPageTest, ShowsEachPointWithWhatTheMachineFound) {
    receive("a");
    const std::string html = page();
    EXPECT_THAT(html, HasSubstr("<h1>Å kommun</h1>"));
    EXPECT_THAT(html, HasSubstr("Punkt 1, Parter"));
    EXPECT_THAT(html,
                HasSubstr("<strong>Organisationsnummer</strong> <span class=\"badge invalid"));
    EXPECT_THAT(html, HasSubstr("<strong>Telefon</strong> <span class=\"badge ok"));
    EXPECT_THAT(html, HasSubstr("<strong>Underskrift</strong> <span class=\"badge unclear"));
    EXPECT_THAT(html, HasSubstr("Okänd sida"));
    EXPECT_THAT(html, HasSubstr("Av avtalets sidor saknas: 2."));
    EXPECT_THAT(html, HasSubstr("3 kvar att avgöra."));
    EXPECT_EQ(count_of(html, " data-open"), 3);
    EXPECT_THAT(html, Not(HasSubstr("{{")));
}

// The scan lies upside down; the box is where a person sees it.
TEST_P(ReviewPageTest, PlacesAreMarkedOnThePageAsItIsShown) {
    receive("a");
    const std::string html = page();
    std::smatch box;
    ASSERT_TRUE(std::regex_search(
        html, box,
        std::regex("<a href=\"#f1\" id=\"b1\"[^>]*><rect class=\"invalid\" x=\"([^\"]*)\" "
                   "y=\"([^\"]*)\" width=\"([^\"]*)\" height=\"([^\"]*)\"/>")));
    EXPECT_NEAR(std::stod(box[1]), 0.6, 1e-3);
    EXPECT_NEAR(std::stod(box[2]), 0.7, 1e-3);
    EXPECT_NEAR(std::stod(box[3]), 0.3, 1e-3);
    EXPECT_NEAR(std::stod(box[4]), 0.1, 1e-3);
    EXPECT_EQ(count_of(html, "<figure"), 2);
    EXPECT_THAT(html, HasSubstr("src=\"/inlamning/a/sida/1/2\""));
    EXPECT_EQ(count_of(html, "<rect "), 1) << "a point without evidence has no place";
}

TEST_P(ReviewPageTest, WhatDocumentsSayIsTextAndNothingElse) {
    const std::string attack = "</li><script>alert(1)</script>{{csrf}}";
    std::string json = written_report("unclear", "\\\"><img src=x onerror=alert(1)>");
    json.replace(json.find("Okänd sida"), std::string("Okänd sida").size(), attack);
    receive("a", "content", json);
    const std::string html = page();
    EXPECT_THAT(html, Not(HasSubstr("<script>")));
    EXPECT_THAT(html, Not(HasSubstr("<img src=x")));
    EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)"));
    EXPECT_THAT(html, HasSubstr("{{csrf}}")) << "not a template";
}

TEST_P(ReviewPageTest, AReaderSeesEverythingAndDecidesNothing) {
    receive("a");
    const std::string html = page(Role::Reader, "rut");
    EXPECT_THAT(html, HasSubstr("Organisationsnummer"));
    EXPECT_THAT(html, Not(HasSubstr("name=\"beslut\"")));
    EXPECT_THAT(html, Not(HasSubstr("/original/")));
    EXPECT_THAT(html, Not(HasSubstr("Börja granska")));
}

TEST_P(ReviewPageTest, AnOfficerMayAcceptOnlyWhatMayBeAccepted) {
    receive("a");
    const std::string html = page();
    EXPECT_EQ(count_of(html, "<button name=\"beslut\" value=\"correct\">"), 2);
    EXPECT_EQ(count_of(html, "Underskrift finns"), 1);
    EXPECT_EQ(count_of(html, ">Godkänn</button>"), 0) << "a wrong number must be corrected";
    EXPECT_THAT(html, Not(HasSubstr(">Komplett</button>"))) << "three are open";
    EXPECT_EQ(count_of(html, "name=\"csrf\" value=\"the-csrf-token\""),
              count_of(html, "method=\"post\""))
        << "every change has the token";
}

TEST_P(ReviewPageTest, ADecisionLeadsBackToItsPoint) {
    receive("a");
    const std::string accept = "beslut=accept&avtal=avtal&punkt=2&falt=signature&n=";
    const Response done = posted(decide_on_case, of_now(accept + "f3"));
    EXPECT_EQ(done.status, 303);
    EXPECT_EQ(done.headers.at(0).second, "/inlamning/a#f3");
    const std::string html = page();
    EXPECT_THAT(html, HasSubstr("Maskinen: "));
    EXPECT_THAT(html, HasSubstr(" av anna "));
    EXPECT_THAT(html, HasSubstr("2 kvar att avgöra."));
    EXPECT_THAT(html, HasSubstr("Ångra: 2 Underskrift"));
    const Response elsewhere =
        posted(decide_on_case, of_now(accept + percent_encoded("\r\nX: y//evil")));
    EXPECT_EQ(elsewhere.headers.at(0).second, "/inlamning/a");
}

TEST_P(ReviewPageTest, WhatCannotBeDecidedIsSaidOnThePage) {
    receive("a");
    const std::string number = "avtal=avtal&punkt=1&falt=number&beslut=";
    EXPECT_EQ(posted(decide_on_case, of_now(number + "correct&varde=212000-0143")).status, 422);
    EXPECT_EQ(posted(decide_on_case, "revision=old&" + number + "missing").status, 409);
    EXPECT_EQ(posted(decide_on_case, of_now("avtal=x&punkt=9&falt=y&beslut=accept")).status, 404);
    for (const char* action : {"", "undo", "request", "ACCEPT", "approve2"})
        EXPECT_EQ(posted(decide_on_case, of_now(number + action)).status, 400) << action;
    EXPECT_TRUE(open().decisions.empty());
    const Response refused = posted(decide_on_case, of_now("beslut=approve"));
    EXPECT_EQ(refused.status, 422);
    EXPECT_THAT(refused.body, HasSubstr("role=\"alert\""));
}

TEST_P(ReviewPageTest, AnothersClaimIsRespectedUntilItIsTakenOver) {
    receive("a");
    EXPECT_EQ(posted(claim_case, "", "bo").status, 303);
    std::string html = page();
    EXPECT_THAT(html, HasSubstr("bo granskar ärendet"));
    EXPECT_THAT(html, Not(HasSubstr("name=\"beslut\"")));
    EXPECT_EQ(posted(claim_case, "").status, 409);
    EXPECT_EQ(posted(take_over_case, "").status, 303);
    html = page();
    EXPECT_THAT(html, HasSubstr("Du granskar ärendet."));
    EXPECT_THAT(html, HasSubstr("name=\"beslut\""));
    EXPECT_EQ(posted(release_case, "").headers.at(0).second, "/");
    EXPECT_EQ(open().line.claimed_by, "");
}

TEST_P(ReviewPageTest, WhatIsNotCheckedYetOrNotThereIsSaid) {
    EXPECT_EQ(at("a").status, 404);
    EXPECT_EQ(posted(decide_on_case, "beslut=close").status, 404);
    receive_unchecked("w");
    const Response response = at("w");
    EXPECT_EQ(response.status, 200);
    EXPECT_THAT(response.body, HasSubstr("Underlaget kontrolleras."));
    EXPECT_THAT(response.body, Not(HasSubstr("name=\"beslut\"")));
}

TEST_P(ReviewPageTest, OfAPurgedCaseNoDocumentIsOffered) {
    receive("a");
    store_->purge(-1);
    ASSERT_TRUE(open().purged);
    const std::string html = page();
    EXPECT_THAT(html, HasSubstr("Handlingarna är gallrade."));
    for (const char* gone :
         {"212000-0143", "kommun", "/sida/", "/utsnitt/", "/original/", "<figure"})
        EXPECT_THAT(html, Not(HasSubstr(gone)));
    EXPECT_THAT(html, Not(HasSubstr("name=\"beslut\"")));
}

TEST_P(ReviewPageTest, WhatNoWorkerCouldFinishIsSaidAndTriedAgain) {
    EXPECT_THAT(handled(failed_page, "", "", Role::Admin, "adam").body,
                testing::AllOf(HasSubstr("Inget har misslyckats."),
                               HasSubstr("Väntar på kontroll: 0. Ännu inte lagda i kön: 0.")));
    const DeadLetter dead = dead_letter("d");
    EXPECT_THAT(at("d").body, HasSubstr("Underlaget kunde inte kontrolleras."));
    EXPECT_THAT(at("d").body, Not(HasSubstr("kontrolleras. Det tar")));
    const std::string html = handled(failed_page, "", "", Role::Admin, "adam").body;
    EXPECT_THAT(html, HasSubstr("<a href=\"/inlamning/d\">d</a>"));
    EXPECT_THAT(html, HasSubstr("Varje försök avbröts."));

    for (const char* none : {"", "x", "1x", "99999999999999999999"})
        EXPECT_EQ(posted(try_failed_again, std::string("nummer=") + none).status, 400) << none;
    const std::string number = "nummer=" + std::to_string(dead.key);
    EXPECT_EQ(posted(try_failed_again, number, "adam").status, 303);
    EXPECT_EQ(posted(try_failed_again, number).status, 303) << "somebody else was faster";
    EXPECT_EQ(woken_, 1);
    EXPECT_TRUE(work_->dead_letters().empty());
    EXPECT_EQ(work_->state().unsent, 1);
    const AuditLine last = cases_->log(0, 1).at(0);
    EXPECT_EQ(last.event.action, AuditAction::TriedAgain);
    EXPECT_EQ(last.actor, "adam");
    EXPECT_THAT(at("d").body, HasSubstr("Underlaget kontrolleras."));
}

INSTANTIATE_TEST_SUITE_P(Of, ReviewPageTest, testing::ValuesIn(kStoreKinds), name_of_kind);

}  // namespace
}  // namespace avtalskoll::app::web
