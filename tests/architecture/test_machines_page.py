"""The page of lifecycles is made from the tables themselves: ``python -m tests.architecture.test_machines_page``."""

from __future__ import annotations

from pathlib import Path

from innovation.rules.award import AWARD
from innovation.rules.challenge import CHALLENGE
from innovation.rules.idea import IDEA
from innovation.rules.moderation import CASE
from innovation.rules.order import ORDER
from innovation.rules.project import GATE, PROJECT
from innovation.rules.run import RUN
from innovation.rules.sending import LINE, SENDING

PAGE = Path(__file__).resolve().parents[2] / "docs" / "lifecycles.md"


def text() -> str:
    parts = ["# Lifecycles", "Made from the tables in `innovation/rules/`; a test keeps them the same."]
    for machine in (CHALLENGE, IDEA, RUN, PROJECT, GATE, AWARD, CASE, ORDER, SENDING, LINE):
        parts.append(f"## {machine.name.capitalize()}\n\n```mermaid\n{machine.diagram()}\n```")
    return "\n\n".join(parts) + "\n"


def test_the_page_shows_the_tables_as_they_are() -> None:
    assert PAGE.read_text("utf-8") == text()


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
