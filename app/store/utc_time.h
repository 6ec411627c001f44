// Times as the store writes them: ISO 8601, UTC, whole seconds. Safe from many threads.
#pragma once
#include <chrono>
#include <ctime>
#include <string>

namespace avtalskoll::app {

// `seconds` since 1970.
std::string iso_time(std::time_t seconds);
std::string utc_now();
std::string utc_ago(std::chrono::seconds ago);

// The day so many days from now by the local calendar: YYYY-MM-DD.
std::string local_day(int days_from_now = 0);

// Seconds since 1970; -1 when it is no such time.
std::time_t seconds_of_utc(const std::string& utc);

}  // namespace avtalskoll::app
