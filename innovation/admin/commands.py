"""Commands that run the place: migrations, the worker, the clock, the first administrator, checking the chain."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext

from innovation.admin import service
from innovation.insight import queries as insight
from innovation.insight.queries import reports
from innovation.kernel import queue, sealing
from innovation.kernel.actor import Origin, house
from innovation.people import queries as people
from innovation.people.service import first_run
from innovation.people.service.links import sign_link
from innovation.promotion import queries as promotion
from innovation.promotion.service import replaying
from innovation.search import queries as search
from innovation.settings import Settings
from innovation.voting import queries as voting


def _settings() -> Settings:
    found: Settings = current_app.extensions["innovation.settings"]
    return found


@click.command("migrate")
@click.option("--down-to", default=None, help="Go back to this revision ('base' for none) instead of up.")
@with_appcontext
def migrate(down_to: str | None) -> None:
    """Bring the database's tables up to date; safe to run from several hosts at once."""
    from innovation.kernel import migrate as migrations  # Alembic is slow to import, and no other process needs it

    if down_to:
        migrations.downgrade(down_to)
    else:
        migrations.upgrade()
        if not people.has_administrator():
            click.echo('Nobody runs this place yet: "innovation first-link" prints a link for the first administrator.')


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Carry out what facts caused, until stopped."""
    queue.run_worker(_stopped())


@click.command("clock")
@with_appcontext
def clock() -> None:
    """Do the regular work, until stopped; several clocks do no harm."""
    queue.run_clock(current_app._get_current_object(), _stopped())  # type: ignore[attr-defined]  # the app behind the proxy


def _stopped() -> Callable[[], bool]:
    state = {"stopped": False}

    def stop(_signal: int, _frame: FrameType | None) -> None:
        state["stopped"] = True

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, stop)
    return lambda: state["stopped"]


@click.command("demo-sign-ins")
@click.option("--base", default="http://127.0.0.1:8000", show_default=True)
@with_appcontext
def demo_sign_ins(base: str) -> None:
    """Print the demo's three ready sign-ins, where they are open."""
    if not _settings().demo_sign_in:
        sys.exit("demo sign-ins are off")
    keys = ("sponsor", "expert", "manager")
    for key, person in zip(keys, people.demo_people(keys), strict=False):
        click.echo(f"  {base}/demo/{key:<8}  {person.name}, {person.job_title}")


@click.command("add-administrator")
@click.argument("email")
@click.option("--name", default="Administrator", show_default=True)
@with_appcontext
def add_administrator(email: str, name: str) -> None:
    """Make somebody administrator and print the link by which to set a password."""
    link = service.add_administrator(actor=house(Origin.CLI), email=email, name=name)
    token = sign_link(_settings().signing_keys, link.purpose, link.id, link.nonce)
    click.echo(f"{_settings().base_url}/password-reset/{token}")


@click.command("first-link")
@with_appcontext
def first_link() -> None:
    """Print a link by which the first administrator opens an account: good once and for a day; it ends the one before."""
    token = first_run.make_link(actor=house(Origin.CLI))
    if token is None:
        sys.exit("there is an administrator already")
    click.echo(f"{_settings().base_url.rstrip('/')}/first-run/{token}")


@click.command("name-host")
@click.argument("name")
@click.option("--about", default="", help="One sentence for the front page.")
@with_appcontext
def name_host(name: str, about: str) -> None:
    """Say whose installation this is."""
    service.name_host(actor=house(Origin.CLI), name=name, about=about)


@click.command("verify")
@with_appcontext
def verify() -> None:
    """Check the chain of facts, every run, every tally and the funnel; exit 1 and name the first thing that does not fit."""
    report = sealing.check()
    click.echo(f"{report.sealed} facts sealed, {report.waiting} not yet sealed")
    if report.broken_at is not None:
        click.echo(f"the chain is broken at fact {report.broken_at}", err=True)
    wrong = insight.mismatches()
    for challenge_id, stage, what in wrong:
        click.echo(f"challenge {challenge_id}, stage {stage}: {what}", err=True)
    runs = promotion.decided_runs()
    differing = [(run.public_id, replaying.replay(run) or replaying.told(run)) for run in runs]
    broken = [(name, what) for name, what in differing if what is not None]
    for name, what in broken:
        click.echo(f"run {name} differs from what it rests on: {what}", err=True)
    tallies = voting.wrong_tallies()
    for public_id in tallies:
        click.echo(f"the tally of idea {public_id} is not what its votes add up to", err=True)
    frozen = reports.tampered()
    for public_id in frozen:
        click.echo(f"report {public_id} does not hold the figures that were frozen", err=True)
    waiting = search.waiting()
    if waiting:
        click.echo(f"the search index has still to catch up with {waiting} thing(s)")
    if report.broken_at is not None or wrong or broken or tallies or frozen:
        sys.exit(1)
    click.echo(f"the chain holds, {len(runs)} run(s) decide as they did, the tallies and the funnel add up")


COMMANDS = (migrate, worker, clock, demo_sign_ins, first_link, add_administrator, name_host, verify)
