"""Figures on how the inside and the outside voted, kept from telling of fewer than five people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from innovation.challenges.service.fitting import measures_of

SMALLEST_SIDE = 5
"""A figure on a side of fewer readers would say how they voted."""


def asks_of_sides(rule: Mapping[str, Any]) -> bool:
    """Whether a rule asks how the inside, or the outside, voted."""
    return bool(_of_sides(rule))


def asks_more_of_sides(present: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a rule asks otherwise than before how a side voted: another threshold asks too."""
    return not _of_sides(new) <= _of_sides(present)


def has_small_side(raw: Mapping[str, int]) -> bool:
    """Whether fewer than five people of a side are among an idea's readers."""
    return min(raw.get("views_internal", 0), raw.get("views_external", 0)) < SMALLEST_SIDE


def told(raw: Mapping[str, int]) -> dict[str, int]:
    """An idea's measures without those on its sides, where one of them is small."""
    telling = ("_internal", "_external", "support_least_micro")
    return {name: value for name, value in raw.items() if not (has_small_side(raw) and name.endswith(telling))}


def without_small_sides(idea: dict[str, Any]) -> dict[str, Any]:
    """An idea as it was frozen, without figures on a small side: a rule that asks for them would find out, one by one, how
    those people voted."""
    return {**idea, "measures": told(idea["measures"])}


def _of_sides(rule: Mapping[str, Any]) -> set[str]:
    """The parts of a rule that tell of sides, spelled out: which ideas pass, their order, the band around it, equals."""
    order, ties = rule.get("order"), rule.get("tie_break") or []
    parts = [rule.get("eligibility"), order, {"order": order, "close": rule["close"]} if rule.get("close") else None]
    asking = [part for part in parts if any(map(_tells_of_a_side, measures_of(part)))]
    return {json.dumps(part, sort_keys=True) for part in asking} | {name for name in ties if _tells_of_a_side(name)}


def _tells_of_a_side(measure: str) -> bool:
    return measure.endswith(("_internal", "_external")) or measure == "support_least"
