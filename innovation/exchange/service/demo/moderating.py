"""What somebody of the demo found wrong with a comment, and what was decided about it."""

from __future__ import annotations

from innovation.discussion import queries
from innovation.discussion.models import Case, Comment
from innovation.discussion.queries import cases
from innovation.discussion.service import moderating, reporting
from innovation.exchange.service.demo.talk import say
from innovation.exchange.service.demo.telling import Demo, read
from innovation.rules.moderation import ReportReason


def tell(demo: Demo) -> None:
    """Say what is reported, report it, remove one and let its writer object; the rest waits for somebody to look."""
    story = read("moderation")
    said: dict[str, int] = {}
    writers = {row["key"]: row["by"] for row in story["comment"]}
    for row in story["comment"]:
        with demo.on_day(row["day"]):
            said[row["key"]] = say(demo, row, said).id
    for row in story["report"]:
        with demo.on_day(row["day"]):
            comment, reason = _comment(said[row["comment"]]), ReportReason(row["reason"])
            reporting.report(actor=demo.actor(row["by"]), comment=comment, reason=reason, words=row["words"])
    for row in story["removal"]:
        comment_id, reason = said[row["comment"]], ReportReason(row["reason"])
        with demo.on_day(row["day"]):
            moderating.remove(actor=demo.actor(row["by"]), case=_case(comment_id), reason=reason, words=row["words"])
        with demo.on_day(row["objection_day"]):
            writer = demo.actor(writers[row["comment"]])
            moderating.object_to(actor=writer, case=_case(comment_id), words=row["objection"])


def _comment(comment_id: int) -> Comment:
    found = queries.comment_by_id(comment_id)
    assert found is not None
    return found


def _case(comment_id: int) -> Case:
    found = cases.latest(comment_id)
    assert found is not None
    return found
