"""Reading what ideas answer to their challenge's own questions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from innovation.attachments.models import Attachment
from innovation.challenges import queries as challenges
from innovation.challenges.models import OwnQuestion
from innovation.ideas.models import Answer, Idea, Revision
from innovation.kernel.db import db
from innovation.rules.answers import AnswerKind
from innovation.rules.file_names import address_name


@dataclass(frozen=True, slots=True)
class Answered:
    """A question, and what an idea answers to it.

    Attributes:
        value: as it is kept; empty where it is not answered, or where the file that answered it was taken away.
        file: the file, where that is the answer.
    """

    question: OwnQuestion
    value: str
    file: Attachment | None = None

    @property
    def address(self) -> str:
        """The file's name as it stands in an address."""
        return address_name(self.file.name) if self.file else ""


def said(idea: Idea) -> dict[str, str]:
    """What an idea answers, as it is kept, by the question's address."""
    rows = db.session.execute(
        select(OwnQuestion.public_id, Answer.value)
        .join(OwnQuestion, OwnQuestion.id == Answer.question_id)
        .where(Answer.idea_id == idea.id)
    )
    return {row.public_id: row.value for row in rows}


def answers(idea: Idea, values: Mapping[str, str] | None = None) -> list[Answered]:
    """Every question of an idea's challenge with its answer, in the challenge's order.

    Args:
        idea: whose reader was found to be allowed to read it.
        values: answers by the question's address, as a revision keeps them; None for those of now.
    """
    asked = challenges.questions(idea.challenge_id)
    if not asked:
        return []
    given = said(idea) if values is None else values
    return _shown(asked, given, own_files(idea) if _asks_files(asked) else {})


def _shown(asked: Sequence[OwnQuestion], given: Mapping[str, str], files: Mapping[str, Attachment]) -> list[Answered]:
    found = []
    for each in asked:
        value = given.get(each.public_id, "")
        file = files.get(value) if each.kind == AnswerKind.FILE else None
        found.append(Answered(each, value if each.kind != AnswerKind.FILE or file else "", file))
    return found


def own_files(idea: Idea) -> dict[str, Attachment]:
    """An idea's own files by their addresses, the first one first; none that was taken away."""
    if idea.file_set_id is None:
        return {}
    rows = db.session.scalars(
        select(Attachment)
        .where(Attachment.set_id == idea.file_set_id, Attachment.trashed_at.is_(None))
        .order_by(Attachment.id)
    )
    return {row.public_id: row for row in rows}


def answers_then(idea: Idea, revisions: Iterable[Revision]) -> dict[int, list[Answered]]:
    """What an idea answered in each of these revisions, by its number. A file that was taken away since is none."""
    asked = challenges.questions(idea.challenge_id)
    files = own_files(idea) if _asks_files(asked) else {}
    return {each.number: _shown(asked, each.answers, files) for each in revisions}


def answered_by(ideas: Iterable[Idea], asked: Sequence[OwnQuestion]) -> dict[int, list[Answered]]:
    """What several ideas of one challenge answer, by the idea's id: two queries, whatever their number."""
    listed = list(ideas)
    if not asked or not listed:
        return {idea.id: [] for idea in listed}
    given: dict[int, dict[str, str]] = {}
    names = {each.id: each.public_id for each in asked}
    for row in db.session.scalars(select(Answer).where(Answer.idea_id.in_([idea.id for idea in listed]))):
        if row.question_id in names:
            given.setdefault(row.idea_id, {})[names[row.question_id]] = row.value
    files = _files_of([idea.file_set_id for idea in listed if idea.file_set_id]) if _asks_files(asked) else {}
    return {idea.id: _shown(asked, given.get(idea.id, {}), files.get(idea.file_set_id or 0, {})) for idea in listed}


def _asks_files(asked: Sequence[OwnQuestion]) -> bool:
    return any(each.kind == AnswerKind.FILE for each in asked)


def _files_of(set_ids: Collection[int]) -> dict[int, dict[str, Attachment]]:
    found: dict[int, dict[str, Attachment]] = {}
    there = (Attachment.set_id.in_(set_ids), Attachment.trashed_at.is_(None))
    for row in db.session.scalars(select(Attachment).where(*there)):
        found.setdefault(row.set_id, {})[row.public_id] = row
    return found


def answer_texts(idea_ids: Collection[int]) -> dict[int, list[str]]:
    """What ideas answer in words, for an index, by the idea's id: texts and choices, no numbers and no files."""
    rows = db.session.execute(
        select(Answer.idea_id, Answer.value)
        .join(OwnQuestion, OwnQuestion.id == Answer.question_id)
        .where(Answer.idea_id.in_(idea_ids), OwnQuestion.kind.in_([AnswerKind.TEXT, AnswerKind.CHOICE]))
        .order_by(Answer.idea_id, OwnQuestion.position)
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.idea_id, []).append(row.value)
    return found
