// Input of the review server from browsers and others: targets, forms, uploads. Accepted input is
// UTF-8 and survives being encoded again.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "app/http/http.h"
#include "app/http/multipart.h"
#include "models/error.h"

namespace web = avtalskoll::app::web;

namespace {

void check_upload(const std::string& body) {
    static const std::filesystem::path kFolder = [] {
        std::string name =
            (std::filesystem::temp_directory_path() / "avtalskoll-fuzz-XXXXXX").string();
        return std::filesystem::path(mkdtemp(name.data()));
    }();
    std::ofstream(kFolder / "body", std::ios::binary) << body;
    try {
        const web::UploadedForm form =
            web::unpack_multipart(kFolder / "body", "multipart/form-data; boundary=x", kFolder,
                                  {.parts = 8, .field_bytes = 64});
        for (const auto& [name, value] : form.fields)
            if (value.size() > 64 || !web::is_utf8(value)) std::abort();
        for (const web::UploadedFile& file : form.files)
            if (file.name.find('/') != std::string::npos ||
                std::filesystem::file_size(file.path) > body.size())
                std::abort();
    } catch (const avtalskoll::Error&) {  // refused, as it should be
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    if (const auto target = web::parse_target(text)) {
        std::string again;
        for (const std::string& segment : target->path) {
            if (!web::is_utf8(segment) || segment == "..") std::abort();
            again += "/" + web::percent_encoded(segment);
        }
        if (web::parse_target(again.empty() ? "/" : again)->path != target->path) std::abort();
    }
    web::parse_form(text);
    check_upload(text);
    return 0;
}
