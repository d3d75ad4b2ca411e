"""Wrong experiment files: exit code 2, a sentence with file, key, found and allowed, and nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from experiments.cli import app

GOOD = """
scenario: whitepaper
days: 60
runs: 4
seed: 7
controls:
  fees.burn_share: {low: 0.25, high: 0.75}
  staking.unbonding_days: {low: 7, high: 42}
design: {kind: sobol, points: 8}
environment:
  demand.adoption_rate: {low: 0.2, high: 2.0, scale: log}
  market.volatility: {values: [0.8, 1.1]}
  demand.elasticity: {file: env.csv}
kpis:
  - {name: supply, metric: supply_quiv, aggregation: last, direction: down, threshold: 1.0e+9, unit: QUIV,
     goal: scarce, chance: 0.9}
  - {name: price, metric: price_usd, aggregation: mean, direction: up, window: {from: 30, to: 60}}
goals: {scarce: No more than a billion tokens}
"""
GRID = ("design: {kind: sobol, points: 8}", "design: grid")
LISTED = "scenario: whitepaper\ndays: 60\nkpis: [{name: supply, metric: supply_quiv, aggregation: last}]\n"
STOP = "stopping: {kpi: supply, half_width: 5.0, max_runs: 40}"
ENV = "demand.elasticity\n0.8\n1.2\n"

WRONG: dict[str, tuple[tuple[str, str], str, str]] = {
    # an edit of GOOD, the key and what was found, what is allowed
    "unknown key": (("goals:", "goal:"), "goal: no such key of an experiment", "nearest: goals"),
    "not a mapping of controls": (
        ("controls:\n", "controls: [1]\nenvironmen:\n"),
        "controls: found [1]",
        "parameters and the values",
    ),
    "control unknown": (
        ("fees.burn_share: {", "fees.burn_shares: {"),
        "controls.fees.burn_shares: no such parameter",
        "nearest: fees.burn_share",
    ),
    "mechanism unknown": (
        ("fees.burn_share: {low: 0.25, high: 0.75}", "mechanisms.stakin: [true, false]"),
        "controls.mechanisms.stakin: no such parameter",
        "nearest: mechanisms.staking",
    ),
    "control from outside": (
        ("fees.burn_share: {low: 0.25, high: 0.75}", "exogenous.price_usd: [0.1]"),
        "controls.exogenous.price_usd: no such control: a process from outside is the scenario's",
        "allowed: a parameter of one value",
    ),
    "key of a range": (
        ("{low: 0.25, high: 0.75}", "{low: 0.25, hihg: 0.75}"),
        "controls.fees.burn_share.hihg: no such key of a range",
        "allowed: low, high, scale, levels; nearest: high",
    ),
    "range without an end": (
        ("{low: 0.25, high: 0.75}", "{low: 0.25}"),
        "controls.fees.burn_share.high: missing",
        "every range has low, high",
    ),
    "low above high": (
        ("{low: 0.25, high: 0.75}", "{low: 0.8, high: 0.75}"),
        "controls.fees.burn_share: found low 0.8 and high 0.75",
        "a low end below the high one",
    ),
    "no range": (("{low: 7, high: 42}", "{low: 7, high: 7}"), "found low 7 and high 7", "a low end below"),
    "range beyond bounds": (
        ("{low: 0.25, high: 0.75}", "{low: 0.25, high: 1.75}"),
        "controls.fees.burn_share.high: found 1.75",
        "a number from 0 to 1 (share of the network fee)",
    ),
    "range of whole numbers": (("low: 7,", "low: 7.5,"), "staking.unbonding_days.low: found 7.5", "a whole number"),
    "range of NaN": (("{low: 0.25,", "{low: .nan,"), "burn_share.low: found nan", "a number from 0 to 1"),
    "range of text": (("{low: 0.2,", "{low: 1e-1,"), "adoption_rate.low: found '1e-1'", "write 0.1 or 1.0e-1"),
    "range of switches": (
        ("fees.burn_share: {low: 0.25, high: 0.75}", "mechanisms.staking: {low: false, high: true}"),
        "controls.mechanisms.staking: found a range of mechanisms.staking, which is no number",
        "a list of values, such as [true, false]",
    ),
    "switch as number": (
        ("fees.burn_share: {low: 0.25, high: 0.75}", "mechanisms.staking: [1, 0]"),
        "controls.mechanisms.staking[0]: found 1",
        "true or false",
    ),
    "number as switch": (("{low: 0.25,", "{low: true,"), "burn_share.low: found true", "a number from 0 to 1"),
    "log of nothing": (
        ("{low: 0.2, high: 2.0, scale: log}", "{low: 0, high: 2.0, scale: log}"),
        "environment.demand.adoption_rate.low: found 0.0",
        "above 0 where the scale is log",
    ),
    "scale": (("scale: log", "scale: logarithmic"), "adoption_rate.scale: found 'logarithmic'", "linear or log"),
    "one level": (("high: 42}", "high: 42, levels: 1}"), "unbonding_days.levels: found 1", "from 2 to 1000 (levels)"),
    "range in a grid": (GRID, "controls.fees.burn_share: found a range in a grid", "a list of values, or levels"),
    "empty list": (
        ("{low: 0.25, high: 0.75}", "[]"),
        "controls.fees.burn_share: found []",
        "a list of values, such as [0.25, 0.5]",
    ),
    "design in a word": (
        ("design: {kind: sobol, points: 8}", "design: sobol"),
        "design: found 'sobol'",
        "{kind: sobol",
    ),
    "design unknown": (("kind: sobol", "kind: sobel"), "design.kind: found 'sobel'", "nearest: sobol"),
    "design without kind": (("{kind: sobol, points: 8}", "{points: 8}"), "design: found {points: 8}", "{kind: sobol"),
    "design key": (("points: 8", "points: 8, seed: 3"), "design.seed: no such key of a sobol design", "kind, points"),
    "no power of two": (("points: 8", "points: 60"), "design.points: found 60", "a power of two; nearest: 32, 64"),
    "points missing": (("kind: sobol, points: 8", "kind: sobol"), "design.points: found nothing", "from 2 to 100000"),
    "points in words": (("points: 8", "points: many"), "design.points: found 'many'", "a whole number"),
    "list and controls": (
        ("{kind: sobol, points: 8}", "{kind: list, points: [{fees.burn_share: 0.3}]}"),
        "controls: found controls and a list of points",
        "one or the other",
    ),
    "environment as list": (
        ("environment:\n", "environment: [1]\nenv:\n"),
        "environment: found [1]",
        "parameters that governance cannot set",
    ),
    "environment of one number": (
        ("{values: [0.8, 1.1]}", "1.1"),
        "environment.market.volatility: found 1.1",
        "{low: 0.1, high: 0.5}, {values: [0.1, 0.5]} or {file: a CSV file",
    ),
    "environment of a bare list": (
        ("{values: [0.8, 1.1]}", "[0.8, 1.1]"),
        "environment.market.volatility: found [0.8, 1.1]",
        "{values: [0.1, 0.5]}",
    ),
    "environment of no values": (("[0.8, 1.1]", "[]"), "market.volatility.values: found []", "a list of values"),
    "environment value twice": (
        ("[0.8, 1.1]", "[0.8, 0.80]"),
        "volatility.values[1]: found 0.8 again",
        "each value once",
    ),
    "environment with levels": (
        ("scale: log", "levels: 3"),
        "environment.demand.adoption_rate.levels: no such key of a range",
        "allowed: low, high, scale",
    ),
    "environment structural": (
        ("market.volatility: {values: [0.8, 1.1]}", "market.price_process: {values: [pool, gbm]}"),
        "environment.market.price_process: found a structural parameter",
        "a parameter that can differ by run, or controls",
    ),
    "environment of mechanisms": (
        ("market.volatility: {values: [0.8, 1.1]}", "mechanisms.staking: {values: [true]}"),
        "environment.mechanisms.staking: found a structural parameter",
        "or controls",
    ),
    "environment of a control": (
        ("market.volatility: {values: [0.8, 1.1]}", "fees.burn_share: {values: [0.5]}"),
        "environment.fees.burn_share: found under controls too",
        "one or the other",
    ),
    "environment of a list": (
        ("market.volatility: {values: [0.8, 1.1]}", "governance.threshold: {values: [[0.5]]}"),
        "environment.governance.threshold: no such environment parameter: it holds a list",
        "a parameter of one value",
    ),
    "environment unknown": (
        ("market.volatility", "market.volatilty"),
        "no such parameter",
        "nearest: market.volatility",
    ),
    "environment breaks a rule": (
        ("market.volatility: {values: [0.8, 1.1]}", "fees.stakers_share: {low: 0.1, high: 0.5}"),
        "environment: with fees.stakers_share 0.5 at design point ",
        "may sum to at most",
    ),
    "no such file": (("env.csv", "evn.csv"), "environment.demand.elasticity.file: ", "evn.csv: no such file"),
    "file beside values": (
        ("{file: env.csv}", "{file: env.csv, values: [1.0]}"),
        "environment.demand.elasticity.values: no such key beside file",
        "{file: a CSV file",
    ),
    "unit missing": (
        (", unit: QUIV", ""),
        "kpis[0].threshold: found 1000000000.0 without a unit",
        "allowed: unit: QUIV",
    ),
    "unit wrong": (("unit: QUIV", "unit: nQUIV"), "kpis[0].unit: found 'nQUIV'", "QUIV, as supply_quiv has it by last"),
    "threshold as text": (("1.0e+9", "1e9"), "kpis[0].threshold: found '1e9'", "write 1000000000 or 1.0e+9"),
    "threshold infinite": (("1.0e+9", ".inf"), "kpis[0].threshold: found inf", "a number"),
    "threshold without a direction": (
        ("direction: down, threshold", "threshold"),
        "kpis[0].threshold: found 1000000000.0 with direction none",
        "up (at least the threshold) or down (at most)",
    ),
    "chance of one": (("chance: 0.9", "chance: 1.0"), "kpis[0].chance: found 1.0", "above 0 and below 1 (probability)"),
    "chance in percent": (("chance: 0.9", "chance: 90"), "kpis[0].chance: found 90", "above 0 and below 1"),
    "chance of nothing": (
        ("direction: up, window", "direction: up, chance: 0.9, window"),
        "kpis[1].chance: found 0.9 without a threshold",
        "a chance of meeting a threshold",
    ),
    "goal unknown": (("goal: scarce", "goal: scarcity"), "kpis[0].goal: 'scarcity': no such goal", "nearest: scarce"),
    "goal without KPI": (("goal: scarce, ", ""), "goals.scarce: no KPI has this goal", "goals that a KPI has"),
    "goals as list": (
        ("goals: {scarce: No more than a billion tokens}", "goals: [scarce]"),
        "goals: found ['scarce']",
        "names",
    ),
    "window beyond the end": (("to: 60}", "to: 90}"), "kpis[1].window: found 90", "a whole number from 0 to 60 (to, "),
    "window backwards": (
        ("from: 30, to: 60", "from: 60, to: 30"),
        "kpis[1].window: found from 60 and to 30",
        "from below to",
    ),
    "window key": (("from: 30, to: 60", "start: 30"), "kpis[1].window: found {start: 30}", "the keys from and to"),
    "window as list": (("{from: 30, to: 60}", "[30, 60]"), "kpis[1].window: found [30, 60]", "{from: 0, to: 60}"),
    "aggregation": (("aggregation: mean", "aggregation: p5"), "kpis[1].aggregation: found 'p5'", "nearest: p"),
    "KPI twice": (
        ("name: price", "name: supply"),
        "kpis[1].name: found supply again",
        "a name for each KPI of its own",
    ),
    "runs": (("runs: 4", "runs: 0"), "runs: found 0", "a whole number from 1 to 1000000 (runs)"),
    "runs true": (("runs: 4", "runs: true"), "runs: found true", "a whole number"),
    "seed": (("seed: 7", "seed: -1"), "seed: found -1", "a whole number from 0"),
    "runs and stopping": (
        ("runs: 4", f"runs: 4\n{STOP}"),
        "runs: found 4 beside stopping",
        "max_runs is the most runs",
    ),
    "stopping KPI": (
        ("runs: 4", STOP.replace("supply", "suply")),
        "stopping.kpi: found 'suply'",
        "supply or price; nearest: supply",
    ),
    "stopping key": (
        ("runs: 4", STOP.replace("max_runs", "most_runs")),
        "stopping.most_runs: no such key of a stopping rule",
        "nearest: max_runs",
    ),
    "stopping at nothing": (("runs: 4", STOP.replace("5.0", "0")), "stopping.half_width: found 0", "a number above 0"),
    "stopping level": (
        ("runs: 4", STOP.replace("5.0", "5.0, level: 95")),
        "stopping.level: found 95",
        "a number above 0 and below 1",
    ),
    "stopping batch": (("runs: 4", STOP.replace("5.0", "5.0, batch: 1")), "stopping.batch: found 1", "from 2"),
    "stopping twice": (
        ("runs: 4", f"stopping: [{STOP[10:]}, {STOP[10:]}]"),
        "stopping[1].kpi: found supply again",
        "one rule for each KPI or difference",
    ),
    "no stopping": (("runs: 4", "stopping: []"), "stopping: found []", "one rule or more"),
}

TABLES: dict[str, tuple[str | bytes, str, str]] = {
    # a file of the environment, what was found, what is allowed
    "empty": ("", "found 0 rows", "names of columns and a row or more"),
    "only names": ("demand.elasticity\n", "found 1 row", "a row or more"),
    "other column": (
        "demand.elasticty\n1\n",
        "line 1: demand.elasticty: no such key",
        "allowed: demand.elasticity",
    ),
    "column twice": ("demand.elasticity,demand.elasticity\n1,1\n", "found the column demand.elasticity again", "once"),
    "text": ("demand.elasticity\n1\nhigh\n", "line 3: demand.elasticity: found 'high'", "a number from 0 to 5"),
    "hole": ("demand.elasticity\n1\n' '\n", "line 3: demand.elasticity: found \"' '\"", "a number from 0 to 5"),
    "NaN": ("demand.elasticity\nnan\n", "line 2: demand.elasticity: found nan", "a number from 0 to 5"),
    "beyond bounds": ("demand.elasticity\n9\n", "line 2: demand.elasticity: found 9", "a number from 0 to 5 (ratio)"),
    "ragged": ("demand.elasticity\n1,2\n", "line 2: found 2 columns", "1 column (demand.elasticity)"),
    "quotes": ('demand.elasticity\n"1\n', "not readable as CSV", ""),
    "not text": (b"\xff\xfe\x00", "not a text file in UTF-8", ""),
}

POINTS: dict[str, tuple[str, str, str]] = {
    # a design of kind list, the key and what was found, what is allowed
    "neither": ("{kind: list}", "design: found neither", "one of points, a list, and file"),
    "both": ("{kind: list, file: a.csv, points: [{fees.burn_share: 0.3}]}", "found points and file", "one of points"),
    "number": ("{kind: list, points: 8}", "design.points: found 8", "a list of points"),
    "no point": ("{kind: list, points: [0.3]}", "design.points[0]: found 0.3", "parameters and their values"),
    "unknown": (
        "{kind: list, points: [{fees.burn: 1}]}",
        "points[0].fees.burn: no such parameter",
        "nearest: fees.burn",
    ),
    "bounds": ("{kind: list, points: [{fees.burn_share: 3}]}", "points[0].fees.burn_share: found 3", "from 0 to 1"),
    "file": ("{kind: list, file: points.csv}", "line 1: fees.burn: no such parameter", "nearest: fees.burn"),
    "no file": ("{kind: list, file: none.csv}", "none.csv: no such file", ""),
    "file as number": ("{kind: list, file: 3}", "design.file: found 3", "text"),
    "impossible": (
        "{kind: list, points: [{fees.burn_share: 0.9, fees.stakers_share: 0.9}]}",
        "sum to 1.8",
        "at most 1",
    ),
}


def answer(folder: Path, text: str, table: str | bytes = ENV) -> str:
    """What the command line says to a wrong file, after checking that it wrote nothing."""
    file = folder / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    (folder / "env.csv").write_bytes(table if isinstance(table, bytes) else table.encode())
    (folder / "points.csv").write_text("fees.burn\n0.3\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["sweep", str(file), "--out", str(folder / "results")])
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert not (folder / "results").exists()
    return result.stderr


def sentence(said: str, folder: Path, *parts: str) -> None:
    """One line of what was said names the file and has all the parts."""
    lines = [line for line in said.splitlines() if all(part in line for part in parts)]
    assert lines, said
    assert lines[0].startswith(f"error: {folder / 'mine.yaml'}: ")


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file(case: str, tmp_path: Path) -> None:
    (old, new), *parts = WRONG[case]
    assert GOOD.count(old) >= 1
    sentence(answer(tmp_path, GOOD.replace(old, new, 1)), tmp_path, *parts)


@pytest.mark.parametrize("case", TABLES)
def test_a_wrong_table(case: str, tmp_path: Path) -> None:
    table, *parts = TABLES[case]
    said = answer(tmp_path, GOOD, table)
    sentence(said, tmp_path, "environment.demand.elasticity.file: ", str(tmp_path / "env.csv"), *parts)


@pytest.mark.parametrize("case", POINTS)
def test_wrong_points(case: str, tmp_path: Path) -> None:
    design, *parts = POINTS[case]
    sentence(answer(tmp_path, LISTED + f"design: {design}"), tmp_path, *parts)


def test_a_difference_needs_two_points(tmp_path: Path) -> None:
    rule = "stopping: {kpi: supply, difference: true, half_width: 1.0, max_runs: 9}\ncontrols: {fees.burn_share: [0.5]}"
    sentence(answer(tmp_path, LISTED + rule), tmp_path, "a difference with one design point", "two points or more")


def test_many_wrong_cells_are_counted(tmp_path: Path) -> None:
    said = answer(tmp_path, GOOD, "demand.elasticity\n" + "x\n" * 57)
    assert said.count("demand.elasticity: found 'x'") == 20
    assert said.endswith("error: and 37 more\n")
    assert answer(tmp_path, GOOD, "demand.elasticity\n" + "x\n" * 100_000).endswith("error: and at least 980 more\n")


def test_the_good_file_is_good(tmp_path: Path) -> None:
    """So that each wrong one fails for its own reason."""
    from experiments.inputs.experiment import load_experiment

    (tmp_path / "mine.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "env.csv").write_text(ENV, encoding="utf-8")
    assert len(load_experiment(tmp_path / "mine.yaml").points()) == 9
