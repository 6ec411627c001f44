#include "rules/strange_page.h"

#include <gtest/gtest.h>

#include <sstream>

#include "tests/support/form_fixture.h"

namespace avtalskoll::rules {
namespace {

const PageWords kWords{{"hej", "med vanlig halsning"},
                       {"avtalet", "parterna", "uppsagning", "tvist"}};

// Words of lines set one under the other; "|" parts what stands apart on a line.
std::vector<PrintedWord> words_of(const std::vector<std::string>& lines) {
    std::vector<PrintedWord> words;
    double y = 50;
    for (const std::string& line : lines) {
        double x = 60;
        std::istringstream in(line);
        for (std::string word; in >> word; x += 7.0 * static_cast<double>(word.size()) + 3) {
            if (word == "|") x += 60;
            else
                words.push_back(
                    {{x, y, 6.5 * static_cast<double>(word.size()), 10}, word, 10, false});
        }
        y += 16;
    }
    return words;
}

PageReading read_page(const std::vector<std::string>& lines, PageKind kind = PageKind::Foreign,
                      int rotation = 0) {
    PageReading page = other_page("a.pdf", 1, kind);
    page.whole = WholePage{{595, 842}, words_of(lines), rotation};
    return page;
}

const std::vector<std::string> kFormText{
    "1 Parter", "Leverantören levererar samfällda underlag enligt gällande bestämmelser",
    "Beställaren betalar ersättning kvartalsvis", "Organisation | Organisationsnummer",
    "Samtliga handlingar förvaras betryggande"};
FormSet printed_forms() {
    FormSet set = make_form_set();
    set.forms[0].print = {words_of(kFormText), {}};
    set.forms[0].points[0].fields[0].label = "Organisation";
    set.forms[0].points[0].fields[1].label = "Organisationsnummer";
    return set;
}

StrangeKind told(const PageReading& page) {
    return tell_strange_page(page, printed_forms(), kWords).kind;
}

const std::vector<std::string> kMinutes{
    "Protokoll fört vid sammanträde tisdagen",
    "Närvarande ledamöter samt tjänstgörande ersättare antecknas särskilt",
    "Ordförande öppnade klockan tretton"};

TEST(StrangePage, IsToldByItsWords) {
    EXPECT_EQ(told(other_page("a.pdf", 1, PageKind::Foreign)), StrangeKind::Unread);
    EXPECT_EQ(told(read_page({"Hej igen"})), StrangeKind::Illegible);
    EXPECT_EQ(told(read_page(kFormText)), StrangeKind::FormAlike);
    EXPECT_EQ(
        told(read_page(
            {"Hej,", "handlingarna kommer nästa vecka eftersom nämnden sammanträder först måndag",
             "Återkom gärna angående frågorna nedanför", "Med vänlig hälsning"})),
        StrangeKind::Letter);
    EXPECT_EQ(told(read_page({"Avtalet gäller mellan parterna tills vidare från undertecknandet",
                              "Uppsägning sker skriftligen senast månaden innan",
                              "Tvist avgörs slutligen genom svensk allmän domstol"})),
              StrangeKind::OtherAgreement);
    EXPECT_EQ(told(read_page(kMinutes)), StrangeKind::Other);
}

TEST(StrangePage, OnlyAPageReadAsSomethingElseHidesNothing) {
    const auto sure = [](const PageReading& page) {
        return is_surely_another(tell_strange_page(page, printed_forms(), kWords), page);
    };
    EXPECT_TRUE(sure(other_page("a.pdf", 1, PageKind::Foreign)));
    EXPECT_FALSE(sure(other_page("a.pdf", 1, PageKind::Unknown)));
    EXPECT_FALSE(sure(read_page(kFormText)));
    EXPECT_FALSE(sure(read_page({"Hej"})));
    EXPECT_TRUE(sure(read_page(kMinutes, PageKind::Unknown)));
}

std::string value_on(const std::vector<std::string>& lines, std::size_t field) {
    const FormPoint point = printed_forms().forms[0].points[0];
    const auto found = find_by_label(read_page(lines), point, point.fields[field]);
    return found ? found->value : "nothing";
}

TEST(FindByLabel, TakesWhatIsBesideUnderOrBehindTheLabel) {
    EXPECT_EQ(
        value_on(
            {"§ 1 Parter", "Organisation | Provby kommun", "Organisationsnummer | 212000-0142"}, 0),
        "Provby kommun");
    EXPECT_EQ(
        value_on({"1. Parter", "Organisation | Organisationsnummer", "Provby kommun | 212000-0142"},
                 0),
        "Provby kommun");
    EXPECT_EQ(
        value_on({"Parter", "Organisation: Provby kommun", "Organisationsnummer: 212000-0142"}, 1),
        "212000-0142");
}

TEST(FindByLabel, NothingWithoutHeadingLabelOrValue) {
    EXPECT_EQ(value_on({"7 Giltighet", "Organisation | Provby kommun"}, 0), "nothing");
    EXPECT_EQ(value_on({"1 Parter", "Myndighet | Provby kommun"}, 0), "nothing");
    EXPECT_EQ(value_on({"1 Parter", "Organisation | Organisationsnummer"}, 0), "nothing");
    EXPECT_EQ(value_on({"1 Parter", "2 Syfte", "Organisation | Provby kommun"}, 0), "nothing")
        << "under another point";
}

TEST(FindByLabel, BoxLiesOnThePageAsScanned) {
    const FormPoint point = printed_forms().forms[0].points[0];
    const std::vector<std::string> lines{"1 Parter", "Organisation | Provby kommun"};
    const BoxShare upright = find_by_label(read_page(lines), point, point.fields[0])->box;
    const BoxShare turned =
        find_by_label(read_page(lines, PageKind::Foreign, 180), point, point.fields[0])->box;
    const BoxShare on_side =
        find_by_label(read_page(lines, PageKind::Foreign, 90), point, point.fields[0])->box;
    EXPECT_NEAR(turned.x, 1 - upright.x - upright.w, 1e-9);
    EXPECT_NEAR(turned.y, 1 - upright.y - upright.h, 1e-9);
    EXPECT_NEAR(on_side.w, upright.h, 1e-9);
    EXPECT_NEAR(on_side.x, upright.y, 1e-9)
        << "turned clockwise to be upright: its left is the upright page's top";
}

}  // namespace
}  // namespace avtalskoll::rules
