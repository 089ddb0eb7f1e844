"""An award from the offer to the payment: shares add up, everybody agrees to the same, and what is paid stays."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from innovation.awards import queries
from innovation.awards.models import Award, Remark, Share
from innovation.awards.service import sharing
from innovation.awards.service.settling import handed_in
from innovation.insight.queries import mismatches
from innovation.insight.service.rebuilding import rebuild
from innovation.kernel.actor import Origin, house
from innovation.kernel.db import db
from innovation.kernel.events import Event
from innovation.kernel.lifecycle import Passage
from innovation.projects import queries as projects
from innovation.rules.predicates import Role
from innovation.rules.promotion import ready_rule
from tests.support.prizes import Prize
from tests.support.race import at_once
from tests.support.refusals import spelled
from tests.support.world import World


@pytest.fixture
def prize(world: World) -> Prize:
    made = Prize(world).decide()
    assert made.offer() == "done"
    return made


def _stages() -> list[tuple[str, str, bool]]:
    rows = db.session.scalars(select(Passage).where(Passage.subject_kind == "award").order_by(Passage.id))
    found = [(row.from_stage, row.stage, row.left_at is not None) for row in rows]
    db.session.rollback()
    return found


def test_it_is_offered_by_a_sponsor_or_manager_once_the_challenge_is_decided(world: World) -> None:
    prize = Prize(world, 2, rule=ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1}))
    assert prize.offer() == "NotNow not_decided_yet"
    world.vote(world.idea(prize.challenge()))
    prize.decide()
    assert (prize.idea().state, projects.existing([prize.idea_id])) == ("declined", set())
    author = world.grant(prize.people[0], Role.MANAGER)
    panel = world.grant(world.person(), Role.PANEL, "challenge", prize.challenge_id)
    refused = [prize.offer(who=who) for who in (prize.people[1], author, panel, world.person())]
    assert (refused, prize.offer(who=prize.manager), prize.offer()) == (["Refused offer_award"] * 4, "done", "done")


def test_the_accepted_authors_start_with_equal_shares(world: World) -> None:
    prize = Prize(world, 3).decide()
    assert prize.offer(10_000) == "done"
    assert prize.shares() == [("Ada", 3334, False), ("Ben", 3333, False), ("Cas", 3333, False)]
    award = prize.again()
    assert (award.currency, award.state, [paper.title for paper in award.papers]) == (
        "EUR",
        "offered",
        ["Invoice", "Tax form"],
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"amount": 0}, "amount_not_above_zero"),
        ({"amount": 10**15 + 1}, "amount_too_large"),
        ({"papers": ("A", "A")}, "paper_twice"),
        ({"papers": ("A" * 201,)}, "paper_too_long"),
        ({"papers_by": None}, "papers_need_a_day"),
        ({"accept_by": -2}, "day_is_past"),
        ({"papers_by": 1}, "day_before_the_last"),
        ({"pay_by": 20}, "day_before_the_last"),
    ],
)
def test_an_offer_has_to_hold(world: World, changes: dict[str, object], said: str) -> None:
    prize = Prize(world, 1).decide()
    given = {
        k: prize.today() + timedelta(days=v) if k.endswith("_by") and isinstance(v, int) else v for k, v in changes.items()
    }
    assert prize.offer(**given) == f"Invalid {said}"  # type: ignore[arg-type]


def test_more_than_the_prize_is_offered_all_the_same(world: World) -> None:
    prize = Prize(world, 1, prize=15_000).decide()
    assert (prize.offer(10_000), queries.over_prize(prize.challenge())) == ("done", 0)
    assert (prize.offer(10_000), queries.over_prize(prize.challenge())) == ("done", 5_000)
    assert (prize.take_back(), queries.over_prize(prize.challenge())) == ("done", 0)


def test_a_proposal_clears_every_agreement_but_the_proposers(prize: Prize) -> None:
    assert [prize.agree(0), prize.agree(1), prize.propose(2, 5_000, 3_000, 2_000)] == ["done"] * 3
    assert prize.shares() == [("Ada", 5_000, False), ("Ben", 3_000, False), ("Cas", 2_000, True)]
    assert [prize.agree(0), prize.state(), prize.agree(1), prize.state()] == ["done", "offered", "done", "accepted"]


def test_shares_have_to_add_up_exactly(prize: Prize) -> None:
    wrong = [(5_000, 3_000, 2_001), (5_000, 3_000, 1_999), (5_000, 5_000), (11_000, -1_000, 0)]
    assert [prize.propose(0, *each) for each in wrong] == ["Invalid shares_do_not_add_up"] * 4


def test_nobody_agrees_to_what_he_did_not_see(prize: Prize) -> None:
    seen = sharing.division(prize.again())
    prize.propose(0, 10_000, 0, 0)
    late = [prize.agree(1, seen), prize.propose(1, 0, 10_000, 0, seen=seen), prize.decline(1, seen)]
    assert (late, prize.shares()[0]) == (["NotPossible divided_otherwise"] * 3, ("Ada", 10_000, True))


def test_two_who_propose_at_once_do_not_overwrite_each_other(prize: Prize) -> None:
    app = prize.world.app
    said = at_once(
        app, [lambda: prize.propose(0, 8_000, 1_000, 1_000), lambda: prize.propose(1, 1_000, 8_000, 1_000)], "award_share"
    )
    # Whoever read the first division is refused; whoever came late enough to read the other's has proposed after it.
    assert (sum(each[1] for each in prize.shares()), [each[2] for each in prize.shares()].count(True)) == (10_000, 1)
    assert set(said) <= {"done", "NotPossible divided_otherwise"}
    assert "done" in said


def test_two_who_agree_at_once_accept_the_award_once(prize: Prize) -> None:
    prize.agree(0)
    award, seen = prize.number, sharing.division(prize.again())

    def agree(who: int) -> None:
        row = queries.by_id(award)
        assert row is not None
        sharing.agree(actor=prize.people[who], award=row, seen=seen)

    said = at_once(prize.world.app, [lambda: agree(1), lambda: agree(2)], "award_share")
    facts = db.session.scalar(select(func.count()).where(Event.name == "AwardAccepted"))
    assert ([spelled(each) if each else "done" for each in said], prize.state(), facts) == (["done", "done"], "accepted", 1)


def test_agreeing_while_another_proposes_never_accepts_what_was_not_agreed(prize: Prize) -> None:
    prize.agree(0)
    prize.agree(1)
    award, seen = prize.number, sharing.division(prize.again())

    def agree() -> None:
        row = queries.by_id(award)
        assert row is not None
        sharing.agree(actor=prize.people[2], award=row, seen=seen)

    def propose() -> None:
        row = queries.by_id(award)
        assert row is not None
        sharing.propose(actor=prize.people[0], award=row, seen=seen, amounts=[9_000, 500, 500])

    said = [spelled(each) if each else "done" for each in at_once(prize.world.app, [agree, propose], "award_share")]
    amounts = [each[1] for each in prize.shares()]
    agreed = (["done", "NotPossible award_moved_on"], "accepted", [3334, 3333, 3333])
    divided = (["NotPossible divided_otherwise", "done"], "offered", [9_000, 500, 500])
    assert (said, prize.state(), amounts) in (agreed, divided)


def test_who_declines_leaves_his_share_to_the_others(prize: Prize) -> None:
    prize.propose(0, 6_000, 3_000, 1_000)
    assert prize.decline(2) == "done"
    assert prize.shares() == [("Ada", 6_667, False), ("Ben", 3_333, False)]
    assert [prize.agree(2), prize.decline(0), prize.state()] == ["Refused take_award", "done", "offered"]
    assert (prize.shares(), prize.decline(1), prize.state()) == ([("Ben", 10_000, False)], "done", "declined")
    assert [prize.agree(1), prize.take_back()] == ["NotPossible award_moved_on", "NotPossible cannot_take_back"]


def test_without_papers_it_is_complete_when_accepted(world: World) -> None:
    prize = Prize(world, 1).decide()
    prize.offer(papers=(), papers_by=None)
    assert (prize.agree(0), prize.state()) == ("done", "complete")
    assert _stages() == [
        ("", "award_offered", True),
        ("award_offered", "award_accepted", True),
        ("award_accepted", "award_complete", False),
    ]


def test_papers_are_handed_in_by_winners_and_checked_by_others(prize: Prize) -> None:
    assert prize.hand_in(0, 1) == "NotPossible award_moved_on"
    prize.accepted()
    assert [
        prize.hand_in(prize.sponsor, 1),
        prize.hand_in(0, 3),
        prize.hand_in(0, 1, "javascript:alert(1)"),
        prize.hand_in(0, 1, "ftp://files.example.org"),
        prize.hand_in(0, 1, "https://[x"),
        prize.hand_in(0, 1, ""),
        prize.check(1),
    ] == [
        "Refused take_award",
        "NotPossible no_such_paper",
        *["Invalid not_a_web_address"] * 3,
        "Invalid address_or_note",
        "NotPossible paper_was_replaced",
    ]
    assert [prize.hand_in(0, 1), prize.hand_in(1, 2, "", "By post."), prize.check(1, prize.people[0])] == [
        "done",
        "done",
        "Refused offer_award",
    ]
    assert [prize.check(1), prize.state(), prize.hand_in(0, 1), prize.check(2), prize.state()] == [
        "done",
        "accepted",
        "NotPossible paper_is_checked",
        "done",
        "complete",
    ]
    assert db.session.scalars(select(Remark.text)).all() == ["Tax form: By post."]
    assert [prize.uncheck(1), prize.state(), prize.pay(), prize.hand_in(2, 1), prize.check(1), prize.state()] == [
        "done",
        "accepted",
        "NotPossible cannot_pay",
        "done",
        "done",
        "complete",
    ]


def test_a_check_is_of_the_paper_one_has_seen(prize: Prize) -> None:
    prize.accepted()
    prize.hand_in(0, 1)
    seen = handed_in(prize.paper(1))
    prize.hand_in(0, 1, "https://elsewhere.example.org")
    assert (prize.check(1, seen=seen), prize.check(1)) == ("NotPossible paper_was_replaced", "done")


def test_what_is_paid_stays(world: World) -> None:
    prize = Prize(world, 2).decide()
    prize.offer(papers=("Invoice",))
    prize.accepted()
    prize.hand_in(0, 1)
    prize.check(1)
    day = prize.today()
    said = [prize.pay(day + timedelta(days=2)), prize.pay(day - timedelta(days=9)), prize.pay(reference=" ")]
    assert said == ["Invalid day_to_come", "Invalid day_before_offer", "Invalid reference_missing"]
    assert (prize.pay(who=prize.people[0]), prize.pay(), prize.state()) == ("Refused offer_award", "done", "paid")
    before = (prize.shares(), prize.again().reference, prize.paper(1).url)
    assert [
        prize.pay(reference="F-8"),
        prize.take_back(),
        prize.uncheck(1),
        prize.check(1),
        prize.hand_in(0, 1, "https://new.example.org"),
        prize.agree(0),
        prize.propose(0, 10_000, 0),
        prize.decline(0),
    ] == [
        "NotPossible cannot_pay",
        "NotPossible cannot_take_back",
        "NotPossible award_moved_on",
        "done",  # it is in order, as it was before: nothing happens
        *["NotPossible award_moved_on"] * 4,
    ]
    assert (prize.shares(), prize.again().reference, prize.paper(1).url) == before


def test_it_is_taken_back_with_a_reason_only(prize: Prize) -> None:
    prize.accepted()
    assert [prize.take_back(" "), prize.take_back(who=prize.people[0]), prize.take_back(), prize.take_back()] == [
        "Invalid reason_missing",
        "Refused offer_award",
        "done",
        "NotPossible cannot_take_back",
    ]
    assert (prize.state(), prize.again().reason) == ("taken_back", "A mistake.")


def test_paying_and_taking_back_at_once_does_one_of_them(world: World) -> None:
    prize = Prize(world, 1).decide()
    prize.offer(papers=(), papers_by=None)
    prize.agree(0)
    said = at_once(world.app, [prize.pay, prize.take_back], "award")
    assert sorted(said) in (["NotPossible cannot_pay", "done"], ["NotPossible cannot_take_back", "done"])
    assert prize.state() == ("paid" if said[0] == "done" else "taken_back")


def test_winners_and_offerers_talk_and_what_was_said_stays(prize: Prize) -> None:
    panel = prize.world.grant(prize.world.person(), Role.PANEL, "challenge", prize.challenge_id)
    talkers = [prize.people[0], prize.sponsor, prize.manager]
    assert [prize.remark(who) for who in talkers] == ["done"] * 3
    assert [prize.remark(panel), prize.remark(prize.world.person()), prize.remark(prize.sponsor, " ")] == [
        "Refused talk_of_award",
        "Refused talk_of_award",
        "Invalid text_missing",
    ]
    assert db.session.scalar(select(func.count(Remark.id))) == 3


def _anything(prize: Prize, chance: random.Random) -> None:
    row = prize.again()
    who, place = chance.randrange(4), chance.randrange(1, 3)
    cuts = sorted(chance.randrange(row.amount_minor + 1) for _ in row.shares[1:])
    parts = [after - before for before, after in zip([0, *cuts], [*cuts, row.amount_minor], strict=True)]
    acts = [
        (40, lambda: prize.agree(who)),
        (8, lambda: prize.propose(who, *parts)),
        (4, lambda: prize.decline(who)),
        (12, lambda: prize.hand_in(who, place)),
        (12, lambda: prize.check(place)),
        (2, lambda: prize.uncheck(place)),
        (4, prize.pay),
        (1, prize.take_back),
    ]
    chance.choices([act for _weight, act in acts], [weight for weight, _act in acts])[0]()


@pytest.mark.parametrize("seed", range(5))
def test_after_any_sequence_shares_sum_to_the_amount_and_passages_reconcile(world: World, seed: int) -> None:
    chance = random.Random(seed)
    prize = Prize(world, 4).decide()
    numbers = []
    for amount in (1, 9_999, 10**15):
        assert prize.offer(amount, papers=("A", "B")[: chance.randrange(3)]) == "done"
        numbers.append(prize.number)
    for _step in range(70):
        prize.number = chance.choice(numbers)
        _anything(prize, chance)
        sums = select(Award.amount_minor, func.sum(Share.amount_minor)).join(Share, Share.award_id == Award.id)
        assert all(amount == total for amount, total in db.session.execute(sums.group_by(Award.id, Award.amount_minor)))
    assert mismatches() == []
    db.session.rollback()
    for award in db.session.scalars(select(Award)):
        rows = db.session.scalars(
            select(Passage).where(Passage.subject_kind == "award", Passage.subject_id == award.id)
        ).all()
        inside = [row.stage for row in rows if row.left_at is None]
        assert inside == [f"award_{award.state}"]
    db.session.rollback()
    rebuild(actor=house(Origin.CLI))
    assert mismatches() == []
