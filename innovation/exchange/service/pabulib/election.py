"""The reader: one election's file to a bundle."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from innovation.exchange.service.pabulib.file import NO_CURRENCY, PbFile, PbRow, amount, day, read_file
from innovation.exchange.service.pabulib.rule import rule_named
from innovation.exchange.service.rows import (
    Bundle,
    CastRow,
    ChallengeRow,
    IdeaRow,
    ProgrammeRow,
    RoundRow,
    VoterRow,
    VotingRow,
    Where,
)
from innovation.rules.ballot import Ballot

BALLOTS: Final[Mapping[str, Ballot]] = {
    "approval": Ballot.APPROVAL,
    "choose-1": Ballot.APPROVAL,
    "cumulative": Ballot.POINTS,
    "scoring": Ballot.POINTS,
    "ordinal": Ballot.ORDINAL,
}
"""vote_type -> the ballot here."""

_ABOUT: Final = ("category", "target", "beneficiaries", "neighborhood", "subdistrict")
_GROUP: Final = 18


def read(path: Path, rule: str = "greedy-skip") -> Bundle:
    """Read one ``.pb`` file. What cannot be read is in ``problems``; a ballot with anything wrong is told of there.

    Raises:
        UnknownRule: there is no rule of that name.
    """
    rule_named(rule)
    found = read_file(path)
    ballot = _ballot(found)
    if not found.projects or ballot is None:
        return Bundle(source=_source(path), problems=tuple(found.problems))
    name, made = path.stem[:200], rule_named(rule, ballot)
    opens, closes = day(found, "date_begin", last=False), day(found, "date_end", last=True)
    ideas = _ideas(found, name, opens or closes)
    voters, cast, budget = _ballots(found, ballot, {idea.foreign_id for idea in ideas})
    _compare(found, "num_projects", len(ideas))
    _compare(found, "num_votes", len(voters))
    title = found.meta.get("description") or name
    return Bundle(
        source=_source(path),
        programme=ProgrammeRow(name, _programme(found, name)),
        challenges=(_challenge(found, name, title, opens or closes),),
        ideas=tuple(ideas),
        votings=(VotingRow(name, ballot, made, voters, cast, (), budget, opens, closes, Where(found.file, 0)),),
        rounds=(RoundRow(name, title[:300], (name,), made),),
        problems=tuple(found.problems),
    )


def _ballot(found: PbFile) -> Ballot | None:
    kind = found.meta.get("vote_type", "").strip().lower()
    if kind not in BALLOTS:
        found.tell(0, "not_a_word_of", lost=True, field="vote_type", value=kind, known=", ".join(BALLOTS))
    return BALLOTS.get(kind)


def _source(path: Path) -> str:
    """The word of one file: ids of voters and projects are unique within an election only."""
    word = f"pabulib:{path.stem}"
    return word if len(word) <= 80 else f"{word[:67]}~{hashlib.sha256(word.encode()).hexdigest()[:12]}"


def _programme(found: PbFile, name: str) -> str:
    unit = found.meta.get("unit") or found.meta.get("country") or name
    return f"{unit} {found.meta.get('instance', '')}".strip()[:200]


def _compare(found: PbFile, name: str, counted: int) -> None:
    said = found.meta.get(name, "")
    if said and said != str(counted):
        found.tell(0, "counts_differ", field=name, said=said, found=counted)


# --- what was put to the vote -----------------------------------------------------------------------------


def _challenge(found: PbFile, name: str, title: str, opens: datetime | None) -> ChallengeRow:
    if found.currency == NO_CURRENCY:
        found.tell(0, "no_currency", field="budget")
    return ChallengeRow(
        foreign_id=name,
        title=title,
        brief=found.meta.get("comment", ""),
        sponsor=found.meta.get("unit", ""),
        opens=opens,
        closes=opens,
        budget=amount(found, 0, "budget", found.meta.get("budget", "")),
        currency=found.currency,
        where=Where(found.file, 0),
    )


def _ideas(found: PbFile, challenge: str, when: datetime | None) -> list[IdeaRow]:
    ideas: dict[str, IdeaRow] = {}
    for row in found.projects:
        name = found.identity(row, "project_id")
        if name is None:
            continue
        if name in ideas:
            found.tell(row.line, "twice", lost=True, kind="project", id=name)
        else:
            about = [f"- {column}: {row.get(column)}" for column in _ABOUT if row.get(column)]
            ideas[name] = IdeaRow(
                foreign_id=name,
                challenge=challenge,
                title=row.get("name") or name,
                text="\n".join(about),
                requested=amount(found, row.line, "cost", row.get("cost")),
                currency=found.currency,
                submitted_at=when,
                where=Where(found.file, row.line),
            )
    return list(ideas.values())


# --- the ballots ------------------------------------------------------------------------------------------


def _ballots(found: PbFile, ballot: Ballot, known: set[str]) -> tuple[tuple[VoterRow, ...], tuple[CastRow, ...], int | None]:
    """Voters, votes, and for points how many everybody had."""
    voters: dict[str, VoterRow] = {}
    cast: list[CastRow] = []
    most = 0
    for row in found.votes:
        name = found.identity(row, "voter_id")
        if name is None:
            continue
        if name in voters:
            found.tell(row.line, "twice", lost=True, kind="voter", id=name)
            continue
        said = _said(found, row, ballot, known)
        if not said:
            found.tell(row.line, "empty_ballot", lost=True, id=name)
            continue
        voters[name] = VoterRow(name, f"Voter {name}"[:200], _group(row.get("neighborhood") or row.get("district")))
        cast += [CastRow(name, project, value) for project, value in said.items()]
        most = max(most, sum(said.values()))
    allowed = found.meta.get("max_sum_points", "")
    budget = max(most, int(allowed) if allowed.isdecimal() else 0)
    return tuple(voters.values()), tuple(cast), budget if ballot == Ballot.POINTS else None


def _said(found: PbFile, row: PbRow, ballot: Ballot, known: set[str]) -> dict[str, int]:
    """Project -> value of one ballot, without what it says of projects that do not exist or says twice."""
    said: dict[str, int] = {}
    named = row.several("vote")
    for project, value in zip(named, _values(found, row, ballot, named), strict=False):
        if project not in known:
            found.tell(row.line, "unknown_reference", lost=True, field="vote", id=project, kind="projects")
        elif project in said:
            found.tell(row.line, "twice", lost=True, kind="project", id=project)
        elif value > 0:
            said[project] = value
    return said


def _values(found: PbFile, row: PbRow, ballot: Ballot, named: Sequence[str]) -> list[int]:
    """What a ballot gives to each project it names, in the same order."""
    if ballot == Ballot.APPROVAL:
        return [1] * len(named)
    if ballot == Ballot.ORDINAL:
        length = found.meta.get("max_length", "")
        most = int(length) if length.isdecimal() else len(found.projects)
        if len(named) > most:
            told: dict[str, Any] = {"id": row.get("voter_id"), "found": len(named), "most": most}
            found.tell(row.line, "ranked_too_many", **told)
        return [most - position for position in range(len(named))]
    points = row.several("points")
    if len(points) != len(named):
        told = {"id": row.get("voter_id"), "ideas": len(named), "points": len(points)}
        found.tell(row.line, "points_do_not_fit", lost=True, **told)
        return []
    wrong = [each for each in points if not re.fullmatch(r"\d{1,6}", each)]
    if wrong:
        found.tell(row.line, "not_whole", lost=True, field="points", value=wrong[0])
        return []
    return [int(each) for each in points]


def _group(name: str) -> str:
    if len(name) > _GROUP:
        name = f"{name[: _GROUP - 7]}~{hashlib.sha256(name.encode()).hexdigest()[:6]}"
    return f"n:{name}" if name else ""
