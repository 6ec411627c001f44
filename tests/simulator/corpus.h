// Makes whole submissions with their truth: forms filled in, defects put in, printed, signed,
// scanned, saved as PDF.
#pragma once
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "models/form.h"
#include "tests/simulator/pen.h"
#include "tests/simulator/scanner.h"
#include "tests/simulator/sheets.h"
#include "tests/simulator/values.h"

namespace avtalskoll::simulator {

// The defects of a submission; the numbers of the corpus's mix are in corpus.cpp.
enum class Defect {
    None,
    Drop,
    WrongCheckDigit,
    ShortNumber,
    BadPhone,
    BadEmail,
    NoSignature,
    SignedElsewhere,
    SmudgeOnly,
    DotOnly,
    StampOnly,
    TypedNameOnly,
    TickOnly,
    InitialsOnly,
    DropPage,
    DropAgreement,
    BlankForm,
    NumbersDiffer,
    AccountDiffers,
    Handwritten,
    CrossedOut,
    WrongValue,  // a kind's own: an impossible date, a wrong check digit
    SeveralTicked
};

struct Recipe {
    Tier tier = Tier::Office;
    std::vector<Defect> defects = {};
    bool personal_data = true;
    bool one_pdf = false, shuffled = false, turned_pages = false, blank_page = false,
         doubled_page = false, cover_letter = false, foreign_page = false, bent = false;
    std::optional<Device> device = {};  // else one at random within the tier
};

struct CorpusOptions {
    std::uint64_t seed = 1;
    std::vector<Tier> tiers = {Tier::Clean, Tier::Office, Tier::Poor, Tier::Fax, Tier::Phone};
    double defective = 0.55;  // share of submissions with something wrong
    bool hard = false;        // also handwriting, crossing-out, initials, bent sheets
    // Folder of scanned signatures (PNG, JPEG) to sign with; empty: made-up ones.
    std::filesystem::path signatures = {};
};

// Fills in and scans forms of one set. Not for use by two threads at once; make one each.
class CorpusMaker {
public:
    // `register_csv`: organisations to choose from. Throws Error when a blank cannot be drawn.
    CorpusMaker(const FormSet& forms, const std::filesystem::path& register_csv,
                CorpusOptions options);

    // A recipe as the mix has it, for submission `index`.
    Recipe random_recipe(std::uint64_t index) const;

    // Writes folder/`id`/*.pdf and submission.json; returns the truth's entry (the format of the
    // scorer).
    nlohmann::json make(const std::filesystem::path& folder, const std::string& id,
                        std::uint64_t index, const Recipe& recipe) const;

private:
    struct FilledForm;
    struct FieldToFill;
    struct FilledField;
    static FilledField fill_ticks(Random& random, cv::Mat& sheet, const Field& field,
                                  Defect defect);
    FilledField fill_field(Random& random, cv::Mat& sheet, const FieldToFill& with,
                           Defect defect) const;
    bool any_field_fits(Defect defect) const;
    FilledForm fill(Random& random, std::size_t form, const Organisation& organisation,
                    const std::string& number, Defect defect) const;
    void fill_signature(Random& random, cv::Mat& sheet, const Field& field, Defect defect) const;
    cv::Mat signature_ink(Random& random) const;
    void keep_one_version(std::vector<std::size_t>& wanted, Random dice) const;

    const FormSet& forms_;
    CorpusOptions options_;
    std::vector<Organisation> organisations_;
    std::vector<std::vector<cv::Mat>> blanks_;  // [form][page], grey at kSheetDpi
    // AcroForm fields that the definition does not ask for, by form.
    std::vector<std::vector<Place>> other_fields_;
    std::vector<std::vector<std::string>> other_names_;
    std::vector<NamedPicture> signatures_;  // scanned
};

}  // namespace avtalskoll::simulator
