"""Words as the index knows them: folded, stemmed by language, apart from what only looks alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innovation.rules import words


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("Éénmaal", "eenmaal"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("col·lectiu", "collectiu"), ("CO₂", "co2")],
)
def test_folding_drops_case_accents_and_dots_inside(typed: str, folded: str) -> None:
    assert words.fold(typed) == folded


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "bicycles", "bicycle"),
        ("nl", "daken", "dak"),
        ("nl", "straten", "straat"),
        ("ca", "carrils", "carril"),
        ("es", "canciones", "canción"),
        ("de", "Häuser", "Haus"),
        ("fr", "citoyennes", "citoyenne"),
    ],
)
def test_forms_of_a_word_have_one_stem_in_their_language(language: str, one: str, other: str) -> None:
    assert not set(words.stems(one, language)).isdisjoint(words.stems(other, language))


def test_the_stem_of_one_language_is_no_word_of_another() -> None:
    dutch, spanish = words.indexed("dat kan", "nl"), words.stems("datos", "es")[0]
    assert spanish[1:] == "dat"
    assert spanish not in dutch.split()


def test_an_indexed_row_has_words_in_order_then_stems_then_tags() -> None:
    row = words.indexed("L'aigua dels carrils, dels carrils!", "ca", [words.tag("k", "idea")])
    said, _break, rest = row.partition(words.BREAK)
    assert said.split() == ["l", "aigua", "dels", "carrils", "dels", "carrils"]
    assert rest.split() == [*words.stems("aigua", "ca"), *words.stems("carrils", "ca"), words.tag("k", "idea")]
    assert words.vocabulary(row) == {"l", "aigua", "dels", "carrils"}


@given(st.text(max_size=80), st.sampled_from([*words.LANGUAGES, "xx"]))
def test_no_text_can_write_a_mark_of_the_index(text: str, language: str) -> None:
    said, _break, _rest = words.indexed(text, language).partition(words.BREAK)
    assert not any("\ue000" <= letter <= "\uf8ff" for letter in said)
    assert all(word.isalnum() for word in said.split())


@given(st.text(max_size=80))
def test_words_stand_where_they_say(text: str) -> None:
    for start, end, folded in words.spans(text):
        assert words.fold(text[start:end]) == folded


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [("energy", "energy", 0), ("bike", "bkie", 1), ("bike", "bikes", 1), ("bycicle", "bicycle", 2), ("roof", "solar", 3)],
)
def test_distance_counts_typing_errors(one: str, other: str, far: int) -> None:
    assert words.distance(one, other, 2) == far


@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_distance_is_the_same_both_ways_and_zero_only_for_itself(one: str, other: str) -> None:
    far = words.distance(one, other, 9)
    assert far == words.distance(other, one, 9)
    assert (far == 0) == (one == other)


@given(st.text(max_size=20))
def test_a_tag_is_one_word_whatever_stands_in_it(value: str) -> None:
    made = words.tag("l", value)
    assert made[1:].isalnum()
    assert words.is_tag(made)
