"""A panel member's review of one idea."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from innovation.evaluation import queries
from innovation.evaluation.events import ReviewTakenBack, ReviewWritten
from innovation.evaluation.models import Criterion, Review
from innovation.evaluation.service.criteria import ensure_criteria
from innovation.evaluation.service.means import renew_means
from innovation.ideas.models import Idea
from innovation.ideas.service.timing import require_time
from innovation.kernel.actor import Actor
from innovation.kernel.db import db, upsert
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.rules.panel import HIGHEST, LONGEST_SENTENCE, LOWEST, SHORTEST_SENTENCE
from innovation.rules.policy import May


@use_case(May.REVIEW, on="idea")
def review(
    *, actor: Actor, idea: Idea, scores: Mapping[int, int], sentence: str, complete: bool, now: datetime = AT_LOCK
) -> None:
    """Keep a member's scores and sentence about an idea, instead of what he said before; changeable while scoring is open.

    Args:
        scores: 1 to 5 by the criterion's position; positions may be missing in a draft.
        complete: whether it counts. A draft is kept and counts for nothing, also where a complete review was before.

    Raises:
        NotPossible: no panel scores this idea.
        NotNow: scoring is not open at the instant read under the locks.
        Invalid: there is no such criterion or score; or it shall count, and scores (``missing`` names all their positions)
            or the sentence are missing.
    """
    if not queries.is_scored(idea):
        raise NotPossible("not_to_be_scored")
    require_time(idea.challenge, May.REVIEW, now)
    criteria = ensure_criteria(idea.challenge)
    sentence = sentence.strip()
    _check(criteria, scores, sentence, complete)
    before = queries.my_review(actor, idea.id)
    counted_before = before is not None and before.valid
    values = {
        "scores": {str(each.id): scores[each.position] for each in criteria if each.position in scores},
        "sentence": sentence,
        "valid": complete,
        "written_at": now,
    }
    review_id = _write(actor, idea, values)
    if complete or counted_before:
        renew_means([idea.id])
        scope = {"programme_id": idea.challenge.programme_id, "challenge_id": idea.challenge_id, "idea_id": idea.id}
        fact = ReviewWritten if complete else ReviewTakenBack
        emit(fact(review_id=review_id, **scope), actor=actor, now=now)


def _check(criteria: Sequence[Criterion], scores: Mapping[int, int], sentence: str, complete: bool) -> None:
    known = {each.position for each in criteria}
    for position, score in scores.items():
        if position not in known or not LOWEST <= score <= HIGHEST:
            raise Invalid("no_such_score", field=f"score_{position}")
    if len(sentence) > LONGEST_SENTENCE:
        raise Invalid("sentence_too_long", field="sentence")
    if not complete:
        return
    missing = sorted(known - scores.keys())
    short = len(sentence) < SHORTEST_SENTENCE
    if missing:
        raise Invalid("score_missing", field=f"score_{missing[0]}", missing=missing, sentence_too_short=short)
    if short:
        raise Invalid("sentence_too_short", field="sentence")


def _write(actor: Actor, idea: Idea, values: dict[str, Any]) -> int:
    """One row a member and idea, whatever comes at the same time: the index says so, the idea's lock orders them."""
    row = upsert(Review).values(idea_id=idea.id, reviewer_id=actor.person_id, **values)
    written: int = db.session.execute(
        row.on_conflict_do_update(
            index_elements=["idea_id", "reviewer_id"], index_where=text("source IS NULL"), set_=values
        ).returning(Review.id)
    ).scalar_one()
    return written
