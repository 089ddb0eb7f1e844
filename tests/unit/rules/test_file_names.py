"""Names of files, made safe."""

from __future__ import annotations

import pytest

from innovation.kernel.text import OWN_FILE
from innovation.rules.file_names import LONGEST, address_name, extension_of, safe_name

NAMES = [
    ("plan.pdf", "plan.pdf", "plan.pdf"),
    ("../../etc/passwd.pdf", "passwd.pdf", "passwd.pdf"),
    ("C:\\fakepath\\plan.pdf", "plan.pdf", "plan.pdf"),
    ("photo\u202efdp.exe.pdf", "photofdp.exe.pdf", "photofdp-exe.pdf"),
    ("a\x00b\r\nc.pdf", "abc.pdf", "abc.pdf"),
    ("e\u0301te\u0301.pdf", "été.pdf", "ete.pdf"),
    ('<b>:"|?*.pdf', "-b-.pdf", "b.pdf"),
    ("   spaced   out  .pdf", "spaced out.pdf", "spaced-out.pdf"),
    (".pdf", "pdf.pdf", "pdf.pdf"),
    ("", "file.pdf", "file.pdf"),
    ("中文.pdf", "中文.pdf", "file.pdf"),
]


@pytest.mark.parametrize(("raw", "name", "address"), NAMES)
def test_a_name_is_made_safe(raw: str, name: str, address: str) -> None:
    made = safe_name(raw, "pdf")
    assert (made, address_name(made)) == (name, address)


def test_a_long_name_is_cut_and_keeps_its_extension() -> None:
    made = safe_name("x" * 500 + ".docx", "docx")
    assert (len(made), made[-6:]) == (LONGEST, "x.docx")


def test_the_extension_is_that_of_what_the_file_is() -> None:
    assert safe_name("photo.JPEG", "jpg") == "photo.jpg"


@pytest.mark.parametrize(("raw", "extension"), [("a.PDF", "pdf"), ("a", ""), (".htaccess", ""), ("a.b c", ""), ("a.é", "")])
def test_an_extension_is_small_ascii_or_none(raw: str, extension: str) -> None:
    assert extension_of(raw) == extension


@pytest.mark.parametrize("raw", [raw for raw, _name, _address in NAMES])
def test_every_address_can_stand_in_a_text(raw: str) -> None:
    assert OWN_FILE.fullmatch(f"/files/0123456789/{address_name(safe_name(raw, 'png'))}")
