"""A small sign-in provider of the tests' own: OpenID Connect over real HTTP on this machine, in threads."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.services import LOCAL

CLIENT, SECRET = "innovation", "a client's secret"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass
class User:
    """An account at the provider."""

    subject: str
    email: str
    verified: Any = True
    name: str = "Ada Lovelace"
    on: bool = True
    more: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Grant:
    user: User
    nonce: str
    challenge: str
    session: str
    back: str


class Provider:
    """The provider; whoever the tests call ``user`` signs in at once when a browser is sent there.

    Attributes:
        claims: claims to put over an ID token's own, to make a wrong one.
        key: the key that signs; ``published`` the one its key set shows.
        down: whether it answers everything with 503.
        refreshed: how often it was asked with a refresh token; ``slow`` how long it thinks about that.
        look: what it looks at while it is asked so, and ``seen`` what it saw each time.
    """

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.published = self.key
        self.user = User("ada-1", "ada@corp.example")
        self.claims: dict[str, Any] = {}
        self.down, self.refreshed, self.slow, self.offline = False, 0, 0.0, True
        self.look: Callable[[], Any] = lambda: None
        self.seen: list[Any] = []
        self._codes: dict[str, _Grant] = {}
        self._tokens: dict[str, _Grant] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer((LOCAL, 0), self._handler())
        self._server.daemon_threads = True
        self.issuer = f"http://{LOCAL}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    @property
    def settings(self) -> dict[str, str]:
        """The settings of a house that knows this provider."""
        return {
            "oidc_issuer": self.issuer,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SECRET,
            "oidc_name": "Corp account",
        }

    def sign_in(self, address: str) -> str:
        """What a browser that is sent to ``address`` comes back with: the path and query of this house."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        code = secrets.token_urlsafe(8)
        grant = _Grant(
            self.user, asked["nonce"], asked["code_challenge"], f"session-{secrets.token_hex(4)}", asked["redirect_uri"]
        )
        self._codes[code] = grant
        parts = urlsplit(asked["redirect_uri"])
        return f"{parts.path}?{urlencode({'code': code, 'state': asked['state']})}"

    def logout_token(self, **claims: Any) -> str:
        """A back-channel logout token; ``None`` takes a claim away."""
        now = int(time.time())
        whole = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "jti": secrets.token_hex(4),
            "events": {LOGOUT_EVENT: {}},
        } | claims
        return self._signed({name: value for name, value in whole.items() if value is not None})

    def new_key(self, kid: str = "two", *, publish: bool = True) -> None:
        """Sign with another key from now on."""
        self.key = RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})
        if publish:
            self.published = self.key

    def _signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def _token(self, form: dict[str, str], credentials: str) -> tuple[int, dict[str, Any]]:
        expected = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if credentials != f"Basic {expected}":
            return 401, {"error": "invalid_client"}
        if form.get("grant_type") == "refresh_token":
            return self._refresh(form)
        with self._lock:
            grant = self._codes.pop(form.get("code", ""), None)
        if grant is None or form.get("redirect_uri") != grant.back or _challenge(form) != grant.challenge:
            return 400, {"error": "invalid_grant"}
        return 200, self._tokens_for(grant)

    def _refresh(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        with self._lock:
            self.refreshed += 1
            self.seen.append(self.look())
            grant = self._tokens.pop(form.get("refresh_token", ""), None)
        time.sleep(self.slow)
        if grant is None or not grant.user.on:
            return 400, {"error": "invalid_grant"}
        return 200, self._tokens_for(grant)

    def _tokens_for(self, grant: _Grant) -> dict[str, Any]:
        """Refresh tokens are used once: a second one of the same is refused."""
        now = int(time.time())
        user = grant.user
        claims = {
            "iss": self.issuer,
            "sub": user.subject,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": grant.nonce,
            "sid": grant.session,
            "email": user.email,
            "email_verified": user.verified,
            "name": user.name,
        }
        refresh = secrets.token_urlsafe(8)
        self._tokens[refresh] = grant
        answer = {
            "access_token": secrets.token_urlsafe(8),
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": self._signed(claims | user.more | self.claims),
        }
        return answer | ({"refresh_token": refresh} if self.offline else {})

    def _described(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "scopes_supported": ["openid", "email", "profile", "offline_access"],
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.startswith("/authorize?"):
                    back = parse_qs(urlsplit(self.path).query)["redirect_uri"][0]
                    self._send_back(f"http://{urlsplit(back).netloc}{provider.sign_in(self.path)}")
                    return
                found: dict[str, Any] | None = {
                    "/.well-known/openid-configuration": provider._described(),
                    "/keys": {"keys": [provider.published.as_dict(private=False)]},
                }.get(self.path)
                self._answer(200 if found else 404, found or {})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self._answer(*provider._token(form, self.headers.get("Authorization", "")))

            def _answer(self, status: int, body: dict[str, Any]) -> None:
                if provider.down:
                    status, body = 503, {}
                raw = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def _send_back(self, address: str) -> None:
                self.send_response(302)
                self.send_header("Location", address)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                """Tests need no log of it."""

        return Handler


def _challenge(form: dict[str, str]) -> str:
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
