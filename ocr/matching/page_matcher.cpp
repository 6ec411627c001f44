#include "ocr/matching/page_matcher.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "ocr/matching/lookalike.h"
#include "ocr/matching/page_marks.h"

namespace avtalskoll::ocr {
namespace {

constexpr double kMatchLong_px = 1170;  // A4 at kMatchDpi

// The scan at about matching scale. Whole-number shrinking is several times quicker than any other.
cv::Mat shrink_to_match(const cv::Mat& scan, double* shrink) {
    const int by =
        std::max(1, static_cast<int>(std::lround(std::max(scan.cols, scan.rows) / kMatchLong_px)));
    *shrink = 1.0 / by;
    if (by == 1) return scan;
    cv::Mat small;
    cv::resize(scan(cv::Rect(0, 0, scan.cols / by * by, scan.rows / by * by)), small,
               {scan.cols / by, scan.rows / by}, 0, 0, cv::INTER_AREA);
    return small;
}

// The strongest rows of a descriptor table.
cv::Mat strongest(const cv::Mat& descriptors, int most) {
    return descriptors.rowRange(0, std::min(descriptors.rows, most));
}

struct Likelihood {
    std::size_t blank;
    double alike;  // votes of features
};

// The blank pages in the order of their resemblance, the likeliest first.
std::vector<Likelihood> by_likelihood(const FeatureIndex& index, const cv::Mat& descriptors) {
    const std::vector<double> alike = index.resemblance(descriptors);
    std::vector<Likelihood> order;
    for (std::size_t i = 0; i < alike.size(); ++i) order.push_back({i, alike[i]});
    std::stable_sort(order.begin(), order.end(),
                     [](const Likelihood& a, const Likelihood& b) { return a.alike > b.alike; });
    return order;
}

struct Candidate {
    const BlankPage* blank;
    Registration registration;
};

bool looks_like(const BlankPage& page, const BlankPage& other,
                const std::vector<BlankPage>& blanks) {
    return std::any_of(page.lookalikes.begin(), page.lookalikes.end(),
                       [&](const Lookalike& l) { return &blanks[l.page] == &other; });
}

// Makes `best` the page that the scan shows where pages that look alike differ. What is left over:
// those that it may as well be.
std::vector<const Lookalike*> settle_lookalikes(Candidate& best,
                                                const std::vector<BlankPage>& blanks,
                                                const cv::Mat& scan, const PageFeatures& features,
                                                const cv::Mat& scan_match, double match_to_scan) {
    const auto like = [&](const Lookalike& l) {
        return likeness(scan, *best.blank, best.registration, l);
    };
    const Lookalike* likeliest = nullptr;
    double least = 0.5;
    for (const Lookalike& alike : best.blank->lookalikes)
        if (const Likeness l = like(alike); l.sure() && l.to_this < least) {
            least = l.to_this;
            likeliest = &alike;
        }
    if (likeliest) {
        const BlankPage& other = blanks[likeliest->page];
        if (const auto rough =
                fit_features(other, features, scan_match.size(), other.descriptors.rows))
            best = {&other, refine(other, scan_match, *rough, match_to_scan)};
    }
    std::vector<const Lookalike*> undecided;
    for (const Lookalike& alike : best.blank->lookalikes)
        if (const Likeness l = like(alike); !l.sure() || l.to_this < 0.5)
            undecided.push_back(&alike);
    return undecided;
}

constexpr int kPlentyOfPrint = 500;  // features
constexpr int kAllFeatures =
    4 * kFeatures;  // a real page had 7 inliers with 1,000 and 122 with 4,000

// A page that matches nothing is foreign only when it carries plenty of sharp print.
PageKind kind_without_match(const PageFeatures& features) {
    return features.descriptors.rows >= kPlentyOfPrint ? PageKind::Foreign : PageKind::Unknown;
}

// The form page that the scan is, else kind Foreign or Unknown.
PageMatch match_features(const PageFeatures& features, const cv::Mat& scan,
                         const cv::Mat& scan_match, double shrink, const Blanks& library,
                         const MatchOptions& options) {
    const std::vector<BlankPage>& blanks = library.pages;
    PageMatch result;
    result.kind = kind_without_match(features);
    if (features.descriptors.rows < 2) return result;

    const std::vector<Likelihood> order =
        by_likelihood(library.index, strongest(features.descriptors, options.prefilter_features));
    std::vector<Candidate> candidates;
    int most_inliers = 0;
    const auto try_page = [&](std::size_t index, int blank_features) {
        const auto rough = fit_features(blanks[index], features, scan_match.size(), blank_features);
        if (!rough || 3 * rough->inliers < most_inliers) return;
        most_inliers = std::max(most_inliers, rough->inliers);
        candidates.push_back(
            {&blanks[index], refine(blanks[index], scan_match, *rough, 1 / shrink)});
    };
    int looked_at = 0;
    for (const Likelihood& page : order) {
        // What looks like a page that was found comes close to it, and is told apart later.
        if (!candidates.empty() &&
            looks_like(*candidates.front().blank, blanks[page.blank], blanks))
            continue;
        // The next page is looked at closely only when it could be the one, or when the likeliest
        // is not plainly there.
        const bool plain = !candidates.empty() &&
                           candidates.front().registration.anchors_found >= options.plain_anchors;
        if (++looked_at > options.candidates ||
            (plain && options.outdone * page.alike < order.front().alike))
            break;
        try_page(page.blank, options.fit_features);
    }
    // A bad scan may have its print's features elsewhere than the blank's strongest ones: look at
    // all, of more pages, before giving up.
    const auto found = [&](const Candidate& c) {
        return c.registration.anchors_found >= options.least_anchors;
    };
    if (std::none_of(candidates.begin(), candidates.end(), found)) {
        const std::vector<Likelihood> closer = by_likelihood(library.index, features.descriptors);
        for (std::size_t i = 0;
             i < closer.size() && i < static_cast<std::size_t>(options.last_candidates); ++i)
            try_page(closer[i].blank, blanks[closer[i].blank].descriptors.rows);
    }
    if (candidates.empty()) return result;
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) {
                         return a.registration.anchors_found > b.registration.anchors_found;
                     });
    Candidate& best = candidates.front();
    const double share = best.registration.anchors_found;
    const auto is_rival = [&](const Candidate& c) {
        return c.blank != best.blank && !looks_like(*best.blank, *c.blank, blanks);
    };
    const auto rival = std::find_if(candidates.begin() + 1, candidates.end(), is_rival);
    const double margin = rival == candidates.end() ? 1 : share - rival->registration.anchors_found;
    result.kind = PageKind::Unknown;
    if (share < options.least_anchors || margin < options.least_margin) return result;
    const std::vector<const Lookalike*> undecided =
        settle_lookalikes(best, blanks, scan, features, scan_match, 1 / shrink);
    if (std::any_of(undecided.begin(), undecided.end(),
                    [](const Lookalike* l) { return !l->version; }))
        return result;  // of which form is it?
    result.kind = PageKind::Form;
    result.blank = best.blank;
    result.match.form = best.blank->form;
    result.match.form_page = best.blank->page;
    for (const Lookalike* version : undecided)
        result.match.also.push_back({blanks[version->page].form, blanks[version->page].page});
    result.match.rotation = upright_rotation(best.registration);
    result.match.anchors_found = best.registration.anchors_found;
    result.match.confidence =
        std::clamp(0.5 + 0.5 * std::min((share - options.least_anchors) / 0.3,
                                        (margin - options.least_margin) / 0.15),
                   0.5, 0.999);
    result.registration = std::move(best.registration);
    return result;
}

}  // namespace

PageMatch match_page(const cv::Mat& scan, const Blanks& blanks, const MatchOptions& options) {
    double shrink = 1;
    const cv::Mat scan_match = shrink_to_match(scan, &shrink);
    const PageFeatures features = find_features(scan_match, kFeatures);
    PageMatch blank;
    blank.kind = PageKind::Blank;
    // Whether a sheet is empty is asked first where that is likely, else only when it is nothing
    // else: noise has features too.
    const bool few = features.descriptors.rows < kPlentyOfPrint;
    if (few && is_empty_sheet(scan_match)) return blank;
    PageMatch match = match_features(features, scan, scan_match, shrink, blanks, options);
    // A busy or dirty page may have its strongest features anywhere but in the form's print.
    if (match.kind != PageKind::Form && features.descriptors.rows >= kFeatures / 2)
        if (PageMatch closer = match_features(find_features(scan_match, kAllFeatures), scan,
                                              scan_match, shrink, blanks, options);
            closer.kind == PageKind::Form)
            match = std::move(closer);
    if (match.kind != PageKind::Form) return !few && is_empty_sheet(scan_match) ? blank : match;
    const MatchedPage page{*match.blank, match.registration, scan_match, 1 / shrink};
    match.struck_through = is_struck_through(page);
    match.more_on_sheet = holds_more(page);
    match.print = check_print(page);
    return match;
}

}  // namespace avtalskoll::ocr
