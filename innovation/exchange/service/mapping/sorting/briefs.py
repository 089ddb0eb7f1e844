"""Challenges: those of a source that are not here yet, for one programme."""

from __future__ import annotations

from collections.abc import Sequence

from innovation.challenges.models import Challenge, Programme
from innovation.exchange.service.loading.entries import take_in_challenges
from innovation.exchange.service.mapping.meaning import Entry
from innovation.exchange.service.mapping.sorting.referring import known_ids
from innovation.exchange.service.mapping.task import Place, Sorted, load_of
from innovation.exchange.service.rows import ChallengeRow
from innovation.kernel.db import db
from innovation.kernel.errors import Refused
from innovation.kernel.usecase import may
from innovation.rules.policy import May


def sort(place: Place, entries: Sequence[Entry]) -> Sorted:
    """Tell new challenges from those that are here.

    Raises:
        Refused: whoever asked may bring nothing into this programme, or into none of his choice.
    """
    chosen = place.task.programme_id
    programme = db.session.get(Programme, chosen) if chosen is not None else None
    if not may(place.who, May.IMPORT_INTO if programme else May.RUN_THE_PLACE, programme):
        raise Refused("import")
    found = Sorted()
    rows = [(entry, entry.row) for entry in entries if isinstance(entry.row, ChallengeRow)]
    here = known_ids(Challenge, place.task.source, [row.foreign_id for _, row in rows])
    for entry, row in rows:
        (found.known if row.foreign_id in here else found.new).append(entry)
    return found


def write(place: Place, found: Sorted) -> None:
    """Make the new ones, as open or closed as their dates say."""
    work = load_of(place)
    if place.task.programme_id is not None:
        work.programme = db.session.get_one(Programme, place.task.programme_id)
    rows = [each.row for each in found.new if isinstance(each.row, ChallengeRow)]
    take_in_challenges(actor=place.importer, work=work, rows=rows)
