"""The ballots of a frozen vote, without names: pseudonyms and groups that nobody can turn back."""

from __future__ import annotations

import hashlib
import hmac
import json
import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, select

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel import ids
from innovation.kernel.db import db
from innovation.kernel.usecase import in_transaction
from innovation.rules.ballot import Ballot
from innovation.rules.promotion import canonical_ballots
from innovation.voting.models import View, Vote
from innovation.voting.queries.groups import UNVERIFIED

VERSION = 1
SMALLEST_GROUP = 5


def cast_in(challenges: Sequence[Challenge]) -> dict[str, Any] | None:
    """Everybody's ballot in some challenges; None where none of them is decided by votes on ideas.

    A vote of 0 is an idea that was seen and not voted on: with it, support among those who saw an idea can be counted
    again. Where two ideas are compared there are no votes to list.
    """
    every = {challenge.id: _key(challenge) for challenge in challenges}
    counted = [challenge for challenge in challenges if challenge.ballot != Ballot.PAIRS]
    if not counted:
        return None
    voters: dict[tuple[int, int], dict[str, Any]] = {}
    keys = {challenge.id: every[challenge.id] for challenge in counted}
    rows = db.session.execute(
        select(Idea.challenge_id, View.person_id, View.circle, View.group_key, Idea.public_id, Vote.value)
        .join(Idea, Idea.id == View.idea_id)
        .outerjoin(Vote, and_(Vote.idea_id == View.idea_id, Vote.person_id == View.person_id))
        .where(Idea.challenge_id.in_(list(keys)))
        .order_by(View.id)
    )
    for challenge_id, person_id, circle, group, idea, value in rows:
        voter = voters.setdefault(
            (challenge_id, person_id),
            {"id": pseudonym(keys[challenge_id], person_id), "group": _side(circle, group), "votes": {}},
        )
        voter["votes"][idea] = int(value or 0)
    for challenge_id, key in keys.items():
        _hide_small_groups([voter for (where, _), voter in voters.items() if where == challenge_id], key)
    return {"version": VERSION, "voters": sorted(voters.values(), key=lambda voter: str(voter["id"]))}


def _key(challenge: Challenge) -> bytes:
    """The secret of a challenge. The first run makes it, under the challenge's lock; a preview uses one of its own."""
    if challenge.pseudonym_key is not None:
        return challenge.pseudonym_key.encode()
    fresh = ids.token()
    if in_transaction():
        challenge.pseudonym_key = fresh
    return fresh.encode()


def pseudonym(key: bytes, person_id: int) -> str:
    """What a person is called in a challenge's record: the same within it, another in the next."""
    return hmac.new(key, f"person:{person_id}".encode(), hashlib.sha256).hexdigest()[:20]


def _side(circle: str | None, group: str) -> str:
    if group == UNVERIFIED:
        return UNVERIFIED
    return f"{'in' if circle == 'staff' else 'out'}:{group}"


def _hide_small_groups(voters: Sequence[dict[str, Any]], key: bytes) -> None:
    """Groups get names that mean nothing. The smallest are put together until they are at least five people."""
    sizes = Counter(voter["group"] for voter in voters if voter["group"] != UNVERIFIED)
    small: set[str] = set()
    for group, size in sorted(sizes.items(), key=lambda each: (each[1], each[0])):
        if size >= SMALLEST_GROUP and (not small or sum(sizes[each] for each in small) >= SMALLEST_GROUP):
            break
        small.add(group)
    for voter in voters:
        group = voter["group"]
        if group in small:
            voter["group"] = "small"
        elif group != UNVERIFIED:
            side, name = group.split(":", 1)
            voter["group"] = f"{side}:{hmac.new(key, f'group:{name}'.encode(), hashlib.sha256).hexdigest()[:6]}"


def packed(ballots: dict[str, Any]) -> bytes:
    """Ballots as they are stored with a run."""
    return zlib.compress(canonical_ballots(ballots), 6)


def unpacked(stored: bytes | None) -> dict[str, Any] | None:
    """What :func:`packed` stored.

    Raises:
        ValueError: it is damaged.
    """
    if stored is None:
        return None
    try:
        found: dict[str, Any] = json.loads(zlib.decompress(stored))
    except zlib.error as error:
        raise ValueError("damaged ballots") from error
    return found
