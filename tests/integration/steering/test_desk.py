"""The manager's desk: what waits over all his programmes, decided in its row or many at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.promotion.models import Run
from innovation.rules.desk import Section, Waits
from innovation.rules.predicates import Role
from innovation.steering.queries import waiting
from tests.conftest import counting
from tests.support.browser import Browser
from tests.support.pages import words
from tests.support.world import World


class Monday:
    """Two programmes with one manager each, and things that wait in the first."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.programme, self.other = world.programme("First"), world.programme("Second")
        self.manager = world.grant(world.person("Mona"), Role.MANAGER, "programme", self.programme.id)
        self.sponsor = world.person("Sponsor")
        self.browser: Browser = world.browser(self.manager)

    def proposed(self, **changes: object) -> Challenge:
        return self.world.handed_in(self.world.draft_challenge(self.sponsor, self.programme, **changes))

    def decided(self, **changes: object) -> Run:
        made = self.world.challenge(self.sponsor, self.programme, **changes)
        idea = self.world.idea(made)
        self.world.vote(idea)
        return self.world.decided(made)

    def board(self, who: Actor | None = None) -> waiting.Board:
        self.world.anew()
        found = waiting.board(who or self.manager, clock.now())
        db.session.rollback()
        return found

    def names(self, section: Section) -> list[str]:
        listed = self.board().lists.get(section)
        return [row.name for row in listed.rows] if listed else []

    def promised(self, challenge: Challenge, **later: float) -> None:
        """As if the answer were promised for a moment so much later than now."""
        with transaction():
            challenges.by_id(challenge.id).answer_by = clock.now() + timedelta(**later)


@pytest.fixture
def monday(world: World) -> Monday:
    return Monday(world)


def test_a_manager_sees_what_waits_in_his_programmes_and_nothing_of_others(monday: Monday) -> None:
    world = monday.world
    made, run = monday.proposed(), monday.decided()
    away = world.handed_in(world.draft_challenge(world.person(), monday.other))
    assert monday.names(Section.APPROVALS) == [f"challenge:{made.public_id}"]
    assert monday.names(Section.RESULTS) == [f"run:{run.public_id}"]
    found = monday.board(world.manager).lists[Section.APPROVALS]
    assert [row.name for row in found.rows] == [f"challenge:{each.public_id}" for each in (made, away)]
    assert monday.board(world.person()).anything is False


def test_the_desk_is_narrowed_down_to_a_programme_by_its_address(monday: Monday) -> None:
    world = monday.world
    made = monday.proposed(title="Here?")
    world.handed_in(world.draft_challenge(world.person(), monday.other, title="There?"))
    browser = world.browser(world.manager)
    whole, part = (words(browser.get(f"/desk{query}")) for query in ("", f"?programme={monday.programme.public_id}"))
    assert [("Here?" in page, "There?" in page) for page in (whole, part)] == [(True, True), (True, False)]
    assert made.title in words(browser.get(f"/desk/approvals?programme={monday.programme.public_id}"))


def test_answers_promised_within_the_week_or_late_say_what_they_wait_for(monday: Monday) -> None:
    world = monday.world
    soon = world.challenge(monday.sponsor, monday.programme)
    far = world.challenge(monday.sponsor, monday.programme)
    picks = world.challenge(monday.sponsor, monday.programme, who_decides="sponsor")
    world.close(picks)
    for challenge, days in ((soon, 6.9), (far, 7.1), (picks, 20)):
        monday.promised(challenge, days=days)
    listed = monday.board().lists[Section.ANSWERS]
    assert [(row.name, row.waits_for, row.late) for row in listed.rows] == [
        (f"challenge:{soon.public_id}", Waits.IDEAS, False),
        (f"challenge:{picks.public_id}", Waits.CHOICE, False),
    ]
    monday.promised(soon, days=-1)
    listed = monday.board().lists[Section.ANSWERS]
    assert (listed.count, listed.late) == (2, 1)


def test_a_list_asks_as_many_queries_with_many_rows_as_with_one(monday: Monday) -> None:
    def fill(times: int) -> None:
        for _ in range(times):
            monday.proposed()
            monday.promised(monday.world.challenge(monday.sponsor, monday.programme), days=3)
            monday.decided()
        monday.world.anew()

    asked = []
    for times in (1, 5):
        fill(times)
        with counting() as statements:
            assert monday.browser.get("/desk").status_code == 200
        asked.append(len(statements.seen))
    assert asked[0] == asked[1]
    assert [len(monday.names(each)) for each in (Section.APPROVALS, Section.RESULTS, Section.ANSWERS)] == [6, 6, 6]


def test_twenty_rows_stand_on_the_desk_and_the_others_on_a_page_of_their_own(monday: Monday) -> None:
    made = [monday.proposed() for _ in range(27)]
    listed = monday.board().lists[Section.APPROVALS]
    assert (len(listed.rows), listed.count, listed.more, listed.beyond) == (20, 27, True, False)
    first = monday.browser.get("/desk/approvals").get_data(as_text=True)
    assert [f'value="challenge:{each.public_id}"' in first for each in made] == [True] * 25 + [False] * 2
    assert "/desk/approvals?after=" in first
