"""The snapshot: what stood when the round was frozen, read into frozen rows, and its one spelling."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from innovation.rules.promotion.reading import VERSION, Json, SnapshotError, a_list, a_text, an_integer, an_object, one_of
from innovation.rules.promotion.reasons import OUT, Because
from innovation.rules.promotion.rule import Rule, parse_rule


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a rule may know of a challenge. Minor units; ``electorate`` is the registered voting power;
    ``fitted`` are rounded figures of the whole challenge that the measures of every idea need."""

    id: str
    budget: int | None
    currency: str | None
    electorate: int | None
    fitted: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Idea:
    """What a rule may know of an idea. ``raw``: its raw measures, with its challenge's electorate and fitted figures."""

    id: str
    challenge: str
    requested: int | None
    currency: str | None
    submitted_at: datetime | None
    raw: Mapping[str, int]
    pick: str | None
    out: Because | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot, read and found sound; ``carried`` is None in pass 1, else left-over money per challenge;
    ``ballots`` names the ballots it rests on, where it rests on any."""

    round: str
    pass_no: int
    rule: Rule
    challenges: Mapping[str, Challenge]
    ideas: tuple[Idea, ...]
    carried: Mapping[str, int] | None
    ballots: Mapping[str, Json] | None = None


def parse_snapshot(data: Json) -> Snapshot:
    """Read a snapshot. Raises `SnapshotError` or `RuleError` at the first thing that is wrong."""
    found = an_object(
        data,
        "snapshot",
        SnapshotError,
        ("version", "round", "pass", "rule", "challenges", "ideas"),
        ("carried", "ballots", "earlier"),
    )
    _earlier(found.get("earlier") or [])
    if found["version"] != VERSION or isinstance(found["version"], bool):
        raise SnapshotError("unknown_version", "snapshot.version", known=VERSION)
    pass_no = an_integer(found["pass"], "snapshot.pass", least=1)
    challenges = {
        challenge.id: challenge for challenge in _unique(a_list(found["challenges"], "challenges"), _challenge, "challenges")
    }
    ideas = _unique(a_list(found["ideas"], "ideas"), lambda item, path: _idea(item, path, challenges), "ideas")
    carried = _carried(found.get("carried") or [], challenges)
    if pass_no > 1 and not carried:
        raise SnapshotError("nothing_carried", "carried")
    if pass_no == 1 and carried:
        raise SnapshotError("carried_too_early", "carried")
    return Snapshot(
        round=a_text(found["round"], "snapshot.round"),
        pass_no=pass_no,
        rule=parse_rule(found["rule"]),
        challenges=challenges,
        ideas=tuple(sorted(ideas, key=lambda idea: idea.id)),
        carried=carried if pass_no > 1 else None,
        ballots=_ballots(found.get("ballots")),
    )


def _challenge(data: Json, path: str) -> Challenge:
    found = an_object(data, path, SnapshotError, ("id", "budget", "currency", "electorate"), ("fitted",))
    return Challenge(
        id=a_text(found["id"], f"{path}.id"),
        budget=_optional_integer(found["budget"], f"{path}.budget"),
        currency=None if found["currency"] is None else a_text(found["currency"], f"{path}.currency"),
        electorate=_optional_integer(found["electorate"], f"{path}.electorate"),
        fitted=_figures(found.get("fitted", {}), f"{path}.fitted"),
    )


def _idea(data: Json, path: str, challenges: Mapping[str, Challenge]) -> Idea:
    required = ("id", "challenge", "requested", "submitted_at", "measures", "pick", "out")
    found = an_object(data, path, SnapshotError, required, ("currency",))
    challenge = challenges.get(a_text(found["challenge"], f"{path}.challenge"))
    if challenge is None:
        raise SnapshotError("unknown_challenge", f"{path}.challenge", found=str(found["challenge"]))
    requested = _optional_integer(found["requested"], f"{path}.requested")
    raw = {} if challenge.electorate is None else {"electorate": challenge.electorate}
    raw |= challenge.fitted
    raw |= {} if requested is None else {"requested": requested}
    raw |= _figures(found["measures"], f"{path}.measures")
    currency = found.get("currency")
    pick, out = found["pick"], found["out"]
    return Idea(
        id=a_text(found["id"], f"{path}.id"),
        challenge=challenge.id,
        requested=requested,
        currency=challenge.currency if currency is None else a_text(currency, f"{path}.currency"),
        submitted_at=_time(found["submitted_at"], f"{path}.submitted_at"),
        raw=raw,
        pick=None if pick is None else one_of(pick, ("chosen", "not_chosen"), f"{path}.pick", SnapshotError),
        out=None if out is None else Because(one_of(out, OUT, f"{path}.out", SnapshotError)),
    )


def _figures(data: Json, path: str) -> dict[str, int]:
    if not isinstance(data, Mapping):
        raise SnapshotError("not_an_object", path)
    return {name: an_integer(number, f"{path}.{name}", least=None) for name, number in data.items()}


def _ballots(data: Json) -> Mapping[str, Json] | None:
    if data is None:
        return None
    found = an_object(data, "ballots", SnapshotError, ("sha256", "voters"))
    a_text(found["sha256"], "ballots.sha256")
    an_integer(found["voters"], "ballots.voters", least=0)
    return found


def _earlier(data: Json) -> None:
    for n, item in enumerate(a_list(data, "earlier")):
        path = f"earlier[{n}]"
        required = ("number", "rule", "snapshot_hash", "outcome_hash", "intervals")
        found = an_object(item, path, SnapshotError, required)
        an_integer(found["number"], f"{path}.number", least=1)
        for name in ("snapshot_hash", "outcome_hash"):
            if not re.fullmatch("[0-9a-f]{64}", a_text(found[name], f"{path}.{name}")):
                raise SnapshotError("not_text", f"{path}.{name}")


def _carried(data: Json, challenges: Mapping[str, Challenge]) -> dict[str, int]:
    carried: dict[str, int] = {}
    for n, item in enumerate(a_list(data, "carried")):
        found = an_object(item, f"carried[{n}]", SnapshotError, ("challenge", "left"))
        name = a_text(found["challenge"], f"carried[{n}].challenge")
        if name not in challenges:
            raise SnapshotError("unknown_challenge", f"carried[{n}].challenge", found=name)
        if name in carried:
            raise SnapshotError("twice", f"carried[{n}].challenge", found=name)
        # Below zero after a pass that did not watch the budget: it lessens the pool, as it should.
        carried[name] = an_integer(found["left"], f"carried[{n}].left", least=None)
    return carried


def _unique(items: Sequence[Json], read: Callable[[Json, str], Any], name: str) -> list[Any]:
    rows = [read(item, f"{name}[{n}]") for n, item in enumerate(items)]
    for known, times in Counter(row.id for row in rows).items():
        if times > 1:
            raise SnapshotError("twice", name, found=known)
    return rows


def _optional_integer(data: Json, path: str) -> int | None:
    return None if data is None else an_integer(data, path, least=0)


def _time(data: Json, path: str) -> datetime | None:
    if data is None:
        return None
    try:
        moment = datetime.fromisoformat(a_text(data, path))
    except ValueError as error:
        raise SnapshotError("not_a_time", path) from error
    if moment.utcoffset() != timedelta(0):
        raise SnapshotError("not_a_time", path)
    return moment


def canonical(snapshot: Json) -> bytes:
    """The snapshot's one spelling: keys sorted, no spaces, ASCII; challenges, ideas and carried by id.

    Two snapshots that differ only in the order of those lists have the same bytes. Raises `SnapshotError`
    for a float, another type JSON would have to guess at, or a list whose members have no id.
    """
    if not isinstance(snapshot, Mapping):
        raise SnapshotError("not_an_object", "snapshot")
    ordered = {name: part for name, part in snapshot.items() if name != "ballots" or part is not None}
    for name, key in (("challenges", "id"), ("ideas", "id"), ("carried", "challenge")):
        if ordered.get(name) is None:
            ordered.pop(name, None)
        elif name in ordered:
            items = a_list(ordered[name], name)
            for n, item in enumerate(items):
                if not isinstance(item, Mapping):
                    raise SnapshotError("not_an_object", f"{name}[{n}]")
                a_text(item.get(key), f"{name}[{n}].{key}")
            ordered[name] = sorted(items, key=lambda item: str(item[key]))  # type: ignore[index,call-overload]  # looked at above
    return spelled(ordered)


def digest(snapshot: Json) -> str:
    """SHA-256 of the canonical snapshot, in hexadecimal: what a seal names."""
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def seed_of(snapshot: Mapping[str, Json]) -> bytes:
    """What the last tie-break is drawn from: the digest of the snapshot as it was first decided, whatever came later."""
    earlier: Any = snapshot.get("earlier")
    return bytes.fromhex(earlier[0]["snapshot_hash"] if earlier else digest(snapshot))


def spelled(data: Json) -> bytes:
    """JSON in one spelling: keys sorted, no spaces, ASCII. Raises `SnapshotError` for floats and the like."""
    _no_floats(data, "snapshot")
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode("ascii")


def _no_floats(data: Json, path: str) -> None:
    if isinstance(data, Mapping):
        for key, item in data.items():
            if not isinstance(key, str):
                raise SnapshotError("not_json", path)
            _no_floats(item, f"{path}.{key}")
    elif isinstance(data, list | tuple):
        for n, item in enumerate(data):
            _no_floats(item, f"{path}[{n}]")
    elif not (data is None or isinstance(data, int | str)):
        raise SnapshotError("not_json", path)
