"""What comes first, and what is marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from innovation.rules import words
from innovation.rules.question import read
from innovation.rules.relevance import marked, score, snippet


def _score(typed: str, title: str, body: str, language: str = "en") -> float:
    return score(read(typed, "en"), words.indexed(title, language), words.indexed(body, language))


def test_a_title_weighs_more_than_a_text_and_the_word_more_than_another_form() -> None:
    scores = [
        _score("roof", "A green roof", ""),
        _score("roof", "Green roofs", ""),
        _score("roof", "Green", "A roof. " * 30),
        _score("roof", "Green", "One roof."),
        _score("roof", "Green", "Many roofs."),
        _score("roof", "Green", "A wall."),
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 6
    assert scores[-1] == 0


def test_words_side_by_side_weigh_more() -> None:
    assert _score("green roof", "Green roof", "") > _score("green roof", "Roof, green", "")


def test_marks_are_whole_words_in_any_form() -> None:
    pieces = marked("Roofing the green roofs, greenhouses", "en", read("roof", "en"))
    assert [text for text, hit in pieces if hit] == ["Roofing", "roofs"]
    assert marked("Els col·lectius!", "ca", read("collectiu ", "en")) == [
        ("Els ", False),
        ("col·lectius", True),
        ("!", False),
    ]


def test_only_a_whole_phrase_is_marked() -> None:
    pieces = marked("green, then a green roof", "en", read('"green roof"', "en"))
    assert [text for text, hit in pieces if hit] == ["green", "roof"]
    assert pieces[0] == ("green, then a ", False)


def test_a_snippet_is_taken_where_most_of_the_question_stands() -> None:
    text = "solar " + "word " * 200 + "a solar roof stands here " + "word " * 200
    pieces = snippet(text, "en", read("solar roof", "en"))
    assert [part for part, hit in pieces if hit] == ["solar", "roof"]
    assert pieces[0] == ("… ", False)
    assert pieces[-1] == (" …", False)
    assert sum(len(part) for part, _hit in pieces) < 320


@given(st.text(max_size=600), st.text(max_size=40))
def test_pieces_joined_are_the_text(text: str, typed: str) -> None:
    question = read(typed, "en")
    assert "".join(part for part, _hit in marked(text, "en", question)) == text
    shown = "".join(part for part, _hit in snippet(text, "en", question))
    assert shown.removeprefix("… ").removesuffix(" …") in text or shown in text
