"""Every word that a page, a mail or a file says is translatable: in a language of marks, nothing stands outside them.

What may: what people wrote (it comes from the database), numbers, references, and a few words that are the same in every
language.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from babel import Locale
from sqlalchemy import JSON, String, Text, inspect, select

from innovation.challenges.models import Challenge
from innovation.challenges.service.terms import READY
from innovation.ideas.models import Idea
from innovation.kernel.db import Base, db
from innovation.kernel.i18n import LANGUAGES
from innovation.projects.models import Project
from innovation.rules.promotion import ready_rule
from tests.conftest import House, _build, _settings
from tests.integration.pages.test_every_page import GAPS, ROLES, _browsers, _great
from tests.support.pages import addresses
from tests.support.pseudo import LETTERS, plain_unmarked, speak, unmarked
from tests.support.world import World

ROOT = Path(__file__).resolve().parent.parent.parent.parent
SAME_EVERYWHERE = frozenset(
    {"Open innovation", "innovation clock", "innovation first-link", "Ctrl", "Esc", "https://"}
    | {*LANGUAGES.values(), *Locale("en").languages.values()}
    | {words.title for texts in READY.values() for words in texts.values()}
)
"""Names: of the product, its commands, of keys, of languages in themselves and as Unicode's own tables translate them; how
an address begins; and titles of ready terms, which are texts of their own in each language."""
REFERENCE = re.compile(
    r"[0-9a-z]{10}|[0-9a-f]{12,}|[A-Z]{2,3}|[A-Z]\w+/[A-Z]\S+|\S+@\S+|https?://\S+|/\S*|CEST|XLSX|JSON|HTML|SHA-256"
    r"|\d{1,2} [A-Z][a-z]{2}(?: \d{4})?"
)
"""Ids, digests, initials, currencies, time zones, addresses, formats, and days that code writes in the reader's language."""
WORKBENCH = frozenset({"/styleguide", "/health"})
"""One shows every component to whoever builds with them, with made-up contents; the other is read by machines."""
FEWEST_SUBJECTS = 5
"""Kinds of mail that a life from question to project sends, at the least."""
CODES = 60
"""Columns shorter than this hold codes, not words; a page that shows one of them shows a word nobody translated."""


@pytest.fixture(scope="module")
def house(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("pseudo")
    settings = replace(_settings(home), sign_up=False)
    app = _build(settings)
    shutil.copy(demo_home / "innovation.sqlite3", home)
    with pytest.MonkeyPatch.context() as patch:
        speak(app, patch.setattr)
        yield House(app, settings, lambda: None, "sqlite")


@pytest.fixture
def marked(house: House) -> Iterator[World]:
    """The demo in the language of marks."""
    with house.app.app_context():
        yield World(house.app)


@pytest.fixture
def lived(marked: World) -> World:
    """The same house after an invitation, an idea, votes, a result with a project, and a forgotten password."""
    sponsor, author, voter = (marked.person(name) for name in ("Zeno Sponsor", "Zita Author", "Zora Voter"))
    challenge = marked.challenge(sponsor, rule=ready_rule("top_k_approvals", capacity={"kind": "top", "k": 1}))
    for _ in range(2):
        marked.vote(marked.idea(challenge, author), voter)
    marked.announced(challenge)
    marked.settle()
    marked.browser().post("/password-reset", {"email": "zita.author@example.org"})
    marked.settle()
    return marked


def written() -> tuple[set[str], str]:
    """What people wrote in this house: every text by itself, and all of it in one."""
    found: set[str] = set()
    for mapper in Base.registry.mappers:
        for column in inspect(mapper.class_).columns:
            if isinstance(column.type, Text) or (isinstance(column.type, String) and (column.type.length or CODES) >= CODES):
                found |= {" ".join(each.split()) for each in db.session.scalars(select(column).distinct()) if each}
            elif isinstance(column.type, JSON):
                for each in db.session.scalars(select(column)):
                    found |= set(_sentences(each))
    return found, "\n".join(found)


def _sentences(value: object) -> Iterator[str]:
    if isinstance(value, str) and " " in value:
        yield " ".join(value.split())
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _sentences(each)


def everything(marked: World) -> dict[str, list[str]]:
    """One challenge of each kind, an idea and a project in each state; where one is asked for, the great challenge's."""
    _challenge, names = _great(marked)
    challenges = {
        (str(row.state), row.who_decides, row.frozen_at is None): row.public_id
        for row in db.session.scalars(select(Challenge))
    }
    ideas = {str(row.state): row.public_id for row in db.session.scalars(select(Idea))}
    projects = {str(row.state): row.public_id for row in db.session.scalars(select(Project))}
    return names | {
        "challenges/public_id": sorted({*names["challenges/public_id"], *challenges.values()}),
        "ideas/public_id": sorted({*names["ideas/public_id"], *ideas.values()}),
        "projects/public_id": sorted({*names["projects/public_id"], *projects.values()}),
    }


_MARKUP = re.compile(r"[*_`#>\[\]()|-]")


class Content:
    """What may stand unmarked."""

    def __init__(self) -> None:
        self.whole, self.all = written()
        self.bare = " ".join(_MARKUP.sub(" ", self.all).split())

    def knows(self, said: str) -> bool:
        """Whether a person wrote this, or several people's words stand side by side, or no word is in it."""
        return self._one(said) or all(self._one(each.strip()) for each in _parted(said))

    def _one(self, said: str) -> bool:
        if said in self.whole or said in SAME_EVERYWHERE or REFERENCE.fullmatch(said) or not LETTERS.search(said):
            return True
        cut = said.removesuffix("…").removesuffix("...").strip()
        plainly = " ".join(_MARKUP.sub(" ", cut).split())
        return len(cut) >= 20 and (cut in self.all or plainly in self.bare)


def _parted(said: str) -> list[str]:
    return [each for each in re.split(r"[,;:()·/]\s*|\s[–-]\s|(?<=[.?!])\s", said) if each.strip()]


def source_of(said: str) -> str:
    """The template or module in which a text stands, for the message."""
    for folder, pattern in (("templates", "**/*.*"), ("innovation", "**/*.py")):
        for path in sorted((ROOT / folder).glob(pattern)):
            if said in " ".join(path.read_text("utf-8").split()):
                return str(path.relative_to(ROOT))
    return "?"


# A visitor and a manager between them are shown every page there is; the other two see parts of the same.
@pytest.mark.parametrize("role", ["visitor", "manager"])
def test_no_page_says_a_word_that_is_not_translatable(marked: World, role: str) -> None:
    content = Content()
    browser = _browsers(marked)[ROLES.index(role)]
    wrong: dict[str, str] = {}
    for _endpoint, path in addresses(marked.app, everything(marked) | GAPS):
        page = browser.get(path)
        if page.mimetype == "text/html" and page.status_code != 303 and path not in WORKBENCH:
            found = unmarked(page.get_data(as_text=True))
        elif page.mimetype == "text/csv":
            found = plain_unmarked(page.get_data(as_text=True).splitlines()[0])
        else:
            continue
        for kind, said in found:
            if said not in wrong and not content.knows(said):
                wrong[said] = f"{path} ({kind}) {source_of(said)}"
    assert wrong == {}


def test_no_form_refuses_in_words_that_are_not_translatable(marked: World, house: House) -> None:
    """Every form that a manager sees, sent empty: what comes back is the form with its errors. Codes are for scripts."""
    content = Content()
    browser = _browsers(marked)[ROLES.index("manager")]
    places = {path for _endpoint, path in addresses(marked.app, _great(marked)[1] | GAPS)}
    refused: dict[str, str] = {}
    for path in sorted(places):
        page = browser.post(path)
        text = page.get_data(as_text=True).lstrip()
        if page.status_code == 422 and text.startswith("<"):
            for _kind, said in unmarked(text):
                if not content.knows(said):
                    refused.setdefault(said, f"{path} {source_of(said)}")
    assert refused == {}


def test_no_mail_says_a_word_that_is_not_translatable(lived: World) -> None:
    """Mails of a life from invitation to result; whoever gets one reads nothing else."""
    content = Content()
    found = lived.letters()
    wrong: dict[str, str] = {}
    for letter in found:
        for parts in (unmarked(letter.html), plain_unmarked(letter.text), plain_unmarked(letter.subject)):
            for _kind, said in parts:
                if not content.knows(said):
                    wrong.setdefault(said, f"{letter.subject} {source_of(said)}")
    assert len({letter.subject for letter in found}) >= FEWEST_SUBJECTS
    assert wrong == {}


def test_a_word_outside_the_marks_is_found() -> None:
    """The net itself: a template's own words, a value from code, an attribute, and a sentence with a link in it."""
    html = (
        '<p title="Not marked">⟦Marked <a>here</a> too⟧ <b>Bare</b> ⟪Ada⟫</p>'
        '<input type="submit" value="Send"><div class="markdown"><p>Hers</p></div><p lang="ca">Seu</p>'
        "<script>var its;</script>"
    )
    assert list(unmarked(html)) == [("bare", "Not marked"), ("bare", "Bare"), ("value", "Ada"), ("bare", "Send")]
