// The digital signatures that a PDF bears, as the JSON of raster_protocol.h. For the drawing
// process only.
//
// Signatures are looked for among all of the file's objects: a merge may have lost the form that
// lists them. Poppler, which checks a signature, is asked for those that it finds; of the others
// nothing is checked but what they cover. Sources: ISO 32000-1, 12.8 (/ByteRange, /Contents); ETSI
// EN 319 142-1 (document time stamps).
#pragma once
#include <poppler.h>

#include <nlohmann/json.hpp>
#include <vector>

namespace avtalskoll::ocr {

// A list of {"signer", "time", "validity", "kind"}. `validity`: "unchanged", "changed", "partial"
// (bytes of the file lie outside of what was signed), "unchecked"; `kind`: "signature" or
// "time_stamp". A signature field that nobody signed is none. `document` may be null: a file that
// Poppler cannot open. Not thread-safe. Throws nothing that a PDF can cause.
nlohmann::json pdf_signatures(PopplerDocument* document, const std::vector<char>& pdf);

// True when the bytes hold what every signature holds; cheap. Signatures in compressed objects go
// unseen by this.
bool may_bear_signature(const std::vector<char>& pdf);

// True when a /ByteRange of four numbers covers all of `pdf` but one string of hexadecimal digits,
// the signature itself.
bool covers_whole_file(const std::vector<long long>& byte_range, const std::vector<char>& pdf);

}  // namespace avtalskoll::ocr
