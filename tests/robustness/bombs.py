#!/usr/bin/env python3
"""Makes documents that harm a program which opens them.

They are small files that cost time or memory, that refer to other places, or that lie.

Usage: bombs.py DIR
Each document is a PDF of a few megabytes at most. This program makes all of them from nothing each
time; `qpdf` encrypts two of them.
"""
import pathlib
import struct
import subprocess
import sys
import zlib


def stream(content, more=b""):
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), more, content)


def pdf(objects, trailer=b""):
    """Returns a PDF of these objects, numbered from 1. Object 1 is the catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(
        b"%010d 00000 n \n" % place for place in places
    )
    return bytes(out) + b"trailer\n<</Size %d /Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        trailer,
        start,
    )


CATALOGUE = b"<</Type /Catalog /Pages 2 0 R>>"


def one_page(content, resources=b"", box=b"0 0 595 842", more=()):
    """Returns a PDF of one page. `more` are the objects that its content needs, from number 5."""
    return pdf(
        [
            CATALOGUE,
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            b"<</Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R /Resources <<%s>>>>"
            % (box, resources),
            content,
            *more,
        ]
    )


def form(content, resources=b"", more=b""):
    return stream(
        content,
        b" /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources <<%s>>%s"
        % (resources, more),
    )


def nested_flate(layers, size):
    packed, data = 0, b"0 0 m 9 9 l S\n" * (size // 14)
    for _ in range(layers):
        data, packed = zlib.compress(data, 9), packed + 1
    return stream(data, b" /Filter [%s]" % (b"/FlateDecode " * packed))


def flood(operators):
    return stream(zlib.compress(operators, 9), b" /Filter /FlateDecode")


def fan_out(levels, width):
    forms = [form(b"/F Do " * width, b"/XObject <</F %d 0 R>>" % (6 + i)) for i in range(levels)]
    return one_page(
        stream(b"/F Do"), b"/XObject <</F 5 0 R>>", more=[*forms, form(b"0 0 500 500 re f")]
    )


def picture(width, height, filters, data, colours=b"/DeviceGray", bits=8):
    return stream(
        data,
        b" /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace %s /BitsPerComponent %d"
        b" /Filter %s" % (width, height, colours, bits, filters),
    )


def page_of_picture(image):
    return one_page(stream(b"595 0 0 842 0 0 cm /I Do"), b"/XObject <</I 5 0 R>>", more=[image])


def jpx(width, height):
    """Returns the headers of a codestream that promise width x height; it has one empty tile."""
    siz = struct.pack(">HIIIIIIIIH", 0, width, height, 0, 0, width, height, 0, 0, 1) + bytes(
        [7, 1, 1]
    )
    cod = bytes([0, 0, 0, 1, 0, 5, 4, 4, 0, 0])
    marker = lambda code, body: struct.pack(">HH", code, len(body) + 2) + body
    return (
        b"\xff\x4f"
        + marker(0xFF51, siz)
        + marker(0xFF52, cod)
        + marker(0xFF5C, bytes([0x40] + [0x40] * 16))
        + marker(0xFF90, struct.pack(">HIBB", 0, 0, 0, 1))
        + b"\xff\x93\xff\xd9"
    )


def jbig2(width, height):
    """Returns a page and a generic region of width x height, with hardly any data for it."""
    segment = lambda number, kind, body: struct.pack(">IBBBI", number, kind, 0, 1, len(body)) + body
    page = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = (
        struct.pack(">IIIIB", width, height, 0, 0, 0)
        + bytes([0, 3, 0xFF, 0xFD, 0xFF, 2, 0xFE, 0xFE, 0xFE])
        + b"\0" * 64
    )
    return segment(0, 48, page) + segment(1, 38, region)


def many_pages(count):
    kids = b" ".join(b"%d 0 R" % (3 + i) for i in range(count))
    return pdf(
        [CATALOGUE, b"<</Type /Pages /Count %d /Kids [%s]>>" % (count, kids)]
        + [b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>"] * count
    )


def bombs():
    text = b"BT /F 12 Tf 72 720 Td (Avtal) Tj ET"
    helvetica = b"/Font <</F <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>"
    rows = zlib.compress(b"\0" * 30_000)
    black = zlib.compressobj(9)
    black_image = b"".join(black.compress(b"\0" * 30_000) for _ in range(30_000)) + black.flush()
    groups = 40
    group = b" /Group <</S /Transparency /I true /K true>>"
    yield "nested-flate", one_page(nested_flate(3, 1 << 30))
    yield "operators", one_page(flood(b"0 0 m 595 842 l S 0 0 595 842 re f\n" * 4_000_000))
    yield "curves", one_page(flood(b"0 0 m " + b"0 842 595 0 595 842 c " * 2_000_000 + b"S"))
    yield "saved-states", one_page(flood(b"q " * 20_000_000))
    yield "form-fan-out", fan_out(12, 12)
    yield "recursive-form", one_page(
        stream(b"/F Do"),
        b"/XObject <</F 5 0 R>>",
        more=[form(b"/F Do /F Do", b"/XObject <</F 5 0 R>>")],
    )
    yield "tiling", one_page(
        stream(b"/Pattern cs /P scn 0 0 595 842 re f"),
        b"/Pattern <</P 5 0 R>>",
        more=[
            stream(
                b"0 0 1 1 re f",
                b" /Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1]"
                b" /XStep 0.01 /YStep 0.01 /Resources <<>>",
            )
        ],
    )
    yield "transparency-groups", one_page(
        stream(b"/F Do"),
        b"/XObject <</F 5 0 R>>",
        more=[form(b"/F Do", b"/XObject <</F %d 0 R>>" % (6 + i), group) for i in range(groups)]
        + [form(b"0 0 595 842 re f", b"", group)],
    )
    yield "shading", one_page(
        stream(b"/S sh"),
        b"/Shading <</S <</ShadingType 1 /ColorSpace /DeviceGray /Domain [0 1 0 1]"
        b" /Matrix [595 0 0 842 0 0] /Function 5 0 R>>>>",
        more=[
            stream(
                b"{ " + b"sin cos " * 30_000 + b"pop }",
                b" /FunctionType 4 /Domain [0 1 0 1] /Range [0 1]",
            )
        ],
    )
    yield "image-30000", page_of_picture(picture(30_000, 30_000, b"/FlateDecode", black_image))
    yield "image-that-lies", page_of_picture(
        picture(2_000_000_000, 2_000_000_000, b"/FlateDecode", rows)
    )
    yield "many-images", one_page(
        stream(b"595 0 0 842 0 0 cm " + b"/I Do " * 20_000),
        b"/XObject <</I 5 0 R>>",
        more=[picture(3000, 3000, b"/FlateDecode", zlib.compress(b"\x80" * 9_000_000))],
    )
    yield "page-14400", one_page(stream(b"0 0 14400 14400 re f"), box=b"0 0 14400 14400")
    yield "page-7000", one_page(stream(b"0 0 7000 7000 re f"), box=b"0 0 7000 7000")
    yield "user-unit", one_page(stream(text), helvetica).replace(
        b"/MediaBox", b"/UserUnit 900 /MediaBox"
    )
    yield "pages-10000", many_pages(10_000)
    yield "jpx", page_of_picture(picture(60_000, 60_000, b"/JPXDecode", jpx(60_000, 60_000)))
    yield "jbig2", page_of_picture(
        picture(60_000, 60_000, b"/JBIG2Decode", jbig2(60_000, 60_000), bits=1)
    )
    yield "ccitt", page_of_picture(
        stream(
            b"\0" * 4_000,
            b" /Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceGray"
            b" /BitsPerComponent 1"
            b" /Filter /CCITTFaxDecode /DecodeParms <</K -1 /Columns 60000 /Rows 60000>>",
        )
    )
    yield "wrong-count", one_page(stream(text), helvetica).replace(b"/Count 1", b"/Count 0")
    yield "huge-count", one_page(stream(text), helvetica).replace(b"/Count 1", b"/Count 2147483647")
    yield "page-tree-in-a-circle", pdf(
        [
            CATALOGUE,
            b"<</Type /Pages /Kids [2 0 R 3 0 R] /Count 2>>",
            b"<</Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1>>",
        ]
    )
    yield "nested-arrays", one_page(flood(b"[" * 3_000_000))
    yield "nested-dictionaries", pdf(
        [
            CATALOGUE.replace(b">>", b" /X %s%s>>" % (b"<</A " * 100_000, b">>" * 100_000)),
            b"<</Type /Pages /Kids [] /Count 0>>",
        ]
    )
    yield "external-stream", one_page(
        b"<</Length 0 /F (/etc/passwd) /FFilter null>>\nstream\n\nendstream", helvetica
    )
    yield "external-url", one_page(
        b"<</Length 0 /F <</FS /URL /F (http://127.0.0.1:9/x)>>>>\nstream\n\nendstream", helvetica
    )
    yield "javascript", pdf(
        [
            b"<</Type /Catalog /Pages 2 0 R"
            b" /OpenAction <</S /JavaScript /JS (while\\(true\\){app.alert\\(1\\)})>>>>",
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources <<%s>>>>" % helvetica,
            stream(text),
        ]
    )
    yield "launch", pdf(
        [
            b"<</Type /Catalog /Pages 2 0 R /OpenAction <</S /Launch /F (/bin/true)>>>>",
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources <<%s>>>>" % helvetica,
            stream(text),
        ]
    )
    inner = one_page(stream(text), helvetica)
    yield "embedded-file", pdf(
        [
            b"<</Type /Catalog /Pages 2 0 R /Names <</EmbeddedFiles <</Names [(a.pdf) 5 0 R]>>>>>>",
            b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
            b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources <<%s>>>>" % helvetica,
            stream(text),
            b"<</Type /Filespec /F (a.pdf) /EF <</F 6 0 R>>>>",
            stream(inner, b" /Type /EmbeddedFile"),
        ]
    )
    yield "xref-in-a-circle", b"%PDF-1.7\n" + inner[9:].replace(
        b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % inner.rindex(b"xref\n0 ")
    )


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in bombs():
        (folder / f"{name}.pdf").write_bytes(content)
    plain = folder / "wrong-count.pdf"
    good = folder / "javascript.pdf"
    for name, password in (("encrypted-empty-password", ""), ("encrypted", "secret")):
        subprocess.run(
            ["qpdf", "--encrypt", password, "owner", "256", "--", good, folder / f"{name}.pdf"],
            check=True,
        )
    print(
        f"{len(list(folder.glob('*.pdf')))} documents in {folder}, "
        f"{sum(f.stat().st_size for f in folder.glob('*.pdf')) // 1024} KB; e.g. {plain}"
    )


if __name__ == "__main__":
    main()
