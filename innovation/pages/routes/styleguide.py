"""The style guide: every component in every state, from made-up values alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import request
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict

from innovation.insight import queries as insight
from innovation.insight.forms import ViewForm
from innovation.kernel import clock
from innovation.kernel.i18n import LANGUAGES, language
from innovation.kernel.web import Answer, public, respond, way_back
from innovation.pages.forms import SampleForm
from innovation.pages.routes import bp
from innovation.rules.charts import lines, sankey
from innovation.rules.promotion import READY_RULES, explain

WRONG = {"title": "x" * 201, "text": "A", "amount": "a lot", "budget": "twelve", "zone": "Mars", "score": "9"}
"""What somebody might type who reads no hints."""


@bp.get("/styleguide")
@public
def styleguide() -> Answer:
    """``?theme=dark`` and ``?lang=nl`` show it in another look for this once; the page's own switches keep one."""
    theme, asked = request.args.get("theme"), request.args.get("lang")
    look: dict[str, Any] = {"theme": theme} if theme in {"light", "dark"} else {}
    with force_locale(asked if asked in LANGUAGES else language()):
        if asked in LANGUAGES:
            look["locale"] = asked
        return respond("pages/styleguide.html", **_samples(), **look)


def _samples() -> dict[str, Any]:
    flows = [sankey.Flow(*each) for each in EXAMPLE_FLOWS]
    wrong = SampleForm(MultiDict({f"wrong-{name}": value for name, value in WRONG.items()}), prefix="wrong-")
    wrong.validate()
    return {
        "flows": flows,
        "picture": sankey.layout(insight.COLUMNS, flows),
        "stairs": lines.steps(
            [[(0, 100), (3, 80), (9, 45), (20, 12)], [(0, 100), (14, 60), (30, 55)]], most_x=30, most_y=100
        ),
        "climb": lines.steps([[(0, 4), (5, 60), (22, 96), (40, 140)]]),
        "sample_form": SampleForm(None),
        "sample_form_wrong": wrong,
        "rules": {name: explain(rule) for name, rule in READY_RULES.items()},
        "view_form": ViewForm(None),
        "undo": way_back("pages.preview", {"text": ""}),
        "now": clock.now(),
        "soon": clock.now() + timedelta(hours=5, minutes=12),
    }


EXAMPLE_STAIRS = [[(0, 100), (3, 80), (9, 45), (20, 12)], [(0, 100), (14, 60), (30, 55)]]
EXAMPLE_FLOWS = (
    ("submitted", "promoted", 16),
    ("submitted", "declined", 110),
    ("submitted", "returned", 9),
    ("returned", "submitted", 7),
    ("promoted", "project_running", 16),
    ("project_running", "project_passed", 9),
    ("project_running", "project_stopped", 3),
    ("project_passed", "project_adopted", 4),
)
