"""Talking with a sign-in provider by OpenID Connect: where it is, who came from there, and whether he may still.

Nothing here touches the database, and nothing here may be called while a transaction is open: each call may take as long
as :data:`TIMEOUT`.
"""

from __future__ import annotations

import logging
import secrets
import threading
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any, cast

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from flask import current_app
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from innovation.kernel import clock
from innovation.settings import Settings

log = logging.getLogger(__name__)

TIMEOUT = 5
KEPT_FOR = timedelta(hours=1)
"""How long the provider's description and keys are used before they are asked for again."""
ASK_AGAIN = timedelta(seconds=60)
"""How soon its keys are asked for anew when a token names one that is not known: no sooner, whoever sends such tokens."""
LEEWAY = 60
"""Seconds by which clocks may differ."""
REST = 10
"""Seconds in which a provider that did not answer is not asked about sign-ins: else every page would wait for it."""
LOGOUT_IS_FRESH = 300
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
"""Signatures made with a private key that only the provider has."""


class NoAnswer(Exception):
    """The provider did not answer, or not in a way that can be read: nothing is known."""


class Untrue(Exception):
    """A token that the provider did not make for this house, now and for this sign-in."""


class SwitchedOff(Exception):
    """The provider says that this sign-in is over there."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where people sign in, and as whom this house presents itself there."""

    issuer: str
    client_id: str
    client_secret: str
    name: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who came back from the provider: the claims of his ID token and the token to ask about him later ('' for none)."""

    claims: dict[str, Any]
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Departure:
    """What the browser is sent to the provider with, and what must be known again when it comes back."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(slots=True)
class _Known:
    """What a provider said of itself."""

    described: dict[str, Any]
    described_at: Any
    keys: KeySet | None = None
    keys_at: Any = None


_known: dict[str, _Known] = {}
_silent_until: dict[str, float] = {}
_lock = threading.Lock()


def provider() -> Provider | None:
    """The provider that is set, or None."""
    settings = cast(Settings, current_app.extensions["innovation.settings"])
    if not settings.oidc_issuer:
        return None
    return Provider(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret, settings.oidc_name)


def forget() -> None:
    """Ask for description and keys anew next time."""
    with _lock:
        _known.clear()
        _silent_until.clear()


def depart(provider: Provider, back: str) -> Departure:
    """Where to send a browser that wants to sign in.

    Args:
        back: the address at which the provider sends it back.

    Raises:
        NoAnswer: the provider cannot be reached.
    """
    described = _described(provider)
    nonce, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    with _session(provider, back) as session:
        url, state = session.create_authorization_url(
            described["authorization_endpoint"], nonce=nonce, code_verifier=verifier, state=secrets.token_urlsafe(24)
        )
    return Departure(url, state, nonce, verifier)


def arrive(provider: Provider, back: str, *, code: str, nonce: str, verifier: str) -> Arrival:
    """Who the provider says has signed in.

    Raises:
        NoAnswer: the provider cannot be reached.
        Untrue: it does not take the code, or its token is not one for this house and this sign-in.
    """
    described = _described(provider)
    with _session(provider, back) as session:
        token = _asked(lambda: session.fetch_token(described["token_endpoint"], code=code, code_verifier=verifier))
    if not isinstance(token.get("id_token"), str):
        raise Untrue("no_id_token")
    checks = {"nonce": nonce, "client_id": provider.client_id, "access_token": token.get("access_token")}
    claims = _claims(provider, token["id_token"])
    try:
        held = CodeIDToken(claims.claims, claims.header, _expected(provider), checks)
        held.validate(now=_seconds(), leeway=LEEWAY)
    except (JoseError, ValueError, TypeError) as error:
        raise Untrue(str(error)) from error
    return Arrival(dict(claims.claims), str(token.get("refresh_token") or ""))


def ask_again(provider: Provider, refresh_token: str) -> str:
    """Whether a sign-in still stands there. Returns the token to ask with next time.

    Raises:
        NoAnswer: nothing is known.
        SwitchedOff: it stands no longer.
    """
    if monotonic() < _silent_until.get(provider.issuer, 0):
        raise NoAnswer("resting")
    try:
        described = _described(provider)
        with _session(provider) as session:
            token = _asked(lambda: session.refresh_token(described["token_endpoint"], refresh_token=refresh_token))
        if not token.get("access_token"):
            raise NoAnswer("no token")
    except Untrue as error:
        if str(error) == "invalid_grant":
            raise SwitchedOff from error
        # A wrong client secret, say: our trouble, and nothing about this person.
        _rest(provider, str(error))
        raise NoAnswer(str(error)) from error
    except NoAnswer as error:
        _rest(provider, str(error))
        raise
    return str(token.get("refresh_token") or refresh_token)


def _rest(provider: Provider, why: str) -> None:
    log.warning("the sign-in provider cannot be asked (%s)", why)
    _silent_until[provider.issuer] = monotonic() + REST


def read_logout(provider: Provider, token: str) -> tuple[str, str]:
    """(session, subject) that a back-channel logout token ends; either may be empty.

    Raises:
        NoAnswer: the provider's keys cannot be had.
        Untrue: the token is not one of the provider's to this house, or is too old.
    """
    claims = _claims(provider, token)
    said = claims.claims
    try:
        jwt.JWTClaimsRegistry(
            _seconds(), LEEWAY, **_expected(provider), iat={"essential": True}, jti={"essential": True}
        ).validate(said)
    except (JoseError, ValueError, TypeError) as error:
        raise Untrue(str(error)) from error
    events = said.get("events")
    if not isinstance(events, dict) or LOGOUT_EVENT not in events or "nonce" in said:
        raise Untrue("no_logout")
    if _seconds() - int(said["iat"]) > LOGOUT_IS_FRESH:
        raise Untrue("too_old")
    session, subject = str(said.get("sid") or ""), str(said.get("sub") or "")
    if not session and not subject:
        raise Untrue("nobody")
    return session, subject


def _expected(provider: Provider) -> dict[str, Any]:
    return {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }


def _seconds() -> int:
    return int(clock.now().timestamp())


def _session(provider: Provider, back: str | None = None) -> OAuth2Session:
    described = _known[provider.issuer].described
    # Only asked for where it is offered: some providers refuse a scope that they do not know.
    offline = " offline_access" if "offline_access" in (described.get("scopes_supported") or ()) else ""
    methods = described.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return OAuth2Session(
        provider.client_id,
        provider.client_secret,
        token_endpoint_auth_method="client_secret_basic" if "client_secret_basic" in methods else "client_secret_post",
        scope=f"openid email profile{offline}",
        redirect_uri=back,
        code_challenge_method="S256",
        default_timeout=TIMEOUT,
    )


def _asked(ask: Any) -> dict[str, Any]:
    """What the token address answers.

    Raises:
        NoAnswer: nothing that can be read.
        Untrue: an error of the protocol; the message is its code.
    """
    try:
        return cast(dict[str, Any], ask())
    except OAuthError as error:
        raise Untrue(error.error or "refused") from error
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        raise NoAnswer(type(error).__name__) from error


def _described(provider: Provider) -> dict[str, Any]:
    """The provider's description of itself, asked for once an hour."""
    held = _known.get(provider.issuer)
    if held is not None and clock.now() - held.described_at < KEPT_FOR:
        return held.described
    described = _fetch(provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if described.get("issuer") != provider.issuer or not all(isinstance(described.get(each), str) for each in wanted):
        raise NoAnswer("description")
    with _lock:
        _known[provider.issuer] = _Known(described, clock.now())
    return described


def _claims(provider: Provider, token: str) -> jwt.Token:
    """A token's content, once its signature is found to be the provider's."""
    try:
        try:
            return jwt.decode(token, _keys(provider), algorithms=ALGORITHMS)
        except (InvalidKeyIdError, KeyError):
            return jwt.decode(token, _keys(provider, anew=True), algorithms=ALGORITHMS)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Untrue(str(error)) from error


def _keys(provider: Provider, *, anew: bool = False) -> KeySet:
    described = _described(provider)
    held = _known[provider.issuer]
    age = clock.now() - held.keys_at if held.keys_at is not None else None
    if held.keys is not None and age is not None and age < (ASK_AGAIN if anew else KEPT_FOR):
        return held.keys
    raw = _fetch(described["jwks_uri"])
    try:
        keys = KeySet.import_key_set(cast(Any, raw))
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NoAnswer("keys") from error
    with _lock:
        held.keys, held.keys_at = keys, clock.now()
    return keys


def _fetch(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=TIMEOUT, headers={"Accept": "application/json"})
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise NoAnswer(type(error).__name__) from error
    if not isinstance(found, dict):
        raise NoAnswer("description")
    return found
