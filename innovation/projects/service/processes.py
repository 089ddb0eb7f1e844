"""A programme's process: every change is a new version, for the projects that are opened from then on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from innovation.challenges.models import Programme
from innovation.kernel import ids
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, use_case
from innovation.projects.events import ProcessChanged
from innovation.projects.models import Process
from innovation.projects.queries import processes
from innovation.rules.policy import May
from innovation.rules.processes import READY_MADE, BadProcess, Step, as_json, checked


@use_case(May.MANAGE_PROGRAMME, on="programme")
def keep(
    *,
    actor: Actor,
    programme: Programme,
    key: str,
    title: str,
    steps: Sequence[Step],
    seen: int,
    now: datetime = AT_LOCK,
) -> None:
    """Keep a process as the programme's next version. Projects that run keep the one they started with.

    Args:
        key: the ready-made process it was copied from.
        title: its own name; '' for the ready-made one's.
        steps: its gates; a new one has an empty key and is given one that no other gate has.
        seen: the version that was changed, 0 for none.

    Raises:
        Invalid: it makes no process; ``at`` says at which gate, counted from 0.
        NotPossible: somebody else changed it meanwhile.
    """
    if key not in READY_MADE:
        raise Invalid("no_such_process")
    version = processes.chosen(programme.id).version
    if version != seen:
        raise NotPossible("process_changed")
    try:
        gates = checked([step if step.key else replace(step, key=ids.public_id()) for step in steps])
    except BadProcess as error:
        raise Invalid(error.code, at=error.at) from error
    row = Process(
        programme_id=programme.id,
        version=version + 1,
        key=key,
        title=title,
        days=gates[-1].day,
        gates=as_json(gates),
        made_by=actor.person_id,
        made_at=now,
    )
    db.session.add(row)
    emit(ProcessChanged(version=row.version, programme_id=programme.id), actor=actor, now=now)
