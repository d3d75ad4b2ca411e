r"""Attacks from inside and on governance: what they do by hand, whether they pay, and what stops them.

Known answers: a stake of three identities has the tier of a third; who runs off has nothing staked when it has
unbonded; a validator who does not look saves its tasks' cost; a panel of a cartel acquits for two votes of three; votes
that an attack buys, borrows or bribes are those of the same proposal in a list, bit for bit. Profit is a paired
difference of the crew's wealth with and without what it does, on the same draws; cheating to the end pays only where
nothing is left to lose (Becker 1968; Shapiro and Stiglitz 1984).
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from experiments.engines.ensemble import execute
from experiments.engines.genesis import State
from experiments.engines.wiring import blocks
from experiments.errors import RequestError
from experiments.inputs.scenario import load_scenario, override
from model.attacks import KINDS, Attack, quiet
from model.economy import Economy, ScriptedProposal
from model.metrics import METRICS
from model.metrics.attacks import attackers_tokens
from model.parameters.population import Population
from policies.conduct import tier_cap
from policies.identities import lowest_stake
from policies.panels import verdict_chances
from tests.economics.limits import QUIV, SEED, TINY, by_day, economy, flow
from tests.engines.daily import assert_same, cadcad_days, ensemble_days, radcad_days, trajectory

RUNS, RUNS_OF_BRIBES = 6, 12
"""Pairs of runs; more for bribes, which a vote decides: who is bribed speaks for more than half of it or for less."""

INSIDERS = {
    "sybil_tiers": {"registry.large_model_tier": 2},
    "reputation_farming": {"validation.canary_share": 0.05},
    "slash_evasion": {"staking.unbonding_days": 120},
    "validator_cartel": {"validation.exposure": 0.8},
    "lazy_validators": {"validation.check_share": 0.001},
    "vote_buying": {"governance.timelock_days": 7},
    "vote_borrowing": {"governance.snapshot": "creation"},
    "delegate_bribery": {"delegation.vote_share": 0.0},
    "proposal_spam": {"governance.quorum": 0.1},
}
"""Every kind from inside, with a setting of its deterrent at which it does not pay."""

ASKING = tuple(kind for kind in INSIDERS if KINDS[kind].asks)
STEADY = {"exogenous.price_usd": 0.1}
QUIET_MARKET = {
    "investors.attention": 0.0,
    "investors.savings_hazard": 0.0,
    "valuation.news_sigma": 0.0,
    "mechanisms.speculators": False,
    "pool.withdrawable_share": 0.0,
}
"""A price from outside, and a pool that nobody leaves and in which nobody trades by value, news or trend: what a crew
holds is worth as much with the attack as without it, so that runs tell what the attack brings from what the price did
meanwhile."""

PLAIN = tuple(name for name in METRICS if not name.startswith(("crew_", "cash_usd_", "wealth_usd_")))


def profit(case: Economy, runs: int = RUNS) -> np.ndarray:
    """What the crew gains by what it does, USD by run, less what it pays outside."""
    ends = [
        execute([side] * runs, 1, list(range(runs)), ("crew_wealth_usd",))["record"][-1, 0]
        for side in (case, replace(case, attacks=quiet(case.attacks)))
    ]
    return ends[0] - ends[1] - sum(attack.outlay_usd for attack in case.attacks)


def sure(gains: np.ndarray) -> float:
    """The mean over its standard error."""
    return float(gains.mean() / (gains.std(ddof=1) / np.sqrt(gains.size)))


@pytest.mark.parametrize("kind", INSIDERS)
def test_an_attack_that_ships_pays_until_its_deterrent_is_raised(kind: str) -> None:
    """By two standard errors each way: on the same draws, the deterrent named by the kind and nothing else."""
    shipped = load_scenario(f"attack_{kind}")
    steady = STEADY if kind in ("reputation_farming", "slash_evasion") else {}
    case = override(shipped, QUIET_MARKET if kind in ASKING else steady)
    assert [attack.kind for attack in case.attacks] == [kind]
    assert set(INSIDERS[kind]) == {KINDS[kind].deterrent}
    runs = RUNS_OF_BRIBES if kind == "delegate_bribery" else RUNS
    assert sure(profit(case, runs)) > 2.0
    stopped = profit(override(case, INSIDERS[kind]), runs)
    assert stopped.mean() < 0.0
    rare = kind in ("proposal_spam", "validator_cartel")
    assert rare or sure(stopped) < -2.0, "what is lost is lost in most runs: a deposit, the stake of those found out"


# Providers.


def with_attacks(case: Economy, *attacks: Attack) -> Economy:
    return replace(case, attacks=attacks)


def staked(quiv: float) -> Any:
    """A change by which every provider has such a stake, out of its wallet."""

    def change(state: State, params: State) -> None:
        both = state["provider_stake_nquiv"] + state["provider_wallet_nquiv"]
        assert np.all(both >= quiv * QUIV)
        state["provider_stake_nquiv"][...] = round(quiv * QUIV)
        state["provider_wallet_nquiv"][...] = both - round(quiv * QUIV)

    return change


@pytest.mark.parametrize(("identities", "cap"), [(1, 0.15), (2, 0.10), (10, 0.05), (100, 0.05)])
def test_a_split_stake_has_the_cap_of_each_part(identities: int, cap: float) -> None:
    """300,000 QUIV are gold; of two 150,000 each silver, of ten 30,000 bronze; of a hundred none, so no standing."""
    case = with_attacks(economy("staking", "settlement", days=1), Attack("sybil_tiers", identities, count=2))
    first, last = by_day(case, staked(300_000.0))
    np.testing.assert_array_equal(tier_cap(first.params, first.state)[0], [cap, cap, 0.15])
    wanted = 10_000 * QUIV * np.array([identities, identities, 1])
    np.testing.assert_array_equal(np.broadcast_to(lowest_stake(first.params, first.state), (1, 3))[0], wanted)
    below = last.state["provider_below_days"][0] > 0
    np.testing.assert_array_equal(below, [identities == 100, identities == 100, False])


@pytest.mark.parametrize("kind", ["reputation_farming", "slash_evasion"])
def test_who_runs_off_is_honest_then_cheats_then_is_gone_with_its_stake(kind: str) -> None:
    """Five days of honest work, three of garbage, and seven of unbonding, after which nothing is left."""
    days = 20
    base = override(load_scenario("whitepaper"), {"staking.unbonding_days": 7, "mechanisms.challenges": False})
    small = Population(providers=20, consumers=10, validators=5, holders=20)
    parameters = base.parameters.model_copy(update={"population": small})
    attack = Attack(kind, 0.4, day=5, days=3, first=2, count=2)
    case = replace(base, parameters=parameters, days=days, attacks=(attack,), noise=True)
    crew = slice(2, 4)
    least = round(10_000 * QUIV)
    for day, reading in enumerate(by_day(case)):
        state = reading.state
        cheats = 0.4 if 5 < day <= 8 else 0.0
        assert np.all(state["provider_garbage"][0, crew] == cheats)
        assert np.all(state["provider_degraded"][0, crew] == 0.0)
        if day > 8:
            assert np.all(state["provider_online"][0, crew] == 0.0)
            assert np.all(state["provider_stake_nquiv"][0, crew] < 7)
        elif day > 6 and kind == "slash_evasion":
            assert np.all(state["provider_stake_nquiv"][0, crew] <= least + 7)
    assert np.all(state["provider_unbonding_nquiv"][0, crew] == 0)


# Validators.


def test_who_does_not_look_saves_its_tasks_and_nothing_else() -> None:
    """Cash of two lazy validators is higher by their tasks' cost, where nobody else reconsiders and none are known."""
    given = {"validation.check_share": 0.0, "exogenous.price_usd": 0.1, "mechanisms.rewards": False}
    base = override(load_scenario("attack_lazy_validators"), given)
    case = replace(base, days=8, attacks=(Attack("lazy_validators", 1.0, day=2, count=2),))
    saved, cash, tokens = 0.0, [], []
    for side in (case, replace(case, attacks=quiet(case.attacks))):
        readings = list(by_day(side))
        cash.append(float(METRICS["crew_cash_usd"].read(readings[-1])[0]))
        tokens.append(float(attackers_tokens(readings[-1], "validators")[0]))
        if side is case:
            cost = readings[0].params["agents.task_cost_usd"][0, :2]
            saved = sum(float((reading.state["validator_tasks"][0, :2] * cost).sum()) for reading in readings[3:-1])
    assert saved > 0.0
    assert cash[0] - cash[1] + 0.1 * (tokens[0] - tokens[1]) == pytest.approx(saved, rel=1e-6)


def cartel(bribe: float, **changes: Any) -> list[Any]:
    """A court of nothing but the cartel, where every job of garbage is challenged and no ruling is appealed."""
    given = {
        "challenges.watch_share": 1.0,
        "challenges.appeal_days": 0,
        "challenges.frivolous_per_day": 0.0,
        "validation.absence": 0.0,
        "validation.error": 0.0,
        "validation.exposure": 0.0,
        **changes,
    }
    base = override(load_scenario("attack_validator_cartel"), given)
    attack = Attack("validator_cartel", bribe, day=2, days=20, count=30)
    return list(by_day(replace(base, days=14, attacks=(attack,))))


@pytest.mark.parametrize("bribe", [0.0, 100.0])
def test_a_cartel_of_all_acquits_for_the_votes_of_a_majority(bribe: float) -> None:
    """Two votes of three in every case, at any bribe; what leaves providers reaches the cartel but for dust."""
    seen = cartel(bribe)
    end = seen[-1].state
    upheld, rejected = end["cases_closed"][0, :2]
    ruled = rejected + (end["case_status"] == 2).sum()
    assert upheld == 0
    assert rejected > 50
    assert sum(flow(reading, "provider_bribe") for reading in seen) == ruled * 2 * round(bribe * QUIV)
    assert sum(float(reading.state["votes_sold"].sum()) for reading in seen) == pytest.approx(2.0 * ruled)
    assert sum(flow(reading, "provider_bribe") - flow(reading, "validator_bribe") for reading in seen) < 1000


def test_votes_that_are_found_out_are_slashed_and_only_those_of_the_cartel() -> None:
    seen = cartel(100.0, **{"validation.exposure": 1.0})
    assert sum(flow(reading, "validator_slash") for reading in seen) > 0
    assert sum(flow(reading, "validator_slash") for reading in cartel(100.0)) == 0


def test_a_cartel_votes_for_its_own_providers_alone() -> None:
    """Garbage of a provider outside is judged as if there were no cartel."""
    case = load_scenario("attack_validator_cartel")
    attack = Attack("validator_cartel", 0.0, count=10)
    readings = by_day(replace(case, days=1, attacks=(attack,)))
    reading = next(readings)
    bad = reading.state["case_status"] == 0
    guilty, _ = verdict_chances(reading.params, reading.state, 3, bad, bad)
    looks = 0.999
    assert np.all(guilty[0, 10:] > 0.99)
    alone = (1.0 - 10.0 / 30.0) * looks
    assert guilty[0, 0] == pytest.approx(3 * alone**2 * (1 - alone) + alone**3, abs=0.02)
    assert len(set(guilty[0, :10])) == 1


# Governance.


def listed(kind: str) -> Economy:
    """The scenario of an attack with the same proposal in a list instead."""
    case = load_scenario(f"attack_{kind}")
    attack = case.attacks[0]
    how = {"vote_buying": "buys_quiv", "vote_borrowing": "borrowed_quiv", "delegate_bribery": "bribed_share"}
    means: dict[str, Any] = {how[kind]: attack.size} if kind in how else {}
    days = range(attack.day, attack.day + 7 * (1 if kind in how else int(attack.size)), 7)
    proposals = tuple(
        ScriptedProposal(
            day=day,
            parameter="treasury.payment_quiv",
            value=20e6,
            type="treasury",
            support=0.0,
            proposer=attack.first,
            hostile=True,
            **means,
        )
        for day in days
    )
    return replace(case, attacks=(), proposals=proposals)


@pytest.mark.parametrize("kind", ASKING)
def test_an_attack_on_governance_is_the_same_proposal_by_hand_bit_for_bit(kind: str) -> None:
    """Every figure but those that need a crew."""
    case = load_scenario(f"attack_{kind}")
    days = case.attacks[0].day + 30
    sides = [execute([replace(e, days=days)] * 2, 1, [0, 1], PLAIN)["record"] for e in (case, listed(kind))]
    np.testing.assert_array_equal(sides[0], sides[1])


def test_agents_propose_nothing_beside_an_attack_on_governance_be_it_quiet_or_not() -> None:
    case = replace(load_scenario("attack_vote_borrowing"), days=3)
    for side in (case, replace(case, attacks=quiet(case.attacks))):
        names = [block.name for block in blocks(side)]
        assert {"governance", "power"} <= set(names)
        assert "electorate" not in names
    assert replace(case, attacks=quiet(case.attacks)).script == ()
    assert "electorate" in [block.name for block in blocks(replace(case, attacks=()))]


# What is neutral, and what is refused.


@cache
def usual(days: int) -> np.ndarray:
    case = replace(load_scenario("whitepaper"), days=days)
    return execute([case] * 2, SEED, [0, 1], PLAIN)["record"]


NEUTRAL = [
    Attack("lazy_validators", 0.0, count=30),
    Attack("challenge_griefing", 0.0, count=30),
    Attack("congestion_toggle", 0.0, count=30),
]
"""Crews without providers, whose stake and presence at genesis it would give."""


@pytest.mark.parametrize("attack", NEUTRAL, ids=lambda attack: attack.kind)
def test_a_crew_that_does_nothing_unusual_changes_no_figure(attack: Attack) -> None:
    case = with_attacks(replace(load_scenario("whitepaper"), days=12), attack)
    np.testing.assert_array_equal(execute([case] * 2, SEED, [0, 1], PLAIN)["record"], usual(12))


def test_a_crew_of_providers_is_the_same_whatever_it_will_do() -> None:
    """Before its day an attack of providers is no other than one that is never made, or of another kind."""
    kinds = ("sybil_tiers", "reputation_farming", "slash_evasion", "validator_cartel")
    crews = [Attack(kind, 1.0, count=3, day=11, active=active) for kind in kinds for active in (True, False)]
    crews = [replace(attack, size=2) if attack.kind == "sybil_tiers" else attack for attack in crews]
    records = [
        execute([with_attacks(replace(load_scenario("whitepaper"), days=10), attack)] * 2, SEED, [0, 1], PLAIN)[
            "record"
        ]
        for attack in crews
    ]
    for record in records[:4]:
        np.testing.assert_array_equal(record, records[0])


def test_engines_agree_on_every_attack_from_inside() -> None:
    people = Population(**(TINY.model_dump() | {"providers": 6, "validators": 4, "validator_genesis_share": 0.02}))
    base = load_scenario("whitepaper", {"challenges.watch_share": 0.05, "validation.canary_share": 0.001})
    case = replace(
        base,
        days=12,
        parameters=base.parameters.model_copy(update={"population": people}),
        attacks=(
            Attack("sybil_tiers", 2, day=1, first=4),
            Attack("reputation_farming", 1.0, day=2, days=4, first=2),
            Attack("slash_evasion", 0.5, day=2, days=6, first=3),
            Attack("validator_cartel", 5.0, day=1, count=2),
            Attack("lazy_validators", 1.0, day=1, first=2),
            Attack("vote_buying", 1e5, day=2),
        ),
    )
    alone = radcad_days(case, SEED, 1)
    assert_same(alone, cadcad_days(case, SEED, 1))
    assert_same(alone, trajectory(ensemble_days([case] * 3, SEED, [0, 1, 2]), 1))


REFUSED = {
    "kind: sybil_tiers, size: 2.5": "found 2.5; allowed: a whole number from 1 to 10000 (identities)",
    "kind: lazy_validators, size: 1.0, value: 5.0": "lazy_validators, which asks for no payment",
    "kind: vote_buying, size: 1.0, day: 3, value: 3.0e+8": "allowed: a number from 0 to 200000000 (QUIV)",
    "kind: vote_buying, size: 1.0": "it buys votes on the day before, and there is none",
    "kind: vote_borrowing, size: 1.0, first: 300": "there are 300 holders",
}


@pytest.mark.parametrize("item", REFUSED)
def test_a_wrong_attack_is_answered(item: str, tmp_path: Any) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(f"extends: whitepaper\nattacks:\n  - {{{item}}}\n")
    with pytest.raises(RequestError, match="attacks") as told:
        load_scenario(path)
    assert REFUSED[item] in str(told.value)


def test_an_attack_made_by_hand_is_checked_too() -> None:
    for attack, why in (
        (Attack("sybil_tiers", 1.5), "no whole number"),
        (Attack("sybil_tiers", 2, value=1.0), "asks for no payment"),
        (Attack("vote_borrowing", 2.0, value=1e9), "outside"),
    ):
        with pytest.raises(ValueError, match=why):
            Economy(attacks=(attack,))
