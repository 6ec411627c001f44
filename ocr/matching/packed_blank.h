// The prepared pages of a blank as bytes (CBOR, RFC 8949), and back.
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

}  // namespace avtalskoll::ocr
