"""What the outside reads: only what was made public, the same for everybody; a planted marker proves it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select, update

from innovation.admin.service import name_host
from innovation.challenges import queries as challenges
from innovation.challenges.models import Challenge
from innovation.challenges.service import briefs, publicity
from innovation.ideas.models import Author, Idea, Note
from innovation.ideas.service import writing
from innovation.insight.queries import public
from innovation.insight.service import taking_part
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import db
from innovation.kernel.errors import Invalid, Refused
from innovation.kernel.events import Event
from innovation.kernel.usecase import transaction
from innovation.people.models import Organisation, Person
from innovation.people.service import accounts, organisations
from innovation.projects.models import Project
from innovation.projects.service import evidence, money, outcome, papers, planning, updates, worth
from innovation.projects.service.worth import Worth
from innovation.promotion.models import Decision
from innovation.promotion.service import picking, running
from innovation.rules.project import EntryKind, ProjectState
from innovation.rules.promotion import ready_rule
from tests.conftest import counting
from tests.support.forms import filled
from tests.support.pages import body, words
from tests.support.world import World

MARKER = "xylotomy"
"""Stands in every text that is nobody's outside."""
GOAL = "Run a week without fresh water."


def _secret(what: str) -> str:
    return f"{MARKER} {what}"


class Fair:
    """A host with a results page; an open challenge whose chosen idea became a project, with its inside full of markers;
    beside it a sealed one with a chosen idea, a draft, and one that is open and not public."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.host_id = name_host(actor=house(Origin.CLI), name="Works").id
        self.switch_page(True)
        self.sponsor = world.person("Sponsor")
        self.ann, self.bob = world.person("Ann"), world.person("Bob")
        self.asked = world.challenge(self.sponsor, title="Less water?")
        self.winner = world.idea(self.asked, self.ann, "Closed loop", text=_secret("text of the winner"))
        self.loser = world.idea(self.asked, self.bob, _secret("title not chosen"), text=_secret("text not chosen"))
        self.gone = world.idea(self.asked, self.bob, _secret("title withdrawn"))
        world.draft_idea(self.asked, self.bob, _secret("title of a draft"), text=_secret("draft"))
        with transaction():
            db.session.add(
                Note(idea_id=self.winner.id, text=_secret("note"), written_by=self.ann.person_id, written_at=world.now())
            )
        self.withdraw(self.gone)
        for _ in range(3):
            world.vote(self.winner)
        with transaction():
            row = challenges.by_id(self.asked.id)
            row.rule = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1})
        world.announced(self.asked)
        self.inside()
        taking_part.keep_participation(actor=house(Origin.CLOCK))

    def withdraw(self, idea: Idea) -> None:
        writing.withdraw(actor=self.bob, idea=self.world.idea_again(idea))

    def switch_page(self, shown: bool) -> None:
        self.world.anew()
        host = db.session.get_one(Organisation, self.host_id)
        manager = self.world.manager
        organisations.keep_results_page(actor=manager, organisation=host, shown=shown, intro="We ask, you answer.")

    def publish(self, challenge: Challenge | None = None, shown: bool = True) -> None:
        row = self.world.again(challenge or self.asked)
        publicity.show_results(actor=self.world.manager, challenge=row, shown=shown, organisation_id=None)
        self.world.anew()

    def project(self) -> Project:
        return self.world.project_of(self.winner)

    def inside(self) -> None:
        """Everything a project keeps to itself, and what the decision's people said."""
        team_of, keeper = self.ann, self.world.sponsor_of(self.asked)
        planning.describe(
            actor=team_of,
            project=self.project(),
            title="Loop",
            goal=GOAL,
            work_url=f"https://x.example/{MARKER}",
        )
        milestone: dict[str, Any] = {"title": _secret("milestone"), "due_on": self.world.now().date(), "owner": ""}
        planning.add_milestone(actor=team_of, project=self.project(), **milestone)
        updates.post_update(actor=team_of, project=self.project(), status="on_track", text=_secret("update"))
        evidence.suppose(actor=team_of, project=self.project(), text=_secret("hypothesis"), test=_secret("t"), holds_when="")
        evidence.add(actor=team_of, project=self.project(), text=_secret("evidence"))
        papers.add_document(
            actor=team_of, project=self.project(), title=_secret("p"), url=f"https://y.example/{MARKER}", note=""
        )
        money.add_line(actor=team_of, project=self.project(), title=_secret("line"), currency="EUR")
        money.enter(
            actor=team_of,
            project=self.project(),
            position=1,
            kind=EntryKind.SPEND,
            amount_minor=123_45,
            happened_on=self.world.now().date(),
            note=_secret("entry"),
        )
        for gate in self.project().gates:
            self.world.decide(self.project(), gate.key, reason=_secret("gate reason"))
        for kind, amount in (("validated", 70_000_00), ("actual", 90_000_00)):
            said = Worth(amount_minor=amount, currency="EUR", per="year", basis=_secret("basis"))
            say = {"validated": worth.say_validated, "actual": worth.say_actual}[kind]
            say(actor=keeper, project=self.project(), worth=said)
        outcome.settle(actor=keeper, project=self.project(), outcome="adopt", lesson="Salt builds up: bleed it weekly.")
        with transaction():
            db.session.execute(update(Decision).values(words=_secret("words of the decision")))

    def sealed(self) -> tuple[Idea, Project]:
        """A sealed challenge whose chosen idea became a project, made public by a slip no verb allows."""
        world = self.world
        made = world.sealed(title=_secret("sealed question"))
        idea = world.idea(made, None, _secret("sealed title"), text=_secret("sealed text"))
        sponsor = world.sponsor_of(made)
        picking.pick(actor=sponsor, idea=world.idea_again(idea), chosen=True, reason=_secret("pick"))
        world.close(made)
        picking.finish_picks(actor=sponsor, challenge=world.again(made))
        world.settle()
        running.announce(actor=sponsor, run=world.run_of(made))
        with transaction():
            db.session.execute(update(Challenge).where(Challenge.id == made.id).values(results_public=True))
        return idea, world.project_of(idea)

    def say(self, who: Actor, agreed: bool) -> None:
        accounts.answer_naming(actor=who, agreed=agreed)
        self.world.anew()

    def read(self, path: str, who: Actor | None = None) -> str:
        page = self.world.browser(who).get(path)
        assert page.status_code == 200, path
        return words(page)


@pytest.fixture
def fair(world: World) -> Fair:
    return Fair(world)


@pytest.fixture
def shown(embedded: World) -> Fair:
    made = Fair(embedded)
    made.publish()
    return made


def _paths(fair: Fair) -> list[str]:
    host = db.session.get_one(Organisation, fair.host_id).public_id
    return [
        "/",
        "/results",
        f"/organisations/{host}/results",
        f"/results/challenges/{fair.asked.public_id}",
        f"/results/ideas/{fair.winner.public_id}",
    ]


# --- nothing inside is shown ---------------------------------------------------------------------------------------


def test_nothing_sealed_draft_or_internal_is_on_any_public_page(fair: Fair) -> None:
    fair.publish()
    secret, project = fair.sealed()
    fair.world.draft_challenge(fair.sponsor, title=_secret("draft question"))
    hidden = fair.world.challenge(fair.sponsor, title=_secret("not made public"))
    fair.world.idea(hidden, fair.bob, _secret("idea there"))
    secret = fair.world.idea_again(secret)
    ids = (fair.loser, fair.gone, secret, project, hidden, secret.challenge)
    looked = [*_paths(fair), "/results?after=x"]
    looked += [f"/results/{kind}/{each.public_id}" for kind in ("ideas", "challenges") for each in ids]
    browser = fair.world.browser()
    leaks = []
    for path in looked:
        for headers in ({}, {"HX-Request": "true"}, {"Accept-Language": "nl"}):
            page = browser.get(path, headers=headers)
            if MARKER in page.get_data(as_text=True) or MARKER in str(page.headers):
                leaks.append(path)
    assert leaks == []


def test_the_public_pages_show_what_was_made_public(shown: Fair) -> None:
    """Otherwise the test above would prove nothing: the same addresses tell the story."""
    results = shown.read("/results")
    assert [
        each in results
        for each in (
            "We ask, you answer.",
            "Less water?",
            "Closed loop",
            "Run a week without fresh water.",
            "€90,000 every year",
            "counted after it was put to use",
            "Salt builds up",
            "3 ideas were sent: 1 was chosen, 1 was not chosen, 1 was withdrawn.",
        )
    ] == [True] * 8
    history = shown.read(f"/results/ideas/{shown.winner.public_id}").partition("Its way")[2]
    way = [
        "Sent",
        "Chosen",
        "The people who took part decided by their votes.",
        "Gate Frame passed",
        "Proof passed",
        "Adopted",
    ]
    at = [history.find(each) for each in way]
    assert (-1 in at, at == sorted(at)) == (False, True)


def test_everything_that_is_no_public_idea_is_the_same_404(fair: Fair) -> None:
    fair.publish()
    secret, project = fair.sealed()
    hidden = fair.world.challenge(fair.sponsor)
    waiting = fair.world.idea(hidden, fair.bob)
    browser = fair.world.browser()
    sealed = fair.world.idea_again(secret).challenge.public_id
    ids = [each.public_id for each in (fair.loser, fair.gone, secret, project, waiting, hidden)]
    looked = [f"/results/ideas/{each}" for each in ids] + [f"/results/challenges/{each}" for each in (sealed, *ids)]

    def answer(path: str) -> tuple[int, str]:
        page = browser.get(path)
        return page.status_code, body(page).replace(path, "")

    absent = answer("/results/ideas/0000000000")
    assert ({answer(path) for path in looked} == {absent}, absent[0]) == (True, 404)


def test_a_sealed_challenge_moves_no_figure(shown: Fair) -> None:
    before = shown.read("/results")
    shown.sealed()
    host = public.host()
    assert host is not None
    counts, _worth = public.totals(host)
    assert (counts.sent, counts.opened) == (3, 1)
    assert shown.read("/results") == before


def test_a_sealed_row_in_an_open_challenge_is_neither_told_nor_counted(shown: Fair) -> None:
    """Whatever a class says on a row holds, whatever its challenge says."""
    with transaction():
        db.session.execute(update(Project).values(visibility="sealed"))
    page = shown.read(f"/results/ideas/{shown.winner.public_id}")
    assert [each in page for each in ("Run a week", "Salt builds up", "€90,000", "Gate Frame passed")] == [False] * 4
    with transaction():
        db.session.execute(update(Idea).where(Idea.id == shown.winner.id).values(visibility="sealed"))
    assert shown.world.browser().get(f"/results/ideas/{shown.winner.public_id}").status_code == 404
    assert "Closed loop" not in shown.read("/results")


# --- switches ------------------------------------------------------------------------------------------------------


def test_without_the_organisations_wish_there_is_no_page(fair: Fair) -> None:
    fair.publish()
    browser = fair.world.browser()
    assert {browser.get(path).status_code for path in _paths(fair)} == {200}
    assert 'href="/results"' in browser.get("/").get_data(as_text=True)
    fair.switch_page(False)
    assert [browser.get(path).status_code for path in _paths(fair)] == [200, 404, 404, 404, 404]
    assert 'href="/results"' not in browser.get("/").get_data(as_text=True)


def test_a_challenge_is_public_only_once_it_was_switched_on_and_no_longer_than_that(fair: Fair) -> None:
    path, browser = f"/results/ideas/{fair.winner.public_id}", fair.world.browser()
    found = [browser.get(path).status_code]
    fair.publish()
    found.append(browser.get(path).status_code)
    fair.publish(shown=False)
    found.append(browser.get(path).status_code)
    assert found == [404, 200, 404]


def test_a_sealed_challenge_is_never_made_public(fair: Fair) -> None:
    sealed = fair.world.sealed()
    with pytest.raises(Invalid) as refused:
        fair.publish(sealed)
    assert (refused.value.code, fair.world.again(sealed).results_public) == ("sealed_stays_sealed", False)
    path = f"/challenges/{sealed.public_id}/public-results"
    answer = fair.world.browser(fair.world.manager).post(path, {"shown": "y", "organisation": "host"})
    assert (answer.status_code, fair.world.again(sealed).results_public) == (422, False)


def test_a_brief_that_becomes_sealed_is_public_no_more(fair: Fair) -> None:
    draft = fair.world.draft_challenge(fair.sponsor)
    fair.publish(draft)
    closes = fair.world.wall(days=20)
    brief = briefs.Brief(
        title="Q", must="m", who_may="experts", closes=closes, visibility="sealed", who_decides="sponsor", rule={}
    )
    sponsor = fair.world.actor(fair.sponsor.person_id or 0)
    briefs.edit(actor=sponsor, challenge=fair.world.again(draft), brief=brief)
    assert fair.world.again(draft).results_public is False


def test_sponsor_and_manager_switch_a_challenge_and_nobody_else(fair: Fair) -> None:
    sponsor = fair.world.actor(fair.sponsor.person_id or 0)
    path, form = f"/challenges/{fair.asked.public_id}/public-results", {"shown": "y", "organisation": "host"}
    for who, status in ((fair.ann, 403), (sponsor, 303), (fair.world.manager, 303)):
        assert fair.world.browser(who).post(path, form).status_code == status
    facts = db.session.scalars(select(Event.payload).where(Event.name == "ResultsShown")).all()
    assert facts == [{"shown": True, "organisation_id": None}] * 2


def test_manager_and_administrator_keep_the_page_and_nobody_else(fair: Fair) -> None:
    host = db.session.get_one(Organisation, fair.host_id).public_id
    manager = fair.world.browser(fair.world.manager)
    listed = words(manager.get("/organisations"))
    assert ("Works" in listed, "this house" in listed) == (True, True)
    assert manager.post(f"/organisations/{host}/results-page", {"intro": "Hello."}).status_code == 303
    assert fair.world.browser().get("/results").status_code == 404
    with pytest.raises(Refused):
        organisations.keep_results_page(
            actor=fair.ann, organisation=db.session.get_one(Organisation, fair.host_id), shown=True, intro=""
        )


def test_a_partners_question_stands_on_the_partners_page_alone(shown: Fair) -> None:
    shown.world.person("Partner", organisation="Dyes Ltd")
    partner = db.session.scalars(select(Organisation).where(Organisation.name == "Dyes Ltd")).one()
    organisations.keep_results_page(actor=shown.world.manager, organisation=partner, shown=True, intro="")
    path = f"/challenges/{shown.asked.public_id}/public-results"
    sent = shown.world.browser(shown.world.manager).post(path, {"shown": "y", "organisation": partner.public_id})
    assert sent.status_code == 303
    assert "Less water?" in shown.read(f"/organisations/{partner.public_id}/results")
    assert "Less water?" not in shown.read("/results")


# --- who is named --------------------------------------------------------------------------------------------------


def test_people_are_named_with_their_consent_alone_and_until_they_take_it_back(fair: Fair) -> None:
    fair.publish()
    paths = ["/results", *_paths(fair)[2:]]
    assert [("Ann" in fair.read(path), "Bob" in fair.read(path)) for path in paths] == [(False, False)] * 4
    fair.say(fair.ann, True)
    assert ["Ann" in fair.read(path) for path in paths] == [True] * 4
    fair.say(fair.bob, True)
    assert "Thanks to Ann, Bob and" in fair.read("/results")
    assert "Bob" not in fair.read(f"/results/ideas/{fair.winner.public_id}")
    fair.say(fair.ann, False)
    assert ["Ann" in fair.read(path) for path in paths] == [False] * 4


def test_others_are_counted_without_a_name(shown: Fair) -> None:
    shown.say(shown.ann, True)
    story = public.stories(_host(), None).items[0]
    # Ann, Bob and three voters took part.
    assert (list(story.thanks.names), story.thanks.more) == (["Ann"], 4)


def test_nobody_is_named_before_the_decision(shown: Fair) -> None:
    running = shown.world.challenge(shown.sponsor)
    shown.world.idea(running, shown.bob)
    shown.publish(running)
    shown.say(shown.bob, True)
    told = {story.challenge.id: list(story.thanks.names) for story in public.stories(_host(), None).items}
    assert told == {running.id: [], shown.asked.id: ["Bob"]}


def test_an_ideas_text_is_public_once_every_accepted_author_agreed(shown: Fair) -> None:
    path = f"/results/ideas/{shown.winner.public_id}"
    with transaction():
        db.session.add(
            Author(idea_id=shown.winner.id, person_id=shown.bob.person_id, position=2, accepted_at=shown.world.now())
        )
    found = [MARKER in shown.read(path)]
    shown.say(shown.ann, True)
    found.append(MARKER in shown.read(path))
    shown.say(shown.bob, True)
    found.append(MARKER in shown.read(path))
    shown.say(shown.ann, False)
    found.append(MARKER in shown.read(path))
    with transaction():
        db.session.execute(delete(Author).where(Author.idea_id == shown.winner.id))
    found.append(MARKER in shown.read(path))
    assert found == [False, False, True, False, False]


def test_the_account_page_asks_and_remembers_the_day(shown: Fair) -> None:
    browser = shown.world.browser(shown.ann)
    assert "No public page names you." in words(browser.get("/account"))
    assert browser.post("/account/naming", {"naming": "yes"}).status_code == 303
    assert "You said yes on" in words(browser.get("/account"))
    first = db.session.get_one(Person, shown.ann.person_id).named_publicly_at
    shown.world.anew()
    shown.say(shown.ann, True)
    assert db.session.get_one(Person, shown.ann.person_id).named_publicly_at == first
    assert browser.post("/account/naming", {"naming": "perhaps"}).status_code == 422
    assert browser.post("/account/naming", {"naming": "no"}).status_code == 303
    facts = db.session.scalars(select(Event.payload).where(Event.name == "NamingAnswered").order_by(Event.id)).all()
    assert [fact["agreed"] for fact in facts] == [True, False]


# --- figures, lessons, size ----------------------------------------------------------------------------------------


def _host() -> Organisation:
    found = public.host()
    assert found is not None
    return found


def test_a_keepers_reason_is_no_lesson_until_somebody_writes_it_as_one(embedded: World) -> None:
    fair = Fair(embedded)
    fair.publish()
    other = embedded.challenge(fair.sponsor, title="Less heat?")
    idea = embedded.idea(other, fair.ann, "Insulate")
    embedded.vote(idea)
    embedded.announced(other)
    fair.publish(other)
    embedded.decide(embedded.project_of(idea), "frame", "stop", reason=_secret("why it stops"))
    path = f"/results/ideas/{idea.public_id}"
    before = fair.read(path)
    outcome.write_lesson(actor=fair.ann, project=embedded.project_of(idea), lesson="Ask the plant first.")
    after = fair.read(path)
    assert [MARKER in before, "Stopped at gate" in before, "Ask the plant first." in after] == [False, True, True]


def test_values_are_the_newest_actual_else_the_newest_validated_of_what_was_kept(shown: Fair) -> None:
    _counts, found = public.totals(_host())
    assert [(each.kind, each.per, each.currency, each.minor) for each in found] == [("actual", "year", "EUR", 90_000_00)]
    with transaction():
        db.session.execute(update(Project).values(state=ProjectState.STOPPED))
    assert public.totals(_host())[1] == []


def test_a_share_of_fewer_than_ten_is_not_said(shown: Fair) -> None:
    assert "of those decided on" not in shown.read("/results")
    big = shown.world.challenge(shown.sponsor)
    for _ in range(10):
        shown.world.idea(big)
    shown.world.announced(big)
    shown.publish(big)
    assert "33% of those decided on" in shown.read("/results")


def _asked(fair: Fair, path: str) -> int:
    browser = fair.world.browser()
    browser.get(path)
    with counting() as sent:
        assert browser.get(path).status_code == 200
    return len(sent)


def test_many_challenges_and_ideas_ask_no_more_than_one(shown: Fair) -> None:
    rule = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1000})

    def look(challenge: Challenge) -> list[int]:
        return [_asked(shown, path) for path in ("/results", f"/results/challenges/{challenge.public_id}")]

    few = look(shown.asked)
    programme, last = shown.world.programme(), shown.asked
    for size in (30, *[1] * 11):
        made = shown.world.challenge(shown.sponsor, programme, rule=rule)
        for _ in range(size):
            shown.world.idea(made, shown.ann)
        shown.world.announced(made)
        shown.publish(made)
        last = made if size == 30 else last
    assert (look(last), max(few) <= 9) == (few, True)
    first = public.stories(_host(), None)
    second = public.stories(_host(), first.next)
    assert (len(first.items), len(second.items), second.next) == (public.STORIES, 3, None)
    chosen = public.chosen(next(s for s in (*first.items, *second.items) if s.challenge.id == last.id).challenge, None)
    assert (len(chosen.items), chosen.next is not None) == (25, True)


def test_topics_are_kept_each_once_and_at_most_eight(embedded: World) -> None:
    draft = embedded.draft_challenge(embedded.person())
    sponsor = embedded.sponsor_of(draft)
    path = f"/challenges/{draft.public_id}/edit"
    browser = embedded.browser(sponsor)
    form = filled(browser.get(path), path)
    assert browser.post(path, form | {"topics": " coatings,Energy ,, energy, heat  pumps"}).status_code == 303
    assert sorted(challenges.topics(draft.id)) == ["Energy", "coatings", "heat pumps"]
    refused = browser.post(path, form | {"topics": ",".join(f"t{n}" for n in range(9))})
    assert (refused.status_code, len(challenges.topics(draft.id))) == (422, 3)
    again = filled(browser.get(path), path)
    assert again["topics"] == ", ".join(challenges.topics(draft.id))
    with transaction():
        copied = briefs.copy(actor=sponsor, original=challenges.by_id(draft.id))
    assert challenges.topics(copied.id) == challenges.topics(draft.id)
