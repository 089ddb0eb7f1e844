"""Doors of challenges: writing one and steering it. The page that shows one is in ``pages``."""

from __future__ import annotations

from innovation.kernel.web import blueprint

bp = blueprint("challenges", __name__)

from innovation.challenges.routes import (
    amending,
    full_part,
    inquiries,
    owners,
    steering,
    terms,
    writing,
)
