"""Bringing in ideas from a file somebody mapped: ``python -m benchmarks.importing [ideas]`` prints the table of RESULTS.md.

The floor is the same ideas by the command line's importer, which takes our own columns and no other. Each run is a process
of its own on an empty SQLite house; a small run says what a process needs before the rows come. No worker stands beside.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from innovation.app import create_app
from innovation.exchange.models import Order
from innovation.exchange.service import csv_files, loading, orders
from innovation.exchange.service.mapping import asking, guessing, taking
from innovation.exchange.service.mapping.fields import Kind
from innovation.exchange.service.mapping.sheets import layout_of
from innovation.exchange.service.mapping.task import Task
from innovation.kernel import clock, migrate
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.kernel.files import store
from innovation.settings import Settings
from tests.support.world import World

BOTH = ("mapped", "floor")
WAYS = ("looked through", *BOTH)
SMALL = 600
CHALLENGES = "id,title\nC,Question?\n"


def ideas(rows: int) -> str:
    """A file of so many ideas of a kilobyte each."""
    text = "What we could do with the heat that goes up the chimney. " * 18
    return "id,challenge,title,text\n" + "".join(f"{n},C,Idea number {n},{text}\n" for n in range(rows))


def floor(folder: Path, content: str) -> float:
    for name, text in (("challenges.csv", CHALLENGES), ("ideas.csv", content)):
        (folder / name).write_text(text, "utf-8")
    began = time.process_time()
    loading.load(csv_files.read(folder, "bench"), actor=house(Origin.IMPORT))
    return time.process_time() - began


def mapped(who: Actor, content: str, *, dry: bool) -> float:
    brought(who, Kind.CHALLENGES, CHALLENGES, dry=False)
    return brought(who, Kind.IDEAS, content, dry=dry)


def brought(who: Actor, kind: Kind, content: str, *, dry: bool) -> float:
    """One file looked through, and unless ``dry`` brought in; seconds of the last of these."""
    key = f"orders/incoming/{clock.now().date()}/benchmark-{kind}-aaaaaaaaaaaa"
    store().put(key, content.encode())
    with io.BytesIO(content.encode()) as file:
        headings, lines = taking.sample(file, layout_of(file), "", 10)
    task = Task(kind, guessing.guess(kind, headings, lines), "bench", "", None, dry=True)
    order = asking.ask_look_through(actor=who, task=task, file_key=key, file_name="x.csv", language="en")
    spent = carry(order)
    if not dry:
        db.session.rollback()
        db.session.expire_all()
        spent = carry(asking.ask_take_in(actor=who, order=db.session.get_one(Order, order.id)))
    return spent


def carry(order: Order) -> float:
    """Do what the worker does, without a queue."""
    began = time.process_time()
    with taking.spooled(store().get(order.file_key)) as file, taking.carried(order, file) as (under_way, batches):
        for lines in batches:
            taking.take_step(actor=house(Origin.IMPORT), order_id=order.id, taking=under_way, lines=lines, store=store())
    orders.finish(actor=house(Origin.CLOCK), order_id=order.id)
    return time.process_time() - began


def run(way: str, rows: int) -> dict[str, Any]:
    """One way in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(home=Path(folder), secret_key="benchmark", testing=True))
        with app.app_context():
            migrate.upgrade()
            world, content = World(app), ideas(rows)
            who = world.manager
            if way == "floor":
                inside = Path(folder) / "files-in"
                inside.mkdir()
                seconds = floor(inside, content)
            else:
                seconds = mapped(who, content, dry=way == "looked through")
            most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            db.engine.dispose()
    return {"seconds": seconds, "megabytes": most / 1024}


def main(rows: int) -> None:
    found: dict[str, dict[int, dict[str, Any]]] = {}
    for way in WAYS:
        for number in (SMALL, rows):
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.importing", way, str(number)],
                cwd=ROOT, capture_output=True, text=True, check=True,
            )  # fmt: skip
            found.setdefault(way, {})[number] = json.loads(done.stdout.splitlines()[-1])
    least = found["floor"][rows]["seconds"]
    print(f"| {rows:,} ideas of a kilobyte | s of processor time (x floor) | MB at most | MB with {SMALL} |")
    print("| --- | --- | --- | --- |")
    for way in WAYS:
        large, small = found[way][rows], found[way][SMALL]
        ratio = large["seconds"] / least
        print(f"| {way} | {large['seconds']:.1f} ({ratio:.2f}) | {large['megabytes']:.0f} | {small['megabytes']:.0f} |")


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in WAYS:
        print(json.dumps(run(sys.argv[1], int(sys.argv[2]))))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 20_000)
