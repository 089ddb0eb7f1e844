"""Names in a row, in the reader's language."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from markupsafe import Markup

from innovation.kernel.i18n import either


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", ["", "Ada", "Ada or Ben", "Ada, Ben, or Cy"]), ("nl", ["", "Ada", "Ada of Ben", "Ada, Ben of Cy"])],
)
def test_of_several_names_any_one_will_do(language: str, said: list[str]) -> None:
    app = Flask(__name__)
    Babel(app)
    names = ["Ada", "Ben", "Cy"]
    with app.test_request_context(), force_locale(language):
        assert [str(either(names[:count])) for count in range(4)] == said


def test_names_are_escaped_once() -> None:
    assert either(["<Ada>", Markup("O&#39;Hara as deputy")]) == Markup("&lt;Ada&gt; or O&#39;Hara as deputy")
