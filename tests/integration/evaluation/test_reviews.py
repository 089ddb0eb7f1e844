"""A member's review: one per idea under any race, never of an idea of his own, in time only, and counted right always."""

from __future__ import annotations

import random
from datetime import timedelta
from fractions import Fraction
from functools import partial

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from innovation.challenges.models import Challenge
from innovation.challenges.service import briefs
from innovation.evaluation import queries
from innovation.evaluation.models import Criterion, PanelScore, Review
from innovation.evaluation.service import criteria, record_reviews
from innovation.evaluation.service.criteria import Asked
from innovation.ideas.models import Author, Idea
from innovation.ideas.service import writing
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.rules.predicates import Role
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World


def _reviews(idea: Idea) -> list[tuple[int | None, list[int], str, bool]]:
    db.session.rollback()
    db.session.expire_all()
    rows = db.session.scalars(select(Review).where(Review.idea_id == idea.id).order_by(Review.id))
    return [(r.reviewer_id, [r.scores[k] for k in sorted(r.scores, key=int)], r.sentence, r.valid) for r in rows]


def _mean(idea: Idea) -> tuple[int, int] | None:
    db.session.rollback()
    row = db.session.get(PanelScore, idea.id, populate_existing=True)
    return (row.mean_micro, row.reviews) if row else None


def _recount(idea: Idea) -> tuple[int, int] | None:
    """What the kept mean must be, counted from the rows in another way."""
    db.session.rollback()
    weights = {
        str(row.id): row.weight
        for row in db.session.scalars(select(Criterion).where(Criterion.challenge_id == idea.challenge_id))
    }
    means = []
    for given in db.session.scalars(select(Review.scores).where(Review.idea_id == idea.id, Review.valid)):
        points = [value for key, value in given.items() for _ in range(weights[key])]
        means.append(Fraction(sum(points), len(points)))
    return (round(sum(means) / len(means) * 1_000_000), len(means)) if means else None


def _set_up(world: World) -> tuple[Challenge, Idea, Actor]:
    challenge = world.panel_challenge()
    idea, member = world.idea(challenge), world.panellist(challenge)
    return world.scoring(challenge), idea, member


# --- once ----------------------------------------------------------------------------------------------------------


def test_a_second_review_replaces_the_first(world: World) -> None:
    _challenge, idea, member = _set_up(world)
    world.review(idea, member, (1, 2, 3), "The first thought.")
    world.review(idea, member, (5, 4, 4), "The second thought.")
    assert _reviews(idea) == [(member.person_id, [5, 4, 4], "The second thought.", True)]
    assert _mean(idea) == (4_333_333, 1)


def test_sixteen_clicks_at_once_are_one_review(world: World) -> None:
    _challenge, idea, member = _set_up(world)
    name = idea.public_id
    calls = [partial(world.review, name, member, (n % 5 + 1, 3, 3)) for n in range(16)]
    results = at_once(world.app, calls, slow="review")
    assert [spelled(each) for each in results] == ["NoneType"] * 16
    assert len(_reviews(idea)) == 1
    assert _mean(idea) == _recount(idea)


def test_members_at_once_are_all_counted(world: World) -> None:
    """Without the idea's lock the mean would be made from reviews that another one is not among yet."""
    challenge = world.panel_challenge()
    idea = world.idea(challenge)
    members = [world.panellist(challenge) for _ in range(8)]
    world.scoring(challenge)
    name = idea.public_id
    calls = [partial(world.review, name, m, (n % 5 + 1, 2, 5)) for n, m in enumerate(members)]
    results = at_once(world.app, calls, slow="review.scores")
    assert [spelled(each) for each in results] == ["NoneType"] * 8
    counted = _recount(idea)
    assert counted is not None
    assert (_mean(idea), counted[1]) == (counted, 8)


def test_the_schema_keeps_one_review_a_member_and_idea(world: World) -> None:
    _challenge, idea, member = _set_up(world)
    world.review(idea, member)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Review(idea_id=idea.id, reviewer_id=member.person_id, scores={}, valid=False))


# --- who -----------------------------------------------------------------------------------------------------------


def test_nobody_scores_an_idea_of_his_own(world: World) -> None:
    challenge = world.panel_challenge()
    author = world.person()
    own, other = world.idea(challenge, author), world.idea(challenge)
    member = world.panellist(challenge, author)
    world.scoring(challenge)
    answers = [answer(partial(world.review, idea, member)) for idea in (own, other)]
    assert answers == ["Refused review", "done"]
    assert [world.browser(member).get(f"/ideas/{i.public_id}/review").status_code for i in (own, other)] == [403, 200]
    assert queries.my_progress(member, world.again(challenge)) == (1, 1)


def test_a_co_author_who_has_not_answered_yet_does_not_score_it_either(world: World) -> None:
    challenge, idea, member = _set_up(world)
    with transaction():
        db.session.add(Author(idea_id=idea.id, person_id=member.person_id, position=9))
    assert answer(lambda: world.review(idea, member)) == "Refused review"
    assert queries.to_review(member, clock.now()) == []
    assert challenge.who_decides == "panel"


def test_only_the_panel_scores(world: World) -> None:
    challenge, idea, member = _set_up(world)
    elsewhere = world.panellist(world.panel_challenge())
    path, form = (
        f"/ideas/{idea.public_id}/review",
        {"score_1": "1", "score_2": "2", "score_3": "3", "sentence": "Good as it is."},
    )
    people = [None, world.person("", Circle.PARTNER), world.person(), elsewhere, world.sponsor_of(challenge), world.manager]
    assert [world.browser(who).get(path).status_code for who in people] == [404, 404, 403, 403, 403, 403]
    assert [world.browser(who).post(path, form).status_code for who in people] == [404, 404, 403, 403, 403, 403]
    assert world.browser(member).post(path, form).status_code == 303
    assert len(_reviews(idea)) == 1


def test_who_was_taken_off_the_panel_scores_no_more(world: World) -> None:
    challenge, idea, member = _set_up(world)
    browser = world.browser(member)
    path = f"/ideas/{idea.public_id}/review"
    assert browser.get(path).status_code == 200
    briefs.remove_person(
        actor=world.sponsor_of(challenge), challenge=challenge, person_id=member.person_id or 0, role=Role.PANEL
    )
    assert (browser.get(path).status_code, browser.post(path, {}).status_code) == (403, 403)


# --- when, and what ------------------------------------------------------------------------------------------------


def test_reviews_are_written_while_scoring_is_open_only(world: World) -> None:
    challenge = world.panel_challenge()
    idea, member = world.idea(challenge), world.panellist(challenge)
    begins, ends = challenge.closes_at, challenge.review_closes_at
    assert ends is not None
    second = timedelta(seconds=2)
    answers = []
    for moment in (begins - second, begins, ends - second, ends, ends + second):
        with clock.travelling(moment):
            answers.append(answer(lambda: world.review(idea, member)))
    assert answers == ["NotNow not_open_yet", "done", "done", "NotNow closed", "NotNow closed"]


def test_a_refusal_says_when_scoring_begins_or_ended(world: World) -> None:
    challenge = world.panel_challenge(who_decides="votes_panel")
    idea, member = world.shortlist(world.idea(challenge)), world.panellist(challenge)
    page = world.browser(member).post(f"/ideas/{idea.public_id}/review", {"then": "draft"}).get_data(as_text=True)
    assert challenge.vote_closes_at is not None
    assert str(clock.to_wall(challenge.vote_closes_at, challenge.zone).day) in page
    assert "Come back then" in page


def test_nothing_is_changed_after_closing_or_freezing(world: World) -> None:
    challenge, idea, member = _set_up(world)
    world.review(idea, member, (1, 1, 1))
    with transaction():
        db.session.execute(update(Challenge).values(frozen_at=clock.now()))
    assert answer(lambda: world.review(idea, member, (5, 5, 5))) == "NotNow closed"
    with transaction():
        db.session.execute(update(Challenge).values(frozen_at=None))
    world.close_scoring(challenge)
    page = world.browser(member).post(f"/ideas/{idea.public_id}/review", {"then": "draft"})
    assert (page.status_code, _mean(idea)) == (409, (1_000_000, 1))


def test_where_people_vote_first_only_the_short_list_is_scored(world: World) -> None:
    challenge = world.panel_challenge(who_decides="votes_panel")
    listed, left_out = world.idea(challenge), world.idea(challenge)
    member = world.panellist(challenge)
    world.shortlist(listed)
    world.scoring(challenge)
    answers = [answer(partial(world.review, idea, member)) for idea in (listed, left_out)]
    assert answers == ["done", "NotPossible not_to_be_scored"]
    assert queries.my_progress(member, world.again(challenge)) == (1, 1)


def test_drafts_and_withdrawn_ideas_are_not_scored(world: World) -> None:
    challenge = world.panel_challenge()
    author, member = world.person(), world.panellist(challenge)
    draft, gone = world.draft_idea(challenge, author), world.idea(challenge, author)
    writing.withdraw(actor=author, idea=gone)
    world.scoring(challenge)
    paths = [f"/ideas/{idea.public_id}/review" for idea in (draft, gone)]
    assert [world.browser(member).get(path).status_code for path in paths] == [404, 404]


def test_a_challenge_without_a_panel_is_not_scored(world: World) -> None:
    challenge = world.challenge()
    idea, member = world.idea(challenge), world.panellist(challenge)
    assert answer(lambda: world.review(idea, member)) == "NotPossible not_to_be_scored"
    browser, path = world.browser(member), f"/ideas/{idea.public_id}/review"
    assert (browser.get(path).status_code, browser.post(path, {"then": "draft"}).status_code) == (404, 409)


# --- drafts --------------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_and_counts_for_nothing(world: World) -> None:
    _challenge, idea, member = _set_up(world)
    world.review(idea, member, (4,), "", complete=False)
    assert (_reviews(idea), _mean(idea)) == ([(member.person_id, [4], "", False)], None)
    world.review(idea, member, (4, 4, 4))
    assert _mean(idea) == (4_000_000, 1)
    world.review(idea, member, (4, 4, 4), complete=False)
    assert (_reviews(idea)[0][3], _mean(idea)) == (False, None)


@pytest.mark.parametrize(
    ("scores", "sentence", "said"),
    [
        ((1, 2), "A sentence.", "Invalid score_missing"),
        ((1, 2, 3), "", "Invalid sentence_too_short"),
        ((1, 2, 3), "  too short ", "Invalid sentence_too_short"),
        ((1, 2, 3), "x" * 601, "Invalid sentence_too_long"),
        ((1, 2, 6), "A sentence.", "Invalid no_such_score"),
        ((0, 2, 3), "A sentence.", "Invalid no_such_score"),
        ((1, 2, 3, 4), "A sentence.", "Invalid no_such_score"),
        ((1, 2, 3), "x" * 10, "done"),
        ((1, 2, 3), "x" * 600, "done"),
    ],
)
def test_what_counts_is_complete(world: World, scores: tuple[int, ...], sentence: str, said: str) -> None:
    _challenge, idea, member = _set_up(world)
    assert answer(lambda: world.review(idea, member, scores, sentence)) == said
    assert len(_reviews(idea)) == (said == "done")


def test_a_draft_too_knows_no_other_scores(world: World) -> None:
    _challenge, idea, member = _set_up(world)
    answers = [answer(partial(world.review, idea, member, s, "", complete=False)) for s in ((6,), (), (1, 1, 1, 1))]
    assert answers == ["Invalid no_such_score", "done", "Invalid no_such_score"]


# --- facts and figures ---------------------------------------------------------------------------------------------


def test_facts_of_reviews_hold_ids_and_no_score(world: World) -> None:
    challenge, idea, member = _set_up(world)
    world.review(idea, member, (4,), "", complete=False)
    world.review(idea, member, (4, 4, 4))
    world.review(idea, member, (4, 4, 4), complete=False)
    rows = db.session.scalars(select(Event).where(Event.name.like("Review%")).order_by(Event.id)).all()
    number = db.session.scalars(select(Review.id)).one()
    found = [(row.name, row.actor_id, row.challenge_id, row.idea_id, row.payload) for row in rows]
    of = (member.person_id, challenge.id, idea.id, {"review_id": number})
    assert found == [("ReviewWritten", *of), ("ReviewTakenBack", *of)]


@pytest.mark.parametrize("seed", range(3))
def test_means_equal_a_recount_after_any_sequence(world: World, seed: int) -> None:
    """Reviews, changes and drafts in an order drawn by chance, weighted; after every five the mean is counted anew."""
    chance = random.Random(seed)
    challenge = world.panel_challenge()
    asked = [Asked(f"Criterion {n}", "", chance.randint(1, 9)) for n in range(chance.randint(1, 7))]
    criteria.set_criteria(actor=world.sponsor_of(challenge), challenge=challenge, asked=asked)
    ideas = [world.idea(challenge) for _ in range(3)]
    members = [world.panellist(challenge) for _ in range(4)]
    world.scoring(challenge)
    for step in range(30):
        complete = chance.random() < 0.75
        number = len(asked) if complete else chance.randint(0, len(asked))
        scores = [chance.randint(1, 5) for _ in range(number)]
        world.review(chance.choice(ideas), chance.choice(members), scores, complete=complete)
        if step % 5 == 4:
            assert [_mean(idea) for idea in ideas] == [_recount(idea) for idea in ideas]
    assert db.session.scalar(select(func.count()).select_from(Review)) == len(
        set(db.session.execute(select(Review.idea_id, Review.reviewer_id)).all())
    )


def test_imported_reviews_keep_their_plain_mean(world: World) -> None:
    idea = world.idea(world.challenge())
    with transaction():
        new = record_reviews(
            "elsewhere", [("1", idea.id, None, {"a": 5, "b": 4}, True), ("2", idea.id, None, {"a": 1, "b": 1}, False)]
        )
    assert (new, _mean(idea)) == (2, (4_500_000, 1))


def test_reasons_are_the_sentences_of_complete_reviews_without_names(world: World) -> None:
    challenge = world.panel_challenge()
    idea = world.idea(challenge)
    members = [world.panellist(challenge) for _ in range(3)]
    world.scoring(challenge)
    world.review(idea, members[0], sentence="Clear and cheap.")
    world.review(idea, members[1], sentence="Nobody tried it.", complete=False)
    world.review(idea, members[2], sentence="Hard to build in time.")
    assert queries.reasons(idea.id) == [(1, "Clear and cheap."), (2, "Hard to build in time.")]
