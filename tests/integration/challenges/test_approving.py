"""Who approves a challenge, within two days, and what a sponsor may publish without asking."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Programme
from innovation.challenges.service import approving, briefs, promises
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Circle, Origin, house
from innovation.kernel.usecase import transaction
from innovation.rules.predicates import Role
from tests.support.refusals import answer
from tests.support.world import World


def _arranged(world: World, programme: Programme, approver: str = "", deputy: str = "", free: bool = False) -> str:
    row = challenges.programme(world.manager, programme.public_id)
    assert row is not None
    said = answer(
        lambda: approving.arrange(
            actor=world.manager, programme=row, approver=approver, deputy=deputy, staff_without_approval=free
        )
    )
    world.anew()
    return said


def _handed_in(world: World, programme: Programme, **changes: Any) -> Challenge:
    return world.handed_in(world.draft_challenge(world.person("Sponsor"), programme, **changes))


def _publishes(world: World, who: Actor, challenge: Challenge) -> str:
    again = world.again(challenge)
    said = answer(lambda: briefs.publish(actor=who, challenge=again))
    world.anew()
    return said


def _waits_for(world: World, who: Actor) -> int:
    world.anew()
    return len(challenges.waiting_for_manager(who))


def test_the_named_approver_and_his_deputy_see_and_publish_what_is_handed_in(world: World) -> None:
    programme = world.programme()
    anna, dirk, other = world.person("Anna"), world.person("Dirk"), world.person("Other")
    assert _arranged(world, programme, "anna@example.org", "dirk@example.org") == "done"
    draft = world.draft_challenge(world.person("Sponsor"), programme)
    seen = [challenges.get(each, draft.public_id) is not None for each in (anna, dirk, other)]
    assert seen == [False, False, False]
    made = world.handed_in(draft)
    seen = [challenges.get(each, made.public_id) is not None for each in (anna, dirk, other)]
    assert seen == [True, True, False]
    assert [_waits_for(world, each) for each in (anna, dirk, other, world.manager)] == [1, 1, 0, 0]
    assert _publishes(world, dirk, made) == "done"


def test_an_approver_sends_back_too(world: World) -> None:
    programme = world.programme()
    anna = world.person("Anna")
    _arranged(world, programme, "anna@example.org")
    made = _handed_in(world, programme)
    briefs.send_back(actor=anna, challenge=world.again(made), note="Say how much.")
    assert world.again(made).state == "returned"


def test_without_a_name_every_manager_is_asked(world: World) -> None:
    made = _handed_in(world, world.programme())
    assert _waits_for(world, world.manager) == 1
    assert _publishes(world, world.manager, made) == "done"


def test_nobody_approves_his_own_question(world: World) -> None:
    programme = world.programme()
    anna = world.person("Anna")
    _arranged(world, programme, "anna@example.org")
    made = world.handed_in(world.draft_challenge(anna, programme))
    again = world.actor(anna.person_id or 0)
    assert _publishes(world, again, made) == "Refused publish_challenge"
    assert _publishes(world, world.manager, made) == "done"


def test_who_is_no_approver_any_more_publishes_nothing(world: World) -> None:
    programme = world.programme()
    anna = world.person("Anna")
    _arranged(world, programme, "anna@example.org")
    made = _handed_in(world, programme)
    _arranged(world, programme, "")
    assert challenges.get(anna, made.public_id) is None
    assert _publishes(world, anna, made) == "Refused publish_challenge"


@pytest.mark.parametrize(
    ("approver", "deputy", "said"),
    [
        ("nobody@example.org", "", "Invalid nobody_has_this_address"),
        ("", "anna@example.org", "Invalid deputy_of_nobody"),
        ("anna@example.org", "anna@example.org", "Invalid own_deputy"),
    ],
)
def test_what_cannot_be_arranged_is_refused(world: World, approver: str, deputy: str, said: str) -> None:
    world.person("Anna")
    assert _arranged(world, world.programme(), approver, deputy) == said


def test_only_managers_arrange_it(world: World) -> None:
    programme = world.programme()
    world.challenge(programme=programme)
    row = challenges.programme(world.manager, programme.public_id)
    assert row is not None
    said = answer(
        lambda: approving.arrange(actor=world.person(), programme=row, approver="", deputy="", staff_without_approval=True)
    )
    assert said == "Refused manage_programme"


# --- staff without approval ----------------------------------------------------------------------------------------


def test_a_sponsor_asks_staff_without_approval_where_the_programme_lets_him(world: World) -> None:
    free, strict = world.programme("Free"), world.programme("Strict")
    _arranged(world, free, free=True)
    sponsor = world.person("Sponsor")
    answers = []
    for programme, who in ((free, "staff"), (free, "experts"), (free, "everyone"), (strict, "staff")):
        made = world.draft_challenge(sponsor, programme, who_may=who)
        answers.append(_publishes(world, world.actor(sponsor.person_id or 0), made))
    assert answers == ["done", "Refused publish_challenge", "Refused publish_challenge", "Refused publish_challenge"]


def test_an_audience_named_one_by_one_is_not_staff_alone(world: World) -> None:
    free = world.programme("Free")
    _arranged(world, free, free=True)
    sponsor = world.person("Sponsor")
    made = world.draft_challenge(sponsor, free)
    world.open_to(made, "person", str(world.person("", Circle.EXPERT).person_id))
    assert _publishes(world, world.actor(sponsor.person_id or 0), made) == "Refused publish_challenge"


def test_without_approval_means_for_its_sponsor_alone(world: World) -> None:
    free = world.programme("Free")
    _arranged(world, free, free=True)
    made = _handed_in(world, free)
    panel = world.grant(world.person(), Role.PANEL, "challenge", made.id)
    assert _publishes(world, panel, made) == "Refused publish_challenge"


# --- two days ------------------------------------------------------------------------------------------------------


def _wait(world: World, challenge: Challenge, **ago: float) -> None:
    """Let a challenge wait since so long ago, and the clock look."""
    with transaction():
        challenges.by_id(challenge.id).proposed_at = clock.now() - timedelta(**ago)
    world.anew()
    promises.remind_of_approvals(actor=house(Origin.CLOCK))
    world.settle()


def _reminded(world: World) -> list[tuple[str, str]]:
    starts = ("Still for you", "Your challenge waits longer")
    return [
        (each.to.split("@")[0], each.subject.split(":")[0]) for each in world.letters() if each.subject.startswith(starts)
    ]


def test_an_approver_is_reminded_after_a_day_and_when_two_are_over(world: World) -> None:
    programme = world.programme()
    world.person("Anna")
    _arranged(world, programme, "anna@example.org")
    made = _handed_in(world, programme)
    _wait(world, made, hours=23)
    assert _reminded(world) == []
    since = clock.now() - timedelta(hours=25)
    for _again in range(2):
        with transaction():
            challenges.by_id(made.id).proposed_at = since
        world.anew()
        promises.remind_of_approvals(actor=house(Origin.CLOCK))
        world.settle()
    assert _reminded(world) == [("anna", "Still for you to publish")]
    _wait(world, made, hours=49)
    assert _reminded(world) == [
        ("anna", "Still for you to publish"),
        ("anna", "Still for you to publish"),
        ("manager", "Still for you to publish"),
        ("sponsor", "Your challenge waits longer than promised"),
    ]


def test_what_was_answered_is_not_reminded_of(world: World) -> None:
    made = _handed_in(world, world.programme())
    briefs.publish(actor=world.manager, challenge=world.again(made))
    _wait(world, made, hours=49)
    assert _reminded(world) == []


def test_handing_in_starts_the_two_days(world: World) -> None:
    draft = world.draft_challenge(world.person("Sponsor"))
    assert draft.proposed_at is None
    made = world.handed_in(draft)
    assert made.proposed_at is not None
    assert abs(made.proposed_at - world.now()) < timedelta(minutes=1)


# --- the page ------------------------------------------------------------------------------------------------------


def test_a_manager_arranges_approval_on_the_programme_s_page(world: World) -> None:
    programme = world.programme()
    world.person("Anna")
    browser, address = world.browser(world.manager), f"/programmes/{programme.public_id}/approval"
    assert browser.get(address).status_code == 200
    refused = browser.post(address, {"approver": "who@example.org", "deputy": ""})
    assert refused.status_code == 422
    assert 'value="who@example.org"' in refused.get_data(as_text=True)
    sent = {"approver": "anna@example.org", "staff_without_approval": "y"}
    assert browser.post(address, sent).status_code == 303
    world.anew()
    row = challenges.programme(world.manager, programme.public_id)
    assert row is not None
    assert (challenges.approver_names(row.id), row.staff_without_approval) == (["Anna"], True)
