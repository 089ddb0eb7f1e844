"""What makes an answer a good one, and a number a number in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from innovation.rules.answers import number, problems, provenance, provenance_lacks


@dataclass
class Asked:
    kind: str = "text"
    required: bool = True
    most: int | None = None
    options: list[str] = field(default_factory=list)


@pytest.mark.parametrize(
    ("question", "value", "said"),
    [
        (Asked(), "  ", ["answer_missing"]),
        (Asked(required=False), " ", []),
        (Asked(most=5), "12345", []),
        (Asked(most=5), "1\r\n345", []),
        (Asked(most=5), "123456", ["answer_too_long"]),
        (Asked("number"), "7.5", []),
        (Asked("number"), "-3", []),
        (Asked("number"), "about 7", ["answer_no_number"]),
        (Asked("number"), "1e400", ["answer_no_number"]),
        (Asked("choice", options=["Pilot", "Idea"]), "Pilot", []),
        (Asked("choice", options=["Pilot", "Idea"]), "Product", ["answer_no_option"]),
        (Asked("yes_no"), "yes", []),
        (Asked("yes_no"), "perhaps", ["answer_no_option"]),
        (Asked("file"), "abc", []),
        (Asked("file"), "gone", ["answer_missing"]),
        (Asked("file", required=False), "gone", []),
    ],
)
def test_an_answer_is_judged_by_its_question(question: Asked, value: str, said: list[str]) -> None:
    assert problems(question, value, {"abc"}) == said


@pytest.mark.parametrize(
    ("typed", "sign", "kept"),
    [
        ("1.5", ".", "1.5"),
        ("1,5", ",", "1.5"),
        ("1.5", ",", "1.5"),
        ("1,500", ".", "1500"),
        ("1.500", ",", "1500"),
        ("1.500", ".", "1.5"),
        ("1.234.567,89", ",", "1234567.89"),
        ("1,234,567.89", ".", "1234567.89"),
        ("12\u00a0000", ",", "12000"),
        ("\u22124,50", ",", "-4.5"),
        ("007", ".", "7"),
        ("-0", ".", "0"),
        ("0,125", ".", "0.125"),
        ("1.2.3", ".", None),
        ("12 bar", ".", None),
        ("", ".", None),
        ("\u0665", ".", None),
    ],
)
def test_a_number_is_read_as_its_reader_writes_it(typed: str, sign: str, kept: str | None) -> None:
    assert number(typed, sign) == kept


def test_whose_it_is_keeps_what_was_offered_alone() -> None:
    assert provenance({"mine": "yes", "employer": "surely", "kept_out": " the recipe ", "x": "y"}) == {
        "mine": "yes",
        "kept_out": "the recipe",
    }
    assert provenance_lacks({"mine": "yes", "employer": ""}) == ["employer"]
