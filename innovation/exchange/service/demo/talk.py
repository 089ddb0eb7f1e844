"""What people of the demo say about challenges and ideas, each on the day he said it."""

from __future__ import annotations

from typing import Any

from innovation.challenges import queries as challenges
from innovation.challenges.service import talking as asking
from innovation.discussion import queries as discussion
from innovation.discussion.models import Comment
from innovation.exchange.service.demo.telling import Demo, read
from innovation.ideas.service import talking as commenting


def tell(demo: Demo) -> dict[str, int]:
    """Let everybody say what he says. Returns the ids of the comments that have a key."""
    said: dict[str, int] = {}
    for row in read("talk")["comment"]:
        with demo.on_day(row["day"]):
            comment = say(demo, row, said)
        if "key" in row:
            said[row["key"]] = comment.id
    return said


def say(demo: Demo, row: dict[str, Any], said: dict[str, int]) -> Comment:
    """Let somebody say one thing. ``said``: the ids of what was said before, by key."""
    actor, text = demo.actor(row["by"]), row["text"].strip()
    parent = discussion.comment_by_id(said[row["answers"]]) if "answers" in row else None
    kind, _, key = row["on"].partition(":")
    if kind == "idea":
        return commenting.say(actor=actor, idea=demo.idea(key), text=text, parent=parent)
    challenge = challenges.by_id(demo.challenge_ids[key])
    return asking.ask(actor=actor, challenge=challenge, text=text, parent=parent)
