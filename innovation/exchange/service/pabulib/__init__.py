"""Participatory-budgeting elections in the format of pabulib.org (``.pb``), one election a file.

Three sections, ``META``, ``PROJECTS`` and ``VOTES``, each a heading and rows separated by semicolons; columns are
found by their names. Approval and choose-1 ballots are approvals, cumulative and scoring ones points, and an ordinal
one gives ``max_length`` minus the position counted from 0. Budget and costs are exact, in the file's currency.

The *published outcome* (the columns ``votes``, ``score`` and ``selected``) is never read: counting and deciding are
the product's work, by the rule the operator names, since ``rule`` is written differently from city to city.

Dates are days: a vote opens at the first one's start and closes at the last one's end, in UTC, and every ballot
counts as cast then. A voter's ``neighborhood`` or ``district`` becomes the group ``n:`` and its name; of a name longer
than 18 characters, the beginning and six digits of its SHA-256.
"""

from innovation.exchange.service.pabulib.election import read
from innovation.exchange.service.pabulib.rule import RULES, rule_named

__all__ = ["RULES", "read", "rule_named"]
