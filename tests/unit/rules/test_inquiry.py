"""By which number a judge goes while names are hidden."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from innovation.rules.inquiry import numbered
from innovation.rules.promises import Step, inquiry_step

ASKED = datetime(2026, 11, 2, 9, tzinfo=UTC)


def test_judges_are_numbered_in_the_order_of_their_first_questions() -> None:
    assert numbered([7, 3, None, 7, 9]) == {7: 1, 3: 2, 9: 3}


def test_a_later_question_changes_no_number() -> None:
    asked = [7, 3, 7, 9]
    assert [{**numbered(asked[:n])}.items() <= numbered(asked).items() for n in range(5)] == [True] * 5


def test_a_question_to_a_sponsor_is_reminded_of_after_three_days_and_five() -> None:
    steps = [inquiry_step(ASKED, ASKED + timedelta(days=days)) for days in (2.9, 3, 4.9, 5, 11.9, 12)]
    assert steps == [
        None,
        (Step.SOON, "inquiry_soon"),
        (Step.SOON, "inquiry_soon"),
        (Step.LATE, "inquiry_late_0"),
        (Step.LATE, "inquiry_late_0"),
        (Step.LATE, "inquiry_late_1"),
    ]
