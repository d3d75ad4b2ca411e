"""The wiring: every variable has its updates, every flow its policy, and no function does what an engine cannot run."""

from __future__ import annotations

import ast
import inspect
from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from experiments.engines.genesis import genesis, genesis_alone
from experiments.engines.stock import Noted
from experiments.engines.wiring import DAY, MECHANISMS, Substep, blocks, wiring
from model.block import Choice
from model.economy import Economy
from model.flows import LEDGER
from model.ledger import BURNED, MINTED
from model.parameters import REGISTRY
from policies import BLOCKS
from state_updates import VARIABLES
from tests.engines.daily import RAISE_BURN, small
from tests.structure.sources import found

FUNCTIONS = ("policies", "state_updates")
OTHER = {
    "supply": {"cliff_reading": "linear_after_cliff"},
    "emission": {"growth_reading": "rate"},
    "pricing": {"numeraire": "quiv", "supply_reading": "providers"},
    "staking": {"unbonding_shape": "cliff"},
    "market": {"price_process": "gbm"},
}
PATHS = {"price_usd": [0.1], "value_usd": [0.1], "demand_tokens": [1e5]}
CHOICES: dict[str, dict[str, Any]] = {
    "default": {},
    "other readings": {"contracts": OTHER},
    "go": {"go_literal": True},
    "other readings, go": {"contracts": OTHER, "go_literal": True},
    "given": {"exogenous": PATHS},
    "agents": {"proposals": ()},
    "agents, live": {"proposals": (), "contracts": {"governance": {"snapshot": "live_balance", "power": "root"}}},
    "rewards by token": {"contracts": {"staking": {"rewards": "per_token"}, "governance": {"power": "one_token"}}},
    "fixed rewards": {"contracts": {"staking": {"rewards": "fixed_apy"}}},
    "phased": {"proposals": (), "contracts": {"launch": {"staking_day": 1, "payments_day": 2, "quality_day": 3}}},
    "lottery": {"contracts": {"staking": {"rewards": "lottery"}, "conduct": {"gain_when_caught": "lost"}}},
}
EVERY_CHOICE = pytest.mark.parametrize("choice", CHOICES)


def economy(choice: str) -> Economy:
    return small(**({"days": 1, "proposals": (RAISE_BURN,)} | CHOICES[choice]))


def every_block() -> list[Substep]:
    """The blocks of a day under a list of proposals and under agents who propose."""
    listed = blocks(economy("default"))
    names = {block.name for block in listed}
    return listed + [block for block in blocks(economy("agents")) if block.name not in names]


def emitted_and_read(choice: str) -> Iterator[tuple[Substep, set[str], set[str]]]:
    """Each block of a day with what its policy emits and what its figures' updates read."""
    state, params = genesis([economy(choice)] * 2, 1, [0, 1])
    for block in blocks(economy(choice)):
        signals = block.policy(params, None, None, state) if block.policy else {}
        recorder = Noted(signals)
        for update in block.figures.values():
            update(params, None, None, state, recorder)
        updated = dict(update(params, None, None, state, signals) for update in block.variables.values())
        assert list(updated) == list(block.variables)
        state = state | updated
        yield block, set(signals), recorder.read


def test_every_state_variable_is_updated() -> None:
    updated = {name for block in every_block() for name in block.variables}
    assert set(VARIABLES) - updated == {"audited_substeps", "booked_nquiv"}
    assert updated <= set(VARIABLES)


def test_a_figure_is_updated_by_one_block() -> None:
    counts = Counter(name for block in every_block() for name in block.figures if name != "flows_nquiv")
    assert {name: n for name, n in counts.items() if n > 1} == {}


def test_a_figure_is_declared_in_the_file_of_its_block() -> None:
    """`policies/x.py` decides, `state_updates/x.py` declares what changes."""
    accounts = {*LEDGER.accounts, MINTED, BURNED}
    contracts = {variable.contract for name, variable in VARIABLES.items() if name not in accounts}
    assert contracts <= {*BLOCKS, "clock"}


def test_the_day_names_every_block_once_and_says_why_it_stands_there() -> None:
    assert set(DAY) == set(BLOCKS)
    assert [name for name, why in DAY.items() if not why.endswith(".")] == []


def test_a_choice_has_a_function_for_every_value() -> None:
    default = economy("default")
    for block in BLOCKS.values():
        assert not block.where or isinstance(default.reading(block.where), bool), block.name
        if not isinstance(block.policy, Choice):
            continue
        of = (block.policy.of,) if isinstance(block.policy.of, str) else block.policy.of
        known = [REGISTRY[name].choices or (False, True) if name in REGISTRY else values(name, default) for name in of]
        keys = known[0] if isinstance(block.policy.of, str) else product(*known)
        assert set(block.policy.options) == set(keys), block.name


def values(name: str, default: Economy) -> tuple[object, ...]:
    """What a property of an economy can be: a switch, or the price's processes and what may stand in for them."""
    if name == "price_rule":
        return (*REGISTRY["market.price_process"].choices, "given")
    assert isinstance(default.reading(name), bool), name
    return (False, True)


def test_genesis_names_every_state_variable() -> None:
    together, _ = genesis([economy("default")] * 2, 1, [0, 1])
    alone, _ = genesis_alone(economy("default"), 1, 0)
    assert set(together) == set(alone) == set(VARIABLES)


@EVERY_CHOICE
def test_policies_emit_their_flows_and_what_their_updates_read(choice: str) -> None:
    for block, emitted, read in emitted_and_read(choice):
        assert emitted == set(block.flows) | read, block.name


def test_every_flow_is_emitted_by_one_policy() -> None:
    counts = Counter(name for _, emitted, _ in emitted_and_read("default") for name in emitted if name in LEDGER.flows)
    assert counts == dict.fromkeys(LEDGER.flows, 1)


def test_flows_and_accounts_belong_to_blocks() -> None:
    names = {block.name for block in every_block()}
    assert {flow.contract for flow in LEDGER.flows.values()} <= names
    assert set(MECHANISMS) == {block.mechanism for block in every_block()} - {""}


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_mechanism_that_is_off_has_no_block(mechanism: str) -> None:
    choice = "agents" if mechanism == "proposing" else "default"
    off = Economy(**{**vars(economy(choice)), "mechanisms": {mechanism: False}})
    left = [block.mechanism for block in blocks(off)]
    whole = {block.mechanism: block for block in blocks(economy(choice))}
    stood_in = whole[mechanism].block.otherwise is not None
    lean_on_it = (
        5 * (mechanism in ("market", "price"))
        + 2 * (mechanism == "proposing")
        + sum(block.block.needs == mechanism for block in blocks(economy(choice)))
    )
    assert mechanism not in left
    assert len(left) == len(blocks(economy(choice))) - (not stood_in) - lean_on_it


@EVERY_CHOICE
def test_every_block_says_what_it_does(choice: str) -> None:
    for block in blocks(economy(choice)):
        assert block.block.doc.endswith(".")
        assert block.policy is None or block.policy.__doc__, block.name


@EVERY_CHOICE
def test_functions_are_plain_and_take_cadcads_arguments(choice: str) -> None:
    for block in wiring(blocks(economy(choice))):
        assert len(block["policies"]) <= 1
        wanted = {"policies": 4, "variables": 5}
        for kind, count in wanted.items():
            for function in block[kind].values():
                assert inspect.isfunction(function)
                assert function.__code__.co_argcount == count
                assert not function.__code__.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS)
                assert function.__defaults__ is None
                assert function.__kwdefaults__ is None


def test_substep_and_history_are_never_read() -> None:
    read = [place for place, node in found(FUNCTIONS, ast.Name) if node.id in ("substep", "state_history", "timestep")]  # type: ignore[attr-defined]
    keys = ("substep", "timestep", "run", "subset", "simulation")
    named = [place for place, node in found(FUNCTIONS, ast.Constant) if node.value in keys]  # type: ignore[attr-defined]
    assert read + named == []


def test_policies_do_not_branch() -> None:
    """`where` in place of `if`: a branch on an array's value would hold for one trajectory of a batch only."""
    kinds = (ast.If, ast.IfExp, ast.While, ast.Assert, ast.Match, ast.Try)
    assert [place for place, _ in found(("policies",), *kinds)] == []


def test_functions_hold_no_state() -> None:
    """No global names are rebound and no argument's item is assigned."""
    rebound = [place for place, _ in found(FUNCTIONS, ast.Global, ast.Nonlocal, ast.AugAssign, ast.Delete)]
    stores = [p for p, node in found(("policies",), ast.Subscript) if isinstance(node.ctx, ast.Store)]  # type: ignore[attr-defined]
    assert rebound + stores == []


def test_blocks_are_run_in_one_place() -> None:
    """Whoever calls with parameters, no substep, no history and a state runs a policy or an update."""
    rooms = ("model", "policies", "state_updates", "experiments", "dashboards", "benchmarks")
    nothing = ["Constant(value=None)"] * 2
    calls = [(place, node) for place, node in found(rooms, ast.Call) if isinstance(node, ast.Call)]
    running = [
        place for place, call in calls if [ast.dump(one) for one in call.args[1:3]] == nothing and _of_state(call)
    ]
    assert {place.partition(":")[0] for place in running} == {"experiments/engines/substep.py"}


def _of_state(call: ast.Call) -> bool:
    return len(call.args) > 3 and not isinstance(call.args[3], ast.Constant)
