"""The standings of a panel: for nobody while it scores, then for who may read its assessments, for all once announced."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from innovation.challenges.models import Challenge
from innovation.evaluation.service.measuring import measure_panel
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor, Origin, house
from innovation.promotion import queries as promotion
from innovation.promotion.service import running
from innovation.rules.predicates import Role
from innovation.rules.promotion import ready_rule
from tests.conftest import counting
from tests.support.pages import words
from tests.support.world import World

HIDDEN, SHOWN = 404, 200
SCORES = ((5, 4, 4), (3, 3, 3), (2, 2, 3))
MIX = {"mix": [{"measure": "support", "weight": 2}, {"measure": "panel_mean", "weight": "1.5"}], "descending": True}
SHORTLIST = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 2})


def _challenge(world: World, who_decides: str = "panel", **changes: Any) -> Challenge:
    rule = ready_rule("panel_best", capacity={"kind": "top", "k": 1})
    return world.panel_challenge(world.person(), who_decides, **({"rule": rule} | changes))


def _scored(world: World, ideas: int = 3, members: int = 3, voters: int = 0, **changes: Any) -> tuple[Challenge, list[Idea]]:
    """A challenge whose panel has scored and whose figures are stored."""
    challenge = _challenge(world, **changes)
    made = [world.idea(challenge, author, title=f"Idea {n}") for n, author in enumerate(world.crowd(ideas))]
    seats = [world.panellist(challenge) for _ in range(members)]
    for n, voter in enumerate(world.crowd(voters)):
        for idea in made[: 1 + n % 3]:
            world.vote(idea, voter)
    world.scoring(challenge)
    world.settle()
    for n, idea in enumerate(made[:2] if voters else made):
        for m, member in enumerate(seats):
            first, *rest = SCORES[n % 3]
            world.review(world.idea_again(idea), member, (first - (m == 0), *rest))
    world.close_scoring(challenge)
    world.settle()
    return world.again(challenge), made


def _people(world: World, challenge: Challenge, idea: Idea) -> dict[str, Actor | None]:
    author = world.actor(world.idea_again(idea).authors[0].person_id)
    return {
        "visitor": None,
        "member": world.person(),
        "administrator": world.grant(world.person(), Role.ADMINISTRATOR),
        "panel": world.panellist(challenge),
        "manager who wrote an idea": world.grant(author, Role.MANAGER, "programme", challenge.programme_id),
        "sponsor": world.sponsor_of(challenge),
        "manager": world.grant(world.person(), Role.MANAGER, "programme", challenge.programme_id),
    }


def _path(challenge: Challenge, ending: str = "") -> str:
    return f"/challenges/{challenge.public_id}/standings{ending}"


def _shown_to(world: World, challenge: Challenge, people: dict[str, Actor | None], ending: str = "") -> set[str]:
    return {name for name, who in people.items() if world.browser(who).get(_path(challenge, ending)).status_code == SHOWN}


def _announced(world: World, challenge: Challenge) -> None:
    run = next(run for run in promotion.of_challenge(challenge.id) if run.round.purpose == "promotion")
    running.announce(actor=world.sponsor_of(challenge), run=run)
    world.settle()


def _table(page: Any) -> list[list[str]]:
    tables = re.findall(r"<tbody.*?</tbody>", page.get_data(as_text=True), re.S)
    rows = re.findall(r"<tr.*?</tr>", re.sub(r'<span class="chips">.*?</span></th>', "</th>", tables[-1], flags=re.S), re.S)
    return [
        [html.unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
        for row in rows
    ]


# --- who sees them, and when ---------------------------------------------------------------------------------------


def test_while_a_panel_scores_nobody_sees_its_standings(world: World) -> None:
    challenge = _challenge(world)
    idea = world.idea(challenge, world.person())
    member = world.panellist(challenge)
    world.scoring(challenge)
    world.review(idea, member)
    measure_panel(actor=house(Origin.CLI), challenge_id=challenge.id, k=1)  # even where the figures are there already
    people = _people(world, challenge, idea)
    assert _shown_to(world, challenge, people) == set()
    world.close_scoring(challenge)
    assert _shown_to(world, challenge, people) == {"panel", "sponsor", "manager"}


def test_after_scoring_those_who_may_read_assessments_and_have_no_idea_here_see_them(world: World) -> None:
    challenge, made = _scored(world)
    people = _people(world, challenge, made[0])
    assert _shown_to(world, challenge, people) == {"panel", "sponsor", "manager"}
    path = f"/challenges/{challenge.public_id}/decision"
    linked = {name for name, who in people.items() if "/standings" in world.browser(who).get(path).get_data(as_text=True)}
    assert linked == {"panel", "sponsor", "manager"}
    _announced(world, challenge)
    assert _shown_to(world, challenge, people) == set(people) - {"visitor"}  # who is outside the audience stays there


def test_a_member_of_the_panel_sees_its_table_and_not_the_votes_before_the_announcement(world: World) -> None:
    rule = ready_rule("panel_best", capacity={"kind": "top", "k": 1}, order=MIX)
    challenge, _made = _scored(world, voters=24, who_decides="votes_panel", rule=rule, shortlist_rule=SHORTLIST)
    browser = world.browser(world.panellist(challenge))
    for ending in ("", "?by=support", "?by=mix", "?by=net"):
        said = words(browser.get(_path(challenge, ending)))
        told = ("Ranking by the panel’s scores", "Support", "Place by", "weighted mix")
        assert [each in said for each in told] == [True, False, False, False]
    leads = words(world.browser(world.manager).get(_path(challenge, "?by=support")))
    assert ("Ranking by the votes" in leads, "Place by: Panel" in leads, "Place by: Mix" in leads) == (True, True, True)


# --- what they say -------------------------------------------------------------------------------------------------


def test_the_table_of_a_panel_says_mean_assessments_interval_and_chance(world: World) -> None:
    challenge, _made = _scored(world)
    page = world.browser(world.manager).get(_path(challenge))
    rows = _table(page)
    assert [row[:4] for row in rows] == [
        ["1", "Idea 0", "4.22", "3"],
        ["2", "Idea 1", "2.89", "3"],
        ["3", "Idea 2", "2.22", "3"],
    ]
    for row in rows:
        low, high = (float(end) for end in row[4].split("–"))
        assert 1 <= low < float(row[2]) < high <= 5
    assert rows[0][5].endswith("%")
    said = words(page)
    assert ("(y_1 + ... + y_n) / n" in said, "Student 1908" in said, "the line: 4.22" in said) == (True, True, True)


def test_without_a_second_assessment_the_page_says_why_there_is_no_interval(world: World) -> None:
    challenge, _made = _scored(world, members=1)
    page = world.browser(world.manager).get(_path(challenge))
    assert [row[3:6] for row in _table(page)] == [["1", "–", "–"]] * 3
    assert "No idea has two assessments" in words(page)


def test_the_standings_of_a_mix_say_what_it_is_made_of(world: World) -> None:
    rule = ready_rule("panel_best", capacity={"kind": "top", "k": 1}, order=MIX)
    challenge, _made = _scored(world, voters=24, who_decides="votes_panel", rule=rule, shortlist_rule=SHORTLIST)
    page = world.browser(world.manager).get(_path(challenge))
    said = words(page)
    assert "Ranking by a weighted mix" in said
    assert "(weight 1.5)" in said
    assert [row[:2] for row in _table(page)] == [["1", "Idea 0"], ["2", "Idea 1"]]
    assert "Place by: Panel" in said
    decision = words(world.browser(world.manager).get(f"/challenges/{challenge.public_id}/decision"))
    assert ("sum of w x / sum of w" in decision, "for - against" in decision) == (True, True)


def test_of_few_voters_a_mix_is_not_shown_and_nothing_of_them_beside_the_panel(world: World) -> None:
    rule = ready_rule("panel_best", capacity={"kind": "top", "k": 1}, order=MIX)
    challenge, _made = _scored(world, voters=12, who_decides="votes_panel", rule=rule, shortlist_rule=SHORTLIST)
    said = words(world.browser(world.manager).get(_path(challenge, "?by=mix")))
    assert ("Ranking by the panel’s scores" in said, "weighted mix" in said, "Support inside" in said) == (
        True,
        False,
        False,
    )


def test_authors_names_are_on_no_line_of_the_standings(world: World) -> None:
    challenge = _challenge(world, names_hidden=True)
    idea = world.idea(challenge, world.person("Ada Hidden"))
    member = world.panellist(challenge, world.person("Professor Secret"))
    world.scoring(challenge)
    world.review(idea, member)
    world.close_scoring(challenge)
    world.settle()
    text = world.browser(member).get(_path(challenge)).get_data(as_text=True)
    assert (idea.title in text, "Ada Hidden" in text) == (True, False)
    assert "Professor Secret" not in world.browser(world.manager).get(_path(challenge)).get_data(as_text=True)


@pytest.mark.parametrize("page", ["standings", "decision"])
def test_thirty_ideas_ask_no_more_than_one(embedded: World, page: str) -> None:
    asked = []
    for size in (1, 30):
        challenge, _made = _scored(embedded, ideas=size, members=2)
        path, browser = f"/challenges/{challenge.public_id}/{page}", embedded.browser(embedded.manager)
        browser.get(path)
        with counting() as sent:
            assert browser.get(path).status_code == SHOWN
        asked.append(len(sent))
    assert asked[0] == asked[1]
