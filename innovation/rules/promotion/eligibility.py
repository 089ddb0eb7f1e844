"""Eligibility: Kleene's three-valued logic over thresholds, each answer with its evidence."""

from collections.abc import Mapping
from fractions import Fraction

from innovation.rules import measures
from innovation.rules.promotion.reading import Params
from innovation.rules.promotion.rule import COMPARISONS, Group, Threshold
from innovation.rules.promotion.sentence import number, told_apart


def judge(condition: Threshold | Group, raw: Mapping[str, int]) -> tuple[bool | None, Params]:
    """Kleene's logic: True, False, or None where an unknown could still decide; with the evidence."""
    if isinstance(condition, Threshold):
        return _compare(condition, raw)
    verdicts = [judge(part, raw) for part in condition.parts]
    decisive = condition.mode == "any"
    for answer in (decisive, None, not decisive):
        for holds, evidence in verdicts:
            if holds is answer:
                several = holds is False and len(verdicts) > 1 and condition.mode == "any"
                return holds, evidence | ({"alternatives": len(verdicts)} if several else {})
    raise AssertionError("a group is never empty")


def _compare(threshold: Threshold, raw: Mapping[str, int]) -> tuple[bool | None, Params]:
    for name in (threshold.measure, threshold.of):
        if name is not None and (lacks := measures.missing(name, raw)):
            return None, {"measure": name, "missing": lacks}
    have = measures.value(threshold.measure, raw)
    of = Fraction(1) if threshold.of is None else measures.value(threshold.of, raw)
    assert have is not None  # nothing is missing
    assert of is not None
    need = threshold.factor * of
    params: Params = {"measure": threshold.measure, "comparison": threshold.comparison}
    params |= dict(zip(("have", "need"), told_apart(have, need), strict=True))
    if threshold.of is not None:
        params |= {threshold.form: number(threshold.factor), "of": threshold.of}
    return COMPARISONS[threshold.comparison](have, need), params
