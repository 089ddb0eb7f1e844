"""The reader: one fund's folder to a bundle."""

import re
from collections import Counter
from pathlib import Path

from innovation.exchange.service.catalyst.entries import read_challenges, read_ideas
from innovation.exchange.service.catalyst.found import RULES, SOURCE, Found
from innovation.exchange.service.catalyst.reviews import read_reviews
from innovation.exchange.service.catalyst.sheets import apply_budgets, apply_votes, votes_of
from innovation.exchange.service.rows import Bundle, ChallengeRow, PersonRow, ProgrammeRow, RoundRow
from innovation.rules.promotion import ready_rule, second_pass


def read(path: Path) -> Bundle:
    """Read one fund's folder. What cannot be read is in ``problems``; a missing file is one of them."""
    found = Found()
    read_challenges(path / "challenges.json", found)
    read_ideas(path / "ideas.jsonl", found)
    fund = _fund(path, found)
    votes = votes_of(path / "votes.xlsx", found)
    if votes is not None:
        apply_budgets(votes, found)
        apply_votes(votes, fund, found)
    for file in sorted(path.glob("reviews*.csv")):
        read_reviews(file, fund, found)
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


def _fund(path: Path, found: Found) -> int:
    said = Counter(row.extra["fund"] for row in found.challenges.values() if "fund" in row.extra)
    if said:
        return int(said.most_common(1)[0][0])
    folder = re.search(r"\d+", path.resolve().name)
    if folder is None:
        found.tell(path.name, 0, "fund_unknown")
    return int(folder[0]) if folder else 0


def _rounds(fund: int, found: Found) -> tuple[RoundRow, ...]:
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
