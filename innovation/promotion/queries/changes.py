"""Reading how the rule of a challenge was changed after judging had begun."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, RuleChange
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel.actor import VISITOR, Actor
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import may
from innovation.promotion.models import RunChallenge
from innovation.rules.challenge import BY_PANEL
from innovation.rules.policy import May
from innovation.rules.promotion import Clause, explain


@dataclass(frozen=True, slots=True)
class ChangedRule:
    """One override of a challenge's rule, to be read. ``entered`` and ``left``: (public id, title or None) of ideas.

    ``blind``: votes or scores were still coming in, so nobody could know which ideas it would bring in or take out.
    ``told``: this reader may know which ideas they are; before the announcement that would tell the result.
    """

    change: RuleChange
    name: str | None
    before: list[Clause]
    after: list[Clause]
    entered: list[tuple[str, str | None]]
    left: list[tuple[str, str | None]]
    blind: bool
    told: bool


def rule_changes(actor: Actor, challenge: Challenge) -> list[ChangedRule]:
    """How a challenge's rule was changed after judging had begun; sealed ideas, and what he may not read, by reference."""
    if challenge.rule_no < 2:
        return []
    kept = challenges.withheld(actor, challenge)
    rows = challenges.rule_changes(challenge.id)
    titles = ideas.open_titles(actor, [idea for change, _ in rows for idea in (*change.entered, *change.left)])
    decided_from = challenge.schedule().decide_begins()
    told = challenge.decided_at is not None or may(actor, May.SEE_RECORD, challenge)
    return [
        ChangedRule(
            change=change,
            name=None if change.changed_by in kept else name,
            before=explain(change.before, ballot=challenge.ballot, panel=challenge.who_decides in BY_PANEL),
            after=explain(change.after, ballot=challenge.ballot, panel=challenge.who_decides in BY_PANEL),
            entered=[(idea, titles.get(idea)) for idea in change.entered if told],
            left=[(idea, titles.get(idea)) for idea in change.left if told],
            blind=change.changed_at < decided_from,
            told=told,
        )
        for change, name in rows
    ]


def moved_by_rule(idea: Idea) -> list[tuple[RuleChange, str | None]]:
    """The changes of rule by which an idea of a decided challenge came in or went out: (change, whose it was)."""
    if idea.challenge.rule_no < 2 or idea.challenge.decided_at is None:
        return []
    kept = challenges.withheld(VISITOR, idea.challenge)
    return [
        (change, None if change.changed_by in kept else name)
        for change, name in challenges.rule_changes(idea.challenge_id)
        if idea.public_id in change.entered or idea.public_id in change.left
    ]


def changes_told(run_id: int) -> list[tuple[int | None, int, int, int]]:
    """What the facts say of changes of the rule of a run's challenges: (challenge id, number, how many came in and went)."""
    facts = db.session.scalars(
        select(Event)
        .join(RunChallenge, RunChallenge.challenge_id == Event.challenge_id)
        .where(RunChallenge.run_id == run_id, Event.name == "RuleChanged")
    )
    return sorted(
        (fact.challenge_id, fact.payload["number"], fact.payload["entered"], fact.payload["left"]) for fact in facts
    )


def changes_kept(run_id: int) -> list[tuple[int | None, int, int, int]]:
    """As :func:`changes_told`, what is kept of them."""
    rows = db.session.scalars(
        select(RuleChange)
        .join(RunChallenge, RunChallenge.challenge_id == RuleChange.challenge_id)
        .where(RunChallenge.run_id == run_id)
    )
    return sorted((row.challenge_id, row.number, len(row.entered), len(row.left)) for row in rows)


def changes_of_rule(run_id: int) -> dict[int, RuleChange]:
    """The changes of the rule of a run's challenges, by the number of the new rule."""
    rows = db.session.scalars(
        select(RuleChange)
        .join(RunChallenge, RunChallenge.challenge_id == RuleChange.challenge_id)
        .where(RunChallenge.run_id == run_id)
    )
    return {row.number: row for row in rows}
