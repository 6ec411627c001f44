#include "app/http/http.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cctype>
#include <chrono>
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

// The library decodes a path before it takes it apart, and any byte whatever.
TEST(Http, TargetsAreTakenAsTheyAreSent) {
    EXPECT_EQ(parse_target("//a///b/")->path, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(parse_target("/a%2fb/c%3Fd%23e")->path, (std::vector<std::string>{"a/b", "c?d#e"}));
    EXPECT_EQ(parse_target("/a+b/x;y=1@z:80/#")->path,
              (std::vector<std::string>{"a+b", "x;y=1@z:80", "#"}));
    EXPECT_EQ(parse_target("/%25%32%45/%252e%252e")->path,
              (std::vector<std::string>{"%2E", "%2e%2e"}))
        << "decoded once";
    EXPECT_EQ(parse_target("/...")->path, std::vector<std::string>{"..."});
    EXPECT_EQ(parse_target("/\xC3\xA5")->path, std::vector<std::string>{"å"});
    EXPECT_EQ(parse_target("/a?b?c=d?e")->query,
              (std::map<std::string, std::string>{{"b?c", "d?e"}}));
}

TEST(Http, MoreBadTargetsAreNone) {
    using namespace std::string_literals;
    for (const std::string& target :
         {"/a\0b"s,         "/a?b=\0"s, "/a?b\0=c"s,    "/a\x7f"s,          "/%7F"s,
          "/%1f"s,          "/a\tb"s,   "/?a=%1b"s,     "/%c0%ae%c0%ae/b"s, "/%ed%a0%80"s,
          "/%f4%90%80%80"s, "/%C3"s,    "/\xff"s,       "/?%ff=a"s,         "/%u00e5"s,
          "/%+41"s,         "/% 41"s,   "/%4"s,         "/?a=%"s,           "/?a=%4"s,
          "/?%zz=1"s,       "/?a=%-1"s, "/?a=1&b=%g0"s, "/.%2e/b"s,         "/%2E"s,
          "\\a"s,           "?a=1"s,    " /a"s})
        EXPECT_FALSE(parse_target(target)) << target;
}

TEST(Http, FieldsOfAQueryAreTakenAsBrowsersSendThem) {
    using Fields = std::map<std::string, std::string>;
    EXPECT_EQ(parse_form(""), Fields{});
    EXPECT_EQ(parse_form("a=1&a=2&A=3"), (Fields{{"a", "2"}, {"A", "3"}})) << "the last one counts";
    EXPECT_EQ(parse_form("&&a=1&=2&&"), (Fields{{"a", "1"}})) << "nameless ones are none";
    EXPECT_EQ(parse_form("a=b=c&d=%3D%26%2B"), (Fields{{"a", "b=c"}, {"d", "=&+"}}));
    EXPECT_EQ(parse_form("a+b=c+d"), (Fields{{"a b", "c d"}}));
    EXPECT_EQ(parse_form("a=1;b=2"), (Fields{{"a", "1;b=2"}}));
    EXPECT_EQ(parse_form("a=1#b"), (Fields{{"a", "1#b"}}));
    EXPECT_EQ(parse_form("a=x%09y%0D%0Az"), (Fields{{"a", "x\ty\r\nz"}}));
    for (const char* bad : {"a=%00", "a=%1B", "a=%7f", "a=%C3%28", "a=1&b=%", "%0x=1"})
        EXPECT_FALSE(parse_form(bad)) << bad;
}

// A form may be as large as a body; its reading takes a time that grows with its size alone.
TEST(Http, AFormOfManyFieldsIsReadAtOnce) {
    std::string many, one = "a=";
    for (int i = 0; i < 30'000; ++i) many += "a&";
    for (int i = 0; i < 30'000; ++i) one += "%C3%A5";
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(parse_form(many)->size(), 1U);
    EXPECT_EQ(parse_form(one)->at("a").size(), 60'000U);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

TEST(Http, EveryByteButTheUnreservedIsEscaped) {
    EXPECT_EQ(percent_encoded("azAZ09-._~"), "azAZ09-._~");
    for (int c = 0; c < 256; ++c) {
        const bool plain =
            std::isalnum(c) != 0 ||
            std::string_view("-._~").find(static_cast<char>(c)) != std::string_view::npos;
        EXPECT_EQ(percent_encoded(std::string(1, static_cast<char>(c))),
                  plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c));
    }
}

// Cookies of other programs on the same host come along; none of them hides or replaces another.
TEST(Http, CookiesAreToldApartByTheirExactName) {
    Request request;
    for (const char* line : {"json={\"a\":\"; __Host-x=secret", "q=\"open; b=2 ; c=a=b; B=3",
                             "__host-x=theirs; x__Host-x=theirs; back=\\; empty=; bare"})
        request.add_header("Cookie", line);
    EXPECT_EQ(request.cookie("__Host-x"), "secret");
    EXPECT_EQ(request.cookie("b"), "2");
    EXPECT_EQ(request.cookie("c"), "a=b");
    EXPECT_EQ(request.cookie("back"), "\\");
    EXPECT_EQ(request.cookie("empty"), "");
    EXPECT_EQ(request.cookie("bare"), "");
    EXPECT_EQ(request.cookie("x"), "");
}

TEST(Http, OnlyAFormIsReadAsOne) {
    Request request;
    request.body = "a=1";
    for (const char* type : {"application/x-www-form-urlencoded; charset=UTF-8",
                             "Application/X-WWW-Form-Urlencoded"}) {
        request.headers["content-type"] = type;
        EXPECT_EQ(request.form()["a"], "1") << type;
    }
    for (const char* type : {"", "application", "application/x-www-form-urlencoded2",
                             "multipart/form-data; boundary=x", "*/*", "/"}) {
        request.headers["content-type"] = type;
        EXPECT_TRUE(request.form().empty()) << type;
    }
    request.headers["content-type"] = "application/x-www-form-urlencoded";
    request.body = "a=1&b=%zz";
    EXPECT_TRUE(request.form().empty()) << "broken in part is broken";
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

std::string part_of(const std::string& disposition, const std::string& content = "1") {
    return "--x\r\nContent-Disposition: " + disposition + "\r\n\r\n" + content + "\r\n";
}

TEST_F(Multipart, ABoundaryMayBeQuotedAndHoldsWhatItHolds) {
    const std::string body =
        "--a b;c\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n1\r\n"
        "--a b;c--\r\n";
    EXPECT_EQ(unpack(body, "multipart/form-data; boundary=\"a b;c\"").fields.at("id"), "1");
    EXPECT_EQ(
        unpack(body, "Multipart/Form-Data; charset=utf-8; BOUNDARY=\"a b;c\"; x=y").fields.at("id"),
        "1");
    for (const char* type :
         {"multipart/form-data; boundary=a b;c", "multipart/form-data; boundary=\"\"",
          "multipart/form-data; boundary=\"", "multipart/form-data; boundary",
          "multipart/form-data;"})
        EXPECT_THROW(unpack(body, type), Error) << type;
    EXPECT_THROW(unpack(body, "multipart/form-data; boundary=" + std::string(71, 'x')), Error);
}

TEST_F(Multipart, NamesOfFilesAreKeptAndNeverBecomePaths) {
    const auto name_of = [&](const std::string& name) {
        const auto form =
            unpack(part_of("form-data; name=\"f\"; filename=\"" + name + "\"") + "--x--");
        EXPECT_EQ(form.files.at(0).path.parent_path(), folder_.path());
        return form.files.at(0).name;
    };
    EXPECT_EQ(name_of("../../etc/passwd"), "passwd");
    EXPECT_EQ(name_of("/a/b c;d.pdf"), "b c;d.pdf");
    EXPECT_EQ(name_of("%22a%22%0D%0A.pdf"), "\"a\"%0D%0A.pdf");
    EXPECT_EQ(name_of("\xC3\xA5.pdf"), "å.pdf");
    EXPECT_EQ(name_of(".."), "..");
}

TEST_F(Multipart, PartsAreTakenAsTheyNameThemselves) {
    const UploadedForm form =
        unpack(part_of("form-data; name=\"a\"", "1") + part_of("form-data; name=\"a\"", "2") +
               part_of("form-data; NAME=b; x=\"y;z\"", "3") + "--x--");
    EXPECT_EQ(form.fields.at("a"), "2") << "the last one counts";
    EXPECT_EQ(form.fields.at("b"), "3");
    for (const char* other :
         {"attachment; name=\"a\"", "name=\"a\"", "form-data; filename=\"a.pdf\"", "",
          "form-data; =a", "form-data name=a"})
        EXPECT_THROW(unpack(part_of(other) + "--x--"), Error) << other;
}

TEST_F(Multipart, FieldsThatAreNoTextOrTooLongAreRefused) {
    EXPECT_EQ(unpack(part_of("form-data; name=\"a\"", "1234567890") + "--x--").fields.at("a"),
              "1234567890");
    EXPECT_THROW(unpack(part_of("form-data; name=\"a\"", "\xff") + "--x--"), Error);
    EXPECT_THROW(unpack(part_of("form-data; name=\"a\"", "\xC3") + "--x--"), Error);
    EXPECT_THROW(unpack("--x\r\n" + std::string(100'000, 'h') + ": 1\r\n\r\n1\r\n--x--"), Error);
    std::string headers;
    for (int i = 0; i < 10'000; ++i) headers += "H: 1\r\n";
    EXPECT_THROW(unpack("--x\r\n" + headers +
                        "Content-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--"),
                 Error);
}

}  // namespace
}  // namespace avtalskoll::app::web
