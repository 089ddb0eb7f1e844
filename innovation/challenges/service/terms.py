"""The ready terms, their approval, and their acceptance.

The texts are files of their own in ``ready_terms``, one for each language, so that a lawyer can read them. A change of a
text is a new version: the row of the old one stays, with whatever was accepted under it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from innovation.challenges import queries
from innovation.challenges.events import TermsAccepted, TermsApproved
from innovation.challenges.models import Challenge, Terms, TermsAcceptance
from innovation.challenges.queries import agreeing
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, upsert
from innovation.kernel.errors import Invalid
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.policy import May

AUTHOR_KEEPS = "author_keeps"
LICENCE_IF_CHOSEN = "licence_if_chosen"
TRANSFER_ON_AWARD = "transfer_on_award"
EMPLOYEE = "employee"
KEYS = (AUTHOR_KEEPS, LICENCE_IF_CHOSEN, TRANSFER_ON_AWARD, EMPLOYEE)
LANGUAGES = ("en", "nl")

_FOLDER = Path(__file__).with_name("ready_terms")
_FILE = re.compile(r"# (?P<title>.+)\n\nversion (?P<version>\d+)\n\n(?P<body>.+?)\n\n---\n\n(?P<full>.+?)\n*", re.S)


@dataclass(frozen=True, slots=True)
class Text:
    """A ready text in one language: five plain lines, and the full text below them."""

    key: str
    version: int
    language: str
    title: str
    body: str
    full: str

    @property
    def hash(self) -> str:
        """SHA-256 of the five lines and the full text."""
        return hashlib.sha256(f"{self.body}\n\n{self.full}".encode()).hexdigest()


def _load(key: str, language: str) -> Text:
    found = _FILE.fullmatch((_FOLDER / f"{key}.{language}.md").read_text("utf-8"))
    if found is None:
        raise ValueError(f"the terms {key} in {language} are not written as they should be")
    return Text(key, int(found["version"]), language, found["title"], found["body"], found["full"])


READY: dict[str, dict[str, Text]] = {key: {each: _load(key, each) for each in LANGUAGES} for key in KEYS}
"""Key → language → the text as it is offered now; both languages have the same version."""


def ready_terms(key: str, language: str) -> Terms:
    """The row of a ready text, made when it is first used; inside a use case."""
    text = READY[key].get(language, READY[key]["en"])
    found = queries.terms(key, text.version, text.language)
    if found is None:
        # Somebody else may be the first to use it at this very moment.
        row = upsert(Terms).values(
            key=key,
            version=text.version,
            language=text.language,
            title=text.title,
            body=text.body,
            full=text.full,
            text_hash=text.hash,
        )
        db.session.execute(row.on_conflict_do_nothing(index_elements=["key", "version", "language"]))
        found = queries.terms(key, text.version, text.language)
        assert found is not None
        _as_approved(found)
    return found


def _as_approved(terms: Terms) -> None:
    """A version is approved in every language at once, those among them that are used for the first time later."""
    earlier = agreeing.approval(terms.key, terms.version)
    if earlier is not None and terms.approved_at is None:
        terms.approved_by, terms.approved_at = earlier.approved_by, earlier.approved_at


@use_case(May.APPROVE_TERMS)
def approve(*, actor: Actor, key: str, version: int, now: datetime = AT_LOCK) -> None:
    """Approve the version of ready terms that is offered now, in all its languages; twice is once.

    Raises:
        Invalid: there are no such terms, or another version is offered by now.
    """
    if key not in READY or READY[key]["en"].version != version:
        raise Invalid("terms_changed", field="version")
    rows = [ready_terms(key, language) for language in LANGUAGES]
    if all(row.approved_at is not None for row in rows):
        return
    for row in rows:
        row.approved_by, row.approved_at = actor.person_id, now
    emit(TermsApproved(key=key, number=version), actor=actor, now=now)


def record_acceptance(*, actor: Actor, person_id: int, challenge: Challenge, now: datetime) -> None:
    """Keep that a person accepted the challenge's terms; twice is once. Inside a use case."""
    if challenge.terms_id is None or queries.accepted(person_id, challenge) is not None:
        return
    terms = db.session.get_one(Terms, challenge.terms_id)
    db.session.add(
        TermsAcceptance(
            person_id=person_id,
            challenge_id=challenge.id,
            terms_id=terms.id,
            text_hash=terms.text_hash,
            accepted_at=now,
        )
    )
    emit(
        TermsAccepted(
            person_id=person_id, terms_id=terms.id, challenge_id=challenge.id, programme_id=challenge.programme_id
        ),
        actor=actor,
        now=now,
    )
