"""Withdrawing and back again: with everything that belongs to it, for thirty days, and never into a vote it missed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from innovation.ideas import queries as ideas
from innovation.ideas.models import Author, Idea
from innovation.ideas.service import authors, restoring, writing
from innovation.insight.queries import mismatches
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.rules.predicates import Role
from innovation.voting import queries as voting
from innovation.voting import service as votes
from innovation.voting.models import Tally
from tests.conftest import counting
from tests.support.pages import words
from tests.support.refusals import answer
from tests.support.world import World

PAST = timedelta(days=30)


def _withdraw(world: World, idea: Idea, who: Actor) -> None:
    writing.withdraw(actor=who, idea=world.idea_again(idea))


def _restore(world: World, idea: Idea, who: Actor) -> str:
    row = world.idea_again(idea)
    return answer(lambda: votes.restore(actor=who, idea=row))


def _set(world: World, idea: Idea, **values: Any) -> None:
    with transaction():
        db.session.execute(update(Idea).where(Idea.id == idea.id).values(**values))


def _sound(world: World) -> tuple[list[Any], list[str]]:
    """What does not add up: in the funnel, and in the tallies."""
    world.anew()
    return mismatches(), voting.wrong_tallies()


def test_a_restored_idea_has_its_votes_authors_and_text_again(world: World) -> None:
    challenge, author, helper = world.challenge(), world.person(), world.person("Helper")
    idea = world.idea(challenge, author, title="Heat from the drain", text="Take it.")
    with transaction():
        db.session.add(Author(idea_id=idea.id, person_id=helper.person_id, position=2, accepted_at=clock.now()))
    for _ in range(3):
        world.vote(idea)
    before = voting.kept(challenge.id)[idea.id]
    _withdraw(world, idea, author)
    reader = world.person()
    hidden = ideas.get(reader, idea.public_id)
    assert _restore(world, idea, author) == "done"
    back = world.idea_again(idea)
    assert (hidden, back.state, back.withdrawn_at, back.withdrawn_from) == (None, "submitted", None, None)
    assert (back.title, back.text, [each.person_id for each in back.authors]) == (
        "Heat from the drain",
        "Take it.",
        [author.person_id, helper.person_id],
    )
    assert voting.kept(challenge.id)[idea.id] == before == voting.recount(challenge.id)[idea.id]
    assert _sound(world) == ([], [])
    assert ideas.get(reader, idea.public_id) is not None
    facts = select(Event.name).where(Event.idea_id == idea.id).order_by(Event.id)
    assert list(db.session.scalars(facts))[-2:] == ["IdeaWithdrawn", "IdeaRestored"]


def test_each_state_comes_back_as_it_was(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    draft, sent, short = world.draft_idea(challenge, author), world.idea(challenge, author), world.idea(challenge, author)
    with transaction():
        row = world.idea_again(short)
        row.state = "shortlisted"
    came = {}
    for name, idea in (("draft", draft), ("submitted", sent)):
        _withdraw(world, idea, author)
        assert _restore(world, idea, author) == "done"
        came[name] = str(world.idea_again(idea).state)
    assert came == {"draft": "draft", "submitted": "submitted"}
    assert _sound(world)[1] == []


def test_a_sent_idea_comes_back_only_as_long_as_it_missed_nothing(world: World) -> None:
    author, answers = world.person(), {}
    for name in (
        "while voting runs",
        "after the vote it missed",
        "withdrawn after the vote",
        "frozen",
        "31 days",
        "29 days",
    ):
        challenge = world.challenge()
        idea = world.idea(challenge, author)
        if name == "withdrawn after the vote":
            world.close(challenge)
        _withdraw(world, idea, author)
        if name == "after the vote it missed":
            _set(world, idea, withdrawn_at=clock.now() - timedelta(hours=1))
            world.close(challenge)
        if name == "frozen":
            with transaction():
                world_row = db.session.get_one(type(challenge), challenge.id)
                world_row.frozen_at = clock.now()
        if name.endswith("days"):
            _set(world, idea, withdrawn_at=clock.now() - timedelta(days=int(name[:2])))
        answers[name] = _restore(world, idea, author)
    assert answers == {
        "while voting runs": "done",
        "after the vote it missed": "NotPossible missed_the_vote",
        "withdrawn after the vote": "done",
        "frozen": "NotPossible decision_under_way_restore",
        "31 days": "NotPossible trash_is_emptied",
        "29 days": "done",
    }


def test_a_draft_comes_back_although_its_challenge_is_over(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    draft = world.draft_idea(challenge, author)
    _withdraw(world, draft, author)
    world.announced(challenge)
    assert _restore(world, draft, author) == "done"


def test_only_its_authors_restore_an_idea_and_none_who_judges_here(world: World) -> None:
    challenge, author, named = world.challenge(), world.person(), world.person("Named")
    idea = world.idea(challenge, author)
    with transaction():
        db.session.add(Author(idea_id=idea.id, person_id=named.person_id, position=2, accepted_at=None))
    _withdraw(world, idea, author)
    asked = {
        "manager": _restore(world, idea, world.manager),
        "reader": _restore(world, idea, world.person()),
        "named": _restore(world, idea, named),
    }
    judge = world.grant(author, Role.PANEL, "challenge", challenge.id)
    asked["judge"] = _restore(world, idea, judge)
    assert asked == {
        "manager": "Refused restore_idea",
        "reader": "Refused restore_idea",
        "named": "NotPossible authorship_not_accepted",
        "judge": "Refused restore_idea",
    }


def test_an_idea_that_is_not_withdrawn_is_not_restored(world: World) -> None:
    author = world.person()
    idea = world.idea(world.challenge(), author)
    _withdraw(world, idea, author)
    assert [_restore(world, idea, author) for _ in range(2)] == ["done", "NotPossible not_withdrawn"]


def test_nobody_spends_more_than_his_budget_because_an_idea_came_back(world: World) -> None:
    challenge, author = world.ballot("points", 10), world.person()
    first, second = world.idea(challenge, author), world.idea(challenge)
    moved, kept = world.vote(first, value=8), world.vote(first, value=4)
    _withdraw(world, first, author)
    world.vote(second, moved, value=5)
    world.vote(second, kept, value=6)
    assert _restore(world, first, author) == "done"
    world.anew()
    left = {}
    for name, voter in (("moved", moved), ("kept", kept)):
        own = voting.budget(voter, challenge)
        left[name] = (own.left if own else None, voting.my_votes(voter, [first.id, second.id]))
    assert left == {"moved": (5, {first.id: 0, second.id: 5}), "kept": (0, {first.id: 4, second.id: 6})}
    assert _sound(world) == ([], [])


def test_who_became_an_author_meanwhile_has_no_vote_on_it(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    idea = world.idea(challenge, author)
    voter = world.vote(idea)
    _withdraw(world, idea, author)
    with transaction():
        db.session.add(Author(idea_id=idea.id, person_id=voter.person_id, position=2, accepted_at=clock.now()))
    assert _restore(world, idea, author) == "done"
    assert voting.my_votes(voter, [idea.id]) == {idea.id: 0}
    assert _sound(world) == ([], [])


def test_who_became_an_author_meanwhile_has_no_pair_with_it(world: World) -> None:
    challenge, author = world.ballot("pairs"), world.person()
    idea, other = world.idea(challenge, author), world.idea(challenge)
    voter = world.compare(idea, other)
    _withdraw(world, idea, author)
    with transaction():
        db.session.add(Author(idea_id=idea.id, person_id=voter.person_id, position=2, accepted_at=clock.now()))
    assert _restore(world, idea, author) == "done"
    assert _sound(world) == ([], [])
    found = db.session.execute(select(Tally.idea_id, Tally.for_count, Tally.against_count)).all()
    assert sorted(tuple(row) for row in found) == sorted([(idea.id, 0, 0), (other.id, 0, 0)])


def test_nobody_loses_his_vote_because_he_was_named_as_an_author(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    idea = world.idea(challenge, author)
    voter = world.vote(idea, world.person("Voter"))
    authors.name_author(actor=author, idea=world.idea_again(idea), email="voter@example.org")
    _withdraw(world, idea, author)
    assert _restore(world, idea, author) == "done"
    assert voting.my_votes(voter, [idea.id]) == {idea.id: 1}
    assert _sound(world) == ([], [])


def test_thrown_away_drafts_are_emptied_after_thirty_days_and_sent_ideas_by_other_work(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    old, young, sent = (
        world.draft_idea(challenge, author, title="Old"),
        world.draft_idea(challenge, author, title="Young"),
        world.idea(challenge, author, title="Sent"),
    )
    for idea, days in ((old, 30), (young, 29), (sent, 400)):
        _withdraw(world, idea, author)
        _set(world, idea, withdrawn_at=clock.now() - timedelta(days=days))
    assert [restoring.empty_drafts(actor=house(Origin.CLOCK)) for _ in range(2)] == [1, 0]
    world.anew()
    left = db.session.execute(select(Idea.title, Idea.text, Idea.visibility).order_by(Idea.id)).all()
    assert [tuple(row) for row in left] == [
        ("", "", "trashed"),
        ("Young", "An idea.", "draft"),
        ("Sent", "An idea.", "audience"),
    ]
    assert ideas.get(author, old.public_id) is None
    assert db.session.scalar(select(func.count()).select_from(Author).where(Author.idea_id == old.id)) == 0
    assert _sound(world) == ([], [])


def test_the_trash_page_offers_what_comes_back_and_says_why_something_does_not(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    browser = world.browser(author)
    empty = words(browser.get("/my-work/trash"))
    idea, missed = world.idea(challenge, author, title="Back soon"), world.idea(world.sealed(), world.person(), title="x")
    gone = browser.post(f"/ideas/{idea.public_id}/withdrawal")
    told = browser.get(gone.headers["Location"]).get_data(as_text=True)
    page = browser.get("/my-work/trash").get_data(as_text=True)
    path = f"/ideas/{idea.public_id}/restoration"
    assert "Nothing was deleted in the last 30 days" in empty
    assert (path in told, path in page, missed.public_id in page) == (True, True, False)
    back = browser.post(path, {"next": "/my-work/trash"})
    assert (back.status_code, back.headers["Location"]) == (303, "/my-work/trash")
    assert "Back soon" not in words(browser.get("/my-work/trash")).split("Ideas")[-1]
    assert world.idea_again(idea).state == "submitted"


def test_a_long_trash_asks_no_more_than_a_short_one(embedded: World) -> None:
    world, author = embedded, embedded.person()
    browser, asked = world.browser(author), []
    for count in (1, 29):
        for _ in range(count):
            _withdraw(world, world.idea(world.challenge(), author), author)
        browser.get("/my-work/trash")
        with counting() as sent:
            assert browser.get("/my-work/trash").status_code == 200
        asked.append(len(sent))
    assert asked[0] == asked[1]
