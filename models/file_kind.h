// The kinds of files that people send.
#pragma once

namespace avtalskoll {

enum class FileKind {
    // Documents: they are opened in the sandbox.
    Pdf,
    Jpeg,
    Png,
    Tiff,
    Bmp,
    Gif,
    WebP,
    Heif,
    // Everything else is reported, not opened.
    OtherPicture,  // of a kind that is not read: JPEG 2000, DjVu, PostScript, …
    Zip,
    Archive,  // packed in another way: 7z, rar, gzip, tar, …
    Word,
    Office,  // of another kind than Word
    SignedContainer,
    Mail,
    WebPage,
    Text,
    DetachedSignature,
    Empty,
    Folder,
    FolderWithDocuments,
    Special,  // a socket, a device, a link that leads nowhere
    Unknown,
};

}  // namespace avtalskoll
