"""What a browser without JavaScript would send of a form on a page: every field as it stands, buttons left out."""

from __future__ import annotations

from html.parser import HTMLParser

from werkzeug.test import TestResponse


class _Fields(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside, self.form = action, False, dict[str, str]()
        self.buttons: list[tuple[str, str]] = []
        self._select = self._area = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "form":
            self.inside = (named.get("action") or "").partition("?")[0] == self.action.partition("?")[0]
        if not self.inside:
            return
        name, value = named.get("name") or "", named.get("value") or ""
        if tag == "button" and name:
            self.buttons.append((name, value))
        elif tag == "textarea":
            self._area, self._text = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in named or self._select not in self.form):
            self.form[self._select] = value
        elif tag == "input" and name:
            ticked = named.get("type") not in ("radio", "checkbox") or "checked" in named
            if ticked:
                self.form[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self.form[self._area] = self._text.removeprefix("\r\n").removeprefix("\n")
            self._area = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text += data


def filled(page: TestResponse, action: str) -> dict[str, str]:
    """The fields of the page's form that sends to ``action`` (a path), by name."""
    return _read(page, action).form


def buttons(page: TestResponse, action: str) -> list[tuple[str, str]]:
    """Name and value of each of its buttons that has a name, in order."""
    return _read(page, action).buttons


def _read(page: TestResponse, action: str) -> _Fields:
    fields = _Fields(action)
    fields.feed(page.get_data(as_text=True))
    assert fields.form, f"no form sends to {action}"
    return fields
