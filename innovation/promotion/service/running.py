"""A run's way: freeze, compute, decide, announce. Killed anywhere, it goes on from what is stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

import innovation
from innovation.challenges.models import Challenge
from innovation.challenges.service import course
from innovation.ideas import queries as ideas
from innovation.ideas.events import IdeaDeclined, IdeaPromoted, IdeaShortlisted
from innovation.kernel import lifecycle, sealing
from innovation.kernel.actor import Actor, Origin
from innovation.kernel.db import db, insert_many, lock
from innovation.kernel.errors import NotPossible
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.people import queries as people
from innovation.projects import queries as projects
from innovation.projects.service.opening import open_project
from innovation.promotion import queries
from innovation.promotion.events import RunAnnounced, RunDecided, RunFrozen, ShortlistMade
from innovation.promotion.models import Decision, Pick, RoundChallenge, Run
from innovation.promotion.service import judging, marking, measuring, reasons
from innovation.promotion.service import snapshot as snapshots
from innovation.promotion.service.ballots import packed, unpacked
from innovation.rules.challenge import ChallengeState
from innovation.rules.idea import IDEA, WAITS_OR_RUNS, IdeaState
from innovation.rules.policy import May
from innovation.rules.promotion import Outcome, canonical, decide, digest, outcome_bytes
from innovation.rules.run import RUN, RunState


def carry_on(*, actor: Actor, run_id: int, still_mine: Callable[[], None] = lambda: None) -> None:
    """Take a run from wherever it stands to its decision. Doing it twice, or at once, changes nothing.

    Args:
        still_mine: called after the long part; it renews the lease, or raises when somebody else has taken over.
    """
    for step in close(actor=actor, run_id=run_id):
        measuring.carry_out(actor=actor, run_id=run_id, step=step)
        still_mine()
    freeze(actor=actor, run_id=run_id)
    run = queries.run(run_id)
    text, cast = run.snapshot, unpacked(run.ballots)
    db.session.rollback()
    assert text is not None
    outcome = decide(json.loads(text), cast)  # no transaction is open while this computes
    still_mine()
    record(actor=actor, run_id=run_id, outcome=outcome)


@use_case(None)
def close(*, actor: Actor, run_id: int, now: datetime = AT_LOCK) -> list[measuring.Due]:
    """Close the challenges for good, so that what is measured next is what is decided on.

    A shortlist closes nothing: voting is over, and the panel's work follows.

    Returns:
        What is to be measured, in this order.
    """
    run = locked(run_id)
    if run.state != RunState.QUEUED:
        return []
    lock_members(run, now)
    return measuring.due(run)


def lock_members(run: Run, now: datetime) -> None:
    """Lock the challenges of a locked run and read them as they are now; but for a shortlist they are closed for good."""
    ids = sorted(each.challenge_id for each in run.challenges)
    lock(select(Challenge.id).where(Challenge.id.in_(ids)).order_by(Challenge.id).with_for_update())
    db.session.execute(select(Challenge).where(Challenge.id.in_(ids)).execution_options(populate_existing=True)).all()
    if run.round.purpose != snapshots.SHORTLIST:
        for each in run.challenges:
            each.challenge.frozen_at = each.challenge.frozen_at or now


@use_case(None)
def freeze(*, actor: Actor, run_id: int, now: datetime = AT_LOCK) -> None:
    """Close the challenges for good and store what the decision will rest on."""
    run = locked(run_id)
    if run.state != RunState.QUEUED:
        return
    lock_members(run, now)
    taken, cast = snapshots.take(run)
    run.ballots = None if cast is None else packed(cast)
    run.snapshot = canonical(taken).decode()
    run.snapshot_hash = digest(taken)
    run.sealed_no, run.sealed_hash = sealing.head()
    run.code_version = innovation.__version__
    run.frozen_at = now
    fact = RunFrozen(run_id=run.id, snapshot_hash=run.snapshot_hash, **scope(run))
    lifecycle.move(run, RUN, "freeze", fact, actor=actor, now=now)


@use_case(None)
def record(*, actor: Actor, run_id: int, outcome: Outcome, now: datetime = AT_LOCK) -> None:
    """Store the decision about every idea. Whoever comes second finds it done."""
    run = locked(run_id)
    if run.state != RunState.FROZEN:
        return
    known = ideas.for_decision([each.challenge_id for each in run.challenges])
    id_of = {idea.public_id: idea.id for idea in known}
    picks = queries.all_picks([each.challenge_id for each in run.challenges])
    rows = decided_rows(run, outcome)
    insert_many(
        Decision,
        [{"run_id": run.id, "idea_id": id_of[idea], **row, **_words(picks.get(id_of[idea]))} for idea, row in rows.items()],
    )
    keep_outcome(run, outcome, now)
    fact = RunDecided(run_id=run.id, outcome_hash=str(run.outcome_hash), **scope(run))
    lifecycle.move(run, RUN, "decide", fact, actor=actor, now=now)


def decided_rows(run: Run, outcome: Outcome) -> dict[str, dict[str, Any]]:
    """What the outcome of a run says of every idea, as its decision is stored, by public id."""
    told = reasons.told(json.loads(run.snapshot or "{}"), outcome)
    return {
        made.idea: {
            "promoted": made.promoted,
            "place": made.place,
            "because": str(made.because),
            "params": dict(made.params) | told.get(made.idea, {}),
            "close": bool(made.params.get("close")),
        }
        for made in outcome.decisions
    }


def keep_outcome(run: Run, outcome: Outcome, now: datetime) -> None:
    """Store what an outcome says of the run as a whole: money, shares, fingerprint."""
    spending = {each.name: each for each in outcome.challenges}
    for each in run.challenges:
        spent = spending.get(each.challenge.public_id)
        if spent is not None:
            each.available_minor, each.spent_minor = spent.available, spent.spent
            each.left_minor, each.promoted = spent.left, spent.promoted
    run.shares = reasons.certificate(outcome)
    run.outcome_hash = hashlib.sha256(outcome_bytes(outcome)).hexdigest()
    run.decided_at = now


@use_case(May.ANNOUNCE, on="run")
def announce(*, actor: Actor, run: Run, seen: str | None = None, now: datetime = AT_LOCK) -> None:
    """Tell everyone: idea states, a project for each chosen idea, every author's answer. All of it, or nothing, once.

    Args:
        seen: the fingerprint of the decisions that this person looked at; None where nobody looks.

    Raises:
        NotPossible: it was decided again since, or something waits for a person (see :func:`judging.settle`).
    """
    run = locked(run.id)
    if run.state != RunState.DECIDED:
        return
    if seen is not None and seen != run.outcome_hash:
        raise NotPossible("decided_again")
    judging.settle(run)
    if run.round.purpose == snapshots.SHORTLIST:
        _shortlist(actor, run, now)
        return
    more_to_come = run.pass_no == 1 and run.round.second_rule is not None
    second = _in_second_pass(run) if more_to_come else set()
    made = queries.of_run(run.id)
    authors = ideas.author_ids([each.idea_id for each in made])
    here = people.names(person for team in authors.values() for person in team)  # who was erased works in no project
    has_project = projects.existing([each.idea_id for each in made])
    answered = []
    for each in made:
        idea = each.idea
        its = {"programme_id": run.programme_id, "challenge_id": idea.challenge_id, "idea_id": idea.id}
        if each.promoted:
            if idea.state != IdeaState.PROMOTED:
                fact = IdeaPromoted(run_id=run.id, **its)
                lifecycle.move(idea, IDEA, "promote", fact, actor=actor, now=now)
                answered.append(idea)
            if idea.id not in has_project:
                team = [person for person in authors.get(idea.id, []) if person in here]
                open_project(actor=actor, idea=idea, author_ids=team, now=now)
        elif idea.state in WAITS_OR_RUNS and not (idea.challenge_id in second and each.because in snapshots.STILL_IN_PLAY):
            lifecycle.move(idea, IDEA, "decline", IdeaDeclined(run_id=run.id, **its), actor=actor, now=now)
            answered.append(idea)
    for member in run.challenges:
        if member.challenge.state == ChallengeState.PUBLISHED and member.challenge_id not in second:
            course.decide(actor=actor, challenge=member.challenge, now=now)
    run.announced_at, run.announced_by = now, actor.person_id
    event = lifecycle.move(run, RUN, "announce", RunAnnounced(run_id=run.id, **scope(run)), actor=actor, now=now)
    if run.pass_no == 1:  # a second pass is over ideas that met the conditions in the first
        marking.eligible(made, event, now)
    marking.in_time(answered, event, now)


def _shortlist(actor: Actor, run: Run, now: datetime) -> None:
    """Put the ideas of a shortlist before the panel. The others are told with the panel's result."""
    for made in queries.of_run(run.id):
        if made.promoted and made.idea.state == IdeaState.SUBMITTED:
            its = {"programme_id": run.programme_id, "challenge_id": made.idea.challenge_id, "idea_id": made.idea_id}
            fact = IdeaShortlisted(run_id=run.id, **its)
            lifecycle.move(made.idea, IDEA, "shortlist", fact, actor=actor, now=now)
    run.announced_at, run.announced_by = now, actor.person_id
    lifecycle.move(run, RUN, "announce", ShortlistMade(run_id=run.id, **scope(run)), actor=actor, now=now)


def _words(pick: Pick | None) -> dict[str, Any]:
    if pick is None:
        return {"words": "", "words_by": None, "words_as": ""}
    return {"words": pick.reason, "words_by": pick.picked_by, "words_as": "sponsor"}


def announces_itself(run: Run, now: datetime) -> bool:
    """Whether the clock announces a decided run: at once for imports, else after the hours every challenge says.

    Never while an idea that is too close to call waits for a person.
    """
    if judging.open_calls(run):
        return False
    if run.round.announce == "at_once" or run.origin in {Origin.IMPORT, Origin.CLI}:
        return True
    hours = [each.challenge.announce_after_hours for each in run.challenges]
    if run.decided_at is None or any(each is None for each in hours):
        return False
    return now >= run.decided_at + timedelta(hours=max(each for each in hours if each is not None))


def _in_second_pass(run: Run) -> set[int]:
    return set(
        db.session.scalars(
            select(RoundChallenge.challenge_id).where(RoundChallenge.round_id == run.round_id, RoundChallenge.in_second_pass)
        )
    )


def locked(run_id: int) -> Run:
    """A run under its lock, as it is now."""
    lock(select(Run.id).where(Run.id == run_id).with_for_update())
    run: Run = queries.run(run_id)
    db.session.refresh(run)
    return run


def scope(run: Run) -> dict[str, int | None]:
    """Where the facts of a run belong."""
    only = run.challenges[0].challenge_id if len(run.challenges) == 1 else None
    return {"programme_id": run.programme_id, "challenge_id": only}
