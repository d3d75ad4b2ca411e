"""Everything that `quiver-sim check` looks at, in the order in which it is reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from experiments.errors import RequestError, unknown
from experiments.validation import (
    stylised_facts,
    theory_fees,
    theory_governance,
    theory_jobs,
    theory_oracle,
    theory_price,
    theory_quality,
    theory_shape,
    theory_staking,
    theory_supply,
)
from experiments.validation.conservation import HARSH, Audit, audit
from experiments.validation.rows import RowResult, TheoryRow
from model.economy import Economy

MODULES = (
    theory_supply,
    theory_price,
    theory_staking,
    theory_fees,
    theory_governance,
    theory_oracle,
    theory_quality,
    theory_jobs,
    theory_shape,
)
CONSERVATION, FACTS = "conservation", "facts"
SEEDS = (1, 2, 3)
"""Seeds over which the stylised facts are read."""


def _number(row: TheoryRow) -> tuple[int, str]:
    digits = "".join(letter for letter in row.id if letter.isdigit())
    return int(digits), row.id


ROWS: tuple[TheoryRow, ...] = tuple(sorted((row for module in MODULES for row in module.ROWS), key=_number))
"""Every row of theory, by number."""

NAMES = (*(row.id for row in ROWS), CONSERVATION, FACTS)
"""What `--only` can name."""


def selected_names(only: Iterable[str]) -> list[str]:
    """The names asked for, in any case of letters; all if none is. RequestError for one that there is not."""
    known = {name.lower(): name for name in NAMES}
    asked = list(dict.fromkeys(known.get(name.lower(), name) for name in only))
    for name in asked:
        if name not in NAMES:
            raise RequestError(f"--only: {name}: {unknown(name, 'row of the check', NAMES)}")
    return asked or list(NAMES)


def theory(names: Iterable[str]) -> Iterator[RowResult]:
    """The rows of these names, measured one after the other."""
    wanted = set(names)
    for row in ROWS:
        if row.id in wanted:
            yield measured(row)


def measured(row: TheoryRow) -> RowResult:
    """A row and its figures, or what stopped its case."""
    try:
        return RowResult(row, tuple(row.measure()))
    except Exception as error:
        return RowResult(row, (), f"{type(error).__name__}: {error}")


def audits() -> Iterator[Audit]:
    """The harsh scenarios, one after the other."""
    for scenario in HARSH:
        yield audit(scenario)


def bands(runs: int = stylised_facts.RUNS) -> list[tuple[stylised_facts.Fact, list[stylised_facts.FactReading]]]:
    """Each stylised fact with its finding under every seed."""
    found = [stylised_facts.findings(Economy(days=stylised_facts.DAYS), runs, seed) for seed in SEEDS]
    return [(fact, [findings[place] for findings in found]) for place, fact in enumerate(stylised_facts.FACTS)]


def within(findings: list[stylised_facts.FactReading]) -> bool:
    """Whether the median run lies in the band under every seed."""
    return bool(np.all([finding.met for finding in findings]))
