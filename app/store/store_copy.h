// Copies a whole store to another place, of the same kind or another, while it is in use.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "app/store/store_place.h"

namespace avtalskoll::app {

struct CopiedTable {
    std::string name;
    std::int64_t rows = 0;
};

struct StoreCopy {
    std::vector<CopiedTable> tables;
    std::int64_t originals = 0;
};

// Copies every row as it is at one moment, and every original that a row names. Then both are read
// again and compared. `to` must hold nothing yet; where it is a file, the file appears when all is
// there. Throws Error{BadInput} when `to` holds something, Error{Io} when one of them cannot be
// used, an original is lost, or the two differ; `to` holds no rows then.
StoreCopy copy_store(const StorePlace& from, const StorePlace& to);

}  // namespace avtalskoll::app
