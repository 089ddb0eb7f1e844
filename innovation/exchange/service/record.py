"""The record of a result: a bundle from which anyone can count and decide again, without names.

A zip file of plain CSV and JSON with a manifest of fingerprints. Voters are pseudonyms of this one challenge, groups of
fewer than five people are one, and ideas of a sealed challenge have ids and no titles. Below twenty voters it holds totals
alone. The same run gives the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from innovation.challenges.models import RuleChange
from innovation.kernel.db import db
from innovation.promotion import queries as promotion
from innovation.promotion.models import Judgement, Run
from innovation.promotion.service.ballots import pseudonym, unpacked
from innovation.rules.ballot import Ballot
from innovation.rules.idea import IdeaState
from innovation.rules.promotion import canonical_ballots, decide, history
from innovation.rules.run import RunState
from innovation.voting.models import BallotRow, Comparison
from innovation.voting.queries.groups import UNVERIFIED

FEWEST_VOTERS = 20
"""Below this a list of ballots would say how people voted."""

VERSION = 1
MANIFEST = "manifest.json"
DECISIONS = ("idea", "title", "challenge", "promoted", "place", "because", "params", "words", "role")
EARLIER = ("until_rule", "idea", "promoted", "place", "because")
BALLOTS = ("voter", "group", "idea", "vote")
PAIRS = ("voter", "group", "first", "second", "preferred")


_Pair = tuple[str, str, str, str, int]


@dataclass(frozen=True, slots=True)
class Record:
    """A bundle, and what it is called."""

    name: str
    content: bytes


def build(run: Run, readme: str) -> Record:
    """The record of a decided run.

    Args:
        readme: what stands in README.txt: the rule in words, and how to count again.

    Raises:
        ValueError: the run has not decided yet.
    """
    if run.snapshot is None or run.outcome_hash is None:
        raise ValueError("not decided yet")
    cast = unpacked(run.ballots)
    enough = cast is not None and fewest_voters(json.loads(run.snapshot), cast) >= FEWEST_VOTERS
    files = {
        "README.txt": readme.encode(),
        "snapshot.json": run.snapshot.encode(),
        "decisions.csv": _decisions(run),
        "changes.json": _spelled(_changes(run)),
    }
    if run.state == RunState.ANNOUNCED:
        files["judgements.csv"] = _table(("idea", "promoted"), sorted(promotion.judgements(run.id).items()))
    earlier = _earlier(json.loads(run.snapshot), cast)
    if earlier:
        files["earlier.csv"] = _table(EARLIER, earlier)
    if cast is not None and enough:
        files["ballots.json"] = canonical_ballots(cast)
        files["ballots.csv"] = _table(
            BALLOTS,
            (
                (voter["id"], voter.get("group", ""), idea, vote)
                for voter in cast["voters"]
                for idea, vote in sorted(voter["votes"].items())
            ),
        )
    pairs = _pairs(run)
    if pairs:
        files["pairs.csv"] = _table(PAIRS, pairs)
    manifest = {
        "version": VERSION,
        "run": run.public_id,
        "pass": run.pass_no,
        "ballots": "none" if cast is None else "included" if enough else "few_voters",
        "announced": run.state == RunState.ANNOUNCED,
        "snapshot_hash": run.snapshot_hash,
        "outcome_hash": run.outcome_hash,
        "sealed": {"no": run.sealed_no, "hash": run.sealed_hash},
        "code_version": run.code_version,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }
    return Record(f"record-{run.public_id}.zip", _zipped(files | {MANIFEST: _spelled(manifest)}))


def fewest_voters(snapshot: Mapping[str, Any], cast: Mapping[str, Any]) -> int:
    """How many people voted in the challenge in which the fewest did; to have seen ideas is not to have voted."""
    of = {idea["id"]: idea["challenge"] for idea in snapshot["ideas"]}
    voted = Counter(
        where
        for voter in cast["voters"]
        for where in {of[idea] for idea, vote in voter["votes"].items() if vote != 0 and idea in of}
    )
    return min(voted.values(), default=0)


def _decisions(run: Run) -> bytes:
    rows = []
    for made in promotion.of_run(run.id):
        idea = made.idea
        open_ = idea.visibility == "audience" and idea.state != IdeaState.WITHDRAWN
        rows.append(
            (
                idea.public_id,
                idea.title if open_ else "",
                idea.challenge.public_id,
                int(made.promoted),
                "" if made.place is None else made.place,
                made.because,
                json.dumps(made.params, sort_keys=True, ensure_ascii=False),
                made.words if open_ else "",
                made.words_as,
            )
        )
    return _table(DECISIONS, sorted(rows, key=lambda row: (str(row[2]), row[4] == "", int(row[4] or 0), str(row[0]))))


def _earlier(snapshot: dict[str, Any], cast: dict[str, Any] | None) -> list[tuple[Any, ...]]:
    """What was decided before the rule was changed: the decisions that each later rule took the place of."""
    return [
        (entry["number"], made.idea, int(made.promoted), "" if made.place is None else made.place, str(made.because))
        for entry, frozen in history(snapshot)
        for made in decide(frozen, cast).decisions
    ]


def _changes(run: Run) -> list[dict[str, Any]]:
    """What was changed by a person's hand: the rule after judging had begun, and ideas too close to call."""
    ids = [each.challenge_id for each in run.challenges]
    open_ = all(each.challenge.visibility == "open" for each in run.challenges)
    found: list[dict[str, Any]] = [
        {
            "kind": "rule",
            "number": change.number,
            "before": change.before,
            "after": change.after,
            "entered": change.entered,
            "left": change.left,
            "reason": change.reason if open_ else "",
            "at": change.changed_at.isoformat(),
        }
        for change in db.session.scalars(select(RuleChange).where(RuleChange.challenge_id.in_(ids)).order_by(RuleChange.id))
    ]
    names = {made.idea_id: made.idea.public_id for made in promotion.of_run(run.id)}
    for each in db.session.scalars(select(Judgement).where(Judgement.run_id == run.id).order_by(Judgement.idea_id)):
        row = {"kind": "judgement", "idea": names[each.idea_id], "promoted": each.promoted, "at": each.judged_at.isoformat()}
        found.append(row | {"reason": each.reason if open_ else ""})
    return found


def _pairs(run: Run) -> list[_Pair]:
    """Every comparison that was counted: who made it, whether nobody had verified him, and what he said."""
    names = {made.idea_id: made.idea.public_id for made in promotion.of_run(run.id)}
    rows: list[_Pair] = []
    for member in run.challenges:
        challenge = member.challenge
        if challenge.ballot != Ballot.PAIRS or challenge.pseudonym_key is None:
            continue
        key = challenge.pseudonym_key.encode()
        here: list[_Pair] = []
        removed = select(BallotRow.person_id).where(
            BallotRow.challenge_id == challenge.id, BallotRow.removed_at.is_not(None)
        )
        compared = Comparison.challenge_id == challenge.id
        for each in db.session.scalars(select(Comparison).where(compared, Comparison.person_id.not_in(removed))):
            if each.first_id in names and each.second_id in names:
                group = UNVERIFIED if each.group_key == UNVERIFIED else ""
                voter = pseudonym(key, each.person_id)
                here.append((voter, group, names[each.first_id], names[each.second_id], each.preferred))
        if len({row[0] for row in here}) >= FEWEST_VOTERS:
            rows += here
    return sorted(rows)


def _spelled(data: Any) -> bytes:
    return (json.dumps(data, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_harmless(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _harmless(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula is shown as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value[:1] else value


def _zipped(files: dict[str, bytes]) -> bytes:
    """The files in one order with one date, so that equal files are an equal bundle."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, files[name])
    return whole.getvalue()
