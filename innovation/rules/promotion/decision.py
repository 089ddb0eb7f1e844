"""The decision: a rule applied to a snapshot, pool by pool, and what it spent."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from innovation.rules.promotion import ordering
from innovation.rules.promotion.ballots import Voter, key_and_voters
from innovation.rules.promotion.capacity import allot
from innovation.rules.promotion.eligibility import judge
from innovation.rules.promotion.pools import Decision, Entry, Pool, ranked
from innovation.rules.promotion.reading import VERSION, Json, Params, SnapshotError
from innovation.rules.promotion.reasons import Because
from innovation.rules.promotion.receipts import Shares
from innovation.rules.promotion.snapshot import Idea, Snapshot, parse_snapshot, seed_of, spelled


@dataclass(frozen=True, slots=True)
class Spending:
    """Money of one pool, or of one challenge, in minor units.

    ``name`` is the pool's (the challenge id, or of a pooled budget its currency) or the challenge's.
    ``available`` and ``left`` are None when no budget is known, when a pool mixes currencies (then ``spent``
    mixes them too), and for a challenge whose money is pooled.
    ``left`` falls below zero only under a rule that does not watch the budget (top, all, picked).
    """

    name: str
    challenges: tuple[str, ...]
    currency: str | None
    available: int | None
    spent: int
    left: int | None
    promoted: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole result: decisions by challenge, then place (those without one last), then idea id.

    ``shares``: one certificate for each pool whose money equal shares spent, and nothing for other rules.
    """

    round: str
    pass_no: int
    seed: str
    decisions: tuple[Decision, ...]
    challenges: tuple[Spending, ...]
    pools: tuple[Spending, ...]
    shares: tuple[Shares, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The outcome as plain JSON: integers, strings, booleans and None; no ``shares`` where there are none."""
        said = {"version": VERSION, **asdict(self)}
        return said if self.shares else {name: part for name, part in said.items() if name != "shares"}


def outcome_bytes(outcome: Outcome) -> bytes:
    """The outcome's one spelling, as of `canonical`: equal bytes mean an equal outcome."""
    return spelled(outcome.as_json())


def decide(snapshot: Json, ballots: Json = None) -> Outcome:
    """Apply the snapshot's rule to the snapshot: exactly one decision for every idea in it.

    ``ballots`` (see `parse_ballots`) are looked at only when the rule needs them. Raises `SnapshotError` or `RuleError` when
    there is nothing decidable, ``ballots_needed`` and ``ballots_differ`` among them; whatever is merely missing for one
    idea (a measure, an amount, a budget, its currency) becomes that idea's reason instead.
    """
    frozen = parse_snapshot(snapshot)
    assert isinstance(snapshot, Mapping)  # or reading it had failed
    return decide_with(frozen, ballots, seed_of(snapshot))


def decide_with(frozen: Snapshot, ballots: Json, seed: bytes) -> Outcome:
    """As `decide`, with the snapshot read and the seed of the last tie-break given."""
    voters = _voters(frozen, ballots) if frozen.rule.needs_ballots else []
    decisions: list[Decision] = []
    certificates: list[Shares] = []
    candidates: dict[str, list[Idea]] = {name: [] for name in _pool_names(frozen)}
    for idea in frozen.ideas:
        settled = _settled(frozen, idea)
        if settled is None:
            candidates[_pool_of(frozen, idea.challenge)].append(idea)
        else:
            because, params = settled
            decisions.append(Decision(idea.id, idea.challenge, False, None, because, params))
    for name, ideas in candidates.items():
        made, shares = allot(frozen.rule, _pool(frozen, name, ideas, voters), seed)
        decisions += made
        certificates += [] if shares is None else [shares]
    decisions.sort(key=lambda made: (made.challenge, made.place is None, made.place or 0, made.idea))
    return Outcome(
        round=frozen.round,
        pass_no=frozen.pass_no,
        seed=seed.hex(),
        decisions=tuple(decisions),
        challenges=tuple(_spent_by_challenge(frozen, decisions)),
        pools=tuple(_spent_by_pool(frozen, decisions)),
        shares=tuple(certificates),
    )


def candidates(snapshot: Json) -> list[list[Entry]]:
    """What competes in each pool, best first, as `decide` would have it before it hands anything out.

    What is known only once these are measured (the low end and the chance under the order itself) keeps nobody out. Ideas
    that everything but the run's own seed leaves equal stand in another order than the run's. Raises as `decide`.
    """
    frozen = parse_snapshot(snapshot)
    pools: dict[str, list[Idea]] = {name: [] for name in _pool_names(frozen)}
    for idea in frozen.ideas:
        settled, order = _settled(frozen, idea), frozen.rule.order
        later = settled is not None and settled[1].get("missing") in _KNOWN_LATER
        if settled is None or (later and not (order and ordering.lacking(order, idea.raw))):
            pools[_pool_of(frozen, idea.challenge)].append(idea)
    return [ranked(frozen.rule, ideas, b"") for ideas in pools.values() if ideas]


_KNOWN_LATER: Final = ("low_micro", "p_top_micro")


def _voters(frozen: Snapshot, ballots: Json) -> list[Voter]:
    """The ballots that the snapshot names, and no others."""
    if frozen.ballots is None or ballots is None:
        raise SnapshotError("ballots_needed", "ballots")
    key, voters = key_and_voters(ballots)
    if key != dict(frozen.ballots):
        raise SnapshotError("ballots_differ", "ballots")
    return voters


def _pool(frozen: Snapshot, name: str, ideas: list[Idea], voters: Sequence[Voter]) -> Pool:
    return Pool(
        name=name,
        ideas=ideas,
        available=_available(frozen, name),
        currency=_currency(frozen, name),
        currencies={challenge: frozen.challenges[challenge].currency for challenge in _members(frozen, name)},
        voters=_voters_of(frozen, name, voters),
    )


def _voters_of(frozen: Snapshot, pool: str, voters: Sequence[Voter]) -> list[Voter]:
    """Who shares a pool's money: everybody but those who voted on ideas of other pools alone."""
    members = set(_members(frozen, pool))
    inside = {idea.id for idea in frozen.ideas if idea.challenge in members}
    known = {idea.id for idea in frozen.ideas}
    return [voter for voter in voters if not inside.isdisjoint(voter.votes) or known.isdisjoint(voter.votes)]


def _settled(frozen: Snapshot, idea: Idea) -> tuple[Because, Params] | None:
    """Why this idea is no candidate; None when it is one."""
    if idea.out is not None:
        return idea.out, {}
    if frozen.carried is not None and idea.challenge not in frozen.carried:
        return Because.OUTSIDE_PASS, {"challenge": idea.challenge}
    if frozen.rule.eligibility is not None:
        holds, evidence = judge(frozen.rule.eligibility, idea.raw)
        if holds is not True:
            return (Because.MISSING_MEASURE if holds is None else Because.BELOW_THRESHOLD), evidence
    if frozen.rule.order is not None and (lacks := ordering.lacking(frozen.rule.order, idea.raw)):
        return Because.MISSING_MEASURE, {"measure": lacks[0], "missing": lacks[1]}
    return None


def _pool_names(frozen: Snapshot) -> list[str]:
    return sorted({_pool_of(frozen, challenge) for challenge in _in_pass(frozen)})


def _in_pass(frozen: Snapshot) -> list[str]:
    return sorted(frozen.challenges if frozen.carried is None else frozen.carried)


def _pool_of(frozen: Snapshot, challenge: str) -> str:
    if frozen.rule.pool == "per_challenge":
        return challenge
    # Euros never pay for a request in dollars: money pools by currency. Places do not care, so other
    # rules rank over everything.
    return (frozen.challenges[challenge].currency or "") if frozen.rule.spends else ""


def _members(frozen: Snapshot, pool: str) -> list[str]:
    return [challenge for challenge in _in_pass(frozen) if _pool_of(frozen, challenge) == pool]


def _available(frozen: Snapshot, pool: str) -> int | None:
    amounts = [_given(frozen, challenge) for challenge in _members(frozen, pool)]
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known and len(_currencies(frozen, pool)) == 1 else None


def _given(frozen: Snapshot, challenge: str) -> int | None:
    return frozen.challenges[challenge].budget if frozen.carried is None else frozen.carried[challenge]


def _currency(frozen: Snapshot, pool: str) -> str | None:
    found = _currencies(frozen, pool)
    return found.pop() if len(found) == 1 else None


def _currencies(frozen: Snapshot, pool: str) -> set[str | None]:
    return {frozen.challenges[challenge].currency for challenge in _members(frozen, pool)}


def _spent_by_challenge(frozen: Snapshot, decisions: Sequence[Decision]) -> list[Spending]:
    spent, promoted = _spent(frozen, decisions)
    rows = []
    for name in _in_pass(frozen):
        given = _given(frozen, name) if frozen.rule.pool == "per_challenge" else None
        left = None if given is None else given - spent[name]
        currency = frozen.challenges[name].currency
        rows.append(Spending(name, (name,), currency, given, spent[name], left, promoted[name]))
    return rows


def _spent_by_pool(frozen: Snapshot, decisions: Sequence[Decision]) -> list[Spending]:
    spent, promoted = _spent(frozen, decisions)
    rows = []
    for name in _pool_names(frozen):
        members, currency = tuple(_members(frozen, name)), _currency(frozen, name)
        total = sum(spent[member] for member in members)
        given = _available(frozen, name)
        left = None if given is None else given - total
        count = sum(promoted[member] for member in members)
        rows.append(Spending(name, members, currency, given, total, left, count))
    return rows


def _spent(frozen: Snapshot, decisions: Sequence[Decision]) -> tuple[Mapping[str, int], Mapping[str, int]]:
    ideas = {idea.id: idea for idea in frozen.ideas}
    spent: dict[str, int] = defaultdict(int)
    promoted: dict[str, int] = defaultdict(int)
    for decision in decisions:
        if decision.promoted:
            idea = ideas[decision.idea]
            promoted[decision.challenge] += 1
            # A sum in another currency is no part of this challenge's spending.
            if idea.currency == frozen.challenges[decision.challenge].currency:
                spent[decision.challenge] += idea.requested or 0
    return spent, promoted
