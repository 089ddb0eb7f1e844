"""Messages about reports: to who looks at them, and to the writer of what was removed. Nobody is told who reported."""

from __future__ import annotations

from innovation.discussion.events import (
    CommentHeldBack,
    CommentKept,
    CommentRemoved,
    CommentReported,
    CommentRestoredByAppeal,
    RemovalAppealed,
    RemovalUpheld,
)
from innovation.discussion.queries import cases
from innovation.kernel.events import Delivery, Event, on
from innovation.notifications import service
from innovation.notifications.queries import talk

TO_DECIDERS = {"CommentReported": "comment_reported", "RemovalAppealed": "removal_appealed"}
TO_WRITER = {
    "CommentHeldBack": "comment_held_back",
    "CommentKept": "comment_kept",
    "CommentRemoved": "comment_removed",
    "RemovalUpheld": "removal_upheld",
    "CommentRestoredByAppeal": "comment_restored",
}


@on(CommentReported, RemovalAppealed, name="notifications.to_moderators")
def to_moderators(event: Event, delivery: Delivery) -> None:
    """Who may decide is told when a case begins, and again when the writer objects."""
    case = cases.case_by_id(event.payload["case_id"])
    if case is None or not event.payload.get("first", True):
        return
    params = {"comment_id": case.comment_id, "case_id": case.id, **talk.about(event)}
    service.tell_each(event, [(TO_DECIDERS[event.name], cases.deciders(case))], params)


@on(CommentHeldBack, CommentKept, CommentRemoved, RemovalUpheld, CommentRestoredByAppeal, name="notifications.to_writer")
def to_writer(event: Event, delivery: Delivery) -> None:
    """What was done with his words; that they were reported and stayed he is told only if they had been hidden."""
    case = cases.case_by_id(event.payload["case_id"])
    if case is None or case.comment.person_id is None or not event.payload.get("hidden", True):
        return
    params = {"comment_id": case.comment_id, "case_id": case.id, **talk.about(event)}
    service.tell(event, TO_WRITER[event.name], [case.comment.person_id], params)
