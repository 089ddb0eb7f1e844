"""A project of one author, and its sponsor: what most tests of projects begin with."""

from __future__ import annotations

from innovation.kernel.actor import Actor
from innovation.projects import queries as projects
from innovation.projects.models import Project
from tests.support.world import World


class OneProject:
    """A project, its author as the leader, and its sponsor as the gatekeeper."""

    def __init__(self, world: World, author: Actor | None = None) -> None:
        self.world = world
        self.author = author or world.person("Author")
        self.number = world.project(self.author).id
        self.sponsor = world.sponsor_of(self.again().challenge)

    def again(self) -> Project:
        """The project read anew."""
        self.world.anew()
        found = projects.by_id(self.number)
        assert found is not None
        return found
