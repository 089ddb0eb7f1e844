"""What the outside reads, as plain values; everybody may read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from innovation.kernel.actor import Actor
from innovation.kernel.usecase import general_roles, roles_of
from innovation.people.models import Organisation
from innovation.rules.figures import Share, share
from innovation.rules.idea import IdeaState
from innovation.rules.predicates import Role
from innovation.rules.project import ProjectState

KEPT = (ProjectState.PASSED, ProjectState.ADOPTED, ProjectState.ITERATED)
"""What a project came to when its value counts: a proof that did not pass, or was given up, created none."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened to the ideas and projects of one or more challenges; each idea counts once, where it is now."""

    ideas: Mapping[str, int]
    projects: Mapping[str, int]
    took_part: int

    @property
    def sent(self) -> int:
        return sum(self.ideas.values())

    @property
    def opened(self) -> int:
        return sum(self.projects.values())

    @property
    def passed(self) -> int:
        """Proofs that passed and were not given up afterwards."""
        return sum(self.projects.get(state, 0) for state in KEPT)

    @property
    def chosen(self) -> Share:
        """How many of the ideas that were decided on were chosen."""
        chosen = self.ideas.get(IdeaState.PROMOTED, 0)
        others = sum(self.ideas.get(state, 0) for state in (IdeaState.DECLINED, IdeaState.PARKED))
        return share(chosen, chosen + others)


@dataclass(frozen=True, slots=True)
class Worth:
    """A sum of values of one kind (``actual``, ``validated``), in one currency, ``once`` or every ``year``."""

    kind: str
    per: str
    currency: str
    minor: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A chosen idea and the project it became; the latter's fields are None where it has none."""

    public_id: str
    title: str
    language: str
    project_id: int | None
    state: str | None
    goal: str | None
    spoken: str | None
    """The project's language."""
    started_at: datetime | None
    ended_at: datetime | None
    settled_at: datetime | None
    lesson: str | None


@dataclass(frozen=True, slots=True)
class Thanks:
    """Who agreed to be named, and how many others took part."""

    names: Sequence[str]
    more: int


@dataclass(frozen=True, slots=True)
class Told:
    """A challenge as the outside reads it."""

    id: int
    public_id: str
    title: str
    summary: str
    language: str
    state: str
    zone: str
    closes_at: datetime
    decided_at: datetime | None
    who_decides: str


@dataclass(frozen=True, slots=True)
class Story:
    """A challenge with its figures, chosen ideas (the first ones), value and thanks."""

    challenge: Told
    counts: Counts
    chosen: Sequence[Chosen]
    worth: Sequence[Worth]
    thanks: Thanks


@dataclass(frozen=True, slots=True)
class Page:
    """A challenge's own public page, and whose it is."""

    owner: Organisation
    story: Story


@dataclass(frozen=True, slots=True)
class Step:
    """A gate that was decided."""

    key: str
    title: str
    passed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """A chosen idea's way, from submission to what came of it. ``text`` is None unless every author agreed to it."""

    owner: Organisation
    challenge: Told
    idea: Chosen
    sent_at: datetime | None
    shortlisted_at: datetime | None
    chosen_at: datetime | None
    because: str
    place: int | None
    among: int | None
    """How many were chosen, where the rule says a number."""
    gates: Sequence[Step]
    worth: Sequence[Worth]
    thanks: Thanks
    text: str | None


@roles_of(Page)
def _roles_on_page(actor: Actor, page: Page) -> frozenset[Role]:
    return general_roles(actor)


@roles_of(History)
def _roles_on_history(actor: Actor, history: History) -> frozenset[Role]:
    return general_roles(actor)
