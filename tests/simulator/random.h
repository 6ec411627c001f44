// The simulator's dice: everything it makes follows from one seed.
#pragma once
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace avtalskoll::simulator {

// Not for use by two threads at once.
class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}
    // A stream of its own for part `index`: making one submission does not change the next.
    static Random stream(std::uint64_t seed, std::uint64_t index) {
        return Random(seed * 0x9E3779B97F4A7C15ULL + index * 0xD1B54A32D192ED03ULL + 1);
    }

    double real(double low, double high) {
        return low + (high - low) * static_cast<double>(engine_() >> 11) * 0x1.0p-53;
    }
    int whole(int low, int high) {
        return low + static_cast<int>(engine_() % static_cast<std::uint64_t>(high - low + 1));
    }
    bool chance(double p) { return real(0, 1) < p; }
    double normal(double mean, double spread) {
        double sum = 0;  // Irwin-Hall: near enough to normal, and the same on every library
        for (int i = 0; i < 12; ++i) sum += real(0, 1);
        return mean + spread * (sum - 6);
    }
    template <class T>
    const T& pick(const std::vector<T>& from) {
        return from[static_cast<std::size_t>(whole(0, static_cast<int>(from.size()) - 1))];
    }
    template <class T>
    void shuffle(std::vector<T>& items) {
        for (std::size_t i = items.size(); i > 1; --i)
            std::swap(items[i - 1],
                      items[static_cast<std::size_t>(whole(0, static_cast<int>(i) - 1))]);
    }

private:
    std::mt19937_64 engine_;
};

}  // namespace avtalskoll::simulator
