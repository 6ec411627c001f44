#include "ocr/document/blank_layout.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "models/error.h"
#include "ocr/document/rasterizer.h"

namespace avtalskoll::ocr {

BlankLayout read_blank_layout(const std::filesystem::path& pdf) try {
    const nlohmann::json facts = read_layout_facts(pdf);
    BlankLayout layout;
    for (const auto& size : facts.at("pages")) layout.pages.push_back({size.at(0), size.at(1)});
    const auto place_of = [&](const nlohmann::json& entry) {
        const auto box = entry.at("box").get<std::array<double, 4>>();
        const int page = entry.at("page");
        if (page < 1 || page > static_cast<int>(layout.pages.size()))
            throw Error(ErrorKind::BadInput, "the blank cannot be read");
        return Place{page, {box[0], box[1], box[2], box[3]}};
    };
    for (const auto& entry : facts.at("ticks"))
        layout.ticks.push_back({place_of(entry), entry.at("group"), entry.at("hint")});
    for (const auto& entry : facts.at("fields")) {
        layout.fields.emplace(entry.at("name"),
                              FillableField{place_of(entry), entry.at("hint"),
                                            entry.at("signature"), entry.at("multiline")});
    }
    return layout;
} catch (const Error& e) {
    const bool is_of_the_machine = e.kind() == ErrorKind::Io || e.kind() == ErrorKind::Internal;
    throw at_place(pdf.string(),
                   Error(is_of_the_machine ? e.kind() : ErrorKind::BadInput, e.what(), e.reason()));
} catch (const nlohmann::json::exception&) {
    throw Error(ErrorKind::BadInput, fmt::format("{}: the blank cannot be read", pdf.string()));
}

}  // namespace avtalskoll::ocr
