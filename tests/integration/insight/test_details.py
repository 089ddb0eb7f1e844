"""What stands behind the first figures: people, filters, files, views, what is late; and that all can be made anew."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

from openpyxl import load_workbook

from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge, Topic
from innovation.ideas.service import writing
from innovation.insight import queries as insight
from innovation.insight.models import Participation
from innovation.insight.service import rebuilding, taking_part
from innovation.kernel.actor import Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.lifecycle import StageCount
from innovation.kernel.usecase import transaction
from tests.conftest import counting
from tests.integration.insight.test_funnel import assert_adds_up, happen
from tests.support.pages import words
from tests.support.world import World

CLOCK = house(Origin.CLOCK)


def counters() -> list[tuple[object, ...]]:
    db.session.rollback()
    rows = db.session.execute(
        db.select(
            StageCount.challenge_id,
            StageCount.subject_kind,
            StageCount.stage,
            StageCount.visibility,
            StageCount.entered,
            StageCount.left,
        )
    )
    return sorted(tuple(row) for row in rows)


def participations() -> list[tuple[object, ...]]:
    rows = db.session.scalars(db.select(Participation)).all()
    return sorted(
        (row.challenge_id, row.person_id, row.stage, row.circle, row.organisation_id or 0, row.since) for row in rows
    )


def test_people_who_could_were_reached_and_took_part_are_told_apart(world: World) -> None:
    sponsor = world.person("Sponsor")
    challenge = world.challenge(sponsor)
    author, voter, reader = world.crowd(3)
    world.crowd(2, Circle.PARTNER)
    idea = world.idea(challenge, author)
    world.vote(idea, voter)
    world.see(reader, idea)
    taking_part.keep_participation(actor=CLOCK)
    found = insight.funnel(house(Origin.CLI))
    took, reached, invited = (found.stage(key).entered for key in ("took_part", "reached", "invited"))
    assert (took, reached) == (2, 3)
    # Everybody of the staff, the manager who published it and the sponsor too; no partner.
    assert invited == 5
    named = insight.people(world.manager, insight.of_challenge(challenge), "took_part", None)
    assert {row.person_id for row in named.items} == {author.person_id, voter.person_id}
    assert insight.mismatches() == []
    before = participations()
    taking_part.keep_participation(actor=CLOCK)
    assert participations() == before


def test_a_wrong_figure_of_people_is_found(world: World) -> None:
    challenge = world.challenge()
    world.idea(challenge)
    taking_part.keep_participation(actor=CLOCK)
    db.session.execute(db.update(StageCount).where(StageCount.stage == "took_part").values(entered=7))
    db.session.commit()
    assert insight.mismatches() == [(challenge.id, "took_part", "kept (7, 0), counted (1, 0)")]


def test_the_figures_made_anew_are_the_same(world: World) -> None:
    happen(world, 5)
    world.idea(world.sealed())
    taking_part.keep_participation(actor=CLOCK)
    kept, people = counters(), participations()
    db.session.rollback()
    db.session.execute(db.update(StageCount).values(entered=0))
    db.session.commit()
    rebuilding.rebuild(actor=CLOCK)
    assert counters() == kept
    assert participations() == people
    assert insight.mismatches() == []


def test_filters_leave_what_they_say_and_their_lists_are_as_long(world: World) -> None:
    one, other = world.challenge(), world.challenge()
    with transaction():
        db.session.add(Topic(challenge_id=one.id, topic="Bonding"))
    partner = world.person(organisation="Partner Ltd")
    world.idea(one, partner)
    world.idea(one)
    world.idea(other)
    taking_part.keep_participation(actor=CLOCK)
    today = world.now().date()
    organisation = insight.choices(world.manager).organisations[0]
    sizes = {
        "topic": (insight.Filters(topic="Bonding"), 2),
        "organisation": (insight.Filters(organisation=organisation), 1),
        "circle": (insight.Filters(circle="staff"), 3),
        "nobody's circle": (insight.Filters(circle="partner"), 0),
        "today": (insight.Filters(since=today, until=today), 3),
        "tomorrow": (insight.Filters(since=today + timedelta(days=1)), 0),
        "month": (insight.Filters(cohort=today.strftime("%Y-%m")), 3),
        "both": (insight.Filters(challenge=challenges.by_id(one.id), circle="staff"), 2),
    }
    for name, (filters, size) in sizes.items():
        assert (name, insight.funnel(world.manager, filters).stage("submitted").entered) == (name, size)
        assert_adds_up(world.manager, filters)


def test_a_reopened_idea_counts_again_and_flows_add_up(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    idea = world.idea(challenge, author)
    writing.withdraw(actor=author, idea=world.idea_again(idea))
    world.idea(challenge)
    flows = insight.flows(world.manager, insight.EVERYTHING)
    assert [(flow.source, flow.target, flow.count) for flow in flows.inside] == [("submitted", "withdrawn", 1)]
    assert flows.from_outside == insight.funnel(world.manager).stage("submitted").entered == 2
    db.session.rollback()
    db.session.execute(db.text("UPDATE passage SET from_stage = 'shortlisted' WHERE stage = 'withdrawn'"))
    db.session.commit()
    assert insight.mismatches() == [(challenge.id, "withdrawn", "1 came from shortlisted and did not leave it")]


def test_an_answer_after_the_promised_day_is_late(world: World) -> None:
    kept, broken = world.challenge(), world.challenge()
    for challenge, days in ((kept, 60), (broken, -1)):
        world.vote(world.idea(challenge))
        with transaction():
            challenges.by_id(challenge.id).answer_by = world.now() + timedelta(days=days)
    late = insight.late(world.manager, insight.EVERYTHING, world.now())
    assert [(each.what, each.challenge.id, each.count) for each in late] == [("ideas", broken.id, 1)]
    world.announced(world.again(kept))
    world.announced(world.again(broken))
    found = insight.funnel(world.manager)
    assert (found.stage("answered_in_time").entered, found.stage("answered_late").entered) == (1, 1)
    promises = {each.challenge.id: each.kept for each in insight.promises(world.manager, insight.EVERYTHING, world.now())}
    assert (promises[kept.id].part, promises[kept.id].whole) == (1, 1)
    assert (promises[broken.id].part, promises[broken.id].whole) == (0, 1)


def test_the_details_show_every_section_for_any_filters(world: World) -> None:
    challenge = happen(world, 2)
    other = world.challenge()
    for _ in range(12):
        world.idea(other)
    taking_part.keep_participation(actor=CLOCK)
    browser, today = world.browser(world.manager), world.now().date()
    for query in (
        "details=1",
        f"details=1&challenge={challenge.public_id}&compare={other.public_id}",
        f"details=1&from={today}&to={today}&compare=before&circle=staff",
        f"details=1&cohort={today:%Y-%m}&topic=none",
    ):
        page = browser.get(f"/funnel?{query}")
        assert page.status_code == 200
    said = words(browser.get(f"/challenges/{challenge.public_id}/funnel?details=1"))
    for part in ("Stages", "How many go on", "From where to where", "How long things stay", "Ideas and proofs over time"):
        assert part in said
    assert browser.get("/funnel?challenge=0000000000").status_code == 404


def test_the_first_page_asks_as_much_of_many_challenges_as_of_one(world: World) -> None:
    sponsor = world.person()
    world.idea(world.challenge(sponsor))
    browser = world.browser(world.manager)
    browser.get("/funnel")
    with counting() as of_one:
        browser.get("/funnel")
    programme = world.programme()
    for _ in range(5):
        world.idea(world.challenge(sponsor, programme))
    with counting() as of_many:
        browser.get("/funnel")
    assert len(of_one) == len(of_many) <= 12


def test_files_hold_what_is_filtered_and_no_formula(world: World) -> None:
    one, other = world.challenge(title="=1+1"), world.challenge()
    world.idea(one, title="=HYPERLINK(1)")
    world.idea(other)
    sealed = world.sealed()
    hidden = world.idea(sealed, title="Secret sauce")
    browser = world.browser(world.manager)
    of_one = browser.get(f"/funnel/idea/submitted/entered/export.csv?challenge={one.public_id}")
    rows = list(csv.reader(io.StringIO(of_one.get_data().decode("utf-8-sig"))))
    assert [row[2] for row in rows[1:]] == ["'=HYPERLINK(1)"]
    assert [row[4] for row in rows[1:]] == ["'=1+1"]
    book = load_workbook(io.BytesIO(browser.get("/funnel/export.xlsx").get_data()))
    figures, listed = book.worksheets
    sent = next(row for row in figures.iter_rows(values_only=True) if row[1] == "submitted")
    assert sent[2:] == (3, 3, 0)
    titles = {row[1]: row[2] for row in listed.iter_rows(min_row=2, values_only=True)}
    assert len(titles) == 3
    assert titles[hidden.public_id] is None
    assert browser.get("/funnel/export.pdf").status_code == 404


def test_a_view_is_saved_shared_and_thrown_away(world: World) -> None:
    challenge: Challenge = world.challenge()
    world.idea(challenge)
    browser = world.browser(world.manager)
    query = f"challenge={challenge.public_id}&details=1&evil=1"
    made = browser.post("/funnel/views", {"title": "Mine", "query": query, "shared": ""})
    assert made.status_code == 303, made.get_data(as_text=True)
    assert made.headers["Location"].endswith(f"/funnel?challenge={challenge.public_id}&details=1")
    db.session.rollback()
    view = insight.views(world.manager, "funnel")[0]
    assert (view.title, view.shared, "evil" in view.query) == ("Mine", False, False)
    colleague = world.grant(world.person(), next(iter(world.manager.grants)).role)
    assert insight.views(colleague, "funnel") == []
    browser.post(f"/funnel/views/{view.public_id}/sharing", {"shared": "1"})
    db.session.rollback()
    assert [each.title for each in insight.views(colleague, "funnel")] == ["Mine"]
    assert world.browser(colleague).post(f"/funnel/views/{view.public_id}/removal").status_code == 404
    assert browser.post(f"/funnel/views/{view.public_id}/removal").status_code == 303
    db.session.rollback()
    assert insight.views(world.manager, "funnel") == []
