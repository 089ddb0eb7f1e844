"""A rule reads back as plain sentences, and so does every reason: the templates, fed by the engine alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from innovation.rules import measures
from innovation.rules.promotion import READY_RULES, Because, Decision, explain, ready_rule

TEMPLATES = Path(__file__).parents[3] / "templates"


@pytest.fixture(scope="module")
def words() -> Environment:
    """English as it stands in the templates, and figures without the house's way of writing them."""
    env = Environment(loader=FileSystemLoader(TEMPLATES), extensions=["jinja2.ext.i18n"])
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    env.filters |= {
        "number": lambda value: f"{value:,}",
        "decimalformat": lambda value, pattern: f"{value:,.6f}".rstrip("0").rstrip("."),
        "money": lambda minor, currency: f"{currency} {minor / 100:,.2f}",
    }
    return env


def said(words: Environment, rule: Any) -> str:
    module: Any = words.get_template("components/rule_sentence.html").module
    return str(module.rule_sentence(explain(rule), "EUR")).strip()


def why(words: Environment, because: Because, place: int | None = 4, **params: Any) -> str:
    module: Any = words.get_template("components/because.html").module
    return str(module.because(Decision("a", "c1", False, place, because, params))).strip()


@pytest.mark.parametrize("name", sorted(READY_RULES))
def test_a_ready_rule_is_a_sentence_or_a_few(words: Environment, name: str) -> None:
    text = said(words, READY_RULES[name])
    assert text.endswith(".")
    assert "  " not in text
    assert "_" not in text
    assert len(text) < 650


@pytest.mark.parametrize(
    ("ballot", "told"),
    [
        ("approval", "1 vote in favour"),
        ("yes_no", "1 vote in favour"),
        ("stars", "1 person who rated it"),
        ("points", "1 person who gave it points"),
        ("quadratic", "1 person who gave it points"),
        ("pairs", "1 comparison in which it was preferred"),
    ],
)
def test_being_in_favour_is_said_as_the_ballot_means_it(words: Environment, ballot: str, told: str) -> None:
    rule = ready_rule("points_top", eligibility={"all": [{"measure": "for", "at_least": {"value": 1}}]})
    module: Any = words.get_template("components/rule_sentence.html").module
    said = str(module.rule_sentence(explain(rule, ballot=ballot), "EUR"))
    assert f"An idea takes part under this condition: at least {told}." in said


def test_a_mix_with_a_band_names_its_parts_and_who_decides(words: Environment) -> None:
    parts = [{"measure": "support", "weight": 2}, {"measure": "panel_mean", "weight": "1.5"}]
    rule = ready_rule("support_top", order={"mix": parts}, close={"within": "interval"}, tie_break=[])
    assert said(words, rule) == (
        "The 3 ideas with the highest combined figure are chosen. The combined figure is the mean of these, each brought to "
        "a scale from 0 to 1: support among those who saw it (weight 2); the score of the panel (weight 1.5). About ideas "
        "so near the line that chance may have put them there, a named person decides, with a reason. Where ideas are "
        "equal, this decides, in order: a draw that everybody can check."
    )


def test_a_band_of_a_share_is_told_in_percentage_points(words: Environment) -> None:
    band = {"within": {"value": "0.025"}}
    points = "About ideas no further than 2.5 percentage points from the line, a named person decides, with a reason."
    assert points in said(words, ready_rule("support_top", close=band))
    plain = "About ideas no further than 0.025 from the line, a named person decides, with a reason."
    assert plain in said(words, ready_rule("panel_best", close=band))


def test_equal_shares_say_how_they_choose_and_what_becomes_of_the_rest(words: Environment) -> None:
    rule = ready_rule("equal_shares", order=None, tie_break=[])
    assert said(words, rule) == (
        "Every voter holds the same share of the budget, and an idea is chosen when those who voted for it can pay for it "
        "together. The idea that takes least from its supporters for the money it moves comes first. Then every share is "
        "raised by 2% again and again, as long as the budget pays for the ideas chosen; what is left goes to the ideas with "
        "the most supporters that still fit. Where ideas are equal, this decides, in order: a draw that everybody can check."
    )
    step = {"kind": "equal_shares", "completion": "add_one", "utility": "score", "step": {"minor": 100}}
    text = said(words, ready_rule("equal_shares", capacity=step))
    assert "every point they gave it comes first" in text
    assert "raised by EUR 1.00 again" in text
    bare = {"kind": "equal_shares", "completion": "none", "utility": "cardinality"}
    assert "raised" not in said(words, ready_rule("equal_shares", capacity=bare))


@pytest.mark.parametrize("name", [*sorted(measures.MEASURES), "mix"])
def test_every_measure_has_its_words(words: Environment, name: str) -> None:
    module: Any = words.get_template("components/rule_sentence.html").module
    headings: Any = words.get_template("components/words.html").module
    texts = [module.measure_name(name), module.measured(name, 1), module.measured(name, "0.5" if name != "requested" else 5)]
    texts += [module.best_by(name), module.best_by(name, True), headings.measure_name(name)]
    for text in texts:
        assert "_" not in text
    assert str(headings.measure_name(name)).strip() != name
    for raw in () if name == "mix" else measures.MEASURES[name].needs:
        assert "_" not in module.measure_name(raw)


@pytest.mark.parametrize(
    ("because", "params", "text"),
    [
        (
            Because.FUNDED_BY_SHARES,
            {"supporters": 3, "requested": 54_000, "price": "18000.5", "round": 2},
            "It came in place 4. 3 supporters together paid the EUR 540.00 it asked for, from their shares of the budget. "
            "It was number 2 to be paid for; it took at most EUR 180.01 from each of them.",
        ),
        (
            Because.FUNDED_BY_SHARES,
            {"supporters": 1, "requested": 100, "price": 50, "round": 1, "utility": "score"},
            "It came in place 4. 1 supporter paid the EUR 1.00 it asked for from a share of the budget. "
            "It was number 1 to be paid for; it took at most EUR 0.50 for each point given.",
        ),
        (
            Because.NOT_AFFORDABLE,
            {"supporters": 2, "requested": 301, "left": 20, "short": 281},
            "It came in place 4. It asked for EUR 3.01, but its 2 supporters together had EUR 0.20 of their shares of the "
            "budget left: EUR 2.81 too little.",
        ),
        (
            Because.NOT_AFFORDABLE,
            {"supporters": 0, "requested": 301, "left": 0, "short": 301},
            "It came in place 4. Nobody voted for it, so no share of the budget could pay for it.",
        ),
        (
            Because.FILLED_UP,
            {"supporters": 2, "support": 2, "requested": 301, "left": 400},
            "It came in place 4. What the shares left of the budget went to the ideas with the most supporters that still "
            "fitted: it asked for EUR 3.01, and EUR 4.00 was left when its turn came.",
        ),
        (
            Because.JUDGED_IN,
            {"measure": "support", "have": "0.5444", "k": 3, "line": "0.55", "close": 1, "was": "below_line"},
            "It came in place 4, with 54.4% support among those who saw it. It was too close to the line for the figures to "
            "decide; a named person decided to choose it.",
        ),
        (
            Because.JUDGED_OUT,
            {"measure": "mix", "have": "0.5", "k": 3, "close": 1, "was": "within_top"},
            "It came in place 4, with a combined figure of 0.5. It was too close to the line for the figures to decide; a "
            "named person decided not to choose it.",
        ),
        (
            Because.BELOW_LINE,
            {"measure": "support", "have": "0.54", "k": 5, "line": "0.61", "close": 1},
            "It came in place 4, with 54.0% support among those who saw it. The best 5 ideas were chosen; the last of them "
            "had 61.0% support among those who saw it. It was close to the line.",
        ),
    ],
)
def test_a_reason_is_plain_sentences(words: Environment, because: Because, params: dict[str, Any], text: str) -> None:
    told = params | ({"currency": "EUR"} if "requested" in params else {})
    assert why(words, because, **told) == text


@pytest.mark.parametrize("comparison", ["at_least", "more_than", "at_most", "less_than"])
def test_how_much_one_side_did_is_never_said(words: Environment, comparison: str) -> None:
    """A side may be three people; that a condition was missed is the rule's own word, the figure is not."""
    params = {"measure": "for_external", "have": 7, "need": 9, "comparison": comparison}
    missed = why(words, Because.BELOW_THRESHOLD, None, **params)
    placed = why(words, Because.BELOW_LINE, measure="support_internal", have="0.77", line="0.88", k=3)
    assert ("9" in missed, "7" in missed) == (True, False)
    assert placed == "It came in place 4. Only the best 3 ideas were chosen."
