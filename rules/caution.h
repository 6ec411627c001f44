// How sure the program must be before it decides by itself: the one dial between passing too much
// and asking too much.
//
// Pure; safe from many threads.
#pragma once

namespace avtalskoll::rules {

// `factor` multiplies the odds that a decision needs: 1 is what was measured (docs/accuracy.md), 4
// asks a person more often, 0.25 less often. One number says how careful a run was.
struct Caution {
    double factor = 1;

    // The least belief that still decides, where `usual` does at factor 1; both 0..1.
    double least(double usual) const {
        const double odds = factor * usual / (1 - usual);
        return odds / (1 + odds);
    }
    // The same for a belief that must be at most `usual`.
    double most(double usual) const { return 1 - least(1 - usual); }
};

inline constexpr double kLeastCaution = 0.05, kMostCaution = 20;

}  // namespace avtalskoll::rules
