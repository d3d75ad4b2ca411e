"""Files of users by kind, each whole and small, and how each is read; what becomes of a mutant of one."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from experiments.errors import MOST_SENTENCE, RequestError
from experiments.inputs.experiment import load_experiment
from experiments.inputs.scenario import load_scenario
from experiments.inputs.snapshot import load_snapshot
from experiments.proposals.onchain import example_targets, forms_of, load_targets
from experiments.proposals.onchain.example import example_text
from experiments.proposals.proposal_file import load_proposal
from tests.experiments.snapshots import small
from tests.fuzz.mutate import mutant

MOST_SECONDS = 60
SECRET = "hunter2-is-the-password"
"""A word of a file that other files name: no answer may have it."""

SCENARIO = """
extends: root
title: A launch, late
days: 40
population: {providers: 12, holders: 30}
parameters:
  fees.burn_share: 0.55
  supply.cliff_days: [0, 0, 10, 20, 30, 40, 50]
  market.price_process: pool
mechanisms: {rebates: false}
phases: {staking: 3, payments: 7, governance: 10}
proposals:
  - {day: 12, parameter: fees.burn_share, value: 0.6, type: economic, support: 0.7, proposer: 2, title: Burn}
severity: mild
shocks:
  - {day: 5, kind: fire_sale, size: 0.1}
  - {day: 9, kind: provider_exit, size: 0.2}
attacks:
  - {kind: wash_trading, size: 0.2, day: 8, days: 10, first: 1, count: 2}
exogenous: {demand_tokens: 2.0e+9}
noise: false
"""
EXPERIMENT = """
name: mine
title: Mine
question: What does it do?
scenario: whitepaper
days: 60
stopping: {kpi: supply, half_width: 5.0, max_runs: 40, batch: 10}
seed: 7
controls:
  fees.burn_share: {low: 0.25, high: 0.75}
  staking.unbonding_days: {low: 7, high: 42}
design: {kind: sobol, points: 4}
environment:
  demand.adoption_rate: {low: 0.2, high: 2.0, scale: log}
  market.volatility: {values: [0.8, 1.1]}
  demand.elasticity: {file: environment.csv}
kpis:
  - {name: supply, metric: supply_quiv, aggregation: last, direction: down, threshold: 1.0e+9, unit: QUIV, goal: scarce}
  - {name: price, metric: price_usd, aggregation: mean, direction: up, window: {from: 30, to: 60}}
goals: {scarce: No more than a billion tokens}
metrics: [gini, supply_quiv]
keep: thin
"""
LISTED = """
scenario: whitepaper
days: 20
runs: 2
design: {kind: list, file: design.csv}
kpis: [{name: supply, metric: supply_quiv, aggregation: last}]
"""
CHANGES = """
title: Burn more of the network fee
body: |
  **Why**: ...
changes:
  fees.burn_share: {from: 0.5, to: 0.6}
  challenges.bond_quiv: {from: 100, to: 250}
snapshot:
  type: basic
  discussion: https://forum.example/1
  start: 1900000000
  end: 1900600000
  snapshot: 21000000
"""
STARTED = """
extends: parent.yaml
start: state.json
days: 6
exogenous: {price_usd: price.csv}
parameters: {fees.network_share: 0.16}
"""
PRICE = "day,price_usd\n" + "".join(f"{day},{0.1 + day / 100}\n" for day in range(8))
DESIGN = "fees.burn_share,mechanisms.staking\n0.3,true\n0.4,false\n"
ELASTICITY = "demand.elasticity\n0.8\n1.2\n"
OTHERS = {
    "parent.yaml": "extends: whitepaper\ntitle: Parent\n",
    "secret.yaml": f"password: {SECRET}\n{SECRET}: [{SECRET}]\n",
    "secret.csv": f"{SECRET},{SECRET}\n{SECRET},1\n",
}
"""Files that no kind is, beside the others."""


@dataclass(frozen=True)
class Kind:
    """A kind of file: its name, its form (`yaml`, `json` or `csv`), a whole one, and what reads it in a folder."""

    name: str
    form: str
    text: str
    read: Callable[[Path], Any]


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: `read`, `refused`, or what was raised instead; and the seconds that it took."""

    kind: str
    number: int
    said: str
    seconds: float


def kinds() -> list[Kind]:
    """Every kind of file that a user names, each as another may name it."""
    proposal = load_proposal("burn_share").text.replace("\ntoday:", "\nstart: state.json  #")
    lists = small() | {"holders": "holders.csv", "unbonding": "unbonding.csv"}
    map_ = example_targets()
    return [
        Kind("scenario.yaml", "yaml", SCENARIO, lambda folder: load_scenario(folder / "scenario.yaml")),
        Kind("started.yaml", "yaml", STARTED, lambda folder: load_scenario(folder / "started.yaml")),
        Kind("experiment.yaml", "yaml", EXPERIMENT, lambda folder: load_experiment(folder / "experiment.yaml")),
        Kind("listed.yaml", "yaml", LISTED, lambda folder: load_experiment(folder / "listed.yaml")),
        Kind("proposal.yaml", "yaml", proposal, lambda folder: load_proposal(folder / "proposal.yaml")),
        Kind("targets.yaml", "yaml", example_text(), lambda folder: load_targets(folder / "targets.yaml")),
        Kind("changes.yaml", "yaml", CHANGES, lambda folder: forms_of(folder / "changes.yaml", map_)),
        Kind("state.json", "json", json.dumps(small()), lambda folder: load_scenario(folder / "started.yaml")),
        Kind("lists.json", "json", json.dumps(lists), lambda folder: load_snapshot(folder / "lists.json")),
        Kind("holders.csv", "csv", _table("holders"), lambda folder: load_snapshot(folder / "lists.json")),
        Kind("unbonding.csv", "csv", _table("unbonding"), lambda folder: load_snapshot(folder / "lists.json")),
        Kind("price.csv", "csv", PRICE, lambda folder: load_scenario(folder / "started.yaml")),
        Kind("design.csv", "csv", DESIGN, lambda folder: load_experiment(folder / "listed.yaml")),
        Kind("environment.csv", "csv", ELASTICITY, lambda folder: load_experiment(folder / "experiment.yaml")),
    ]


def _table(name: str) -> str:
    """A list of the small snapshot as CSV."""
    entries = small()[name]
    columns = list(dict.fromkeys(column for entry in entries for column in entry))
    rows = [[str(entry.get(column, "")) for column in columns] for entry in entries]
    return "".join(",".join(row) + "\n" for row in (columns, *rows))


def lay_out(folder: Path) -> list[Kind]:
    """Every kind's whole file in a folder, and beside them what is no file: a pipe, a socket, a loop of links."""
    found = kinds()
    for name, text in {**OTHERS, **{kind.name: kind.text for kind in found}}.items():
        (folder / name).write_text(text, encoding="utf-8")
    os.mkfifo(folder / "pipe")
    os.symlink("loop", folder / "loop")
    with socket.socket(socket.AF_UNIX) as server, _in(folder):
        server.bind("socket")
    return found


def outcomes(count: int, folder: Path, seed: int = 1) -> Iterator[Outcome]:
    """So many mutants, of each kind in turn, in a folder that `lay_out` made."""
    found = lay_out(folder)
    for number in range(count):
        kind = found[number % len(found)]
        data = mutant(random.Random(f"{seed} {number}"), kind.text, kind.form)
        (folder / kind.name).write_bytes(data)
        start = time.process_time()
        with _in(folder):
            said = what_is_said(kind, folder)
        yield Outcome(kind.name, number, said, time.process_time() - start)
        (folder / kind.name).write_text(kind.text, encoding="utf-8")


def what_is_said(kind: Kind, folder: Path) -> str:
    """`read`, `refused`, or what is wrong with the answer."""
    try:
        with _within(MOST_SECONDS):
            kind.read(folder)
    except RequestError as error:
        return _wrong_sentence(error) or "refused"
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:200]
    return "read"


def _wrong_sentence(error: RequestError) -> str:
    """What is wrong with the sentences of a refusal."""
    for sentence in error.problems or [""]:
        if not sentence or len(sentence) > MOST_SENTENCE or not sentence.replace("\xa0", " ").isprintable():
            return f"a sentence that is none: {sentence[:200]!r}"
        if SECRET in sentence or "root:x" in sentence:
            return f"another file is quoted: {sentence[:200]}"
    return ""


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """A time, which a file that never ends would exceed."""

    def late(_: int, __: FrameType | None) -> None:
        raise TimeoutError(f"more than {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
