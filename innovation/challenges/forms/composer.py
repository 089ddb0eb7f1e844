"""The rule composer's form: a sentence with slots, or the rule as data where the slots cannot say it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, FieldList, FormField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from innovation.challenges import queries
from innovation.challenges.forms import words
from innovation.challenges.forms.slots import MIXED, TIES, SlotError, rule_of, slots_of
from innovation.challenges.models import Challenge
from innovation.challenges.service import fitting
from innovation.kernel.errors import Invalid
from innovation.kernel.forms import Form, options_of
from innovation.kernel.i18n import language
from innovation.rules.measures import MEASURES
from innovation.rules.promotion import MIX, READY_RULES, RuleError, parse_rule

ROWS, PARTS = 8, 5
"""At most so many conditions, and so many in an inner group: more than anybody can read."""

QUORUM = {"kind": "one", "measure": "voters", "comparison": "at_least", "how": "value", "amount": "10"}
OUTSIDE = {"kind": "one", "measure": "voters_external", "comparison": "at_least", "how": "value", "amount": "5"}


def choice(label: Any, choices: Iterable[Any] = (), **kwargs: Any) -> SelectField:
    """A select whose choices are checked by whoever reads the rule."""
    return SelectField(label, choices=list(choices), validate_choice=False, **kwargs)


class PartForm(Form):
    """One threshold."""

    class Meta(Form.Meta):
        csrf = False

    measure = choice(_l("What is measured"))
    comparison = choice(_l("How it compares"), words.COMPARISONS, default="at_least")
    how = choice(_l("With what"), words.HOWS, default="value")
    amount = StringField(_l("How much"), render_kw={"inputmode": "decimal"})
    of = choice(_l("Of which measure"))


class RowForm(PartForm):
    """A threshold, or an inner group of thresholds."""

    kind = HiddenField(default="one")
    mode = choice(_l("Which of these must hold"), words.MODES, default="any")
    parts = FieldList(FormField(PartForm), max_entries=PARTS)


class RuleForm(Form):
    """The rule in slots (``said_as`` slots), or as JSON (data)."""

    said_as = HiddenField(default="slots")
    ready = choice(_l("Start from a ready-made rule"))
    mode = choice(_l("Which of these must hold"), words.MODES, default="all")
    conditions = FieldList(FormField(RowForm), max_entries=ROWS)
    order = choice(_l("The best come first, by"))
    mix_1, mix_2, mix_3 = choice(_l("First measure")), choice(_l("Second measure")), choice(_l("Third measure"))
    weight_1, weight_2, weight_3 = StringField(_l("Weight")), StringField(_l("Weight")), StringField(_l("Weight"))
    capacity = RadioField(_l("How many are chosen"), choices=words.CAPACITIES, default="top", validate_choice=False)
    k = StringField(_l("How many"), default="3", render_kw={"inputmode": "numeric"})
    utility = choice(_l("What comes first"), words.UTILITIES, default="cost")
    completion = choice(_l("What is left over"), words.COMPLETIONS, default="add_one")
    close = RadioField(_l("Too close to call"), choices=words.CLOSE, default="off", validate_choice=False)
    close_value = StringField(_l("So near to the line"), render_kw={"inputmode": "decimal"})
    tie_1, tie_2, tie_3 = choice(_l("First")), choice(_l("Second")), choice(_l("Third"))
    pool = HiddenField(default="per_challenge")
    as_data = TextAreaField(_l("The rule as data"), render_kw={"rows": 14, "spellcheck": "false", "class": "code"})
    past = choice(_l("Try it on"))
    reason = TextAreaField(_l("Why does the rule change?"), render_kw={"rows": 3})

    currency = "EUR"
    outside = True
    """Whether anybody from outside the house takes part."""

    def offer(self, challenge: Challenge, *, shortlist: bool, present: Any) -> None:
        """Give every slot the choices that fit this challenge, and those that stand in it or in the present rule."""
        who = "votes" if shortlist else challenge.who_decides
        outside = self.outside = queries.takes_outsiders(challenge.id)
        used = sorted(fitting.measures_of(present) | set(self._typed_measures()))
        known = [*fitting.measures_for(who, challenge.ballot, outside=outside), *used]
        measures = [name for name in dict.fromkeys(known) if name in MEASURES]
        by = [(present.get("order") or {}).get("by"), self.order.data, *(self[f"mix_{n}"].data for n in range(1, MIXED + 1))]
        orders = [
            name
            for name in dict.fromkeys([*fitting.orders_for(who, challenge.ballot, outside=outside), *by])
            if name in MEASURES
        ]
        said = words.measures(challenge.ballot)
        self.ready.choices = _options(
            [("", _l("Choose one"))], fitting.ready_for(who, challenge.ballot, outside=outside), words.READY
        )
        mix = [(MIX, _l("a weighted mix of two or three"))] if len(orders) > 1 or self.order.data == MIX else []
        self.order.choices = [*_options([], orders, said), *options_of(mix)]
        for n in range(1, MIXED + 1):
            self[f"mix_{n}"].choices = _options([("", _l("none"))], orders, said)
        ties = [*present.get("tie_break", []), *(self[f"tie_{n}"].data for n in range(1, TIES + 1))]
        telling = [name for name in dict.fromkeys([*words.TIES, *ties]) if name in words.TIES or name in MEASURES]
        names = [name for name in telling if fitting.breaks_a_tie(name, who)]
        for n in range(1, TIES + 1):
            self[f"tie_{n}"].choices = _options([("", _l("nothing more"))], names, said | words.TIES)
        unfit = set() if fitting.shares_fit(who, challenge.ballot) else {"equal_shares"}
        self.capacity.choices = options_of(pair for pair in words.CAPACITIES if pair[0] not in unfit - {self.capacity.data})
        for part in self._parts():
            part.measure.choices = _options([("", _l("choose"))], measures, said)
            part.of.choices = _options([("", _l("choose"))], measures, said)

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """Everything that is wrong: the field's id, its label and what is said of it."""
        named = [each for each in self._fields_deep(self) if each.errors and not isinstance(each, FieldList | FormField)]
        ids = {"capacity": "capacity-0", "close": "close-0"}
        return [(ids.get(each.id, each.id), str(each.label.text), str(each.errors[0])) for each in named]

    def _parts(self) -> Iterator[Any]:
        for row in self.conditions:
            yield row.form
            for part in row.form.parts:
                yield part.form

    def _typed_measures(self) -> Iterator[str]:
        for part in self._parts():
            yield from (name for name in (part.measure.data, part.of.data) if name)

    # --- buttons ----------------------------------------------------------------------------------------------------

    def act(self, do: str) -> None:
        """Do what a button of the form says, without losing anything that was typed."""
        verb, _, where = do.partition(":")
        rows = self.conditions
        if verb == "use" and self.ready.data in READY_RULES:
            self.say(READY_RULES[self.ready.data])
        elif verb in NEW_ROWS and len(rows) < ROWS:
            rows.append_entry(NEW_ROWS[verb])
        elif verb == "remove":
            _keep(rows, [row for row in rows if row.name != f"conditions-{where}"])
        elif verb == "add_part":
            for row in rows:
                if row.name == f"conditions-{where}" and len(row.form.parts) < PARTS:
                    row.form.parts.append_entry(NEW_PART)
        elif verb == "remove_part":
            for row in rows:
                _keep(row.form.parts, [part for part in row.form.parts if part.name != f"conditions-{where}"])
            _keep(rows, [row for row in rows if row.form.kind.data != "group" or row.form.parts.entries])
        elif verb == "as_data":
            self._as_data()
        elif verb == "as_slots":
            self._as_slots()

    def _as_data(self) -> None:
        rule = self.rule()
        if rule is not None:
            self.said_as.data = "data"
            self.as_data.data = json.dumps(rule, indent=2, ensure_ascii=False)

    def _as_slots(self) -> None:
        rule = self.rule()
        if rule is not None and not self.say(rule):
            self._wrong("as_data", words.SAYS["beyond"])

    def say(self, rule: Any) -> bool:
        """Put a rule into the form; False where only its data can say it."""
        slots = slots_of(rule, self.currency)
        self.said_as.data = "data" if slots is None else "slots"
        self.as_data.data = json.dumps(dict(rule), indent=2, ensure_ascii=False)
        if slots is None:
            return False
        for name, value in slots.items():
            if name != "conditions":
                self[name].data = value
        self.conditions.process(None, slots["conditions"])
        return True

    # --- what it says -----------------------------------------------------------------------------------------------

    def rule(self) -> Any:
        """The rule that the form says; None, with an error at the field, where it says none."""
        try:
            found = self._from_data() if self.said_as.data == "data" else rule_of(self.slots(), self.currency, language())
            if found is not None:
                parse_rule(found)
            return found
        except SlotError as error:
            self._wrong(error.field, words.SAYS[error.code])
        except RuleError as error:
            self._wrong(self._place_of(error.path), words.rule_error(error))
        return None

    def _from_data(self) -> Any:
        try:
            found = json.loads(self.as_data.data or "")
            exact = not _has_float(found)
        except (ValueError, RecursionError) as error:
            at = getattr(error, "lineno", 1)
            self._wrong("as_data", _l("This is not JSON: look at line %(line)s.", line=at))
            return None
        if isinstance(found, dict) and exact:
            return found
        self._wrong("as_data", words.SAYS["floats" if isinstance(found, dict) else "object"])
        return None

    def slots(self) -> dict[str, Any]:
        """What the slots hold."""
        names = ["mode", "order", "capacity", "k", "utility", "completion", "close", "close_value", "pool"]
        names += [
            f"{name}_{n}" for name, most in (("mix", MIXED), ("weight", MIXED), ("tie", TIES)) for n in range(1, most + 1)
        ]
        rows = []
        for row in self.conditions:
            parts = [_part(each) for each in row.form.parts]
            rows.append(_part(row) | {"kind": row.form.kind.data, "mode": row.form.mode.data, "parts": parts})
        return {name: self[name].data for name in names} | {"conditions": rows}

    def refuse(self, error: Invalid, messages: dict[str, Any]) -> None:
        """Put a verb's refusal where it can be mended."""
        place = {
            "rule_needs_a_budget": "capacity",
            "rule_does_not_fit": "order",
            "rule_needs_outsiders": "order",
            "reason_needed": "reason",
        }
        self._wrong(place.get(error.code, "ready"), words.SAYS.get(error.code, messages.get(error.code, error.code)))

    def _place_of(self, path: str) -> str:
        if self.said_as.data == "data":
            return "as_data"
        part = path.removeprefix("rule.").partition(".")[0].partition("[")[0]
        return {"order": "mix_1" if ".mix" in path else "order", "tie_break": "tie_1"}.get(part, part)

    def _wrong(self, name: str, said: Any) -> None:
        found = next(
            (each for each in self._fields_deep(self) if each.name == name and not isinstance(each, FieldList)), self.order
        )
        found.errors = (*found.errors, said)

    def say_nothing(self) -> None:
        """Take back what was said of the fields."""
        for each in self._fields_deep(self):
            if not isinstance(each, FieldList | FormField):
                each.errors = ()

    def _fields_deep(self, form: Any) -> Iterator[Field]:
        for each in form:
            yield each
            for entry in each.entries if isinstance(each, FieldList) else ():
                yield from self._fields_deep(entry.form)


NEW_PART = {"measure": "", "comparison": "at_least", "how": "value", "amount": "", "of": ""}
NEW_ROWS: dict[str, dict[str, Any]] = {
    "add": {"kind": "one", **NEW_PART},
    "add_group": {"kind": "group", "mode": "any", "parts": [NEW_PART, NEW_PART]},
    "add_quorum": QUORUM,
    "add_outside": OUTSIDE,
}
"""What a button adds."""


def _keep(rows: FieldList, kept: list[Any]) -> None:
    """Leave only these rows, numbered anew from 0, as they will come back."""
    rows.process(None, [row.data for row in kept])


def _part(entry: Any) -> dict[str, Any]:
    form = entry.form
    number = int(entry.name.rpartition("-")[2])
    return {name: form[name].data or "" for name in NEW_PART} | {"number": number}


def _options(first: list[Any], names: Iterable[str], said: dict[str, Any]) -> list[Any]:
    return options_of([*first, *((name, said.get(name, name)) for name in names)])


def _has_float(data: Any) -> bool:
    if isinstance(data, dict):
        return any(_has_float(each) for each in data.values())
    return isinstance(data, float) or (isinstance(data, list) and any(_has_float(each) for each in data))
