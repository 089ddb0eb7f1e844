"""The content of a withdrawn idea removed for good: nothing of it is left anywhere, and what others rely on stays."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, text, update

from innovation.ideas import queries as ideas
from innovation.ideas.models import Idea, Receipt
from innovation.ideas.queries import receipts
from innovation.ideas.service import emptying, proving, talking, writing
from innovation.ideas.service.receipts import as_file
from innovation.insight.queries import mismatches
from innovation.kernel import clock, sealing
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import Base, db
from innovation.kernel.usecase import transaction
from innovation.people.service.drafts import keep
from innovation.promotion.service import replaying
from innovation.voting import queries as voting
from innovation.voting import service as votes
from tests.support import samples
from tests.support.filing import add
from tests.support.refusals import answer
from tests.support.world import World

MARKER = "zyzzyva"


def _told(world: World, author: Actor, challenge: object = None) -> Idea:
    """A sent idea with a word in it everywhere that a word can stand."""
    where = challenge or world.challenge()
    idea = world.draft_idea(where, author, title=f"{MARKER} title", text=f"{MARKER} text")  # type: ignore[arg-type]
    add(world, author, idea, samples.PDF, f"{MARKER}.pdf")
    writing.submit(actor=author, idea=world.idea_again(idea), accept_terms=True)
    writing.revise(
        actor=author, idea=world.idea_again(idea), title=f"{MARKER} two", text=f"{MARKER} more", requested_minor=None
    )
    writing.add_note(actor=author, idea=world.idea_again(idea), text=f"{MARKER} note")
    talking.say(actor=author, idea=world.idea_again(idea), text=f"{MARKER} said")
    keep(actor=author, place=f"/ideas/{idea.public_id}/notes", fields={"text": [f"{MARKER} typed"]})
    world.settle()
    return idea


def _left(world: World) -> list[str]:
    """The tables in which the word still stands."""
    world.anew()
    found = []
    for table in Base.metadata.sorted_tables:
        rows = db.session.execute(select(table)).all()
        if any(MARKER in str(value) for row in rows for value in row):
            found.append(table.name)
    return found


def test_nothing_of_it_is_left_in_any_table_and_the_digest_stays(world: World) -> None:
    author = world.person("Ada")
    idea = _told(world, author)
    kept = receipts.newest(idea.id)
    assert kept is not None
    file, digest = as_file(kept).spelled(), kept.digest
    writing.withdraw(actor=author, idea=world.idea_again(idea))
    emptying.empty(actor=author, idea=world.idea_again(idea))
    world.settle()
    # The file's row goes with the next sweep, and nobody reaches it until then: its set belongs to nothing. The search
    # keeps single words, for typing errors, until it is rebuilt; they name nothing that they came from.
    later = {"attachment", "upload", "search_word", "search_spelling"}
    assert [name for name in _left(world) if name not in later] == []
    row = world.idea_again(idea)
    left = db.session.scalars(select(Receipt).where(Receipt.idea_id == idea.id).order_by(Receipt.revision_no)).all()
    assert (row.file_set_id, row.emptied_at is not None, [each.document for each in left]) == (None, True, ["", ""])
    assert left[-1].digest == digest
    assert [each.holds for each in proving.check(file)][:2] == [True, True]


def test_only_a_withdrawn_idea_is_emptied_and_only_by_its_authors(world: World) -> None:
    author, challenge = world.person(), world.challenge()
    idea = world.idea(challenge, author)

    def empty(who: Actor) -> str:
        return answer(lambda: emptying.empty(actor=who, idea=world.idea_again(idea)))

    before = empty(author)
    writing.withdraw(actor=author, idea=world.idea_again(idea))
    assert [before, empty(world.manager), empty(world.person()), empty(author), empty(author)] == [
        "NotPossible withdraw_first",
        "Refused withdraw_idea",
        "Refused withdraw_idea",
        "done",
        "done",
    ]
    assert answer(lambda: votes.restore(actor=author, idea=world.idea_again(idea))) == "NotPossible not_withdrawn"


def test_nothing_is_withdrawn_from_a_decision_under_way(world: World) -> None:
    author, challenge = world.person(), world.challenge()
    idea = world.idea(challenge, author)
    with transaction():
        db.session.get_one(type(challenge), challenge.id).frozen_at = clock.now()
    said = answer(lambda: writing.withdraw(actor=author, idea=world.idea_again(idea)))
    assert said == "NotPossible decision_under_way"


def test_the_clock_empties_what_was_withdrawn_thirty_days_ago_and_nothing_else(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    old, young, standing, imported = (world.idea(challenge, author, title=name) for name in ("O", "Y", "S", "I"))
    for idea, days in ((old, 30), (young, 29), (imported, 30)):
        writing.withdraw(actor=author, idea=world.idea_again(idea))
        with transaction():
            past = {"withdrawn_at": clock.now() - timedelta(days=days)}
            db.session.execute(update(Idea).where(Idea.id == idea.id).values(past))
    with transaction():
        db.session.execute(update(Idea).where(Idea.id == imported.id).values(source="elsewhere", foreign_id="1"))
    assert [emptying.empty_withdrawn(actor=house(Origin.CLOCK)) for _ in range(2)] == [1, 0]
    titles = [world.idea_again(each).title for each in (old, young, standing, imported)]
    assert titles == ["", "Y", "S", "I"]


def test_a_decided_challenge_decides_the_same_after_a_withdrawn_idea_was_emptied(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    gone, stays = _told(world, author, challenge), world.idea(challenge)
    for idea in (gone, stays):
        world.vote(idea)
    writing.withdraw(actor=author, idea=world.idea_again(gone))
    run = world.announced(challenge)
    emptying.empty(actor=author, idea=world.idea_again(gone))
    world.settle()
    assert replaying.replay(world.run_of(challenge)) is None
    assert run.outcome_hash == world.run_of(challenge).outcome_hash
    sealing.seal()
    assert (sealing.check().broken_at, voting.wrong_tallies(), mismatches()) == (None, [], [])


def test_its_authors_find_an_empty_page_and_nobody_else_any(world: World) -> None:
    challenge, author = world.challenge(), world.person()
    idea = _told(world, author, challenge)
    browser, path = world.browser(author), f"/ideas/{idea.public_id}"
    early = browser.get(f"{path}/content-removal")
    browser.post(f"{path}/withdrawal")
    asked = browser.get(f"{path}/content-removal").get_data(as_text=True)
    done = browser.post(f"{path}/content-removal")
    page = browser.get(path).get_data(as_text=True)
    receipt = browser.get(f"{path}/receipt").get_data(as_text=True)
    assert (early.status_code, "Nothing brings it back" in asked, done.status_code) == (303, True, 303)
    assert ("Its content was removed" in page, MARKER in page, MARKER in receipt) == (True, False, False)
    assert browser.get(f"{path}/receipts/1").status_code == 404
    assert ideas.get(world.person(), idea.public_id) is None
    assert db.session.execute(text("SELECT count(*) FROM receipt WHERE document <> ''")).scalar() == 0
