#include "app/service/log_line.h"

#include <atomic>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/store/utc_time.h"

namespace avtalskoll::app {
namespace {

std::atomic<LogFormat> g_format{LogFormat::Text};

// A log that cannot be written, as on a full disk, is no reason to end what is at work.
void put(const std::string& line) { (void)std::fwrite(line.data(), 1, line.size(), stderr); }

}  // namespace

void set_log_format(LogFormat format) { g_format = format; }

void write_log_line(std::int64_t submission, const std::string& message) {
    if (g_format == LogFormat::Text) {
        const std::string of = submission == 0 ? "" : fmt::format("submission {}: ", submission);
        put(fmt::format("{} {}{}\n", utc_now(), of, message));
        return;
    }
    nlohmann::ordered_json line{{"time", utc_now()}};
    if (submission != 0) line["submission"] = submission;
    line["message"] = message;
    put(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace avtalskoll::app
