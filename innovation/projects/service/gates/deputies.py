"""Who may decide in a keeper's place once his promised days are over."""

from __future__ import annotations

from datetime import datetime

from innovation.kernel.actor import Actor
from innovation.kernel.errors import Invalid, NotPossible, Refused
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, roles, use_case
from innovation.people import queries as people
from innovation.projects import queries as projects
from innovation.projects.events import DeputyNamed
from innovation.projects.models import Project
from innovation.projects.queries import gates as reading
from innovation.projects.service.gates.under_lock import ENDED, gates_of
from innovation.projects.service.opening import scope
from innovation.rules.policy import May
from innovation.rules.predicates import Role


@use_case(May.DECIDE_GATE, on="project")
def name_deputy(
    *, actor: Actor, project: Project, gate_key: str, email: str, onward: bool = False, now: datetime = AT_LOCK
) -> None:
    """Name who may decide an undecided gate once its keeper's promised days are over.

    Its keeper names one on any day; a manager in his place once the gate is late.

    Args:
        email: the deputy's address; '' for nobody any more.
        onward: for the gates after this one too, as far as they have the same kind of keeper.

    Raises:
        Refused: this person does not keep the gate, and it is not late or not his to manage.
        Invalid: nobody has this address, or he works in the project, or does not see it.
    """
    gates = gates_of(project)
    gate = next((each for each in gates if each.key == gate_key and each.state not in ENDED), None)
    if gate is None:
        raise NotPossible("gate_decided_already")
    in_his_place = Role.MANAGER in roles(actor, project) and reading.is_late(gate, now)
    if not (reading.keeps(actor, project, gate) or in_his_place):
        raise Refused("not_the_keeper")
    deputy = _deputy(project, email) if email else None
    for each in gates:
        same = each.position > gate.position and each.keeper == gate.keeper and each.state not in ENDED
        if (each is gate or (onward and same)) and each.deputy_id != deputy:
            each.deputy_id = deputy
            emit(DeputyNamed(gate=each.key, person_id=deputy, **scope(project)), actor=actor, now=now)


def _deputy(project: Project, email: str) -> int:
    person = people.by_email(email)
    if person is None:
        raise Invalid("nobody_has_this_address", field="email")
    deputy = people.actor(person.id)
    # Who does not see the project is not let in by being named: its readers were promised.
    if projects.get(deputy, project.public_id) is None:
        raise Invalid("deputy_cannot_see", field="email")
    if roles(deputy, project) & {Role.TEAM, Role.LEAD, Role.AUTHOR}:
        raise Invalid("deputy_on_the_team", field="email")
    return person.id
