"""A challenge and an idea as PDF: for whoever may see the page, with the same words, and user text that stays text."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from innovation.challenges.service import inquiries
from innovation.kernel.structure import blocks
from tests.conftest import missing
from tests.support.world import World

NASTY = "# Head\n\n"
NASTY += '#panic("boom") $x$ #set page(fill: red) @ref <lab> *a*\n\n'
NASTY += '```\n#read("/etc/passwd")\n```\n\n- one\n- #include "x"\n'


def _pages(content: bytes) -> list[str]:
    """What a PDF says, page by page, white space folded."""
    if shutil.which("pdftotext") is None:
        missing("pdftotext is not here (Debian: poppler-utils)")
    said = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
    return [" ".join(page.split()) for page in said.split("\f") if page.strip()]


def _words(content: bytes) -> str:
    return " ".join(_pages(content))


def test_what_a_person_typed_is_text_and_never_a_command(embedded: World) -> None:
    world = embedded
    challenge = world.challenge(title="#panic(1) *Heat*", background=NASTY)
    idea = world.idea(challenge, title='#read("x") $y$', text=NASTY)
    browser = world.browser(world.person())
    for path in (f"/challenges/{challenge.public_id}.pdf", f"/ideas/{idea.public_id}.pdf"):
        page = browser.get(path)
        said = _words(page.get_data())
        assert (page.status_code, page.mimetype) == (200, "application/pdf")
        assert all(each in said for each in ('#panic("boom") $x$ #set page(fill: red) @ref <lab> a', '#read("/etc/passwd")'))


def test_a_paper_is_tagged_and_the_same_whoever_asks(embedded: World) -> None:
    challenge = embedded.challenge(title="Heat from the drain")
    paper = embedded.browser(embedded.person()).get(f"/challenges/{challenge.public_id}.pdf").get_data()
    assert all(mark in paper for mark in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang", b"pdfuaid"))


def test_a_paper_says_what_is_promised_as_the_page_does(embedded: World) -> None:
    challenge = embedded.challenge()
    said = _words(embedded.browser(embedded.person()).get(f"/challenges/{challenge.public_id}.pdf").get_data())
    promised = ("Takes ideas", "Who decides", "The participants, by their votes", "Who reads the ideas")
    assert [each in said for each in promised] == [True] * len(promised)


def test_a_sealed_idea_is_marked_on_each_page_and_read_by_its_readers_alone(world: World) -> None:
    challenge, author = world.sealed(), world.person("Author")
    idea = world.idea(challenge, author, title="Secret heat", text="Line.\n\n" * 120)
    path = f"/ideas/{idea.public_id}.pdf"
    sponsor = world.sponsor_of(challenge)
    answers = [world.browser(who).get(path).status_code for who in (author, sponsor, world.manager, world.person(), None)]
    pages = _pages(world.browser(author).get(path).get_data())
    assert answers == [200, 200, 404, 404, 404]
    assert len(pages) > 1
    assert [f"Sealed. To be read by its authors and: {sponsor.name}" in each for each in pages] == [True] * len(pages)


def test_names_that_are_kept_back_are_kept_back_on_paper(world: World) -> None:
    challenge, author = world.panel_challenge(names_hidden=True), world.person("Authoress")
    idea = world.idea(challenge, author)
    said = [_words(world.browser(who).get(f"/ideas/{idea.public_id}.pdf").get_data()) for who in (world.person(), author)]
    assert ["Authoress" in each for each in said] == [False, True]


def test_a_challenge_on_paper_has_what_was_asked_of_the_sponsor_and_published(embedded: World) -> None:
    challenge, asker = embedded.challenge(), embedded.person("Asker")
    for private in (False, True):
        asked = inquiries.ask(actor=asker, challenge=embedded.again(challenge), text="Zebrafrost?", private=private)
        shown = {"shown_text": "Does frost count?", "publish": True} if not private else {}
        said = f"It {'never' if private else 'always'} does."
        inquiries.answer(actor=embedded.sponsor_of(challenge), inquiry=asked, text=said, **shown)
    paper = _words(embedded.browser(embedded.person()).get(f"/challenges/{challenge.public_id}.pdf").get_data())
    found = [each in paper for each in ("Does frost count?", "It always does.", "It never does.", "Zebrafrost", "Asker")]
    assert found == [True, True, False, False, False]


@pytest.mark.parametrize("slug", ["", "/any-words", "/an-older-title"])
def test_an_address_survives_renaming_with_any_words_behind_it(embedded: World, slug: str) -> None:
    challenge = embedded.challenge()
    idea = embedded.idea(challenge, title="New title")
    browser = embedded.browser(embedded.person())
    for place, name in (("ideas", idea.public_id), ("challenges", challenge.public_id)):
        page = browser.get(f"/{place}/{name}{slug}").get_data(as_text=True)
        assert f'<link rel="canonical" href="http://localhost/{place}/{name}">' in page


# --- structure -----------------------------------------------------------------------------------------------------


def test_headings_skip_no_level_and_head_nothing_inside_a_list() -> None:
    found = blocks("## A\n\n##### B\n\n- # C\n\n> ## D\n\n# E\n")
    assert [each["level"] for each in found if each["kind"] == "heading"] == [3, 4, 3]


def test_old_html_takes_the_same_way() -> None:
    found = blocks(
        "<div>Hello <b>you</b><ul><li>a<li>b</ul></div><script>x</script><table><tr><td>1<tr><td>2<td>3</table>", "html"
    )
    assert [each["kind"] for each in found] == ["paragraph", "list", "table"]
    assert found[0]["runs"] == [{"text": "Hello "}, {"text": "you", "bold": True}]
    assert (found[2]["columns"], found[2]["rows"]) == (2, [[[{"text": "2"}], [{"text": "3"}]]])


def test_links_lead_to_the_web_alone() -> None:
    found = blocks("[a](https://example.org) [b](javascript:x) [c](/ideas/x)")
    assert [(run["text"], run.get("link", "")) for run in found[0]["runs"] if run["text"].strip()] == [
        ("a", "https://example.org"),
        (" [b](javascript:x) ", ""),
        ("c", ""),
    ]
