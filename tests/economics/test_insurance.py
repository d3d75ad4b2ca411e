r"""Insurance: what the fund pays, and how likely it is ever to fail.

Theory (Cramer and Lundberg): with Poisson claims, $\lambda$ a day, of exponential size with mean $\mu$, a premium of
$(1 + \theta) \lambda \mu$ a day and a reserve $u$, the fund is ever ruined with probability

$$ \psi(u) = \frac{1}{1 + \theta} e^{-\theta u / ((1 + \theta) \mu)} $$

which is .1574 at $\theta = .2$, $u = 10 \mu$ and .1259 at $\theta = .5$, $u = 5 \mu$. A fund that gets the day's
premium $c$ in the morning and counts in the evening is ruined on no path that does not ruin one without days, and on
every path that ruins one without days whose reserve is $c$ larger: $\psi(u + c) \le \psi_\text{days}(u) \le \psi(u)$.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.engines.genesis import State, genesis
from experiments.validation.theory_quality import PEOPLE, SIZE, ruin
from model.codes import CaseCause, CaseStatus
from model.metrics import METRICS
from model.parameters.challenges import Challenges
from model.parameters.conduct import Conduct
from model.parameters.insurance import Insurance
from model.parameters.validation import Validation
from tests.economics.limits import QUIV, SEED, block, by_day, economy, flow, steady_demand, total

RULED = CaseStatus.RULED
CANARY = CaseCause.CANARY

YEAR = 365.0


def ruined(reserve: float, loading: float, a_day: float, days: int, runs: int) -> float:
    """The part of funds, each with its own claims, that once could not pay."""
    case = economy(
        "insurance",
        days=1,
        noise=True,
        population=PEOPLE,
        insurance=Insurance(accidents_per_year=a_day * YEAR, accident_quiv=SIZE),
    )
    state, params = genesis([case] * runs, SEED, range(runs))
    wired = block(case, "insurance")
    assert wired.policy is not None
    state["insurance_nquiv"][...] = round(reserve * SIZE * QUIV)
    premium = round((1.0 + loading) * a_day * SIZE * QUIV)
    for day in range(days):
        state["day"] = np.int64(day)
        state["insurance_nquiv"] = state["insurance_nquiv"] + premium
        signals = wired.policy(params, None, None, state)
        changed = ("insurance_nquiv", "claims_unpaid_nquiv")
        state |= dict(wired.variables[name](params, None, None, state, signals) for name in changed)
    assert state["insurance_nquiv"].min() >= 0
    return float((state["claims_unpaid_nquiv"] > 0).mean())


@pytest.mark.parametrize(("reserve", "loading", "known", "days"), [(10.0, 0.2, 0.1574, 2000), (5.0, 0.5, 0.1259, 400)])
def test_a_fund_is_ruined_as_often_as_cramer_and_lundberg_say(
    reserve: float, loading: float, known: float, days: int
) -> None:
    """A claim in five days, 2500 runs: between psi(u + c) and psi(u), within four standard errors.

    What comes after these days is .00026 and .00014, by the formula for the time of ruin (Asmussen and Albrecher 2010).
    """
    a_day, runs = 0.2, 2500
    assert ruin(reserve, loading) == pytest.approx(known, abs=5e-5)
    found = ruined(reserve, loading, a_day, days, runs)
    at_once, counted = ruin(reserve, loading), ruin(reserve + (1.0 + loading) * a_day, loading)
    error = 4.0 * np.sqrt(at_once * (1.0 - at_once) / runs)
    assert counted - 0.0003 - error < found < at_once + error


def test_without_a_loading_ruin_is_certain_and_with_a_large_one_it_is_rare() -> None:
    """Half of what is claimed never lasts; at three times what is claimed psi(10) = .0004."""
    assert ruined(10.0, -0.5, 0.2, 600, 200) == 1.0
    assert ruined(10.0, 2.0, 0.2, 600, 200) < 0.02


def pay(fund: float, runs: int = 1, days: int = 1, **given: Any) -> tuple[State, State, State]:
    """The last of some days' claims: state before it, what the policy says, and the state after it."""
    noise = runs > 1
    case = economy("insurance", days=1, noise=noise, population=PEOPLE, insurance=Insurance(**given))
    state, params = genesis([case] * runs, SEED, range(runs))
    state["insurance_nquiv"][...] = round(fund * QUIV)
    wired = block(case, "insurance")
    assert wired.policy is not None
    before, signals = state, {}
    for day in range(days):
        before = dict(state, day=np.int64(day))
        signals = wired.policy(params, None, None, before)
        state = before | dict(update(params, None, None, before, signals) for update in wired.variables.values())
    return before, signals, state


def test_accidents_are_poisson_and_their_sizes_exponential() -> None:
    """Compound: mean lambda mu, variance 2 lambda mu^2, none with e^-lambda, over 20,000 days."""
    a_day, runs = 0.4, 20_000
    _, signals, _ = pay(1e8, runs, accidents_per_year=a_day * YEAR, accident_quiv=SIZE)
    due = signals["claims_due_nquiv"] / QUIV / SIZE
    assert abs(due.mean() - a_day) < 4.0 * np.sqrt(2.0 * a_day / runs)
    fourth = 24.0 * a_day + 3.0 * (2.0 * a_day) ** 2
    assert abs(due.var() - 2.0 * a_day) < 4.0 * np.sqrt((fourth - (2.0 * a_day) ** 2) / runs)
    none = np.exp(-a_day)
    assert abs((due == 0.0).mean() - none) < 4.0 * np.sqrt(none * (1.0 - none) / runs)


@pytest.mark.parametrize(
    ("fund", "days", "paid", "unpaid"), [(1e4, 3, 200.0, 0.0), (500.0, 3, 100.0, 100.0), (0.0, 2, 0.0, 400.0)]
)
def test_claims_are_paid_as_far_as_the_fund_reaches(fund: float, days: int, paid: float, unpaid: float) -> None:
    """200 QUIV a day without noise: half a claim of 400; a day's rounding leaves four units at most in the fund."""
    before, signals, after = pay(fund, days=days, accidents_per_year=0.5 * YEAR, accident_quiv=400.0)
    assert signals["claims_due_nquiv"].tolist() == [200 * QUIV]
    assert signals["insurance_claim"].sum() == pytest.approx(paid * QUIV, abs=4)
    assert after["claims_unpaid_nquiv"][0] == pytest.approx(unpaid * QUIV, abs=4 * days)
    assert before["insurance_nquiv"][0] - after["insurance_nquiv"][0] == signals["insurance_claim"].sum()
    assert after["insurance_nquiv"][0] == pytest.approx(max(fund - 200.0 * days, 0.0) * QUIV, abs=4 * days)


def test_the_metric_of_ruin_is_whether_a_claim_was_ever_unpaid() -> None:
    insured = Insurance(accidents_per_year=0.5 * YEAR, accident_quiv=400.0, initial_quiv=500.0)
    readings = list(by_day(economy("insurance", days=4, population=PEOPLE, insurance=insured)))
    assert [METRICS["insurance_ruined"].read(reading)[0] for reading in readings] == [0.0, 0.0, 0.0, 1.0, 1.0]
    assert [METRICS["claims_unpaid_quiv"].read(reading)[0] for reading in readings] == pytest.approx(
        [0.0, 0.0, 0.0, 100.0, 300.0], abs=4 * 4e-9
    )


def test_claims_are_shared_by_what_consumers_paid_and_equally_where_nobody_did() -> None:
    case = economy("insurance", days=1, population=PEOPLE, insurance=Insurance(accidents_per_year=YEAR))
    state, params = genesis([case], SEED, [0])
    state["insurance_nquiv"][...] = 10_000 * QUIV
    policy = block(case, "insurance").policy
    assert policy is not None
    equally = policy(params, None, None, state)["insurance_claim"]
    np.testing.assert_allclose(equally, [[250 * QUIV] * 4], rtol=0.0, atol=1.0)
    state["released_nquiv"][...] = [[10, 20, 0, 0]]
    state["claimed_nquiv"][...] = [[0, 0, 30, 40]]
    shared = policy(params, None, None, state)["insurance_claim"]
    np.testing.assert_allclose(shared, np.array([[100, 200, 300, 400]]) * QUIV, rtol=0.0, atol=1.0)


@pytest.mark.parametrize("claimed", [0.0, 0.5, 1.0])
def test_a_conviction_brings_the_claimed_part_of_what_consumers_lost(claimed: float) -> None:
    """Two cases end on day 1, 300 and 80 QUIV lost; one of them is an acquittal's, whose loss nobody claims."""

    def verdicts(state: State, params: State) -> None:
        state["case_status"][...] = [[RULED, RULED, 0]]
        state["case_guilty"][...] = [[1, 0, 0]]
        state["case_day"][...] = -1
        state["case_cause"][...] = CANARY
        state["case_share"][...], state["case_loss_quiv"][...] = 0.1, [[300.0, 80.0, 40.0]]

    case = economy(
        "settlement", "challenges", "slashing", "insurance",
        days=3,
        population=PEOPLE,
        challenges=Challenges(appeal_days=0, frivolous_per_day=0.0),
        insurance=Insurance(claimed_share=claimed, initial_quiv=1_000.0),
    )  # fmt: skip
    seen = list(by_day(case, verdicts))
    due = [int(reading.state["claims_due_nquiv"][0]) for reading in seen]
    assert due == [0, round(300 * claimed) * QUIV, 0, 0]
    assert flow(seen[1], "insurance_claim") == pytest.approx(due[1], abs=4)
    assert total(seen[-1], "insurance_nquiv") == 1_000 * QUIV - flow(seen[1], "insurance_claim")


@pytest.mark.parametrize(("kind", "place"), [("garbage", 1.0), ("degraded", 0.4)])
def test_the_loss_of_a_case_is_the_harm_of_the_days_work(kind: str, place: float) -> None:
    """One of three does bad work of which consumers lose all, or 40 %: a third of 100 QUIV of payments."""

    def bad(state: State, params: State) -> None:
        state[f"provider_{kind}"][..., 0] = 1.0

    case = economy(
        "demand", "market", "settlement", "challenges", "slashing", "insurance",
        days=6,
        demand=steady_demand(10.0),
        conduct=Conduct(harm=(0.4, 1.0)),
        validation=Validation(error=0.0, absence=0.0),
        challenges=Challenges(notice_share=0.999, appeal_days=0, frivolous_per_day=0.0),
        insurance=Insurance(claimed_share=1.0, initial_quiv=1_000.0),
    )  # fmt: skip
    seen = list(by_day(case, bad))
    at = next(day for day, reading in enumerate(seen) if reading.state["case_status"][0, 0])
    work = seen[at].state["work_weight"][0]
    loss = float(seen[at].state["case_loss_quiv"][0, 0])
    assert loss == pytest.approx(place * 100.0 * work[0] / work.sum(), rel=1e-6)
    assert work.sum() == pytest.approx(100.0, rel=1e-6)
    assert seen[at].state["case_loss_quiv"][0, 1:].tolist() == [0.0, 0.0]
    verdict = next(reading for reading in seen if reading.state["verdict_share"][0, 0] > 0.0)
    assert verdict.state["claims_due_nquiv"][0] == int(loss * QUIV)
    assert flow(verdict, "insurance_claim") == pytest.approx(loss * QUIV, abs=5)
