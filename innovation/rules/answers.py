"""Answers to a challenge's own questions: their kinds, and what makes an answer a good one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class AnswerKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    FILE = "file"
    YES_NO = "yes_no"


class Question(Protocol):
    """What has to be known of a question to judge an answer to it."""

    @property
    def kind(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def most(self) -> int | None: ...
    @property
    def options(self) -> list[str]: ...


MOST_QUESTIONS = 10
"""So many questions of its own a challenge may have."""
ON_ONE_PAGE = 5
"""With so many at most, an idea is written and sent on one page."""
FEWEST_OPTIONS, MOST_OPTIONS = 2, 12
LONGEST_TEXT = 5000
"""The most characters that a question may allow."""
USUAL_TEXT = 1000
"""What it allows where nobody says otherwise."""
YES, NO = "yes", "no"
TYPED_AT_MOST = 20_000
"""What is kept of an answer in a draft, however long it is."""

_CANONICAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?")
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")


def problems(question: Question, value: str, files: Collection[str] = ()) -> list[str]:
    """Why an answer cannot be sent, as codes; nothing is wrong with an empty one that is not needed.

    Args:
        question: what is asked.
        value: the answer as it is kept: a number with a point, ``yes`` or ``no``, a file's address.
        files: the addresses of the files that the idea has now.
    """
    if question.kind == AnswerKind.FILE and value not in files:
        value = ""  # it was taken away since, so the question is unanswered
    if not value.strip():
        return ["answer_missing"] if question.required else []
    if question.kind == AnswerKind.TEXT and length(value) > (question.most or LONGEST_TEXT):
        return ["answer_too_long"]
    if question.kind == AnswerKind.NUMBER and not is_number(value):
        return ["answer_no_number"]
    if question.kind == AnswerKind.CHOICE and value not in question.options:
        return ["answer_no_option"]
    if question.kind == AnswerKind.YES_NO and value not in (YES, NO):
        return ["answer_no_option"]
    return []


def length(text: str) -> int:
    """Characters as a person counts them: a line's end is one."""
    return len(text.strip().replace("\r\n", "\n"))


def is_number(value: str) -> bool:
    """Whether a value is a number as it is kept: digits, and a point before decimals."""
    return _CANONICAL.fullmatch(value) is not None


def number(typed: str, decimal_sign: str = ".") -> str | None:
    """A number that a person typed, as it is kept; None where it is none.

    ``decimal_sign`` is what begins decimals in the reader's language; the other sign, a space or an apostrophe sets
    thousands apart. Where only one sign stands in it and groups nothing, it begins decimals: "1.5" is one and a half for
    a Dutch reader too. Where both stand in it, the last one does.
    """
    text = re.sub(r"[\s\u00a0\u202f']", "", typed.replace("\u2212", "-"))
    other = "," if decimal_sign == "." else "."
    both = "." in text and "," in text
    sign = text[max(text.rfind("."), text.rfind(","))] if both else decimal_sign
    if both:
        text = text.replace("," if sign == "." else ".", "").replace(sign, ".")
    elif other in text and (text.count(other) > 1 or _GROUPED.fullmatch(text)):
        text = text.replace(other, "") if _GROUPED.fullmatch(text) else "?"
    else:
        text = text.replace(",", ".")
    return plain(text) if _CANONICAL.fullmatch(text) else None


def plain(value: str) -> str:
    """A number without what says nothing: "007.50" is "7.5"."""
    said = format(Decimal(value), "f")
    said = said.rstrip("0").rstrip(".") if "." in said else said
    return "0" if said in ("-0", "") else said


# --- whose it is ---------------------------------------------------------------------------------------------------

MINE = ("yes", "with_others", "not_sure")
"""Is the idea yours to give?"""
EMPLOYER = ("no", "agrees", "not_asked")
"""Has an employer a claim to it?"""
PROVENANCE: Mapping[str, tuple[str, ...]] = {"mine": MINE, "employer": EMPLOYER}
LONGEST_KEPT_OUT = 2000


def provenance(said: Mapping[str, str]) -> dict[str, str]:
    """What was said of whose an idea is, without what nobody offered as an answer."""
    kept = {key: said[key] for key, known in PROVENANCE.items() if said.get(key) in known}
    words = (said.get("kept_out") or "").strip()[:LONGEST_KEPT_OUT]
    return kept | ({"kept_out": words} if words else {})


def provenance_lacks(said: Mapping[str, str]) -> list[str]:
    """Which of the two questions that need an answer have none."""
    return [key for key, known in PROVENANCE.items() if said.get(key) not in known]
