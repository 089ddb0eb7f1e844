"""What would make a brief easier to answer: hints before publication, never a hindrance.

Five questions are asked of it: is it one question, can an answer be measured, is it bounded, does the effort fit the prize,
is the language plain. Each finding is a code with figures; a sponsor may know better, so nothing here refuses anything.

Plain language is measured by LIX (Björnsson 1968, *Läsbarhet*): ``words / sentences + 100 * long / words``, a long word
having more than six letters. It needs no syllables, so it works for English and Dutch alike, and was compared across
languages by Anderson 1983 ("Lix and Rix", *Journal of Reading* 26). 40 to 50 reads like a newspaper, above 60 like a
statute. Dutch writes its compounds as one word, for which five are allowed here; a technical brief is allowed what a trade
journal needs: ``HARD``.
Missing: a text of fewer than ``ENOUGH`` words is not measured. Complexity: O(n) in the text's length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

HARD: Final = {"en": 60, "nl": 65}
ENOUGH: Final = 60
LONG_SENTENCE: Final = 40
LONG_QUESTION: Final = 35
LONG_BRIEF: Final = 1_500
"""Words; a technical problem statement of more than three pages is not read to its end."""
SOON: Final = timedelta(days=14)
SOON_FOR_STAFF: Final = timedelta(days=5)
LATE: Final = timedelta(days=270)
HOUR: Final = 40
"""What an hour of an expert's work costs, roughly, in euros, dollars, pounds or francs alike."""
ONE_IN: Final = 10
"""A prize that pays a tenth of one answer's effort is no reason to answer; one in ten wins at best."""


class Area(StrEnum):
    """What is asked of a brief, in the order in which it is shown."""

    ONE = "one"
    MEASURED = "measured"
    BOUNDED = "bounded"
    EFFORT = "effort"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at again: its area, a code, and what to say of it."""

    area: Area
    code: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is known of a brief. Texts are plain, without markup; money is in minor units of a hundred to the unit.

    ``questions`` counts the sponsor's own questions, ``files`` those of them that ask for a file.
    """

    title: str
    must: str
    summary: str = ""
    background: str = ""
    constraints: str = ""
    language: str = "en"
    opens: datetime
    closes: datetime
    outsiders: bool = False
    prize_minor: int | None = None
    budget_minor: int | None = None
    currency: str = "EUR"
    questions: int = 0
    files: int = 0

    @property
    def asked(self) -> str:
        """What answers are measured by."""
        return "\n".join((self.title, self.must))

    @property
    def whole(self) -> str:
        return "\n\n".join(each for each in (self.summary, self.must, self.background, self.constraints) if each.strip())


def look_at(draft: Draft) -> list[Finding]:
    """What would make a brief easier to answer, area by area; nothing where nothing stands out."""
    checks = (_one_question, _measurable, _bounded, _effort, _plain)
    return [finding for check in checks for finding in check(draft)]


# --- one question --------------------------------------------------------------------------------------------------

_CHAINS: Final = re.compile(
    r"\b(?:and|or|en|of)\s+(?:also\s+|ook\s+)?(?:how|what|which|where|when|who|why|can|should|hoe|wat|welke?|waar|wanneer|wie|"
    r"waarom|kunnen|moeten)\b",
    re.IGNORECASE,
)


def _one_question(draft: Draft) -> Iterator[Finding]:
    title = draft.title.strip()
    marks = title.count("?")
    if not marks:
        yield Finding(Area.ONE, "no_question")
    elif marks > 1:
        yield Finding(Area.ONE, "several_questions", {"count": marks})
    elif _CHAINS.search(title):
        yield Finding(Area.ONE, "chained_questions")
    length = len(_words(title))
    if length > LONG_QUESTION:
        yield Finding(Area.ONE, "long_question", {"words": length})


# --- measurable ----------------------------------------------------------------------------------------------------

_FIGURE: Final = re.compile(r"\d")
_NUMERAL: Final = re.compile(
    r"\b(?:half|halve|double|twice|third|quarter|percent|one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|"
    r"de helft|dubbel|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|honderd|procent|derde|kwart)\b",
    re.IGNORECASE,
)
_CONDITION: Final = re.compile(
    r"\b(?:at least|at most|no more than|no less than|less than|more than|fewer than|within|below|above|under|exceeds?|"
    r"without|never|every|none of|pass(?:es)?|meets?|compl(?:y|ies|iant)|fits?|compatible|certified|tested|measured|"
    r"compared (?:to|with)|must|minstens|hoogstens|ten minste|ten hoogste|minder dan|meer dan|binnen|onder|boven|zonder|"
    r"nooit|elke|geen enkele?|voldoe(?:t|n)|past|passen|gecertificeerd|getest|gemeten|vergeleken met|moet(?:en)?)\b",
    re.IGNORECASE,
)
FEWEST_WORDS: Final = 6


def _measurable(draft: Draft) -> Iterator[Finding]:
    length = len(_words(draft.must))
    if length < FEWEST_WORDS and not _FIGURE.search(draft.must):
        yield Finding(Area.MEASURED, "thin_must", {"words": length})
    elif not any(pattern.search(draft.asked) for pattern in (_FIGURE, _NUMERAL, _CONDITION)):
        yield Finding(Area.MEASURED, "not_measurable")


# --- bounded -------------------------------------------------------------------------------------------------------

_LIMIT: Final = re.compile(
    r"\b(?:not|no|without|only|except|exclud\w*|must|limit\w*|within|cannot|may not|rule[sd]? out|ineligible|restrict\w*|"
    r"niet|geen|zonder|alleen|behalve|uitgesloten|beperk\w*|binnen|mag|mogen|moet|moeten)\b",
    re.IGNORECASE,
)


def _bounded(draft: Draft) -> Iterator[Finding]:
    said = draft.constraints.strip() or _LIMIT.search(f"{draft.must}\n{draft.background}")
    if not said:
        yield Finding(Area.BOUNDED, "no_limits")
    open_for = draft.closes - draft.opens
    soon = SOON if draft.outsiders else SOON_FOR_STAFF
    if open_for < soon:
        yield Finding(Area.BOUNDED, "closes_soon", {"days": max(open_for.days, 0), "least": soon.days})
    elif open_for > LATE:
        yield Finding(Area.BOUNDED, "closes_late", {"days": open_for.days})


# --- effort --------------------------------------------------------------------------------------------------------

_WORK: Final[Sequence[tuple[int, re.Pattern[str]]]] = (
    (
        120,
        re.compile(
            r"\b(?:prototypes?|working (?:model|system|code|software|device)|demonstrator|live demonstration|pilot plant|"
            r"source code|field test|clinical|werkend model|proefopstelling|broncode|praktijkproef|demonstratie)\b",
            re.IGNORECASE,
        ),
    ),
    (
        40,
        re.compile(
            r"\b(?:test data|experiment(?:s|al)?|simulations?|business plan|detailed design|dataset|white paper|"
            r"meetgegevens|experiment(?:en)?|simulaties?|ondernemingsplan|uitgewerkt ontwerp|rapport)\b",
            re.IGNORECASE,
        ),
    ),
)
_BASE_HOURS: Final = 4
_QUESTION_MINUTES: Final = 30
_FILE_HOURS: Final = 4
MUCH: Final = 40
_ROUGHLY_ALIKE: Final = frozenset({"EUR", "USD", "GBP", "CHF"})


def hours(draft: Draft) -> int:
    """How long one answer takes, roughly: what is asked for by name, and each own question."""
    asked = max((spent for spent, pattern in _WORK if pattern.search(draft.asked)), default=0)
    return _BASE_HOURS + asked + draft.questions * _QUESTION_MINUTES // 60 + draft.files * _FILE_HOURS


def _effort(draft: Draft) -> Iterator[Finding]:
    spent = hours(draft)
    if not draft.outsiders or spent < MUCH:
        return
    prize = draft.prize_minor or 0
    if not prize and not draft.budget_minor:
        yield Finding(Area.EFFORT, "much_for_nothing", {"hours": spent})
    elif prize and draft.currency in _ROUGHLY_ALIKE and prize // 100 < spent * HOUR // ONE_IN:
        yield Finding(Area.EFFORT, "small_prize", {"hours": spent})


# --- plain language ------------------------------------------------------------------------------------------------

_SENTENCE: Final = re.compile(r"[.!?:;]+(?=\s|$)|\n+")
_ABBREVIATION: Final = re.compile(r"(?<![\w(/.-])([A-Z][A-Z0-9&]{2,5})(?:s|’s|'s)?(?![\w-]|\.\w|\s*\()")
_SHOUTED: Final = re.compile(r"\b[A-Z]{2,}(?:[^\S\n]+[A-Z]{2,})+\b")
_WELL_KNOWN: Final = (
    "USA U.S. PDF URL FAQ CEO USD EUR GBP ISO DIN NEN ASTM IEEE GDPR AVG BTW VAT NASA NATO NAVO HTML HTTP WIFI GPS "
    "DNA RNA LED USB CAD CSV API IT ICT PVC CO2 TBD III VII VIII XIV AND NOT THE FOR ALL WHO HOW ANY YOU OUR MUST "
    "ONLY WILL MAY NIET GEEN WEL OOK HET EEN EST EDT CET CEST GMT UTC PST PDT COVID SMS APP WHAT WHEN WHERE THIS "
    "THAT WITH FROM HAVE YOUR TEAM TEAMS NOTE PRIZE PRIZES RULES DATE STEP PHASE"
)
_KNOWN: Final = frozenset(_WELL_KNOWN.split())
SHOWN: Final = 4
MANY: Final = 2
"""One long sentence or one abbreviation is no fault; of long sentences it also takes one in ten."""


def _plain(draft: Draft) -> Iterator[Finding]:
    whole = draft.whole
    words = _words(whole)
    if len(words) > LONG_BRIEF:
        yield Finding(Area.PLAIN, "long_brief", {"words": len(words)})
    score = lix(whole)
    if score is not None and score > HARD.get(draft.language, HARD["en"]):
        yield Finding(Area.PLAIN, "hard_to_read", {"lix": round(score)})
    sentences = list(_sentences(whole))
    long_ = [sentence for sentence in sentences if len(_words(sentence)) > LONG_SENTENCE]
    if len(long_) >= MANY and len(long_) * 10 >= len(sentences):
        yield Finding(Area.PLAIN, "long_sentences", {"count": len(long_), "begins": " ".join(long_[0].split()[:8])})
    found = unexplained(f"{draft.title}\n{whole}")
    if len(found) >= MANY:
        yield Finding(Area.PLAIN, "abbreviations", {"which": ", ".join(found[:SHOWN])})


def lix(text: str) -> float | None:
    """The readability figure of a text; None where it is too short to be measured."""
    words = _words(text)
    if len(words) < ENOUGH:
        return None
    sentences = sum(1 for _ in _sentences(text))
    long_ = sum(1 for word in words if len(word) > 6)
    return len(words) / max(sentences, 1) + 100 * long_ / len(words)


def unexplained(text: str) -> list[str]:
    """Abbreviations that stand in no brackets anywhere, neither explained nor explaining, in the order they come."""
    explained = set(re.findall(r"\(([A-Z][A-Z0-9&]{1,6})s?\)", text)) | set(
        re.findall(r"\b([A-Z][A-Z0-9&]{1,6})s?\s*\((?=[a-z])", text)
    )
    # Words in capitals one after another are shouted, not abbreviated.
    found = dict.fromkeys(_ABBREVIATION.findall(_SHOUTED.sub(" ", text)))
    return [each for each in found if each not in explained and each not in _KNOWN]


def _sentences(text: str) -> Iterator[str]:
    return (each for each in _SENTENCE.split(text) if _words(each))


_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")


def _words(text: str) -> list[str]:
    return _WORD.findall(text)
