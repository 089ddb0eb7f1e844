"""The panel's pages: who sees what when, hidden names stay hidden, and a longer list asks no more of the database."""

from __future__ import annotations

import re
from typing import Any

import pytest

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.ideas.models import Author, Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from tests.conftest import counting
from tests.support.browser import Browser
from tests.support.pages import body, typed
from tests.support.world import World

SCORES = {"score_1": "1", "score_2": "2", "score_3": "3"}


def _list(challenge: Challenge) -> str:
    return f"/challenges/{challenge.public_id}/reviews"


def _page(idea: Idea) -> str:
    return f"/ideas/{idea.public_id}/review"


def _text(world: World, who: Actor | None, path: str) -> str:
    return body(world.browser(who).get(path))


def _titles(text: str) -> list[str]:
    """The ideas that a page links to, by public id, each once."""
    return list(dict.fromkeys(re.findall(r'href="/ideas/([0-9a-z]{10})(?:/review)?"', text)))


def _decide(challenge: Challenge, **columns: Any) -> None:
    with transaction():
        row = challenges.by_id(challenge.id)
        for name, value in ({"state": "decided"} | columns).items():
            setattr(row, name, value)


# --- scoring -------------------------------------------------------------------------------------------------------


def test_a_member_scores_idea_after_idea_without_a_script(world: World) -> None:
    challenge = world.panel_challenge()
    first, second = world.idea(challenge), world.idea(challenge)
    member = world.panellist(challenge)
    world.scoring(challenge)
    browser = world.browser(member)
    assert [_text(world, member, _list(challenge)).count(word) for word in ("Not scored yet", "0 of 2")] == [2, 1]
    form = SCORES | {"sentence": "It could work.", "then": "complete"}
    answers = [browser.post(_page(first), form), browser.post(_page(second), form)]
    assert [each.headers["Location"] for each in answers] == [_page(second), _list(challenge)]
    assert "2 of 2" in _text(world, member, _list(challenge))


def test_a_draft_is_kept_with_all_that_was_typed(world: World) -> None:
    challenge = world.panel_challenge()
    idea, member = world.idea(challenge), world.panellist(challenge)
    world.scoring(challenge)
    browser = world.browser(member)
    answered = browser.post(_page(idea), {"score_2": "4", "sentence": "Perhaps", "then": "draft"})
    assert answered.headers["Location"] == _list(challenge)
    page = browser.get(_page(idea))
    chosen = re.findall(r'<input checked[^>]*name="(score_\d)"[^>]*value="(\d)"', body(page))
    assert (typed(page, "sentence"), chosen) == ("Perhaps", [("score_2", "4")])
    assert "Draft, does not count yet" in _text(world, member, _list(challenge))


def test_what_is_missing_is_said_and_what_was_typed_stays(world: World) -> None:
    challenge = world.panel_challenge()
    idea, member = world.idea(challenge), world.panellist(challenge)
    world.scoring(challenge)
    page = world.browser(member).post(_page(idea), {"score_1": "5", "sentence": "It could work.", "then": "complete"})
    assert (page.status_code, typed(page, "sentence")) == (422, "It could work.")
    assert re.findall(r'href="#(score_\d-0|sentence)"', body(page)) == ["score_2-0", "score_3-0"]
    assert re.findall(r'<input[^>]*checked[^>]*name="(score_\d)"', body(page)) == ["score_1"]


def test_a_missing_sentence_is_named_with_the_missing_scores(embedded: World) -> None:
    challenge = embedded.panel_challenge()
    idea, member = embedded.idea(challenge), embedded.panellist(challenge)
    embedded.scoring(challenge)
    page = embedded.browser(member).post(_page(idea), {"score_2": "5", "sentence": "", "then": "complete"})
    named = re.findall(r'href="#(score_\d-0|sentence)"', body(page))
    assert (page.status_code, sorted(named)) == (422, ["score_1-0", "score_3-0", "sentence"])


@pytest.mark.parametrize("score", ["0", "6", "x", "-1", "1.5", "99999999999999999999"])
def test_odd_scores_are_refused(world: World, score: str) -> None:
    challenge = world.panel_challenge()
    idea, member = world.idea(challenge), world.panellist(challenge)
    world.scoring(challenge)
    form = SCORES | {"score_2": score, "sentence": "It could work.", "then": "draft"}
    assert world.browser(member).post(_page(idea), form).status_code == 422


# --- who sees what -------------------------------------------------------------------------------------------------


def test_the_list_is_for_panel_sponsor_and_manager(world: World) -> None:
    challenge = world.panel_challenge()
    world.idea(challenge)
    people = [None, world.person(), world.panellist(challenge), world.sponsor_of(challenge), world.manager]
    for expected in ([404, 403, 200, 200, 200],) * 3:
        assert [world.browser(who).get(_list(challenge)).status_code for who in people] == expected
        stage = challenge.closes_at > world.now()
        challenge = world.scoring(challenge) if stage else world.close_scoring(challenge)


def test_nobody_sees_anothers_scores_while_scoring_is_open(world: World) -> None:
    """A member's pages stay the same whatever the others say; sponsor and manager see counts alone."""
    challenge = world.panel_challenge()
    ideas = [world.idea(challenge) for _ in range(2)]
    member, other = world.panellist(challenge), world.panellist(challenge)
    world.scoring(challenge)
    world.review(ideas[0], other, (5, 5, 5), "First words.")
    world.review(ideas[0], member, (2, 2, 2), "My own words.")
    paths = [_list(challenge), *(_page(idea) for idea in ideas)]
    looks = [(member, path) for path in paths]
    watching = [(who, _list(challenge)) for who in (world.sponsor_of(challenge), world.manager)]
    before = [_timeless(_text(world, *look)) for look in looks + watching]
    assert not any("First words" in text or "My own words" in text for text in before[3:])
    world.review(ideas[0], other, (1, 1, 1), "Second words.")
    assert [_timeless(_text(world, *look)) for look in looks + watching] == before
    world.review(ideas[1], other, (4, 4, 4), "Third words.")
    assert [_timeless(_text(world, *look)) for look in looks] == before[:3]
    counts = [re.findall(r'data-label="(?:Scored|Of)">(\d+)<', text) for text in (before[3], _text(world, *watching[0]))]
    assert counts == [["1", "2", "1", "2"], ["1", "2", "2", "2"]]


def _timeless(text: str) -> str:
    return re.sub(r"(in|over) \d+ \w+|\d\d:\d\d(:\d\d)?", "", text)


def test_once_scoring_is_over_the_panel_sees_means_and_sentences_best_first(world: World) -> None:
    challenge = world.panel_challenge()
    worse, better, none = world.idea(challenge), world.idea(challenge), world.idea(challenge)
    members = [world.panellist(challenge, world.person(name)) for name in ("Ann", "Ben")]
    world.scoring(challenge)
    world.review(worse, members[0], (1, 2, 3), "It was tried before.")
    world.review(better, members[0], (5, 4, 4), "Worth a try at once.")
    world.review(better, members[1], (4, 4, 4), "I would pay for it.")
    world.review(none, members[1], (5,), "", complete=False)
    world.close_scoring(challenge)
    for who in (members[0], world.sponsor_of(challenge), world.manager):
        text = _text(world, who, _list(challenge))
        assert _titles(text) == [better.public_id, worse.public_id, none.public_id]
        assert re.findall(r'review-mean">([\d.]+)<', text) == ["4.17", "2.00"]
        assert [word in text for word in ("It was tried before.", "I would pay for it.", "Ben: ")] == [True] * 3
    assert "no assessment" in text


def test_after_the_decision_the_figures_stay(world: World) -> None:
    challenge = world.panel_challenge()
    idea, member = world.idea(challenge), world.panellist(challenge)
    world.scoring(challenge)
    world.review(idea, member, (4, 4, 4))
    world.close_scoring(challenge)
    _decide(challenge)
    with transaction():
        db.session.execute(db.update(Idea).values({"state": "promoted"}))
    assert _titles(_text(world, member, _list(challenge))) == [idea.public_id]
    page = _text(world, member, _page(idea))
    assert ("What you said stays as it is." in page, 'name="score_1"' in page) == (True, False)


def test_an_author_does_not_find_his_own_idea_among_the_figures_before_the_decision(world: World) -> None:
    challenge = world.panel_challenge()
    own, other = world.idea(challenge), world.idea(challenge)
    manager, member = world.manager, world.panellist(challenge)
    with transaction():
        db.session.add(Author(idea_id=own.id, person_id=manager.person_id, position=2))
    world.scoring(challenge)
    for idea in (own, other):
        world.review(idea, member)
    world.close_scoring(challenge)
    assert _titles(_text(world, manager, _list(challenge))) == [other.public_id]
    _decide(challenge)
    assert sorted(_titles(_text(world, manager, _list(challenge)))) == sorted([own.public_id, other.public_id])


def test_a_members_own_idea_is_named_as_others_to_score(world: World) -> None:
    challenge = world.panel_challenge()
    author = world.person()
    own, other = world.idea(challenge, author), world.idea(challenge)
    member = world.panellist(challenge, author)
    world.scoring(challenge)
    text = _text(world, member, _list(challenge))
    assert (f'href="{_page(own)}"' in text, f'href="{_page(other)}"' in text) == (False, True)
    assert "Your own: others score it" in text


# --- hidden and sealed ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hidden", [True, False])
def test_hidden_names_stay_hidden_on_the_panels_pages_until_the_decision(world: World, hidden: bool) -> None:
    challenge = world.panel_challenge(names_hidden=hidden)
    idea = world.idea(challenge, world.person("Wilhelmina"))
    member = world.panellist(challenge)
    browser = world.browser(member)

    def shown() -> list[bool]:
        wrong = browser.post(_page(idea), {"then": "complete"})
        pages = [browser.get(_list(challenge)), browser.get(_page(idea)), wrong]
        return ["Wilhelmina" in body(page) for page in pages]

    world.scoring(challenge)
    assert shown() == [False, not hidden, not hidden]
    world.review(idea, member)
    world.close_scoring(challenge)
    assert shown()[:2] == [False, not hidden]
    _decide(challenge)
    assert shown()[:2] == [False, True]


def test_sealed_ideas_are_read_by_panel_and_sponsor_and_are_rows_without_title_to_managers(world: World) -> None:
    challenge = world.panel_challenge(visibility="sealed")
    idea = world.idea(challenge, title="A secret way")
    member = world.panellist(challenge)
    world.scoring(challenge)
    assert world.browser(world.manager).get(_page(idea)).status_code == 404
    world.review(idea, member, (4, 4, 4), "The secret is worth it.")
    assert "A secret way" in _text(world, member, _list(challenge))
    world.close_scoring(challenge)
    people = [member, world.sponsor_of(challenge), world.manager]
    pages = [_text(world, who, _list(challenge)) for who in people]
    assert ["A secret way" in text for text in pages] == [True, True, False]
    assert ["The secret is worth it." in text for text in pages] == [True, True, False]
    assert f"Sealed idea {idea.public_id}" in pages[2]
    assert 'review-mean">4.00<' in pages[2]


def test_a_challenge_without_a_panel_says_so(world: World) -> None:
    challenge = world.challenge()
    world.idea(challenge)
    assert "No panel scores this challenge" in _text(world, world.manager, _list(challenge))


# --- lists ---------------------------------------------------------------------------------------------------------


def test_a_long_list_goes_on_and_what_is_left_can_be_shown_alone(world: World) -> None:
    challenge = world.panel_challenge()
    ideas = [world.idea(challenge, author) for author in world.crowd(27)]
    member = world.panellist(challenge)
    world.scoring(challenge)
    for idea in ideas[:2]:
        world.review(idea, member)
    names = [idea.public_id for idea in ideas]
    first = _text(world, member, _list(challenge))
    onwards = re.findall(r'rel="next" href="([^"]+)"', first)[0].replace("&amp;", "&")
    listed = re.findall(r'idea-card-title"><a href="/ideas/([0-9a-z]{10})/review"', first + _text(world, member, onwards))
    assert listed == names
    left = _text(world, member, f"{_list(challenge)}?show=left")
    assert re.findall(r'idea-card-title"><a href="/ideas/([0-9a-z]{10})/review"', left) == names[2:]
    assert f'href="{_page(ideas[2])}"' in first


def test_results_go_on_from_page_to_page_without_a_gap(world: World) -> None:
    challenge = world.panel_challenge()
    ideas = [world.idea(challenge, author) for author in world.crowd(28)]
    member = world.panellist(challenge)
    world.scoring(challenge)
    for number, idea in enumerate(ideas[:-2]):
        world.review(idea, member, (number % 5 + 1, 3, 3))
    world.close_scoring(challenge)
    first = _text(world, member, _list(challenge))
    onwards = re.findall(r'rel="next" href="([^"]+)"', first)[0].replace("&amp;", "&")
    both = _titles(first) + _titles(_text(world, member, onwards))
    scored = sorted(range(26), key=lambda n: (-(n % 5), n))
    assert both == [ideas[n].public_id for n in [*scored, 26, 27]]


def _asked(browser: Browser, path: str) -> int:
    browser.get(path)
    with counting() as sent:
        page = browser.get(path)
    assert page.status_code == 200, path
    return len(sent)


def test_thirty_ideas_ask_no_more_than_one(world: World) -> None:
    member, sponsor = world.person("Member"), world.person("Sponsor")
    counts: list[list[int]] = []
    for size in (1, 30):
        challenge = world.panel_challenge(sponsor)
        ideas = [world.idea(challenge, author) for author in world.crowd(size)]
        member = world.panellist(challenge, member)
        world.scoring(challenge)
        world.review(ideas[0], member, (), "", complete=False)
        browsers = {"member": world.browser(member), "sponsor": world.browser(world.actor(sponsor.person_id or 0))}
        looked = [("member", _list(challenge)), ("sponsor", _list(challenge)), ("member", _page(ideas[0]))]
        asked = [_asked(browsers[who], path) for who, path in looked]
        for idea in ideas:
            world.review(idea, member)
        world.close_scoring(challenge)
        asked += [_asked(browsers[who], _list(challenge)) for who in ("member", "sponsor")]
        counts.append(asked)
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 13
