"""What may change after publication, only in the direction that was promised, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Amendment, Challenge, TermsAcceptance
from innovation.challenges.service import amending, course
from innovation.challenges.service.writing import who_may
from innovation.ideas.service import writing
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Circle, Origin, house
from innovation.kernel.db import db
from tests.support.pages import words
from tests.support.refusals import answer
from tests.support.world import World

WHY = "The board agreed."


def _act(world: World, challenge: Challenge, verb: Callable[..., object], who: Actor | None = None, **values: Any) -> str:
    """What an amendment by the sponsor (or somebody else) answers."""
    actor = who or world.sponsor_of(challenge)
    again = world.again(challenge)
    said = answer(lambda: verb(actor=actor, challenge=again, **({"reason": WHY} | values)))
    world.anew()
    return said


def _numbers(challenge: Challenge) -> list[tuple[int, str, str]]:
    rows = db.session.scalars(select(Amendment).where(Amendment.challenge_id == challenge.id).order_by(Amendment.number))
    return [(each.number, each.kind, each.reason) for each in rows]


def _stands(world: World, challenge: Challenge, who: Actor) -> list[tuple[str, bool, bool | None]]:
    return [(each.stand, each.asked, each.answer) for each in challenges.changes(who, world.again(challenge))]


def _says(world: World, challenge: Challenge, who: Actor, number: int, accepted: bool) -> str:
    again = world.again(challenge)
    said = answer(lambda: amending.answer(actor=who, challenge=again, number=number, accepted=accepted))
    world.anew()
    return said


# --- the deadline, the prize and words -----------------------------------------------------------------------------


def test_every_change_is_numbered_and_dated_with_its_reason(world: World) -> None:
    made = world.challenge(prize_minor=100_000)
    later = world.wall(days=40)
    assert _act(world, made, course.extend, closes=later) == "done"
    assert _act(world, made, amending.raise_prize, prize_minor=200_000, reason="A partner pays half.") == "done"
    assert _act(world, made, amending.correct, words={"must": "Work better."}) == "done"
    assert _numbers(made) == [(1, "deadline", WHY), (2, "prize", "A partner pays half."), (3, "words", WHY)]
    now = world.again(made)
    assert (now.prize_minor, now.must, now.wall_times["closes"]) == (200_000, "Work better.", later.isoformat())


@pytest.mark.parametrize("minor", [100_000, 99_999, 0])
def test_a_prize_only_grows(world: World, minor: int) -> None:
    made = world.challenge(prize_minor=100_000)
    assert _act(world, made, amending.raise_prize, prize_minor=minor) == "Invalid prize_only_up"
    assert world.again(made).prize_minor == 100_000
    assert _numbers(made) == []


def test_a_prize_can_be_promised_where_there_was_none(world: World) -> None:
    made = world.challenge()
    assert _act(world, made, amending.raise_prize, prize_minor=1) == "done"
    assert world.again(made).prize_minor == 1


def test_nothing_changes_without_a_reason(world: World) -> None:
    made = world.challenge(prize_minor=100)
    verbs: list[tuple[Callable[..., object], dict[str, Any]]] = [
        (course.extend, {"closes": world.wall(days=40)}),
        (amending.raise_prize, {"prize_minor": 200}),
        (amending.change_terms, {"terms": "licence_if_chosen"}),
        (amending.change_audience, {"audience": "experts"}),
        (amending.correct, {"words": {"must": "Else."}}),
    ]
    said = [_act(world, made, verb, reason="  ", **values) for verb, values in verbs]
    assert said == ["Invalid amendment_needs_a_reason"] * 5
    assert _numbers(made) == []
    now = world.again(made)
    assert (now.prize_minor, now.must, who_may(now)) == (100, "Work.", "staff")


def test_words_that_stay_the_same_are_no_change_and_needed_ones_are_not_emptied(world: World) -> None:
    made = world.challenge()
    assert _act(world, made, amending.correct, words={"must": "Work.\r\n"}) == "Invalid nothing_is_changed"
    assert _act(world, made, amending.correct, words={"must": " "}) == "Invalid words_missing"


def test_before_and_after_of_words_stand_on_the_page_for_everybody(world: World) -> None:
    made = world.challenge(who_may="everyone", must="Save ten litres.")
    _act(world, made, amending.correct, words={"must": "Save twelve litres."})
    page = world.browser().get(f"/challenges/{made.public_id}/changes")
    text = page.get_data(as_text=True)
    assert "<del>ten</del>" in text.replace('<del class="gone">', "<del>")
    assert WHY in text


def test_a_challenge_that_ended_is_not_changed_any_more(world: World) -> None:
    made = world.challenge()
    course.stop(actor=world.manager, challenge=world.again(made), note="Sold.", ideas="They stay yours.")
    verbs: list[tuple[Callable[..., object], dict[str, Any]]] = [
        (amending.raise_prize, {"prize_minor": 200}),
        (amending.change_terms, {"terms": "licence_if_chosen"}),
        (amending.change_audience, {"audience": "experts"}),
        (amending.correct, {"words": {"must": "Else."}}),
    ]
    assert [_act(world, made, verb, **values) for verb, values in verbs] == ["NotPossible too_late_to_amend"] * 4


def test_only_sponsors_and_managers_change_what_was_promised(world: World) -> None:
    made = world.challenge()
    assert _act(world, made, amending.raise_prize, world.person(), prize_minor=1) == "Refused amend_challenge"
    assert _act(world, made, amending.raise_prize, world.manager, prize_minor=1) == "done"


def test_everybody_with_a_draft_or_an_idea_gets_a_mail_with_the_reason(world: World) -> None:
    made = world.challenge(prize_minor=100_000, title="How do we dry?")
    world.idea(made, world.person("Sent"))
    world.draft_idea(made, world.person("Draft"))
    world.person("Nobody")
    world.settle()
    before = len(world.letters())
    _act(world, made, amending.raise_prize, prize_minor=200_000)
    world.settle()
    found = [each for each in world.letters() if each.subject == "The prize grows: How do we dry?"]
    assert len(world.letters()) == before + 2
    assert [each.to for each in found] == ["draft@example.org", "sent@example.org"]
    assert all(WHY in each.text and "€2,000" in each.text for each in found)


# --- terms ---------------------------------------------------------------------------------------------------------


def _accepted(who: Actor, challenge: Challenge) -> list[int]:
    rows = select(TermsAcceptance.terms_id).where(
        TermsAcceptance.person_id == who.person_id, TermsAcceptance.challenge_id == challenge.id
    )
    return list(db.session.scalars(rows.order_by(TermsAcceptance.id)))


def test_who_sent_an_idea_keeps_the_old_terms_until_he_accepts(world: World) -> None:
    made = world.challenge(terms="author_keeps")
    ann, ben = world.person("Ann"), world.person("Ben")
    for each in (ann, ben):
        world.idea(made, each)
    old = world.again(made).terms_id
    assert _act(world, made, amending.change_terms, terms="licence_if_chosen") == "done"
    new = world.again(made).terms_id
    assert new != old
    assert _stands(world, made, ann) == [("waits", True, None)]
    assert _accepted(ann, made) == [old]
    assert _says(world, made, ann, 1, True) == "done"
    assert _says(world, made, ben, 1, False) == "done"
    assert (_accepted(ann, made), _accepted(ben, made)) == ([old, new], [old])
    assert _stands(world, made, ben) == [("holds", True, False)]


def test_a_new_idea_is_given_under_the_new_terms_and_its_author_is_not_asked(world: World) -> None:
    made = world.challenge(terms="author_keeps")
    _act(world, made, amending.change_terms, terms="licence_if_chosen")
    ann = world.person("Ann")
    world.idea(world.again(made), ann)
    assert _accepted(ann, made) == [world.again(made).terms_id]
    assert _stands(world, made, ann) == [("holds", False, None)]
    assert _says(world, made, ann, 1, True) == "NotPossible amendment_not_asked"


def test_the_present_terms_are_no_change(world: World) -> None:
    made = world.challenge(terms="author_keeps")
    assert _act(world, made, amending.change_terms, terms="author_keeps") == "Invalid terms_as_they_are"


def test_what_an_author_said_stays_said_and_others_are_not_asked(world: World) -> None:
    made = world.challenge(terms="author_keeps")
    ann = world.person("Ann")
    world.idea(made, ann)
    world.draft_idea(made, world.person("Draft"))
    _act(world, made, amending.change_terms, terms="licence_if_chosen")
    assert _says(world, made, ann, 1, False) == "done"
    assert _says(world, made, ann, 1, True) == "NotPossible amendment_not_asked"
    assert _says(world, made, world.person(), 1, True) == "NotPossible amendment_not_asked"


# --- who may answer ------------------------------------------------------------------------------------------------


def test_without_ideas_others_may_answer_at_once(world: World) -> None:
    made = world.challenge()
    expert = world.person("", Circle.EXPERT)
    assert challenges.get(expert, made.public_id) is None
    assert _act(world, made, amending.change_audience, audience="experts") == "done"
    assert challenges.get(expert, made.public_id) is not None


def test_others_may_answer_once_every_author_has_accepted(world: World) -> None:
    made = world.challenge()
    ann, ben, expert = world.person("Ann"), world.person("Ben"), world.person("", Circle.EXPERT)
    for each in (ann, ben):
        world.idea(made, each)
    _act(world, made, amending.change_audience, audience="experts")
    assert challenges.get(expert, made.public_id) is None
    assert _says(world, made, ann, 1, True) == "done"
    assert challenges.get(expert, made.public_id) is None
    assert _says(world, made, ben, 1, True) == "done"
    assert challenges.get(expert, made.public_id) is not None
    assert _stands(world, made, ann) == [("holds", True, True)]


def test_one_no_ends_a_change_of_the_audience(world: World) -> None:
    made = world.challenge()
    ann, ben = world.person("Ann"), world.person("Ben")
    for each in (ann, ben):
        world.idea(made, each)
    _act(world, made, amending.change_audience, audience="everyone")
    assert _says(world, made, ann, 1, False) == "done"
    assert _says(world, made, ben, 1, True) == "NotPossible amendment_not_asked"
    assert who_may(world.again(made)) == "staff"
    assert _stands(world, made, ben) == [("refused", True, None)]
    assert _act(world, made, amending.change_audience, audience="experts") == "done"


def test_a_change_of_the_audience_waits_for_one_at_a_time(world: World) -> None:
    made = world.challenge()
    world.idea(made)
    _act(world, made, amending.change_audience, audience="experts")
    assert _act(world, made, amending.change_audience, audience="everyone") == "NotPossible audience_waits"


def test_nobody_who_sent_an_idea_falls_out(world: World) -> None:
    made = world.challenge(who_may="experts")
    expert = world.person("", Circle.EXPERT)
    idea = world.idea(made, expert)
    assert _act(world, made, amending.change_audience, audience="staff") == "Invalid author_would_fall_out"
    writing.withdraw(actor=expert, idea=world.idea_again(idea))
    assert _act(world, made, amending.change_audience, audience="staff") == "done"
    assert who_may(world.again(made)) == "staff"


def test_who_takes_his_idea_back_is_waited_for_no_more(world: World) -> None:
    made = world.challenge()
    ann = world.person("Ann")
    idea = world.idea(made, ann)
    _act(world, made, amending.change_audience, audience="experts")
    writing.withdraw(actor=ann, idea=world.idea_again(idea))
    amending.settle_waiting(actor=house(Origin.CLOCK))
    assert who_may(world.again(made)) == "experts"


def test_people_and_organisations_named_one_by_one_stay(world: World) -> None:
    made = world.challenge()
    guest = world.person("", Circle.PUBLIC)
    world.open_to(made, "person", str(guest.person_id))
    _act(world, made, amending.change_audience, audience="experts")
    assert challenges.get(guest, made.public_id) is not None


# --- stopping ------------------------------------------------------------------------------------------------------


def test_stopping_says_why_and_what_happens_to_ideas_and_prize(world: World) -> None:
    made = world.challenge(prize_minor=100)
    again, boss = world.again(made), world.manager
    said = [
        answer(lambda values=values: course.stop(actor=boss, challenge=again, **values))
        for values in (
            {"note": " ", "ideas": "They stay yours.", "prize": "Shared."},
            {"note": "Sold.", "ideas": " ", "prize": "Shared."},
            {"note": "Sold.", "ideas": "They stay yours."},
        )
    ]
    assert said == [
        "Invalid amendment_needs_a_reason",
        "Invalid say_what_happens_to_ideas",
        "Invalid say_what_happens_to_prize",
    ]
    course.stop(actor=boss, challenge=world.again(made), note="Sold.", ideas="They stay yours.", prize="Shared.")
    page = words(world.browser(boss).get(f"/challenges/{made.public_id}/changes"))
    assert "Why: Sold." in page
    assert "What happens to the ideas: They stay yours. What happens to the prize: Shared." in page


# --- at the door ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "sent", "said"),
    [
        ("prize", {"prize": "500", "reason": WHY}, "the prize can only grow"),
        ("terms", {"terms": "author_keeps", "reason": WHY}, "These are the present terms"),
        ("audience", {"who_may": "staff", "reason": WHY}, "Somebody who sent an idea could not take part"),
        ("words", {"title": "Question?", "must": "Typed anew", "reason": " "}, "Fill this in."),
    ],
)
def test_what_is_refused_stands_at_its_field_and_nothing_typed_is_lost(
    world: World, what: str, sent: dict[str, str], said: str
) -> None:
    made = world.challenge(who_may="experts", prize_minor=100_000, terms="author_keeps")
    world.idea(made, world.person("", Circle.EXPERT))
    page = world.browser(world.sponsor_of(made)).post(f"/challenges/{made.public_id}/changes/{what}", sent)
    assert page.status_code == 422
    text = page.get_data(as_text=True)
    assert said in words(page)
    assert all(value.strip() in text for value in sent.values())


def test_an_author_answers_on_the_page(world: World) -> None:
    made = world.challenge(terms="author_keeps")
    ann = world.person("Ann")
    world.idea(made, ann)
    _act(world, made, amending.change_terms, terms="licence_if_chosen")
    browser, address = world.browser(ann), f"/challenges/{made.public_id}/changes"
    assert "Do you accept this change for it?" in words(browser.get(address))
    assert browser.post(f"{address}/1/answer", {"accepted": "yes"}).status_code == 303
    assert "You have accepted this change." in words(browser.get(address))
    assert browser.post(f"{address}/1/answer", {"accepted": "no"}).status_code == 409


def test_the_answer_is_promised_later_by_its_sponsor_and_never_earlier(world: World) -> None:
    sponsor = world.person("Sponsor")
    made = world.challenge(sponsor)
    browser = world.browser(sponsor)
    path = f"/challenges/{made.public_id}/changes/answer"
    before = made.answer_by
    assert before is not None
    days = [(before + timedelta(days=each)).date().isoformat() for each in (-1, 400, 5)]
    said = [browser.post(path, {"day": day, "reason": "A test takes longer."}).status_code for day in days]
    assert said == [422, 422, 303]
    after = world.again(made).answer_by
    assert after is not None
    assert clock.to_wall(after, made.zone).date().isoformat() == days[2]
    assert _numbers(world.again(made)) == [(1, "answer", "A test takes longer.")]
    world.announced(made)
    assert browser.post(path, {"day": days[2], "reason": "Again."}).status_code == 409
