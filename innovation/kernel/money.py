"""Money as whole minor units with an ISO 4217 currency; never a float."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

CURRENCIES: dict[str, int] = {"EUR": 2, "USD": 2, "GBP": 2, "CHF": 2, "SEK": 2, "DKK": 2, "NOK": 2, "PLN": 2, "JPY": 0}
"""Currencies a challenge may use, with their number of minor digits."""


class MoneyError(ValueError):
    """A text is not an amount; ``code`` says why: ``not_a_number``, ``negative``, ``too_precise``, ``too_large``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents, for EUR) of one currency."""

    minor: int
    currency: str

    def major(self) -> Decimal:
        """The amount in the currency's major unit, exact."""
        return Decimal(self.minor).scaleb(-digits(self.currency))


def digits(currency: str) -> int:
    """How many decimal places a currency has; 2 for one that is not listed."""
    return CURRENCIES.get(currency, 2)


DECIMAL_SIGNS: dict[str, str] = {"en": ".", "nl": ","}
"""What begins the decimals in each language; the other sign groups thousands."""
_GROUPED = re.compile(r"[1-9]\d{0,2}")


def parse_minor(text: str, currency: str, language: str | None = None) -> int:
    """Read an amount a person typed ("1,250.50", "1.250,50", "€ 1250") into minor units.

    Where both signs stand in it, the last one begins the decimals. One sign before exactly three digits is what it is in
    the reader's ``language``: "99.999" groups thousands for a Dutch reader and is too precise for an English one. Without
    a language, as in files and imports, it groups thousands. A sign after nothing, a nought or more than three digits
    groups nothing in any language: "0.125" and "1234.567" are too precise.

    Raises:
        MoneyError: the text is not an amount of that currency.
    """
    cleaned = "".join(ch for ch in text if ch.isdigit() or ch in ".,-")
    if not any(ch.isdigit() for ch in cleaned) or any(ch.isalpha() for ch in text.replace(currency, "")):
        raise MoneyError("not_a_number")
    whole, fraction = _parts(cleaned, DECIMAL_SIGNS.get(language or ""))
    try:
        value = Decimal(whole.replace(".", "").replace(",", "") + "." + (fraction or "0"))
    except InvalidOperation:
        raise MoneyError("not_a_number") from None
    if value < 0:
        raise MoneyError("negative")
    minor = value.scaleb(digits(currency))
    # "25.000" with a point for decimals has none that count, but may well have been meant as thousands.
    if minor != minor.to_integral_value() or len(fraction) == 3 > digits(currency):
        raise MoneyError("too_precise")
    if minor > 2**62:
        raise MoneyError("too_large")
    return int(minor)


def _parts(cleaned: str, decimal_sign: str | None) -> tuple[str, str]:
    """What stands before the decimals, and the decimals."""
    last = max(cleaned.rfind("."), cleaned.rfind(","))
    if last < 0:
        return cleaned, ""
    sign, whole, fraction = cleaned[last], cleaned[:last], cleaned[last + 1 :]
    if len(fraction) != 3:
        return whole, fraction
    if "." in whole or "," in whole:
        groups = sign in whole
    else:
        groups = sign != decimal_sign and _GROUPED.fullmatch(whole.lstrip("-")) is not None
    return (cleaned, "") if groups else (whole, fraction)


def typed(minor: int, currency: str) -> str:
    """An amount as a person would type it, for a form to begin with; :func:`parse_minor` reads it back."""
    whole, rest = divmod(minor, 10 ** digits(currency))
    return f"{whole}.{rest:0{digits(currency)}d}" if rest else str(whole)
