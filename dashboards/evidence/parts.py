"""What the report is made of: parts of blocks, each a text, a list, facts, figures or a table; and how it names things.

Whatever a proposal's author wrote passes through `line`; the template and `labels.plain` escape it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from dashboards.figures.compared import Look
from dashboards.figures.template import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILION
from dashboards.labels import slug, upper_first
from dashboards.panels import Panel, View
from dashboards.site.grids import Cell, Column, Row
from dashboards.source import MissingMetricError
from dashboards.units import UNITLESS, counted
from experiments.plan import Kpi
from experiments.proposals.case import Case
from experiments.proposals.tables import PROPOSED, TODAY
from experiments.words import figure, visible

NARROW = 520
"""Pixels below which a figure scrolls sideways."""

OTHERS = (ORANGE, GREEN, PURPLE, VERMILION, SKY, BLACK)
SYMBOLS = ("square", "triangle-up", "cross", "x", "star", "hexagon", "pentagon")
BETTER, WORSE, OPEN = Look(BLUE, "circle"), Look(VERMILION, "diamond"), Look(GREY, "circle-open")


@dataclass(frozen=True)
class Sheet:
    """A table by its title, of which the page has no other; `note` is a sentence on it."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    note: str = ""

    @property
    def caption(self) -> str:
        """What stands above the table."""
        return f"{self.title}. {self.note}".rstrip()


@dataclass(frozen=True)
class Block:
    """A piece of a part; those that are there are shown in the order of the fields.

    `lists` are items of pieces, each a text and the address that it links to, or none; `diff` has a sign and a text a
    line.
    """

    head: str = ""
    answer: str = ""
    text: Sequence[str] = ()
    points: Sequence[tuple[str, str]] = ()
    lists: Sequence[Sequence[tuple[str, str]]] = ()
    facts: Sequence[tuple[str, str]] = ()
    diff: Sequence[tuple[str, str]] = ()
    panels: Sequence[Panel] = ()
    sheet: Sheet | None = None


@dataclass(frozen=True)
class Part:
    """A part of the report: its heading and its blocks."""

    title: str
    blocks: Sequence[Block]

    @property
    def id(self) -> str:
        """Its anchor."""
        return slug(self.title)


def line(found: object) -> str:
    """Text on one line, without characters that steer its direction."""
    return visible(" ".join(str(found).split()))


def sheet(title: str, columns: Sequence[Column], rows: Iterator[Sequence[str | Cell]], note: str = "") -> Sheet:
    """A table of texts and cells, whose leading columns of words name a row."""
    heads = next((place for place, column in enumerate(columns) if not column.words), 1) or 1
    found = [Row([cell if isinstance(cell, Cell) else Cell(cell) for cell in row], heads) for row in rows]
    return Sheet(title, columns, found, note)


def panel(name: str, title: str, note: str, draw: Callable[[], View], wide: bool = True) -> Panel:
    """A figure, or why there is none; `name` is its identifier on the page and in `figures.json`."""
    try:
        view = draw()
    except MissingMetricError as reason:
        return Panel(name, title, missing=f"Not drawn: {reason}. {note}".strip())
    return Panel(name, title, note, {-1: view}, min_width=NARROW if wide else 0)


def under(case: Case, what: str, runs: int) -> str:
    """What stands below a figure's title: what it has, from how many runs, with the seed and the horizon."""
    asked = case.asked
    return f"{what}; {counted(runs, 'run')}; seed {asked.seed}; {counted(asked.base.days, 'day')}"


def called(case: Case) -> dict[str, str]:
    """What the proposal's KPIs are called, no two alike."""
    labels = {kpi.name: line(kpi.label or kpi.name) for kpi in case.asked.kpis}
    twice = [label for label in labels.values() if list(labels.values()).count(label) > 1]
    return {name: f"{label} ({line(name)})" if label in twice else label for name, label in labels.items()}


def names(case: Case, prefix: str, found: Sequence[str]) -> dict[str, str]:
    """An identifier for each of some things, no two alike."""
    return {name: f"{prefix}-{place}-{slug(name)[:40]}" for place, name in enumerate(found, start=1)}


def settings(case: Case) -> dict[str, str]:
    """The settings as figures and tables have them: with what an alternative changes."""
    found = {}
    for name, point in case.asked.settings.items():
        own = case.asked.alternatives[int(name.split()[1]) - 1] if name not in (TODAY, PROPOSED) else {}
        values = ", ".join(f"{key.split('.')[-1].replace('_', ' ')} {point[key]:g}" for key in own)
        found[name] = upper_first(name) + (f": {values}" if values else "")
    return found


def looks(case: Case) -> dict[str, Look]:
    """A colour and a symbol for each setting, by its name in figures."""
    shown = list(settings(case).values())
    found = dict(zip(shown[:2], (Look(GREY, "circle-open"), Look(BLUE, "diamond")), strict=True))
    for place, name in enumerate(shown[2:]):
        found[name] = Look(OTHERS[place % len(OTHERS)], SYMBOLS[place % len(SYMBOLS)])
    return found


def amount(value: float, unit: str) -> str:
    """A figure with its unit, if it has one."""
    return figure(value) if unit in UNITLESS else f"{figure(value)} {unit}"


def percent(share: float) -> str:
    """A share in percent."""
    return f"{100.0 * share:.3g} %"


def span(low: float, high: float) -> str:
    """An interval, or a dash where there is none."""
    return f"{figure(low)} to {figure(high)}" if math.isfinite(low) and math.isfinite(high) else figure(math.nan)


def better(kpi: Kpi) -> str:
    """Which way a KPI is better."""
    return {"up": "Higher is better.", "down": "Lower is better."}.get(kpi.direction, "")


def finite(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that have a difference."""
    return rows[rows["difference"].notna()]


def drawn(part: Part) -> dict[str, go.Figure]:
    """The figures of a part by identifier."""
    return {found.id: found.first.figure for block in part.blocks for found in block.panels if found.views}
