// A form that was uploaded, unpacked into a folder of its own.
#pragma once
#include <memory>
#include <optional>

#include "app/http/multipart.h"
#include "app/web/held_uploads.h"
#include "app/web/visit.h"

namespace avtalskoll::app::web {

struct Unpacked {
    UploadedForm form;
    std::shared_ptr<const WorkFolder> folder;  // its files lie in it
    bool has_token = false;  // the session's CSRF token came with it, or none is needed
};

// Throws as unpack_multipart does.
Unpacked unpack(const Visit& visit, const MultipartLimits& limits = {});

}  // namespace avtalskoll::app::web
