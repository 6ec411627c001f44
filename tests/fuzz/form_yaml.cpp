// form.yaml: a definition is read, or refused with one error that names the file.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "models/error.h"
#include "ocr/document/blank_layout.h"
#include "pipeline/forms/form_registry.h"

namespace avtalskoll::ocr {

// The blank is read in the sandbox; what comes from there is another target's matter.
BlankLayout read_blank_layout(const std::filesystem::path&) {
    BlankLayout layout;
    layout.pages = {{595, 842}, {595, 842}};
    layout.fields.emplace("1.namn", FillableField{{1, {10, 10, 200, 20}}, "", false, false});
    return layout;
}

}  // namespace avtalskoll::ocr

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::filesystem::path folder =
        std::filesystem::path("/dev/shm") / ("avtalskoll-fuzz-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "blank.pdf") << "%PDF-1.4";
    std::ofstream(folder / "form.yaml", std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    try {
        (void)avtalskoll::pipeline::load_form(folder);
    } catch (const avtalskoll::Error& e) {
        if (std::string(e.what()).find(folder.string()) == std::string::npos) std::abort();
    }
    return 0;
}
