"""Small files of every kind, made on the spot: none is kept in the tree."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SECRET = b"SECRETPLACE"
"""What stands in the metadata of :func:`telling`."""


def image(form: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **more: Any) -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new(mode, size, 120 if mode in {"L", "P", "1"} else (20, 120, 200, 255)[: len(mode)]).save(out, form, **more)
    return out.getvalue()


def telling(form: str = "JPEG") -> bytes:
    """A picture, 40 by 30, lying on its side, that says where and with what it was taken."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, SECRET.decode()
    return image(form, exif=exif, **({"comment": SECRET} if form == "JPEG" else {}))


def moving() -> bytes:
    """A GIF of two frames."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def archive(parts: Mapping[str, bytes], stored: tuple[str, ...] = ()) -> bytes:
    """A zip archive with these parts, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def office(main: str = "word/document.xml", more: Mapping[str, bytes] | None = None, types: bytes = b"<Types/>") -> bytes:
    """An Office document: docx unless its main part says another."""
    return archive({"[Content_Types].xml": types, main: b"<x/>", **(more or {})})


def odf(kind: str = "text", more: Mapping[str, bytes] | None = None) -> bytes:
    """An OpenDocument of a kind: text, spreadsheet or presentation."""
    said = f"application/vnd.oasis.opendocument.{kind}".encode()
    return archive({"mimetype": said, "content.xml": b"<x/>", **(more or {})}, stored=("mimetype",))
