"""Which kinds of files are taken, by their types and the extensions that say so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file that is taken: its type, and the extensions that say so, the usual one first."""

    media_type: str
    extensions: tuple[str, ...]
    group: str
    """``image``, ``pdf``, ``words``, ``sheet``, ``slides`` or ``text``: which sign stands before it."""

    @property
    def is_image(self) -> bool:
        return self.group == "image"


_OPENXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
KINDS = (
    Kind("image/png", ("png",), "image"),
    Kind("image/jpeg", ("jpg", "jpeg", "jfif"), "image"),
    Kind("image/webp", ("webp",), "image"),
    Kind("image/gif", ("gif",), "image"),
    Kind("image/avif", ("avif",), "image"),
    Kind("application/pdf", ("pdf",), "pdf"),
    Kind(f"{_OPENXML}.wordprocessingml.document", ("docx",), "words"),
    Kind(f"{_OPENXML}.spreadsheetml.sheet", ("xlsx",), "sheet"),
    Kind(f"{_OPENXML}.presentationml.presentation", ("pptx",), "slides"),
    Kind(f"{_ODF}.text", ("odt",), "words"),
    Kind(f"{_ODF}.spreadsheet", ("ods",), "sheet"),
    Kind(f"{_ODF}.presentation", ("odp",), "slides"),
    Kind("text/csv", ("csv",), "sheet"),
    Kind("text/plain", ("txt",), "text"),
)
BY_TYPE = {kind.media_type: kind for kind in KINDS}
BY_EXTENSION = {extension: kind for kind in KINDS for extension in kind.extensions}
ACCEPTED = ",".join(f".{extension}" for kind in KINDS for extension in kind.extensions)
"""What a file field offers to choose from."""
