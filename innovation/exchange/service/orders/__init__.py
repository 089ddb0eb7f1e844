"""Long work that people ask for: it shows how far it is, can be left and cancelled, and goes on where it was broken off."""

from innovation.exchange.service.orders.asking import again, ask_export, ask_import, ask_own_data, cancel
from innovation.exchange.service.orders.ending import begin_anew, empty_store, fail, finish
from innovation.exchange.service.orders.exporting import gather, gathered
from innovation.exchange.service.orders.importing import checked, take_in

__all__ = [
    "again",
    "ask_export",
    "ask_import",
    "ask_own_data",
    "begin_anew",
    "cancel",
    "checked",
    "empty_store",
    "fail",
    "finish",
    "gather",
    "gathered",
    "take_in",
]
