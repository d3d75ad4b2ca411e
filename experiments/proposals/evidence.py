"""The figures that a pack rests on, as CSV and back: every trajectory's outcome, and what attacks come to.

Floats are written so that they read back exactly, and a text that is not just as written here is refused: there is one
text for each table.
"""

from __future__ import annotations

import io
from collections.abc import Mapping

import pandas as pd

from experiments.errors import RequestError, counted
from experiments.proposals.ask import Asked
from experiments.proposals.attacks import COLUMNS, chosen
from experiments.proposals.simulate import KEYS, all_kpis

OUTCOMES, ATTACKS = "outcomes.csv", "attacks.csv"
SETTINGS = ("today", "proposed")


def written(frame: pd.DataFrame) -> str:
    """A table as CSV: a header, no index, floats by their shortest exact text, nothing where there is no figure."""
    return frame.to_csv(index=False, lineterminator="\n")


def read_outcomes(asked: Asked, text: str) -> pd.DataFrame:
    """The outcomes of a proposal's runs; `RequestError` where a run is missing, out of place, or none of its own."""
    names = [kpi.name for kpi in all_kpis(asked)]
    keys = {"scenario": "str", "setting": "str", "run": "int64"}
    frame = _read(text, OUTCOMES, keys | dict.fromkeys(names, "float64"))
    found = list(frame[KEYS].itertuples(index=False, name=None))
    counts = {pair: sum((key[0], key[1]) == pair for key in found) for pair in dict.fromkeys(key[:2] for key in found)}
    wanted = [(stress.name, setting) for stress in asked.stress for setting in asked.settings]
    if list(counts) != wanted:
        raise RequestError(f"{OUTCOMES}: other scenarios or settings than the proposal's, or in another order")
    least = 1 if asked.stopping else asked.runs
    for (scenario, setting), count in counts.items():
        if not least <= count <= asked.runs:
            allowed = f"{least} to {asked.runs}" if asked.stopping else f"{asked.runs}"
            raise RequestError(f"{OUTCOMES}: {scenario}, {setting}: found {counted(count, 'run')}; allowed: {allowed}")
    if found != [(*pair, run) for pair in wanted for run in range(counts[pair])]:
        raise RequestError(f"{OUTCOMES}: runs that are missing, there twice, or out of order")
    return frame


def read_attacks(asked: Asked, text: str, which: str) -> pd.DataFrame:
    """What attacks come to, today and proposed; `RequestError` where they are not those of the choice `which`."""
    figures = dict.fromkeys(COLUMNS[2:], "float64")
    frame = _read(text, ATTACKS, {"attack": "str", "setting": "str"} | figures)
    found = list(frame[["attack", "setting"]].itertuples(index=False, name=None))
    if found != [(name, setting) for name in chosen(asked, which) for setting in SETTINGS]:
        raise RequestError(f"{ATTACKS}: other attacks than those of --attacks {which}")
    return frame


def _read(text: str, where: str, columns: Mapping[str, str]) -> pd.DataFrame:
    """A table with just these columns, whose text is the one that `written` gives."""
    missing = {name: [""] for name, kind in columns.items() if kind != "str"}
    try:
        frame = pd.read_csv(
            io.StringIO(text),
            dtype=dict(columns),
            keep_default_na=False,
            na_values=missing,
            float_precision="round_trip",
        )
    except (ValueError, TypeError, OverflowError) as error:
        raise RequestError(f"{where}: no such table ({' '.join(str(error).split())})") from None
    if list(frame.columns) != list(columns):
        raise RequestError(f"{where}: found other columns; allowed: {', '.join(columns)}")
    if written(frame) != text:
        raise RequestError(f"{where}: not as the program writes it (cut short, spaces, or other text for a number)")
    return frame
