"""Ideas that are looked at before others see them: accepted, sent back with a question, or turned down with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from innovation.challenges import queries as challenges
from innovation.challenges.service import briefs
from innovation.ideas import queries as ideas
from innovation.ideas.queries import checking as waiting
from innovation.ideas.queries import receipts
from innovation.ideas.service import checking, filing, importing, restoring, talking, writing
from innovation.insight import queries as insight
from innovation.insight.queries import activity, checks
from innovation.insight.service import rebuilding
from innovation.kernel import clock
from innovation.kernel.actor import VISITOR, Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.lifecycle import StageCount
from innovation.kernel.usecase import may, transaction
from innovation.rules.policy import May
from innovation.rules.predicates import Role
from innovation.voting import queries as voting
from tests.conftest import counting
from tests.support.checked import Checked
from tests.support.race import at_once
from tests.support.refusals import answer, spelled
from tests.support.world import World


def _counted(challenge_id: int) -> dict[tuple[str, str], tuple[int, int]]:
    """(entered, left) by stage and visibility class; what came to nothing is left out."""
    db.session.rollback()
    rows = db.session.scalars(
        select(StageCount).where(StageCount.challenge_id == challenge_id, StageCount.subject_kind == "idea")
    )
    return {(row.stage, row.visibility): (row.entered, row.left) for row in rows if row.entered or row.left}


# --- who reads it --------------------------------------------------------------------------------------------------


def test_what_is_sent_is_read_by_its_authors_and_who_checks_alone(world: World) -> None:
    made = Checked(world)
    judge = world.grant(world.person("Judge"), Role.PANEL, "challenge", made.challenge.id)
    staff, administrator = world.person("Staff"), world.grant(world.person("Root"), Role.ADMINISTRATOR)
    idea = made.idea()
    assert made.stand(idea) == ("checking", "sealed", True)
    others = judge, staff, administrator
    assert made.readers(idea, *others) == ["Author", "Checker"]
    assert made.accept(idea) == "done"
    assert made.stand(idea) == ("submitted", "audience", False)
    assert made.readers(idea, *others) == ["Author", "Checker", "Sponsor", "Manager", "Judge", "Staff", "Root"]


def test_the_sponsors_check_where_nobody_is_named(world: World) -> None:
    made = Checked(world, named=False)
    idea = made.idea()
    assert [made.readers(idea), made.accept(idea)] == [["Author", "Sponsor", "Sponsor"], "done"]


def test_a_named_checker_stands_before_the_sponsor(world: World) -> None:
    """Who is named looks at it so that the sponsor need not."""
    made = Checked(world)
    idea = made.idea()
    assert ideas.get(made.sponsor, idea.public_id) is None
    assert made.accept(idea, made.sponsor) == "Refused check_idea"
    briefs.remove_person(
        actor=made.sponsor,
        challenge=world.again(made.challenge),
        person_id=made.checker.person_id or 0,
        role=Role.CHECKER,
    )
    number = idea.public_id
    assert world.browser(made.sponsor).post(f"/ideas/{number}/acceptance", {"revision": "1"}).status_code == 303
    assert made.stand(idea) == ("submitted", "audience", False)


def test_in_a_sealed_challenge_the_panel_reads_what_was_accepted_and_the_checker_no_longer(world: World) -> None:
    made = Checked(world, visibility="sealed", who_decides="sponsor")
    judge = world.grant(world.person("Judge"), Role.PANEL, "challenge", made.challenge.id)
    idea = made.idea()
    assert made.readers(idea, judge) == ["Author", "Checker"]
    made.accept(idea)
    assert made.stand(idea) == ("submitted", "sealed", False)
    assert made.readers(idea, judge) == ["Author", "Sponsor", "Judge"]


def test_one_that_was_sent_back_is_its_authors_until_it_comes_again(world: World) -> None:
    made = Checked(world)
    idea = made.idea("Before")
    assert made.ask(idea) == "done"
    assert made.stand(idea) == ("returned", "sealed", True)
    assert made.readers(idea) == ["Author"]
    writing.save_draft(actor=made.author, idea=made.again(idea), title="Half a", text="sentence", requested_minor=None)
    assert made.readers(idea) == ["Author"]
    assert made.send(idea) == "done"
    assert made.readers(idea) == ["Author", "Checker"]
    assert [row.number for row in ideas.revisions(made.again(idea))] == [1, 2]


def test_one_that_was_turned_down_is_never_shown(world: World) -> None:
    made = Checked(world)
    idea = made.idea()
    assert made.decline(idea, "  Not ours to judge.  ") == "done"
    assert made.stand(idea) == ("declined", "sealed", True)
    row = made.again(idea)
    assert (row.check_note, row.checked_by) == ("Not ours to judge.", made.checker.person_id)
    world.announced(made.challenge)
    assert made.readers(idea, world.person("Staff")) == ["Author", "Checker"]


def test_nobody_talks_about_or_votes_on_or_finds_what_waits(world: World) -> None:
    made = Checked(world)
    idea = made.idea("Zyzzyva")
    staff = world.person("Staff")
    world.settle()
    assert voting.ballot_paper(staff, idea.public_id) is None
    assert voting.ballot_paper(made.checker, idea.public_id) is None
    author, checker = made.author, made.checker
    assert answer(lambda: talking.say(actor=author, idea=made.again(idea), text="Well.")) == "NotPossible no_talk_here"
    assert answer(lambda: talking.say(actor=checker, idea=made.again(idea), text="Well.")) == "NotPossible no_talk_here"
    assert ideas.page(staff, world.again(made.challenge)).items == []
    assert activity.of_challenge(staff, world.again(made.challenge), None).items[0].name == "ChallengePublished"
    assert world.browser(staff).get("/search?q=zyzzyva").get_data(as_text=True).count("Zyzzyva") == 0
    made.accept(idea)
    world.settle()
    assert [row.title for row in ideas.page(staff, world.again(made.challenge)).items] == ["Zyzzyva"]
    assert "Zyzzyva" in world.browser(staff).get("/search?q=zyzzyva").get_data(as_text=True)


def test_what_happened_before_it_was_shown_is_told_to_authors_and_checkers(world: World) -> None:
    made = Checked(world)
    idea, staff = made.idea(), world.person("Staff")
    made.ask(idea)
    made.send(idea)
    made.accept(idea)

    def told(who: object) -> list[str]:
        found = activity.of_challenge(who, world.again(made.challenge), None).items  # type: ignore[arg-type]
        return [line.name for line in found if line.idea]

    assert told(staff) == ["IdeaAccepted"]
    assert told(made.author) == told(made.checker) == ["IdeaAccepted", "IdeaHandedIn", "IdeaSentBack", "IdeaHandedIn"]


# --- who decides ---------------------------------------------------------------------------------------------------


def test_who_checks_neither_sends_nor_votes_and_nobody_checks_his_own(world: World) -> None:
    made = Checked(world)
    again = world.again(made.challenge)
    assert [may(made.checker, act, again) for act in (May.START_IDEA, May.VOTE, May.CHECK_IDEA)] == [False, False, True]
    draft = made.world.draft_idea(made.challenge, made.author)
    late = world.grant(made.author, Role.CHECKER, "challenge", made.challenge.id)
    assert made.send(draft, late) == "Refused submit_idea"
    idea = made.idea(author=world.person("Other"))
    assert [made.accept(idea, who) for who in (world.manager, world.person("Staff"), VISITOR)] == ["Refused check_idea"] * 3
    own = world.grant(world.actor(idea.created_by or 0), Role.CHECKER, "challenge", made.challenge.id)
    assert made.accept(idea, own) == "Refused check_idea"
    assert list(waiting.to_check(own)) == []


def test_only_what_waits_is_decided_about_and_as_it_was_read(world: World) -> None:
    made = Checked(world)
    idea = made.idea()
    assert made.accept(idea, revision=2) == "NotPossible changed_since_read"
    writing.revise(actor=made.author, idea=made.again(idea), title="Better", text="Much.", requested_minor=None)
    assert [made.decline(idea, revision=1), made.ask(idea, revision=1)] == ["NotPossible changed_since_read"] * 2
    assert made.accept(idea, revision=2) == "done"
    assert [made.accept(idea), made.decline(idea), made.ask(idea)] == ["NotPossible not_to_be_checked"] * 3


def test_a_question_and_a_reason_are_needed(world: World) -> None:
    made = Checked(world)
    idea = made.idea()
    assert [made.ask(idea, " "), made.decline(idea, ""), made.decline(idea, "x" * 4001)] == [
        "Invalid check_note_missing",
        "Invalid check_note_missing",
        "Invalid check_note_too_long",
    ]
    assert made.stand(idea)[0] == "checking"


def test_two_who_check_at_once_decide_once(world: World) -> None:
    made = Checked(world)
    other, number = made.checking("Second"), made.idea().id

    def decide(by: object, accept: bool) -> str:
        idea = ideas.by_id(number)
        assert idea is not None
        db.session.rollback()
        if accept:
            checking.accept(actor=by, idea=idea)  # type: ignore[arg-type]
        else:
            checking.decline(actor=by, idea=idea, note="No.")  # type: ignore[arg-type]
        return "done"

    found = at_once(world.app, [lambda: decide(made.checker, True), lambda: decide(other, False)])
    assert sorted(each if isinstance(each, str) else spelled(each) for each in found) == [
        "NotPossible not_to_be_checked",
        "done",
    ]


# --- what stays as it was read -------------------------------------------------------------------------------------


def test_an_accepted_idea_stays_as_it_was_read(world: World) -> None:
    made = Checked(world)
    idea = made.idea()
    assert filing.changeable(made.again(idea), clock.now())
    made.accept(idea)
    row = made.again(idea)
    changed = answer(lambda: writing.revise(actor=made.author, idea=row, title="x", text="y", requested_minor=None))
    assert [changed, filing.changeable(made.again(idea), clock.now())] == ["NotPossible accepted_as_it_is", False]
    writing.add_note(actor=made.author, idea=made.again(idea), text="Besides.")


def test_the_proof_is_made_when_it_is_sent_and_the_questions_stay_from_then_on(world: World) -> None:
    made = Checked(world)
    assert not challenges.questions_fixed(made.challenge)
    idea = made.idea()
    assert challenges.questions_fixed(made.challenge)
    found = receipts.newest(idea.id)
    assert found is not None
    assert (found.revision_no, bool(found.signature)) == (1, True)


def test_it_can_be_taken_back_and_restored_to_where_it_was(world: World) -> None:
    made = Checked(world)
    idea = made.idea()
    writing.withdraw(actor=made.author, idea=made.again(idea))
    assert made.readers(idea) == ["Author"]
    restoring.bring_back(actor=made.author, idea=made.again(idea))
    assert made.stand(idea) == ("checking", "sealed", True)
    made.ask(idea)
    writing.withdraw(actor=made.author, idea=made.again(idea))
    restoring.bring_back(actor=made.author, idea=made.again(idea))
    assert made.stand(idea) == ("returned", "sealed", True)


def test_what_a_manager_brings_in_from_a_file_is_there_at_once(world: World) -> None:
    made = Checked(world)
    with transaction():
        idea = importing.take_in_idea(
            actor=house(Origin.IMPORT),
            challenge=challenges.by_id(made.challenge.id),
            source="file",
            foreign_id="1",
            title="From a file",
            text="Text",
            requested_minor=None,
            language="en",
            url="",
            author_ids=[made.author.person_id or 0],
            submitted_at=clock.now(),
            withdrawn=False,
        )
    assert made.stand(idea) == ("submitted", "audience", False)


# --- the deadline --------------------------------------------------------------------------------------------------


def test_one_that_was_sent_back_comes_again_after_the_deadline_until_the_day_that_was_said(world: World) -> None:
    made = Checked(world)
    idea = made.idea()
    other = made.idea()
    assert made.ask(idea, until=clock.now() + timedelta(days=30)) == "done"
    assert made.ask(other) == "done"
    made.past(closes_at=timedelta(seconds=1))
    assert answer(lambda: world.draft_idea(world.again(made.challenge), world.person("Late"))) == "NotNow closed"
    assert [made.send(idea), made.send(other)] == ["done", "NotNow closed"]
    assert made.stand(idea)[0] == "checking"
    assert made.accept(idea) == "done"


def test_the_day_that_was_said_is_kept_to_the_second(world: World) -> None:
    made = Checked(world)
    idea = made.idea()
    made.ask(idea, until=clock.now() + timedelta(days=30))
    made.past(closes_at=timedelta(seconds=1))
    with transaction():
        made.again(idea).resubmit_until = clock.now() - timedelta(milliseconds=1)
    assert made.send(idea) == "NotNow closed"


def test_a_day_that_comes_before_the_deadline_takes_nothing_away(world: World) -> None:
    made = Checked(world)
    idea = made.idea()
    made.ask(idea, until=clock.now() + timedelta(hours=1))
    with transaction():
        made.again(idea).resubmit_until = clock.now() - timedelta(milliseconds=1)
    assert made.send(idea) == "done"


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(minutes=-1), "Invalid day_is_past"),
        (timedelta(days=36), "Invalid day_too_late"),
        (timedelta(days=34), "done"),
    ],
)
def test_the_day_has_to_leave_time_to_judge_it(world: World, ahead: timedelta, said: str) -> None:
    """The vote of this challenge ends after 35 days."""
    made = Checked(world)
    assert made.ask(made.idea(), until=clock.now() + ahead) == said


def test_after_the_deadline_a_day_has_to_be_said(world: World) -> None:
    made = Checked(world)
    idea = made.idea()
    made.past(closes_at=timedelta(seconds=1))
    assert made.ask(idea) == "Invalid day_needed"


def test_what_can_no_longer_be_judged_with_the_others_is_not_shown_any_more(world: World) -> None:
    made = Checked(world)
    idea, other = made.idea(), made.idea()
    made.past(closes_at=timedelta(days=2), vote_closes_at=timedelta(seconds=1))
    assert [made.accept(idea), made.decline(other)] == ["NotNow too_late_to_show", "done"]


def test_nothing_is_checked_once_it_is_frozen(world: World) -> None:
    made = Checked(world, who_decides="sponsor")
    idea, other = made.idea(), made.idea()
    made.ask(other, until=clock.now() + timedelta(days=40))
    made.past(closes_at=timedelta(seconds=1), frozen_at=timedelta(0))
    later = clock.now() + timedelta(days=1)
    assert [made.accept(idea), made.decline(idea), made.ask(idea, until=later)] == ["NotNow closed"] * 3
    assert made.send(other) == "NotNow closed"


# --- lists and figures ---------------------------------------------------------------------------------------------


def test_the_list_is_of_whoever_checks_the_longest_waiting_first_in_so_many_queries(world: World) -> None:
    made, other = Checked(world), Checked(world, called=" elsewhere")
    wanted = [made.idea(f"Idea {n}", world.person()) for n in range(4)]
    made.accept(wanted[1])
    theirs = other.idea()
    world.anew()
    with counting() as few:
        assert [each.id for each in waiting.to_check(made.checker)] == [wanted[0].id, wanted[2].id, wanted[3].id]
    for n in range(20):
        made.idea(f"More {n}", world.person())
    world.anew()
    with counting() as many:
        assert len(waiting.to_check(made.checker, limit=50)) == 23
    assert len(few) == len(many) == 2
    assert [each.id for each in waiting.to_check(made.checker, after=wanted[2].id, limit=1)] == [wanted[3].id]
    assert [each.id for each in waiting.to_check(other.checker)] == [theirs.id]
    assert (waiting.to_check_count(made.checker), waiting.to_check_count(world.person())) == (23, 0)
    assert [(each.challenge.id, each.waiting) for each in waiting.by_challenge(made.checker)] == [(made.challenge.id, 23)]


def test_the_counters_follow_the_class_and_the_funnel_adds_up(world: World) -> None:
    made = Checked(world)
    seen, back, down, left = (made.idea() for _ in range(4))
    assert _counted(made.challenge.id) == {("checking", "sealed"): (4, 0)}
    made.ask(back)
    made.send(back)
    made.decline(down)
    writing.withdraw(actor=made.author, idea=made.again(left))
    for idea in (seen, back):
        made.accept(idea)
    assert _counted(made.challenge.id) == {
        ("checking", "sealed"): (2, 2),
        ("declined", "sealed"): (1, 0),
        ("withdrawn", "sealed"): (1, 0),
        ("checking", "audience"): (3, 3),
        ("returned", "audience"): (1, 1),
        ("submitted", "audience"): (2, 0),
    }
    world.anew()
    assert checks.mismatches() == []
    before = _counted(made.challenge.id)
    rebuilding.rebuild(actor=house(Origin.CLI))
    assert _counted(made.challenge.id) == before
    stage = insight.funnel(world.manager).stage("checking")
    assert (stage.entered, stage.inside, stage.left) == (5, 0, 5)


def test_a_strip_for_everybody_counts_nothing_that_nobody_accepted(world: World) -> None:
    made = Checked(world, who_may="everyone")
    public = world.person("Reader", Circle.PUBLIC)
    idea = made.idea()
    assert insight.strip(public)[0] == 0
    made.accept(idea)
    world.anew()
    assert insight.strip(public)[0] == 1
