"""Documents to hand round: tagged PDF, typeset from a template and plain data, and slides.

No words are made here: everything that is read comes in as data. Text is never part of the template, so whatever a person
typed stays text.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typst
from pptx import Presentation
from pptx.util import Emu, Inches, Pt

PDF = "application/pdf"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """Typeset a template with data it reads from ``sys.inputs.data`` as JSON: PDF/UA-1, tagged, fonts embedded.

    The same template and data give the same bytes. Where the fonts that come along lack a character, this machine's are
    tried; what none of them has stands as a question mark, since a page that leaves it out would not be accessible.
    """
    text = json.dumps(data, ensure_ascii=False)
    try:
        return _typeset(template, text, own_fonts_only=True)
    except typst.TypstError:
        pass
    try:
        return _typeset(template, text, own_fonts_only=False)
    except typst.TypstError:
        return _typeset(template, "".join(each if _common(each) else "?" for each in text), own_fonts_only=True)


def _typeset(template: Path, text: str, *, own_fonts_only: bool) -> bytes:
    made: bytes = typst.compile(
        template,
        root=template.parent,
        sys_inputs={"data": text},
        pdf_standards=["ua-1"],
        ignore_system_fonts=own_fonts_only,
        timestamp=0,
    )
    return made


def _common(character: str) -> bool:
    """Whether it is of the Latin, Greek or Cyrillic letters, or usual punctuation: what the fonts that come along have."""
    code = ord(character)
    return code < 0x250 or 0x370 <= code < 0x460 or 0x2010 <= code <= 0x2027 or code == 0x20AC


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: a title, a sentence, figures as (label, value) and tables of which the first row is the head."""

    title: str
    lead: str = ""
    figures: Sequence[tuple[str, str]] = ()
    rows: Sequence[Sequence[str]] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Deck:
    """Slides under one title, in one language."""

    title: str
    language: str
    slides: Sequence[Slide] = field(default=())


WIDTH, HEIGHT, MARGIN = Inches(13.333), Inches(7.5), Inches(0.7)
LAYOUT_TITLE_ONLY = 5


def slides(deck: Deck) -> bytes:
    """A deck as PowerPoint: real titles, real tables with a head row, notes; nothing is a picture."""
    made = Presentation()
    made.slide_width, made.slide_height = WIDTH, HEIGHT
    made.core_properties.title, made.core_properties.language = deck.title, deck.language
    made.core_properties.author = made.core_properties.last_modified_by = ""
    for each in deck.slides:
        _add(made, each)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _add(made: Any, slide: Slide) -> None:
    page = made.slides.add_slide(made.slide_layouts[LAYOUT_TITLE_ONLY])
    title = page.shapes.title
    title.left, title.top, title.width, title.height = MARGIN, Inches(0.4), WIDTH - 2 * MARGIN, Inches(0.9)
    title.text_frame.word_wrap = True
    title.text_frame.text = slide.title
    title.text_frame.paragraphs[0].font.size = Pt(30)
    top = Inches(1.35)
    if slide.lead:
        top = _text(page, top, slide.lead)
    if slide.figures:
        head, values = [label for label, _ in slide.figures], [value for _, value in slide.figures]
        top = _table(page, top, [head, values], big=True)
    if slide.rows:
        _table(page, top, slide.rows)
    if slide.notes:
        page.notes_slide.notes_text_frame.text = slide.notes


def _text(page: Any, top: Any, words: str) -> Any:
    box = page.shapes.add_textbox(MARGIN, top, WIDTH - 2 * MARGIN, Inches(0.6))
    box.text_frame.word_wrap = True
    box.text_frame.text = words
    box.text_frame.paragraphs[0].font.size = Pt(16)
    return top + Inches(0.7)


def _table(page: Any, top: Any, rows: Sequence[Sequence[str]], *, big: bool = False) -> Any:
    height = Inches(0.38)
    shape = page.shapes.add_table(len(rows), len(rows[0]), MARGIN, top, WIDTH - 2 * MARGIN, Emu(height * len(rows)))
    table = shape.table
    table.first_row = True
    if not big:
        table.columns[0].width = Emu((WIDTH - 2 * MARGIN) // 3)
        rest = Emu((WIDTH - 2 * MARGIN - table.columns[0].width) // max(1, len(rows[0]) - 1))
        for column in list(table.columns)[1:]:
            column.width = rest
    for y, row in enumerate(rows):
        for x, words in enumerate(row):
            frame = table.cell(y, x).text_frame
            frame.text = words
            frame.paragraphs[0].font.size = Pt(24 if big and y else 12)
    return top + Emu(height * (len(rows) + (1 if big else 0))) + Inches(0.3)
