"""What discussions ask about challenges: who reads a thread, what he is there, and where it is."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from innovation.challenges.models import Challenge
from innovation.challenges.queries.naming import sponsors
from innovation.challenges.queries.roles import roles_on_challenge
from innovation.challenges.queries.seeing import visible, works_on
from innovation.discussion.models import Thread
from innovation.discussion.queries import Place
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.rules.predicates import Role


def sees_questions(actor: Actor) -> ColumnElement[bool]:
    """Threads of questions: whoever sees the challenge reads them."""
    return select(Challenge.id).where(Challenge.thread_id == Thread.id, visible(actor)).correlate(Thread).exists()


def sees_panel_talk(actor: Actor) -> ColumnElement[bool]:
    """Threads of panels: their members and the sponsors alone read them, not the manager."""
    return select(Challenge.id).where(Challenge.panel_thread_id == Thread.id, works_on(actor)).correlate(Thread).exists()


def roles_in_questions(actor: Actor, thread: Thread) -> frozenset[Role]:
    return roles_on_challenge(actor, db.session.get_one(Challenge, thread.challenge_id))


def roles_in_panel_talk(actor: Actor, thread: Thread) -> frozenset[Role]:
    """Nobody has a say here for another reason than that he judges or sponsors."""
    return roles_in_questions(actor, thread) & {Role.SIGNED_IN, Role.PANEL, Role.SPONSOR}


def place_of_questions(thread: Thread) -> Place:
    challenge = db.session.get_one(Challenge, thread.challenge_id)
    return Place("pages.questions", challenge.public_id, challenge.title, challenge.language)


def place_of_panel_talk(thread: Thread) -> Place:
    challenge = db.session.get_one(Challenge, thread.challenge_id)
    return Place("pages.panel_talk", challenge.public_id, challenge.title, challenge.language)


def named_in_talk(thread: Thread) -> frozenset[int]:
    """The sponsors: the page of the challenge names them to whoever sees it."""
    return frozenset(each.id for each in sponsors(thread.challenge_id))


def talk_of(challenge: Challenge, kind: str = "challenge") -> Thread:
    """A challenge's questions, or its panel's talk (``panel``); a thread that is not stored where nobody spoke yet."""
    kept = challenge.panel_thread_id if kind == "panel" else challenge.thread_id
    if kept is not None:
        return db.session.get_one(Thread, kept)
    return Thread(kind=kind, programme_id=challenge.programme_id, challenge_id=challenge.id)
