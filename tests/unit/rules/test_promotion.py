"""Promotion on small snapshots: every reason once, every error once, and the arithmetic at the line."""

import hashlib
import json
from fractions import Fraction
from typing import Any

import pytest

from innovation.rules import measures
from innovation.rules.promotion import (
    READY_RULES,
    Because,
    Clause,
    Decision,
    Outcome,
    RuleError,
    SnapshotError,
    canonical,
    decide,
    digest,
    explain,
    number,
    outcome_bytes,
    parse_rule,
    ready_rule,
    second_pass,
)

CATALYST = ready_rule("catalyst_funds_6_9")
STOP = ready_rule("catalyst_funds_3_5", capacity={"kind": "budget", "overrun": "stop"})


def challenge(name: str = "c1", **values: Any) -> dict[str, Any]:
    return {"id": name, "budget": 10_000, "currency": "EUR", "electorate": 1_000} | values


def idea(name: str, yes: int | None = None, no: int | None = 0, **values: Any) -> dict[str, Any]:
    counted = {} if yes is None else {"for": yes, "against": no}
    row = {"id": name, "challenge": "c1", "requested": 1_000, "submitted_at": None, "pick": None, "out": None}
    return row | {"measures": counted} | values


def snapshot(rule: Any, *ideas: dict[str, Any], **values: Any) -> dict[str, Any]:
    base = {
        "version": 1,
        "round": "r1",
        "pass": 1,
        "rule": rule,
        "challenges": [challenge()],
        "ideas": list(ideas),
    }
    return base | values


def reasons(outcome: Outcome) -> dict[str, tuple[bool, int | None, str]]:
    return {made.idea: (made.promoted, made.place, made.because.value) for made in outcome.decisions}


def only(outcome: Outcome, name: str) -> Decision:
    [made] = [made for made in outcome.decisions if made.idea == name]
    return made


def test_top_takes_k_and_says_where_the_line_lies() -> None:
    rule = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 2})
    outcome = decide(snapshot(rule, idea("a", 5), idea("b", 9), idea("c", 4)))
    assert reasons(outcome) == {
        "b": (True, 1, "within_top"),
        "a": (True, 2, "within_top"),
        "c": (False, 3, "below_line"),
    }
    assert [made.idea for made in outcome.decisions] == ["b", "a", "c"]
    assert only(outcome, "a").params == {"measure": "for", "have": 5, "k": 2}
    assert only(outcome, "c").params == {"measure": "for", "have": 4, "k": 2, "line": 5}


def test_top_of_fewer_than_k_takes_all() -> None:
    assert reasons(decide(snapshot(ready_rule("top_k_approvals"), idea("a", 0)))) == {"a": (True, 1, "within_top")}


@pytest.mark.parametrize(
    ("better", "worse", "tie_break"),
    [
        ({"panel_mean_micro": 4_000_001}, {"panel_mean_micro": 4_000_000, "views": 99}, "score"),
        ({"panel_mean_micro": 1, "views": 0}, {"views": 99}, "score"),
        ({"panel_mean_micro": 7, "views": 3}, {"panel_mean_micro": 7, "views": 2}, "views"),
    ],
)
def test_ties_go_by_score_then_views(better: dict[str, int], worse: dict[str, int], tie_break: str) -> None:
    ties = ["score", "views", "earlier", "hash"]
    rule = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1}, tie_break=ties)
    first = idea("z", measures={"for": 3} | better, submitted_at="2026-05-02T00:00:00Z")
    second = idea("a", measures={"for": 3} | worse, submitted_at="2026-05-01T00:00:00Z")
    outcome = decide(snapshot(rule, second, first))
    assert reasons(outcome) == {"z": (True, 1, "within_top"), "a": (False, 2, "below_line")}
    assert only(outcome, "z").params["tie_break"] == tie_break
    assert only(outcome, "a").params["tie_break"] == tie_break


def test_ties_go_by_earlier_submission_read_as_time_not_as_text() -> None:
    rule = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1})
    late = idea("a", 3, submitted_at="2026-05-01T09:00:00.5Z")
    early = idea("b", 3, submitted_at="2026-05-01T09:00:00+00:00")
    unknown = idea("c", 3)
    outcome = decide(snapshot(rule, late, early, unknown))
    assert [made.idea for made in outcome.decisions] == ["b", "a", "c"]
    assert only(outcome, "a").params["tie_break"] == "earlier"


def test_the_last_tie_break_is_the_hash_of_seed_and_idea() -> None:
    rule = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1})
    ideas = [idea(name, 3) for name in "abcdefgh"]
    frozen = snapshot(rule, *ideas)
    seed = hashlib.sha256(canonical(frozen)).digest()
    expected = sorted("abcdefgh", key=lambda name: hashlib.sha256(seed + name.encode()).digest())
    outcome = decide(frozen)
    assert [made.idea for made in outcome.decisions] == expected
    assert outcome.seed == seed.hex() == digest(frozen)
    assert only(outcome, expected[0]).params["tie_break"] == "hash"


def test_any_measure_may_break_ties() -> None:
    rule = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1}, tie_break=["voters"])
    outcome = decide(
        snapshot(rule, idea("a", measures={"for": 3, "voters": 1}), idea("b", measures={"for": 3, "voters": 2}))
    )
    assert reasons(outcome)["b"] == (True, 1, "within_top")
    assert parse_rule(rule).tie_break == ("voters", "hash")


def test_skip_goes_on_after_what_does_not_fit() -> None:
    outcome = decide(
        snapshot(
            CATALYST,
            idea("a", 90, requested=6_000),
            idea("b", 80, requested=5_000),
            idea("c", 70, requested=4_000),
            idea("d", 60, requested=1),
        )
    )
    assert reasons(outcome) == {
        "a": (True, 1, "within_budget"),
        "b": (False, 2, "over_budget"),
        "c": (True, 3, "within_budget"),
        "d": (False, 4, "over_budget"),
    }
    common = {"measure": "net", "currency": "EUR"}
    assert only(outcome, "b").params == common | {
        "have": 80,
        "requested": 5_000,
        "left": 4_000,
        "short": 1_000,
        "overtaken": 1,
    }
    assert only(outcome, "c").params == common | {
        "have": 70,
        "requested": 4_000,
        "left": 4_000,
        "overtaken": 1,
    }
    [spending] = outcome.challenges
    assert (spending.available, spending.spent, spending.left, spending.promoted) == (10_000, 10_000, 0, 2)
    assert outcome.pools == outcome.challenges


def test_stop_ends_at_the_first_that_does_not_fit() -> None:
    outcome = decide(
        snapshot(
            STOP,
            idea("a", 90, requested=6_000),
            idea("b", 80, requested=5_000),
            idea("c", 70, requested=1_000),
        )
    )
    assert reasons(outcome) == {
        "a": (True, 1, "within_budget"),
        "b": (False, 2, "over_budget"),
        "c": (False, 3, "after_stop"),
    }
    assert only(outcome, "c").params["stopped_at"] == 2
    assert only(outcome, "b").params["overtaken"] == 0


def test_an_idea_without_an_amount_or_in_another_currency_neither_spends_nor_stops() -> None:
    outcome = decide(
        snapshot(
            STOP,
            idea("none", 90, requested=None),
            idea("dollars", 80, currency="USD"),
            idea("fits", 70, requested=10_000, currency="EUR"),
        )
    )
    assert reasons(outcome) == {
        "none": (False, 1, "no_request"),
        "dollars": (False, 2, "other_currency"),
        "fits": (True, 3, "within_budget"),
    }
    assert only(outcome, "dollars").params["budget_currency"] == "EUR"


def test_a_budget_rule_without_a_budget_funds_nobody() -> None:
    outcome = decide(snapshot(STOP, idea("a", 9), challenges=[challenge(budget=None)]))
    assert reasons(outcome) == {"a": (False, 1, "no_budget")}
    assert outcome.challenges[0].left is None


@pytest.mark.parametrize(("yes", "no", "holds"), [(115, 100, True), (114, 100, False), (0, 0, False), (23, 20, True)])
def test_thresholds_are_exact_at_the_line(yes: int, no: int, holds: bool) -> None:
    outcome = decide(snapshot(CATALYST, idea("a", yes, no), challenges=[challenge(electorate=4_300)]))
    assert only(outcome, "a").promoted is holds


def test_below_threshold_says_which_figure_was_missed() -> None:
    outcome = decide(snapshot(CATALYST, idea("a", 7, 7), idea("b", 9, 0)))
    assert only(outcome, "a").params == {
        "measure": "for",
        "comparison": "at_least",
        "have": 7,
        "need": "8.05",
        "times": "1.15",
        "of": "against",
    }
    assert only(outcome, "b").params == {
        "measure": "total",
        "comparison": "at_least",
        "have": 9,
        "need": 10,
        "share": "0.01",
        "of": "electorate",
    }
    assert reasons(outcome) == {"a": (False, None, "below_threshold"), "b": (False, None, "below_threshold")}


def test_figures_that_differ_never_read_the_same() -> None:
    rule = ready_rule("top_k_approvals", eligibility={"measure": "approval_share", "at_least": {"value": "0.6666667"}})
    assert only(decide(snapshot(rule, idea("a", 2, 1))), "a").params["have"] == "2/3"


@pytest.mark.parametrize(
    ("mode", "parts", "because"),
    [
        ("all", ["true", "unknown"], "missing_measure"),
        ("all", ["false", "unknown"], "below_threshold"),
        ("all", ["unknown", "false"], "below_threshold"),
        ("any", ["unknown", "true"], "within_top"),
        ("any", ["unknown", "false"], "missing_measure"),
        ("any", ["false", "false"], "below_threshold"),
        ("all", ["true", "true"], "within_top"),
    ],
)
def test_an_unknown_matters_only_where_it_could_decide(mode: str, parts: list[str], because: str) -> None:
    leaves = {
        "true": {"measure": "for", "at_least": {"value": 1}},
        "false": {"measure": "for", "at_least": {"value": 99}},
        "unknown": {"measure": "voters", "at_least": {"value": 1}},
    }
    rule = ready_rule("top_k_approvals", eligibility={mode: [leaves[part] for part in parts]})
    assert only(decide(snapshot(rule, idea("a", 5))), "a").because == because


def test_groups_nest() -> None:
    inner = {"any": [{"measure": "for", "at_least": {"value": 9}}, {"measure": "views", "more_than": {"value": 3}}]}
    rule = ready_rule("top_k_approvals", eligibility={"all": [{"measure": "against", "at_most": {"value": 0}}, inner]})
    outcome = decide(snapshot(rule, idea("a", measures={"for": 1, "against": 0, "views": 3})))
    assert only(outcome, "a").params == {
        "measure": "for",
        "comparison": "at_least",
        "have": 1,
        "need": 9,
        "alternatives": 2,
    }


@pytest.mark.parametrize("comparison", ["at_least", "more_than", "at_most", "less_than"])
def test_comparisons_at_equality(comparison: str) -> None:
    rule = ready_rule("top_k_approvals", eligibility={"measure": "for", comparison: {"value": 5}})
    assert only(decide(snapshot(rule, idea("a", 5))), "a").promoted is (comparison in ("at_least", "at_most"))


def test_a_missing_measure_is_unknown_and_never_zero() -> None:
    rule = ready_rule("top_k_approvals", eligibility={"measure": "views", "at_most": {"value": 5}})
    outcome = decide(snapshot(rule, idea("a", 5), idea("b", measures={"views": 1})))
    assert only(outcome, "a").params == {"measure": "views", "missing": "views"}
    assert only(outcome, "b").params == {"measure": "for", "missing": "for"}
    assert reasons(outcome) == {"a": (False, None, "missing_measure"), "b": (False, None, "missing_measure")}


@pytest.mark.parametrize(
    "out", ["withdrawn", "no_tally", "merged", "disqualified", "not_checked", "turned_down", "spent_in_pass_1"]
)
def test_what_is_out_says_so_whatever_it_measured(out: str) -> None:
    outcome = decide(snapshot(ready_rule("top_k_approvals"), idea("a", 99, out=out), idea("b", 1)))
    assert reasons(outcome) == {"a": (False, None, out), "b": (True, 1, "within_top")}


def test_the_sponsor_picks() -> None:
    outcome = decide(
        snapshot(
            ready_rule("sponsor_picks"),
            idea("a", pick="chosen", requested=20_000),
            idea("b", pick="not_chosen"),
            idea("c"),
        )
    )
    assert reasons(outcome) == {
        "a": (True, None, "picked"),
        "b": (False, None, "not_picked"),
        "c": (False, None, "not_picked"),
    }
    assert (only(outcome, "b").params, only(outcome, "c").params) == (
        {"pick": "not_chosen"},
        {"pick": "none"},
    )
    assert outcome.challenges[0].left == -10_000


def test_a_pick_with_an_order_has_places() -> None:
    rule = ready_rule("sponsor_picks", order={"by": "for"})
    outcome = decide(snapshot(rule, idea("a", 1, pick="chosen"), idea("b", 2)))
    assert reasons(outcome) == {"b": (False, 1, "not_picked"), "a": (True, 2, "picked")}


def test_all_takes_every_eligible_idea_and_ascending_turns_the_order() -> None:
    rule = ready_rule("top_k_approvals", capacity={"kind": "all"}, order={"by": "requested", "descending": False})
    outcome = decide(snapshot(rule, idea("a", requested=5), idea("b", requested=3)))
    assert reasons(outcome) == {"b": (True, 1, "all_eligible"), "a": (True, 2, "all_eligible")}


def test_per_challenge_places_start_anew_and_pooled_ones_do_not() -> None:
    ideas = [idea("a", 5), idea("b", 4), idea("c", 6, challenge="c2")]
    both = [challenge(), challenge("c2")]
    apart = decide(snapshot(ready_rule("top_k_approvals"), *ideas, challenges=both))
    assert {made.idea: made.place for made in apart.decisions} == {"a": 1, "b": 2, "c": 1}
    together = decide(snapshot(second_pass(ready_rule("top_k_approvals")), *ideas, challenges=both))
    assert {made.idea: made.place for made in together.decisions} == {"c": 1, "a": 2, "b": 3}
    assert [pool.challenges for pool in together.pools] == [("c1", "c2")]


def test_the_second_pass_spends_the_pooled_rest_of_the_challenges_it_names() -> None:
    both = [challenge(), challenge("c2"), challenge("setting")]
    ideas = [
        idea("done", 99, out="spent_in_pass_1"),
        idea("first", 50, requested=700),
        idea("weak", 1, 1),
        idea("second", 40, challenge="c2", requested=400),
        idea("third", 30, challenge="c2", requested=300),
        idea("elsewhere", 98, challenge="setting", requested=1),
    ]
    carried = [{"challenge": "c2", "left": 600}, {"challenge": "c1", "left": 400}]
    outcome = decide(snapshot(second_pass(CATALYST), *ideas, challenges=both, carried=carried) | {"pass": 2})
    assert reasons(outcome) == {
        "done": (False, None, "spent_in_pass_1"),
        "first": (True, 1, "within_budget"),
        "second": (False, 2, "over_budget"),
        "third": (True, 3, "within_budget"),
        "weak": (False, None, "below_threshold"),
        "elsewhere": (False, None, "outside_pass"),
    }
    [pool] = outcome.pools
    assert (pool.name, pool.available, pool.spent, pool.left) == ("EUR", 1_000, 1_000, 0)
    assert {row.name: (row.spent, row.left) for row in outcome.challenges} == {
        "c1": (700, None),
        "c2": (300, None),
    }


def test_pooled_money_never_crosses_currencies() -> None:
    both = [challenge(budget=100), challenge("c2", budget=5_000, currency="USD")]
    outcome = decide(snapshot(second_pass(CATALYST), idea("a", 50), idea("b", 40, challenge="c2"), challenges=both))
    assert reasons(outcome) == {"a": (False, 1, "over_budget"), "b": (True, 1, "within_budget")}
    assert [(pool.name, pool.left) for pool in outcome.pools] == [("EUR", 100), ("USD", 4_000)]


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"version": 2}, "unknown_version", "rule.version"),
        ({"weight": 1}, "unknown_key", "rule"),
        ({"order": None}, "order_needed", "rule.order"),
        ({"order": {"by": "likes"}}, "unknown_measure", "rule.order.by"),
        ({"order": {"by": "for", "descending": 1}}, "unknown_value", "rule.order.descending"),
        ({"capacity": {"kind": "top", "k": 0}}, "not_positive", "rule.capacity.k"),
        ({"capacity": {"kind": "top", "k": True}}, "not_positive", "rule.capacity.k"),
        ({"capacity": {"kind": "top"}}, "missing_key", "rule.capacity"),
        ({"capacity": {"kind": "budget", "overrun": "jump"}}, "unknown_value", "rule.capacity.overrun"),
        ({"capacity": {"kind": "all", "k": 3}}, "unknown_key", "rule.capacity"),
        ({"capacity": "all"}, "not_an_object", "rule.capacity"),
        ({"tie_break": ["luck"]}, "unknown_value", "rule.tie_break[0]"),
        ({"tie_break": ["views", "views"]}, "twice", "rule.tie_break"),
        ({"tie_break": "views"}, "unknown_value", "rule.tie_break"),
        ({"scope": {"pool": "world"}}, "unknown_value", "rule.scope.pool"),
        ({"eligibility": {"all": []}}, "empty", "rule.eligibility.all"),
        ({"eligibility": {"any": [{"measure": "for"}]}}, "one_comparison", "rule.eligibility.any[0]"),
        (
            {"eligibility": {"measure": "for", "at_least": {"value": 1}, "at_most": {"value": 2}}},
            "one_comparison",
            "rule.eligibility",
        ),
        (
            {"eligibility": {"measure": "x", "at_least": {"value": 1}}},
            "unknown_measure",
            "rule.eligibility.measure",
        ),
        ({"eligibility": {"measure": "for", "at_least": {}}}, "missing_key", "rule.eligibility.at_least"),
        (
            {"eligibility": {"measure": "for", "at_least": {"value": 1, "share": "1", "of": "net"}}},
            "unknown_key",
            "rule.eligibility.at_least",
        ),
        (
            {"eligibility": {"measure": "for", "at_least": {"value": "1", "of": "net"}}},
            "unknown_key",
            "rule.eligibility.at_least",
        ),
        (
            {"eligibility": {"measure": "for", "at_least": {"times": "1.15"}}},
            "missing_key",
            "rule.eligibility.at_least",
        ),
        (
            {"eligibility": {"measure": "for", "at_least": {"times": 1.15, "of": "against"}}},
            "not_a_number",
            "rule.eligibility.at_least.times",
        ),
        (
            {"eligibility": {"measure": "for", "at_least": {"times": "1e9", "of": "against"}}},
            "not_a_number",
            "rule.eligibility.at_least.times",
        ),
        (
            {"eligibility": {"measure": "for", "at_least": {"times": "1", "of": "x"}}},
            "unknown_measure",
            "rule.eligibility.at_least.of",
        ),
    ],
)
def test_a_rule_that_says_nothing_decidable_is_refused_with_its_spot(change: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule(dict(READY_RULES["top_k_approvals"]) | change)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_a_rule_too_deep_to_read_is_refused() -> None:
    condition: dict[str, Any] = {"measure": "for", "at_least": {"value": 1}}
    for _ in range(9):
        condition = {"all": [condition]}
    with pytest.raises(RuleError, match="too_deep"):
        ready_rule("top_k_approvals", eligibility=condition)


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"version": 0}, "unknown_version", "snapshot.version"),
        ({"pass": 0}, "not_an_integer", "snapshot.pass"),
        ({"round": ""}, "not_text", "snapshot.round"),
        ({"round": "\ud800"}, "not_text", "snapshot.round"),
        ({"extra": 1}, "unknown_key", "snapshot"),
        ({"ideas": {}}, "not_a_list", "ideas"),
        ({"ideas": [idea("a"), idea("a")]}, "twice", "ideas"),
        ({"ideas": [idea("a", challenge="c9")]}, "unknown_challenge", "ideas[0].challenge"),
        ({"ideas": [idea("a", requested=-1)]}, "not_an_integer", "ideas[0].requested"),
        ({"ideas": [idea("a", requested=1.0)]}, "not_an_integer", "ideas[0].requested"),
        ({"ideas": [idea("a", measures={"for": True})]}, "not_an_integer", "ideas[0].measures.for"),
        ({"ideas": [idea("a", measures=[])]}, "not_an_object", "ideas[0].measures"),
        ({"ideas": [idea("a", submitted_at="yesterday")]}, "not_a_time", "ideas[0].submitted_at"),
        ({"ideas": [idea("a", submitted_at="2026-05-01T09:00:00")]}, "not_a_time", "ideas[0].submitted_at"),
        (
            {"ideas": [idea("a", submitted_at="2026-05-01T09:00:00+02:00")]},
            "not_a_time",
            "ideas[0].submitted_at",
        ),
        ({"ideas": [idea("a", pick="maybe")]}, "unknown_value", "ideas[0].pick"),
        ({"ideas": [idea("a", out="gone")]}, "unknown_value", "ideas[0].out"),
        ({"challenges": [challenge(budget=-1)]}, "not_an_integer", "challenges[0].budget"),
        ({"pass": 2}, "nothing_carried", "carried"),
        ({"carried": [{"challenge": "c1", "left": 1}]}, "carried_too_early", "carried"),
        (
            {"pass": 2, "carried": [{"challenge": "c9", "left": 1}]},
            "unknown_challenge",
            "carried[0].challenge",
        ),
        ({"pass": 2, "carried": [{"challenge": "c1", "left": 1}] * 2}, "twice", "carried[1].challenge"),
    ],
)
def test_a_snapshot_that_cannot_be_decided_is_refused_with_its_spot(change: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(SnapshotError) as caught:
        decide(snapshot(ready_rule("top_k_approvals"), idea("a", 1)) | change)
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize("value", [1.5, float("nan"), b"x", {1: 2}])
def test_a_canonical_snapshot_holds_integers_and_text_alone(value: Any) -> None:
    with pytest.raises(SnapshotError, match="not_json"):
        canonical({"version": 1, "round": value})


def test_canonical_bytes_are_sorted_ascii_json() -> None:
    frozen = snapshot(ready_rule("top_k_approvals"), idea("b"), idea("a"), round="é", carried=None)
    spelled = canonical(frozen)
    assert spelled.isascii()
    assert b" " not in spelled
    read = json.loads(spelled)
    assert list(read) == sorted(read)
    assert [row["id"] for row in read["ideas"]] == ["a", "b"]
    assert "carried" not in read
    assert canonical(read) == spelled


def test_an_outcome_is_plain_json() -> None:
    outcome = decide(snapshot(CATALYST, idea("a", 50), idea("b", 1, 9)))
    read = json.loads(outcome_bytes(outcome))
    assert [(row["idea"], row["because"], row["promoted"]) for row in read["decisions"]] == [
        ("a", "within_budget", True),
        ("b", "below_threshold", False),
    ]
    assert (read["round"], read["seed"], read["version"]) == ("r1", outcome.seed, 1)


def test_the_codes_are_what_stored_runs_and_templates_name() -> None:
    assert [because.value for because in Because] == [
        "within_top",
        "below_line",
        "within_budget",
        "over_budget",
        "after_stop",
        "all_eligible",
        "picked",
        "not_picked",
        "below_threshold",
        "missing_measure",
        "no_request",
        "other_currency",
        "no_budget",
        "no_tally",
        "withdrawn",
        "merged",
        "disqualified",
        "not_shortlisted",
        "not_checked",
        "turned_down",
        "spent_in_pass_1",
        "outside_pass",
        "funded_by_shares",
        "not_affordable",
        "filled_up",
        "judged_in",
        "judged_out",
    ]


def test_explain_gives_the_parts_of_one_sentence() -> None:
    assert explain(CATALYST) == [
        Clause(
            "all",
            parts=(
                Clause(
                    "threshold",
                    {
                        "measure": "for",
                        "comparison": "at_least",
                        "form": "times",
                        "times": "1.15",
                        "of": "against",
                    },
                ),
                Clause(
                    "threshold",
                    {
                        "measure": "total",
                        "comparison": "at_least",
                        "form": "share",
                        "percent": 1,
                        "of": "electorate",
                    },
                ),
            ),
        ),
        Clause("order", {"by": "net", "direction": "highest"}),
        Clause("capacity_skip"),
        Clause("scope_per_challenge"),
        Clause(
            "ties",
            parts=(Clause("tie_views"), Clause("tie_earlier"), Clause("tie_hash")),
        ),
    ]


def test_the_panels_score_breaks_ties_only_where_a_panel_scores() -> None:
    of_a_panel = {name for name, rule in READY_RULES.items() if "score" in rule["tie_break"]}
    assert of_a_panel == {"panel_best", "mix_crowd_and_panel"}
    told = [explain(READY_RULES["panel_best"], panel=panel)[-1].parts[0].code for panel in (True, False)]
    assert told == ["tie_score", "tie_views"]
    assert [clause.code for clause in explain(READY_RULES["sponsor_picks"])] == [
        "eligible_everyone",
        "capacity_picked",
        "scope_per_challenge",
    ]
    top = explain(ready_rule("top_k_approvals", tie_break=["voters"], order={"by": "for", "descending": False}))
    assert top[1:3] == [
        Clause("order", {"by": "for", "direction": "lowest"}),
        Clause("capacity_top", {"k": 3}),
    ]
    assert top[4].parts == (Clause("tie_measure", {"by": "voters"}), Clause("tie_hash"))


def test_ready_rules_are_sound_and_copies_leave_them_alone() -> None:
    for name in READY_RULES:
        parse_rule(READY_RULES[name])
    copy = ready_rule("top_k_approvals")
    copy["capacity"]["k"] = 99
    assert ready_rule("top_k_approvals")["capacity"]["k"] == 3
    assert second_pass(CATALYST)["scope"] == {"pool": "pooled"}
    assert CATALYST["scope"] == {"pool": "per_challenge"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(3), 3),
        (Fraction(-3), -3),
        (Fraction(161, 20), "8.05"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(2, 3), "0.666667"),
        (Fraction(1, 10**7), "0"),
        (Fraction(-1, 10**7), "0"),
        (Fraction(10**20 + 1, 2), "50000000000000000000.5"),
    ],
)
def test_numbers_are_told_as_integers_or_short_decimals(value: Fraction, text: int | str) -> None:
    assert number(value) == text


def test_measures_are_exact_and_unknown_where_a_part_is() -> None:
    raw = {"for": 2, "against": 1, "electorate": 6, "panel_mean_micro": 3_333_333}
    assert {name: measures.value(name, raw) for name in ("net", "total", "approval_share", "turnout", "voters")} == {
        "net": 1,
        "total": 3,
        "approval_share": Fraction(2, 3),
        "turnout": Fraction(1, 2),
        "voters": None,
    }
    assert measures.value("panel_mean", raw) == Fraction(3_333_333, 1_000_000)
    assert measures.missing("turnout", {"for": 1}) == "against"
    assert measures.value("approval_share", {"for": 0, "against": 0}) == 0


def test_the_panel_mean_is_a_mean_of_means() -> None:
    assert measures.mean_micro([(4, 4, 4), (5, 1), ()]) == 3_500_000
    assert measures.mean_micro([(1,), (1,), (2,)]) == 1_333_333
    assert measures.mean_micro([()]) is None
