"""Comments in templates: the names in a text become links, after the cleaner, word by word."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, url_for
from flask_babel import gettext
from markupsafe import Markup

from innovation.discussion.queries import Writer
from innovation.rules.talk import linked

_LINK = Markup('<a class="mention" href="{}">@{}</a>')
_NAME = Markup('<span class="mention">@{}</span>')


def init(app: Flask) -> None:
    """Give templates ``text|rendered|mentions(people)`` and ``writer|writer_name``."""
    app.jinja_env.filters.update(mentions=mentions, writer_name=writer_name)


def writer_name(writer: Writer) -> str:
    """Whose words these are, as it is written."""
    if writer.kind == "person":
        return writer.name
    if writer.kind == "sponsor":
        return gettext("The sponsor")
    return gettext("An author of this idea") if writer.kind == "author" else gettext("former participant")


def mentions(html: Markup, people: Mapping[str, Writer]) -> Markup:
    """Clean HTML in which the people a comment names are links to their pages, under the names they have today."""

    def link(public_id: str) -> str | None:
        named = people.get(public_id)
        if named is None:
            return None
        if named.kind != "person":
            return _NAME.format(writer_name(named))
        return _LINK.format(url_for("pages.person", public_id=public_id), named.name)

    return Markup(linked(str(html), link))  # noqa: S704 - clean before, and what was put in is escaped
