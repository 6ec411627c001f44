// What does each stage of a page cost? One thread; a wrong answer is not timed.
#include <benchmark/benchmark.h>

#include <opencv2/imgproc.hpp>

#include "ocr/matching/blank_page.h"
#include "ocr/matching/form_library.h"
#include "ocr/matching/page_matcher.h"
#include "ocr/picture/light.h"
#include "ocr/reading/page_reader.h"
#include "pipeline/forms/form_registry.h"

namespace {

using namespace avtalskoll;

const ocr::FormLibrary& library() {
    static const ocr::FormLibrary made(pipeline::load_forms(AVTALSKOLL_SOURCE_DIR "/data/forms"),
                                       {});
    return made;
}

// The first blank page, a little turned and shaded.
cv::Mat sample_scan() {
    const cv::Mat blank = library().blanks().pages.front().read.whole();
    cv::Mat scan;
    cv::warpAffine(blank, scan, cv::getRotationMatrix2D({800, 1100}, 1.2, 0.98), blank.size(),
                   cv::INTER_LINEAR, cv::BORDER_CONSTANT, 255);
    return scan * 0.9;
}

void rasterize_page(benchmark::State& state) {
    for (auto _ : state) {
        ocr::Rasterizer rasterizer(library().forms().forms.front().blank, {});
        while (auto page = rasterizer.next())
            if (!page->trouble.empty()) return state.SkipWithError("a page was not drawn");
    }
    state.counters["pages"] = benchmark::Counter(3, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(rasterize_page)->Unit(benchmark::kMillisecond);

void even_light(benchmark::State& state) {
    const cv::Mat scan = sample_scan();
    for (auto _ : state) benchmark::DoNotOptimize(ocr::even_light(scan));
}
BENCHMARK(even_light)->Unit(benchmark::kMillisecond);

void match_page(benchmark::State& state) {
    const cv::Mat scan = ocr::even_light(sample_scan());
    for (auto _ : state) {
        const ocr::PageMatch match = ocr::match_page(scan, library().blanks(), {});
        if (match.kind != PageKind::Form || match.match.form_page != 1)
            return state.SkipWithError("the page was not found");
    }
}
BENCHMARK(match_page)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
    ocr::prepare_process();
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
