#include "app/review/letter_texts.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>

#include "models/error.h"
#include "tests/support/run_program.h"

namespace avtalskoll::pipeline {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = AVTALSKOLL_SOURCE_DIR;

LetterTexts load(const std::string& yaml) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "request.yaml") << yaml;
    return load_letter_texts(folder.path() / "request.yaml");
}

const std::string kLeast =
    "subject: s\nto_person: t\nto_address: t\nabout: a\ngreeting: g\ngreeting_person: g\n"
    "opening: o\nclosing: c\ndeadline: d\nregards: r\nreminder_subject: s\nreminder: r\n"
    "overdue: o\ncopy_subject: s\ncopy: c\npoint_heading: p\n"
    "any_agreement: a\nfields: "
    "{otherwise: {value: v, signature: s}}\n";

TEST(LetterTexts, EveryReasonHasWords) {
    const LetterTexts texts = load_letter_texts(kRoot / "data" / "letters" / "request.yaml");
    const std::string source = slurp(kRoot / "rules" / "messages.cpp");
    const std::regex reason(R"re(\n    "([a-z_]+)",)re");
    int found = 0;
    for (auto at = std::sregex_iterator(source.begin(), source.end(), reason);
         at != std::sregex_iterator(); ++at) {
        const std::string code = (*at)[1];
        if (code.starts_with("repaired_by")) continue;  // those fields are in order
        EXPECT_TRUE(texts.fields.contains(code)) << code;
        ++found;
    }
    EXPECT_GT(found, 30);
}

TEST(LetterTexts, ComplainsWithFileAndLine) {
    EXPECT_NO_THROW(load(kLeast));
    for (const std::string& wrong :
         {kLeast + "more: x\n", kLeast + "findings: {page_missing: '{label}'}\n",
          std::string("subject: s\n"), "fields: {}\n" + kLeast.substr(0, kLeast.find("fields"))}) {
        try {
            load(wrong);
            FAIL() << wrong;
        } catch (const Error& e) {
            EXPECT_NE(std::string(e.what()).find("request.yaml:"), std::string::npos) << e.what();
        }
    }
}

}  // namespace
}  // namespace avtalskoll::pipeline
