#include "app/http/http.h"

#include <gtest/gtest.h>

#include <fstream>

#include "app/http/multipart.h"
#include "models/error.h"
#include "tests/support/run_program.h"

namespace avtalskoll::app::web {
namespace {

TEST(Http, TargetIsDecodedSegmentBySegment) {
    const auto target = parse_target("/inlamning/%C3%A4rende%201%2F2/sida?q=a%20b+c&tom=&x");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->path, (std::vector<std::string>{"inlamning", "ärende 1/2", "sida"}));
    EXPECT_EQ(target->query.at("q"), "a b c");
    EXPECT_EQ(target->query.at("tom"), "");
    EXPECT_EQ(target->query.at("x"), "");
    EXPECT_TRUE(parse_target("/")->path.empty());
}

TEST(Http, BadTargetsAreNone) {
    for (const char* target : {"", "x", "*", "http://a/", "/%", "/%4", "/%zz", "/a/../b", "/./b",
                               "/%2e%2e/b", "/%00", "/a%0ab", "/%ff", "/?a=%ff", "/?a=%00"})
        EXPECT_FALSE(parse_target(target)) << target;
}

TEST(Http, WhatIsEncodedIsTheSameDecoded) {
    const std::string text = "å/..%&?#+ \"'<>";
    EXPECT_EQ(parse_target("/" + percent_encoded(text))->path.at(0), text);
}

TEST(Http, CookiesAndForms) {
    Request request;
    request.headers = {{"cookie", "a=1; __Host-x=2;b=3"},
                       {"content-type", "application/x-www-form-urlencoded"}};
    request.body = "namn=%C3%A5sa+b&rad=a%0D%0Ab";
    EXPECT_EQ(request.cookie("a"), "1");
    EXPECT_EQ(request.cookie("__Host-x"), "2");
    EXPECT_EQ(request.cookie("Host-x"), "");
    EXPECT_EQ(request.form()["namn"], "åsa b");
    EXPECT_EQ(request.form()["rad"], "a\r\nb");
    request.headers["content-type"] = "text/plain";
    EXPECT_TRUE(request.form().empty());
}

class Multipart : public testing::Test {
protected:
    UploadedForm unpack(const std::string& body,
                        const std::string& type = "multipart/form-data; boundary=x") const {
        std::ofstream(folder_.path() / "body", std::ios::binary) << body;
        return unpack_multipart(folder_.path() / "body", type, folder_.path(),
                                {.parts = 4, .field_bytes = 10});
    }
    const TemporaryFolder folder_;
};

TEST_F(Multipart, FilesComeByteForByte) {
    std::string bytes("\r\n--y\r\n\0\xff--x", 12);
    for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>(i * 7);
    const UploadedForm form = unpack(
        "--x\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\nå "
        "1\r\n--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"C:\\dir\\a "
        "%22b%22.pdf\"\r\nContent-Type: "
        "application/pdf\r\n\r\n" +
        bytes + "\r\n--x--\r\n");
    EXPECT_EQ(form.fields.at("id"), "å 1");
    ASSERT_EQ(form.files.size(), 1U);
    EXPECT_EQ(slurp(form.files[0].path), bytes);
}

TEST_F(Multipart, AnEmptyFileIsNamed) {
    const UploadedForm form = unpack(
        "--x\r\nContent-Disposition: form-data; name=\"f\"; "
        "filename=\"a.pdf\"\r\n\r\n\r\n--x\r\nContent-Disposition: form-data; name=\"f\"; "
        "filename=\"\"\r\n\r\n\r\n--x--\r\n");
    EXPECT_TRUE(form.files.empty());
    EXPECT_EQ(form.empty, std::vector<std::string>{"a.pdf"});
}

TEST_F(Multipart, WhatIsBrokenIsRefused) {
    const std::string part = "--x\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n1\r\n";
    EXPECT_EQ(unpack(part + "--x--").fields.at("id"), "1");
    for (const std::string& body :
         {std::string(), part, part + "--x", std::string("--x\r\n\r\n\r\nno name\r\n--x--"),
          std::string("--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--")})
        EXPECT_THROW(unpack(body), Error) << body;
    for (const char* type : {"", "text/plain", "multipart/form-data",
                             "multipart/form-data; boundary=", "multipart/mixed; boundary=x"})
        EXPECT_THROW(unpack(part + "--x--", type), Error) << type;
    EXPECT_THROW(
        unpack("--x\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n12345678901\r\n--x--"),
        Error);
    EXPECT_THROW(unpack(part + part + part + part + part + "--x--"), Error);
}

}  // namespace
}  // namespace avtalskoll::app::web
