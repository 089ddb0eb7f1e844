"""A city's ideas and comments, in Catalan and Spanish: their words are found, in every form, and none is missed.

It is asked where the city is imported anyway.
"""

from __future__ import annotations

from sqlalchemy import select

from innovation.ideas.models import Idea
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.text import bare
from innovation.rules import words
from innovation.search import queries
from innovation.search.queries import Filters
from innovation.search.service import indexing


def assert_words_are_found_in_every_form_and_none_is_missed() -> None:
    """Search a house into which the city was imported."""
    indexing.fill(Origin.IMPORT)
    said = {}
    for row in db.session.execute(select(Idea.public_id, Idea.title, Idea.text)):
        text = f"{row.title}\n{bare(row.text)}"
        said[row.public_id] = {folded for _start, _end, folded in words.spans(text)}
    forms: dict[str, set[str]] = {}
    for word in ("carril", "bicicletes", "habitatge", "vivienda", "mercat", "árboles"):
        found: set[str] = set()
        page, pages = 1, 1
        while page <= pages:
            answer = queries.search(house(Origin.CLI), f"{word} ", "en", Filters(kind="idea"), page, exactly=True)
            found |= {hit.row.idea_public_id for hit in answer.hits}
            assert not answer.capped
            page, pages = page + 1, answer.pages
        folded = words.fold(word)
        exact = {public_id for public_id, spoken in said.items() if folded in spoken}
        assert exact, word
        assert exact <= found
        forms[word] = {each for public_id in found - exact for each in said[public_id] if each[:3] == folded[:3]}
        assert found == {public_id for public_id in found if any(each[:3] == folded[:3] for each in said[public_id])}
    assert "carrils" in forms["carril"]
    assert "bicicleta" in forms["bicicletes"]
    assert "habitatges" in forms["habitatge"]
    comments = queries.search(house(Origin.CLI), "habitatge", "nl", Filters(kind="comment"))
    assert comments.total > 10
    typo = queries.search(house(Origin.CLI), "habitagte", "nl", Filters())
    assert typo.instead is not None
    assert typo.question.written() == "habitatge"
    db.session.rollback()
