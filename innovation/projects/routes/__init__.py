"""Doors of projects: what the team and the gatekeepers change. The page that shows one is in ``pages``."""

from __future__ import annotations

from innovation.kernel.web import blueprint

bp = blueprint("projects", __name__)

from innovation.projects.routes import (
    evidence,
    forecast,
    gates,
    money,
    outcome,
    papers,
    plan,
    processes,
    team,
    trash,
    updates,
)
