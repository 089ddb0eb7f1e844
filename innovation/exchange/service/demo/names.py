"""The crowd of the demo: invented names, organisations and departments, and a seeded draw of people.

The named cast lives in programme.toml. No surname of the cast appears in the pools below, so a drawn person
never shares a name or an address with a cast member. Every address is under the reserved domain .example.
"""

import random
import unicodedata
from dataclasses import dataclass

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


# What each department works on; a member of staff draws expertise mostly from these.
DEPARTMENTS: dict[str, tuple[str, ...]] = {
    "Innovation Office": ("scale-up", "technology scouting", "intellectual property"),
    "Process Technology": (
        "distillation",
        "reaction engineering",
        "process simulation",
        "membranes",
        "scale-up",
    ),
    "Coatings and Resins Research": (
        "polyester resins",
        "dispersions",
        "surfactants",
        "rheology",
        "formulation",
    ),
    "Polyols": ("polyols", "alkoxylation", "bio-based feedstock", "catalysis"),
    "Water Treatment Chemicals": ("coagulation", "flocculants", "effluent treatment", "formulation"),
    "Analytical Laboratory": ("spectroscopy", "chromatography", "in-line measurement", "chemometrics"),
    "Process Safety": ("process safety", "reactive monomers", "dust explosion", "alarm management"),
    "Maintenance and Reliability": ("rotating equipment", "corrosion", "heat exchangers", "inspection"),
    "Energy and Utilities": (
        "steam systems",
        "cooling water",
        "heat pumps",
        "compressed air",
        "energy storage",
    ),
    "Production Kreekhaven": ("batch operations", "esterification", "distillation", "cleaning"),
    "Production Ettenfeld": ("hydrogenation", "drying", "dispersions", "batch operations"),
    "Production Saint-Arvaux": ("coagulation", "powder handling", "filtration", "packaging"),
    "Digital and Automation": ("process control", "machine learning", "soft sensors", "scheduling"),
    "Regulatory and Product Stewardship": ("toxicology", "product regulation", "life-cycle assessment"),
    "Supply Chain and Logistics": ("packaging", "bulk logistics", "scheduling", "powder handling"),
}

# How large the departments are beside each other, in the order of DEPARTMENTS.
_DEPARTMENT_SIZES = (1, 8, 9, 6, 5, 5, 4, 8, 5, 13, 12, 8, 6, 3, 7)

ORGANISATIONS: tuple[DemoOrganisation, ...] = (
    DemoOrganisation(
        "Polytechnic University of Varmont", "varmont.example", INVITED, "university",
        ("membranes", "separation science", "process simulation", "distillation"),
    ),
    DemoOrganisation(
        "Delmere University of Technology", "delmere.example", INVITED, "university",
        ("reaction engineering", "catalysis", "process control", "heat pumps"),
    ),
    DemoOrganisation(
        "Technical University of Grauenthal", "tu-grauenthal.example", INVITED, "university",
        ("powder handling", "drying", "dust explosion", "crystallisation"),
    ),
    DemoOrganisation(
        "University of Castelmar", "castelmar.example", INVITED, "university",
        ("biocatalysis", "fermentation", "effluent treatment", "electrochemistry"),
    ),
    DemoOrganisation(
        "Norrvik Technical University", "norrvik.example", INVITED, "university",
        ("energy storage", "heat pumps", "corrosion", "process simulation"),
    ),
    DemoOrganisation(
        "University of Wolnica", "wolnica.example", INVITED, "university",
        ("polyester resins", "rheology", "bio-based feedstock", "surfactants"),
    ),
    DemoOrganisation(
        "Hollenbach Institute for Separation Science", "hollenbach.example", INVITED, "institute",
        ("distillation", "adsorption", "membranes", "crystallisation"),
    ),
    DemoOrganisation(
        "Strandholm Institute of Catalysis", "strandholm-catalysis.example", INVITED, "institute",
        ("catalysis", "hydrogenation", "reactive monomers", "electrochemistry"),
    ),
    DemoOrganisation(
        "Institut Carvelle for Polymers", "carvelle.example", INVITED, "institute",
        ("dispersions", "reactive monomers", "surfactants", "formulation"),
    ),
    DemoOrganisation(
        "Zilverbeek Water Institute", "zilverbeek.example", INVITED, "institute",
        ("cooling water", "effluent treatment", "coagulation", "membranes"),
    ),
    DemoOrganisation(
        "Brennick University of Applied Sciences", "brennick.example", INVITED, "university",
        ("in-line measurement", "soft sensors", "machine learning", "steam systems"),
    ),
    DemoOrganisation(
        "Ostmar Centre for Process Safety", "ostmar-safety.example", INVITED, "institute",
        ("process safety", "reactive monomers", "dust explosion", "alarm management"),
    ),
    DemoOrganisation(
        "Klinkert Acoustics", "klinkert-acoustics.example", PARTNER, "supplier",
        ("in-line measurement", "crystallisation", "inspection"),
    ),
    DemoOrganisation(
        "Slackwater Membranes", "slackwater.example", PARTNER, "supplier",
        ("membranes", "effluent treatment", "cleaning"),
    ),
    DemoOrganisation(
        "Lumenprobe", "lumenprobe.example", PARTNER, "supplier",
        ("spectroscopy", "in-line measurement", "chemometrics"),
    ),
    DemoOrganisation(
        "Almofar Enzymes", "almofar.example", PARTNER, "supplier",
        ("biocatalysis", "esterification", "fermentation"),
    ),
    DemoOrganisation(
        "Grijsbuis Pigging", "grijsbuis.example", PARTNER, "supplier",
        ("cleaning", "batch operations", "inspection"),
    ),
    DemoOrganisation(
        "Ferrowash Recycling", "ferrowash.example", PARTNER, "supplier",
        ("coagulation", "corrosion", "bulk logistics"),
    ),
    DemoOrganisation(
        "Torpe and Halling Dryers", "torpe-halling.example", PARTNER, "supplier",
        ("drying", "powder handling", "heat pumps"),
    ),
    DemoOrganisation(
        "Quillane Controls", "quillane.example", PARTNER, "supplier",
        ("process control", "alarm management", "soft sensors"),
    ),
    DemoOrganisation(
        "Aurlund Yacht Coatings", "aurlund.example", PARTNER, "customer",
        ("formulation", "surfactants", "rheology"),
    ),
    DemoOrganisation(
        "Tressellane Inks", "tressellane.example", PARTNER, "customer",
        ("formulation", "dispersions", "product regulation"),
    ),
    DemoOrganisation(
        "Vossenhoek Panels", "vossenhoek.example", PARTNER, "customer",
        ("polyester resins", "life-cycle assessment", "packaging"),
    ),
    DemoOrganisation(
        "Oudemare Water Company", "oudemare-water.example", PARTNER, "customer",
        ("coagulation", "flocculants", "cooling water"),
    ),
    DemoOrganisation(
        "Kappelund Vehicle Finishes", "kappelund.example", PARTNER, "customer",
        ("polyester resins", "formulation", "spectroscopy"),
    ),
    DemoOrganisation(
        "Rivoirelle Adhesives", "rivoirelle.example", PARTNER, "customer",
        ("polyols", "formulation", "rheology"),
    ),
)  # fmt: skip

# Where members of the public get their mail: three made-up mail providers.
PUBLIC_DOMAINS = ("postvak.example", "mailhaus.example", "lettera.example")

# A small share of the public gives one of these as where they are; the others belong to no organisation.
PUBLIC_ORGANISATIONS = (
    "Retired engineers of the delta",
    "Kreekhaven residents' council",
    "Open Lab Grauenthal",
)

_CULTURES: tuple[_Culture, ...] = (
    _Culture(
        30, 88,
        ("Anneke", "Bram", "Carlijn", "Daan", "Eline", "Floris", "Geertje", "Hidde", "Imke", "Jelle",
         "Klaasje", "Lotte", "Maarten", "Nienke", "Olivier", "Puck", "Quinten", "Roos", "Sjoerd", "Tess",
         "Ubbo", "Veerle", "Wouter", "Ymke", "Zeger", "Marijke", "Joost", "Hanneke", "Ruben", "Saskia"),
        ("Aalbersberg", "van den Akkerveen", "Boonstoppel", "Brouwershof", "Coppenraet", "van Dalfsum",
         "Dijkgraaff", "Doornweerd", "Elsinghorst", "Feenstra", "de Geyter", "Gortemaker", "Hagedoorn",
         "van Heuvelink", "Hoekzema", "IJsselstein", "Jongbloed", "Kamphorst", "van der Klooster",
         "Kruijswijk", "Lammertink", "van Leersum", "Meeuwsen", "Mulderink", "Nieuwkoop", "Oosterling",
         "van Ommeren", "Pannekoek", "Praamsma", "Quaedvlieg", "Reijnders", "Roelofsen", "Schuurman",
         "Spijkerboer", "Steenbeek", "Tjeerdsma", "Uiterwijk", "Veldkamp", "Verhulst", "Wagenaar",
         "Westerhof", "Wijnbergen", "Zandstra", "Zevenhuizen", "Zijlmans"),
    ),
    _Culture(
        8, 75,
        ("Wannes", "Liesbet", "Joris", "Goedele", "Kobe", "Hilde", "Stijn", "Marleen", "Pieterjan", "Fien"),
        ("Baetens", "De Craecker", "Claerhout", "D'Hondt", "Goossens", "Haeghebaert", "Lambrecht",
         "Mertens", "Neyrinck", "Peeters", "Stevaert", "Vandewalle", "Verstraete", "Wauters"),
    ),
    _Culture(
        14, 8,
        ("Annika", "Bernd", "Carsten", "Dorothea", "Eckhard", "Franziska", "Gesine", "Henning", "Ines",
         "Jochen", "Kathrin", "Lennart", "Mareike", "Norbert", "Ottilie", "Ralf", "Silke", "Torsten",
         "Ulrike", "Wiebke"),
        ("Ahlers", "Bachmeier", "Brandstetter", "Dornbusch", "Eichhorn", "Falkenberg", "Gruenewald",
         "Heidenreich", "Hufnagel", "Jahnke", "Kesselring", "Lindner", "Mertesacker", "Niebuhr",
         "Oberhauser", "Pfannkuch", "Rautenberg", "Schoenfeld", "Steinmetz", "Trautwein", "Uhlenbrock",
         "Vogelsang", "Weidlich", "Zellweger"),
    ),
    _Culture(
        12, 10,
        ("Adèle", "Baptiste", "Camille", "Didier", "Élodie", "Fabrice", "Gaëlle", "Hugo", "Isabelle",
         "Jérôme", "Léonie", "Mathieu", "Noémie", "Pascal", "Quentin", "Solène", "Thierry", "Valérie"),
        ("Aubertin", "Beaumarchand", "Chevrolier", "Dufresne", "Escoffery", "Fournel", "Garancher",
         "Hautcoeur", "Jolivet", "Lacombe", "Malherbe", "Noirot", "Ollivier", "Perrault", "Quesnel",
         "Roussillon", "Sauvageot", "Tessier", "Vauquelin", "Villeneuve"),
    ),
    _Culture(
        6, 6,
        ("Aurelio", "Beatriz", "Consuelo", "Damián", "Estela", "Fermín", "Gloria", "Íñigo", "Leire",
         "Montserrat", "Nuria", "Rodrigo"),
        ("Aguirrebeña", "Barrientos", "Cifuentes", "Etxeberria", "Figueroa", "Gallardo", "Lizarraga",
         "Montalbán", "Olmedo", "Quintanilla", "Sepúlveda", "Villarroel"),
    ),
    _Culture(
        5, 6,
        ("Afonso", "Benedita", "Duarte", "Filipa", "Gonçalo", "Inês", "Leonor", "Matilde", "Rui", "Tiago"),
        ("Abrantes", "Bragança", "Carvalhal", "Fontoura", "Guerreiro", "Magalhães", "Nogueira", "Pacheco",
         "Queirós", "Sampaio"),
    ),
    _Culture(
        6, 4,
        ("Alessio", "Bianca", "Corrado", "Donatella", "Elia", "Fiorella", "Gaspare", "Ludovica", "Matteo",
         "Ornella", "Raffaele", "Simonetta"),
        ("Acquaviva", "Bellandi", "Cavaliere", "De Santis", "Fumagalli", "Giacomelli", "Locatelli",
         "Mantovani", "Palmieri", "Quaranta", "Salvatori", "Tagliabue"),
    ),
    _Culture(
        7, 8,
        ("Aniela", "Bogdan", "Celina", "Dariusz", "Elżbieta", "Grzegorz", "Halina", "Jacek", "Kinga",
         "Leszek", "Małgorzata", "Zbigniew"),
        ("Adamczyk", "Borkowska", "Chmielnik", "Dąbrowa", "Gajewicz", "Jasiński", "Kołodziej", "Lewandzka",
         "Mazurek", "Olszański", "Piekarz", "Rutecka", "Sobczyk", "Wieczorek"),
    ),
    _Culture(
        6, 6,
        ("Astrid", "Birger", "Eivind", "Freja", "Gunnar", "Hedda", "Kjetil", "Linnea", "Mads", "Rasmus",
         "Signe", "Torunn"),
        ("Aasgaard", "Bergqvist", "Dahlstrøm", "Engelbrekt", "Fagerlund", "Gyllensten", "Haugland",
         "Kjeldsen", "Lindqvist", "Mikkelborg", "Rosendahl", "Sørbø", "Thorvaldsen", "Wikander"),
    ),
    _Culture(
        3, 4,
        ("Aino", "Eero", "Helmi", "Kaarina", "Mika", "Outi", "Tapio", "Veikko"),
        ("Hämeenaho", "Järvelä", "Koskimies", "Lehtovaara", "Mäkiranta", "Niskala", "Pohjola", "Särkkä"),
    ),
    _Culture(
        7, 12,
        ("Aisling", "Bronwen", "Callum", "Deirdre", "Ewan", "Fiona", "Gareth", "Imogen", "Kieran", "Morag",
         "Niamh", "Rhys"),
        ("Ashdown", "Brannigan", "Cadwallader", "Drummond", "Fairweather", "Gilchrist", "Hathersage",
         "Kinsella", "Llewellyn", "Macrae", "Netherby", "O'Rourke", "Penhallow", "Tregarth"),
    ),
    _Culture(
        6, 62,
        ("Ayşe", "Burak", "Cem", "Defne", "Elif", "Hakan", "Mehtap", "Selin", "Tolga", "Zeynep"),
        ("Akbulut", "Bozkurt", "Çelikkol", "Doğanay", "Erdinç", "Güneş", "Çelebioğlu", "Özyurt",
         "Şahinbaş", "Gökdemir"),
    ),
    _Culture(
        7, 58,
        ("Abdelhak", "Btissam", "Driss", "Fatima", "Hicham", "Ikram", "Khalid", "Loubna", "Mounir", "Nawal",
         "Rachid", "Samira"),
        ("Aït Lahcen", "Benchekroun", "Chaoui", "El Idrissi", "Fassi", "Haddaoui", "Kabbaj", "Lamrani",
         "Mansouri", "Ouazzani", "Tahiri", "Zerouali"),
    ),
    _Culture(
        5, 70,
        ("Anjali", "Cheryl", "Dewi", "Ifeoma", "Kwame", "Melvin", "Orlando", "Rishi", "Shanti", "Xaviera"),
        ("Adjei", "Bhagwandin", "Chotoe", "Doekhi", "Kartosen", "Madhoeban", "Ngwenya", "Osei-Tutu",
         "Pinas", "Ramdjan", "Soerodimedjo", "Wijdenbosch"),
    ),
    _Culture(
        4, 5,
        ("Ágnes", "Balázs", "Csilla", "Gergely", "Katalin", "Tamás", "Ioana", "Radu"),
        ("Barányi", "Csordás", "Fekete", "Halmos", "Szalontai", "Vadász", "Ciocan", "Dumitrescu",
         "Munteanu", "Vlădescu"),
    ),
    _Culture(
        4, 5,
        ("Despina", "Kostas", "Lefteris", "Vasiliki", "Danica", "Goran", "Milena", "Oksana", "Taras",
         "Vesna"),
        ("Anagnostou", "Kalogeras", "Papadakis", "Stathopoulou", "Babić", "Hrvatin", "Kovačević",
         "Marinković", "Boyko", "Hryhorenko"),
    ),
)  # fmt: skip

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
