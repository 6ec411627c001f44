// `avtalskoll form`: the real program on real blanks.
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "pipeline/forms/form_registry.h"
#include "tests/simulator/corpus.h"
#include "tests/simulator/pdf_writer.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll {
namespace {

namespace fs = std::filesystem;

Outcome import(const fs::path& blank, const std::string& id, const std::string& version,
               const fs::path& out) {
    return run(fmt::format("form import '{}' --id {} --version {} --out '{}'", blank.string(), id,
                           version, out.string()));
}

// The differences of two definitions of one blank; empty: none that matters.
std::string difference(const Form& one, const Form& other, double near_pt) {
    const auto apart = [&](const Place& a, const Place& b) {
        return a.page != b.page || std::abs(a.box.x - b.box.x) > near_pt ||
               std::abs(a.box.y - b.box.y) > near_pt ||
               std::abs(a.box.right() - b.box.right()) > near_pt ||
               std::abs(a.box.bottom() - b.box.bottom()) > near_pt;
    };
    if (one.points.size() != other.points.size())
        return fmt::format("{} points and {}", one.points.size(), other.points.size());
    for (std::size_t p = 0; p < one.points.size(); ++p) {
        const FormPoint &a = one.points[p], &b = other.points[p];
        if (a.number != b.number || a.fields.size() != b.fields.size())
            return fmt::format("point {} with {} fields and {} with {}", a.number, a.fields.size(),
                               b.number, b.fields.size());
        for (std::size_t f = 0; f < a.fields.size(); ++f) {
            const Field &x = a.fields[f], &y = b.fields[f];
            const std::string where = a.number + "/" + x.id;
            if (x.id != y.id || x.kind != y.kind || x.name_field != y.name_field)
                return fmt::format("{} ({}) and {} ({})", where, to_string(x.kind), y.id,
                                   to_string(y.kind));
            if (apart(x.place, y.place)) return where + " lies elsewhere";
            if (x.keep_empty.size() != y.keep_empty.size())
                return where + " has other places to keep empty";
            for (std::size_t e = 0; e < x.keep_empty.size(); ++e)
                if (apart(x.keep_empty[e], y.keep_empty[e]))
                    return where + ": the other side's place lies elsewhere";
        }
    }
    return {};
}

// Forms of two kinds: the program's own, whose definitions were written by hand, and the tests'
// (tests/forms), made with other tools, that were imported and used as they came.
class KnownForm : public testing::TestWithParam<const char*> {
protected:
    const fs::path folder_ = kSource / GetParam();
    const Form known_ = pipeline::load_form(folder_);
    const TemporaryFolder out_;
    Form imported() const {
        return pipeline::load_form(out_.path() / (known_.id + "-" + known_.version));
    }
};

TEST_P(KnownForm, IsDraftedFromItsBlankWithNothingToCorrect) {
    const Outcome r = import(folder_ / "blank.pdf", known_.id, known_.version, out_.path());
    ASSERT_EQ(r.status, 0) << r.err;
    EXPECT_EQ(difference(known_, imported(), 3), "");
    EXPECT_TRUE(fs::exists(out_.path() / "requirements.yaml"));
}

TEST_P(KnownForm, IsDraftedFromAScanOfItsBlank) {
    std::vector<simulator::Scan> scans;
    for (const cv::Mat& page : simulator::draw_pages(folder_ / "blank.pdf"))
        scans.push_back({.picture = page, .dpi = simulator::kSheetDpi, .jpeg_quality = 85});
    const fs::path scan = out_.path() / "scan.pdf";
    simulator::write_pdf(scan, scans);
    const Outcome r = import(scan, known_.id, known_.version, out_.path());
    ASSERT_EQ(r.status, 0) << r.err;
    EXPECT_EQ(difference(known_, imported(), 8), "");
}
std::string form_name(const testing::TestParamInfo<const char*>& form) {
    std::string name = fs::path(form.param).stem().string();
    std::erase_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
    return name;
}
INSTANTIATE_TEST_SUITE_P(Forms, KnownForm,
                         testing::Values("data/forms/producentavtal-2.1",
                                         "data/forms/pub-avtal-1.4",
                                         "tests/forms/leveransavtal-1.0",
                                         "tests/forms/forvaltningsavtal-3"),
                         form_name);

class BadBlank : public testing::Test {
protected:
    // Imports a bad blank: status 2, nothing left behind. Returns what was said.
    std::string refusal(const fs::path& blank) {
        const fs::path out = folder_.path() / "forms";
        const Outcome r = import(blank, "bad", "1", out);
        EXPECT_EQ(r.status, 2) << r.out;
        EXPECT_TRUE(!fs::exists(out) || fs::is_empty(out));
        return r.err;
    }
    fs::path made_with(const std::string& qpdf_arguments) {
        fs::path made = folder_.path() / "made.pdf";
        EXPECT_EQ(
            std::system(fmt::format("qpdf {} '{}' '{}'", qpdf_arguments,
                                    (kSource / "data/forms/producentavtal-2.1/blank.pdf").string(),
                                    made.string())
                            .c_str()),
            0);
        return made;
    }
    // A one-page PDF of `size` with text fields of the given names; its cross-reference table is
    // left to be recovered.
    fs::path written(const std::string& size, const std::vector<std::string>& names) {
        std::string fields, objects;
        for (std::size_t i = 0; i < names.size(); ++i) {
            fields += fmt::format("{} 0 R ", 4 + i);
            objects += fmt::format(
                "{} 0 obj <</Type/Annot/Subtype/Widget/FT/Tx/T({})/Rect[100 {} 300 {}]/P 3 0 R>> "
                "endobj\n",
                4 + i, names[i], 500 - 40 * i, 520 - 40 * i);
        }
        fs::path made = folder_.path() / "written.pdf";
        std::ofstream(made) << fmt::format(
            "%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{0}]>>>> endobj\n2 0 "
            "obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n"
            "3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 {1}]/Annots[{0}]>> endobj\n{2}trailer "
            "<</Root 1 0 R>>\n%%EOF\n",
            fields, size, objects);
        return made;
    }
    TemporaryFolder folder_;
};

TEST_F(BadBlank, OtherFileIsToldForWhatItIs) {
    const fs::path picture = folder_.path() / "picture.pdf";
    std::ofstream(picture) << "\xFF\xD8\xFF\xE0 and so on";
    EXPECT_NE(refusal(picture).find("is no PDF but a JPEG picture"), std::string::npos);
}
TEST_F(BadBlank, EncryptedIsRefused) {
    EXPECT_NE(refusal(made_with("--encrypt secret secret 256 --")).find("password"),
              std::string::npos);
}
TEST_F(BadBlank, RotatedPageIsNamed) {
    EXPECT_NE(refusal(made_with("--rotate=90:2")).find("page 2 is rotated"), std::string::npos);
}
TEST_F(BadBlank, OddSizeIsNamed) {
    EXPECT_NE(refusal(written("200 200", {"a"})).find("200 x 200 points"), std::string::npos);
}
TEST_F(BadBlank, TwoFieldsOfOneNameAreRefused) {
    EXPECT_NE(refusal(written("595 842", {"namn", "namn"})).find("two fields have the name 'namn'"),
              std::string::npos);
}
TEST_F(BadBlank, DamagedIsRefused) {
    const fs::path damaged = folder_.path() / "damaged.pdf";
    std::ofstream(damaged) << "%PDF-1.7\nnothing of use";
    EXPECT_NE(refusal(damaged).find("cannot be read"), std::string::npos);
}
TEST_F(BadBlank, NothingToFillInIsSaid) {
    EXPECT_NE(refusal(written("595 842", {})).find("nothing to fill in or sign"),
              std::string::npos);
}

TEST(FormImport, RegisteredVersionIsNotOverwritten) {
    const TemporaryFolder out;
    const fs::path blank = kSource / "tests/forms/leveransavtal-1.0/blank.pdf";
    ASSERT_EQ(import(blank, "leverans", "1", out.path()).status, 0);
    const std::string before = slurp(out.path() / "leverans-1" / "form.yaml");
    const Outcome again = import(blank, "leverans", "1", out.path());
    EXPECT_EQ(again.status, 2);
    EXPECT_NE(again.err.find("registered already"), std::string::npos);
    EXPECT_EQ(slurp(out.path() / "leverans-1" / "form.yaml"), before);
    EXPECT_EQ(import(blank, "../elsewhere", "1", out.path()).status, 2);
}

TEST(FormImport, OneBlankIsRegisteredOnce) {
    const TemporaryFolder out;
    const fs::path blank = kSource / "tests/forms/leveransavtal-1.0/blank.pdf";
    ASSERT_EQ(import(blank, "leverans", "1", out.path()).status, 0);
    for (const auto& [id, version] : {std::pair("leverans", "2"), std::pair("annat", "1")}) {
        const Outcome again = import(blank, id, version, out.path());
        EXPECT_EQ(again.status, 2);
        EXPECT_NE(again.err.find("is registered already, as"), std::string::npos) << again.err;
    }
}

TEST(FormImport, UnknownCounterpartyIsSaid) {
    const TemporaryFolder out;
    const Outcome r = run(fmt::format(
        "form import '{}' --id x --version 1 --counterparty 'Finns Ingenstans' --out '{}'",
        (kSource / "tests/forms/leveransavtal-1.0/blank.pdf").string(),
        (out.path() / "forms").string()));
    EXPECT_EQ(r.status, 2);
    EXPECT_NE(r.err.find("'Finns Ingenstans'"), std::string::npos) << r.err;
    EXPECT_FALSE(fs::exists(out.path() / "forms"));
}

TEST(FormCheck, DrawsEveryPage) {
    const TemporaryFolder out;
    const Outcome r =
        run(fmt::format("form check '{}' --out '{}'",
                        (kSource / "data/forms/pub-avtal-1.4").string(), out.path().string()));
    ASSERT_EQ(r.status, 0) << r.err;
    for (int page = 1; page <= 5; ++page)
        EXPECT_EQ(slurp(out.path() / fmt::format("page-{}.png", page)).substr(1, 3), "PNG") << page;
    EXPECT_FALSE(fs::exists(out.path() / "page-6.png"));
    EXPECT_NE(r.out.find("data_subject_categories"), std::string::npos);
}

TEST(FormList, NamesEveryVersion) {
    const Outcome r = run(
        fmt::format("form list --format json --forms '{}'", (kSource / "tests/forms").string()));
    ASSERT_EQ(r.status, 0) << r.err;
    const auto forms = nlohmann::json::parse(r.out);
    ASSERT_EQ(forms.size(), 3U);
    EXPECT_EQ(forms[1]["version"], "1.0");
    EXPECT_EQ(forms[2]["version"], "1.1");
    EXPECT_EQ(forms[0]["required"], "always");
}

TEST(FormShow, TellsWhatIsAskedForOrThatThereIsNoSuchForm) {
    const Outcome known = run("form show producentavtal");
    EXPECT_EQ(known.status, 0);
    EXPECT_NE(known.out.find("organisation_number"), std::string::npos);
    const Outcome unknown = run("form show hyresavtal");
    EXPECT_EQ(unknown.status, 2);
    EXPECT_NE(unknown.err.find("no registered form has the id 'hyresavtal'"), std::string::npos);
}

const fs::path kEveryKind = kSource / "tests" / "every_kind" / "provningsmedel-1.0";

// The field of a draft that lies where `wanted` lies; null: there is none.
const Field* drafted(const Form& draft, const Field& wanted) {
    const Field* found = nullptr;
    for_each_field(draft, [&](const FormPoint&, const Field& field) {
        if (field.place.page == wanted.place.page &&
            shared_part(field.place.box, wanted.place.box) > 0.5 &&
            (!found || field.kind == wanted.kind))
            found = &field;
    });
    return found;
}

TEST(FormImport, KnowsKindsCombsAndBoxesToTickByTheirPrint) {
    const TemporaryFolder out;
    ASSERT_EQ(import(kEveryKind / "blank.pdf", "p", "1", out.path()).status, 0);
    const Form draft = pipeline::load_form(out.path() / "p-1"),
               known = pipeline::load_form(kEveryKind);
    for_each_field(known, [&](const FormPoint& point, const Field& wanted) {
        // Lines beside a signature, and a second signer of the same side, are left to the
        // registrar.
        if (point.number == "6" && wanted.id != "signature") return;
        const Field* field = drafted(draft, wanted);
        ASSERT_NE(field, nullptr) << wanted.id;
        EXPECT_EQ(field->kind, wanted.kind) << wanted.id;
        EXPECT_EQ(field->cells, wanted.cells) << wanted.id;
        EXPECT_EQ(field->options.size(), wanted.options.size()) << wanted.id;
    });
}

TEST(FormImport, MakesABlankFromFilledInScans) {
    const FormSet forms = pipeline::load_forms(kEveryKind.parent_path());
    const simulator::CorpusMaker maker(forms, kSource / "data" / "registers" / "organisations.csv",
                                       {.seed = 91});
    const TemporaryFolder out;
    std::string scans;
    for (int i = 0; i < 4; ++i) {
        const std::string id = fmt::format("s{}", i);
        maker.make(out.path() / "in", id, static_cast<std::uint64_t>(i), {simulator::Tier::Clean});
        for (const auto& entry : fs::directory_iterator(out.path() / "in" / id))
            if (entry.path().extension() == ".pdf")
                scans += fmt::format(" '{}'", entry.path().string());
    }
    const std::string as = fmt::format(" --id p --version 1 --out '{0}' --pictures '{0}/shown'",
                                       (out.path() / "forms").string());
    const Outcome r = run("form import --from-filled" + scans + as);
    ASSERT_EQ(r.status, 0) << r.err;
    const Form draft = pipeline::load_form(out.path() / "forms" / "p-1"),
               known = pipeline::load_form(kEveryKind);
    int found = 0;
    for_each_field(known, [&](const FormPoint&, const Field& wanted) {
        found += drafted(draft, wanted) != nullptr;
    });
    EXPECT_GE(found, 12) << "of 22";
    for_each_field(draft, [&](const FormPoint&, const Field& field) {
        EXPECT_EQ(field.label.find("kommun"), std::string::npos) << field.label;
    });
}

TEST(FormImport, RefusesScansThatShareNothing) {
    const TemporaryFolder out;
    const std::string as = fmt::format(" --id p --version 1 --out '{}'", out.path().string());
    const std::string blank = fmt::format(" '{}'", (kEveryKind / "blank.pdf").string());
    const Outcome one = run("form import --from-filled" + blank + as);
    EXPECT_EQ(one.status, 2);
    EXPECT_NE(one.err.find("two filled-in scans"), std::string::npos) << one.err;
    const Outcome apart = run(fmt::format(
        "form import --from-filled{} '{}'{}", blank,
        (kSource / "data" / "forms" / "producentavtal-2.1" / "blank.pdf").string(), as));
    EXPECT_EQ(apart.status, 2);
    EXPECT_NE(apart.err.find("no page of the first scan"), std::string::npos) << apart.err;
    EXPECT_FALSE(fs::exists(out.path() / "p-1"));
    EXPECT_EQ(run("form import --id p --version 1").status, 2);
}

}  // namespace
}  // namespace avtalskoll
