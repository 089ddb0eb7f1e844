"""Every pair of colours that stand on one another keeps AA contrast, by day and by night, whatever accent the host has."""

from __future__ import annotations

import re
from math import cos, radians, sin
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
Oklch = tuple[float, float, float]

PAPERS = ("paper", "raised", "sunken")
TONES = ("good", "wait", "stop", "note")
TEXT: list[tuple[str, str]] = [
    *((ink, paper) for ink in ("ink", "soft", "accent-ink", "accent-strong", *TONES) for paper in PAPERS),
    *((ink, f"{tone}-wash") for tone in TONES for ink in ("ink", tone, "soft", "accent-ink")),
    *((ink, "accent-wash") for ink in ("ink", "accent-ink")),
    ("on-accent", "accent-fill"),
    ("on-accent", "accent-strong"),
]
"""(what is read, what it is read on): 4.5 : 1."""
SHAPES = [("edge", paper) for paper in PAPERS] + [("accent-fill", paper) for paper in PAPERS]
"""(what shows where a field or a state is, what it lies on): 3 : 1."""


def luminance(colour: Oklch) -> float:
    """Relative luminance (WCAG) of an OKLCH colour, clipped into sRGB. Björn Ottosson's matrices."""
    light, chroma, hue = colour
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return sum(w * min(1.0, max(0.0, part)) for w, part in ((0.2126, red), (0.7152, green), (0.0722, blue)))


def contrast(one: Oklch, other: Oklch) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def tokens() -> dict[str, tuple[Oklch, Oklch]]:
    """name → (by day, by night) of every token that is a plain pair of OKLCH colours."""
    pair = re.compile(r"--([\w-]+): light-dark\(oklch\(([\d. ]+)\), oklch\(([\d. ]+)\)\);")
    found = {}
    for name, day, night in pair.findall(TOKENS.read_text()):
        found[name] = (_three(day), _three(night))
    return found


def _three(text: str) -> Oklch:
    light, chroma, hue = (float(part) for part in text.split())
    return light, chroma, hue


def test_white_on_black_is_twenty_one() -> None:
    assert round(contrast((1, 0, 0), (0, 0, 0)), 2) == 21.0


def test_a_known_colour_has_its_known_luminance() -> None:
    # #767676, the lightest grey that passes on white, is oklch(0.5659 0 0): 4.54 : 1.
    assert round(contrast((0.5659, 0, 0), (1, 0, 0)), 2) == 4.54


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_what_is_read_keeps_its_contrast(night: bool) -> None:
    all_of = tokens()
    weak = {
        f"{ink} on {paper}": round(contrast(all_of[ink][night], all_of[paper][night]), 2)
        for ink, paper in TEXT
        if contrast(all_of[ink][night], all_of[paper][night]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_what_shows_a_field_keeps_its_contrast(night: bool) -> None:
    all_of = tokens()
    weak = {
        f"{shape} on {paper}": round(contrast(all_of[shape][night], all_of[paper][night]), 2)
        for shape, paper in SHAPES
        if contrast(all_of[shape][night], all_of[paper][night]) < 3
    }
    assert weak == {}


def derived(accent: Oklch) -> dict[str, tuple[Oklch, Oklch]]:
    """What the style sheet makes of a host's accent: the bounds stand in the file, the arithmetic is CSS's."""
    sheet = TOKENS.read_text()
    light, chroma, hue = accent
    ink = re.search(
        r"--accent-ink: light-dark\(oklch\(from var\(--accent\) min\(l, ([\d.]+)\) c h\), "
        r"oklch\(from var\(--accent\) max\(l, ([\d.]+)\) min\(c, ([\d.]+)\) h\)\)",
        sheet,
    )
    wash = re.search(
        r"--accent-wash: light-dark\(oklch\(from var\(--accent\) ([\d.]+) calc\(c \* ([\d.]+)\) h\), "
        r"oklch\(from var\(--accent\) ([\d.]+) calc\(c \* ([\d.]+)\) h\)\)",
        sheet,
    )
    assert ink is not None
    assert wash is not None
    darkest, lightest, dull = (float(part) for part in ink.groups())
    day, day_share, night, night_share = (float(part) for part in wash.groups())
    return {
        "accent-ink": ((min(light, darkest), chroma, hue), (max(light, lightest), min(chroma, dull), hue)),
        "accent-wash": ((day, chroma * day_share, hue), (night, chroma * night_share, hue)),
    }


@pytest.mark.parametrize("hue", range(0, 360, 15))
@pytest.mark.parametrize("light", [0.2, 0.5, 0.7, 0.95])
def test_any_accent_of_a_host_stays_readable(hue: int, light: float) -> None:
    all_of = tokens()
    made = derived((light, 0.14, hue))
    for night in (False, True):
        ink, wash = made["accent-ink"][night], made["accent-wash"][night]
        assert min(contrast(ink, all_of[paper][night]) for paper in PAPERS) >= 4.5
        assert contrast(ink, wash) >= 4.5
        assert contrast(all_of["on-accent"][night], ink) >= 4.5
