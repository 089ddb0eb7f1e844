"""Forms of panels: the criteria, and one review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import Length, NumberRange, Optional

from innovation.evaluation.models import Criterion
from innovation.evaluation.service.criteria import Asked
from innovation.kernel.errors import Invalid
from innovation.kernel.forms import Form, prose
from innovation.rules.panel import HIGHEST, LONGEST_SENTENCE, LOWEST, MOST_CRITERIA, SHORTEST_SENTENCE

MESSAGES: dict[str, Any] = {
    "criteria_missing": _l("Give at least one criterion."),
    "criterion_without_name": _l("Give this criterion a name, or empty its whole row."),
    "criterion_twice": _l("This criterion stands here twice."),
    "weight_out_of_range": _l("Choose a whole number from 1 to 9."),
    "score_missing": _l("Choose a score from 1 to 5."),
    "no_such_score": _l("Choose a score from 1 to 5."),
    "sentence_too_short": _l(
        "Say in a sentence what your scores rest on, in at least %(n)s characters.", n=SHORTEST_SENTENCE
    ),
    "sentence_too_long": _l("Use at most %(n)s characters.", n=LONGEST_SENTENCE),
}

SCORES = [(str(score), str(score)) for score in range(LOWEST, HIGHEST + 1)]


class ReviewForm(Form):
    """One sentence, and a score for each criterion (:func:`review_form` adds them). What is missing the verb says."""

    sentence = prose(_l("Your assessment in one sentence"), maximum=LONGEST_SENTENCE, required=False, rows=4)

    def refuse(self, error: Invalid, messages: dict[str, Any]) -> None:
        """Put a refusal at everything it concerns: each missing score, and the sentence where that is missing too."""
        if error.code != "score_missing":
            super().refuse(error, messages)
            return
        missing: Any = error.params["missing"]
        for position in missing:
            super().refuse(Invalid(error.code, field=f"score_{position}"), messages)
        if error.params["sentence_too_short"]:
            super().refuse(Invalid("sentence_too_short", field="sentence"), messages)

    def scores(self) -> dict[int, int]:
        """The scores chosen, by the criterion's position; 0 for what is none."""
        chosen = {name: field.data for name, field in self._fields.items() if name.startswith("score_") and field.data}
        return {int(name.removeprefix("score_")): _whole(value) for name, value in chosen.items()}


def review_form(criteria: Sequence[Criterion | Asked], said: dict[int, int], sentence: str) -> ReviewForm:
    """A form that asks these criteria, filled with what was said so far (scores by position)."""
    fields = {
        f"score_{position}": RadioField(each.label, choices=SCORES, description=each.help, validate_choice=False)
        for position, each in enumerate(criteria, start=1)
    }
    form: ReviewForm = type("AskedReviewForm", (ReviewForm,), fields)(
        data={"sentence": sentence} | {f"score_{position}": str(score) for position, score in said.items()}
    )
    return form


def _whole(value: str) -> int:
    return int(value) if value in dict(SCORES) else 0


class CriteriaForm(Form):
    """Seven rows of a criterion each; a row with nothing in it is no criterion."""

    def asked(self) -> list[Asked]:
        """The rows that hold something, as they stand."""
        rows = [(self[f"label_{n}"].data, self[f"help_{n}"].data, self[f"weight_{n}"].data) for n in ROWS]
        return [
            Asked(label or "", hint or "", 1 if weight is None else weight) for label, hint, weight in rows if label or hint
        ]

    def row_of(self, field: str) -> str:
        """The name of the form's field for a field of the n-th criterion given, which empty rows may stand before."""
        kind, _, number = field.partition("_")
        filled = [n for n in ROWS if self[f"label_{n}"].data or self[f"help_{n}"].data]
        position = int(number) - 1
        return f"{kind}_{filled[position]}" if position < len(filled) else field


ROWS = range(1, MOST_CRITERIA + 1)

for _n in ROWS:
    setattr(
        CriteriaForm,
        f"label_{_n}",
        StringField(
            _l("Criterion %(n)s", n=_n), validators=[Length(max=120, message=_l("Use at most %(n)s characters.", n=120))]
        ),
    )
    setattr(
        CriteriaForm,
        f"help_{_n}",
        StringField(
            _l("What 1 and 5 mean"), validators=[Length(max=400, message=_l("Use at most %(n)s characters.", n=400))]
        ),
    )
    setattr(
        CriteriaForm,
        f"weight_{_n}",
        IntegerField(
            _l("Counts"), default=1, validators=[Optional(), NumberRange(1, 9, message=MESSAGES["weight_out_of_range"])]
        ),
    )


def criteria_form(present: Sequence[Criterion | Asked]) -> CriteriaForm:
    """The rows, filled with the criteria as they stand."""
    data: dict[str, Any] = {}
    for n, each in enumerate(present, start=1):
        data |= {f"label_{n}": each.label, f"help_{n}": each.help, f"weight_{n}": each.weight}
    return CriteriaForm(data=data)
