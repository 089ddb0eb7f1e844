"""Doors of projects: what the team and the gatekeepers change. The page that shows one is in ``pages``."""

from __future__ import annotations

from innovation.kernel.web import blueprint

bp = blueprint("projects", __name__)

from innovation.projects.routes import (  # noqa: E402 - they register on the blueprint
    evidence,  # noqa: F401 - registers its routes
    forecast,  # noqa: F401 - registers its routes
    gates,  # noqa: F401 - registers its routes
    money,  # noqa: F401 - registers its routes
    outcome,  # noqa: F401 - registers its routes
    papers,  # noqa: F401 - registers its routes
    plan,  # noqa: F401 - registers its routes
    processes,  # noqa: F401 - registers its routes
    team,  # noqa: F401 - registers its routes
    trash,  # noqa: F401 - registers its routes
    updates,  # noqa: F401 - registers its routes
)
