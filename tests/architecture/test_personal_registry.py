"""What the house holds of people is described whole: every table, every column that leads to a person or can hold words."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import JSON, Column, Text
from sqlalchemy.types import String

from innovation.exchange.service.personal.holding import Fate, Holding
from innovation.exchange.service.personal.registry import HOLDINGS
from innovation.kernel.db import Base

SHORT = 30
"""A longer text than this can hold words; a shorter one holds a code."""
OF_ITSELF = {"public_id", "source", "foreign_id"}
ADDRESS = re.compile(r"(^|_)(e?mail|address|email_key|email_typed|phone|actor_id)(_|$)|^who$")
TABLES = {table.name: table for table in Base.metadata.sorted_tables if table.name != "alembic_version"}
BY_TABLE = {each.table: each for each in HOLDINGS}


def _named(holding: Holding) -> set[str]:
    return {*holding.words.split(), *holding.things.split(), *holding.withheld.split(), *_leads(holding)}


def _leads(holding: Holding) -> set[str]:
    return {lead.column for lead in holding.leads}


def _can_hold_words(column: Column[object]) -> bool:
    kind = column.type
    if isinstance(kind, (JSON, Text)) or "JSON" in str(kind):
        return True
    return isinstance(kind, String) and (kind.length is None or kind.length > SHORT)


def test_every_table_stands_once_in_the_registry() -> None:
    assert sorted(each.table for each in HOLDINGS) == sorted(TABLES)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_column_that_leads_to_a_person_is_named(name: str) -> None:
    found = {c.name for c in TABLES[name].columns if any(f.target_fullname == "person.id" for f in c.foreign_keys)}
    assert found - _leads(BY_TABLE[name]) == set()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_column_named_like_an_address_or_that_can_hold_words_is_named(name: str) -> None:
    wanted = {
        c.name
        for c in TABLES[name].columns
        if c.name not in OF_ITSELF and not c.foreign_keys and (_can_hold_words(c) or ADDRESS.search(c.name))
    }
    assert wanted - _named(BY_TABLE[name]) == set()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_the_registry_names_no_column_that_is_not_there(name: str) -> None:
    holding, there = BY_TABLE[name], {c.name for c in TABLES[name].columns}
    given = {column for lead in holding.leads for column in lead.gives.split() if column != "*"}
    emptied = {column for lead in holding.leads for column in lead.empties}
    assert (_named(holding) | given | emptied) - there == set()


@pytest.mark.parametrize("holding", [each for each in HOLDINGS if each.leads], ids=lambda each: each.table)
def test_what_is_kept_of_an_erased_person_says_why(holding: Holding) -> None:
    """What is neither deleted nor just a pointer set to nothing has a reason, and what is emptied says what to."""
    silent = [each.column for each in holding.leads if each.fate in (Fate.KEEP, Fate.APART) and not each.because]
    hollow = [each.column for each in holding.leads if (each.fate is Fate.EMPTY) != bool(each.empties)]
    assert (silent, hollow) == ([], [])


def test_what_is_emptied_can_be_empty() -> None:
    wrong = [
        (holding.table, column)
        for holding in HOLDINGS
        for lead in holding.leads
        for column, value in lead.empties.items()
        if value is None and not TABLES[holding.table].c[column].nullable
    ]
    assert wrong == []
