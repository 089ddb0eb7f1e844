"""Reading messages, choices, follows and feeds."""

from innovation.notifications.queries.calendar import published
from innovation.notifications.queries.choosing import digest, feed_key, key_holder, matrix, wants
from innovation.notifications.queries.following import KINDS, Watched, level, subject, watched, watched_id
from innovation.notifications.queries.inbox import inbox, latest, message, messages, unread
from innovation.notifications.queries.inviting import awaited, invitation_values
from innovation.notifications.queries.lines import Line, lines
from innovation.notifications.queries.reminding import reminder_values
from innovation.notifications.queries.replying import reply_to

__all__ = [
    "KINDS",
    "Line",
    "Watched",
    "awaited",
    "digest",
    "feed_key",
    "inbox",
    "invitation_values",
    "key_holder",
    "latest",
    "level",
    "lines",
    "matrix",
    "message",
    "messages",
    "published",
    "reminder_values",
    "reply_to",
    "subject",
    "unread",
    "wants",
    "watched",
    "watched_id",
]
