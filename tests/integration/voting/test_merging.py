"""Merging: everybody counts once, authors do not judge what is now their own, and nothing of the history is lost."""

from __future__ import annotations

from sqlalchemy import select, update

from innovation.challenges.models import Challenge
from innovation.ideas.models import Author, Idea
from innovation.ideas.service import authors
from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.rules.predicates import Role
from innovation.voting import queries as voting
from innovation.voting import service as votes
from innovation.voting.models import Comparison, ComparisonChange, View, Vote, VoteChange
from tests.support.refusals import answer
from tests.support.world import World


def _kept(challenge: Challenge) -> dict[int, tuple[int, ...]]:
    db.session.rollback()
    counted, kept = voting.recount(challenge.id), voting.kept(challenge.id)
    found = {k: v for k, v in kept.items() if any(v)}
    assert found == {k: v for k, v in counted.items() if any(v)}
    return found


def _said(idea: Idea) -> dict[int, int]:
    db.session.rollback()
    return {vote.person_id: vote.value for vote in db.session.scalars(select(Vote).where(Vote.idea_id == idea.id))}


def _id(who: Actor) -> int:
    assert who.person_id is not None
    return who.person_id


def test_who_voted_on_both_counts_once_with_the_higher_vote(world: World) -> None:
    challenge = world.ballot("stars")
    idea, into = world.idea(challenge), world.idea(challenge)
    both, higher, here, there, looked = world.crowd(5)
    for who, one, two in ((both, 5, 2), (higher, 1, 4), (here, 3, None), (there, None, 2)):
        for row, value in ((idea, one), (into, two)):
            if value is not None:
                world.vote(row, who, value)
    world.see(looked, idea, into)
    before = _said(idea)
    world.merge(idea, into)
    assert _said(into) == {_id(both): 5, _id(higher): 4, _id(here): 3, _id(there): 2}
    assert _kept(challenge)[into.id] == (4, 0, 4, 0, 14, 54, 5)
    assert _said(idea) == before
    changes = db.session.execute(select(VoteChange.person_id, VoteChange.before, VoteChange.after, VoteChange.cause))
    assert [tuple(row) for row in changes] == [(both.person_id, 2, 5, "merged")]
    again = world.idea_again(idea)
    assert (again.state, again.merged_into_id) == ("merged", into.id)
    facts = db.session.scalars(select(Event.payload).where(Event.name == "IdeasMerged")).all()
    assert [fact["into_id"] for fact in facts] == [into.id]


def test_authors_join_and_neither_their_votes_nor_their_looks_count_on_what_is_now_their_own(world: World) -> None:
    challenge, one, two, other = world.ballot("yes_no"), world.person(), world.person(), world.person()
    idea, into = world.idea(challenge, one), world.idea(challenge, two)
    world.vote(into, one, 1)
    world.vote(idea, two, -1)
    world.vote(idea, other, -1)
    world.merge(idea, into)
    names = db.session.scalars(select(Author.person_id).where(Author.idea_id == into.id).order_by(Author.position)).all()
    assert list(names) == [two.person_id, one.person_id]
    assert _said(into) == {_id(one): 0, _id(two): 0, _id(other): -1}
    assert _kept(challenge)[into.id] == (0, 1, 0, 1, -1, 1, 1)
    rows = db.session.execute(select(VoteChange.before, VoteChange.after, VoteChange.cause).order_by(VoteChange.before))
    assert [tuple(row) for row in rows] == [(-1, 0, "merged"), (1, 0, "merged")]
    assert [answer(lambda w=who: world.vote(into, w, 1)) for who in (one, two)] == ["Refused vote"] * 2  # type: ignore[misc]


def test_pairs_move_once_and_every_answer_stays_on_record(world: World) -> None:
    """Pairs with the merged idea, changed before, between the two, by an author, and judged against both."""
    challenge, author = world.ballot("pairs"), world.person()
    third, idea = world.idea(challenge), world.idea(challenge, author)
    into, last = world.idea(challenge), world.idea(challenge)
    mover, twice = world.person(), world.person()
    world.compare(idea, third, mover, -1)
    world.compare(idea, third, mover, 1)
    world.compare(last, idea, mover, 1)
    world.compare(idea, into, mover, 1)
    world.compare(idea, third, twice, 1)
    world.compare(into, third, twice, -1)
    world.compare(into, last, author, 1)
    before = {(row.person_id, row.first_id, row.second_id) for row in db.session.scalars(select(Comparison))}
    world.merge(idea, into)
    kept = _kept(challenge)
    assert {key: kept[key][:2] for key in sorted(kept)} == {
        third.id: (1, 1),
        idea.id: (0, 0),
        into.id: (1, 2),
        last.id: (1, 0),
    }
    rows = list(db.session.scalars(select(Comparison)))
    assert before < {(row.person_id, row.first_id, row.second_id) for row in rows}
    said = {(row.person_id, row.first_id, row.second_id): row.preferred for row in rows if row.preferred}
    assert said == {
        (mover.person_id, third.id, into.id): -1,
        (mover.person_id, into.id, last.id): -1,
        (twice.person_id, third.id, into.id): 1,
    }
    # The first change is the mover's own; then every answer that no longer stands is kept with what it was.
    changes = [tuple(row) for row in db.session.execute(select(ComparisonChange.before, ComparisonChange.after))]
    assert sorted(changes) == sorted([(1, -1), (1, 0), (-1, 0), (-1, 0), (1, 0), (-1, 0)])


def test_only_what_is_in_the_running_is_merged_by_a_manager_before_the_freeze(world: World) -> None:
    challenge, elsewhere, author = world.challenge(), world.challenge(), world.person()
    idea, into, strange = world.idea(challenge, author), world.idea(challenge), world.idea(elsewhere)

    def merge(one: Idea, two: Idea, who: Actor) -> str:
        return answer(lambda: votes.merge(actor=who, idea=world.idea_again(one), into=world.idea_again(two)))

    for who in (author, world.sponsor_of(challenge), world.grant(author, Role.MANAGER)):
        assert merge(idea, into, who) == "Refused merge_ideas"
    assert merge(idea, strange, world.manager) == "NotPossible merge_within_a_challenge"
    assert merge(idea, idea, world.manager) == "NotPossible merge_within_a_challenge"
    for state, one, two in (("withdrawn", idea, into), ("withdrawn", into, idea)):
        with transaction():
            db.session.execute(update(Idea).where(Idea.id == into.id).values(state=state))
        assert merge(one, two, world.manager) == "NotPossible not_in_the_running"
    with transaction():
        db.session.execute(update(Idea).values(state="submitted"))
        db.session.execute(update(Challenge).values(frozen_at=clock.now()))
    assert merge(idea, into, world.manager) == "NotPossible decision_under_way"
    with transaction():
        db.session.execute(update(Challenge).values(frozen_at=None))
    assert (merge(idea, into, world.manager), merge(idea, into, world.manager)) == ("done", "NotPossible not_in_the_running")


def test_a_chain_of_merges_brings_every_vote_to_its_end(world: World) -> None:
    challenge = world.challenge()
    one, two, three = (world.idea(challenge) for _ in range(3))
    crowd = world.crowd(3)
    for idea, voters in ((one, crowd[:2]), (two, crowd[1:]), (three, crowd[2:])):
        for who in voters:
            world.vote(idea, who)
    world.merge(one, two)
    world.merge(two, three)
    assert _kept(challenge)[three.id] == (3, 0, 3, 0, 3, 3, 3)
    assert len(db.session.scalars(select(View.id).where(View.idea_id == three.id)).all()) == 3


def test_nobody_merges_another_idea_into_one_of_his_own(world: World) -> None:
    challenge = world.challenge()
    manager = world.grant(world.person("Second manager"), Role.MANAGER)
    theirs, own = world.idea(challenge), world.idea(challenge, manager)
    world.vote(theirs)

    def merge() -> None:
        votes.merge(actor=manager, idea=world.idea_again(theirs), into=world.idea_again(own))

    assert answer(merge) == "Refused merge_ideas"
    assert world.idea_again(theirs).state == "submitted"


def test_nothing_is_merged_once_voting_is_over(world: World) -> None:
    challenge = world.challenge()
    idea, into = world.idea(challenge), world.idea(challenge)
    world.close(challenge)

    def merge() -> None:
        votes.merge(actor=world.manager, idea=world.idea_again(idea), into=world.idea_again(into))

    assert answer(merge) == "NotPossible decision_under_way"


def test_a_vote_on_what_became_ones_own_is_taken_back(world: World) -> None:
    challenge = world.challenge()
    author = world.person("Author")
    idea = world.idea(challenge, author)
    helper = world.vote(idea)
    world.vote(idea)
    name = f"{helper.name.lower()}@example.org"
    authors.name_author(actor=author, idea=world.idea_again(idea), email=name)
    authors.accept_authorship(actor=helper, idea=world.idea_again(idea))
    world.settle()
    assert voting.kept(challenge.id)[idea.id] == (1, 0, 1, 0, 1, 1, 1)
    assert voting.kept(challenge.id) == voting.recount(challenge.id)
