"""The pages for lawyers, works councils and IT, made from what the code records, contacts and needs."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from innovation.app import settings_table
from innovation.exchange.service.personal.holding import Area, Fate, Holding, Lead
from innovation.exchange.service.personal.registry import HOLDINGS
from innovation.kernel import queue
from innovation.kernel.web.frame import CSP
from tests.architecture.data_prose import IT, LEGAL, WORKS_COUNCIL

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
LOCKED = re.compile(r"^([a-z0-9.-]+)==([^ ;\\]+)", re.MULTILINE)

CHAPTERS = {
    Area.ACCOUNT: "Accounts",
    Area.REACHING: "Messages and what reaches people",
    Area.INVITING: "Invitations",
    Area.CHALLENGES: "Challenges, terms and confidential briefs",
    Area.IDEAS: "Ideas",
    Area.TALK: "Talk",
    Area.FILES: "Files",
    Area.VOTING: "Votes",
    Area.JUDGING: "Assessments and decisions",
    Area.PROJECTS: "Projects",
    Area.AWARDS: "Awards",
    Area.FIGURES: "Figures",
    Area.HOUSE: "The house",
}
AGREED = ("terms", "terms_acceptance", "amendment", "amendment_answer", "full_opening", "receipt", "idea_opening", "author")
DECIDED = ("run", "decision", "judgement", "pick", "review", "rule_change", "gate_decision", "event")
PAID = ("award", "award_share", "award_paper", "award_remark")
UNSTATED = {
    "async-timeout": "Apache-2.0",
}
"""Licences of packages that not every machine installs."""


def legal() -> str:
    return _page(
        LEGAL,
        agreed=_register(_named(AGREED)),
        decided=_register(_named(DECIDED)),
        paid=_register(_named(PAID)),
        kept=_kept(),
        register="\n\n".join(_chapter(area) for area in Area if any(each.personal for each in _of(area))),
        nobody=", ".join(f"`{each.table}`" for each in HOLDINGS if not each.personal),
    )


def works_council() -> str:
    areas = [area for area in Area if any(each.leads for each in _of(area))]
    return _page(
        WORKS_COUNCIL,
        recorded="\n\n".join(
            f"### {CHAPTERS[area]}\n\n" + _seen(each for each in _of(area) if each.leads) for area in areas
        ),
        secret=_list(each.holds for each in HOLDINGS if each.seen.startswith("nobody")),
    )


def it() -> str:
    return _page(
        IT,
        settings=_table(
            ("variable", "default", "meaning"), ((f"`{a}`", f"`{b}`" if b else "empty", c) for a, b, c in settings_table())
        ),
        regular=_table(("work", "every"), ((f"`{name}`", str(each.every)) for name, each in _regular())),
        csp=CSP,
        packages=_table(("package", "version", "licence"), _packages()),
        tables=str(len(HOLDINGS)),
    )


def installed_as_locked() -> bool:
    """Whether this machine has the very packages the page names, so that their licences can be read."""
    found = LOCKED.findall(LOCK.read_text("utf-8"))
    versions: dict[str, set[str]] = {}
    for name, version in found:
        versions.setdefault(name, set()).add(version)
    for name, known in versions.items():
        try:
            if importlib.metadata.version(name) not in known:
                return False
        except importlib.metadata.PackageNotFoundError:
            if name not in UNSTATED:
                return False
    return True


def _page(prose: str, **parts: str) -> str:
    for name, text in parts.items():
        prose = prose.replace(f"<<{name}>>", text)
    return prose.strip() + "\n"


def _named(names: Sequence[str]) -> list[Holding]:
    return [next(each for each in HOLDINGS if each.table == name) for name in names]


def _of(area: Area) -> list[Holding]:
    return [each for each in HOLDINGS if each.area is area]


def _chapter(area: Area) -> str:
    return f"### {CHAPTERS[area]}\n\n" + _register(each for each in _of(area) if each.personal)


def _register(holdings: Iterable[Holding]) -> str:
    heads = ("table", "holds", "why", "for how long", "who sees it", "after erasure")
    return _table(heads, ((f"`{e.table}`", e.holds, e.why, e.kept, e.seen, _erasure(e)) for e in holdings))


def _seen(holdings: Iterable[Holding]) -> str:
    heads = ("what is recorded", "of whom", "why", "who sees it", "for how long")
    return _table(heads, ((e.holds, ", ".join(lead.says for lead in e.leads), e.why, e.seen, e.kept) for e in holdings))


def _kept() -> str:
    found: dict[str, list[str]] = {}
    for each in (each for each in HOLDINGS if each.personal):
        found.setdefault(each.kept, []).append(f"`{each.table}`")
    return _table(("kept", "what"), ((kept, ", ".join(tables)) for kept, tables in found.items()))


def _erasure(holding: Holding) -> str:
    """What erasing a person does to the rows of a table, in a sentence for each way they lead to him."""
    if not holding.leads:
        return "goes with what it is part of" if holding.words else "no person stands in it"
    return "; ".join(f"{lead.says}: {_fate(lead)}" for lead in holding.leads)


def _fate(lead: Lead) -> str:
    reason = f" ({lead.because})" if lead.because else ""
    if lead.fate is Fate.DELETE:
        return "the row is deleted"
    if lead.fate is Fate.EMPTY:
        return f"{', '.join(f'`{name}`' for name in lead.empties)} emptied{reason}"
    if lead.fate is Fate.APART:
        return lead.because
    return f"stays{reason}"


def _regular() -> list[tuple[str, queue.Regular]]:
    return sorted((name, each) for name, each in queue.regulars.items() if each.run.__module__.startswith("innovation."))


def _packages() -> Iterable[tuple[str, str, str]]:
    versions: dict[str, list[str]] = {}
    for name, version in LOCKED.findall(LOCK.read_text("utf-8")):
        versions.setdefault(name, []).append(version)
    for name, known in sorted(versions.items()):
        yield f"`{name}`", " or ".join(known), _licence(name)


def _licence(name: str) -> str:
    try:
        told = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return UNSTATED.get(name, "see its page")
    named = told.get("License-Expression") or ""
    classes = [line.rsplit(" :: ", 1)[1] for line in told.get_all("Classifier", []) if line.startswith("License ::")]
    short = (told.get("License") or "").strip()
    return named or ", ".join(classes) or (short if 0 < len(short) <= 60 else "see its page")


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines)
