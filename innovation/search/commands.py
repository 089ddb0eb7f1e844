"""Doors of search for operators."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from innovation.kernel.actor import Origin
from innovation.search.service import rebuilding


@click.command("rebuild-search")
@with_appcontext
def rebuild_search() -> None:
    """Make the search index anew, in place: people search on meanwhile."""
    shown = sys.stderr.isatty()

    def told(kind: str, reached: int, last: int) -> None:
        if shown:
            click.echo(f"\r{kind:<10} {100 * reached // max(last, 1):>3} %", nl=reached >= last, err=True)

    changed = rebuilding.rebuild(Origin.CLI, told)
    click.echo(f"the index is made anew; {changed} entries said something else before")
