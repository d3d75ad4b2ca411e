r"""The treasury: grants against milestones within a budget, its multisig, payments, its runway, steadying trades.

Theory: grants are at most a share of the treasury a year, so with grants as large as the budget the treasury falls by
$e^{-\beta t}$ in daily steps. A veto needs $k$ of $n$ signers, each reached with chance $a$ and willing with chance
$h$: it comes with probability $P(\mathrm{Bin}(n, a h) \ge k)$, 0.984 for 5 of 9 at 0.9 x 0.9. Whoever sells above an
average and buys below it has the USD of its sales less that of its purchases, whatever the price does. Source:
WHITEPAPER's multisig 5 of 9; the sizes are assumptions.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from experiments.engines.ensemble import execute
from experiments.engines.genesis import State, genesis
from model.codes import ProposalStatus
from model.economy import Economy, ScriptedProposal
from model.metrics import METRICS
from model.parameters import Parameters
from model.parameters.governance import Governance
from model.parameters.launch import Launch
from model.parameters.market import Market
from model.parameters.treasury import Treasury
from model.parameters.valuation import Valuation
from tests.economics.limits import QUIV, SEED, block, by_day, economy, flow, last, record, total

CANCELLED, EXECUTED = ProposalStatus.CANCELLED, ProposalStatus.EXECUTED

GRANTEE = 7


def granted(days: int, noise: bool = True, change: Any = None, **treasury: Any) -> list[int]:
    """Grants day by day, nano-QUIV."""
    case = economy("treasury", days=days, noise=noise, treasury=Treasury(**treasury))
    return [flow(reading, "treasury_grant") for reading in by_day(case, change)][1:]


def test_grants_are_paid_in_equal_daily_parts() -> None:
    paid = granted(30, noise=False, grants_quiv_per_year=3.65e6)
    assert paid == pytest.approx([10_000 * QUIV] * 30, abs=1)
    assert len(set(paid)) == 1


@pytest.mark.parametrize(("share", "day"), [(0.0, 0.0), (0.01, 200e6 * 0.01 / 365), (0.1, 10_000.0), (10.0, 10_000.0)])
def test_no_more_is_granted_than_the_budget(share: float, day: float) -> None:
    """Of 200 M: a hundredth a year is 5,479 a day, less than the 10,000 that governance wants to give."""
    first = granted(1, noise=False, grants_quiv_per_year=3.65e6, budget_share=share)[0]
    assert first == pytest.approx(day * QUIV, rel=1e-9)


def test_a_treasury_that_gives_all_its_budget_falls_exponentially() -> None:
    """By half of it a year in daily steps: (1 - 1/730)^365."""
    case = economy(
        "treasury",
        days=365,
        noise=False,
        treasury=Treasury(grants_quiv_per_year=200e6, budget_share=0.5, milestone_chance=1.0),
    )
    end = last(by_day(case))
    assert total(end, "treasury_nquiv") == pytest.approx(200e6 * QUIV * (1.0 - 0.5 / 365.0) ** 365, rel=1e-9)


@pytest.mark.parametrize(("chance", "quarters"), [(0.0, 0), (1.0, 8)])
def test_milestones_that_are_never_or_always_reached(chance: float, quarters: int) -> None:
    paid = np.asarray(granted(8 * 91, milestone_chance=chance))
    assert np.count_nonzero(paid) == quarters * 91


@pytest.mark.parametrize("chance", [0.3, 0.9])
def test_milestones_are_drawn_once_a_quarter(chance: float) -> None:
    """Within four standard errors over forty runs of ten quarters; the same on every day of a quarter."""
    case = economy("treasury", days=910, noise=True, treasury=Treasury(milestone_chance=chance))
    policy = block(case, "treasury").policy
    assert policy is not None
    state, params = genesis([case] * 40, SEED, list(range(40)))
    days: list[np.ndarray] = []
    for day in range(910):
        state["day"] = np.int64(day)
        found = policy(params, None, None, state)
        state["milestone_met"] = found["milestone_met"]
        days.append(found["treasury_grant"].sum(axis=-1) > 0)
    seen = np.stack(days)
    quarters = seen.reshape(10, 91, 40)
    assert np.all(quarters.min(axis=1) == quarters.max(axis=1))
    error = np.sqrt(chance * (1.0 - chance) / 400)
    assert abs(quarters[:, 0].mean() - chance) <= 4.0 * error


def test_the_runway_is_what_is_left_over_what_is_spent() -> None:
    """After a day of 10,000 out of 200 M, 19,999 days are left; a treasury that spends nothing lasts for ever."""
    spending = economy("treasury", days=1, noise=False, treasury=Treasury(grants_quiv_per_year=3.65e6))
    assert record(spending, "treasury_runway_days")["treasury_runway_days"][1] == pytest.approx(19_999.0, rel=1e-9)
    idle = economy("treasury", days=1, noise=False, treasury=Treasury(grants_quiv_per_year=0.0))
    assert record(idle, "treasury_runway_days")["treasury_runway_days"][1] == 36_500.0


def test_the_runway_counts_what_goes_to_insurance_and_operations() -> None:
    """The same 10,000 a day, of which nothing is a grant."""
    fund = Treasury(grants_quiv_per_year=3.65e6, allocation=(0.0, 0.5, 0.5))
    spending = economy("treasury", days=1, noise=False, treasury=fund)
    assert record(spending, "treasury_runway_days")["treasury_runway_days"][1] == pytest.approx(19_999.0, rel=1e-9)


def test_the_runway_counts_what_comes_in() -> None:
    """A deposit that is forfeited is worth ten days of grants."""
    proposal = ScriptedProposal(day=0, parameter="fees.burn_share", value=0.5, type="economic", support=0.0, proposer=2)
    rules = Governance(discussion_days=0, voting_days=1)
    case = economy(
        "treasury",
        "governance",
        days=2,
        governance=rules,
        proposals=(proposal,),
        treasury=Treasury(milestone_chance=1.0),
    )
    end = last(by_day(case))
    assert flow(end, "deposit_forfeit") == 100_000 * QUIV
    assert float(METRICS["treasury_runway_days"].read(end)[0]) == 36_500.0


VETOES = [(5, 9, 0.9, 0.9), (5, 9, 0.5, 0.5), (1, 3, 0.2, 1.0), (9, 9, 0.95, 1.0), (5, 9, 1.0, 1.0)]


@pytest.mark.parametrize(("least", "signers", "reached", "willing"), VETOES)
def test_a_hostile_payment_is_vetoed_as_often_as_enough_sign(
    least: int, signers: int, reached: float, willing: float
) -> None:
    """Four hundred runs, within four standard errors of the binomial tail."""
    ends = fates(400, signatures=least, signers=signers, signer_availability=reached, signer_honesty=willing)
    chance = float(binom.sf(least - 1, signers, reached * willing))
    error = np.sqrt(chance * (1.0 - chance) / 400)
    assert abs(float(np.mean(ends == CANCELLED)) - chance) <= 4.0 * error + 1e-12
    assert np.all((ends == CANCELLED) | (ends == EXECUTED))


def fates(runs: int, hostile: bool = True, **treasury: Any) -> np.ndarray:
    """How a payment that everybody is for ends, by run."""
    case = economy(
        "governance",
        days=3,
        noise=True,
        proposals=(payment(1e6, hostile=hostile),),
        governance=Governance(discussion_days=0, voting_days=1, timelock_days=1, turnout=1.0, deposit_quiv=0.0),
        treasury=Treasury(**treasury),
    )
    state = execute([case] * runs, SEED, list(range(runs)), ())["state"]
    return np.asarray(state["proposal_status"])[:, 0]


def payment(quiv: float, **more: Any) -> ScriptedProposal:
    given = {"day": 0, "parameter": "treasury.payment_quiv", "value": quiv, "type": "treasury", "support": 1.0}
    return ScriptedProposal(**(given | {"proposer": 2} | more))


@pytest.mark.parametrize(
    ("shares", "parts"), [((1.0, 0.0, 0.0), (1.0, 0.0, 0.0)), ((1.0, 0.5, 0.5), (0.5, 0.25, 0.25))]
)
def test_the_budget_is_divided_as_told(shares: tuple[float, float, float], parts: tuple[float, ...]) -> None:
    """2 M a year in daily parts to grantees, the insurance fund and operations."""
    case = economy("treasury", days=1, treasury=Treasury(allocation=shares, milestone_chance=1.0))
    end = last(by_day(case))
    paid = [flow(end, name) for name in ("treasury_grant", "treasury_to_insurance", "treasury_to_operations")]
    np.testing.assert_allclose(paid, np.asarray(parts) * 2e6 / 365.0 * QUIV, rtol=1e-9, atol=10.0)


def test_funds_that_are_all_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one must be above 0"):
        Treasury(allocation=(0.0, 0.0, 0.0))


def test_more_signatures_than_signers_switch_the_veto_off() -> None:
    assert np.all(fates(50, signatures=10, signer_availability=1.0, signer_honesty=1.0) == EXECUTED)


def test_what_is_not_hostile_is_not_vetoed() -> None:
    assert np.all(fates(50, hostile=False, signer_availability=1.0, signer_honesty=1.0) == EXECUTED)


def test_what_a_payment_pays() -> None:
    """A million to its proposer, once; the live parameter stays as it was."""
    case = economy("governance", days=32, proposals=(payment(1e6),))
    readings = list(by_day(case))
    assert sum(flow(reading, "treasury_payment") for reading in readings) == 10**6 * QUIV
    assert total(readings[0], "treasury_nquiv") - total(readings[-1], "treasury_nquiv") == 10**6 * QUIV
    wallet = [int(reading.state["holder_wallet_nquiv"][0, 2]) for reading in (readings[0], readings[-1])]
    assert wallet[1] - wallet[0] == 10**6 * QUIV
    assert float(readings[-1].state["treasury.payment_quiv"][0]) == 0.0
    assert float(METRICS["payments_made_quiv"].read(readings[-1])[0]) == 1e6


def test_payments_of_one_day_are_bounded_by_the_treasury() -> None:
    """150 and 200 M on one day out of 200 M: the first in full, the second what is left."""
    case = economy("governance", days=32, proposals=(payment(150e6), payment(200e6, proposer=3)))
    readings = list(by_day(case))
    paid = [
        int(readings[-1].state["holder_wallet_nquiv"][0, k] - readings[0].state["holder_wallet_nquiv"][0, k])
        for k in (2, 3)
    ]
    assert paid == [int(150e6) * QUIV, int(50e6) * QUIV]
    assert total(readings[-1], "treasury_nquiv") == 0


def test_other_proposals_pay_nothing() -> None:
    grants = ScriptedProposal(
        day=0, parameter="treasury.grants_quiv_per_year", value=2.4e6, type="treasury", support=1.0, proposer=2
    )
    readings = list(by_day(economy("governance", days=32, proposals=(grants,))))
    assert float(readings[-1].state["treasury.grants_quiv_per_year"][0]) == 2.4e6
    assert sum(flow(reading, "treasury_payment") for reading in readings) == 0


POOLED = Market(price_process="pool")
BAND = {"support_band": 0.1, "support_share": 0.01}


def order(price: float, reference: float, usd: float = 1e6, **treasury: Any) -> tuple[float, float]:
    """The treasury's order of a day in QUIV, and its new reference, of a treasury of 200 M and some USD."""
    case = economy("market", "price", "intervention", days=1, market=POOLED, treasury=Treasury(**treasury))
    policy = block(case, "intervention").policy
    assert policy is not None
    state, params = genesis([case], SEED, [0])
    state |= {"price_usd": np.asarray([price]), "treasury_reference_usd": np.asarray([reference])}
    state["treasury_usd"] = np.asarray([usd])
    found = policy(params, None, None, state)
    return float(found["treasury_order_nquiv"][0]) / QUIV, float(found["treasury_reference_usd"][0])


@pytest.mark.parametrize(
    ("price", "wanted"),
    [
        (0.12, -2e6),
        (0.1102, -2e6),
        (0.1098, 0.0),
        (0.1, 0.0),
        (0.0902, 0.0),
        (0.0898, 1e4 / 0.0898),
        (0.05, 1e4 / 0.05),
    ],
)
def test_it_sells_above_the_band_and_buys_below(price: float, wanted: float) -> None:
    """Around an average of 0.10 that hardly moves: a hundredth of 200 M, or of a million USD."""
    assert order(price, 0.1, support_days=3650.0, **BAND)[0] == pytest.approx(wanted, rel=1e-6)


def test_the_average_follows_the_price() -> None:
    assert order(0.2, 0.1, support_days=10.0, **BAND)[1] == pytest.approx(0.2 - 0.1 * np.exp(-0.1), rel=1e-12)


def test_without_usd_it_buys_nothing() -> None:
    assert order(0.05, 0.1, usd=0.0, support_days=3650.0, **BAND)[0] == 0.0


def test_without_a_band_it_never_trades() -> None:
    assert order(1.0, 0.1, support_share=0.1)[0] == 0.0
    assert order(0.01, 0.1, support_share=0.1)[0] == 0.0


def test_what_it_trades_it_pays_for() -> None:
    """The change of its USD is what it sold, less what it bought, at each day's price.

    A token is worth 0.12 USD at first and later what the news say: without a take it would only fall, by no use.
    """
    on = ("demand", "market", "settlement", "price", "intervention", "speculators", "emission", "vesting")
    case = economy(
        *on,
        days=400,
        noise=True,
        market=POOLED,
        launch=Launch(payments_day=10_000),
        valuation=Valuation(first_take_usd=0.12 * 1e9 / 365.0 / Valuation().multiple_years),
        treasury=Treasury(support_band=0.05, support_share=0.002, support_days=20.0),
    )
    sold = bought = 0
    for before, now in pairwise(by_day(case)):
        traded = flow(now, "treasury_sale") - flow(now, "treasury_purchase")
        usd = float(now.state["treasury_usd"][0] - before.state["treasury_usd"][0])
        assert usd == pytest.approx(traded / QUIV * float(now.state["batch_price_usd"][0]), rel=1e-9, abs=1e-6)
        assert float(now.state["treasury_usd"][0]) >= -1e-6
        sold, bought = sold + flow(now, "treasury_sale"), bought + flow(now, "treasury_purchase")
    assert sold > 0
    assert bought > 0


def test_switched_off_and_without_a_band_are_the_same_bit_for_bit() -> None:
    names = ("price_usd", "treasury_quiv", "supply_quiv", "staking_ratio")
    whole = Economy(days=60)
    off = Economy(days=60, mechanisms={"intervention": False})
    other = Economy(days=60, parameters=Parameters(treasury=Treasury(support_share=0.1, support_days=3.0)))
    one, two, three = (execute([case], SEED, [0], names)["record"] for case in (whole, off, other))
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(one, three)


def test_grants_go_to_ecosystem_holders_alone() -> None:
    def emptied(state: State, params: State) -> None:
        state["operations_nquiv"][...] = 0

    readings = list(by_day(economy("treasury", days=2, noise=False), emptied))
    moved = readings[-1].state["holder_wallet_nquiv"][0] - readings[0].state["holder_wallet_nquiv"][0]
    assert np.flatnonzero(moved).tolist() == [GRANTEE]
