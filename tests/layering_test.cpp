// The folders' order: who may include whom, and which library stays behind which file.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

namespace avtalskoll {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, std::set<std::string>> kMayInclude{
    {"models", {"models"}},
    {"ocr", {"models", "ocr"}},
    {"rules", {"models", "rules"}},
    {"pipeline", {"models", "ocr", "rules", "pipeline"}},
    {"app", {"models", "ocr", "rules", "pipeline", "app"}},
};

// Library header prefix, and the only files that may include it.
const std::vector<std::pair<std::string, std::set<std::string>>> kHidden{
    {"poppler",
     {"ocr/draw_document.cpp", "ocr/page_layers.cpp", "ocr/pdf_facts.cpp", "ocr/pdf_signatures.cpp", "ocr/pdf_signatures.h", "ocr/visible_words.cpp", "ocr/visible_words.h"}},
    {"tesseract/", {"ocr/text_engine.cpp"}},
    {"oneapi/tbb", {"pipeline/flow.cpp"}},
    {"tbb/", {}},
    {"qpdf/", {"ocr/acroform.cpp", "ocr/embedded_scan.cpp", "ocr/page_parts.cpp", "ocr/pdf_signatures.cpp", "ocr/pdf_structure.cpp", "ocr/picture_damage.cpp"}},
    {"libheif/", {"ocr/picture_file.cpp"}},
    {"libexif/", {"ocr/picture_file.cpp"}},
    {"tiffio", {"ocr/picture_codec.cpp", "ocr/tiff_file.cpp"}},
    {"yaml-cpp/", {"pipeline/definition.h"}},
    {"cairo", {"pipeline/form_picture.cpp"}},
    {"phonenumbers/", {"rules/phone.cpp"}},
    {"kainjow/", {"pipeline/report_html.cpp", "app/web/html.h"}},
    {"CLI/", {"app/main.cpp"}},
    {"seccomp", {"ocr/sandbox.cpp"}},
    {"SQLiteCpp/", {"app/sqlite_file.h"}},
    {"sqlite3", {"app/sqlite_file.cpp"}},
    {"boost/", {"app/web/http_server.cpp"}},
    {"Poco/", {"app/web/multipart.cpp"}},
    {"png", {"app/web/page_pictures.cpp", "ocr/picture_file.cpp"}},
    {"nss", {"ocr/draw_document.cpp"}},
};

std::vector<std::string> includes_of(const fs::path& file) {
    static const std::regex kInclude(R"re(^\s*#include\s+["<]([^">]+)[">])re");
    std::ifstream in(file);
    std::vector<std::string> found;
    std::smatch match;
    for (std::string line; std::getline(in, line);)
        if (std::regex_search(line, match, kInclude)) found.push_back(match[1]);
    return found;
}

// What one include in `file` (relative to the root) breaks; empty: nothing.
std::string broken_rule(const std::string& file, const std::string& include) {
    const std::string folder = file.substr(0, file.find('/')), target = include.substr(0, include.find('/'));
    if (target == "tests" || (kMayInclude.contains(target) && !kMayInclude.at(folder).contains(target))) return file + " includes " + include;
    if (folder != "ocr" && include.starts_with("opencv2/")) return file + " includes OpenCV";
    for (const auto& [prefix, allowed] : kHidden)
        if (include.starts_with(prefix) && !allowed.contains(file)) return file + " includes " + include;
    return {};
}

TEST(Layering, NoForbiddenInclude) {
    int files = 0;
    for (const auto& [folder, allowed] : kMayInclude)
        for (const auto& entry : fs::recursive_directory_iterator(fs::path(AVTALSKOLL_SOURCE_DIR) / folder)) {
            const std::string ext = entry.path().extension().string();
            if (ext != ".h" && ext != ".cpp") continue;
            ++files;
            const std::string file = fs::relative(entry.path(), AVTALSKOLL_SOURCE_DIR).string();
            for (const std::string& include : includes_of(entry.path())) EXPECT_EQ(broken_rule(file, include), "");
        }
    EXPECT_GT(files, 50);
}

TEST(Layering, TheCheckCanFail) {
    EXPECT_NE(broken_rule("rules/x.cpp", "ocr/ink.h"), "");
    EXPECT_NE(broken_rule("ocr/x.cpp", "rules/text.h"), "");
    EXPECT_NE(broken_rule("rules/x.cpp", "opencv2/core.hpp"), "");
    EXPECT_NE(broken_rule("pipeline/x.cpp", "oneapi/tbb/task_arena.h"), "");
    EXPECT_NE(broken_rule("app/x.cpp", "tests/simulator/pen.h"), "");
}

// Forms are data: no source file names an agreement.
TEST(Layering, NoSourceNamesAnAgreement) {
    std::set<std::string> ids;
    for (const auto& entry : fs::directory_iterator(fs::path(AVTALSKOLL_SOURCE_DIR) / "data" / "forms"))
        if (entry.is_directory()) ids.insert(entry.path().filename().string().substr(0, entry.path().filename().string().rfind('-')));
    ASSERT_FALSE(ids.empty());
    for (const auto& [folder, allowed] : kMayInclude)
        for (const auto& entry : fs::recursive_directory_iterator(fs::path(AVTALSKOLL_SOURCE_DIR) / folder)) {
            if (!entry.is_regular_file()) continue;
            std::ifstream in(entry.path());
            const std::string text((std::istreambuf_iterator<char>(in)), {});
            for (const std::string& id : ids) EXPECT_EQ(text.find(id), std::string::npos) << entry.path() << " names " << id;
        }
}

}  // namespace
}  // namespace avtalskoll
