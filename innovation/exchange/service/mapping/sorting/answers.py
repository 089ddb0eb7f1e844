"""Ideas: those of a source that are not here yet, for challenges that are here and still take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from innovation.challenges.models import Challenge
from innovation.exchange.service.loading.entries import take_in_ideas
from innovation.exchange.service.loading.progress import people_by_name
from innovation.exchange.service.mapping.meaning import Entry
from innovation.exchange.service.mapping.sorting.referring import challenges_named, known_ids, people_named, refer
from innovation.exchange.service.mapping.task import Place, Sorted, load_of
from innovation.exchange.service.rows import IdeaRow
from innovation.ideas.models import Idea
from innovation.kernel.money import digits
from innovation.rules.challenge import ChallengeState


def sort(place: Place, entries: Sequence[Entry]) -> Sorted:
    """Tell new ideas from those that are here; one whose challenge or author is not here is left out."""
    found = Sorted()
    rows = [(entry, entry.row) for entry in entries if isinstance(entry.row, IdeaRow)]
    here = known_ids(Idea, place.task.source, [row.foreign_id for _, row in rows])
    challenges = challenges_named(place, (row.challenge for _, row in rows))
    people = people_named(place.task.source, (name for entry, _ in rows for name in entry.by))
    for entry, row in rows:
        challenge = challenges.get(row.challenge)
        lacking = [name for name in entry.by if name not in people]
        if challenge is None:
            refer(found, entry, "challenge", row.challenge)
        elif row.foreign_id in here:
            found.known.append(entry)
        elif challenge.state != ChallengeState.PUBLISHED or challenge.frozen_at is not None:
            found.refuse(entry, "takes_no_more", id=row.challenge)
        elif row.requested is not None and row.currency not in (None, challenge.currency):
            found.refuse(entry, "other_currency", value=row.currency or "", known=challenge.currency)
        elif lacking:
            refer(found, entry, "author_ids", lacking[0])
        else:
            found.ids[row.challenge] = challenge.id
            found.people[row.foreign_id] = [people[name] for name in entry.by]
            found.new.append(
                Entry(entry.line, _in_its_currency(row, challenge, place), entry.problems, entry.by, entry.names)
            )
    return found


def write(place: Place, found: Sorted) -> None:
    """Make the new ones, with their authors; a name that stands for itself becomes a former participant of elsewhere."""
    work = load_of(place)
    work.challenges = dict(found.ids)
    people_by_name(work, {name[:200] for entry in found.new for name in entry.names})
    rows = []
    for entry in found.new:
        if isinstance(entry.row, IdeaRow):
            by = {f"\x00{person_id}": person_id for person_id in found.people[entry.row.foreign_id]}
            work.people |= by
            rows.append(replace(entry.row, authors=(*by, *(name[:200] for name in entry.names))))
    take_in_ideas(actor=place.importer, work=work, rows=rows)


def _in_its_currency(row: IdeaRow, challenge: Challenge, place: Place) -> IdeaRow:
    """An amount without a currency was read with two decimals; it is in its challenge's. No idea is of tomorrow."""
    if row.requested is not None and row.currency is None:
        row = replace(row, requested=row.requested * 10 ** digits(challenge.currency) // 100)
    return replace(row, submitted_at=min(row.submitted_at or place.now, place.now))
