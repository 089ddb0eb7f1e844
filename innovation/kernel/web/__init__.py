"""The door's frame: who may open it, in which transaction, and what goes wrong how.

``@page`` says who may use a route and loads its subject; ``@public`` says that anybody may. A route with neither fails
the build. A GET reads; every other method opens the use case's transaction before it loads the subject, so that what
was checked is what is changed.
"""

from flask_babel import gettext

from innovation.kernel.web.answers import Answer, refusal, respond, see, status_of, told, way_back
from innovation.kernel.web.asking import account, actor, asked_here, enter, safe_next, searched, settings
from innovation.kernel.web.declared import Door, blueprint, file_taking, page, public
from innovation.kernel.web.frame import init, template_may
from innovation.kernel.web.once import Idempotency, forget_old_answers, once_key

__all__ = [
    "Answer",
    "Door",
    "Idempotency",
    "account",
    "actor",
    "asked_here",
    "blueprint",
    "enter",
    "file_taking",
    "forget_old_answers",
    "gettext",
    "init",
    "once_key",
    "page",
    "public",
    "refusal",
    "respond",
    "safe_next",
    "searched",
    "see",
    "settings",
    "status_of",
    "template_may",
    "told",
    "way_back",
]
