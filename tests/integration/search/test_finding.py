"""What is found by which question; the same on both databases."""

from __future__ import annotations

import pytest

from innovation.kernel.actor import VISITOR
from innovation.search.queries import Filters
from tests.integration.search.conftest import Ask, titles
from tests.support.world import World

IDEAS = {
    "Green roofs for every school": ("A roof that holds water, and bees.", "en"),
    "Rent a roof": ("Solar panels on roofs. The city pays a green bonus.", "en"),
    "Veilige fietspaden": ("Een breed fietspad langs het kanaal, met verlichting.", "nl"),
    "Més carrils bici": ("Volem carrils segurs i l'aigua neta per a tots els col·lectius.", "ca"),
    "Más árboles": ("Canciones y árboles en las plazas.", "es"),
    "Energy from waste": ("Heat the pool with it.", "en"),
}


@pytest.fixture
def told(world: World) -> World:
    challenge = world.challenge(title="Which city do we want?")
    author = world.person("Author")
    for title, (text, language) in IDEAS.items():
        world.idea(challenge, author, title, text=text, language=language)
    return world


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("roof", ["Rent a roof", "Green roofs for every school"]),
        ("Roofs", ["Green roofs for every school", "Rent a roof"]),
        ("green roof", ["Green roofs for every school", "Rent a roof"]),
        ('"green roofs"', ["Green roofs for every school"]),
        ('"green bonus"', ["Rent a roof"]),
        ('"roofs green"', []),
        ("roof -solar", ["Green roofs for every school"]),
        ('roof -"green bonus"', ["Green roofs for every school"]),
        ("fietspad", ["Veilige fietspaden"]),
        ("fiets", ["Veilige fietspaden"]),
        ("carril", ["Més carrils bici"]),
        ("carril bici", ["Més carrils bici"]),
        ("aigua", ["Més carrils bici"]),
        ("collectiu ", ["Més carrils bici"]),
        ("arbol ", ["Más árboles"]),
        ("canción", ["Más árboles"]),
        ("plaza", ["Más árboles"]),
        ("city", ["Which city do we want?", "Rent a roof"]),
        ("the", ["Energy from waste", "Rent a roof"]),
        ("roof tractor", []),
    ],
)
def test_words_are_found_in_every_form_and_language(told: World, ask: Ask, typed: str, found: list[str]) -> None:
    answer = ask(told.person("Reader"), typed, exactly=True)
    if typed == "the":
        assert set(titles(answer)) >= set(found)
        return
    assert titles(answer) == found


def test_a_forms_language_is_the_readers_too(told: World, ask: Ask) -> None:
    many = "fietspaden breed kanaal langs verlichting"
    assert titles(ask(told.person(), many, "nl")) == ["Veilige fietspaden"]


def test_the_last_word_may_be_half_typed_until_a_blank_ends_it(told: World, ask: Ask) -> None:
    reader = told.person("Reader")
    assert titles(ask(reader, "green sch")) == ["Green roofs for every school"]
    assert titles(ask(reader, "green sch ", exactly=True)) == []


@pytest.mark.parametrize(
    ("typed", "meant", "found"),
    [
        ("enregy", "energy", ["Energy from waste"]),
        ("enery waste", "energy waste", ["Energy from waste"]),
        ("grren roofs", "green roofs", ["Green roofs for every school", "Rent a roof"]),
        ("shcool", "school", ["Green roofs for every school"]),
        ("fietspdaen", "fietspaden", ["Veilige fietspaden"]),
        ("carirls", "carrils", ["Més carrils bici"]),
    ],
)
def test_typing_errors_are_put_right_and_said(told: World, ask: Ask, typed: str, meant: str, found: list[str]) -> None:
    answer = ask(told.person("Reader"), typed)
    assert answer.instead is not None
    assert (answer.instead.written(), answer.question.written()) == (typed, meant)
    assert titles(answer) == found
    assert titles(ask(told.person(), typed, exactly=True)) == []


def test_what_is_found_as_typed_is_not_corrected(told: World, ask: Ask) -> None:
    answer = ask(told.person("Reader"), "rent")
    assert answer.instead is None


def test_results_are_narrowed_and_counted_by_kind_state_language_and_place(told: World, ask: Ask) -> None:
    other = told.challenge(title="Where is the roof?")
    reader = told.person("Reader")
    found = ask(reader, "roof")
    assert (dict(found.kinds), dict(found.languages)) == ({"challenge": 1, "idea": 2}, {"en": 3})
    assert not found.capped
    assert titles(ask(reader, "roof", filters=Filters(kind="challenge"))) == ["Where is the roof?"]
    assert titles(ask(reader, "roof", filters=Filters(kind="idea", state="promoted"))) == []
    assert len(titles(ask(reader, "roof", filters=Filters(kind="idea", state="submitted")))) == 2
    assert titles(ask(reader, "roof", filters=Filters(language="ca"))) == []
    assert titles(ask(reader, "roof", filters=Filters(challenge=other.public_id))) == ["Where is the roof?"]
    assert titles(ask(reader, "roof", filters=Filters(programme=told.again(other).programme_id and "0000000000"))) == []


def test_of_a_frequent_word_the_newest_are_ranked_and_titles_before_them(world: World, ask: Ask) -> None:
    from innovation.search.queries import asking

    challenge = world.challenge(title="Question")
    author = world.person("Author")
    world.idea(challenge, author, "A windmill of old", text="Nothing else.")
    for number in range(6):
        world.idea(challenge, author, f"Idea {number}", text="Near a windmill.")
    ranked = asking.RANKED
    asking.RANKED = 3
    asking._statement.cache_clear()
    try:
        found = ask(world.person("Reader"), "windmill")
    finally:
        asking.RANKED = ranked
        asking._statement.cache_clear()
    assert titles(found) == ["A windmill of old", "Idea 5", "Idea 4", "Idea 3"]
    assert found.capped
    assert found.more_of == {"idea"}


def test_pages_of_results_follow_each_other_without_end_or_gap(world: World, ask: Ask) -> None:
    challenge = world.challenge(title="Question")
    author = world.person("Author")
    for number in range(23):
        world.idea(challenge, author, f"Kite {number}")
    reader = world.person("Reader")
    pages = [titles(ask(reader, "kite", page=number)) for number in (1, 2, 3, 99)]
    assert [len(page) for page in pages] == [20, 3, 3, 3]
    assert len({*pages[0], *pages[1]}) == 23
    assert pages[1] == pages[3]


def test_a_visitor_finds_what_visitors_see(world: World, ask: Ask) -> None:
    for_all = world.challenge(title="For everybody")
    world.open_to(for_all, "circle", "public")
    world.idea(world.again(for_all), title="A lighthouse")
    world.idea(world.challenge(title="For staff"), title="Another lighthouse")
    assert titles(ask(VISITOR, "lighthouse")) == ["A lighthouse"]
