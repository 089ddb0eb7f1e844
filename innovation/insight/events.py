"""What happens to reports."""

from __future__ import annotations

from dataclasses import dataclass

from innovation.kernel.events import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFrozen(Fact):
    """A programme's figures of a quarter were frozen; ``digest`` is that of the figures."""

    report_id: int
    digest: str
