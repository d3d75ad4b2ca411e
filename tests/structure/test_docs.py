"""The generated reference pages are those that the declarations give today, and leave nothing out."""

from __future__ import annotations

import pytest

from docs.generate import FOLDER, pages
from model.flows import LEDGER
from model.metrics import METRICS, SPEC_NAMES
from model.parameters import REGISTRY
from model.state import VARIABLES

NAMED = {
    "parameters.md": list(REGISTRY),
    "parameters.schema.json": [],
    "metrics.md": list(METRICS),
    "flows.md": [*LEDGER.accounts, *LEDGER.flows],
    "state.md": list(VARIABLES),
    "facts.md": [],
    "governance.md": [],
    "blocks.md": list(LEDGER.flows),
}
EVERY_PAGE = pytest.mark.parametrize("name", NAMED)


def test_every_page_is_tested() -> None:
    assert set(pages()) == set(NAMED)


@EVERY_PAGE
def test_a_page_is_fresh(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == pages()[name], f"docs/{name} is stale: run `python -m docs.generate`"


@EVERY_PAGE
def test_a_page_names_everything(name: str) -> None:
    assert [item for item in NAMED[name] if f"`{item}`" not in pages()[name]] == []


@EVERY_PAGE
def test_tables_are_even(name: str) -> None:
    """Every row of a table has as many cells as its head."""
    widths: list[int] = []
    for line in pages()[name].splitlines():
        cells = line.replace("\\|", "").count("|")
        assert not (line.startswith("|") and widths and cells != widths[-1]), line
        widths = [cells] if line.startswith("|") else []


def test_the_specs_names_are_metrics() -> None:
    for field, metrics in SPEC_NAMES.items():
        assert set(metrics) <= set(METRICS), field
