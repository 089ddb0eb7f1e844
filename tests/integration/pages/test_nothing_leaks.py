"""Nothing of a sealed idea, of a full part or of a sponsor who withholds his name reaches anybody who is not entitled.

One house with all three, planted with words that stand nowhere else; then everybody looks everywhere.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from innovation.awards.service import offering
from innovation.awards.service.offering import Offer
from innovation.awards.service.talking import remark
from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.challenges.service import briefs, full_part, publicity, talking, withholding
from innovation.ideas.models import Idea
from innovation.ideas.service import authors, writing
from innovation.ideas.service import talking as of_ideas
from innovation.insight.service import reporting
from innovation.kernel.actor import Actor, Circle
from innovation.kernel.db import db
from innovation.kernel.usecase import transaction
from innovation.people.models import EmailAddress, Organisation
from innovation.people.service.organisations import keep_results_page
from innovation.projects.service import talking as of_projects
from innovation.promotion.service import picking, running
from innovation.rules.predicates import Role
from innovation.rules.promotion import ready_rule
from innovation.rules.quarters import quarter_of
from tests.integration.pages.test_every_page import GAPS
from tests.support import samples
from tests.support.filing import add
from tests.support.looking import Looker, mails
from tests.support.world import World

IDEA, FULL, SPONSOR, OWNER = "zyzzyva", "quokapolis", "Xanthippolyta", "Grimbaldorf"
MARKERS = {"idea": IDEA, "full part": FULL, "sponsor": SPONSOR, "organisation": OWNER}


class Secrets:
    """A sealed challenge and an open one of one unnamed sponsor, each with a full part; and everybody who might look."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sponsor = world.person(f"{SPONSOR} Vex", Circle.STAFF, organisation=f"{OWNER} Works")
        self.programme = world.programme()
        self.sealed = self.challenge(
            title="Sealed question", who_may="experts", visibility="sealed", who_decides="sponsor",
            rule=ready_rule("sponsor_picks"),
        )  # fmt: skip
        self.open = self.challenge(title="Open question", who_may="everyone")
        self.people: dict[str, Actor | None] = {
            "visitor": None,
            "outsider": world.person("Outsider", Circle.PUBLIC),
            "audience": world.person("Audience", Circle.EXPERT),
            "staff": world.person("Staffer"),
            "reader": world.person("Reader", Circle.EXPERT),
            "author": world.person("Author", Circle.EXPERT),
            "helper": world.person("Helper", Circle.PARTNER),
            "other author": world.person("Other", Circle.EXPERT),
            "panel": world.panellist(self.sealed, world.person("Panel", Circle.EXPERT)),
            "sponsor": self.sponsor,
            "manager": world.grant(world.person("Boss"), Role.MANAGER),
            "administrator": world.grant(world.person("Admin"), Role.ADMINISTRATOR),
        }
        self.sent = self.sealed_idea()
        self.plain = world.idea(self.again(self.sealed), self.who("other author"), "Plain idea")
        self.voted = world.idea(self.again(self.open), self.who("other author"), "Open idea")
        world.vote(self.voted, self.who("staff"))
        self.read_full_part()
        self.talk()

    def who(self, name: str) -> Actor:
        found = self.people[name]
        assert found is not None
        assert found.person_id is not None
        return self.world.actor(found.person_id)

    def again(self, challenge: Challenge) -> Challenge:
        return self.world.again(challenge)

    def challenge(self, **values: object) -> Challenge:
        """A published challenge of the organisation that withholds who asks, with a full part."""
        world, sponsor = self.world, self.sponsor
        made = world.draft_challenge(sponsor, self.programme, **values)
        self.sponsor = sponsor = world.actor(sponsor.person_id or 0)
        with transaction():
            row = challenges.by_id(made.id)
            row.organisation_id = db.session.scalars(
                select(Organisation.id).where(Organisation.name.like(f"{OWNER}%"))
            ).one()
            row.sponsor_name = f"{SPONSOR} Vex"
        withholding.withhold(actor=sponsor, challenge=self.again(made), withheld=True)
        text = f"The glue must hold at {FULL}."
        full_part.write(actor=sponsor, challenge=self.again(made), access="terms", text=text, terms="Keep it to yourself.")
        add(world, sponsor, self.again(made), samples.PDF, "brief.pdf")
        briefs.propose(actor=sponsor, challenge=self.again(made))
        briefs.publish(actor=world.manager, challenge=self.again(made))
        return self.again(made)

    def sealed_idea(self) -> Idea:
        world, author = self.world, self.who("author")
        made = world.draft_idea(self.again(self.sealed), author, f"{IDEA} title", text=f"Only for you: {IDEA}.")
        authors.name_author(actor=author, idea=world.idea_again(made), email="helper@example.org")
        hidden = samples.PDF.replace(b"%%EOF\n", IDEA.encode() + b"\n%%EOF\n")
        add(world, author, world.idea_again(made), hidden, f"{IDEA}.pdf")
        writing.submit(actor=author, idea=world.idea_again(made), accept_terms=True)
        of_ideas.say(actor=author, idea=world.idea_again(made), text=f"And {IDEA} once more.")
        of_ideas.say(actor=self.sponsor, idea=world.idea_again(made), text=f"How long does {IDEA} last?")
        return world.idea_again(made)

    def read_full_part(self) -> None:
        for challenge in (self.sealed, self.open):
            row = self.again(challenge)
            full_part.ask(actor=self.who("reader"), challenge=row, seen=challenges.full_terms_hash(row))

    def talk(self) -> None:
        world, sponsor = self.world, self.who("sponsor")
        asked = talking.ask(actor=self.who("audience"), challenge=self.again(self.open), text="How thick?")
        talking.ask(actor=sponsor, challenge=self.again(self.open), text="Two millimetres.", parent=asked)
        talking.ask(actor=sponsor, challenge=self.again(self.sealed), text="Ask here.")
        talking.confer(actor=sponsor, challenge=self.again(self.sealed), text="Among ourselves.")
        of_ideas.say(actor=sponsor, idea=world.idea_again(self.voted), text="Well thought.")
        publicity.show_results(
            actor=sponsor, challenge=self.again(self.open), shown=True, organisation_id=self.again(self.open).organisation_id
        )
        for organisation in db.session.scalars(select(Organisation).where(Organisation.is_host)).all():
            keep_results_page(actor=world.manager, organisation=organisation, shown=True, intro="")

    def announce(self) -> None:
        """Both are decided and announced, and the projects that come of them begin."""
        world, sponsor = self.world, self.who("sponsor")
        picking.pick(actor=sponsor, idea=world.idea_again(self.sent), chosen=False, reason="Not now, thank you.")
        picking.pick(actor=sponsor, idea=world.idea_again(self.plain), chosen=True, reason="This one.")
        for challenge in (self.sealed, self.open):
            world.close(self.again(challenge))
        picking.finish_picks(actor=sponsor, challenge=self.again(self.sealed))
        world.settle()
        for challenge in (self.sealed, self.open):
            running.announce(actor=sponsor, run=world.run_of(challenge))
        world.settle()
        project = world.project_of(self.voted)
        world.decide(project, "frame", who=sponsor)
        of_projects.say(actor=sponsor, project=world.project_of(self.voted), text="Go on.")
        day = world.now().date() + timedelta(days=20)
        terms = Offer(title="For the idea", amount_minor=10_000, accept_by=day, pay_by=day + timedelta(days=30))
        award = offering.offer(actor=sponsor, idea=world.idea_again(self.voted), terms=terms)
        remark(actor=sponsor, award=award, text="Well done.")
        reporting.freeze(actor=world.manager, programme=self.programme, quarter=quarter_of(world.now()))
        world.settle()

    def looks(self, name: str) -> tuple[set[str], dict[str, list[str]]]:
        """Which markers somebody reads anywhere; and where he reads those that he may not."""
        self.world.settle()
        found = Looker(self.world, GAPS, MARKERS).finds(self.people[name])
        return set(found), {marker: found[marker][:6] for marker in sorted(set(found) - ENTITLED[name])}


ENTITLED: dict[str, set[str]] = {
    "visitor": set(),
    "outsider": set(),
    "audience": set(),
    "staff": set(),
    "reader": {"full part"},
    "author": {"idea"},
    "helper": {"idea"},
    "other author": set(),
    "panel": {"idea", "sponsor", "organisation"},
    "sponsor": {"idea", "full part", "sponsor", "organisation"},
    "manager": {"full part", "sponsor", "organisation"},
    "administrator": {"sponsor", "organisation"},
}
"""Who reads what. The panel has not accepted the full part's terms; the helper has not opened them either."""


@pytest.mark.parametrize("name", ENTITLED)
def test_everybody_reads_what_he_may_and_nobody_more(embedded: World, name: str) -> None:
    assert Secrets(embedded).looks(name) == (ENTITLED[name], {})


# Those to whom an announcement says something: the rest read no other pages than these do, and were asked above.
@pytest.mark.parametrize("name", ["visitor", "audience", "staff", "other author", "panel", "manager"])
def test_a_result_tells_nobody_more(embedded: World, name: str) -> None:
    secrets = Secrets(embedded)
    secrets.announce()
    assert secrets.looks(name) == (ENTITLED[name], {})


def test_no_mail_carries_any_of_it(embedded: World) -> None:
    secrets = Secrets(embedded)
    secrets.announce()
    written = mails(embedded)
    assert {"author@example.org", "audience@example.org", "other@example.org"} <= {to for to, _whole in written}
    own = db.session.scalars(select(EmailAddress.typed).where(EmailAddress.person_id == secrets.sponsor.person_id)).one()
    inside = {own, "panel@example.org", "boss@example.org", "admin@example.org", "manager@example.org"}
    told = {
        (name, to)
        for to, whole in written
        for name, marker in MARKERS.items()
        if marker.lower() in whole.lower() and not (name in {"sponsor", "organisation"} and to in inside)
    }
    assert told == set()
