"""What is found while a fund is read, and its amounts: exact, or rounded and reported."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any, Final

from innovation.exchange.service.rows import ChallengeRow, IdeaRow, Problem, ReviewRow, TallyRow

SOURCE: Final = "catalyst"
CURRENCY: Final = "USD"

# Fund -> the ready-made rule of its pass 1 (data: the published rules of funds 3 to 9).
RULES: Final[Mapping[int, str]] = dict.fromkeys((3, 4, 5), "catalyst_funds_3_5") | dict.fromkeys(
    (6, 7, 8, 9), "catalyst_funds_6_9"
)


@dataclass(slots=True)
class Found:
    """What is found while reading, in the order of the files."""

    problems: list[Problem] = field(default_factory=list)
    challenges: dict[str, ChallengeRow] = field(default_factory=dict)
    ideas: dict[str, IdeaRow] = field(default_factory=dict)
    tallies: list[TallyRow] = field(default_factory=list)
    reviews: list[ReviewRow] = field(default_factory=list)

    def tell(self, file: str, line: int, code: str, /, *, lost: bool = False, **params: str | int) -> None:
        self.problems.append(Problem(file, line, code, params, lost))


def text_of(value: Any) -> str:
    """A text without the blanks around it, '' for anything else."""
    return value.strip() if isinstance(value, str) else ""


def number_of(value: Any) -> Decimal | None:
    """A number as written, with or without a dollar sign and commas; None where there is none."""
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value).strip().lstrip("$").replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def cents_of(amount: Decimal | None, file: str, line: int, name: str, found: Found) -> int | None:
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


def dollars(cents: int) -> str:
    """An amount as reports write it."""
    return f"{Decimal(cents) / 100:,.2f}"


def count_of(value: Decimal) -> int:
    """A number of whole things."""
    return int(value.to_integral_value(ROUND_HALF_EVEN))
