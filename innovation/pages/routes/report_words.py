"""A frozen report in words: the same for its page, its PDF and its slides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import ngettext

from innovation.insight.models import Report
from innovation.kernel.documents import Deck, Slide
from innovation.kernel.i18n import language, moment, money, number
from innovation.kernel.web import gettext
from innovation.rules.figures import FEW

ROWS_A_SLIDE = 11
_SHORT = ("ideas", "answered", "chosen", "passed", "adopted")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what it is, how much, what was aimed at, and a remark."""

    label: str
    value: str
    target: str = ""
    note: str = ""


def labels() -> dict[str, str]:
    """What each figure is called."""
    return {
        "started": gettext("Challenges started"),
        "ideas": gettext("Ideas received"),
        "answered": gettext("Ideas answered"),
        "kept": gettext("Answered in time"),
        "chosen": gettext("Ideas chosen"),
        "passed": gettext("Proofs passed"),
        "stopped": gettext("Projects stopped, with what was learned"),
        "adopted": gettext("Proofs adopted"),
    }


def rows(figures: Mapping[str, Any]) -> list[Row]:
    """The figures of a programme, in the order in which they come about."""
    totals, targets = figures["totals"], figures["targets"]
    found = []
    for name, label in labels().items():
        if name == "kept":
            found.append(Row(label, *_kept(totals, targets.get("kept"))))
            continue
        target = targets.get(name)
        note = "" if target is None else _against(totals[name], target)
        found.append(Row(label, number(totals[name]), "" if target is None else number(target), note))
    return found


def _against(value: int, target: int) -> str:
    if value >= target:
        return gettext("target met")
    return gettext("%(missing)s short of the target", missing=number(target - value))


def _kept(totals: Mapping[str, int], target: int | None) -> tuple[str, str, str]:
    """(value, target, remark) of answers given in time; out of fewer than ten the counts are said, not a share."""
    whole = totals["in_time"] + totals["late"]
    aim = "" if target is None else f"{target}%"
    if whole < FEW:
        said = gettext("%(part)s of %(whole)s", part=number(totals["in_time"]), whole=number(whole)) if whole else "–"
        return said, aim, gettext("too few for a share") if whole else gettext("no answer was due")
    percent = 100 * totals["in_time"] // whole
    note = gettext("%(part)s of %(whole)s", part=number(totals["in_time"]), whole=number(whole))
    if target is not None:
        note += ", " + (gettext("target met") if percent >= target else gettext("target missed"))
    return f"{percent}%", aim, note


def amounts(values: Sequence[Mapping[str, Any]], spent: Sequence[Mapping[str, Any]]) -> list[str]:
    """What projects are worth and what was spent, one line a kind and currency."""
    kinds = {
        ("actual", "once"): gettext("Value counted after adoption: %(amount)s"),
        ("actual", "year"): gettext("Value counted after adoption: %(amount)s a year"),
        ("validated", "once"): gettext("Value shown by proofs: %(amount)s"),
        ("validated", "year"): gettext("Value shown by proofs: %(amount)s a year"),
    }
    lines = [kinds[each["kind"], each["per"]] % {"amount": money(each["minor"], each["currency"])} for each in values]
    spend = gettext("Spent by projects in the quarter: %(amount)s")
    return lines + [spend % {"amount": money(each["minor"], each["currency"])} for each in spent]


def challenge_head() -> list[str]:
    """The columns of the line per challenge."""
    known = labels()
    return [gettext("Challenge"), *(known[name] for name in _SHORT), gettext("Value"), gettext("In time")]


def challenge_cells(line: Mapping[str, Any]) -> list[str]:
    """One challenge in figures."""
    counts = line["counts"]
    worth = [money(each["minor"], each["currency"]) + _per(each["per"]) for each in line["values"]]
    whole = counts["in_time"] + counts["late"]
    kept = gettext("%(part)s of %(whole)s", part=number(counts["in_time"]), whole=number(whole)) if whole else "–"
    return [line["title"], *(number(counts[name]) for name in _SHORT), ", ".join(worth) or "–", kept]


def _per(per: str) -> str:
    return " " + gettext("a year") if per == "year" else ""


def quarter_name(quarter: str) -> str:
    """A quarter as people say it."""
    year, part = quarter.split("-Q")
    return gettext("quarter %(part)s of %(year)s", part=part, year=year)


def frozen_words(report: Report) -> str:
    """As of when a report stands, and what it rests on."""
    said = gettext(
        "Frozen %(moment)s, as of fact %(fact)s.", moment=moment(report.frozen_at), fact=number(report.last_fact_id)
    )
    if report.version > 1:
        said += " " + gettext("Version %(number)s; the earlier ones are kept.", number=report.version)
    return said


def title_of(quarter: str) -> str:
    """What the document is called."""
    return gettext("Board report, %(quarter)s", quarter=quarter_name(quarter))


def document(reports: Sequence[Report], quarter: str, host: str) -> dict[str, Any]:
    """What the PDF's template reads."""
    return {
        "title": title_of(quarter),
        "language": language(),
        "host": host,
        "footer": f"{host} · {title_of(quarter)}",
        "money_title": gettext("Value and money"),
        "challenges_title": gettext("Challenges"),
        "challenge_head": challenge_head(),
        "programmes": [
            {
                "title": report.figures["programme"],
                "frozen": frozen_words(report),
                "head": [gettext("Figure"), gettext("Count"), gettext("Target"), gettext("Remark")],
                "figures": [
                    {"label": row.label, "value": row.value, "target": row.target, "note": row.note}
                    for row in rows(report.figures)
                ],
                "money": amounts(report.figures["values"], report.figures["spent"]),
                "challenges": [
                    {"language": line["language"], "cells": challenge_cells(line)} for line in report.figures["challenges"]
                ],
                "none": gettext("No challenge was under way."),
                "fingerprint": gettext("Fingerprint of the figures (SHA-256): %(digest)s", digest=report.digest),
            }
            for report in reports
        ],
    }


def deck(reports: Sequence[Report], quarter: str) -> Deck:
    """The same as slides: one per programme, then its challenges, as many to a slide as can be read."""
    slides = []
    for report in reports:
        figures = rows(report.figures)
        slides.append(
            Slide(
                title=f"{report.figures['programme']}: {quarter_name(quarter)}",
                lead=frozen_words(report),
                rows=[
                    [gettext("Figure"), gettext("Count"), gettext("Target"), gettext("Remark")],
                    *([row.label, row.value, row.target, row.note] for row in figures),
                ],
                notes="\n".join(
                    [
                        *amounts(report.figures["values"], report.figures["spent"]),
                        gettext("Fingerprint of the figures (SHA-256): %(digest)s", digest=report.digest),
                    ]
                ),
            )
        )
        lines = [challenge_cells(line) for line in report.figures["challenges"]]
        for start in range(0, len(lines), ROWS_A_SLIDE):
            shown = lines[start : start + ROWS_A_SLIDE]
            lead = ngettext("%(num)d challenge", "%(num)d challenges", len(lines))
            heading = gettext("%(programme)s: challenges", programme=report.figures["programme"])
            slides.append(Slide(title=heading, lead=lead, rows=[challenge_head(), *shown]))
    return Deck(title=title_of(quarter), language=language(), slides=slides)
