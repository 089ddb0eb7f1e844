"""A small world to act in, made by the product's own verbs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from innovation.challenges import queries as challenges
from innovation.challenges.models import Audience, Challenge, Programme
from innovation.challenges.service import briefs, fitting
from innovation.evaluation.service import reviewing
from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea
from innovation.ideas.service import writing
from innovation.kernel import clock, queue
from innovation.kernel.actor import Actor, Circle, Origin, house
from innovation.kernel.db import db
from innovation.kernel.usecase import load_locked, transaction
from innovation.people import queries as people
from innovation.people.models import MailLink
from innovation.people.service import accounts, grants
from innovation.people.service.invitations import organisation_named
from innovation.people.service.links import sign_link
from innovation.projects import queries as projects
from innovation.projects.models import Project
from innovation.projects.queries import gates as gate_queries
from innovation.projects.service import gates
from innovation.promotion import queries as promotion
from innovation.promotion.models import Run
from innovation.promotion.service import queueing, running
from innovation.rules.challenge import BY_PANEL
from innovation.rules.predicates import Role
from innovation.rules.project import Verdict
from innovation.rules.promotion import ready_rule
from innovation.settings import Settings
from innovation.voting import queries as voting
from innovation.voting import service as votes
from tests.support.browser import Browser
from tests.support.letters import Letter, letters

ZONE = "Europe/Amsterdam"


class World:
    """Every method commits, and leaves the session without an open transaction."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._numbers = itertools.count(1)
        self._manager: Actor | None = None

    # --- people -------------------------------------------------------------------------------------------------

    def person(
        self, name: str = "", circle: Circle = Circle.STAFF, *, organisation: str = "", language: str = "en"
    ) -> Actor:
        """Somebody of a circle, with a confirmed address ``<name>@example.org``."""
        name = name or f"person{next(self._numbers)}"
        with transaction():
            now = clock.now()
            made = accounts.add_person(
                actor=house(Origin.CLI),
                name=name,
                email=f"{name.lower().replace(' ', '.')}@example.org",
                language=language,
                verified=True,
                now=now,
            )
            accounts.place(made, circle, organisation_named(organisation), None, "manager", now)
        return self.actor(made.id)

    def actor(self, person_id: int) -> Actor:
        """A person as he stands now, with every grant."""
        found = people.actor(person_id)
        db.session.rollback()
        return found

    def grant(self, who: Actor, role: Role, scope: str = "host", scope_id: int = 0) -> Actor:
        with transaction():
            grants.give(
                actor=house(Origin.CLI), person_id=_id(who), role=role, scope=scope, scope_id=scope_id, now=clock.now()
            )
        return self.actor(_id(who))

    @property
    def manager(self) -> Actor:
        """The innovation manager, who is administrator too."""
        if self._manager is None:
            who = self.grant(self.person("Manager"), Role.MANAGER)
            self._manager = self.grant(who, Role.ADMINISTRATOR)
        return self._manager

    def crowd(self, size: int, circle: Circle = Circle.STAFF) -> list[Actor]:
        """Several people at once, in one transaction."""
        with transaction():
            now, made = clock.now(), []
            for _ in range(size):
                name = f"person{next(self._numbers)}"
                person = accounts.add_person(
                    actor=house(Origin.CLI),
                    name=name,
                    email=f"{name}@example.org",
                    language="en",
                    verified=True,
                    now=now,
                )
                accounts.place(person, circle, None, None, "manager", now)
                made.append(person.id)
        return [self.actor(each) for each in made]

    def browser(self, who: Actor | None = None) -> Browser:
        """A browser of somebody signed in, or of a visitor."""
        browser = Browser(self.app)
        if who is not None:
            token = accounts.sign_in(actor=who, person_id=_id(who), device="test")
            with browser.cookie() as session:
                session["_user_id"] = token
                session["_fresh"] = True
        return browser

    @property
    def settings(self) -> Settings:
        found: Settings = self.app.extensions["innovation.settings"]
        return found

    def link(self, purpose: str) -> str:
        """The address of the last link that was mailed for a purpose: ``confirm`` or ``reset``."""
        row = db.session.scalars(select(MailLink).where(MailLink.purpose == purpose).order_by(MailLink.id.desc())).first()
        assert row is not None, f"no link to {purpose} was made"
        token = sign_link(self.settings.signing_keys, purpose, row.id, row.nonce)
        db.session.rollback()
        return f"/{'confirmation' if purpose == 'confirm' else 'password-reset'}/{token}"

    def letters(self) -> list[Letter]:
        """The mails that were sent so far."""
        return letters(self.settings.mail_folder)

    def sign_in(self, client: FlaskClient, who: Actor) -> FlaskClient:
        """Give a browser the cookie of somebody signed in."""
        token = accounts.sign_in(actor=who, person_id=_id(who), device="test")
        with client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return client

    # --- challenges ---------------------------------------------------------------------------------------------

    def programme(self, title: str = "Programme") -> Programme:
        return briefs.start_programme(actor=self.manager, title=title, description="")

    def draft_challenge(self, sponsor: Actor, programme: Programme | None = None, **changes: Any) -> Challenge:
        """A sponsor's draft: ideas for 28 days and votes a week longer, from staff, the best three."""
        values: dict[str, Any] = {
            "title": f"Question {next(self._numbers)}?",
            "must": "Work.",
            "who_may": "staff",
            "closes": self.wall(days=28),
            "vote_closes": self.wall(days=35),
            "zone": ZONE,
            "edits_allowed": True,
        }
        values |= changes
        if values.get("who_decides") == "sponsor":
            values["vote_closes"] = None
        brief = briefs.Brief(**values)
        return briefs.start(actor=sponsor, programme=programme or self.programme(), brief=brief)

    def challenge(self, sponsor: Actor | None = None, programme: Programme | None = None, **changes: Any) -> Challenge:
        """A published challenge that takes ideas and votes now."""
        made = self.draft_challenge(sponsor or self.person(), programme, **changes)
        for _ in range(fitting.panel_needed(made.rule) if made.who_decides in BY_PANEL else 0):
            self.panellist(made)
        self.handed_in(made)
        briefs.publish(actor=self.manager, challenge=made)
        return self.again(made)

    def handed_in(self, challenge: Challenge) -> Challenge:
        """A draft that its sponsor hands in."""
        briefs.propose(actor=self.sponsor_of(challenge), challenge=challenge)
        return self.again(challenge)

    def sealed(self, sponsor: Actor | None = None, **changes: Any) -> Challenge:
        """A published challenge for staff, partners and experts: sealed, and the sponsor picks."""
        values: dict[str, Any] = {"who_may": "experts", "visibility": "sealed", "who_decides": "sponsor"}
        return self.challenge(sponsor, **(values | {"rule": ready_rule("sponsor_picks")} | changes))

    def again(self, challenge: Challenge) -> Challenge:
        """A challenge read anew."""
        self.anew()
        return challenges.by_id(challenge.id)

    def sponsor_of(self, challenge: Challenge) -> Actor:
        found = people.holders(Role.SPONSOR, "challenge", challenge.id)[0]
        return self.actor(found)

    def open_to(self, challenge: Challenge, kind: str, value: str) -> None:
        """Add a line to a challenge's audience."""
        with transaction():
            db.session.add(Audience(challenge_id=challenge.id, kind=kind, value=value))

    def now(self) -> datetime:
        return clock.now()

    def wall(self, **later: float) -> datetime:
        """A wall time so much later than now."""
        return clock.to_wall(clock.now() + timedelta(**later), ZONE).replace(second=0, microsecond=0)

    # --- ideas and votes ----------------------------------------------------------------------------------------

    def draft_idea(self, challenge: Challenge, author: Actor | None = None, title: str = "", **changes: Any) -> Idea:
        values: dict[str, Any] = {"text": "An idea.", "requested_minor": None, "language": "en"} | changes
        title = title or f"Idea {next(self._numbers)}"
        return writing.start(actor=author or self.person(), challenge=challenge, title=title, **values)

    def idea(self, challenge: Challenge, author: Actor | None = None, title: str = "", **changes: Any) -> Idea:
        """A submitted idea."""
        who = author or self.person()
        made = self.draft_idea(challenge, who, title, **changes)
        return writing.submit(actor=who, idea=made, accept_terms=True)

    def vote(self, idea: Idea, who: Actor | None = None, value: int = 1) -> Actor:
        """A vote, cast as the door casts it: the paper is read under the locks."""
        voter = who or self.person()
        with transaction():
            paper = voting.ballot_paper(voter, idea.public_id)
            assert paper is not None, "this person does not see the idea"
            votes.cast(actor=voter, paper=paper, value=value)
        return voter

    # --- ballots of every kind ----------------------------------------------------------------------------------

    def ballot(self, kind: str, budget: int | None = None, sponsor: Actor | None = None, **changes: Any) -> Challenge:
        """A published challenge with a ballot of some kind, and a budget where it is not the usual one."""
        made = self.challenge(sponsor, **changes)
        with transaction():
            row = challenges.by_id(made.id)
            row.ballot, row.ballot_budget = kind, budget
        return self.again(made)

    def compare(self, idea: Idea, other: Idea, who: Actor | None = None, preferred: int = 1) -> Actor:
        """A pair judged as the door does it: 1 for the first idea named, -1 for the other, 0 for "cannot say"."""
        voter = who or self.person()
        with transaction():
            paper = voting.ballot_paper(voter, idea.public_id)
            assert paper is not None, "this person does not see the idea"
            votes.compare(actor=voter, paper=paper, other=other.public_id, preferred=preferred)
        return voter

    def see(self, who: Actor, *seen: Idea, how: str = "screen") -> int:
        """Ideas that somebody had before him. Returns how many were new."""
        return votes.see(actor=who, public_ids=[idea.public_id for idea in seen], how=how)

    def merge(self, idea: Idea, into: Idea) -> None:
        """The manager merges an idea into another."""
        votes.merge(actor=self.manager, idea=self.idea_again(idea), into=self.idea_again(into))
        self.anew()

    def idea_again(self, idea: Idea) -> Idea:
        db.session.rollback()
        db.session.expire_all()
        found = ideas.by_id(idea.id)
        assert found is not None
        return found

    # --- panels -------------------------------------------------------------------------------------------------

    def panel_challenge(self, sponsor: Actor | None = None, who_decides: str = "panel", **columns: Any) -> Challenge:
        """A published challenge that a panel decides and that takes ideas now; scoring closes a fortnight after them.

        Args:
            who_decides: ``panel`` or ``votes_panel``.
            columns: columns of the challenge to set besides (``names_hidden``, ``visibility``).
        """
        crowd = who_decides == "votes_panel"
        made = self.challenge(sponsor, who_decides="votes" if crowd else "sponsor")
        with transaction():
            row = challenges.by_id(made.id)
            last = row.vote_closes_at or row.closes_at
            for name, value in (
                {"who_decides": who_decides, "review_closes_at": last + timedelta(days=14)} | columns
            ).items():
                setattr(row, name, value)
        return self.again(made)

    def panellist(self, challenge: Challenge, who: Actor | None = None) -> Actor:
        """A member of a challenge's panel."""
        return self.grant(who or self.person(), Role.PANEL, "challenge", challenge.id)

    def scoring(self, challenge: Challenge) -> Challenge:
        """Let the ideas (and votes) be in, so that the panel scores now."""
        self.close(challenge)
        return self.again(challenge)

    def close_scoring(self, challenge: Challenge) -> Challenge:
        """Let the panel's deadline be over, as if its days had passed."""
        with transaction():
            row = challenges.by_id(challenge.id)
            row.review_closes_at = clock.now() - timedelta(milliseconds=200)
        return self.again(challenge)

    def shortlist(self, idea: Idea) -> Idea:
        """An idea that the participants put on the short list."""
        with transaction():
            db.session.execute(update(Idea).where(Idea.id == idea.id).values({"state": "shortlisted"}))
        return self.idea_again(idea)

    def review(
        self,
        idea: Idea | str,
        who: Actor,
        scores: Sequence[int] = (3, 3, 3),
        sentence: str = "It could work.",
        *,
        complete: bool = True,
    ) -> None:
        """A member's review, written as the door writes it: the idea (or its public id) is read under the locks."""
        name = idea if isinstance(idea, str) else idea.public_id
        with transaction():
            found = load_locked(lambda: ideas.get(who, name))
            assert found is not None, "this person does not see the idea"
            given = dict(enumerate(scores, start=1))
            reviewing.review(actor=who, idea=found, scores=given, sentence=sentence, complete=complete)

    # --- time and work ------------------------------------------------------------------------------------------

    def close(self, challenge: Challenge) -> None:
        """Let a challenge's deadlines be over, as if its days had passed."""
        with transaction():
            row = challenges.by_id(challenge.id)
            past = clock.now() - timedelta(seconds=1)
            row.opens_at = past - timedelta(days=60)
            row.closes_at = past
            if row.vote_closes_at is not None:
                row.vote_opens_at = past - timedelta(days=60)
                row.vote_closes_at = past

    def decided(self, challenge: Challenge) -> Run:
        """Close a challenge and let its run be decided; nobody has announced it yet."""
        self.close(challenge)
        self.settle()
        return self.run_of(challenge)

    def announced(self, challenge: Challenge) -> Run:
        """Close, decide and announce."""
        self.decided(challenge)
        running.announce(actor=self.sponsor_of(challenge), run=self.run_of(challenge))
        return self.run_of(challenge)

    def project(self, author: Actor | None = None, sponsor: Actor | None = None) -> Project:
        """The project of a single idea that was voted for and chosen."""
        challenge = self.challenge(sponsor)
        idea = self.idea(challenge, author)
        self.vote(idea)
        self.announced(challenge)
        return self.project_of(idea)

    def project_of(self, idea: Idea) -> Project:
        """An idea's project read anew, with team and gates."""
        self.anew()
        found = projects.by_id(db.session.scalars(select(Project.id).where(Project.idea_id == idea.id)).one())
        assert found is not None
        return found

    def decide(self, project: Project, key: str, verdict: str = "pass", who: Actor | None = None, **values: Any) -> None:
        """A decision about a project's gate, by its sponsor if nobody is named; he has seen every one before it."""
        self.anew()
        row = projects.by_id(project.id)
        assert row is not None
        gate = next((each for each in row.gates if each.key == key), row.gates[0])
        last = gate_queries.latest(gate)
        keeper = who or self.sponsor_of(row.challenge)
        said: dict[str, Any] = {"seen": last.number if last else 0, "reason": "It holds."} | values
        row = projects.by_id(project.id)
        assert row is not None
        gates.decide(actor=keeper, project=row, gate_key=key, verdict=Verdict(verdict), **said)

    def anew(self) -> None:
        """Forget what was read, so that the next look sees what others committed."""
        db.session.rollback()
        db.session.expire_all()

    def settle(self) -> int:
        """Do what the clock and the workers would do by now."""
        db.session.rollback()
        queueing.queue_due(actor=house(Origin.CLOCK))
        done = queue.settle()
        db.session.rollback()
        db.session.expire_all()
        return done

    def runs(self) -> list[Run]:
        """Every run of the house."""
        return list(db.session.scalars(select(Run).order_by(Run.id)))

    def run_of(self, challenge: Challenge) -> Run:
        """The first run of a challenge."""
        db.session.rollback()
        db.session.expire_all()
        return promotion.of_challenge(challenge.id)[0]


def _id(who: Actor) -> int:
    assert who.person_id is not None
    return who.person_id
