"""English and Dutch are complete: every string that code or templates mark has its Dutch, in the file that is served."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOG = ROOT / "innovation" / "translations" / "nl" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")


def _dutch() -> Catalog:
    with CATALOG.open("rb") as file:
        return read_po(file, locale="nl")


def test_every_string_has_its_dutch(tmp_path: Path) -> None:
    template = tmp_path / "messages.pot"
    command = [str(Path(sys.executable).parent / "pybabel"), "-q", "extract", "-F", "babel.cfg", "-k", "_l"]
    subprocess.run([*command, "-k", "lazy_gettext", "-k", "ngettext:1,2", "-o", str(template), "."], cwd=ROOT, check=True)
    with template.open("rb") as file:
        wanted = read_po(file)
    dutch = _dutch()
    missing = []
    for message in wanted:
        if not message.id:
            continue
        found = dutch.get(message.id)
        texts = found.string if found and isinstance(found.string, tuple) else (found.string if found else "",)
        if not all(texts):
            missing.append(message.id)
    assert missing == []


def test_placeholders_are_the_same_in_dutch() -> None:
    wrong = []
    for message in _dutch():
        if not message.id:
            continue
        if isinstance(message.id, str):
            same = sorted(PLACEHOLDER.findall(message.id)) == sorted(PLACEHOLDER.findall(str(message.string)))
        else:
            # A singular may spell its number out.
            same = set(PLACEHOLDER.findall(message.string[1])) == set(PLACEHOLDER.findall(message.id[1]))
        if not same:
            wrong.append(message.id)
    assert wrong == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, _dutch())
    assert CATALOG.with_suffix(".mo").read_bytes() == compiled.getvalue()
