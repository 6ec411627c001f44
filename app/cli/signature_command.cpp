#include "app/cli/signature_command.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "app/cli/options.h"
#include "app/service/data_dir.h"
#include "models/error.h"
#include "ocr/ink/picture_places.h"
#include "ocr/reading/page_reader.h"
#include "rules/signature_rule.h"

namespace avtalskoll::app {
namespace {

const char* place_verdict(FieldVerdict verdict) {
    switch (verdict) {
        case FieldVerdict::Ok: return "signed";
        case FieldVerdict::Missing: return "empty";
        default: return "doubtful";
    }
}

PageImage draw(const std::filesystem::path& file) {
    if (!std::filesystem::is_regular_file(file))
        throw Error(ErrorKind::NotFound, fmt::format("{}: no such picture", file.string()));
    ocr::Rasterizer rasterizer(file, {});
    auto page = rasterizer.next();
    if (!page) throw Error(ErrorKind::Unreadable, fmt::format("{}: no page", file.string()));
    if (!page->trouble.empty())
        throw at_place(file.string(), Error(ErrorKind::Unreadable, page->trouble));
    return std::move(page->image);
}

std::vector<BoxPx> boxes_of(const SignatureOptions& options, const PageImage& image) {
    const double width = image.width / image.scale, height = image.height / image.scale;
    if (options.boxes.empty()) return {{0, 0, std::round(width), std::round(height)}};
    std::vector<BoxPx> boxes;
    for (const std::vector<double>& b : options.boxes) {
        boxes.push_back({b.at(0), b.at(1), b.at(2), b.at(3)});
        const BoxPx& box = boxes.back();
        if (!(box.w >= 1 && box.h >= 1) || box.x >= width || box.y >= height || box.right() <= 0 ||
            box.bottom() <= 0)
            throw Error(
                ErrorKind::BadInput,
                fmt::format("--box {},{},{},{}: lies outside the picture of {:.0f} x {:.0f} pixels",
                            box.x, box.y, box.w, box.h, width, height));
    }
    return boxes;
}

}  // namespace

int run_signature(const SignatureOptions& options) {
    ocr::prepare_process();
    const PageImage image = draw(options.image);
    const std::vector<BoxPx> boxes = boxes_of(options, image);
    const ocr::SignatureModel model(data_dir() / "models" / "signature.onnx");
    const std::vector<SignatureMeasure> measures = ocr::measure_places(image, boxes, model);
    nlohmann::ordered_json places = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        FieldReading reading;
        reading.signature = measures[i];
        const rules::SignatureVerdict judged = rules::judge_signature(reading);
        const double score = std::round(1000 * measures[i].belief(PlaceInk::Signature)) / 1000;
        const BoxPx& b = boxes[i];
        if (options.format == OutputFormat::Text)
            fmt::print("{},{},{},{}  {:<9} {:.3f}  {}\n", b.x, b.y, b.w, b.h,
                       place_verdict(judged.verdict), score, judged.reason);
        places.push_back(
            {{"box", {b.x, b.y, b.w, b.h}},
             {"verdict", place_verdict(judged.verdict)},
             {"score", score},
             {"reason", judged.reason.empty() ? nlohmann::ordered_json(nullptr)
                                              : nlohmann::ordered_json(judged.reason)}});
    }
    if (options.format == OutputFormat::Json)
        fmt::print(
            "{}\n",
            nlohmann::ordered_json{{"image", options.image.string()}, {"places", places}}.dump());
    return 0;
}

void add_signature(CLI::App& program, Work& work) {
    const auto options = std::make_shared<SignatureOptions>();
    CLI::App* signature =
        program.add_subcommand("signature", "Judge signature places in a picture of any page");
    signature->footer(
        "Says of each place whether a hand signed there: signed, empty (whatever else is there: "
        "print, a stamp, a smudge) or\n"
        "doubtful (initials, a tick, what cannot be told). No form needs to be registered.\n\n"
        "Exit status: 0 judged, 2 the picture cannot be read.\n\n"
        "Examples:\n"
        "  avtalskoll signature page.jpg --box 120,1800,600,150\n"
        "  avtalskoll signature cutting.png --format json");
    signature->add_option("IMAGE", options->image, "The picture: JPEG, PNG or TIFF")->required();
    signature
        ->add_option("--box", options->boxes,
                     "A place in pixels of the picture; may be given several times (default: the "
                     "whole picture)")
        ->type_name("X,Y,W,H")
        ->delimiter(',')
        ->type_size(4)
        ->allow_extra_args(false);
    add_format(signature, options->format);
    when_given(signature, work, run_signature, options);
}

}  // namespace avtalskoll::app
