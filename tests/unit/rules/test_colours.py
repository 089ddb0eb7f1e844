"""A host's own colour."""

from __future__ import annotations

import pytest

from innovation.rules import colours


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("#0B5C8A", "#0b5c8a"),
        ("0b5c8a", "#0b5c8a"),
        (" #abc ", "#aabbcc"),
        ("#0b5c8", None),
        ("red", None),
        ("", None),
        ("#0b5c8a;}", None),
        ("##0b5c8a", None),
    ],
)
def test_a_colour_is_read_as_web_pages_write_it(typed: str, meant: str | None) -> None:
    assert colours.parse(typed) == meant


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    # Known pairs: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio, and the lightest grey that passes on white.
    [("#000000", "#ffffff", 21.0), ("#777777", "#777777", 1.0), ("#767676", "#ffffff", 4.54), ("#777777", "#ffffff", 4.48)],
)
def test_contrast_is_that_of_the_standard(one: str, other: str, apart: float) -> None:
    assert round(colours.contrast(one, other), 2) == apart == round(colours.contrast(other, one), 2)


@pytest.mark.parametrize("colour", ["#0b5c8a", "#ffee00", "#ffffff", "#00ff00", "#000000", "#767676"])
def test_a_shade_can_be_read_on_white_and_is_the_colour_itself_where_that_can(colour: str) -> None:
    shade = colours.darkened(colour)
    assert colours.contrast(shade, colours.WHITE) >= colours.ENOUGH
    assert (shade == colour) == (colours.contrast(colour, colours.WHITE) >= colours.ENOUGH)
