#include "pipeline/files/file_kind.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>

namespace avtalskoll::pipeline {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kHead_bytes = 4096;
// Acrobat and Poppler take a PDF whose "%PDF-" stands in the first 1,024 bytes.
constexpr std::size_t kPdfHeader_bytes = 1024;
// Further in than that it is looked for only where the bytes are of no other known kind.
constexpr std::size_t kPdfSearch_bytes = 1 << 20;

struct KindFacts {
    FileKind kind;
    const char* word;    // "file_kind." and the word is the key of its text
    const char* advice;  // "file_advice." and this is the key of the advice; empty: none
    bool document;
    bool may_hold_pages;
};

constexpr std::array<KindFacts, 23> kKinds{{
    {FileKind::Pdf, "pdf", "", true, true},
    {FileKind::Jpeg, "jpeg", "", true, true},
    {FileKind::Png, "png", "", true, true},
    {FileKind::Tiff, "tiff", "", true, true},
    {FileKind::Bmp, "bmp", "", true, true},
    {FileKind::Gif, "gif", "", true, true},
    {FileKind::WebP, "webp", "", true, true},
    {FileKind::Heif, "heif", "", true, true},
    {FileKind::OtherPicture, "other_picture", "as_pdf", false, true},
    {FileKind::Zip, "zip", "unpack", false, true},
    {FileKind::Archive, "archive", "unpack", false, true},
    {FileKind::Word, "word", "as_pdf", false, true},
    {FileKind::Office, "office", "as_pdf", false, true},
    {FileKind::SignedContainer, "signed_container", "send_contents", false, true},
    {FileKind::Mail, "mail", "send_attachments", false, true},
    {FileKind::WebPage, "web_page", "send_document", false, true},
    {FileKind::Text, "text", "", false, false},
    {FileKind::DetachedSignature, "detached_signature", "", false, false},
    {FileKind::Empty, "empty", "send_again", false, false},
    {FileKind::Folder, "folder", "", false, false},
    {FileKind::FolderWithDocuments, "folder_with_documents", "move_documents", false, true},
    {FileKind::Special, "special", "send_file", false, true},
    {FileKind::Unknown, "unknown", "as_pdf_or_picture", false, true},
}};

const KindFacts& facts_of(FileKind kind) {
    return *std::find_if(kKinds.begin(), kKinds.end(),
                         [&](const KindFacts& facts) { return facts.kind == kind; });
}

struct Signature {
    FileKind kind;
    std::size_t at;
    std::string_view bytes;
};

// The kinds that say what they are in a few bytes. The lists are those of the formats' own
// definitions.
constexpr std::array<Signature, 34> kSignatures{{
    {FileKind::Jpeg, 0, "\xFF\xD8\xFF"sv},
    {FileKind::Png, 0, "\x89PNG\r\n\x1A\n"sv},
    {FileKind::Tiff, 0, "II*\0"sv},
    {FileKind::Tiff, 0, "MM\0*"sv},
    {FileKind::Tiff, 0, "II+\0"sv},  // BigTIFF
    {FileKind::Tiff, 0, "MM\0+"sv},
    {FileKind::Gif, 0, "GIF87a"sv},
    {FileKind::Gif, 0, "GIF89a"sv},
    {FileKind::OtherPicture, 0, "\0\0\0\x0CjP  "sv},  // JPEG 2000
    {FileKind::OtherPicture, 0, "\xFF\x4F\xFF\x51"sv},
    {FileKind::OtherPicture, 0, "\0\0\0\x0CJXL "sv},
    {FileKind::OtherPicture, 0, "\xFF\x0A"sv},  // JPEG XL
    {FileKind::OtherPicture, 0, "\x97JB2\r\n\x1A\n"sv},
    {FileKind::OtherPicture, 0, "AT&TFORM"sv},  // DjVu
    {FileKind::OtherPicture, 0, "8BPS"sv},
    {FileKind::OtherPicture, 0, "%!PS"sv},
    {FileKind::OtherPicture, 0, "II\xBC\x01"sv},  // JPEG XR
    {FileKind::Zip, 0, "PK\3\4"sv},
    {FileKind::Zip, 0, "PK\5\6"sv},    // with nothing in it
    {FileKind::Zip, 0, "PK\7\x08"sv},  // in several parts
    {FileKind::Archive, 0, "7z\xBC\xAF\x27\x1C"sv},
    {FileKind::Archive, 0, "Rar!\x1A\7"sv},
    {FileKind::Archive, 0, "\x1F\x8B"sv},  // gzip
    {FileKind::Archive, 0, "BZh"sv},
    {FileKind::Archive, 0,
     "\xFD"
     "7zXZ\0"sv},
    {FileKind::Archive, 0, "\x28\xB5\x2F\xFD"sv},  // Zstandard
    {FileKind::Archive, 0, "MSCF"sv},
    {FileKind::Archive, 257, "ustar"sv},                          // tar
    {FileKind::Office, 0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv},  // OLE: .doc, .xls, .msg
    {FileKind::Word, 0, "{\\rtf"sv},
    {FileKind::Mail, 0, "Return-Path:"sv},
    {FileKind::Mail, 0, "Received:"sv},
    {FileKind::Mail, 0, "Delivered-To:"sv},
    {FileKind::Mail, 0, "MIME-Version:"sv},
}};

// PKCS #7 signedData and envelopedData, as DER writes their names.
constexpr std::string_view kPkcs7 = "\x2A\x86\x48\x86\xF7\x0D\x01\x07"sv;

struct Ending {
    std::string_view text;
    FileKind kind;
};

// The kind by the name, where the bytes leave it open.
constexpr std::array<Ending, 53> kEndings{{
    {".pdf", FileKind::Pdf},
    {".jpg", FileKind::Jpeg},
    {".jpeg", FileKind::Jpeg},
    {".jpe", FileKind::Jpeg},
    {".jfif", FileKind::Jpeg},
    {".png", FileKind::Png},
    {".tif", FileKind::Tiff},
    {".tiff", FileKind::Tiff},
    {".bmp", FileKind::Bmp},
    {".gif", FileKind::Gif},
    {".webp", FileKind::WebP},
    {".heic", FileKind::Heif},
    {".heif", FileKind::Heif},
    {".avif", FileKind::Heif},
    {".docx", FileKind::Word},
    {".docm", FileKind::Word},
    {".dotx", FileKind::Word},
    {".doc", FileKind::Word},
    {".dot", FileKind::Word},
    {".odt", FileKind::Word},
    {".rtf", FileKind::Word},
    {".pages", FileKind::Word},
    {".xlsx", FileKind::Office},
    {".xlsm", FileKind::Office},
    {".xls", FileKind::Office},
    {".pptx", FileKind::Office},
    {".ppt", FileKind::Office},
    {".ods", FileKind::Office},
    {".odp", FileKind::Office},
    {".xps", FileKind::Office},
    {".oxps", FileKind::Office},
    {".asice", FileKind::SignedContainer},
    {".sce", FileKind::SignedContainer},
    {".asics", FileKind::SignedContainer},
    {".bdoc", FileKind::SignedContainer},
    {".p7m", FileKind::SignedContainer},
    {".p7s", FileKind::DetachedSignature},
    {".sig", FileKind::DetachedSignature},
    {".asc", FileKind::DetachedSignature},
    {".msg", FileKind::Mail},
    {".eml", FileKind::Mail},
    {".mbox", FileKind::Mail},
    {".html", FileKind::WebPage},
    {".htm", FileKind::WebPage},
    {".mht", FileKind::WebPage},
    {".mhtml", FileKind::WebPage},
    {".txt", FileKind::Text},
    {".json", FileKind::Text},
    {".xml", FileKind::Text},
    {".csv", FileKind::Text},
    {".ini", FileKind::Text},
    {".log", FileKind::Text},
    {".md", FileKind::Text},
}};

std::string in_small_letters(std::string_view text) {
    std::string small(text);
    std::transform(small.begin(), small.end(), small.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return small;
}

std::optional<FileKind> kind_by_name(const std::string& name) {
    const std::string small = in_small_letters(name);
    for (const Ending& ending : kEndings)
        if (small.ends_with(ending.text)) return ending.kind;
    return std::nullopt;
}

bool has_at(std::string_view head, std::size_t at, std::string_view bytes) {
    return head.size() >= at + bytes.size() && head.substr(at, bytes.size()) == bytes;
}

// "BM" is short; the size of the header that follows the file's own tells the rest.
bool is_bmp(std::string_view head) {
    constexpr std::string_view kHeaderSizes = "\x0C\x28\x34\x38\x40\x6C\x7C"sv;
    return has_at(head, 0, "BM") && has_at(head, 15, "\0\0\0"sv) &&
           kHeaderSizes.find(head[14]) != std::string_view::npos;
}

bool is_heif(std::string_view head) {
    constexpr std::array kBrands{"heic"sv, "heix"sv, "hevc"sv, "hevx"sv, "heim"sv, "heis"sv,
                                 "mif1"sv, "msf1"sv, "avif"sv, "avis"sv, "mif2"sv};
    return has_at(head, 4, "ftyp") && std::any_of(kBrands.begin(), kBrands.end(), [&](auto brand) {
               return head.substr(8, 32).find(brand) != std::string_view::npos;
           });
}

bool is_web_page(std::string_view head) {
    if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
    const std::size_t start = head.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos) return false;
    const std::string text = in_small_letters(head.substr(start, 512));
    for (const auto word : {"<!doctype html"sv, "<html"sv, "<head"sv, "<body"sv, "<script"sv})
        if (text.starts_with(word)) return true;
    return text.starts_with("<?xml") && text.find("<html") != std::string::npos;
}

// No control characters but those of lines: true of what people and programs write as text.
bool is_text(std::string_view head) {
    const bool utf16 = head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF");
    return utf16 || std::none_of(head.begin(), head.end(), [](char c) {
               const auto byte = static_cast<unsigned char>(c);
               return byte < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f';
           });
}

// Which of the kinds that are packed as a ZIP it is.
FileKind kind_of_zip(std::string_view head, const std::string& name) {
    const auto named = kind_by_name(name);
    if (named == FileKind::Word || named == FileKind::Office || named == FileKind::SignedContainer)
        return *named;
    const auto holds = [&](std::string_view text) { return head.find(text) != head.npos; };
    if (holds("vnd.etsi.asic")) return FileKind::SignedContainer;
    if (holds("word/") || holds("opendocument.text")) return FileKind::Word;
    if (holds("[Content_Types].xml") || holds("vnd.oasis.opendocument")) return FileKind::Office;
    return FileKind::Zip;
}

// Kinds that are known by their bytes and are never a PDF, whatever stands further in.
std::optional<FileKind> kind_by_signature(std::string_view head, const std::string& name) {
    const auto named = kind_by_name(name);
    for (const Signature& signature : kSignatures) {
        if (!has_at(head, signature.at, signature.bytes)) continue;
        if (signature.kind == FileKind::Zip) return kind_of_zip(head, name);
        const bool ole = signature.kind == FileKind::Office;
        if (ole && (named == FileKind::Word || named == FileKind::Mail)) return named;
        if (signature.kind == FileKind::Mail && named == FileKind::WebPage) return named;  // .mht
        return signature.kind;
    }
    if (has_at(head, 0, "RIFF") && has_at(head, 8, "WEBP")) return FileKind::WebP;
    if (is_bmp(head)) return FileKind::Bmp;
    if (is_heif(head)) return FileKind::Heif;
    if (head.starts_with('\x30') && head.substr(0, 64).find(kPkcs7) != head.npos)
        return named == FileKind::DetachedSignature ? named : FileKind::SignedContainer;
    return std::nullopt;
}

std::string first_bytes(const std::filesystem::path& file, std::size_t most) {
    std::string head(most, '\0');
    std::ifstream in(file, std::ios::binary);
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(in.gcount() > 0 ? static_cast<std::size_t>(in.gcount()) : 0);
    return head;
}

}  // namespace

FileKind kind_of_bytes(std::string_view head, const std::string& name) {
    if (const auto known = kind_by_signature(head, name)) return *known;
    if (head.substr(0, kPdfHeader_bytes).find("%PDF-") != head.npos) return FileKind::Pdf;
    if (is_web_page(head)) return FileKind::WebPage;
    const auto named = kind_by_name(name);
    if (named && is_document(*named)) return *named;
    if (head.empty()) return FileKind::Empty;
    // A name cannot make other bytes a text: they may hold a page.
    if (named && *named != FileKind::Text) return *named;
    return is_text(head) ? FileKind::Text : FileKind::Unknown;
}

FileKind kind_of_file(const std::filesystem::path& file, const std::string& name) {
    const FileKind kind = kind_of_bytes(first_bytes(file, kHead_bytes), name);
    if (kind != FileKind::Unknown && kind != FileKind::Text) return kind;
    const std::string more = first_bytes(file, kPdfSearch_bytes);
    const std::size_t at = more.find("%PDF-");
    if (at == std::string::npos) return kind;
    // A text may speak of it; a printer's commands before a document end with their line.
    const bool starts_line = at > 0 && "\r\n"sv.find(more[at - 1]) != std::string_view::npos;
    return kind == FileKind::Unknown || starts_line ? FileKind::Pdf : kind;
}

bool is_document(FileKind kind) { return facts_of(kind).document; }

bool may_hold_pages(FileKind kind) { return facts_of(kind).may_hold_pages; }

bool is_misnamed(FileKind kind) {
    return !is_document(kind) && kind != FileKind::Text && kind != FileKind::Unknown &&
           kind != FileKind::Empty;
}

bool is_named_as_document(const std::string& name) {
    const auto named = kind_by_name(name);
    return named && is_document(*named);
}

const char* to_string(FileKind kind) { return facts_of(kind).word; }

std::optional<FileKind> parse_file_kind(std::string_view word) {
    for (const KindFacts& facts : kKinds)
        if (word == facts.word) return facts.kind;
    return std::nullopt;
}

Message message_for(FileKind kind) { return Message(std::string("file_kind.") + to_string(kind)); }

Message advice_for(FileKind kind) {
    const std::string advice = facts_of(kind).advice;
    return advice.empty() ? Message() : Message("file_advice." + advice);
}

bool is_left_behind(const std::string& name) {
    constexpr std::array kNames{"thumbs.db"sv,    "ehthumbs.db"sv, "desktop.ini"sv,
                                "__macosx"sv,     "@eadir"sv,      "icon\r"sv,
                                "$recycle.bin"sv, "lost+found"sv,  "system volume information"sv};
    const std::string small = in_small_letters(name);
    return name.starts_with('.') || name.starts_with("~$") ||
           std::find(kNames.begin(), kNames.end(), small) != kNames.end();
}

}  // namespace avtalskoll::pipeline
