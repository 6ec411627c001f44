#include "ocr/matching/packed_blank.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace avtalskoll::ocr {
namespace {

using nlohmann::json;

template <class T>
json packed(const T* values, std::size_t count) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(values);
    return json::binary({bytes, bytes + count * sizeof(T)});
}

template <class T>
std::vector<T> unpacked(const json& bytes) {
    const auto& raw = bytes.get_binary();
    if (raw.size() % sizeof(T) != 0) throw std::runtime_error("a packed list has a broken end");
    std::vector<T> values(raw.size() / sizeof(T));
    std::copy(raw.begin(), raw.end(), reinterpret_cast<std::uint8_t*>(values.data()));
    return values;
}

json packed(const PackedPicture& picture) {
    json strips = json::array();
    for (const auto& strip : picture.strips()) strips.push_back(packed(strip.data(), strip.size()));
    return {{"w", picture.size().width}, {"h", picture.size().height}, {"strips", strips}};
}

PackedPicture picture_of(const json& packed) {
    std::vector<std::vector<char>> strips;
    for (const json& strip : packed.at("strips")) strips.push_back(unpacked<char>(strip));
    return {{packed.at("w").get<int>(), packed.at("h").get<int>()}, std::move(strips)};
}

json packed(const PrintedWord& word) {
    const BoxPt& b = word.box;
    return {b.x, b.y, b.w, b.h, word.text, word.size_pt, word.bold};
}

PrintedWord word_of(const json& packed) {
    return {{packed.at(0), packed.at(1), packed.at(2), packed.at(3)},
            packed.at(4),
            packed.at(5),
            packed.at(6)};
}

json packed(const BlankPage& page) {
    json words = json::array();
    for (const PrintedWord& word : page.words) words.push_back(packed(word));
    const cv::Mat descriptors = page.descriptors.clone();  // without gaps between its rows
    return {{"page", page.page},
            {"size", {page.size.w, page.size.h}},
            {"read", packed(page.read)},
            {"match", packed(page.match)},
            {"printed", packed(page.printed)},
            {"keypoints", packed(page.keypoints.data(), page.keypoints.size())},
            {"descriptors", packed(descriptors.data, descriptors.total())},
            {"anchors", packed(page.anchors.data(), page.anchors.size())},
            {"words", words}};
}

BlankPage page_of(const json& packed, int form) {
    BlankPage page;
    page.form = form;
    page.page = packed.at("page");
    page.size = {packed.at("size").at(0), packed.at("size").at(1)};
    page.read = picture_of(packed.at("read"));
    page.match = picture_of(packed.at("match"));
    page.printed = picture_of(packed.at("printed"));
    page.keypoints = unpacked<cv::Point2f>(packed.at("keypoints"));
    page.anchors = unpacked<cv::Rect>(packed.at("anchors"));
    const auto bits = unpacked<std::uint8_t>(packed.at("descriptors"));
    constexpr int kBytes = 32;  // an ORB descriptor's
    if (bits.size() != kBytes * page.keypoints.size())
        throw std::runtime_error("a packed page has another number of descriptors");
    page.descriptors = cv::Mat(static_cast<int>(page.keypoints.size()), kBytes, CV_8U,
                               const_cast<std::uint8_t*>(bits.data()))
                           .clone();
    for (const json& word : packed.at("words")) page.words.push_back(word_of(word));
    for (const PrintedWord& word : page.words) page.vocabulary.insert(word.text);
    return page;
}

json packed(const Lookalike& alike) {
    json differences = json::array();
    for (const PrintDifference& difference : alike.differences) {
        const cv::Rect& b = difference.box;
        differences.push_back({{"box", {b.x, b.y, b.width, b.height}},
                               {"print", packed(PackedPicture(difference.print))}});
    }
    return {{"page", alike.page}, {"differences", differences}};
}

Lookalike lookalike_of(const json& packed, std::size_t pages) {
    Lookalike alike{packed.at("page"), false, {}};
    if (alike.page >= pages) throw std::runtime_error("a packed page looks like one that is not");
    for (const json& difference : packed.at("differences")) {
        const json& b = difference.at("box");
        alike.differences.push_back({cv::Rect(b.at(0), b.at(1), b.at(2), b.at(3)),
                                     picture_of(difference.at("print")).whole()});
    }
    return alike;
}

std::string cbor(const json& value) {
    std::string bytes;
    json::to_cbor(value, bytes);
    return bytes;
}

}  // namespace

std::string pack_blank(const std::vector<BlankPage>& pages) {
    json all = json::array();
    for (const BlankPage& page : pages) all.push_back(packed(page));
    return cbor(all);
}

std::vector<BlankPage> unpack_blank(std::string_view bytes, int form) {
    std::vector<BlankPage> pages;
    for (const json& page : json::from_cbor(bytes)) pages.push_back(page_of(page, form));
    if (pages.empty()) throw std::runtime_error("a packed blank has no pages");
    return pages;
}

std::string pack_lookalikes(const std::vector<BlankPage>& pages) {
    json all = json::array();
    for (const BlankPage& page : pages) {
        json& of_page = all.emplace_back(json::array());
        for (const Lookalike& alike : page.lookalikes) of_page.push_back(packed(alike));
    }
    return cbor(all);
}

void unpack_lookalikes(std::string_view bytes, std::vector<BlankPage>& pages) {
    const json all = json::from_cbor(bytes);
    if (!all.is_array() || all.size() != pages.size())
        throw std::runtime_error("packed lookalikes are of other pages");
    std::vector<std::vector<Lookalike>> found(pages.size());
    for (std::size_t i = 0; i < pages.size(); ++i)
        for (const json& alike : all[i]) found[i].push_back(lookalike_of(alike, pages.size()));
    for (std::size_t i = 0; i < pages.size(); ++i) pages[i].lookalikes = std::move(found[i]);
}

}  // namespace avtalskoll::ocr
