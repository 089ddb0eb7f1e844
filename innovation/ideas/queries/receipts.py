"""Reading receipts, and what goes into one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from innovation.attachments import queries as attachments
from innovation.attachments.models import Attachment
from innovation.challenges.models import Challenge, OwnQuestion, Terms
from innovation.ideas.models import Answer, Author, Idea, Receipt
from innovation.kernel.db import db
from innovation.people.models import Person
from innovation.rules.answers import AnswerKind


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of the challenge's own as it reads, and what is answered to it."""

    label: str
    unit: str
    value: str


@dataclass(frozen=True, slots=True)
class Named:
    """An author as a receipt names him."""

    person_id: int
    name: str
    accepted: bool
    share: int | None


def of_idea(idea_id: int) -> Sequence[Receipt]:
    """An idea's receipts, the newest first."""
    return db.session.scalars(select(Receipt).where(Receipt.idea_id == idea_id).order_by(Receipt.revision_no.desc())).all()


def of_revision(idea: Idea, number: int) -> Receipt | None:
    """The receipt of one version."""
    return db.session.scalars(select(Receipt).where(Receipt.idea_id == idea.id, Receipt.revision_no == number)).one_or_none()


def newest(idea_id: int) -> Receipt | None:
    """The receipt of the newest version that has one."""
    return db.session.scalars(
        select(Receipt).where(Receipt.idea_id == idea_id).order_by(Receipt.revision_no.desc()).limit(1)
    ).one_or_none()


def files_changed(idea: Idea, receipt: Receipt) -> bool:
    """Whether an idea has other files now than a receipt names."""
    named = [each["sha256"] for each in json.loads(receipt.document)["files"]]
    return named != [each.sha256 for each in files_of(idea)]


def by_id(receipt_id: int) -> Receipt | None:
    """One receipt for the house's own work."""
    return db.session.get(Receipt, receipt_id)


def unstamped(before: datetime, limit: int) -> Sequence[int]:
    """The ids of receipts without a time stamp that were made before a time, the oldest first."""
    wanted = Receipt.stamp == "", Receipt.document != "", Receipt.made_at <= before
    return db.session.scalars(select(Receipt.id).where(*wanted).order_by(Receipt.id).limit(limit)).all()


def answers_of(idea_id: int) -> list[Answered]:
    """What an idea answers to its challenge's own questions, in their order; for a file its name and fingerprint."""
    rows = db.session.execute(
        select(OwnQuestion.label, OwnQuestion.unit, OwnQuestion.kind, Answer.value)
        .join(Answer, Answer.question_id == OwnQuestion.id)
        .where(Answer.idea_id == idea_id)
        .order_by(OwnQuestion.position)
    ).all()
    named = [row.value for row in rows if row.kind == AnswerKind.FILE]
    files = (
        {
            row.public_id: f"{row.name} (SHA-256 {row.sha256})"
            for row in db.session.execute(
                select(Attachment.public_id, Attachment.name, Attachment.sha256).where(Attachment.public_id.in_(named))
            )
        }
        if named
        else {}
    )
    return [Answered(row.label, row.unit, files.get(row.value, row.value)) for row in rows]


def files_of(idea: Idea) -> list[Attachment]:
    """The files of an idea, the first one first; the house reads them, whoever sends."""
    if idea.file_set_id is None:
        return []
    return list(
        db.session.scalars(
            select(Attachment)
            .where(Attachment.set_id == idea.file_set_id, Attachment.trashed_at.is_(None))
            .order_by(Attachment.id)
            .limit(attachments.MOST_FILES)
        )
    )


def authors_of(idea_id: int) -> list[Named]:
    """Everybody named as an author, in order."""
    rows = db.session.execute(
        select(Author.person_id, Person.name, Author.accepted_at, Author.share)
        .join(Person, Person.id == Author.person_id)
        .where(Author.idea_id == idea_id)
        .order_by(Author.position)
    )
    return [Named(row.person_id, row.name, row.accepted_at is not None, row.share) for row in rows]


def terms_of(challenge: Challenge) -> Terms | None:
    """The version of the terms that a challenge has."""
    return db.session.get(Terms, challenge.terms_id) if challenge.terms_id is not None else None
