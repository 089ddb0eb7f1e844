"""Reading talks. ``visible`` is the one condition that says who reads a thread; ``readable`` adds what still stands."""

from innovation.discussion.queries.places import Place, begun, belongs, place, veiled, visible
from innovation.discussion.queries.readers import by_names, by_public_ids, mentioned, reading, suggested
from innovation.discussion.queries.reading import (
    DAYS_IN_TRASH,
    comment,
    comment_by_id,
    has_line,
    page_of,
    readable,
    revisions,
    stands,
    thread,
    thread_by_id,
    trashed,
    version,
)
from innovation.discussion.queries.shown import Line, Talk, Writer, named_in, plain_texts, talk, typed, writers, written_by

__all__ = [
    "DAYS_IN_TRASH",
    "Line",
    "Place",
    "Talk",
    "Writer",
    "begun",
    "belongs",
    "by_names",
    "by_public_ids",
    "comment",
    "comment_by_id",
    "has_line",
    "mentioned",
    "named_in",
    "page_of",
    "place",
    "plain_texts",
    "readable",
    "reading",
    "revisions",
    "stands",
    "suggested",
    "talk",
    "thread",
    "thread_by_id",
    "trashed",
    "typed",
    "veiled",
    "version",
    "visible",
    "writers",
    "written_by",
]
