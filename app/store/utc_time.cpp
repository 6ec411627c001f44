#include "app/store/utc_time.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace avtalskoll::app {

std::string iso_time(std::time_t seconds) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
}
std::string utc_now() { return iso_time(std::time(nullptr)); }
std::string utc_ago(std::chrono::seconds ago) { return iso_time(std::time(nullptr) - ago.count()); }

std::string local_day(int days_from_now) {
    std::tm day = fmt::localtime(std::time(nullptr));
    day.tm_mday += days_from_now;
    day.tm_hour = 12;   // the hour at which no clock is set forward or back
    std::mktime(&day);  // makes a date of it again
    return fmt::format("{:%Y-%m-%d}", day);
}

std::time_t seconds_of_utc(const std::string& utc) {
    std::tm parts{};
    const char* end = ::strptime(utc.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return end && *end == '\0' ? ::timegm(&parts) : -1;
}

}  // namespace avtalskoll::app
