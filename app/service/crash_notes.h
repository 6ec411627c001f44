// Remembers over a crash which submissions were being checked: a document that ends the program
// again and again is to be set aside, not to stop all others.
//
// A kill from outside is no crash and leaves no note. Thread-safe; one object in a process.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

namespace avtalskoll::app {

class Store;
struct StorePlace;

class CrashNotes {
public:
    // Hands the notes of earlier runs to `tell`, a key for each submission that was at work when
    // one crashed, and removes them. From now on a crash (SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL)
    // adds to `file` what is at work. Throws Error{Io} when `file` cannot be written.
    CrashNotes(const std::filesystem::path& file, const std::function<void(std::int64_t)>& tell);
    ~CrashNotes();
    CrashNotes(const CrashNotes&) = delete;
    CrashNotes& operator=(const CrashNotes&) = delete;

    // At work while it lives.
    class AtWork {
    public:
        explicit AtWork(std::int64_t key);
        ~AtWork();
        AtWork(const AtWork&) = delete;
        AtWork& operator=(const AtWork&) = delete;

    private:
        int place_ = -1;
    };

private:
    std::filesystem::path file_;
};

// The notes beside the store at `place`. Notes of earlier runs are counted in `store` at once.
std::unique_ptr<CrashNotes> crash_notes_of(const StorePlace& place, Store& store);

}  // namespace avtalskoll::app
