"""What a file is, told from its bytes; and what is refused, with the reason."""

from __future__ import annotations

import io
import zipfile

import pytest

from innovation.attachments.service import office, pictures
from innovation.attachments.service.kinds import allowed_name, sniff
from innovation.kernel.errors import Invalid
from tests.support import samples


def found(content: bytes, name: str) -> str:
    """The type that a file is found to have, or the code it is refused with."""
    try:
        return sniff(io.BytesIO(content), name).media_type
    except Invalid as error:
        return error.code


OPENXML = "application/vnd.openxmlformats-officedocument"
TAKEN = [
    (samples.image("PNG"), "a.png", "image/png"),
    (samples.image("JPEG"), "a.jpeg", "image/jpeg"),
    (samples.image("WEBP"), "a.webp", "image/webp"),
    (samples.image("GIF", mode="P"), "a.gif", "image/gif"),
    (samples.image("AVIF"), "a.avif", "image/avif"),
    (samples.PDF, "a.PDF", "application/pdf"),
    (samples.office(), "a.docx", f"{OPENXML}.wordprocessingml.document"),
    (samples.office("xl/workbook.xml"), "a.xlsx", f"{OPENXML}.spreadsheetml.sheet"),
    (samples.office("ppt/presentation.xml"), "a.pptx", f"{OPENXML}.presentationml.presentation"),
    (samples.odf(), "a.odt", "application/vnd.oasis.opendocument.text"),
    (samples.odf("spreadsheet"), "a.ods", "application/vnd.oasis.opendocument.spreadsheet"),
    (samples.odf("presentation"), "a.odp", "application/vnd.oasis.opendocument.presentation"),
    ("naam;bedrag\nJosé;€ 5\n".encode(), "a.csv", "text/csv"),
    ("naam;bedrag\nJosé;5\n".encode("cp1252"), "a.csv", "text/csv"),
    ("naam;bedrag\nJosé;€ 5\n".encode("utf-16"), "a.txt", "text/plain"),
    (samples.image("PNG"), "pasted", "image/png"),
]


@pytest.mark.parametrize(("content", "name", "media_type"), TAKEN)
def test_a_file_is_what_its_bytes_say(content: bytes, name: str, media_type: str) -> None:
    assert found(content, name) == media_type


REFUSED = [
    (b"", "a.pdf", "file_is_empty"),
    (samples.image("PNG"), "a.jpg", "file_says_otherwise"),
    (samples.PDF, "a.docx", "file_says_otherwise"),
    (samples.office(), "a.xlsx", "file_says_otherwise"),
    (samples.office(), "a.txt", "file_says_otherwise"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "file_is_a_page"),
    (b" \n<!DOCTYPE html><script>1</script>", "a.txt", "file_is_a_page"),
    (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "a.csv", "file_is_a_page"),
    ("<html>".encode("utf-16"), "a.txt", "file_is_a_page"),
    (b"<html></html>", "a.html", "file_is_a_page"),
    (samples.office(more={"word/vbaProject.bin": b"x"}), "a.docx", "file_has_macros"),
    (samples.office(types=b"application/vnd.ms-word.document.macroEnabled.main+xml"), "a.docx", "file_has_macros"),
    (samples.odf(more={"Basic/script-lc.xml": b"x"}), "a.odt", "file_has_macros"),
    (samples.office(), "a.docm", "file_has_macros"),
    (samples.archive({"a.txt": b"x"}), "a.docx", "file_kind_unknown"),
    (samples.archive({"a.txt": b"x"}), "a.zip", "file_kind_unknown"),
    (
        samples.archive({"[Content_Types].xml": b"", "word/document.xml": b"", "xl/workbook.xml": b""}),
        "a.docx",
        "file_kind_unknown",
    ),
    (samples.office()[:-30], "a.docx", "file_is_damaged"),
    (samples.PDF + samples.archive({"a.class": b"x"}), "a.pdf", "file_is_two_things"),
    (samples.PDF + b"<script>", "a.pdf", "file_is_two_things"),
    (samples.PDF[:-8], "a.pdf", "file_is_damaged"),
    (b"MZ\x90\0" + b"\0" * 80, "a.pdf", "file_kind_unknown"),
    (b"#!/bin/sh\n\x07", "a.txt", "file_kind_unknown"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "file_kind_unknown"),
    (b"GIF89a=1;alert(1)//", "a.js", "file_kind_unknown"),
]


@pytest.mark.parametrize(("content", "name", "code"), REFUSED)
def test_what_is_not_taken_is_refused_with_its_reason(content: bytes, name: str, code: str) -> None:
    assert found(content, name) == code


def test_a_name_alone_is_enough_to_refuse() -> None:
    with pytest.raises(Invalid, match="file_kind_unknown"):
        allowed_name("setup.exe")
    allowed_name("no extension at all")


def test_a_document_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "MOST_UNPACKED", 1_000_000)
    assert found(samples.office(more={"word/media/a": b"\0" * 900_000}), "a.docx").endswith(".document")
    assert found(samples.office(more={"word/media/a": b"\0" * 1_000_001}), "a.docx") == "file_is_a_bomb"


def test_an_archive_cannot_lie_about_how_much_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its directory says that the part has ten bytes; what it holds is a bomb all the same."""
    monkeypatch.setattr(office, "MOST_UNPACKED", 1_000_000)
    honest = samples.office(more={"word/media/a": b"\0" * 2_000_000})
    liar = honest.replace((2_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert liar != honest
    assert found(liar, "a.docx") in {"file_is_damaged", "file_is_a_bomb"}


def test_a_document_of_too_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "MOST_PARTS", 3)
    assert found(samples.office(more={"a": b"", "b": b""}), "a.docx") == "file_is_a_bomb"


def test_a_locked_document_is_refused() -> None:
    locked = bytearray(samples.office())
    with zipfile.ZipFile(io.BytesIO(bytes(locked))) as archive:
        for part in archive.infolist():
            locked[part.header_offset + 6] |= 1
    central = locked.index(b"PK\x01\x02")
    locked[central + 8] |= 1
    assert found(bytes(locked), "a.docx") == "file_is_locked"


def anew(content: bytes, media_type: str) -> str:
    try:
        pictures.encode_anew(io.BytesIO(content), media_type)[0].close()
    except Invalid as error:
        return error.code
    return "kept"


def test_images_that_cannot_be_kept_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert anew(samples.moving(), "image/gif") == "image_moves"
    assert anew(samples.image("PNG")[:60], "image/png") == "file_is_damaged"
    monkeypatch.setattr(pictures, "MOST_PIXELS", 1_000)
    assert anew(samples.image("PNG", (40, 30)), "image/png") == "image_too_many_pixels"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_an_image_keeps_no_metadata_and_stands_upright(form: str) -> None:
    content = samples.telling(form)
    assert samples.SECRET in content
    out, width, height = pictures.encode_anew(io.BytesIO(content), f"image/{form.lower()}")
    with out:
        kept = out.read()
    assert (samples.SECRET in kept, b"Exif" in kept, width, height) == (False, False, 30, 40)


def test_what_hangs_behind_an_image_is_not_kept() -> None:
    polyglot = samples.image("GIF", mode="P") + samples.archive({"Evil.class": b"\xca\xfe\xba\xbe"})
    out, _width, _height = pictures.encode_anew(io.BytesIO(polyglot), "image/gif")
    with out:
        assert b"PK" not in out.read()


def test_a_large_image_is_made_smaller() -> None:
    out, width, height = pictures.encode_anew(io.BytesIO(samples.image("JPEG", (40, 30))), "image/jpeg", longest=20)
    with out:
        assert (width, height) == (20, 15)
