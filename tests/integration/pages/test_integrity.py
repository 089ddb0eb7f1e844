"""Votes that look alike are a manager's to settle, with a reason; nobody reads who voted for what."""

from __future__ import annotations

import pytest

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.rules.predicates import Role
from innovation.voting import queries as voting
from innovation.voting.models import Flag
from tests.support.pages import words
from tests.support.world import World

FIGURES = {"people": 3, "common": 8, "any": 9, "seconds": 340}


class Flagged:
    """A challenge with one idea, three supporters who were flagged, and one who was not."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.challenge: Challenge = world.challenge(who_may="everyone")
        self.idea: Idea = world.idea(self.challenge, title="Membrane press")
        self.alike = [world.person(name) for name in ("Anna Alike", "Bram Alike", "Cato Alike")]
        for voter in [*self.alike, world.person("Dora Different")]:
            world.vote(self.idea, voter)
        self.flag = self.flag_in(self.challenge)

    def flag_in(self, challenge: Challenge) -> int:
        with transaction():
            row = Flag(
                challenge_id=challenge.id,
                fingerprint="f" * 64,
                people=[who.person_id for who in self.alike],
                figures=FIGURES,
                found_at=self.world.now(),
            )
            db.session.add(row)
            db.session.flush()
            return row.id

    def path(self, ending: str = "") -> str:
        return f"/challenges/{self.challenge.public_id}/integrity{ending}"

    def settling(self, noun: str) -> str:
        return self.path(f"/{self.flag}/{noun}")

    def supporters(self) -> int:
        self.world.anew()
        return voting.totals([self.idea.id])[self.idea.id].for_weight

    def row(self) -> tuple[str, str, int | None]:
        self.world.anew()
        found = db.session.get_one(Flag, self.flag)
        return found.verdict, found.reason, found.settled_by


def _people(world: World, challenge: Challenge) -> dict[str, Actor | None]:
    other = world.programme("Another")
    return {
        "visitor": None,
        "member": world.person(),
        "sponsor": world.sponsor_of(challenge),
        "panel": world.grant(world.person(), Role.PANEL, "challenge", challenge.id),
        "administrator": world.grant(world.person(), Role.ADMINISTRATOR),
        "manager of another programme": world.grant(world.person(), Role.MANAGER, "programme", other.id),
        "manager": world.grant(world.person(), Role.MANAGER, "programme", challenge.programme_id),
    }


def test_a_manager_of_the_programme_alone_opens_and_settles(world: World) -> None:
    flagged = Flagged(world)
    people = _people(world, flagged.challenge)
    expected = dict.fromkeys(people, 403) | {"visitor": 303, "manager": 200}
    for path in (flagged.path(), flagged.settling("acceptance"), flagged.settling("removal")):
        assert {name: world.browser(who).get(path).status_code for name, who in people.items()} == expected
    for noun in ("acceptance", "removal"):
        posted = {
            name: world.browser(who).post(flagged.settling(noun), {"reason": "Because."}).status_code
            for name, who in people.items()
            if name != "manager"
        }
        assert set(posted.values()) == {403}
    assert (flagged.row(), flagged.supporters()) == (("", "", None), 4)


def test_the_page_names_people_and_figures_and_never_an_idea(world: World) -> None:
    flagged = Flagged(world)
    text = words(world.browser(world.manager).get(flagged.path()))
    for said in (
        "Anna Alike, Bram Alike, Cato Alike",
        "3 people vote almost alike, beyond what chance would bring. All within 6 minutes.",
    ):
        assert said in text
    assert ("Dora Different" in text, "Membrane press" in text) == (False, False)


def test_votes_that_are_kept_count_on_and_the_reason_is_read(world: World) -> None:
    flagged = Flagged(world)
    browser = world.browser(world.manager)
    assert browser.post(flagged.settling("acceptance"), {"reason": "  "}).status_code == 422
    assert flagged.row() == ("", "", None)
    answer = browser.post(flagged.settling("acceptance"), {"reason": "One team, one table."})
    assert (answer.status_code, answer.headers["Location"]) == (303, flagged.path())
    assert flagged.row() == ("kept", "One team, one table.", world.manager.person_id)
    assert flagged.supporters() == 4
    text = words(browser.get(flagged.path()))
    assert ("Votes kept" in text, "One team, one table." in text, "Nothing waits for you." in text) == (True, True, True)


def test_votes_that_are_removed_count_no_more_and_it_is_recorded(world: World) -> None:
    flagged = Flagged(world)
    browser = world.browser(world.manager)
    assert "This cannot be undone" in words(browser.get(flagged.settling("removal")))
    assert browser.post(flagged.settling("removal"), {"reason": ""}).status_code == 422
    assert flagged.supporters() == 4
    assert browser.post(flagged.settling("removal"), {"reason": "Paid for."}).status_code == 303
    assert (flagged.row(), flagged.supporters()) == (("removed", "Paid for.", world.manager.person_id), 1)
    assert db.session.query(Event).filter(Event.name == "VotesRemoved").count() == 3


@pytest.mark.parametrize("noun", ["acceptance", "removal"])
def test_what_is_settled_is_not_settled_again(world: World, noun: str) -> None:
    flagged = Flagged(world)
    browser = world.browser(world.manager)
    browser.post(flagged.settling("acceptance"), {"reason": "One team."})
    assert browser.post(flagged.settling(noun), {"reason": "On second thoughts."}).status_code == 409
    assert (flagged.row(), flagged.supporters()) == (("kept", "One team.", world.manager.person_id), 4)
    assert "This is settled already." in words(browser.get(flagged.settling(noun)))


def test_after_the_freeze_votes_can_no_longer_be_removed(world: World) -> None:
    flagged = Flagged(world)
    world.decided(flagged.challenge)
    browser = world.browser(world.manager)
    text = browser.get(flagged.path()).get_data(as_text=True)
    assert ("/acceptance" in text, "/removal" in text) == (True, False)
    assert browser.post(flagged.settling("removal"), {"reason": "Too late."}).status_code == 409
    assert (flagged.row(), flagged.supporters()) == (("", "", None), 4)


def test_a_flag_of_another_challenge_is_not_found_here(world: World) -> None:
    flagged = Flagged(world)
    other = flagged.flag_in(world.challenge())
    browser = world.browser(world.manager)
    for path in (
        flagged.path(f"/{other}/removal"),
        flagged.path("/999999999999/removal"),
        flagged.path(f"/{10**30}/removal"),
    ):
        assert (browser.get(path).status_code, browser.post(path, {"reason": "No."}).status_code) == (404, 404)


def test_desk_and_challenge_lead_a_manager_there(world: World) -> None:
    flagged = Flagged(world)
    browser = world.browser(world.manager)
    link = f'href="{flagged.path()}"'
    for path in ("/desk", f"/challenges/{flagged.challenge.public_id}"):
        assert link in browser.get(path).get_data(as_text=True)
    assert "Look at 1 group of votes that look alike" in words(browser.get("/desk"))
    assert link not in world.browser(world.sponsor_of(flagged.challenge)).get(
        f"/challenges/{flagged.challenge.public_id}"
    ).get_data(as_text=True)
    browser.post(flagged.settling("acceptance"), {"reason": "One team."})
    assert link not in browser.get("/desk").get_data(as_text=True)


def test_a_challenge_without_a_vote_says_so(world: World) -> None:
    challenge = world.sealed()
    page = world.browser(world.manager).get(f"/challenges/{challenge.public_id}/integrity")
    assert (page.status_code, "Nobody votes in this challenge." in words(page)) == (200, True)
