"""Doors of ideas for whoever keeps a receipt."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from innovation.ideas.service import proving
from innovation.rules.receipt import BadReceipt

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_WORDS = {True: "holds    ", False: "WRONG    ", None: "not said "}


@click.command("verify-receipt")
@click.argument("file", type=_FILE)
@click.option("--key", help="The house's public key, as it is published; without it the key in the file is taken.")
@click.option("--authority", type=_FILE, help="Certificates (PEM) of the time-stamping authority you trust.")
def verify_receipt(file: Path, key: str | None, authority: Path | None) -> None:
    """Check the receipt of an idea without any database: what it proves and what not; exit 1 if anything is wrong."""
    try:
        findings = proving.check(
            file.read_bytes(), key=key, authorities=authority.read_bytes() if authority is not None else None
        )
    except BadReceipt as error:
        raise click.ClickException(f"{file.name} is no receipt: {error}") from error
    except ValueError as error:
        raise click.ClickException(f"the certificates cannot be read: {error}") from error
    for each in findings:
        click.echo(f"{_WORDS[each.holds]}  {each.what}")
    if any(each.holds is False for each in findings):
        sys.exit(1)
