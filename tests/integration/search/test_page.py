"""The page of the search: one address for a question, safe marks, and as many queries whatever it finds."""

from __future__ import annotations

import pytest

from innovation.kernel.actor import Origin
from innovation.search.service import indexing
from tests.conftest import counting
from tests.support.world import World


def _fill(world: World, count: int) -> None:
    challenge = world.challenge(title="Which birds?")
    author = world.person()
    for number in range(count):
        world.idea(challenge, author, f"Heron {number}", text="<b>A</b> heron & a <script>alert(1)</script> reed.")
    world.settle()
    indexing.fill(Origin.CLOCK)


def test_results_are_marked_linked_and_safe(world: World) -> None:
    _fill(world, 1)
    page = world.browser(world.person("Reader")).get("/search?q=herons")
    said = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "<mark>Heron</mark> 0" in said
    assert "<script>alert" not in said
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in said
    assert 'id="site-search"' in said


@pytest.mark.parametrize(
    "words", ["%3Cscript%3Ealert(1)%3C/script%3E", "%22%27%3E%3Cmark%3E", "heron%22%20OR%20*", "%F0%9F%92%A9"]
)
def test_what_is_typed_is_said_back_safely(world: World, words: str) -> None:
    _fill(world, 1)
    page = world.browser(world.person("Reader")).get(f"/search?q={words}&kind=x&state=y&page=-3&language=%22")
    assert page.status_code == 200
    assert "<script>alert" not in page.get_data(as_text=True)


def test_nothing_typed_nothing_found_and_a_correction_say_so_differently(world: World) -> None:
    _fill(world, 1)
    browser = world.browser(world.person("Reader"))
    empty = browser.get("/search").get_data(as_text=True)
    nothing = browser.get("/search?q=xqxqxq").get_data(as_text=True)
    typo = browser.get("/search?q=heorn").get_data(as_text=True)
    assert ("Every word counts" in empty, "Nothing matches" in empty) == (True, False)
    assert "Nothing matches that you may see" in nothing
    assert "Search for heorn instead" in typo
    assert "q=heorn&amp;exactly=1" in typo
    exactly = browser.get("/search?q=heorn&exactly=1").get_data(as_text=True)
    assert "Nothing matches that you may see" in exactly


def test_facets_and_pages_keep_the_question_in_their_address(world: World) -> None:
    _fill(world, 22)
    browser = world.browser(world.person("Reader"))
    page = browser.get("/search?q=heron").get_data(as_text=True)
    assert 'href="/search?q=heron&amp;kind=idea"' in page
    assert 'href="/search?q=heron&amp;page=2"' in page
    narrowed = browser.get("/search?q=heron&kind=idea&page=2").get_data(as_text=True)
    assert 'href="/search?q=heron&amp;kind=idea"' in narrowed
    assert narrowed.count('class="search-result"') == 2


def test_a_page_asks_as_much_for_one_result_as_for_thirty(world: World) -> None:
    _fill(world, 1)
    browser = world.browser(world.person("Reader"))
    counts = []
    for more in (0, 29):
        if more:
            _fill(world, more)
        assert browser.get("/search?q=heron").status_code == 200
        with counting() as asked:
            browser.get("/search?q=heron")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 9
