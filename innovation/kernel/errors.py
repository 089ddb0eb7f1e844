"""What a verb may answer instead of a result. Codes and parameters; words are made in templates."""

from __future__ import annotations


class DomainError(Exception):
    """A verb that could not be carried out; ``code`` names the reason, ``params`` what to say of it."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Refused(DomainError):
    """May he? No: the policy table gives this person no such right on this subject."""


class NotPossible(DomainError):
    """Can it? No: the machine has no such move from the state the subject is in."""


class NotNow(DomainError):
    """Is it time? No: the phase that allows it has not begun or is over."""


class Invalid(DomainError):
    """A value that a verb refuses; ``field`` names the form field it concerns."""

    def __init__(self, code: str, field: str | None = None, **params: object) -> None:
        super().__init__(code, **params)
        self.field = field
