"""The language of a short text: by small words, and no guess where they say nothing."""

from __future__ import annotations

import pytest

from innovation.rules.tongue import tongue


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Cal posar més bancs als carrers, perquè la gent gran s'hi pugui asseure", "ca"),
        ("Volem l'escola oberta", "ca"),
        ("Un col·legi nou", "ca"),
        ("Hay que poner más bancos en las calles para que la gente mayor pueda sentarse", "es"),
        ("¿Cuándo?", "es"),
        ("Una participación mejor", "es"),
        ("The benches should be by the river", "en"),
        ("Parc de la Ciutadella", None),
        ("", None),
        ("+1", None),
        ("https://example.org/los/las/para", None),
        ("amb / con", None),
    ],
)
def test_tongue_of_a_text(text: str, language: str | None) -> None:
    assert tongue(text) == language
