"""What talks belong to. Whoever has a talk says here who reads it; ``wiring`` calls :func:`belongs` once for each kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, inspect, or_, select, true

from innovation.discussion.models import Comment, Thread
from innovation.kernel.actor import Actor, Grant
from innovation.kernel.db import db
from innovation.kernel.usecase import roles_of
from innovation.rules.predicates import Role


@dataclass(frozen=True, slots=True)
class Place:
    """Where a talk stands: the page that shows it, and what that page is about."""

    endpoint: str
    public_id: str
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class _Kind:
    sees: Callable[[Actor], ColumnElement[bool]]
    roles: Callable[[Actor, Thread], frozenset[Role]]
    place: Callable[[Thread], Place]
    veiled: Callable[[Actor, Thread], frozenset[int]]
    named: Callable[[Thread], frozenset[int]]


class Veil(frozenset[int]):
    """People whose names are kept from a reader: authors before the result, and sponsors who withhold theirs."""

    sponsors: frozenset[int] = frozenset()

    @classmethod
    def over(cls, authors: frozenset[int], sponsors: frozenset[int]) -> Veil:
        made = cls(authors | sponsors)
        made.sponsors = sponsors
        return made

    def kind(self, person_id: int | None) -> str:
        """What is said instead of a name: ``sponsor`` or ``author``."""
        return "sponsor" if person_id in self.sponsors else "author"


_kinds: dict[str, _Kind] = {}
_withheld: list[Callable[[Actor, int], frozenset[int]]] = []


def _nobody(_actor: Actor, _thread: Thread) -> frozenset[int]:
    return frozenset()


def _none(_thread: Thread) -> frozenset[int]:
    return frozenset()


def belongs(
    kind: str,
    sees: Callable[[Actor], ColumnElement[bool]],
    roles: Callable[[Actor, Thread], frozenset[Role]],
    place: Callable[[Thread], Place],
    veiled: Callable[[Actor, Thread], frozenset[int]] = _nobody,
    named: Callable[[Thread], frozenset[int]] = _none,
) -> None:
    """Say of one kind of thread who reads it, what a person is there, and which page shows it.

    Args:
        sees: the threads of this kind that a person may read, as a condition on ``Thread``.
        roles: what a person is to the thing that the thread belongs to.
        place: the page that shows the thread, to whoever may read it.
        veiled: the people whose names are kept from a person in this thread.
        named: the people whose names whoever reads the thread finds on the page of what it belongs to.
    """
    _kinds[kind] = _Kind(sees, roles, place, veiled, named)


def withholds(withheld: Callable[[Actor, int], frozenset[int]]) -> None:
    """Say which people's names are kept from a person in every talk of a challenge (its id), of whatever kind."""
    _withheld[:] = [withheld]


def visible(actor: Actor) -> ColumnElement[bool]:
    """Threads this person may read: those of what he sees."""
    if actor.is_house:
        return true()
    return or_(false(), *(and_(Thread.kind == name, kind.sees(actor)) for name, kind in _kinds.items()))


def begun(thread: Thread) -> bool:
    """Whether a thread is stored: it is from the first comment on."""
    return bool(inspect(thread).has_identity)


def place(thread: Thread) -> Place:
    """The page that shows a thread."""
    return _kinds[thread.kind].place(thread)


def veiled(actor: Actor, thread: Thread) -> Veil:
    """The people whose names are kept from this person in a thread: authors before the result, sponsors who withhold it."""
    if actor.is_house:
        return Veil()
    sponsors = frozenset[int]().union(*(each(actor, thread.challenge_id) for each in _withheld))
    return Veil.over(_kinds[thread.kind].veiled(actor, thread), sponsors)


def named_on_page(thread: Thread) -> frozenset[int]:
    """The people whom every reader of a thread finds by name beside it, as a challenge's sponsors."""
    return _kinds[thread.kind].named(thread)


PLAIN_MANAGER = Actor(person_id=None, grants=frozenset({Grant(Role.MANAGER, "host", 0)}))
"""A manager who has no other part: where he reads nothing, those who do keep order among themselves."""


def is_closed(thread: Thread) -> bool:
    """Whether managers do not read a thread: the talk of a panel, and that of a sealed idea."""
    seen = select(Thread.id).where(Thread.id == thread.id, visible(PLAIN_MANAGER))
    return db.session.scalar(seen) is None


@roles_of(Thread)
def roles_in_thread(actor: Actor, thread: Thread) -> frozenset[Role]:
    return _kinds[thread.kind].roles(actor, thread)


@roles_of(Comment)
def roles_on_comment(actor: Actor, comment: Comment) -> frozenset[Role]:
    roles = roles_in_thread(actor, comment.thread)
    own = actor.person_id is not None and comment.person_id == actor.person_id
    return roles | {Role.WRITER} if own else roles
