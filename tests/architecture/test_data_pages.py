"""What lawyers, works councils and IT read is what the code does: ``python -m tests.architecture.test_data_pages``."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.architecture import data_pages
from tests.conftest import missing

PAGES: dict[str, Callable[[], str]] = {
    "legal.md": data_pages.legal,
    "works-council.md": data_pages.works_council,
    "it.md": data_pages.it,
}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_page_says_what_the_code_does(name: str) -> None:
    if name == "it.md" and not data_pages.installed_as_locked():
        missing("other packages are installed than those that are locked, so their licences cannot be compared")
    assert (data_pages.ROOT / "docs" / name).read_text("utf-8") == PAGES[name]()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_no_place_of_a_page_is_left_open(name: str) -> None:
    assert "<<" not in PAGES[name]()


if __name__ == "__main__":
    for page, text in PAGES.items():
        (data_pages.ROOT / "docs" / page).write_text(text(), "utf-8")
