"""Standings: for nobody while people vote, for those who decide after that, for all once it is announced."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Any

import pytest

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor, Circle, Origin, house
from innovation.kernel.db import db
from innovation.pages.routes.standings import flow
from innovation.promotion.service import running
from innovation.rules.predicates import Role
from innovation.rules.promotion import ready_rule
from innovation.voting import queries as voting
from innovation.voting import service as votes
from innovation.voting.models import Standing
from tests.conftest import counting
from tests.support.pages import body, words
from tests.support.world import World

BY_SUPPORT = ready_rule("support_top", capacity={"kind": "top", "k": 2})
HIDDEN, SHOWN = 404, 200


def _challenge(world: World, **changes: Any) -> Challenge:
    return world.challenge(world.person(), **({"who_may": "everyone", "rule": BY_SUPPORT} | changes))


def _voters(world: World, inside: int = 14, outside: int = 10) -> list[Actor]:
    partners = [world.person("", Circle.PARTNER, organisation="Institute of Paper") for _ in range(outside)]
    return [*world.crowd(inside), *partners]


def _votes(world: World, ideas: Sequence[Idea], voters: Sequence[Actor], value: int = 1) -> None:
    """Everybody sees every idea; idea m has the support of every (m + 2)nd voter."""
    for n, voter in enumerate(voters):
        for m, idea in enumerate(ideas):
            world.vote(idea, voter)
            if n % (m + 2):
                world.vote(idea, voter, 0 if value > 0 else value)


def _measured(world: World, challenge: Challenge, k: int = 2) -> Challenge:
    votes.measure(actor=house(Origin.CLI), challenge_id=challenge.id, k=k)
    return world.again(challenge)


def _counted(world: World, ideas: int = 4, voters: int = 24, **changes: Any) -> tuple[Challenge, list[Idea]]:
    """A challenge whose vote is over and measured."""
    challenge = _challenge(world, **changes)
    made = [world.idea(challenge, author) for author in world.crowd(ideas)]
    _votes(world, made, _voters(world, voters - 10, 10) if voters >= 20 else world.crowd(voters))
    world.close(challenge)
    return _measured(world, challenge), made


def _announced(world: World, challenge: Challenge) -> Challenge:
    world.settle()
    running.announce(actor=world.manager, run=world.run_of(challenge))
    return world.again(challenge)


def _people(world: World, challenge: Challenge, idea: Idea) -> dict[str, Actor | None]:
    programme = world.grant(world.person(), Role.MANAGER, "programme", challenge.programme_id)
    writer = world.grant(_author(idea, world), Role.MANAGER, "programme", challenge.programme_id)
    return {
        "visitor": None,
        "member": world.person(),
        "administrator": world.grant(world.person(), Role.ADMINISTRATOR),
        "panel": world.grant(world.person(), Role.PANEL, "challenge", challenge.id),
        "manager who wrote an idea": writer,
        "sponsor": world.sponsor_of(challenge),
        "manager": programme,
    }


def _author(idea: Idea, world: World) -> Actor:
    return world.actor(world.idea_again(idea).authors[0].person_id)


def _statuses(world: World, challenge: Challenge, people: dict[str, Actor | None]) -> dict[str, int]:
    path = f"/challenges/{challenge.public_id}/standings"
    return {name: world.browser(who).get(path).status_code for name, who in people.items()}


def _table(page: Any) -> list[list[str]]:
    """The cells of the last table of a page, row by row, without the notes and chips under a title."""
    tables = re.findall(r"<tbody.*?</tbody>", page.get_data(as_text=True), re.S)
    found = []
    for row in re.findall(r"<tr.*?</tr>", tables[-1], re.S):
        bare = re.sub(r'<span class="(chips|standings-note)">.*?(</span>)+(?=</th>|<span)', "", row, flags=re.S)
        cells = re.findall(r"<t[hd].*?</t[hd]>", bare, re.S)
        found.append([html.unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in cells])
    return found


# --- who sees them, and when ---------------------------------------------------------------------------------------


def test_while_people_vote_nobody_learns_a_figure_from_any_page(world: World) -> None:
    challenge = _challenge(world)
    ideas = [world.idea(challenge, author) for author in world.crowd(3)]
    people = _people(world, challenge, ideas[0])
    browsers = {name: world.browser(who) for name, who in people.items()}
    endings = ["", "/ideas?sort=newest", "/decision", "/standings", "/standings?by=net", "/integrity"]
    paths = [f"/challenges/{challenge.public_id}{ending}" for ending in endings]
    paths += [f"/ideas/{idea.public_id}" for idea in ideas]

    def seen() -> dict[tuple[str, str], tuple[int, str]]:
        pages = {(name, path): browser.get(path) for name, browser in browsers.items() for path in paths}
        return {key: (page.status_code, body(page)) for key, page in pages.items()}

    before = seen()
    _votes(world, ideas, _voters(world))
    _measured(world, challenge)  # even where the figures were there already
    assert {key for key, said in seen().items() if said != before[key]} == set()
    assert set(_statuses(world, challenge, people).values()) == {HIDDEN}


def test_while_people_vote_the_page_is_as_absent_as_one_that_never_was(world: World) -> None:
    challenge = _challenge(world)
    browser = world.browser(world.manager)
    answers = [browser.get(f"/challenges/{name}/standings") for name in (challenge.public_id, "0000000000")]
    assert body(answers[0]).replace(challenge.public_id, "0000000000") == body(answers[1])
    assert "/standings" not in browser.get(f"/challenges/{challenge.public_id}/decision").get_data(as_text=True)


def test_before_the_announcement_only_sponsor_and_manager_without_an_idea_see_them(world: World) -> None:
    challenge, ideas = _counted(world)
    people = _people(world, challenge, ideas[0])
    leads = {"sponsor", "manager"}
    assert _statuses(world, challenge, people) == {name: SHOWN if name in leads else HIDDEN for name in people}
    path = f"/challenges/{challenge.public_id}/decision"
    linked = {name for name, who in people.items() if "/standings" in world.browser(who).get(path).get_data(as_text=True)}
    assert linked == leads
    _announced(world, challenge)
    assert set(_statuses(world, challenge, people).values()) == {SHOWN}


def test_outside_the_audience_they_stay_hidden_after_the_announcement(world: World) -> None:
    challenge, _ideas = _counted(world, who_may="staff", voters=8)
    _announced(world, challenge)
    outside = {"visitor": None, "partner": world.person("", Circle.PARTNER)}
    assert _statuses(world, challenge, outside) == {"visitor": HIDDEN, "partner": HIDDEN}


def test_without_measured_votes_there_is_no_page(world: World) -> None:
    challenge = _challenge(world)
    world.idea(challenge)
    world.close(challenge)
    assert _statuses(world, challenge, {"manager": world.manager}) == {"manager": HIDDEN}


def test_a_sponsor_who_picks_has_no_standings(world: World) -> None:
    challenge = world.sealed()
    assert _statuses(world, challenge, {"manager": world.manager, "sponsor": world.sponsor_of(challenge)}) == {
        "manager": HIDDEN,
        "sponsor": HIDDEN,
    }


# --- what they say -------------------------------------------------------------------------------------------------


def test_the_table_says_what_was_stored_by_place(world: World) -> None:
    challenge, ideas = _counted(world)
    stored = {idea.id: voting_of(idea) for idea in ideas}
    by_place = sorted(ideas, key=lambda idea: stored[idea.id]["support"].place)
    rows = _table(world.browser(world.manager).get(f"/challenges/{challenge.public_id}/standings"))
    assert [row[:2] for row in rows] == [[str(n), idea.title] for n, idea in enumerate(by_place, start=1)]
    assert [row[2] for row in rows] == [_percent(stored[idea.id]["support"].score_micro) for idea in by_place]
    assert [row[3] for row in rows] == [
        f"{_percent(stored[idea.id]['support'].low_micro)[:-1]}–{_percent(stored[idea.id]['support'].high_micro)}"
        for idea in by_place
    ]
    others = [[str(stored[idea.id][name].place) for name in ("net", "support_least")] for idea in by_place]
    assert [row[5:7] for row in rows] == others


def voting_of(idea: Idea) -> dict[str, Standing]:
    rows = db.session.query(Standing).filter(Standing.idea_id == idea.id)
    return {row.method: row for row in rows}


def _percent(micro: int) -> str:
    return f"{micro / 10_000:.1f}%"


def test_the_chart_and_the_table_say_the_same(world: World) -> None:
    challenge, _ideas = _counted(world)
    page = world.browser(world.manager).get(f"/challenges/{challenge.public_id}/standings")
    figures = re.findall(r'class="interval-value"><strong>(\d+)%</strong>', page.get_data(as_text=True))
    assert figures == [f"{float(row[2][:-1]):.0f}" for row in _table(page)]


def test_another_method_in_the_address_orders_by_it_and_an_unknown_one_does_not(world: World) -> None:
    challenge, _ideas = _counted(world)
    browser = world.browser(world.manager)
    path = f"/challenges/{challenge.public_id}/standings"
    rows = _table(browser.get(f"{path}?by=net"))
    assert [int(row[2]) for row in rows] == sorted((int(row[2]) for row in rows), reverse=True)
    assert _table(browser.get(f"{path}?by=nonsense&after=nonsense")) == _table(browser.get(path))


def test_the_chosen_are_marked_and_the_line_is_the_last_of_them(world: World) -> None:
    challenge, ideas = _counted(world)
    _announced(world, challenge)
    second = sorted(ideas, key=lambda idea: voting_of(idea)["support"].place)[1]
    page = world.browser().get(f"/challenges/{challenge.public_id}/standings")
    assert re.findall(r'class="interval-word">([^<]*)<', page.get_data(as_text=True)) == ["Chosen", "Chosen"]
    line = re.findall(r"the line: ([\d.]+%)", page.get_data(as_text=True))
    assert line == [_percent(voting_of(second)["support"].score_micro)]
    other = world.browser().get(f"/challenges/{challenge.public_id}/standings?by=net")
    assert "the line:" not in other.get_data(as_text=True)


def test_sponsor_and_manager_alone_read_which_group_carries_an_idea(world: World) -> None:
    challenge = _challenge(world)
    ideas = [world.idea(challenge, author) for author in world.crowd(4)]
    staff, partners = world.crowd(20), [world.person("", Circle.PARTNER, organisation="Institute") for _ in range(8)]
    for m, idea in enumerate(ideas):
        for n, voter in enumerate(staff):
            world.vote(idea, voter)
            if n >= 6 - m:
                world.vote(idea, voter, 0)
        for voter in partners:
            world.vote(idea, voter)
            if m != 3:
                world.vote(idea, voter, 0)
    world.close(challenge)
    _measured(world, challenge)
    carried = voting_of(ideas[3])["support"]
    assert (carried.place, carried.figures["without_place"]) == (1, 4)
    sentence = "Without Institute this idea falls from 1 to 4."
    _announced(world, challenge)
    path = f"/challenges/{challenge.public_id}/standings"
    people = {"sponsor": world.sponsor_of(challenge), "manager": world.manager, "member": world.person(), "visitor": None}
    pages = {name: words(world.browser(who).get(path)) for name, who in people.items()}
    assert {name for name, text in pages.items() if sentence in text} == {"sponsor", "manager"}
    assert {name for name, text in pages.items() if "Support without its strongest group" in text} == {"sponsor", "manager"}
    rows = _table(world.browser(world.manager).get(f"/challenges/{challenge.public_id}/integrity"))
    assert [ideas[3].title, "Institute", "1", "4"] in rows


def test_below_twenty_voters_there_are_places_and_totals_alone(world: World) -> None:
    challenge, ideas = _counted(world, voters=19)
    page = world.browser(world.manager).get(f"/challenges/{challenge.public_id}/standings?by=support_least")
    text = page.get_data(as_text=True)
    told = ("90%", "interval-", "flow-", "Place by", "Without ", "Support inside", "filter-chips")
    assert [word for word in told if word in text] == []
    totals = voting.totals([idea.id for idea in ideas])
    by_place = sorted(ideas, key=lambda idea: voting_of(idea)["support"].place)
    assert _table(page) == [
        [str(n), idea.title, str(totals[idea.id].for_weight), str(totals[idea.id].seen)]
        for n, idea in enumerate(by_place, start=1)
    ]


@pytest.mark.parametrize(
    ("ballot", "values", "method"),
    [("stars", (5, 2), "Mean of the stars"), ("points", (3, 1), "Sum of the points"), ("yes_no", (1, -1), "Support among")],
)
def test_every_ballot_has_its_methods(embedded: World, ballot: str, values: tuple[int, int], method: str) -> None:
    world = embedded
    challenge = _challenge(world, ballot=ballot)
    ideas = [world.idea(challenge, author) for author in world.crowd(2)]
    for voter in world.crowd(20):
        for idea, value in zip(ideas, values, strict=True):
            world.vote(idea, voter, value)
    world.close(challenge)
    _measured(world, challenge)
    page = world.browser(world.manager).get(f"/challenges/{challenge.public_id}/standings")
    assert (page.status_code, method in words(page)) == (200, True)
    assert [row[1] for row in _table(page)] == [idea.title for idea in ideas]


def test_a_flow_puts_low_places_under_the_others_without_a_gap() -> None:
    ideas = [Idea(id=n) for n in (1, 2, 3)]
    places = {1: {"support": 1, "net": 40}, 2: {"support": 2, "net": 3}, 3: {"support": 3, "net": 13}}
    standing = {n: {name: Standing(place=place) for name, place in each.items()} for n, each in places.items()}
    columns, rows = flow(ideas, standing, ["net", "support"], "support")
    assert [method.name for method in columns] == ["support", "net"]
    assert [(row.places, row.rows) for row in rows] == [([1, 40], [0, 13]), ([2, 3], [1, 2]), ([3, 13], [2, 12])]


@pytest.mark.parametrize("page", ["standings", "standings?by=net", "decision", "integrity"])
def test_thirty_ideas_ask_no_more_than_one(embedded: World, page: str) -> None:
    asked = []
    for size in (1, 30):
        challenge = _challenge(embedded)
        ideas = [embedded.idea(challenge, author) for author in embedded.crowd(size)]
        voters = embedded.crowd(20)
        for n, voter in enumerate(voters):
            embedded.vote(ideas[n % size], voter)
        embedded.close(challenge)
        _measured(embedded, challenge)
        path, browser = f"/challenges/{challenge.public_id}/{page}", embedded.browser(embedded.manager)
        browser.get(path)
        with counting() as sent:
            assert browser.get(path).status_code == 200
        asked.append(len(sent))
    assert asked[1] <= asked[0] + 1, asked  # the names of the groups that carry an idea are asked for where there is one
