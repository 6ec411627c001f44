// A folder that is thrown away at the end of a scope, unless it is kept.
#pragma once
#include <filesystem>
#include <utility>

namespace avtalskoll::pipeline {

class ScratchFolder {
public:
    // Made anew: what an earlier run left there goes. Throws std::filesystem::filesystem_error.
    explicit ScratchFolder(std::filesystem::path folder) : folder_(std::move(folder)) {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
    }
    ~ScratchFolder() {
        std::error_code ignored;
        if (!kept_) std::filesystem::remove_all(folder_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    const std::filesystem::path& path() const { return folder_; }
    void keep_as(const std::filesystem::path& name) {
        std::filesystem::rename(folder_, name);
        kept_ = true;
    }

private:
    std::filesystem::path folder_;
    bool kept_ = false;
};

}  // namespace avtalskoll::pipeline
