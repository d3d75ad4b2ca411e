"""The phased launch: what rests until its day, what waits for nobody, and what the order of phases does.

On paper: an economy without a calendar (no vesting, no trends, a given price) whose payments begin on day $d$ is, from
day $d$ on, the same economy as one that begins at once, day for day. What only watches must not remember the weeks of
rest: windows of served tokens show no growth, a price seen yesterday no jump. Where nobody looks (before quality) the
chance of being caught is zero, so everybody who can be tempted gains by cheating; where quality comes first the slash
outweighs the gain from the first job on.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd
import pytest

from experiments import simulate
from experiments.engines.ensemble import execute
from experiments.engines.genesis import genesis
from experiments.engines.wiring import Substep, blocks
from model.economy import Economy, ScriptedProposal
from model.flows import LEDGER
from model.launch import LAUNCHES, PHASES
from model.parameters import REGISTRY, Parameters
from model.parameters.demand import Demand
from model.parameters.emission import Emission
from model.parameters.governance import Governance
from model.parameters.jobs import Jobs
from model.parameters.launch import Launch
from model.parameters.market import Market
from model.parameters.outside import Outside
from model.parameters.providers import Providers
from model.parameters.staking import Staking
from policies import BLOCKS
from state_updates import ENTRIES
from tests.economics.limits import SEED, economy, record, steady_demand
from tests.engines.daily import (
    RAISE_BURN,
    State,
    assert_same,
    ensemble_days,
    radcad_days,
    small,
    trajectory,
)

FIRST = {"staking_day": 8, "payments_day": 13, "quality_day": 20, "governance_day": 25, "integration_day": 30}
"""A quick launch in the order of the plan."""

EAGER = {
    "conduct": {"principled_share": 0.0, "temptation_sigma": 0.0},
    "challenges": {"frivolous_per_day": 2.0, "watch_share": 0.01, "voting_days": 2},
    "validation": {"error": 0.05},
    "insurance": {"accidents_per_year": 300.0, "initial_quiv": 1e6},
    "maker": {"budget_quiv": 1e6, "budget_usd": 1e5},
    "emission": {"growth_window_days": 7},
    "treasury": {"support_band": 0.01, "support_share": 0.01, "support_days": 3.0, "allocation": (0.5, 0.3, 0.2)},
    "fees": {"burn_governor": True, "controller_delay_days": 3},
    "rebates": {"tier_discount": (0.05, 0.1, 0.2, 0.3)},
    "staking": {"unbonding_days": 4, "restake_share": 0.5},
    "governance": {
        "discussion_days": 2,
        "voting_days": 3,
        "timelock_days": 2,
        "turnout": 0.9,
        "ideas_per_year": 365.0,
        "quarter_days": 7,
    },
}
"""Something happens in every block, and soon."""


def launched(days: int = 60, contracts: dict[str, Any] | None = None, **first: int) -> Economy:
    """A small economy in which something happens in every block, launched in phases."""
    given = EAGER | {"launch": first} | (contracts or {})
    return small(days, contracts={"providers": {"initial_online": 1.0}} | given)


def lenient(**first: int) -> Economy:
    """The default economy, launched in phases."""
    return Economy(days=60, parameters=Parameters(launch=Launch(**first)))


@cache
def quick() -> tuple[list[State], State]:
    """Every day of two runs of the quick launch, and its constants."""
    case = launched(**FIRST)
    return ensemble_days([case] * 2, SEED, [0, 1]), genesis([case], SEED, [0])[1]


def moved(days: list[State], flow: str) -> np.ndarray:
    """What a flow moved on each day, by day and run."""
    return np.stack([day["flows_nquiv"][..., LEDGER.index[flow]] for day in days[1:]])


def day_of(block: str) -> int:
    """The first day of a block in the quick launch."""
    since = BLOCKS[block].first_day
    return int(quick()[1][since]) if since else 0


def resting(block: Substep) -> list[str]:
    """The figures of a block that do not watch: neither those that go on nor the rings of those."""
    goes_on = block.block.goes_on
    watching = {*goes_on, *(ENTRIES[name] for name in goes_on if name in ENTRIES)}
    return [name for name in block.figures if name not in watching and name not in REGISTRY]


def every_block() -> list[Substep]:
    listed = {block.name: block for block in blocks(small(proposals=(RAISE_BURN,)))}
    return list((listed | {block.name: block for block in blocks(launched(**FIRST))}).values())


def test_every_block_has_a_phase_and_every_phase_its_day() -> None:
    assert {block.name for block in every_block()} == set(BLOCKS)
    assert {block.phase for block in BLOCKS.values()} == set(PHASES)
    assert all(block.why.endswith(".") for block in BLOCKS.values())
    later = [phase.since for phase in PHASES.values() if phase.since]
    assert later == [name for name in REGISTRY if name.startswith("launch.")]
    assert LAUNCHES["launch_12_weeks"] == {name: phase.day for name, phase in PHASES.items() if phase.since}
    assert list(LAUNCHES["launch_12_weeks"].values()) == [14, 28, 42, 56, 70]


def test_what_goes_on_is_emitted_by_its_block() -> None:
    """A misspelt name would not go on."""
    state, params = genesis([launched(**FIRST)], SEED, [0])
    for block in every_block():
        goes_on = set(block.block.goes_on)
        assert not goes_on or (block.policy and goes_on <= set(block.policy(params, None, None, state))), block.name


@pytest.mark.parametrize("scripted", [False, True])
def test_a_gate_that_is_open_from_day_0_changes_no_bit(scripted: bool) -> None:
    case = replace(launched(40), proposals=(RAISE_BURN,) * scripted)
    plain = ensemble_days([case] * 2, SEED, [0, 1])
    with mock.patch.object(Economy, "phased", True):
        assert blocks(case)[3].policy is not blocks(launched(40))[3].policy
        gated = ensemble_days([case] * 2, SEED, [0, 1])
    assert_same(gated, plain)


def test_an_economy_without_phases_has_no_gate() -> None:
    assert not Economy().phased
    assert [block.policy for block in blocks(lenient())] == [block.policy for block in blocks(Economy(days=60))]


@pytest.mark.parametrize("block", [block for block in every_block() if block.flows], ids=lambda block: block.name)
def test_flows_are_zero_until_the_day_and_not_for_ever(block: Substep) -> None:
    days, _ = quick()
    first = day_of(block.name)
    sums = np.stack([moved(days, flow) for flow in block.flows]).sum(axis=0)
    assert not sums[:first].any()
    assert sums[first:].any()


@pytest.mark.parametrize("block", [block for block in every_block() if block.figures], ids=lambda block: block.name)
def test_figures_keep_the_values_of_genesis_until_the_day(block: Substep) -> None:
    days, _ = quick()
    first = day_of(block.name)
    kept = {name: [np.array_equal(day[name], days[0][name]) for day in days] for name in resting(block)}
    assert all(all(same[: first + 1]) for same in kept.values()), kept
    if block.name not in ("open", "priority"):
        assert not all(same for name in kept for same in kept[name])


def test_what_each_phase_begins_with() -> None:
    """On the first day: stakes; then rewards; orders into escrow; canaries. A day after it money follows."""
    days, _ = quick()
    assert moved(days, "provider_stake")[FIRST["staking_day"]].all()
    assert moved(days, "direct_reward")[FIRST["staking_day"] + 1].all()
    assert moved(days, "escrow_lock")[FIRST["payments_day"]].all()
    assert moved(days, "receipt_provider")[FIRST["payments_day"] + 1].all()
    assert all(days[FIRST["quality_day"] + 1]["validation_tasks"] > 0)
    assert all(days[FIRST["quality_day"]]["validation_tasks"] == 0)
    assert all(days[FIRST["integration_day"] + 1]["demand_index"] != 1.0)


def test_before_staking_there_is_no_stake_and_nobody_is_poorer() -> None:
    days, _ = quick()
    at_once = ensemble_days([launched(1)] * 2, SEED, [0, 1])[0]
    for who in ("provider", "validator"):
        assert all(not day[f"{who}_stake_nquiv"].any() for day in days[: FIRST["staking_day"] + 1])
        wealth = at_once[f"{who}_stake_nquiv"] + at_once[f"{who}_wallet_nquiv"]
        np.testing.assert_array_equal(days[0][f"{who}_wallet_nquiv"], wealth)
    assert all(not day["holder_delegated_nquiv"].any() for day in days[: FIRST["staking_day"] + 1])
    np.testing.assert_array_equal(days[0]["holder_provider"], at_once["holder_provider"])
    assert not any(day["provider_standing"].any() for day in days[: FIRST["staking_day"] + 2])


def test_without_decisions_to_stake_genesis_stakes_stand() -> None:
    """They are all the stake that there will ever be, so nothing waits for a first one."""
    case = replace(lenient(staking_day=9), mechanisms={"staking": False}, days=3)
    days = ensemble_days([case], SEED, [0])
    assert days[0]["provider_stake_nquiv"].any()
    assert moved(days, "direct_reward").all()


def test_before_there_is_work_nobody_pays_for_hardware() -> None:
    """Where nobody sells savings, providers sell what the day costs and nothing else."""
    case = launched(contracts={"investors": {"savings_hazard": 0.0}}, **FIRST)
    days = ensemble_days([case] * 2, SEED, [0, 1])
    first = FIRST["payments_day"]
    assert not moved(days, "provider_sale")[:first].any()
    assert moved(days, "provider_sale")[first:].all()
    assert all(np.array_equal(day["provider_online"], days[0]["provider_online"]) for day in days[: first + 1])
    assert not any(day["provider_absent"].any() for day in days[: first + 2])


def test_a_later_launch_without_a_calendar_is_the_same_economy_later() -> None:
    """Day $d + k$ of the one is day $k$ of the other, for two payments days $d$ that are whole weeks."""
    on = ("demand", "market", "settlement", "escrow", "queue", "channels", "entry", "satisfaction", "outside_option")
    still = {
        "demand": Demand(adoption_rate=0.0),
        "outside": Outside(decline=0.0, price_usd=2e-5),
        "providers": Providers(capacity_growth=0.0, cost_decline=0.0, initial_online=0.5, entry_speed=0.3),
    }
    names = (
        "payments_usd",
        "completed_jobs",
        "escrow_quiv",
        "channels_quiv",
        "capacity_income_usd",
        "online_providers",
        "consumer_satisfaction",
        "active_consumers",
        "provider_income_quiv",
    )
    found = {
        day: record(
            economy(
                *on,
                "conduct",
                days=80,
                exogenous={"price_usd": np.asarray([0.1])},
                launch=Launch(payments_day=day),
                **still,
            ),
            *names,
        )
        for day in (0, 14, 28)
    }
    for name in names:
        at_once = found[0][name]
        assert np.ptp(at_once) > 0.0, name
        for day in (14, 28):
            np.testing.assert_allclose(found[day][name][day:], at_once[: 81 - day], rtol=1e-12, err_msg=name)


def test_feedbacks_wait_for_what_they_read() -> None:
    """Where integration is early, neither quote nor fee answers the weeks in which there is no capacity to read.

    The quote is one in QUIV: held in USD it follows the oracle every day.
    """
    case = replace(launched(30, {"pricing": {"numeraire": "quiv"}}, payments_day=14), noise=False)
    days = ensemble_days([case], SEED, [0])
    for name, idle in (("inference_price_quiv", "base_price_quiv"), ("fee_multiplier", "")):
        rests = [np.array_equal(day[name], day[idle] if idle else days[0][name]) for day in days]
        assert all(rests[:16]), name
        assert not all(rests[16:]), name
    assert max(float(day["congestion"][0]) for day in days[15:]) < 10.0


def test_before_staking_nobody_prices_a_yield() -> None:
    """Who is to get more of the rewards trades alike before there are any, and otherwise from then on."""
    cases = (
        Parameters(launch=Launch(staking_day=10), staking=Staking(direct_share=0.95 - part, delegator_share=part))
        for part in (0.25, 0.75)
    )
    less, more = (ensemble_days([Economy(days=20, parameters=given)], SEED, [0]) for given in cases)
    prices = [np.array([float(day["price_usd"][0]) for day in days]) for days in (less, more)]
    np.testing.assert_array_equal(prices[0][:12], prices[1][:12])
    assert np.all(prices[1][13:] != prices[0][13:])


def test_before_payments_nothing_is_learnt_of_the_tokens_value() -> None:
    """The take that is expected at genesis stands; by the equation of exchange no payments are no value of zero."""
    days, _ = quick()
    assert all(np.array_equal(day["take_usd"], days[0]["take_usd"]) for day in days[: FIRST["payments_day"] + 1])
    assert not np.array_equal(days[FIRST["payments_day"] + 1]["take_usd"], days[0]["take_usd"])
    for process in ("quantity", "burn_mint"):
        market = Market(price_process=process)
        given = Parameters(launch=Launch(payments_day=15), market=market)
        price = [
            float(d["price_usd"][0])
            for d in ensemble_days([Economy(days=20, parameters=given, noise=False)], SEED, [0])
        ]
        assert price[:16] == pytest.approx([price[0]] * 16)
        assert price[20] != pytest.approx(price[0])


def test_windows_of_growth_do_not_see_the_weeks_of_rest() -> None:
    """The same demand every day is no growth, whenever it begins."""
    case = economy(
        "demand",
        "settlement",
        "market",
        "growth_multiplier",
        days=70,
        demand=steady_demand(2_000.0),
        emission=Emission(growth_window_days=7, growth_smoothing_days=1.0),
        exogenous={"price_usd": np.asarray([0.1])},
        launch=Launch(payments_day=17, integration_day=19),
    )
    found = record(case, "growth_multiplier", "served_tokens")
    assert np.ptp(found["served_tokens"][30:]) == pytest.approx(0.0, abs=1e-3)
    np.testing.assert_allclose(found["growth_multiplier"], 1.0, rtol=1e-6)


def test_prices_seen_yesterday_are_yesterdays_when_staking_begins() -> None:
    """A path that doubles before staking begins is no return of one day."""
    path = {"price_usd": np.geomspace(0.1, 0.2, 31)}
    case = Economy(days=30, exogenous=path, parameters=Parameters(launch=Launch(staking_day=20)))
    known = Economy(days=30, exogenous=path)
    late, at_once = (ensemble_days([one], SEED, [0]) for one in (case, known))
    for name in ("price_trend", "price_seen_usd"):
        np.testing.assert_array_equal([day[name] for day in late], [day[name] for day in at_once])


def test_the_burn_governor_knows_the_supply_of_the_quarters_start() -> None:
    """One that began with a supply of zero in mind would take all of it for inflation."""
    days, _ = quick()
    quarter = EAGER["governance"]["quarter_days"]
    for day in range(quarter, 60, quarter):
        supply = days[day]["minted_nquiv"] - days[day]["burned_nquiv"]
        np.testing.assert_allclose(days[day + 1]["quarter_supply_quiv"], supply / 1e9, rtol=1e-3)
    assert all((day["burn_factor"] == 1.0).all() for day in days[: FIRST["integration_day"] + 1])


def test_emission_is_minted_for_those_who_can_earn_it_and_its_schedule_goes_on() -> None:
    """A day mints for stake or work what it would have minted at once; what is left out stays under the cap."""
    late, at_once = (
        ensemble_days([case], SEED, [0])
        for case in (replace(lenient(staking_day=10, payments_day=20), days=40), Economy(days=40))
    )
    for flow, first in (("emission_to_staking", 11), ("emission_to_work", 20)):
        assert not moved(late, flow)[:first].any()
        np.testing.assert_array_equal(moved(late, flow)[first:], moved(at_once, flow)[first:])
    waiting = [int(day["staking_rewards_nquiv"][0]) for day in late]
    daily = int(moved(late, "emission_to_staking")[-1, 0])
    assert max(waiting[:20]) < daily


def test_a_day_before_quality_nobody_has_a_case() -> None:
    days, _ = quick()
    first = FIRST["quality_day"]
    assert all(not day["cases_opened"].any() for day in days[: first + 1])
    assert days[-1]["cases_opened"].sum() > 0
    assert all(not day["validator_active"].any() for day in days[: first + 1])
    assert days[first + 1]["validator_active"].all()
    served = days[FIRST["payments_day"] + 5 : first]
    assert any(day["harm_share"].any() for day in served)
    assert all((day["disputed_share"] == Jobs().upheld_share).all() for day in days[: first + 1])
    assert not any((day["disputed_share"] == Jobs().upheld_share).any() for day in days[first + 1 :])


@pytest.mark.parametrize("validated", [True, False])
def test_nobody_fears_to_be_caught_before_quality(validated: bool) -> None:
    """Cheating pays all who would cheat at all, however much is sampled or seen; with quality the same are deterred."""
    strict = {"validation": {"canary_share": 0.5, "error": 0.0}, "staking": {"initial_share": 1.0}}
    seen = {"challenges": {"watch_share": 0.5, "voting_days": 2}}
    shares = {}
    for quality in (0, 40):
        case = launched(39, contracts=strict | seen, payments_day=1, quality_day=quality)
        case = replace(case, mechanisms={"validation": validated})
        last = ensemble_days([case] * 4, SEED, range(4))[-1]
        shares[quality] = (last["provider_degraded"] + last["provider_garbage"]).mean()
    assert shares[40] > 0.7
    assert shares[0] < 0.2


def proposal(day: int) -> ScriptedProposal:
    return replace(RAISE_BURN, day=day)


def test_a_vote_changes_the_economy_four_weeks_after_governance_begins() -> None:
    """Seven days to discuss, fourteen to vote, seven to wait (SPEC)."""
    calendar = Governance(turnout=0.9)
    given = Parameters(launch=Launch(governance_day=10), governance=calendar)
    case = Economy(days=42, parameters=given, proposals=(proposal(10),))
    live = [float(day["fees.burn_share"][0]) for day in ensemble_days([case], SEED, [0])]
    assert live[: 10 + 28 + 1] == [0.5] * 39
    assert live[10 + 28 + 1 :] == [0.55] * 4


def test_agents_change_nothing_earlier() -> None:
    given = Parameters(launch=Launch(governance_day=10), governance=Governance(ideas_per_year=365.0))
    taken = execute(
        [Economy(days=60, parameters=given)] * 2, SEED, [0, 1], ["proposals_submitted", "proposals_executed"]
    )
    submitted, executed = taken["record"].transpose(1, 0, 2)
    assert not submitted[:11].any()
    assert submitted[11:].any()
    assert not executed[: 10 + 28 + 1].any()
    assert executed[10 + 28 + 1 :].any()


def test_a_proposal_before_governance_is_refused() -> None:
    case = Economy(days=20, parameters=Parameters(launch=Launch(governance_day=10)), proposals=(proposal(9),))
    with pytest.raises(ValueError, match="submitted on day 9, and governance begins on day 10"):
        genesis([case], SEED, [0])


def test_trajectories_of_different_launches_share_a_batch() -> None:
    orders = [FIRST, FIRST | {"payments_day": 20, "quality_day": 13}, {"staking_day": 15, "payments_day": 4}]
    cases = [launched(40, **first) for first in orders]
    together = ensemble_days(cases, SEED, [3, 3, 3])
    for row, case in enumerate(cases):
        assert_same(trajectory(together, row), radcad_days(case, SEED, 3))


def test_a_launch_is_no_batch_with_all_at_once() -> None:
    with pytest.raises(ValueError, match="must share structural parameters"):
        execute([launched(2), launched(2, staking_day=1)], SEED, [0, 1], [])


METRICS = (
    "cheating_providers",
    "harm_share",
    "consumer_satisfaction",
    "cases_upheld",
    "banned_providers",
    "staked_quiv",
)
RUNS, WEEKS = 6, 10


@cache
def shipped(name: str, days: int = 7 * WEEKS) -> pd.DataFrame:
    """Every run and day of a shipped scenario."""
    return simulate(name, days=days, seed=1, runs=RUNS, metrics=METRICS)


def test_quality_before_payments_saves_the_harm_of_the_first_weeks() -> None:
    planned, careful = (shipped(name) for name in ("launch_12_weeks", "quality_before_payments"))
    assert (planned.groupby("run")["cheating_providers"].max() > 10).all()
    assert (careful.groupby("run")["cheating_providers"].max() < 5).all()
    harm = [found.groupby("run")["harm_share"].sum() for found in (planned, careful)]
    assert (harm[0] > 5 * harm[1]).all()
    assert harm[0].sum() > 10 * harm[1].sum()


def test_the_plan_clears_up_what_it_let_in() -> None:
    """Cheating grows from payments to quality, and a month after it is rare; who is caught is banned."""
    cheating = shipped("launch_12_weeks")["cheating_providers"].unstack("run")
    assert (cheating.loc[:28] == 0).all(axis=None)
    assert (cheating.loc[42] > cheating.loc[32]).all()
    assert (cheating.loc[70] < 0.3 * cheating.loc[42]).all()
    assert (shipped("launch_12_weeks")["banned_providers"].groupby("run").last() > 5).all()


def test_without_quality_cheating_stays_and_satisfaction_falls() -> None:
    late, planned = shipped("payments_without_quality", 112), shipped("launch_12_weeks", 112)
    last, usual = late.groupby("run").last(), planned.groupby("run").last()
    assert (last["cheating_providers"] > 20 + usual["cheating_providers"]).all()
    assert (last["consumer_satisfaction"] < usual["consumer_satisfaction"] - 0.03).all()
    assert (last["cases_upheld"] == 0).all()


def test_a_launch_in_phases_starts_with_less_stake_than_all_at_once() -> None:
    usual, planned = shipped("whitepaper"), shipped("launch_12_weeks")
    assert (planned["staked_quiv"].unstack("run").loc[:15] == 0).sum().eq(15).all()
    assert (planned.groupby("run")["staked_quiv"].last() < usual.groupby("run")["staked_quiv"].last()).all()
