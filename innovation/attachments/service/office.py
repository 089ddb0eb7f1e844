"""Office documents are zip archives: which one this is, and whether it can be handed on without harm."""

from __future__ import annotations

import zipfile
import zlib
from typing import IO

from innovation.kernel.errors import Invalid

ZIP = b"PK\x03\x04"
MOST_PARTS = 5_000
MOST_UNPACKED = 300 * 1024 * 1024
"""Bytes. A document of 25 MB that unpacks to more is a bomb, not a document."""
_PIECE = 64 * 1024
_OPENXML = "application/vnd.openxmlformats-officedocument"
_MAIN = {
    "word/document.xml": f"{_OPENXML}.wordprocessingml.document",
    "xl/workbook.xml": f"{_OPENXML}.spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OPENXML}.presentationml.presentation",
}
_ODF = frozenset(f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet", "presentation"))
_ODF_MACROS = ("basic/", "scripts/")
# What zipfile and zlib raise over bytes that only claim to be an archive; Invalid is none of them.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, UnicodeError)


def document_type(content: IO[bytes]) -> str:
    """The media type of an office document, after all of it was unpacked once and thrown away.

    Raises:
        Invalid: it is another archive, damaged, locked by a password, has macros, or unpacks to far too much.
    """
    try:
        with zipfile.ZipFile(content) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise Invalid("file_is_a_bomb", field="file")
            if any(part.flag_bits & 0x1 for part in parts):
                raise Invalid("file_is_locked", field="file")
            found = _type(archive, parts)
            _refuse_macros(archive, parts)
            _unpack(archive, parts)
            return found
    except _DAMAGED as error:
        raise Invalid("file_is_damaged", field="file") from error


def _type(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> str:
    names = [part.filename for part in parts]
    if len(set(names)) != len(names):
        raise Invalid("file_is_damaged", field="file")
    if parts and names[0] == "mimetype" and parts[0].file_size <= 100:
        said = archive.read(parts[0]).decode("ascii", "replace")
        if said in _ODF and "content.xml" in names:
            return said
    if "[Content_Types].xml" in names:
        mains = [main for main in _MAIN if main in names]
        if len(mains) == 1:
            return _MAIN[mains[0]]
    raise Invalid("file_kind_unknown", field="file")


def _refuse_macros(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    macros = any(name.endswith("vbaproject.bin") or name.startswith(_ODF_MACROS) for name in names)
    types = next((part for part in parts if part.filename == "[Content_Types].xml"), None)
    if types is not None:
        with archive.open(types) as words:
            said = words.read(1_000_000).lower()
        macros = macros or b"macroenabled" in said or b"vbaproject" in said
    if macros:
        raise Invalid("file_has_macros", field="file")


def _unpack(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Read every part to its end, counting: what an archive says of its own sizes may be untrue."""
    unpacked = 0
    for part in parts:
        with archive.open(part) as words:
            while piece := words.read(_PIECE):
                unpacked += len(piece)
                if unpacked > MOST_UNPACKED:
                    raise Invalid("file_is_a_bomb", field="file")
