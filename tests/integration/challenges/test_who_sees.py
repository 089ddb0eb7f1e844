"""Who sees a challenge: its audience once it is published, and the people who answer for it always."""

from __future__ import annotations

import itertools

import pytest

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.challenges.service import briefs
from innovation.kernel.actor import VISITOR, Actor, Circle, Origin, house
from innovation.kernel.db import db
from innovation.rules.predicates import Role
from tests.support.pages import body
from tests.support.world import World

WATCHERS = ("visitor", "public", "expert", "partner", "staff", "sponsor", "panel", "administrator", "manager")


def _watchers(world: World, challenge: Challenge) -> dict[str, Actor]:
    found = {str(circle): world.person("", circle) for circle in Circle}
    panel = world.grant(world.person("", Circle.EXPERT), Role.PANEL, "challenge", challenge.id)
    found |= {"visitor": VISITOR, "sponsor": world.sponsor_of(challenge), "panel": panel}
    found |= {"administrator": world.grant(world.person("", Circle.PUBLIC), Role.ADMINISTRATOR), "manager": world.manager}
    return found


def _seen_by(world: World, challenge: Challenge) -> list[str]:
    watchers = _watchers(world, challenge)
    found = []
    for name in WATCHERS:
        world.anew()
        seen = challenges.get(watchers[name], challenge.public_id)
        listed = any(
            row.id == challenge.id
            for kind in ("open", "preparing")
            for row in challenges.page(watchers[name], kind, challenges.Wanted(), world.now(), None).items
        )
        assert listed == (seen is not None), f"the list and the page disagree for {name}"
        found += [name] if seen is not None else []
    return found


@pytest.mark.parametrize(
    ("who_may", "audience"),
    [
        ("staff", ["staff", "sponsor", "panel", "manager"]),
        ("experts", ["expert", "partner", "staff", "sponsor", "panel", "manager"]),
        ("everyone", [*WATCHERS]),
    ],
)
def test_a_published_challenge_is_seen_by_its_audience(world: World, who_may: str, audience: list[str]) -> None:
    assert _seen_by(world, world.challenge(who_may=who_may)) == audience


def test_a_draft_is_seen_by_its_sponsor_panel_and_manager_alone(world: World) -> None:
    draft = world.draft_challenge(world.person(), who_may="everyone")
    assert _seen_by(world, draft) == ["sponsor", "panel", "manager"]


def test_a_proposed_and_a_returned_challenge_are_no_more_public_than_a_draft(world: World) -> None:
    made = world.draft_challenge(world.person(), who_may="everyone")
    sponsor, stranger = world.sponsor_of(made), world.person()
    briefs.propose(actor=sponsor, challenge=world.again(made))
    assert challenges.get(stranger, made.public_id) is None
    briefs.send_back(actor=world.manager, challenge=world.again(made), note="More.")
    assert challenges.get(stranger, made.public_id) is None


def test_a_programme_manager_sees_the_drafts_of_his_own_programme_alone(world: World) -> None:
    mine, other = world.programme("Mine"), world.programme("Other")
    manager = world.grant(world.person(), Role.MANAGER, "programme", mine.id)
    drafts = [world.draft_challenge(world.person(), each) for each in (mine, other)]
    db.session.rollback()
    assert [challenges.get(manager, each.public_id) is not None for each in drafts] == [True, False]


def test_a_sponsor_sees_no_other_sponsors_draft(world: World) -> None:
    one, other = world.draft_challenge(world.person()), world.draft_challenge(world.person())
    assert challenges.get(world.sponsor_of(one), other.public_id) is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [("organisation", "organisation_id"), ("person", "person_id")],
)
def test_an_audience_may_name_organisations_and_people(world: World, kind: str, value: str) -> None:
    one = world.person("", Circle.PARTNER, organisation="Institute")
    other = world.person("", Circle.PARTNER, organisation="Elsewhere")
    made = world.challenge()
    world.open_to(made, kind, str(getattr(one, value)))
    assert [challenges.get(who, made.public_id) is not None for who in (one, other, VISITOR)] == [True, False, False]


def test_hidden_and_absent_are_answered_alike_on_every_address(world: World) -> None:
    draft = world.draft_challenge(world.person(), title="Hidden question")
    expert = world.person("", Circle.EXPERT)
    endings = ["", "/ideas", "/decision", "/funnel", "/edit", "/people", "/picks", "/ideas/new", "/extension", "/stop"]
    for browser, ending in itertools.product([world.browser(), world.browser(expert)], endings):
        answers = []
        for name in (draft.public_id, "0000000000"):
            page = browser.get(f"/challenges/{name}{ending}")
            answers.append((page.status_code, body(page).replace(name, "NAME")))
        assert answers[0] == answers[1]
        assert answers[0][0] == 404


def test_hidden_and_absent_are_answered_alike_to_a_post(world: World) -> None:
    draft = world.draft_challenge(world.person())
    browser = world.browser(world.person())
    endings = ["/proposal", "/publication", "/return", "/stop", "/extension", "/copy", "/edit", "/picks/completion"]
    answers = [
        [browser.post(f"/challenges/{name}{ending}").status_code for ending in endings]
        for name in (draft.public_id, "0000000000")
    ]
    assert answers == [[404] * len(endings)] * 2


def test_a_programme_is_seen_once_one_of_its_challenges_is(world: World) -> None:
    programme = world.programme()
    world.draft_challenge(world.person(), programme)
    stranger = world.person()
    assert challenges.programme(stranger, programme.public_id) is None
    world.challenge(programme=programme)
    assert challenges.programme(stranger, programme.public_id) is not None
    assert challenges.programme(VISITOR, programme.public_id) is None


def test_the_house_sees_everything(world: World) -> None:
    draft = world.draft_challenge(world.person())
    assert challenges.get(house(Origin.CLOCK), draft.public_id) is not None
