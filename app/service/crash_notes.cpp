#include "app/service/crash_notes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "app/store/store.h"
#include "models/error.h"

namespace avtalskoll::app {
namespace {

constexpr std::array kCrashes{SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL};

// A signal handler may touch these: they take no lock and no new memory.
std::array<std::atomic<std::int64_t>, 256> g_at_work;  // 0: free
std::atomic<int> g_file{-1};

void note_and_end(int signal) {
    for (const auto& place : g_at_work)
        if (const std::int64_t key = place.load(); key != 0)
            (void)!::write(g_file.load(), &key, sizeof key);
    ::raise(signal);  // the default action is back: SA_RESETHAND
}

}  // namespace

CrashNotes::CrashNotes(const std::filesystem::path& file,
                       const std::function<void(std::int64_t)>& tell)
    : file_(file) {
    {
        std::ifstream left(file, std::ios::binary);
        for (std::int64_t key = 0; left.read(reinterpret_cast<char*>(&key), sizeof key);) tell(key);
    }
    g_file = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    if (g_file < 0)
        throw Error(ErrorKind::Io,
                    fmt::format("{}: cannot be written: {}", file.string(), std::strerror(errno)));
    for (const int signal : kCrashes) {
        struct sigaction action {};
        if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_DFL)
            continue;  // a sanitizer's
        action = {};
        action.sa_handler = note_and_end;
        action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
        ::sigaction(signal, &action, nullptr);
    }
}

CrashNotes::~CrashNotes() { ::close(g_file.exchange(-1)); }

CrashNotes::AtWork::AtWork(std::int64_t key) {
    for (std::size_t i = 0; i < g_at_work.size(); ++i)
        if (std::int64_t free = 0; g_at_work.at(i).compare_exchange_strong(free, key)) {
            place_ = static_cast<int>(i);
            return;
        }
}

CrashNotes::AtWork::~AtWork() {
    if (place_ >= 0) g_at_work.at(static_cast<std::size_t>(place_)) = 0;
}

std::unique_ptr<CrashNotes> crash_notes_of(const StorePlace& place, Store& store) {
    std::filesystem::path file = place.beside(".crashes");
    if (place.is_on_server()) {  // and its folder may be of several machines
        std::array<char, 256> machine{};
        ::gethostname(machine.data(), machine.size() - 1);
        file += fmt::format(".{}", machine.data());
    }
    return std::make_unique<CrashNotes>(file, [&](std::int64_t key) { store.note_crash(key); });
}

}  // namespace avtalskoll::app
