"""Bringing a file in through its pages, as a person does: choose, say what the columns mean, look, say yes."""

from __future__ import annotations

import html
import io
import re
from typing import Any

from werkzeug.test import TestResponse

from tests.support.browser import Browser
from tests.support.world import World


def fields(page: TestResponse) -> dict[str, Any]:
    """Every field of a page's mapping form, as a browser would send it."""
    text = page.get_data(as_text=True)
    form = text[text.index('id="mapping"') :]
    form = form[: form.index("</form>")]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        if name := re.search(r'name="([^"]*)"', tag):
            value = re.search(r'value="([^"]*)"', tag)
            sent[name[1]] = html.unescape(value[1]) if value else ""
    for head, inside in re.findall(r"<select([^>]*)>(.*?)</select>", form, re.S):
        name = re.search(r'name="([^"]*)"', head)
        options = re.findall(r"<option([^>]*)>", inside)
        chosen = next((each for each in options if " selected" in each), options[0])
        value = re.search(r'value="([^"]*)"', chosen)
        assert name is not None
        assert value is not None
        sent[name[1]] = html.unescape(value[1])
    return sent


class Bringing:
    """One file on its way in."""

    def __init__(self, world: World, browser: Browser, kind: str, content: str | bytes, name: str = "") -> None:
        self.world, self.browser = world, browser
        data = content.encode() if isinstance(content, str) else content
        sent = {"kind": kind, "file": (io.BytesIO(data), name or f"{kind}.csv")}
        self.chosen = browser.post("/import", sent, content_type="multipart/form-data")
        self.path = str(self.chosen.headers.get("Location", ""))

    def page(self) -> TestResponse:
        return self.browser.get(self.path)

    def send(self, where: str, **changes: str) -> TestResponse:
        """Send the form as it stands, with some fields changed; ``column_name`` or ``value_name`` and the rest."""
        path, _, query = self.path.partition("?")
        return self.browser.post(f"{path}{where}?{query}", fields(self.page()) | changes)

    def looked_through(self, **changes: str) -> str:
        """Have it looked through; the address of the order."""
        asked = self.send("/looking-through", **changes)
        assert asked.status_code == 303, asked.get_data(as_text=True)
        self.world.settle()
        return str(asked.headers["Location"])

    def brought(self, **changes: str) -> str:
        """Have it looked through and brought in; the address of the second order."""
        found = self.browser.post(f"{self.looked_through(**changes)}/taking-in", {})
        assert found.status_code == 303
        self.world.settle()
        return str(found.headers["Location"])
