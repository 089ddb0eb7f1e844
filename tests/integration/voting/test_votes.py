"""One person, one vote: under any race, in its phase, from its audience, and counted right always."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select, update
from sqlalchemy.exc import IntegrityError

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.ideas.service import authors, writing
from innovation.kernel import clock
from innovation.kernel.actor import VISITOR, Actor, Circle
from innovation.kernel.db import db, insert_many
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.promotion.service import running
from innovation.rules.predicates import Role
from innovation.voting import queries as voting
from innovation.voting import service as votes
from innovation.voting.models import Tally, Vote, VoteChange
from tests.conftest import counting
from tests.support.pages import body
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World


def _tally(idea: Idea) -> tuple[int, int, int, int]:
    db.session.rollback()
    row = db.session.get(Tally, idea.id, populate_existing=True)
    return (row.for_count, row.against_count, row.for_weight, row.against_weight) if row else (0, 0, 0, 0)


def _cast(who: Actor, name: str, value: int) -> None:
    with transaction():
        paper = voting.ballot_paper(who, name)
        if paper is not None:
            votes.cast(actor=who, paper=paper, value=value)
        else:
            raise LookupError("not seen")


def _adds_up(challenge: Challenge) -> None:
    """Every tally equals a recount; a tally of nothing may stand or be missing."""
    db.session.rollback()
    counted = voting.recount(challenge.id)
    kept = voting.kept(challenge.id)
    nothing = (0,) * 7
    assert {k: v for k, v in kept.items() if v != nothing} == {k: v for k, v in counted.items() if v != nothing}


def _changes(idea: Idea) -> list[tuple[int, int]]:
    db.session.rollback()
    rows = db.session.execute(
        select(VoteChange.before, VoteChange.after).where(VoteChange.idea_id == idea.id).order_by(VoteChange.id)
    )
    return [(before, after) for before, after in rows]


@contextmanager
def _beginning() -> Iterator[list[str]]:
    """The transactions that begin on any connection meanwhile."""
    begun: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        begun.extend([statement] if statement.startswith("BEGIN") else [])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield begun
    finally:
        event.remove(Engine, "before_cursor_execute", note)


# --- once ----------------------------------------------------------------------------------------------------------


def test_a_second_vote_replaces_the_first_and_what_it_was_is_kept(world: World) -> None:
    idea = world.idea(world.challenge(ballot="yes_no"))
    voter = world.person()
    seen = []
    for value in (1, -1, -1, 0, 1):
        world.vote(idea, voter, value)
        seen.append(_tally(idea)[:2])
    assert seen == [(1, 0), (0, 1), (0, 1), (0, 0), (1, 0)]
    assert _changes(idea) == [(1, -1), (-1, 0), (0, 1)]
    rows = db.session.execute(select(Vote.person_id, Vote.value)).all()
    assert [tuple(row) for row in rows] == [(voter.person_id, 1)]


def test_sixteen_clicks_at_once_are_one_vote(world: World) -> None:
    challenge = world.challenge()
    idea, voter = world.idea(challenge), world.person()
    name = idea.public_id
    results = at_once(world.app, [lambda: _cast(voter, name, 1)] * 16)
    assert [spelled(each) for each in results] == ["NoneType"] * 16
    assert (_tally(idea), db.session.scalar(select(func.count()).select_from(Vote))) == ((1, 0, 1, 0), 1)
    assert _changes(idea) == []


def test_clicks_that_contradict_each_other_leave_one_vote_and_a_right_count(world: World) -> None:
    challenge = world.challenge(ballot="yes_no")
    idea, voter = world.idea(challenge), world.person()
    name = idea.public_id
    results = at_once(world.app, [partial(_cast, voter, name, value) for value in (1, -1, 0) * 4])
    assert [spelled(each) for each in results] == ["NoneType"] * 12
    assert db.session.scalar(select(func.count()).select_from(Vote)) == 1
    _adds_up(challenge)
    last = db.session.scalars(select(Vote.value)).one()
    chain = _changes(idea)
    assert chain == [] or chain[-1][1] == last
    assert [after for _, after in chain[:-1]] == [before for before, _ in chain[1:]]


def test_a_crowd_at_once_is_counted_right(world: World) -> None:
    challenge = world.challenge(ballot="yes_no")
    ideas = [world.idea(challenge).public_id for _ in range(3)]
    chance = random.Random(7)
    cast = [(who, name, chance.choice([1, -1, 0])) for who in world.crowd(5) for name in ideas]
    results = at_once(world.app, [partial(_cast, *each) for each in cast])
    assert {spelled(each) for each in results} == {"NoneType"}
    assert db.session.scalar(select(func.count()).select_from(Vote)) == 15
    _adds_up(challenge)


def test_the_schema_keeps_one_vote_a_person_and_idea(world: World) -> None:
    idea, voter = world.idea(world.challenge()), world.person()
    world.vote(idea, voter)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            Vote(person_id=voter.person_id, idea_id=idea.id, value=1, revision_no=1, circle=None, cast_at=clock.now())
        )


def test_the_schema_refuses_values_no_ballot_has(world: World) -> None:
    world.vote(world.idea(world.challenge()))
    values: list[dict[str, int]] = [{"value": -2}, {"value": 1_000_001}, {"weight": 0}, {"weight": -5}]
    for wrong in values:
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(update(Vote).values(**wrong))
    with transaction():
        db.session.execute(update(Vote).values(value=1_000_000))


# --- what a vote keeps ---------------------------------------------------------------------------------------------


def test_a_vote_keeps_the_revision_and_the_circle_as_they_were(world: World) -> None:
    challenge = world.challenge(who_may="experts")
    author = world.person()
    idea = world.idea(challenge, author)
    voter = world.person("", Circle.PARTNER, organisation="Institute")
    world.vote(idea, voter)
    writing.revise(actor=author, idea=world.idea_again(idea), title="New", text="New", requested_minor=None)
    row = db.session.scalars(select(Vote)).one()
    assert (row.revision_no, row.circle, row.organisation_id) == (1, "partner", voter.organisation_id)


def test_votes_state_no_facts(world: World) -> None:
    idea = world.idea(world.challenge())
    before = db.session.scalar(select(func.count()).select_from(Event))
    voter = world.person()
    made = db.session.scalar(select(func.count()).select_from(Event))
    world.vote(idea, voter)
    world.vote(idea, voter, 0)
    assert db.session.scalar(select(func.count()).select_from(Event)) == made == before


# --- who, and when -------------------------------------------------------------------------------------------------


def test_nobody_votes_on_an_idea_of_his_own(world: World) -> None:
    challenge = world.challenge()
    author, helper = world.person("Author"), world.person("Helper")
    idea = world.idea(challenge, author)
    authors.name_author(actor=author, idea=world.idea_again(idea), email="helper@example.org")
    name = idea.public_id
    answers = [answer(partial(_cast, who, name, 1)) for who in (author, helper, world.person())]
    assert answers == ["Refused vote", "Refused vote", "done"]


def test_a_judge_does_not_vote_in_his_own_challenge(world: World) -> None:
    challenge, elsewhere = world.challenge(), world.challenge()
    name, other = world.idea(challenge).public_id, world.idea(elsewhere).public_id
    sponsor = world.sponsor_of(challenge)
    panel = world.grant(world.person(), Role.PANEL, "challenge", challenge.id)
    answers = [answer(partial(_cast, who, n, 1)) for who in (sponsor, panel) for n in (name, other)]
    assert answers == ["Refused vote", "done"] * 2


def test_only_the_audience_votes(world: World) -> None:
    challenge = world.challenge(who_may="experts")
    path = f"/ideas/{world.idea(challenge).public_id}/vote"
    people = [None, *(world.person("", circle) for circle in Circle)]
    answers = [world.browser(who).post(path, {"value": "1"}).status_code for who in people]
    assert answers == [404, 303, 303, 303, 404]


def test_a_visitor_does_not_vote_where_everybody_may_see(world: World) -> None:
    name = world.idea(world.challenge(who_may="everyone", visibility="open", who_decides="votes")).public_id
    assert answer(lambda: _cast(VISITOR, name, 1)) == "Refused vote"
    assert world.browser().post(f"/ideas/{name}/vote", {"value": "1"}).status_code == 403


def test_a_manager_outside_the_audience_does_not_vote(world: World) -> None:
    challenge = world.challenge()
    manager = world.grant(world.person("", Circle.PARTNER), Role.MANAGER)
    name = world.idea(challenge).public_id
    assert answer(lambda: _cast(manager, name, 1)) == "Refused vote"


def test_votes_are_cast_within_their_phase_only(world: World) -> None:
    challenge = world.challenge(vote_opens=world.wall(days=7))
    idea, voter = world.idea(challenge), world.person()
    name = idea.public_id
    opens, closes = challenge.vote_opens_at, challenge.vote_closes_at
    assert opens is not None
    assert closes is not None
    answers = []
    for moment in (opens - timedelta(seconds=2), opens, closes - timedelta(seconds=2), closes, closes + timedelta(days=9)):
        with clock.travelling(moment):
            answers.append(answer(lambda: _cast(voter, name, 1)))
    assert answers == ["NotNow not_open_yet", "done", "done", "NotNow closed", "NotNow closed"]


def test_no_vote_is_changed_or_taken_back_after_the_phase(world: World) -> None:
    challenge = world.challenge()
    idea, voter = world.idea(challenge), world.person()
    world.vote(idea, voter)
    world.close(challenge)
    assert world.browser(voter).post(f"/ideas/{idea.public_id}/vote", {"value": "0"}).status_code == 409
    assert _tally(idea)[0] == 1


def test_a_frozen_challenge_takes_no_votes_whatever_its_dates_say(world: World) -> None:
    challenge = world.challenge()
    name = world.idea(challenge).public_id
    with transaction():
        db.session.execute(update(Challenge).values(frozen_at=clock.now()))
    assert answer(lambda: _cast(world.person(), name, 1)) == "NotNow closed"


@pytest.mark.parametrize(
    ("ballot", "taken", "refused"),
    [
        ("approval", ["1", "0"], ["-1"]),
        ("yes_no", ["-1"], ["2", "99999999999999999999", "yes", ""]),
    ],
)
def test_a_ballot_takes_its_own_values_only(world: World, ballot: str, taken: list[str], refused: list[str]) -> None:
    idea, voter = world.idea(world.challenge(ballot=ballot)), world.person()
    browser, path = world.browser(voter), f"/ideas/{idea.public_id}/vote"
    fragment = {"HX-Request": "true"}
    assert [browser.post(path, {"value": value}, headers=fragment).status_code for value in refused] == [422] * len(refused)
    for value in refused:
        browser.post(path, {"value": value})
    assert voting.my_votes(voter, [idea.id]) == {}
    for value in taken:
        assert browser.post(path, {"value": value}).status_code == 303
        assert voting.my_votes(voter, [idea.id]) == {idea.id: int(value)}
        db.session.rollback()


def test_where_the_sponsor_picks_nobody_votes(world: World) -> None:
    challenge = world.challenge(who_decides="sponsor")
    name = world.idea(challenge).public_id
    assert answer(lambda: _cast(world.person(), name, 1)) == "NotNow closed"


def test_drafts_withdrawn_and_decided_ideas_take_no_votes(world: World) -> None:
    challenge = world.challenge()
    author = world.person()
    draft, gone = world.draft_idea(challenge, author), world.idea(challenge, author)
    writing.withdraw(actor=author, idea=gone)
    voter = world.person()
    for idea in (draft, gone):
        assert world.browser(voter).post(f"/ideas/{idea.public_id}/vote", {"value": "1"}).status_code == 404


# --- figures -------------------------------------------------------------------------------------------------------


def test_no_page_shows_a_total_before_voting_closes(world: World) -> None:
    """Pages look the same with no vote and with many, for whoever did not cast them."""
    challenge = world.challenge()
    idea = world.idea(challenge)
    reader, crowd = world.person(), world.crowd(3)
    paths = [f"/ideas/{idea.public_id}", f"/challenges/{challenge.public_id}/ideas", f"/challenges/{challenge.public_id}"]
    watchers = {"reader": reader, "sponsor": world.sponsor_of(challenge), "manager": world.manager, "visitor": None}
    browsers = {name: world.browser(who) for name, who in watchers.items()}
    world.vote(idea, crowd[0])

    def look() -> dict[str, list[str]]:
        return {name: [_timeless(body(b.get(path))) for path in paths] for name, b in browsers.items()}

    before = look()
    for who in crowd[1:]:
        world.vote(idea, who)
    assert look() == before


def _timeless(text: str) -> str:
    """A page without its times of day and its distances in time."""
    return re.sub(r"(in|over) \d+ \w+|\d\d:\d\d(:\d\d)?", "", text)


def test_totals_are_there_once_voting_is_over(world: World) -> None:
    challenge = world.challenge()
    idea = world.idea(challenge)
    for who in world.crowd(3):
        world.vote(idea, who)
    world.close(challenge)
    assert voting.totals([idea.id])[idea.id].for_weight == 3
    page = world.browser(world.person()).get(f"/ideas/{idea.public_id}").get_data(as_text=True)
    assert "3" in page.split("<main", 1)[1]


def test_nobody_reads_how_another_voted(world: World) -> None:
    idea = world.idea(world.challenge(ballot="yes_no"))
    one, other = world.person(), world.person()
    world.vote(idea, one, -1)
    assert (voting.my_votes(one, [idea.id]), voting.my_votes(other, [idea.id])) == ({idea.id: -1}, {})
    assert (voting.my_votes(world.manager, [idea.id]), voting.my_votes(VISITOR, [idea.id])) == ({}, {})


# --- speed ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "first", "change"), [("approval", 6, 6), ("points", 7, 7)])
def test_a_vote_costs_the_same_with_ten_ideas_and_with_ten_thousand(
    embedded: World, kind: str, first: int, change: int
) -> None:
    """The exact number of statements, in one transaction, and none that reads a table from end to end."""
    world = embedded
    for more in (9, 9_990):
        challenge = world.ballot(kind)
        idea = world.idea(challenge)
        _more_ideas(idea, more)
        world.browser(world.person()).post(f"/ideas/{idea.public_id}/vote", {"value": "1"})  # warms what is read once
        browser, path = world.browser(world.person()), f"/ideas/{idea.public_id}/vote"
        for value, expected in (("1", first), ("0", change)):
            with counting() as sent, _beginning() as begun, _plans() as plans:
                assert browser.post(path, {"value": value}).status_code == 303
            assert (len(sent), begun) == (expected, ["BEGIN IMMEDIATE"]), sent.seen
            assert [step for step in plans() if step.startswith("SCAN")] == []


def _more_ideas(idea: Idea, count: int) -> None:
    """Ideas past the verbs, with a tally each."""
    row = {column.name: getattr(idea, column.name) for column in Idea.__table__.columns if column.name != "id"}
    names = [f"{idea.challenge_id}x{n:06}" for n in range(count)]
    with transaction():
        insert_many(Idea, [row | {"public_id": name, "title": name} for name in names])
        numbers = db.session.scalars(select(Idea.id).where(Idea.title.in_(names[:900]))).all()
        insert_many(Tally, [{"idea_id": number} for number in numbers])


@contextmanager
def _plans() -> Iterator[Callable[[], list[str]]]:
    """The steps by which SQLite carried out what was sent meanwhile."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            sent.append((statement, parameters))

    def steps() -> list[str]:
        with db.engine.connect() as connection:
            return [
                str(row[3])
                for statement, parameters in sent
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            ]

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield steps
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_votes_on_a_decided_challenge_stay_as_they_were_counted(world: World) -> None:
    challenge = world.challenge()
    idea, voter = world.idea(challenge), world.person()
    world.vote(idea, voter)
    run = world.decided(challenge)
    assert answer(lambda: _cast(voter, idea.public_id, 0)) == "NotNow closed"
    running.announce(actor=world.sponsor_of(challenge), run=run)
    _adds_up(challenge)


def test_a_vote_on_the_list_brings_along_how_many_are_left(world: World) -> None:
    challenge = world.challenge()
    first, _second = world.idea(challenge), world.idea(challenge)
    browser, listed = world.browser(world.person()), f"/challenges/{challenge.public_id}/ideas"
    assert "Not yet judged: 2 of 2" in browser.get(listed).get_data(as_text=True)
    fragment, path = {"HX-Request": "true"}, f"/ideas/{first.public_id}/vote"
    for value, left in (("1", 1), ("0", 2)):
        answered = browser.post(path, {"value": value, "next": listed}, headers=fragment).get_data(as_text=True)
        page = browser.get(listed).get_data(as_text=True)
        told = [f"Not yet judged: {count} of 2" for count in (1, 2) if f"Not yet judged: {count} of 2" in page]
        assert ('id="not-judged" hx-swap-oob="true"' in answered, told[0] in answered) == (True, True), left
    elsewhere = browser.post(path, {"value": "1", "next": f"/ideas/{first.public_id}"}, headers=fragment)
    assert "not-judged" not in elsewhere.get_data(as_text=True)
