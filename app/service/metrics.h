// What this process has done, in numbers, for Prometheus. No personal data.
//
// One for the process. Safe from many threads.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "app/store/work_store.h"
#include "models/report.h"

namespace avtalskoll::app {

enum class Failure { Store, Queue, Original, Other };

class Metrics {
public:
    static Metrics& of_process();

    // A submission was checked; `seconds`: from its beginning to its report.
    void note_checked(const Report& report, double seconds);
    void note_failure(Failure kind);
    void note_handed_in(std::size_t submissions);
    void note_at_work(int change);
    // nullopt: the store does not answer. What it said last is left out then.
    void note_state(const std::optional<WorkState>& state);
    void note_queue_up(bool is_up);  // left out until the first call
    void note_room(const std::filesystem::path& originals);

    bool is_store_up() const;
    bool is_queue_up() const;  // true when no queue is used

    // In Prometheus' text format.
    std::string text() const;

private:
    Metrics();
    ~Metrics();
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace avtalskoll::app
