"""Asking for long work, cancelling it, and letting it go on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from innovation.challenges.models import Challenge
from innovation.exchange.events import OrderAsked, OrderCancelled
from innovation.exchange.models import Order
from innovation.exchange.queries import lists
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import NotNow, NotPossible, Refused
from innovation.kernel.events import Event
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.challenge import ChallengeState
from innovation.rules.order import ORDER, UNDER_WAY
from innovation.rules.policy import May

MOST_AT_ONCE = 3
"""How many orders of one person are under way at the same time."""
WITH_COMMENTS = "ideas_with_comments"
OWN_DATA = "own_data"


@use_case(May.USE_ACCOUNT)
def ask_export(
    *,
    actor: Actor,
    what: str,
    args: Mapping[str, str],
    challenge: Challenge | None,
    form: str,
    language: str,
    now: datetime = AT_LOCK,
) -> Order:
    """Ask for a list as a file, or for a challenge's ideas with everything that was said about them.

    Args:
        what: a list of ``exchange.queries.lists``, or ``ideas_with_comments``.
        args: its filters and order, as an address carries them.
        form: ``csv`` or ``xlsx``; ideas with comments come as both.
        language: that of the headings.

    Raises:
        Refused: this person may not have the list as a file.
        NotPossible: three orders of his are under way.
    """
    if not lists.may_export(actor, "ideas" if what == WITH_COMMENTS else what, challenge):
        raise Refused("export")
    params = {"args": dict(args), "form": form, "language": language}
    return put_in_line(actor, "export", what, params, challenge, "", "", now)


@use_case(May.USE_ACCOUNT)
def ask_own_data(*, actor: Actor, language: str, now: datetime = AT_LOCK) -> Order:
    """Ask for everything that is held of oneself, as one file.

    Raises:
        NotPossible: three orders of his are under way.
    """
    return put_in_line(actor, "export", OWN_DATA, {"form": "zip", "language": language}, None, "", "", now)


@use_case(May.IMPORT_IDEAS, on="challenge")
def ask_import(
    *,
    actor: Actor,
    challenge: Challenge,
    file_key: str,
    file_name: str,
    language: str,
    now: datetime = AT_LOCK,
) -> Order:
    """Ask for the ideas of a file, which was looked through and is in the store, to be taken into a challenge.

    Raises:
        NotNow: the challenge is not published, or its decision has begun.
        NotPossible: three orders of his are under way.
    """
    require_open(challenge)
    params = {"language": language}
    return put_in_line(actor, "import", "ideas", params, challenge, file_key, file_name, now)


def require_open(challenge: Challenge) -> None:
    """Refuse ideas from elsewhere for what takes none any more.

    Raises:
        NotNow: the challenge is not published, or its decision has begun.
    """
    if challenge.state != ChallengeState.PUBLISHED:
        raise NotNow("challenge_not_running", state=challenge.state)
    if challenge.frozen_at is not None:
        raise NotNow("closed")


def put_in_line(
    actor: Actor,
    kind: str,
    what: str,
    params: Mapping[str, object],
    challenge: Challenge | None,
    file_key: str,
    file_name: str,
    now: datetime,
) -> Order:
    """An order that waits for its turn, inside the use case of whoever asks for it.

    Raises:
        NotPossible: three orders of his are under way.
    """
    _require_room(actor)
    order = Order(
        kind=kind,
        what=what,
        params=dict(params),
        challenge_id=challenge.id if challenge else None,
        file_key=file_key,
        file_name=file_name,
        asked_by=actor.person_id,
        asked_at=now,
    )
    order.challenge = challenge
    db.session.add(order)
    db.session.flush()
    lifecycle.begin(order, ORDER, OrderAsked(order_id=order.id), actor=actor, now=now)
    return order


def _require_room(actor: Actor) -> None:
    running = select(func.count()).select_from(Order).where(Order.asked_by == actor.person_id, Order.state.in_(UNDER_WAY))
    if (db.session.scalar(running) or 0) >= MOST_AT_ONCE:
        raise NotPossible("too_many_orders", most=MOST_AT_ONCE)


@use_case(May.KEEP_ORDER, on="order")
def cancel(*, actor: Actor, order: Order, now: datetime = AT_LOCK) -> Event:
    """Stop long work after the rows at hand. What an import took in by then stays, and the page says how many.

    Raises:
        NotPossible: it has ended.
    """
    order.ended_at = now
    return lifecycle.move(order, ORDER, "cancel", OrderCancelled(order_id=order.id), actor=actor, now=now)


@use_case(May.KEEP_ORDER, on="order")
def again(*, actor: Actor, order: Order, now: datetime = AT_LOCK) -> None:
    """Let work that was cancelled or failed go on from where it was.

    Raises:
        NotPossible: it is done or under way, what it needs is no longer kept, or three others are under way.
    """
    if order.kind == "import" and not order.file_key:
        raise NotPossible("order_is_emptied")
    _require_room(actor)
    order.ended_at, order.error = None, ""
    lifecycle.move(order, ORDER, "again", OrderAsked(order_id=order.id), actor=actor, now=now)
