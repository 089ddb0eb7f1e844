"""Which row of a sheet is which idea, when neither says: by challenge, title, request and score.

Titles are compared without case, spaces and punctuation, then without anything but ASCII (sheets went through
the wrong encoding, which turns an apostrophe into two other letters). Where a title stands several times, the
pairing with the most evidence wins; what stays ambiguous, or contradicts itself, is reported and paired all
the same.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import permutations
from typing import Final, TypeVar

from innovation.exchange.service.catalyst.workbook import VoteRow
from innovation.exchange.service.rows import Problem

SCORE_ROUNDING: Final = Decimal("0.02")
"""Sheets show two decimals, some cut and some rounded."""
ALIKE: Final = 0.75
"""From this similarity on (difflib's ratio) two names of a challenge, or two titles, are one and the same."""
MOST_PERMUTED: Final = 6
"""Up to this many rows of one title every pairing is tried (720); beyond, each row takes its best in turn."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What matching needs to know of an idea. ``asked`` is in whole dollars, ``score`` the mean rating."""

    id: str
    title: str
    url: str
    asked: Decimal | None
    score: Decimal | None


Titled = TypeVar("Titled", VoteRow, Candidate)


@dataclass(frozen=True, slots=True)
class Matching:
    """Rows paired with idea ids, rows that have no idea, and what someone should look at."""

    pairs: Sequence[tuple[VoteRow, str]]
    rest: Sequence[VoteRow]
    problems: Sequence[Problem]


def key(title: str) -> str:
    """A title for comparing: compatibility forms, no case, words only."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return " ".join(re.findall(r"\w+", folded.replace("_", " ")))


def ascii_key(title: str) -> str:
    """A title for comparing across a wrong encoding: its ASCII letters and digits."""
    return " ".join(re.findall(r"[a-z0-9]+", title.casefold()))


def alike(one: str, other: str) -> float:
    """How alike two names are, 0 to 1 (difflib's ratio over their keys, the longer cut for sheet names)."""
    a, b = ascii_key(one), ascii_key(other)
    return max(SequenceMatcher(None, a, b).ratio(), 0.99 if len(min(a, b, key=len)) > 20 and _begins(a, b) else 0.0)


def _begins(one: str, other: str) -> bool:
    shorter, longer = sorted((one.replace(" ", ""), other.replace(" ", "")), key=len)
    return longer.startswith(shorter)


def match(rows: Sequence[VoteRow], ideas: Sequence[Candidate], challenge: str, file: str) -> Matching:
    """Pair the rows of one challenge's sheet with its ideas, each at most once."""
    pairs: list[tuple[VoteRow, str]] = []
    problems: list[Problem] = []
    open_rows, open_ideas = list(rows), list(ideas)
    for fold in (key, ascii_key):
        by_title = _by_title(open_ideas, fold)
        for title, group in _by_title(open_rows, fold).items():
            found = by_title.get(title, [])
            if not title or not found:
                continue
            made, doubt = _best(group, found)
            pairs += [(row, idea.id) for row, idea in made]
            if doubt and made:
                problems.append(_ambiguous(made, len(found), doubt, challenge, file))
        open_rows, open_ideas = _without(open_rows, open_ideas, pairs)
    for row in list(open_rows):
        other = _loosely(row, open_ideas)
        if other is not None:
            pairs.append((row, other.id))
            told: Mapping[str, str | int] = {"title": row.title, "other": other.title, "id": other.id}
            problems.append(Problem(f"{file}#{row.sheet}", row.line, "matched_loosely", told))
            open_rows, open_ideas = _without(open_rows, open_ideas, pairs)
    return Matching(pairs, open_rows, problems)


def _best(rows: Sequence[VoteRow], ideas: Sequence[Candidate]) -> tuple[list[tuple[VoteRow, Candidate]], str]:
    """The pairing with the most evidence, in file order where equal; and what is doubtful about it."""
    if len(rows) == len(ideas) == 1:
        return [(rows[0], ideas[0])], ""
    if max(len(rows), len(ideas)) > MOST_PERMUTED:
        free, taken = list(ideas), []
        for row in rows[: len(ideas)]:
            best = max(free, key=lambda idea: _evidence(row, idea))
            free.remove(best)
            taken.append((row, best))
        return taken, "too often to try every pairing"
    if len(rows) <= len(ideas):
        options = [list(zip(rows, order, strict=True)) for order in permutations(ideas, len(rows))]
    else:
        options = [list(zip(order, ideas, strict=True)) for order in permutations(rows, len(ideas))]
    weights = [sum(_evidence(row, idea) for row, idea in option) for option in options]
    best_weight = max(weights)
    chosen = options[weights.index(best_weight)]
    if weights.count(best_weight) > 1:
        return chosen, "request and score do not tell which is which"
    if any(_contradicts(row, idea) for row, idea in chosen):
        return chosen, "request and score contradict each other"
    if len(rows) > len(ideas):
        return chosen, "has more rows than ideas"
    return chosen, ""


def _evidence(row: VoteRow, idea: Candidate) -> int:
    """Four for the same link, two for the same request, two for the same score."""
    return 4 * _same_link(row, idea) + 2 * _same_request(row, idea) + 2 * _same_score(row, idea)


def _contradicts(row: VoteRow, idea: Candidate) -> bool:
    known = [
        _same_request(row, idea) if row.requested is not None and idea.asked is not None else True,
        _same_score(row, idea) if row.score is not None and idea.score is not None else True,
    ]
    return not all(known)


def _same_request(row: VoteRow, idea: Candidate) -> bool:
    return row.requested is not None and row.requested == idea.asked


def _same_score(row: VoteRow, idea: Candidate) -> bool:
    return row.score is not None and idea.score is not None and abs(row.score - idea.score) <= SCORE_ROUNDING


def _same_link(row: VoteRow, idea: Candidate) -> bool:
    # Some funds' files carry the short link of the sheet, others a link of another kind that says nothing.
    one, other = (re.search(r"/t/(\w+)", link) for link in (row.link, idea.url))
    return one is not None and other is not None and one[1] == other[1]


def _loosely(row: VoteRow, ideas: Iterable[Candidate]) -> Candidate | None:
    for idea in ideas:
        if _same_link(row, idea):
            return idea
    near = [idea for idea in ideas if _same_request(row, idea) and alike(row.title, idea.title) >= ALIKE]
    return near[0] if len(near) == 1 else None


def _ambiguous(made: Sequence[tuple[VoteRow, Candidate]], times: int, why: str, challenge: str, file: str) -> Problem:
    first = made[0][0]
    taken = ", ".join(f"row {row.line} = idea {idea.id}" for row, idea in made)
    told: Mapping[str, str | int] = {
        "title": first.title,
        "times": times,
        "challenge": challenge,
        "why": why,
        "taken": taken,
    }
    return Problem(f"{file}#{first.sheet}", first.line, "ambiguous", told)


def _without(
    rows: Sequence[VoteRow], ideas: Sequence[Candidate], pairs: Sequence[tuple[VoteRow, str]]
) -> tuple[list[VoteRow], list[Candidate]]:
    lines = {(row.sheet, row.line) for row, _ in pairs}
    ids = {idea for _, idea in pairs}
    return [row for row in rows if (row.sheet, row.line) not in lines], [i for i in ideas if i.id not in ids]


def _by_title(items: Sequence[Titled], fold: Callable[[str], str]) -> dict[str, list[Titled]]:
    groups: dict[str, list[Titled]] = defaultdict(list)
    for item in items:
        groups[fold(item.title)].append(item)
    return groups


def sheets_of(
    sheets: Mapping[str, Sequence[VoteRow]],
    challenges: Mapping[str, str],
    titles: Mapping[str, Iterable[str]],
) -> dict[str, str]:
    """Which sheet is which challenge: challenge id -> sheet name.

    ``challenges`` gives each challenge's title, ``titles`` those of its ideas. The sheet most of whose rows
    are ideas of the challenge is its sheet; where no idea tells, the name does. A sheet over several
    challenges (a list of all) loses to each one's own.
    """
    folded = {challenge: {ascii_key(title) for title in titles[challenge]} - {""} for challenge in challenges}
    options = []
    for sheet, rows in sheets.items():
        for challenge, name in challenges.items():
            shared = sum(ascii_key(row.title) in folded[challenge] for row in rows)
            likeness = alike(sheet, name)
            if 2 * shared >= len(rows) or likeness >= ALIKE:
                options.append((-shared / len(rows), -likeness, -shared, challenge, sheet))
    found: dict[str, str] = {}
    for *_, challenge, sheet in sorted(options):
        if challenge not in found and sheet not in found.values():
            found[challenge] = sheet
    return found


def labels_of(labels: Sequence[str], names: Mapping[str, Sequence[str]]) -> dict[int, str]:
    """Which label names which challenge: position -> challenge id, best first, each at most once.

    ``names`` gives every name a challenge goes by.
    """
    options = sorted(
        (-max(alike(label, name) for name in known), at, challenge)
        for at, label in enumerate(labels)
        for challenge, known in names.items()
    )
    found: dict[int, str] = {}
    for likeness, at, challenge in options:
        if -likeness >= ALIKE and at not in found and challenge not in found.values():
            found[at] = challenge
    return found
