// Reads the pages of a picture file: JPEG, PNG, TIFF, HEIF, WebP, GIF, BMP, JPEG 2000. For the
// drawing process only: the bytes are anybody's.
#pragma once
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "ocr/document/raster_fault.h"
#include "ocr/picture/grey_picture.h"

namespace avtalskoll::ocr {

// A page of a picture file as a viewer shows it: turned as the file says, on white paper where it
// is see-through.
struct PicturePage {
    GreyPicture picture;
    double scale = 1;                      // pixels of `picture` for one of the file
    std::optional<RasterTrouble> damage;   // of a part that could not be decoded
    std::optional<RasterTrouble> trouble;  // there is no picture
};

// A page of which nothing can be shown.
inline PicturePage in_trouble(RasterTrouble why) {
    PicturePage page;
    page.trouble = std::move(why);
    return page;
}

// Not for use by two threads at once. A page at a time is in memory.
class PictureFile {
public:
    // nullptr when the bytes are none of these kinds. `bytes` must outlive the object. A page is
    // unpacked no larger than `most_pixels` where its kind allows; a picture of more than four
    // times that is not unpacked at all.
    static std::unique_ptr<PictureFile> open(const std::vector<char>& bytes, double most_pixels);
    virtual ~PictureFile() = default;

    // As the file says, thumbnails aside. Where it says that there are more and they cannot be
    // found, one more, which is in trouble.
    virtual int page_count() const = 0;
    virtual PicturePage page(int index) = 0;
};

}  // namespace avtalskoll::ocr
