"""Doors of feeds: deadlines for a calendar, news for a feed reader, open challenges for everybody.

No cookie opens or sets anything here: a person's feeds are opened by the token in their address alone. A token that is
unknown, replaced or revoked gets the same answer as an address that never was.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, abort, get_template_attribute, request, url_for
from flask_babel import force_locale

from innovation.challenges.models import Challenge
from innovation.kernel import clock, feeds, i18n, ids, text
from innovation.kernel.actor import VISITOR, Actor
from innovation.kernel.db import db
from innovation.kernel.web import Answer, gettext, public, settings
from innovation.kernel.web.throttle import limiter
from innovation.notifications import queries
from innovation.notifications.queries import calendar
from innovation.notifications.routes import bp
from innovation.people import queries as people
from innovation.people.models import Person

NEWEST = 50
often = limiter.limit("60 per hour", key_func=lambda: request.path, exempt_when=lambda: not settings().rate_limits)
"""For the address of one person: his programs ask every few minutes at most."""


def _holder(token: str) -> tuple[Actor, Person]:
    person_id = queries.key_holder(ids.digest(token))
    if person_id is None:
        abort(404)
    return people.actor(person_id), db.session.get_one(Person, person_id)


def _answer(body: bytes, mimetype: str, keep: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Type"] = f"{mimetype}; charset=utf-8"
    response.headers["Cache-Control"] = keep
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.add_etag()
    return response


def _host_name() -> str:
    row = people.host()
    return row.name if row else gettext("Open innovation")


def _whole(path: str) -> str:
    """An address as the house gives it out, by whatever name it was asked."""
    return settings().base_url.rstrip("/") + path


def _words(name: str, *values: object) -> str:
    """Words of a feed, from the template that has them; they are text, not HTML."""
    said = get_template_attribute("notifications/_feed.txt", name)(*values)
    return " ".join(str(said).split())


@bp.get("/feeds/<token>/deadlines.ics")
@often
@public
def deadlines(token: str) -> Answer:
    who, person = _holder(token)
    now = clock.now()
    with force_locale(person.language):
        found = [_deadline(each) for each in calendar.days(who, now, i18n.HOST_ZONE)]
        title = gettext("Deadlines at %(host)s", host=_host_name())
        body = feeds.calendar(base_url=settings().base_url, title=title, language=person.language, now=now, deadlines=found)
    return _answer(body, "text/calendar", "private, max-age=900")


def _deadline(day: calendar.Day) -> feeds.Deadline:
    page = "pages.project" if day.what == "gate" else "pages.challenge"
    url = _whole(url_for(page, public_id=day.public_id))
    local = i18n.moment(day.at, day.zone)
    return feeds.Deadline(day.key, _words("day_title", day), day.at, url, f"{local} ({day.zone})\n{url}")


@bp.get("/feeds/<token>/news.atom")
@often
@public
def news(token: str) -> Answer:
    who, person = _holder(token)
    with force_locale(person.language):
        seen = [line for line in queries.lines(who, queries.latest(who, NEWEST), outside=True) if line.seen]
        feed = feeds.Feed(
            name=f"news/{person.public_id}",
            title=gettext("News for %(name)s at %(host)s", name=person.name, host=_host_name()),
            author=_host_name(),
            language=person.language,
            own_url=_whole(url_for("notifications.news", token=token)),
            url=_whole(url_for("notifications.inbox")),
            since=person.created_at,
        )
        body = feeds.atom(feed, [_entry(line) for line in seen], base_url=settings().base_url)
    return _answer(body, "application/atom+xml", "private, max-age=900").make_conditional(request)


def _entry(line: queries.Line) -> feeds.Entry:
    # The row's number stays inside: what names the entry is made from it, and leads nowhere back.
    name = ids.digest(f"message {line.message.id} {line.when.isoformat()}")[:20]
    words = _words("line_title", line)
    return feeds.Entry(f"message/{name}", words, _whole(_words("line_link", line)), line.when, line.when, line.group)


@bp.get("/feeds/challenges.atom")
@public
def open_challenges() -> Answer:
    """What a visitor may see, whoever asks."""
    language = request.accept_languages.best_match(list(i18n.LANGUAGES)) or i18n.DEFAULT_LANGUAGE
    with force_locale(language):
        host = _host_name()
        feed = feeds.Feed(
            name=f"challenges/{language}",
            title=gettext("Challenges at %(host)s", host=host),
            author=host,
            language=language,
            own_url=_whole(url_for("notifications.open_challenges")),
            url=_whole(url_for("pages.challenges")),
            since=clock.now().replace(hour=0, minute=0, second=0, microsecond=0),
        )
        entries = _challenges(queries.published(VISITOR, NEWEST))
        body = feeds.atom(feed, entries, base_url=settings().base_url)
    answer = _answer(body, "application/atom+xml", "public, max-age=300")
    answer.vary.add("Accept-Language")
    return answer.make_conditional(request)


def _challenges(found: Iterable[Challenge]) -> list[feeds.Entry]:
    return [
        feeds.Entry(
            f"challenge/{each.public_id}",
            each.title,
            _whole(url_for("pages.challenge", public_id=each.public_id)),
            each.published_at or each.created_at,
            each.decided_at or each.published_at or each.created_at,
            " ".join((_words("challenge_days", each), text.excerpt(each.summary, 400, _format(each)))),
        )
        for each in found
    ]


def _format(challenge: Challenge) -> text.Format:
    return "html" if challenge.text_format == "html" else "markdown"
