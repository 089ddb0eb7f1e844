"""Languages, and how dates, money and numbers are written in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta, get_timezone_name
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, get_decimal_symbol
from flask import Flask, has_request_context, request
from flask_babel import Babel, get_locale, gettext
from markupsafe import Markup, escape

from innovation.kernel import clock
from innovation.kernel.money import Money, digits

LANGUAGES: dict[str, str] = {"en": "English", "nl": "Nederlands"}
DEFAULT_LANGUAGE = "en"
HOST_ZONE = "Europe/Amsterdam"


def init(app: Flask, choose: object) -> None:
    """Set up translations; ``choose`` returns the signed-in person's language, or None."""

    def select() -> str:
        if not has_request_context():
            return DEFAULT_LANGUAGE
        chosen = request.cookies.get("language")
        if chosen in LANGUAGES:
            return str(chosen)
        own = choose() if callable(choose) else None
        if own in LANGUAGES:
            return str(own)
        return request.accept_languages.best_match(list(LANGUAGES)) or DEFAULT_LANGUAGE

    app.config.setdefault("BABEL_DEFAULT_LOCALE", DEFAULT_LANGUAGE)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(Path(__file__).parent.parent / "translations")
    Babel(app, locale_selector=select)
    app.jinja_env.filters.update(
        instant=datetime.fromisoformat,
        moment=moment,
        day=day,
        short_day=short_day,
        relative=relative,
        money=money,
        number=number,
        written=written,
        wall=wall,
        hour=hour,
        iso=iso,
        either=either,
    )


def language() -> str:
    """The code of the language being written."""
    locale = get_locale()
    return locale.language if locale else DEFAULT_LANGUAGE


def moment(value: datetime, zone: str = HOST_ZONE) -> str:
    """An instant in full: "Friday 27 November 2026, 17:00 CET"."""
    local = value.astimezone(ZoneInfo(zone))
    text = format_datetime(local, "EEEE d MMMM y, HH:mm", locale=language())
    return f"{text} {local.tzname() if not str(local.tzname()).startswith(('+', '-')) else _zone_name(local)}"


def _zone_name(local: datetime) -> str:
    return get_timezone_name(local, width="short", locale=language())


def day(value: datetime, zone: str = HOST_ZONE) -> str:
    """A day: "27 November 2026"."""
    return format_date(value.astimezone(ZoneInfo(zone)).date(), "d MMMM y", locale=language())


def short_day(value: datetime, zone: str = HOST_ZONE) -> str:
    """A day in little space: "27 Nov"."""
    return format_date(value.astimezone(ZoneInfo(zone)).date(), "d MMM", locale=language())


def wall(value: datetime, zone: str = HOST_ZONE) -> str:
    """Time and zone alone: "17:00:03 CET", to the second, for receipts."""
    local = value.astimezone(ZoneInfo(zone))
    return f"{format_datetime(local, 'd MMMM y, HH:mm:ss', locale=language())} {local.tzname()}"


def hour(value: datetime, zone: str = HOST_ZONE) -> str:
    """A time of a day that is named already: "17:00 CET"."""
    local = value.astimezone(ZoneInfo(zone))
    name = str(local.tzname())
    zone_name = _zone_name(local) if name.startswith(("+", "-")) else name
    return f"{format_datetime(local, 'HH:mm', locale=language())} {zone_name}"


def iso(value: datetime, zone: str = HOST_ZONE) -> str:
    """An instant for the ``datetime`` attribute, with its zone's offset, so that a page can tell whose clock it names."""
    return value.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def relative(value: datetime) -> str:
    """How far away an instant is: "in 5 days", "2 hours ago"."""
    distance = value - clock.now()
    if abs(distance) < timedelta(seconds=45):
        return gettext("just now") if distance <= timedelta() else gettext("in a moment")
    if timedelta(days=1) <= abs(distance) < timedelta(days=45):
        # People plan in days: "in 3 weeks" for eighteen days would be wrong by three. Whole days that are left, never one
        # more; what lacks less than an hour of a day is that day, so that a fortnight just set reads as fourteen days.
        days = int((abs(distance) + timedelta(hours=1)) / timedelta(days=1)) * (1 if distance > timedelta() else -1)
        return format_timedelta(timedelta(days=days), granularity="day", add_direction=True, threshold=50, locale=language())
    return format_timedelta(distance, add_direction=True, threshold=1.2, locale=language())


def money(minor: int, currency: str) -> str:
    """An amount with its currency: "€ 1.250" or "€1,250.50"; cents only where there are any."""
    whole = minor % 10 ** digits(currency) == 0
    pattern = "¤#,##0" if whole else "¤#,##0.00"
    if language() == "nl":
        pattern = pattern.replace("¤", "¤ ")
    return format_currency(
        Money(minor, currency).major(), currency, format=pattern, locale=language(), currency_digits=False
    )


def number(value: int) -> str:
    """A whole number with its thousands apart."""
    return format_decimal(value, locale=language())


def written(value: str) -> str:
    """A decimal that is kept with a point, as the reader's language writes it: every digit, thousands not apart."""
    sign = get_decimal_symbol(language())
    return value.replace(".", sign)


def either(names: Iterable[str]) -> Markup:
    """Names of which any one will do: "Ada or Ben"; what is markup already stays, everything else is escaped."""
    return Markup(format_list([str(escape(name)) for name in names], "or", locale=language()))  # noqa: S704 - escaped here
