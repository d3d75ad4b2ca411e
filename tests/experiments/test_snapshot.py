"""Snapshots of a live network: nothing appears or disappears, and runs that start from them go on."""

from __future__ import annotations

import json
import os
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.api import load, sweep
from experiments.engines.ensemble import execute
from experiments.engines.genesis import genesis
from experiments.engines.reference import radcad_states, run_radcad
from experiments.errors import RequestError, UnfitError
from experiments.inputs.address import one_spelling
from experiments.inputs.experiment import load_experiment
from experiments.inputs.scenario import load_scenario, override
from experiments.inputs.snapshot import load_snapshot, snapshot_of
from experiments.inputs.snapshot.buckets import Agent, bucketed
from experiments.storage.folder import Folder
from experiments.storage.results_io import write_json
from experiments.sweeps.plan_file import economy_as_data, economy_from_data, read_plan
from experiments.sweeps.planning import plan_of
from model import investors
from model.arrays import to_quiv
from model.economy import Economy
from model.flows import LEDGER
from model.formulas import emission, vesting
from model.ledger import BURNED, MINTED
from model.parameters.supply import ALLOCATIONS
from tests.experiments.snapshots import DAY, QUIV, STAKE, small, started, write
from tests.experiments.test_cli import call

SIZES = {"population.providers": 12, "population.consumers": 6, "population.validators": 4, "population.holders": 9}
UNBONDING = SIZES | dict.fromkeys(("population.providers", "population.validators"), 60)
"""Enough agents that some unbond."""

SHAPES = ("linear", "cliff")


def first_state(economy: Economy) -> dict[str, Any]:
    """The state of day 0 of one trajectory."""
    return genesis([economy], 1, [0])[0]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_run_goes_on_from_its_own_snapshot(shape: str, tmp_path: Path) -> None:
    """Every total is the same, to the nano-QUIV, and the ledger is audited on every day that follows."""
    before = load_scenario("whitepaper", SIZES | {"staking.unbonding_shape": shape}, days=30)
    state = execute([before] * 2, 3, [0, 5], [])["state"]
    write_json(snapshot_of(before, state, trajectory=1), tmp_path / "state.json")
    after = started(
        tmp_path, (tmp_path / "state.json").read_text(), f"parameters: {{staking.unbonding_shape: {shape}}}\n"
    )
    totals, begun = LEDGER.totals(state), LEDGER.totals(first_state(after))
    assert {name: int(value[0]) for name, value in begun.items()} == {n: int(v[1]) for n, v in totals.items()}
    assert state["fees.burn_share"][1] == first_state(after)["fees.burn_share"][0]
    last = execute([after], 3, [0], [])["state"]
    assert last["audited_substeps"] > 0
    assert last[MINTED][0] > begun[MINTED][0]
    assert last[MINTED][0] - last[BURNED][0] == LEDGER.holdings(last)[0]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_snapshot_of_the_first_day_is_the_snapshot_that_was_read(shape: str, tmp_path: Path) -> None:
    """Unbonding too: each agent is due the same on the same days."""
    before = load_scenario("whitepaper", UNBONDING | {"staking.unbonding_shape": shape}, days=25)
    read = snapshot_of(before, execute([before], 3, [0], [])["state"])
    assert len({item["day"] for item in read["unbonding"]}) > 3
    after = started(tmp_path, read, f"parameters: {{staking.unbonding_shape: {shape}}}\n")
    again = snapshot_of(after, first_state(after))
    assert again["day"] == read["day"] == 25
    names = {item["id"]: found["id"] for item, found in zip(again["holders"], _ranked(read), strict=True)}
    for item in [*again["holders"], *again["unbonding"]]:
        item["id"] = names.get(item["id"], item["id"])
    for key in ("supply", "accounts", "vesting", "providers", "validators", "consumers", "parameters", "price_usd"):
        assert again[key] == read[key], key
    for key in ("holders", "unbonding"):
        assert sorted(map(json.dumps, again[key])) == sorted(map(json.dumps, read[key])), key


def _ranked(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Holders in the order in which they are simulated: the largest first."""
    waiting: dict[str, int] = {}
    for item in content["unbonding"]:
        if item["of"] == "holder":
            waiting[item["id"]] = waiting.get(item["id"], 0) + int(item["amount"])
    size = {h["id"]: int(h["wallet"]) + int(h["delegated"]) + waiting.get(h["id"], 0) for h in content["holders"]}
    return sorted(content["holders"], key=lambda holder: (-size[holder["id"]], holder["id"]))


@pytest.mark.parametrize("shape", SHAPES)
def test_what_unbonds_is_released_on_its_day(shape: str, tmp_path: Path) -> None:
    """Where nobody decides anew: 30 of p1's 90 QUIV leave on the third day, the rest on the sixth."""
    chosen = f"parameters: {{staking.unbonding_shape: {shape}, staking.adjustment_per_day: 0.0}}\n"
    states, _ = radcad_states(started(tmp_path, small(), chosen, 7), 1, 0)
    held = [int(state["provider_unbonding_nquiv"][0]) // 10**9 for state in states]
    assert held == [90, 90, 90, 60, 60, 60, 0, 0]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_snapshot_says_what_the_run_itself_releases_next(shape: str) -> None:
    chosen = UNBONDING | {"staking.unbonding_shape": shape}
    economy = load_scenario("whitepaper", chosen, days=30)
    read = snapshot_of(economy, execute([economy], 3, [0], [])["state"])
    following = execute([replace(economy, days=31)], 3, [0], [])["state"]
    due = [int(item["amount"]) for item in read["unbonding"] if (item["of"], item["day"]) == ("validator", 30)]
    assert sum(due) == int(LEDGER.today(following, "validator_release")[0]) * 10**9 > 0


def test_payments_in_escrow_are_released_on_the_first_day(tmp_path: Path) -> None:
    economy = started(tmp_path, small(), "parameters: {jobs.challenge_hours: 48.0}\n", 1)
    moved = LEDGER.today(execute([economy], 1, [0], [])["state"], "payment", "challenge_refund")
    assert moved.tolist() == [10 * 10**9]


def test_totals_are_exact_to_the_wei(tmp_path: Path) -> None:
    content = small()
    found = load_snapshot(write(tmp_path, content))
    supply = content["supply"]["minted"] - content["supply"]["burned"]
    held = sum(sum(amounts) for amounts in found.start.balances.values())
    assert held == found.start.minted - found.start.burned == supply // 10**9
    assert held * 10**9 + found.outside_wei == supply
    parts = [5, 3, 2, 11, *[999_999_999] * 3, *[7] * 3, 2, 1, *[600_000_000] * 2, 1, 1, 1, 999_999_999]
    assert found.kept_nquiv == sum(parts) // 10**9 == 5
    assert found.start.balances["vesting_released_nquiv"] == (5,)


def test_the_example_of_the_page_adds_up(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "snapshot.md").read_text(encoding="utf-8")
    example = text.split("```json\n")[1].split("```")[0]
    found = load_snapshot(write(tmp_path, example))
    assert (found.day, found.supply_wei) == (400, 650 * 10**24 + 2)
    assert (found.kept_nquiv, found.outside_wei) == (0, 2)


amounts = st.integers(0, 10**24)


@settings(max_examples=60, deadline=None)
@given(st.lists(amounts, min_size=4, max_size=8), amounts, amounts, st.integers(0, 30))
def test_no_amount_makes_or_loses_a_token(
    tmp_path_factory: Any, wallets: list[int], treasury: int, burned: int, ahead: int
) -> None:
    content = small()
    content["holders"] = [{"id": f"h{place}", "wallet": amount} for place, amount in enumerate(wallets)]
    content["unbonding"] = [{"of": "holder", "id": "h0", "day": DAY + ahead, "amount": treasury // 3}]
    accounts = content["accounts"]
    for name in ("provider_unbonding", "validator_unbonding", "holder_delegated"):
        accounts.pop(name)
    accounts |= {"holder_wallet": sum(wallets), "treasury": treasury, "holder_unbonding": treasury // 3}
    content["supply"] = {"burned": burned, "minted": sum(accounts.values()) + burned}
    start = load_snapshot(write(tmp_path_factory.mktemp("snapshot"), content)).start
    balances = [amount for own in start.balances.values() for amount in own]
    assert min(balances) >= 0
    assert sum(balances) == start.minted - start.burned == sum(accounts.values()) // 10**9


def test_the_order_of_agents_changes_nothing(tmp_path: Path) -> None:
    content, shuffled = small(), small()
    for who in ("providers", "validators", "consumers", "holders", "unbonding"):
        random.Random(who).shuffle(shuffled[who])
    assert shuffled != content
    assert load_snapshot(write(tmp_path, content)).start == load_snapshot(write(tmp_path, shuffled)).start


def test_lists_may_be_csv_files(tmp_path: Path) -> None:
    content, tables = small(), small()
    holders = "\n".join(
        f"{h['id']},{h['wallet']},{h.get('delegated', '')},{h.get('provider', '')}" for h in content["holders"]
    )
    write(tmp_path, f"id,wallet,delegated,provider\n{holders}\n", "holders.csv")
    waiting = "\n".join(f"{u['amount']},{u['day']},{u['of']},{u['id']}" for u in content["unbonding"])
    write(tmp_path, f"amount,day,of,id\n{waiting}\n", "unbonding.csv")
    tables |= {"holders": "holders.csv", "unbonding": "unbonding.csv"}
    whole = load_snapshot(write(tmp_path, content, "whole.json"))
    assert load_snapshot(write(tmp_path, tables)).start == whole.start


def test_the_population_and_live_parameters_are_those_of_the_snapshot(tmp_path: Path) -> None:
    economy = started(tmp_path, small(), "parameters: {fees.take_limit: 0.4}\n")
    size = economy.parameters.population
    assert (size.providers, size.validators, size.consumers, size.holders) == (3, 1, 2, 4)
    assert economy.parameters.fees.burn_share == 0.61
    assert economy.parameters.fees.take_limit == 0.4
    assert override(economy, {"fees.burn_share": 0.3}).parameters.fees.burn_share == 0.3
    state = first_state(economy)
    assert state["fees.burn_share"][0] == 0.61
    assert state["price_usd"][0] == 0.25
    assert state["pool_usd"][0] == 0.25 * 4_000_000
    assert state["holder_provider"][0].tolist()[:2] == [1, 2]


def test_schedules_go_on_from_the_day_of_the_snapshot(tmp_path: Path) -> None:
    """Of emission and of vesting: what is minted and unlocked on the first day is what day 400 mints and unlocks."""
    economy = started(tmp_path, small(), "", 1)
    state, params = genesis([economy], 1, [0])
    schedule = (params["genesis.yearly_nquiv"], params["genesis.tail_rate_nquiv"], params["emission.halving_years"])
    due = emission.scheduled_uncapped(np.int64(DAY + 1), *schedule) - emission.scheduled_uncapped(
        np.int64(DAY), *schedule
    )
    early = emission.scheduled_uncapped(np.int64(1), *schedule)
    last = execute([economy], 1, [0], [])["state"]
    assert int(last[MINTED][0] - state[MINTED][0]) == int(due) != int(early)
    team = state["vesting_nquiv"][0] - last["vesting_nquiv"][0]
    assert team[params["genesis.allocation_nquiv"].argmax() * 0 + _place("team")] > 0


def test_the_market_knows_what_the_snapshot_takes_and_locks(tmp_path: Path) -> None:
    """Take as told, not as budgets promise; what unlocks within a year is the schedule's, if as much is locked."""
    economy = started(tmp_path, small(), "parameters: {valuation.first_take_usd: 1000.0}\n", 1)
    state, params = genesis([economy], 1, [0])
    diluted = economy.parameters.supply.cap_quiv - small()["supply"]["burned"] / QUIV
    worth = 365.0 * economy.parameters.valuation.multiple_years * 1000.0 * float(params["genesis.growth"][0])
    assert state["take_usd"] == [1000.0]
    np.testing.assert_allclose(investors.diluted_quiv(params, state), diluted, rtol=1e-12)
    np.testing.assert_allclose(state["value_usd"], worth / diluted, rtol=1e-12)
    np.testing.assert_allclose(
        state["investor_cash_usd"][0], worth * np.array(economy.parameters.investors.capital_share), rtol=1e-12
    )
    team, insiders = investors.unlocking(params, state)[0, :2]
    due = vesting.vested(*_terms(params), np.int64(DAY + 1 + 365)) - vesting.vested(*_terms(params), np.int64(DAY + 1))
    assert 0.0 < team == to_quiv(due[_place("team")]) < 1e8
    assert insiders < 1e-9 < to_quiv(due[_place("investors")])


def test_a_snapshot_of_a_run_keeps_what_the_network_takes(tmp_path: Path) -> None:
    before = load_scenario("whitepaper", SIZES, days=30)
    state = execute([before], 3, [0], [])["state"]
    again = first_state(started(tmp_path, snapshot_of(before, state)))
    assert again["take_usd"][0] == state["take_usd"][0] != first_state(before)["take_usd"][0]


def _terms(params: dict[str, Any]) -> tuple[Any, ...]:
    """What a schedule of vesting is made of."""
    own = ("genesis.allocation_nquiv", "genesis.tge_nquiv", "supply.cliff_days", "supply.vesting_days")
    return tuple(params[name] for name in own)


def _place(allocation: str) -> int:

    return ALLOCATIONS.index(allocation)


def test_engines_agree_and_a_plan_keeps_the_start(tmp_path: Path) -> None:
    economy = started(tmp_path, small())
    names = ["supply_quiv", "price_usd", "staking_ratio", "gini"]
    ensemble = execute([economy], 2, [1], names)["record"][..., 0]
    np.testing.assert_array_equal(ensemble, run_radcad([economy], 2, [1], names)[0])
    assert economy_from_data(json.loads(json.dumps(economy_as_data(economy)))) == economy
    assert economy.structure() != replace(economy, start=None).structure()


def test_a_store_needs_the_snapshot_no_more(tmp_path: Path) -> None:
    started(tmp_path, small())
    text = "scenario: go-on.yaml\nruns: 2\nmetrics: [supply_quiv]\ncontrols: {fees.burn_share: [0.5, 0.61]}\n"
    kpi = "kpis: [{name: supply, metric: supply_quiv, aggregation: last}]\n"
    (tmp_path / "question.yaml").write_text(text + kpi, encoding="utf-8")
    asked = plan_of(load_experiment(tmp_path / "question.yaml"))
    store = sweep(tmp_path / "question.yaml", out=tmp_path / "results", workers=0)
    (tmp_path / "state.json").unlink()
    kept = read_plan(Folder.at(store))
    assert kept.economies == asked.economies
    assert len(load(store).kpis) == 4
    replayed = execute([kept.economies[0]], asked.seed, [1], ["supply_quiv"])["record"][-1, 0, 0]
    assert load(store).kpis.query("design == 0 and run == 1")["supply"].item() == replayed


def test_many_holders_share_buckets_and_every_total_stays() -> None:
    draw = random.Random(5)
    holders = [
        Agent(
            f"h{n:05d}",
            {"wallet": draw.randrange(10**24), "delegated": draw.randrange(10**22)},
            draw.choice(["", "a", "b", "c"]),
            {n % 7: n},
        )
        for n in range(5000)
    ]
    found = bucketed(holders)
    assert len(found) <= 1000
    assert sum(" more" in agent.name for agent in found) > 400
    for column in ("wallet", "delegated"):
        for provider in ("", "a", "b", "c"):
            of = [sum(h.amounts[column] for h in group if h.provider == provider) for group in (holders, found)]
            assert of[0] == of[1]
    for day in range(7):
        assert sum(h.releases.get(day, 0) for h in found) == sum(h.releases.get(day, 0) for h in holders)
    draw.shuffle(holders)
    assert bucketed(holders) == found
    assert found == sorted(found, key=lambda agent: agent.rank)


ADDRESS = "0x90797798f85Ae98f26db69Ab7aD8a1604a72ec9d"
SPELLINGS = (ADDRESS, ADDRESS.lower(), "0x" + ADDRESS[2:].upper(), "0X" + ADDRESS[2:], ADDRESS[2:], f" {ADDRESS} ")


def named(content: dict[str, Any], old: str, new: dict[str, str]) -> dict[str, Any]:
    """The snapshot with one name as `new` has it in each list and key, and the same elsewhere."""
    for who in ("providers", "holders", "unbonding"):
        for item in content[who]:
            for key in ("id", "provider"):
                if item.get(key) == old:
                    item[key] = new[f"{who}.{key}"]
    return content


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_address_is_one_agent_in_every_spelling(spelling: str, tmp_path: Path) -> None:
    """A provider, who delegates to it and what it unbonds, spelled differently: the state is the same."""
    spelled = {"providers.id": ADDRESS, "holders.provider": spelling, "unbonding.id": spelling}
    alike = dict.fromkeys(spelled, ADDRESS.lower())
    for name in ("p1", "p2"):
        found, same = (load_snapshot(write(tmp_path, named(small(), name, new))) for new in (spelled, alike))
        assert found.start == same.start
    twice = small()
    twice["holders"] += [{"id": ADDRESS, "wallet": 0}, {"id": spelling, "wallet": 0}]
    with pytest.raises(RequestError, match=f"holders: found the id {ADDRESS.lower()} twice; allowed: each id once"):
        load_snapshot(write(tmp_path, twice))


def test_a_mistyped_address_is_refused_and_other_names_are_not() -> None:
    wrong = ADDRESS.replace("a", "A")
    with pytest.raises(
        UnfitError, match=f"found {wrong}, which is mistyped, or whose letters' case is not .* EIP-55 checksum; allowed"
    ):
        one_spelling(wrong)
    for name in ("h1", "0xa1", ADDRESS + "0", "Vitalik.eth", ADDRESS.replace("9", "９"), "g" * 40):
        assert one_spelling(name) == name


def put(*path: Any) -> Any:
    """A change that sets what a path leads to."""

    def change(content: dict[str, Any]) -> None:
        *way, key, value = path
        for step in way:
            content = content[step]
        content[key] = value

    return change


def three_holders(content: dict[str, Any]) -> None:
    content["holders"][0]["wallet"] += content["holders"].pop()["wallet"]


NOT_WEI = "allowed: a whole number of wei"
WRONG: tuple[tuple[Any, str], ...] = (
    (
        put("holders", 0, "wallet", 11 * QUIV + 600_000_000),
        "holder_wallet: the holders' wallets sum to .* wei too many",
    ),
    (
        put("providers", 1, "stake", STAKE - 1),
        "provider_stake: the providers' stakes sum to .*: 1 wei too few",
    ),
    (put("unbonding", 2, "amount", 0), "validator_unbonding: the validators' entries under unbonding sum to 0 wei"),
    (put("vesting", "team", 0), "accounts.vesting: allocations under vesting sum to 11 wei"),
    (put("supply", "burned", 5 * QUIV + 2), "supply: minted less burned is .*: 1 wei too many"),
    (put("accounts", "treasury", 0), "supply: minted less burned .*: 9,000,000,0.*,003 wei too few"),
    (put("supply", "burned", 10**27), "supply.burned: found .*; allowed: at most what was minted"),
    (put("supply", "minted", 10**27 + 1), "supply.minted: found .* at most the cap of 1,000,000,000,"),
    (put("holders", 0, "wallet", -1), f"holders.0.wallet: found -1; {NOT_WEI}"),
    (put("accounts", "treasury", 1.5e24), f"accounts.treasury: found .*; {NOT_WEI}"),
    (put("accounts", "treasury", "12 QUIV"), f"accounts.treasury: found '12 QUIV'; {NOT_WEI}"),
    (put("accounts", "treasury", "007"), f"accounts.treasury: found '007'; {NOT_WEI}"),
    (put("accounts", "tresury", 1), "accounts.tresury: no such key; .*nearest: treasury"),
    (put("balance", 1), "balance: no such key"),
    (put("holders", 0, "stake", 1), "holders.0.stake: no such key; allowed: id, wallet, delegated, provider"),
    (lambda content: content.pop("holders"), "holders: missing; allowed: a list"),
    (put("version", 2), "version: found 2; allowed: 1"),
    (put("consumers", 1, "id", "c1"), "consumers: found the id c1 twice"),
    (put("holders", 3, "id", ADDRESS.replace("a", "A")), "holders.3.id: found 0x9079.*EIP-55 checksum.*; allowed: the"),
    (put("holders", 1, "provider", "p9"), "holders.h2.provider: p9: no such provider"),
    (lambda content: content["holders"][1].pop("provider"), "holders.h2.provider: missing"),
    (put("unbonding", 0, "id", "p7"), "unbonding.0.id: p7: no such provider"),
    (put("unbonding", 0, "day", DAY - 1), "unbonding.0.day: found 399; allowed: 400 or later"),
    (put("unbonding", 0, "day", DAY + 21), "staking.unbonding_days: found 21; allowed: at least 22"),
    (put("parameters", "fees.burn_shar", 0.5), "fees.burn_shar: no such parameter; .*nearest: fees.burn_share"),
    (put("parameters", "fees.burn_share", 1.5), "fees.burn_share: found 1.5; allowed: a number from 0 to 1"),
    (put("parameters", "market.initial_price_usd", 1.0), "market.initial_price_usd: given by price_usd"),
    (put("price_usd", 0), "price_usd: found 0; allowed: a price from"),
    (three_holders, "holders: found 3; allowed: a whole number from 4"),
    (put("holders", "nowhere.csv"), "nowhere.csv: no such file"),
)


@pytest.mark.parametrize(("change", "said"), WRONG, ids=[said[:40] for _, said in WRONG])
def test_a_snapshot_that_does_not_add_up_is_refused(change: Any, said: str, tmp_path: Path) -> None:
    content = small()
    change(content)
    refused(tmp_path, content, said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not readable as JSON"),
        ('{"day": 1, "day": 2}', "the key day is there twice"),
        ('{"price_usd": NaN}', "NaN is no number"),
        ('{"price_usd": 1.0e99999999999999999999}', "1.0e99999999999999999999 is too large or too small a number"),
        ('{"price_usd": 1e-99999999999999999999}', "1e-99999999999999999999 is too large or too small a number"),
        ('{"holders": "\\ud800"}', r"found the character U\+D800 \(half of a character\)"),
        ('{"holders": [{"id": "h\\u200d1"}]}', r"found the character U\+200D \(zero width joiner\)"),
        ('{"holders": [{"id": "h\\u001b[31m"}]}', r"found the character U\+001B \(control character\)"),
        ("[]", "found a list; allowed: keys"),
    ],
)
def test_a_file_that_is_no_snapshot_is_refused(text: str, said: str, tmp_path: Path) -> None:
    refused(tmp_path, text, said)


def refused(folder: Path, content: Any, said: str) -> None:
    """A run that would start from the snapshot answers with one sentence and nothing else."""
    write(folder, content)
    scenario = folder / "go-on.yaml"
    scenario.write_text("extends: whitepaper\nstart: state.json\ndays: 2\n", encoding="utf-8")
    code, out, err = call("run", scenario)
    assert (code, out, err.count("\n")) == (2, "", 1), err
    assert re.search(said, err), err


def test_what_does_not_go_with_a_snapshot_is_refused(tmp_path: Path) -> None:
    write(tmp_path, small())
    file = tmp_path / "go-on.yaml"
    file.write_text("extends: whitepaper\nstart: state.json\ndays: 2\n", encoding="utf-8")
    for setting, said in {
        "population.holders=9": "population.holders: found 9; allowed: 4, as the snapshot",
        "staking.unbonding_days=20": "staking.unbonding_days: found 20; allowed: at least 21",
        "mechanisms.escrow=false": "mechanisms.escrow: found false; allowed: true",
    }.items():
        code, _, err = call("run", file, "--set", setting)
        assert (code, said in err) == (2, True), err


def test_the_command_says_what_a_snapshot_comes_to(tmp_path: Path) -> None:
    file = write(tmp_path, small())
    code, out, err = call("snapshot", file, "--json")
    shown = json.loads(out)
    assert (code, err) == (0, "")
    assert shown["kept_nquiv"] == "5"
    assert next(row for row in shown["accounts"] if row["account"] == "treasury") == {
        "account": "treasury",
        "wei": "9000000000000000000000003",
        "nquiv": "9000000000000000",
    }
    code, out, err = call("snapshot", file)
    assert code == 0
    assert "9000000000000000000000003" in out
    assert "5 nano-QUIV of them in vesting_released" in err


def test_a_run_writes_its_state(tmp_path: Path) -> None:
    sizes = [part for key, value in SIZES.items() for part in ("--set", f"{key}={value}")]
    code, out, _ = call("run", "whitepaper", "--days", 3, *sizes, "--state-out", tmp_path / "s.json", "--json")
    assert code == 0
    assert json.loads(out)["state"] == str(tmp_path / "s.json")
    assert load_snapshot(tmp_path / "s.json").day == 3
    os.mkfifo(tmp_path / "pipe")
    for wrong in ("none/s.json", "pipe", "."):
        code, _, err = call("run", "whitepaper", "--state-out", tmp_path / wrong)
        assert (code, "--state-out" in err) == (2, True)
    assert (tmp_path / "pipe").is_fifo(), "a pipe or a device in the place of the file is not replaced by it"
