"""A rule read into slots and out again is the same rule; what the slots cannot say, they leave alone."""

from __future__ import annotations

from typing import Any

import pytest

from innovation.challenges.forms.brief import KEEP, capacity_slot, with_capacity
from innovation.challenges.forms.slots import SlotError, rule_of, same, slots_of
from innovation.challenges.service.fitting import (
    default_rule,
    default_shortlist,
    fits,
    orders_for,
    ready_for,
    without_idle_ties,
)
from innovation.rules.ballot import OFFERED
from innovation.rules.promotion import READY_RULES, parse_rule, ready_rule

COMPOSED = sorted(set(READY_RULES) - {"sponsor_picks"})


def at_least(measure: str, value: Any) -> dict[str, Any]:
    return {"measure": measure, "at_least": {"value": value}}


@pytest.mark.parametrize("name", COMPOSED)
def test_every_ready_rule_comes_back_as_it_was(name: str) -> None:
    slots = slots_of(READY_RULES[name])
    assert slots is not None
    assert parse_rule(rule_of(slots)) == parse_rule(READY_RULES[name])


@pytest.mark.parametrize(
    "changes",
    [
        {"eligibility": {"any": [at_least("for", 3), {"all": [at_least("voters", 10), at_least("support", "0.335")]}]}},
        {"eligibility": {"all": [at_least("for", 1)]}},
        {"eligibility": {"measure": "requested", "at_most": {"value": 1_250_050}}},
        {"eligibility": {"measure": "for", "more_than": {"times": "1.15", "of": "against"}}},
        {"eligibility": {"measure": "voters", "less_than": {"share": "0.015", "of": "views"}}},
        {"close": {"within": "interval"}},
        {"close": {"within": {"value": "0.02"}}},
        {"order": {"mix": [{"measure": "support", "weight": 2}, {"measure": "panel_mean", "weight": "1.5"}]}},
        {"capacity": {"kind": "all"}},
        {"capacity": {"kind": "equal_shares", "completion": "none", "utility": "score"}},
        {"tie_break": ["earlier", "voters", "hash"]},
        {"tie_break": []},
        {"scope": {"pool": "pooled"}},
    ],
)
def test_what_the_slots_say_they_give_back(changes: dict[str, Any]) -> None:
    rule = ready_rule("support_top", **changes)
    slots = slots_of(rule)
    assert slots is not None
    assert same(rule_of(slots), rule)


@pytest.mark.parametrize(
    "changes",
    [
        {"order": {"by": "support", "descending": False}},
        {"eligibility": {"all": [at_least("for", 1), {"any": [at_least("for", 2), {"all": [at_least("for", 3)] * 2}]}]}},
        {"capacity": {"kind": "equal_shares", "completion": "add_one", "utility": "cost", "step": {"minor": 100}}},
        {"capacity": {"kind": "picked"}, "order": None},
        {"tie_break": ["earlier", "voters", "views", "for", "hash"]},
    ],
)
def test_a_rule_beyond_the_slots_is_not_bent_into_them(changes: dict[str, Any]) -> None:
    assert slots_of(ready_rule("support_top", **changes)) is None


def test_an_amount_is_written_in_the_currency_of_the_challenge() -> None:
    rule = ready_rule("support_top", eligibility={"measure": "requested", "at_most": {"value": 5000}})
    amounts = {currency: (slots_of(rule, currency) or {})["conditions"][0]["amount"] for currency in ("EUR", "JPY")}
    assert amounts == {"EUR": "50", "JPY": "5000"}


@pytest.mark.parametrize(
    ("slot", "typed", "found"),
    [
        ("k", "some", ("k", "number")),
        ("k", "0", ("k", "whole")),
        ("k", "2.5", ("k", "whole")),
        ("order", "beauty", ("order", "choose")),
        ("order", "mix", ("mix_1", "two_measures")),
        ("tie_2", "views", ("tie_2", "twice")),
        ("capacity", "lots", ("capacity", "choose")),
        ("close", "value", ("close_value", "number")),
    ],
)
def test_a_slot_that_says_nothing_is_named(slot: str, typed: str, found: tuple[str, str]) -> None:
    slots = slots_of(READY_RULES["support_top"]) or {}
    with pytest.raises(SlotError) as wrong:
        rule_of(slots | {slot: typed})
    assert (wrong.value.field, wrong.value.code) == found


@pytest.mark.parametrize("typed", ["", "many", "1e40", "NaN", "Infinity"])
def test_an_amount_that_is_none_is_named_with_its_row(typed: str) -> None:
    part = {"measure": "for", "comparison": "at_least", "how": "value", "amount": typed, "of": ""}
    rows = [{"kind": "group", "mode": "any", "number": 4, "parts": [part | {"number": 1}]}]
    with pytest.raises(SlotError) as wrong:
        rule_of((slots_of(READY_RULES["support_top"]) or {}) | {"conditions": rows})
    assert (wrong.value.field, wrong.value.code) == ("conditions-4-parts-1-amount", "number")


# --- what fits whom ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who_decides", ["votes", "panel", "votes_panel"])
@pytest.mark.parametrize("ballot", [str(ballot) for ballot in OFFERED])
def test_defaults_and_offers_fit_whoever_decides(who_decides: str, ballot: str) -> None:
    assert fits(default_rule(who_decides, ballot), who_decides, ballot) is True
    assert fits(default_shortlist(ballot), "votes", ballot) is True
    assert all(fits(READY_RULES[name], who_decides, ballot) for name in ready_for(who_decides, ballot))
    orders = orders_for(who_decides, ballot)
    rules = [ready_rule("support_top", order={"by": name, "descending": True}) for name in orders]
    assert [fits(rule, who_decides, ballot) for rule in rules] == [True] * len(orders)


def test_a_panels_rule_does_not_fit_a_crowd() -> None:
    assert fits(READY_RULES["panel_best"], "votes", "approval") is False
    assert fits(READY_RULES["support_top"], "panel", "approval") is False
    assert fits(READY_RULES["support_top"], "votes", "stars") is False
    assert fits(READY_RULES["equal_shares"], "votes", "pairs") is False


@pytest.mark.parametrize(
    ("ballot", "names"),
    [
        ("stars", {"stars_top", "points_top", "points_skip", "equal_shares"}),
        ("points", {"points_top", "points_skip", "equal_shares"}),
        ("quadratic", {"points_top", "points_skip", "equal_shares"}),
        ("pairs", {"pairs_top"}),
    ],
)
def test_ready_rules_over_votes_in_favour_are_offered_only_where_people_vote_in_favour(ballot: str, names: set[str]) -> None:
    assert set(ready_for("votes", ballot)) == names
    assert "top_k_approvals" in ready_for("votes", "approval")


@pytest.mark.parametrize("ballot", [str(ballot) for ballot in OFFERED])
def test_a_tie_break_by_the_panels_score_stands_only_where_a_panel_scores(ballot: str) -> None:
    assert "score" not in default_rule("votes", ballot)["tie_break"]
    assert "score" not in default_shortlist(ballot)["tie_break"]
    assert default_rule("panel", ballot)["tie_break"][0] == "score"
    idle = ready_rule("support_top", tie_break=["score", "views", "hash"])
    assert without_idle_ties(idle, "votes")["tie_break"] == ["views", "hash"]
    assert without_idle_ties(idle, "votes_panel") == idle


@pytest.mark.parametrize("how_many", ["top", "skip", "stop"])
def test_how_far_a_rule_goes_is_said_in_the_brief(how_many: str) -> None:
    rule = with_capacity(ready_rule("support_top"), how_many, 3)
    assert capacity_slot(rule) == how_many


@pytest.mark.parametrize("capacity", [{"kind": "all"}, READY_RULES["equal_shares"]["capacity"]])
def test_what_the_brief_cannot_say_it_keeps(capacity: dict[str, Any]) -> None:
    assert capacity_slot(ready_rule("equal_shares", capacity=capacity)) == KEEP
