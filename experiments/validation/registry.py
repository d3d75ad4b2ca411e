"""Everything that `quiver-sim check` looks at, in the order in which it is reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from experiments.errors import RequestError, unknown
from experiments.validation import (
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
from experiments.validation.market_rows import MARKET, MarketResult, market_results
from experiments.validation.rows import RowResult, TheoryRow

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


def _number(row: TheoryRow) -> tuple[int, str]:
    digits = "".join(letter for letter in row.id if letter.isdigit())
    return int(digits), row.id


ROWS: tuple[TheoryRow, ...] = tuple(sorted((row for module in MODULES for row in module.ROWS), key=_number))
"""Every row of theory, by number."""

NAMES = (*(row.id for row in ROWS), *(row.id for row in MARKET), CONSERVATION, FACTS)
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


def market(names: Iterable[str]) -> list[MarketResult]:
    """The token market's rows of these names, measured on runs that they share."""
    wanted = set(names)
    rows = [row for row in MARKET if row.id in wanted]
    return market_results(rows) if rows else []


def audits() -> Iterator[Audit]:
    """The harsh scenarios, one after the other."""
    for scenario in HARSH:
        yield audit(scenario)
