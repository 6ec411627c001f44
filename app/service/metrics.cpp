#include "app/service/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <mutex>
#include <system_error>
#include <utility>

#include "models/version.h"

namespace avtalskoll::app {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;

Counter& counter(Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

Family<Gauge>& gauges(Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

Gauge& gauge(Registry& registry, const char* name, const char* help) {
    return gauges(registry, name, help).Add({});
}

// A gauge that is left out while nothing is known.
class KnownGauge {
public:
    KnownGauge(Registry& registry, const char* name, const char* help)
        : family_(gauges(registry, name, help)) {}

    void set(std::optional<double> value) {
        const std::lock_guard lock(mutex_);
        if (!value && gauge_) family_.Remove(std::exchange(gauge_, nullptr));
        if (!value) return;
        if (!gauge_) gauge_ = &family_.Add({});
        gauge_->Set(*value);
    }
    std::optional<double> value() const {
        const std::lock_guard lock(mutex_);
        if (!gauge_) return std::nullopt;
        return gauge_->Value();
    }

private:
    Family<Gauge>& family_;
    mutable std::mutex mutex_;
    Gauge* gauge_ = nullptr;
};

const char* name_of(Failure kind) {
    switch (kind) {
        case Failure::Store: return "store";
        case Failure::Queue: return "queue";
        case Failure::Original: return "original";
        case Failure::Other: return "other";
    }
    return "other";
}

constexpr std::array kFailures{Failure::Store, Failure::Queue, Failure::Original, Failure::Other};
constexpr std::array kVerdicts{SubmissionVerdict::Complete, SubmissionVerdict::Incomplete,
                               SubmissionVerdict::Review, SubmissionVerdict::Rejected};

}  // namespace

// All values are there from the start, so that a rate of what never happened is 0.
struct Metrics::Families {
    Registry registry;
    Family<Counter>& submissions = prometheus::BuildCounter()
                                       .Name("avtalskoll_submissions_total")
                                       .Help("Submissions that this process has checked")
                                       .Register(registry);
    Counter& pages =
        counter(registry, "avtalskoll_pages_total", "Pages that this process has read");
    Family<Counter>& stages = prometheus::BuildCounter()
                                  .Name("avtalskoll_stage_seconds_total")
                                  .Help("Seconds spent in a stage, over all threads")
                                  .Register(registry);
    Histogram& seconds =
        prometheus::BuildHistogram()
            .Name("avtalskoll_submission_seconds")
            .Help("Seconds from a submission's beginning to its report")
            .Register(registry)
            .Add({}, Histogram::BucketBoundaries{0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128});
    Family<Counter>& failures = prometheus::BuildCounter()
                                    .Name("avtalskoll_failures_total")
                                    .Help("Times that something could not be used")
                                    .Register(registry);
    Counter& handed_in =
        counter(registry, "avtalskoll_handed_in_total", "Submissions that the queue has confirmed");
    Gauge& at_work =
        gauge(registry, "avtalskoll_at_work", "Submissions that this process checks now");
    KnownGauge waiting{registry, "avtalskoll_waiting",
                       "Submissions of the store that wait for a report"};
    KnownGauge oldest{registry, "avtalskoll_queue_oldest_seconds",
                      "Age of the oldest submission that waits"};
    KnownGauge unsent{registry, "avtalskoll_unsent",
                      "Submissions that were not handed to the queue yet"};
    KnownGauge dead{registry, "avtalskoll_dead_letters", "Submissions that no worker could finish"};
    Gauge& store_up = gauge(registry, "avtalskoll_store_up", "1 while the store answers");
    KnownGauge queue_up{registry, "avtalskoll_queue_up", "1 while the queue answers"};
    Gauge& room = gauge(registry, "avtalskoll_originals_free_bytes",
                        "Room on the disk where originals are kept");

    Families() {
        for (const SubmissionVerdict verdict : kVerdicts)
            submissions.Add({{"verdict", to_string(verdict)}});
        for (const char* stage : {"open", "draw", "match", "read", "strange"})
            stages.Add({{"stage", stage}});
        for (const Failure kind : kFailures) failures.Add({{"kind", name_of(kind)}});
        prometheus::BuildGauge()
            .Name("avtalskoll_build_info")
            .Help("The program's version")
            .Register(registry)
            .Add({{"version", kVersion}})
            .Set(1);
    }
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

Metrics& Metrics::of_process() {
    static Metrics metrics;
    return metrics;
}

void Metrics::note_checked(const Report& report, double seconds) {
    families_->submissions.Add({{"verdict", to_string(report.verdict)}}).Increment();
    families_->seconds.Observe(seconds);
    if (!report.timing) return;
    const StageTimes& times = *report.timing;
    const PageTime pages = times.sum();
    families_->pages.Increment(static_cast<double>(times.pages.size()));
    const auto spent = [&](const char* stage, double ms) {
        families_->stages.Add({{"stage", stage}}).Increment(ms / 1000);
    };
    spent("open", times.open_ms);
    spent("draw", pages.draw_ms);
    spent("match", pages.match_ms);
    spent("read", pages.read_ms);
    spent("strange", times.strange_ms);
}

void Metrics::note_failure(Failure kind) {
    families_->failures.Add({{"kind", name_of(kind)}}).Increment();
}
void Metrics::note_handed_in(std::size_t submissions) {
    families_->handed_in.Increment(static_cast<double>(submissions));
}
void Metrics::note_at_work(int change) { families_->at_work.Increment(change); }

void Metrics::note_state(const std::optional<WorkState>& state) {
    const auto of_it = [&](std::int64_t WorkState::*count) -> std::optional<double> {
        if (!state) return std::nullopt;
        return static_cast<double>((*state).*count);
    };
    families_->waiting.set(of_it(&WorkState::waiting));
    families_->unsent.set(of_it(&WorkState::unsent));
    families_->dead.set(of_it(&WorkState::dead));
    families_->oldest.set(of_it(&WorkState::oldest_seconds));
    families_->store_up.Set(state ? 1 : 0);
}

void Metrics::note_queue_up(bool is_up) { families_->queue_up.set(is_up ? 1 : 0); }

void Metrics::note_room(const std::filesystem::path& originals) {
    std::error_code unknown;
    const auto space = std::filesystem::space(originals, unknown);
    if (!unknown) families_->room.Set(static_cast<double>(space.available));
}

bool Metrics::is_store_up() const { return families_->store_up.Value() > 0; }
bool Metrics::is_queue_up() const { return families_->queue_up.value().value_or(1) > 0; }

std::string Metrics::text() const {
    return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace avtalskoll::app
