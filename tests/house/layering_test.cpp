// The rooms' order: who may include whom, and which library stays behind which file.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

namespace avtalskoll {
namespace {

namespace fs = std::filesystem;

using Rooms = std::set<std::string>;

// A room, and the rooms whose headers it may include besides its own. The CMakeLists.txt of the
// rooms say the same of the linker.
const std::map<std::string, Rooms> kMayInclude{
    {"models", {}},
    {"ocr/picture", {"models"}},
    {"ocr/document", {"models"}},
    {"ocr/sandboxed", {"models", "ocr/picture", "ocr/document"}},
    {"ocr/matching", {"models", "ocr/picture", "ocr/document"}},
    {"ocr/ink", {"models", "ocr/picture", "ocr/matching"}},
    {"ocr/reading", {"models", "ocr/picture", "ocr/document", "ocr/matching", "ocr/ink"}},
    {"ocr/comparing", {"models", "ocr/picture", "ocr/matching"}},
    {"rules", {"models"}},
    {"pipeline/files", {"models"}},
    {"pipeline/texts", {"models", "pipeline/files"}},
    {"pipeline/reports", {"models", "pipeline/texts"}},
    {"pipeline/forms", {"models", "ocr/document", "ocr/reading", "rules", "pipeline/files"}},
    {"pipeline",
     {"models", "ocr/document", "ocr/reading", "ocr/comparing", "rules", "pipeline/files",
      "pipeline/reports"}},
    {"app/store",
     {"models", "rules", "pipeline", "pipeline/files", "pipeline/texts", "pipeline/reports",
      "app/mail", "app/review"}},
    {"app/mail", {"models", "pipeline/files", "app/review"}},
    {"app/queue", {"models", "app/store"}},
    {"app/service",
     {"models", "ocr/document", "ocr/reading", "rules", "pipeline", "pipeline/files",
      "pipeline/texts", "pipeline/forms", "pipeline/reports", "app/mail", "app/queue",
      "app/store"}},
    {"app/review",
     {"models", "rules", "pipeline/files", "pipeline/texts", "pipeline/forms", "pipeline/reports"}},
    {"app/http", {"models"}},
    {"app/web",
     {"models", "ocr/document", "rules", "pipeline", "pipeline/files", "pipeline/texts",
      "pipeline/forms", "pipeline/reports", "app/http", "app/mail", "app/review", "app/service",
      "app/store"}},
    {"app/cli",
     {"models", "ocr/document", "ocr/ink", "ocr/reading", "rules", "pipeline", "pipeline/files",
      "pipeline/texts", "pipeline/forms", "pipeline/reports", "app/http", "app/mail", "app/queue",
      "app/review", "app/service", "app/store", "app/web"}},
};

// The beginning of a library's headers, and the only files that may include them.
const std::vector<std::pair<std::string, std::set<std::string>>> kHidden{
    {"poppler",
     {"ocr/sandboxed/draw_document.cpp", "ocr/sandboxed/page_layers.cpp",
      "ocr/sandboxed/pdf_facts.cpp", "ocr/sandboxed/pdf_signatures.h",
      "ocr/sandboxed/visible_words.h"}},
    {"tesseract/", {"ocr/reading/text_engine.cpp"}},
    {"oneapi/tbb", {"pipeline/flow.cpp"}},
    {"fmt/args", {"app/review/letter.cpp", "pipeline/texts/texts.cpp"}},
    {"tbb/", {}},
    {"qpdf/",
     {"ocr/sandboxed/acroform.cpp", "ocr/sandboxed/embedded_scan.cpp",
      "ocr/sandboxed/page_parts.cpp", "ocr/sandboxed/pdf_signatures.cpp",
      "ocr/sandboxed/pdf_structure.cpp", "ocr/sandboxed/picture_damage.cpp",
      "ocr/sandboxed/picture_stream.cpp", "ocr/sandboxed/picture_stream.h"}},
    {"libheif/", {"ocr/sandboxed/picture_file.cpp"}},
    {"libexif/", {"ocr/sandboxed/picture_file.cpp"}},
    {"tiffio", {"ocr/sandboxed/picture_codec.cpp", "ocr/sandboxed/tiff_file.cpp"}},
    {"jpeglib", {"ocr/sandboxed/jpeg_decoder.cpp"}},
    {"jbig2", {"ocr/sandboxed/picture_codec.cpp"}},
    {"yaml-cpp/", {"pipeline/files/definition.h"}},
    {"cairo", {"pipeline/forms/blank_from_filled.cpp", "pipeline/forms/picture_surface.h"}},
    {"phonenumbers/", {"rules/kinds/phone.cpp"}},
    {"kainjow/", {"app/web/html.h", "pipeline/reports/report_html.cpp"}},
    {"CLI/",
     {"app/cli/config_file.cpp", "app/cli/main.cpp", "app/cli/options.h", "app/cli/usage.cpp"}},
    {"seccomp", {"ocr/sandboxed/sandbox.cpp"}},
    {"SQLiteCpp/",
     {"app/store/sqlite_database.cpp", "app/store/sqlite_database.h",
      "app/store/sqlite_migration.h"}},
    {"sqlite3", {"app/store/sqlite_database.cpp"}},
    {"pqxx/", {"app/store/postgresql_database.cpp"}},
    {"amqp", {"app/queue/queue_place.cpp", "app/queue/work_queue.cpp"}},
    {"prometheus/", {"app/service/metrics.cpp"}},
    {"boost/", {"app/http/http_server.cpp"}},
    {"Poco/", {"app/http/http.cpp", "app/http/multipart.cpp", "rules/kinds/url.cpp"}},
    {"png", {"app/web/page_pictures.cpp", "ocr/sandboxed/picture_file.cpp"}},
    {"nss", {"ocr/sandboxed/draw_document.cpp"}},
    {"zstd", {"ocr/matching/packed_picture.cpp"}},
    {"leptonica/",
     {"ocr/picture/picture.cpp", "ocr/reading/page_reader.cpp", "ocr/reading/text_engine.cpp",
      "ocr/sandboxed/draw_document.cpp", "ocr/sandboxed/picture_codec.cpp",
      "ocr/sandboxed/picture_file.cpp"}},
    {"gmime/", {"app/mail/mail.cpp"}},
    {"curl/", {"app/mail/mail_carrier.cpp"}},
    {"sodium",
     {"app/mail/mail.cpp", "app/store/sql_accounts.cpp", "app/web/held_uploads.cpp",
      "app/web/sign_on.cpp", "app/web/site.cpp", "app/web/upload_intake.cpp",
      "app/web/uploaded.cpp", "pipeline/files/file_hash.cpp", "pipeline/reports/report_html.cpp"}},
    {"unicode/",
     {"app/http/http.cpp", "models/text.cpp", "pipeline/account.cpp",
      "pipeline/forms/draft_headings.cpp", "rules/kinds/email.cpp"}},
    {"nlohmann/",
     {"app/cli/account_command.cpp",
      "app/cli/case_command.cpp",
      "app/cli/check_command.cpp",
      "app/cli/form_command.cpp",
      "app/cli/queue_command.cpp",
      "app/cli/signature_command.cpp",
      "app/cli/store_command.cpp",

      "app/service/log_line.cpp",
      "app/store/case_events.cpp",
      "app/store/sql_database.cpp",
      "app/store/sql_store.cpp",
      "app/queue/work_queue.cpp",
      "app/store/sqlite_migration.cpp",
      "app/store/stored_json.cpp",
      "app/web/api/answers.h",
      "app/web/api/api.cpp",
      "app/web/api/case_api.cpp",
      "app/web/form_json.cpp",
      "app/web/form_json.h",
      "app/web/pages/form_pages.cpp",
      "ocr/document/blank_layout.cpp",
      "ocr/document/raster_answer.cpp",
      "ocr/document/rasterizer.cpp",
      "ocr/document/rasterizer.h",
      "ocr/matching/packed_blank.cpp",
      "ocr/sandboxed/acroform.h",
      "ocr/sandboxed/pdf_facts.h",
      "ocr/sandboxed/pdf_signatures.h",
      "ocr/sandboxed/rasterizer_main.cpp",
      "ocr/sandboxed/visible_words.h",
      "pipeline/account.cpp",
      "pipeline/reports/report_from_json.cpp",
      "pipeline/reports/report_json.cpp"}},
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

// The room of a file: the longest room's name that its path begins with.
std::string room_of(const std::string& file) {
    std::string room;
    for (const auto& [name, allowed] : kMayInclude)
        if (file.starts_with(name + "/") && name.size() > room.size()) room = name;
    return room;
}

// The rule that one include in `file` (relative to the root) breaks; empty: none.
std::string broken_rule(const std::string& file, const std::string& include) {
    const std::string room = room_of(file), target = room_of(include);
    std::string said = file + " includes " + include;
    if (include.starts_with("tests/")) return said;
    if (!target.empty() && target != room && !kMayInclude.at(room).contains(target)) return said;
    if (!file.starts_with("ocr/") && include.starts_with("opencv2/")) return said;
    for (const auto& [prefix, allowed] : kHidden)
        if (include.starts_with(prefix) && !allowed.contains(file)) return said;
    return {};
}

std::vector<fs::path> source_files() {
    std::vector<fs::path> files;
    for (const char* folder : {"models", "ocr", "rules", "pipeline", "app"})
        for (const auto& entry :
             fs::recursive_directory_iterator(fs::path(AVTALSKOLL_SOURCE_DIR) / folder))
            if (entry.path().extension() == ".h" || entry.path().extension() == ".cpp")
                files.push_back(entry.path());
    return files;
}

TEST(Layering, NoForbiddenInclude) {
    const std::vector<fs::path> files = source_files();
    EXPECT_GT(files.size(), 50U);
    for (const fs::path& path : files) {
        const std::string file = fs::relative(path, AVTALSKOLL_SOURCE_DIR).string();
        EXPECT_NE(room_of(file), "") << file << " lies in no room";
        for (const std::string& include : includes_of(path))
            EXPECT_EQ(broken_rule(file, include), "");
    }
}

// Every forbidden direction is noticed: from each room to each room that it may not use.
TEST(Layering, TheCheckCanFail) {
    for (const auto& [room, allowed] : kMayInclude)
        for (const auto& [target, others] : kMayInclude) {
            const bool free = target == room || allowed.contains(target);
            EXPECT_EQ(broken_rule(room + "/x.cpp", target + "/y.h").empty(), free)
                << room << " and " << target;
        }
    EXPECT_NE(broken_rule("rules/x.cpp", "opencv2/core.hpp"), "");
    EXPECT_NE(broken_rule("app/cli/x.cpp", "tests/simulator/pen.h"), "");
    for (const auto& [library, allowed] : kHidden)
        EXPECT_NE(broken_rule("ocr/ink/x.cpp", library + "x.h"), "") << library;
}

// Forms are data: no source file names an agreement.
TEST(Layering, NoSourceNamesAnAgreement) {
    std::set<std::string> ids;
    for (const auto& entry :
         fs::directory_iterator(fs::path(AVTALSKOLL_SOURCE_DIR) / "data" / "forms")) {
        const std::string name = entry.path().filename().string();
        if (entry.is_directory()) ids.insert(name.substr(0, name.rfind('-')));
    }
    ASSERT_FALSE(ids.empty());
    for (const fs::path& path : source_files()) {
        std::ifstream in(path);
        const std::string text((std::istreambuf_iterator<char>(in)), {});
        for (const std::string& id : ids)
            EXPECT_EQ(text.find(id), std::string::npos) << path << " names " << id;
    }
}

}  // namespace
}  // namespace avtalskoll
