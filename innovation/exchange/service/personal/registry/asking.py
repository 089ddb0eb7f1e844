"""What people ask and are asked: questions to sponsors, questions of judges, and ideas on offer to later challenges."""

from __future__ import annotations

from innovation.exchange.service.personal.holding import SHARED, Area, Fate, Holding, did, own

_IDEA = "as long as the idea"

INQUIRIES = (
    Holding(
        table="inquiry",
        area=Area.CHALLENGES,
        holds="What somebody asked a sponsor, and the answer, to him alone or published in edited words.",
        why="so that everybody can ask, and knows the same where it matters",
        kept="as long as the challenge is kept",
        seen="who asked, sponsors and managers; published words whoever may read the challenge, never who asked",
        leads=(
            own(
                "asked_by",
                "who asked",
                gives="challenge_id text private language asked_at answer answered_at published_at",
                fate=Fate.EMPTY,
                empties={"text": ""},
                because="what the sponsor answered stays; who asked is a number without a name",
            ),
            did("answered_by", "who answered", "challenge_id shown_text answer answered_at published_at"),
        ),
        words="text shown_text answer",
    ),
)

OF_IDEAS = (
    Holding(
        table="idea_question",
        area=Area.IDEAS,
        holds="What judges asked the authors of an idea, and what these answered.",
        why="so that an idea is judged by what it is",
        kept=_IDEA,
        seen="the idea’s authors, the panel and the sponsors; names later where they are kept back",
        leads=(
            own(
                "idea_id",
                "who is an author of the idea",
                through="ideas",
                gives="text asked_at answer answered_at",
                because=SHARED,
            ),
            own("asked_by", "who asked", gives="idea_id text language asked_at", because=SHARED),
            did("answered_by", "who answered", "idea_id answered_at", because=SHARED),
        ),
        words="text answer",
    ),
    Holding(
        table="offer_consent",
        area=Area.IDEAS,
        holds="Whether an author lets an idea that was not chosen be offered to later challenges.",
        why="nobody offers it without all its authors",
        kept=_IDEA,
        seen="the idea’s authors",
        leads=(own("person_id", "who agreed", fate=Fate.DELETE),),
    ),
    Holding(
        table="offer",
        area=Area.IDEAS,
        holds="That a later challenge asked for an idea that was not chosen, and what its authors answered.",
        why="so that a good idea finds its question, if its authors want that",
        kept=_IDEA,
        seen="the idea’s authors, sponsors and managers of the challenge that asks",
        leads=(
            own(
                "idea_id",
                "who is an author of the idea",
                through="ideas",
                gives="challenge_id message state asked_at answered_at",
                because="who asked for it, and what was answered, stays part of the idea’s record",
            ),
            did("asked_by", "who asked for it", "challenge_id message asked_at"),
            did("answered_by", "who answered", "challenge_id state answered_at"),
        ),
        words="message",
    ),
)
