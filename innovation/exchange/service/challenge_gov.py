"""Challenge.gov's feeds of challenges (``feed-open.json``, ``feed-closed.json``), as GSA published them.

One JSON object a feed, the challenges under ``_challenge``. Texts are HTML and are kept as they came. Dates
come month first or year first, with or without a time, in US Eastern time unless they say otherwise (of an
hour that clocks repeat, the first); types come as a text, a list or null; prizes as "" or "$1,000,000". What
cannot be understood is reported, left open, and kept in its own spelling in ``extra``; a challenge is lost
only without an id or a title.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from innovation.exchange.service.rows import Bundle, ChallengeRow, Problem, ProgrammeRow, Where

SOURCE: Final = "challenge-gov"
ZONE: Final = "America/New_York"
# The words a date may end with, and the zone they mean in the United States.
ZONES: Final[Mapping[str, str]] = {
    "E": "America/New_York",
    "C": "America/Chicago",
    "M": "America/Denver",
    "P": "America/Los_Angeles",
    "AK": "America/Anchorage",
    "H": "Pacific/Honolulu",
}
SECTIONS: Final = (
    ("prizes", "Prizes"),
    ("rules", "Rules"),
    ("judging", "Judging"),
    ("how-to-enter", "How to enter"),
)
TYPES: Final = (
    "Analytics, visualizations, algorithms",
    "Business plans",
    "Creative (multimedia & design)",
    "Ideas",
    "Nominations",
    "Scientific",
    "Software and apps",
    "Technology demonstration and hardware",
)
"""The publisher's own list; other spellings of these become these, anything else stays as written."""

# The only name in the list that holds commas itself, in every spelling met.
_WITH_COMMAS: Final = re.compile(r"analytics,\s*visualizations?\s*,?\s*(?:and\s+)?algorithms?", re.IGNORECASE)
_DAY: Final = re.compile(r"(?:(\d{4})[/-](\d{1,2})[/-](\d{1,2})|(\d{1,2})[/-](\d{1,2})[/-](\d{4}))(?!\d)")
_CLOCK: Final = re.compile(
    r"[\sT,]*(?:(\d{1,2})(?::(\d{2}))?(?::(\d{2})(?:\.\d+)?)?\s*([ap]\.?\s?m\.?)?)?\s*([A-Z]{1,4})?",
    re.IGNORECASE,
)
_MONEY: Final = re.compile(r"(?:US)?\$?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d{1,2})?\s*(million)?(?:\s*USD)?", re.IGNORECASE)
_NOT_SAID: Final = {"", "REDACTED"}


@dataclass(slots=True)
class _Reading:
    problems: list[Problem] = field(default_factory=list)
    challenges: dict[str, ChallengeRow] = field(default_factory=dict)

    def tell(self, where: Where, code: str, /, *, lost: bool = False, **params: str | int) -> None:
        self.problems.append(Problem(where.file, where.line, code, params, lost))


def read(path: Path) -> Bundle:
    """Read one feed, or every ``*.json`` feed of a folder (open ones win over closed ones of the same id).

    A problem's line is the challenge's position in its feed, from 1.
    """
    found = _Reading()
    feeds = sorted(path.glob("*.json"), key=lambda file: ("open" not in file.name, file.name))
    for feed in [path] if path.is_file() else feeds:
        for where, row in _rows(feed, found):
            _read_challenge(row, where, found)
    if not path.is_file() and not feeds:
        found.tell(Where(path.name, 0), "absent", lost=True, what="a feed (*.json)")
    return Bundle(
        source=SOURCE,
        programme=ProgrammeRow("challenge.gov", "Challenge.gov"),
        challenges=tuple(found.challenges.values()),
        problems=tuple(found.problems),
    )


def _rows(feed: Path, found: _Reading) -> Iterator[tuple[Where, Any]]:
    try:
        content = json.loads(feed.read_text(encoding="utf-8-sig"))
        rows = content.get("_challenge") if isinstance(content, dict) else content
        if not isinstance(rows, list):
            raise ValueError("no list of challenges in it")
    except (OSError, ValueError) as error:
        found.tell(Where(feed.name, 0), "not_readable", lost=True, format="a feed", why=str(error))
        return
    for line, row in enumerate(rows, 1):
        yield Where(feed.name, line), row


def _read_challenge(row: Any, where: Where, found: _Reading) -> None:
    if not isinstance(row, dict):
        found.tell(where, "not_readable", lost=True, format="a challenge", why="not an object")
        return
    name = _text(row.get("challenge-id")) or _text(row.get("permalink"))
    title = _text(row.get("challenge-title"))
    if not name or not title:
        found.tell(where, "missing_value", lost=True, field="challenge-title" if name else "challenge-id")
        return
    if name in found.challenges:
        found.tell(where, "twice", lost=True, kind="challenge", id=name)
        return
    opens = _moment(_text(row.get("submission-start")), "submission-start", time(0), where, found)
    # A day without a time ends when the day does.
    closes = _moment(_text(row.get("submission-end")), "submission-end", time(23, 59, 59), where, found)
    if opens and closes and closes <= opens:
        found.tell(where, "closes_before_opens", opens=opens.isoformat(), closes=closes.isoformat())
        opens = None
    prize = _prize(_text(row.get("total-prize-offered-cash")), where, found)
    found.challenges[name] = ChallengeRow(
        foreign_id=name,
        title=title,
        question=_text(row.get("tagline")),
        brief=_brief(row),
        brief_format="html",
        sponsor=_text(row.get("agency")),
        source_url=_text(row.get("permalink")) or _text(row.get("external-url")),
        opens=opens,
        closes=closes,
        zone=ZONE,
        state=_state(_text(row.get("challenge_status"))),
        prize=prize,
        currency=None if prize is None else "USD",
        types=_types(row.get("type-of-challenge")),
        extra=_extra(row),
        where=where,
    )


def _brief(row: Mapping[str, Any]) -> str:
    """The description and the sections that say anything, each under its heading, their HTML untouched."""
    parts = [_raw(row.get("description"))] if _text(row.get("description")) else []
    parts += [f"<h2>{title}</h2>\n{_raw(row[name])}" for name, title in SECTIONS if _text(row.get(name))]
    return "\n".join(parts)


def _state(value: str) -> Literal["open", "closed"] | None:
    folded = value.casefold()
    return "open" if folded == "open" else "closed" if folded == "closed" else None


def _extra(row: Mapping[str, Any]) -> dict[str, str]:
    """What has no column of its own, as text; dates, prize and types in their own spelling among it."""
    texts = {"challenge-id", "challenge-title", "permalink", "tagline", "agency", "description"}
    texts |= {name for name, _ in SECTIONS}
    extra = {}
    for name, value in row.items():
        told = value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)
        if name not in texts and told.strip() not in _NOT_SAID:
            extra[str(name)] = told
    return extra


def _types(value: Any) -> tuple[str, ...]:
    """The types of a challenge, each once, in the publisher's spelling where it is one of the publisher's."""
    if isinstance(value, list):
        names = [item for item in value if isinstance(item, str)]
    else:
        # A bare text lists its types between semicolons or commas, but one name holds commas itself.
        names = re.split(r"[;,]", _WITH_COMMAS.sub(lambda name: name[0].replace(",", ""), _raw(value)))
    known = {_fold(name): name for name in TYPES}
    tidy = (known.get(_fold(name), name.strip()) for name in names if _fold(name))
    return tuple(dict.fromkeys(tidy))


def _fold(name: str) -> str:
    """For comparing types: words without case, "and", plural and order."""
    words = re.findall(r"[a-z]+", name.casefold())
    return " ".join(sorted(word.rstrip("s") for word in words if word != "and"))


def _prize(value: str, where: Where, found: _Reading) -> int | None:
    if not value:
        return None
    amount = _MONEY.fullmatch(value)
    if amount is None:
        found.tell(where, "not_money", field="total-prize-offered-cash", value=value)
        return None
    whole = Decimal(amount[1].replace(",", "") + (amount[2] or ""))
    return int(whole * 100 * (1_000_000 if amount[3] else 1))


def _moment(value: str, name: str, otherwise: time, where: Where, found: _Reading) -> datetime | None:
    """A date and time as written, in UTC; ``otherwise`` is the time of a day that has none.

    None, and a problem, for what is no date. A time that clocks skip is taken an hour later and reported.
    """
    if not value:
        return None
    try:
        local = _wall(value, otherwise)
        moment = local.astimezone(UTC)
    except (ValueError, OverflowError):
        found.tell(where, "not_a_time", field=name, value=value)
        return None
    if moment.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        found.tell(where, "no_such_time", field=name, value=value, zone=str(local.tzinfo))
    return moment


def _wall(value: str, otherwise: time) -> datetime:
    day = _DAY.match(value)
    clock = _CLOCK.fullmatch(value, day.end()) if day else None
    if day is None or clock is None:
        raise ValueError(value)
    year, month, number = (day[1], day[2], day[3]) if day[1] else (day[6], day[4], day[5])
    at = otherwise
    if clock[1]:
        hour, half = int(clock[1]), (clock[4] or "").casefold()
        if half:
            if not 1 <= hour <= 12:
                raise ValueError(value)
            hour = hour % 12 + (12 if half.startswith("p") else 0)
        elif clock[2] is None:
            raise ValueError(value)  # "10/19/2019 5": five in the morning or in the evening?
        at = time(hour, int(clock[2] or 0), int(clock[3] or 0))
    return datetime.combine(date(int(year), int(month), int(number)), at, _zone(clock[5] or ""))


def _zone(word: str) -> ZoneInfo:
    folded = word.upper()
    if not folded:
        return ZoneInfo(ZONE)
    if folded in ("Z", "UTC", "GMT"):
        return ZoneInfo("UTC")
    american = re.fullmatch(r"(AK|[ECMPH])[SD]?T", folded)
    if american is None:
        raise ValueError(word)
    return ZoneInfo(ZONES[american[1]])


def _raw(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _text(value: Any) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else _raw(value)
    return "" if text.strip() in _NOT_SAID else text.strip()
