#include "app/web/page_pictures.h"

#include <gtest/gtest.h>
#include <png.h>

#include <cmath>
#include <fstream>
#include <thread>
#include <vector>

#include "models/error.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::app::web {
namespace {

const std::filesystem::path kBlank =
    AVTALSKOLL_SOURCE_DIR "/data/forms/producentavtal-2.1/blank.pdf";

struct Picture {
    int width = 0, height = 0;
    std::vector<unsigned char> grey;
    int at(int x, int y) const {
        return grey.at(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                       static_cast<std::size_t>(x));
    }
    friend bool operator==(const Picture&, const Picture&) = default;
};

Picture unpacked(const std::string& png) {
    png_image header{};
    header.version = PNG_IMAGE_VERSION;
    EXPECT_TRUE(png_image_begin_read_from_memory(&header, png.data(), png.size()));
    header.format = PNG_FORMAT_GRAY;
    Picture picture{static_cast<int>(header.width), static_cast<int>(header.height), {}};
    picture.grey.resize(PNG_IMAGE_SIZE(header));
    EXPECT_TRUE(png_image_finish_read(&header, nullptr, picture.grey.data(), 0, nullptr));
    return picture;
}

class PagePicturesTest : public testing::Test {
protected:
    Picture page(int number, int rotation = 0) {
        return unpacked(pictures_.page_png(kBlank, number, rotation));
    }
    Picture cutting(const BoxShare& box, int rotation = 0) {
        return unpacked(pictures_.cutting_png(kBlank, 1, rotation, box));
    }
    PagePictures pictures_{{}, 20'000'000};
};

TEST_F(PagePicturesTest, APageIsTurnedUpright) {
    const Picture as_drawn = page(1), right = page(1, 90), half = page(1, 180), left = page(1, 270);
    EXPECT_NEAR(as_drawn.width, 1654, 1);
    EXPECT_EQ(right.width, as_drawn.height);
    EXPECT_EQ(right.height, as_drawn.width);
    EXPECT_NE(page(2), as_drawn);
    for (int y = 5; y < as_drawn.height; y += 97)
        for (int x = 3; x < as_drawn.width; x += 89) {
            const int grey = as_drawn.at(x, y);
            EXPECT_EQ(right.at(right.width - 1 - y, x), grey);
            EXPECT_EQ(half.at(half.width - 1 - x, half.height - 1 - y), grey);
            EXPECT_EQ(left.at(y, left.height - 1 - x), grey);
        }
}

TEST_F(PagePicturesTest, ACuttingShowsItsBoxAndALittleAround) {
    const Picture whole = page(1), cut = cutting({0.25, 0.5, 0.5, 0.1});
    const int around = static_cast<int>(4 / 25.4 * 200);
    EXPECT_NEAR(cut.width, 0.5 * whole.width + 2 * around, 3);
    EXPECT_NEAR(cut.height, 0.1 * whole.height + 2 * around, 3);
    const int x0 = static_cast<int>(std::lround(0.25 * whole.width - 4 / 25.4 * 200)),
              y0 = static_cast<int>(std::lround(0.5 * whole.height - 4 / 25.4 * 200));
    EXPECT_EQ(cut.at(50, 40), whole.at(x0 + 50, y0 + 40));
    EXPECT_EQ(cutting({0.25, 0.5, 0.5, 0.1}, 90).height, cut.width);
}

// The box comes out of a report that may be older, or of another page.
TEST_F(PagePicturesTest, ABoxBesideThePageGivesAPictureAllTheSame) {
    const Picture whole = page(1);
    for (const BoxShare& box :
         {BoxShare{-5, -5, 20, 20}, BoxShare{2, 2, 1, 1}, BoxShare{-3, -3, 1, 1},
          BoxShare{0.5, 0.5, -0.4, -0.4}, BoxShare{0, 0, 0, 0}, BoxShare{1, 1, 0, 0}}) {
        const Picture cut = cutting(box);
        EXPECT_GE(cut.width, 1);
        EXPECT_LE(cut.width, whole.width);
        EXPECT_LE(cut.height, whole.height);
    }
}

TEST_F(PagePicturesTest, WhatCannotBeDrawnIsSaidEachTime) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "x.pdf") << "no document";
    for (int i = 0; i < 2; ++i) {
        EXPECT_THROW(page(4), Error) << "the document has three";
        EXPECT_THROW(page(1'000), Error);
        EXPECT_THROW(pictures_.page_png(folder.path() / "x.pdf", 1, 0), Error);
        EXPECT_THROW(pictures_.page_png(folder.path() / "absent.pdf", 1, 0), Error);
    }
    EXPECT_NEAR(page(1).width, 1654, 1) << "the others are drawn still";
}

TEST_F(PagePicturesTest, ThoseDrawnLastAreKeptAndNoMoreThanFit) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "f.pdf";
    const auto put = [&](int number) {
        std::filesystem::copy_file(kBlank, file, std::filesystem::copy_options::overwrite_existing);
        return unpacked(pictures_.page_png(file, number, 0));
    };
    const Picture first = put(1);
    std::filesystem::remove(file);
    EXPECT_EQ(unpacked(pictures_.page_png(file, 1, 0)), first) << "from memory";
    for (int i = 0; i < 6; ++i) page(1 + i % 3);  // 3.9 MB each
    put(2);
    put(3);
    std::filesystem::remove(file);
    EXPECT_THROW(pictures_.page_png(file, 1, 0), Error) << "others took its room";
}

TEST_F(PagePicturesTest, ManyWhoAskAtOnceGetTheSame) {
    std::vector<std::thread> threads;
    std::vector<std::string> got(8);
    for (std::size_t i = 0; i < got.size(); ++i)
        threads.emplace_back([&, i] { got[i] = pictures_.page_png(kBlank, 1 + i % 2, 0); });
    for (std::thread& thread : threads) thread.join();
    for (std::size_t i = 2; i < got.size(); ++i) EXPECT_EQ(got[i], got[i - 2]);
    EXPECT_NE(got[0], got[1]);
}

}  // namespace
}  // namespace avtalskoll::app::web
