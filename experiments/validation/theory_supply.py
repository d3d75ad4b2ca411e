"""T1 to T4: tokens are conserved, and minted and unlocked by their tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.engines.ensemble import execute
from experiments.engines.genesis import State
from experiments.inputs.scenario import load_scenario
from experiments.inputs.shipped import preset_names
from experiments.validation.limits import MILLION, QUIV, SEED, YEAR, each_day, economy, record
from experiments.validation.rows import Figure, TheoryRow, exactly, near
from model.flows import LEDGER
from model.parameters.emission import Emission

POOL = 350_000_000 * QUIV
CUMULATIVE = {1: 70.0, 2: 122.5, 4: 192.5, 10: 318.5}
DOUBLED = {1: 140.0, 2: 245.0, 3: 315.0}
CIRCULATING = {0: 75.0, 1: 300.8333, 2: 434.1667, 3: 550.0, 4: 632.5, 5: 663.5}
M_QUIV = "M QUIV"
HUNDRED_QUIV = 1e-4
"""M QUIV: the last digit of the table."""


def emitted_nquiv(years: int, multiplier: float = 1.0, **emission: object) -> NDArray[Any]:
    """Cumulative emission by the end of each day, nano-QUIV, with the growth multiplier held where it is put."""

    def hold(state: State, params: State) -> None:
        state["growth_multiplier"][...] = multiplier

    case = economy("emission", days=years * YEAR, emission=Emission(**emission))  # type: ignore[arg-type]
    minted = [int(reading.state["minted_nquiv"][0]) for reading in each_day(case, hold)]
    return np.asarray(minted, dtype=np.int64) - minted[0]


def _conservation() -> list[Figure]:
    found = []
    for name in preset_names():
        state = execute([replace(load_scenario(name), days=30)] * 3, SEED, [0, 1, 2], ())["state"]
        apart = state["minted_nquiv"] - state["burned_nquiv"] - LEDGER.holdings(state)
        least = min(int(np.min(state[account])) for account in LEDGER.accounts)
        audited = int(state["audited_substeps"])
        found += [
            exactly(f"minted less burned less all accounts, {name}", 0.0, np.max(np.abs(apart)), "nano-QUIV"),
            exactly(f"negative accounts, {name}, {audited} substeps audited in each run", 0.0, least < 0),
        ]
    return found


def _emission() -> list[Figure]:
    path = emitted_nquiv(14)
    years = [
        exactly(f"emitted after {y} years", m, path[y * YEAR] / QUIV / MILLION, M_QUIV) for y, m in CUMULATIVE.items()
    ]
    return [
        *years,
        exactly("emitted in the end", 350.0, path[-1] / QUIV / MILLION, M_QUIV),
        exactly("the allocation is spent after", 13.0, np.argmax(path == POOL) / YEAR, "years"),
    ]


def _growth_cap() -> list[Figure]:
    path = emitted_nquiv(4, multiplier=2.0)
    years = [
        exactly(f"emitted after {y} years", m, path[y * YEAR] / QUIV / MILLION, M_QUIV) for y, m in DOUBLED.items()
    ]
    stop = near("the allocation is spent after", 3.5 * YEAR, np.argmax(path == POOL), 0.0, 1.0, "days")
    return [*years, exactly("emitted in the end", 350.0, path[-1] / QUIV / MILLION, M_QUIV), stop]


def _vesting() -> list[Figure]:
    taken = record(economy("vesting", "emission", days=5 * YEAR), "circulating_quiv")["circulating_quiv"] / MILLION
    return [
        near(f"circulating after {y} years", m, taken[y * YEAR], 0.0, HUNDRED_QUIV, M_QUIV)
        for y, m in CIRCULATING.items()
    ]


ROWS = (
    TheoryRow(
        "T1",
        "Conservation",
        "every preset as it ships, 30 days, three runs: what exists is what was minted less what was burned",
        "accounting identity",
        _conservation,
    ),
    TheoryRow(
        "T2",
        "Emission by the table",
        "emission alone, growth multiplier one, nothing burned",
        "the white paper's emission table; Nakamoto 2008 on halving",
        _emission,
    ),
    TheoryRow(
        "T3",
        "Emission at the growth cap",
        "emission alone, growth multiplier held at two",
        "the spec's emission rate control",
        _growth_cap,
    ),
    TheoryRow(
        "T4",
        "Vesting",
        "vesting and emission, nobody trades: what has unlocked and been emitted circulates",
        "the white paper's allocation table",
        _vesting,
    ),
)
