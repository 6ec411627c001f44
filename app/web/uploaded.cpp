#include "app/web/uploaded.h"

#include <sodium.h>

namespace avtalskoll::app::web {

Unpacked unpack(const Visit& visit, const MultipartLimits& limits) {
    Unpacked unpacked{{}, std::make_shared<const WorkFolder>(visit.services.upload_folder)};
    unpacked.form = unpack_multipart(visit.request.body_file, visit.request.header("content-type"),
                                     unpacked.folder->path() / "parts", limits);
    const std::string &sent = unpacked.form.fields["csrf"], &own = visit.who.csrf;
    unpacked.has_token = own.empty() || (sent.size() == own.size() &&
                                         sodium_memcmp(sent.data(), own.data(), sent.size()) == 0);
    return unpacked;
}

}  // namespace avtalskoll::app::web
