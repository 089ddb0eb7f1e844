"""An act on many waits ten minutes: stopped, nothing of it happened; released, each line is done once or says why not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from innovation.ideas.service import writing
from innovation.kernel import events
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, NotPossible, Refused
from innovation.kernel.events import Delivery, Event
from innovation.notifications.models import Message
from innovation.people.models import Person
from innovation.people.service import grants
from innovation.rules.predicates import Role
from innovation.rules.sending import HELD, Chosen
from innovation.steering.models import Sending
from innovation.steering.queries import sendings as reading
from innovation.steering.service import acting, sendings
from tests.integration.steering.conftest import Desk


def _facts() -> list[str]:
    return list(db.session.scalars(select(Event.name).order_by(Event.id)))


def _messages() -> int:
    return db.session.scalar(select(func.count()).select_from(Message)) or 0


def test_what_is_decided_waits_ten_minutes_and_nothing_of_it_happens(desk: Desk) -> None:
    one, other = desk.idea(), desk.idea()
    desk.world.settle()
    before, mails, told = _facts(), desk.mails(), _messages()
    made = desk.decide(one, other)
    desk.release()
    desk.world.settle()
    assert made.goes_at - made.decided_at == HELD
    assert desk.states(one, other) == ["checking", "checking"]
    assert _facts() == [*before, "SendingDecided"]
    assert (desk.mails(), _messages()) == (mails, told)


def test_what_is_stopped_never_happens(desk: Desk) -> None:
    idea = desk.idea()
    desk.world.settle()
    made = desk.decide(idea)
    before, mails = _facts(), desk.mails()
    sendings.stop(actor=desk.sponsor, sending=desk.again(made))
    desk.sent()
    assert desk.states(idea) == ["checking"]
    assert _facts() == [*before, "SendingStopped"]
    assert desk.mails() == mails
    assert desk.again(made).state == "stopped"
    assert desk.lines(made) == [("waiting", "")]


def test_its_lines_are_carried_out_once_its_time_has_come(desk: Desk) -> None:
    one, other = desk.idea(), desk.idea()
    made = desk.decide(one, other, personal={f"idea:{other.public_id}": "Your figures were good."})
    desk.sent()
    assert desk.states(one, other) == ["declined", "declined"]
    notes = [desk.world.idea_again(each).check_note for each in (one, other)]
    assert notes == ["Not for us.", "Not for us.\n\nYour figures were good."]
    assert desk.again(made).state == "gone"
    assert desk.lines(made) == [("done", ""), ("done", "")]
    facts = _facts()
    assert (facts.count("IdeaTurnedDown"), facts.count("LineCarriedOut"), facts.count("SendingReleased")) == (2, 2, 1)


def test_who_decided_did_it(desk: Desk) -> None:
    """The clock carries it out, and the record names the person and the clock."""
    idea = desk.idea()
    desk.decide(idea)
    desk.sent()
    fact = db.session.scalars(select(Event).where(Event.name == "IdeaTurnedDown")).one()
    assert (fact.actor_id, fact.origin) == (desk.sponsor.person_id, "clock")
    assert desk.world.idea_again(idea).checked_by == desk.sponsor.person_id


def test_an_idea_sent_back_can_come_again_until_the_day_that_was_said(desk: Desk) -> None:
    idea = desk.idea()
    until = desk.world.now() + timedelta(days=10)
    desk.decide(idea, act="return_idea", words="How?", params={"until": until.isoformat()})
    desk.sent()
    again = desk.world.idea_again(idea)
    assert (again.state, again.check_note, again.resubmit_until) == ("returned", "How?", until)


def test_one_that_moved_on_says_why_and_the_others_go_on(desk: Desk) -> None:
    author = desk.world.person()
    gone, stays = desk.idea(author=author), desk.idea()
    made = desk.decide(gone, stays)
    writing.withdraw(actor=author, idea=desk.world.idea_again(gone))
    desk.sent()
    assert desk.states(gone, stays) == ["withdrawn", "declined"]
    assert desk.lines(made) == [("refused", "not_to_be_checked"), ("done", "")]


def test_an_idea_its_authors_changed_meanwhile_is_not_decided_unread(desk: Desk) -> None:
    author = desk.world.person()
    idea = desk.idea(author=author)
    made = desk.decide(idea)
    writing.revise(actor=author, idea=desk.world.idea_again(idea), title=idea.title, text="Better.", requested_minor=None)
    desk.sent()
    assert desk.states(idea) == ["checking"]
    assert desk.lines(made) == [("refused", "changed_since_read")]


def test_rights_are_asked_anew_when_it_leaves(desk: Desk) -> None:
    idea = desk.idea()
    made = desk.decide(idea)
    second = desk.world.person()
    desk.world.grant(second, Role.SPONSOR, "challenge", desk.challenge.id)
    grants.take(
        actor=desk.world.manager,
        person_id=desk.sponsor.person_id,
        role=Role.SPONSOR,
        scope="challenge",
        scope_id=desk.challenge.id,
        now=desk.world.now(),
    )
    db.session.commit()
    desk.sent()
    assert desk.states(idea) == ["checking"]
    assert desk.lines(made) == [("refused", "check_idea")]


def test_a_refused_line_leaves_nothing_behind(desk: Desk) -> None:
    """What the verb began before it refused is undone with it, its deliveries too."""
    idea = desk.idea()
    past = desk.world.now() - timedelta(days=1)
    made = desk.decide(idea, act="return_idea", words="How?", params={"until": past.isoformat()})
    desk.sent()
    again = desk.world.idea_again(idea)
    assert (again.state, again.check_note, again.checked_by) == ("checking", "", None)
    assert desk.lines(made) == [("refused", "day_is_past")]
    assert _facts().count("IdeaSentBack") == 0


def test_what_an_act_did_before_it_was_refused_is_undone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    idea = desk.idea()
    desk.world.settle()
    made, mails = desk.decide(idea), desk.mails()
    really = acting.do_line
    poked: list[int] = []

    def refuses_late(*args: Any) -> None:
        really(*args)
        raise NotPossible("cannot_decline")

    monkeypatch.setattr(acting, "do_line", refuses_late)
    monkeypatch.setattr(events, "after_commit", [poked.extend])
    desk.sent()
    assert (desk.states(idea), desk.lines(made)) == (["checking"], [("refused", "cannot_decline")])
    assert _facts().count("IdeaTurnedDown") == 0
    assert desk.mails() == mails
    there = set(db.session.scalars(select(Delivery.id)))
    assert set(poked) - there == set()


def test_nobody_decides_what_is_not_his(desk: Desk) -> None:
    author = desk.world.person()
    idea = desk.idea(author=author)
    for who in (desk.world.person(), desk.world.manager, author):
        with pytest.raises(Invalid, match="nothing_chosen"):
            desk.decide(idea, who=who)
    assert db.session.scalar(select(func.count()).select_from(Sending)) == 0


def test_what_is_not_his_is_left_out_and_the_rest_is_decided(desk: Desk) -> None:
    mine, other = desk.idea(), desk.idea(desk.checked_challenge())
    made = desk.decide(mine, other, mine)
    assert len(desk.lines(made)) == 1


@pytest.mark.parametrize(
    ("words", "personal", "code"),
    [
        (" \n", "", "words_missing"),
        ("x" * 5001, "", "words_too_long"),
        ("x", "x" * 1001, "personal_too_long"),
    ],
)
def test_words_that_do_not_do_are_refused(desk: Desk, words: str, personal: str, code: str) -> None:
    idea = desk.idea()
    with pytest.raises(Invalid, match=code):
        desk.decide(idea, words=words, personal={f"idea:{idea.public_id}": personal})


def test_no_more_than_two_hundred_are_decided_at_once(desk: Desk) -> None:
    chosen = [Chosen("idea", f"{number:010}") for number in range(201)]
    with pytest.raises(Invalid, match="too_many_chosen"):
        desk.decide_for(chosen, "decline_idea", "No.", desk.sponsor)


def test_what_is_on_its_way_is_not_stopped(desk: Desk) -> None:
    made = desk.decide(desk.idea())
    desk.sent()
    with pytest.raises(NotPossible, match="cannot_stop"):
        sendings.stop(actor=desk.sponsor, sending=desk.again(made))


def test_only_who_decided_it_sees_and_stops_it(desk: Desk) -> None:
    made = desk.decide(desk.idea())
    with pytest.raises(Refused):
        sendings.stop(actor=desk.world.manager, sending=desk.again(made))
    assert reading.get(desk.world.manager, made.public_id) is None
    assert reading.recent(desk.world.manager) == []
    assert [each.id for each in reading.recent(desk.sponsor)] == [made.id]


def test_one_line_is_taken_out_and_the_others_leave(desk: Desk) -> None:
    one, other = desk.idea(), desk.idea()
    made = desk.decide(one, other)
    sending = desk.again(made)
    line = reading.line(sending, 1)
    assert line is not None
    sendings.take_out(actor=desk.sponsor, sending=sending, line=line)
    desk.sent()
    assert desk.states(one, other) == ["checking", "declined"]
    assert desk.lines(made) == [("refused", "taken_out"), ("done", "")]


def test_with_its_last_line_the_whole_is_stopped(desk: Desk) -> None:
    idea = desk.idea()
    made = desk.decide(idea)
    sending = desk.again(made)
    line = reading.line(sending, 1)
    assert line is not None
    sendings.take_out(actor=desk.sponsor, sending=sending, line=line)
    desk.sent()
    assert (desk.again(made).state, desk.states(idea)) == ("stopped", ["checking"])


def test_somebody_who_left_does_nothing_any_more(desk: Desk) -> None:
    idea = desk.idea()
    made = desk.decide(idea)
    db.session.get_one(Person, desk.sponsor.person_id).disabled_at = desk.world.now()
    db.session.commit()
    desk.sent()
    assert desk.lines(made) == [("refused", "not_here_any_more")]
    assert desk.states(idea) == ["checking"]
