"""What always holds over the whole map: doors, verbs, states, settings, imports."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import innovation
from innovation.app import settings_table
from innovation.kernel import events, usecase
from innovation.rules.policy import POLICY, May
from innovation.settings import SettingsError, load

ROOT = Path(innovation.__file__).resolve().parent.parent


def modules() -> Iterator[str]:
    for found in pkgutil.walk_packages(innovation.__path__, "innovation."):
        yield found.name


def sources() -> list[Path]:
    return sorted((ROOT / "innovation").rglob("*.py"))


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_route_says_who_may_use_it(sqlite_app: Flask) -> None:
    silent = sorted(name for name, view in sqlite_app.view_functions.items() if not hasattr(view, "__door__"))
    assert silent == []


def test_routes_with_a_public_id_load_a_subject(sqlite_app: Flask) -> None:
    """An address that names a row must be asked whether this person may see that row."""
    without = []
    for rule in sqlite_app.url_map.iter_rules():
        door = getattr(sqlite_app.view_functions[rule.endpoint], "__door__", None)
        if "public_id" in rule.arguments and door is not None and door.on is None:
            without.append(rule.endpoint)
    # An invitation is found by its own secret, by somebody who is nobody yet.
    answers = ("ask_colleague", "invitation", "never_again", "not_for_me", "take_part")
    assert sorted(without) == [f"pages.{name}" for name in answers]


JOINS = {
    "innovation.promotion.service.running.carry_on": "goes through several transactions, each a verb of its own",
    "innovation.promotion.service.overriding.decide_again": "computes outside any transaction; storing is a verb of its own",
    "innovation.exchange.service.loading.load": "commits in batches, each a verb of its own",
    "innovation.exchange.service.ballots.load_voting": "the same",
    "innovation.attachments.service.arriving.take_part": "writes bytes with no transaction open; counting them is a verb",
    "innovation.attachments.service.arriving.take_whole": "the same",
    "innovation.attachments.service.arriving.keep": "looks at the bytes with no transaction open; finishing is a verb",
    "innovation.voting.service.measuring.measure": "computes outside any transaction; storing is a verb of its own",
    "innovation.evaluation.service.measuring.measure_panel": "the same",
    "innovation.promotion.service.measuring.carry_out": "the same",
    "innovation.steering.service.deciding.carry_out": "does each thing by that thing's own verb",
    "innovation.steering.service.rehearsing.try_out": "undoes everything; what it tries is a verb",
}


def test_whatever_acts_for_somebody_is_a_verb() -> None:
    """A public service function that takes an actor is a use case, or is told the time by the one that it joins."""
    loose = []
    for name in modules():
        if ".service" not in name:
            continue
        module = importlib.import_module(name)
        for function_name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != name or function_name.startswith("_"):
                continue
            parameters = inspect.signature(function).parameters
            qualified = f"{name}.{function_name}"
            told_the_time = {"now", "submitted_at"} & parameters.keys()
            if "actor" in parameters and qualified not in usecase.VERBS and not told_the_time and qualified not in JOINS:
                loose.append(qualified)
    assert loose == []


def test_verbs_take_keywords_and_never_a_time_from_outside() -> None:
    for qualified in usecase.VERBS:
        module, _, name = qualified.rpartition(".")
        verb = getattr(importlib.import_module(module), name)
        parameters = inspect.signature(verb).parameters.values()
        assert {p.kind for p in parameters} == {inspect.Parameter.KEYWORD_ONLY}, qualified
        assert [p.default for p in parameters if p.name == "now"] in ([], [usecase.AT_LOCK]), qualified


def _assigned_states(path: Path) -> Iterator[int]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr == "state":
                yield node.lineno
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "values":
            yield from (node.lineno for keyword in node.keywords if keyword.arg == "state")


def test_only_lifecycle_writes_a_state() -> None:
    # The queue's own rows have a state too: they are no business of any machine.
    allowed = {"innovation/kernel/lifecycle.py", "innovation/kernel/queue/deliveries.py"}
    writers = {
        path.relative_to(ROOT).as_posix() for path in sources() if any(True for _ in _assigned_states(path))
    } - allowed
    assert writers == set()


def test_every_act_has_a_line_in_the_policy() -> None:
    assert sorted(set(May) - POLICY.keys()) == []


def test_every_act_is_asked_for_somewhere() -> None:
    text = "\n".join(path.read_text("utf-8") for path in [*sources(), *sorted((ROOT / "templates").rglob("*.html"))])
    unused = [act.name for act in May if len(re.findall(rf"May\.{act.name}\b|may\(['\"]{act.value}['\"]", text)) < 2]
    assert unused == []


def test_settings_are_documented() -> None:
    guide = (ROOT / "docs" / "operator.md").read_text("utf-8")
    assert [name for name, _default, _meaning in settings_table() if f"`{name}`" not in guide] == []


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(SettingsError, match="INNOVATION_HOEM"):
        load({"INNOVATION_HOEM": "var"})


def test_handlers_have_names_of_their_features() -> None:
    for name, subscriber in events._by_name.items():
        feature = subscriber.run.__module__.split(".")[1]
        assert name.startswith(f"{feature}."), name


def test_facts_hold_no_text() -> None:
    """Payloads are sealed for good: ids, codes and numbers only, so that erasure stays possible."""
    allowed = {"int", "str", "bool", "int | None"}
    words = {"title", "text", "name", "email", "reason", "note", "address"}
    for fact in events.Fact.__subclasses__():
        own = {k: v for k, v in inspect.get_annotations(fact).items() if k != "VERSION"}
        assert set(own.values()) <= allowed, fact
        assert own.keys() & words == set(), fact


def test_no_module_is_an_attic() -> None:
    assert [p.name for p in sources() if p.stem in {"util", "utils", "helpers", "common", "misc"}] == []


def test_pages_hold_no_inline_script_or_style() -> None:
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if "email" in path.parts:
            continue
        text = path.read_text("utf-8")
        if re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\bsrc=)", text):
            found.append(path.relative_to(ROOT).as_posix())
    # The mail layout is a mail's, which needs inline styles.
    assert [name for name in found if name != "templates/layouts/email.html"] == []
