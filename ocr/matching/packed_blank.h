// The prepared pages of a blank, and how the pages of several compare, as bytes (CBOR, RFC 8949),
// and back.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "ocr/matching/blank_page.h"

namespace avtalskoll::ocr {

// Without the pages' lookalikes, which depend on the other registered forms.
std::string pack_blank(const std::vector<BlankPage>& pages);

// `form`: the pages' index in the FormSet. Throws std::exception when `bytes` are none of
// pack_blank's.
std::vector<BlankPage> unpack_blank(std::string_view bytes, int form);

// The lookalikes of all `pages`, but for which are versions of one form; and back into pages that
// have none. The latter throws std::exception when `bytes` are of other pages.
std::string pack_lookalikes(const std::vector<BlankPage>& pages);
void unpack_lookalikes(std::string_view bytes, std::vector<BlankPage>& pages);

}  // namespace avtalskoll::ocr
