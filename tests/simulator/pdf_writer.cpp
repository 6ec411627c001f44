#include "tests/simulator/pdf_writer.h"

#include <fmt/format.h>
#include <leptonica/allheaders.h>

#include <memory>
#include <opencv2/imgproc.hpp>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFWriter.hh>
#include <stdexcept>

namespace avtalskoll::simulator {
namespace {

struct PixDeleter {
    void operator()(Pix* p) const { pixDestroy(&p); }
};
using PixPtr = std::unique_ptr<Pix, PixDeleter>;
struct DataDeleter {
    void operator()(L_COMP_DATA* d) const { l_CIDataDestroy(&d); }
};

PixPtr to_pix(const cv::Mat& picture, bool bilevel) {
    const bool colour = picture.channels() == 3;
    PixPtr pix(pixCreate(picture.cols, picture.rows, bilevel ? 1 : colour ? 32 : 8));
    for (int y = 0; y < picture.rows; ++y) {
        l_uint32* line =
            pixGetData(pix.get()) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(pix.get());
        for (int x = 0; x < picture.cols; ++x) {
            if (colour) {
                const auto& v = picture.at<cv::Vec3b>(y, x);
                composeRGBPixel(v[2], v[1], v[0], line + x);
            } else if (bilevel) {
                if (picture.at<unsigned char>(y, x) < 128) SET_DATA_BIT(line, x);
            } else {
                SET_DATA_BYTE(line, x, picture.at<unsigned char>(y, x));
            }
        }
    }
    return pix;
}

QPDFObjectHandle picture_object(QPDF& pdf, const Scan& scan) {
    const PixPtr pix = to_pix(scan.picture, scan.bilevel);
    L_COMP_DATA* made = nullptr;
    if (pixGenerateCIData(pix.get(), scan.bilevel ? L_G4_ENCODE : L_JPEG_ENCODE, scan.jpeg_quality,
                          0, &made) != 0)
        throw std::runtime_error("a page could not be packed");
    const std::unique_ptr<L_COMP_DATA, DataDeleter> data(made);
    QPDFObjectHandle stream = QPDFObjectHandle::newStream(&pdf);
    const int width = scan.picture.cols, height = scan.picture.rows;
    const std::string colours = scan.picture.channels() == 3 ? "/DeviceRGB" : "/DeviceGray";
    stream.replaceDict(
        QPDFObjectHandle::parse(fmt::format("<< /Type /XObject /Subtype /Image /Width {} /Height "
                                            "{} /ColorSpace {} /BitsPerComponent {} >>",
                                            width, height, colours, scan.bilevel ? 1 : 8)));
    const std::string bytes(reinterpret_cast<const char*>(data->datacomp), data->nbytescomp);
    if (scan.bilevel)
        stream.replaceStreamData(bytes, QPDFObjectHandle::parse("/CCITTFaxDecode"),
                                 QPDFObjectHandle::parse(fmt::format(
                                     "<< /K -1 /Columns {} /Rows {} >>", width, height)));
    else
        stream.replaceStreamData(bytes, QPDFObjectHandle::parse("/DCTDecode"),
                                 QPDFObjectHandle::newNull());
    return pdf.makeIndirectObject(stream);
}

}  // namespace

void write_pdf(const std::filesystem::path& file, const std::vector<Scan>& scans) {
    QPDF pdf;
    pdf.emptyPDF();
    for (const Scan& scan : scans) {
        const double w = scan.picture.cols / scan.dpi * 72, h = scan.picture.rows / scan.dpi * 72;
        QPDFObjectHandle page = QPDFObjectHandle::parse(fmt::format(
            "<< /Type /Page /MediaBox [0 0 {:.2f} {:.2f}] /Resources << /XObject << >> >> >>", w,
            h));
        page.getKey("/Resources").getKey("/XObject").replaceKey("/Im0", picture_object(pdf, scan));
        page.replaceKey("/Contents",
                        QPDFObjectHandle::newStream(
                            &pdf, fmt::format("q {:.2f} 0 0 {:.2f} 0 0 cm /Im0 Do Q\n", w, h)));
        QPDFPageDocumentHelper(pdf).addPage(pdf.makeIndirectObject(page), false);
    }
    QPDFWriter writer(pdf, file.c_str());
    writer.setDeterministicID(true);
    writer.write();
}

}  // namespace avtalskoll::simulator
