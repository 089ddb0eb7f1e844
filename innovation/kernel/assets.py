"""Static files under addresses that change with their content, and the style sheet put together in layer order."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response
from whitenoise import WhiteNoise

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_LAYERS = ("reset.css", "tokens.css", "base.css", "components/*.css", "features/*.css", "utilities.css")


def data_folder(name: str) -> Path:
    """``templates``, ``static`` or ``migrations``: beside the package in a checkout, inside it when installed."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_data" / name
    return inside if inside.is_dir() else package.parent / name


@dataclass(frozen=True, slots=True)
class Assets:
    """The static tree as it was at start: one content hash for all of it, and the joined style sheet."""

    prefix: str
    style_sheet: bytes
    style_sheet_gzip: bytes

    def url(self, path: str) -> str:
        """The address of a static file; it never changes while the content does not."""
        return f"/{self.prefix}{path}"

    @property
    def style_sheet_url(self) -> str:
        return self.url("css/all.css")


def load(folder: Path) -> Assets:
    """Read the static tree once."""
    whole = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        whole.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    sheets = [path for pattern in ("layers.css", *_LAYERS) for path in sorted((folder / "css").glob(pattern))]
    joined = "\n".join(path.read_text("utf-8") for path in sheets).encode()
    return Assets(f"static/{whole.hexdigest()[:12]}/", joined, gzip.compress(joined, mtime=0))


def serve(app: Flask, folder: Path, assets: Assets) -> None:
    """Let WhiteNoise answer for static files, before the application sees the request."""
    noise = WhiteNoise(app.wsgi_app, immutable_file_test=lambda _path, _url: True)
    noise.add_files(str(folder), prefix=assets.prefix)
    scripts = {assets.url(path.relative_to(folder).as_posix()): path.read_bytes() for path in folder.rglob("*.js")}
    app.wsgi_app = _Zipped(noise, scripts)  # type: ignore[method-assign]  # Flask's own way to wrap middleware


class _Zipped:
    """Scripts compressed once, at start: WhiteNoise sends compressed only what lies compressed on the disk."""

    def __init__(self, otherwise: WSGIApplication, scripts: dict[str, bytes]) -> None:
        self.otherwise = otherwise
        self.zipped = {address: gzip.compress(script, mtime=0) for address, script in scripts.items()}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = self.zipped.get(environ.get("PATH_INFO", ""))
        if body is None or "gzip" not in environ.get("HTTP_ACCEPT_ENCODING", ""):
            return self.otherwise(environ, start_response)
        response = Response(body, mimetype="text/javascript")
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.vary.add("Accept-Encoding")
        return response(environ, start_response)
