#include "pipeline/forms/form_registry.h"

#include <gtest/gtest.h>

#include <fstream>

#include "models/error.h"
#include "pipeline/forms/form_writer.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::pipeline {
namespace {

namespace fs = std::filesystem;

// A registered form whose definition has one line changed.
class WrongDefinition : public testing::Test {
protected:
    explicit WrongDefinition(fs::path source = AVTALSKOLL_SOURCE_DIR
                             "/data/forms/producentavtal-2.1")
        : source_(std::move(source)) {}
    std::string refusal(const std::string& from, const std::string& to) {
        const fs::path form = folder_.path() / "forms" / "f";
        fs::create_directories(form);
        fs::copy_file(source_ / "blank.pdf", form / "blank.pdf",
                      fs::copy_options::overwrite_existing);
        std::ifstream in(source_ / "form.yaml");
        std::string text((std::istreambuf_iterator<char>(in)), {});
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos);
        text.replace(at, from.size(), to);
        std::ofstream(form / "form.yaml") << text;
        try {
            load_form(form);
        } catch (const Error& e) {
            EXPECT_EQ(e.kind(), ErrorKind::BadInput);
            return e.what();
        }
        return {};
    }
    TemporaryFolder folder_;

private:
    fs::path source_;
};

TEST_F(WrongDefinition, UnknownKindIsRefusedWithItsLine) {
    const std::string why = refusal("kind: text", "kind: txet");
    EXPECT_NE(why.find("form.yaml:12: unknown kind 'txet'"), std::string::npos) << why;
}
TEST_F(WrongDefinition, FieldThatTheBlankLacksIsRefusedWithTheNearest) {
    const std::string why = refusal("acroform: 1.organisation\n", "acroform: 1.organisaton\n");
    EXPECT_NE(why.find("did you mean '1.organisation'?"), std::string::npos) << why;
}
TEST_F(WrongDefinition, PageOutsideTheBlankIsRefused) {
    EXPECT_NE(refusal("page: 3", "page: 4").find("outside the blank, which has 3 pages"),
              std::string::npos);
}
TEST_F(WrongDefinition, BoxOutsideThePageIsRefused) {
    EXPECT_NE(refusal("[74, 213.5", "[574, 213.5").find("outside page 3"), std::string::npos);
}
TEST_F(WrongDefinition, UnknownKeyIsRefused) {
    EXPECT_NE(refusal("label: Organisation\n", "lable: Organisation\n").find("unknown key 'lable'"),
              std::string::npos);
}
TEST_F(WrongDefinition, KeyThatIsNoWordIsRefused) {
    for (const char* key : {"?\n: x\n", "? [a, b]\n: x\n", "? {a: b}\n: x\n"})
        EXPECT_NE(refusal("title: Producentavtal\n", key).find("a key must be a word"),
                  std::string::npos)
            << key;
}
TEST_F(WrongDefinition, MissingKeyIsRefused) {
    EXPECT_NE(refusal("title: Producentavtal\n", "").find("'title' is missing"), std::string::npos);
}
TEST_F(WrongDefinition, BrokenYamlIsRefusedWithItsLine) {
    EXPECT_NE(refusal("points:", "points: ["), "");
}
TEST_F(WrongDefinition, FieldIdTwiceInAPointIsRefused) {
    EXPECT_NE(refusal("id: organisation_number", "id: organisation").find("stands twice"),
              std::string::npos);
}
TEST_F(WrongDefinition, MissingBlankIsRefused) {
    EXPECT_NE(refusal("blank: blank.pdf", "blank: blnk.pdf").find("there is no file"),
              std::string::npos);
    EXPECT_NE(refusal("blank.pdf", std::string(300, 'b')).find("there is no file"),
              std::string::npos);
}

const fs::path kEveryKind = AVTALSKOLL_SOURCE_DIR "/tests/every_kind/provningsmedel-1.0";

// The same on the form that has a field of every kind.
class WrongKind : public WrongDefinition {
protected:
    WrongKind() : WrongDefinition(kEveryKind) {}
};

struct Refused {
    const char* from;
    const char* to;
    const char* why;
};

TEST_F(WrongKind, IsRefusedWithItsReason) {
    for (const Refused& c :
         {Refused{"cells: 10", "cells: 1", "'cells' is the number of cells of a value"},
          Refused{"kind: choice", "kind: checkbox", "'options' belongs to a choice"},
          Refused{"options: [", "max_ticked: 0\n        options: [", "must be 1 or more"},
          Refused{"label: Nej", "label: Ja", "option 'Ja' stands twice"},
          Refused{"label: Nej, box: [250", "label: Nej, box: [950", "outside page 1"},
          Refused{"parts: [[275", "box: [1, 1, 9, 9]\n        parts: [[275", "either 'box' or"},
          Refused{"parts: [[275, 223, 42, 20]", "parts: [[275, 223, 42]", "'parts' must be"},
          Refused{"'20[0-9]{2}/[0-9]{1,5}'", "'20[0-9'", "no regular expression"},
          Refused{"kind: number", "kind: date", "'min' and 'max' belong to"},
          Refused{"option: Ja", "option: Kanske", "'Kanske' is no option"},
          Refused{"if: \"5/disclosed\"", "if: 5/disclose", "no field 'disclose' in point '5'"},
          Refused{"    if: \"5/disclosed\"\n    option: Ja\n", "", "'if' is missing"},
          Refused{"\"6/signature_2\"]", "x]", "'x' is no field; write 'point/id'"},
          Refused{"\"6/signature_2\"]", "\"6/signature_2\"]\n    count: 3", "'count' must be"},
          Refused{"- any_of:", "- anyof:", "unknown key 'anyof'"},
          Refused{"- any_of:", "- equal: [\"4/from\", \"4/until\"]\n    any_of:", "has one of"},
          Refused{"in_order: [\"4/from\", ", "in_order: [\"3/count\", ", "fields of one kind"},
          Refused{"in_order: [\"4/from\", ", "in_order: [\"2/city\", ", "needs fields that are"},
          Refused{"in_order: [\"4/from\", ", "in_order: [", "must name 2 fields at least"}})
        EXPECT_NE(refusal(c.from, c.to).find(c.why), std::string::npos)
            << c.to << ": " << refusal(c.from, c.to);
}

bool is_same(const BoxPt& a, const BoxPt& b) {
    return std::abs(a.x - b.x) < 0.06 && std::abs(a.y - b.y) < 0.06 && std::abs(a.w - b.w) < 0.06 &&
           std::abs(a.h - b.h) < 0.06;
}

void expect_same(const Field& a, const Field& b) {
    EXPECT_EQ(a.id, b.id);
    EXPECT_EQ(a.label, b.label);
    EXPECT_EQ(a.kind, b.kind) << a.id;
    EXPECT_EQ(a.required, b.required) << a.id;
    EXPECT_EQ(a.name_field, b.name_field) << a.id;
    EXPECT_EQ(a.cells, b.cells) << a.id;
    EXPECT_EQ(a.most_ticks, b.most_ticks) << a.id;
    EXPECT_EQ(a.bounds.pattern, b.bounds.pattern);
    EXPECT_EQ(a.bounds.least, b.bounds.least);
    EXPECT_EQ(a.bounds.most, b.bounds.most);
    EXPECT_TRUE(is_same(a.place.box, b.place.box)) << a.id;
    EXPECT_TRUE(std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(), is_same))
        << a.id;
    ASSERT_EQ(a.options.size(), b.options.size());
    for (std::size_t i = 0; i < a.options.size(); ++i) {
        EXPECT_EQ(a.options[i].label, b.options[i].label);
        EXPECT_TRUE(is_same(a.options[i].box, b.options[i].box));
    }
    ASSERT_EQ(a.keep_empty.size(), b.keep_empty.size());
    for (std::size_t i = 0; i < a.keep_empty.size(); ++i)
        EXPECT_TRUE(is_same(a.keep_empty[i].box, b.keep_empty[i].box));
}

TEST(FormWriter, WritesWhatIsReadBack) {
    for (const fs::path& source :
         {kEveryKind, fs::path(AVTALSKOLL_SOURCE_DIR "/data/forms/producentavtal-2.1")}) {
        const Form form = load_form(source);
        FormDefinition definition{form.id, form.version, form.title};
        for (const FormPoint& point : form.points) {
            definition.points.push_back({point.number, point.title, {}});
            for (const Field& field : point.fields)
                definition.points.back().fields.push_back({field, "", "", {"a doubt"}});
        }
        definition.relations = form.relations;
        const TemporaryFolder folder;
        fs::copy_file(source / "blank.pdf", folder.path() / "blank.pdf");
        std::ofstream(folder.path() / "form.yaml") << yaml_of(definition);
        const Form again = load_form(folder.path());
        ASSERT_EQ(again.points.size(), form.points.size());
        for (std::size_t p = 0; p < form.points.size(); ++p) {
            ASSERT_EQ(again.points[p].fields.size(), form.points[p].fields.size());
            for (std::size_t f = 0; f < form.points[p].fields.size(); ++f)
                expect_same(form.points[p].fields[f], again.points[p].fields[f]);
        }
        ASSERT_EQ(again.relations.size(), form.relations.size());
        for (std::size_t r = 0; r < form.relations.size(); ++r) {
            EXPECT_EQ(again.relations[r].kind, form.relations[r].kind);
            EXPECT_EQ(again.relations[r].fields, form.relations[r].fields);
            EXPECT_EQ(again.relations[r].condition, form.relations[r].condition);
            EXPECT_EQ(again.relations[r].option, form.relations[r].option);
        }
    }
}

TEST(FormRegistry, TheProjectsOwnFormsLoad) {
    const FormSet set = load_forms(AVTALSKOLL_SOURCE_DIR "/data/forms");
    ASSERT_GE(set.forms.size(), 2U);
    for (const Form& form : set.forms)
        for (const FormPoint& point : form.points)
            for (const Field& field : point.fields) {
                EXPECT_GE(field.place.page, 1);
                EXPECT_LE(field.place.page, static_cast<int>(form.pages.size()));
                EXPECT_GT(field.place.box.w, 20);
            }
}

TEST(FormRegistry, FolderWithoutFormsIsRefused) {
    const TemporaryFolder folder;
    EXPECT_THROW(load_forms(folder.path()), Error);
    EXPECT_THROW(load_forms(folder.path() / "absent"), Error);
}

}  // namespace
}  // namespace avtalskoll::pipeline
