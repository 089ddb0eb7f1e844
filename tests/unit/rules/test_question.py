"""What is typed into the search field, read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innovation.rules import words
from innovation.rules.question import MOST, read


def _asked(typed: str, language: str = "en") -> tuple[list[str], list[str]]:
    question = read(typed, language)
    return [" ".join(term.words) for term in question.must], [" ".join(term.words) for term in question.must_not]


@pytest.mark.parametrize(
    ("typed", "must", "must_not"),
    [
        ("green Roof", ["green", "roof"], []),
        ('"Green roof" city', ["green roof", "city"], []),
        ('roof -solar -"flat roof"', ["roof"], ["solar", "flat roof"]),
        ("the roof of the city", ["roof", "city"], []),
        ('"the roof"', ["the roof"], []),
        ("to be or not", ["to", "be", "or", "not"], []),
        ('"green ro', ["green ro"], []),
        ("well-known", ["well", "known"], []),
        ("-", [], []),
        ("-solar", [], ["solar"]),
        ('""', [], []),
    ],
)
def test_words_phrases_and_exclusions_are_told_apart(typed: str, must: list[str], must_not: list[str]) -> None:
    assert _asked(typed) == (must, must_not)


def test_words_that_say_nothing_are_left_out_in_the_readers_language_too() -> None:
    assert _asked("los carriles", "es") == (["carriles"], [])
    assert _asked("de fietsen") == (["fietsen"], [])


def test_few_words_are_meant_in_every_language_and_many_in_three() -> None:
    few, many = read("carrils", "nl"), read("one two three carrils bicycle", "ca")
    assert len(few.must[0].stems) == sum(map(len, words.LANGUAGES.values()))
    assert [len(term.stems) for term in many.must] == [4] * 5  # Dutch has two
    assert words.stems("carrils", "ca")[0] in many.must[3].stems


@pytest.mark.parametrize(
    ("typed", "begun"),
    [
        ("green roo", "roo"),
        ("green roo ", None),
        ("ro", None),
        ('"green roo"', None),
        ("roof -sol", None),
        ("roof of", None),
    ],
)
def test_only_the_last_word_may_be_half_typed(typed: str, begun: str | None) -> None:
    assert read(typed, "en").begun_by() == begun


def test_a_correction_replaces_its_word_and_nothing_else() -> None:
    question = read('gren "gren roof" -solar', "en").with_words({"gren": "green"}, ["en"])
    assert question.written() == 'green "gren roof" -solar'


@given(st.text(max_size=300), st.sampled_from(["en", "nl", "ca", "xx"]))
def test_anything_typed_is_a_question(typed: str, language: str) -> None:
    question = read(typed, language)
    assert len(question.must) <= MOST
    for term in (*question.must, *question.must_not):
        assert all(word.isalnum() for word in term.words)
    assert not read(question.written(), language).empty or question.empty
