"""What must not matter: which agent has which number, what an account is called, in which order flows are declared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

import numpy as np
import pytest

from experiments.engines.ensemble import execute
from experiments.engines.genesis import genesis
from model import draws
from model.classes import holders_of
from model.flows import ACCOUNTS, FLOWS, LEDGER
from model.ledger import BURNED, MINTED, Account, Flow, Ledger
from model.metrics import METRICS
from state_updates import VARIABLES
from tests.engines.daily import QUICK, small

SEED, RUNS, DAYS = 5, [0, 1], 45

CLASSES = {"providers": 6, "consumers": 7, "validators": 2, "holders": 11}
VOTERS = ("holders", "providers", "consumers")
"""Sizes that no other axis has, and the classes of which voters are, in order."""

BY_NUMBER = {"delegation": False, "challenges": False}
"""Mechanisms that pick an agent by a draw over all of a class in order: there the numbers matter on a path, though not
for its chances."""

NEAR, DUST = 1e-8, 1e3
"""What the order in which floats are summed may do to a figure within weeks, for a market listens to itself, and to an
amount in nano-QUIV that is rounded down."""

Orders = dict[str, np.ndarray]


def economy(noise: bool = True) -> Any:
    governance = QUICK | {"ideas_per_year": 365.0, "deposit_quiv": 0.0}
    busy = {"population": CLASSES, "governance": governance, "demand": {"budget_usd_per_day": 300.0}}
    return small(DAYS, contracts=busy, mechanisms=BY_NUMBER, noise=noise)


def orders(*shuffled: str) -> Orders:
    """A new order of the agents of some classes, by the axis that has them.

    Holders of one allocation stay together: which numbers they have says whose they are (`model/classes.py`).
    """
    made = {name: np.arange(size) for name, size in CLASSES.items()}
    rng = np.random.default_rng(1)
    for name in shuffled:
        groups = holders_of(CLASSES[name]).values() if name == "holders" else [slice(None)]
        made[name] = np.concatenate([rng.permutation(made[name][own]) for own in groups])
    first = np.cumsum([0, *(CLASSES[name] for name in VOTERS)])
    made["voters"] = np.concatenate([start + made[name] for start, name in zip(first, VOTERS, strict=False)])
    return made


def axis_of(length: int) -> str:
    """The class whose size this is."""
    sizes = CLASSES | {"voters": sum(CLASSES[name] for name in VOTERS)}
    return next((name for name, size in sizes.items() if size == length), "")


AGENTS = {"holder_provider": "providers", "idea_proposer": "voters", "proposal_proposer": "voters"}
"""Variables whose values are agents, by class."""
MEANT = {"idea_proposer": "idea_worth", "proposal_proposer": "proposal_id"}
"""Where they name nobody: no idea is worth it, a slot is free."""


def reordered(name: str, value: Any, order: Orders) -> Any:
    """A state variable after its agents were given new numbers."""
    own = VARIABLES[name].axes.split()
    if own and own[-1] in order:
        value = value[..., order[own[-1]]]
    return np.argsort(order[AGENTS[name]])[value] if name in AGENTS else value


@contextmanager
def numbered_anew(order: Orders) -> Iterator[None]:
    """Every agent keeps its draws and its constant attributes under its new number."""
    drawn = draws.uniform

    def uniform(params: Any, name: str, day: Any, agents: int = 0) -> Any:
        found = drawn(params, name, day, agents)
        return found[..., order[axis_of(agents)]] if axis_of(agents) else found

    def begun(*asked: Any) -> Any:
        with mock.patch.object(draws, "uniform", drawn):
            state, params = genesis(*asked)
        moved = {key: value for key, value in params.items() if key.startswith("agents.")}
        moved = {
            key: value[..., order[axis_of(value.shape[-1])]] for key, value in moved.items() if axis_of(value.shape[-1])
        }
        return {key: reordered(key, value, order) for key, value in state.items()}, params | moved

    with mock.patch.object(draws, "uniform", uniform), mock.patch("experiments.engines.ensemble.genesis", begun):
        yield


@pytest.mark.parametrize("classes", [("providers",), ("consumers", "validators"), ("holders",), tuple(CLASSES)])
def test_agents_can_be_numbered_otherwise(classes: tuple[str, ...]) -> None:
    """Each agent's outcome goes with it and no aggregate changes, but for the order in which floats are summed."""
    case, order, names = economy(), orders(*classes), list(METRICS)
    plain = execute([case] * 2, SEED, RUNS, names)
    with numbered_anew(order):
        anew = execute([case] * 2, SEED, RUNS, names)
    for place, name in enumerate(names):
        one, other = anew["record"][:, place], plain["record"][:, place]
        np.testing.assert_allclose(one, other, rtol=NEAR, atol=NEAR, err_msg=name)
    assert np.all(plain["state"]["proposals_closed"][..., 0] > 0)
    for name, variable in VARIABLES.items():
        given, found = reordered(name, np.asarray(plain["state"][name]), order), anew["state"][name]
        meant = np.asarray(plain["state"][MEANT[name]]) > 0 if name in MEANT else True
        atol = DUST if variable.unit.startswith("nQUIV") else NEAR
        np.testing.assert_allclose(np.where(meant, found, 0), np.where(meant, given, 0), NEAR, atol, err_msg=name)


def test_the_order_of_declaration_changes_nothing() -> None:
    """Every figure of every day is the same to the bit, and each flow has moved what it did."""
    case, names = economy(), list(METRICS)
    plain = execute([case] * 2, SEED, RUNS, names)
    turned = Ledger(ACCOUNTS[::-1], FLOWS[::-1])
    with mock.patch.multiple(LEDGER, accounts=turned.accounts, flows=turned.flows, index=turned.index):
        other = execute([case] * 2, SEED, RUNS, names)
    np.testing.assert_array_equal(other["record"], plain["record"])
    np.testing.assert_array_equal(other["state"]["flows_nquiv"][..., ::-1], plain["state"]["flows_nquiv"])
    assert list(turned.index) == list(LEDGER.index)[::-1]


def called(name: str | None) -> str | None:
    """Another name for an account; minted and burned are none."""
    return None if name is None else f"account {sorted(LEDGER.accounts).index(name)}"


def renamed() -> Ledger:
    """The same declarations, with every account under another name, in another order."""
    accounts = [replace(account, name=str(called(account.name))) for account in LEDGER.accounts.values()]
    flows = [Flow(f.name, called(f.source), called(f.target), f.contract, f.spec, f.doc) for f in LEDGER.flows.values()]
    return Ledger(accounts[::-1], flows[::-1])


def test_the_names_of_accounts_change_nothing() -> None:
    """A ledger of the same declarations under other names, after every flow has moved something: every account, sum
    and audit is what it was."""
    rng, other = np.random.default_rng(7), renamed()
    sizes = {account.own: rng.integers(2, 6) for account in LEDGER.accounts.values() if account.own} | {"": 0}
    shapes = {name: (2, sizes[account.own]) if account.own else (2,) for name, account in LEDGER.accounts.items()}
    before = {name: rng.integers(10**12, 10**15, shape) for name, shape in shapes.items()}
    axes = {name: LEDGER.axis(flow) for name, flow in LEDGER.flows.items()}
    signals = {name: rng.integers(0, 10**9, (2, sizes[own]) if own else (2,)) for name, own in axes.items()}
    totals = {MINTED: LEDGER.holdings(before), BURNED: np.zeros(2, dtype=np.int64)}
    one = {name: LEDGER.updated(name, value, signals) for name, value in {**before, **totals}.items()}
    named = {str(called(name)): value for name, value in before.items()}
    two = {name: other.updated(name, value, signals) for name, value in {**named, **totals}.items()}
    for name in before:
        np.testing.assert_array_equal(one[name], two[str(called(name))], err_msg=name)
        assert np.any(one[name] != before[name]), name
    for name in totals:
        np.testing.assert_array_equal(one[name], two[name], err_msg=name)
    np.testing.assert_array_equal(LEDGER.holdings(one), other.holdings(two))
    np.testing.assert_array_equal(LEDGER.holdings(one, _circulates), other.holdings(two, _circulates))
    arguments = (signals, list(two), 0, "everything", np.arange(2))
    after = other.audit(other.totals({**named, **totals}), two, *arguments)
    np.testing.assert_array_equal(after[MINTED] - after[BURNED], other.holdings(two))


def _circulates(account: Account) -> bool:
    return account.circulating
