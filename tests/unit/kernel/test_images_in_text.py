"""Images in what people write: files of this house, and nothing from elsewhere."""

from __future__ import annotations

import pytest

from innovation.kernel import text

FILE = "/files/0123456789/rig-2.png"


def test_an_own_image_is_shown_with_its_words() -> None:
    assert str(text.render(f'See ![The "rig" <b>]({FILE})')) == (
        f'<p>See <img src="{FILE}" alt="The &quot;rig&quot; &lt;b&gt;" loading="lazy"></p>\n'
    )


FOREIGN = [
    "https://evil.example/a.png",
    "//evil.example/files/0123456789/a.png",
    f"https://evil.example{FILE}",
    f"{FILE}?track=1",
    f"{FILE}#x",
    "/files/0123456789/../../admin.png",
    "/files/0123456789/a%2f..png",
    "/files/01234567/a.png",
    "/ideas/0123456789/withdrawal",
    "data:image/png;base64,AAAA",
    "coming-1",
]


@pytest.mark.parametrize("address", FOREIGN)
@pytest.mark.parametrize("form", ["markdown", "html"])
def test_an_image_from_elsewhere_is_left_out(address: str, form: text.Format) -> None:
    source = f"Look ![here]({address})" if form == "markdown" else f'<p>Look <img src="{address}" alt="here"></p>'
    assert "<img" not in text.render(source, form)


def test_nothing_but_source_and_words_survives_on_an_image() -> None:
    raw = f'<p><img src="{FILE}" alt="a" onerror="x()" style="x" srcset="//evil 2x" width="9" loading="eager"></p>'
    assert str(text.render(raw, "html")) == f'<p><img src="{FILE}" alt="a" loading="lazy"></p>'


def test_the_second_wall_holds_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the first wall to let an image of somebody else's through, it would lose its source at the second."""
    monkeypatch.setattr(text.bleach.Cleaner, "clean", lambda _self, raw: raw)
    assert text._clean('<p><img src="https://evil.example/a.png" alt="x"></p>') == '<p><img alt="x"></p>'


def test_plain_text_says_what_an_image_shows_and_an_excerpt_leaves_it_out() -> None:
    source = f"The rig ![two pumps > one]({FILE}) leaks."
    assert text.plain(source) == "The rig two pumps > one leaks."
    assert text.excerpt(source) == "The rig leaks."
    assert text.excerpt(f"![two pumps]({FILE})") == "two pumps"
    assert text.plain(f"![]({FILE})") == ""
