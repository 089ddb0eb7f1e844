"""What every route declares: who may use it and on what (``@page``), or that anybody may (``@public``)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, g, request

from innovation.kernel.actor import Actor
from innovation.kernel.usecase import in_transaction, load_locked, require, transaction
from innovation.kernel.web.answers import Answer, Undo, status_of
from innovation.kernel.web.asking import actor
from innovation.kernel.web.once import remember, repeat
from innovation.rules.policy import May

View = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Door:
    """What a route declared; the architecture tests and the permission table read it."""

    may: May | None
    on: Callable[[Actor, str], Any] | None


def public(view: View) -> View:
    """Declare that anybody may use a route, signed in or not, and that it loads no subject."""
    vars(view)["__door__"] = Door(None, None)
    return view


def file_taking(view: View) -> View:
    """Declare that a route's requests may be as large as a file; stands above ``@page``."""
    vars(view)["__takes_file__"] = True
    return view


def takes_a_file(view: object) -> bool:
    """Whether a route declared that."""
    return bool(getattr(view, "__takes_file__", False))


def page(
    act: May, on: Callable[[Actor, str], Any] | None = None, *, once: bool = False, write: bool = True
) -> Callable[[View], View]:
    """Declare who may use a route.

    Args:
        act: what the policy table is asked of the person (and the subject, where there is one).
        on: a query ``(actor, public id) -> row or None`` for the subject, passed to the view first. None is a 404,
            alike for what is hidden and what is absent.
        once: a repeated POST of the same form answers with the first one's result (see :func:`once_key`).
        write: False for a POST that opens transactions itself, because it does slow work before.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapped(*args: Any, **kwargs: Any) -> Answer:
            reading = request.method in {"GET", "HEAD", "OPTIONS"}
            if reading or not write:
                return _ask(view, act, on, kwargs)
            try:
                with transaction():
                    # The person is read inside the transaction too: what was granted then is what counts.
                    answer = repeat() if once else None
                    if answer is None:
                        answer = _ask(view, act, on, kwargs)
                        if status_of(answer) >= 400:
                            raise Undo(answer)
                        if once:
                            remember(answer)
                    return answer
            except Undo as undo:
                return undo.answer

        vars(wrapped)["__door__"] = Door(act, on)
        return wrapped

    return decorate


def _ask(view: View, act: May, on: Callable[[Actor, str], Any] | None, kwargs: dict[str, Any]) -> Answer:
    who = actor()
    if on is None:
        require(who, act)
        return view(**kwargs)
    public_id = str(kwargs.pop("public_id"))
    subject = load_locked(lambda: on(who, public_id)) if in_transaction() else on(who, public_id)
    if subject is None:
        abort(404)
    kwargs.pop("slug", None)
    require(who, act, subject)
    g.subject = subject  # what was shown or acted on, for whoever notes that after the request
    return view(subject, **kwargs)


def blueprint(name: str, import_name: str, prefix: str = "") -> Blueprint:
    """A feature's door."""
    return Blueprint(name, import_name, url_prefix=prefix)
