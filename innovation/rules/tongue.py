"""Which of a few languages a short text is in, by the small words that only one of them has.

Catalan and Spanish share much of their vocabulary (*de*, *del*, *que*, *la*), so only words that are common in one and no
word of the other count, and letters that one of them never writes. A text that shows nothing, or as much of both, is not
guessed: whoever asks knows better what it stands beside.
"""

from __future__ import annotations

import re
from typing import Final

WORDS: Final = {
    "ca": "i amb els dels als pels és més també però perquè com són ser fer està han hem tot tots totes seva seu seves seus "
    "nostra nostre nostres aquest aquesta aquests aquestes això aquí ja sense fins moltes molt bé cal poder ha hi ho què "
    "quan on qui així doncs una altra altres algun alguns alguna algunes cap res millor millorar gent barri carrer dia "
    "jo vosaltres nosaltres gràcies ens us em et les pel dins cada hagi tenim tenen ciutat proposta d'acord hauria meu "
    "meva seria espai suport tasca mateix molta nens altra mateixa jovent",
    "es": "y con los las una por para pero porque como son hacer hay está están muy más también sus su nuestra "
    "nuestro nuestras nuestros este esta estos estas esto eso aquí ya sin hasta muchas muchos mucho bien debe poder ha lo "
    "le nos qué cuando donde quien así pues otra otras otros alguno algunos alguna algunas nada mejor mejorar gente "
    "barrio calle día yo vosotros nosotros gracias tenemos tienen tener haber ciudad propuesta acuerdo debería se ha unos",
    "en": "the and of to is are that this with for it be have not we you they from by would should our their",
}

# A mark that one language writes and the other never does.
SIGNS: Final = {
    "ca": re.compile(
        r"[àèòïç]|l·l|\b[ldmnst][’'](?=\w)|\b\w+-(?:se|ne|hi|ho)\b|\w[’'](?:n|hi|ls|ns)\b|\w(?:ció|tats?)\b", re.I
    ),
    "es": re.compile(r"[ñ¿¡á]|\w[cs]i[óo]n(?:es)?\b|\w+dad(?:es)?\b", re.I),
    "en": re.compile(r"(?!)"),
}

_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'·][^\W\d_]+)*")
_ADDRESS: Final = re.compile(r"\S*(?:://|www\.|@)\S*")

_SETS: Final = {name: frozenset(words.split()) for name, words in WORDS.items()}
_OWN: Final = {
    name: words - frozenset().union(*(other for called, other in _SETS.items() if called != name))
    for name, words in _SETS.items()
}


def tongue(text: str) -> str | None:
    """``ca``, ``es`` or ``en``; None where the text does not say."""
    said = _ADDRESS.sub(" ", text)
    words = [word.lower().replace("’", "'") for word in _WORD.findall(said)]
    scores = {name: sum(word in own for word in words) + len(SIGNS[name].findall(said)) for name, own in _OWN.items()}
    best, second = sorted(scores.values(), reverse=True)[:2]
    if best == second:
        return None
    return max(scores, key=lambda name: scores[name])
