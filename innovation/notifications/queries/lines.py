"""Messages as lines to be read: what each is about, by the name its reader may read, and where it leads.

One reader, many messages, a fixed number of queries. What he may no longer see is named by its reference and leads
nowhere; a digest and a feed leave it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from innovation.awards import queries as awards
from innovation.awards.models import Award
from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas import queries as ideas
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.notifications.models import Message
from innovation.notifications.queries import following, talk
from innovation.projects import queries as projects
from innovation.promotion import queries as promotion


@dataclass(frozen=True, slots=True)
class Line:
    """One message. ``title`` is None for what is no longer here.

    ``place`` says which page it leads to (``idea``, ``challenge``, ``reviews``, ``run``, ``project``, ``award``,
    ``comment``, ``case``, ``removal``), ``state`` what became of an idea or a result meanwhile, ``group`` the
    challenge it belongs to.
    """

    message: Message
    title: str | None
    place: str
    public_id: str
    seen: bool
    state: str = ""
    language: str = ""
    group: str = ""

    @property
    def kind(self) -> str:
        return self.message.kind

    @property
    def when(self) -> datetime:
        return self.message.created_at


class _Things:
    """The rows that messages are about, and which of them one person may see."""

    def __init__(self, actor: Actor, messages: Sequence[Message]) -> None:
        wanted: dict[str, list[int]] = {}
        for each in messages:
            for name, value in each.params.items():
                if isinstance(value, int):
                    wanted.setdefault(name, []).append(value)
        self.rows: dict[str, dict[int, Any]] = {}
        self.seen: dict[str, set[int]] = {}
        for name, (read, seen) in READERS.items():
            ids = sorted(set(wanted.get(name, ())))
            self.rows[name] = {row.id: row for row in read(ids)} if ids else {}
            self.seen[name] = seen(actor, ids) if ids else set()
        self.comments = talk.remarks(actor, wanted.get("comment_id", ()))
        self.cases = talk.cases(wanted.get("case_id", ()))

    def case_of(self, message: Message) -> tuple[str, str]:
        """(place, public id) of the case a message is about; of nothing, where it was not found."""
        found = self.cases.get(message.params.get("case_id", 0))
        return ("case", found) if found else ("", "")

    def of(self, message: Message) -> tuple[str, Any]:
        """(parameter, row) of what a message is about first of all; the row is None when it is no longer here."""
        for name in READERS:
            if name in message.params:
                return name, self.rows[name].get(message.params[name])
        return "", None


def _runs_seen(actor: Actor, ids: list[int]) -> set[int]:
    """A result is about several challenges; it is read by whoever sees one of them."""
    runs = promotion.by_ids(ids)
    seen = following.challenges_seen(actor, [part.challenge_id for run in runs for part in run.challenges])
    return {run.id for run in runs if seen & {part.challenge_id for part in run.challenges}}


def _awards_seen(actor: Actor, ids: list[int]) -> set[int]:
    found = db.session.scalars(select(Award).join(Award.challenge).where(Award.id.in_(ids), awards.visible(actor))).all()
    return awards.readable(actor, found)


READERS: dict[str, tuple[Callable[[Iterable[int]], Sequence[Any]], Callable[[Actor, list[int]], set[int]]]] = {
    "run_id": (promotion.by_ids, _runs_seen),
    "award_id": (awards.by_ids, _awards_seen),
    "project_id": (projects.by_ids, projects.seen),
    "idea_id": (ideas.by_ids, following.ideas_seen),
    "challenge_id": (challenges.by_ids, following.challenges_seen),
}
"""How rows are read and which of them a person may see, by the parameter that names them; the nearest first."""


def lines(actor: Actor, messages: Sequence[Message], *, outside: bool = False) -> list[Line]:
    """Messages of one reader, in the order given.

    Args:
        outside: whether they leave the house, in a mail or a feed: what is sealed is then named by its reference alone.
    """
    things = _Things(actor, messages)
    groups = _groups(actor, messages)
    return [_line(each, things, groups.get(each.event_id, ""), outside) for each in messages]


def _line(message: Message, things: _Things, group: str, outside: bool) -> Line:
    if "order" in message.params:  # long work; its own page asks whose it is
        return Line(message, _ordered_of(message, things), "order", message.params["order"], seen=True)
    if message.kind == "desk_waits":  # it is about everything on a desk, and about nothing by name
        return Line(message, None, "desk", "", seen=True)
    name, row = things.of(message)
    if row is None:
        return Line(message, None, "", "", False, group=group)
    seen = row.id in things.seen[name]
    title = _title(name, row) if seen and not (outside and _sealed(name, row)) else row.public_id
    place, public_id = _place(message, name), row.public_id
    if "comment_id" in message.params:
        remark = things.comments.get(message.params["comment_id"])
        if remark is None or not (remark.readable or message.kind in talk.MODERATION):
            return Line(message, title, "", "", False, group=group)
        place, public_id = talk.PAGES.get(message.kind, "comment"), remark.public_id
        if place == "case":
            place, public_id = things.case_of(message)
    state = str(row.state) if name in {"idea_id", "run_id"} else ""
    language = getattr(row, "language", "") if seen else ""
    return Line(message, title, place, public_id, seen, state, language, group)


def _ordered_of(message: Message, things: _Things) -> str | None:
    """The challenge that long work was about, or its reference; None where it was about none."""
    row = things.rows["challenge_id"].get(message.params.get("challenge_id", 0))
    if row is None:
        return None
    return _title("challenge_id", row) if row.id in things.seen["challenge_id"] else str(row.public_id)


def _title(name: str, row: Any) -> str:
    if name == "run_id":
        return ", ".join(part.challenge.title for part in row.challenges)
    title: str = row.title or row.public_id
    return title


def _sealed(name: str, row: Any) -> bool:
    """Whether a thing's name stays in the house. A sealed challenge may be named; what answers it may not."""
    if name == "idea_id":
        return "sealed" in {row.visibility, row.challenge.visibility}
    return name in {"project_id", "award_id"} and row.visibility == "sealed"


PLACES = {
    "checks_due": "to_check",
    "scoring_opened": "reviews",
    "full_part_asked": "full_readers",
    "full_part_answered": "full_terms",
    "inquiry_asked": "inquiries",
    "inquiry_due": "inquiries",
    "inquiry_answered": "questions",
    "inquiry_published": "questions",
    "followed_answer": "questions",
    "question_asked": "idea_questions",
    "question_answered": "idea_questions",
    "offer_answered": "earlier_ideas",
}
"""Where messages of a kind lead, where it is not to what they are about."""


def _place(message: Message, name: str) -> str:
    return PLACES.get(message.kind, name.removesuffix("_id"))


def _groups(actor: Actor, messages: Sequence[Message]) -> dict[int, str]:
    """The title of the challenge each fact belongs to, by the fact's id; only of challenges this person may see."""
    rows = db.session.execute(
        select(Event.id, Challenge.title)
        .join(Challenge, Challenge.id == Event.challenge_id)
        .where(Event.id.in_({each.event_id for each in messages}), challenges.visible(actor))
    )
    return {row.id: row.title for row in rows}
