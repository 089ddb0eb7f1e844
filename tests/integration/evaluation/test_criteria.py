"""What a panel is asked: the sponsor's own criteria until scoring begins, ready ones where nobody gave any."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from innovation.challenges.models import Challenge
from innovation.evaluation import queries
from innovation.evaluation.models import Criterion
from innovation.evaluation.service import criteria
from innovation.evaluation.service.criteria import Asked
from innovation.kernel import clock
from innovation.kernel.db import db
from tests.support.pages import typed
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World

OWN = [Asked("Costs", "1: more than we have. 5: next to nothing.", 2), Asked("Safety")]


def _kept(challenge: Challenge) -> list[tuple[int, str, int]]:
    db.session.rollback()
    rows = db.session.scalars(
        select(Criterion).where(Criterion.challenge_id == challenge.id).order_by(Criterion.position)
    ).all()
    return [(row.position, row.label, row.weight) for row in rows]


def _set(world: World, challenge: Challenge, asked: list[Asked]) -> str:
    sponsor = world.sponsor_of(challenge)
    return answer(lambda: criteria.set_criteria(actor=sponsor, challenge=world.again(challenge), asked=asked))


def test_a_sponsor_says_what_the_panel_judges_by(world: World) -> None:
    challenge = world.panel_challenge()
    assert _set(world, challenge, OWN) == "done"
    assert _kept(challenge) == [(1, "Costs", 2), (2, "Safety", 1)]
    assert _set(world, challenge, [Asked("Safety"), Asked("Speed"), Asked("Costs", "", 3)]) == "done"
    assert _kept(challenge) == [(1, "Safety", 1), (2, "Speed", 1), (3, "Costs", 3)]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ([], "criteria_missing"),
        ([Asked(str(n)) for n in range(8)], "too_many_criteria"),
        ([Asked("A"), Asked("  ", "help")], "criterion_without_name"),
        ([Asked("Cost"), Asked(" cost")], "criterion_twice"),
        ([Asked("A", "", 0)], "weight_out_of_range"),
        ([Asked("A", "", 10)], "weight_out_of_range"),
    ],
)
def test_criteria_are_one_to_seven_with_names_and_weights(world: World, asked: list[Asked], code: str) -> None:
    challenge = world.panel_challenge()
    _set(world, challenge, OWN)
    assert _set(world, challenge, asked) == f"Invalid {code}"
    assert _kept(challenge) == [(1, "Costs", 2), (2, "Safety", 1)]


def test_criteria_are_fixed_from_the_instant_scoring_begins(world: World) -> None:
    challenge = world.panel_challenge()
    begins = challenge.schedule().votes_are_in()
    assert _set(world, challenge, OWN) == "done"
    with clock.travelling(begins):
        assert _set(world, challenge, [Asked("Other")]) == "NotPossible criteria_are_fixed"
    world.close_scoring(world.scoring(challenge))
    assert _set(world, challenge, [Asked("Other")]) == "NotPossible criteria_are_fixed"
    assert _kept(challenge) == [(1, "Costs", 2), (2, "Safety", 1)]


def test_where_people_vote_first_the_criteria_wait_for_the_votes(world: World) -> None:
    challenge = world.panel_challenge(who_decides="votes_panel")
    assert challenge.vote_closes_at is not None
    with clock.travelling(challenge.closes_at):
        assert _set(world, challenge, OWN) == "done"
    with clock.travelling(challenge.vote_closes_at):
        assert _set(world, challenge, OWN) == "NotPossible criteria_are_fixed"


def test_only_sponsor_and_manager_say_what_is_judged(world: World) -> None:
    challenge = world.panel_challenge()
    panel = world.panellist(challenge)
    path = f"/challenges/{challenge.public_id}/criteria"
    people = [None, world.person(), panel, world.sponsor_of(challenge), world.manager]
    assert [world.browser(who).get(path).status_code for who in people] == [404, 403, 403, 200, 200]
    answers = [world.browser(who).post(path, {"label_1": "X", "weight_1": "1"}).status_code for who in people]
    assert answers == [404, 403, 403, 303, 303]


def test_who_does_not_see_the_challenge_does_not_see_its_criteria(world: World) -> None:
    draft = world.draft_challenge(world.person(), who_decides="sponsor")
    assert world.browser(world.person()).get(f"/challenges/{draft.public_id}/criteria").status_code == 404


# --- ready ones ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Novelty", "Feasibility", "Value for the question"]),
        ("nl", ["Nieuwheid", "Haalbaarheid", "Waarde voor de vraag"]),
    ],
)
def test_a_panel_without_criteria_is_asked_three_ready_ones_in_the_language_of_the_question(
    world: World, language: str, names: list[str]
) -> None:
    challenge = world.panel_challenge(language=language)
    idea, member = world.idea(challenge), world.panellist(challenge)
    world.scoring(challenge)
    world.review(idea, member)
    assert [label for _position, label, _weight in _kept(challenge)] == names


def test_publication_gives_a_panel_its_ready_criteria_and_leaves_own_ones_alone(world: World) -> None:
    plain, own = world.panel_challenge(), world.panel_challenge()
    _set(world, own, OWN)
    world.settle()
    assert [len(_kept(each)) for each in (plain, own)] == [3, 2]
    picked = world.challenge(who_decides="sponsor")
    world.settle()
    assert _kept(picked) == []


def test_first_reviews_at_once_write_the_ready_criteria_once(world: World) -> None:
    challenge = world.panel_challenge()
    idea = world.idea(challenge)
    members = [world.panellist(challenge) for _ in range(6)]
    world.scoring(challenge)
    name = idea.public_id
    results = at_once(world.app, [partial(world.review, name, member) for member in members], slow="criterion")
    assert [spelled(each) for each in results] == ["NoneType"] * 6
    assert [position for position, _label, _weight in _kept(challenge)] == [1, 2, 3]


# --- the page ------------------------------------------------------------------------------------------------------


def test_the_page_keeps_rows_without_a_script_and_ignores_empty_ones(world: World) -> None:
    challenge = world.panel_challenge()
    browser = world.browser(world.sponsor_of(challenge))
    path = f"/challenges/{challenge.public_id}/criteria"
    page = browser.get(path)
    assert [typed(page, f"label_{n}") for n in range(1, 8)] == ["Novelty", "Feasibility", "Value for the question"] + [
        ""
    ] * 4
    form = {f"{kind}_{n}": "" for kind in ("label", "help") for n in range(1, 8)} | {f"weight_{n}": "1" for n in range(1, 8)}
    form |= {"label_2": "Costs", "help_2": "1: much. 5: little.", "weight_2": "3", "label_6": "Safety"}
    assert browser.post(path, form).status_code == 303
    assert _kept(challenge) == [(1, "Costs", 3), (2, "Safety", 1)]


def test_a_wrong_row_is_shown_where_it_was_typed(world: World) -> None:
    challenge = world.panel_challenge()
    browser = world.browser(world.sponsor_of(challenge))
    page = browser.post(
        f"/challenges/{challenge.public_id}/criteria", {"label_2": "Costs", "weight_2": "1", "help_5": "1: so. 5: so."}
    )
    text = page.get_data(as_text=True)
    assert (page.status_code, typed(page, "help_5")) == (422, "1: so. 5: so.")
    assert 'href="#label_5"' in text
    assert _kept(challenge) == []


@pytest.mark.parametrize("weight", ["0", "10", "-1", "x", "99999999999999999999"])
def test_the_page_refuses_odd_weights(world: World, weight: str) -> None:
    challenge = world.panel_challenge()
    browser = world.browser(world.sponsor_of(challenge))
    page = browser.post(f"/challenges/{challenge.public_id}/criteria", {"label_1": "Costs", "weight_1": weight})
    assert (page.status_code, _kept(challenge)) == (422, [])


def test_once_fixed_the_page_shows_them_without_a_form(world: World) -> None:
    challenge = world.panel_challenge()
    _set(world, challenge, OWN)
    world.scoring(challenge)
    browser = world.browser(world.sponsor_of(challenge))
    path = f"/challenges/{challenge.public_id}/criteria"
    text = browser.get(path).get_data(as_text=True)
    assert ("Costs" in text, 'name="label_1"' in text) == (True, False)
    assert browser.post(path, {"label_1": "Other", "weight_1": "1"}).status_code == 409


def test_criteria_of_one_challenge_are_no_others(world: World) -> None:
    first, second = world.panel_challenge(), world.panel_challenge()
    _set(world, first, OWN)
    assert list(queries.criteria(second.id)) == []
