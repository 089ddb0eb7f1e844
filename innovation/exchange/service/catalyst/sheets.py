"""The sheets of a fund's vote: budgets, tallies, withdrawals."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from innovation.exchange.service.catalyst.found import CURRENCY, RULES, Found, cents_of, count_of, dollars, number_of
from innovation.exchange.service.catalyst.matching import Candidate, labels_of, match, sheets_of
from innovation.exchange.service.catalyst.workbook import VoteRow, Votes, read_votes
from innovation.exchange.service.rows import IdeaRow, TallyRow, Where

LOVELACE: Final = 1_000_000
"""Lovelace to the ADA: the whole unit in which a fraction of an ADA of voting power is counted."""


def votes_of(file: Path, found: Found) -> Votes | None:
    """The sheets of the workbook, or None where it cannot be read."""
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


def apply_budgets(votes: Votes, found: Found) -> None:
    """Give every challenge its budget; the sheet wins over the file."""
    file = "votes.xlsx#Validation"
    names = {row.foreign_id: (row.title,) for row in found.challenges.values()}
    labels = labels_of([label for label, _ in votes.budgets], names)
    for at, (label, amount) in enumerate(votes.budgets):
        if at not in labels:
            found.tell(file, 0, "budget_unmatched", label=label)
            continue
        row = found.challenges[labels[at]]
        budget = cents_of(amount, file, 0, label, found)
        if row.budget is not None and budget is not None and row.budget != budget:
            found.tell(file, 0, "budget_differs", title=row.title, sheet=dollars(budget), file=dollars(row.budget))
        found.challenges[row.foreign_id] = replace(row, budget=budget)
    for name, row in found.challenges.items():
        if name not in labels.values():
            found.tell(file, 0, "budget_from_file", title=row.title)


def apply_votes(votes: Votes, fund: int, found: Found) -> None:
    """Take in the tallies of every challenge's sheet, and what the sheets know better than the files."""
    whole = _whole_unit(votes)
    electorate = None if votes.registered is None else count_of(votes.registered * whole)
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


def _apply_row(row: VoteRow, idea: str, fund: int, whole: int, electorate: int | None, found: Found) -> None:
    file, old = f"votes.xlsx#{row.sheet}", found.ideas[idea]
    if row.requested is not None:
        requested = cents_of(row.requested, file, row.line, "REQUESTED", found)
        if old.requested is not None and requested is not None and requested != old.requested:
            amounts: dict[str, Any] = {"sheet": dollars(requested), "file": dollars(old.requested)}
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
            for_weight=count_of(row.yes * whole),
            against_weight=count_of(row.no * whole),
            voters=None if row.voters is None else count_of(row.voters),
            electorate=electorate,
            where=Where(file, row.line),
        )
    )


def _apply_withdrawn(rows: Sequence[VoteRow], counted: set[str], found: Found) -> None:
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


def _from_sheet(row: VoteRow, challenge: str, found: Found) -> str:
    """An idea that only its sheet knows: kept under an id made of the challenge, the title and the row."""
    name = f"{challenge}:{row.line}:{row.title}"[:200]
    where = Where(f"votes.xlsx#{row.sheet}", row.line)
    found.ideas[name] = IdeaRow(name, challenge, row.title, currency=CURRENCY, url=row.link, where=where)
    found.tell(where.file, row.line, "row_without_idea", title=row.title)
    return name


def _candidate(idea: IdeaRow) -> Candidate:
    asked = None if idea.requested is None else Decimal(idea.requested) / 100
    return Candidate(idea.foreign_id, idea.title, idea.url, asked, number_of(idea.extra.get("official_rating")))


def _whole_unit(votes: Votes) -> int:
    """1 while all voting power is in whole ADA, else lovelace to the ADA, so that nothing is rounded."""
    amounts = [amount for rows in votes.sheets.values() for row in rows for amount in (row.yes, row.no)]
    amounts.append(votes.registered)
    return 1 if all(a is None or a == a.to_integral_value() for a in amounts) else LOVELACE
