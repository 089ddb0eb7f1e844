"""Reading ideas: what an actor may see is one SQL predicate, :func:`visible`."""

from innovation.ideas.queries.answers import Answered, answer_texts, answered_by, answers, answers_then, own_files, said
from innovation.ideas.queries.authoring import author_ids, authored, authored_in
from innovation.ideas.queries.concerning import sent_by
from innovation.ideas.queries.filing import sees_files, with_files
from innovation.ideas.queries.lists import SORTS, for_decision, open_titles, page
from innovation.ideas.queries.own import OWN_SORTS, drafts, in_challenge, mine, why_it_stays_away, withdrawn
from innovation.ideas.queries.reading import by_id, by_ids, get, notes, revision, revisions
from innovation.ideas.queries.seeing import is_author, roles_on_idea, visible
from innovation.ideas.queries.talking import place_of_talk, roles_in_talk, sees_talk, talk_of, veiled_in_talk

__all__ = [
    "OWN_SORTS",
    "SORTS",
    "Answered",
    "answer_texts",
    "answered_by",
    "answers",
    "answers_then",
    "author_ids",
    "authored",
    "authored_in",
    "by_id",
    "by_ids",
    "drafts",
    "for_decision",
    "get",
    "in_challenge",
    "is_author",
    "mine",
    "notes",
    "open_titles",
    "own_files",
    "page",
    "place_of_talk",
    "revision",
    "revisions",
    "roles_in_talk",
    "roles_on_idea",
    "said",
    "sees_files",
    "sees_talk",
    "sent_by",
    "talk_of",
    "veiled_in_talk",
    "visible",
    "why_it_stays_away",
    "with_files",
    "withdrawn",
]
