"""What must be true, and what was found."""

from __future__ import annotations

from datetime import datetime

from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.projects.events import EvidenceAdded, HypothesisWritten
from innovation.projects.models import Evidence, Hypothesis, Project
from innovation.projects.queries import evidence as reading
from innovation.projects.queries import gates
from innovation.projects.service.opening import scope
from innovation.projects.service.plan_lock import require_plan_open
from innovation.rules.policy import May
from innovation.rules.project import Finding, ProjectState

MOST_HYPOTHESES = 20
SAYS_SOMETHING = (Finding.HOLDS, Finding.FAILS, Finding.UNCLEAR)
"""What evidence about a hypothesis can say of it."""


@use_case(May.WORK_ON_PROJECT, on="project")
def suppose(*, actor: Actor, project: Project, text: str, test: str, holds_when: str, now: datetime = AT_LOCK) -> Hypothesis:
    """Write down what must be true, how it is tested, and when it holds.

    Raises:
        NotPossible: the plan is locked, the project has ended, or it has as many as anybody can test.
    """
    require_plan_open(project)
    position = reading.last_position(project) + 1
    if position > MOST_HYPOTHESES:
        raise NotPossible("too_many_hypotheses")
    made = Hypothesis(
        project_id=project.id,
        position=position,
        text=text,
        test=test,
        holds_when=holds_when,
        written_by=actor.person_id,
        written_at=now,
    )
    db.session.add(made)
    db.session.flush()
    emit(HypothesisWritten(hypothesis_id=made.id, **scope(project)), actor=actor, now=now)
    return made


@use_case(May.WORK_ON_PROJECT, on="project")
def resuppose(*, actor: Actor, project: Project, position: int, text: str, test: str, holds_when: str) -> None:
    """Say a hypothesis in other words, before anything is found about it: the limit stands before the test.

    Raises:
        NotPossible: something was found about it, the plan is locked or the project has ended.
        Invalid: there is no such hypothesis.
    """
    require_plan_open(project)
    hypothesis = _hypothesis(project, position)
    if reading.is_tested(hypothesis):
        raise NotPossible("hypothesis_is_tested")
    hypothesis.text, hypothesis.test, hypothesis.holds_when = text, test, holds_when


@use_case(May.WORK_ON_PROJECT, on="project")
def add(
    *,
    actor: Actor,
    project: Project,
    text: str,
    url: str = "",
    about: int = 0,
    finding: Finding = Finding.OPEN,
    now: datetime = AT_LOCK,
) -> Evidence:
    """Add what was found. It stays as it was said; what it says about a hypothesis is that one's finding from now on.

    Args:
        about: the place of the hypothesis it is about, counted from 1; 0 for none.
        finding: what it says about that hypothesis.

    Raises:
        NotPossible: the project has ended.
        Invalid: there is no such hypothesis, or it is not said what was found about it.
    """
    if project.state != ProjectState.RUNNING:
        raise NotPossible("project_has_ended", state=project.state)
    hypothesis = _hypothesis(project, about) if about else None
    if hypothesis is not None and finding not in SAYS_SOMETHING:
        raise Invalid("finding_missing", field="finding")
    made = Evidence(
        project_id=project.id,
        number=gates.evidence_count(project) + 1,
        hypothesis_id=hypothesis.id if hypothesis else None,
        text=text,
        url=url,
        finding=finding if hypothesis else Finding.OPEN,
        added_by=actor.person_id,
        added_at=now,
    )
    db.session.add(made)
    if hypothesis is not None:
        hypothesis.finding = finding
    db.session.flush()
    emit(EvidenceAdded(evidence_id=made.id, **scope(project)), actor=actor, now=now)
    return made


def _hypothesis(project: Project, position: int) -> Hypothesis:
    found = reading.hypothesis(project, position)
    if found is None:
        raise Invalid("no_such_hypothesis", field="about")
    return found
