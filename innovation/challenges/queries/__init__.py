"""Reading challenges: what an actor may see is one SQL predicate, :func:`visible`."""

from innovation.challenges.queries.agreeing import accepted, terms
from innovation.challenges.queries.filing import sees_files, with_files
from innovation.challenges.queries.grouping import programme, programmes, programmes_to_start_in, topics, topics_seen
from innovation.challenges.queries.lists import (
    MOST_WORDS,
    Wanted,
    closed_challenges,
    decided_before,
    open_challenges,
    page,
    waiting_for_manager,
)
from innovation.challenges.queries.naming import readers_of_sealed, sponsor_names, sponsors
from innovation.challenges.queries.reading import by_id, by_ids, get, rule_changes, takes_outsiders
from innovation.challenges.queries.roles import (
    is_own,
    remember_roles,
    role_set,
    roles_on_challenge,
    roles_on_programme,
    share_lock,
)
from innovation.challenges.queries.seeing import VISITORS_SEE, in_audience, manages, visible, works_on
from innovation.challenges.queries.talking import (
    named_in_talk,
    place_of_panel_talk,
    place_of_questions,
    roles_in_panel_talk,
    roles_in_questions,
    sees_panel_talk,
    sees_questions,
    talk_of,
)

__all__ = [
    "MOST_WORDS",
    "VISITORS_SEE",
    "Wanted",
    "accepted",
    "by_id",
    "by_ids",
    "closed_challenges",
    "decided_before",
    "get",
    "in_audience",
    "is_own",
    "manages",
    "named_in_talk",
    "open_challenges",
    "page",
    "place_of_panel_talk",
    "place_of_questions",
    "programme",
    "programmes",
    "programmes_to_start_in",
    "readers_of_sealed",
    "remember_roles",
    "role_set",
    "roles_in_panel_talk",
    "roles_in_questions",
    "roles_on_challenge",
    "roles_on_programme",
    "rule_changes",
    "sees_files",
    "sees_panel_talk",
    "sees_questions",
    "share_lock",
    "sponsor_names",
    "sponsors",
    "takes_outsiders",
    "talk_of",
    "terms",
    "topics",
    "topics_seen",
    "visible",
    "waiting_for_manager",
    "with_files",
    "works_on",
]
