"""Paths sort in reading order, and names in a text become tokens and links, nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innovation.rules.talk import (
    DEEPEST,
    STEP,
    depth_of,
    end_of,
    linked,
    named,
    path_below,
    possible_names,
    token,
    with_names,
    with_tokens,
)

ADA, BEN = "a" * 10, "b" * 10


@st.composite
def threads(draw: st.DrawFn) -> list[int | None]:
    """For each comment, by its number from 0, the number of the one that it answers."""
    size = draw(st.integers(1, 60))
    return [None, *(draw(st.one_of(st.none(), st.integers(0, number - 1))) for number in range(1, size))]


def reading_order(parents: list[int | None]) -> list[int]:
    """Depth first, answers in the order in which they came."""
    below: dict[int | None, list[int]] = {}
    for number, parent in enumerate(parents):
        below.setdefault(parent, []).append(number)
    found: list[int] = []

    def walk(parent: int | None) -> None:
        for number in below.get(parent, []):
            found.append(number)
            walk(number)

    walk(None)
    return found


@given(threads(), st.integers(1, 2**40))
def test_paths_sorted_are_reading_order(parents: list[int | None], first: int) -> None:
    paths: list[str] = []
    for number, parent in enumerate(parents):
        paths.append(path_below("" if parent is None else paths[parent], first + number))
    if max(map(depth_of, paths)) < DEEPEST:
        assert sorted(range(len(paths)), key=paths.__getitem__) == reading_order(parents)
    assert len(set(paths)) == len(paths)


@given(threads())
def test_everything_below_a_comment_lies_before_its_end(parents: list[int | None]) -> None:
    paths: list[str] = []
    for number, parent in enumerate(parents):
        paths.append(path_below("" if parent is None else paths[parent], number + 1))
    for mine in paths:
        inside = {other for other in paths if mine <= other < end_of(mine)}
        assert inside == {other for other in paths if other.startswith(mine)}


def test_what_answers_the_deepest_comment_stands_beside_it() -> None:
    path = ""
    for number in range(1, DEEPEST + 2):
        path = path_below(path, number)
    assert depth_of(path) == DEEPEST
    beside = path_below(path, 99)
    assert (depth_of(beside), beside[:-STEP], beside > path) == (DEEPEST, path[:-STEP], True)


def test_a_number_beyond_a_path_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        path_below("", 2**60)


def test_the_longest_known_name_behind_an_at_becomes_a_token() -> None:
    known = {"Ada": ADA, "Ada de Wit": BEN}
    assert with_tokens("Ask @Ada de Wit, or @Ada.", known) == f"Ask {token(BEN)}, or {token(ADA)}."


@pytest.mark.parametrize("text", ["ada@Ada.example", "path/@Ada", "@@Ada", "@ Ada", "@Adam", "Ada"])
def test_an_at_that_names_nobody_stays(text: str) -> None:
    assert with_tokens(text, {"Ada": ADA}) == text


def test_names_that_may_be_meant_end_with_a_word() -> None:
    assert possible_names("Hi @Ada de Wit, and @Ben!") == {"Ada", "Ada de", "Ada de Wit", "Ada de Wit, and", "Ben"}


def test_a_stored_text_is_typed_with_todays_name() -> None:
    stored = f"Ask {token(ADA)} and {token(BEN)}"
    assert with_names(stored, {ADA: "Ada"}) == f"Ask @Ada and {token(BEN)}"
    assert named(stored + token(ADA)) == [ADA, BEN]


def test_tokens_become_links_outside_of_tags_links_and_code() -> None:
    html = (
        f'<p>{token(ADA)} <code>{token(ADA)}</code> <a title="> {token(ADA)}" href="x">{token(ADA)}</a></p>'
        f"<pre><code>{token(ADA)}</code></pre><p>{token(ADA)} {token(BEN)}</p>"
    )
    made = linked(html, lambda name: "LINK" if name == ADA else None)
    assert made == html.replace(f"<p>{token(ADA)}", "<p>LINK")
