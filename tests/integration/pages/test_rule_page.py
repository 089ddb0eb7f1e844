"""The rule composer without JavaScript: what it says, what it shows to whom and when, and that looking changes nothing."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from innovation.challenges.forms.slots import same
from innovation.challenges.models import Challenge
from innovation.challenges.service.fitting import default_rule, default_shortlist
from innovation.kernel.actor import Actor, Origin, house
from innovation.kernel.db import Base, db
from innovation.rules.predicates import Role
from innovation.rules.promotion import ready_rule
from innovation.voting.service import measuring
from tests.conftest import counting
from tests.support.browser import Browser
from tests.support.forms import buttons, filled
from tests.support.world import World


class Composer:
    """Somebody at the composer of a challenge."""

    def __init__(self, world: World, challenge: Challenge, who: Actor | None = None, query: str = "") -> None:
        self.world, self.challenge = world, challenge
        self.browser: Browser = world.browser(who or world.sponsor_of(challenge))
        self.path = f"/challenges/{challenge.public_id}/rule"
        self.query = query
        self.page: TestResponse = self.browser.get(self.path + query)

    def press(self, do: str, **typed: str) -> TestResponse:
        """Fill in, press a button, and be where it leads."""
        form = filled(self.page, self.path) | {name.replace("__", "-"): value for name, value in typed.items()} | {"do": do}
        self.page = self.browser.post(self.path + self.query, form)
        return self.page

    @property
    def fields(self) -> dict[str, str]:
        return filled(self.page, self.path)

    @property
    def effect(self) -> str:
        """The words of the right side."""
        text = self.page.get_data(as_text=True).partition('id="effect"')[2].partition('class="form-actions"')[0]
        return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text.partition(">")[2])).strip()

    @property
    def wrong(self) -> list[str]:
        """The fields that the error summary names."""
        summary = self.page.get_data(as_text=True).partition("error-summary-title")[2].partition("</ul>")[0]
        return re.findall(r'href="#([\w-]+)"', summary)

    def rule(self) -> Any:
        return self.world.again(self.challenge).rule


def draft(world: World, **changes: Any) -> Challenge:
    values: dict[str, Any] = {"rule": default_rule("votes"), "budget_minor": 10_000_000}
    return world.draft_challenge(world.person(), **(values | changes))


def rows() -> dict[str, int]:
    """How many rows every table has."""
    db.session.rollback()
    found = {name: db.session.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables().items()}
    db.session.rollback()
    return found


def tables() -> dict[str, Any]:
    return dict(Base.metadata.tables)


def closed(world: World, challenge: Challenge) -> Challenge:
    """Let votes be in and measured, with no run begun."""
    world.close(challenge)
    measuring.measure(actor=house(Origin.CLOCK), challenge_id=challenge.id, k=3)
    return world.again(challenge)


# --- slots ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["support_top", "most_liked_outside", "budget_skip", "budget_stop", "equal_shares"])
def test_a_ready_made_rule_is_used_and_kept(world: World, name: str) -> None:
    at = Composer(world, draft(world, who_may="everyone"))
    assert at.press("use", ready=name).status_code == 200
    assert same(at.rule(), default_rule("votes"))
    assert at.press("save").status_code == 303
    assert at.rule() == ready_rule(name)


def test_conditions_are_added_filled_in_and_removed_without_losing_anything(world: World) -> None:
    at = Composer(world, draft(world, who_may="everyone"))
    at.press("add_quorum", k="4")
    at.press("add_group", conditions__1__amount="12")
    typed = {
        "conditions__2__parts__0__measure": "support",
        "conditions__2__parts__0__amount": "33,5",
        "conditions__2__parts__1__measure": "for",
        "conditions__2__parts__1__how": "share",
        "conditions__2__parts__1__of": "views",
        "conditions__2__parts__1__amount": "20",
    }
    at.press("add_outside", **typed)
    at.press("remove:0")
    assert at.fields["k"] == "4"
    assert at.press("save").status_code == 303
    assert at.rule() == ready_rule(
        "support_top",
        capacity={"kind": "top", "k": 4},
        eligibility={
            "all": [
                {"measure": "voters", "at_least": {"value": 12}},
                {
                    "any": [
                        {"measure": "support", "at_least": {"value": "0.335"}},
                        {"measure": "for", "at_least": {"share": "0.2", "of": "views"}},
                    ]
                },
                {"measure": "voters_external", "at_least": {"value": 5}},
            ]
        },
    )


def test_the_last_condition_of_a_group_takes_the_group_with_it(embedded: World) -> None:
    at = Composer(embedded, draft(embedded))
    at.press("add_group")
    at.press("remove_part:1-parts-0")
    at.press("remove_part:1-parts-0")
    assert [name for name in at.fields if name.startswith("conditions-1")] == []


def test_a_wrong_slot_is_named_and_nothing_typed_is_lost(world: World) -> None:
    at = Composer(world, draft(world))
    typed = {"conditions__0__amount": "many", "k": "some", "tie_1": "earlier", "reason": ""}
    page = at.press("save", **typed)
    assert (page.status_code, at.wrong) == (422, ["conditions-0-amount"])
    assert {name: at.fields[name] for name in ("conditions-0-amount", "k", "tie_1")} == {
        "conditions-0-amount": "many",
        "k": "some",
        "tie_1": "earlier",
    }
    assert at.rule() == default_rule("votes")


def test_a_rule_that_spends_needs_the_briefs_budget(world: World) -> None:
    at = Composer(world, draft(world, budget_minor=None))
    assert (at.press("save", capacity="skip").status_code, at.wrong) == (422, ["capacity-0"])
    assert at.rule() == default_rule("votes")


def test_a_figure_that_will_not_be_there_is_refused(world: World) -> None:
    at = Composer(world, draft(world))
    assert (at.press("save", order="panel_mean").status_code, at.wrong) == (422, ["order"])


def test_a_band_around_the_line_and_a_mix_are_composed(world: World) -> None:
    panel = draft(world, who_decides="votes_panel", rule=default_rule("votes_panel"))
    at = Composer(world, panel)
    mix = {"order": "mix", "mix_1": "support", "weight_1": "2", "mix_2": "panel_mean", "weight_2": "1,5"}
    assert at.press("save", close="value", close_value="2.5", **mix).status_code == 303
    found = at.rule()
    assert found["order"]["mix"] == [{"measure": "support", "weight": 2}, {"measure": "panel_mean", "weight": "1.5"}]
    assert found["close"] == {"within": {"value": "0.025"}}


def test_the_short_list_has_a_rule_of_its_own(world: World) -> None:
    made = draft(world, who_decides="votes_panel", rule=default_rule("votes_panel"))
    at = Composer(world, made, query="?of=shortlist")
    assert at.press("save", k="14").status_code == 303
    again = world.again(made)
    assert same(again.shortlist_rule, default_shortlist(k=14))
    assert again.rule == default_rule("votes_panel")


def test_enter_in_a_field_does_not_save(embedded: World) -> None:
    """A browser takes the first button of the form then."""
    at = Composer(embedded, draft(embedded))
    assert buttons(at.page, at.path)[0] == ("do", "look")
    at.press("look", k="9")
    assert at.rule() == default_rule("votes")


def test_a_rule_beyond_the_slots_is_data_and_stays_what_it_is(world: World) -> None:
    deep = {"all": [{"any": [{"all": [{"measure": "for", "at_least": {"value": 3}}] * 2}] * 2}] * 2}
    rule = ready_rule("support_top", eligibility=deep)
    at = Composer(world, draft(world, rule=rule))
    assert json.loads(at.fields["as_data"].replace("&#34;", '"')) == rule
    changed = rule | {"capacity": {"kind": "top", "k": 8}}
    assert at.press("save", as_data=json.dumps(changed)).status_code == 303
    assert at.rule() == changed


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("{", "This is not JSON: look at line 1."),
        ('{"version": 1, "capacity": {"kind": "top", "k": 0}}', "rule.capacity.k: this must be above 0"),
        ('{"version": 1, "capacity": {"kind": "lots"}}', "rule.capacity.kind: this is none of the known words"),
        ('{"version": 1.0, "capacity": {"kind": "all"}}', "Write decimals in quotation marks"),
        ("[" * 5000, "This is not JSON"),
        ('{"version": 1, "capacity": ' + '{"a": ' * 700 + "1" + "}" * 701, "This is not JSON"),
        ("[]", "A rule is an object in braces"),
    ],
)
def test_data_that_is_no_rule_is_refused_with_its_path(embedded: World, data: str, said: str) -> None:
    at = Composer(embedded, draft(embedded))
    at.press("as_data")
    page = at.press("save", as_data=data)
    assert (page.status_code, at.wrong) == (422, ["as_data"])
    assert said in page.get_data(as_text=True)


@pytest.mark.parametrize("do", ["remove:99", "remove_part:x", "add_part:7", "use", "nonsense:", "as_slots"])
def test_odd_buttons_leave_the_form_as_it_was(embedded: World, do: str) -> None:
    at = Composer(embedded, draft(embedded))
    before = at.fields
    at.press(do)
    assert {name: value for name, value in at.fields.items() if name != "csrf_token"} == {
        name: value for name, value in before.items() if name != "csrf_token"
    }


# --- what it would do ----------------------------------------------------------------------------------------------


def test_made_data_show_who_enters_and_leaves(embedded: World) -> None:
    at = Composer(embedded, draft(embedded))
    assert "3 of 24 ideas would be chosen. The same as under the present rule." in at.effect
    at.press("look", k="5")
    assert "5 of 24 ideas would be chosen. Compared with the present rule, 2 enter and 0 leave." in at.effect
    assert "Tried on invented ideas" in at.effect


def test_an_earlier_result_of_the_programme_can_be_tried_on(world: World) -> None:
    programme, sponsor = world.programme(), world.person()
    earlier = world.challenge(sponsor, programme, rule=ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1}))
    ideas = [world.idea(earlier) for _ in range(3)]
    for place, idea in enumerate(ideas):
        for _ in range(place + 1):
            world.vote(idea)
    world.announced(earlier)
    now = world.draft_challenge(sponsor, programme, rule=ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1}))
    at = Composer(world, now)
    before = rows()
    at.press("look", past=earlier.public_id, k="2")
    assert "2 of 3 ideas would be chosen. Compared with the present rule, 1 enters and 0 leave." in at.effect
    assert [title for title in (idea.title for idea in ideas) if title in at.effect] == [idea.title for idea in ideas]
    assert rows() == before


def test_while_people_judge_nothing_of_the_votes_is_read(world: World) -> None:
    made = world.challenge(rule=default_rule("votes"))
    idea = world.idea(made)
    world.vote(idea)
    at = Composer(world, made, world.manager)
    with counting() as sent:
        at.press("look", k="2")
    assert "Nothing to see while people judge" in at.effect
    assert (idea.title in at.effect, idea.public_id in at.effect) == (False, False)
    tallies = [
        statement for statement in sent.seen if re.search(r"from (tally|vote|measured|view|standing)\b", statement.lower())
    ]
    assert tallies == []


def test_afterwards_a_manager_sees_the_real_state_and_nothing_changes(world: World) -> None:
    made = world.challenge(rule=default_rule("votes", k=1), budget_minor=None)
    ideas = [world.idea(made) for _ in range(3)]
    for idea in ideas[:2]:
        world.vote(idea)
    closed(world, made)
    at = Composer(world, made, world.manager)
    before = rows()
    at.press("look", k="2")
    assert "2 of 3 ideas would be chosen. Compared with the present rule, 1 enters and 0 leave." in at.effect
    assert (rows(), at.rule(), world.again(made).rule_no) == (before, default_rule("votes", k=1), 1)
    assert world.again(made).pseudonym_key is None


def test_votes_that_are_not_measured_yet_are_said_to_be(world: World) -> None:
    made = world.challenge(rule=default_rule("votes"))
    world.vote(world.idea(made))
    world.close(made)
    assert "The votes are being measured" in Composer(world, made, world.manager).effect


def test_sealed_ideas_have_their_reference_alone(world: World) -> None:
    made = world.challenge(who_may="experts", visibility="sealed", who_decides="panel", rule=default_rule("panel"))
    member = world.panellist(made)
    idea = world.idea(made, title="The secret")
    world.scoring(made)
    world.review(idea, member)
    world.close_scoring(made)
    manager = world.grant(world.manager, Role.SPONSOR, "challenge", made.id)
    at = Composer(world, made, manager)
    assert (f"Sealed idea {idea.public_id}" in at.effect, "The secret" in at.effect) == (True, False)


def test_ways_to_spend_stand_side_by_side_where_there_is_a_budget(embedded: World) -> None:
    at = Composer(embedded, draft(embedded))
    table = at.effect.partition("Ways to spend the budget")[2]
    names = [
        "The present rule",
        "This rule",
        "Skip what does not fit",
        "Stop at the first that does not fit",
        "Equal Shares",
    ]
    assert [name for name in names if name in table] == names
    assert "Ways to spend" not in Composer(embedded, draft(embedded, budget_minor=None)).effect


def test_htmx_gets_the_right_side_alone(embedded: World) -> None:
    at = Composer(embedded, draft(embedded))
    page = at.browser.post(at.path, at.fields, headers={"HX-Request": "true"})
    assert page.get_data(as_text=True).lstrip().startswith('<div id="effect"')


# --- who may -------------------------------------------------------------------------------------------------------


def answers(world: World, challenge: Challenge, people: dict[str, Actor | None]) -> dict[str, tuple[int, int]]:
    found = {}
    for name, who in people.items():
        browser, path = world.browser(who), f"/challenges/{challenge.public_id}/rule"
        found[name] = browser.get(path).status_code, browser.post(path, {"do": "look"}).status_code
    return found


def test_who_may_compose_a_draft_and_who_a_running_challenge(world: World) -> None:
    made = draft(world)
    people = {"visitor": None, "staff": world.person(), "sponsor": world.sponsor_of(made), "manager": world.manager}
    assert answers(world, made, people) == {
        "visitor": (404, 404),
        "staff": (404, 404),
        "sponsor": (200, 200),
        "manager": (200, 200),
    }
    running = world.challenge(world.sponsor_of(made))
    writer = world.grant(world.person(), Role.MANAGER)
    world.idea(running, writer)
    assert answers(world, running, people | {"manager and author": writer}) == {
        "visitor": (404, 404),
        "staff": (403, 403),
        "sponsor": (403, 403),
        "manager": (200, 200),
        "manager and author": (403, 403),
    }


def test_nothing_is_composed_where_the_sponsor_picks_or_all_is_over(world: World) -> None:
    picking = world.draft_challenge(world.person(), who_decides="sponsor")
    page = world.browser(world.sponsor_of(picking)).get(f"/challenges/{picking.public_id}/rule")
    assert "There is nothing to compose here" in page.get_data(as_text=True)
    over = world.challenge(rule=ready_rule("top_k_approvals"))
    world.vote(world.idea(over))
    world.announced(over)
    assert world.browser(world.manager).get(f"/challenges/{over.public_id}/rule").status_code == 303


# --- how much it asks ----------------------------------------------------------------------------------------------


def _asked(at: Composer) -> int:
    at.browser.get(at.path)
    with counting() as sent:
        assert at.browser.get(at.path).status_code == 200
    return len(sent)


def test_thirty_ideas_ask_no_more_than_one(world: World) -> None:
    counts = []
    for size in (1, 30):
        made, author = world.challenge(rule=default_rule("votes")), world.person()
        ideas = [world.idea(made, author) for _ in range(size)]
        world.vote(ideas[0])
        closed(world, made)
        counts.append(_asked(Composer(world, made, world.manager)))
    assert counts[0] == counts[1]


# --- words and offers that fit the ballot ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ballot", "told", "ready"),
    [
        ("approval", "at least 1 vote in favour", "top_k_approvals"),
        ("stars", "at least 1 person who rated it", "stars_top"),
        ("points", "at least 1 person who gave it points", "points_top"),
        ("quadratic", "at least 1 person who gave it points", "points_top"),
        ("pairs", "at least 1 comparison in which it was preferred", "pairs_top"),
    ],
)
def test_a_rule_speaks_as_its_ballot_does_and_offers_what_fits(embedded: World, ballot: str, told: str, ready: str) -> None:
    made = embedded.draft_challenge(embedded.person(), ballot=ballot, rule=default_rule("votes", ballot))
    at = Composer(embedded, made)
    page = at.page.get_data(as_text=True)
    assert told in page
    offered = re.findall(r'<option value="(\w+)"', page.split('name="ready"')[1].split("</select>")[0])
    assert ready in offered
    assert ("top_k_approvals" in offered) is (ballot == "approval")


def test_the_panels_score_breaks_no_tie_where_nobody_scores(world: World) -> None:
    """Neither offered nor told, and gone with the next change; a rule that only had it before is not thereby changed."""
    old = default_rule("votes") | {"tie_break": ["score", "views", "earlier", "hash"]}
    at = Composer(world, draft(world, rule=old))
    assert "the higher score of the panel" not in at.page.get_data(as_text=True)
    assert at.fields["tie_1"] == "views"
    assert at.press("save").status_code == 303
    assert at.rule() == old
    again = Composer(world, draft(world, rule=old))
    assert again.press("save", k="9").status_code == 303
    assert again.rule()["tie_break"] == ["views", "earlier", "hash"]
    panel = Composer(world, draft(world, who_decides="panel", rule=default_rule("panel")))
    assert "the higher score of the panel" in panel.page.get_data(as_text=True)
