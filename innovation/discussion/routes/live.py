"""New comments without reloading: a stream that says "changed", and nothing more."""

from __future__ import annotations

from typing import cast

from flask import Flask, Response, current_app, request

from innovation.discussion import queries
from innovation.discussion.models import Thread
from innovation.discussion.routes import bp
from innovation.kernel.live import Hub
from innovation.kernel.web import Answer, page
from innovation.rules.policy import May
from innovation.settings import Settings

HEADERS = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}


def init(app: Flask) -> None:
    """Begin with nobody listening."""
    settings: Settings = app.extensions["innovation.settings"]
    app.extensions["innovation.live"] = Hub(app, settings.live_streams, lambda payload: payload.get("thread_id"))


@bp.get("/live/<public_id>")
@page(May.LOOK, on=queries.thread)
def live(thread: Thread) -> Answer:
    """Whoever reads the thread listens; asked again at every connection, which ends after five minutes.

    The stream runs after this request's database session was given back: it holds a thread and no connection.
    """
    seen = request.args.get("seen", "")
    hub = cast(Hub, current_app.extensions["innovation.live"])
    stream = hub.listen(thread.id, lambda: bool(seen) and seen != queries.version(thread))
    if stream is None:
        return Response("", 503, {"Retry-After": "30", **HEADERS})
    return Response(stream, mimetype="text/event-stream", headers=HEADERS)
