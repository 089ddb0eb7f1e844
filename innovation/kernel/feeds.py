"""What other programs read again and again: an Atom feed (RFC 4287) and a calendar (RFC 5545), from plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

from icalendar import Calendar, Event

_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself.

    Attributes:
        name: what makes its id; the same for good.
        own_url: where the feed is; ``url`` the page it tells of.
        since: when it was last changed, if it has no entry.
    """

    name: str
    title: str
    author: str
    language: str
    own_url: str
    url: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of news. ``name`` is the same for as long as it is the same news, wherever its page moves."""

    name: str
    title: str
    url: str
    published: datetime
    updated: datetime
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One instant in a calendar. ``name`` is the same for as long as it is the same deadline, also when it moves."""

    name: str
    title: str
    at: datetime
    url: str
    description: str


def tag(base_url: str, name: str) -> str:
    """A name that is this house's own and says nothing about where its pages are (RFC 4151)."""
    return f"tag:{urlsplit(base_url).hostname},2026:{name}"


def atom(feed: Feed, entries: Iterable[Entry], *, base_url: str) -> bytes:
    """A feed, its newest entry first."""
    ElementTree.register_namespace("", _ATOM)
    ordered = sorted(entries, key=lambda each: (each.published, each.name), reverse=True)
    root = ElementTree.Element(f"{{{_ATOM}}}feed", {"xml:lang": feed.language})
    _text(root, "id", tag(base_url, feed.name))
    _text(root, "title", feed.title)
    _text(root, "updated", _instant(max((each.updated for each in ordered), default=feed.since)))
    _link(root, "self", feed.own_url, "application/atom+xml")
    _link(root, "alternate", feed.url, "text/html")
    _text(ElementTree.SubElement(root, f"{{{_ATOM}}}author"), "name", feed.author)
    for each in ordered:
        entry = ElementTree.SubElement(root, f"{{{_ATOM}}}entry")
        _text(entry, "id", tag(base_url, each.name))
        _text(entry, "title", each.title)
        _text(entry, "published", _instant(each.published))
        _text(entry, "updated", _instant(each.updated))
        _link(entry, "alternate", each.url, "text/html")
        _text(entry, "summary", each.summary or each.title)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _text(parent: ElementTree.Element, name: str, value: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}").text = "".join(each for each in value if _in_xml(each))


def _in_xml(letter: str) -> bool:
    """Whether XML 1.0 has this character at all."""
    return letter in "\t\n\r" or " " <= letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd" or letter >= "\U00010000"


def _link(parent: ElementTree.Element, rel: str, href: str, kind: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}link", {"rel": rel, "href": href, "type": kind})


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def calendar(*, base_url: str, title: str, language: str, now: datetime, deadlines: Iterable[Deadline]) -> bytes:
    """A calendar of instants in UTC, which every program shows in its reader's own zone."""
    whole = Calendar()
    whole.add("prodid", f"-//{urlsplit(base_url).hostname}//Open innovation//{language.upper()}")
    whole.add("version", "2.0")
    whole.add("x-wr-calname", title)
    whole.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for each in deadlines:
        event = Event()
        event.add("uid", f"{each.name}@{urlsplit(base_url).hostname}")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", each.at.astimezone(UTC))
        event.add("summary", each.title)
        event.add("description", each.description)
        event.add("url", each.url)
        event.add("transp", "TRANSPARENT")
        whole.add_component(event)
    made: bytes = whole.to_ical()
    return made
