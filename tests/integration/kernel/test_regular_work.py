"""The clock's table says in words what each piece of regular work does."""

from __future__ import annotations

from flask import get_template_attribute

from innovation.kernel import queue
from tests.support.world import World


def test_every_regular_work_is_said_in_words(embedded: World) -> None:
    words = get_template_attribute("admin/_work.html", "work_words")
    assert [name for name in queue.regulars if words(name) == name] == []


def test_the_operators_page_shows_the_words(embedded: World) -> None:
    queue.tick(embedded.app, lambda name: name == "kernel.seal")
    text = embedded.browser(embedded.manager).get("/admin/deliveries").get_data(as_text=True)
    assert ("Seal what happened" in text, "kernel.seal" in text) == (True, False)
