"""Equal shares at work: a pool's ideas and ballots to reasons and a certificate."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np

from innovation.rules.promotion.ballots import Voter
from innovation.rules.promotion.completion import Result, equal_shares, support
from innovation.rules.promotion.equal_shares import Candidate, Field
from innovation.rules.promotion.pools import Entry, Pool, Reason, hindrance
from innovation.rules.promotion.reading import Params
from innovation.rules.promotion.reasons import Because
from innovation.rules.promotion.receipts import Members, Shares, receipts_of, rounds_of
from innovation.rules.promotion.rule import Capacity, Rule
from innovation.rules.promotion.sentence import number


def by_shares(rule: Rule, entries: Sequence[Entry], pool: Pool) -> tuple[list[Reason], Shares | None]:
    """A reason for every entry, and the certificate; None when there is no budget, or nobody who voted.

    Ideas of equal claim go by the rule's tie-breaks, not by its order: the order gives places and nothing else.
    """
    hindered = [hindrance(entry, pool) for entry in entries]
    runners = sorted((n for n, reason in enumerate(hindered) if reason is None), key=lambda n: entries[n].keys)
    runner_ideas = [entries[n].idea.id for n in runners]
    field, members = _field(rule.capacity, [entries[n] for n in runners], pool.voters)
    weight = int(field.weight.sum())
    if pool.available is None or not weight:
        return [reason or _nobody(entry, pool) for entry, reason in zip(entries, hindered, strict=True)], None
    step = rule.capacity.step if rule.capacity.completion == "add_one" else None
    result = equal_shares(field, max(0, pool.available), weight, step)
    told: Params = {} if pool.currency is None else {"currency": pool.currency}
    told |= {"utility": "score"} if rule.capacity.utility == "score" else {}
    found = dict(zip(runners, _reasons(field, members, result, pool.available), strict=True))
    reasons = [reason or (found[n][0], told | found[n][1]) for n, reason in enumerate(hindered)]
    shares = Shares(
        pool=pool.name,
        currency=pool.currency,
        voters=len(pool.voters),
        first_share=number(result.first_share, 2),
        share=number(result.purses.share, 2),
        raised=result.raised,
        rounds=rounds_of(field, members, runner_ideas, result),
        filled=tuple(runner_ideas[n] for n in result.filled),
        receipts=receipts_of(field, members, runner_ideas, result),
    )
    return reasons, shares


def _field(capacity: Capacity, runners: Sequence[Entry], voters: Sequence[Voter]) -> tuple[Field, Members]:
    """Ideas and ballots as arrays: voters of one and the same ballot are one unit, candidates stand as ``runners`` do."""
    index = {entry.idea.id: n for n, entry in enumerate(runners)}
    scored = capacity.utility == "score"
    units: dict[tuple[tuple[int, int], ...], list[Voter]] = defaultdict(list)
    for voter in voters:
        given = ((index[idea], vote if scored else 1) for idea, vote in voter.votes.items() if vote > 0 and idea in index)
        units[tuple(sorted(given))].append(voter)
    who: list[list[int]] = [[] for _ in runners]
    points: list[list[int]] = [[] for _ in runners]
    for unit, given_by_unit in enumerate(units):
        for candidate, vote in given_by_unit:
            who[candidate].append(unit)
            points[candidate].append(vote)
    costs = [entry.idea.requested or 0 for entry in runners]
    candidates = [
        Candidate(cost, np.array(a, np.int64), np.array(b, np.int64), (cost or 1) if capacity.utility == "cost" else 1)
        for cost, a, b in zip(costs, who, points, strict=True)
    ]
    weight = np.array([sum(voter.weight for voter in unit) for unit in units.values()], np.int64)
    return Field(candidates, weight), _members(list(units.values()))


def _members(units: Sequence[Sequence[Voter]]) -> Members:
    names = sorted({voter.group for unit in units for voter in unit})
    weight = {name: np.zeros(len(units), np.int64) for name in names}
    count: Mapping[str, list[int]] = {name: [0] for name in names}
    for n, unit in enumerate(units):
        for voter in unit:
            weight[voter.group][n] += voter.weight
            count[voter.group][0] += 1
    voters = np.array([len(unit) for unit in units], np.int64)
    return Members(voters, {name: (count[name][0], weight[name]) for name in names})


def _reasons(field: Field, members: Members, result: Result, available: int) -> list[Reason]:
    """Why each candidate was or was not funded, in the field's order."""
    rounds = {bought.candidate: (n, bought) for n, bought in enumerate(result.rounds, 1)}
    left = available - sum(field.candidates[n].cost for n in rounds)
    rest = {}
    for n in result.filled:
        rest[n] = left
        left -= field.candidates[n].cost
    reasons: list[Reason] = []
    for n, candidate in enumerate(field.candidates):
        known: Params = {"supporters": int(members.voters[candidate.who].sum()), "requested": candidate.cost}
        if n in rounds:
            turn, bought = rounds[n]
            told: Params = {"price": number(bought.price, 2), "round": turn}
            reasons.append((Because.FUNDED_BY_SHARES, known | told))
        elif n in rest:
            reasons.append((Because.FILLED_UP, known | {"left": rest[n], "support": support(field, n)}))
        else:
            purses = result.purses
            alive = candidate.who[purses.alive[candidate.who]]
            held = int(Fraction(purses.gathered(alive, field.weight[alive]), purses.den))
            reasons.append((Because.NOT_AFFORDABLE, known | {"left": held, "short": candidate.cost - held}))
    return reasons


def _nobody(entry: Entry, pool: Pool) -> Reason:
    requested = entry.idea.requested or 0
    told: Params = {"supporters": 0, "requested": requested, "left": 0, "short": requested}
    return Because.NOT_AFFORDABLE, told | ({} if pool.currency is None else {"currency": pool.currency})
