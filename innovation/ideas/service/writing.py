"""From the first word to the submitted idea, its revisions, and its withdrawal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from innovation.challenges.models import Challenge
from innovation.challenges.service.terms import record_acceptance
from innovation.ideas import queries
from innovation.ideas.events import (
    AuthorAccepted,
    IdeaHandedIn,
    IdeaRevised,
    IdeaStarted,
    IdeaSubmitted,
    IdeaWithdrawn,
    NoteAdded,
)
from innovation.ideas.models import Author, Idea, Note, Revision
from innovation.ideas.service import answering, receipts, timing
from innovation.ideas.service.timing import require_time
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules import answers as rules
from innovation.rules.idea import IDEA, IN_THE_RUNNING, UNSENT, WAITS_OR_RUNS, IdeaState
from innovation.rules.policy import May


@use_case(May.START_IDEA, on="challenge")
def start(
    *,
    actor: Actor,
    challenge: Challenge,
    title: str,
    text: str,
    requested_minor: int | None,
    language: str,
    answers: Mapping[str, str] | None = None,
    provenance: Mapping[str, str] | None = None,
    now: datetime = AT_LOCK,
) -> Idea:
    """Begin an idea as a draft that only its authors see.

    Args:
        answers: what it answers to the challenge's own questions, by their addresses; complete or not.
        provenance: what its author says of whose it is.

    Raises:
        NotNow: the challenge takes no ideas now.
    """
    require_time(challenge, May.START_IDEA, now)
    idea = Idea(
        challenge_id=challenge.id,
        title=title,
        text=text,
        requested_minor=requested_minor,
        language=language,
        provenance=rules.provenance(provenance or {}),
        created_by=actor.person_id,
        created_at=now,
        saved_at=now,
    )
    idea.challenge = challenge
    assert actor.person_id is not None
    idea.authors = [Author(person_id=actor.person_id, position=1, accepted_at=now)]
    db.session.add(idea)
    db.session.flush()
    answering.write(idea, answers)
    lifecycle.begin(idea, IDEA, IdeaStarted(**scope(idea)), actor=actor, now=now)
    return idea


@use_case(May.EDIT_IDEA, on="idea")
def save_draft(
    *,
    actor: Actor,
    idea: Idea,
    title: str,
    text: str,
    requested_minor: int | None,
    answers: Mapping[str, str] | None = None,
    provenance: Mapping[str, str] | None = None,
    now: datetime = AT_LOCK,
) -> None:
    """Keep what was typed in a draft, answers and all, complete or not. No revision: nobody else has read it.

    One that was sent back is written on like a draft: nobody else reads it before it is sent again.

    Raises:
        NotPossible: the idea was submitted already; then :func:`revise` is the verb.
    """
    if idea.state not in UNSENT:
        raise NotPossible("not_a_draft")
    idea.title, idea.text, idea.requested_minor, idea.saved_at = title, text, requested_minor, now
    if provenance is not None:
        idea.provenance = rules.provenance(provenance)
    answering.write(idea, answers)


@use_case(May.SUBMIT_IDEA, on="idea")
def submit(*, actor: Actor, idea: Idea, accept_terms: bool, checked: str | None = None, now: datetime = AT_LOCK) -> Idea:
    """Hand an idea in. The instant that counts is the database's, read under the challenge's lock.

    Where ideas are checked first, only its authors and who checks read it until somebody accepts it. One that was sent
    back can come again until the day that was said, although nothing else comes in any more.

    Args:
        checked: the :func:`digest` of what the author read before sending; None where nobody read it on a page.

    Raises:
        NotNow: the challenge takes no ideas at that instant.
        Invalid: what was read is not what the draft says now, title, text, a needed amount or an answer is missing or
            wrong, or the terms are not accepted.
        NotPossible: it was submitted before.
    """
    timing.require_time_to_send(idea, now)
    if idea.state in UNSENT and checked is not None and checked != digest(idea):
        raise Invalid("changed_since_checked", field="checked")
    check_complete(idea.title, idea.text, idea.requested_minor, idea.challenge)
    answering.require_answered(idea)
    if idea.challenge.terms_id is not None:
        if not accept_terms:
            raise Invalid("terms_not_accepted", field="accept_terms")
        assert actor.person_id is not None
        record_acceptance(actor=actor, person_id=actor.person_id, challenge=idea.challenge, now=now)
    _accept(idea, actor, now)
    idea.submitted_at = idea.saved_at = now
    idea.circle, idea.organisation_id = actor.circle, actor.organisation_id
    idea.unchecked, idea.resubmit_until = idea.challenge.checked_first, None
    idea.visibility = "sealed" if idea.unchecked else class_of(idea.challenge)
    _add_revision(idea, actor, now)
    name, fact = ("hand_in", IdeaHandedIn) if idea.unchecked else ("submit", IdeaSubmitted)
    lifecycle.move(idea, IDEA, name, fact(revision=idea.revision_no, **scope(idea)), actor=actor, now=now)
    return idea


@use_case(May.EDIT_IDEA, on="idea")
def revise(
    *,
    actor: Actor,
    idea: Idea,
    title: str,
    text: str,
    requested_minor: int | None,
    answers: Mapping[str, str] | None = None,
    now: datetime = AT_LOCK,
) -> None:
    """Change a submitted idea while ideas can come in; what it read before stays as a revision.

    Raises:
        NotNow: the challenge takes no changes any more.
        NotPossible: the idea is no longer in the running, people vote on it as it is, or it was accepted as it is.
        Invalid: something needed is missing.
    """
    if idea.state not in WAITS_OR_RUNS:
        raise NotPossible("not_in_the_running", state=idea.state)
    require_time(idea.challenge, May.SUBMIT_IDEA, now)
    fixed = why_fixed(idea, now)
    if fixed is not None:
        raise NotPossible(fixed)
    check_complete(title, text, requested_minor, idea.challenge)
    before = queries.said(idea)
    answering.write(idea, answers)
    answering.require_answered(idea)
    unchanged = (title, text, requested_minor) == (idea.title, idea.text, idea.requested_minor)
    if unchanged and before == queries.said(idea):
        return
    idea.title, idea.text, idea.requested_minor, idea.saved_at = title, text, requested_minor, now
    _add_revision(idea, actor, now)
    emit(IdeaRevised(revision=idea.revision_no, **scope(idea)), actor=actor, now=now)


@use_case(May.WITHDRAW_IDEA, on="idea")
def withdraw(*, actor: Actor, idea: Idea, now: datetime = AT_LOCK) -> None:
    """Take an idea back, before the result. Readers no longer see it; votes on it no longer count. It can be restored.

    Raises:
        NotPossible: it is decided already, the decision is being taken, or this person was only named as an author.
    """
    if idea.challenge.frozen_at is not None:
        raise NotPossible("decision_under_way")
    require_accepted(idea, actor.person_id)
    idea.withdrawn_at, idea.withdrawn_from = now, str(idea.state)
    lifecycle.move(idea, IDEA, "withdraw", IdeaWithdrawn(**scope(idea)), actor=actor, now=now)


@use_case(May.ADD_NOTE, on="idea")
def add_note(*, actor: Actor, idea: Idea, text: str, now: datetime = AT_LOCK) -> None:
    """Add a dated note below an idea whose text is fixed, until its challenge is decided.

    Raises:
        NotPossible: it is not sent yet, no longer in the running, or the decision is being taken.
        Invalid: nothing is written.
    """
    if idea.state in UNSENT:
        raise NotPossible("not_sent_yet")
    if idea.state not in IN_THE_RUNNING:
        raise NotPossible("not_in_the_running", state=idea.state)
    if idea.challenge.frozen_at is not None:
        raise NotPossible("decision_under_way")
    if not text.strip():
        raise Invalid("note_missing", field="text")
    note = Note(idea_id=idea.id, text=text.strip(), written_by=actor.person_id, written_at=now)
    db.session.add(note)
    db.session.flush()
    emit(NoteAdded(note_id=note.id, **scope(idea)), actor=actor, now=now)


def require_accepted(idea: Idea, person_id: int | None) -> None:
    """Refuse what somebody must not do who was only named as an author so far.

    Raises:
        NotPossible: he has not accepted.
    """
    mine = next((each for each in idea.authors if each.person_id == person_id), None)
    if mine is not None and mine.accepted_at is None:
        raise NotPossible("authorship_not_accepted")


def text_is_fixed(challenge: Challenge, now: datetime) -> bool:
    """Whether people vote on ideas as they read now: from the moment voting opens, unless the sponsor allows edits."""
    opens = challenge.vote_opens_at
    return not challenge.edits_allowed and opens is not None and now >= opens


def why_fixed(idea: Idea, now: datetime) -> str | None:
    """Why the text of a sent idea stays as it is; None while it can change.

    Where ideas are checked first, what was let pass is what others read; what still waits is read by nobody who votes.
    """
    if idea.state == IdeaState.CHECKING:
        return None
    if idea.challenge.checked_first:
        return "accepted_as_it_is"
    return "text_is_fixed" if text_is_fixed(idea.challenge, now) else None


def class_of(challenge: Challenge) -> str:
    """The visibility class of the ideas of a challenge that are shown."""
    return "sealed" if challenge.visibility == "sealed" else "audience"


def digest(idea: Idea) -> str:
    """A fingerprint of what an author reads of his idea before sending it: title, text, amount and answers."""
    said = json.dumps([idea.title, idea.text, idea.requested_minor, sorted(queries.said(idea).items())])
    return hashlib.sha256(said.encode()).hexdigest()


def _own(idea: Idea, actor: Actor) -> Author | None:
    return next((author for author in idea.authors if author.person_id == actor.person_id), None)


def _accept(idea: Idea, actor: Actor, now: datetime) -> None:
    """Whoever sends an idea is its author, although another one had only named him so far."""
    mine = _own(idea, actor)
    if mine is not None and mine.accepted_at is None:
        mine.accepted_at = now
        emit(AuthorAccepted(person_id=mine.person_id, **scope(idea)), actor=actor, now=now)


def check_complete(title: str, text: str, requested_minor: int | None, challenge: Challenge) -> None:
    """Whether an idea has what its challenge asks for.

    Raises:
        Invalid: the first thing that is missing.
    """
    for field, code in shortcomings(title, text, requested_minor, challenge):
        raise Invalid(code, field=field)


def shortcomings(title: str, text: str, requested_minor: int | None, challenge: Challenge) -> list[tuple[str, str]]:
    """What an idea lacks of what its challenge asks for, as (field, code) pairs."""
    found = []
    if not title.strip():
        found.append(("title", "title_missing"))
    if not text.strip():
        found.append(("text", "text_missing"))
    if needs_amount(challenge) and requested_minor is None:
        found.append(("requested", "amount_missing"))
    if requested_minor and challenge.budget_minor is not None and requested_minor > challenge.budget_minor:
        found.append(("requested", "amount_above_budget"))
    return found


def needs_amount(challenge: Challenge) -> bool:
    """Whether the rule spends a budget, so that every idea must say what it asks for."""
    return (challenge.rule.get("capacity") or {}).get("kind") in {"budget", "equal_shares"}


def scope(idea: Idea) -> dict[str, int]:
    """Where an idea belongs, for its facts."""
    return {"programme_id": idea.challenge.programme_id, "challenge_id": idea.challenge_id, "idea_id": idea.id}


def _add_revision(idea: Idea, actor: Actor, now: datetime) -> None:
    idea.revision_no += 1
    db.session.add(
        Revision(
            idea_id=idea.id,
            number=idea.revision_no,
            title=idea.title,
            text=idea.text,
            requested_minor=idea.requested_minor,
            answers=queries.said(idea),
            written_by=actor.person_id,
            written_at=now,
        )
    )
    receipts.make(actor=actor, idea=idea, now=now)
