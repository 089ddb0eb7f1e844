"""Doors of exchange for operators: importing, and the demo."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import click
from flask.cli import with_appcontext

from innovation.exchange.service import loading
from innovation.exchange.service.demo import loading as demo_loading
from innovation.exchange.service.rows import Bundle
from innovation.kernel.actor import Origin, house

FORMATS = {"catalyst": "catalyst", "challenge-gov": "challenge_gov", "csv": "csv_files"}
"""Format → the reader's module, imported when asked for: spreadsheets are slow to import, and web servers need none."""


def _read(format: str, path: Path) -> Bundle:
    reader = import_module(f"innovation.exchange.service.{FORMATS[format]}")
    bundle: Bundle = reader.read(path)
    return bundle


@click.command("import")
@click.argument("format", type=click.Choice(sorted(FORMATS)))
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Read and report, but write nothing.")
@with_appcontext
def import_(format: str, path: Path, dry_run: bool) -> None:
    """Import challenges, ideas, people, tallies and reviews. A second import of the same source changes nothing."""
    bundle = _read(format, path)
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


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Load the demo programme into an empty house; a second time changes nothing."""
    if demo_loading.load():
        click.echo("the demo programme is loaded")
    else:
        click.echo("this house is not empty: nothing was changed", err=True)
