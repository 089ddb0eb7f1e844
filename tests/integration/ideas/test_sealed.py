"""Sealed means sealed: what a sealed idea says is read by its authors, the sponsors and the panel, and by nobody else."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import pytest
from werkzeug.test import TestResponse

from innovation.attachments.models import Attachment, Upload
from innovation.challenges.models import Programme
from innovation.discussion.models import Case, Comment, Thread
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.ideas.service import authors, talking, writing
from innovation.insight.models import Report
from innovation.kernel.actor import VISITOR, Actor, Circle
from innovation.kernel.db import db
from innovation.people.models import Organisation, Person
from innovation.projects.models import Project
from innovation.promotion.service import picking, running
from innovation.rules.predicates import Role
from innovation.rules.quarters import quarter_of
from tests.support import samples
from tests.support.asking import ask
from tests.support.filing import add
from tests.support.pages import addresses
from tests.support.world import World

MARKER = "zyzzyva"
TEXT = f"Only for you: {MARKER}, and no more."


def _read(response: TestResponse) -> str:
    """What an answer says, a bundle unpacked."""
    data = response.get_data()
    if response.mimetype == "application/zip":
        with zipfile.ZipFile(BytesIO(data)) as bundle:
            data = b"".join(bundle.read(name) for name in bundle.namelist())
    return data.decode("utf-8", "replace")


class Vault:
    """A sealed challenge with a marked idea in each state that one can be in, and everybody who might look."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.challenge = world.sealed(title="Sealed question")
        self.sponsor = world.sponsor_of(self.challenge)
        self.panel = world.grant(world.person("Panel", Circle.EXPERT), Role.PANEL, "challenge", self.challenge.id)
        self.author = world.person("Author", Circle.EXPERT)
        self.helper = world.person("Helper", Circle.PARTNER)
        self.asked = ask(world, self.challenge, "What else?", who=self.sponsor)
        self.draft, self.sent, self.gone, self.plain = (self.idea(name) for name in ("draft", "sent", "gone", "plain"))
        for idea in (self.draft, self.sent, self.gone):
            add(world, self.author, idea, samples.PDF.replace(b"%%EOF\n", MARKER.encode() + b"\n%%EOF\n"), f"{MARKER}.pdf")
        for idea in (self.sent, self.gone, self.plain):
            self.again(idea)
            writing.submit(actor=self.author, idea=self.again(idea), accept_terms=True)
        writing.revise(
            actor=self.author,
            idea=self.again(self.sent),
            title=f"{MARKER} sent",
            text=TEXT + " New.",
            requested_minor=None,
        )
        talking.say(actor=self.author, idea=self.again(self.sent), text=f"And {MARKER} once more.")
        talking.say(actor=self.author, idea=self.again(self.gone), text=f"And {MARKER}, gone.")
        writing.withdraw(actor=self.author, idea=self.again(self.gone))
        self.outsiders: dict[str, Actor | None] = {
            "visitor": None,
            "public": world.person("", Circle.PUBLIC),
            "expert": world.person("", Circle.EXPERT),
            "staff": world.person("", Circle.STAFF),
            "sponsor elsewhere": world.sponsor_of(world.challenge()),
            "administrator": world.grant(world.person(), Role.ADMINISTRATOR),
            "manager": world.manager,
        }
        self.nearest = {name: self.outsiders[name] for name in ("expert", "manager")}

    def idea(self, name: str) -> Idea:
        said: dict[str, Any] = {"answers": {self.asked.public_id: MARKER}, "provenance": {"kept_out": MARKER}}
        made = self.world.draft_idea(self.challenge, self.author, f"{MARKER} {name}", text=TEXT, **said)
        authors.name_author(actor=self.author, idea=self.again(made), email="helper@example.org")
        return made

    def again(self, idea: Idea) -> Idea:
        return self.world.idea_again(idea)

    def names(self) -> dict[str, list[str]]:
        """Every name an address may carry in this house."""
        self.world.anew()
        people = db.session.scalars(db.select(Person.public_id)).all()
        projects = list(db.session.scalars(db.select(Project.public_id))) or ["0000000000"]
        runs = [run.public_id for run in self.world.runs()] or ["0000000000"]
        return {
            "challenges/public_id": [self.challenge.public_id],
            "programmes/public_id": list(db.session.scalars(db.select(Programme.public_id))),
            "ideas/public_id": [each.public_id for each in (self.draft, self.sent, self.gone)],
            "projects/public_id": projects,
            "runs/public_id": runs,
            "people/public_id": list(people[:1]),
            "organisations/public_id": list(db.session.scalars(db.select(Organisation.public_id))) or ["0000000000"],
            "results/public_id": [each.public_id for each in (self.draft, self.sent, self.gone, self.challenge)],
            "invitation/public_id": ["0000000000"],
            "awards/public_id": ["0000000000"],
            "comments/public_id": list(db.session.scalars(db.select(Comment.public_id))) or ["0000000000"],
            "moderation/public_id": list(db.session.scalars(db.select(Case.public_id))) or ["0000000000"],
            "files/public_id": list(db.session.scalars(db.select(Attachment.public_id))),
            "files/name": [f"{MARKER}.pdf"],
            "uploads/public_id": list(db.session.scalars(db.select(Upload.public_id))),
            "threads/public_id": list(db.session.scalars(db.select(Thread.public_id))) or ["0000000000"],
            "live/public_id": ["0000000000"],  # a stream does not end; it says nothing but "changed"
            "reports/public_id": list(db.session.scalars(db.select(Report.public_id))) or ["0000000000"],
            "quarter": [str(quarter_of(self.world.now()))],
            "orders/public_id": ["0000000000"],
            "import/kind": ["ideas"],
            "day": ["2026-11-23"],
            "colour": ["0b5c8a"],
            "steering/public_id": ["0000000000"],
            "act": ["decline_idea"],
            "inquiries/public_id": ["0000000000"],
            "offers/public_id": ["0000000000"],
            "slug": ["any-words"],
            "question": [self.asked.public_id],
            "position": ["1"],
            "nonce": ["x"],
            "token": ["x"],
            "flag_id": ["0"],
            "number": ["1"],
            "what": ["terms"],
            "projects/kind": ["expected", "validated", "actual"],
            "key": ["manager"],
            "name": ["x"],
            "form": ["csv"],
            "kind": ["idea"],
            "stage": ["submitted", "withdrawn"],
            "part": ["entered"],
        }

    def leaks(self, who: Actor | None) -> list[str]:
        """The addresses at which somebody reads the marker."""
        browser = self.world.browser(who)
        half = MARKER[:4]  # a search finds it by this, and its page does not say it back
        looked = [f"/challenges/{self.challenge.public_id}/ideas?q={half}", f"/challenges?q={half}", f"/projects?q={half}"]
        looked += [f"/search?q={half}", "/search?q=zyzzyav", f"/challenges/{self.challenge.public_id}/similar?title={half}"]
        looked += [path for _endpoint, path in addresses(self.world.app, self.names()) if not path.startswith("/dev/")]
        looked += [f"{path}?show={kind}" for path in ("/challenges",) for kind in ("open", "closed", "decided", "mine")]
        # A page may say the address back that was asked for; the marker in that is the asker's own.
        return [path for path in looked if MARKER in _read(browser.get(path)).replace(path, "")]


@pytest.fixture
def vault(world: World) -> Vault:
    return Vault(world)


@pytest.fixture
def pages(embedded: World) -> Vault:
    """For looking at every page: on one database, since both are asked by the same predicates."""
    return Vault(embedded)


def test_a_sealed_idea_is_read_by_authors_sponsor_and_panel_alone(vault: Vault) -> None:
    readers = {"author": vault.author, "helper": vault.helper, "sponsor": vault.sponsor, "panel": vault.panel}
    watchers = {name: who or VISITOR for name, who in vault.outsiders.items()} | readers
    db.session.rollback()
    seen = [name for name, who in watchers.items() if ideas.get(who, vault.sent.public_id) is not None]
    assert seen == ["author", "helper", "sponsor", "panel"]
    listed = [name for name, who in watchers.items() if ideas.page(who, vault.challenge).items]
    assert listed == ["author", "helper", "sponsor", "panel"]


def test_a_sealed_idea_is_on_no_page_of_anybody_else(pages: Vault) -> None:
    pages.world.settle()
    for name, who in pages.outsiders.items():
        assert (name, pages.leaks(who)) == (name, [])


def test_the_pages_are_looked_at_for_real(pages: Vault) -> None:
    """The same look finds the marker for those who may read it; otherwise the test above would prove nothing."""
    idea, challenge = f"/ideas/{pages.sent.public_id}", f"/challenges/{pages.challenge.public_id}"
    for who in (pages.sponsor, pages.panel, pages.author):
        leaks = pages.leaks(who)
        assert [path in leaks for path in (idea, f"{idea}/revisions", f"{challenge}/ideas")] == [True, True, True]


def test_a_result_names_no_sealed_idea_to_anybody_else(pages: Vault) -> None:
    """Frozen, decided, announced: at no stage does an idea that was not chosen show its title."""
    world = pages.world
    for idea in (pages.sent, pages.plain):
        picking.pick(actor=pages.sponsor, idea=pages.again(idea), chosen=False, reason="Not now, thank you.")
    world.close(pages.challenge)
    picking.finish_picks(actor=pages.sponsor, challenge=world.again(pages.challenge))
    world.settle()
    assert world.run_of(pages.challenge).state == "decided"
    assert {name: pages.leaks(who) for name, who in pages.nearest.items()} == {"expert": [], "manager": []}
    running.announce(actor=pages.sponsor, run=world.run_of(pages.challenge))
    world.settle()
    assert {name: pages.leaks(who) for name, who in pages.nearest.items()} == {"expert": [], "manager": []}


def test_no_mail_tells_of_a_sealed_idea(vault: Vault) -> None:
    world = vault.world
    picking.pick(actor=vault.sponsor, idea=vault.again(vault.sent), chosen=True, reason="Yes.")
    picking.pick(actor=vault.sponsor, idea=vault.again(vault.plain), chosen=False, reason="No.")
    world.close(vault.challenge)
    picking.finish_picks(actor=vault.sponsor, challenge=world.again(vault.challenge))
    world.settle()
    running.announce(actor=vault.sponsor, run=world.run_of(vault.challenge))
    world.settle()
    letters = world.letters()
    assert {"author@example.org", "helper@example.org", f"{vault.sponsor.name}@example.org"} <= {each.to for each in letters}
    assert [letter.to for letter in letters if MARKER in letter.whole or "Only for you" in letter.whole] == []


def test_the_funnel_counts_sealed_ideas_for_the_manager_without_their_titles(vault: Vault) -> None:
    page = vault.world.browser(vault.world.manager).get(
        f"/challenges/{vault.challenge.public_id}/funnel/idea/submitted/entered"
    )
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert (text.count("sealed-row"), MARKER in text) == (3, False)


def test_the_project_of_a_sealed_idea_stays_with_its_people(pages: Vault) -> None:
    world = pages.world
    picking.pick(actor=pages.sponsor, idea=pages.again(pages.sent), chosen=True, reason="Yes.")
    picking.pick(actor=pages.sponsor, idea=pages.again(pages.plain), chosen=False, reason="No.")
    world.close(pages.challenge)
    picking.finish_picks(actor=pages.sponsor, challenge=world.again(pages.challenge))
    world.settle()
    running.announce(actor=pages.sponsor, run=world.run_of(pages.challenge))
    assert pages.leaks(pages.outsiders["expert"]) == []
    # The manager sees the project's name wherever projects are listed, and the idea's nowhere.
    browser, funnel = world.browser(world.manager), f"/challenges/{pages.challenge.public_id}/funnel"
    texts = [browser.get(path).get_data(as_text=True) for path in ("/projects", f"{funnel}/project/project_running/inside")]
    assert [MARKER in text for text in texts] == [True, True]
    chosen = browser.get(f"{funnel}/idea/promoted/inside").get_data(as_text=True)
    assert (chosen.count("sealed-row"), MARKER in chosen) == (1, False)


def test_the_names_of_all_readers_are_told_before_writing_and_before_sending(vault: Vault) -> None:
    browser = vault.world.browser(vault.author)
    for path in (f"/challenges/{vault.challenge.public_id}/ideas/new", f"/ideas/{vault.draft.public_id}/check"):
        page = browser.get(path).get_data(as_text=True)
        assert [name in page for name in (vault.sponsor.name, "Panel")] == [True, True]
