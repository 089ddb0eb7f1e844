"""A language for tests alone, in which every translated string stands between marks: what stands outside was never marked.

Three kinds of text reach a page, and each carries its mark: translated words ``⟦ ⟧``, values that a template writes out
``⟪ ⟫``, and the template's own letters, which have none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from babel.support import NullTranslations
from flask import Flask
from flask_babel import Domain
from markupsafe import Markup

WORDS, VALUE = "⟦⟧", "⟪⟫"
WRITTEN = ("moment", "day", "short_day", "relative", "money", "wall", "hour", "either", "number")
"""Filters that write dates, amounts and lists as a language does."""
SAID = ("aria-label", "title", "placeholder", "alt")
"""Attributes that are read out or shown."""
TAGS = frozenset({"td", "th", "ul", "ol", "h2", "h3", "h4"})
"""Names of tags that a template chooses between."""
SILENT = frozenset({"script", "style", "template", "code"})
"""Nothing in these is shown, or it is a name that programs know, which no language has another word for."""
VOID = frozenset({"input", "br", "hr", "img", "meta", "link", "source", "wbr", "col", "area", "base", "path", "circle"})
BLOCKS = frozenset({"p", "li", "ul", "ol", "div", "table", "tr", "td", "th", "dl", "dt", "dd", "h1", "h2", "h3", "h4"})
BLOCKS |= {"section", "article", "main", "nav", "form", "header", "footer", "aside", "fieldset", "legend", "option", "label"}
BLOCKS |= {"body", "title", "button", "summary", "caption", "h5", "h6"}
LETTERS = re.compile(r"[^\W\d_]{2,}")


class Marked(NullTranslations):
    """Every string between marks, with its gaps still in it."""

    def ugettext(self, message: str) -> str:
        return f"{WORDS[0]}{message}{WORDS[1]}"

    def ungettext(self, singular: str, plural: str, number: int) -> str:
        return self.ugettext(singular if number == 1 else plural)

    gettext = ugettext
    ngettext = ungettext


def speak(app: Flask, patch: Callable[[Any, str, Any], None]) -> None:
    """Let an application that has rendered nothing yet speak this language; ``patch`` sets an attribute for a while."""
    marked = Marked()
    patch(Domain, "get_translations", lambda self: marked)
    filters = app.jinja_env.filters
    for name in WRITTEN:
        filters[name] = _between(filters[name])
    app.jinja_env.finalize = _value
    if app.jinja_env.cache is not None:
        app.jinja_env.cache.clear()


def _between(written: Callable[..., Any]) -> Callable[..., Any]:
    def marked(*args: Any, **kwargs: Any) -> Any:
        found = written(*args, **kwargs)
        text = f"{WORDS[0]}{found}{WORDS[1]}"
        return Markup(text) if isinstance(found, Markup) else text

    return marked


def _value(value: Any) -> Any:
    """What a template writes out, marked unless it is markup, which carries the marks of its own parts."""
    if not isinstance(value, str) or isinstance(value, Markup) or WORDS[0] in value or not LETTERS.search(value):
        return value
    if value in TAGS:
        return value
    return f"{VALUE[0]}{value}{VALUE[1]}"


class Pieces:
    """Text as its outermost pieces, across tags inside a translated sentence: (``words``, ``value`` or ``bare``, text)."""

    def __init__(self) -> None:
        self._depth = 0
        self._kind = "bare"

    def reset(self) -> None:
        """A sentence ends where its block does, whatever was cut off within."""
        self._depth, self._kind = 0, "bare"

    def of(self, text: str) -> Iterator[tuple[str, str]]:
        start = 0
        for place, letter in enumerate(text):
            if letter in WORDS[0] + VALUE[0]:
                if self._depth == 0:
                    yield self._kind, text[start:place]
                    self._kind, start = ("words" if letter == WORDS[0] else "value"), place + 1
                self._depth += 1
            elif letter in WORDS[1] + VALUE[1] and self._depth:
                self._depth -= 1
                if self._depth == 0:
                    yield self._kind, text[start:place]
                    self._kind, start = "bare", place + 1
        yield self._kind, text[start:]


class Said(HTMLParser):
    """The texts that a page shows or reads out and that are no person's: (``words``, ``value`` or ``bare``, text)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self._open: list[tuple[str, bool]] = []
        self._pieces = Pieces()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        # What a person wrote is rendered Markdown, or says in which language it is.
        personal = "markdown" in classes or ("lang" in given and tag != "html") or tag == "textarea"
        inside = (self._open[-1][1] if self._open else False) or personal
        if tag in BLOCKS:
            self._pieces.reset()
        if tag not in VOID:
            self._open.append((tag, inside))
        shown = [str(given[name]) for name in SAID if given.get(name)]
        if tag == "input" and given.get("type") in {"submit", "button"}:
            shown.append(str(given.get("value") or ""))
        if not inside:
            self.found += [piece for text in shown for piece in Pieces().of(text)]

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._pieces.reset()
        while self._open and any(name == tag for name, _ in self._open):
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if not any(tag in SILENT for tag, _ in self._open):
            found = list(self._pieces.of(data))
            if not (self._open and self._open[-1][1]):
                self.found += found


def unmarked(html: str) -> Iterator[tuple[str, str]]:
    """(``value`` or ``bare``, text) of everything with letters on a page that is no translated string or person's words."""
    reader = Said()
    reader.feed(html)
    yield from _without_words(reader.found)


def plain_unmarked(text: str) -> Iterator[tuple[str, str]]:
    """The same of a text that is no page."""
    yield from _without_words(Pieces().of(text))


def _without_words(found: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for kind, each in found:
        said = " ".join(each.split())
        if kind != "words" and LETTERS.search(said):
            yield kind, said
