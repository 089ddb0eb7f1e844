"""One participatory process of a Decidim site, as a folder of ``proposals.jsonl`` and ``comments.jsonl``.

One JSON object a line. All proposals become ideas of one challenge, in which a person decides; their totals of support
are a poll held elsewhere. Comments keep their place, their alignment and how often they were liked. A proposal's author
is a person, an organisation, the institution or a meeting, as ``source`` says; nobody has a name in these files.

Never read: ``status``, the published outcome; the totals of comments, which are counted here; and addresses of authors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from innovation.exchange.service.decidim.comments import comments_of
from innovation.exchange.service.decidim.lines import ZONE, Reading
from innovation.exchange.service.decidim.proposals import Proposals, proposals_of
from innovation.exchange.service.rows import Bundle, ChallengeRow, IdeaRow, ProgrammeRow, Where

__all__ = ["read"]

LONGEST_SOURCE: Final = 80
LONGEST_NAME: Final = 200
TOPICS: Final = 10


def read(path: Path) -> Bundle:
    """Read one folder. What cannot be read, or reads oddly, is in ``problems``; a missing file is one of them."""
    found = Reading()
    name = _process(path, found)
    taken = proposals_of(path / "proposals.jsonl", name, found)
    comments = comments_of(path / "comments.jsonl", taken, found)
    return Bundle(
        source=_source(name),
        programme=ProgrammeRow(name.split("/", 1)[0], name.split("/", 1)[0], taken.language),
        challenges=(_challenge(name, taken),) if taken.ideas else (),
        ideas=tuple(taken.ideas.values()),
        people=tuple(found.people.values()),
        tallies=tuple(taken.tallies),
        comments=comments,
        problems=tuple(found.problems),
    )


def _process(path: Path, found: Reading) -> str:
    """The process as its addresses name it (``site/process``), else the folder: ids are unique within it only."""
    named: Counter[str] = Counter()
    for _where, row in found.rows(path / "proposals.jsonl", told=False):
        url = row.get("url")
        parts = urlsplit(url) if isinstance(url, str) else None
        if parts and parts.netloc and "/proposals/" in parts.path:
            named[f"{parts.netloc}{parts.path.split('/proposals/', 1)[0]}"] += 1
    return (named.most_common(1)[0][0] if named else path.resolve().name)[:LONGEST_NAME]


def _source(name: str) -> str:
    word = f"decidim:{name}"
    return word if len(word) <= LONGEST_SOURCE else f"{word[:67]}~{sha256(word.encode()).hexdigest()[:12]}"


def _challenge(name: str, taken: Proposals) -> ChallengeRow:
    days = [idea.submitted_at for idea in taken.ideas.values() if idea.submitted_at]
    return ChallengeRow(
        foreign_id=name,
        title=f"{name}, {_year(taken.ideas)}" if days else name,
        brief=_brief(taken.categories),
        source_url=f"https://{name}" if "/" in name or "." in name else "",
        language=taken.language,
        opens=min(days, default=None),
        # The last proposals came on a day, not at an hour: it closed when that day was over.
        closes=max(days) + timedelta(days=1) if days else None,
        zone=ZONE,
        decides="sponsor",
        topics=tuple(topic for topic, _ in taken.categories.most_common(TOPICS)),
        where=Where("proposals.jsonl", 1),
    )


def _year(ideas: Mapping[str, IdeaRow]) -> str:
    years = sorted({idea.submitted_at.year for idea in ideas.values() if idea.submitted_at})
    return str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"


def _brief(categories: Counter[str]) -> str:
    """How many proposals there are on what."""
    return "\n".join(f"- {name}: {number}" for name, number in categories.most_common())
