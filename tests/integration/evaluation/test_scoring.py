"""The beginning and the end of scoring: the panel is told once, and it ends early only when everything has a review."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.evaluation import queries, work
from innovation.evaluation.models import ScoringFinished
from innovation.evaluation.service import scoring
from innovation.ideas.models import Author
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.rules.phases import Phase
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World


def _opened(challenge: Challenge) -> int:
    db.session.rollback()
    rows = db.session.scalars(select(Event).where(Event.name == "ScoringOpened", Event.challenge_id == challenge.id))
    return len(rows.all())


def _finish(world: World, challenge: Challenge) -> str:
    sponsor = world.sponsor_of(challenge)
    return answer(lambda: scoring.finish_scoring(actor=sponsor, challenge=world.again(challenge)))


# --- the beginning -------------------------------------------------------------------------------------------------


def test_the_panel_is_told_once_when_scoring_opens(world: World) -> None:
    challenge = world.panel_challenge()
    world.idea(challenge)
    members = [world.panellist(challenge, world.person(name)) for name in ("Ann", "Ben")]
    work.open_due()
    assert _opened(challenge) == 0
    world.scoring(challenge)
    for _ in range(3):
        work.open_due()
        world.settle()
    assert _opened(challenge) == 1
    told = [letter for letter in world.letters() if "score the ideas" in letter.subject]
    assert sorted(letter.to for letter in told) == ["ann@example.org", "ben@example.org"]
    assert f"/challenges/{challenge.public_id}/reviews" in told[0].text
    inbox = world.browser(members[0]).get("/inbox").get_data(as_text=True)
    assert "The ideas wait for your scores" in inbox
    assert f'href="/challenges/{challenge.public_id}/reviews"' in inbox


def test_clocks_at_once_open_a_scoring_once(world: World) -> None:
    challenge = world.panel_challenge()
    world.idea(challenge)
    number = world.scoring(challenge).id

    def tick() -> bool:
        return scoring.open_scoring(actor=house(Origin.CLOCK), challenge=challenges.by_id(number))

    results = at_once(world.app, [tick] * 6, slow="event")
    assert sorted(spelled(each) for each in results) == ["bool"] * 6
    assert (sum(results), _opened(challenge)) == (1, 1)


def test_nothing_opens_without_an_idea_to_score(world: World) -> None:
    challenge = world.panel_challenge(who_decides="votes_panel")
    idea = world.idea(challenge)
    world.scoring(challenge)
    work.open_due()
    assert _opened(challenge) == 0
    world.shortlist(idea)
    work.open_due()
    assert _opened(challenge) == 1


def test_no_scoring_opens_where_no_panel_decides_or_it_is_over(world: World) -> None:
    voted, over, stopped = world.challenge(), world.panel_challenge(), world.panel_challenge()
    for challenge in (voted, over, stopped):
        world.idea(challenge)
        world.scoring(challenge)
    world.close_scoring(over)
    with transaction():
        challenges.by_id(stopped.id).frozen_at = clock.now()
    work.open_due()
    assert [_opened(each) for each in (voted, over, stopped)] == [0, 0, 0]


# --- what is left --------------------------------------------------------------------------------------------------


def test_what_is_left_counts_what_a_member_has_not_completed(world: World) -> None:
    challenge, later = world.panel_challenge(), world.panel_challenge()
    ideas = [world.idea(challenge) for _ in range(4)]
    own = world.person()
    world.idea(challenge, own)
    member = world.panellist(challenge, own)
    world.idea(later)
    member = world.panellist(later, member)
    assert queries.to_review(member, clock.now()) == []
    world.scoring(challenge)
    world.review(ideas[0], member)
    world.review(ideas[1], member, (), "", complete=False)
    found = queries.to_review(member, clock.now())
    assert [(each.id, left) for each, left in found] == [(challenge.id, 3)]
    assert queries.my_progress(member, world.again(challenge)) == (1, 4)
    world.close_scoring(challenge)
    assert queries.to_review(member, clock.now()) == []


def test_what_is_left_names_the_next_to_close_first(world: World) -> None:
    first, second = world.panel_challenge(), world.panel_challenge()
    for challenge, days in ((first, 9), (second, 3)):
        world.idea(challenge)
        world.scoring(challenge)
        with transaction():
            challenges.by_id(challenge.id).review_closes_at = clock.now() + timedelta(days=days)
    member = world.panellist(second, world.panellist(first))
    assert [each.id for each, _left in queries.to_review(member, clock.now())] == [second.id, first.id]
    assert [each.id for each, _left in queries.to_review(member, clock.now(), limit=1)] == [second.id]
    assert queries.to_review(world.person(), clock.now()) == []


# --- the early end -------------------------------------------------------------------------------------------------


def test_scoring_ends_early_once_every_idea_has_a_review(world: World) -> None:
    challenge = world.panel_challenge()
    ideas = [world.idea(challenge) for _ in range(2)]
    member = world.panellist(challenge)
    assert _finish(world, challenge) == "NotNow not_open_yet"
    world.scoring(challenge)
    world.review(ideas[0], member)
    world.review(ideas[1], member, (3, 3, 3), complete=False)
    assert _finish(world, challenge) == "Invalid ideas_without_review"
    world.review(ideas[1], member)
    assert _finish(world, challenge) == "done"
    ended = world.again(challenge)
    row = db.session.scalars(select(ScoringFinished)).one()
    assert row.finished_at == ended.review_closes_at
    assert row.finished_by == world.sponsor_of(challenge).person_id
    assert ended.schedule().phases(clock.now()) == {Phase.DECIDE}
    assert answer(lambda: world.review(ideas[0], member)) == "NotNow closed"
    assert _finish(world, challenge) == "NotNow closed"


def test_a_scoring_of_nothing_is_not_ended(world: World) -> None:
    challenge = world.panel_challenge()
    world.scoring(challenge)
    assert _finish(world, challenge) == "NotPossible nothing_to_score"
    voted = world.challenge()
    assert _finish(world, voted) == "NotPossible not_to_be_scored"


def test_sponsor_and_manager_end_scoring_and_nobody_else(world: World) -> None:
    challenge = world.panel_challenge()
    idea, member = world.idea(challenge), world.panellist(challenge)
    world.scoring(challenge)
    world.review(idea, member)
    path = f"/challenges/{challenge.public_id}/reviews/completion"
    people = [None, world.person(), member, world.manager]
    assert [world.browser(who).post(path).status_code for who in people] == [404, 403, 403, 303]
    assert queries.stage(world.again(challenge), clock.now()) == "over"


def test_a_manager_who_is_an_author_does_not_end_it(world: World) -> None:
    challenge = world.panel_challenge()
    idea, member = world.idea(challenge), world.panellist(challenge)
    world.scoring(challenge)
    world.review(idea, member)
    manager = world.manager
    with transaction():
        db.session.add(Author(idea_id=idea.id, person_id=manager.person_id, position=2, accepted_at=clock.now()))
    end = answer(lambda: scoring.finish_scoring(actor=manager, challenge=world.again(challenge)))
    assert (end, _finish(world, challenge)) == ("Refused finish_scoring", "done")


def test_two_who_end_it_at_once_end_it_once(world: World) -> None:
    challenge = world.panel_challenge()
    idea, member = world.idea(challenge), world.panellist(challenge)
    number = world.scoring(challenge).id
    world.review(idea, member)
    sponsor, manager = world.sponsor_of(challenge), world.manager

    def end(who: Actor) -> None:
        scoring.finish_scoring(actor=who, challenge=challenges.by_id(number))

    results = at_once(world.app, [partial(end, sponsor), partial(end, manager)], slow="challenge")
    assert sorted(spelled(each) for each in results) == ["NoneType", "NotNow closed"]
    assert len(db.session.scalars(select(ScoringFinished)).all()) == 1
