"""User text: Markdown in, clean HTML out, through one allow-list. HTML is never stored as truth.

Two walls: bleach does the cleaning, nh3 cleans once more what bleach let through. Imported HTML takes the same way.
An image is shown only if it is a file of this house: nothing is fetched from elsewhere, and nobody learns who read what.
"""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import urlparse

import bleach
import nh3
from bleach.html5lib_shim import Filter  # type: ignore[attr-defined]  # bleach has no types
from markdown_it import MarkdownIt
from markupsafe import Markup

Format = Literal["markdown", "html"]

TAGS = frozenset(
    [
        "p",
        "br",
        "hr",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "strong",
        "em",
        "del",
        "sup",
        "sub",
        "ul",
        "ol",
        "li",
        "blockquote",
        "code",
        "pre",
        "a",
        "img",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "dl",
        "dt",
        "dd",
    ]
)
ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "img": {"src", "alt", "loading"},
    "th": {"colspan", "rowspan", "scope"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}
SCHEMES = frozenset({"http", "https", "mailto"})
OWN_FILE = re.compile(r"/files/[0-9a-hjkmnp-tv-z]{10}/[a-z0-9][a-z0-9-]{0,99}\.[a-z0-9]{1,8}")
"""The address of a file that was added here."""

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": True}).enable(["linkify", "table", "strikethrough"])
_DROPPED = re.compile(r"<(script|style|iframe|object|noscript|template|svg|math)\b.*?(</\1\s*>|\Z)", re.I | re.S)
_HEADING_ONE = re.compile(r"<(/?)h1\b", re.I)
_ASIDE = {"b": "strong", "i": "em", "div": "p", "s": "del", "strike": "del"}
_RENAMED = re.compile(rf"<(/?)({'|'.join(_ASIDE)})(?=[\s>/])", re.I)
_EMPTY = re.compile(r"<(p|h[2-6]|li|strong|em|a)(?: [^>]*)?>(?:\s|&nbsp;|\u00a0|<br\s*/?>)*</\1>")
_PADDING = re.compile(r"[ \t]*(?:(?:&nbsp;|\u00a0)[ \t]*){2,}")
_NOTHING = re.compile(r"[\u200b\u2060\ufeff]")
_ANY_IMAGE = re.compile(r"""<img\b(?:[^>"']|"[^"]*"|'[^']*')*>""", re.I)
_ANY_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
_HEADING = re.compile(r"<(/?)h([2-6])>")


@lru_cache(maxsize=2048)
def render(source: str, format: Format = "markdown") -> Markup:
    """User text as HTML that is safe in a page: no script, style, image, form or foreign scheme survives."""
    raw = _markdown.render(source) if format == "markdown" else _without_images(_DROPPED.sub("", source))
    clean = _clean(_HEADING_ONE.sub(r"<\1h2", _todays_words(raw)))
    return Markup(clean if format == "markdown" else _steps(_PADDING.sub(" ", clean)))  # noqa: S704 - the walls below are what makes it safe


_OWN_STRUCTURE = re.compile(r"\s|[-*+#>|`~]|\d+[.)]\s")


def points(source: str, format: Format = "markdown") -> str:
    """Points typed one on each line, as the Markdown list they are meant to be.

    Text with a structure of its own stays as it is: one line, paragraphs, lists and headings, and lines that only go on (a
    line that begins with a small letter ends the one above it).
    """
    lines = source.strip().splitlines()
    if format != "markdown" or len(lines) < 2:
        return source
    if any(not line or line[0].islower() or _OWN_STRUCTURE.match(line) for line in lines):
        return source
    return "\n".join(f"- {line}" for line in lines)


def _todays_words(raw: str) -> str:
    """Old HTML's habits (and Markdown's ``s``) in today's words, so that the allow-list keeps their meaning."""
    return _RENAMED.sub(lambda found: f"<{found[1]}{_ASIDE[found[2].lower()]}", raw)


def _without_images(raw: str) -> str:
    """Imported HTML in which every image from elsewhere became the words that stand for it, where it has any."""

    def words(image: re.Match[str]) -> str:
        if OWN_FILE.search(image[0]):
            return image[0]
        found = _ANY_ALT.search(image[0])
        told = (found[1] or found[2] or "").strip() if found else ""
        return f" {told.replace('<', '&lt;')} " if told else " "

    return _ANY_IMAGE.sub(words, raw)


def _steps(clean: str) -> str:
    """Clean HTML in which a heading is at most one step below the one it belongs to, however large a step was typed."""
    above: list[int] = []

    def step(tag: re.Match[str]) -> str:
        if not tag[1]:
            while above and above[-1] >= int(tag[2]):
                above.pop()
            above.append(int(tag[2]))
        return f"<{tag[1]}h{min(len(above), 5) + 1}>"

    return _HEADING.sub(step, clean)


def _clean(raw: str) -> str:
    first = bleach.Cleaner(
        tags=TAGS,
        attributes={k: list(v) for k, v in ATTRIBUTES.items()},
        protocols=SCHEMES,
        strip=True,
        filters=[_OwnImages],
    ).clean(raw)
    second = nh3.clean(
        first,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel="noopener nofollow ugc",
        attribute_filter=_only_safe_addresses,
    )
    return _EMPTY.sub("", _NOTHING.sub("", second))


class _OwnImages(Filter):  # type: ignore[misc]  # html5lib's filters carry no types
    """Leave out every image that is no file of this house, and load the others when they come into view."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for token in super().__iter__():
            if token.get("name") != "img":
                yield token
            elif OWN_FILE.fullmatch(token["data"].get((None, "src"), "")):
                words = token["data"].get((None, "alt"), "")
                token["data"] = {(None, "src"): token["data"][None, "src"], (None, "alt"): words, (None, "loading"): "lazy"}
                yield token


def _only_safe_addresses(tag: str, attribute: str, value: str) -> str | None:
    """Drop links that are no address of their own (relative ones would point into this site), and others' images."""
    if attribute == "src":
        return value if OWN_FILE.fullmatch(value) else None
    if attribute != "href":
        return value
    try:
        parsed = urlparse(value.strip())
    except ValueError:
        return None
    return value if parsed.scheme.lower() in SCHEMES else None


# Words of neighbouring blocks must not grow together; inside a line nothing may come before a full stop.
_BLOCKS = re.compile(r"<(?!/?(?:strong|em|del|sup|sub|code|a)\b)")


_IMAGE = re.compile(r'<img(?: [a-z]+="[^"]*")*>')
_ALT = re.compile(r' alt="([^"]*)"')


def _words_of(rendered: str) -> str:
    return " ".join(html.unescape(nh3.clean(_BLOCKS.sub(" <", rendered), tags=set())).split())


def _spoken(rendered: str) -> str:
    """Rendered text with what its images show, in their places."""
    return _IMAGE.sub(lambda image: f" {found[1]} " if (found := _ALT.search(image[0])) else " ", rendered)


@lru_cache(maxsize=4096)
def plain(source: str, format: Format = "markdown") -> str:
    """The text without any mark-up, white space folded; an image is what it shows, in words."""
    return _words_of(_spoken(str(render(source, format))))


def bare(source: str, format: Format = "markdown") -> str:
    """The same words for an index: faster, not kept in memory, and like :func:`plain` no HTML but text to be escaped."""
    return _words_of(_markdown.render(source) if format == "markdown" else _DROPPED.sub("", source))


_HEADINGS = re.compile(r"<h[1-6]\b.*?</h[1-6]>", re.S)


@lru_cache(maxsize=4096)
def _without_headings(source: str, format: Format) -> str:
    return _words_of(_HEADINGS.sub(" ", str(render(source, format))))


def excerpt(source: str, length: int = 220, format: Format = "markdown") -> str:
    """The first words of a text, at most ``length`` characters, cut between words; headings and images are left out."""
    text = _without_headings(source, format) or plain(source, format)
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0].rstrip(",.;:–-") + " …"


_WORDS = re.compile(r"\s+|[^\s]+")


def difference(before: str, after: str) -> Iterator[tuple[Literal["same", "added", "removed"], str]]:
    """What changed between two texts, word by word, in reading order."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", "".join(old[i1:i2])
            continue
        if i2 > i1:
            yield "removed", "".join(old[i1:i2])
        if j2 > j1:
            yield "added", "".join(new[j1:j2])


_MARKS = {"same": Markup("{}"), "added": Markup("<ins>{}</ins>"), "removed": Markup("<del>{}</del>")}


def marked_difference(after: str, before: str) -> Markup:
    """A later text with what was added since an earlier one, and what was removed from it, marked."""
    return Markup("").join(_MARKS[kind].format(words) for kind, words in difference(before, after))


_SLUG = re.compile(r"[^a-z0-9]+")


def slug(title: str) -> str:
    """A title as decoration behind the public id of an address."""
    return _SLUG.sub("-", title.lower()).strip("-")[:60].rstrip("-")
