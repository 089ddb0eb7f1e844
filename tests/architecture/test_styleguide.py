"""The style guide leaves no component out, and no page is heavy."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
MOST = 60 * 1024
"""Bytes of style and script, compressed, that a page may bring."""


def test_the_style_guide_shows_every_component() -> None:
    pages = [TEMPLATES / "pages" / "styleguide.html", *(TEMPLATES / "pages").glob("_styleguide_*.html")]
    shown = set(re.findall(r'"components/(\w+)\.html"', "".join(page.read_text() for page in pages)))
    every = {path.stem for path in (TEMPLATES / "components").glob("*.html")}
    assert every - shown == set()


def test_every_component_with_a_look_has_one_sheet_of_its_name() -> None:
    """One file a component: a sheet that belongs to no component would never be found again."""
    sheets = {path.stem for path in (STATIC / "css" / "components").glob("*.css")}
    of_pages = {path.stem for path in (STATIC / "css" / "features").glob("*.css")}
    components = {path.stem for path in (TEMPLATES / "components").glob("*.html")}
    assert sheets & of_pages == set()
    assert sheets - components == SHARED


SHARED = {"pair", "talk", "files"}
"""Sheets of a look that the templates of one feature draw by themselves, in several pieces."""


def test_every_sheet_stays_in_its_layer() -> None:
    for path in (STATIC / "css").rglob("*.css"):
        layer = {"components": "components", "features": "features"}.get(path.parent.name, path.stem)
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S).strip()
        text = re.sub(r"^@layer [\w, ]+;\s*", "", text)
        assert re.match(rf"@layer {layer} \{{", text), path


def test_the_heaviest_page_that_could_be_stays_light() -> None:
    """All sheets, and every script of ours and the library's at once: no page can bring more."""
    sheets = gzip.compress(b"".join(path.read_bytes() for path in sorted((STATIC / "css").rglob("*.css"))))
    scripts = [*(STATIC / "js").glob("*.js"), *(STATIC / "vendor").rglob("*.js")]
    weight = len(sheets) + sum(len(gzip.compress(path.read_bytes())) for path in scripts)
    assert weight < MOST
