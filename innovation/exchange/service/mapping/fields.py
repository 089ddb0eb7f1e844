"""What can be brought, field by field: what each needs, how it is read, and what a column of it is often called."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What a file is about."""

    PEOPLE = "people"
    CHALLENGES = "challenges"
    IDEAS = "ideas"
    COMMENTS = "comments"
    VOTES = "votes"


class Reads(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    CHOICE = "choice"
    SEVERAL = "several"
    DATE = "date"
    MONEY = "money"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``called`` are names a column of it often has, in small letters, English and Dutch."""

    name: str
    called: tuple[str, ...]
    reads: Reads = Reads.TEXT
    needed: bool = False
    words: tuple[str, ...] = ()
    """Of a choice: what it can be; the first is meant where a cell is empty."""


def _field(name: str, called: str, reads: Reads = Reads.TEXT, *, needed: bool = False, words: str = "") -> Field:
    return Field(name, (name, *called.split(" | ")), reads, needed, tuple(words.split()))


R = Reads
_LANGUAGES = "en nl de fr es ca it pt pl sv da no fi cs"
_LANGUAGE = _field("language", "taal | lang | locale | voorkeurstaal", R.CHOICE, words=_LANGUAGES)
_CURRENCY = _field("currency", "munt | valuta | munteenheid", R.CHOICE, words="EUR USD GBP CHF SEK DKK NOK PLN JPY")
_FORMAT = ("format | opmaak", R.CHOICE)

FIELDS: Final[dict[Kind, tuple[Field, ...]]] = {
    Kind.PEOPLE: (
        _field("id", "person id | user id | userid | user_id | nummer | personeelsnummer | gebruikersnummer | old id"),
        _field("email", "e-mail | mail | e-mailadres | emailadres | email address | mailadres | adres"),
        _field("name", "full name | naam | volledige naam | display name | username | medewerker", needed=True),
        _field("circle", "role | rol | soort | type | kring | relation", R.CHOICE, words="public expert partner staff"),
        _field("organisation", "organization | company | organisatie | bedrijf | employer | werkgever"),
        _field("department", "afdeling | unit | team | division | business unit"),
        _LANGUAGE,
    ),
    Kind.CHALLENGES: (
        _field("id", "challenge id | challenge_id | campaign id | campagne | nummer | number | old id", needed=True),
        _field("title", "name | titel | naam | challenge | vraag | campaign | campagnenaam", needed=True),
        _field("question", "summary | vraagstelling | samenvatting | tagline | brief summary | short description"),
        _field("brief", "description | omschrijving | beschrijving | toelichting | body | details | background"),
        _field("brief_format", *_FORMAT, words="markdown html"),
        _field("sponsor", "owner | eigenaar | opdrachtgever | agency | sponsor name | agency-name"),
        _field("audience", "who may take part | wie kan meedoen | doelgroep", R.CHOICE, words="staff partner expert public"),
        _field("url", "link | source url | adres | webadres | permalink"),
        _field("opens", "start | start date | startdatum | opening | van | begins | open date", R.DATE),
        _field("closes", "end | end date | einddatum | deadline | sluit | sluitdatum | tot | close date", R.DATE),
        _field("budget", "begroting", R.MONEY),
        _field("prize", "prijs | prizes | award | reward | beloning", R.MONEY),
        _CURRENCY,
        _field("topics", "types | onderwerpen | categories | categorieen | tags | thema | theme | category", R.SEVERAL),
        _LANGUAGE,
    ),
    Kind.IDEAS: (
        _field("id", "idea id | idea_id | idee id | proposal id | submission id | nummer | number | old id", needed=True),
        _field(
            "challenge",
            "challenge id | challenge_id | campaign id | campaign | campagne | uitdaging | vraag | challenge number",
            needed=True,
        ),
        _field("title", "name | titel | naam | subject | onderwerp | idea | idee | proposal | voorstel", needed=True),
        _field("text", "description | omschrijving | beschrijving | body | tekst | summary | samenvatting | toelichting"),
        _field(
            "author_ids", "author id | author_id | user id | user_id | auteur id | submitter id | author email", R.SEVERAL
        ),
        _field("author_names", "authors | author | auteur | auteurs | indiener | submitter | ingediend door", R.SEVERAL),
        _field(
            "submitted", "timestamp | created | created at | submitted at | datum | date | ingediend | ingediend op", R.DATE
        ),
        _field("state", "status | stand", R.CHOICE, words="submitted withdrawn"),
        _field("requested", "asks | amount | bedrag | kosten | cost | gevraagd | budget | requested funds", R.MONEY),
        _CURRENCY,
        _field("url", "link | source url | adres | webadres | permalink"),
        _LANGUAGE,
    ),
    Kind.COMMENTS: (
        _field("id", "comment id | comment_id | reactie id | nummer | number | old id", needed=True),
        _field("idea", "idea id | idea_id | idee | idee id | proposal id | proposal_id | submission id", needed=True),
        _field("text", "comment | body | reactie | tekst | message | bericht | opmerking", needed=True),
        _field("author_id", "author | user id | user_id | auteur | auteur id | author email | writer"),
        _field("author_name", "author name | name | naam | auteursnaam | geschreven door | written by"),
        _field("answers", "parent | parent id | parent_id | reply to | in reply to | antwoord op | reactie op"),
        _field("written", "timestamp | created | created at | date | datum | written on | geschreven op | time", R.DATE),
        _field("text_format", *_FORMAT, words="markdown html"),
        _LANGUAGE,
    ),
    Kind.VOTES: (
        _field("idea", "idea id | idea_id | idee | idee id | proposal id | project id", needed=True),
        _field("person", "voter | user id | user_id | voter id | kiezer | stemmer | email | e-mail | persoon", needed=True),
        _field("value", "vote | stem | points | punten | score | stars | sterren | rating", R.NUMBER, needed=True),
        _field("cast", "timestamp | date | datum | created | created at | voted at | gestemd op | time", R.DATE),
    ),
}
"""Kind → its fields, in the order of the page."""


def field_of(kind: Kind, name: str) -> Field:
    """One field of a kind."""
    return next(each for each in FIELDS[kind] if each.name == name)
