"""The figures of the stages. Unfiltered they are counters that the facts keep up; filtered, one grouping of the passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, literal, null, select, union_all

from innovation.challenges.models import Challenge
from innovation.insight.models import Participation
from innovation.insight.queries.filters import EVERYTHING, Filters, on_challenges, on_passages, on_people
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.lifecycle import Passage, StageCount
from innovation.projects.models import Gate
from innovation.rules.idea import IdeaState
from innovation.rules.processes import READY_MADE
from innovation.rules.project import SIX_WEEKS

IDEA_STAGES = tuple(str(state) for state in IdeaState if state != IdeaState.DRAFT)
PEOPLE_STAGES = ("invited", "reached", "took_part")

_BEFORE_GATES: tuple[tuple[str, str], ...] = (
    *(("person", stage) for stage in PEOPLE_STAGES),
    ("idea", IdeaState.SUBMITTED),
    ("idea", "eligible"),
    ("idea", IdeaState.SHORTLISTED),
    ("idea", IdeaState.PROMOTED),
)
_BEHIND_GATES: tuple[tuple[str, str], ...] = (("project", "project_passed"), ("project", "project_adopted"))
MAIN_STAGES: tuple[tuple[str, str], ...] = (
    *_BEFORE_GATES,
    *(("gate", f"gate_{key}") for key, _day in SIX_WEEKS),
    *_BEHIND_GATES,
)
"""The way from a person who could take part to a proof that is used, in order: what the funnel draws. Gates of other
processes stand among these once a project came to one."""

SIDE_STAGES: tuple[tuple[str, str], ...] = (
    ("idea", IdeaState.CHECKING),
    ("idea", IdeaState.RETURNED),
    ("idea", IdeaState.DECLINED),
    ("idea", IdeaState.PARKED),
    ("idea", IdeaState.WITHDRAWN),
    ("idea", IdeaState.MERGED),
    ("project", "project_running"),
    ("project", "project_stopped"),
    ("project", "project_iterated"),
    ("idea", "answered_in_time"),
    ("idea", "answered_late"),
)
"""Where ideas and projects also are."""

FIRST_SCREEN = ("submitted", "promoted", "at_gates", "project_passed", "project_adopted")
"""The five counts."""

_KNOWN_GATES = tuple(dict.fromkeys(f"gate_{step.key}" for plan in READY_MADE.values() for step in plan.steps))


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage's figures; ``entered == inside + left`` by the way they are kept. ``title`` is a custom gate's own name."""

    kind: str
    key: str
    entered: int
    left: int
    title: str = ""

    @property
    def inside(self) -> int:
        return self.entered - self.left


@dataclass(frozen=True, slots=True)
class Funnel:
    """Figures of everything, or of what the filters leave."""

    main: Sequence[Stage]
    side: Sequence[Stage]

    def stage(self, key: str) -> Stage:
        return next(each for each in (*self.main, *self.side) if each.key == key)

    @property
    def empty(self) -> bool:
        return not any(stage.entered for stage in (*self.main, *self.side))

    @property
    def people(self) -> Sequence[Stage]:
        return [stage for stage in self.main if stage.kind == "person"]

    @property
    def ideas(self) -> Sequence[Stage]:
        """What is drawn as one funnel: from ideas to what is used."""
        return [stage for stage in self.main if stage.kind != "person"]

    @property
    def at_gates(self) -> int:
        """How many projects stand at a gate now."""
        return sum(stage.inside for stage in self.main if stage.kind == "gate")


def funnel(actor: Actor, filters: Filters = EVERYTHING) -> Funnel:
    """The funnel over challenges this person manages or works on: one query whatever their number, and one more for the
    names of gates that are a programme's own."""
    found = _counted(actor, filters) if filters.counted else _grouped(actor, filters)
    gates = _gates(key for kind, key in found if kind == "gate")

    def stages(wanted: Iterable[tuple[str, str]]) -> list[Stage]:
        return [Stage(kind, str(key), *found.get((kind, str(key)), (0, 0)), gates.get(key, "")) for kind, key in wanted]

    return Funnel(
        stages((*_BEFORE_GATES, *(("gate", key) for key in gates), *_BEHIND_GATES)),
        stages(SIDE_STAGES),
    )


def is_stage(kind: str, key: str) -> bool:
    """Whether a stage can be asked for; any gate can, since processes make their own."""
    known = {(each, str(stage)) for each, stage in (*MAIN_STAGES, *SIDE_STAGES)}
    return (kind, key) in known or (kind == "gate" and key.startswith("gate_"))


def gate_title(stage: str) -> str:
    """What a custom gate is called; empty for one whose words are said in the reader's language."""
    return _gates([stage])[stage]


Found = dict[tuple[str, str], tuple[int, int]]


def _counted(actor: Actor, filters: Filters) -> Found:
    statement = (
        select(StageCount.subject_kind, StageCount.stage, func.sum(StageCount.entered), func.sum(StageCount.left))
        .join(Challenge, Challenge.id == StageCount.challenge_id)
        .where(*on_challenges(actor, filters))
        .group_by(StageCount.subject_kind, StageCount.stage)
    )
    return {(kind, stage): (int(entered), int(left)) for kind, stage, entered, left in db.session.execute(statement)}


def _grouped(actor: Actor, filters: Filters) -> Found:
    subjects = (
        select(Passage.subject_kind, Passage.stage, func.count(), func.count(Passage.left_at))
        .join(Challenge, Challenge.id == Passage.challenge_id)
        .where(*on_passages(actor, filters))
        .group_by(Passage.subject_kind, Passage.stage)
    )
    people = (
        select(literal("person"), Participation.stage, func.count(), func.count(null()))
        .join(Challenge, Challenge.id == Participation.challenge_id)
        .where(*on_people(actor, filters))
        .group_by(Participation.stage)
    )
    statement = subjects if filters.cohort else union_all(subjects, people)
    return {(kind, stage): (int(entered), int(left)) for kind, stage, entered, left in db.session.execute(statement)}


def _gates(found: Iterable[str]) -> dict[str, str]:
    """The gates to show, in order, with the names of those that are a programme's own."""
    there = set(found)
    own = sorted(there - set(_KNOWN_GATES))
    names: dict[str, str] = {}
    places: dict[str, int] = {}
    if own:
        keys = [key.removeprefix("gate_") for key in own]
        rows = db.session.execute(
            select(Gate.key, func.max(Gate.title), func.min(Gate.position)).where(Gate.key.in_(keys)).group_by(Gate.key)
        )
        for key, title, position in rows:
            names[f"gate_{key}"], places[f"gate_{key}"] = title, position
    always = [f"gate_{key}" for key, _day in SIX_WEEKS]
    known = [key for key in _KNOWN_GATES if key in there and key not in always]
    return {key: names.get(key, "") for key in (*always, *known, *sorted(own, key=lambda key: (places.get(key, 0), key)))}
