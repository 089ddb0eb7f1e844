"""Files of the demo's ideas: drawn by the imaging library, typeset by the typesetter, added as people add theirs."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from innovation.attachments.service import uploads
from innovation.attachments.service.limits import MEGABYTE, Limits
from innovation.attachments.service.uploads import Found, Wanted
from innovation.exchange.service.demo.telling import Demo, read
from innovation.ideas.models import Idea
from innovation.ideas.service import filing, writing
from innovation.kernel import documents
from innovation.kernel.actor import Actor
from innovation.kernel.assets import data_folder
from innovation.kernel.files import store
from innovation.rules.file_names import address_name

WIDTH, HEIGHT = 960, 480
INK, PAPER, LINE, ACCENT = (28, 34, 43), (255, 255, 255), (210, 214, 220), (27, 103, 138)
LIMITS = Limits(MEGABYTE, 10 * MEGABYTE, 100 * MEGABYTE)


def add(demo: Demo, key: str, author: Actor) -> None:
    """Add an idea's files while it is a draft. What was drawn stands in its text."""
    for row in read("files")["file"]:
        if row["idea"] == key:
            _add(demo.idea(key), author, row)


def _add(idea: Idea, actor: Actor, row: dict[str, Any]) -> None:
    drawn = row["kind"] == "bars"
    content = _bars(row) if drawn else _sheet(row, idea.language)
    wanted = Wanted(row["name"], len(content), row.get("alt", ""))
    upload = filing.begin_upload(actor=actor, idea=idea, wanted=wanted, limits=LIMITS)
    uploads.receive(actor=actor, upload=upload, offset=0, length=len(content))
    found = Found(
        name=row["name"],
        media_type="image/png" if drawn else "application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        key=f"files/{upload.public_id}/demo",
        width=WIDTH if drawn else None,
        height=HEIGHT if drawn else None,
    )
    store().put(found.key, content)
    file = uploads.finish(actor=actor, upload=upload, found=found)
    if drawn:
        shown = f"![{row['alt']}](/files/{file.public_id}/{address_name(file.name)})"
        text = f"{idea.text}\n\n{shown}"
        writing.save_draft(actor=actor, idea=idea, title=idea.title, text=text, requested_minor=idea.requested_minor)


def _bars(row: dict[str, Any]) -> bytes:
    """Bars lying on their side, each with its words before it and its figure behind it."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    large, small = ImageFont.load_default(30), ImageFont.load_default(26)
    draw.text((40, 36), row["title"], INK, large)
    room, most = WIDTH - 240 - 120, max(row["values"])
    for place, (label, value) in enumerate(zip(row["labels"], row["values"], strict=True)):
        top = 120 + place * 110
        length = room * value // most
        draw.text((40, top + 20), label, INK, small)
        draw.rectangle((240, top, 240 + length, top + 70), ACCENT)
        draw.text((240 + length + 16, top + 20), str(value), INK, small)
    draw.line((240, 105, 240, HEIGHT - 35), LINE, 2)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _sheet(row: dict[str, Any], language: str) -> bytes:
    data = {"language": language, **{name: row[name] for name in ("title", "lead", "head", "rows")}}
    return documents.pdf(data_folder("templates") / "documents" / "demo_sheet.typ", data)
