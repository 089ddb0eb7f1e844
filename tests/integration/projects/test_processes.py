"""A programme's process: read, chosen, changed; and a running project keeps the one it started with."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import render_template_string
from flask_babel import force_locale
from sqlalchemy import func, select

from innovation.challenges.models import Programme
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.projects import queries as projects
from innovation.projects.models import Process, Project
from innovation.projects.queries import gates as reading
from innovation.projects.queries import processes as reading_processes
from innovation.projects.service import processes
from innovation.rules.processes import READY_MADE, Step
from tests.support.browser import Browser
from tests.support.pages import words
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World

LEAN = READY_MADE["lean"]
OWN = (
    Step(key="", title="Kick-off", purpose="Do we dare?", day=5, checks=(("", "A name"),), answer_days=2),
    Step(key="", title="Verdict", day=20, keeper="manager", evidence=1),
)


def keep(who: Actor, programme: Programme, steps: tuple[Step, ...] = LEAN.steps, seen: int = 0, key: str = "lean") -> str:
    return answer(lambda: processes.keep(actor=who, programme=programme, key=key, title="", steps=steps, seen=seen))


def project(world: World, programme: Programme) -> Project:
    challenge = world.challenge(None, programme)
    idea = world.idea(challenge)
    world.vote(idea)
    world.announced(challenge)
    return world.project_of(idea)


def gates(world: World, number: int) -> list[tuple[Any, ...]]:
    world.anew()
    row = projects.by_id(number)
    assert row is not None
    return [
        (
            gate.key if gate.key in {"problem", "solution", "proof"} else len(gate.key),
            *(gate.title, gate.purpose, gate.keeper, gate.evidence_needed, gate.answer_days),
            (gate.due_at - row.started_at).days,
            [(check.key, check.text) for check in reading.checks(gate)],
        )
        for gate in row.gates
    ]


def form_of(page: str) -> dict[str, str]:
    """What a browser would send of the form of a process as it stands on the page."""
    found = {}
    main = page[page.index('name="seen"') - 400 :]
    for tag in re.findall(r"<input[^>]*>", main):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and "submit" not in tag:
            found[name[1]] = value[1] if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\r?\n?(.*?)</textarea>', main, re.S):
        found[name] = text
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', main, re.S):
        found[name] = re.findall(r'<option selected value="([^"]*)"', options)[0]
    return found | {"act": "keep"}


def test_a_project_is_opened_under_the_newest_process_and_keeps_it(world: World) -> None:
    programme = world.programme()
    assert keep(world.manager, programme) == "done"
    first = project(world, programme)
    assert (first.process_key, first.process_version, (first.due_at - first.started_at).days) == ("lean", 1, 56)
    before = gates(world, first.id)
    assert before[0] == ("problem", "", "", "sponsor", 1, 5, 10, [("problem_people", ""), ("problem_riskiest", "")])
    assert keep(world.manager, programme, OWN, seen=1) == "done"
    second = project(world, programme)
    assert (second.process_version, (second.due_at - second.started_at).days) == (2, 20)
    assert gates(world, second.id) == [
        (10, "Kick-off", "Do we dare?", "sponsor", 0, 2, 5, [("", "A name")]),
        (10, "Verdict", "", "manager", 1, 5, 20, []),
    ]
    assert gates(world, first.id) == before
    other = project(world, world.programme("Other"))
    assert (other.process_key, other.process_version, len(other.gates)) == ("six_weeks", 1, 4)


def test_every_change_is_a_new_version_and_gates_keep_their_keys(world: World) -> None:
    programme = world.programme()
    keep(world.manager, programme, OWN)
    kept = reading_processes.plan_of(programme.id).steps
    assert keep(world.manager, programme, (replace(kept[0], title="Start"), kept[1]), seen=1) == "done"
    again = reading_processes.plan_of(programme.id)
    assert ([step.key for step in again.steps], again.steps[0].title) == ([step.key for step in kept], "Start")
    rows = db.session.scalars(select(Process).order_by(Process.version)).all()
    assert [(row.version, row.gates[0]["title"], row.made_by) for row in rows] == [
        (1, "Kick-off", world.manager.person_id),
        (2, "Start", world.manager.person_id),
    ]


def test_what_cannot_be_run_or_was_changed_meanwhile_is_refused(world: World) -> None:
    programme = world.programme()
    assert [
        keep(world.person(), programme),
        keep(world.manager, programme, ()),
        keep(world.manager, programme, key="nonsense"),
        keep(world.manager, programme, seen=1),
        keep(world.manager, programme),
        keep(world.manager, programme),
    ] == [
        "Refused manage_programme",
        "Invalid no_gates",
        "Invalid no_such_process",
        "NotPossible process_changed",
        "done",
        "NotPossible process_changed",
    ]


def test_two_managers_at_once_make_one_version(world: World) -> None:
    programme_id, manager = world.programme().id, world.manager
    world.anew()

    def change() -> None:
        programme = db.session.get_one(Programme, programme_id)
        db.session.rollback()
        processes.keep(actor=manager, programme=programme, key="lean", title="", steps=LEAN.steps, seen=0)

    results = sorted(spelled(each) for each in at_once(world.app, [change] * 3, slow="FROM process"))
    assert results == ["NoneType", "NotPossible process_changed", "NotPossible process_changed"]
    assert db.session.scalar(select(func.count()).select_from(Process)) == 1


# --- the page ------------------------------------------------------------------------------------------------------


class Desk:
    """A manager at the page of a programme's process."""

    def __init__(self, world: World) -> None:
        self.programme = world.programme()
        self.browser: Browser = world.browser(world.manager)
        self.path = f"/programmes/{self.programme.public_id}/process"

    def form(self, of: str = "") -> dict[str, str]:
        return form_of(self.browser.get(f"{self.path}/edit?from={of}").get_data(as_text=True))

    def press(self, form: dict[str, str], act: str) -> dict[str, str]:
        answer = self.browser.post(f"{self.path}/edit", form | {"act": act})
        assert answer.status_code == 200
        return form_of(answer.get_data(as_text=True))

    def steps(self) -> tuple[Step, ...]:
        return reading_processes.plan_of(self.programme.id).steps


@pytest.fixture
def desk(embedded: World) -> Desk:
    return Desk(embedded)


def test_a_ready_made_process_is_read_and_chosen(desk: Desk) -> None:
    page = words(desk.browser.get(desk.path))
    for phrase in ("Six-week proof of concept", "Stage-gate for research and development", "Lean experiment", "Pilot"):
        assert phrase in page
    assert desk.browser.post(desk.path, {"process": "stage_gate", "seen": "0"}).status_code == 303
    assert [step.key for step in desk.steps()] == ["scope", "case", "develop", "pilot", "launch"]
    assert "Version 1" in words(desk.browser.get(desk.path))
    assert desk.browser.post(desk.path, {"process": "lean", "seen": "0"}).status_code == 409
    assert desk.browser.post(desk.path, {"process": "nonsense", "seen": "1"}).status_code == 422


@pytest.mark.parametrize("key", READY_MADE)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_is_left_as_it_was_keeps_the_words_of_every_language(desk: Desk, key: str, language: str) -> None:
    desk.browser.client.set_cookie("language", language)
    form = desk.form(key)
    assert desk.browser.post(f"{desk.path}/edit", form).status_code == 303
    assert desk.steps() == READY_MADE[key].steps
    assert db.session.scalars(select(Process.title)).one() == ""


def test_gates_are_added_moved_and_taken_out_without_a_script(desk: Desk) -> None:
    form = desk.form("lean")
    form = desk.press(form | {"gates-0-title": "Really?"}, "down-0")
    assert [form[f"gates-{n}-title"] for n in range(3)] == ["Solution", "Really?", "Proof"]
    assert [form[f"gates-{n}-day"] for n in range(3)] == ["10", "28", "56"]
    form = desk.press(form, "up-2")
    form = desk.press(form, "remove-0")
    form = desk.press(form, "add")
    assert ([form[f"gates-{n}-title"] for n in range(3)], "gates-3-title" in form) == (["Proof", "Really?", ""], False)
    for act in ("up-0", "down-2", "remove-9", "nonsense", "up-x"):
        assert desk.press(form, act)["gates-0-title"] == "Proof"
    assert desk.browser.post(f"{desk.path}/edit", form).status_code == 422
    form |= {"gates-2-title": "Own", "gates-2-checks": "One\r\n\r\n  two  words \r\n", "gates-2-keeper": "manager"}
    form |= {"gates-0-checks": form["gates-0-checks"] + "\r\nAnd one more", "title": "Ours"}
    assert desk.browser.post(f"{desk.path}/edit", form).status_code == 303
    proof, problem, own = desk.steps()
    assert (proof.key, proof.title, proof.checks[-1], proof.checks[0]) == (
        "proof",
        "",
        ("", "And one more"),
        ("proof_run", ""),
    )
    assert (problem.key, problem.title, problem.checks[0]) == ("problem", "Really?", ("problem_people", ""))
    assert (own.title, own.keeper, own.checks, len(own.key)) == ("Own", "manager", (("", "One"), ("", "two words")), 10)
    assert "Ours" in words(desk.browser.get(desk.path))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"gates-1-day": "5"}, "This day has to come after the one of the gate before."),
        ({"gates-0-day": ""}, "Fill this in."),
        ({"gates-0-evidence": "99"}, "Write a number from 0 to 20."),
        ({"gates-0-answer_days": "0"}, "Write a number from 1 to 60."),
        ({"gates-0-keeper": "anybody"}, "Choose one of these."),
        ({"gates-0-checks": "x" * 301}, "Use at most 300 characters a line."),
        ({"gates-0-checks": "x\n" * 13}, "Use at most 12 lines."),
    ],
)
def test_a_wrong_process_says_what_to_put_right(desk: Desk, wrong: dict[str, str], said: str) -> None:
    answer = desk.browser.post(f"{desk.path}/edit", desk.form("lean") | {"gates-0-title": "Kept as typed"} | wrong)
    page = words(answer)
    assert (answer.status_code, said in page, "Kept as typed" in answer.get_data(as_text=True)) == (422, True, True)


def test_a_custom_gate_is_called_by_its_name_wherever_it_is_shown(world: World) -> None:
    programme = world.programme()
    keep(world.manager, programme, OWN)
    row = project(world, programme)
    key, idea, path = row.gates[0].key, row.idea.public_id, f"/projects/{row.public_id}"
    sponsor = world.sponsor_of(row.challenge)
    pages = {
        "project": world.browser(sponsor).get(path),
        "decision": world.browser(sponsor).get(f"{path}/gate"),
        "list": world.browser(sponsor).get("/projects"),
        "work": world.browser(sponsor).get("/my-work"),
    }
    assert [name for name, page in pages.items() if "Kick-off" not in words(page)] == []
    world.decide(row, key)
    assert "Gate Kick-off passed" in words(world.browser(sponsor).get(f"/ideas/{idea}"))


def test_every_ready_made_key_has_words_in_both_languages(embedded: World) -> None:
    for plan in READY_MADE.values():
        asked = [("process_name", plan.key)]
        asked += [(macro, step.key) for step in plan.steps for macro in ("gate_name", "gate_question")]
        asked += [("check_words", key) for step in plan.steps for key, _text in step.checks]
        for macro, key in asked:
            with embedded.app.test_request_context():
                found = []
                for language in ("en", "nl"):
                    with force_locale(language):
                        template = f"{{% from 'components/words.html' import {macro} %}}{{{{ {macro}('{key}') }}}}"
                        found.append(render_template_string(template).strip())
            assert all(found), (macro, key)
            assert key not in found, (macro, key)
