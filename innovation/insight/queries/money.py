"""What a proof cost. Currencies are never added to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.insight.queries.filters import Filters, on_ideas, on_passages, within
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.lifecycle import Passage
from innovation.kernel.money import Money
from innovation.projects.models import BudgetLine, MoneyEntry, Project
from innovation.rules.idea import IdeaState
from innovation.rules.project import EntryKind


@dataclass(frozen=True, slots=True)
class Spent:
    """What all projects spent in one currency, those that were stopped too, and what that is per proof passed.

    ``each`` is None while no proof was passed; it is cut to whole minor units.
    """

    total: Money
    each: Money | None


def per_proof(actor: Actor, filters: Filters) -> Sequence[Spent]:
    """What was spent per proof passed, by currency: two queries. A project passes once, however often it was reopened."""
    passed = db.session.scalar(
        select(func.count(Passage.subject_id.distinct()))
        .join(Challenge, Challenge.id == Passage.challenge_id)
        .where(Passage.subject_kind == "project", Passage.stage == "project_passed", *on_passages(actor, filters))
    )
    statement = select(BudgetLine.currency, func.sum(MoneyEntry.amount_minor)).join(
        MoneyEntry, MoneyEntry.line_id == BudgetLine.id
    )
    statement = statement.join(Project, Project.id == BudgetLine.project_id).join(Idea, Idea.id == Project.idea_id)
    statement = statement.join(Challenge, Challenge.id == Idea.challenge_id)
    statement = statement.where(MoneyEntry.kind == EntryKind.SPEND, *on_ideas(actor, filters))
    if filters.since is not None:
        statement = statement.where(MoneyEntry.happened_on >= filters.since)
    if filters.until is not None:
        statement = statement.where(MoneyEntry.happened_on <= filters.until)
    rows = db.session.execute(statement.group_by(BudgetLine.currency).order_by(BudgetLine.currency))
    return [
        Spent(Money(int(total), currency), Money(int(total) // passed, currency) if passed else None)
        for currency, total in rows
    ]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the ideas of a challenge asked for, those withdrawn or merged aside, and what the chosen ones asked for."""

    challenge: Challenge
    asked: Money
    granted: Money


def asked(actor: Actor, filters: Filters, limit: int = 200) -> Sequence[Asked]:
    """Money asked for and granted, by challenge, the most granted first: one query."""
    granted = func.sum(case((Idea.state == IdeaState.PROMOTED, Idea.requested_minor), else_=0))
    whole = func.sum(Idea.requested_minor)
    statement = (
        select(Challenge, whole, granted)
        .join(Idea, Idea.challenge_id == Challenge.id)
        .where(Idea.submitted_at.is_not(None), Idea.state.not_in([IdeaState.WITHDRAWN, IdeaState.MERGED]))
        .where(Idea.requested_minor.is_not(None), *on_ideas(actor, filters), *within(Idea.submitted_at, filters))
        .group_by(Challenge.id)
        .order_by(granted.desc(), Challenge.id)
        .limit(limit)
    )
    return [
        Asked(challenge, Money(int(total), challenge.currency), Money(int(part), challenge.currency))
        for challenge, total, part in db.session.execute(statement)
    ]
