"""Two ideas side by side: what was said can be said again, nobody new outweighs the verified, and no gang goes unseen."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from functools import partial
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import func, select, update

from innovation.challenges.models import Challenge
from innovation.ideas.models import Author, Idea
from innovation.ideas.service import writing
from innovation.kernel import clock
from innovation.kernel.actor import Actor, Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.voting import queries as voting
from innovation.voting import service as votes
from innovation.voting.models import Comparison, ComparisonChange, Flag, Measured, Standing
from tests.conftest import counting
from tests.support.browser import Browser
from tests.support.pages import words
from tests.support.refusals import answer
from tests.support.world import World


def _pairs(world: World, ideas: int = 3, **changes: Any) -> tuple[Challenge, list[Idea]]:
    challenge = world.ballot("pairs", **changes)
    authors = world.crowd(ideas)
    return challenge, [world.idea(challenge, author, f"Idea no. {n}") for n, author in enumerate(authors)]


def _changed() -> list[tuple[int, int]]:
    db.session.rollback()
    rows = db.session.execute(select(ComparisonChange.before, ComparisonChange.after).order_by(ComparisonChange.id))
    return [(row[0], row[1]) for row in rows]


def _said(who: Actor) -> list[tuple[int, int, int]]:
    db.session.rollback()
    columns = (Comparison.first_id, Comparison.second_id, Comparison.preferred)
    rows = db.session.execute(select(*columns).where(Comparison.person_id == who.person_id).order_by(Comparison.id))
    return [(row[0], row[1], row[2]) for row in rows]


def _listed(browser: Browser, path: str) -> list[str]:
    """The addresses of the pairs that a page of answers leads to."""
    return re.findall(r'href="(/ideas/[^"]*/comparison\?[^"]*)"', browser.get(path).get_data(as_text=True))


def _measure(challenge: Challenge) -> dict[int, dict[str, int]]:
    votes.measure(actor=house(Origin.CLOCK), challenge_id=challenge.id, k=1)
    db.session.rollback()
    return {row.idea_id: row.raw for row in db.session.scalars(select(Measured))}


# --- what was said can be said again -------------------------------------------------------------------------------


def test_an_answer_is_called_up_changed_and_kept(world: World) -> None:
    challenge, (one, two, three) = _pairs(world)
    voter = world.person()
    world.compare(two, three, voter)
    world.compare(one, two, voter, -1)
    browser, path = world.browser(voter), f"/challenges/{challenge.public_id}/comparisons"
    pair = f"/ideas/{one.public_id}/comparison?other={two.public_id}"
    assert path in browser.get(f"/challenges/{challenge.public_id}/pairs").get_data(as_text=True)
    assert _listed(browser, path)[0] == pair
    page = browser.get(pair).get_data(as_text=True)
    assert re.findall(r'value="(-?\d)" aria-pressed="(\w+)"', page) == [("1", "false"), ("-1", "true"), ("0", "false")]
    assert [page.count(f">{idea.title}</a></h2>") for idea in (one, two, three)] == [1, 1, 0]
    turned = browser.get(f"/ideas/{two.public_id}/comparison?other={one.public_id}").get_data(as_text=True)
    assert re.findall(r'value="(-?\d)" aria-pressed="true"', turned) == ["-1"]
    done = browser.post(f"/ideas/{one.public_id}/comparison", {"other": two.public_id, "preferred": "1", "next": path})
    assert (done.status_code, done.headers["Location"]) == (303, path)
    assert "Your answer counts." in words(browser.get(path))
    assert _said(voter) == [(two.id, three.id, 1), (one.id, two.id, 1)]
    assert _changed() == [(-1, 1)]
    assert voting.kept(challenge.id) == voting.recount(challenge.id)
    assert browser.get(pair).get_data(as_text=True).count('value="1" aria-pressed="true"') == 1


def test_cannot_say_is_an_answer_like_the_others(world: World) -> None:
    challenge, (one, two, _three) = _pairs(world)
    voter = world.compare(one, two, preferred=0)
    browser = world.browser(voter)
    assert "You could not say." in words(browser.get(f"/challenges/{challenge.public_id}/comparisons"))
    page = browser.get(f"/ideas/{one.public_id}/comparison?other={two.public_id}").get_data(as_text=True)
    assert re.findall(r'value="(-?\d)" aria-pressed="(\w+)"', page) == [("1", "false"), ("-1", "false"), ("0", "true")]
    world.compare(one, two, voter, 1)
    assert (_said(voter), _changed()) == ([(one.id, two.id, 1)], [(0, 1)])


def test_only_ones_own_answers_on_ideas_that_may_be_compared_are_offered(world: World) -> None:
    challenge, ideas = _pairs(world, 5)
    voter, other, author = world.person(), world.person(), world.person()
    for one, two in combinations(ideas, 2):
        world.compare(one, two, voter)
    world.compare(ideas[0], ideas[1], other)
    gone, merged, joined = ideas[1], ideas[2], ideas[3]
    writing.withdraw(actor=world.actor(world.idea_again(gone).authors[0].person_id), idea=world.idea_again(gone))
    world.merge(merged, ideas[4])
    path = f"/challenges/{challenge.public_id}/comparisons"
    left = {(ideas[0].public_id, joined.public_id), (ideas[0].public_id, ideas[4].public_id)}
    left |= {(joined.public_id, ideas[4].public_id)}
    assert set(_listed(world.browser(voter), path)) == {f"/ideas/{a}/comparison?other={b}" for a, b in left}
    text = words(world.browser(voter).get(path))
    assert [text.count(idea.title) for idea in ideas] == [4, 0, 0, 4, 4]  # each in two pairs: shown, and in its link
    with transaction():
        row = {"person_id": voter.person_id, "position": 2, "accepted_at": clock.now()}
        db.session.add(Author(idea_id=joined.id, **row))
    assert _listed(world.browser(voter), path) == [f"/ideas/{ideas[0].public_id}/comparison?other={ideas[4].public_id}"]
    assert _listed(world.browser(author), path) == _listed(world.browser(other), path) == []
    asked = [
        (ideas[0], gone, voter, 303),
        (gone, ideas[0], voter, 404),
        (ideas[0], joined, voter, 303),
        (joined, ideas[0], voter, 403),
        (ideas[0], ideas[0], voter, 303),
        (ideas[0], ideas[4], author, 303),
        (ideas[0], ideas[4], voter, 200),
    ]
    for one, two, who, status in asked:
        page = world.browser(who).get(f"/ideas/{one.public_id}/comparison?other={two.public_id}")
        assert page.status_code == status, (one.title, two.title)
    assert world.browser(voter).get(f"/ideas/{ideas[0].public_id}/comparison").status_code == 303


def test_who_is_not_asked_calls_nothing_up(world: World) -> None:
    challenge, (one, two, _three) = _pairs(world, who_may="everyone")
    world.compare(one, two)
    who = [None, world.sponsor_of(challenge), world.panellist(challenge)]
    for path in (f"/challenges/{challenge.public_id}/comparisons", f"/ideas/{one.public_id}/comparison"):
        found = [world.browser(each).get(f"{path}?other={two.public_id}") for each in who]
        assert [page.status_code for page in found] == [303, 403, 403]
        assert "/sign-in" in found[0].headers["Location"]


def test_once_voting_is_over_nothing_is_called_up_or_changed(world: World) -> None:
    challenge, (one, two, _three) = _pairs(world)
    voter = world.compare(one, two)
    browser = world.browser(voter)
    pair = f"/ideas/{one.public_id}/comparison"
    world.close(challenge)
    ideas = f"/challenges/{challenge.public_id}/ideas"
    assert browser.get(f"/challenges/{challenge.public_id}/comparisons").headers["Location"] == ideas
    assert browser.get(f"{pair}?other={two.public_id}").status_code == 303
    assert answer(partial(world.compare, one, two, voter, -1)) == "NotNow closed"
    assert browser.post(pair, {"other": two.public_id, "preferred": "-1"}).status_code >= 400
    assert (_said(voter), _changed()) == ([(one.id, two.id, 1)], [])


def test_answers_are_paged_the_last_first_and_more_of_them_ask_no_more(world: World) -> None:
    challenge, ideas = _pairs(world, 8)
    voter, path = world.person(), f"/challenges/{challenge.public_id}/comparisons"
    every = list(combinations(ideas, 2))
    world.compare(*every[0], voter)
    browser = world.browser(voter)
    browser.get(path)
    with counting() as few:
        first = _listed(browser, path)
    for one, two in every[1:]:
        world.compare(one, two, voter)
    world.compare(*every[0], voter, -1)
    with counting() as many:
        page = browser.get(path).get_data(as_text=True)
    assert (len(first), len(few)) == (1, len(many))
    shown = _listed(browser, path)
    after = re.search(r'rel="next" href="([^"]*)"', page)
    assert after is not None
    shown += _listed(browser, after[1].replace("&amp;", "&"))
    order = [every[0], *reversed(every[1:])]
    assert shown == [f"/ideas/{a.public_id}/comparison?other={b.public_id}" for a, b in order]


# --- who finds the way there ---------------------------------------------------------------------------------------


def test_idea_and_list_lead_to_comparing_only_whoever_may_and_only_while_it_is_open(world: World) -> None:
    challenge, ideas = _pairs(world, sponsor=world.person("Sponsor"))
    author = world.actor(world.idea_again(ideas[0]).authors[0].person_id)
    who = {"voter": world.person(), "author": author, "sponsor": world.sponsor_of(challenge), "visitor": None}
    way = f'href="/challenges/{challenge.public_id}/pairs"'
    pages = {"idea": f"/ideas/{ideas[0].public_id}", "list": f"/challenges/{challenge.public_id}/ideas"}

    def leads() -> set[tuple[str, str]]:
        browsers = {name: world.browser(each) for name, each in who.items()}
        return {
            (name, page)
            for name, browser in browsers.items()
            for page, path in pages.items()
            if way in browser.get(path).get_data(as_text=True)
        }

    assert leads() == {("voter", "idea"), ("voter", "list"), ("author", "list")}
    world.close(challenge)
    assert leads() == set()


def test_a_challenge_with_another_ballot_leads_nowhere(world: World) -> None:
    challenge = world.challenge()
    idea = world.idea(challenge)
    for path in (f"/ideas/{idea.public_id}", f"/challenges/{challenge.public_id}/ideas"):
        assert "/pairs" not in world.browser(world.person()).get(path).get_data(as_text=True)


# --- what unverified people weigh ----------------------------------------------------------------------------------


def test_unverified_comparisons_count_as_fifteen_percent_of_an_ideas_verified_ones(world: World) -> None:
    challenge, (good, weak, third) = _pairs(world, who_may="everyone")
    for who in world.crowd(20):
        world.compare(good, weak, who)
    fair = _measure(challenge)
    for who in world.crowd(12, Circle.PUBLIC):
        world.compare(weak, good, who)
        world.compare(third, good, who)
    counted = _measure(challenge)
    # Of 24 unverified comparisons of the good idea 3 may count, an eighth each; nobody verified compared the third.
    assert {name: counted[good.id][name] for name in ("for", "against", "voters")} == {
        "for": 20,
        "against": 1,
        "voters": 21,
    }
    assert {name: counted[weak.id][name] for name in ("for", "against", "voters")} == {
        "for": 1,
        "against": 20,
        "voters": 21,
    }
    assert {name: counted[third.id][name] for name in ("for", "against", "voters")} == {
        "for": 0,
        "against": 0,
        "voters": 0,
    }
    strengths = {idea_id: raw["pairs_micro"] for idea_id, raw in counted.items()}
    assert strengths[good.id] > strengths[third.id] > strengths[weak.id]
    assert 0 < strengths[good.id] < fair[good.id]["pairs_micro"]
    assert strengths[third.id] == 0
    assert voting.kept(challenge.id)[third.id][:2] == (12, 0)  # the tally stays the plain count
    places = db.session.execute(select(Standing.idea_id, Standing.place).where(Standing.method == "pairs")).all()
    assert {row[0]: row[1] for row in places} == {good.id: 1, third.id: 2, weak.id: 3}
    assert _measure(challenge) == counted


def test_without_anybody_verified_all_comparisons_count(world: World) -> None:
    challenge, (one, two, _three) = _pairs(world, who_may="everyone")
    for who in world.crowd(4, Circle.PUBLIC):
        world.compare(one, two, who)
    assert (_measure(challenge)[one.id]["for"], _measure(challenge)[two.id]["against"]) == (4, 4)


def test_what_counts_is_what_a_person_was_when_he_compared(world: World) -> None:
    challenge, (one, two, _three) = _pairs(world, who_may="everyone")
    for who in world.crowd(10, Circle.PUBLIC):
        world.compare(one, two, who)
    for who in world.crowd(10):
        world.compare(two, one, who)
    assert _measure(challenge)[one.id]["for"] == 1
    with transaction():
        db.session.execute(update(Comparison).where(Comparison.group_key == "u").values(group_key="c:staff"))
    assert _measure(challenge)[one.id]["for"] == 10


# --- in lockstep ---------------------------------------------------------------------------------------------------


def _find() -> int:
    return votes.find_lockstep(actor=house(Origin.CLOCK))


def _answers(world: World, ideas: Sequence[Idea], who: Actor, order: Sequence[int]) -> None:
    """Every pair, answered by somebody who likes ideas in this order."""
    for a, b in combinations(range(len(ideas)), 2):
        world.compare(ideas[a], ideas[b], who, 1 if order.index(a) < order.index(b) else -1)


@pytest.fixture
def gang(world: World) -> tuple[World, Challenge, list[Idea], list[Actor]]:
    """Eight people of one mind among twelve who have their own."""
    challenge, ideas = _pairs(world, 5)
    chance = random.Random(4)
    for who in world.crowd(12):
        _answers(world, ideas, who, chance.sample(range(5), 5))
    people = world.crowd(8)
    for who in people:
        _answers(world, ideas, who, [3, 0, 4, 1, 2])
    return world, challenge, ideas, people


def test_people_who_answer_the_same_pairs_alike_are_flagged_once(
    gang: tuple[World, Challenge, list[Idea], list[Actor]],
) -> None:
    world, challenge, ideas, people = gang
    assert [_find(), _find()] == [1, 0]
    flag = db.session.scalars(select(Flag)).one()
    assert (flag.challenge_id, flag.people) == (challenge.id, sorted(who.person_id or 0 for who in people))
    assert {name: flag.figures[name] for name in ("people", "common", "any")} == {"people": 8, "common": 10, "any": 10}
    assert 0 <= flag.figures["seconds"] <= 3600
    votes.remove_votes(actor=world.manager, challenge=world.again(challenge), flag=flag, reason="One hand.")
    assert _find() == 0
    assert answer(partial(world.compare, ideas[0], ideas[1], people[0], -1)) == "NotPossible votes_were_removed"


def test_pairs_with_ideas_that_left_are_no_agreement(gang: tuple[World, Challenge, list[Idea], list[Actor]]) -> None:
    world, _challenge, ideas, _people = gang
    for idea in ideas[:2]:
        author = world.actor(world.idea_again(idea).authors[0].person_id)
        writing.withdraw(actor=author, idea=world.idea_again(idea))
    assert _find() == 0  # three pairs are left: too few to tell
    assert db.session.scalar(select(func.count()).select_from(Flag)) == 0


# --- the table of totals -------------------------------------------------------------------------------------------


def test_the_table_says_how_often_an_idea_was_compared(world: World) -> None:
    challenge, (one, two, three) = _pairs(world)
    people = world.crowd(6)
    for who in people[:4]:
        world.compare(one, two, who)
    world.compare(one, three, people[0], 0)
    world.compare(three, one, people[4])
    world.see(people[5], one, two, three)
    removed = world.crowd(1)[0]
    world.compare(one, two, removed)
    with transaction():
        flag = Flag(challenge_id=challenge.id, fingerprint="x", people=[removed.person_id], figures={}, found_at=clock.now())
        db.session.add(flag)
    votes.remove_votes(actor=world.manager, challenge=world.again(challenge), flag=flag, reason="One hand.")
    world.close(challenge)
    _measure(challenge)
    text = world.browser(world.manager).get(f"/challenges/{challenge.public_id}/standings").get_data(as_text=True)
    assert re.findall(r'scope="col"[^>]*>([^<]*)<', text)[-5:] == ["Place", "Idea", "Better", "Less good", "Compared"]
    assert "Saw it" not in text
    assert voting.compared([one.id, two.id, three.id]) == {one.id: 6, two.id: 4, three.id: 2}
    rows = {
        re.findall(r">(Idea no. \d)<", row)[0]: re.findall(r'data-label="(?:Better|Less good|Compared)">(\d+)<', row)
        for row in re.findall(r'<tr role="row">.*?</tr>', text, re.S)
        if "Idea no." in row
    }
    assert rows == {
        one.title: ["4", "1", "6"],
        two.title: ["0", "4", "4"],
        three.title: ["1", "0", "2"],
    }
