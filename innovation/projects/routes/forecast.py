"""When will it finish: the forecast of a project."""

from __future__ import annotations

from innovation.kernel.web import Answer, actor, gettext, page, see
from innovation.projects import queries
from innovation.projects.models import Project
from innovation.projects.queries import forecasts
from innovation.projects.routes import bp
from innovation.projects.routes.shown import framed
from innovation.projects.service import forecasting
from innovation.rules.forecast import ENOUGH
from innovation.rules.policy import May


@bp.get("/projects/<public_id>/forecast")
@page(May.SEE_FORECAST, on=queries.get)
def forecast_page(project: Project) -> Answer:
    listed = forecasts.of_project(project)
    return framed(
        "projects/forecast.html",
        project,
        "forecast",
        forecasts=listed,
        chart=forecasts.chart(listed),
        scores=forecasts.scores(),
        enough=ENOUGH,
    )


@bp.post("/projects/<public_id>/forecast")
@page(May.ASK_FORECAST, on=queries.get)
def ask_forecast(project: Project) -> Answer:
    forecasting.ask_forecast(actor=actor(), project=project)
    message = gettext("The forecast is made, and kept up from now on.")
    return see("projects.forecast_page", public_id=project.public_id, message=message)
