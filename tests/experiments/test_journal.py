"""One trajectory told: its figures are those of the engines, its flows the ledger's, its events what the state says."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.engines.ensemble import execute
from experiments.engines.events import events_between, observed, planned
from experiments.engines.trace import Trace, trace_run
from experiments.inputs.scenario import load_scenario
from model.economy import Economy
from model.flows import LEDGER

METRICS = ("price_usd", "supply_quiv", "burned_quiv", "proposals_executed")


@pytest.fixture(scope="module")
def economy() -> Economy:
    """A scenario in which much happens, cut short."""
    return load_scenario("cheap_cheating", days=50)


@pytest.fixture(scope="module")
def told(economy: Economy) -> Trace:
    return trace_run(economy, 7, 2, METRICS)


def test_the_record_is_that_of_the_ensemble(economy: Economy, told: Trace) -> None:
    whole = execute([economy] * 3, 7, [0, 1, 2], METRICS)
    np.testing.assert_array_equal(told.record, whole["record"][..., 2])
    assert told.moved == dict(zip(LEDGER.flows, whole["moved"][:, 2], strict=True))


def test_flows_into_nowhere_are_what_was_burned(told: Trace) -> None:
    burned = sum(amount for name, amount in told.moved.items() if LEDGER.flows[name].target is None)
    growth = told.record[-1, METRICS.index("burned_quiv")] - told.record[0, METRICS.index("burned_quiv")]
    assert burned == pytest.approx(growth, rel=1e-9)
    assert burned > 0


def test_events_are_in_order_and_within_the_horizon(told: Trace) -> None:
    days = [event.day for event in told.events]
    assert days == sorted(days)
    assert {"slash", "case"} <= {event.kind for event in told.events}
    assert all(1 <= day <= 50 for day in days)


def test_progress_is_told_each_day(economy: Economy) -> None:
    seen: list[tuple[int, int]] = []
    trace_run(load_scenario("whitepaper", days=3), 1, 0, ["price_usd"], lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_what_a_scenario_plans_is_in_the_log() -> None:
    launch = load_scenario("launch_12_weeks", days=60)
    assert [(event.day, event.text) for event in planned(launch)] == [
        (15, "staking begins"),
        (29, "payments begins"),
        (43, "quality begins"),
        (57, "governance begins"),
    ]
    crash = load_scenario("feed_outage")
    assert [event.day for event in planned(crash)] == [shock.day + 1 for shock in crash.shocks]


def test_an_executed_proposal_and_its_parameter_are_one_days_events() -> None:
    economy = load_scenario("burn_share_vote", days=62)
    events = trace_run(economy, 1, 0, ["price_usd"]).events
    executed = [event for event in events if event.text.endswith("executed")]
    changed = [event for event in events if event.kind == "parameter"]
    assert len(executed) == 1
    assert {event.day for event in executed} <= {event.day for event in changed}
    assert "fees.burn_share to 0.6" in executed[0].text
    assert any(event.text.startswith("fees.burn_share from") for event in changed)


def state(**changed: object) -> dict[str, np.ndarray]:
    """A watched state in which nothing has happened, but for what is changed."""
    from experiments.engines.genesis import genesis

    start, _ = genesis([Economy()], 1, [0])
    return observed(start) | {name: np.asarray(value) for name, value in changed.items()}


def test_no_difference_is_no_event() -> None:
    assert events_between(1, state(), state()) == []


def test_bans_trips_and_unpaid_claims_are_counted() -> None:
    banned = state()["provider_banned"].copy()
    banned[:2] = 1
    after = state(provider_banned=banned, oracle_trips=1, claims_unpaid_nquiv=5_000_000_000)
    found = {event.kind: event.text for event in events_between(9, state(), after)}
    assert found == {
        "ban": "2 providers banned",
        "circuit breaker": "1 trip",
        "insurance": "5 QUIV of claims could not be paid",
    }
