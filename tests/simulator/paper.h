// Signed agreements on paper that are scanned more than once: filled in, counter-signed, tampered
// with.
//
// One paper follows from its seed, field by field: another value in one field leaves every other
// stroke of the paper as it was.
#pragma once
#include <filesystem>
#include <map>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/form.h"
#include "tests/simulator/random.h"
#include "tests/simulator/values.h"

namespace avtalskoll::simulator {

// The ways in which a copy is not the approved paper.
enum class Tampering {
    None,
    Digit,           // one digit of a typed value
    EmailLetter,     // one letter of a typed address
    Handwritten,     // a value by hand: one sign, or written anew
    PageSwapped,     // a page of another filling
    OtherVersion,    // the same filling on another version of the form
    ClauseWord,      // a word of the form's own text
    PageMissing,     // a sheet left out
    SheetAdded,      // a sheet of no form
    NoCounterpart,   // nobody counter-signed
    SenderReplaced,  // another signature in the sender's place
    SenderGone,      // none in it
};
const char* to_string(Tampering tampering);
const std::vector<Tampering>& all_tamperings();  // without None

// A value on a paper.
struct PaperValue {
    FieldName name;
    const Field* field = nullptr;
    std::string value;
    bool by_hand = false;
};

// The sheets of one agreement, 8-bit grey at kSheetDpi, one for each page of its form.
struct Paper {
    std::size_t form = 0;  // index in the FormSet
    std::uint64_t seed = 0;
    std::vector<cv::Mat> sheets;
    std::vector<PaperValue> values;
};

// What was done to a copy, and where; page 0: not in one place.
struct Tampered {
    bool possible = true;  // false: the form has nothing of the kind; the sheets are as they were
    Place place;
};

// Not for use by two threads at once; make one each.
class PaperMaker {
public:
    // `forms` as a FormLibrary has them, with the words that their blanks print. Throws Error when
    // a blank cannot be drawn.
    PaperMaker(const FormSet& forms, const std::filesystem::path& register_csv);

    // Filled in and signed by the sender.
    Paper make(std::size_t form, std::uint64_t seed) const;

    // Makes the copy's sheets of `paper`: tampered with, then counter-signed with a pen.
    std::vector<cv::Mat> copy_of(Random& random, const Paper& paper, Tampering tampering,
                                 Tampered& done) const;

    // Counter-signs `sheets`: a signature in the other party's place, place and date and a name
    // where the form has lines for them.
    void counter_sign(Random& random, std::vector<cv::Mat>& sheets, std::size_t form) const;

private:
    struct Changes {
        std::optional<FieldName> field;
        std::string value;
        bool written_anew = false;
        enum class Signature { Same, Other, None } signature = Signature::Same;
    };
    Paper made(std::size_t form, std::uint64_t seed, const Changes& changes) const;
    void fill_one(Paper& paper, const PaperValue& value, Random own) const;
    Tampered change_value(Random& random, const Paper& paper, Tampering tampering,
                          std::vector<cv::Mat>& sheets) const;
    Tampered change_word(Random& random, const Paper& paper, std::vector<cv::Mat>& sheets) const;
    Tampered change_sheets(Random& random, const Paper& paper, Tampering tampering,
                           std::vector<cv::Mat>& sheets) const;

    const FormSet& forms_;
    std::vector<Organisation> organisations_;
    std::vector<std::vector<cv::Mat>> blanks_;                              // [form][page]
    std::vector<std::vector<std::pair<std::string, Place>>> other_partys_;  // fillable, by name
};

}  // namespace avtalskoll::simulator
