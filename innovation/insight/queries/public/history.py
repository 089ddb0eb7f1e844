"""A chosen idea's way, from the day it was sent to what is used."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, union

from innovation.ideas.models import Author, Idea
from innovation.insight.queries.public.columns import chosen_columns, named, owns, read_chosen, shown, told_columns
from innovation.insight.queries.public.figures import worth_of
from innovation.insight.queries.public.shapes import History, Step, Thanks, Told
from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.lifecycle import Passage
from innovation.people.models import Organisation, Person
from innovation.projects.models import Gate, Member
from innovation.promotion.models import Decision, Round, Run
from innovation.rules.idea import IdeaState
from innovation.rules.project import GateState
from innovation.rules.run import RunState


def history(actor: Actor, public_id: str) -> History | None:
    """A chosen idea's way. None for every other idea, alike."""
    row = db.session.execute(
        chosen_columns()
        .add_columns(Idea.submitted_at, Organisation, *told_columns().selected_columns)
        .join(Idea.challenge)
        .join(Organisation, owns())
        .where(Idea.public_id == public_id, shown(clock.now()), Organisation.results_page)
    ).one_or_none()
    if row is None:
        return None
    parts = tuple(row)
    told = Told(*parts[-10:])
    sent_at, owner = parts[-12], parts[-11]
    idea = read_chosen(row)
    decided = _decided(row.idea_id)
    names, others, agreed = _people(row.idea_id, idea.project_id)
    return History(
        owner=owner,
        challenge=told,
        idea=idea,
        sent_at=sent_at,
        shortlisted_at=_shortlisted(row.idea_id),
        chosen_at=decided.announced_at if decided else None,
        because=decided.because if decided else "",
        place=decided.place if decided else None,
        among=decided.params.get("k") if decided else None,
        gates=_gates(idea.project_id),
        worth=worth_of([idea]).get(idea.project_id, []),
        thanks=Thanks(names, others),
        text=db.session.scalar(select(Idea.text).where(Idea.id == row.idea_id)) if agreed else None,
    )


def _decided(idea_id: int) -> Any:
    """Why it was chosen: the code, never anybody's words."""
    return db.session.execute(
        select(Decision.because, Decision.place, Decision.params, Run.announced_at)
        .join(Decision.run)
        .join(Run.round)
        .where(
            Decision.idea_id == idea_id,
            Decision.promoted,
            Run.state == RunState.ANNOUNCED,
            Round.purpose == "promotion",
        )
        .order_by(Run.pass_no.desc())
        .limit(1)
    ).one_or_none()


def _shortlisted(idea_id: int) -> datetime | None:
    return db.session.scalar(
        select(func.min(Passage.entered_at)).where(
            Passage.subject_kind == "idea", Passage.subject_id == idea_id, Passage.stage == IdeaState.SHORTLISTED
        )
    )


def _gates(project_id: int | None) -> list[Step]:
    rows = db.session.execute(
        select(Gate.key, Gate.title, Gate.state, Gate.decided_at)
        .where(
            Gate.project_id == project_id,
            Gate.state.in_([GateState.PASSED, GateState.STOPPED]),
            Gate.decided_at.is_not(None),
        )
        .order_by(Gate.position)
    )
    return [Step(row.key, row.title, row.state == GateState.PASSED, row.decided_at) for row in rows]


def _people(idea_id: int, project_id: int | None) -> tuple[list[str], int, bool]:
    """(who of an idea's authors and its project's members agreed to be named, how many others there are, whether every
    author agreed). An idea without an author who accepted has nobody who could agree to its text."""
    written = select(Author.person_id).where(Author.idea_id == idea_id, Author.accepted_at.is_not(None))
    works = select(Member.person_id).where(Member.project_id == project_id, Member.accepted_at.is_not(None))
    rows = db.session.execute(
        select(Person.name, named().label("named"), Person.id.in_(written).label("author"))
        .where(Person.id.in_(union(written, works)))
        .order_by(Person.name, Person.id)
    ).all()
    authors = [row.named for row in rows if row.author]
    names = [row.name for row in rows if row.named]
    return names, len(rows) - len(names), bool(authors) and all(authors)
