"""What a verb answered, in one short text that a test can compare."""

from __future__ import annotations

from collections.abc import Callable

from innovation.kernel.db import db
from innovation.kernel.errors import DomainError


def answer(call: Callable[[], object]) -> str:
    """``done``, or the refusal as its kind and code: ``NotNow closed``."""
    try:
        call()
    except DomainError as error:
        db.session.rollback()
        return spelled(error)
    return "done"


def spelled(error: object) -> str:
    """A refusal as its kind and code; anything else as its type."""
    return f"{type(error).__name__} {error.code}" if isinstance(error, DomainError) else type(error).__name__
