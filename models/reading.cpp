#include "models/reading.h"

#include <algorithm>

namespace avtalskoll {

int FormMatch::page_in(int version) const {
    if (version == form) return form_page;
    const auto at = std::find_if(also.begin(), also.end(),
                                 [&](const FormPage& p) { return p.form == version; });
    return at == also.end() ? 0 : at->page;
}

}  // namespace avtalskoll
