"""Every kind of ballot under a random life: after each step the tallies equal a recount and no budget is overspent.

Whoever and whatever a step is about is drawn as a number and taken from what there is; a refusal is an answer too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from innovation.challenges import queries as challenges
from innovation.ideas import queries as ideas
from innovation.ideas.models import Author, Idea
from innovation.ideas.service import writing
from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import DomainError
from innovation.kernel.usecase import transaction
from innovation.rules.ballot import Ballot, cost, has_budget
from innovation.rules.idea import IN_THE_RUNNING
from innovation.voting import queries as voting
from innovation.voting import service as votes
from innovation.voting.models import (
    BallotRow,
    Comparison,
    ComparisonChange,
    Flag,
    View,
    Vote,
    VoteChange,
)
from tests.conftest import House
from tests.support.world import World

NUMBERS = st.integers(min_value=0, max_value=11)
RARELY = st.sampled_from([False, False, False, True])
BUDGET = 6


class Votes(RuleBasedStateMachine):
    """Four ideas, five voters and one challenge on an emptied set of votes."""

    world: World
    kind: str
    crowd: list[Actor]

    def __init__(self) -> None:
        super().__init__()
        self.world.anew()
        challenge = self.world.ballot(self.kind, BUDGET if has_budget(self.kind) else None, sponsor=self.crowd[-1])
        self.challenge_id = challenge.id
        self.ideas = [self.world.idea(self.world.again(challenge), who).id for who in self.crowd[:4]]
        self.history = 0
        for who in range(4, 6):
            for idea in range(4):
                self.cast(idea, who, 1)
                self.compare(idea, idea + 1, who, 1)

    def idea(self, number: int) -> Idea:
        found = ideas.by_id(self.ideas[number % len(self.ideas)])
        assert found is not None
        return found

    def voter(self, number: int) -> Actor:
        return self.crowd[number % (len(self.crowd) - 1)]

    def tries(self, call: Callable[[], Any]) -> None:
        try:
            call()
        except DomainError:
            pass
        finally:
            self.world.anew()

    @rule(idea=NUMBERS, who=NUMBERS, value=st.integers(min_value=-1, max_value=6))
    def cast(self, idea: int, who: int, value: int) -> None:
        row, voter = self.idea(idea), self.voter(who)
        if voting.ballot_paper(voter, row.public_id) is not None:
            self.tries(lambda: self.world.vote(row, voter, value))

    @rule(idea=NUMBERS, other=NUMBERS, who=NUMBERS, preferred=st.sampled_from([1, -1, 0]))
    def compare(self, idea: int, other: int, who: int, preferred: int) -> None:
        one, two, voter = self.idea(idea), self.idea(other), self.voter(who)
        if voting.ballot_paper(voter, one.public_id) is not None:
            self.tries(lambda: self.world.compare(one, two, voter, preferred))

    @rule(which=st.lists(NUMBERS, min_size=1, max_size=3), who=NUMBERS)
    def see(self, which: list[int], who: int) -> None:
        self.tries(lambda: self.world.see(self.voter(who), *(self.idea(number) for number in which)))

    @rule(idea=NUMBERS, sure=RARELY)
    def withdraw(self, idea: int, sure: bool) -> None:
        row = self.idea(idea)
        if sure:
            self.tries(lambda: writing.withdraw(actor=self.world.actor(row.authors[0].person_id), idea=row))

    @rule(idea=NUMBERS, into=NUMBERS, sure=RARELY)
    def merge(self, idea: int, into: int, sure: bool) -> None:
        if sure:
            self.tries(lambda: self.world.merge(self.idea(idea), self.idea(into)))

    @rule(people=st.lists(NUMBERS, min_size=1, max_size=2), sure=RARELY)
    def remove(self, people: list[int], sure: bool) -> None:
        if not sure:
            return
        with transaction():
            numbers = sorted({self.voter(number).person_id or 0 for number in people})
            flag = Flag(
                challenge_id=self.challenge_id,
                fingerprint=clock.now().isoformat(),
                people=numbers,
                figures={},
                found_at=clock.now(),
            )
            db.session.add(flag)
        row, manager = challenges.by_id(self.challenge_id), self.world.manager
        self.tries(lambda: votes.remove_votes(actor=manager, challenge=row, flag=flag, reason="So it is."))

    @invariant()
    def tallies_equal_a_recount(self) -> None:
        counted, kept = voting.recount(self.challenge_id), voting.kept(self.challenge_id)
        assert {k: v for k, v in kept.items() if any(v)} == {k: v for k, v in counted.items() if any(v)}

    @invariant()
    def nobody_spends_more_than_there_is(self) -> None:
        rows = db.session.execute(
            select(Vote.person_id, Vote.value)
            .join(Idea, Idea.id == Vote.idea_id)
            .where(Idea.challenge_id == self.challenge_id, Idea.state.in_(IN_THE_RUNNING))
        ).all()
        paid: dict[int, int] = {}
        for person_id, value in rows:
            paid[person_id] = paid.get(person_id, 0) + cost(self.kind, value)
        assert [total for total in paid.values() if has_budget(self.kind) and total > BUDGET] == []

    @invariant()
    def nobody_judges_or_counts_as_seeing_his_own(self) -> None:
        own = (Author.person_id == View.person_id) & (Author.idea_id == View.idea_id)
        assert db.session.scalar(select(func.count()).select_from(View).join(Author, own)) == 0
        mine = (Author.person_id == Vote.person_id) & (Author.idea_id == Vote.idea_id) & (Vote.value != 0)
        assert db.session.scalar(select(func.count()).select_from(Vote).join(Author, mine)) == 0

    @invariant()
    def whoever_was_removed_counts_nowhere(self) -> None:
        gone = select(BallotRow.person_id).where(
            BallotRow.challenge_id == self.challenge_id, BallotRow.removed_at.is_not(None)
        )
        here = select(Idea.id).where(Idea.challenge_id == self.challenge_id)
        said = select(func.count()).where(Vote.person_id.in_(gone), Vote.idea_id.in_(here), Vote.value != 0)
        compared = select(func.count()).where(
            Comparison.person_id.in_(gone), Comparison.challenge_id == self.challenge_id, Comparison.preferred != 0
        )
        assert (db.session.scalar(said), db.session.scalar(compared)) == (0, 0)
        assert db.session.scalar(select(func.count()).where(View.person_id.in_(gone), View.idea_id.in_(here))) == 0

    @invariant()
    def history_only_grows(self) -> None:
        now = sum(db.session.scalar(select(func.count()).select_from(t)) or 0 for t in (VoteChange, ComparisonChange, Vote))
        assert now >= self.history
        self.history = now
        db.session.rollback()


@pytest.mark.parametrize("kind", [kind for kind in Ballot if kind != Ballot.ORDINAL])
def test_tallies_and_budgets_hold_through_any_sequence(house: House, kind: str) -> None:
    with house.app.app_context():
        world = World(house.app)
        machine = type("Here", (Votes,), {"world": world, "kind": kind, "crowd": world.crowd(7)})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=2,
                stateful_step_count=20,
                deadline=None,
                phases=(Phase.generate,),  # what fails is short enough to read, and shrinking it would take minutes
                suppress_health_check=list(HealthCheck),
                derandomize=True,
                database=None,
            ),
        )
        changed = [db.session.scalar(select(func.count()).select_from(t)) for t in (View, BallotRow)]
        assert 0 not in changed
        db.session.remove()
