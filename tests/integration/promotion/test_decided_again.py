"""Another rule decides a run again before it is announced: from the same snapshot, on record, by nobody in his own cause."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, RuleChange
from innovation.exchange.service import record, recounting
from innovation.ideas.models import Idea
from innovation.kernel.actor import Actor, Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.projects.models import Project
from innovation.promotion import queries
from innovation.promotion.models import Decision, Judgement, Run, RunChallenge
from innovation.promotion.service import judging, overriding, previewing, running
from innovation.promotion.service.replaying import replay, told
from innovation.rules.predicates import Role
from innovation.rules.promotion import digest, ready_rule
from innovation.voting.models import Tally
from innovation.voting.service import measure
from tests.support.forms import filled
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World


def top(k: int, **more: Any) -> dict[str, Any]:
    return ready_rule("top_k_approvals", capacity={"kind": "top", "k": k}, **more)


@dataclass
class Decided:
    """A decided, unannounced run over ideas of which the first is wanted the most."""

    world: World
    challenge: Challenge
    ideas: list[Idea]

    @property
    def run(self) -> Run:
        return self.world.run_of(self.challenge)

    def again(self, rule: Any, reason: str = "There is money for more.", who: Actor | None = None) -> str:
        run, by = self.run, who or self.world.manager
        return answer(lambda: overriding.decide_again(actor=by, run=run, rule=rule, reason=reason))

    def announce(self) -> None:
        running.announce(actor=self.world.sponsor_of(self.challenge), run=self.run)

    def chosen(self) -> list[bool]:
        self.world.anew()
        rows = db.session.scalars(select(Decision.promoted).order_by(Decision.idea_id)).all()
        self.world.anew()
        return list(rows)

    def states(self) -> list[str]:
        return [str(self.world.idea_again(idea).state) for idea in self.ideas]


def _decided(world: World, rule: Any, votes: tuple[int, ...] = (4, 3, 2, 1)) -> Decided:
    challenge = world.challenge(world.person("Sponsor"), rule=rule)
    ideas = [world.idea(challenge, title=f"Idea number {n}") for n in range(len(votes))]
    crowd = world.crowd(max(votes))
    for idea, count in zip(ideas, votes, strict=True):
        for who in crowd[:count]:
            world.vote(idea, who)
    world.decided(challenge)
    return Decided(world, world.again(challenge), ideas)


@pytest.fixture
def made(world: World) -> Decided:
    return _decided(world, top(1))


def _verify(app: Flask) -> tuple[int, int]:
    db.session.rollback()
    return tuple(app.test_cli_runner().invoke(args=[command]).exit_code for command in ("replay", "verify"))  # type: ignore[return-value]


# --- decided again -------------------------------------------------------------------------------------------------


def test_another_rule_decides_again_from_the_same_snapshot(made: Decided, app: Flask) -> None:
    before = json.loads(made.run.snapshot or "")
    with transaction():  # whatever became of the tallies since: it is the frozen figures that count
        db.session.execute(update(Tally).values(for_count=Tally.for_count + 9))
    assert made.again(top(3)) == "done"
    after = json.loads(made.run.snapshot or "")
    assert (made.chosen(), after["ideas"], after["rule"]) == ([True, True, True, False], before["ideas"], top(3))
    assert (replay(made.run), told(made.run), digest(after)) == (None, None, made.run.snapshot_hash)


def test_what_was_decided_before_stays_on_record(made: Decided, app: Flask) -> None:
    first = (made.run.snapshot_hash, made.run.outcome_hash)
    assert (made.again(top(3)), made.again(top(2), "Three are too many.")) == ("done", "done")
    earlier = json.loads(made.run.snapshot or "")["earlier"]
    assert [(each["number"], each["rule"]) for each in earlier] == [(2, top(1)), (3, top(3))]
    assert (earlier[0]["snapshot_hash"], earlier[0]["outcome_hash"]) == first
    names = [idea.public_id for idea in made.ideas]
    rows = [(row.entered, row.left, row.reason) for row, _ in challenges.rule_changes(made.challenge.id)]
    assert rows == [(names[1:3], [], "There is money for more."), ([], names[2:3], "Three are too many.")]
    assert _verify(app) == (0, 0)


def test_promotion_still_happens_once(made: Decided, app: Flask) -> None:
    made.again(top(2))
    made.announce()
    made.announce()
    assert made.states() == ["promoted", "promoted", "declined", "declined"]
    assert sorted(db.session.scalars(select(Project.idea_id))) == [idea.id for idea in made.ideas[:2]]
    assert [db.session.scalar(select(func.count()).select_from(each)) for each in (Run, RunChallenge, Decision)] == [1, 1, 4]
    assert _verify(app) == (0, 0)


def test_another_order_brings_its_own_intervals_and_gives_the_earlier_ones_back(made: Decided, app: Flask) -> None:
    def intervals(snapshot: Any) -> list[Any]:
        return [idea["measures"].get("low_micro") for idea in snapshot["ideas"]]

    first = intervals(json.loads(made.run.snapshot or ""))
    rule = top(2) | {"order": {"by": "support", "descending": True}, "close": {"within": "interval"}}
    assert made.again(rule) == "done"
    assert (first, None in intervals(json.loads(made.run.snapshot or ""))) == ([None] * 4, False)
    assert made.again(top(3)) == "done"
    assert intervals(json.loads(made.run.snapshot or "")) == first
    assert _verify(app) == (0, 0)


def test_a_draw_is_not_drawn_anew(world: World) -> None:
    """Else a manager could change a rule until the draw suits him."""
    made = _decided(world, top(2, tie_break=["hash"]), (1, 1, 1, 1, 1, 1))
    first = made.chosen()
    for floor in (1, 0, 1, 0):
        assert (
            made.again(top(2, tie_break=["hash"], eligibility={"measure": "views", "at_least": {"value": floor}})) == "done"
        )
        assert made.chosen() == first


def test_calls_lapse_and_sentences_about_ideas_that_changed_sides(world: World) -> None:
    made = _decided(world, top(1, close={"within": {"value": 1}}))
    sponsor = world.sponsor_of(made.challenge)
    rows = {each.idea_id: each for each in queries.of_run(made.run.id)}
    ids = [rows[idea.id].id for idea in made.ideas]
    for n, words in ((2, "Too few yet."), (3, "Far too few.")):
        with transaction():
            run = queries.run(made.run.id)
            judging.say(actor=sponsor, run=run, decision=queries.of_run(run.id)[n], words=words)
    with transaction():
        run = queries.run(made.run.id)
        judging.judge(actor=sponsor, run=run, decision=queries.of_run(run.id)[0], promoted=True, reason="Yes.")
    assert made.again(top(3)) == "done"
    world.anew()
    words = db.session.execute(select(Decision.id, Decision.words, Decision.close).order_by(Decision.id)).all()
    assert [tuple(row) for row in words] == list(zip(ids, ["", "", "", "Far too few."], [False] * 4, strict=True))
    assert db.session.scalar(select(func.count()).select_from(Judgement)) == 0
    made.announce()
    assert made.states() == ["promoted", "promoted", "promoted", "declined"]


# --- who may, and when -------------------------------------------------------------------------------------------


def test_what_cannot_be_decided_again(made: Decided) -> None:
    world = made.world
    assert made.again(top(1)) == "Invalid rule_is_the_same"
    assert made.again(top(2), "  ") == "Invalid reason_needed"
    assert made.again(ready_rule("panel_best")) == "Invalid rule_does_not_fit"
    assert made.again(top(2), who=world.sponsor_of(made.challenge)) == "Refused change_rule"
    rule_seen = {"actor": world.manager, "run": made.run, "rule": top(2), "reason": "Why not.", "seen": 2}
    assert answer(lambda: overriding.decide_again(**rule_seen)) == "Invalid rule_changed_meanwhile"
    made.announce()
    assert made.again(top(2)) == "NotPossible rule_is_fixed"
    assert (made.chosen(), world.again(made.challenge).rule_no) == ([True, False, False, False], 1)


def test_nobody_decides_again_where_an_idea_is_his_own(world: World) -> None:
    challenge = world.challenge(rule=top(1))
    author = world.grant(world.person(), Role.MANAGER)
    idea = world.idea(challenge, author)
    world.vote(idea)
    world.decided(challenge)
    made = Decided(world, challenge, [idea])
    assert made.again(top(2), who=author) == "Refused change_rule"
    path = f"/challenges/{challenge.public_id}/rule"
    assert world.browser(author).get(path).status_code == 403
    with pytest.raises(Exception, match="change_rule"):
        run = made.run
        overriding.override(
            actor=author,
            run=run,
            snapshot=json.loads(run.snapshot or ""),
            outcome=None,
            reason="Mine.",  # type: ignore[arg-type]
        )


def test_a_rule_that_would_tell_how_a_few_voted_is_refused(world: World) -> None:
    challenge = world.challenge(world.person("Sponsor"), rule=top(1), who_may="everyone")
    world.vote(world.idea(challenge))
    world.decided(challenge)
    made = Decided(world, challenge, [])
    outside = top(2) | {"eligibility": {"measure": "voters_external", "at_least": {"value": 1}}}
    assert made.again(outside) == "Invalid rule_tells_of_few"


def _few_outside(world: World, rule: Any) -> Decided:
    """Three ideas that thirty people inside want, and 2, 2 and 0 of the four who read them outside."""
    challenge = world.challenge(world.person("Sponsor"), rule=rule, who_may="everyone")
    ideas = [world.idea(challenge, title=f"Idea number {n}") for n in range(3)]
    outside = world.crowd(4, Circle.PUBLIC)
    for who in world.crowd(30):
        for idea in ideas:
            world.vote(idea, who)
    for who in outside:
        world.see(who, *ideas)
    for who in outside[:2]:
        for idea in ideas[:2]:
            world.vote(idea, who)
    return Decided(world, challenge, ideas)


def _from_outside(least: int, k: int = 3) -> dict[str, Any]:
    return top(k, eligibility={"measure": "voters_external", "at_least": {"value": least}})


def _preview(made: Decided, present: Any, new: Any) -> int:
    """How many ideas the real state shows in under another rule."""
    challenge = made.world.again(made.challenge)
    shown = previewing.on_real_state(made.world.manager, challenge, present, new)
    assert shown is not None
    return len(shown.new.promoted)


def test_no_other_threshold_and_no_tie_break_tells_how_a_few_voted(world: World) -> None:
    made = _few_outside(world, _from_outside(1))
    world.decided(made.challenge)
    assert made.chosen() == [True, True, False]
    assert _preview(made, _from_outside(1), _from_outside(2)) == 0
    for asking in (_from_outside(2), _from_outside(1, 1) | {"tie_break": ["voters_external"]}):
        assert made.again(asking) == "Invalid rule_tells_of_few"
    assert made.again(_from_outside(1, 1)) == "done"


def test_between_close_and_freeze_no_rule_tells_how_a_few_voted_either(world: World) -> None:
    made = _few_outside(world, top(3))
    world.close(made.challenge)
    measure(actor=house(Origin.CLOCK), challenge_id=made.challenge.id, k=3)
    assert (_preview(made, top(3), top(2)), _preview(made, top(3), _from_outside(2))) == (2, 0)
    change = {"actor": world.manager, "challenge": world.again(made.challenge), "reason": "Let me see."}
    assert answer(lambda: overriding.change_rule(rule=_from_outside(2), **change)) == "Invalid rule_tells_of_few"


# --- at the same time ---------------------------------------------------------------------------------------------


def test_two_managers_at_once_decide_again_once(made: Decided, app: Flask) -> None:
    managers = [made.world.manager, made.world.grant(made.world.person(), Role.MANAGER)]
    name = made.run.id

    def change(who: Actor, k: int) -> None:
        overriding.decide_again(actor=who, run=queries.run(name), rule=top(k), reason=f"{k} is right.", seen=1)

    results = at_once(app, [lambda: change(managers[0], 2), lambda: change(managers[1], 3)], slow="FROM decision")
    assert sorted(spelled(each) for each in results) == ["Invalid rule_changed_meanwhile", "NoneType"]
    assert (made.world.again(made.challenge).rule_no, len(challenges.rule_changes(made.challenge.id))) == (2, 1)
    assert _verify(app) == (0, 0)


def test_deciding_again_and_announcing_at_once_tell_one_result(made: Decided, app: Flask) -> None:
    sponsor, manager, name, seen = (
        made.world.sponsor_of(made.challenge),
        made.world.manager,
        made.run.id,
        made.run.outcome_hash,
    )
    results = at_once(
        app,
        [
            lambda: overriding.decide_again(actor=manager, run=queries.run(name), rule=top(2), reason="Two."),
            lambda: running.announce(actor=sponsor, run=queries.run(name), seen=seen),
        ],
        slow="FROM decision",
    )
    said = [spelled(each) for each in results]
    # Whoever comes second is told: the result is announced, or it is not the one that was looked at.
    assert said in (["NoneType", "NotPossible decided_again"], ["NotPossible rule_is_fixed", "NoneType"])
    if said[0] == "NoneType":
        assert made.states() == ["submitted"] * 4
        made.announce()
    chosen = 2 if said[0] == "NoneType" else 1
    assert made.states() == ["promoted"] * chosen + ["declined"] * (4 - chosen)
    assert _verify(app) == (0, 0)


def test_what_is_said_of_a_decision_is_not_said_of_the_one_in_its_place(world: World) -> None:
    made = _decided(world, top(1, close={"within": {"value": 1}}))
    browser, second = world.browser(world.sponsor_of(made.challenge)), made.ideas[1].public_id
    run = f"/runs/{made.run.public_id}"
    forms = {f"{run}/{page}": _sent(browser.get(f"{run}/{page}")) for page in ("sentences", "calls")}
    assert made.again(top(2, close={"within": {"value": 1}})) == "done"
    said = {f"words-{second}": "Too few people wanted it.", f"chosen-{second}": "no", f"reason-{second}": "Too few."}
    for path, form in forms.items():
        page = browser.post(path, form | said)
        assert (page.status_code, "decided again by another rule" in page.get_data(as_text=True)) == (409, True), path
    world.anew()
    assert [made.words for made in queries.of_run(made.run.id)] == [""] * 4
    assert queries.judgements(made.run.id) == {}
    for path in forms:
        assert browser.post(path, _sent(browser.get(path)) | said).status_code == 303


def _sent(page: Any) -> dict[str, str]:
    """The result that a page says it shows."""
    [seen] = re.findall(r'name="seen" value="(\w+)"', page.get_data(as_text=True))
    return {"seen": seen}


# --- found out ----------------------------------------------------------------------------------------------------


def test_a_forged_past_is_found(made: Decided, app: Flask) -> None:
    made.again(top(2))
    with transaction():
        db.session.execute(update(RuleChange).values(entered=[]))
    assert (replay(made.run), _verify(app)) == ("rule 2", (1, 1))


@pytest.mark.parametrize("name", ["before", "after"])
def test_a_forged_rule_in_the_past_is_found(made: Decided, app: Flask, name: str) -> None:
    made.again(top(2))
    with transaction():
        db.session.execute(update(RuleChange).values({name: top(4)}))
    assert (replay(made.run), _verify(app)) == ("rule 2", (1, 1))


def test_a_change_that_nobody_made_is_found(made: Decided) -> None:
    made.again(top(2))
    forged = {"number": 3, "before": top(2), "after": top(1), "entered": [], "left": [], "reason": "He wished it."}
    with transaction():
        db.session.add(RuleChange(challenge_id=made.challenge.id, changed_at=made.world.now(), **forged))
    assert told(made.run) == "the fact RuleChanged"


def test_a_change_that_was_wiped_away_is_found(made: Decided) -> None:
    first = {name: getattr(made.run, name) for name in ("snapshot", "snapshot_hash", "outcome_hash")}
    made.again(top(2))
    with transaction():
        db.session.execute(update(Run).values(**first))
        db.session.execute(delete(RuleChange))
        db.session.execute(update(Decision).where(Decision.idea_id == made.ideas[1].id).values(promoted=False))
    assert told(made.run) == "the fact RunDecidedAgain"


def test_the_record_tells_of_both_and_recounts(made: Decided, tmp_path: Path) -> None:
    made.again(top(2))
    made.announce()
    content = record.build(made.run, "How to count again.\n").content
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        changes = json.loads(bundle.read("changes.json"))
        earlier = list(csv.DictReader(io.StringIO(bundle.read("earlier.csv").decode())))
    entered = made.ideas[1].public_id
    assert [(each["kind"], each["entered"], each["left"], each["reason"]) for each in changes] == [
        ("rule", [entered], [], "There is money for more.")
    ]
    assert [(row["until_rule"], row["promoted"]) for row in earlier if row["idea"] == entered] == [("2", "0")]
    path = tmp_path / "record.zip"
    path.write_bytes(content)
    lines = recounting.recount(path)
    assert [line.what for line in lines if not line.holds] == []
    assert "before rule 2 it decided as recorded" in [line.what for line in lines]


@pytest.mark.parametrize(("name", "was", "now"), [("earlier.csv", b",1,1,", b",0,1,"), ("changes.json", None, None)])
def test_a_record_that_tells_another_past_is_found(made: Decided, tmp_path: Path, name: str, was: Any, now: Any) -> None:
    made.again(top(2))
    made.announce()
    with zipfile.ZipFile(io.BytesIO(record.build(made.run, "How to count again.\n").content)) as bundle:
        files = {each: bundle.read(each) for each in bundle.namelist()}
    # Whoever forges one file writes a manifest that fits.
    forged = files[name].replace(was or made.ideas[1].public_id.encode(), now or made.ideas[2].public_id.encode(), 1)
    manifest = json.loads(files["manifest.json"])
    assert forged != files[name]
    manifest["files"][name] = hashlib.sha256(forged).hexdigest()
    path = tmp_path / "record.zip"
    with zipfile.ZipFile(path, "w") as bundle:
        for each, content in (files | {name: forged, "manifest.json": json.dumps(manifest).encode()}).items():
            bundle.writestr(each, content)
    assert [line.what.partition(" ")[0] for line in recounting.recount(path) if not line.holds] == [name]


# --- pages --------------------------------------------------------------------------------------------------------


def test_a_manager_decides_again_in_the_composer_and_everybody_reads_it(made: Decided) -> None:
    world, path = made.world, f"/challenges/{made.challenge.public_id}/rule"
    browser = world.browser(world.manager)
    look = browser.post(path, filled(browser.get(path), path) | {"do": "look", "k": "2"})
    assert "Compared with the present rule, 1 enters and 0 leave." in " ".join(look.get_data(as_text=True).split())
    page = browser.post(path, filled(look, path) | {"do": "save", "reason": "There is money for two."})
    run = f"/runs/{made.run.public_id}"
    assert (page.status_code, page.location) == (303, run)
    before = browser.get(run).get_data(as_text=True)
    assert ("There is money for two." in before, "1 idea came in by it" in " ".join(before.split())) == (True, True)
    reader, decision = world.browser(world.person()), f"/challenges/{made.challenge.public_id}/decision"
    told_early = reader.get(decision).get_data(as_text=True)
    assert ("There is money for two." in told_early, "1 idea came in by it" in told_early) == (True, False)
    made.announce()
    idea = f"/ideas/{made.ideas[1].public_id}"
    for where in (decision, run, idea):
        seen = " ".join(reader.get(where).get_data(as_text=True).split())
        assert "There is money for two." in seen, where
    assert "It came in by a change of the rule" in " ".join(reader.get(idea).get_data(as_text=True).split())
    other = reader.get(f"/ideas/{made.ideas[0].public_id}").get_data(as_text=True)
    assert "by a change of the rule" not in other


def test_whoever_looked_at_another_result_does_not_announce(made: Decided) -> None:
    world, path = made.world, f"/runs/{made.run.public_id}/announcement"
    browser = world.browser(world.sponsor_of(made.challenge))
    form = filled(browser.get(path), path)
    made.again(top(2))
    page = browser.post(path, form)
    assert (page.status_code, "decided again by another rule" in page.get_data(as_text=True)) == (422, True)
    assert made.run.state == "decided"
    assert browser.post(path, filled(page, path)).status_code == 303
    assert made.run.state == "announced"


def test_the_fact_says_which_rule_and_nothing_more(made: Decided) -> None:
    made.again(top(2))
    payload = db.session.scalars(select(Event.payload).where(Event.name == "RunDecidedAgain")).one()
    run = made.run
    assert payload == {
        "run_id": run.id,
        "number": 2,
        "snapshot_hash": run.snapshot_hash,
        "outcome_hash": run.outcome_hash,
    }
