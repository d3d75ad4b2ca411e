"""The figures that a pack rests on, as CSV and back: every trajectory's outcome, and what attacks come to.

Floats are written so that they read back exactly, and a text that is not just as written here is refused: there is one
text for each table.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from itertools import zip_longest

import numpy as np
import pandas as pd

from experiments.errors import RequestError, UnfitError, show
from experiments.inputs.csv_table import check_width, parse_rows
from experiments.inputs.reader import Reader
from experiments.inputs.stopping import run_batches, stopping_decision
from experiments.proposals.attacks import COLUMNS, attacks_to_measure
from experiments.proposals.proposal_file import Proposal
from experiments.proposals.simulate import KEYS, all_kpis
from experiments.validation.attack_value import FRONTIERS

OUTCOMES, ATTACKS = "outcomes.csv", "attacks.csv"
SETTINGS = ("today", "proposed")
TODAY = 0
"""The place of today's values among the settings."""

MOST_EXPLAINED = 5_000_000
"""Characters of a table whose lines are looked at one by one to say what is wrong."""


def csv_text(frame: pd.DataFrame) -> str:
    """A table as CSV: a header, no index, floats by their shortest exact text, nothing where there is no figure."""
    return str(frame.to_csv(index=False, lineterminator="\n"))


def read_outcomes(proposal: Proposal, text: str) -> pd.DataFrame:
    """The outcomes of a proposal's runs; `RequestError` where a run is missing, out of place, or none of its own."""
    names = [kpi.name for kpi in all_kpis(proposal)]
    keys = {"scenario": "str", "setting": "str", "run": "int64"}
    most = len(proposal.stress) * len(proposal.settings) * proposal.runs
    frame = _read(text, OUTCOMES, keys | dict.fromkeys(names, "float64"), most)
    if frame.duplicated(KEYS).any():
        raise RequestError(f"{OUTCOMES}: a run is there twice")
    counts = {stress.name: _enough(proposal, frame[frame["scenario"] == stress.name]) for stress in proposal.stress}
    wanted = [(name, setting, run) for name, n in counts.items() for setting in proposal.settings for run in range(n)]
    found = list(frame[KEYS].itertuples(index=False, name=None))
    for line, (has, needs) in enumerate(zip_longest(found, wanted), start=2):
        if has != needs:
            has_text, needs_text = (" ".join(map(str, key)) if key else "no run" for key in (has, needs))
            raise RequestError(f"{OUTCOMES}, line {line}: found {has_text}; allowed: {needs_text}")
    return frame


def _enough(proposal: Proposal, part: pd.DataFrame) -> int:
    """The runs after which the file's stopping rules, or its number of runs, end a scenario."""
    places = {name: place for place, name in enumerate(proposal.settings)}
    numbered = part.assign(design=part["setting"].map(places))
    done = 0
    for block in run_batches(proposal.stopping, proposal.runs):
        done = block.stop
        if stopping_decision(numbered[numbered["run"] < done], proposal.stopping, done, TODAY).stop:
            break
    return done


def read_attack_outcomes(proposal: Proposal, text: str, which: str) -> pd.DataFrame:
    """What attacks come to, today and proposed; `RequestError` where they are not those of the choice `which`."""
    figures = dict.fromkeys(COLUMNS[2:], "float64")
    frame = _read(text, ATTACKS, {"attack": "str", "setting": "str"} | figures, len(FRONTIERS) * len(SETTINGS))
    found = list(frame[["attack", "setting"]].itertuples(index=False, name=None))
    if found != [(name, setting) for name in attacks_to_measure(proposal, which) for setting in SETTINGS]:
        raise RequestError(f"{ATTACKS}: other attacks than those of --attacks {which}")
    return frame


def _read(text: str, where: str, columns: Mapping[str, str], most: int) -> pd.DataFrame:
    """A table with just these columns and at most so many rows, whose text is the one that `csv_text` gives."""
    if text.partition("\n")[0] != ",".join(columns):
        raise RequestError(f"{where}: found other columns; allowed: {', '.join(columns)}")
    figures = {name: [""] for name, kind in columns.items() if kind != "str"}
    try:
        frame = pd.read_csv(
            io.BytesIO(text.encode("utf-8")),
            dtype=dict(columns),
            float_precision="round_trip",
            keep_default_na=False,
            na_values=figures,
            nrows=most + 1,
        ).astype(dict(columns))
    except (ValueError, OverflowError):
        frame = pd.DataFrame()
    if len(frame) > most:
        raise RequestError(f"{where}: {UnfitError('more rows', f'at most {most:,}')}")
    if csv_text(frame) == text:
        return frame
    _explain(text, where, columns)
    raise RequestError(f"{where}: not as the program writes it (cut short, spaces, or other text for a number)")


def _explain(text: str, where: str, columns: Mapping[str, str]) -> None:
    """Raise a `RequestError` for the lines that cannot be read, if it is one of them that is wrong."""
    if len(text) > MOST_EXPLAINED:
        return
    rows, file = parse_rows(text, where), Reader(where)
    for row in rows[1:]:
        with file.line(row.line).noting():
            check_width(row, rows[0])
            for cell, kind in zip(row.cells, columns.values(), strict=True):
                _check_figure(cell, kind)
    file.problems.raise_any()


def _check_figure(cell: str, kind: str) -> None:
    """Refuse a cell that a column of some type cannot have; nothing is no figure where figures may be missing."""
    try:
        if kind != "str":
            np.dtype(kind).type(cell or "nan")
    except (ValueError, OverflowError):
        raise UnfitError(show(cell), "a whole number" if kind == "int64" else "a number, or nothing") from None
