"""What the brief coach finds, and that it leaves a good brief alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from innovation.rules.coach import Area, Draft, hours, lix, look_at, unexplained

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "title": "How can we dry the filter cake with half the steam?",
    "must": "Save at least 1.5 t/h of steam.\nFit the present dryer hall of 12 by 30 metres.\nPay back within three years.",
    "summary": "We dry 40 t of filter cake a day. Steam is our largest cost, and it makes most of our carbon dioxide.",
    "background": "The cake comes off the press with 45 % water and must leave with less than 8 %. We tried hotter air "
    "in 2023; it burned the outside and left the core wet. We tried vacuum in 2024; the pumps clogged after a "
    "week. A membrane press "
    "was never tested. We can lend you ten kilos of wet cake, and our plant engineer answers questions within two days.",
    "constraints": "No solvents. No stop of the line for longer than a weekend.",
}
DUTCH: dict[str, Any] = {
    "title": "Hoe drogen we de filterkoek met de helft van de stoom?",
    "must": "Minstens 1,5 ton stoom per uur besparen.\nPassen in de hal van 12 bij 30 meter.\nIn drie jaar terugverdiend.",
    "summary": "We drogen 40 ton filterkoek per dag. Stoom kost ons het meest, en geeft de meeste uitstoot.",
    "background": "De koek komt met 45 % water van de pers en moet onder de 8 % eindigen. In 2023 probeerden we hetere "
    "lucht; de buitenkant verbrandde en de kern bleef nat. In 2024 probeerden we vacuüm; de pompen liepen na "
    "een week vast. Een "
    "membraanpers is nooit getest. U kunt tien kilo natte koek lenen, en onze ingenieur antwoordt binnen twee dagen.",
    "constraints": "Geen oplosmiddelen. De lijn mag niet langer dan een weekend stilstaan.",
    "language": "nl",
}


def draft(**changes: Any) -> Draft:
    return Draft(**(GOOD | {"opens": NOW, "closes": NOW + timedelta(days=28), "outsiders": True} | changes))


def codes(**changes: Any) -> list[str]:
    return [found.code for found in look_at(draft(**changes))]


@pytest.mark.parametrize("brief", [GOOD, DUTCH])
def test_a_good_brief_gets_no_finding(brief: dict[str, Any]) -> None:
    assert codes(**brief) == []


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Drying filter cake", ["no_question"]),
        ("How do we dry it? And how do we store it?", ["several_questions"]),
        ("How do we dry the cake and how do we store it?", ["chained_questions"]),
        ("Hoe drogen we de koek en waar slaan we hem op?", ["chained_questions"]),
        ("How do we dry it fast and safely?", []),
        ("How do we dry it " + "very " * 35 + "fast?", ["long_question"]),
    ],
)
def test_a_question_is_one_sentence_that_asks_one_thing(title: str, found: list[str]) -> None:
    assert codes(title=title) == found


@pytest.mark.parametrize(
    ("must", "found"),
    [
        ("Work well.", ["thin_must"]),
        ("Be a nice and clever idea that people here will really like.", ["not_measurable"]),
        ("Be ready before the colleagues on the night shift come, every time.", []),
        ("Use half the water that the line takes today.", []),
        ("Voldoen aan de norm die op de lijn geldt.", []),
        ("-30 %", []),
    ],
)
def test_an_answer_can_be_measured_by_a_figure_or_a_condition(must: str, found: list[str]) -> None:
    assert codes(must=must, title="How do we clean the line?") == found


def test_a_brief_without_limits_is_asked_for_them() -> None:
    assert codes(must="Save 10 t of steam every single day.", constraints="", background="") == ["no_limits"]
    assert codes(must="Save 10 t of steam a day without new pipes.", constraints="", background="") == []


@pytest.mark.parametrize(
    ("days", "outsiders", "found"),
    [(13, True, ["closes_soon"]), (14, True, []), (5, False, []), (4, False, ["closes_soon"]), (271, True, ["closes_late"])],
)
def test_the_closing_date_leaves_time_and_comes(days: int, outsiders: bool, found: list[str]) -> None:
    assert codes(closes=NOW + timedelta(days=days), outsiders=outsiders) == found


PROTOTYPE = GOOD["must"] + "\nSend a working prototype."


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, ["much_for_nothing"]),
        ({"outsiders": False}, []),
        ({"budget_minor": 5_000_000}, []),
        ({"prize_minor": 10_000}, ["small_prize"]),
        ({"prize_minor": 1_000_000}, []),
        ({"prize_minor": 10_000, "currency": "JPY"}, []),
    ],
)
def test_much_work_from_outside_is_worth_a_prize(changes: dict[str, Any], found: list[str]) -> None:
    assert codes(must=PROTOTYPE, **changes) == found


def test_effort_counts_what_is_asked_for_by_name_and_by_questions() -> None:
    assert hours(draft()) == 4
    assert hours(draft(questions=10, files=1)) == 4 + 5 + 4
    assert hours(draft(must=PROTOTYPE)) == 4 + 120


def test_lix_is_words_a_sentence_and_the_share_of_long_words() -> None:
    # Seventy words in ten sentences, ten of them longer than six letters: 7 + 100 / 7.
    assert lix("The old cake is very wet machinery. " * 10) == pytest.approx(7 + 100 / 7)
    assert lix("Too short to be measured.") is None


def test_hard_language_and_long_sentences_are_told_with_where_they_are() -> None:
    heavy = "Notwithstanding organisational considerations regarding interdepartmental responsibilities " * 12
    found = {each.code: each.params for each in look_at(draft(background=f"{heavy}. {heavy}."))}
    assert set(found) == {"hard_to_read", "long_sentences"}
    assert found["long_sentences"]["count"] == 2


def test_abbreviations_are_found_unless_explained_or_known_to_all() -> None:
    text = "The DCS reads the PLC. A distributed control system (TLA) and an HMI (screen) talk ISO. READ ALL TERMS FIRST."
    assert unexplained(text) == ["DCS", "PLC"]
    assert codes(background=text + " Nothing is ruled out.") == ["abbreviations"]


def test_findings_come_in_the_order_of_the_areas() -> None:
    found = look_at(draft(title="Dry", must="Good.", constraints="", background="", closes=NOW + timedelta(days=1)))
    order = list(Area)
    assert [each.area for each in found] == sorted((each.area for each in found), key=order.index)
