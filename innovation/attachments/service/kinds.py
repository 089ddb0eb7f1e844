"""What a file is: told from its bytes, never from what the browser says, and only from a list of what is allowed.

The name's extension must say the same. What is refused is refused with a code that names the reason.
"""

from __future__ import annotations

import codecs
import re
from typing import IO

import filetype

from innovation.attachments.service import office
from innovation.kernel.errors import Invalid
from innovation.rules.file_kinds import BY_EXTENSION, BY_TYPE, Kind
from innovation.rules.file_names import extension_of

_PAGES = frozenset({"svg", "svgz", "htm", "html", "xhtml", "xht", "mht", "mhtml", "xml", "xsl"})
_MACROS = frozenset({"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm", "ppam"})
_HEAD, _TAIL = 4096, 2048
_LOOKS_LIKE_A_PAGE = re.compile(rb"\s*<(?:!doctype|!--|\?xml|html|head|body|svg|script|iframe|meta)", re.I)
_NOT_IN_TEXT = frozenset(range(32)) - {9, 10, 12, 13}


def allowed_name(name: str) -> None:
    """Refuse early, by its name alone, what will never be taken.

    Raises:
        Invalid: the extension is none of the list.
    """
    extension = extension_of(name)
    if extension in _PAGES:
        raise Invalid("file_is_a_page", field="file")
    if extension in _MACROS:
        raise Invalid("file_has_macros", field="file")
    if extension and extension not in BY_EXTENSION:
        raise Invalid("file_kind_unknown", field="file")


def sniff(content: IO[bytes], name: str) -> Kind:
    """What a file is.

    Raises:
        Invalid: it is nothing that is taken, it is damaged or dangerous, or its name says that it is something else.
    """
    allowed_name(name)
    head, tail = _ends(content)
    if not head:
        raise Invalid("file_is_empty", field="file")
    kind = _by_bytes(content, head, tail, extension_of(name))
    extension = extension_of(name)
    if extension and extension not in kind.extensions:
        raise Invalid("file_says_otherwise", field="file", said=extension, found=kind.extensions[0])
    return kind


def _ends(content: IO[bytes]) -> tuple[bytes, bytes]:
    size = content.seek(0, 2)
    content.seek(0)
    head = content.read(_HEAD)
    content.seek(max(0, size - _TAIL))
    tail = content.read()
    content.seek(0)
    return head, tail


def _by_bytes(content: IO[bytes], head: bytes, tail: bytes, extension: str) -> Kind:
    guessed = filetype.guess_mime(head) or ""
    if guessed in BY_TYPE and BY_TYPE[guessed].is_image:
        return BY_TYPE[guessed]
    if head.startswith(b"%PDF-"):
        return _pdf(content, tail)
    if head.startswith(office.ZIP):
        return BY_TYPE[office.document_type(content)]
    if _LOOKS_LIKE_A_PAGE.match(_without_mark(head)):
        raise Invalid("file_is_a_page", field="file")
    if extension in {"csv", "txt", ""} and not guessed and _is_text(content):
        return BY_EXTENSION[extension or "txt"]
    raise Invalid("file_kind_unknown", field="file")


def _pdf(content: IO[bytes], tail: bytes) -> Kind:
    """A whole PDF that is nothing else besides: no archive may hang behind it."""
    if b"%%EOF" not in tail:
        raise Invalid("file_is_damaged", field="file")
    if tail[tail.rindex(b"%%EOF") + 5 :].strip(b"\r\n\0 "):
        raise Invalid("file_is_two_things", field="file")
    return BY_EXTENSION["pdf"]


def _without_mark(head: bytes) -> bytes:
    """The beginning of a text as ASCII would write it, so that a page in UTF-16 is seen too."""
    return (
        head.replace(b"\0", b"")
        .removeprefix(codecs.BOM_UTF8)
        .removeprefix(codecs.BOM_UTF16_LE)
        .removeprefix(codecs.BOM_UTF16_BE)
    )


def _is_text(content: IO[bytes]) -> bool:
    """Whether it reads as text: UTF-8, UTF-16 with its mark, or Windows' western letters; no control characters."""
    content.seek(0)
    first = content.read(2)
    content.seek(0)
    if first in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return _decodes(content, "utf-16")
    return _decodes(content, "utf-8") or _decodes(content, "cp1252")


def _decodes(content: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    content.seek(0)
    try:
        while piece := content.read(65_536):
            if any(ord(each) in _NOT_IN_TEXT for each in set(decoder.decode(piece))):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
