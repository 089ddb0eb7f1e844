"""Everything the database holds, table by table: whose it is, why it is kept, for how long, and what erasing does to it.

A person's own file, erasing him, and the pages for lawyers and works councils are made from this one description. A table
that is missing here, or a column that leads to a person and is not named, fails the tests.
"""

from innovation.exchange.service.personal.registry.accounts import ACCOUNT, INVITING, REACHING
from innovation.exchange.service.personal.registry.asking import INQUIRIES, OF_IDEAS
from innovation.exchange.service.personal.registry.contributions import CHALLENGES, FILES, IDEAS, TALK
from innovation.exchange.service.personal.registry.judging import AWARDS, JUDGING, VOTING
from innovation.exchange.service.personal.registry.proving import FIGURES, HOUSE, PROJECTS
from innovation.exchange.service.personal.registry.steering import STEERING

HOLDINGS = (
    *ACCOUNT,
    *REACHING,
    *INVITING,
    *CHALLENGES,
    *INQUIRIES,
    *STEERING,
    *IDEAS,
    *OF_IDEAS,
    *TALK,
    *FILES,
    *VOTING,
    *JUDGING,
    *PROJECTS,
    *AWARDS,
    *FIGURES,
    *HOUSE,
)

__all__ = ["HOLDINGS"]
