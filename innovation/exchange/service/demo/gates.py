"""What the projects of the demo suppose and find, and how their gates are decided."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from innovation.exchange.service.demo.story import Happening, Place, Story
from innovation.exchange.service.demo.telling import read_by
from innovation.projects.models import Gate
from innovation.projects.queries import gates as reading
from innovation.projects.service import evidence, gates
from innovation.rules.project import Finding, Verdict


def happenings(story: Story) -> Iterator[Happening]:
    """Everything about a project's gates."""
    row, proof = story.row, read_by("proofs", "idea").get(story.row["idea"], {})
    for each in proof.get("hypotheses", []):
        yield Happening(1, Place.SUPPOSED, partial(_suppose, story, each))
    for each in proof.get("evidence", []):
        yield Happening(each["day"], Place.FOUND, partial(_find, story, each))
    for key, day in row["gates"].items():
        told = {"verdict": Verdict.PASS, "reason": _reason(row, proof, key), "cites": proof.get("cites", {}).get(key, [])}
        yield Happening(day, Place.ASKED, partial(_ask, story, key))
        yield Happening(day, Place.DECIDED, partial(_decide, story, key, told))
    if row["state"] == "stopped":
        told = {"verdict": Verdict.STOP, "reason": row["lesson"], "cites": proof.get("cites", {}).get(row["at"], [])}
        yield Happening(row["ended"], Place.DECIDED, partial(_decide, story, row["at"], told))
    for each in proof.get("decisions", []):
        if each["verdict"] == Verdict.AGAIN:
            yield Happening(each["day"] - 1, Place.ASKED, partial(_ask, story, each["gate"]))
        yield Happening(each["day"], Place.DECIDED, partial(_decide, story, each["gate"], each))
    if "ticked" in proof:
        yield Happening(proof["ticked"]["day"], Place.TICKED, partial(_tick, story, row["at"], proof["ticked"]["lines"]))
    if "deputy" in proof:
        yield Happening(1, Place.TICKED, partial(_name_deputy, story, row["at"], proof["deputy"]))
    if "asked" in row:
        yield Happening(row["asked"], Place.ASKED_NEXT, partial(_ask, story, row["at"]))


def _reason(row: dict[str, Any], proof: dict[str, Any], key: str) -> str:
    own = row.get("outcome", "") if key == "decide" else ""
    return own or proof.get("reasons", {}).get(key) or REASONS[row["language"]][key]


def _suppose(story: Story, told: dict[str, Any]) -> None:
    evidence.suppose(
        actor=story.lead, project=story.project, text=told["text"], test=told["test"], holds_when=told["holds_when"]
    )


def _find(story: Story, told: dict[str, Any]) -> None:
    evidence.add(
        actor=story.member(told["by"]),
        project=story.project,
        text=told["text"],
        url=told.get("url", ""),
        about=told.get("about", 0),
        finding=Finding(told.get("finding", Finding.OPEN)),
    )


def _tick(story: Story, key: str, lines: list[int]) -> None:
    for line in lines:
        gates.tick(actor=story.lead, project=story.project, gate_key=key, line=line, done=True)


def _ask(story: Story, key: str) -> None:
    """Tick every line of a gate's checklist and ask for the decision."""
    lines = len(reading.checks(_gate(story, key)))
    _tick(story, key, list(range(1, lines + 1)))
    gates.ask(actor=story.lead, project=story.project, gate_key=key)


def _decide(story: Story, key: str, told: dict[str, Any]) -> None:
    last = reading.latest(_gate(story, key))
    gates.decide(
        actor=story.keeper,
        project=story.project,
        gate_key=key,
        seen=last.number if last else 0,
        verdict=Verdict(told["verdict"]),
        reason=told["reason"],
        evidence=told.get("cites", []),
        due_on=story.due(told["due"]) if "due" in told else None,
    )


def _name_deputy(story: Story, key: str, who: str) -> None:
    email = story.demo.emails[story.demo.ids[who]]
    gates.name_deputy(actor=story.keeper, project=story.project, gate_key=key, email=email)


def _gate(story: Story, key: str) -> Gate:
    return next(each for each in story.project.gates if each.key == key)


REASONS = {
    "en": {
        "frame": "The question, the measure and the stop line are clear, and the plant has agreed to the test.",
        "build": "The set-up stands and runs; the team may begin to measure.",
        "test": "The figures are in and they answer the question that was asked.",
        "decide": "The proof holds.",
    },
    "nl": {
        "frame": "De vraag, de maat en de stopgrens zijn helder, en de fabriek werkt mee aan de proef.",
        "build": "De opstelling staat en draait; het team kan gaan meten.",
        "test": "De cijfers zijn binnen en beantwoorden de gestelde vraag.",
        "decide": "Het bewijs houdt stand.",
    },
}
"""Why a gate was passed, where a project says nothing of its own."""
