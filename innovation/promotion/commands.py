"""Doors of promotion for operators and scripts."""

from __future__ import annotations

import json
import sys
import time

import click
from flask.cli import with_appcontext

from innovation.kernel import queue
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.promotion import queries
from innovation.promotion.service import queueing, replaying
from innovation.rules.run import RunState


@click.command("promote")
@click.option("--due", is_flag=True, help="Queue every run whose time has come.")
@click.option("--wait", is_flag=True, help="Work with the queue until every queued run is decided.")
@click.option("--timeout", default=600, show_default=True, help="Seconds to wait at most.")
@with_appcontext
def promote(due: bool, wait: bool, timeout: int) -> None:
    """Run the promotions that are due, through the same queue and workers as the clock does."""
    if not due:
        raise click.UsageError("Say --due: only what is due is ever run.")
    actor = house(Origin.CLI)
    total = queueing.queue_due(actor=actor)
    until = time.monotonic() + timeout
    while wait and time.monotonic() < until:
        # This process is one more worker: nothing waits for one that is not there.
        busy = queue.drain()
        total += queueing.queue_due(actor=actor)
        db.session.rollback()
        open_runs = [run for run in queries.unfinished() if run.state in {RunState.QUEUED, RunState.FROZEN}]
        db.session.rollback()
        if not busy and not open_runs and not queue.due(1):
            break
        time.sleep(0 if busy else 0.2)
    else:
        if wait:
            raise click.ClickException(f"not finished within {timeout} seconds; look at /admin/deliveries")
    waiting = [run for run in queries.unfinished() if run.state == RunState.DECIDED]
    click.echo(f"{total} run(s) queued; {len(waiting)} decided and waiting for a person to announce.")


@click.command("replay")
@click.argument("run", required=False)
@with_appcontext
def replay(run: str | None) -> None:
    """Decide a run (or every run) again from its stored snapshot and compare; exit 1 when anything differs."""
    found = queries.decided_runs(run)
    if run is not None and not found:
        raise click.ClickException(f"no decided run is called {run}")
    wrong = 0
    for each in found:
        difference = replaying.replay(each)
        wrong += difference is not None
        click.echo(f"{each.public_id}  pass {each.pass_no}  {f'DIFFERS: {difference}' if difference else 'the same'}")
    if wrong:
        sys.exit(1)


@click.command("decisions")
@click.option("--challenge", default=None, help="Only this one: its public id, source id or title.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@with_appcontext
def decisions(challenge: str | None, as_json: bool) -> None:
    """Print what was decided about every idea, and why."""
    for made, idea, of, round_, pass_no in queries.decision_report(challenge):
        row = {
            "challenge": of.title,
            "challenge_source_id": of.foreign_id,
            "round": round_.title,
            "pass": pass_no,
            "source_id": idea.foreign_id,
            "idea": idea.public_id,
            "title": idea.title,
            "promoted": made.promoted,
            "place": made.place,
            "because": made.because,
            "params": made.params,
        }
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            mark = "+" if made.promoted else "-"
            click.echo(f"{mark} {made.place or '':>4}  {idea.title[:60]:<60}  {made.because}")
