// Uploads that wait for an answer: their files stay where they are until somebody says what to do
// with them.
#pragma once
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "models/submission.h"

namespace avtalskoll::app::web {

// A folder that is gone when nobody holds it any more.
class WorkFolder {
public:
    explicit WorkFolder(const std::filesystem::path& below);
    ~WorkFolder();
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

struct Upload {
    Submission submission;  // its paths lead into the folder
    std::shared_ptr<const WorkFolder> folder;
};

// Each has a random token, and only the user that sent it can reach it. Of each user's uploads the
// newest kMostHeld are kept, for kHeldFor. None outlives this object. Safe from many threads.
class HeldUploads {
public:
    static constexpr int kMostHeld = 5;
    static constexpr std::chrono::minutes kHeldFor{30};

    std::string hold(const std::string& user, Upload upload);
    std::optional<Upload> find(const std::string& token, const std::string& user);
    void drop(const std::string& token, const std::string& user);
    // Removes those whose time is over. Each of the others calls it; a caller may do so sooner.
    void remove_old();

private:
    struct Held {
        std::string user;
        Upload upload;
        std::chrono::steady_clock::time_point since;
    };
    void remove_old_locked();

    std::mutex mutex_;
    std::map<std::string, Held> held_;
};

}  // namespace avtalskoll::app::web
