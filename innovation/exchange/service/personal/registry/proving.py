"""Projects, and what speaks of no person: figures, the index, the house's own work."""

from __future__ import annotations

from innovation.exchange.service.personal.holding import SHARED, Area, Fate, Holding, Lead, did, own

_PROJECT = "as long as the project"
_TEAM = "the project’s readers"
_RECORD = "the project’s record stays whole; it is a number without a name"
_HOUSE = "as long as the house is kept"


def _of_project(table: str, holds: str, *leads: Lead, words: str = "", things: str = "", seen: str = _TEAM) -> Holding:
    return Holding(
        table=table,
        area=Area.PROJECTS,
        holds=holds,
        why="to see whether the idea works, and what it costs and brings",
        kept=_PROJECT,
        seen=seen,
        leads=leads,
        words=words,
        things=things,
    )


PROJECTS = (
    _of_project("project", "Projects grown from ideas.", things="title goal work_url process_key lesson"),
    _of_project(
        "member",
        "Who works in a project, as what.",
        own("person_id", "who works in it", fate=Fate.EMPTY, empties={"task": ""}, because=_RECORD),
        did("invited_by", "who asked him", "project_id"),
        words="task",
    ),
    _of_project(
        "gate",
        "Gates of a project and how they were decided.",
        did("asked_by", "who asked for a decision", "title asked_at"),
        did("decided_by", "who decided", "title reason decided_at"),
        did("deputy_id", "who stands in", "title", fate=Fate.EMPTY, empties={"deputy_id": None}, because=""),
        words="reason",
        things="title purpose",
    ),
    _of_project("gate_check", "Lines of a gate’s checklist.", did("done_by", "who did it", "done_at"), things="key text"),
    _of_project(
        "gate_decision",
        "Decisions at gates.",
        did("decided_by", "who decided", "verdict reason decided_at decided_as"),
        words="reason",
    ),
    _of_project(
        "milestone",
        "Milestones.",
        did("owner_id", "who answers for it", "title due_on", because=_RECORD),
        did("done_by", "who finished it", "title done_at"),
        did("trashed_by", "who threw it away", "trashed_at"),
        things="title",
    ),
    _of_project(
        "task",
        "Tasks.",
        did("owner_id", "who does it", "title status due_on done_at", because=_RECORD),
        did("trashed_by", "who threw it away", "trashed_at"),
        things="title",
    ),
    _of_project(
        "hypothesis",
        "What must be true for the idea to work.",
        did("written_by", "who wrote it", "text written_at", because=SHARED),
        words="text",
        things="test holds_when",
    ),
    _of_project(
        "evidence",
        "What was found.",
        did("added_by", "who added it", "text url added_at", because=SHARED),
        words="text url",
    ),
    _of_project("citation", "Which evidence a decision names."),
    _of_project(
        "project_update",
        "How a project says it is going.",
        did("written_by", "who wrote it", "text status written_at", because=SHARED),
        words="text",
    ),
    _of_project(
        "project_log",
        "What a team decided.",
        did("written_by", "who wrote it", "title reason written_at", because=SHARED),
        words="title reason",
    ),
    _of_project(
        "project_document",
        "Papers of a project.",
        did("added_by", "who added it", "title url note added_at", because=SHARED),
        did("trashed_by", "who threw it away", "trashed_at"),
        words="title url note",
    ),
    _of_project(
        "risk",
        "What may go wrong.",
        did("owner_id", "who looks after it", "title", because=_RECORD),
        words="response",
        things="title",
    ),
    _of_project(
        "value_claim",
        "What a project is worth, as somebody said.",
        did("said_by", "who said it", "kind amount_minor currency basis said_as said_at"),
        words="basis",
    ),
    _of_project("budget_line", "A project’s budget.", things="title", seen="team, sponsors, managers, administrators"),
    _of_project(
        "money_entry",
        "What was spent.",
        did("entered_by", "who entered it", "amount_minor note entered_at"),
        words="note",
        seen="team, sponsors, managers, administrators",
    ),
    _of_project("forecast", "When a project will be done, reckoned.", things="digest", seen="team, sponsors, managers"),
    _of_project(
        "process", "Which gates projects pass.", did("made_by", "who made it", "title made_at"), things="key title gates"
    ),
)


def _nobody(
    table: str, area: Area, holds: str, things: str = "", withheld: str = "", why: str = "to run the house"
) -> Holding:
    return Holding(
        table=table,
        area=area,
        holds=holds,
        why=why,
        kept=_HOUSE,
        seen="as what it belongs to",
        things=things,
        withheld=withheld,
    )


FIGURES = (
    Holding(
        table="report",
        area=Area.FIGURES,
        holds="A quarter’s figures, frozen. No person stands in them.",
        why="to show what came of it",
        kept=_HOUSE,
        seen="managers and administrators",
        leads=(did("frozen_by", "who froze it", "quarter frozen_at"),),
        things="figures digest",
    ),
    Holding(
        table="target",
        area=Area.FIGURES,
        holds="What a programme wants to reach. There are no targets for people.",
        why="to compare with what came of it",
        kept=_HOUSE,
        seen="managers and administrators",
        leads=(did("set_by", "who set it", "quarter measure value set_at"),),
    ),
    _nobody("passage", Area.FIGURES, "When a thing entered and left a stage; no person.", "stage from_stage"),
    _nobody("stage_count", Area.FIGURES, "How many things are in a stage.", "stage"),
    _nobody("tally", Area.FIGURES, "The counts of an idea."),
    _nobody("imported_tally", Area.FIGURES, "Counts of a poll held elsewhere."),
    _nobody("measured", Area.FIGURES, "Figures of an idea.", "raw"),
    _nobody("panel_score", Area.FIGURES, "A panel’s mean of an idea."),
    _nobody("standing", Area.FIGURES, "An idea’s place under a method. Ideas are ranked, people never.", "figures"),
    _nobody("fit", Area.FIGURES, "How well a reckoning fits a challenge’s votes.", "figures"),
    _nobody("list_order", Area.FIGURES, "In which order ideas are shown.", "rows"),
    _nobody("poll", Area.FIGURES, "A poll held elsewhere.", "unit"),
    _nobody("round", Area.FIGURES, "Challenges that are decided together.", "title rule second_rule"),
    _nobody("round_challenge", Area.FIGURES, "Which challenges those are."),
    _nobody("run_challenge", Area.FIGURES, "What a result left of a budget."),
)

HOUSE = (
    Holding(
        table="event",
        area=Area.HOUSE,
        holds="What happened, when, and by whom, as numbers and codes: no text, no name. Rows are sealed in a chain.",
        why="so that everything that happened can be shown, and that nothing was changed afterwards",
        kept=_HOUSE,
        seen="as the activity of what it is about, by whoever may read that",
        leads=(
            own(
                "actor_id",
                "who did it",
                gives="name occurred_at challenge_id idea_id project_id",
                because="the chain of facts is sealed; it holds a number, never a name",
            ),
        ),
        things="name payload request_id",
        withheld="previous_hash hash",
    ),
    Holding(
        table="host_setting",
        area=Area.HOUSE,
        holds="What an administrator set for this house.",
        why="to run the house",
        kept=_HOUSE,
        seen="administrators",
        leads=(did("changed_by", "who set it", "name changed_at"),),
        things="name value",
    ),
    Holding(
        table="search_entry",
        area=Area.HOUSE,
        holds="What is found when somebody searches: a copy of what stands elsewhere.",
        why="to find things and people",
        kept="as long as what it is a copy of",
        seen="whoever may see what it is a copy of",
        leads=(
            own(
                "person_id",
                "who is found",
                gives="title body",
                fate=Fate.APART,
                because="the entry goes, and with it every word that stands nowhere else",
            ),
        ),
        words="title body title_words body_words",
        withheld="vector",
    ),
    Holding(
        table="search_word",
        area=Area.HOUSE,
        holds="Words of the index, for typing errors.",
        why="to find what is misspelt",
        kept="as long as something says the word",
        seen="nobody",
        words="word",
    ),
    Holding(
        table="search_spelling",
        area=Area.HOUSE,
        holds="Spellings of those words.",
        why="to find what is misspelt",
        kept="as long as something says the word",
        seen="nobody",
        words="short word",
    ),
    _nobody("organisation", Area.HOUSE, "Organisations, and what they say of themselves.", "name about results_intro"),
    _nobody("department", Area.HOUSE, "Parts of the host.", "name"),
    _nobody("challenge_topic", Area.HOUSE, "What a challenge is about.", "topic"),
    _nobody("criterion", Area.HOUSE, "By what a panel judges.", "label help"),
    _nobody("own_question", Area.HOUSE, "A sponsor’s own questions.", "label help unit options"),
    _nobody("file_set", Area.HOUSE, "Which files belong together."),
    _nobody("doomed_file", Area.HOUSE, "Files that are about to be deleted.", "key"),
    _nobody("delivery", Area.HOUSE, "Work that facts cause, and how it went.", "handler key error"),
    _nobody("clock_tick", Area.HOUSE, "Regular work, and how it went.", "name error"),
    _nobody("reminder", Area.HOUSE, "Which reminders were given; of a morning’s mail: to which manager (a number).", "step"),
)
