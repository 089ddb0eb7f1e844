"""Reading pages: what a person sees of them, without what is new in every session."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence

from flask import Flask
from werkzeug.test import TestResponse

_SIGNED = re.compile(r"[\w-]{20,}\.[\w-]{4,}\.[\w-]{20,}")
_ONCE = re.compile(r'(name="once"[^>]*value=)"[^"]*"')
_MADE = re.compile(r'data-now="[^"]*"')


def body(page: TestResponse) -> str:
    """A page's text without the tokens that differ from session to session, and the second it was made in."""
    return _MADE.sub("", _ONCE.sub(r'\1""', _SIGNED.sub("", page.get_data(as_text=True))))


def words(page: TestResponse) -> str:
    """What a page says, without its tags; a space between what stood apart."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.get_data(as_text=True))))


def typed(page: TestResponse, name: str) -> str:
    """What stands in a form's field of that name."""
    text = page.get_data(as_text=True)
    area = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\r?\n?(.*?)</textarea>', text, re.S)
    if area:
        return area[1]
    for tag in re.findall(r"<input[^>]*>", text):
        if f'name="{name}"' in tag:
            found = re.search(r'value="([^"]*)"', tag)
            return found[1] if found else ""
    raise AssertionError(f"the page has no field {name}")


def addresses(app: Flask, names: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Every address a browser can open: (endpoint, path), once for each name that fits the route's gap.

    Args:
        names: what stands in a gap, by the first part of the path, or the first two, and the gap (``challenges/public_id``,
            ``results/ideas/public_id``), or by the gap alone.

    Raises:
        AssertionError: a route has a gap that nothing fits, so that it would be left out unnoticed.
    """
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" not in (rule.methods or ()) or rule.endpoint in {"static", "style_sheet"}:
            continue
        paths = [rule.rule]
        for gap in sorted(rule.arguments):
            first, second = [*rule.rule.split("/")[1:3], ""][:2]
            fits = next((names[key] for key in (f"{first}/{second}/{gap}", f"{first}/{gap}", gap) if key in names), None)
            if one_of := re.search(rf"<any\(([^)]*)\):{gap}>", rule.rule):
                known = [each.strip() for each in one_of[1].split(",")]
                fits = known if fits is None or not set(fits) <= set(known) else fits
            assert fits is not None, f"nothing fits {gap} of {rule.rule}"
            paths = [re.sub(rf"<(?:[^<>]*:)?{gap}>", value, path) for path in paths for value in fits]
        yield from ((rule.endpoint, path) for path in paths)
