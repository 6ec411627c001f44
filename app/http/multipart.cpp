#include "app/http/multipart.h"

#include <Poco/Exception.h>
#include <Poco/Net/MediaType.h>
#include <Poco/Net/MessageHeader.h>
#include <Poco/Net/MultipartReader.h>
#include <Poco/StreamCopier.h>
#include <Poco/String.h>
#include <fmt/format.h>

#include <fstream>

#include "app/http/http.h"
#include "models/error.h"

namespace avtalskoll::app::web {
namespace {

namespace fs = std::filesystem;
namespace net = Poco::Net;

// A browser may send a path, with slashes of either kind.
std::string last_part(const std::string& name) {
    return name.substr(std::min(name.find_last_of("/\\") + 1, name.size()));
}

// In a file's name browsers escape a quotation mark as %22, and nothing else but line breaks (HTML,
// "multipart/form-data encoding algorithm").
std::string unquoted(const std::string& name) { return Poco::replace(name, "%22", "\""); }

// True when the body ends with the closing boundary: one that is cut short does not.
bool is_whole(const fs::path& body, const std::string& boundary) {
    const std::string end = "--" + boundary + "--";
    std::ifstream in(body, std::ios::binary | std::ios::ate);
    const auto size = static_cast<std::size_t>(std::max<std::streamoff>(in.tellg(), 0));
    std::string tail(std::min(size, end.size() + 4), '\0');
    in.seekg(static_cast<std::streamoff>(size - tail.size()));
    in.read(tail.data(), static_cast<std::streamsize>(tail.size()));
    return in && tail.find(end) != std::string::npos;
}

std::string read_field(std::istream& part, const MultipartLimits& limits) {
    std::string value(limits.field_bytes + 1, '\0');
    part.read(value.data(), static_cast<std::streamsize>(value.size()));
    value.resize(static_cast<std::size_t>(part.gcount()));
    if (value.size() > limits.field_bytes)
        throw Error(ErrorKind::OverLimit,
                    fmt::format("a field has more than {} bytes", limits.field_bytes));
    if (!is_utf8(value)) throw Error(ErrorKind::BadInput, "a field is not UTF-8");
    return value;
}

std::uintmax_t write_file(std::istream& part, const fs::path& path) {
    std::ofstream out(path, std::ios::binary);
    const auto written = Poco::StreamCopier::copyStream64(part, out, 65536);
    out.close();
    if (!out) throw Error(ErrorKind::Io, "the disk for uploads cannot be written, or is full");
    return written;
}

}  // namespace

UploadedForm unpack_multipart(const fs::path& body, const std::string& content_type,
                              const fs::path& folder, const MultipartLimits& limits) try {
    const net::MediaType type(content_type);
    if (!type.matches("multipart", "form-data") || !type.hasParameter("boundary"))
        throw Error(ErrorKind::BadInput, "not multipart/form-data");
    const std::string& boundary = type.getParameter("boundary");
    if (boundary.empty() || boundary.size() > 70)
        throw Error(ErrorKind::BadInput, "the boundary is not 1 to 70 characters");  // RFC 2046
    if (!is_whole(body, boundary)) throw Error(ErrorKind::BadInput, "the form is cut short");
    std::ifstream in(body, std::ios::binary);
    net::MultipartReader reader(in, boundary);
    UploadedForm form;
    for (int parts = 0; reader.hasNextPart(); ++parts) {
        if (parts == limits.parts)
            throw Error(ErrorKind::OverLimit, fmt::format("more than {} parts", limits.parts));
        net::MessageHeader header;
        reader.nextPart(header);
        std::string kind;
        Poco::Net::NameValueCollection about;
        net::MessageHeader::splitParameters(header.get("Content-Disposition", ""), kind, about);
        if (kind != "form-data" || !about.has("name"))
            throw Error(ErrorKind::BadInput, "a part without a name");
        if (!about.has("filename")) {
            form.fields[about["name"]] = read_field(reader.stream(), limits);
            continue;
        }
        const fs::path path = folder / fmt::format("{}", parts);
        const std::uintmax_t bytes = write_file(reader.stream(), path);
        const std::string name = unquoted(last_part(about["filename"]));
        if (name.empty()) continue;  // a form in which no file was chosen
        if (bytes > 0) form.files.push_back({name, path});
        else form.empty.push_back(name);
    }
    return form;
} catch (const Poco::Exception& e) {
    throw Error(ErrorKind::BadInput, fmt::format("no readable form: {}", e.name()));
}

}  // namespace avtalskoll::app::web
