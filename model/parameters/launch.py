"""Launch: first day of each phase of the network; all at once by default."""

from __future__ import annotations

from typing import Any

from model.registry import Contract, parameter

SOURCE = "SPEC, Migration Plan; all at once by default (assumption)"
MOST_DAYS = 36_500


def _day(doc: str) -> Any:
    return parameter(0, unit="days", low=0, high=MOST_DAYS, source=SOURCE, doc=doc)


class Launch(Contract):
    staking_day: int = _day("First day of phase 2: stakes, their rewards, delegation, slashes.")
    payments_day: int = _day("First day of phase 3: orders, jobs, payments and their split.")
    quality_day: int = _day("First day of phase 4: canaries, challenges, insurance claims, reputation.")
    governance_day: int = _day("First day of phase 5: proposals and votes.")
    integration_day: int = _day("First day of phase 6: the feedbacks that connect the contracts.")
