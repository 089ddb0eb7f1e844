"""A panel decides by its scores; or the participants draw up a shortlist first, and nobody else gets onto it."""

from __future__ import annotations

import pytest

from innovation.challenges.models import Challenge
from innovation.ideas.models import Idea
from innovation.kernel.errors import NotPossible
from innovation.promotion import queries
from innovation.promotion.service import running
from innovation.rules.promotion import ready_rule
from tests.support.world import World


def _panel(world: World, who_decides: str, **columns: object) -> Challenge:
    rule = ready_rule("panel_best", capacity={"kind": "top", "k": 1})
    return world.panel_challenge(world.person("Sponsor"), who_decides, rule=rule, **columns)


def test_a_panels_mean_decides_once_scoring_is_over(world: World) -> None:
    challenge = _panel(world, "panel")
    weak, strong = (world.idea(challenge, title=title) for title in ("Weak", "Strong"))
    member = world.panellist(challenge)
    world.scoring(challenge)
    world.review(weak, member, (2, 2, 2))
    world.review(strong, member, (5, 4, 4))
    world.settle()
    assert queries.of_challenge(challenge.id) == []
    world.anew()
    world.close_scoring(challenge)
    world.settle()
    world.announced(challenge)
    assert [world.idea_again(idea).state for idea in (weak, strong)] == ["declined", "promoted"]


def test_the_author_reads_the_panels_sentences_without_names(world: World) -> None:
    challenge = _panel(world, "panel")
    idea = world.idea(challenge, world.person("Inventor"))
    world.idea(challenge)
    member = world.panellist(challenge, world.person("Professor Secret"))
    world.scoring(challenge)
    world.review(idea, member, (3, 3, 3), "Show it at ten litres first.")
    world.close_scoring(challenge)
    world.settle()
    world.announced(challenge)
    page = world.browser(world.actor(idea.created_by or 0)).get(f"/ideas/{idea.public_id}").text
    assert ("Show it at ten litres first." in page, "Professor Secret" in page) == (True, False)


def _shortlisted(world: World) -> tuple[Challenge, list[Idea]]:
    shortlist = ready_rule("top_k_approvals", capacity={"kind": "top", "k": 2})
    challenge = _panel(world, "votes_panel", shortlist_rule=shortlist)
    made = [world.idea(challenge, title=f"Idea {n}") for n in range(3)]
    crowd = world.crowd(3)
    for idea, count in zip(made, (3, 2, 1), strict=True):
        for who in crowd[:count]:
            world.vote(idea, who)
    return challenge, made


def test_the_participants_shortlist_is_made_by_the_clock_and_only_it_is_scored(world: World) -> None:
    challenge, made = _shortlisted(world)
    member = world.panellist(challenge)
    world.scoring(challenge)
    with pytest.raises(NotPossible, match="not_to_be_scored"):
        world.review(made[0], member)
    world.settle()
    assert [world.idea_again(idea).state for idea in made] == ["shortlisted", "shortlisted", "submitted"]
    world.review(made[0], member, (2, 2, 2))
    world.review(made[1], member, (4, 4, 4))
    world.close_scoring(challenge)
    world.settle()
    final = next(run for run in queries.of_challenge(challenge.id) if run.round.purpose == "promotion")
    because = {made.idea.title: str(made.because) for made in queries.of_run(final.id)}
    assert because == {"Idea 0": "below_line", "Idea 1": "within_top", "Idea 2": "not_shortlisted"}


def test_shortlist_and_result_are_each_made_once(world: World) -> None:
    challenge, _ = _shortlisted(world)
    world.scoring(challenge)
    for _ in range(3):
        world.settle()
    world.close_scoring(challenge)
    for _ in range(3):
        world.settle()
    runs = queries.of_challenge(challenge.id)
    assert sorted((run.round.purpose, run.pass_no) for run in runs) == [("promotion", 1), ("shortlist", 1)]


def test_a_shortlist_closes_nothing_and_tells_nobody_no(world: World) -> None:
    challenge, made = _shortlisted(world)
    world.scoring(challenge)
    world.settle()
    row = world.again(challenge)
    assert (row.frozen_at, row.state) == (None, "published")
    assert [letter for letter in world.letters() if "not chosen" in letter.subject.lower()] == []
    assert world.idea_again(made[2]).state == "submitted"


def test_a_place_on_the_shortlist_is_no_decision_to_anybody(world: World) -> None:
    """While the panel scores, its sentences and the participants' places are on nobody's page."""
    challenge, made = _shortlisted(world)
    member = world.panellist(challenge)
    world.scoring(challenge)
    world.settle()
    world.review(made[0], member, (2, 2, 2), "It leaks at ten bar.")
    shortlist = queries.of_challenge(challenge.id)[0].public_id
    browser = world.browser(world.person("Reader"))
    for idea in made:
        page = browser.get(f"/ideas/{idea.public_id}").text
        said = ("It leaks at ten bar.", "Why it was", "It came in place")
        assert [words for words in said if words in page] == []
    assert browser.get(f"/runs/{shortlist}").status_code == 404
    assert world.browser(member).get(f"/runs/{shortlist}").status_code == 404


def test_who_was_shortlisted_and_not_chosen_is_told_so(world: World) -> None:
    challenge, made = _shortlisted(world)
    member = world.panellist(challenge)
    world.scoring(challenge)
    world.settle()
    world.review(made[0], member, (2, 2, 2))
    world.review(made[1], member, (5, 5, 5))
    world.close_scoring(challenge)
    world.settle()
    final = next(run for run in queries.of_challenge(challenge.id) if run.round.purpose == "promotion")
    running.announce(actor=world.sponsor_of(challenge), run=final)
    world.settle()
    because = [str(decision.because) for idea in made if (decision := queries.deciding(idea.id))]
    assert because == ["below_line", "within_top", "not_shortlisted"]
    page = world.browser(world.actor(made[0].created_by or 0)).get(f"/ideas/{made[0].public_id}").text
    assert ("Why it was not chosen" in page, "Why it was chosen" in page) == (True, False)
