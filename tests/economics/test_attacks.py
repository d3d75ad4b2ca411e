r"""Attacks from outside the rules: what they move, exactly, and that they pay where arithmetic says so.

A QUIV that is paid for nothing comes back less the network's take and plus what is promised for payments: with take
$\tau$, cashback $c$ and work emission of $R$ a day over payments $P$ of all, a wash trader of $w$ a day gains

$$ w\,(c - \tau) + (1 - q) \frac{w R}{w + P}, $$

with $q$ the part of honest work that its provider does,

which is positive for small $w$ exactly if $(1 - q) R / P > \tau - c$. Orders that are withdrawn on every other day
ratchet the fee up by ten percent each time; an expiring channel's last day loses a share of its vouchers; fewer than
half of the feeds move no median; a rejected challenge costs its bond.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments.engines.ensemble import execute
from experiments.errors import RequestError
from experiments.inputs.scenario import load_scenario, override
from experiments.inputs.shipped import scenario_names
from experiments.validation.attack_value import FRONTIERS, AttackOutcome, frontier, measure_attack, victims_of
from model.attacks import KINDS, Attack, quiet
from model.economy import Economy
from model.metrics import METRICS
from model.parameters.channels import Channels
from model.parameters.emission import Emission
from model.parameters.fees import Fees
from model.parameters.rebates import Rebates
from tests.economics.limits import QUIV, SEED, by_day, economy, flow, last, steady_demand

PAIRS = 6
PRICE = {"price_usd": np.asarray([0.1])}
FIRST = Attack("wash_trading", 1000.0, day=2, days=3)
SHIPPED = [name for name in scenario_names() if name.startswith("attack_")]


def washing(*on: str, **contracts: object) -> Economy:
    """Two consumers who spend 100 USD a day at 0.10, and a pair that pays itself 1,000 QUIV on days 2 to 4."""
    case = economy(
        "demand",
        "market",
        "settlement",
        "staking",
        *on,
        days=6,
        exogenous=PRICE,
        **({"demand": steady_demand(100.0)} | contracts),
    )
    return replace(case, attacks=(replace(FIRST, stake_quiv=50_000.0),))


def test_a_wash_payment_is_settled_like_any_other() -> None:
    """1,000 QUIV a day for three days; the take of a fifth is gone, the rest is the provider's and goes back."""
    readings = list(by_day(washing()))
    assert [flow(reading, "wash_payment") // QUIV for reading in readings[1:]] == [0, 0, 1000, 1000, 1000, 0]
    assert flow(readings[3], "wash_recycled") == flow(readings[3], "wash_return") == 1000 * QUIV
    taken = flow(readings[3], "receipt_provider") / sum(
        flow(readings[3], name) for name in ("payment", "channel_payment", "wash_payment")
    )
    assert taken == pytest.approx(0.8, abs=1e-9)


def test_what_washing_costs_without_rebates() -> None:
    """A fifth of what is paid: 3,000 QUIV at 0.10 cost 60 USD."""
    assert measure_attack(washing(), 1, SEED).profit.mean == pytest.approx(-60.0, rel=1e-3)


@pytest.mark.parametrize("cashback", [0.05, 0.2, 0.4])
def test_what_cashback_gives_back(cashback: float) -> None:
    """Paid in full, the crew gains what cashback is above a fifth."""
    plain = {"volume_discount": (0.0,) * 3, "tier_discount": (0.0,) * 4}
    rebates = Rebates(reading="stackable", cashback_share=cashback, **plain)
    profit = measure_attack(washing("rebates", rebates=rebates), 1, SEED).profit.mean
    assert profit == pytest.approx(3000.0 * 0.1 * (cashback - 0.2), rel=2e-3, abs=0.05)


def test_what_work_emission_adds() -> None:
    """1,000 QUIV a day over 1,000 of real payments and 1,000 of the crew's: half, less what a third of all had."""
    emission = Emission(
        yearly_quiv=(365_000.0,) * 10, tail_first_rate_quiv=0.0, staking_share=0.0, speed_bonus=1.0, quality_bonus=1.0
    )
    case = washing("emission", emission=emission)
    paid = flow(list(by_day(case))[3], "payment") / QUIV
    assert paid == pytest.approx(1000.0)
    assert measure_attack(case, 1, SEED).profit.mean / 0.1 == pytest.approx(
        -0.2 * 3000.0 + 3 * 1000.0 * 0.5 * (1 - 1 / 3), rel=2e-3
    )


def test_washing_is_no_work() -> None:
    """Neither entry nor conduct takes what the crew pays itself for income of capacity."""
    with_it, without = washing(), replace(washing(), attacks=quiet(washing().attacks))
    incomes = [last(by_day(replace(case, days=4))).state["provider_income_nquiv"].sum() for case in (with_it, without)]
    assert incomes[0] == pytest.approx(incomes[1], rel=1e-6)


def test_a_crew_that_does_nothing_changes_nothing() -> None:
    """With no providers in it, whose stake it would give, every metric but those of crews is that of no attack."""
    base = Economy(days=20)
    attack = Attack("challenge_griefing", 5.0, active=False)
    names = [name for name in METRICS if not name.startswith(("crew_", "cash_usd_", "wealth_usd_"))]
    plain, crewed = (
        execute([case] * 2, SEED, [0, 1], names)["record"] for case in (base, replace(base, attacks=(attack,)))
    )
    np.testing.assert_array_equal(plain, crewed)


def test_crews_and_others_are_everybody() -> None:
    """What the crew has made and what others have is what all have without a crew."""
    base = Economy(days=20)
    crewed = replace(base, attacks=(Attack("challenge_griefing", 5.0, active=False, count=10),))
    ends = [execute([case], SEED, [0], ("wealth_usd_holders",))["state"] for case in (base, crewed)]
    plain, split = (end["cash_usd"][0] for end in ends)
    np.testing.assert_allclose(split[:4] + split[4:], plain[4:], rtol=1e-12)
    assert split[3] != 0.0


def test_withdrawn_orders_ratchet_the_fee() -> None:
    """In the dead zone a day of full orders is a step up, and the day between is none: 1.1 to the power of days / 2."""
    case = economy(
        "demand",
        "market",
        "settlement",
        "adaptive_fee",
        days=9,
        exogenous={"demand_tokens": np.asarray([1.6e6])},
        fees=Fees(multiplier_high=10.0),
    )
    attacked = replace(case, attacks=(Attack("congestion_toggle", 1.0, day=1, days=8),))
    multipliers = [float(reading.state["fee_multiplier"][0]) for reading in by_day(attacked)]
    assert multipliers[-1] == pytest.approx(1.1**4)
    assert all(float(reading.state["fee_multiplier"][0]) == 1.0 for reading in by_day(case))


def test_a_withdrawal_fee_is_a_share_of_the_orders() -> None:
    """Capacity at the quoted price, half of it each, a tenth of that; with nothing in the wallet no order is placed."""
    case = economy("demand", "market", "settlement", "adaptive_fee", days=3, demand=steady_demand(100.0))
    attack = Attack("congestion_toggle", 1e-3, day=2, days=1, count=2)
    reading = last(by_day(override(replace(case, attacks=(attack,)), {"jobs.withdrawal_fee": 0.1})))
    value = float(reading.state["capacity_tokens"][0] * reading.state["order_price_quiv"][0, 0])
    assert flow(reading, "withdrawal_fee") / QUIV == pytest.approx(1e-3 * value * 0.1, rel=1e-6)
    dear = override(
        replace(case, attacks=(replace(attack, size=100.0),)),
        {"jobs.withdrawal_fee": 1.0, "population.consumer_genesis_share": 1e-3},
    )
    assert float(last(by_day(dear)).state["congestion"][0]) < 50.0


def test_a_channel_of_a_day_loses_vouchers_every_day() -> None:
    case = economy(
        "demand",
        "market",
        "settlement",
        "channels",
        days=6,
        exogenous=PRICE,
        demand=steady_demand(100.0),
        channels=Channels(share=0.5, missed_claims=0.1),
    )
    attacked = replace(case, attacks=(Attack("channel_griefing", 1.0, day=3, days=3),))
    for reading in list(by_day(attacked))[5:]:
        due, lapsed = reading.state["stream_due_nquiv"][0], reading.state["channel_lapsed_nquiv"][0]
        assert lapsed[0] == pytest.approx(0.1 * due[0], rel=1e-6)
        assert lapsed[1] == 0
        assert due[0] > 1.5 * due[1]


@pytest.mark.parametrize(("liars", "moved"), [(2, False), (3, True)])
def test_less_than_half_of_the_feeds_move_no_median(liars: int, moved: bool) -> None:
    case = replace(
        Economy(days=5, exogenous=PRICE, noise=False), attacks=(Attack("oracle_push", -0.2, day=2, count=liars),)
    )
    assert float(last(by_day(case)).state["oracle_price_usd"][0]) == pytest.approx(0.08 if moved else 0.1)


def test_griefers_pay_for_their_cases_and_nobody_else_does() -> None:
    """Bonds come from the crew alone once nobody else challenges without reason, and what it lost is at the fund."""
    case = override(Economy(days=25), {"challenges.frivolous_per_day": 0.0, "conduct.principled_share": 1.0})
    attacked = replace(case, attacks=(Attack("challenge_griefing", 5.0, first=10, count=3),))
    paid = np.zeros(case.parameters.population.holders)
    for before, after in zip(*(list(by_day(attacked))[i:] for i in (0, 1)), strict=False):
        opened = (after.state["case_bond_nquiv"] > 0) & (before.state["case_bond_nquiv"] == 0)
        np.add.at(paid, after.state["case_challenger"][0][opened[0]], 1.0)
    assert paid[10:13].sum() > 60.0
    assert paid.sum() == paid[10:13].sum()
    assert paid[10:13].min() > 5.0


def test_every_shipped_attack_has_a_frontier_and_every_kind_is_shipped() -> None:
    assert set(SHIPPED) == set(FRONTIERS)
    assert {attack.kind for name in SHIPPED for attack in load_scenario(name).attacks} == set(KINDS)


def washing_pays_as_long_as_work_is_paid_by_emission(found: dict[str, list[tuple[object, AttackOutcome]]]) -> None:
    (_, pays), (_, stops) = found["attack_wash_trading"]
    assert pays.pays
    assert pays.success == 1.0
    assert pays.loss.low > 0.0
    assert stops.profit.high < 0.0


def rebates_alone_do_not_pay_for_washing(found: dict[str, list[tuple[object, AttackOutcome]]]) -> None:
    """At the whitepaper's cashback of 2 % neither, which lies between; a tenth would."""
    (_, none), (_, tenth) = found["attack_wash_rebates"]
    assert none.profit.high < 0.0
    assert tenth.profit.low > 0.0
    whitepaper = none.profit.mean + (tenth.profit.mean - none.profit.mean) * 0.02 / 0.1
    assert measure_attack(load_scenario("attack_wash_rebates"), PAIRS).profit.mean == pytest.approx(
        whitepaper, rel=0.02
    )


def a_withdrawal_fee_ends_the_toggling(found: dict[str, list[tuple[object, AttackOutcome]]]) -> None:
    (_, free), (_, dear) = found["attack_congestion_toggle"]
    assert free.loss.low > 0.0
    assert free.griefing == float("inf")
    assert dear.griefing < 1.0


def an_opening_fee_ends_channel_griefing(found: dict[str, list[tuple[object, AttackOutcome]]]) -> None:
    (_, free), (_, dear) = found["attack_channel_griefing"]
    assert free.pays
    assert not dear.pays
    assert dear.profit.mean < free.profit.mean


def more_feeds_end_the_push(found: dict[str, list[tuple[object, AttackOutcome]]]) -> None:
    (_, five), (_, seven) = found["attack_oracle_push"]
    assert five.pays
    assert five.loss.low > 0.0
    assert abs(seven.profit.mean) < 0.05 * five.profit.mean


def challenges_without_reason_cost_their_bonds(found: dict[str, list[tuple[object, AttackOutcome]]]) -> None:
    (_, free), (_, dear) = found["attack_challenge_griefing"]
    assert dear.profit.high < free.profit.mean
    assert dear.griefing < 1.0


BYSTANDERS = {
    "investors.attention": 0.0,
    "investors.savings_hazard": 0.0,
    "valuation.news_sigma": 0.0,
    "mechanisms.speculators": False,
}
"""Nobody trades by what the network takes, so that victims do not sell dearer where an attack has it take more."""

OUTSIDE = tuple(name for name in FRONTIERS if name.startswith(("attack_wash", "attack_c", "attack_oracle")))


def test_frontiers_of_attacks_from_outside() -> None:
    """At the first and last value of what should deter each; one test, as they are measured once."""
    found: dict[str, list[tuple[object, AttackOutcome]]] = {
        name: frontier(load_scenario(name, BYSTANDERS), parameter, (values[0], values[-1]), PAIRS)
        for name, (parameter, values) in FRONTIERS.items()
        if name in OUTSIDE
    }
    washing_pays_as_long_as_work_is_paid_by_emission(found)
    rebates_alone_do_not_pay_for_washing(found)
    a_withdrawal_fee_ends_the_toggling(found)
    an_opening_fee_ends_channel_griefing(found)
    more_feeds_end_the_push(found)
    challenges_without_reason_cost_their_bonds(found)


def test_victims_are_named_once() -> None:
    assert victims_of((FIRST, FIRST)) == ("providers",)


WRONG = {
    "attacks: 3": "attacks: found 3; allowed: a list of attacks, each with kind, size",
    "attacks: [3]": "attacks[0]: found 3; allowed: an attack with kind, size",
    "attacks: [{kind: wash_trade, size: 1.0}]": "nearest: wash_trading",
    "attacks: [{kind: wash_trading}]": "attacks[0].size: missing",
    "attacks: [{kind: wash_trading, size: -1.0}]": "allowed: a number from 0 to 10000000 (QUIV a day)",
    "attacks: [{kind: wash_trading, size: 1.0, day: 4000}]": "day, counted from 0",
    "attacks: [{kind: wash_trading, size: 1.0, first: 150}]": "there are 100 consumers",
    "attacks: [{kind: oracle_push, size: 0.1}]\nmechanisms: {oracle: false}": "mechanisms.oracle is off",
    "attacks: [{kind: wash_trading, size: 1.0, sizes: 2}]": "nearest: size",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_attack_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(f"extends: whitepaper\n{text}\n", encoding="utf-8")
    with pytest.raises(RequestError) as caught:
        load_scenario(file)
    assert WRONG[text] in str(caught.value)


@pytest.mark.parametrize("wrong", [{"kind": "none"}, {"size": 1e9}, {"day": -1}, {"count": 0}, {"outlay_usd": -1.0}])
def test_an_economy_takes_no_wrong_attack(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"attack|outside|no time|no crew"):
        Economy(attacks=(replace(FIRST, **wrong),))  # type: ignore[arg-type]
