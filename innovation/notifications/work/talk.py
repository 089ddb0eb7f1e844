"""Messages about what was said: to whose idea, question or project it is, who is answered or named, and who follows it."""

from __future__ import annotations

from innovation.discussion.events import CommentAdded, PersonMentioned
from innovation.kernel.events import Delivery, Event, on
from innovation.notifications import service
from innovation.notifications.queries import talk


@on(CommentAdded, name="notifications.comment_added")
def comment_added(event: Event, delivery: Delivery) -> None:
    """Whoever the comment names hears of it as a mention, and not once more."""
    comment_id = event.payload["comment_id"]
    said = talk.comment(comment_id)
    if said is None:
        return
    params = {"comment_id": comment_id, **talk.about(event)}
    service.tell_each(event, talk.concerned(event, said), params, but=talk.told_of_mention(event, comment_id))


@on(PersonMentioned, name="notifications.person_mentioned")
def person_mentioned(event: Event, delivery: Delivery) -> None:
    comment_id = event.payload["comment_id"]
    said = talk.comment(comment_id)
    if said is None:
        return
    readers = talk.readers_of(said.thread_id, [event.payload["person_id"]])
    service.tell_each(event, [("mention", readers)], {"comment_id": comment_id, **talk.about(event)})
