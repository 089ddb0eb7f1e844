"""State machines over the product's own verbs, on one house that is emptied before each life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from innovation.kernel import queue
from innovation.kernel.db import db
from innovation.kernel.errors import DomainError
from tests.conftest import House
from tests.support.world import World


class HouseMachine(RuleBasedStateMachine):
    """One life in an empty house. A refusal is an answer like any other."""

    home: House

    def __init__(self) -> None:
        super().__init__()
        self.home.empty()
        queue.connect(self.home.app, "")
        self.context = self.home.app.app_context()
        self.context.push()
        self.world = World(self.home.app)

    def teardown(self) -> None:
        db.session.remove()
        self.context.pop()

    def tries(self, call: Callable[[], Any]) -> Any:
        """Do it, or be refused; never anything else."""
        try:
            return call()
        except DomainError:
            return None
        finally:
            self.world.anew()


def live(machine: type[HouseMachine], home: House, *, steps: int) -> None:
    """Ten lives of so many steps, the same ones every time."""
    run_state_machine_as_test(
        type(f"{machine.__name__}Here", (machine,), {"home": home}),
        settings=settings(
            max_examples=10,
            stateful_step_count=steps,
            deadline=None,
            phases=(Phase.generate,),  # what fails is short enough to read, and shrinking it would take minutes
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
