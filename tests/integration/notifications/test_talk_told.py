"""Who hears of a comment, once; and that a mail repeats nothing that is sealed, private or not to be known yet."""

from __future__ import annotations

import pytest

from innovation.challenges.service import talking as challenge_talk
from innovation.discussion import queries as discussion
from innovation.discussion.models import Comment
from innovation.discussion.service import deleting
from innovation.ideas.models import Idea
from innovation.ideas.service import talking
from innovation.kernel.actor import Actor, Circle
from innovation.notifications.service import choosing
from innovation.projects import queries as projects
from innovation.projects.service import talking as project_talk
from innovation.rules.notices import Topic, Way
from tests.integration.notifications.conftest import Told
from tests.support.world import World

KINDS = (
    "mention",
    "comment_answer",
    "comment_idea",
    "comment_project",
    "comment_question",
    "comment_panel",
    "comment_followed",
)


def say(world: World, who: Actor, idea: Idea, text: str = "Good.", parent: Comment | None = None) -> Comment:
    again = world.idea_again(idea)
    above = discussion.comment_by_id(parent.id) if parent is not None else None
    return talking.say(actor=who, idea=again, text=text, parent=above)


def test_each_hears_of_a_comment_once_and_its_writer_not_at_all(world: World, told: Told) -> None:
    author, first, second = world.person("Author"), world.person("First"), world.person("Second")
    follower = world.person("Follower")
    idea = world.idea(world.challenge(), author)
    for who in (follower, author, first):
        choosing.watch(actor=who, kind="idea", subject_id=idea.id, level="follow")
    begun = say(world, first, idea)
    assert told(*KINDS) == [("Author", "comment_idea"), ("Follower", "comment_followed")]
    say(world, second, idea, "I agree.", begun)
    assert told("comment_answer") == [("First", "comment_answer")]
    assert told("comment_followed").count(("First", "comment_followed")) == 0
    say(world, author, idea, "Thank you.")
    assert told("comment_idea") == [("Author", "comment_idea")] * 2


def test_a_mention_beats_a_comment_unless_he_wants_none(world: World, told: Told) -> None:
    author, writer = world.person("Author"), world.person("Writer")
    idea = world.idea(world.challenge(), author)
    say(world, writer, idea, "@Author what do you think?")
    assert told(*KINDS) == [("Author", "mention")]
    choosing.choose(actor=author, wanted={Topic.MENTION: set()}, digest="daily")
    say(world, writer, idea, "@Author are you there?")
    assert told(*KINDS) == [("Author", "comment_idea"), ("Author", "mention")]


def test_questions_reach_the_sponsor_and_who_follows_the_challenge(world: World, told: Told) -> None:
    challenge = world.challenge(world.person("Sponsor"))
    asks, follows, outside = world.person("Asks"), world.person("Follows"), world.person("Outside", Circle.EXPERT)
    for who in (follows, outside):
        choosing.watch(actor=who, kind="challenge", subject_id=challenge.id, level="follow")
    challenge_talk.ask(actor=asks, challenge=world.again(challenge), text="May it be blue?")
    assert told(*KINDS) == [("Follows", "comment_followed"), ("Sponsor", "comment_question")]
    letter = next(each for each in world.letters() if each.to == "sponsor@example.org" and "question" in each.subject)
    assert ("May it be blue?" in letter.text, "Asks writes:" in letter.text, "/comments/" in letter.text) == (True,) * 3


def test_a_comment_in_a_project_reaches_its_team(world: World, told: Told) -> None:
    author = world.person("Author")
    project = world.project(author)
    world.anew()
    row = projects.by_id(project.id)
    assert row is not None
    project_talk.say(actor=world.manager, project=row, text="How is it going?")
    assert ("Author", "comment_project") in told("comment_project")


def test_what_is_deleted_before_the_mail_goes_is_not_sent(world: World, told: Told) -> None:
    author, writer = world.person("Author"), world.person("Writer")
    idea = world.idea(world.challenge(), author)
    world.settle()
    before = len(world.letters())
    made = say(world, writer, idea, "Too much said.")
    row = discussion.comment_by_id(made.id)
    assert row is not None
    deleting.delete(actor=writer, comment=row)
    assert told(*KINDS) == []
    assert len(world.letters()) == before


def test_a_mail_repeats_nothing_of_a_sealed_idea(world: World, told: Told) -> None:
    challenge = world.sealed()
    author = world.person("Author", Circle.EXPERT)
    idea = world.idea(challenge, author, "zyzzyva title", text="zyzzyva text")
    sponsor = world.sponsor_of(challenge)
    say(world, sponsor, idea, "zyzzyva: is it warm?")
    assert told(*KINDS) == [("Author", "comment_idea")]
    letters = [each for each in world.letters() if each.to == "author@example.org" and "comment" in each.subject]
    assert [idea.public_id in each.subject for each in letters] == [True]
    assert [each for each in world.letters() if "zyzzyva" in each.whole] == []


def test_a_name_that_waits_for_the_result_stands_in_no_mail(world: World, told: Told) -> None:
    challenge = world.panel_challenge(names_hidden=True)
    author, other = world.person("Secretive"), world.person("Other")
    idea = world.idea(challenge, author)
    begun = say(world, other, idea, "Who is this?")
    choosing.watch(actor=other, kind="person", subject_id=author.person_id or 0, level="follow")
    say(world, author, idea, "You will see.", begun)
    assert told("comment_answer", "comment_followed") == [("Other", "comment_answer")]
    letter = next(each for each in world.letters() if each.to == "other@example.org" and "answers" in each.subject)
    assert ("An author of this idea writes:" in letter.text, "Secretive" in letter.whole) == (True, False)


@pytest.mark.parametrize("way", [Way.PAGE, Way.MAIL, Way.DIGEST])
def test_comments_come_by_the_way_one_chose(world: World, told: Told, way: Way) -> None:
    author = world.person("Author")
    idea = world.idea(world.challenge(), author)
    choosing.choose(actor=author, wanted={Topic.COMMENT: {way}}, digest="daily")
    say(world, world.person("Writer"), idea)
    assert told.ways("comment_idea") == {("Author", way.value)}


def test_a_line_leads_to_the_comment_until_it_is_gone(world: World, told: Told) -> None:
    author, writer = world.person("Author"), world.person("Writer")
    idea = world.idea(world.challenge(), author, "Warm water")
    made = say(world, writer, idea)
    told()
    browser = world.browser(author)
    page = browser.get("/inbox").text
    assert ("A comment on your idea: Warm water" in page, f"/comments/{made.public_id}" in page) == (True, True)
    row = discussion.comment_by_id(made.id)
    assert row is not None
    deleting.delete(actor=writer, comment=row)
    page = browser.get("/inbox").text
    assert ("A comment on your idea: Warm water" in page, f"/comments/{made.public_id}" in page) == (True, False)
