#include "rules/tick_rule.h"

#include <algorithm>

#include "rules/field_rule.h"

namespace avtalskoll::rules {
namespace {

constexpr double kSureOfBox = 0.88;

}  // namespace

void judge_ticks(FieldReport& report, const Field& field, const FieldReading& reading,
                 const Caution& caution) {
    double least_sure = 1;
    int ticked = 0;
    std::string labels;
    bool doubtful = reading.ticks.empty();
    for (std::size_t i = 0; i < reading.ticks.size(); ++i) {
        const TickMeasure& box = reading.ticks[i];
        doubtful |= box.tick == Tick::Doubtful || box.confidence < caution.least(kSureOfBox);
        least_sure = std::min(least_sure, box.confidence);
        if (box.tick != Tick::Ticked) continue;
        ++ticked;
        if (i < field.options.size())
            labels += (labels.empty() ? "" : "; ") + field.options[i].label;
    }
    if (!labels.empty()) {
        report.value = labels;
        report.value_confidence = least_sure;
    }
    if (doubtful) return decide(report, FieldVerdict::Unclear, 0.7, "doubtful_tick");
    if (ticked == 0) return decide(report, FieldVerdict::Missing, least_sure, "not_ticked");
    if (ticked > std::max(1, field.most_ticks))
        return decide(report, FieldVerdict::Invalid, least_sure, "several_ticked");
    decide(report, FieldVerdict::Ok, least_sure, "");
}

}  // namespace avtalskoll::rules
