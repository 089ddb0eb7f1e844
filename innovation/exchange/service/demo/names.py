"""The crowd of the demo: invented names, organisations and departments, and a seeded draw of people.

The pools are in names.toml; the named cast lives in programme.toml. No surname of the cast appears in the pools, so a
drawn person never shares a name or an address with a cast member. Every address is under the reserved domain .example.
"""

import random
import unicodedata
from dataclasses import dataclass

from innovation.exchange.service.demo.telling import read

HOST_NAME = "Scheldemark"
HOST_DOMAIN = "scheldemark.example"

STAFF, PARTNER, INVITED, PUBLIC = "staff", "partner", "invited", "public"
CIRCLES = (STAFF, PARTNER, INVITED, PUBLIC)
STORY_COUNTS = {STAFF: 700, PARTNER: 350, INVITED: 550, PUBLIC: 250}


@dataclass(frozen=True)
class DemoPerson:
    """One drawn person. Only staff have a department; a member of the public may have no organisation."""

    name: str
    email: str
    circle: str
    organisation: str | None
    department: str | None
    language: str
    expertise: tuple[str, ...]


@dataclass(frozen=True)
class DemoOrganisation:
    """An organisation near the host: its name, its mail domain, and the circle its people stand in."""

    name: str
    domain: str
    circle: str
    kind: str
    expertise: tuple[str, ...]


@dataclass(frozen=True)
class _Culture:
    """A pool of names that are usually met together. `dutch` is the share that reads Dutch, in percent."""

    weight: int
    dutch: int
    first: tuple[str, ...]
    last: tuple[str, ...]


_POOLS = read("names")

DEPARTMENTS: dict[str, tuple[str, ...]] = {row["name"]: tuple(row["topics"]) for row in _POOLS["department"]}
"""What each department works on; a member of staff draws expertise mostly from these."""

_DEPARTMENT_SIZES: tuple[int, ...] = tuple(row["size"] for row in _POOLS["department"])

ORGANISATIONS = tuple(
    DemoOrganisation(row["name"], row["domain"], row["circle"], row["kind"], tuple(row["expertise"]))
    for row in _POOLS["organisation"]
)

PUBLIC_DOMAINS: tuple[str, ...] = tuple(_POOLS["public"]["domains"])
PUBLIC_ORGANISATIONS: tuple[str, ...] = tuple(_POOLS["public"]["organisations"])

_CULTURES = tuple(
    _Culture(row["weight"], row["dutch"], tuple(row["first"]), tuple(row["last"])) for row in _POOLS["culture"]
)

FIRST_NAMES = tuple(name for culture in _CULTURES for name in culture.first)
SURNAMES = tuple(name for culture in _CULTURES for name in culture.last)
TOPICS = tuple(
    sorted(
        {topic for topics in DEPARTMENTS.values() for topic in topics}
        | {topic for organisation in ORGANISATIONS for topic in organisation.expertise}
    )
)

_LETTERS = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae", "đ": "d"})


def people(seed: int, counts: dict[str, int]) -> list[DemoPerson]:
    """Draw `counts[circle]` people per circle, circles in the order of CIRCLES; same arguments, same list.

    No two people share a name or an address. Raises ValueError for an unknown circle, a negative count, or
    more people than the pools can name.
    """
    unknown = sorted(set(counts) - set(CIRCLES))
    if unknown:
        raise ValueError(f"unknown circle: {', '.join(unknown)}")
    if any(count < 0 for count in counts.values()):
        raise ValueError("a count is negative")
    wanted = sum(counts.values())
    if wanted > len(FIRST_NAMES) * len(SURNAMES) // 4:
        raise ValueError(f"{wanted} people are more than these pools can name")
    draw = random.Random(seed)
    names: set[str] = set()
    addresses: set[str] = set()
    drawn: list[DemoPerson] = []
    for circle in CIRCLES:
        for _ in range(counts.get(circle, 0)):
            drawn.append(_person(draw, circle, names, addresses))
    return drawn


def _person(draw: random.Random, circle: str, names: set[str], addresses: set[str]) -> DemoPerson:
    organisation, domain, department, topics = _place(draw, circle)
    while True:
        name, dutch = _name(draw)
        email = f"{address_part(name)}@{domain}"
        if name not in names and email not in addresses:
            break
    names.add(name)
    addresses.add(email)
    expertise = draw.sample(topics, k=draw.choice((1, 1, 2)))
    besides = draw.choice(TOPICS)
    if draw.random() < 0.35 and besides not in expertise:
        expertise.append(besides)
    language = "nl" if draw.randrange(100) < dutch else "en"
    return DemoPerson(name, email, circle, organisation, department, language, tuple(expertise))


def _place(draw: random.Random, circle: str) -> tuple[str | None, str, str | None, tuple[str, ...]]:
    """Where a person of this circle works: organisation, mail domain, department, topics met there."""
    if circle == STAFF:
        department = draw.choices(tuple(DEPARTMENTS), weights=_DEPARTMENT_SIZES)[0]
        return HOST_NAME, HOST_DOMAIN, department, DEPARTMENTS[department]
    if circle == PUBLIC:
        organisation = draw.choice(PUBLIC_ORGANISATIONS) if draw.random() < 0.2 else None
        return organisation, draw.choice(PUBLIC_DOMAINS), None, TOPICS
    place = draw.choice([each for each in ORGANISATIONS if each.circle == circle])
    return place.name, place.domain, None, place.expertise


def _name(draw: random.Random) -> tuple[str, int]:
    """A full name, and the chance in percent that its bearer reads Dutch. One in eight crosses cultures."""
    culture = draw.choices(_CULTURES, weights=[each.weight for each in _CULTURES])[0]
    other = draw.choice(_CULTURES) if draw.random() < 0.125 else culture
    return f"{draw.choice(culture.first)} {draw.choice(other.last)}", culture.dutch


def address_part(name: str) -> str:
    """The part of an address before the @: `Hilde D'Hondt` becomes `hilde.dhondt`, letters reduced to a-z."""
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    kept = "".join(letter for letter in plain.lower() if letter.isascii() and (letter.isalpha() or letter in " -"))
    first, *rest = kept.split()
    return f"{first}.{''.join(rest)}"
