// Makes the samples that the judge of signature places learns from: a mark in a place of a sheet,
// scanned, cut out as the product does.
//
// Only the surroundings of the place are scanned, not the page, which is ten times quicker; the
// registration is the true one with the errors that real ones have.
#pragma once
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "models/form.h"
#include "models/reading.h"
#include "ocr/matching/form_library.h"
#include "tests/simulator/corpus.h"
#include "tests/simulator/pen.h"
#include "tests/simulator/scanner.h"

namespace avtalskoll::simulator {

struct PlaceSample {
    cv::Mat picture;  // as ocr::signature_picture
    PlaceInk ink = PlaceInk::Nothing;
    std::string mark;  // finer than `ink`: "tick", "dot", …
    Tier tier = Tier::Office;
    bool blank_known = true;  // false: cut out of a page that is no registered form
    std::string hand;         // the scanned signature's file name, or empty
};

// Families that fontconfig knows.
struct Typefaces {
    std::vector<std::string> print;  // of typed names
    std::vector<std::string> hand;   // that look written
};

// Immutable; safe from many threads.
class PlaceMaker {
public:
    // `hands`: scanned signatures to sign with beside made-up ones; may be empty.
    PlaceMaker(const ocr::FormLibrary& library, std::vector<NamedPicture> hands, Typefaces faces);

    // Sample `index` of the data set `seed`. `registered_only`: only the signature places of
    // registered forms, as they are.
    PlaceSample make(std::uint64_t seed, std::uint64_t index, bool registered_only) const;

private:
    struct Spot;
    Spot choose_spot(Random& random, bool registered_only) const;
    cv::Mat hand_ink(Random& random, std::string* hand) const;
    cv::Mat ink_for(Random& random, Mark mark, PlaceInk kind, std::string* hand) const;
    std::optional<PlaceSample> try_to_make(Random& random, bool registered_only) const;

    const ocr::FormLibrary& library_;
    std::vector<NamedPicture> hands_;
    Typefaces faces_;
    std::vector<std::vector<cv::Mat>> sheets_;                  // [form][page], grey at kSheetDpi
    std::vector<std::pair<std::size_t, Place>> signed_places_;  // form and place
};

}  // namespace avtalskoll::simulator
