"""What the brief coach sees of a challenge, and what it says."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import datetime

from innovation.challenges.models import Challenge, OwnQuestion
from innovation.challenges.service.writing import who_may
from innovation.kernel.money import digits
from innovation.kernel.text import Format, render
from innovation.rules.answers import AnswerKind
from innovation.rules.coach import Area, Draft, Finding, look_at

_BLOCK_ENDS = re.compile(r"</(?:p|li|h[1-6]|div|tr|td|th|blockquote|pre|ul|ol|table)>|<br\s*/?>", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")


def coached(challenge: Challenge, questions: Sequence[OwnQuestion], now: datetime) -> list[tuple[Area, list[Finding]]]:
    """The five things asked of a brief, each with what stands out; needs the audience of the challenge."""
    found = look_at(seen(challenge, questions, now))
    return [(area, [each for each in found if each.area == area]) for area in Area]


def seen(challenge: Challenge, questions: Sequence[OwnQuestion], now: datetime) -> Draft:
    """A challenge as the coach reads it: without markup, its lines kept apart."""
    written: Format = "html" if challenge.text_format == "html" else "markdown"
    return Draft(
        title=challenge.title,
        summary=challenge.summary,
        language=challenge.language,
        opens=max(challenge.opens_at or now, now),
        closes=challenge.closes_at,
        outsiders=who_may(challenge) != "staff",
        prize_minor=_hundredths(challenge.prize_minor, challenge.currency),
        budget_minor=challenge.budget_minor,
        currency=challenge.currency,
        questions=len(questions),
        files=sum(each.kind == AnswerKind.FILE for each in questions),
        must=lines(challenge.must, written),
        background=lines(challenge.background, written),
        constraints=lines(challenge.constraints, written),
    )


def lines(source: str, text_format: Format) -> str:
    """A text without markup, one line for each paragraph, heading and item."""
    shown = _TAGS.sub("", _BLOCK_ENDS.sub("\n", str(render(source, text_format))))
    kept = (" ".join(line.split()) for line in html.unescape(shown).splitlines())
    return "\n".join(line for line in kept if line)


def _hundredths(minor: int | None, currency: str) -> int | None:
    return None if minor is None else minor * 100 // 10 ** digits(currency)
