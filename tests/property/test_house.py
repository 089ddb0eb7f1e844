"""The whole house under a random life: people, ideas, votes, withdrawals, results and gates, in any order.

After every step the promises of DESIGN.md, section 4, hold: tallies equal a recount, the funnel adds up, an idea has at
most one project, a decision exists for every idea of a run, and nobody judged his own cause.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.ideas.models import Author, Idea
from innovation.ideas.service import authors, writing
from innovation.insight import queries as insight
from innovation.kernel import queue, sealing
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.kernel.errors import DomainError
from innovation.kernel.events import Delivery, Event
from innovation.kernel.lifecycle import Passage
from innovation.people.models import GrantRow
from innovation.projects import queries as projects
from innovation.projects.models import Gate, Project
from innovation.projects.service import running as project_running
from innovation.promotion import queries as promotion
from innovation.promotion.models import Decision, Run, RunChallenge
from innovation.promotion.service import queueing, running
from innovation.voting import queries as voting
from innovation.voting.models import Tally, Vote, VoteChange
from tests.conftest import House
from tests.support.world import World


class Life(RuleBasedStateMachine):
    """What people and the clock do. A refusal is an answer like any other; what must hold is asked afterwards."""

    people = Bundle("people")
    challenges = Bundle("challenges")
    ideas = Bundle("ideas")
    home: House

    def __init__(self) -> None:
        super().__init__()
        self.home.empty()
        queue.connect(self.home.app, "")
        self.context = self.home.app.app_context()
        self.context.push()
        self.world = World(self.home.app)
        self.votes_ever = 0

    def teardown(self) -> None:
        db.session.remove()
        self.context.pop()

    def tries(self, call: Any) -> Any:
        """Do it, or be refused; never anything else."""
        try:
            return call()
        except DomainError:
            return None
        finally:
            db.session.rollback()
            db.session.expire_all()

    def actor(self, person_id: int) -> Actor:
        return self.world.actor(person_id)

    # --- what happens -------------------------------------------------------------------------------------------

    @initialize(target=people)
    def begin(self) -> Any:
        return self.world.person("First").person_id

    @rule(target=people)
    def join(self) -> Any:
        return self.world.person().person_id

    @rule(target=challenges, who=people, ballot=st.sampled_from(["approval", "yes_no"]))
    def ask(self, who: int, ballot: str) -> int:
        return self.world.challenge(self.actor(who), ballot=ballot).id

    @rule(target=ideas, challenge=challenges, who=people, send=st.booleans())
    def write(self, challenge: int, who: int, send: bool) -> Any:
        row = self.world.again(db.session.get_one(Challenge, challenge))
        made = self.tries(lambda: self.world.draft_idea(row, self.actor(who)).id)
        if made is not None and send:
            self.submit(made, who)
        return made or 0

    @rule(idea=ideas, who=people)
    def submit(self, idea: int, who: int) -> None:
        if row := ideas.by_id(idea):
            self.tries(lambda: writing.submit(actor=self.actor(who), idea=row, accept_terms=True))

    @rule(idea=ideas, who=people, other=people, accept=st.booleans())
    def name_author(self, idea: int, who: int, other: int, accept: bool) -> None:
        email = f"{self.actor(other).name.lower()}@example.org"
        if row := ideas.by_id(idea):
            self.tries(lambda: authors.name_author(actor=self.actor(who), idea=row, email=email))
        if accept and (row := ideas.get(self.actor(other), row.public_id) if row else None):
            again = row
            self.tries(lambda: authors.accept_authorship(actor=self.actor(other), idea=again))

    @rule(idea=ideas, who=people)
    def withdraw(self, idea: int, who: int) -> None:
        if row := ideas.by_id(idea):
            self.tries(lambda: writing.withdraw(actor=self.actor(who), idea=row))

    @rule(idea=ideas, who=people, value=st.sampled_from([1, 1, 0, -1]))
    def vote(self, idea: int, who: int, value: int) -> None:
        row = ideas.by_id(idea)
        actor = self.actor(who)
        if row is not None and voting.ballot_paper(actor, row.public_id) is not None:
            self.tries(lambda: self.world.vote(row, actor, value))

    @rule(challenge=challenges)
    def time_passes(self, challenge: int) -> None:
        self.world.close(db.session.get_one(Challenge, challenge))
        queueing.queue_due(actor=house(Origin.CLOCK))

    @rule()
    def clock_and_workers(self) -> None:
        self.world.settle()
        sealing.seal()

    @rule(challenge=challenges, who=people)
    def announce(self, challenge: int, who: int) -> None:
        for row in promotion.of_challenge(challenge):
            self.tries(lambda run=row: running.announce(actor=self.actor(who), run=run))

    @rule(challenge=challenges, passed=st.booleans(), data=st.data())
    def keep_a_gate(self, challenge: int, passed: bool, data: st.DataObject) -> None:
        numbers = db.session.scalars(select(Project.id).where(Project.challenge_id == challenge).order_by(Project.id)).all()
        sponsor = db.session.scalars(
            select(GrantRow.person_id).where(GrantRow.scope == "challenge", GrantRow.scope_id == challenge)
        ).first()
        if numbers and sponsor:
            project = projects.by_id(data.draw(st.sampled_from(numbers)))
            assert project is not None
            key = next((gate.key for gate in project.gates if gate.state == "open"), "frame")
            values = {"gate_key": key, "passed": passed, "reason": "So it is."}
            self.tries(lambda: project_running.decide_gate(actor=self.actor(sponsor), project=project, **values))

    # --- what always holds --------------------------------------------------------------------------------------

    @invariant()
    def tallies_equal_a_recount(self) -> None:
        db.session.rollback()
        for challenge in db.session.scalars(select(Challenge.id)).all():
            counted = {key: row for key, row in voting.recount(challenge).items() if any(row)}
            rows = db.session.scalars(
                select(Tally).join(Idea, Idea.id == Tally.idea_id).where(Idea.challenge_id == challenge)
            )
            kept = {r.idea_id: (r.for_count, r.against_count, r.for_weight, r.against_weight) for r in rows}
            assert {key: row for key, row in kept.items() if any(row)} == counted

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
            sent = select(Idea.id).where(Idea.challenge_id.in_(members), Idea.submitted_at.is_not(None))
            decided = select(Decision.idea_id).where(Decision.run_id == run.id)
            assert sorted(db.session.scalars(decided)) == sorted(db.session.scalars(sent))

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
            .join(Gate, (Gate.project_id == Project.id) & (Gate.state == "open"), isouter=True)
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
    machine = type("LifeHere", (Life,), {"home": sqlite_house})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
