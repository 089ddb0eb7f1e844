"""Where figures do not decide a named person does, with a reason; and every author reads a sentence and true figures."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.usecase import transaction
from innovation.promotion import queries
from innovation.promotion.models import Decision, Run
from innovation.promotion.service import judging, running
from innovation.promotion.service.replaying import replay
from innovation.rules.promotion import ready_rule
from tests.support.forms import filled
from tests.support.world import World

CLOSE = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1}, close={"within": {"value": 1}})


def _votes(world: World, counts: tuple[int, ...], rule: dict[str, object]) -> tuple[Challenge, list[Idea]]:
    challenge = world.challenge(world.person("Sponsor"), rule=rule)
    made = [world.idea(challenge, title=f"Idea {n}") for n in range(len(counts))]
    crowd = world.crowd(max(counts))
    for idea, count in zip(made, counts, strict=True):
        for who in crowd[:count]:
            world.vote(idea, who)
    return challenge, made


def _decision(run: Run, idea: Idea) -> Decision:
    found = queries.decision_of(house(Origin.CLI), run, idea.public_id)
    assert found is not None
    return found


def _judge(world: World, challenge: Challenge, idea: Idea, promoted: bool, reason: str = "It fits the plant.") -> None:
    with transaction():
        run = queries.run(world.run_of(challenge).id)
        decision = _decision(run, idea)
        judging.judge(actor=world.sponsor_of(challenge), run=run, decision=decision, promoted=promoted, reason=reason)


def _calls(idea: Idea, chosen: str, reason: str) -> dict[str, str]:
    said = {f"reason-{idea.public_id}": reason}
    return said | ({f"chosen-{idea.public_id}": chosen} if chosen else {})


def _named(page: TestResponse) -> list[str]:
    """The fields that the error summary names, in order of their names."""
    summary = page.text.partition("error-summary-title")[2].partition("</ul>")[0]
    return sorted(re.findall(r'href="#([\w-]+)"', summary))


def _announce(world: World, challenge: Challenge) -> None:
    running.announce(actor=world.sponsor_of(challenge), run=world.run_of(challenge))


def test_ideas_too_close_to_call_wait_for_a_person(world: World) -> None:
    challenge, (first, second, third) = _votes(world, (6, 5, 2), CLOSE)
    run = world.decided(challenge)
    assert [_decision(run, idea).close for idea in (first, second, third)] == [True, True, False]
    with pytest.raises(NotPossible, match="close_calls_open"):
        _announce(world, challenge)
    assert {idea.state for idea in db.session.scalars(select(Idea))} == {"submitted"}


def test_a_named_persons_call_decides_and_its_reason_stays(world: World) -> None:
    challenge, (first, second, third) = _votes(world, (6, 5, 2), CLOSE)
    world.decided(challenge)
    _judge(world, challenge, first, promoted=False, reason="It needs a reactor we do not have.")
    _judge(world, challenge, second, promoted=True, reason="It fits the plant.")
    _announce(world, challenge)
    assert [world.idea_again(idea).state for idea in (first, second, third)] == ["declined", "promoted", "declined"]
    run = world.run_of(challenge)
    made = _decision(run, second)
    assert (made.because, made.words, made.words_as) == ("judged_in", "It fits the plant.", "judge")
    assert made.words_by == world.sponsor_of(challenge).person_id
    assert replay(run) is None


def test_a_person_cannot_choose_more_than_there_is_room_for(world: World) -> None:
    challenge, (first, second, _) = _votes(world, (6, 5, 2), CLOSE)
    world.decided(challenge)
    for idea in (first, second):
        _judge(world, challenge, idea, promoted=True)
    with pytest.raises(NotPossible, match="judged_too_many"):
        _announce(world, challenge)
    _judge(world, challenge, first, promoted=False)
    _announce(world, challenge)
    assert world.idea_again(second).state == "promoted"


def test_what_the_figures_decided_is_nobodys_to_judge(world: World) -> None:
    challenge, (_, _, third) = _votes(world, (6, 5, 2), CLOSE)
    world.decided(challenge)
    with pytest.raises(NotPossible, match="not_to_be_judged"):
        _judge(world, challenge, third, promoted=True)


def test_a_call_needs_a_reason(world: World) -> None:
    challenge, (first, *_) = _votes(world, (6, 5, 2), CLOSE)
    world.decided(challenge)
    with pytest.raises(Invalid, match="reason_missing"):
        _judge(world, challenge, first, promoted=True, reason="  ")


def test_the_clock_never_announces_an_open_call(world: World) -> None:
    challenge, _ = _votes(world, (6, 5, 2), CLOSE)
    with transaction():
        row = world.again(challenge)
        row.announce_after_hours = 0
    world.decided(challenge)
    world.settle()
    assert world.run_of(challenge).state == "decided"


def test_calls_are_made_in_the_browser_without_javascript(world: World) -> None:
    challenge, (first, second, _) = _votes(world, (6, 5, 2), CLOSE)
    run = world.decided(challenge)
    browser = world.browser(world.sponsor_of(challenge))
    refused = browser.post(f"/runs/{run.public_id}/announcement")
    assert (refused.status_code, "2 ideas wait for a decision" in refused.text) == (422, True)
    path = f"/runs/{run.public_id}/calls"
    typed = browser.post(path, _calls(first, "no", "") | _calls(second, "", "Only a reason."))
    assert (typed.status_code, _named(typed)) == (422, [f"chosen-{second.public_id}-0", f"reason-{first.public_id}"])
    both = _calls(first, "yes", "It fits.") | _calls(second, "yes", "So does this.")
    refused = browser.post(path, both)
    assert (refused.status_code, _named(refused)) == (422, sorted(f"chosen-{idea.public_id}-0" for idea in (first, second)))
    assert "it takes 1, and 2 are chosen" in refused.text
    assert (filled(refused, path) | both, queries.judgements(run.id)) == (filled(refused, path), {})
    assert browser.post(path, _calls(second, "yes", "So it is.")).status_code == 303
    assert browser.post(path, _calls(first, "no", "So it is.")).status_code == 303
    page = browser.get(f"/runs/{run.public_id}").text
    row = page.partition(f"/ideas/{second.public_id}")[2].partition("</tr>")[0]
    assert ("Not chosen" in row, "Chosen" in row, "1 idea was chosen." in page) == (False, True, True)
    announcement = browser.get(f"/runs/{run.public_id}/announcement").text
    assert "1 idea is chosen and becomes a project" in announcement
    assert browser.post(f"/runs/{run.public_id}/announcement").status_code == 303
    assert world.idea_again(second).state == "promoted"
    stranger = world.browser(world.person("Stranger"))
    assert stranger.get(f"/runs/{run.public_id}/calls").status_code == 403


def test_announcing_lists_whoever_gets_no_sentence_and_keeps_those_written(world: World) -> None:
    rule = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1})
    challenge, (first, second) = _votes(world, (6, 2), rule)
    run = world.decided(challenge)
    browser = world.browser(world.sponsor_of(challenge))
    assert "2 author teams get figures only" in browser.get(f"/runs/{run.public_id}/announcement").text
    words = {f"words-{second.public_id}": "Show us a test on our own feed.", f"words-{first.public_id}": "  "}
    assert browser.post(f"/runs/{run.public_id}/sentences", words).status_code == 303
    assert "1 author team gets figures only" in browser.get(f"/runs/{run.public_id}/announcement").text
    assert browser.post(f"/runs/{run.public_id}/announcement").status_code == 303
    made = _decision(world.run_of(challenge), second)
    assert (made.words, made.words_as) == ("Show us a test on our own feed.", "sponsor")
    page = world.browser(world.actor(_author(second))).get(f"/ideas/{second.public_id}").text
    assert page.index("Show us a test on our own feed.") < page.index("It came in place 2")
    assert "Sponsor, sponsor" in page


def _author(idea: Idea) -> int:
    db.session.rollback()
    found = idea.created_by
    assert found is not None
    return found


def test_an_author_reads_what_was_missing_and_others_do_not(world: World) -> None:
    """Six people supported the first idea and two the second; with seven in favour it would have been ahead."""
    rule = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1})
    challenge, (_, second) = _votes(world, (9, 6), rule)
    world.announced(challenge)
    run = world.run_of(challenge)
    params = _decision(run, second).params
    assert (params["placed"], params["chosen"], params["more"]) == (2, 1, 4)
    mine = world.browser(world.actor(_author(second))).get(f"/ideas/{second.public_id}").text
    others = world.browser(world.person("Reader")).get(f"/ideas/{second.public_id}").text
    assert ["About 4 more in favour would have been enough." in page for page in (mine, others)] == [True, False]


def test_below_five_voters_nothing_is_said_of_what_was_missing(world: World) -> None:
    rule = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1})
    challenge, (_, second) = _votes(world, (5, 4), rule)
    world.announced(challenge)
    assert "more" not in _decision(world.run_of(challenge), second).params


def test_what_calls_change_is_counted_before_the_announcement(world: World) -> None:
    """Nothing is chosen among those too close, and every page says so."""
    challenge, (first, second, _) = _votes(world, (6, 5, 2), CLOSE)
    run = world.decided(challenge)
    for idea in (first, second):
        _judge(world, challenge, idea, promoted=False)
    browser = world.browser(world.sponsor_of(challenge))
    assert "0 ideas were chosen." in browser.get(f"/runs/{run.public_id}").text
    assert "No idea is chosen." in browser.get(f"/runs/{run.public_id}/announcement").text


def test_a_kept_sentence_is_changed_until_it_is_read(world: World) -> None:
    rule = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1})
    challenge, (_, second) = _votes(world, (6, 2), rule)
    run = world.decided(challenge)
    browser, name = world.browser(world.sponsor_of(challenge)), f"words-{second.public_id}"
    path = f"/runs/{run.public_id}/sentences"
    browser.post(path, {name: "Too dear."})
    assert "Too dear.</textarea>" in browser.get(path).text
    browser.post(path, {name: "Too dear for us this year."})
    _announce(world, challenge)
    assert "</textarea>" not in browser.get(path).text.partition(name)[2]
    assert browser.post(path, {name: "Never mind."}).status_code == 409
    assert _decision(world.run_of(challenge), second).words == "Too dear for us this year."
