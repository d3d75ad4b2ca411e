"""The spec's Deployment Checklist: for each line what a simulation can say, by what it says so, and what came of it.

A verdict is about the economy as it is modelled. `supported`: what was asked holds. `open`: something stands against
it, which the outcome names. `cannot judge`: it is about contracts, networks or people, of which a simulation knows
nothing; what is beside it may help whoever judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.engines.ensemble import execute
from experiments.engines.wiring import MECHANISMS
from experiments.inputs.scenario import load_scenario
from experiments.validation import stylised_facts
from experiments.validation.attack_value import shipped_frontiers
from experiments.validation.expectations import EXPECTATIONS
from experiments.validation.scenario_effects import SEED, stress_effects
from experiments.words import figure
from model.flows import LEDGER
from model.metrics import METRICS
from model.parameters import GOVERNED, REGISTRY

SUPPORTED, OPEN, UNKNOWN = "supported", "open", "cannot judge"

RUNS, DAYS = 10, 365
"""Of what is run for governance; emergencies are run for as long as their scenarios are."""

CAPTURE = ("capture_quiv", "capture_usd", "capture_part", "treasury_usd")
"""What a capture needs, costs and could bring, and the part of it that a day can."""

Series = dict[str, NDArray[Any]]
"""Metrics of the last day by name, `(runs,)`."""


@dataclass(frozen=True)
class Support:
    """What speaks for or against a line: where it is from, and what came of it."""

    source: str
    outcome: str


@dataclass(frozen=True)
class Line:
    """A line of the checklist, judged."""

    item: str
    verdict: str
    says: str
    support: tuple[Support, ...] = ()


@cache
def checklist() -> tuple[Line, ...]:
    """Every line in the spec's order; runs what it takes, some 40 seconds of it."""
    return (
        Line(
            "Smart contract audits completed",
            UNKNOWN,
            "There is no contract code here. An auditor can compare a contract with the spec's arithmetic in integers.",
            (Support("tests/formulas/test_exact.py", "`model.exact` is that arithmetic, with Go's truncation"),),
        ),
        Line(
            "Testnet deployment successful",
            UNKNOWN,
            "Nothing is deployed, and a day here has no blocks, gas or failing nodes.",
        ),
        _integration(),
        _documentation(),
        _security(),
        _modelling(),
        Line(
            "Community testing completed",
            UNKNOWN,
            "Agents here follow rules that were written for them; what people do with the network is not among them.",
        ),
        _governance(),
        _emergencies(),
        Line(
            "Mainnet deployment plan approved",
            UNKNOWN,
            "Whether a plan is approved is for those who govern. What the economy does under it can be run.",
            (
                Support("quiver-sim run launch_12_weeks", "the spec's twelve weeks; other orders are `launch.*_day`"),
                Support("quiver-sim run SCENARIO", "a plan's parameters and proposals are a scenario file"),
            ),
        ),
    )


def _integration() -> Line:
    paths = stylised_facts.default_runs()
    burned, made = float(paths["burn_quiv"].sum(axis=0).mean()), float(paths["proposals_executed"][-1].mean())
    return Line(
        "Integration tests passing",
        UNKNOWN,
        "The contracts' tests are not here. In the model jobs, payments, stakes, slashes and votes run together daily.",
        (
            Support(
                "quiver-sim run whitepaper",
                f"{stylised_facts.RUNS} runs of {stylised_facts.DAYS:,} days with {len(MECHANISMS)} mechanisms: "
                f"money conserved after "
                f"every step, {figure(burned, 3)} QUIV burned and {made:.0f} proposals executed a run",
            ),
            Support("tests/economics", "limiting cases of every mechanism with answers known on paper (`make test`)"),
        ),
    )


def _documentation() -> Line:
    assumed = sum(entry.source.startswith("assumption") for entry in REGISTRY.values())
    counts = f"{len(REGISTRY)} parameters, {len(LEDGER.flows)} flows, {len(METRICS)} metrics"
    return Line(
        "Documentation complete",
        UNKNOWN,
        "The network's own documents contradict each other; which reading is taken is written down here.",
        (
            Support(
                "docs", f"{counts}, each with its meaning, unit or source; pages are generated and cannot go stale"
            ),
            Support("docs/parameters.md", f"{assumed} of {len(REGISTRY)} parameters rest on an assumption alone"),
        ),
    )


def _security() -> Line:
    attacks = [outcome for outcome in stress_effects() if outcome.expectation.spec == "Governance attacks"]
    paid = {outcome.expectation.scenario: outcome.found for outcome in attacks}
    measured = shipped_frontiers()
    first, last = ([found[place][1] for found in measured.values()] for place in (0, -1))
    washing = measured["attack_wash_trading"][0][1]
    day = load_scenario("attack_wash_trading").attacks[0]
    return Line(
        "Security review approved",
        OPEN if any(paid.values()) else UNKNOWN,
        "Code is not reviewed here. Attacks on the rules are: what they bring, and what stops them; those on "
        "governance where no multisig can veto.",
        (
            Support(
                "docs/attacks.md",
                f"{sum(found.pays for found in first)} of {len(measured)} attacks pay as they ship, "
                f"{sum(found.pays for found in last)} where what deters them is set",
            ),
            Support(
                "quiver-sim attack attack_wash_trading",
                f"with default parameters {day.days} days of wash trading bring {figure(washing.profit.mean, 3)} USD",
            ),
            *(Support(f"quiver-sim run {name}", _payment(quiv)) for name, quiv in paid.items()),
        ),
    )


def _payment(quiv: float) -> str:
    return f"the attacker is paid {figure(quiv, 3)} QUIV" if quiv else "nothing is paid"


def _modelling() -> Line:
    found, stress = stylised_facts.findings(), stress_effects()
    missed = [item.fact.name for item in found if not item.met]
    unmet = [f"{item.expectation.scenario} ({item.expectation.metric})" for item in stress if not item.met]
    return Line(
        "Economic modeling validated",
        OPEN if missed or unmet else SUPPORTED,
        "The model against theory, against what is expected of scenarios, and against what real tokens look like.",
        (
            Support(
                "quiver-sim check", "every row of theory, conservation under stress, and these bands (docs/check.md)"
            ),
            Support("docs/facts.md", _of("bands of real tokens", len(found), missed)),
            Support("docs/stress.md", _of("expectations of stress tests and simulations", len(stress), unmet)),
            Support("tests/experiments/test_expectations.py", f"{len(EXPECTATIONS)} rows on every scenario that ships"),
        ),
    )


def _of(what: str, number: int, missed: list[str]) -> str:
    return f"{number - len(missed)} of {number} {what} met" + (f"; not: {', '.join(missed)}" if missed else "")


def _governance() -> Line:
    names = (*CAPTURE, "circulating_quiv", "vote_top10_share", "vote_majority")
    plain, quorum = (_last(name, names, DAYS, RUNS) for name in ("whitepaper", "quorum"))
    bounded = sum(REGISTRY[name].low is not None and REGISTRY[name].high is not None for name in GOVERNED)
    pays = [float(np.median(run["capture_usd"])) < float(np.median(run["treasury_usd"])) for run in (plain, quorum)]
    return Line(
        "Governance parameters set",
        OPEN if any(pays) else SUPPORTED,
        "Whether rails are there, what it costs to capture a vote, and how many have the power; medians after a year "
        "of default runs. A capture that costs less than the treasury holds pays.",
        (
            Support("docs/parameters.md", f"{bounded} of {len(GOVERNED)} governed parameters have bounds"),
            Support("quiver-sim run whitepaper", _capture(plain)),
            Support("quiver-sim run quorum", _capture(quorum)),
            Support(
                "quiver-sim run whitepaper",
                f"the ten largest voters cast {100 * np.median(plain['vote_top10_share']):.0f} % of votes on the "
                f"latest proposal; fewest with a majority: {np.median(plain['vote_majority']):.0f}",
            ),
        ),
    )


def _capture(run: Series) -> str:
    needed, cost, part, holds = (float(np.median(run[name])) for name in CAPTURE)
    within = "in one auction" if part >= 1.0 else f"for the {100.0 * part:.0f} % of them that one auction delivers"
    share = 100.0 * float(np.median(run["capture_quiv"] / run["circulating_quiv"]))
    return (
        f"{figure(needed, 3)} QUIV ({share:.0f} % of circulating supply) capture a vote, for {figure(cost, 3)} USD "
        f"{within}, against a treasury of {figure(holds, 3)} USD"
    )


def _emergencies() -> Line:
    names = ("proposals_cancelled", "proposals_executed", "oracle_price_usd", "price_usd")
    veto, race, override = (
        _last(name, names, None, 20) for name in ("multisig_veto", "timelock_race", "oracle_override")
    )
    stopped = [float(run["proposals_cancelled"].mean()) for run in (veto, race)]
    set_by_hand = float((np.abs(override["oracle_price_usd"] - 0.1) < 1e-12).mean())
    return Line(
        "Emergency procedures documented",
        SUPPORTED if stopped[0] > 0.9 and stopped[1] > 0.9 and set_by_hand == 1.0 else OPEN,
        "Documents are for those who write them. Exercised are the veto of the multisig within an ordinary timelock "
        "and within an emergency's, and an emergency vote that sets the oracle's price by hand.",
        (
            Support("quiver-sim run multisig_veto", f"stopped in {100 * stopped[0]:.0f} % of runs"),
            Support("quiver-sim run timelock_race", f"stopped in {100 * stopped[1]:.0f} % of runs: the rest are paid"),
            Support("quiver-sim run oracle_override", f"set by hand in {100 * set_by_hand:.0f} % of runs"),
        ),
    )


def _last(scenario: str, names: tuple[str, ...], days: int | None, runs: int) -> Series:
    economy = load_scenario(scenario, days=days)
    record = execute([economy] * runs, SEED, list(range(runs)), names)["record"]
    return dict(zip(names, record[-1], strict=True))
