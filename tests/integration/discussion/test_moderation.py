"""Reports: who may report, decide and settle; what readers, the writer and the counter see meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from innovation.challenges.service import talking
from innovation.discussion import queries
from innovation.discussion.models import Case, Comment, Thread
from innovation.discussion.queries import cases
from innovation.discussion.service import moderating, reporting
from innovation.ideas.service import talking as idea_talking
from innovation.kernel import clock
from innovation.kernel.actor import Actor
from innovation.kernel.db import db
from innovation.kernel.errors import DomainError, Invalid, NotNow, NotPossible, Refused
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.rules.moderation import ReportReason
from innovation.rules.predicates import Role
from tests.conftest import counting
from tests.support.browser import Browser
from tests.support.world import World

MARKER = "Xylophone"


def _read(browser: Browser, path: str) -> str:
    page = browser.get(path)
    assert page.status_code == 200, (path, page.status_code)
    return page.get_data(as_text=True)


class Street:
    """A challenge with one comment of a writer, and people around it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.programme = world.programme()
        self.sponsor = world.person("Sponsor")
        self.challenge = world.challenge(self.sponsor, self.programme)
        self.writer, self.reader, self.other = world.person("Writer"), world.person("Reader"), world.person("Other")
        self.second = world.grant(world.person("Second"), Role.MANAGER, "programme", self.programme.id)
        self.comment = self.say(self.writer)

    def say(self, who: Actor, text: str = f"{MARKER} says this.") -> Comment:
        self.world.anew()
        return talking.ask(actor=who, challenge=self.world.again(self.challenge), text=text)

    def row(self) -> Comment:
        self.world.anew()
        found = queries.comment_by_id(self.comment.id)
        assert found is not None
        return found

    def report(self, who: Actor | None = None, reason: ReportReason = ReportReason.SPAM, words: str = "") -> Case:
        return reporting.report(actor=who or self.reader, comment=self.row(), reason=reason, words=words)

    def case(self) -> Case:
        self.world.anew()
        found = cases.latest(self.comment.id)
        assert found is not None
        return found

    def remove(self, who: Actor | None = None) -> None:
        case = self.case()
        moderating.remove(actor=who or self.world.manager, case=case, reason=ReportReason.INSULT, words="It hurts somebody.")

    def object(self, words: str = "It was a joke.") -> None:
        moderating.object_to(actor=self.writer, case=self.case(), words=words)

    def counted(self) -> tuple[int, int]:
        """What the thread says it has, and what a recount says."""
        self.world.anew()
        thread = db.session.get_one(Thread, self.comment.thread_id)
        kept = select(db.func.count()).where(Comment.thread_id == thread.id, queries.stands())
        return thread.comments, db.session.scalar(kept) or 0

    def facts(self) -> list[str]:
        names = db.session.scalars(select(Event.name).order_by(Event.id)).all()
        return [name for name in names if name.startswith(("Comment", "Removal"))]


@pytest.fixture
def street(world: World) -> Street:
    return Street(world)


def _refused(call: Callable[[], Any]) -> str:
    try:
        call()
    except DomainError as error:
        return error.code
    finally:
        db.session.rollback()
    return "done"


def test_a_reader_reports_once_and_nobody_his_own_words(street: Street) -> None:
    said = [
        _refused(lambda: street.report(street.writer)),
        _refused(lambda: street.report(street.reader)),
        _refused(lambda: street.report(street.reader)),
        _refused(lambda: street.report(street.other, ReportReason.OTHER, "Look at it.")),
    ]
    assert said == ["report_comment", "done", "reported_already", "done"]
    assert len(db.session.scalars(select(Case.id)).all()) == 1
    reported = cases.reported([street.case().id])[street.case().id]
    assert (reported.people, reported.reasons, reported.words) == (2, {"spam": 1, "other": 1}, ["Look at it."])


def test_a_comment_that_somebody_cannot_read_cannot_be_reported(street: Street) -> None:
    panel = street.world.panellist(street.challenge)
    secret = talking.confer(actor=panel, challenge=street.world.again(street.challenge), text="Among us.")
    assert street.world.browser(street.reader).get(f"/comments/{secret.public_id}/report").status_code == 404
    assert street.world.browser(street.world.manager).get(f"/comments/{secret.public_id}/report").status_code == 404
    visitor = street.world.browser().get(f"/comments/{street.comment.public_id}/report")
    assert visitor.status_code in {303, 404}


def test_managers_decide_and_nobody_about_his_own_words_or_reports(street: Street) -> None:
    manager, second = street.world.manager, street.second
    street.comment = street.say(second)
    street.report(manager)
    found = [
        _refused(lambda who=who: moderating.keep(actor=who, case=street.case()))  # type: ignore[misc]  # mypy and defaults
        for who in (second, manager, street.reader, street.sponsor)
    ]
    assert found == ["moderate"] * 4
    waiting = {who.name: cases.waiting(who) for who in (second, manager, street.reader, street.sponsor)}
    assert waiting == {"Second": 0, "Manager": 0, "Reader": 0, "Sponsor": 0}
    administrator = street.world.grant(street.world.person("Admin"), Role.ADMINISTRATOR)
    assert cases.waiting(administrator) == 1
    assert _refused(lambda: moderating.keep(actor=administrator, case=street.case())) == "done"


def test_what_is_removed_counts_no_more_and_returns_when_the_objection_is_right(street: Street) -> None:
    street.say(street.other, "Another one.")
    street.report()
    assert street.counted() == (2, 2)
    street.remove()
    assert street.counted() == (1, 1)
    assert db.session.scalars(select(Comment.id).join(Comment.thread).where(queries.readable(street.reader))).all() != [
        street.comment.id
    ]
    street.object()
    moderating.restore(actor=street.second, case=street.case(), words="A joke indeed.")
    assert street.counted() == (2, 2)
    assert street.facts()[2:] == ["CommentReported", "CommentRemoved", "RemovalAppealed", "CommentRestoredByAppeal"]


def test_somebody_else_settles_an_objection(street: Street) -> None:
    street.report()
    street.remove(street.world.manager)
    street.object()
    assert [cases.waiting(street.world.manager), cases.waiting(street.second)] == [0, 1]
    for verb in (moderating.restore, moderating.uphold):
        with pytest.raises(Refused):
            verb(actor=street.world.manager, case=street.case(), words="I know.")
    moderating.uphold(actor=street.second, case=street.case(), words="It is no joke.")
    assert street.counted() == (0, 0)
    assert _refused(lambda: street.object("Again.")) == "cannot_appeal"


def test_an_objection_is_the_writers_once_and_within_a_fortnight(street: Street) -> None:
    street.report()
    street.remove()
    case = street.case()
    assert _refused(lambda: moderating.object_to(actor=street.reader, case=case, words="Why?")) == "object_to_removal"
    assert _refused(lambda: street.object("  ")) == "reason_missing"
    with transaction():
        row = db.session.get_one(Case, case.id)
        row.decided_at = clock.now() - timedelta(days=14, seconds=1)
    with pytest.raises(NotNow):
        street.object()
    with transaction():
        row = db.session.get_one(Case, case.id)
        row.decided_at = clock.now() - timedelta(days=13)
    street.object()
    with pytest.raises(NotPossible):
        street.object()


def test_what_may_be_confidential_is_hidden_at_once_and_nothing_else_is(street: Street) -> None:
    street.report(street.reader, ReportReason.INSULT)
    assert (street.row().hidden_at, street.counted()) == (None, (1, 1))
    street.report(street.other, ReportReason.CONFIDENTIAL)
    assert street.row().hidden_at is not None
    assert street.counted() == (0, 0)
    page = f"/challenges/{street.challenge.public_id}/questions"
    shown = [MARKER in _read(street.world.browser(who), page) for who in (street.reader, street.writer)]
    assert shown == [False, True]
    moderating.keep(actor=street.world.manager, case=street.case())
    assert street.counted() == (1, 1)
    assert MARKER in _read(street.world.browser(street.reader), page)


def test_a_removal_needs_a_sentence(street: Street) -> None:
    street.report()
    with pytest.raises(Invalid):
        moderating.remove(actor=street.world.manager, case=street.case(), reason=ReportReason.SPAM, words=" ")
    assert street.case().state == "open"


def test_a_kept_comment_is_looked_at_again_for_somebody_new_alone(street: Street) -> None:
    street.report()
    moderating.keep(actor=street.world.manager, case=street.case(), words="Fine.")
    assert _refused(lambda: street.report(street.reader)) == "reported_already"
    street.report(street.other)
    assert [row.state for row in db.session.scalars(select(Case).order_by(Case.id))] == ["kept", "open"]


def test_in_a_talk_that_managers_do_not_read_its_own_people_keep_order(world: World) -> None:
    sponsor = world.person("Sponsor")
    challenge = world.sealed(sponsor)
    author, panel = world.person("Author"), world.panellist(challenge)
    idea = world.idea(challenge, author)
    said = idea_talking.say(actor=panel, idea=world.idea_again(idea), text=MARKER)
    world.anew()
    row = queries.comment_by_id(said.id)
    assert row is not None
    reporting.report(actor=author, comment=row, reason=ReportReason.INSULT)
    waiting = {who.name: cases.waiting(world.actor(who.person_id or 0)) for who in (world.manager, sponsor, panel, author)}
    assert waiting == {"Manager": 0, "Sponsor": 1, panel.name: 0, "Author": 0}
    world.anew()
    case = cases.latest(said.id)
    assert case is not None
    assert cases.deciders(case) == [sponsor.person_id]
    assert world.browser(world.manager).get(f"/moderation/{case.public_id}").status_code == 404
    moderating.keep(actor=world.actor(sponsor.person_id or 0), case=case)


def test_the_pages_lead_through_a_report_to_its_end(street: Street) -> None:
    world, comment = street.world, street.comment
    reader, manager = world.browser(street.reader), world.browser(world.manager)
    writer, second = world.browser(street.writer), world.browser(street.second)
    path = f"/comments/{comment.public_id}"
    assert reader.post(f"{path}/report", {"reason": ""}).status_code == 422
    assert reader.post(f"{path}/report", {"reason": "insult", "words": "Rude."}).status_code == 303
    assert "once is enough" in _read(reader, f"{path}/report")
    case = street.case().public_id
    assert f"/moderation/{case}" in _read(manager, "/moderation")
    shown = _read(manager, f"/moderation/{case}")
    assert [MARKER in shown, "Rude." in shown, "Reader" in shown] == [True, True, False]
    assert writer.get(f"/moderation/{case}").status_code == 403
    assert manager.post(f"/moderation/{case}", {"outcome": "insult"}).status_code == 422
    assert manager.post(f"/moderation/{case}", {"outcome": "insult", "words": "It hurts."}).status_code == 303
    assert reader.get(f"{path}/removal").status_code == 403
    assert ["It hurts." in _read(writer, f"{path}/removal"), MARKER in _read(writer, f"{path}/removal")] == [True, True]
    assert writer.post(f"{path}/removal", {"words": "A joke."}).status_code == 303
    assert "A joke." in _read(second, f"/moderation/{case}")
    refused = manager.post(f"/moderation/{case}/settlement", {"outcome": "restore"})
    assert [refused.status_code, "neither removed the comment" in refused.get_data(as_text=True)] == [403, True]
    assert second.post(f"/moderation/{case}/settlement", {"outcome": "restore", "words": "Fine."}).status_code == 303
    assert street.row().hidden_at is None


def test_a_queue_of_thirty_asks_no_more_than_one_of_one(embedded: World) -> None:
    street = Street(embedded)
    street.report()
    browser = embedded.browser(embedded.manager)

    def asked() -> int:
        browser.get("/moderation")
        with counting() as sent:
            assert browser.get("/moderation").status_code == 200
        return len(sent)

    few = asked()
    for _ in range(30):
        street.comment = street.say(street.writer)
        street.report()
    assert asked() <= few
