#include "data/models/training/free_hands.h"

#include <cmath>
#include <numbers>

#include "tests/simulator/pen.h"

namespace avtalskoll::simulator {
namespace {

using std::numbers::pi;

constexpr double kStep_mm = 0.5;

// A curve through `corners`; `round` 0: straight from one to the next, 1: as a hand that never
// stops (Catmull-Rom).
Stroke through(const Stroke& corners, double round) {
    Stroke points;
    const auto at = [&](std::size_t i) { return corners[std::min(i, corners.size() - 1)]; };
    for (std::size_t i = 0; i + 1 < corners.size(); ++i) {
        const cv::Point2d from = at(i), to = at(i + 1);
        const cv::Point2d leave = 0.5 * round * (to - at(i == 0 ? 0 : i - 1)),
                          arrive = 0.5 * round * (at(i + 2) - from);
        const int steps = std::max(3, static_cast<int>(cv::norm(to - from) / kStep_mm));
        for (int s = 0; s < steps; ++s) {
            const double t = static_cast<double>(s) / steps, t2 = t * t, t3 = t2 * t;
            const double ease = 3 * t2 - 2 * t3;
            points.push_back(from + ((1 - round) * t + round * ease) * (to - from) +
                             (t3 - 2 * t2 + t) * leave + (t3 - t2) * arrive);
        }
    }
    points.push_back(corners.back());
    return points;
}

// Long strokes to and fro, steep or flat, with pointed or round turns.
Stroke to_and_fro(Random& random, double wide, double high) {
    const int turns = random.whole(3, 10);
    const double lean = random.real(-0.3, 1.6), drift = random.real(0, 0.35) * wide;
    Stroke corners;
    for (int i = 0; i < turns; ++i) {
        const double up = (i % 2 == 0 ? -1 : 1) * random.real(0.3, 1) * high / 2;
        corners.emplace_back(wide * i / (turns - 1) + random.normal(0, 0.3) * drift - lean * up,
                             up);
    }
    return through(corners, random.chance(0.4) ? random.real(0, 0.4) : random.real(0.6, 1.3));
}

// A flat wave that runs out in a line.
Stroke scrawl(Random& random, double wide, double high) {
    Stroke corners;
    const int turns = random.whole(5, 22);
    const double fade = random.real(0, 1);
    for (int i = 0; i < turns; ++i) {
        const double t = static_cast<double>(i) / turns;
        corners.emplace_back(
            wide * (t + random.normal(0, 0.2) / turns),
            (i % 2 == 0 ? -1 : 1) * high / 2 * random.real(0.1, 1) * (1 - fade * t));
    }
    corners.emplace_back(wide * random.real(1, 1.4), random.normal(0, 0.1) * high);
    return through(corners, random.real(0.5, 1.2));
}

// Letters of no alphabet, joined or apart.
std::vector<Stroke> letters(Random& random, double high) {
    std::vector<Stroke> strokes;
    const double joined = random.chance(0.5) ? 1 : random.real(0, 0.8), x_height = 0.5 * high,
                 round = random.real(0.3, 1.3), wide = random.real(0.5, 1.2) * x_height;
    double x = 0;
    for (int letter = random.whole(3, 14); letter > 0; --letter) {
        const bool first = strokes.empty(), space = !first && random.chance(0.08);
        if (first || space || !random.chance(joined)) strokes.emplace_back();
        if (space) x += wide;
        const double tall = first || space || random.chance(0.2) ? high : x_height,
                     deep = random.chance(0.12) ? x_height : 0;
        for (int i = random.whole(2, 5); i > 0; --i)
            strokes.back().emplace_back(x + wide * random.real(-0.2, 1),
                                        random.real(-tall, 0.1 * high) + random.real(0, deep));
        x += wide * random.real(0.6, 1.2);
    }
    std::vector<Stroke> curves;
    for (const Stroke& corners : strokes) curves.push_back(through(corners, round));
    return curves;
}

struct Extent {
    double left = 1e9, right = -1e9, top = 1e9, bottom = -1e9;
    double wide() const { return right - left; }
    double high() const { return bottom - top; }
};

Extent extent_of(const std::vector<Stroke>& strokes) {
    Extent e;
    for (const Stroke& stroke : strokes)
        for (const cv::Point2d& p : stroke) {
            e.left = std::min(e.left, p.x), e.right = std::max(e.right, p.x);
            e.top = std::min(e.top, p.y), e.bottom = std::max(e.bottom, p.y);
        }
    return e;
}

// A loop around the name or a part of it, closed or not.
Stroke ring(Random& random, const Extent& name) {
    const double rx = name.wide() * random.real(0.3, 0.7), ry = name.high() * random.real(0.5, 1.1),
                 x = name.left + name.wide() * random.real(0.25, 0.75),
                 y = name.top + name.high() * random.real(0.3, 0.7), turns = random.real(0.7, 1.7),
                 start = random.real(0, 2 * pi), shrink = random.real(-0.2, 0.3),
                 way = random.chance(0.5) ? 1 : -1;
    Stroke points;
    for (int i = 0; i <= 80; ++i) {
        const double t = i / 80.0, angle = start + way * 2 * pi * turns * t, size = 1 - shrink * t;
        points.emplace_back(x + size * rx * std::cos(angle), y + size * ry * std::sin(angle));
    }
    return points;
}

// A line under or through the name, from one pull or from several to and fro.
Stroke underline(Random& random, const Extent& name) {
    const double y = name.top + name.high() * random.real(0.4, 1.25),
                 rise = random.normal(0.1, 0.12);
    Stroke corners;
    double x = name.left + name.wide() * random.real(-0.15, 0.4);
    bool right = true;
    for (int i = random.chance(0.65) ? 2 : random.whole(3, 5); i > 0; --i, right = !right) {
        corners.emplace_back(x, y - rise * (x - name.left) + random.normal(0, 0.06) * name.high());
        x += (right ? 1 : -1) * name.wide() * random.real(0.5, 1.1);
    }
    return through(corners, random.real(0, 1));
}

std::vector<Stroke> name_of(Random& random) {
    const double wide = random.real(18, 62), high = random.real(4, 18);
    std::vector<Stroke> strokes;
    switch (random.whole(0, 5)) {
        case 0: return {to_and_fro(random, wide, high)};
        case 1: return {scrawl(random, wide, random.real(1, 7))};
        case 2:
        case 3: return letters(random, random.real(4, 14));
        case 4: strokes = letters(random, high); break;
        default: break;
    }
    // A beginning, and a stroke for the rest.
    if (strokes.empty()) strokes = {to_and_fro(random, random.real(3, 12), high)};
    Stroke rest = random.chance(0.5) ? scrawl(random, wide, random.real(1, 6))
                                     : to_and_fro(random, wide, 0.7 * high);
    const double from = random.real(0, extent_of(strokes).wide());
    for (cv::Point2d& p : rest) p.x += from;
    strokes.push_back(rest);
    return strokes;
}

}  // namespace

cv::Mat draw_free_hand(Random& random) {
    std::vector<Stroke> strokes = name_of(random);
    const Extent name = extent_of(strokes);
    if (random.chance(0.2)) strokes.push_back(ring(random, name));
    for (int i = random.chance(0.35) ? random.whole(1, 3) : 0; i > 0; --i)
        strokes.push_back(underline(random, name));
    for (int i = random.chance(0.15) ? random.whole(1, 3) : 0; i > 0; --i) {
        const cv::Point2d dot(name.left + name.wide() * random.real(0, 1.1),
                              name.top + name.high() * random.real(-0.1, 1.3));
        strokes.push_back({dot, dot + cv::Point2d(0.4, 0.2)});
    }
    const double turn = random.normal(0.06, 0.14);
    for (Stroke& stroke : strokes)
        for (cv::Point2d& p : stroke)
            p = {p.x * std::cos(turn) + p.y * std::sin(turn),
                 -p.x * std::sin(turn) + p.y * std::cos(turn)};
    return pull_strokes(random, random_pen(random), strokes);
}

}  // namespace avtalskoll::simulator
