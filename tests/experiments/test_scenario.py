"""Scenario files: what they give, and the answer to each mistake in one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from experiments.errors import RequestError
from experiments.inputs.scenario import load_scenario, override, preset_names, scenario_names
from experiments.inputs.shipped import PRESETS, SCENARIOS, about
from model.economy import Economy
from model.parameters import Parameters, flatten
from model.shocks import KINDS, SEVERITIES, Shock


def write(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(path: Path | str, **kwargs: Any) -> list[str]:
    with pytest.raises(RequestError) as caught:
        load_scenario(path, **kwargs)
    return caught.value.problems


@pytest.mark.parametrize("name", scenario_names())
def test_everything_shipped_loads_under_its_name(name: str) -> None:
    economy = load_scenario(name)
    assert economy.name == name
    assert economy.title
    assert about(name).description


def test_whitepaper_is_the_registrys_defaults() -> None:
    assert load_scenario("whitepaper").parameters == Parameters() == load_scenario("summary_80_15_5").parameters


@pytest.mark.parametrize("name", preset_names())
def test_every_number_that_a_preset_changes_has_a_source_beside_it(name: str) -> None:
    preset = about(name)
    assert set(preset.changes) == set(preset.sources)
    assert all(len(source) > 5 for source in preset.sources.values())


def test_presets_come_first_and_are_scenarios_too() -> None:
    assert preset_names()[0] == "whitepaper"
    assert scenario_names()[: len(preset_names())] == preset_names()
    assert {"root", "root_base_fee", "rewards", "readme_allocation", "whitepaper_2_3_05"} < set(preset_names())
    assert {"quiet", "frozen_price", "no_emission", "burn_share_vote", "price_crash", "volatility_regime"} < set(
        scenario_names()
    )


def test_shares_of_a_payment_are_those_of_the_documents() -> None:
    def provider(name: str) -> float:
        fees = load_scenario(name).parameters.fees
        return 1.0 - fees.network_share - fees.treasury_share - fees.referral_share - fees.base_burn_share

    expected = {"whitepaper": 0.80, "whitepaper_2_3_05": 0.945, "root": 0.95, "root_base_fee": 0.945}
    assert {name: provider(name) for name in expected} == pytest.approx(expected)
    table = load_scenario("whitepaper_2_3_05").parameters.fees
    assert table.network_share * table.burn_share == pytest.approx(0.02)
    assert table.network_share * (1 - table.burn_share) == pytest.approx(table.validator_share)


def test_what_the_presets_say_holds_at_a_fee_multiplier_of_one() -> None:
    for name in ("whitepaper_2_3_05", "root_base_fee"):
        assert "fee multiplier of one, providers keep 94.5" in about(name).description
    fees = load_scenario("whitepaper_2_3_05").parameters.fees
    kept = [m * fees.network_share * (1 - fees.burn_share) - fees.validator_share for m in (1.0, 2.0)]
    assert kept == pytest.approx([0.0, fees.network_share / 5])
    assert f"{load_scenario('whitepaper').parameters.demand.adoption_multiple:g}" == "4"
    assert "in place of four times" in about("slow_adoption").description


def test_root_circulates_150_million_at_genesis_and_overdraws_its_pool() -> None:
    root, own = load_scenario("root").parameters, load_scenario("whitepaper").parameters
    circulating = [
        sum(s * t for i, (s, t) in enumerate(zip(p.supply.allocation_share, p.supply.tge_share, strict=True)) if i != 1)
        for p in (own, root)
    ]
    assert [share * 1e9 for share in circulating] == pytest.approx([75e6, 150e6])
    assert sum(root.emission.yearly_quiv) == 355e6
    assert root.emission.tail_first_rate_quiv == root.emission.yearly_quiv[-1] / 2


def test_readme_has_no_treasury_and_no_liquidity() -> None:
    share = load_scenario("readme_allocation").parameters.supply.allocation_share
    assert share == (0.40, 0.0, 0.20, 0.10, 0.10, 0.20, 0.0)


def test_a_file_is_merged_over_what_it_extends(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        """
extends: root
title: Mine
days: 90
population: {providers: 50}
parameters: {fees.treasury_share: 0.01, supply.cliff_days: [0, 0, 365, 30, 0, 0, 0]}
mechanisms: {market: false}
exogenous: {price_usd: 0.25}
noise: false
attacks: []
phases: all_on
""",
    )
    economy = load_scenario(path)
    assert (economy.name, economy.title, economy.days, economy.noise) == ("mine", "Mine", 90, False)
    assert economy.parameters.fees.network_share == 0.05
    assert economy.parameters.fees.treasury_share == 0.01
    assert economy.parameters.supply.cliff_days == (0, 0, 365, 30, 0, 0, 0)
    assert economy.parameters.population.providers == 50
    assert not economy.on("market")
    assert economy.on("staking")
    np.testing.assert_array_equal(economy.exogenous["price_usd"], [0.25])


def test_a_whole_number_for_a_real_parameter_becomes_real(tmp_path: Path) -> None:
    economy = load_scenario(write(tmp_path, "parameters: {treasury.grants_quiv_per_year: 1000000}"))
    value = economy.parameters.treasury.grants_quiv_per_year
    assert value == 1e6
    assert isinstance(value, float)
    minimum = override(Economy(), {"staking.tier_minimum_quiv": [1, 2, 3, 4]}).parameters.staking.tier_minimum_quiv
    assert all(isinstance(item, float) for item in minimum)


def test_a_scenario_extends_a_scenario_that_extends_a_preset(tmp_path: Path) -> None:
    write(tmp_path, "extends: root\nparameters: {fees.burn_share: 0.4}", "base.yaml")
    economy = load_scenario(write(tmp_path, "extends: base.yaml\nnoise: false"))
    assert economy.parameters.fees.burn_share == 0.4
    assert economy.parameters.fees.network_share == 0.05
    assert load_scenario(write(tmp_path, "extends: burn_share_vote\nproposals: []")).proposals == ()


def test_overrides_and_days_win_over_the_file() -> None:
    overrides = {"fees.burn_share": 0.6, "mechanisms.market": False, "exogenous.price_usd": 0.2, "go_literal": True}
    economy = load_scenario("burn_share_vote", overrides, days=20)
    assert economy.days == 20
    assert economy.parameters.fees.burn_share == 0.6
    assert economy.go_literal
    assert not economy.on("market")
    assert economy.exogenous["price_usd"].tolist() == [0.2]
    assert override(economy, {"exogenous.price_usd": None}).exogenous == {}
    assert len(economy.proposals) == 1


def test_an_override_changes_nothing_of_the_economy_it_starts_from() -> None:
    base = load_scenario("whitepaper")
    before = flatten(base.parameters)
    override(base, {"fees.burn_share": 0.1, "mechanisms.market": False})
    assert flatten(base.parameters) == before
    assert base.on("market")


def test_paths_come_from_csv_files_beside_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "price.csv").write_text("day,price_usd\n0,0.1\n1,0.2\n2,0.3\n\n")
    (tmp_path / "demand.csv").write_text("\ufeffdemand_tokens\r\n5\r\n6\r\n7\r\n", encoding="utf-8")
    text = "days: 3\nexogenous: {price_usd: price.csv, demand_tokens: demand.csv}"
    economy = load_scenario(write(tmp_path, text))
    assert economy.exogenous["price_usd"].tolist() == [0.1, 0.2, 0.3]
    assert economy.exogenous["demand_tokens"].tolist() == [5.0, 6.0, 7.0]
    without_days = write(tmp_path, "exogenous: {price_usd: price.csv}")
    assert load_scenario(without_days, days=2).days == 2
    assert "found a path of 3 rows; allowed: at least 4" in problems(without_days, days=4)[0]


WRONG: dict[str, tuple[Any, ...]] = {
    "unknown key": ("parameter: {}", "parameter", "no such key", "nearest: parameters"),
    "unknown parameter": ("parameters: {fees.burn_shar: 0.5}", "parameters.fees.burn_shar", "nearest: fees.burn_share"),
    "no contract": ("parameters: {burn_share: 0.5}", "parameters.burn_share", "nearest: fees.burn_share"),
    "nested contract": ("parameters: {fees: {burn_share: 0.5}}", "parameters.fees", "no such parameter"),
    "above the bound": (
        "parameters: {fees.burn_share: 1.5}",
        "fees.burn_share: found 1.5; allowed: a number from 0 to 1 (share of the network fee)",
    ),
    "below the bound": ("parameters: {staking.unbonding_days: 0}", "found 0", "a whole number from 1 to 180 (days)"),
    "infinite": ("parameters: {fees.burn_share: .inf}", "found inf", "from 0 to 1"),
    "not a number": ("parameters: {fees.burn_share: .nan}", "found nan", "from 0 to 1"),
    "text for a number": ("parameters: {fees.burn_share: half}", "found 'half'", "a number from 0 to 1"),
    "exponent without sign": (
        "parameters: {treasury.grants_quiv_per_year: 1e6}",
        "found '1e6'",
        "write 1000000 or 1.0e+6",
    ),
    "small exponent": ("parameters: {fees.base_burn_share: 25e-4}", "write 0.0025 or 2.5e-3"),
    "switch for a number": ("parameters: {fees.burn_share: true}", "found true", "a number"),
    "switch for a whole number": ("population: {providers: true}", "population.providers: found true", "whole number"),
    "real for whole": ("parameters: {staking.unbonding_days: 21.0}", "found 21.0", "write 21"),
    "fraction for whole": ("parameters: {staking.unbonding_days: 21.5}", "found 21.5", "a whole number from 1 to 180"),
    "time of day": ("parameters: {staking.unbonding_days: 12:30}", "found '12:30'", "whole number"),
    "octal": ("parameters: {staking.unbonding_days: 010}", "found '010'", "whole number"),
    "nothing": ("parameters: {fees.burn_share: }", "found nothing", "a number from 0 to 1"),
    "short list": ("parameters: {supply.cliff_days: [0, 0]}", "found [0, 0] of 2", "a list of 7 numbers"),
    "number for a list": ("parameters: {supply.cliff_days: 3}", "found 3", "a list of 7 numbers"),
    "item of a list": ("parameters: {governance.threshold: [0.6, 0.55, 0.5, 75]}", "item 4 is 75", "from 0.5 to 1"),
    "real in a whole list": (
        "parameters: {supply.cliff_days: [0.5, 0, 0, 0, 0, 0, 0]}",
        "item 1 is 0.5",
        "whole number",
    ),
    "choice": ("parameters: {market.price_process: gmb}", "found 'gmb'", "quantity or gbm", "nearest: gbm"),
    "no as a switch": ("parameters: {supply.treasury_circulates: no}", "found 'no'", "true or false"),
    "sum of shares": ("parameters: {supply.allocation_share: [0.35, 0.2, 0.15, 0.1, 0.1, 0.05, 0.1]}", "sums to 1.05"),
    "cross-field": ("parameters: {fees.stakers_share: 0.6}", "fees.stakers_share", "sum to 1.1", "at most 1"),
    "thresholds crossed": ("parameters: {fees.congestion_low: 0.9}", "fees.congestion_low (0.9) is above"),
    "days zero": ("days: 0", "days: found 0", "from 1 to 36500 (days)"),
    "days in words": ("days: a year", "days: found 'a year'", "whole number"),
    "population": ("population: {provider: 3}", "population.provider", "no such population", "nearest: providers"),
    "twice": (
        "population: {providers: 3}\nparameters: {population.providers: 4}",
        "population.providers",
        "given twice",
    ),
    "population as a number": ("population: 200", "population: found 200", "names and values"),
    "mechanism": ("mechanisms: {stakng: false}", "mechanisms.stakng", "no such mechanism", "nearest: staking"),
    "mechanism later": (
        "mechanisms: {appeals: false}",
        "mechanisms.appeals",
        "no such mechanism; allowed: vesting",
    ),
    "mechanism off": ("mechanisms: {staking: off}", "mechanisms.staking: found 'off'", "true or false"),
    "process": ("exogenous: {price: 0.1}", "exogenous.price", "no such process", "price_usd"),
    "price of zero": (
        "exogenous: {price_usd: 0}",
        "exogenous.price_usd: found 0",
        "(USD per QUIV), or the path of a CSV",
    ),
    "negative demand": ("exogenous: {demand_tokens: -5}", "exogenous.demand_tokens: found -5", "from 0"),
    "missing csv": ("exogenous: {price_usd: nowhere.csv}", "exogenous.price_usd", "nowhere.csv: no such file"),
    "path against mechanism": ("exogenous: {price_usd: 0.1}\nmechanisms: {price: false}", "mechanisms.price is off"),
    "noise": ("noise: 0", "noise: found 0", "true or false"),
    "title": ("title: 7", "title: found 7", "text"),
    "shocks": ("shocks: 3", "shocks: found 3", "a list of shocks, each with day, kind, size"),
    "shock": ("shocks: [3]", "shocks[0]: found 3", "a shock with day, kind, size"),
    "severity of no shocks": (
        "severity: mild",
        "severity: found 'mild'; allowed: no severity where there are no shocks",
    ),
    "fields of a shock missing": ("shocks: [{day: 3}]", "shocks[0].kind: missing", "shocks[0].size: missing"),
    "phases misspelt": (
        "phases: launch_12_week",
        "phases: found 'launch_12_week'; allowed: launch_12_weeks or all_on, or days by phase",
        "nearest: launch_12_weeks",
    ),
    "phases as a number": ("phases: 3", "phases: found 3; allowed: launch_12_weeks or all_on, or days by phase"),
    "phases as a list": ("phases: [staking, payments]", "phases: found ['staking', 'payments']; allowed: launch_12"),
    "unknown phase": ("phases: {stakng: 3}", "phases.stakng: no such phase with a day", "nearest: staking"),
    "phase without a day": ("phases: {token: 3}", "phases.token: no such phase", "allowed: staking, payments"),
    "half a day": ("phases: {staking: 1.5}", "phases.staking: found 1.5", "a whole number from 0 to 36500 (days)"),
    "launch before genesis": ("phases: {quality: -1}", "phases.quality: found -1", "from 0 to 36500 (days)"),
    "votes before governance": (
        "phases: launch_12_weeks\nproposals: [{day: 55, parameter: fees.burn_share, value: 0.55, type: economic}]",
        "proposals[0].day: found 55; allowed: a day from 56 (launch.governance_day) on",
    ),
    "extends nothing known": ("extends: whitepapr", "extends", "no such scenario or file", "nearest: whitepaper"),
    "extends itself": ("extends: mine.yaml", "extends: mine.yaml leads back to itself"),
    "extends a number": ("extends: 3", "extends: found 3", "name or path of a preset"),
    "duplicate key": ("days: 3\ndays: 4", "line 2: the key days is there twice"),
    "duplicate parameter": ("parameters:\n  fees.burn_share: 0.1\n  fees.burn_share: 0.2", "line 3", "there twice"),
    "alias": ("parameters: &a {fees.burn_share: 0.1}\nmechanisms: *a", "line 2", "aliases"),
    "key not text": ("1: 2", "line 1: the key 1 is not text"),
    "syntax": ("parameters: {fees.burn_share: 0.1", "line 1", "expected ',' or '}'"),
    "tab": ("parameters:\n\tfees.burn_share: 0.1", "line 2", "cannot start any token"),
    "two documents": ("days: 3\n---\ndays: 4", "expected a single document"),
    "empty": ("# nothing", "the file is empty"),
    "list at the top": ("- 1", "found a list", "keys and values"),
    "tag that does not fit": ("title: !!set [1]", "not readable as YAML (TypeError)"),
    "tag of nothing": ("title: !!float ''", "not readable as YAML (IndexError)"),
    "half a character": (
        'title: "\\ud800"',
        "line 1: found the character U+D800",
        "allowed: characters that can be seen",
    ),
    "object tag": ("title: !!python/object/apply:os.system [echo]", "could not determine a constructor"),
    "an experiment": ("controls: {fees.burn_share: [0.1]}", "controls", "quiver-sim sweep"),
    "proposals": ("proposals: 3", "proposals: found 3", "a list of proposals"),
    "proposal": ("proposals: [3]", "proposals[0]: found 3", "a proposal with day"),
    "fields missing": ("proposals: [{day: 3}]", "proposals[0].parameter: missing", "proposals[0].type: missing"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_answered_with_file_key_found_and_allowed(case: str, tmp_path: Path) -> None:
    text, *expected = WRONG[case]
    path = write(tmp_path, text)
    answer = "\n".join(problems(path))
    assert str(path) in answer
    for part in expected:
        assert part in answer


PROPOSAL: dict[str, Any] = {"day": 3, "parameter": "fees.burn_share", "value": 0.6, "type": "economic"}
WRONG_PROPOSALS: dict[str, tuple[Any, ...]] = {
    "unknown parameter": (
        {"parameter": "fees.burn_shre"},
        "parameter: found 'fees.burn_shre'",
        "nearest: fees.burn_share",
    ),
    "ungoverned": ({"parameter": "staking.unbonding_days"}, "which governance may not change", "a governed parameter"),
    "out of bounds": ({"value": 1.5}, "value: found 1.5", "from 0 to 1 (share of the network fee)"),
    "wrong type": ({"type": "technical"}, "type: found 'technical'", "economic or emergency", "for fees.burn_share"),
    "no such type": ({"type": "econmic"}, "type: found 'econmic'", "nearest: economic"),
    "after the end": ({"day": 90}, "day: found 90", "from 0 to 89"),
    "support": ({"support": 90}, "support: found 90", "from 0 to 1"),
    "proposer": ({"proposer": 300}, "proposer: found 300", "from 0 to 299"),
    "unknown key": ({"supports": 0.9}, "supports: no such key of a proposal", "nearest: support"),
}


@pytest.mark.parametrize("case", WRONG_PROPOSALS)
def test_a_wrong_proposal_is_answered(case: str, tmp_path: Path) -> None:
    change, *expected = WRONG_PROPOSALS[case]
    fields = ", ".join(f"{key}: {value}" for key, value in (PROPOSAL | change).items())
    path = write(tmp_path, f"days: 90\nproposals: [{{{fields}}}]")
    (answer,) = problems(path)
    assert f"{path}: proposals[0]." in answer
    for part in expected:
        assert part in answer


SHOCK: dict[str, Any] = {"day": 3, "kind": "price_jump", "size": -0.3}
REGIME: dict[str, Any] = {"day": 3, "kind": "volatility_regime", "size": 2.0, "days": 5}
EXIT: dict[str, Any] = {"day": 3, "kind": "provider_exit", "share": 0.3}
FAULT: dict[str, Any] = {"day": 3, "kind": "feed_fault", "size": 0.5, "share": 0.4, "days": 5}
WRONG_SHOCKS: dict[str, tuple[Any, ...]] = {
    "unknown kind": (
        SHOCK | {"kind": "price_jmp"},
        "kind: found 'price_jmp'; allowed: demand_surge or demand_collapse or",
        "nearest: price_jump",
    ),
    "kind that is not text": (SHOCK | {"kind": 3}, "kind: found 3; allowed: demand_surge or demand_collapse or"),
    "all is lost": (SHOCK | {"size": -1}, "size: found -1", "from -0.999 to 999 (relative change)"),
    "percent in words": (SHOCK | {"size": "'30 %'"}, "size: found '30 %'", "(relative change)"),
    "no volatility": (REGIME | {"size": 0}, "size: found 0", "from 0.01 to 100 (factor)"),
    "after the end": (SHOCK | {"day": 90}, "day: found 90", "from 0 to 89 (day, counted from 0)"),
    "half a day": (SHOCK | {"day": 1.5}, "day: found 1.5", "a whole number from 0 to 89"),
    "days of a jump": (SHOCK | {"days": 5}, "days: found 5; allowed: no days for a price_jump"),
    "regime without days": (
        {key: value for key, value in REGIME.items() if key != "days"},
        "days: missing; every shock has day, kind, size, days",
    ),
    "no days": (REGIME | {"days": 0}, "days: found 0", "from 1 to 36500 (days)"),
    "unknown key": (SHOCK | {"sise": 3}, "sise: no such key of a shock", "nearest: size"),
    "two sizes": (
        EXIT | {"severity": "mild"},
        "found share and severity; allowed: one of size, share, severity",
    ),
    "share of a jump": (SHOCK | {"share": 0.3}, "share: no such key of a shock; allowed: day, kind, size"),
    "more than all": (EXIT | {"share": 1.2}, "share: found 1.2", "from 0 to 1 (share of providers)"),
    "no such severity": (
        {"day": 3, "kind": "fire_sale", "severity": "advers"},
        "severity: found 'advers'; allowed: mild or adverse or severe; nearest: adverse",
    ),
    "fault of nobody": (
        {key: value for key, value in FAULT.items() if key != "share"},
        "share: missing; every shock has day, kind, size, share, days",
    ),
    "fault of two sizes": (
        FAULT | {"severity": "mild"},
        "found size and share and severity; allowed: one of size with share, severity",
    ),
    "more feeds than there are": (FAULT | {"share": 2}, "share: found 2", "from 0 to 1 (share of feeds)"),
    "days of an exit": (EXIT | {"days": 5}, "days: found 5; allowed: no days for a provider_exit"),
}


@pytest.mark.parametrize("case", WRONG_SHOCKS)
def test_a_wrong_shock_is_answered(case: str, tmp_path: Path) -> None:
    given, *expected = WRONG_SHOCKS[case]
    fields = ", ".join(f"{key}: {value}" for key, value in given.items())
    path = write(tmp_path, f"days: 90\nshocks: [{{{fields}}}]")
    (answer,) = problems(path)
    assert f"{path}: shocks[0]" in answer
    for part in expected:
        assert part in answer


def test_shocks_are_read_replaced_and_outlived_by_a_shorter_horizon(tmp_path: Path) -> None:
    jump, regime = "{day: 40, kind: price_jump, size: -0.3}", "{day: 2, kind: volatility_regime, size: 3, days: 99}"
    path = write(tmp_path, f"days: 90\nshocks: [{jump}, {regime}]")
    assert load_scenario(path).shocks == (Shock(40, "price_jump", -0.3), Shock(2, "volatility_regime", 3.0, 99))
    assert len(load_scenario(path, days=10).shocks) == 2
    assert load_scenario(write(tmp_path, f"extends: {path.name}\nnoise: false", "heir.yaml")).shocks != ()
    assert load_scenario(write(tmp_path, f"extends: {path.name}\nshocks: []", "calm.yaml")).shocks == ()
    assert load_scenario("price_crash").shocks == (Shock(400, "fire_sale", 0.3), Shock(400, "price_jump", -0.5))


def test_a_shock_says_its_size_in_one_of_three_ways(tmp_path: Path) -> None:
    ways = ("size: 0.3", "share: 0.3", "severity: adverse")
    shocks = [load_scenario(write(tmp_path, f"shocks: [{{day: 400, kind: provider_exit, {way}}}]")) for way in ways]
    assert {economy.shocks for economy in shocks} == {(Shock(400, "provider_exit", 0.3),)}
    fault = load_scenario(write(tmp_path, "shocks: [{day: 9, kind: feed_fault, size: -0.2, share: 0.6, days: 2}]"))
    assert fault.shocks == (Shock(9, "feed_fault", -0.2, 2, share=0.6),)
    sold = load_scenario(write(tmp_path, "shocks: [{day: 9, kind: whale_exit, share: 0.6, days: 2}]"))
    assert sold.shocks == (Shock(9, "whale_exit", 0.6, 2),)


def test_a_scenarios_severity_grades_the_shocks_that_say_nothing(tmp_path: Path) -> None:
    """Its own, or those that it finds in what it extends; a size of their own stands."""
    text = "severity: mild\nshocks: [{day: 4, kind: fire_sale}, {day: 4, kind: congestion, days: 2, size: 0.5}]"
    path = write(tmp_path, text)
    assert load_scenario(path).shocks == (Shock(4, "fire_sale", 0.1), Shock(4, "congestion", 0.5, 2))
    heir = load_scenario(write(tmp_path, f"extends: {path.name}\nseverity: severe", "heir.yaml"))
    assert heir.shocks == (Shock(4, "fire_sale", 0.6), Shock(4, "congestion", 0.5, 2))
    plain = load_scenario(write(tmp_path, f"extends: {path.name}\nnoise: false", "plain.yaml"))
    assert plain.shocks == load_scenario(path).shocks


def test_a_severity_of_nothing_is_answered(tmp_path: Path) -> None:
    path = write(tmp_path, "severity: mild")
    assert problems(path) == [f"{path}: severity: found 'mild'; allowed: no severity where there are no shocks"]
    path = write(tmp_path, "severity: 3\nshocks: [{day: 4, kind: fire_sale}]")
    assert f"{path}: severity: found 3; allowed: mild or adverse or severe" in problems(path)


def test_the_stress_scenarios_are_one_list_at_three_grades() -> None:
    graded = {severity: load_scenario(f"stress_{severity}").shocks for severity in SEVERITIES}
    times = {severity: [(shock.day, shock.kind, shock.days) for shock in graded[severity]] for severity in SEVERITIES}
    assert times["mild"] == times["adverse"] == times["severe"]
    assert len({shock.kind for shock in graded["mild"]}) >= 10
    for severity, shocks in graded.items():
        assert [(s.size, s.share) for s in shocks] == [KINDS[s.kind].grades.of(severity) for s in shocks]


@pytest.mark.parametrize("name", [name for name in KINDS if name != "price_jump"])
def test_every_kind_is_a_scenario_of_its_name(name: str) -> None:
    """All but the price's jump, which is in price_crash; at the grade adverse."""
    (shock,) = load_scenario(name).shocks
    assert shock.kind == name
    assert (shock.size, shock.share) == KINDS[name].grades.of("adverse")


IDLE_SHOCKS = {
    "price from outside": ("exogenous: {price_usd: 0.1}", "exogenous.price_usd is given"),
    "price off": ("mechanisms: {price: false}", "mechanisms.price is off"),
}


@pytest.mark.parametrize("case", IDLE_SHOCKS)
def test_a_shock_that_would_change_nothing_is_refused(case: str, tmp_path: Path) -> None:
    text, why = IDLE_SHOCKS[case]
    path = write(tmp_path, f"{text}\nshocks: [{{day: 3, kind: price_jump, size: -0.3}}]")
    assert problems(path) == [
        f"{path}: shocks[0]: a price_jump has nothing to act on: {why}; allowed: one or the other"
    ]


def test_an_override_may_not_leave_a_shock_nothing_to_act_on() -> None:
    (answer,) = problems("volatility_regime", overrides={"exogenous.price_usd": 0.1})
    assert "override: shocks[0]: a volatility_regime has nothing to act on: exogenous.price_usd is given" in answer


def test_phases_set_the_days_of_the_launch_and_what_is_more_explicit_wins(tmp_path: Path) -> None:
    names = ("staking", "payments", "quality", "governance", "integration")

    def days(text: str, **overrides: int) -> list[int]:
        given = {name.replace("__", "."): value for name, value in overrides.items()}
        launch = load_scenario(write(tmp_path, text), overrides=given).parameters.launch
        return [getattr(launch, f"{name}_day") for name in names]

    assert days("phases: launch_12_weeks") == [14, 28, 42, 56, 70]
    assert days("phases: all_on") == days("title: None of them") == [0, 0, 0, 0, 0]
    assert days("phases: {payments: 9}") == [0, 9, 0, 0, 0]
    assert days("parameters: {launch.payments_day: 60}\nphases: launch_12_weeks") == [14, 60, 42, 56, 70]
    assert days("phases: launch_12_weeks", launch__quality_day=5) == [14, 28, 5, 56, 70]
    assert days("extends: launch_12_weeks\nphases: {payments: 60}") == [14, 60, 42, 56, 70]
    assert days("extends: launch_12_weeks\nphases: all_on") == [0, 0, 0, 0, 0]
    assert days("extends: payments_without_quality\nparameters: {launch.quality_day: 30}") == [14, 28, 30, 56, 70]


def test_an_override_may_not_leave_a_proposal_before_governance(tmp_path: Path) -> None:
    path = write(tmp_path, "proposals: [{day: 5, parameter: fees.burn_share, value: 0.55, type: economic}]")
    with pytest.raises(RequestError, match=r"proposals\[0\].day: found 5; allowed: a day from 6"):
        load_scenario(path, overrides={"launch.governance_day": 6})


def test_an_emergency_may_change_any_governed_parameter(tmp_path: Path) -> None:
    text = "proposals: [{day: 3, parameter: fees.burn_share, value: 0.6, type: emergency, title: Now}]"
    (proposal,) = load_scenario(write(tmp_path, text)).proposals
    assert (proposal.type, proposal.support, proposal.proposer, proposal.title) == ("emergency", 0.9, 0, "Now")


WRONG_PATHS = {
    "header": ("price\n1\n2\n", "line 1: found other columns; allowed: price_usd, or day and price_usd"),
    "semicolons": ("day;price_usd\n0;1\n", "line 1: found columns separated by semicolons"),
    "empty": ("", "price.csv: the file is empty; allowed: the columns price_usd, or day and price_usd"),
    "gap": ("day,price_usd\n0,1\n2,1\n", "line 3: found day '2'; allowed: day 1"),
    "text": ("price_usd\n1\nx\n", "line 3: found 'x'"),
    "blank line": ("price_usd\n1\n\n1\n", "line 3: found 0 columns; allowed: 1 column "),
    "nan": ("price_usd\n1\nnan\n", "line 3: found nan"),
    "zero": ("price_usd\n1\n0\n", "line 3: found 0.0; allowed: a number from 1e-06 to 10000 (USD per QUIV)"),
    "columns": ("price_usd\n1\n1,2\n", "line 3: found 2 columns"),
    "short": ("price_usd\n1\n1\n", "found a path of 2 rows; allowed: at least 90 (one for each day)"),
    "one row": ("price_usd\n1\n", "found 1 row; allowed: a row for each day, or a constant"),
    "many": ("price_usd\n" + "x\n" * 9, "line 10: found 'x'"),
}


@pytest.mark.parametrize("case", WRONG_PATHS)
def test_a_wrong_path_is_answered_with_file_and_line(case: str, tmp_path: Path) -> None:
    content, expected = WRONG_PATHS[case]
    (tmp_path / "price.csv").write_text(content)
    path = write(tmp_path, "days: 90\nexogenous: {price_usd: price.csv}")
    answer = "\n".join(problems(path))
    assert "exogenous.price_usd" in answer
    assert expected in answer


def test_every_problem_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = (
        "days: 0\nparameters: {fees.burn_share: 2, fees.x: 1}\nmechanisms: {a: true}\nproposals: [{day: -1}]\nnoise: 3"
    )
    assert len(problems(write(tmp_path, text))) == 9


def test_chains_that_are_too_long_or_closed_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "extends: root", "a.yaml")
    write(tmp_path, "extends: a.yaml", "b.yaml")
    assert "a third scenario in a row" in problems(write(tmp_path, "extends: b.yaml", "c.yaml"))[0]
    write(tmp_path, "extends: b.yaml", "a.yaml")
    assert "leads back to itself" in problems(tmp_path / "b.yaml")[0]


def test_a_wrong_parent_is_named_itself(tmp_path: Path) -> None:
    write(tmp_path, "parameters: {fees.burn_share: 3}", "parent.yaml")
    (answer,) = problems(write(tmp_path, "extends: parent.yaml"))
    assert str(tmp_path / "parent.yaml") in answer


def test_names_and_files_that_do_not_exist_are_answered(tmp_path: Path) -> None:
    assert "nearest: root" in problems("rooot")[0]
    write(tmp_path, "days: 3")
    assert problems(tmp_path / "mne.yaml") == [f"{tmp_path / 'mne.yaml'}: no such file; nearest: mine.yaml"]
    assert problems(tmp_path / "nosuch.yaml") == [f"{tmp_path / 'nosuch.yaml'}: no such file"]
    assert problems("rooot.yaml") == ["rooot.yaml: no such file; nearest: root"]
    assert "a folder; allowed: a file" in problems(tmp_path)[0]
    assert "quiver-sim sweep demo" in problems("demo")[0]
    (tmp_path / "latin.yaml").write_bytes(b"title: caf\xe9")
    assert "not a text file in UTF-8" in problems(tmp_path / "latin.yaml")[0]


def test_overrides_are_checked_like_a_file() -> None:
    assert problems("whitepaper", overrides={"fees.burn_share": 2})[0].startswith("override: fees.burn_share: found 2")
    assert "nearest: fees.burn_share" in problems("whitepaper", overrides={"fees.burnshare": 0.2})[0]
    assert "mechanisms.X, exogenous.X, noise, go_literal" in problems("whitepaper", overrides={"burnshare": 0.2})[0]
    assert problems("whitepaper", overrides={"noise": 2}, given_as="--set")[0].startswith("--set: noise: found 2")
    assert "days: found 0" in problems("whitepaper", days=0)[0]


def test_a_proposer_must_survive_an_override(tmp_path: Path) -> None:
    text = "proposals: [{day: 3, parameter: fees.burn_share, value: 0.6, type: economic, proposer: 250}]"
    answer = problems(write(tmp_path, text), overrides={"population.holders": 100})
    assert answer == [
        "override: proposals[0].proposer: found 250; allowed: a whole number from 0 to 99 (holder, counted from 0)"
    ]


def test_the_shipped_files_read_alike_from_anywhere(tmp_path: Path) -> None:
    shutil.copy(SCENARIOS / "burn_share_vote.yaml", tmp_path / "copy.yaml")
    copied, own = load_scenario(tmp_path / "copy.yaml"), load_scenario("burn_share_vote")
    assert copied.proposals == own.proposals
    assert copied.parameters == own.parameters
    assert (PRESETS / "whitepaper.yaml").is_file()


BUYS = {
    "day": 5,
    "parameter": "treasury.payment_quiv",
    "value": 1e6,
    "type": "treasury",
    "hostile": True,
    "buys_quiv": 1e6,
}
NO_LIQUIDITY = {"supply.allocation_share": [0.3, 0.2, 0.2, 0.1, 0.1, 0.1, 0.0]}
NO_POOL = {"market.price_process": "quantity"}


@pytest.mark.parametrize(
    ("content", "overrides", "sentence"),
    [
        ({"proposals": [BUYS | {"day": 0}]}, {}, "proposal of day 0 buys votes on the day before, and there is none"),
        ({"proposals": [BUYS], "parameters": NO_POOL}, {}, "proposal of day 5 buys votes, and there is no pool"),
        ({"proposals": [BUYS]}, NO_POOL, "override: proposal of day 5 buys votes, and there is no pool"),
        ({"parameters": NO_LIQUIDITY}, {}, "supply.allocation_share gives liquidity nothing"),
        ({}, NO_LIQUIDITY, "override: market.price_process is pool, and supply.allocation_share gives"),
        (
            {"extends": "attack_wash_trading"},
            {"mechanisms.settlement": False},
            "override: wash_trading: mechanisms.set",
        ),
        (
            {"extends": "attack_wash_trading", "mechanisms": {"settlement": False}},
            {},
            "wash_trading: mechanisms.settle",
        ),
    ],
)
def test_parts_that_do_not_go_together(
    tmp_path: Path, content: dict[str, Any], overrides: dict[str, Any], sentence: str
) -> None:
    """Whatever brings them together: a file, the file that it extends, an override."""
    path = tmp_path / "odd.yaml"
    path.write_text(yaml.safe_dump({"extends": "whitepaper", "title": "Odd"} | content))
    with pytest.raises(RequestError, match=re.escape(sentence)):
        load_scenario(path, overrides)


def test_what_a_file_replaces_need_not_fit(tmp_path: Path) -> None:
    """The attack above is gone, so nothing buys in the pool that the file takes away."""
    path = tmp_path / "calm.yaml"
    content = {"extends": "attack_vote_buying", "title": "Calm", "parameters": NO_POOL, "attacks": []}
    path.write_text(yaml.safe_dump(content))
    assert load_scenario(path).attacks == ()
