// Documents that were never printed: filled in on the screen, signed with a certificate. The real
// program, real PDFs.
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFAcroFormDocumentHelper.hh>
#include <qpdf/QPDFWriter.hh>

#include "tests/support/report_schema.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kBlank = fs::path(AVTALSKOLL_SOURCE_DIR) / "data/forms/producentavtal-2.1/blank.pdf";

class DigitalDocument : public testing::Test {
protected:
    void fill_in(const std::map<std::string, std::string>& values) {
        QPDF pdf;
        pdf.processFile(kBlank.c_str());
        QPDFAcroFormDocumentHelper form(pdf);
        for (QPDFFormFieldObjectHelper field : form.getFormFields())
            if (const auto value = values.find(field.getFullyQualifiedName());
                value != values.end())
                field.setV(QPDFObjectHandle::newUnicodeString(value->second));
        form.generateAppearancesIfNeeded();
        QPDFWriter(pdf, document().c_str()).write();
    }
    // Signs with a certificate made for the occasion.
    void sign() {
        const std::string folder = folder_.path().string(),
                          unsigned_document = folder + "/unsigned.pdf";
        fs::rename(document(), unsigned_document);
        fs::create_directories(folder + "/nss");
        std::ofstream(folder + "/noise") << "a test's certificate need not be hard to guess";
        const auto shell = [&](const std::string& command) {
            ASSERT_EQ(std::system((command + " > /dev/null 2>&1").c_str()), 0) << command;
        };
        shell(fmt::format("certutil -N -d 'sql:{}/nss' --empty-password", folder));
        shell(
            fmt::format("certutil -S -d 'sql:{0}/nss' -n signer -s 'CN=Provperson "
                        "Ett,O=Provkommun' -x -t u,u,u -k rsa -g 2048 -z '{0}/noise'",
                        folder));
        std::system(fmt::format("pdfsig -nssdir 'sql:{0}/nss' -add-signature -nick signer '{1}' "
                                "'{2}' > /dev/null 2>&1",
                                folder, unsigned_document, document().string())
                        .c_str());
        ASSERT_TRUE(fs::exists(document()));
    }
    // Writes the document again, changed.
    template <class Change>
    void change(Change alter) {
        const fs::path before = folder_.path() / "before.pdf";
        fs::rename(document(), before);
        QPDF pdf;
        pdf.processFile(before.c_str());
        alter(pdf);
        QPDFWriter(pdf, document().c_str()).write();
        fs::remove(before);
    }
    static QPDFObjectHandle signature_field(QPDF& pdf, QPDFObjectHandle value) {
        auto field = QPDFObjectHandle::parse(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Underskrift) /F 132 /Rect [0 0 0 0] >>");
        if (!value.isNull()) field.replaceKey("/V", value);
        return pdf.makeIndirectObject(field);
    }
    json check() {
        const Outcome r = run(fmt::format("check '{}' --personal-data no --out '{}'",
                                          document().string(), (folder_.path() / "out").string()));
        EXPECT_NE(r.status, 2) << r.err;
        const std::string text = slurp(folder_.path() / "out" / "avtal" / "report.json");
        EXPECT_EQ(schema_faults(text), "");
        return json::parse(text, nullptr, false);
    }
    static json field(const json& report, const std::string& point, const std::string& name) {
        for (const json& p : report["agreements"][0]["points"])
            for (const json& f : p["fields"])
                if (p["point"] == point && f["field"] == name) return f;
        return {};
    }
    fs::path document() const { return folder_.path() / "avtal.pdf"; }

    const TemporaryFolder folder_;
    const std::map<std::string, std::string> values_{
        {"1.organisation", "Exempelås kommun (l1I|O0)"}, {"1.organisationsnummer", "212000-0142"}};
};

TEST_F(DigitalDocument, IsReadExactlyFromItsFields) {
    fill_in(values_);
    const json report = check();
    EXPECT_EQ(field(report, "1", "organisation")["value"], values_.at("1.organisation"));
    EXPECT_EQ(field(report, "1", "organisation")["value_confidence"], 1);
    EXPECT_EQ(field(report, "1", "organisation_number")["verdict"], "ok");
    EXPECT_EQ(field(report, "14", "signature")["verdict"], "missing");
    EXPECT_EQ(report["verdict"], "incomplete");
}

TEST_F(DigitalDocument, EmptyFieldIsStillMissing) {
    fill_in({{"1.organisation", "Exempelås kommun"}});
    EXPECT_EQ(field(check(), "1", "organisation_number")["verdict"], "missing");
}

TEST_F(DigitalDocument, SignedWithACertificateGoesToAPersonWithSignerAndTime) {
    fill_in(values_);
    sign();
    const std::string before = slurp(document());
    const json report = check();
    EXPECT_EQ(slurp(document()), before);
    EXPECT_EQ(report["verdict"], "review");
    EXPECT_EQ(field(report, "14", "signature")["verdict"], "unclear");
    EXPECT_EQ(field(report, "14", "signature")["reason"], "digitally_signed");
    const json signature = report["submission"]["files"][0]["signatures"][0];
    EXPECT_EQ(signature["signer"], "Provperson Ett");
    EXPECT_EQ(signature["validity"], "unchanged");
    EXPECT_EQ(signature["time"].get<std::string>().size(),
              std::string("2026-01-01T00:00:00Z").size());
    EXPECT_EQ(report["findings"][0]["code"], "digitally_signed");
}

TEST_F(DigitalDocument, ChangedAfterSigningIsSaid) {
    fill_in(values_);
    sign();
    std::string bytes = slurp(document());
    const auto at = bytes.find("/Title");  // within what was signed
    ASSERT_NE(at, std::string::npos);
    bytes[at + 1] = 'X';
    std::ofstream(document(), std::ios::binary) << bytes;
    EXPECT_EQ(check()["submission"]["files"][0]["signatures"][0]["validity"], "changed");
}

TEST_F(DigitalDocument, BytesAfterTheSignedOnesAreSaid) {
    fill_in(values_);
    sign();
    std::ofstream(document(), std::ios::binary | std::ios::app) << "\n% added later\n";
    const json report = check();
    EXPECT_EQ(report["submission"]["files"][0]["signatures"][0]["validity"], "partial");
    EXPECT_NE(report["findings"][0]["message"].get<std::string>().find("gäller inte hela filen"),
              std::string::npos);
    EXPECT_EQ(report["verdict"], "review");
}

TEST_F(DigitalDocument, SignatureFieldThatNobodySignedIsNoSignature) {
    fill_in(values_);
    change([](QPDF& pdf) {
        pdf.getRoot()
            .getKey("/AcroForm")
            .getKey("/Fields")
            .appendItem(signature_field(pdf, QPDFObjectHandle::newNull()));
    });
    const json report = check();
    EXPECT_FALSE(report["submission"]["files"][0].contains("signatures"));
    EXPECT_EQ(field(report, "14", "signature")["verdict"], "missing");
}

TEST_F(DigitalDocument, SignatureWhoseFormWasLostIsStillSaid) {
    fill_in(values_);
    sign();
    change([](QPDF& pdf) { pdf.getRoot().removeKey("/AcroForm"); });
    const json report = check();
    EXPECT_EQ(report["submission"]["files"][0]["signatures"][0]["validity"], "partial");
    EXPECT_EQ(field(report, "14", "signature")["reason"], "digitally_signed");
    EXPECT_EQ(report["verdict"], "review");
}

TEST_F(DigitalDocument, TimeStampIsNoPersonsSignature) {
    fill_in(values_);
    change([](QPDF& pdf) {
        const auto stamp = QPDFObjectHandle::parse(
            "<< /Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 /Contents <00> "
            "/ByteRange [0 1 2 3] >>");
        pdf.getRoot()
            .getKey("/AcroForm")
            .getKey("/Fields")
            .appendItem(signature_field(pdf, pdf.makeIndirectObject(stamp)));
    });
    const json report = check();
    EXPECT_EQ(report["submission"]["files"][0]["signatures"][0]["kind"], "time_stamp");
    EXPECT_EQ(field(report, "14", "signature")["reason"], "time_stamp_only");
    EXPECT_NE(report["findings"][0]["message"].get<std::string>().find("tidsstämpel"),
              std::string::npos);
}

TEST_F(DigitalDocument, SignatureOfAnotherServiceIsSaidThoughItCannotBeChecked) {
    fill_in(values_);
    change([](QPDF& pdf) {
        const auto seal = QPDFObjectHandle::parse(
            "<< /Type /Sig /Filter /Prov.Filter /SubFilter /Prov.Sigill /Name (Provtjanst) /M "
            "(D:20260302120000+01'00') /Contents <00> /ByteRange [0 1 2 3] >>");
        pdf.getRoot()
            .getKey("/AcroForm")
            .getKey("/Fields")
            .appendItem(signature_field(pdf, pdf.makeIndirectObject(seal)));
    });
    const json signature = check()["submission"]["files"][0]["signatures"][0];
    EXPECT_EQ(signature["signer"], "Provtjanst");
    EXPECT_EQ(signature["time"], "2026-03-02T11:00:00Z");
    EXPECT_NE(signature["validity"], "unchanged");
}

}  // namespace
}  // namespace avtalskoll
