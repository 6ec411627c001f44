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

// A scan, and the same at the size in which pages are matched.
struct ScannedPage {
    const cv::Mat& scan;
    cv::Mat scan_match;
    double shrink = 1;  // scan_match's size as a share of the scan's
};

constexpr int kPlentyOfPrint = 500;          // features
constexpr int kAllFeatures = 4 * kFeatures;  // a real page: 7 inliers with 1,000, 122 with 4,000

// A page that matches nothing is foreign only when it carries plenty of sharp print.
PageKind kind_without_match(const PageFeatures& features) {
    return features.descriptors.rows >= kPlentyOfPrint ? PageKind::Foreign : PageKind::Unknown;
}

// Looks for the form page that a scan is, by some of its features.
class PageSearch {
public:
    PageSearch(const ScannedPage& page, const PageFeatures& features, const Blanks& library,
               const MatchOptions& options)
        : page_(page), features_(features), library_(library), options_(options) {}

    // Else kind Foreign or Unknown.
    PageMatch find() {
        PageMatch result;
        result.kind = kind_without_match(features_);
        if (features_.descriptors.rows < 2) return result;
        try_likely_pages();
        if (std::none_of(candidates_.begin(), candidates_.end(), [&](const Candidate& c) {
                return c.registration.anchors_found >= options_.least_anchors;
            }))
            try_with_all_features();
        if (candidates_.empty()) return result;
        std::stable_sort(candidates_.begin(), candidates_.end(),
                         [](const Candidate& a, const Candidate& b) {
                             return a.registration.anchors_found > b.registration.anchors_found;
                         });
        result.kind = PageKind::Unknown;
        Candidate& best = candidates_.front();
        const double share = best.registration.anchors_found, margin = margin_of_best();
        if (share < options_.least_anchors || margin < options_.least_margin) return result;
        const std::vector<const Lookalike*> undecided = settle_lookalikes(best);
        const bool other_form = std::any_of(undecided.begin(), undecided.end(),
                                            [](const Lookalike* l) { return !l->version; });
        if (other_form) return result;
        return as_form(best, undecided, confidence_of(share, margin));
    }

private:
    void try_page(std::size_t index, int blank_features) {
        const BlankPage& blank = library_.pages[index];
        const auto rough = fit_features(blank, features_, page_.scan_match.size(), blank_features);
        if (!rough || 3 * rough->inliers < most_inliers_) return;
        most_inliers_ = std::max(most_inliers_, rough->inliers);
        candidates_.push_back({&blank, refine(blank, page_.scan_match, *rough, 1 / page_.shrink)});
    }

    void try_likely_pages() {
        const std::vector<Likelihood> order = by_likelihood(
            library_.index, strongest(features_.descriptors, options_.prefilter_features));
        int looked_at = 0;
        for (const Likelihood& page : order) {
            // A page that looks like one that was found comes close to it, and is told apart later.
            if (!candidates_.empty() &&
                looks_like(*candidates_.front().blank, library_.pages[page.blank], library_.pages))
                continue;
            // The next page is looked at closely only when it could be the one, or when the
            // likeliest is not plainly there.
            const bool plain =
                !candidates_.empty() &&
                candidates_.front().registration.anchors_found >= options_.plain_anchors;
            if (++looked_at > options_.candidates ||
                (plain && options_.outdone * page.alike < order.front().alike))
                break;
            try_page(page.blank, options_.fit_features);
        }
    }

    // A bad scan may have its print's features elsewhere than the blank's strongest ones: look at
    // all, of more pages, before giving up.
    void try_with_all_features() {
        const std::vector<Likelihood> closer = by_likelihood(library_.index, features_.descriptors);
        const auto most = static_cast<std::size_t>(options_.last_candidates);
        for (std::size_t i = 0; i < std::min(closer.size(), most); ++i)
            try_page(closer[i].blank, library_.pages[closer[i].blank].descriptors.rows);
    }

    // How far the best candidate is ahead of the next that does not look like it.
    double margin_of_best() const {
        const Candidate& best = candidates_.front();
        const auto is_rival = [&](const Candidate& c) {
            return c.blank != best.blank && !looks_like(*best.blank, *c.blank, library_.pages);
        };
        const auto rival = std::find_if(candidates_.begin() + 1, candidates_.end(), is_rival);
        if (rival == candidates_.end()) return 1;
        return best.registration.anchors_found - rival->registration.anchors_found;
    }

    // Among pages that look alike, makes `best` the one that the scan shows where they differ.
    // Returns the pages that it may as well be.
    std::vector<const Lookalike*> settle_lookalikes(Candidate& best) const {
        const auto like = [&](const Lookalike& l) {
            return likeness(page_.scan, *best.blank, best.registration, l);
        };
        const Lookalike* likeliest = nullptr;
        double least = 0.5;
        for (const Lookalike& alike : best.blank->lookalikes)
            if (const Likeness l = like(alike); l.sure() && l.to_this < least) {
                least = l.to_this;
                likeliest = &alike;
            }
        if (likeliest) {
            const BlankPage& other = library_.pages[likeliest->page];
            if (const auto rough =
                    fit_features(other, features_, page_.scan_match.size(), other.descriptors.rows))
                best = {&other, refine(other, page_.scan_match, *rough, 1 / page_.shrink)};
        }
        std::vector<const Lookalike*> undecided;
        for (const Lookalike& alike : best.blank->lookalikes)
            if (const Likeness l = like(alike); !l.sure() || l.to_this < 0.5)
                undecided.push_back(&alike);
        return undecided;
    }

    double confidence_of(double share, double margin) const {
        const double above = std::min((share - options_.least_anchors) / 0.3,
                                      (margin - options_.least_margin) / 0.15);
        return std::clamp(0.5 + 0.5 * above, 0.5, 0.999);
    }

    PageMatch as_form(Candidate& best, const std::vector<const Lookalike*>& versions,
                      double confidence) const {
        PageMatch result;
        result.kind = PageKind::Form;
        result.blank = best.blank;
        result.match.form = best.blank->form;
        result.match.form_page = best.blank->page;
        for (const Lookalike* version : versions) {
            const BlankPage& other = library_.pages[version->page];
            result.match.also.push_back({other.form, other.page});
        }
        result.match.rotation = upright_rotation(best.registration);
        result.match.anchors_found = best.registration.anchors_found;
        result.match.confidence = confidence;
        result.registration = std::move(best.registration);
        return result;
    }

    const ScannedPage& page_;
    const PageFeatures& features_;
    const Blanks& library_;
    const MatchOptions& options_;
    std::vector<Candidate> candidates_;
    int most_inliers_ = 0;
};

}  // namespace

PageMatch match_page(const cv::Mat& scan, const Blanks& blanks, const MatchOptions& options) {
    ScannedPage page{scan, {}};
    page.scan_match = shrink_to_match(scan, &page.shrink);
    const PageFeatures features = find_features(page.scan_match, kFeatures);
    PageMatch blank;
    blank.kind = PageKind::Blank;
    // An empty sheet is looked for first where that is likely, else only when the page is nothing
    // else: noise has features too.
    const bool few = features.descriptors.rows < kPlentyOfPrint;
    if (few && is_empty_sheet(page.scan_match)) return blank;
    PageMatch match = PageSearch(page, features, blanks, options).find();
    // A busy or dirty page may have its strongest features anywhere but in the form's print.
    if (match.kind != PageKind::Form && features.descriptors.rows >= kFeatures / 2) {
        const PageFeatures more = find_features(page.scan_match, kAllFeatures);
        PageMatch closer = PageSearch(page, more, blanks, options).find();
        if (closer.kind == PageKind::Form) match = std::move(closer);
    }
    if (match.kind != PageKind::Form)
        return !few && is_empty_sheet(page.scan_match) ? blank : match;
    const MatchedPage matched{*match.blank, match.registration, page.scan_match, 1 / page.shrink};
    match.struck_through = is_struck_through(matched);
    match.more_on_sheet = holds_more(matched);
    match.print = check_print(matched);
    return match;
}

}  // namespace avtalskoll::ocr
