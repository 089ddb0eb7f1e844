"""Loading the demo programme."""

from __future__ import annotations


def load() -> bool:
    return False
