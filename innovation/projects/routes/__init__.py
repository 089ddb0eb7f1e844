"""Doors of projects: what the team and the gatekeepers change. The page that shows one is in ``pages``."""

from __future__ import annotations

from innovation.kernel.web import blueprint

bp = blueprint("projects", __name__)

from innovation.projects.routes import (  # noqa: E402 - they register on the blueprint
    evidence,  # noqa: F401
    forecast,  # noqa: F401
    gates,  # noqa: F401
    money,  # noqa: F401
    outcome,  # noqa: F401
    papers,  # noqa: F401
    plan,  # noqa: F401
    processes,  # noqa: F401
    team,  # noqa: F401
    updates,  # noqa: F401
)
