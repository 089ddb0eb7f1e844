"""What the outside may read: challenges whose results were made public, and what came of them.

Public by construction: nothing leaves this module but the columns that are named here. Every read is over challenges that
are open (never sealed), published or decided, switched to public, and owned by an organisation that wants a results page;
and in them over ideas and projects of the classes ``audience`` and ``public``. Who reads does not matter: everybody reads
the same.
"""

from innovation.insight.queries.public.figures import worth_of
from innovation.insight.queries.public.history import history
from innovation.insight.queries.public.shapes import Chosen, Counts, History, Page, Step, Story, Thanks, Told, Worth
from innovation.insight.queries.public.stories import (
    PROJECTS,
    STORIES,
    challenge,
    chosen,
    host,
    organisation,
    stories,
    totals,
)

__all__ = [
    "PROJECTS",
    "STORIES",
    "Chosen",
    "Counts",
    "History",
    "Page",
    "Step",
    "Story",
    "Thanks",
    "Told",
    "Worth",
    "challenge",
    "chosen",
    "history",
    "host",
    "organisation",
    "stories",
    "totals",
    "worth_of",
]
