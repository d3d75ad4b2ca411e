"""Vesting: seven allocations that sum to the cap unlock by their terms, and nothing else makes tokens circulate.

Theory: without trading, circulating supply is what has vested plus what has been emitted. By the white paper's own
table that is 75 M QUIV at genesis (not the 150 M that it states, which are ROOT's terms) and 300.83, 434.17, 550,
632.5 and 663.5 M after one to five years where the time before a cliff counts, 250.0, 402.5, 537.5 and 632.5 M after
one to four where it does not. Source: the white paper's allocation and emission tables.
"""

from __future__ import annotations

import numpy as np
import pytest

from experiments.engines.genesis import genesis
from model.parameters.demand import Demand
from model.parameters.fees import Fees
from model.parameters.staking import Staking
from model.parameters.supply import ALLOCATIONS, Supply
from tests.economics.limits import AT_ONCE, MILLION, QUIV, SEED, YEAR, by_day, economy, flow, record, total

AFTER_CLIFF = Supply(cliff_reading="linear_after_cliff")
ROOT = Supply(tge_share=AT_ONCE, cliff_days=(0, 0, 365, 0, 0, 0, 0), vesting_days=(0, 0, 1460, 365, 0, 1825, 0))
VESTED = {0: 75.0, 1: 230.8333, 2: 311.6667, 3: 392.5, 4: 440.0, 5: 450.0}
CIRCULATING = {0: 75.0, 1: 300.8333, 2: 434.1667, 3: 550.0, 4: 632.5, 5: 663.5}
AFTER = {0: 75.0, 1: 250.0, 2: 402.5, 3: 537.5, 4: 632.5, 5: 663.5}
SIX_MONTHS = 0.05
"""M QUIV: the paper's six months are half a year, the simulator's are 182 days."""


def circulating(supply: Supply, years: int = 5) -> np.ndarray:
    """M QUIV by the end of each day: what has vested, and what has been emitted, paid out or owed."""
    case = economy("vesting", "emission", days=years * YEAR, supply=supply)
    return record(case, "circulating_quiv")["circulating_quiv"] / MILLION


def test_without_emission_only_vesting_circulates() -> None:
    vested = record(economy("vesting", days=5 * YEAR), "circulating_quiv")["circulating_quiv"] / MILLION
    for years, millions in VESTED.items():
        assert vested[years * YEAR] == pytest.approx(millions, abs=1e-3)
    assert vested[0] == 75.0
    assert vested[-1] == 450.0


def test_accrual_at_the_cliff() -> None:
    millions = circulating(Supply())
    for years, expected in CIRCULATING.items():
        assert millions[years * YEAR] == pytest.approx(expected, abs=1e-3)
    assert np.mean(millions[182:184]) == pytest.approx(169.1667, abs=1e-3)


def test_vesting_that_starts_at_the_cliff() -> None:
    millions = circulating(AFTER_CLIFF)
    for years, expected in AFTER.items():
        assert millions[years * YEAR] == pytest.approx(expected, abs=SIX_MONTHS)
    assert np.mean(millions[182:184]) == pytest.approx(152.5, abs=1.1 * SIX_MONTHS)
    assert millions[4 * YEAR] == pytest.approx(632.5, abs=1e-3)


def test_emission_that_is_paid_out_circulates() -> None:
    """The same figures where every day's emission reaches wallets and stake, and nothing is owed."""
    free = Fees(network_share=0.0, treasury_share=0.0)
    case = economy(
        "vesting",
        "emission",
        "rewards",
        "demand",
        "market",
        "settlement",
        days=5 * YEAR,
        fees=free,
        demand=Demand(budget_usd_per_day=1.0),
        staking=Staking(direct_share=1.0, delegator_share=0.0),
    )
    taken = record(case, "circulating_quiv", "stack_protocol_quiv")
    for years, expected in CIRCULATING.items():
        assert taken["circulating_quiv"][years * YEAR] / MILLION == pytest.approx(expected, abs=1e-3)
    assert np.max(taken["stack_protocol_quiv"]) < 1.0


def test_root_terms_give_the_stated_150_million() -> None:
    case = economy("vesting", days=YEAR, supply=ROOT)
    assert record(case, "circulating_quiv")["circulating_quiv"][0] == 150e6
    investors = ALLOCATIONS.index("investors")
    *days, end = (int(reading.state["vesting_nquiv"][0, investors]) for reading in by_day(case))
    assert days[0] == 100_000_000 * QUIV
    assert days[-1] > 0 == end


def test_a_treasury_that_circulates_adds_200_million() -> None:
    case = economy("vesting", days=1, supply=Supply(treasury_circulates=True))
    assert record(case, "circulating_quiv")["circulating_quiv"][0] == 275e6


def test_the_seven_allocations_sum_to_the_cap() -> None:
    for supply in (Supply(), ROOT, Supply(allocation_share=(0.40, 0.20, 0.20, 0.10, 0.10, 0.0, 0.0))):
        _, params = genesis([economy(days=1, supply=supply)], SEED, [0])
        assert int(params["genesis.pool_nquiv"]) + int(params["genesis.allocation_nquiv"].sum()) == 10**18


@pytest.mark.parametrize("supply", [Supply(), AFTER_CLIFF, ROOT], ids=["accrue", "after", "root"])
def test_nothing_unlocks_twice(supply: Supply) -> None:
    readings = list(by_day(economy("vesting", days=6 * YEAR, supply=supply)))
    locked = np.stack([reading.state["vesting_nquiv"][0] for reading in readings])
    released = np.asarray([flow(reading, "vesting_release") for reading in readings])
    assert np.all(np.diff(locked, axis=0) <= 0)
    assert np.all(locked[5 * YEAR :] == 0)
    np.testing.assert_array_equal(-np.diff(locked.sum(axis=1)), released[1:])
    assert total(readings[0], "vesting_nquiv") == released.sum()
    assert {int(reading.state["minted_nquiv"][0]) for reading in readings} == {650_000_000 * QUIV}


def test_a_vesting_period_of_zero_days_unlocks_at_genesis() -> None:
    """Liquidity without a part at genesis and without a period: all of it, as with all of it at genesis."""
    at_once = Supply(tge_share=(0.0, 1.0, 0.0, 0.0, 0.25, 0.0, 0.0))
    taken = record(economy("vesting", days=YEAR, supply=at_once), "circulating_quiv", "vesting_quiv")
    assert taken["circulating_quiv"][0] == 75e6


def test_the_team_gets_a_quarter_on_the_day_of_its_cliff() -> None:
    team = ALLOCATIONS.index("team")
    locked = [int(reading.state["vesting_nquiv"][0, team]) for reading in by_day(economy("vesting", days=YEAR))]
    assert set(locked[:YEAR]) == {150_000_000 * QUIV}
    assert locked[YEAR] == 112_500_000 * QUIV


def test_holders_of_an_allocation_are_credited_all_but_dust() -> None:
    team = 5
    *_, end = by_day(economy("vesting", days=4 * YEAR))
    assert int(end.state["holder_wallet_nquiv"][0, team]) == pytest.approx(150_000_000 * QUIV, rel=1e-13)
