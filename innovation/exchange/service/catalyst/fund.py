"""The reader: one fund's folder to a bundle."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from innovation.exchange.service.catalyst.matching import Candidate, labels_of, match, sheets_of
from innovation.exchange.service.catalyst.workbook import VoteRow, Votes, read_votes
from innovation.exchange.service.rows import (
    Bundle,
    ChallengeRow,
    IdeaRow,
    PersonRow,
    Problem,
    ProgrammeRow,
    ReviewRow,
    RoundRow,
    TallyRow,
    Where,
)
from innovation.rules.promotion import ready_rule, second_pass

SOURCE: Final = "catalyst"
CURRENCY: Final = "USD"
TEXTS: Final = ("description", "solution", "experience", "importance", "success")
CRITERIA: Final = re.compile(r"impact|feasibility|auditability|q\d+")
LOVELACE: Final = 1_000_000
"""Lovelace to the ADA: the whole unit in which a fraction of an ADA of voting power is counted."""

# Fund -> the ready-made rule of its pass 1 (data: the published rules of funds 3 to 9).
RULES: Final[Mapping[int, str]] = dict.fromkeys((3, 4, 5), "catalyst_funds_3_5") | dict.fromkeys(
    (6, 7, 8, 9), "catalyst_funds_6_9"
)


@dataclass(slots=True)
class _Reading:
    """What is found while reading, in the order of the files."""

    problems: list[Problem] = field(default_factory=list)
    challenges: dict[str, ChallengeRow] = field(default_factory=dict)
    ideas: dict[str, IdeaRow] = field(default_factory=dict)
    tallies: list[TallyRow] = field(default_factory=list)
    reviews: list[ReviewRow] = field(default_factory=list)

    def tell(self, file: str, line: int, code: str, /, *, lost: bool = False, **params: str | int) -> None:
        self.problems.append(Problem(file, line, code, params, lost))


def read(path: Path) -> Bundle:
    """Read one fund's folder. What cannot be read is in ``problems``; a missing file is one of them."""
    found = _Reading()
    _read_challenges(path / "challenges.json", found)
    _read_ideas(path / "ideas.jsonl", found)
    fund = _fund(path, found)
    votes = _votes(path / "votes.xlsx", found)
    if votes is not None:
        _apply_budgets(votes, found)
        _apply_votes(votes, fund, found)
    for file in sorted(path.glob("reviews*.csv")):
        _read_reviews(file, fund, found)
    names = [name for idea in found.ideas.values() for name in idea.authors]
    names += [review.reviewer for review in found.reviews if review.reviewer]
    return Bundle(
        source=SOURCE,
        programme=ProgrammeRow(f"fund-{fund}", f"Project Catalyst Fund {fund}"),
        challenges=tuple(found.challenges.values()),
        ideas=tuple(found.ideas.values()),
        people=tuple(PersonRow(name, name) for name in dict.fromkeys(names)),
        tallies=tuple(found.tallies),
        reviews=tuple(found.reviews),
        rounds=_rounds(fund, found),
        problems=tuple(found.problems),
    )


def _fund(path: Path, found: _Reading) -> int:
    said = Counter(row.extra["fund"] for row in found.challenges.values() if "fund" in row.extra)
    if said:
        return int(said.most_common(1)[0][0])
    folder = re.search(r"\d+", path.resolve().name)
    if folder is None:
        found.tell(path.name, 0, "fund_unknown")
    return int(folder[0]) if folder else 0


def _rounds(fund: int, found: _Reading) -> tuple[RoundRow, ...]:
    if not found.challenges:
        return ()
    name = RULES.get(fund)
    if name is None:
        nearest = min(RULES, key=lambda known: abs(known - fund))
        name = RULES[nearest]
        like = "3 to 5" if RULES[nearest] == RULES[3] else "6 to 9"
        found.tell("challenges.json", 0, "fund_rule_guessed", fund=fund, like=like)
    rule = ready_rule(name)
    # What the community decides there is which challenges the next fund has: neither its money nor its
    # ideas belong to what is left over.
    regular = [row.foreign_id for row in found.challenges.values() if not _sets_challenges(row)]
    return (
        RoundRow(
            foreign_id=f"fund-{fund}",
            title=f"Fund {fund}",
            challenges=tuple(found.challenges),
            rule=rule,
            second_rule=second_pass(rule),
            second_challenges=tuple(regular),
        ),
    )


def _sets_challenges(row: ChallengeRow) -> bool:
    return re.search(r"challenge\s+setting", row.title, re.IGNORECASE) is not None


# --- challenges and ideas ---------------------------------------------------------------------------------


def _read_challenges(file: Path, found: _Reading) -> None:
    try:
        rows = json.loads(file.read_text(encoding="utf-8-sig"), parse_float=Decimal)
        if not isinstance(rows, list):
            raise ValueError("not a list of challenges")
    except FileNotFoundError:
        found.tell(file.name, 0, "absent", lost=True, what=file.name)
        return
    except ValueError as error:
        found.tell(file.name, 0, "not_readable", lost=True, format="JSON", why=str(error))
        return
    for line, row in enumerate(rows, 1):
        if not isinstance(row, dict) or row.get("id") is None or not _text(row.get("title")):
            found.tell(file.name, line, "missing_value", lost=True, field="id or title")
            continue
        name = str(row["id"])
        if name in found.challenges:
            found.tell(file.name, line, "twice", lost=True, kind="challenge", id=name)
            continue
        prefix = re.match(r"F(?:und)?\s*(\d+)\s*:\s*", title := _text(row["title"]), re.IGNORECASE)
        found.challenges[name] = ChallengeRow(
            foreign_id=name,
            title=title[prefix.end() :] if prefix else title,
            question=_text(row.get("description")),
            source_url=_text(row.get("url")),
            budget=_cents(_number(row.get("amount")), file.name, line, "amount", found),
            currency=CURRENCY,
            extra={"fund": prefix[1]} if prefix else {},
            where=Where(file.name, line),
        )


def _read_ideas(file: Path, found: _Reading) -> None:
    try:
        lines = file.read_bytes().splitlines()
    except FileNotFoundError:
        found.tell(file.name, 0, "absent", lost=True, what=file.name)
        return
    for line, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            row = json.loads(text.decode("utf-8-sig"), parse_float=Decimal)
        except ValueError as error:
            found.tell(file.name, line, "not_readable", lost=True, format="JSON", why=str(error))
            continue
        if not isinstance(row, dict) or row.get("id") is None or not _text(row.get("title")):
            found.tell(file.name, line, "missing_value", lost=True, field="id or title")
        elif str(row["id"]) in found.ideas:
            found.tell(file.name, line, "twice", lost=True, kind="idea", id=str(row["id"]))
        elif str(row.get("challenge_id")) not in found.challenges:
            told: dict[str, Any] = {
                "field": "challenge_id",
                "id": str(row.get("challenge_id")),
                "kind": "challenges",
            }
            found.tell(file.name, line, "unknown_reference", lost=True, **told)
        else:
            found.ideas[str(row["id"])] = _idea(row, file.name, line, found)


def _idea(row: Mapping[str, Any], file: str, line: int, found: _Reading) -> IdeaRow:
    parts = [(name, _text(row.get(name))) for name in TEXTS]
    return IdeaRow(
        foreign_id=str(row["id"]),
        challenge=str(row["challenge_id"]),
        title=_text(row["title"]),
        text="\n\n".join(f"## {name.capitalize()}\n\n{text}" for name, text in parts if text),
        requested=_cents(_number(row.get("amount")), file, line, "amount", found),
        currency=CURRENCY,
        authors=(author,) if (author := _text(row.get("author"))) else (),
        url=_text(row.get("url")),
        extra={name: str(row[name]) for name in ("official_rating", "n_reviews") if row.get(name) is not None},
        where=Where(file, line),
    )


# --- the sheets -------------------------------------------------------------------------------------------


def _votes(file: Path, found: _Reading) -> Votes | None:
    if not file.exists():
        found.tell(file.name, 0, "absent", lost=True, what=file.name)
        return None
    try:
        votes = read_votes(file)
    # openpyxl raises whatever its parts raise: a broken workbook is a problem to report, not a crash.
    except Exception as error:
        found.tell(file.name, 0, "not_readable", lost=True, format="a workbook", why=str(error))
        return None
    found.problems += votes.problems
    return votes


def _apply_budgets(votes: Votes, found: _Reading) -> None:
    file = "votes.xlsx#Validation"
    names = {row.foreign_id: (row.title,) for row in found.challenges.values()}
    labels = labels_of([label for label, _ in votes.budgets], names)
    for at, (label, amount) in enumerate(votes.budgets):
        if at not in labels:
            found.tell(file, 0, "budget_unmatched", label=label)
            continue
        row = found.challenges[labels[at]]
        budget = _cents(amount, file, 0, label, found)
        if row.budget is not None and budget is not None and row.budget != budget:
            found.tell(file, 0, "budget_differs", title=row.title, sheet=_dollars(budget), file=_dollars(row.budget))
        found.challenges[row.foreign_id] = replace(row, budget=budget)
    for name, row in found.challenges.items():
        if name not in labels.values():
            found.tell(file, 0, "budget_from_file", title=row.title)


def _apply_votes(votes: Votes, fund: int, found: _Reading) -> None:
    whole = _whole_unit(votes)
    electorate = None if votes.registered is None else _count(votes.registered * whole)
    if electorate is None and RULES.get(fund) != RULES[3]:
        found.tell("votes.xlsx#Validation", 0, "electorate_unknown")
    titles = {name: [i.title for i in found.ideas.values() if i.challenge == name] for name in found.challenges}
    sheets = sheets_of(votes.sheets, {n: row.title for n, row in found.challenges.items()}, titles)
    for sheet, rows in votes.sheets.items():
        if sheet not in sheets.values():
            found.tell(f"votes.xlsx#{sheet}", 1, "sheet_without_challenge", lost=True, sheet=sheet, rows=len(rows))
    counted: set[str] = set()
    for name, challenge in found.challenges.items():
        if name not in sheets:
            found.tell("votes.xlsx", 0, "challenge_without_sheet", title=challenge.title)
            continue
        ideas = [_candidate(idea) for idea in found.ideas.values() if idea.challenge == name]
        matched = match(votes.sheets[sheets[name]], ideas, challenge.title, "votes.xlsx")
        found.problems += matched.problems
        pairs = [*matched.pairs, *((row, _from_sheet(row, name, found)) for row in matched.rest)]
        for row, idea in sorted(pairs, key=lambda pair: pair[0].line):
            counted.add(idea)
            _apply_row(row, idea, fund, whole, electorate, found)
    _apply_withdrawn(votes.withdrawn, counted, found)
    for idea_row in found.ideas.values():
        if idea_row.foreign_id not in counted and idea_row.state == "submitted" and idea_row.challenge in sheets:
            found.tell(
                idea_row.where.file,
                idea_row.where.line,
                "idea_without_tally",
                title=idea_row.title,
                id=idea_row.foreign_id,
                sheet=sheets[idea_row.challenge],
            )


def _apply_row(row: VoteRow, idea: str, fund: int, whole: int, electorate: int | None, found: _Reading) -> None:
    file, old = f"votes.xlsx#{row.sheet}", found.ideas[idea]
    if row.requested is not None:
        requested = _cents(row.requested, file, row.line, "REQUESTED", found)
        if old.requested is not None and requested is not None and requested != old.requested:
            amounts: dict[str, Any] = {"sheet": _dollars(requested), "file": _dollars(old.requested)}
            found.tell(file, row.line, "request_differs", title=old.title, id=idea, **amounts)
        found.ideas[idea] = replace(old, requested=requested)
    if row.yes is None or row.no is None or row.yes < 0 or row.no < 0:
        found.tell(file, row.line, "row_without_votes", title=row.title)
        return
    found.tallies.append(
        TallyRow(
            idea=idea,
            source=f"Project Catalyst Fund {fund}, votes.xlsx, {row.sheet}",
            unit="ADA" if whole == 1 else "lovelace",
            for_weight=_count(row.yes * whole),
            against_weight=_count(row.no * whole),
            voters=None if row.voters is None else _count(row.voters),
            electorate=electorate,
            where=Where(file, row.line),
        )
    )


def _apply_withdrawn(rows: Sequence[VoteRow], counted: set[str], found: _Reading) -> None:
    """Marks the ideas that stand on a sheet of withdrawals. Their votes decide nothing and are not taken."""
    ideas = [_candidate(idea) for name, idea in found.ideas.items() if name not in counted]
    matched = match(rows, ideas, "Withdrawals", "votes.xlsx")
    found.problems += matched.problems
    for row, name in matched.pairs:
        idea = found.ideas[name]
        found.ideas[name] = replace(idea, state="withdrawn")
        file = f"votes.xlsx#{row.sheet}"
        found.tell(file, row.line, "idea_withdrawn", title=idea.title, id=name, sheet=row.sheet)
    for row in matched.rest:
        told: dict[str, Any] = {"field": "Proposal", "id": row.title, "kind": "ideas"}
        found.tell(f"votes.xlsx#{row.sheet}", row.line, "unknown_reference", lost=True, **told)


def _from_sheet(row: VoteRow, challenge: str, found: _Reading) -> str:
    """An idea that only its sheet knows: kept under an id made of the challenge, the title and the row."""
    name = f"{challenge}:{row.line}:{row.title}"[:200]
    where = Where(f"votes.xlsx#{row.sheet}", row.line)
    found.ideas[name] = IdeaRow(name, challenge, row.title, currency=CURRENCY, url=row.link, where=where)
    found.tell(where.file, row.line, "row_without_idea", title=row.title)
    return name


def _candidate(idea: IdeaRow) -> Candidate:
    asked = None if idea.requested is None else Decimal(idea.requested) / 100
    return Candidate(idea.foreign_id, idea.title, idea.url, asked, _number(idea.extra.get("official_rating")))


def _whole_unit(votes: Votes) -> int:
    """1 while all voting power is in whole ADA, else lovelace to the ADA, so that nothing is rounded."""
    amounts = [amount for rows in votes.sheets.values() for row in rows for amount in (row.yes, row.no)]
    amounts.append(votes.registered)
    return 1 if all(a is None or a == a.to_integral_value() for a in amounts) else LOVELACE


# --- reviews ----------------------------------------------------------------------------------------------


def _read_reviews(file: Path, fund: int, found: _Reading) -> None:
    with file.open(encoding="utf-8-sig", newline="", errors="replace") as stream:
        for line, row in _csv_rows(stream):
            idea = (row.get("idea_id") or "").strip()
            if idea not in found.ideas:
                told: dict[str, Any] = {"field": "idea_id", "id": idea, "kind": "ideas"}
                found.tell(file.name, line, "unknown_reference", lost=True, **told)
                continue
            scores = _scores(row)
            if not scores or any(not re.fullmatch(r"\d{1,6}", score) for _, score in scores):
                told = {"field": "score", "value": "/".join(score for _, score in scores)}
                found.tell(file.name, line, "not_whole", lost=True, **told)
                continue
            number = row.get("review_id") or row.get("id") or f"{file.stem}:{line}"
            found.reviews.append(
                ReviewRow(
                    foreign_id=f"fund-{fund}:{number}",
                    idea=idea,
                    reviewer=(row.get("assessor") or "").strip() or None,
                    scores=tuple((criterion, int(score)) for criterion, score in scores),
                    valid=(row.get("valid") or "true").strip().casefold() not in ("false", "0", "no"),
                    where=Where(file.name, line),
                )
            )


def _csv_rows(stream: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(stream)
    while True:
        before = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        line = max(before, 2)
        yield (
            line,
            {key: value for key, value in row.items() if isinstance(key, str) and isinstance(value, str)},
        )


def _scores(row: Mapping[str, str]) -> list[tuple[str, str]]:
    """A review's scores by criterion. A file of one score a line gives reviews of one criterion each."""
    if "question" in row and "rating" in row:
        return [(f"question {row['question'].strip()}", row["rating"].strip())]
    return [(name, score.strip()) for name, score in row.items() if CRITERIA.fullmatch(name.strip().casefold())]


# --- numbers ----------------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: Any) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value).strip().lstrip("$").replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _cents(amount: Decimal | None, file: str, line: int, name: str, found: _Reading) -> int | None:
    """Dollars to cents. What is finer than a cent is rounded and reported, a negative amount unknown."""
    if amount is None:
        return None
    if amount < 0:
        found.tell(file, line, "not_money", field=name, value=str(amount))
        return None
    cents = (amount * 100).to_integral_value(ROUND_HALF_EVEN)
    if cents != amount * 100:
        found.tell(file, line, "lossy", field=name, value=str(amount), kept=str(cents / 100))
    return int(cents)


def _dollars(cents: int) -> str:
    return f"{Decimal(cents) / 100:,.2f}"


def _count(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_HALF_EVEN))
