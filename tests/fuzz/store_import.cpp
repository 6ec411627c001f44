// A store that somebody else has written: it is used, or refused with one error that names it.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "app/store/store.h"
#include "models/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace avtalskoll;
    static const std::string file =
        "/dev/shm/avtalskoll-fuzz-" + std::to_string(::getpid()) + ".db";
    for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(file + part);
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    try {
        const auto store = app::open_store(app::StorePlace(std::filesystem::path(file)), false);
        for (const auto& stored : store->waiting(10))
            (void)store->report_of(stored, {"0.1.0", "f", "r"});
        for (const auto& line : store->list("")) (void)store->latest_report(line.id);
        (void)store->audit("");
        (void)store->faults();
        (void)store->purge(0);
    } catch (const Error& e) {
        if (std::string(e.what()).find("avtalskoll-fuzz") == std::string::npos) std::abort();
    }
    return 0;
}
