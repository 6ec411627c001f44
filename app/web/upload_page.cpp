#include <fmt/format.h>

#include "app/web/layout.h"
#include "app/web/taking_in.h"

namespace avtalskoll::app::web {
namespace {

Response form_page(const Visit& visit, int status, const std::string& notice) {
    Data data = page_data(&visit.who, "Ladda upp underlag", "upload");
    data.set("notice", if_any(notice));
    data.set("most_bytes", std::to_string(visit.services.upload_bytes));
    data.set("most_text", fmt::format("{} MB tillsammans", visit.services.upload_bytes >> 20));
    return html("upload", data, status);
}

}  // namespace

Response upload_page(const Visit& visit) { return form_page(visit, 200, ""); }

Response take_upload(const Visit& visit) {
    const TakenIn taken = take_in(visit);
    if (taken.forbidden) return message_page(403, "Du får inte göra det här.", &visit.who);
    if (taken.id.empty()) return form_page(visit, 422, taken.trouble);
    return see_other(case_path(taken.id));
}

}  // namespace avtalskoll::app::web
