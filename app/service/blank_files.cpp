#include "app/service/blank_files.h"

#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "pipeline/files/atomic_file.h"
#include "pipeline/files/file_hash.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kChecksum = 64;  // hexadecimal digits of a SHA-256

// A note of the loaded program (elf(5)): three numbers, a name and a description, each padded to
// four bytes. Empty when it is no build id.
std::string build_id_in(const char* note, const char* end) {
    while (note + sizeof(ElfW(Nhdr)) <= end) {
        const auto* header = reinterpret_cast<const ElfW(Nhdr)*>(note);
        const auto padded = [](std::size_t size) { return (size + 3) / 4 * 4; };
        const char* name = note + sizeof *header;
        const char* description = name + padded(header->n_namesz);
        if (header->n_type == NT_GNU_BUILD_ID && header->n_namesz == 4) {
            std::string id;
            for (std::size_t i = 0; i < header->n_descsz; ++i)
                id += fmt::format("{:02x}", static_cast<unsigned char>(description[i]));
            return id;
        }
        note = description + padded(header->n_descsz);
    }
    return {};
}

// The linker's own name for this very build of the program.
std::string build_id() {
    std::string id;
    const auto look = [](dl_phdr_info* loaded, std::size_t, void* found) {
        for (int i = 0; i < loaded->dlpi_phnum; ++i) {
            const ElfW(Phdr)& part = loaded->dlpi_phdr[i];
            if (part.p_type != PT_NOTE) continue;
            // The loader tells addresses as numbers.
            // NOLINTNEXTLINE(performance-no-int-to-ptr)
            const char* begin = reinterpret_cast<const char*>(loaded->dlpi_addr + part.p_vaddr);
            std::string in_note = build_id_in(begin, begin + part.p_memsz);
            if (!in_note.empty()) *static_cast<std::string*>(found) = std::move(in_note);
        }
        return 1;  // the first is the program itself
    };
    dl_iterate_phdr(look, &id);
    return id;
}

fs::path folder_from(const char* variable, const char* below) {
    const char* set = std::getenv(variable);
    return set && *set ? fs::path(set) / below : fs::path();
}

// What other builds kept for the same blanks.
void remove_those_of_other_builds(const fs::path& file) {
    const std::string content = file.filename().string().substr(0, kChecksum + 1);
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(file.parent_path(), none)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(content) && entry.path() != file) fs::remove(entry.path(), none);
    }
}

}  // namespace

BlankFiles::BlankFiles(fs::path folder) : folder_(std::move(folder)), build_(build_id()) {}

fs::path BlankFiles::usual_folder() {
    if (const char* set = std::getenv("AVTALSKOLL_CACHE")) return set;
    for (const auto& [variable, below] :
         {std::pair("CACHE_DIRECTORY", ""), std::pair("XDG_CACHE_HOME", "avtalskoll"),
          std::pair("HOME", ".cache/avtalskoll")})
        if (fs::path folder = folder_from(variable, below); !folder.empty()) return folder;
    return {};
}

fs::path BlankFiles::file_for(const Blanks& blanks) const {
    if (folder_.empty() || build_.empty()) return {};
    std::string content;
    for (const fs::path& blank : blanks) {
        const std::string of_one = pipeline::sha256_of(blank);
        if (of_one.empty()) return {};
        content += of_one;
    }
    if (blanks.size() > 1) content = pipeline::sha256_of_text(content);
    return folder_ / fmt::format("{}-{}.blank", content, build_);
}

std::optional<std::string> BlankFiles::find(const Blanks& blanks) const {
    std::ifstream in(file_for(blanks), std::ios::binary);
    if (!in) return std::nullopt;
    std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (bytes.size() < kChecksum) return std::nullopt;
    const std::string checksum = bytes.substr(0, kChecksum);
    bytes.erase(0, kChecksum);
    return pipeline::sha256_of_text(bytes) == checksum ? std::optional(std::move(bytes))
                                                       : std::nullopt;
}

void BlankFiles::keep(const Blanks& blanks, std::string_view bytes) const try {
    const fs::path file = file_for(blanks);
    if (file.empty()) return;
    remove_those_of_other_builds(file);
    const std::string content(bytes);
    pipeline::write_whole(file, pipeline::sha256_of_text(content) + content);
} catch (const std::exception&) {
    // A full or read-only disk costs the next start a second, and nothing else.
}

}  // namespace avtalskoll::app
