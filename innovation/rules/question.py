"""What somebody typed into the search field, read: words, "words side by side", -not, and a last word half typed.

A question asks for every one of its words. A word is met by itself, by another form of it (the same stem in a language
the reader may mean), and, if it is the last one, by what it begins. Words that say nothing alone are left out unless they
are all there is, or stand in quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from innovation.rules import words

MOST = 12
"""Terms of a question that count."""
FEW = 4
"""Up to so many words, every language is tried; beyond, the reader's own, English and Dutch."""
ALWAYS = ("en", "nl")
SHORTEST_BEGUN = 3

_PARTS = re.compile(r'(?P<no>(?<!\S)-)?(?:"(?P<phrase>[^"]*)(?P<closed>"?)|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Term:
    """One thing every result has, or that none may have.

    Args:
        words: folded words that stand side by side; a single one for a word.
        stems: marked stems (``words.stems``) that will do for a single word.
        begun: further words that begin with it, where it is half typed.
    """

    words: tuple[str, ...]
    stems: tuple[str, ...] = ()
    begun: tuple[str, ...] = ()
    typed: str = ""
    quoted: bool = False

    @property
    def word(self) -> str:
        return self.words[0]


@dataclass(frozen=True, slots=True)
class Question:
    """A search field's content, read."""

    must: tuple[Term, ...] = ()
    must_not: tuple[Term, ...] = ()
    open_end: bool = field(default=False)
    """Whether the last word may be half typed."""

    @property
    def empty(self) -> bool:
        """Nothing to look for: nothing was typed, or only what must not be found."""
        return not self.must

    def begun_by(self) -> str | None:
        """The word to look for beginnings of, if there is one."""
        if not self.open_end or not self.must:
            return None
        last = self.must[-1]
        whole = last.quoted or len(last.words) != 1 or len(last.word) < SHORTEST_BEGUN
        return None if whole else last.word

    def with_begun(self, found: Iterable[str]) -> Question:
        """The question with the words that its last word begins."""
        last = self.must[-1]
        others = tuple(each for each in found if each != last.word)
        return replace(self, must=(*self.must[:-1], replace(last, begun=others)))

    def with_words(self, instead: dict[str, str], languages: Iterable[str]) -> Question:
        """The question with some of its words replaced, as correcting does."""
        chosen = tuple(languages)
        return replace(
            self,
            must=tuple(
                term if term.quoted or term.word not in instead else _word(instead[term.word], chosen) for term in self.must
            ),
            open_end=False,
        )

    def written(self) -> str:
        """The question as one would type it."""
        return " ".join([*(_typed(term) for term in self.must), *(f"-{_typed(term)}" for term in self.must_not)])


def _typed(term: Term) -> str:
    return f'"{term.typed}"' if term.quoted else term.typed


def read(typed: str, language: str) -> Question:
    """Read what was typed.

    Args:
        typed: the field's content; anything is a question.
        language: the reader's language.
    """
    must: list[Term] = []
    must_not: list[Term] = []
    last_is_word = False
    for part in _PARTS.finditer(typed):
        text = part["phrase"] if part["word"] is None else part["word"]
        last_is_word = False
        for term in _phrase(text) if part["word"] is None else _words(text):
            (must_not if part["no"] else must).append(term)
            last_is_word = part["word"] is not None and not part["no"]
    must, must_not = must[:MOST], must_not[:MOST]
    telling = [term for term in must if term.quoted or not _says_nothing(term.word, language)]
    open_end = last_is_word and not typed[-1:].isspace() and bool(telling) and telling[-1:] == must[-1:]
    must = telling or must
    languages = spoken(language, len(must))
    return Question(
        tuple(term if term.quoted else _word(term.typed, languages) for term in must),
        tuple(term if term.quoted else _word(term.typed, ()) for term in must_not),
        open_end,
    )


def spoken(language: str, count: int) -> tuple[str, ...]:
    """The languages in which so many words of a reader may be meant."""
    wanted = tuple(words.LANGUAGES) if count <= FEW else ALWAYS
    return tuple(dict.fromkeys([*([language] if language in words.LANGUAGES else []), *wanted]))


def _phrase(text: str) -> list[Term]:
    found = tuple(folded for _start, _end, folded in words.spans(text))
    return [Term(found, typed=text.strip(), quoted=True)] if found else []


def _words(text: str) -> list[Term]:
    return [Term((folded,), typed=text[start:end]) for start, end, folded in words.spans(text)]


def _word(typed: str, languages: Iterable[str]) -> Term:
    forms = tuple(form for language in languages for form in words.stems(typed, language))
    return Term((words.fold(typed),), forms, typed=typed)


def _says_nothing(word: str, language: str) -> bool:
    return any(word in words.STOP.get(each, ()) for each in (language, *ALWAYS))
