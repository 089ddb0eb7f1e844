"""A host's own colour: read as web pages write it, and how far it stands out (WCAG 2.2, relative luminance and contrast)."""

from __future__ import annotations

import re

ENOUGH = 4.5
"""The least contrast of ordinary text against what lies behind it (WCAG 2.2, level AA)."""
WHITE = "#ffffff"
_COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def parse(typed: str) -> str | None:
    """A colour as ``#rrggbb`` in lower case; None for what is none. ``#rgb`` is short for it, the sign may be missing."""
    text = typed.strip()
    text = text if text.startswith("#") else f"#{text}"
    if _COLOUR.fullmatch(text) is None:
        return None
    short = text[1:].lower()
    return f"#{''.join(digit * 2 for digit in short) if len(short) == 3 else short}"


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart: from 1 (the same) to 21 (black on white)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def darkened(colour: str, against: str = WHITE, enough: float = ENOUGH) -> str:
    """The colour itself where text of it can be read on another; else the lightest of its darker shades that can."""
    parts = _parts(colour)
    for share in range(100, -1, -1):
        shade = "#" + "".join(f"{part * share // 100:02x}" for part in parts)
        if contrast(shade, against) >= enough:
            return shade
    return "#000000"


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
