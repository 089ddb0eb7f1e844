"""Verbs. The outermost use case opens the transaction and commits it; one called inside another joins.

A verb reads top-down: may he, does it hold, change it, state the fact. The decorator answers the first, takes the
locks and reads the clock after them, so that a deadline is judged by the database at an instant no door can choose.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Select, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session

from innovation.kernel import clock, events
from innovation.kernel.actor import Actor
from innovation.kernel.db import Base, begin_write, db, lock
from innovation.kernel.errors import Refused
from innovation.rules.policy import May, allowed
from innovation.rules.predicates import Case, Role

_P = ParamSpec("_P")
_R = TypeVar("_R")
_S = TypeVar("_S")
_F = TypeVar("_F", bound=Callable[[Any], Any])

AT_LOCK = datetime.min.replace(tzinfo=UTC)
"""Default of a verb's ``now``: the decorator puts the database's instant there, read after the locks were taken."""

_DEPTH = "use_case_depth"
_LOCKED = "locked_subjects"
_FRESH = "read_afresh"
_REMEMBERED = "_remembered_roles"
VERBS: dict[str, May | None] = {}
"""Every verb and what it asks for; the architecture tests read it."""

_roles: dict[type, Callable[[Actor, Any], frozenset[Role]]] = {}
_locks: dict[type, Callable[[Any], Sequence[Select[Any]]]] = {}
_loaders: dict[type, Callable[[Any], Any]] = {}


def roles_of(
    subject: type[_S], *, remembered: bool = False
) -> Callable[[Callable[[Actor, _S], frozenset[Role]]], Callable[[Actor, _S], frozenset[Role]]]:
    """Register how a feature tells what a person is to one of its rows.

    Args:
        subject: the type of the rows.
        remembered: whether the answer is kept for as long as the row is in hand (see :func:`remember_roles`).
    """

    def register(function: Callable[[Actor, _S], frozenset[Role]]) -> Callable[[Actor, _S], frozenset[Role]]:
        @functools.wraps(function)
        def recalled(actor: Actor, row: _S) -> frozenset[Role]:
            whose, known = vars(row).get(_REMEMBERED, (None, frozenset()))
            return known if whose == actor else remember_roles(actor, row, function(actor, row))

        _roles[subject] = recalled if remembered else function
        return _roles[subject]

    return register


def remember_roles(actor: Actor, row: object, roles: frozenset[Role]) -> frozenset[Role]:
    """Keep what a person is to a row, where a query that read the row has told it already."""
    vars(row)[_REMEMBERED] = (actor, roles)
    return roles


def forget_roles(row: object) -> None:
    """Let what people are to a row be read anew: something they rest on has changed."""
    vars(row).pop(_REMEMBERED, None)


def locks_of(subject: type[_S]) -> Callable[[Callable[[_S], Sequence[Select[Any]]]], Callable[[_S], Sequence[Select[Any]]]]:
    """Register which rows a verb on a subject locks, in the house's order: challenge, ballot, idea, tally."""

    def register(function: Callable[[_S], Sequence[Select[Any]]]) -> Callable[[_S], Sequence[Select[Any]]]:
        _locks[subject] = function
        return function

    return register


def loader_of(subject: type) -> Callable[[_F], _F]:
    """Register how a row is loaded by its key with everything its verbs need."""

    def register(function: _F) -> _F:
        _loaders[subject] = function
        return function

    return register


def general_roles(actor: Actor) -> frozenset[Role]:
    """What a person is without any subject in view."""
    roles = {grant.role for grant in actor.grants if grant.scope != "challenge"}
    if actor.signed_in:
        roles.add(Role.SIGNED_IN)
    if actor.circle == "staff":
        roles.add(Role.STAFF)
    return frozenset(roles)


def roles(actor: Actor, subject: object = None) -> frozenset[Role]:
    """What a person is to a subject (to none in particular: what he is anywhere)."""
    if subject is None:
        return general_roles(actor)
    return _roles[type(subject)](actor, subject)


def may(actor: Actor, act: May, subject: object = None) -> bool:
    """Whether the policy table allows an act; the house itself is always allowed."""
    return actor.is_house or allowed(act, Case(roles(actor, subject)))


def require(actor: Actor, act: May, subject: object = None) -> None:
    """Raise :class:`Refused` unless the act is allowed."""
    if not may(actor, act, subject):
        raise Refused(act.value)


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the transaction of a use case, or join the one under way. The outermost commits or undoes everything."""
    session = db.session()
    if session.info.get(_DEPTH, 0):
        yield session
        return
    begin_write(session)
    session.info[_DEPTH] = 1
    session.info["deliveries"] = []
    session.info[_LOCKED] = set()
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        session.info["deliveries"] = []
        raise
    finally:
        session.info[_DEPTH] = 0
    events.announce_commit(session)


def in_transaction() -> bool:
    """Whether a use case is under way."""
    return bool(db.session.info.get(_DEPTH, 0))


def use_case(act: May | None, on: str | None = None) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """Make a function a verb.

    Args:
        act: what the policy table is asked; None for what only the house does (imports, the clock).
        on: the keyword argument that is the subject; it is locked before the clock is read.

    The function takes keyword arguments only, ``actor`` first; a parameter ``now`` with the default
    :data:`AT_LOCK` receives the deciding instant.
    """

    def decorate(function: Callable[_P, _R]) -> Callable[_P, _R]:
        parameters = signature(function).parameters
        wants_now = "now" in parameters
        VERBS[f"{function.__module__}.{function.__qualname__}"] = act

        @functools.wraps(function)
        def verb(*args: _P.args, **kwargs: _P.kwargs) -> _R:
            if args or "now" in kwargs:
                raise TypeError(f"{function.__qualname__} takes keyword arguments, and reads the time itself")
            actor = kwargs["actor"]
            assert isinstance(actor, Actor)
            with transaction() as session:
                subject = kwargs.get(on) if on else None
                if subject is not None:
                    lock_subject(session, subject)
                if act is None:
                    if not actor.is_house:
                        raise Refused("house_only")
                else:
                    require(actor, act, subject)
                if wants_now:
                    kwargs["now"] = clock.instant(session)
                return function(*args, **kwargs)

        return verb

    return decorate


def lock_subject(session: Session, subject: object) -> None:
    """Lock a subject that was loaded before the transaction, and read it anew as it is now.

    A subject that :func:`load_locked` brought is locked and fresh already.
    """
    if not isinstance(subject, Base) or subject in session.info.setdefault(_LOCKED, set()):
        return
    take_locks(session, subject)
    again = _loaders.get(type(subject))
    if again is not None:
        with _reading_afresh(session):
            again(row_key(subject))


def take_locks(session: Session, subject: object) -> None:
    """Lock a subject's rows for the rest of the transaction (SQLite's writer already stands alone)."""
    if session.get_bind().dialect.name != "sqlite":
        for statement in _locks[type(subject)](subject) if type(subject) in _locks else ():
            lock(statement)
    session.info.setdefault(_LOCKED, set()).add(subject)


def load_locked(load: Callable[[], _S | None]) -> _S | None:
    """Load a subject under its locks: find it, lock its rows, and load it again as it is now.

    On SQLite the writer already stands alone, so one load is enough.
    """
    session = db.session()
    subject = load()
    if subject is None or not isinstance(subject, Base):
        return subject
    take_locks(session, subject)
    if session.get_bind().dialect.name == "sqlite":
        return subject
    with _reading_afresh(session):
        return load()


@contextmanager
def _reading_afresh(session: Session) -> Iterator[None]:
    session.info[_FRESH] = True
    try:
        yield
    finally:
        session.info[_FRESH] = False


def row_key(subject: Base) -> Any:
    """A persistent row's primary key, without reading the row."""
    identity = inspect(subject).identity
    assert identity is not None
    return identity[0]


@event.listens_for(Session, "do_orm_execute")
def _read_afresh(state: ORMExecuteState) -> None:
    if state.is_select and state.session.info.get(_FRESH):
        state.update_execution_options(populate_existing=True)
