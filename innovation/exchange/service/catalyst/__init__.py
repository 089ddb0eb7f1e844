"""One fund of Project Catalyst, as published: challenges, ideas, reviews and the sheets of the vote.

The folder holds ``challenges.json``, ``ideas.jsonl``, ``votes.xlsx`` and any ``reviews*.csv``. Columns are
found by their headings, sheets by what stands on them: funds laid out a little differently read the same.

The *published outcome* (the columns STATUS, Meets approval threshold, FUND DEPLETION, Reason for not funded
status, and the sheets of left-overs) is never read: deciding is the promotion's work, by the fund's rule.
Funds 3 to 5 ask YES >= 1.15 x NO; funds 6 to 9 ask YES + NO >= 1 % of the registered voting power as well.
A second pass spends the pooled left-overs of the regular challenges; "challenge setting" is none of them.

The sheets carry no usable id and titles repeat within a challenge: see `matching`. The sheet wins over
``challenges.json`` and ``ideas.jsonl`` in amounts. An idea without a row keeps no tally and stays.
"""

from innovation.exchange.service.catalyst.fund import read

__all__ = ["read"]
