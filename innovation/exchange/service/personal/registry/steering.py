"""What managers decide for many at once, and the words they keep for it."""

from __future__ import annotations

from innovation.exchange.service.personal.holding import DEED, Area, Fate, Holding, did, own

_SAID = "what was decided about somebody’s work stays explained; it is a number without a name"

STEERING = (
    Holding(
        table="saved_reason",
        area=Area.CHALLENGES,
        holds="Words that are said often, kept to be chosen.",
        why="so that nobody writes the same answer twice",
        kept="as long as the house is kept",
        seen="managers, and whoever decides in that programme",
        leads=(
            did("made_by", "who saved it", "title act made_at"),
            did("trashed_by", "who took it away", "title trashed_at"),
        ),
        things="title text",
    ),
    Holding(
        table="sending",
        area=Area.CHALLENGES,
        holds="An act that somebody decided for several things at once, and whether he stopped it within its ten minutes.",
        why="so that it can be stopped, and is done once",
        kept="as long as the house is kept",
        seen="whoever decided it",
        leads=(own("decided_by", "who decided it", because=DEED),),
        things="params",
    ),
    Holding(
        table="sending_line",
        area=Area.CHALLENGES,
        holds="The act on one idea, challenge, question or gate, with the words for it, and what came of it.",
        why="so that it can be stopped, and is done once",
        kept="as long as the house is kept",
        seen="whoever decided it; who is concerned reads the words",
        leads=(
            own(
                "person_id",
                "who was reminded",
                gives="challenge_id text state",
                fate=Fate.EMPTY,
                empties={"text": ""},
                because=_SAID,
            ),
        ),
        words="text",
        things="problem",
    ),
)
