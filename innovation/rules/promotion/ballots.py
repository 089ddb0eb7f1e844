"""Ballots: who said what of which idea, for the rules that decide from them; and their one spelling.

Plain JSON without floats or names::

    {"version": 1, "voters": [{"id": "a pseudonym", "weight": int >= 1?, "group": "..."?, "votes": {"idea id": int}}]}

A vote above zero is support: 1 on an approval ballot, the stars or points given on another. A vote of zero or below
supports nothing. A voter of weight w counts as w equal voters. Ideas that the snapshot does not know are passed over.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from innovation.rules.promotion.reading import VERSION, Json, SnapshotError, a_list, a_text, an_integer, an_object
from innovation.rules.promotion.snapshot import spelled

LARGEST: Final = 2**53
"""Weights times votes stay below this, summed over all voters: such sums are exact in integers and in doubles alike."""


@dataclass(frozen=True, slots=True)
class Voter:
    """One ballot: ``votes`` by idea. ``group`` is "" where none was given."""

    id: str
    weight: int
    group: str
    votes: Mapping[str, int]


def parse_ballots(data: Json) -> list[Voter]:
    """The ballots by voter id. Raises `SnapshotError` at the first thing that is wrong."""
    found = an_object(data, "ballots", SnapshotError, ("version", "voters"))
    if found["version"] != VERSION or isinstance(found["version"], bool):
        raise SnapshotError("unknown_version", "ballots.version", known=VERSION)
    voters = [_voter(item, f"voters[{n}]") for n, item in enumerate(a_list(found["voters"], "voters"))]
    if len({voter.id for voter in voters}) != len(voters):
        raise SnapshotError("twice", "voters")
    most = max((vote for voter in voters for vote in voter.votes.values()), default=1)
    if sum(voter.weight for voter in voters) * max(most, 1) >= LARGEST:
        raise SnapshotError("too_large", "voters", most=LARGEST)
    return sorted(voters, key=lambda voter: voter.id)


def _voter(data: Json, path: str) -> Voter:
    found = an_object(data, path, SnapshotError, ("id", "votes"), ("weight", "group"))
    votes = found["votes"]
    if not isinstance(votes, Mapping):
        raise SnapshotError("not_an_object", f"{path}.votes")
    return Voter(
        id=a_text(found["id"], f"{path}.id"),
        weight=an_integer(found.get("weight", 1), f"{path}.weight", least=1),
        group=a_text(found["group"], f"{path}.group") if "group" in found else "",
        votes={idea: an_integer(vote, f"{path}.votes.{idea}", least=None) for idea, vote in votes.items()},
    )


def canonical_ballots(ballots: Json) -> bytes:
    """The ballots' one spelling, as of `canonical`: the voters by id. Raises `SnapshotError` as `parse_ballots` does."""
    parse_ballots(ballots)
    return _spelled(ballots)


def ballots_key(ballots: Json) -> dict[str, int | str]:
    """What a snapshot says of the ballots it rests on: ``{"sha256": hex, "voters": n}``."""
    return key_and_voters(ballots)[0]


def key_and_voters(ballots: Json) -> tuple[dict[str, int | str], list[Voter]]:
    """`ballots_key` and `parse_ballots` in one reading."""
    voters = parse_ballots(ballots)
    return {"sha256": hashlib.sha256(_spelled(ballots)).hexdigest(), "voters": len(voters)}, voters


def _spelled(ballots: Json) -> bytes:
    assert isinstance(ballots, Mapping)
    voters = sorted(a_list(ballots["voters"], "voters"), key=lambda item: str(item["id"]))  # type: ignore[index,call-overload]  # objects all
    return spelled({"version": VERSION, "voters": voters})
