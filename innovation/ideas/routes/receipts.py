"""Doors of receipts: the page, the file an author keeps, and the keys by which anybody can check one."""

from __future__ import annotations

import json

from flask import Response, abort

from innovation.ideas import queries
from innovation.ideas.models import Idea
from innovation.ideas.queries import receipts
from innovation.ideas.routes import bp
from innovation.ideas.service.receipts import as_file, spelled_time
from innovation.kernel.web import Answer, page, public, respond, settings
from innovation.people.queries import signing_keys
from innovation.rules.policy import May
from innovation.rules.promises import CHECK


@bp.get("/ideas/<public_id>/receipt")
@page(May.EDIT_IDEA, on=queries.get)
def receipt(idea: Idea) -> Answer:
    made = receipts.of_idea(idea.id)
    newest = made[0] if made else None
    return respond(
        "ideas/receipt.html",
        idea=idea,
        challenge=idea.challenge,
        answers=[each for each in queries.answers(idea) if each.value],
        receipt=newest,
        earlier=made[1:],
        check_by=idea.submitted_at + CHECK if idea.submitted_at else None,
        stamping=bool(settings().timestamp_url),
        changed_files=newest is not None and bool(newest.document) and receipts.files_changed(idea, newest),
    )


@bp.get("/ideas/<public_id>/receipts/<int(max=1000000):number>")
@page(May.EDIT_IDEA, on=queries.get)
def receipt_file(idea: Idea, number: int) -> Answer:
    """The receipt of one version as a file: for the author to keep, and for anybody he shows it to."""
    found = receipts.of_revision(idea, number)
    if found is None or not found.document:
        abort(404)
    answer = Response(as_file(found).spelled(), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="receipt-{idea.public_id}-{number}.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/.well-known/innovation-receipts.json")
@public
def published_keys() -> Answer:
    """Every key that receipts of this house were ever signed with."""
    keys = [{"public_key": each.key, "since": spelled_time(each.since)} for each in signing_keys.public_keys()]
    said = {"algorithm": "Ed25519", "keys": keys, "check": "innovation verify-receipt FILE --key PUBLIC_KEY"}
    answer = Response(json.dumps(said, indent=1) + "\n", mimetype="application/json")
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
