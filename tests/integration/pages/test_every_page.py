"""Every address a browser can open: who gets what, nothing breaks, and a longer list asks no more of the database."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from innovation.challenges.models import Challenge, Programme
from innovation.ideas.models import Idea
from innovation.kernel.db import db
from innovation.people import queries as people
from innovation.people.models import Organisation, Person
from innovation.projects.models import Project
from innovation.promotion.models import Run
from innovation.rules.promotion import ready_rule
from tests.conftest import counting
from tests.support.browser import Browser
from tests.support.pages import addresses
from tests.support.world import World

ROLES = ("visitor", "expert", "sponsor", "manager")
ANSWERS: dict[str, tuple[int, int, int, int]] = {
    "admin.deliveries": (303, 403, 403, 200),
    "admin.edit_text": (303, 403, 403, 200),
    "admin.first_run": (303, 403, 403, 200),
    "admin.logo": (404, 404, 404, 404),
    "admin.look_css": (200, 200, 200, 200),
    "admin.mails": (404, 404, 404, 404),
    "admin.one_mail": (404, 404, 404, 404),
    "admin.privacy": (404, 404, 404, 404),  # the demo has none; they are tested with the first run
    "admin.terms": (404, 404, 404, 404),
    "attachments.file": (404, 404, 404, 404),  # who gets one is tested with attachments
    "attachments.upload": (404, 404, 404, 404),
    "awards.decline": (404, 404, 404, 404),
    "awards.divide": (404, 404, 404, 404),
    "awards.hand_in": (404, 404, 404, 404),
    "awards.index": (303, 200, 200, 200),
    "awards.offer": (303, 403, 200, 200),
    "awards.pay": (404, 404, 404, 404),
    "awards.show": (404, 404, 404, 404),  # the demo has none; who sees one is tested with awards
    "awards.take_back": (404, 404, 404, 404),
    "challenges.amend": (303, 403, 200, 200),
    "challenges.answer_inquiry": (404, 404, 404, 404),  # nothing is asked; tested with challenges
    "challenges.approval": (303, 403, 403, 200),
    "challenges.ask_sponsor": (303, 303, 403, 403),  # it is decided, and nobody asks himself
    "challenges.changes": (200, 200, 200, 200),
    "challenges.extend": (303, 403, 200, 200),
    "challenges.full_openings_file": (303, 403, 200, 200),
    "challenges.full_part": (303, 403, 200, 200),
    "challenges.full_readers": (303, 403, 200, 200),
    "challenges.full_terms": (303, 404, 404, 404),  # it has no full part; tested with challenges
    "challenges.full_text": (303, 404, 404, 404),
    "challenges.inquiries": (303, 403, 200, 200),
    "challenges.inquiry": (404, 404, 404, 404),
    "challenges.new": (303, 403, 200, 200),
    "challenges.new_programme": (303, 403, 403, 200),
    "challenges.publish": (303, 403, 403, 303),
    "challenges.one_version": (404, 404, 404, 404),  # no such terms; tested with terms
    "challenges.ready_terms": (200, 200, 200, 200),
    "challenges.send_back": (303, 403, 403, 200),
    "challenges.show_results": (303, 403, 200, 200),
    "challenges.stop": (303, 403, 403, 200),
    "challenges.team": (303, 403, 200, 200),
    "discussion.case": (404, 404, 404, 404),
    "discussion.comment": (404, 404, 404, 404),
    "discussion.edit": (404, 404, 404, 404),
    "discussion.history": (404, 404, 404, 404),
    "discussion.live": (404, 404, 404, 404),  # a stream would not end; who gets one is tested with talks
    "discussion.moderation": (303, 200, 200, 200),
    "discussion.people": (404, 404, 404, 404),
    "discussion.removal": (404, 404, 404, 404),
    "discussion.reply": (404, 404, 404, 404),
    "discussion.report": (404, 404, 404, 404),
    "evaluation.criteria": (303, 403, 200, 200),
    "evaluation.review": (303, 403, 403, 403),
    "evaluation.reviews": (303, 403, 200, 200),
    "exchange.challenges_file": (303, 200, 200, 200),
    "exchange.export_house": (303, 403, 403, 200),
    "exchange.fetch": (404, 404, 404, 404),  # one's own alone; tested with orders
    "exchange.ideas_file": (303, 200, 200, 200),
    "exchange.import_ideas": (303, 403, 403, 403),  # the manager is the sponsor's deputy there
    "exchange.import_file": (303, 403, 403, 200),
    "exchange.left_out_file": (404, 404, 404, 404),  # one's own alone; tested with mapped files
    "exchange.map_file": (303, 403, 403, 404),
    "exchange.order": (404, 404, 404, 404),
    "exchange.orders": (303, 200, 200, 200),
    "exchange.people_file": (303, 403, 403, 200),
    "exchange.projects_file": (303, 200, 200, 200),
    "exchange.run_record": (404, 404, 200, 200),
    "ideas.check": (303, 403, 403, 403),
    "ideas.earlier_ideas": (303, 403, 200, 200),
    "ideas.edit": (303, 403, 403, 403),
    "ideas.kept": (303, 403, 403, 403),
    "ideas.new": (303, 200, 403, 403),
    "ideas.note": (303, 403, 403, 403),
    "ideas.offer": (404, 404, 404, 404),  # nobody asked for one; tested with ideas
    "ideas.offer_idea": (303, 403, 403, 403),
    "ideas.opened": (303, 403, 403, 403),
    "ideas.published_keys": (200, 200, 200, 200),
    "ideas.questions": (404, 404, 200, 200),  # the manager is the sponsor's deputy there
    "ideas.receipt": (303, 403, 403, 403),
    "ideas.receipt_file": (303, 403, 403, 403),
    "ideas.remove_content": (303, 403, 403, 403),
    "ideas.revision": (200, 200, 200, 200),
    "ideas.revisions": (200, 200, 200, 200),
    "ideas.team": (303, 403, 403, 403),
    "ideas.unlock": (404, 404, 404, 404),  # the idea is open; tested with openings
    "ideas.send_back": (303, 403, 403, 403),  # nothing is checked first there; tested with ideas
    "ideas.to_check": (303, 403, 403, 403),
    "ideas.turn_down": (303, 403, 403, 403),
    "ideas.withdraw": (303, 403, 403, 403),
    "insight.challenge_funnel_file": (303, 403, 200, 200),
    "insight.challenge_list_file": (303, 403, 200, 200),
    "insight.funnel_file": (303, 403, 403, 200),
    "insight.list_file": (303, 403, 403, 200),
    "notifications.deadlines": (404, 404, 404, 404),  # a token that is nobody's
    "notifications.inbox": (303, 200, 200, 200),
    "notifications.news": (404, 404, 404, 404),
    "notifications.open_challenges": (200, 200, 200, 200),
    "notifications.own_choices": (303, 200, 200, 200),
    "notifications.unsubscribe": (404, 404, 404, 404),
    "pages.activity": (200, 200, 200, 200),
    "pages.awards_file": (303, 403, 403, 200),
    "pages.back_test": (303, 403, 403, 200),
    "pages.board_report": (303, 403, 403, 404),
    "pages.calibration": (303, 200, 200, 200),
    "pages.challenge": (200, 200, 200, 200),
    "pages.challenge_files": (303, 403, 200, 200),
    "pages.challenge_funnel": (303, 403, 200, 200),
    "pages.challenge_funnel_list": (303, 403, 200, 200),
    "pages.challenge_ideas": (200, 200, 200, 200),
    "pages.challenge_paper": (200, 200, 200, 200),
    "pages.challenge_results": (200, 200, 200, 200),
    "pages.challenges": (200, 200, 200, 200),
    "pages.check_brief": (303, 403, 303, 303),
    "pages.own_question": (303, 403, 404, 404),  # no such question; tested with challenges
    "pages.own_questions": (303, 403, 200, 200),
    "pages.preview_brief": (303, 403, 200, 200),
    "pages.desk": (303, 403, 403, 200),
    "pages.desk_decision": (303, 403, 403, 303),  # nothing is picked; tested with steering
    "pages.desk_list": (303, 403, 403, 200),
    "pages.edit_brief": (303, 403, 303, 303),
    "pages.funnel": (303, 403, 403, 200),
    "pages.funnel_list": (303, 403, 403, 200),
    "pages.health": (200, 200, 200, 200),
    "pages.home": (200, 200, 200, 200),
    "pages.how_it_is_decided": (200, 200, 200, 200),
    "pages.idea_files": (303, 403, 403, 403),
    "pages.idea": (200, 200, 200, 200),
    "pages.idea_paper": (200, 200, 200, 200),
    "pages.idea_results": (200, 200, 200, 200),
    "pages.idea_talk": (200, 200, 200, 200),
    "pages.integrity": (303, 403, 403, 200),
    "pages.keep_flagged": (303, 403, 403, 404),
    "pages.keyboard": (200, 200, 200, 200),
    "pages.my_ideas": (303, 200, 200, 200),
    "pages.my_work": (303, 200, 200, 200),
    "pages.organisation": (404, 200, 200, 200),
    "pages.organisation_results": (200, 200, 200, 200),
    "pages.panel_talk": (303, 403, 200, 200),  # the manager is the sponsor's deputy there
    "pages.person": (404, 200, 200, 200),
    "pages.programme": (200, 200, 200, 200),
    "pages.project_files": (303, 403, 403, 200),
    "pages.talk_files": (404, 404, 404, 404),
    "pages.broken_lines": (404, 404, 404, 404),
    "pages.invitation": (404, 404, 404, 404),
    "pages.invitation_list": (404, 404, 404, 404),
    "pages.invite": (303, 403, 403, 200),
    "pages.invite_many": (303, 403, 403, 200),
    "pages.project": (200, 200, 200, 200),
    "pages.project_talk": (200, 200, 200, 200),
    "pages.projects": (200, 200, 200, 200),
    "pages.remove_flagged": (303, 403, 403, 404),
    "pages.questions": (200, 200, 200, 200),
    "pages.report": (404, 404, 404, 404),
    "pages.report_file": (404, 404, 404, 404),
    "pages.reports": (303, 403, 403, 200),
    "pages.results": (200, 200, 200, 200),
    "pages.rule": (303, 403, 303, 303),
    "pages.standings": (200, 200, 200, 200),
    "pages.styleguide": (200, 200, 200, 200),
    "pages.targets": (303, 403, 403, 200),
    "pages.trash": (303, 200, 200, 200),
    "people.ask_reset": (200, 200, 200, 200),
    "people.back_from_provider": (404, 404, 404, 404),  # no provider is set; tested with single sign-on
    "people.begin_house": (410, 410, 410, 410),
    "people.go_to_provider": (404, 404, 404, 404),
    "people.leaves": (303, 403, 403, 200),
    "people.list_domains": (303, 403, 403, 200),
    "people.one_domain": (303, 403, 403, 404),
    "people.confirm": (410, 410, 410, 410),
    "people.demo_sign_in": (404, 404, 404, 404),
    "people.index": (303, 403, 403, 200),
    "people.kept_drafts": (303, 200, 200, 200),
    "people.list_organisations": (303, 403, 403, 200),
    "people.organisation": (303, 403, 403, 200),
    "people.own_account": (303, 200, 200, 200),
    "people.own_profile": (303, 200, 200, 200),
    "exchange.own_data": (303, 200, 200, 200),
    "exchange.own_erasure": (303, 200, 200, 200),
    "exchange.erasure": (303, 403, 403, 200),
    "people.reset": (410, 410, 410, 410),
    "people.show": (303, 403, 403, 200),
    "people.sign_in": (200, 200, 200, 200),
    "people.sign_up": (200, 200, 200, 200),
    "projects.add_evidence": (303, 403, 403, 200),
    "projects.budget_line": (303, 403, 403, 200),
    "projects.change_hypothesis": (303, 403, 403, 200),
    "projects.change_milestone": (303, 403, 403, 200),
    "projects.change_risk": (303, 403, 403, 200),
    "projects.change_task": (303, 403, 403, 200),
    "projects.correct_entry": (303, 403, 403, 200),
    "projects.decision": (303, 403, 403, 200),
    "projects.deputy": (303, 403, 200, 200),
    "projects.document": (303, 403, 403, 200),
    "projects.edit": (303, 403, 403, 200),
    "projects.edit_process": (303, 403, 403, 200),
    "projects.evidence_page": (200, 200, 200, 200),
    "projects.forecast_page": (303, 403, 200, 200),
    "projects.gate": (303, 403, 200, 200),
    "projects.hypothesis": (303, 403, 403, 200),
    "projects.lesson": (303, 403, 200, 200),
    "projects.lessons": (200, 200, 200, 200),
    "projects.member": (303, 403, 403, 200),
    "projects.milestone": (303, 403, 403, 200),
    "projects.money_entry": (303, 403, 403, 200),
    "projects.money_page": (303, 403, 200, 200),
    "projects.outcome_page": (200, 200, 200, 200),
    "projects.papers_page": (200, 200, 200, 200),
    "projects.pay_entry": (303, 403, 403, 404),
    "projects.plan_page": (200, 200, 200, 200),
    "projects.process": (303, 403, 403, 200),
    "projects.reopening": (303, 403, 200, 200),
    "projects.risk": (303, 403, 403, 200),
    "projects.say_value": (303, 403, 200, 200),
    "projects.settle": (303, 403, 200, 200),
    "projects.task": (303, 403, 403, 200),
    "projects.team_page": (200, 200, 200, 200),
    "projects.unsettle": (303, 403, 200, 200),
    "projects.update": (303, 403, 403, 200),
    "projects.updates": (200, 200, 200, 200),
    "promotion.announce": (303, 403, 200, 200),
    "promotion.calls": (303, 403, 200, 200),
    "promotion.pick": (303, 403, 200, 200),  # the manager is the sponsor's deputy there
    "promotion.picks": (303, 403, 200, 200),
    "promotion.run": (200, 200, 200, 200),
    "promotion.sentences": (303, 403, 200, 200),
    "search.index": (200, 200, 200, 200),
    "search.similar": (200, 200, 200, 200),
    "steering.edit_reason": (404, 404, 404, 404),  # nothing is saved yet; tested with steering
    "steering.kept": (303, 403, 403, 200),
    "steering.new_reason": (303, 403, 403, 200),
    "steering.own": (303, 200, 200, 200),
    "steering.sending": (404, 404, 404, 404),  # one's own alone
    "steering.write": (303, 200, 200, 200),
    "voting.comparison": (404, 404, 404, 404),  # the idea is no longer in the running
    "voting.comparisons": (303, 303, 403, 403),
    "voting.merge": (303, 403, 403, 200),
    "voting.opened": (303, 200, 200, 200),
    "voting.pairs": (303, 303, 403, 403),
}
"""What the addresses of the demo's great challenge, of its best idea and of that idea's project answer, by endpoint."""

GAPS = {
    "steering/public_id": ["0000000000"],
    "act": ["decline_idea"],
    "orders/public_id": ["0000000000"],
    "import/kind": ["ideas"],
    "day": ["2026-11-23"],
    "colour": ["0b5c8a"],
    "inquiries/public_id": ["0000000000"],
    "offers/public_id": ["0000000000"],
    "slug": ["any-words"],
    "reports/public_id": ["0000000000"],
    "quarter": ["2020-Q1"],
    "invitation/public_id": ["0000000000"],
    "files/public_id": ["0000000000"],
    "uploads/public_id": ["0000000000"],
    "awards/public_id": ["0000000000"],
    "comments/public_id": ["0000000000"],
    "moderation/public_id": ["0000000000"],
    "live/public_id": ["0000000000"],
    "threads/public_id": ["0000000000"],
    "question": ["0000000000"],
    "position": ["1"],
    "nonce": ["x"],
    "token": ["x"],
    "key": ["manager"],
    "flag_id": ["0"],
    "number": ["1"],
    "projects/kind": ["expected"],
    "name": ["x"],
    "what": ["terms"],
    "form": ["csv"],
}


def _browsers(demo: World) -> list[Browser]:
    ids = {person.foreign_id: person.id for person in people.demo_people(ROLES[1:])}
    return [demo.browser(demo.actor(ids[role]) if role in ids else None) for role in ROLES]


def _great(demo: World) -> tuple[Challenge, dict[str, list[str]]]:
    challenge = db.session.scalars(select(Challenge).where(Challenge.title.like("What can we change%"))).one()
    idea = db.session.scalars(select(Idea).where(Idea.challenge_id == challenge.id, Idea.state == "promoted")).first()
    assert idea is not None
    return challenge, {
        "challenges/public_id": [challenge.public_id],
        "programmes/public_id": [db.session.get_one(Programme, challenge.programme_id).public_id],
        "ideas/public_id": [idea.public_id],
        "results/challenges/public_id": [challenge.public_id],
        "results/ideas/public_id": [idea.public_id],
        "projects/public_id": [db.session.scalars(select(Project.public_id).where(Project.idea_id == idea.id)).one()],
        "runs/public_id": [demo.run_of(challenge).public_id],
        "organisations/public_id": [db.session.scalars(select(Organisation.public_id).where(Organisation.is_host)).one()],
        "people/public_id": [db.session.scalars(select(Person.public_id).order_by(Person.id)).first() or ""],
        "kind": ["idea"],
        "stage": ["submitted"],
        "part": ["inside"],
    }


def test_every_address_answers_each_role_as_it_should(demo: World) -> None:
    _challenge, names = _great(demo)
    browsers = _browsers(demo)
    found = {
        endpoint: tuple(browser.get(path).status_code for browser in browsers)
        for endpoint, path in addresses(demo.app, names | GAPS)
    }
    assert found == ANSWERS


@pytest.mark.parametrize(("role", "language"), [("visitor", "nl"), ("expert", "en"), ("sponsor", "nl"), ("manager", "en")])
def test_no_address_of_anything_in_the_demo_breaks(demo: World, role: str, language: str) -> None:
    """Every challenge, an idea in each state of each challenge, projects in each state: whatever the answer, it is one."""
    ideas = {(row.challenge_id, str(row.state)): row.public_id for row in db.session.scalars(select(Idea).order_by(Idea.id))}
    projects = {str(row.state): row.public_id for row in db.session.scalars(select(Project))}
    challenges = {
        (str(row.state), row.visibility, row.who_decides, row.frozen_at is None, row.closes_at > demo.now()): row.public_id
        for row in db.session.scalars(select(Challenge))
    }
    shown = {"visitor": 2, "expert": 1, "sponsor": 1, "manager": 2}[role]
    names = {
        "challenges/public_id": sorted(challenges.values()),
        "programmes/public_id": list(db.session.scalars(select(Programme.public_id))),
        "ideas/public_id": sorted(ideas.values())[:: 3 // shown],
        "results/challenges/public_id": sorted(challenges.values()),
        "results/ideas/public_id": sorted(ideas.values()),
        "projects/public_id": sorted(projects.values()),
        "runs/public_id": list(db.session.scalars(select(Run.public_id))),
        "organisations/public_id": list(db.session.scalars(select(Organisation.public_id))),
        "people/public_id": list(db.session.scalars(select(Person.public_id).limit(1))),
        "kind": ["gate"],
        "stage": ["gate_frame"],
        "part": ["left"],
    }
    browser = _browsers(demo)[ROLES.index(role)]
    browser.client.set_cookie("language", language)
    broken = []
    for _endpoint, path in addresses(demo.app, names | GAPS):
        page = browser.get(path)
        if page.status_code not in {200, 303, 403, 404, 410}:
            broken.append((path, page.status_code))
    assert broken == []


@pytest.mark.parametrize("path", ["/challenges", "/projects", "/people", "/my-ideas", "/inbox", "/", "/funnel", "/search"])
def test_odd_questions_get_a_page(demo: World, path: str) -> None:
    browser = _browsers(demo)[3]
    questions = [
        "show=nonsense",
        "after=nonsense",
        "state=x&sort=y",
        "q=%25_%27%22",
        "q=" + "x" * 3000,
        "circle=%F0%9F%92%A9",
    ]
    assert {browser.get(f"{path}?{question}").status_code for question in questions} <= {200}


# --- how much a page asks ------------------------------------------------------------------------------------------


def _asked(browser: Browser, path: str) -> int:
    browser.get(path)  # what is read once per process is read now
    with counting() as sent:
        page = browser.get(path)
    assert page.status_code == 200, path
    return len(sent)


class Lists:
    """Somebody who has one of everything, and later thirty."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.programme = world.programme()
        self.author, self.sponsor, self.voter = world.person("Author"), world.person("Sponsor"), world.person("Voter")

    def fill(self, count: int) -> dict[str, Any]:
        """A decided challenge with so many ideas and projects, an open one with so many ideas, and so many others."""
        world = self.world
        rule = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1000})
        decided = world.challenge(self.sponsor, self.programme, rule=rule)
        for _ in range(count):
            world.idea(decided, self.author)
        world.announced(decided)
        running = [world.challenge(self.sponsor, self.programme) for _ in range(count)]
        for challenge in (running[0], *running[1:]):
            world.draft_idea(challenge, self.author)
        for _ in range(count):
            idea = world.idea(running[0], self.author)
            world.vote(idea, self.voter)
        world.draft_challenge(self.sponsor, self.programme)
        world.settle()
        return {"decided": decided, "running": running[0], "run": world.run_of(decided)}

    def asked(self, made: dict[str, Any]) -> dict[str, int]:
        """Statements by address, of whoever uses that page."""
        sponsor = self.world.actor(self.sponsor.person_id or 0)
        who = {
            "manager": self.world.manager,
            "author": self.author,
            "voter": self.voter,
            "sponsor": sponsor,
            "visitor": None,
        }
        browsers = {name: self.world.browser(each) for name, each in who.items()}
        decided, running = made["decided"].public_id, made["running"].public_id
        looked = [
            ("manager", "/desk"),
            ("manager", "/people"),
            ("manager", "/people/invitations"),
            ("manager", "/funnel"),
            ("manager", "/funnel/idea/submitted/entered"),
            ("manager", "/admin/deliveries"),
            ("manager", f"/programmes/{self.programme.public_id}?show=open"),
            ("author", "/"),
            ("author", "/my-ideas"),
            ("author", "/my-work"),
            ("author", "/inbox"),
            ("voter", "/"),
            ("voter", "/challenges"),
            ("voter", "/challenges?show=decided"),
            ("voter", "/projects"),
            ("voter", f"/challenges/{running}/ideas"),
            ("voter", f"/challenges/{decided}/ideas"),
            ("voter", f"/challenges/{decided}"),
            ("voter", f"/runs/{made['run'].public_id}"),
            ("sponsor", "/my-work"),
            ("sponsor", f"/challenges/{decided}/funnel/idea/submitted/entered"),
            ("visitor", "/"),
        ]
        for name, path in looked:
            self.world.anew()
            browsers[name].get(path)
        generic = {f"{n} {p}": _asked(browsers[n], p) for n, p in looked}
        names = {decided: "DECIDED", running: "RUNNING", made["run"].public_id: "RUN"}
        return {_replaced(path, names): count for path, count in generic.items()}


def _replaced(path: str, names: dict[str, str]) -> str:
    for name, word in names.items():
        path = path.replace(name, word)
    return path


def test_a_list_of_thirty_asks_no_more_than_a_list_of_one(embedded: World) -> None:
    lists = Lists(embedded)
    few = lists.asked(lists.fill(1))
    many = lists.asked(lists.fill(30))
    assert {path: (few[path], count) for path, count in many.items() if count > few[path]} == {}


def test_a_page_of_25_of_many_ideas_asks_at_most_eleven_queries(embedded: World) -> None:
    world = embedded
    challenge = world.challenge()
    voter = world.person()
    for author in world.crowd(30):
        world.vote(world.idea(challenge, author), voter)
    path = f"/challenges/{challenge.public_id}/ideas"
    browsers = {"voter": world.browser(voter), "visitor of his own staff": world.browser(world.person())}
    asked = {name: _asked(browser, path) for name, browser in browsers.items()}
    assert max(asked.values()) <= 11, asked
    with counting() as sent:
        page = browsers["visitor of his own staff"].get(path)
    links = set(re.findall(r'href="(/ideas/[0-9a-z]{10})', page.get_data(as_text=True)))
    assert (len(links), len(sent) <= 11) == (25, True)
