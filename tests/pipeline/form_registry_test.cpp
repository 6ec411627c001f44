#include "pipeline/forms/form_registry.h"

#include <gtest/gtest.h>

#include <fstream>

#include "models/error.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::pipeline {
namespace {

namespace fs = std::filesystem;

// A registered form whose definition has one line changed.
class WrongDefinition : public testing::Test {
protected:
    std::string refusal(const std::string& from, const std::string& to) {
        const fs::path source = AVTALSKOLL_SOURCE_DIR "/data/forms/producentavtal-2.1";
        const fs::path form = folder_.path() / "forms" / "f";
        fs::create_directories(form);
        fs::copy_file(source / "blank.pdf", form / "blank.pdf",
                      fs::copy_options::overwrite_existing);
        std::ifstream in(source / "form.yaml");
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
