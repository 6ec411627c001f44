#include "app/web/html.h"

#include <fmt/format.h>

#include "models/error.h"

namespace avtalskoll::app::web {

std::string page_html(std::string_view name, const Data& data) {
    std::string text(asset("templates/head.mustache"));
    text += asset(fmt::format("templates/{}.mustache", name));
    text += asset("templates/foot.mustache");
    kainjow::mustache::mustache page(text);
    if (!page.is_valid())
        throw Error(ErrorKind::Internal, fmt::format("page {}: {}", name, page.error_message()));
    return page.render(data);
}

}  // namespace avtalskoll::app::web
