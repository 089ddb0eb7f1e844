"""Asking for a mapped file to be looked through, and then to be taken in; and keeping mappings under a name."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select

from innovation.challenges.models import Programme
from innovation.exchange.events import MappingKept, MappingThrownAway
from innovation.exchange.models import ImportMapping, Order
from innovation.exchange.service.mapping.fields import Kind
from innovation.exchange.service.mapping.meaning import Mapping
from innovation.exchange.service.mapping.taking import may_bring
from innovation.exchange.service.mapping.task import Task, is_mapped, task_of
from innovation.exchange.service.orders.asking import put_in_line
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible, Refused
from innovation.kernel.events import emit
from innovation.kernel.usecase import AT_LOCK, may, use_case
from innovation.rules.order import OrderState
from innovation.rules.policy import May

SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}")


@use_case(May.IMPORT)
def ask_look_through(
    *, actor: Actor, task: Task, file_key: str, file_name: str, language: str, now: datetime = AT_LOCK
) -> Order:
    """Ask for a file to be looked through by a mapping: what would be made, and what is wrong, without writing anything.

    Raises:
        Refused: people come in by administrators alone; challenges into one's own programmes.
        Invalid: ``source`` is no word that goes with old ids, or a needed field (named in ``params``) comes from nowhere.
        NotPossible: three orders of his are under way.
    """
    _require(actor, task)
    if SOURCE.fullmatch(task.source) is None:
        raise Invalid("not_a_source", field="source")
    if missing := task.mapping.missing():
        raise Invalid("column_needed", field=f"column_{missing[0]}", fields=missing)
    params = {**task.as_params(), "dry": True, "language": language}
    return put_in_line(actor, "import", str(task.kind), params, None, file_key, file_name, now)


@use_case(May.KEEP_ORDER, on="order")
def ask_take_in(*, actor: Actor, order: Order, now: datetime = AT_LOCK) -> Order:
    """Say yes to a file that was looked through: the same file, read the same way, is taken in.

    Raises:
        Refused: he may not bring this in any more.
        NotPossible: it was not looked through to its end, its file is no longer kept, or three orders are under way.
    """
    if not is_mapped(order) or not order.params["dry"] or order.state != OrderState.DONE:
        raise NotPossible("not_looked_through")
    if not order.file_key:
        raise NotPossible("order_is_emptied")
    task = task_of(order)
    _require(actor, task)
    params = {**task.as_params(), "dry": False, "language": order.params["language"]}
    made = put_in_line(actor, "import", order.what, params, None, order.file_key, order.file_name, now)
    made.total = order.done
    return made


@use_case(May.IMPORT)
def keep_mapping(*, actor: Actor, name: str, mapping: Mapping, now: datetime = AT_LOCK) -> ImportMapping:
    """Keep a mapping under a name; the same name of the same person and kind is written anew.

    Raises:
        Invalid: it has no name.
    """
    if not name.strip():
        raise Invalid("no_name", field="called")
    found = db.session.scalars(
        select(ImportMapping).where(
            ImportMapping.kind == str(mapping.kind),
            ImportMapping.name == name.strip()[:120],
            ImportMapping.made_by == actor.person_id,
        )
    ).first()
    if found is None:
        found = ImportMapping(kind=str(mapping.kind), name=name.strip()[:120], made_by=actor.person_id)
        db.session.add(found)
    found.columns, found.made_at = mapping.as_json(), now
    db.session.flush()
    emit(MappingKept(mapping_id=found.id), actor=actor, now=now)
    return found


@use_case(May.THROW_AWAY_MAPPING, on="mapping")
def throw_away(*, actor: Actor, mapping: ImportMapping, now: datetime = AT_LOCK) -> None:
    """Let a saved mapping go; what was brought in by it stays."""
    emit(MappingThrownAway(mapping_id=mapping.id), actor=actor, now=now)
    db.session.delete(mapping)


def _require(actor: Actor, task: Task) -> None:
    if not may_bring(actor, task.kind):
        raise Refused("import")
    if task.kind == Kind.CHALLENGES:
        programme = db.session.get(Programme, task.programme_id) if task.programme_id is not None else None
        if not may(actor, May.IMPORT_INTO if programme else May.RUN_THE_PLACE, programme):
            raise Invalid("choose_programme", field="programme")
