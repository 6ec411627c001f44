// Small PDF files written out by hand, for tests of what is drawn and reported.
#pragma once
#include <fmt/format.h>

#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace avtalskoll {

// Objects 1 (catalog), 2 (pages) and 3 (the one page, A4) are there; others are numbered from 4 in
// the order in which they are added.
class PdfBuilder {
public:
    // `entries` of a page's or catalog's dictionary, as written.
    void on_page(const std::string& entries) { page_ += " " + entries; }
    void on_catalog(const std::string& entries) { catalog_ += " " + entries; }
    void show(const std::string& content) { content_ += content + "\n"; }

    // Each gives the object's number.
    int add(const std::string& object) {
        objects_.push_back(object);
        return static_cast<int>(objects_.size()) + 3;
    }
    int add_stream(const std::string& entries, const std::string& data) {
        return add(
            fmt::format("<< {} /Length {} >>\nstream\n{}\nendstream", entries, data.size(), data));
    }
    // An 8-bit grey picture; `more`: further entries of its dictionary.
    int add_picture(const cv::Mat& grey, const std::string& more = "") {
        const std::string data(grey.datastart, grey.dataend);
        return add_stream(fmt::format("/Type /XObject /Subtype /Image /Width {} /Height {} "
                                      "/BitsPerComponent 8 /ColorSpace /DeviceGray {}",
                                      grey.cols, grey.rows, more),
                          data);
    }
    // Names an object among the page's resources.
    void name_picture(const std::string& name, int object) {
        pictures_ += fmt::format(" /{} {} 0 R", name, object);
    }

    std::string bytes() {
        const int content = add_stream("", content_);
        const std::string resources = fmt::format(
            "/Resources << /XObject << {} >> /Font << /F << /Type /Font /Subtype /Type1 /BaseFont "
            "/Helvetica >> >> >>",
            pictures_);
        std::vector<std::string> all{
            fmt::format("<< /Type /Catalog /Pages 2 0 R {} >>", catalog_),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            fmt::format(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R {} {} >>",
                content, resources, page_)};
        all.insert(all.end(), objects_.begin(), objects_.end());
        std::string pdf = "%PDF-1.7\n", table;
        for (std::size_t i = 0; i < all.size(); ++i) {
            table += fmt::format("{:010} 00000 n \n", pdf.size());
            pdf += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, all[i]);
        }
        const std::size_t at = pdf.size();
        return pdf + fmt::format(
                         "xref\n0 {}\n0000000000 65535 f \n{}trailer << /Size {} /Root 1 0 R "
                         ">>\nstartxref\n{}\n%%EOF\n",
                         all.size() + 1, table, all.size() + 1, at);
    }

private:
    std::string page_, catalog_, content_, pictures_;
    std::vector<std::string> objects_;
};

}  // namespace avtalskoll
