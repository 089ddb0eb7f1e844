"""Promotion: one rule, one frozen snapshot, one decision with its reason for every idea.

A pure function of its input: `decide` reads no clock, no database and no chance, and orders and selects by
integers and fractions alone, so that the same snapshot gives the same bytes (`outcome_bytes`) for ever.

A snapshot is plain JSON without floats::

    {"version": 1, "round": "k3v9x2m7qa", "pass": 1, "rule": {...},
     "ballots"?: {"sha256": hex, "voters": n},
     "challenges": [{"id", "budget": int|null, "currency": "EUR"|null, "electorate": int|null,
                     "fitted"?: {"prior_for_micro": int, ...}}],
     "ideas": [{"id", "challenge", "requested": int|null, "currency"?, "submitted_at": "...Z"|null,
                "measures": {"for": int, ...}, "pick": null|"chosen"|"not_chosen",
                "out": null|"withdrawn"|"no_tally"|"merged"|"disqualified"|"not_shortlisted"|"not_checked"|
                       "turned_down"|"spent_in_pass_1"}],
     "carried": [{"challenge", "left": int}],
     "earlier"?: [{"number", "rule", "snapshot_hash", "outcome_hash", "intervals"}]}

Money is in minor units. A raw measure that is absent is unknown (see `measures`). ``out`` takes an idea out
before anything is measured. ``carried`` is for pass 2 and later: it *names the challenges of the pass*; only
their ideas are candidates, and what is left of them is all there is to spend. ``fitted`` are figures of a whole
challenge that the measures of every one of its ideas need. ``ballots`` names the ballots (see `parse_ballots`) that a
rule needs which decides from them; they are handed to `decide` beside the snapshot. ``earlier`` are the rules that decided
it before this one (see `under_rule`).

A rule is plain JSON too; decimals are strings, and an unknown key is an error::

    {"version": 1,
     "eligibility": null | {"all": [..]} | {"any": [..]}
        | {"measure": "for", "at_least": {"times": "1.15", "of": "against"}
                                       | {"share": "0.01", "of": "electorate"} | {"value": 5}},
     "order": null | {"by": "net", "descending": true}
        | {"mix": [{"measure": "support", "weight": 2}, {"measure": "panel_mean", "weight": "1.5"}]},
     "capacity": {"kind": "top", "k": 3} | {"kind": "budget", "overrun": "skip"|"stop"}
        | {"kind": "all"} | {"kind": "picked"}
        | {"kind": "equal_shares", "completion": "add_one"|"none", "utility": "cost"|"cardinality"|"score",
           "step"?: "0.02" (of the first share) | {"minor": 100}},
     "close"?: null | {"within": "interval"} | {"within": {"value": "0.02"}},
     "tie_break": ["score", "views", "earlier", "hash"],
     "scope": {"pool": "per_challenge"|"pooled"}}

Besides ``at_least`` a threshold may say ``more_than``, ``at_most`` or ``less_than``. Eligibility is Kleene's
three-valued logic: an unknown measure matters only where it could still change the answer.

Budgets: *skip* funds the next best idea that still fits; *stop* ends at the first that does not (both as in
pabulib's greedy rules and Project Catalyst); *equal shares* gives every voter the same part of it (see `equal_shares`,
`completion`). Mixes: see `ordering`. Too close to call: see `close`. Ties: score, more views, earlier submission, then
SHA-256(seed || idea id), the seed being the SHA-256 of the canonical snapshot as it was first decided; ``hash`` is always
last, so the order is total. Complexity: O(n log n) in ideas.
"""

from innovation.rules.promotion.ballots import ballots_key, canonical_ballots, parse_ballots
from innovation.rules.promotion.compare import Comparison, Line, Option, compare, line_of
from innovation.rules.promotion.decision import Outcome, Spending, candidates, decide, outcome_bytes
from innovation.rules.promotion.earlier import before_change, history, under_rule
from innovation.rules.promotion.judging import apply_judgements
from innovation.rules.promotion.ordering import mixed
from innovation.rules.promotion.pools import Decision
from innovation.rules.promotion.reading import Json, Malformed, Params, RuleError, SnapshotError
from innovation.rules.promotion.ready import READY_RULES, ready_rule, second_pass
from innovation.rules.promotion.reasons import OUT, Because
from innovation.rules.promotion.receipts import Receipt, Round, Shares
from innovation.rules.promotion.rule import MIX, Rule, parse_rule
from innovation.rules.promotion.sentence import Clause, explain, number
from innovation.rules.promotion.snapshot import Snapshot, canonical, digest, parse_snapshot

__all__ = [
    "OUT",
    "MIX",
    "READY_RULES",
    "Because",
    "Clause",
    "Comparison",
    "Decision",
    "Json",
    "Line",
    "Malformed",
    "Option",
    "Outcome",
    "Params",
    "Receipt",
    "Round",
    "Rule",
    "RuleError",
    "Shares",
    "Snapshot",
    "SnapshotError",
    "Spending",
    "apply_judgements",
    "ballots_key",
    "before_change",
    "candidates",
    "canonical",
    "canonical_ballots",
    "compare",
    "decide",
    "digest",
    "explain",
    "history",
    "line_of",
    "mixed",
    "number",
    "outcome_bytes",
    "parse_ballots",
    "parse_rule",
    "parse_snapshot",
    "ready_rule",
    "second_pass",
    "under_rule",
]
