"""The whole house under a random life: people, ideas, votes, withdrawals, results and gates, in any order.

After every step the promises of DESIGN.md, section 4, hold: tallies equal a recount, the funnel adds up, an idea has at
most one project, a decision exists for every idea of a run, and nobody judged his own cause.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import func, select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Author, Idea
from innovation.ideas.service import authors, checking, writing
from innovation.insight import queries as insight
from innovation.insight.service import rebuilding, taking_part
from innovation.kernel import sealing
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Delivery, Event
from innovation.kernel.lifecycle import Passage, StageCount
from innovation.people import queries as people
from innovation.people.models import GrantRow
from innovation.projects import queries as projects
from innovation.projects.models import Gate, Project
from innovation.projects.queries import gates as gate_queries
from innovation.projects.service import gates
from innovation.promotion import queries as promotion
from innovation.promotion.models import Decision, Run, RunChallenge
from innovation.promotion.service import queueing, running
from innovation.rules.predicates import Role
from innovation.rules.project import AT_THE_GATE, Verdict
from innovation.voting import queries as voting
from innovation.voting.models import BallotRow, View, Vote, VoteChange
from tests.conftest import House
from tests.support.life import HouseMachine, live

NUMBERS = st.integers(min_value=0, max_value=15)


class Life(HouseMachine):
    """What people and the clock do. A refusal is an answer like any other; what must hold is asked afterwards.

    Whoever and whatever a step is about is drawn as a number and taken from what there is: no step is in vain.
    """

    def __init__(self) -> None:
        super().__init__()
        self.people = [who.person_id for who in self.world.crowd(5)]
        self.challenges: list[int] = []
        self.ideas: list[int] = []
        self.votes_ever = 0
        self.ask(0, "yes_no")

    def person(self, number: int) -> Actor:
        return self.world.actor(self.people[number % len(self.people)] or 0)

    def challenge(self, number: int) -> int:
        return self.challenges[number % len(self.challenges)]

    def idea(self, number: int) -> Idea:
        found = ideas.by_id(self.ideas[number % len(self.ideas)])
        assert found is not None
        return found

    def author(self, idea: Idea, number: int) -> Actor:
        """One of an idea's authors three times out of four, else anybody."""
        named = db.session.scalars(select(Author.person_id).where(Author.idea_id == idea.id).order_by(Author.position)).all()
        return self.world.actor(named[number % len(named)]) if number % 4 else self.person(number)

    # --- what happens -------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.challenges) < 3)
    @rule(who=NUMBERS, ballot=st.sampled_from(["approval", "yes_no", "points"]), checked=st.booleans())
    def ask(self, who: int, ballot: str, checked: bool = False) -> None:
        self.challenges.append(self.world.ballot(ballot, sponsor=self.person(who), checked_first=checked).id)

    @rule(challenge=NUMBERS, who=NUMBERS, send=st.sampled_from([True, True, False]))
    def write(self, challenge: int, who: int, send: bool) -> None:
        row, author = challenges.by_id(self.challenge(challenge)), self.person(who)
        made = self.tries(lambda: self.world.draft_idea(row, author).id)
        if made is not None:
            self.ideas.append(made)
            if send:
                self.tries(lambda: writing.submit(actor=author, idea=self.idea(-1), accept_terms=True))

    @precondition(lambda self: self.ideas)
    @rule(idea=NUMBERS, who=NUMBERS)
    def submit(self, idea: int, who: int) -> None:
        row = self.idea(idea)
        author = self.author(row, who)
        self.tries(lambda: writing.submit(actor=author, idea=row, accept_terms=True))

    @precondition(lambda self: self.ideas)
    @rule(idea=NUMBERS, who=NUMBERS, other=NUMBERS, accept=st.booleans())
    def name_author(self, idea: int, who: int, other: int, accept: bool) -> None:
        row, named = self.idea(idea), self.person(other)
        author = self.author(row, who)
        self.tries(lambda: authors.name_author(actor=author, idea=row, email=f"{named.name.lower()}@example.org"))
        again = ideas.get(named, self.idea(idea).public_id)
        if accept and again is not None:
            self.tries(lambda: authors.accept_authorship(actor=named, idea=again))

    @precondition(lambda self: self.ideas)
    @rule(idea=NUMBERS, who=NUMBERS, act=st.sampled_from(["accept", "accept", "send_back", "decline"]))
    def check(self, idea: int, who: int, act: str) -> None:
        row = self.idea(idea)
        checker = self.world.sponsor_of(row.challenge) if who % 4 else self.person(who)
        said = {"accept": {}, "send_back": {"note": "Why?", "until": None}, "decline": {"note": "No."}}[act]
        self.tries(lambda: getattr(checking, act)(actor=checker, idea=row, **said))

    @precondition(lambda self: self.ideas)
    @rule(idea=NUMBERS, who=NUMBERS)
    def withdraw(self, idea: int, who: int) -> None:
        row = self.idea(idea)
        author = self.author(row, who)
        self.tries(lambda: writing.withdraw(actor=author, idea=row))

    @precondition(lambda self: self.ideas)
    @rule(idea=NUMBERS, who=NUMBERS, value=st.sampled_from([1, 1, 0, -1, 7]), again=st.sampled_from([None, None, 0, -1]))
    def vote(self, idea: int, who: int, value: int, again: int | None) -> None:
        row, voter = self.idea(idea), self.person(who)
        for said in (value, again):
            if said is not None and voting.ballot_paper(voter, row.public_id) is not None:
                self.tries(partial(self.world.vote, row, voter, said))

    @precondition(lambda self: self.ideas)
    @rule(idea=NUMBERS, other=NUMBERS, who=NUMBERS)
    def see(self, idea: int, other: int, who: int) -> None:
        rows, reader = [self.idea(idea), self.idea(other)], self.person(who)
        self.tries(lambda: self.world.see(reader, *rows))

    @precondition(lambda self: len(self.ideas) > 1)
    @rule(challenge=NUMBERS, work=st.booleans())
    def time_passes(self, challenge: int, work: bool) -> None:
        self.world.close(challenges.by_id(self.challenge(challenge)))
        queueing.queue_due(actor=house(Origin.CLOCK))
        if work:
            self.clock_and_workers()

    @rule()
    def clock_and_workers(self) -> None:
        self.world.settle()
        sealing.seal()

    @rule(challenge=NUMBERS, who=NUMBERS)
    def announce(self, challenge: int, who: int) -> None:
        number = self.challenge(challenge)
        actor = self.sponsor(number) if who % 4 else self.person(who)
        for row in promotion.of_challenge(number):
            self.tries(partial(running.announce, actor=actor, run=row))

    def sponsor(self, challenge: int) -> Actor:
        return self.world.actor(people.holders(Role.SPONSOR, "challenge", challenge)[0])

    @rule(which=NUMBERS, verdict=st.sampled_from(["pass", "pass", "pass", "stop", "hold", "again"]))
    def keep_a_gate(self, which: int, verdict: str) -> None:
        numbers = db.session.scalars(select(Project.id).order_by(Project.id)).all()
        if not numbers:
            return
        project = projects.by_id(numbers[which % len(numbers)])
        assert project is not None
        gate = gate_queries.at_hand(project) or project.gates[0]
        last = gate_queries.latest(gate)
        values: dict[str, Any] = {"gate_key": gate.key, "seen": last.number if last else 0, "reason": "So it is."}
        values |= {"verdict": Verdict(verdict), "due_on": (self.world.now() + timedelta(days=7)).date()}
        keeper = self.sponsor(project.challenge_id)
        self.tries(lambda: gates.decide(actor=keeper, project=project, **values))

    @rule()
    def make_the_figures_anew(self) -> None:
        """Who took part is counted, and what is rebuilt from facts and rows is what was kept."""
        taking_part.keep_participation(actor=house(Origin.CLOCK))
        kept = self.counters()
        rebuilding.rebuild(actor=house(Origin.CLOCK))
        assert self.counters() == kept

    def counters(self) -> list[tuple[object, ...]]:
        columns = (StageCount.challenge_id, StageCount.subject_kind, StageCount.stage, StageCount.visibility)
        self.world.anew()
        rows = db.session.execute(select(*columns, StageCount.entered, StageCount.left).order_by(*columns))
        return [tuple(row) for row in rows]

    # --- what always holds --------------------------------------------------------------------------------------

    @invariant()
    def tallies_equal_a_recount(self) -> None:
        db.session.rollback()
        for challenge in db.session.scalars(select(Challenge.id)).all():
            counted, kept = voting.recount(challenge), voting.kept(challenge)
            assert {key: row for key, row in kept.items() if any(row)} == {k: row for k, row in counted.items() if any(row)}

    @invariant()
    def every_vote_stands_on_a_ballot_and_is_a_view_and_judges_are_no_viewers(self) -> None:
        on_ballot = (
            select(BallotRow.id)
            .join(Idea, Idea.challenge_id == BallotRow.challenge_id)
            .where(Idea.id == Vote.idea_id, BallotRow.person_id == Vote.person_id)
        )
        viewed = select(View.id).where(View.idea_id == Vote.idea_id, View.person_id == Vote.person_id)
        assert db.session.scalars(select(Vote.id).where(~on_ballot.exists())).all() == []
        assert db.session.scalars(select(Vote.id).where(~viewed.exists())).all() == []
        judges = (GrantRow.scope == "challenge") & (GrantRow.scope_id == Idea.challenge_id)
        looked = select(View.id).join(Idea, Idea.id == View.idea_id).join(GrantRow, judges)
        assert db.session.scalars(looked.where(GrantRow.person_id == View.person_id)).all() == []

    @invariant()
    def the_funnel_adds_up(self) -> None:
        assert insight.mismatches() == []
        open_now = db.session.execute(
            select(Passage.subject_kind, Passage.subject_id, func.count())
            .where(Passage.left_at.is_(None), Passage.subject_kind.in_(["idea", "project"]))
            .group_by(Passage.subject_kind, Passage.subject_id)
        ).all()
        assert [row for row in open_now if row[2] != 1] == []
        stages = dict(
            db.session.execute(
                select(Passage.subject_id, Passage.stage).where(Passage.left_at.is_(None), Passage.subject_kind == "idea")
            ).all()
        )
        states = db.session.execute(select(Idea.id, Idea.state).where(Idea.state != "draft")).all()
        assert stages == {number: str(state) for number, state in states}

    @invariant()
    def promotion_happens_once_and_with_a_reason(self) -> None:
        runs = Counter(db.session.scalars(select(RunChallenge.challenge_id)))
        assert [number for number, count in runs.items() if count > 1] == []
        chosen = sorted(db.session.scalars(select(Idea.id).where(Idea.state == "promoted")))
        assert sorted(db.session.scalars(select(Project.idea_id))) == chosen
        for run in db.session.scalars(select(Run).where(Run.state.in_(["decided", "announced"]))).all():
            members = select(RunChallenge.challenge_id).where(RunChallenge.run_id == run.id)
            came_back = Idea.submitted_at.is_not(None), Idea.state != "returned"
            sent = select(Idea.id).where(Idea.challenge_id.in_(members), *came_back)
            decided = select(Decision.idea_id).where(Decision.run_id == run.id)
            assert sorted(db.session.scalars(decided)) == sorted(db.session.scalars(sent))

    @invariant()
    def what_nobody_let_through_is_sealed_and_judged_by_nobody(self) -> None:
        shown = select(Idea.id).where(Idea.unchecked, Idea.visibility != "sealed")
        passed = select(Idea.id).where(Idea.unchecked, Idea.state.in_(["submitted", "shortlisted", "promoted"]))
        waits = select(Idea.id).where(Idea.unchecked.is_(False), Idea.state.in_(["checking", "returned"]))
        voted = select(Vote.id).join(Idea, Idea.id == Vote.idea_id).where(Idea.unchecked)
        assert [db.session.scalars(each).all() for each in (shown, passed, waits, voted)] == [[], [], [], []]
        by_class = (
            select(Idea.visibility, Passage.stage, func.count(), func.count(Passage.left_at))
            .join(Idea, Idea.id == Passage.subject_id)
            .where(Passage.subject_kind == "idea")
            .group_by(Idea.visibility, Passage.stage)
        )
        kept = (
            select(StageCount.visibility, StageCount.stage, func.sum(StageCount.entered), func.sum(StageCount.left))
            .where(StageCount.subject_kind == "idea")
            .group_by(StageCount.visibility, StageCount.stage)
        )
        counters = {tuple(row) for row in db.session.execute(kept) if row[2] or row[3]}
        assert {tuple(row) for row in db.session.execute(by_class)} == counters

    @invariant()
    def nobody_judges_his_own_cause(self) -> None:
        own = select(Vote.id).join(Author, (Author.idea_id == Vote.idea_id) & (Author.person_id == Vote.person_id))
        named_later = {(row.idea_id, row.person_id) for row in db.session.scalars(select(Author).where(Author.position > 1))}
        votes = db.session.scalars(select(Vote).where(Vote.id.in_(own))).all()
        assert [vote.id for vote in votes if (vote.idea_id, vote.person_id) not in named_later] == []
        judged = (
            select(Vote.id)
            .join(Idea, Idea.id == Vote.idea_id)
            .join(
                GrantRow,
                (GrantRow.scope == "challenge")
                & (GrantRow.scope_id == Idea.challenge_id)
                & (GrantRow.person_id == Vote.person_id),
            )
        )
        assert db.session.scalars(judged).all() == []

    @invariant()
    def at_most_one_gate_is_open_and_only_in_a_running_project(self) -> None:
        rows = db.session.execute(
            select(Project.id, Project.state, func.count(Gate.id))
            .join(Gate, (Gate.project_id == Project.id) & Gate.state.in_(AT_THE_GATE), isouter=True)
            .group_by(Project.id, Project.state)
        ).all()
        assert [row for row in rows if row[2] != (1 if row[1] == "running" else 0)] == []

    @invariant()
    def what_was_kept_of_votes_only_grows(self) -> None:
        now = db.session.scalar(select(func.count()).select_from(VoteChange)) or 0
        assert now >= self.votes_ever
        self.votes_ever = now

    @invariant()
    def the_chain_holds_and_no_delivery_is_lost(self) -> None:
        assert sealing.check().broken_at is None
        orphans = (
            select(func.count())
            .select_from(Event)
            .where(Event.name == "RunQueued", ~select(Delivery.id).where(Delivery.event_id == Event.id).exists())
        )
        assert db.session.scalar(orphans) == 0
        db.session.rollback()


def test_the_house_keeps_its_promises_through_any_life(sqlite_house: House) -> None:
    live(Life, sqlite_house, steps=25)
