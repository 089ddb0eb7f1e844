"""One row's cells, each as what it has to be: a word, a number, an amount, a time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

from innovation.exchange.service.csv_files.columns import SEPARATOR
from innovation.kernel.money import CURRENCIES, MoneyError, parse_minor

_Word = TypeVar("_Word", bound=str)


@dataclass(slots=True)
class Cells:
    """One row's cells by column, and every reason why it cannot be taken."""

    values: Mapping[str, str]
    reasons: list[tuple[str, Mapping[str, str | int]]] = field(default_factory=list)

    def wrong(self, code: str, **params: str | int) -> None:
        self.reasons.append((code, params))

    def text(self, name: str) -> str:
        return self.values.get(name, "").strip()

    def several(self, name: str) -> tuple[str, ...]:
        parts = (part.strip() for part in self.text(name).split(SEPARATOR))
        return tuple(dict.fromkeys(part for part in parts if part))

    def word(self, name: str, known: Mapping[str, _Word]) -> _Word:
        value = self.text(name).lower()
        if value and value not in known:
            self.wrong("not_a_word_of", field=name, value=value, known=", ".join(sorted(known)))
        return known.get(value, next(iter(known.values())))

    def whole(self, name: str) -> int | None:
        value = self.text(name)
        if value and not re.fullmatch(r"[0-9]{1,18}", value):
            self.wrong("not_whole", field=name, value=value)
            return None
        return int(value) if value else None

    def currency(self, name: str) -> str | None:
        value = self.text(name).upper()
        if value and value not in CURRENCIES:
            self.wrong("unknown_currency", value=value)
            return None
        return value or None

    def money(self, name: str, currency: str | None) -> int | None:
        value = self.text(name)
        if not value:
            return None
        if currency is None:
            if not any(code == "unknown_currency" for code, _ in self.reasons):
                self.wrong("no_currency", field=name)
            return None
        try:
            return parse_minor(value, currency)
        except MoneyError:
            self.wrong("not_money", field=name, value=value)
            return None

    def zone(self, name: str) -> ZoneInfo:
        value = self.text(name) or "UTC"
        try:
            return ZoneInfo(value)
        # An unknown key, one that is no path, or one that names a folder.
        except (KeyError, ValueError, OSError):
            self.wrong("unknown_zone", value=value)
            return ZoneInfo("UTC")

    def moment(self, name: str, zone: ZoneInfo, otherwise: time) -> datetime | None:
        """A time as written, in UTC. Without an offset it is the zone's, without a time ``otherwise``."""
        value = self.text(name)
        if not value:
            return None
        try:
            if not re.match(r"\d{4}-\d\d-\d\d($|[ T])", value):
                raise ValueError(value)
            written = datetime.fromisoformat(value)
            local = written if written.tzinfo else written.replace(tzinfo=zone)
            if len(value) == len("2026-05-01"):
                local = datetime.combine(written.date(), otherwise, zone)
            moment = local.astimezone(UTC)
            if written.tzinfo is None and moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
                self.wrong("time_skipped", field=name, value=value, zone=zone.key)
            elif written.tzinfo is None and local.utcoffset() != local.replace(fold=1).utcoffset():
                self.wrong("time_repeated", field=name, value=value, zone=zone.key)
        except (ValueError, OverflowError):
            self.wrong("not_a_date", field=name, value=value)
            return None
        return moment
