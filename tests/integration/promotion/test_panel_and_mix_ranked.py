"""A panel's means and a mix are ranked like votes: measured once scoring is closed, stored, and read by the decision."""

from __future__ import annotations

import json
from typing import Any

import pytest

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.promotion import queries
from innovation.promotion.service import measuring
from innovation.promotion.service.replaying import replay
from innovation.promotion.service.snapshot import intervals
from innovation.rules.promotion import ready_rule
from innovation.voting import queries as voting
from innovation.voting.models import Standing
from tests.support.world import World

SCORES = {"Strong": ((5, 4, 4), (4, 4, 4), (5, 5, 4)), "Middling": ((3, 3, 3), (4, 3, 3), (3, 4, 3)), "Weak": ((2, 2, 2),)}
MIX = {"mix": [{"measure": "support", "weight": 2}, {"measure": "panel_mean", "weight": "1.5"}], "descending": True}


def _rule(**changes: Any) -> dict[str, Any]:
    return ready_rule("panel_best", capacity={"kind": "top", "k": 1}, **changes)


def _scored(world: World, scores: Any = SCORES, who_decides: str = "panel", **changes: Any) -> tuple[Challenge, list[Idea]]:
    """A challenge whose panel has scored; the last idea of the crowd's short list stays off it."""
    challenge = world.panel_challenge(world.person("Sponsor"), who_decides, **({"rule": _rule()} | changes))
    made = [world.idea(challenge, title=title) for title in scores]
    members = [world.panellist(challenge) for _ in range(3)]
    if who_decides == "votes_panel":
        for n, voter in enumerate(world.crowd(24)):
            for idea in made[: 1 + n % 3]:
                world.vote(idea, voter)
    world.scoring(challenge)
    if who_decides == "votes_panel":
        world.settle()
        assert [world.idea_again(idea).state for idea in made[:2]] == ["shortlisted", "shortlisted"]
    for idea in made[: 2 if who_decides == "votes_panel" else None]:
        for member, given in zip(members, scores[idea.title], strict=False):
            world.review(world.idea_again(idea), member, given)
    return world.close_scoring(challenge), made


def _standings(challenge: Challenge, method: str) -> dict[str, Standing]:
    rows = db.session.query(Standing, Idea.title).join(Idea, Idea.id == Standing.idea_id)
    found = rows.filter(Standing.challenge_id == challenge.id, Standing.method == method).order_by(Standing.place)
    return {title: standing for standing, title in found}


def _promotion(challenge: Challenge) -> Any:
    return next(run for run in queries.of_challenge(challenge.id) if run.round.purpose == "promotion")


def test_nothing_of_a_panel_is_stored_before_its_scoring_is_over(world: World) -> None:
    challenge = world.panel_challenge(world.person(), rule=_rule())
    idea = world.idea(challenge)
    member = world.panellist(challenge)
    world.scoring(challenge)
    world.review(idea, member)
    world.settle()
    assert (_standings(challenge, "panel"), voting.figures(challenge.id)) == ({}, None)


def test_a_panels_standings_are_its_means_with_an_interval_and_a_chance(world: World) -> None:
    challenge, _made = _scored(world)
    world.settle()
    found = _standings(challenge, "panel")
    assert [(title, row.place, row.score_micro) for title, row in found.items()] == [
        ("Strong", 1, 4_333_333),
        ("Middling", 2, 3_222_222),
        ("Weak", 3, 2_000_000),
    ]
    # Means of 13/3, 4, 14/3 and 3, 10/3, 10/3: 8/27 of squares on 4 degrees of freedom.
    fit = voting.figures(challenge.id)
    assert fit is not None
    assert fit.figures == {"k": 1, "panel_variance_micro": 74_074, "panel_freedom": 4}
    assert [row.low_micro < row.score_micro < row.high_micro for row in found.values()] == [True] * 3
    widths = {title: row.high_micro - row.low_micro for title, row in found.items()}
    assert widths["Weak"] > 1.5 * widths["Strong"]  # one assessment instead of three
    assert sum(row.top_micro for row in found.values()) == pytest.approx(1_000_000, abs=3)
    assert max(row.high_micro for row in found.values()) <= 5_000_000
    assert [row.figures for row in found.values()] == [{"reviews": 3}, {"reviews": 3}, {"reviews": 1}]


def test_no_interval_leaves_the_scale_of_the_criteria(embedded: World) -> None:
    torn = {"Loved": ((5, 5, 5), (5, 5, 5)), "Torn": ((1, 1, 1), (5, 5, 5)), "Hated": ((1, 1, 1), (1, 1, 1))}
    challenge, _made = _scored(embedded, torn)
    embedded.settle()
    found = _standings(challenge, "panel")
    assert (found["Loved"].high_micro, found["Hated"].low_micro) == (5_000_000, 1_000_000)


def test_the_decision_reads_the_stored_interval_and_can_be_replayed(world: World) -> None:
    challenge, made = _scored(world, rule=_rule(close={"within": "interval"}))
    world.settle()
    run = _promotion(challenge)
    frozen = {row["id"]: row["measures"] for row in json.loads(run.snapshot)["ideas"]}
    for title, row in _standings(challenge, "panel").items():
        [idea] = [idea for idea in made if idea.title == title]
        told = frozen[idea.public_id]
        assert (told["low_micro"], told["high_micro"], told["p_top_micro"]) == (row.low_micro, row.high_micro, row.top_micro)
    assert replay(run) is None


def test_measuring_again_gives_the_same(world: World) -> None:
    challenge, _made = _scored(world, who_decides="votes_panel", rule=_rule(order=MIX), shortlist_rule=_shortlist())
    world.settle()
    names = ("panel", "mix", "support")
    before = [[_plain(row) for row in _standings(challenge, name).values()] for name in names]
    assert all(before)
    run = _promotion(challenge)
    for step in measuring.due(queries.run(run.id)):
        measuring.carry_out(actor=house(Origin.CLI), run_id=run.id, step=step)
    world.anew()
    assert [[_plain(row) for row in _standings(challenge, name).values()] for name in names] == before


def _plain(row: Standing) -> tuple[Any, ...]:
    return (row.idea_id, row.place, row.score_micro, row.low_micro, row.high_micro, row.top_micro, row.figures)


def _shortlist() -> dict[str, Any]:
    return ready_rule("top_k_approvals", capacity={"kind": "top", "k": 2})


def test_a_mix_stands_as_the_rule_puts_it(world: World) -> None:
    challenge, _made = _scored(world, who_decides="votes_panel", rule=_rule(order=MIX), shortlist_rule=_shortlist())
    world.settle()
    run = _promotion(challenge)
    decided = {made.idea.title: (made.place, float(made.params["have"])) for made in queries.of_run(run.id) if made.place}
    found = _standings(challenge, "mix")
    assert {title: (row.place, row.score_micro / 1e6) for title, row in found.items()} == decided
    assert set(found) == {"Strong", "Middling"}
    assert set(_standings(challenge, "panel")) == set(found)
    assert set(_standings(challenge, "support")) == {"Strong", "Middling", "Weak"}
    assert [row.low_micro < row.score_micro < row.high_micro for row in found.values()] == [True, True]
    frozen = [row["measures"].get("low_micro") for row in json.loads(run.snapshot)["ideas"]]
    assert sorted(low for low in frozen if low is not None) == sorted(row.low_micro for row in found.values())
    assert replay(run) is None


def test_a_mix_of_votes_alone_ranks_too(embedded: World) -> None:
    world = embedded
    parts = [{"measure": "support", "weight": 1}, {"measure": "views", "weight": 1}]
    rule = ready_rule("support_top", capacity={"kind": "top", "k": 1}, order={"mix": parts, "descending": True})
    challenge = world.challenge(world.person(), rule=rule)
    made = [world.idea(challenge) for _ in range(2)]
    for n, voter in enumerate(world.crowd(9)):
        world.vote(made[0], voter)
        if n % 2:
            world.vote(made[1], voter)
    world.close(challenge)
    world.settle()
    found = _standings(challenge, "mix")
    assert [row.place for row in found.values()] == [1, 2]
    assert [row.low_micro < row.high_micro for row in found.values()] == [True, True]


def test_where_nothing_tells_the_spread_there_is_no_interval_in_row_or_snapshot(world: World) -> None:
    alone = {title: given[:1] for title, given in SCORES.items()}
    challenge, _made = _scored(world, alone, rule=_rule(close={"within": "interval"}))
    world.settle()
    found = _standings(challenge, "panel")
    assert [row.figures for row in found.values()] == [{"reviews": 1, "unsure": True}] * 3
    run = _promotion(challenge)
    assert [set(row["measures"]) & {"low_micro", "p_top_micro"} for row in json.loads(run.snapshot)["ideas"]] == [set()] * 3
    assert [made.close for made in queries.of_run(run.id)] == [False] * 3


def test_the_interval_of_one_mix_says_nothing_of_another(embedded: World) -> None:
    world = embedded
    challenge, _made = _scored(world, who_decides="votes_panel", rule=_rule(order=MIX), shortlist_rule=_shortlist())
    world.settle()
    other = {**MIX, "mix": [{"measure": "support", "weight": 1}, {"measure": "panel_mean", "weight": 9}]}
    assert len(intervals([challenge.id], {"order": MIX})) == 2
    assert intervals([challenge.id], {"order": other}) == {}
