#include "pipeline/forms/form_picture.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/error.h"
#include "ocr/document/rasterizer.h"
#include "pipeline/forms/picture_surface.h"

namespace avtalskoll::pipeline {
namespace {

namespace fs = std::filesystem;

// An A4 page is 910 x 1287 pixels: whole on a screen, its small print legible.
constexpr double kDpi = 110;

struct Colour {
    double red, green, blue;
};
constexpr Colour kAsked{0.05, 0.35, 0.75}, kSigned{0.0, 0.5, 0.25}, kEmpty{0.75, 0.2, 0.1};

// A box with its name on a tab at its upper right, where it hides the least of what is printed.
void draw_place(cairo_t* on, const BoxPt& box, const std::string& name, const Colour& colour) {
    constexpr double kLetters_pt = 7, kPad_pt = 1.5;
    cairo_rectangle(on, box.x, box.y, box.w, box.h);
    cairo_set_source_rgba(on, colour.red, colour.green, colour.blue, 0.13);
    cairo_fill_preserve(on);
    cairo_set_source_rgb(on, colour.red, colour.green, colour.blue);
    cairo_set_line_width(on, 0.9);
    cairo_stroke(on);
    cairo_select_font_face(on, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
    cairo_set_font_size(on, kLetters_pt);
    cairo_text_extents_t extents;
    cairo_text_extents(on, name.c_str(), &extents);
    const double width = extents.x_advance + 2 * kPad_pt, height = kLetters_pt + 2 * kPad_pt;
    const double left = std::max(0.0, box.right() - width), top = std::max(0.0, box.y - height / 2);
    cairo_rectangle(on, left, top, width, height);
    cairo_fill(on);
    cairo_set_source_rgb(on, 1, 1, 1);
    cairo_move_to(on, left + kPad_pt, top + kPad_pt + 0.85 * kLetters_pt);
    cairo_show_text(on, name.c_str());
}

// The words of a heading without a number would hide the page.
std::string shortened(const std::string& number) {
    constexpr std::size_t kLongest = 12;
    if (number.size() <= kLongest) return number;
    const std::size_t space = number.find(' ');
    return space > 0 && space <= kLongest ? number.substr(0, space) + "\u2026" : "";
}

void draw_places(cairo_t* on, const Form& form, int page, const DoubtedFields& doubted) {
    for_each_field(form, [&](const FormPoint& point, const Field& field) {
        const std::string name =
            fmt::format("{} {} ({}{}){}", shortened(point.number), field.id, to_string(field.kind),
                        field.required ? "" : ", optional",
                        doubted.contains({point.number, field.id}) ? " ?" : "");
        if (field.place.page == page)
            draw_place(on, field.place.box, name,
                       field.kind == FieldKind::Signature ? kSigned : kAsked);
        if (field.place.page == page)
            for (const Option& option : field.options)
                draw_place(on, option.box, option.label, kAsked);
        for (const Place& empty : field.keep_empty)
            if (empty.page == page)
                draw_place(
                    on, empty.box,
                    fmt::format("{} {}: the other side's", shortened(point.number), field.id),
                    kEmpty);
    });
}

}  // namespace

std::vector<fs::path> draw_form(const Form& form, const fs::path& folder,
                                const DoubtedFields& doubted) try {
    fs::create_directories(folder);
    std::vector<fs::path> pictures;
    ocr::Rasterizer rasterizer(form.blank, {.dpi = kDpi});
    for (int page = 1; auto drawn = rasterizer.next(); ++page) {
        if (!drawn->trouble.empty())
            throw at_place(fmt::format("{}: page {}", form.blank.string(), page),
                           Error(ErrorKind::BadInput, drawn->trouble));
        const Surface surface = as_surface(drawn->image);
        const Context context(cairo_create(surface.get()));
        const SizePt size = form.pages.at(static_cast<std::size_t>(page - 1));
        cairo_scale(context.get(), drawn->image.width / size.w, drawn->image.height / size.h);
        draw_places(context.get(), form, page, doubted);
        pictures.push_back(folder / fmt::format("page-{}.png", page));
        if (const cairo_status_t status =
                cairo_surface_write_to_png(surface.get(), pictures.back().c_str());
            status != CAIRO_STATUS_SUCCESS)
            throw Error(ErrorKind::Io, fmt::format("{}: {}", pictures.back().string(),
                                                   cairo_status_to_string(status)));
    }
    return pictures;
} catch (const fs::filesystem_error& e) {
    throw Error(ErrorKind::Io, fmt::format("{}: {}", e.path1().string(), e.code().message()));
}

}  // namespace avtalskoll::pipeline
