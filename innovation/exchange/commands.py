"""Doors of exchange for operators: importing, and the demo."""

from __future__ import annotations

import shutil
import sys
from importlib import import_module
from pathlib import Path

import click
from flask import current_app, render_template
from flask.cli import with_appcontext

from innovation.exchange.queries.house import Kept
from innovation.exchange.schemas import house_readme
from innovation.exchange.service import loading, record, recounting
from innovation.exchange.service.demo import loading as demo_loading
from innovation.exchange.service.house import gathering
from innovation.exchange.service.house.packing import packed
from innovation.exchange.service.rows import Bundle, UnknownRule
from innovation.kernel import clock
from innovation.kernel.actor import Origin, house
from innovation.kernel.files import store
from innovation.promotion import queries as promotion
from innovation.promotion.service import snapshot as snapshots

FORMATS = {
    "catalyst": "catalyst",
    "challenge-gov": "challenge_gov",
    "csv": "csv_files",
    "decidim": "decidim",
    "pabulib": "pabulib",
    "polis": "polis",
}
"""Format → the reader's module, imported when asked for: spreadsheets are slow to import, and web servers need none."""


def _read(format: str, path: Path, rule: str | None) -> Bundle:
    reader = import_module(f"innovation.exchange.service.{FORMATS[format]}")
    named = format == "pabulib"
    if named != (rule is not None):
        needed = f"--rule is needed: {reader.RULES}" if named else "--rule belongs to pabulib alone"
        raise click.UsageError(needed)
    try:
        bundle: Bundle = reader.read(path, rule) if named else reader.read(path)
    except UnknownRule as error:
        raise click.BadParameter(f"{error} is none of {reader.RULES}", param_hint="--rule") from error
    return bundle


@click.command("import")
@click.argument("format", type=click.Choice(sorted(FORMATS)))
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--rule", help="Of pabulib: greedy-skip, greedy-stop, greedy-threshold:N or equal-shares.")
@click.option("--dry-run", is_flag=True, help="Read and report, but write nothing.")
@with_appcontext
def import_(format: str, path: Path, rule: str | None, dry_run: bool) -> None:
    """Import challenges, ideas, people, votes, comments and reviews. A second import of the same source changes nothing."""
    bundle = _read(format, path, rule)
    if dry_run:
        found, problems = loading.survey(bundle), list(bundle.problems)
    else:
        load = loading.load(bundle, actor=house(Origin.IMPORT), progress=_progress)
        found, problems = load.new, load.problems
    for problem in problems:
        mark = "not imported" if problem.lost else "imported, please look"
        click.echo(f"{problem.file}:{problem.line}: {problem.reason} ({mark})", err=True)
    counted = ", ".join(f"{number} {what}" for what, number in found.items() if number) or "nothing"
    click.echo(f"{'would be new' if dry_run else 'new'}: {counted}; {len(problems)} remark(s)")
    nothing = not (bundle.people or bundle.challenges or bundle.ideas or bundle.tallies)
    if nothing and any(problem.lost for problem in problems):
        sys.exit(1)


def _progress(what: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{what} {done}/{total}\033[K", nl=done == total, err=True)
    elif done == total:
        click.echo(f"{what} {done}/{total}", err=True)


@click.command("recount")
@click.argument("bundle", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def recount(bundle: Path) -> None:
    """Count the votes of a record again and decide again, without any database; exit 1 at the first thing that is wrong."""
    try:
        lines = recounting.recount(bundle)
    except recounting.BadRecord as error:
        raise click.ClickException(f"{bundle.name} is no record: {error}") from error
    for line in lines:
        click.echo(f"{'the same' if line.holds else 'DIFFERS '}  {line.what}")
    if not all(line.holds for line in lines):
        sys.exit(1)


@click.command("record")
@click.argument("run")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="The folder to write to.")
@with_appcontext
def record_(run: str, into: Path) -> None:
    """Write the record of a result, from which anyone can count and decide again."""
    found = next(iter(promotion.decided_runs(run)), None)
    if found is None:
        raise click.ClickException(f"no decided run is called {run}")
    whole = promotion.run(found.id)
    with current_app.test_request_context():
        readme = render_template("exchange/record.txt", run=whole, clauses=snapshots.explained(whole))
    made = record.build(whole, readme)
    into.mkdir(parents=True, exist_ok=True)
    (into / made.name).write_bytes(made.content)
    click.echo(str(into / made.name))


@click.command("export-house")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def export_house(file: Path) -> None:
    """Write everything this house holds to one ZIP, sealed ideas and secrets left out; its README says what and why."""
    gathering.note_export(actor=house(Origin.CLI))
    with current_app.test_request_context():
        readme = house_readme(clock.now(), opened=False)
    with packed(gathering.shared_house(), store(), readme, Kept(), lambda: None) as made:
        partial = file.with_name(f"{file.name}.part")
        with partial.open("wb") as out:
            shutil.copyfileobj(made, out)
        partial.replace(file)
    click.echo(str(file))


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Load the demo programme into an empty house; a second time changes nothing."""
    if demo_loading.load():
        click.echo("the demo programme is loaded")
    else:
        click.echo("this house is not empty: nothing was changed", err=True)
