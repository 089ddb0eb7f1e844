"""From the first word to the submitted idea, its revisions, and its withdrawal."""

from __future__ import annotations

from datetime import datetime

from innovation.challenges.models import Challenge
from innovation.challenges.service.terms import record_acceptance
from innovation.ideas.events import AuthorAccepted, IdeaRevised, IdeaStarted, IdeaSubmitted, IdeaWithdrawn
from innovation.ideas.models import Author, Idea, Revision
from innovation.ideas.service.timing import require_time
from innovation.kernel import lifecycle
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.idea import IDEA, IN_THE_RUNNING, IdeaState
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
    now: datetime = AT_LOCK,
) -> Idea:
    """Begin an idea as a draft that only its authors see.

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
        created_by=actor.person_id,
        created_at=now,
        saved_at=now,
    )
    idea.challenge = challenge
    assert actor.person_id is not None
    idea.authors = [Author(person_id=actor.person_id, position=1, accepted_at=now)]
    db.session.add(idea)
    db.session.flush()
    lifecycle.begin(idea, IDEA, IdeaStarted(**scope(idea)), actor=actor, now=now)
    return idea


@use_case(May.EDIT_IDEA, on="idea")
def save_draft(
    *, actor: Actor, idea: Idea, title: str, text: str, requested_minor: int | None, now: datetime = AT_LOCK
) -> None:
    """Keep what was typed in a draft. No revision: nobody else has read it.

    Raises:
        NotPossible: the idea was submitted already; then :func:`revise` is the verb.
    """
    if idea.state != IdeaState.DRAFT:
        raise NotPossible("not_a_draft")
    idea.title, idea.text, idea.requested_minor, idea.saved_at = title, text, requested_minor, now


@use_case(May.SUBMIT_IDEA, on="idea")
def submit(*, actor: Actor, idea: Idea, accept_terms: bool, now: datetime = AT_LOCK) -> Idea:
    """Hand an idea in. The instant that counts is the database's, read under the challenge's lock.

    Raises:
        NotNow: the challenge takes no ideas at that instant.
        Invalid: title, text or a needed amount is missing, or the terms are not accepted.
        NotPossible: it was submitted before.
    """
    require_time(idea.challenge, May.SUBMIT_IDEA, now)
    check_complete(idea.title, idea.text, idea.requested_minor, idea.challenge)
    if idea.challenge.terms_id is not None:
        if not accept_terms:
            raise Invalid("terms_not_accepted", field="accept_terms")
        assert actor.person_id is not None
        record_acceptance(actor=actor, person_id=actor.person_id, challenge=idea.challenge, now=now)
    _accept(idea, actor, now)
    idea.submitted_at = idea.saved_at = now
    idea.visibility = "sealed" if idea.challenge.visibility == "sealed" else "audience"
    _add_revision(idea, actor, now)
    lifecycle.move(idea, IDEA, "submit", IdeaSubmitted(revision=idea.revision_no, **scope(idea)), actor=actor, now=now)
    return idea


@use_case(May.EDIT_IDEA, on="idea")
def revise(*, actor: Actor, idea: Idea, title: str, text: str, requested_minor: int | None, now: datetime = AT_LOCK) -> None:
    """Change a submitted idea while ideas can come in; what it read before stays as a revision.

    Raises:
        NotNow: the challenge takes no changes any more.
        NotPossible: the idea is no longer in the running.
        Invalid: something needed is missing.
    """
    if idea.state not in IN_THE_RUNNING:
        raise NotPossible("not_in_the_running", state=idea.state)
    require_time(idea.challenge, May.SUBMIT_IDEA, now)
    check_complete(title, text, requested_minor, idea.challenge)
    if (title, text, requested_minor) == (idea.title, idea.text, idea.requested_minor):
        return
    idea.title, idea.text, idea.requested_minor, idea.saved_at = title, text, requested_minor, now
    _add_revision(idea, actor, now)
    emit(IdeaRevised(revision=idea.revision_no, **scope(idea)), actor=actor, now=now)


@use_case(May.WITHDRAW_IDEA, on="idea")
def withdraw(*, actor: Actor, idea: Idea, now: datetime = AT_LOCK) -> None:
    """Take an idea back, before the result. Readers no longer see it; votes on it no longer count.

    Raises:
        NotPossible: it is decided already, the decision is being taken, or this person was only named as an author.
    """
    if idea.challenge.frozen_at is not None:
        raise NotPossible("decision_under_way")
    mine = _own(idea, actor)
    if mine is not None and mine.accepted_at is None:
        raise NotPossible("authorship_not_accepted")
    idea.withdrawn_at = now
    lifecycle.move(idea, IDEA, "withdraw", IdeaWithdrawn(**scope(idea)), actor=actor, now=now)


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
    if not title.strip():
        raise Invalid("title_missing", field="title")
    if not text.strip():
        raise Invalid("text_missing", field="text")
    if needs_amount(challenge) and requested_minor is None:
        raise Invalid("amount_missing", field="requested")
    if requested_minor and challenge.budget_minor is not None and requested_minor > challenge.budget_minor:
        raise Invalid("amount_above_budget", field="requested")


def needs_amount(challenge: Challenge) -> bool:
    """Whether the rule spends a budget, so that every idea must say what it asks for."""
    return bool((challenge.rule.get("capacity") or {}).get("kind") == "budget")


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
            written_by=actor.person_id,
            written_at=now,
        )
    )
