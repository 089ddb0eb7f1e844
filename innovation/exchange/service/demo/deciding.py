"""How the challenges of the demo are decided: by a sponsor's picks, a panel's scores or the votes, and announced."""

from __future__ import annotations

import json
from typing import Any

from innovation.evaluation.service import reviewing, scoring
from innovation.exchange.service.demo.telling import Demo, ideas_of
from innovation.promotion import queries as promotion
from innovation.promotion.service import measuring, picking, queueing
from innovation.promotion.service import running as deciding
from innovation.promotion.service.ballots import unpacked
from innovation.rules.promotion import decide as choose


def decide(demo: Demo, row: dict[str, Any]) -> None:
    """Decide a challenge and announce it on its day."""
    if row["who_decides"] == "sponsor":
        _pick(demo, row)
    elif row["who_decides"] == "panel":
        _score(demo, row)
    with demo.on_day(row["schedule"]["announced"]):
        queueing.queue_due(actor=demo.house)
        for run in promotion.unfinished():
            for step in deciding.close(actor=demo.house, run_id=run.id):
                measuring.carry_out(actor=demo.house, run_id=run.id, step=step)
            deciding.freeze(actor=demo.house, run_id=run.id)
            outcome = choose(json.loads(run.snapshot or ""), unpacked(run.ballots))
            deciding.record(actor=demo.house, run_id=run.id, outcome=outcome)
            deciding.announce(actor=demo.house, run=run)


def _pick(demo: Demo, row: dict[str, Any]) -> None:
    sponsor = demo.actor(row["sponsor"])
    with demo.on_day(row["schedule"]["closes"] + 5):
        for each in ideas_of(row):
            if each["fate"] in {"chosen", "not_chosen", "kept"}:
                idea, chosen = demo.idea(each["key"]), each["fate"] == "chosen"
                picking.pick(actor=sponsor, idea=idea, chosen=chosen, reason=each["reason"].strip())
    with demo.on_day(row["schedule"]["announced"] - 1):
        picking.finish_picks(actor=sponsor, challenge=demo.challenge(row))


def _score(demo: Demo, row: dict[str, Any]) -> None:
    """The members of the panel assess every idea on the days of their own."""
    with demo.on_day(row["schedule"]["closes"] + 1):
        scoring.open_scoring(actor=demo.house, challenge=demo.challenge(row))
    for number, member in enumerate(row["panel"]):
        with demo.on_day(row["schedule"]["closes"] + 3 + number):
            for each in ideas_of(row):
                if each["fate"] in {"draft", "withdrawn"}:
                    continue
                said = each["assessments"][number]
                reviewing.review(
                    actor=demo.actor(member),
                    idea=demo.idea(each["key"]),
                    scores=dict(enumerate(said["scores"], start=1)),
                    sentence=said["sentence"],
                    complete=True,
                )
