"""The figures that a pack rests on, as CSV and back: every trajectory's outcome, and what attacks come to.

Floats are written so that they read back exactly, and a text that is not just as written here is refused: there is one
text for each table.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd

from experiments.errors import RequestError, UnfitError, show
from experiments.inputs.csv_table import check_width, parse_rows
from experiments.inputs.reader import Reader
from experiments.inputs.stopping import run_batches, stopping_decision
from experiments.proposals.attacks import COLUMNS, attacks_to_measure
from experiments.proposals.proposal_file import Proposal
from experiments.proposals.simulate import KEYS, all_kpis

OUTCOMES, ATTACKS = "outcomes.csv", "attacks.csv"
SETTINGS = ("today", "proposed")
TODAY = 0
"""The place of today's values among the settings."""


def csv_text(frame: pd.DataFrame) -> str:
    """A table as CSV: a header, no index, floats by their shortest exact text, nothing where there is no figure."""
    return str(frame.to_csv(index=False, lineterminator="\n"))


def read_outcomes(proposal: Proposal, text: str) -> pd.DataFrame:
    """The outcomes of a proposal's runs; `RequestError` where a run is missing, out of place, or none of its own."""
    names = [kpi.name for kpi in all_kpis(proposal)]
    keys = {"scenario": "str", "setting": "str", "run": "int64"}
    frame = _read(text, OUTCOMES, keys | dict.fromkeys(names, "float64"))
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
    frame = _read(text, ATTACKS, {"attack": "str", "setting": "str"} | figures)
    found = list(frame[["attack", "setting"]].itertuples(index=False, name=None))
    if found != [(name, setting) for name in attacks_to_measure(proposal, which) for setting in SETTINGS]:
        raise RequestError(f"{ATTACKS}: other attacks than those of --attacks {which}")
    return frame


def _read(text: str, where: str, columns: Mapping[str, str]) -> pd.DataFrame:
    """A table with just these columns, whose text is the one that `written` gives."""
    rows, file = parse_rows(text, where), Reader(where)
    if not rows or rows[0].cells != list(columns):
        raise RequestError(f"{where}: found other columns; allowed: {', '.join(columns)}")
    read = []
    for row in rows[1:]:
        with file.line(row.line).noting():
            check_width(row, rows[0])
            read.append([_figure(cell, kind) for cell, kind in zip(row.cells, columns.values(), strict=True)])
    file.problems.raise_any()
    frame = pd.DataFrame(read, columns=list(columns)).astype(dict(columns))
    if csv_text(frame) != text:
        raise RequestError(f"{where}: not as the program writes it (cut short, spaces, or other text for a number)")
    return frame


def _figure(cell: str, kind: str) -> Any:
    """A cell as a column of some type has it; nothing is no figure where figures may be missing."""
    try:
        return cell if kind == "str" else np.dtype(kind).type(cell or "nan")
    except (ValueError, OverflowError):
        raise UnfitError(show(cell), "a whole number" if kind == "int64" else "a number, or nothing") from None
