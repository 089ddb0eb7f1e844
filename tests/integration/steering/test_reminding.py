"""A reminder by name reaches who has to act, in the manager's words, at most once a day of the same thing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from innovation.challenges.service import inquiries
from innovation.ideas.service import checking
from innovation.kernel import reminders
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid
from innovation.people import queries as people
from innovation.projects.service import gates
from innovation.promotion.service import picking
from innovation.rules.predicates import Role
from innovation.rules.promotion import ready_rule
from innovation.rules.sending import Chosen, SendingAct
from innovation.steering.queries.choosing import things
from tests.integration.steering.conftest import Desk


def remind(desk: Desk, *chosen: Chosen, words: str = "Please look at it today.") -> list[tuple[str, str]]:
    """Remind, let it leave, and (to, subject) of the reminders."""
    made = desk.decide_for(chosen, "remind", words, desk.world.manager)
    desk.sent()
    desk.world.settle()
    assert {state for state, _problem in desk.lines(made)} <= {"done", "refused"}
    return desk.mails("A reminder")


def _address(person_id: int | None) -> str:
    assert person_id is not None
    found = people.address_of(person_id)
    assert found is not None
    return found.typed


def test_who_approves_is_reminded_of_a_challenge(desk: Desk) -> None:
    approver = desk.world.grant(desk.world.person("Boss"), Role.MANAGER, "programme", desk.programme.id)
    asked = desk.world.handed_in(desk.world.draft_challenge(desk.world.person(), desk.programme, title="How to glue?"))
    told = remind(desk, Chosen("challenge", asked.public_id))
    assert told == [(_address(approver.person_id), "A reminder. A challenge waits for your approval: How to glue?")]
    (letter,) = [each for each in desk.world.letters() if each.subject.startswith("A reminder")]
    assert "Manager writes:\n\nPlease look at it today." in letter.text.replace("\r\n", "\n")
    assert f"/challenges/{asked.public_id}" in letter.text


def test_the_sponsor_is_reminded_to_choose_and_then_to_announce(desk: Desk) -> None:
    world = desk.world
    challenge = world.challenge(None, desk.programme, who_decides="sponsor", rule=ready_rule("sponsor_picks"), title="Glue?")
    sponsor = world.sponsor_of(challenge)
    idea = world.idea(world.again(challenge))
    world.close(world.again(challenge))
    chosen = Chosen("challenge", challenge.public_id)
    assert remind(desk, chosen) == [(_address(sponsor.person_id), "A reminder. Ideas wait for your choice: Glue?")]
    picking.pick(actor=sponsor, idea=world.idea_again(idea), chosen=True, reason="Yes.")
    picking.finish_picks(actor=sponsor, challenge=world.again(challenge))
    world.settle()
    (found,) = things(world.manager, SendingAct.REMIND, [chosen], world.now())
    assert found.duty is not None
    assert (found.duty.what, found.duty.people) == ("announce", (sponsor.person_id,))
    run = world.run_of(challenge)
    (by_run,) = things(world.manager, SendingAct.REMIND, [Chosen("run", run.public_id)], world.now())
    assert by_run.duty == found.duty


def test_who_checks_and_who_answers_are_reminded(desk: Desk) -> None:
    world, idea = desk.world, desk.idea(title="Zyzzyva")
    asked = inquiries.ask(actor=world.person(), challenge=world.again(desk.challenge), text="How thick?", private=True)
    title = world.again(desk.challenge).title
    told = remind(desk, Chosen("idea", idea.public_id), Chosen("inquiry", asked.public_id))
    to = _address(desk.sponsor.person_id)
    assert sorted(told) == [
        (to, f"A reminder. A question waits for your answer: {title}"),
        (to, f"A reminder. Ideas wait to be checked by you: {title}"),
    ]
    assert not any(
        "Zyzzyva" in each.whole or "How thick" in each.whole for each in world.letters() if "reminder" in each.subject
    )


def test_the_keeper_of_a_gate_is_reminded(desk: Desk) -> None:
    world = desk.world
    author, keeper = world.person(), world.person()
    project = world.project(author, keeper)
    gate = project.gates[0]
    gates.ask(actor=author, project=project, gate_key=gate.key)
    told = remind(desk, Chosen("gate", f"{project.public_id}/{gate.key}"))
    assert [to for to, _subject in told] == [_address(keeper.person_id)]
    assert "A gate waits for your decision" in told[0][1]


def test_nobody_is_reminded_of_the_same_thing_twice_a_day(desk: Desk) -> None:
    asked = inquiries.ask(actor=desk.world.person(), challenge=desk.world.again(desk.challenge), text="How?", private=True)
    chosen = Chosen("inquiry", asked.public_id)
    assert len(remind(desk, chosen)) == 1
    again = desk.decide_for([chosen], "remind", "Now.", desk.world.manager)
    desk.sent()
    desk.world.settle()
    assert desk.lines(again) == [("refused", "reminded_today")]
    assert len(desk.mails("A reminder")) == 1
    db.session.execute(db.update(reminders.Reminder).values(step="by_name_yesterday"))
    db.session.commit()
    assert len(remind(desk, chosen)) == 2


def test_what_is_settled_meanwhile_reminds_nobody(desk: Desk) -> None:
    idea = desk.idea()
    made = desk.decide_for([Chosen("idea", idea.public_id)], "remind", "Now.", desk.world.manager)
    checking.accept(actor=desk.sponsor, idea=desk.world.idea_again(idea))
    desk.sent()
    desk.world.settle()
    assert desk.lines(made) == [("refused", "nothing_waits")]
    assert desk.mails("A reminder") == []


def test_several_who_have_to_act_are_a_line_each(desk: Desk) -> None:
    second = desk.world.grant(desk.world.person(), Role.SPONSOR, "challenge", desk.challenge.id)
    made = desk.decide_for([Chosen("idea", desk.idea().public_id)], "remind", "Now.", desk.world.manager)
    desk.sent()
    desk.world.settle()
    assert desk.lines(made) == [("done", ""), ("done", "")]
    told = {to for to, _subject in desk.mails("A reminder")}
    assert told == {_address(desk.sponsor.person_id), _address(second.person_id)}


@pytest.mark.parametrize("who", ["sponsor", "somebody"])
def test_a_manager_alone_reminds(desk: Desk, who: str) -> None:
    idea = desk.idea()
    actor = desk.sponsor if who == "sponsor" else desk.world.person()
    with pytest.raises(Invalid, match="nothing_chosen"):
        desk.decide_for([Chosen("idea", idea.public_id)], "remind", "Now.", actor)


def test_where_nothing_waits_or_it_waits_for_him_alone_says_so(desk: Desk) -> None:
    world = desk.world
    running = Chosen("challenge", desk.challenge.public_id)
    own = world.handed_in(world.draft_challenge(world.person(), desk.programme))
    found = things(world.manager, SendingAct.REMIND, [running, Chosen("challenge", own.public_id)], world.now())
    assert [each.problem for each in found] == ["nothing_waits", "waits_for_you"]


def test_an_answer_that_was_promised_is_waited_for_once_ideas_are_in(desk: Desk) -> None:
    world = desk.world
    world.close(desk.challenge)
    (found,) = things(world.manager, SendingAct.REMIND, [Chosen("challenge", desk.challenge.public_id)], world.now())
    assert found.duty is not None
    assert found.duty.what == "answer"
    assert world.again(desk.challenge).answer_by > world.now() - timedelta(days=60)
