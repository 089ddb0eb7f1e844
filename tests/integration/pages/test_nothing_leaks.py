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
from innovation.challenges.service import briefs, full_part, inquiries, publicity, talking, withholding
from innovation.ideas.models import Idea
from innovation.ideas.service import authors, checking, offers, questioning, writing
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
ASKED, JUDGED = "wombatite", "frabjoust"
WAITS, BACK, DOWN, NOTE = "bumblepuppy", "collywobble", "snickersnee", "taradiddle"
MARKERS = {
    "idea": IDEA,
    "full part": FULL,
    "sponsor": SPONSOR,
    "organisation": OWNER,
    "private question": ASKED,
    "judge's question": JUDGED,
    "idea that waits": WAITS,
    "idea sent back": BACK,
    "idea turned down": DOWN,
    "checker's note": NOTE,
}
UNCHECKED = {"idea that waits", "idea sent back", "idea turned down", "checker's note"}


class Secrets:
    """A sealed challenge, an open one, and one where ideas are checked first, of one unnamed sponsor, each with a full part;
    and everybody who might look."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sponsor = world.person(f"{SPONSOR} Vex", Circle.STAFF, organisation=f"{OWNER} Works")
        self.programme = world.programme()
        self.sealed = self.challenge(
            title="Sealed question", who_may="experts", visibility="sealed", who_decides="sponsor",
            rule=ready_rule("sponsor_picks"),
        )  # fmt: skip
        self.open = self.challenge(title="Open question", who_may="everyone")
        self.checked = self.challenge(title="Checked question", who_may="everyone", checked_first=True)
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
            "checker": world.grant(world.person("Checker", Circle.PARTNER), Role.CHECKER, "challenge", self.checked.id),
            "sponsor": self.sponsor,
            "manager": world.grant(world.person("Boss"), Role.MANAGER),
            "administrator": world.grant(world.person("Admin"), Role.ADMINISTRATOR),
        }
        self.sent = self.sealed_idea()
        self.plain = world.idea(self.again(self.sealed), self.who("other author"), "Plain idea")
        self.voted = world.idea(self.again(self.open), self.who("other author"), "Open idea")
        world.vote(self.voted, self.who("staff"))
        self.unchecked()
        self.read_full_part()
        self.talk()
        self.ask()

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

    def unchecked(self) -> None:
        """An idea that waits to be checked, with a file and a version before; one sent back; and one turned down."""
        world, author, checker = self.world, self.who("other author"), self.who("checker")
        marked = {
            word: world.draft_idea(self.again(self.checked), author, f"{word} title", text=f"Not for all: {word}.")
            for word in (WAITS, BACK, DOWN)
        }
        hidden = samples.PDF.replace(b"%%EOF\n", WAITS.encode() + b"\n%%EOF\n")
        add(world, author, world.idea_again(marked[WAITS]), hidden, f"{WAITS}.pdf")
        for idea in marked.values():
            writing.submit(actor=author, idea=world.idea_again(idea), accept_terms=True)
        better = {"title": f"{WAITS} better", "text": f"Still {WAITS}.", "requested_minor": None}
        writing.revise(actor=author, idea=world.idea_again(marked[WAITS]), **better)
        back, down = marked[BACK], marked[DOWN]
        checking.send_back(actor=checker, idea=world.idea_again(back), note=f"What of {NOTE}?", until=None)
        checking.decline(actor=checker, idea=world.idea_again(down), note=f"It is {NOTE}.")

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

    def ask(self) -> None:
        """Questions to the sponsor, in private and published; and a judge's to the authors of the sealed idea."""
        world, sponsor = self.world, self.who("sponsor")
        for challenge, private in ((self.sealed, True), (self.open, True), (self.open, False)):
            row, text = self.again(challenge), f"What of {ASKED}?" if private else f"Would {ASKED} do?"
            asked = inquiries.ask(actor=self.who("audience"), challenge=row, text=text, private=private)
            shown = {} if private else {"publish": True, "shown_text": "Would another metal do?"}
            said = f"Keep {ASKED} to yourself." if private else "It would."
            inquiries.answer(actor=sponsor, inquiry=asked, text=said, **shown)
        inquiries.ask(actor=self.who("audience"), challenge=self.again(self.open), text=f"More {ASKED}?", private=False)
        idea = world.idea_again(self.sent)
        question = questioning.ask(actor=self.who("panel"), idea=idea, text=f"Has it {JUDGED}?")
        idea = world.idea_again(self.sent)
        questioning.answer(actor=self.who("author"), idea=idea, question=question, text=f"It has {JUDGED}.")
        questioning.ask(actor=sponsor, idea=world.idea_again(self.sent), text=f"How often has it {JUDGED}?")

    def offer(self) -> Challenge:
        """The sealed idea was not chosen, and its author lets it be offered; a later challenge that fits it."""
        world = self.world
        for row in world.idea_again(self.sent).authors:
            if row.accepted_at is not None:
                offers.agree(actor=world.actor(row.person_id), idea=world.idea_again(self.sent), readable=True)
        later = world.person("Later")
        self.people["later sponsor"] = later
        return world.challenge(later, title=f"{IDEA[:6]} title, only for you?", who_may="experts")

    def announce(self) -> None:
        """Both are decided and announced, and the projects that come of them begin."""
        world, sponsor = self.world, self.who("sponsor")
        picking.pick(actor=sponsor, idea=world.idea_again(self.sent), chosen=False, reason="Not now, thank you.")
        picking.pick(actor=sponsor, idea=world.idea_again(self.plain), chosen=True, reason="This one.")
        for challenge in (self.sealed, self.open, self.checked):
            world.close(self.again(challenge))
        picking.finish_picks(actor=sponsor, challenge=self.again(self.sealed))
        world.settle()
        for challenge in (self.sealed, self.open, self.checked):
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
    "audience": {"private question"},
    "staff": set(),
    "reader": {"full part"},
    "author": {"idea", "judge's question"},
    "helper": {"idea", "judge's question"},
    "other author": UNCHECKED,
    "panel": {"idea", "sponsor", "organisation", "judge's question"},
    "checker": {"idea that waits", "idea turned down", "checker's note"},
    "sponsor": set(MARKERS) - UNCHECKED,
    "manager": {"full part", "sponsor", "organisation", "private question"},
    "administrator": {"sponsor", "organisation"},
}
"""Who reads what. The panel has not accepted the full part's terms; the helper has not opened them either. Where somebody is
named to check ideas, the sponsor does not read those that nobody accepted."""


@pytest.mark.parametrize("name", ENTITLED)
def test_everybody_reads_what_he_may_and_nobody_more(embedded: World, name: str) -> None:
    assert Secrets(embedded).looks(name) == (ENTITLED[name], {})


# Those to whom an announcement says something: the rest read no other pages than these do, and were asked above.
@pytest.mark.parametrize("name", ["visitor", "audience", "other author", "panel", "checker", "manager"])
def test_a_result_tells_nobody_more(embedded: World, name: str) -> None:
    secrets = Secrets(embedded)
    secrets.announce()
    assert secrets.looks(name) == (ENTITLED[name], {})


@pytest.mark.parametrize("name", ["staff", "other author", "manager", "later sponsor"])
def test_an_idea_on_offer_is_read_on_the_page_of_the_challenge_that_it_fits_alone(embedded: World, name: str) -> None:
    secrets = Secrets(embedded)
    secrets.announce()
    later = secrets.offer()
    embedded.settle()
    person = secrets.who(name)
    found = Looker(embedded, GAPS, {"idea": IDEA}).finds(person).get("idea", [])
    page = f"/challenges/{later.public_id}/earlier-ideas"
    assert found == ([page] if name in {"manager", "later sponsor"} else [])


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
        if (name, to) != ("checker's note", "other@example.org")  # they were written for him
    }
    assert told == set()
