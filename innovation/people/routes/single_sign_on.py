"""Doors to the sign-in provider and back, and the question whether a sign-in from there still stands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from flask import Response, abort, redirect, request, session, url_for
from flask_babel import get_locale
from flask_login import logout_user

from innovation.kernel import clock, openid
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.kernel.web import Answer, account, actor, gettext, public, respond, safe_next, settings, told
from innovation.kernel.web.frame import csrf
from innovation.people import queries
from innovation.people.routes import bp
from innovation.people.routes.sessions import SessionUser, keep_session, limiter
from innovation.people.service import single_sign_on

WAYS = "provider_ways"
MOST_WAYS = 3
"""Windows that may be under way to the provider at once."""
WAY_MINUTES = 15


@bp.get("/sign-in/provider")
@limiter.limit("300 per minute", exempt_when=lambda: not settings().rate_limits)
@public
def go_to_provider() -> Answer:
    """Send the browser to the provider, and remember what must come back."""
    provider = _provider()
    try:
        departure = openid.depart(provider, _back())
    except openid.NoAnswer:
        return _trouble("no_answer", 503)
    way = {
        "nonce": departure.nonce,
        "verifier": departure.verifier,
        "next": safe_next(request.args.get("next")) or "/",
        "since": clock.now().timestamp(),
    }
    ways = list(session.get(WAYS, {}).items())[-(MOST_WAYS - 1) :]
    session[WAYS] = dict([*ways, (departure.state, way)])
    return redirect(departure.url, 303)


@bp.get("/sign-in/provider/back")
@limiter.limit("300 per minute", exempt_when=lambda: not settings().rate_limits)
@public
def back_from_provider() -> Answer:
    """Let in whom the provider says has signed in; only a way that this browser began is taken, and once."""
    provider = _provider()
    ways = dict(session.get(WAYS, {}))
    way = ways.pop(request.args.get("state", ""), None)
    session[WAYS] = ways
    if way is None or way["since"] < (clock.now() - timedelta(minutes=WAY_MINUTES)).timestamp():
        return _trouble("way_lost", 400)
    if request.args.get("iss", provider.issuer) != provider.issuer or not request.args.get("code"):
        return _trouble("not_signed_in", 403)
    try:
        arrival = openid.arrive(provider, _back(), code=request.args["code"], nonce=way["nonce"], verifier=way["verifier"])
    except openid.NoAnswer:
        return _trouble("no_answer", 503)
    except openid.Untrue:
        return _trouble("not_signed_in", 403)
    try:
        token = single_sign_on.come_in(
            actor=actor(),
            visitor=_visitor(provider, arrival),
            device=request.user_agent.string,
            language=str(get_locale()),
            strangers_welcome=settings().sign_up,
        )
    except Invalid as error:
        return _trouble(error.code, 403)
    keep_session(token)
    return redirect(way["next"], 303)


@bp.post("/sign-in/provider/logout")
@limiter.limit("120 per minute", exempt_when=lambda: not settings().rate_limits)
@public
def provider_logs_out() -> Answer:
    """Back-channel logout: the provider itself asks, and its signature is what proves it."""
    provider = _provider()
    try:
        session_name, subject = openid.read_logout(provider, request.form.get("logout_token", ""))
    except openid.NoAnswer:
        return _plain(503)
    except openid.Untrue:
        return _plain(400)
    single_sign_on.log_out(actor=house(Origin.API), issuer=provider.issuer, session=session_name, subject=subject)
    return _plain(200)


csrf.exempt(provider_logs_out)  # the provider has no form of ours; its signature takes the place of one


def ask_provider() -> None:
    """Before a request: where the provider is to be asked about this sign-in, ask, while no transaction is open."""
    token = str(session.get("_user_id", ""))
    if not token.startswith(single_sign_on.MARK):
        return
    found = _sign_in(token)
    db.session.rollback()
    if found is None:
        return
    provider, chosen = openid.provider(), settings()
    every, grace = chosen.oidc_check_seconds, timedelta(minutes=chosen.oidc_grace_minutes)
    if provider is None or found.issuer != provider.issuer:
        single_sign_on.end(actor=house(Origin.WEB), sign_in_id=found.sign_in_id)
    elif not single_sign_on.is_due(found, clock.now(), every) or single_sign_on.still_on(provider, found, every, grace):
        return
    logout_user()
    told(gettext("You are signed out here, because the sign-in of your organisation has ended. Sign in again."), "wait")


def _sign_in(token: str) -> queries.ProviderSignIn | None:
    """A page reads the person outside any transaction, so he is read once; whatever writes reads him anew inside its own."""
    if request.method in {"GET", "HEAD"}:
        who = cast(SessionUser | None, account())
        return who.provider if who else None
    return queries.provider_sign_in(token)


def _provider() -> openid.Provider:
    found = openid.provider()
    if found is None:
        abort(404)
    db.session.rollback()  # nothing is held while the provider is asked
    return found


def _back() -> str:
    return settings().base_url.rstrip("/") + url_for("people.back_from_provider")


def _visitor(provider: openid.Provider, arrival: openid.Arrival) -> single_sign_on.Visitor:
    said = arrival.claims
    claim = settings().oidc_department_claim
    email = _words(said.get("email"), 320)
    return single_sign_on.Visitor(
        issuer=provider.issuer,
        subject=_words(said.get("sub"), 300),
        email=email if 0 < email.find("@") < len(email) - 1 else "",
        proven=said.get("email_verified") is True or said.get("email_verified") == "true",  # some write it as text
        name=_words(said.get("name"), 200),
        department=_words(said.get(claim), 200) if claim else "",
        session=_words(said.get("sid"), 300),
        refresh_token=arrival.refresh_token,
    )


def _words(claim: Any, most: int) -> str:
    """A claim as one line of text; '' for anything else."""
    return " ".join(claim.replace("\x00", " ").split())[:most] if isinstance(claim, str) else ""


def _trouble(code: str, status: int) -> Answer:
    return respond("people/provider_trouble.html", status=status, code=code)


def _plain(status: int) -> Response:
    answer = Response("", status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
