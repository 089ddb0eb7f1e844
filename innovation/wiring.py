"""The one list of doors: pages, handlers of facts, regular work, commands. Nothing else imports a door."""

from __future__ import annotations

from time import monotonic
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import SQLAlchemyError

import innovation.admin.work
import innovation.attachments.work
import innovation.awards.work
import innovation.challenges.work
import innovation.discussion.work
import innovation.evaluation.work
import innovation.exchange.models
import innovation.exchange.work
import innovation.ideas.work
import innovation.insight.models
import innovation.insight.work
import innovation.kernel.reminders
import innovation.kernel.sealing
import innovation.notifications.work
import innovation.people.work
import innovation.projects.work
import innovation.promotion.work
import innovation.search.work
import innovation.steering.work
import innovation.voting.work  # noqa: F401 - registers handlers
from innovation.admin import commands as admin_commands
from innovation.admin import routes as admin
from innovation.attachments import queries as attachments_queries
from innovation.attachments import routes as attachments
from innovation.awards import routes as awards
from innovation.challenges import queries as challenges_queries
from innovation.challenges import routes as challenges
from innovation.challenges.service import filing as challenges_filing
from innovation.discussion import queries as discussion_queries
from innovation.discussion import routes as discussion
from innovation.discussion.queries import filing as discussion_filing
from innovation.evaluation import routes as evaluation
from innovation.exchange import commands as exchange_commands
from innovation.exchange import routes as exchange
from innovation.ideas import commands as ideas_commands
from innovation.ideas import queries as ideas_queries
from innovation.ideas import routes as ideas
from innovation.ideas.queries import leaving as ideas_leaving
from innovation.ideas.service import filing as ideas_filing
from innovation.insight import commands as insight_commands
from innovation.insight import routes as insight
from innovation.kernel import clock, i18n, web
from innovation.kernel.actor import Actor
from innovation.kernel.assets import Assets
from innovation.kernel.db import db
from innovation.kernel.live_rules import live_rules
from innovation.kernel.usecase import may
from innovation.notifications import queries as notifications_queries
from innovation.notifications import routes as notifications
from innovation.pages import routes as pages
from innovation.people import queries as people_queries
from innovation.people import routes as people
from innovation.projects import routes as projects
from innovation.projects.queries import filing as projects_filing
from innovation.projects.queries import leaving as projects_leaving
from innovation.projects.queries import talking as projects_talking
from innovation.promotion import commands as promotion_commands
from innovation.promotion import routes as promotion
from innovation.rules import colours
from innovation.rules.policy import May
from innovation.search import commands as search_commands
from innovation.search import routes as search
from innovation.steering import routes as steering
from innovation.voting import routes as voting

BLUEPRINTS = (
    people.bp,
    attachments.bp,
    discussion.bp,
    challenges.bp,
    ideas.bp,
    voting.bp,
    evaluation.bp,
    promotion.bp,
    exchange.bp,
    projects.bp,
    awards.bp,
    insight.bp,
    steering.bp,
    notifications.bp,
    search.bp,
    pages.bp,
    admin.bp,
)

COMMANDS = (
    *admin_commands.COMMANDS,
    promotion_commands.promote,
    promotion_commands.decisions,
    promotion_commands.replay,
    insight_commands.funnel,
    insight_commands.rebuild_figures,
    search_commands.rebuild_search,
    exchange_commands.import_,
    exchange_commands.demo,
    exchange_commands.record_,
    exchange_commands.recount,
    exchange_commands.export_house,
    ideas_commands.verify_receipt,
)


def wire(app: Flask) -> None:
    """Open every door of the house."""
    i18n.init(app, lambda: account.language if (account := web.account()) else None)
    web.init(app)
    people.init(app)
    discussion.init(app)
    _talks()
    _files()
    people_queries.also_owned("challenges", ideas_leaving.owned)
    people_queries.also_owned("projects", projects_leaving.owned)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    _style_sheet(app)
    app.context_processor(_frame)
    app.jinja_env.globals["static_url"] = app.extensions["innovation.assets"].url
    app.jinja_env.filters["live_rules"] = live_rules


def _talks() -> None:
    """Who reads which talk, and where it stands."""
    challenge = challenges_queries
    discussion_queries.withholds(challenge.withheld_in)
    discussion_queries.belongs(
        "challenge",
        challenge.sees_questions,
        challenge.roles_in_questions,
        challenge.place_of_questions,
        named=challenge.named_in_talk,
    )
    discussion_queries.belongs(
        "panel",
        challenge.sees_panel_talk,
        challenge.roles_in_panel_talk,
        challenge.place_of_panel_talk,
        named=challenge.named_in_talk,
    )
    discussion_queries.belongs(
        "idea",
        ideas_queries.sees_talk,
        ideas_queries.roles_in_talk,
        ideas_queries.place_of_talk,
        ideas_queries.veiled_in_talk,
        named=challenge.named_in_talk,
    )
    discussion_queries.belongs(
        "project", projects_talking.sees_talk, projects_talking.roles_in_talk, projects_talking.place_of_talk
    )


def _files() -> None:
    """Who reads which files, and who adds to them: whoever reads and changes what they belong to."""

    def idea(actor: Actor, set_id: int) -> bool:
        found = ideas_queries.with_files(set_id)
        return found is not None and may(actor, May.EDIT_IDEA, found) and ideas_filing.changeable(found, clock.now())

    def challenge(actor: Actor, set_id: int) -> bool:
        found = challenges_queries.with_files(set_id)
        return found is not None and may(actor, May.EDIT_CHALLENGE, found) and challenges_filing.changeable(found)

    def project(actor: Actor, set_id: int) -> bool:
        found = projects_filing.with_files(set_id)
        return found is not None and may(actor, May.WORK_ON_PROJECT, found)

    def thread(actor: Actor, set_id: int) -> bool:
        found = discussion_filing.with_files(set_id)
        return found is not None and found.locked_at is None and may(actor, May.TALK, found)

    attachments_queries.belongs("idea", ideas_queries.sees_files, idea)
    attachments_queries.belongs("challenge", challenges_queries.sees_files, challenge)
    attachments_queries.belongs("project", projects_filing.sees_files, project)
    attachments_queries.belongs("thread", discussion_filing.sees_files, thread)


def _style_sheet(app: Flask) -> None:
    """Serve the joined style sheet; its address changes with its content, so it is kept for good."""
    assets: Assets = app.extensions["innovation.assets"]

    @web.public
    def style_sheet() -> Response:
        zipped = "gzip" in request.headers.get("Accept-Encoding", "")
        response = Response(assets.style_sheet_gzip if zipped else assets.style_sheet, mimetype="text/css")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.vary.add("Accept-Encoding")
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
        return response

    app.add_url_rule(assets.style_sheet_url, "style_sheet", style_sheet)


def _frame() -> dict[str, Any]:
    """What the frame of every page shows; on a page about a broken database, what can be shown without one."""
    try:
        return _whole_frame()
    except SQLAlchemyError:
        db.session.rollback()
        return {
            "host": {"name": "", "logo_url": None, "about": ""},
            "stylesheets": [_assets().style_sheet_url],
            "nav": [],
            "account": None,
            "locale": i18n.DEFAULT_LANGUAGE,
            "languages": [],
            "theme": "auto",
            "csrf_token": generate_csrf,
        }


def _whole_frame() -> dict[str, Any]:
    who = web.account()
    theme = who.theme if who else request.cookies.get("theme", "auto")
    return {
        "host": _host(),
        "brand_css_url": _host()["look_url"],
        "stylesheets": [_assets().style_sheet_url],
        "nav": _nav(),
        "account": _account(),
        "locale": i18n.language(),
        "languages": [(code, name, "", code == i18n.language()) for code, name in i18n.LANGUAGES.items()],
        "house_now": i18n.iso(clock.now()),
        "shortcuts": who.shortcuts if who else True,
        "theme": theme if theme in {"auto", "light", "dark"} else "auto",
        "theme_url": url_for("people.look"),
        "look_url": url_for("people.look"),
        "sign_in_url": url_for("people.sign_in"),
        "sign_out_url": url_for("people.sign_out"),
        "keys_url": url_for("pages.keyboard"),
        "search_url": url_for("search.index"),
        "inbox_url": url_for("notifications.inbox") if who else None,
        "inbox_new": notifications_queries.unread(web.actor()),
        "csrf_token": generate_csrf,
        "footer_links": _footer(),
    }


def _footer() -> list[dict[str, str]]:
    """What everybody may read about this house."""
    words = {"terms": web.gettext("Terms"), "privacy": web.gettext("Privacy")}
    return [{"url": url_for(f"admin.{each}"), "label": words[each]} for each in _host()["texts"]]


def _assets() -> Assets:
    found: Assets = current_app.extensions["innovation.assets"]
    return found


HOST_SECONDS = 60


def _host() -> dict[str, Any]:
    """Whose house this is: asked for once a minute, not once a page."""
    kept: tuple[float, dict[str, Any]] | None = current_app.extensions.get("innovation.host")
    if kept is None or kept[0] < monotonic():
        row = people_queries.host()
        found: dict[str, Any] = {"name": row.name if row else "Open innovation", "about": row.about if row else ""}
        texts, look = people_queries.said_of_house()
        found |= {"texts": texts} | _look(look)
        kept = monotonic() + HOST_SECONDS, found
        current_app.extensions["innovation.host"] = kept
    return kept[1]


def _look(look: people_queries.Look) -> dict[str, Any]:
    """A house's own colour and logo, where it chose them."""
    return {
        "logo_url": url_for("admin.logo", name=look.logo) if look.logo else None,
        "look_url": url_for("admin.look_css", colour=look.accent[1:]) if look.accent else None,
        "mail_accent": colours.darkened(look.accent) if look.accent else None,
    }


def _account() -> dict[str, Any] | None:
    who = web.account()
    if who is None:
        return None
    name = who.actor.name
    initials = "".join(part[0] for part in name.split()[:2]).upper()
    return {"name": name, "initials": initials, "url": url_for("people.own_account"), "role": None}


def _nav() -> list[dict[str, Any]]:
    gettext = web.gettext
    endpoint = request.endpoint or ""
    tabs = ("challenge", "challenge_ideas", "how_it_is_decided", "standings", "rule", "programme")
    of_challenges = {f"pages.{name}" for name in tabs}
    entries = [("pages.challenges", gettext("Challenges"), "challenges", of_challenges)]
    if web.account():
        entries.append(("pages.my_work", gettext("My work"), "inbox", {"pages.my_ideas"}))
    entries.append(("pages.projects", gettext("Projects"), "projects", {"pages.project"}))
    if web.template_may(May.INVITE):
        of_people = {"pages.person", "people.show", "pages.invite", "pages.invite_many", "pages.invitation_list"}
        entries.append(("people.index", gettext("People"), "users", of_people))
    if web.template_may(May.SEE_DESK):
        entries.append(("pages.desk", gettext("Insight"), "insight", {"pages.funnel", "pages.funnel_list"}))
    return [
        {"url": url_for(name), "label": label, "icon": icon, "current": endpoint == name or endpoint in under}
        for name, label, icon, under in entries
    ]
