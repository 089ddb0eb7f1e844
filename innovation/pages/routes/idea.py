"""One idea: is it good, what became of it, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from innovation.awards import queries as awards
from innovation.challenges import queries as challenges
from innovation.discussion import queries as discussion
from innovation.discussion.forms import CommentForm
from innovation.evaluation import queries as evaluation
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.ideas.queries import offers, questioning
from innovation.ideas.service import talking, timing, writing
from innovation.kernel import clock
from innovation.kernel.web import Answer, actor, gettext, page, respond, settings
from innovation.pages import queries
from innovation.pages.routes import bp
from innovation.pages.routes.filing import files_of_idea, files_of_talk
from innovation.people import queries as people
from innovation.projects import queries as projects
from innovation.promotion import queries as promotion
from innovation.rules import promises
from innovation.rules.ballot import Ballot
from innovation.rules.challenge import ChallengeState
from innovation.rules.idea import IdeaState
from innovation.rules.policy import May
from innovation.voting import queries as voting
from innovation.voting.service.passes import view_pass


@bp.get("/ideas/<public_id>")
@bp.get("/ideas/<public_id>/<slug>")
@page(May.LOOK, on=ideas.get)
def idea(idea: Idea) -> Answer:
    now = clock.now()
    who = actor()
    judging = queries.may_judge(who, idea.challenge, now)
    decision = promotion.deciding(idea.id)
    given = awards.of_idea(who, idea.id) if idea.challenge.decided_at else []
    talk = None if talking.silent(idea) else discussion.talk(who, ideas.talk_of(idea), now)
    slots = queries.vote_slots(who, idea.challenge, [idea], now)
    return respond(
        "pages/idea.html",
        idea=idea,
        challenge=idea.challenge,
        now=now,
        slot=slots.get(idea.id),
        comparing=judging and idea.challenge.ballot == Ballot.PAIRS,
        budget=voting.budget(who, idea.challenge) if judging else None,
        view_pass=view_pass(settings().signing_keys, who.person_id, [idea.public_id]) if judging else None,
        answers=ideas.answers(idea),
        waiting=challenges.waits_for_me(who, idea.challenge)
        if any(each.person_id == who.person_id for each in idea.authors)
        else [],
        notes=ideas.notes(idea.id),
        files=files_of_idea(idea),
        talk=talk,
        talk_files=files_of_talk(talk) if talk else None,
        form=CommentForm(),
        own=next((each for each in idea.authors if each.person_id == who.person_id), None),
        questions=questioning.of_idea(who, idea) if idea.submitted_at and questioning.reads(who, idea) else None,
        questions_open=questioning.open_here(idea),
        offered=offers.standing(who, idea),
        decision=decision,
        words_by=_words_by(idea, decision),
        moved_by=promotion.moved_by_rule(idea) if decision else [],
        reasons=evaluation.reasons(idea.id) if decision and idea.challenge.review_closes_at else [],
        text_fixed=writing.why_fixed(idea, now) is not None,
        checkers=_checkers(idea),
        check_by=idea.submitted_at + promises.CHECK if idea.submitted_at else None,
        sends_again=_sends_again(idea, now),
        project=projects.of_idea(who, idea.id),
        awards=given,
        awards_read=awards.readable(who, given),
        panel=evaluation.panel_scores([idea.id]).get(idea.id) if idea.challenge.decided_at else None,
        phases={str(phase) for phase in idea.challenge.schedule().phases(now)}
        if idea.challenge.state == "published"
        else set(),
    )


def _checkers(idea: Idea) -> list[str]:
    """Who checks an idea that waits for it, as this person may know them."""
    if idea.state != IdeaState.CHECKING:
        return []
    names = challenges.checker_names(idea.challenge, actor())
    return [name or gettext("the sponsor (name withheld)") for name in names]


def _sends_again(idea: Idea, now: datetime) -> datetime | None:
    """Until when an idea that was sent back can come again; None where it cannot any more."""
    until = timing.send_again_until(idea)
    running = idea.challenge.state == ChallengeState.PUBLISHED and idea.challenge.frozen_at is None
    return until if until is not None and running and now < until else None


def _words_by(idea: Idea, decision: Any) -> str | None:
    """Who gave an idea's reason, by name, as this person may know it."""
    if decision is None or decision.words_by is None or decision.words_by in challenges.withheld(actor(), idea.challenge):
        return None
    return people.names([decision.words_by]).get(decision.words_by)
