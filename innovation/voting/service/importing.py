"""Taking in votes that were cast elsewhere, and the totals of polls held elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select

from innovation.ideas.models import Idea
from innovation.kernel.db import db, insert_many, upsert
from innovation.kernel.errors import Invalid
from innovation.voting.models import BallotRow, ImportedTally, Poll, View, Vote, VoteChange
from innovation.voting.service import counting


def take_in_votes(challenge_id: int, votes: Sequence[dict[str, Any]], views: Sequence[dict[str, Any]] = ()) -> None:
    """Write many votes and views inside a loader's use case, with their ballots, and count their ideas anew.

    Args:
        challenge_id: where they were cast.
        votes: columns of :class:`Vote`. Where a person has several rows for an idea, or has voted before, the one with
            the latest ``cast_at`` counts and each change is kept.
        views: columns of :class:`View` but ``how``; what was counted before stays as it was. A vote brings its own view.
    """
    last: dict[tuple[int, int], dict[str, Any]] = {}
    changes: list[dict[str, Any]] = []
    for (person_id, idea_id), row in _present(votes).items():
        last[person_id, idea_id] = row
    before = set(last)
    for row in sorted(votes, key=lambda each: each["cast_at"]):
        key = (row["person_id"], row["idea_id"])
        earlier = last.get(key)
        if earlier is not None and earlier["cast_at"] > row["cast_at"]:
            continue
        if earlier is not None and earlier["value"] != row["value"]:
            changes.append(_change(key, earlier["value"], row))
        last[key] = row
    _write_votes([row for key, row in last.items() if key not in before], [last[key] for key in before])
    insert_many(VoteChange, changes)
    _write_ballots(challenge_id, votes)
    _write_views([*views, *(_view_of(row) for row in last.values())])
    counting.recount({row["idea_id"] for row in (*votes, *views)})


def _present(votes: Iterable[dict[str, Any]]) -> dict[tuple[int, int], dict[str, Any]]:
    """What the people of these rows have already said of these ideas."""
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for ideas in _batches(sorted({row["idea_id"] for row in votes}), 500):
        for vote in db.session.scalars(select(Vote).where(Vote.idea_id.in_(ideas))):
            found[vote.person_id, vote.idea_id] = {"id": vote.id, "value": vote.value, "cast_at": vote.cast_at}
    wanted = {(row["person_id"], row["idea_id"]) for row in votes}
    return {key: row for key, row in found.items() if key in wanted}


def _batches(items: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _change(key: tuple[int, int], before: int, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "person_id": key[0],
        "idea_id": key[1],
        "before": before,
        "after": row["value"],
        "cause": "person",
        "changed_at": row["cast_at"],
    }


def _write_votes(fresh: list[dict[str, Any]], changed: list[dict[str, Any]]) -> None:
    defaults = {"weight": 1, "circle": None, "organisation_id": None, "group_key": ""}
    insert_many(Vote, [defaults | row for row in fresh])
    for row in changed:
        if "id" not in row:  # a row that only has an id is what stood before, unchanged
            values = {name: row[name] for name in ("value", "cast_at", "revision_no") if name in row}
            statement = upsert(Vote).values(defaults | row)
            db.session.execute(statement.on_conflict_do_update(index_elements=["person_id", "idea_id"], set_=values))


def _write_ballots(challenge_id: int, votes: Iterable[dict[str, Any]]) -> None:
    rows: dict[int, dict[str, Any]] = {}
    for vote in votes:
        row = rows.setdefault(
            vote["person_id"],
            {
                "challenge_id": challenge_id,
                "person_id": vote["person_id"],
                "circle": vote.get("circle"),
                "group_key": vote.get("group_key", ""),
                "first_at": vote["cast_at"],
                "changed_at": vote["cast_at"],
            },
        )
        row["first_at"] = min(row["first_at"], vote["cast_at"])
        row["changed_at"] = max(row["changed_at"], vote["cast_at"])
    _insert_new(BallotRow, list(rows.values()), ["challenge_id", "person_id"])


def _view_of(vote: dict[str, Any]) -> dict[str, Any]:
    names = ("person_id", "idea_id", "circle", "group_key")
    return {name: vote.get(name) for name in names} | {"seen_at": vote["cast_at"]}


def _write_views(rows: Iterable[dict[str, Any]]) -> None:
    once: dict[tuple[int, int], dict[str, Any]] = {}
    for row in rows:
        if row.get("person_id") is not None:
            values = {"how": "import", "circle": None, **row}
            once.setdefault((row["person_id"], row["idea_id"]), values | {"group_key": row.get("group_key") or ""})
    _insert_new(View, list(once.values()), ["person_id", "idea_id"])


def _insert_new(table: type[Any], rows: list[dict[str, Any]], key: list[str]) -> None:
    """Insert what is not there yet; one statement for all rows, which must have the same columns."""
    if rows:
        db.session.execute(upsert(table).on_conflict_do_nothing(index_elements=key), rows)


def record_poll(
    *, challenge_id: int, source: str, unit: str, electorate: int | None, rows: list[tuple[Idea, int, int, int | None]]
) -> None:
    """Keep the totals of a poll held elsewhere, inside the importer's use case; a second time changes nothing.

    Args:
        rows: (idea, weight for, weight against, voters or None).

    Raises:
        Invalid: votes were cast here already; a challenge uses one or the other.
    """
    cast_here = select(func.count()).select_from(BallotRow).where(BallotRow.challenge_id == challenge_id)
    if db.session.scalar(cast_here):
        raise Invalid("votes_were_cast_here")
    poll = db.session.scalars(select(Poll).where(Poll.challenge_id == challenge_id)).one_or_none()
    if poll is None:
        poll = Poll(challenge_id=challenge_id, source=source, unit=unit, electorate=electorate)
        db.session.add(poll)
        db.session.flush()
    known = set(db.session.scalars(select(ImportedTally.idea_id).where(ImportedTally.poll_id == poll.id)))
    for idea, for_weight, against_weight, voters in rows:
        if idea.id not in known:
            db.session.add(
                ImportedTally(
                    idea_id=idea.id, poll_id=poll.id, for_weight=for_weight, against_weight=against_weight, voters=voters
                )
            )
