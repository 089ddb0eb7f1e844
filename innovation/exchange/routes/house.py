"""Everything the house holds as one archive, for its administrators."""

from __future__ import annotations

from innovation.exchange.forms import HOUSE_MESSAGES, HouseForm
from innovation.exchange.queries import orders as queries
from innovation.exchange.routes import bp
from innovation.exchange.service.house import gathering, held_back
from innovation.kernel.errors import Invalid
from innovation.kernel.i18n import language
from innovation.kernel.web import Answer, actor, gettext, page, respond, see
from innovation.rules.policy import May


@bp.get("/administration/export")
@page(May.EXPORT_HOUSE)
def export_house() -> Answer:
    """What would be in the archive and what would not, and the button that asks for it."""
    return _house(HouseForm())


@bp.post("/administration/export-orders")
@page(May.EXPORT_HOUSE, once=True)
def order_house() -> Answer:
    form = HouseForm()
    if not form.validate_on_submit():
        return _house(form)
    try:
        made = gathering.ask_house(actor=actor(), why=form.why.data or "", language=language())
    except Invalid as error:
        form.refuse(error, HOUSE_MESSAGES)
        return _house(form)
    said = gettext("The export is on its way. You can leave this page; you get a message when it is done.")
    return see("exchange.order", public_id=made.public_id, message=said)


def _house(form: HouseForm) -> Answer:
    status = 422 if form.errors else 200
    earlier = queries.of_house()
    return respond("exchange/house.html", status=status, form=form, tables=held_back.TABLES, earlier=earlier)
