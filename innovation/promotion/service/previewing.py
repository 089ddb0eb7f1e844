"""What a rule would do: compared with the present one, on made data, on an earlier result, or on the real state.

Only reads. Nothing here is ever stored as a run. Which of the three somebody may see is :func:`stage_of` and the door's own
question; the real state is never read before everything that the decision rests on is in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.challenges.service.fitting import shares_fit
from innovation.challenges.service.rules import has_begun
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.promotion import queries
from innovation.promotion.models import Run
from innovation.promotion.service import ballots, sampling
from innovation.promotion.service import snapshot as snapshots
from innovation.promotion.service.sides import asks_more_of_sides, without_small_sides
from innovation.rules.challenge import BY_PANEL, BY_VOTES, EDITABLE, ChallengeState, WhoDecides
from innovation.rules.promotion import Comparison, Option, ballots_key, compare
from innovation.rules.run import RunState
from innovation.voting import queries as voting

PRESENT, NEW = "present", "new"
SIDE_BY_SIDE: dict[str, dict[str, Any]] = {
    "skip": {"kind": "budget", "overrun": "skip"},
    "stop": {"kind": "budget", "overrun": "stop"},
    "equal_shares": {"kind": "equal_shares", "completion": "add_one", "utility": "cost"},
}
"""The ways to spend a budget that are set beside the rule."""

SHOWN = 60
"""At most so many ideas that stay out are listed; the others are counted."""


@dataclass(frozen=True, slots=True)
class Line:
    """One idea under both rules. ``title`` is None where it is sealed, not this reader's to read, or invented."""

    id: str
    title: str | None
    language: str
    before: bool
    after: bool
    place: int | None
    close: bool
    requested: int | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What the new rule does. ``source``: made, past or real; ``of``: the challenge whose figures they are.

    ``lines`` are the ideas in, then those that leave, then the best of the others; ``out`` counts all that are in neither.
    ``ways`` are the ways to spend a budget, side by side; empty where there is none.
    """

    source: str
    of: Challenge | None
    present: Option
    new: Option
    ways: tuple[Option, ...]
    lines: tuple[Line, ...]
    ideas: int
    budget: int | None
    currency: str

    @property
    def kept(self) -> int:
        return len(self.new.promoted) - len(self.new.enters)

    @property
    def close(self) -> int:
        return sum(line.close for line in self.lines)


def stage_of(challenge: Challenge, now: datetime) -> str:
    """Where a challenge stands for its rule: ``draft`` (not published), ``waiting`` (published, judging has not begun),
    ``open`` (judging is under way), ``closed`` (everything is in), ``frozen`` (the decision is being taken, or is not
    announced yet), ``over``."""
    if challenge.state in EDITABLE:
        return "draft"
    if challenge.state != ChallengeState.PUBLISHED:
        return "over"
    if challenge.frozen_at is not None and _is_in(challenge, now):
        return "frozen"
    if _is_in(challenge, now):
        return "closed"
    return "open" if has_begun(challenge, now) else "waiting"


def _is_in(challenge: Challenge, now: datetime) -> bool:
    return challenge.schedule().decide_begins() <= now


def on_made_data(challenge: Challenge, present: Mapping[str, Any], new: Mapping[str, Any], *, shortlist: bool) -> Preview:
    """Both rules on invented ideas, with this challenge's ballot, budget and panel."""
    snapshot, cast = sampling.made(
        dict(new),
        ballot=challenge.ballot,
        budget=challenge.budget_minor,
        currency=challenge.currency,
        panel=challenge.who_decides in BY_PANEL,
        outside=challenges.takes_outsiders(challenge.id),
        shortlist_first=challenge.who_decides == WhoDecides.VOTES_PANEL and not shortlist,
    )
    found = _compared(snapshot, cast, present, new, shares=shares_fit(challenge.who_decides, challenge.ballot))
    return _preview("made", None, snapshot, found, {})


def on_past(reader: Actor, past: Challenge, present: Mapping[str, Any], new: Mapping[str, Any]) -> Preview | None:
    """Both rules on the figures of an earlier challenge, as its announced run stored them; None where it has none."""
    runs = [run for run in _promoting(past) if run.state == RunState.ANNOUNCED]
    return _on_run(reader, past, runs[0], "past", present, new) if runs else None


def on_real_state(reader: Actor, challenge: Challenge, present: Mapping[str, Any], new: Mapping[str, Any]) -> Preview | None:
    """Both rules on what the decision rests on; None while the votes are still being measured.

    The caller has made sure that everything is in and that this reader may know it.
    """
    frozen = [run for run in _promoting(challenge) if run.snapshot is not None]
    if frozen:
        return _on_run(reader, challenge, frozen[0], "real", present, new)
    taken = state_of(challenge, new if new.get("order") != present.get("order") else present)
    if taken is None:
        return None
    snapshot, cast = taken
    if asks_more_of_sides(present, new):
        snapshot = snapshot | {"ideas": [without_small_sides(idea) for idea in snapshot["ideas"]]}
    found = _compared(snapshot, cast, present, new, shares=shares_fit(challenge.who_decides, challenge.ballot))
    return _preview("real", challenge, snapshot, found, _titles(reader, [challenge.id]))


def state_of(challenge: Challenge, rule: Mapping[str, Any]) -> snapshots.Snapshot | None:
    """The real state of a challenge as a snapshot; None while its votes are still being measured."""
    by_votes = challenge.who_decides in BY_VOTES and not voting.polls([challenge.id])
    if by_votes and voting.figures(challenge.id) is None:
        return None
    # The key of its pseudonyms is made when first needed; a look at a rule is no such need.
    with db.session.no_autoflush:
        known = challenge.pseudonym_key
        taken = snapshots.of_challenge(challenge, rule)
        if known is None:
            db.session.expire(challenge, ["pseudonym_key"])
    return taken


def _promoting(challenge: Challenge) -> Sequence[Run]:
    """The first passes that chose among a challenge's ideas, the latest first; without those that made a short list."""
    runs = queries.of_challenge(challenge.id)
    found = [run for run in runs if run.pass_no == 1 and run.round.purpose != snapshots.SHORTLIST]
    return sorted(found, key=lambda run: -run.id)


def _on_run(
    reader: Actor, challenge: Challenge, run: Run, source: str, present: Mapping[str, Any], new: Mapping[str, Any]
) -> Preview:
    whole, cast = json.loads(run.snapshot or "{}"), ballots.unpacked(run.ballots)
    asks_more = True
    if source == "real" and run.state == RunState.DECIDED:
        # As it would be decided again: the intervals of the new rule, and no other draw than the first.
        whole, asks_more = snapshots.under(run, new, challenge.rule_no + 1), asks_more_of_sides(present, new)
    mine = {idea["id"] for idea in whole["ideas"] if idea["challenge"] == challenge.public_id}
    snapshot = {
        **{name: part for name, part in whole.items() if name not in ("ballots", "carried")},
        "challenges": [row for row in whole["challenges"] if row["id"] == challenge.public_id],
        "ideas": [without_small_sides(idea) if asks_more else idea for idea in whole["ideas"] if idea["id"] in mine],
    }
    if cast is not None:
        snapshot["ballots"] = ballots_key(cast)
    found = _compared(snapshot, cast, present, new, shares=cast is not None)
    return _preview(source, challenge, snapshot, found, _titles(reader, [challenge.id]))


def _compared(
    snapshot: dict[str, Any], cast: Any, present: Mapping[str, Any], new: Mapping[str, Any], *, shares: bool
) -> Comparison:
    rules: dict[str, Any] = {PRESENT: dict(present), NEW: dict(new)}
    if any(row["budget"] for row in snapshot["challenges"]) and new.get("order"):
        plain = {name: part for name, part in new.items() if name != "close"}
        rules |= {name: plain | {"capacity": way} for name, way in SIDE_BY_SIDE.items() if shares or name != "equal_shares"}
    return compare(snapshot, rules, cast)


def _preview(
    source: str, of: Challenge | None, snapshot: dict[str, Any], found: Comparison, titles: dict[str, tuple[str, str]]
) -> Preview:
    present, new = found[PRESENT], found[NEW]
    asked = {idea["id"]: idea["requested"] for idea in snapshot["ideas"]}
    before, after = set(present.promoted), set(new.promoted)
    decisions = {} if new.outcome is None else {made.idea: made for made in new.outcome.decisions}
    rest = [idea for idea in decisions if idea not in before | after]
    challenge = snapshot["challenges"][0]
    lines = [
        Line(
            id=idea,
            title=titles.get(idea, ("", ""))[0] or None,
            language=titles.get(idea, ("", ""))[1],
            before=idea in before,
            after=idea in after,
            place=decisions[idea].place if idea in decisions else None,
            close=bool(idea in decisions and decisions[idea].params.get("close")),
            requested=asked.get(idea),
        )
        for idea in [*new.promoted, *new.leaves, *rest[:SHOWN]]
    ]
    return Preview(
        source=source,
        of=of,
        present=present,
        new=new,
        ways=tuple(option for option in found.options if option.name in SIDE_BY_SIDE),
        lines=tuple(lines),
        ideas=len(snapshot["ideas"]),
        budget=challenge["budget"],
        currency=challenge["currency"] or "",
    )


def _titles(reader: Actor, challenge_ids: list[int]) -> dict[str, tuple[str, str]]:
    """Title and language of the open ideas that this reader may read, by public id; sealed ideas have none."""
    rows = db.session.execute(
        select(Idea.public_id, Idea.title, Idea.language)
        .join(Idea.challenge)
        .where(Idea.challenge_id.in_(challenge_ids), Idea.visibility == "audience", ideas.visible(reader))
    )
    return {row.public_id: (row.title, row.language) for row in rows}
