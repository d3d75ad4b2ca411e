"""The registries: every parameter is read, explained and bounded; every metric is explained and finite."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel, ValidationError

from experiments.engines import ENGINES
from model.metrics import METRICS
from model.parameters import GOVERNED, REGISTRY, Parameters, flatten
from model.registry import Contract, Parameter, parameter, registry_of
from state_updates import VARIABLES
from tests.engines.daily import RAISE_BURN, small
from tests.structure.sources import trees

NUMBERS = ("number", "whole", "list")


def faulty(names: Iterable[str], *rules: Callable[[str], object]) -> list[str]:
    """Every name that breaks a rule, with the rule. One test for all of a registry, as there are hundreds."""
    return [f"{name}: not so: {rule.__doc__}" for name in names for rule in rules if not rule(name)]


def _attribute(node: ast.AST) -> str:
    """`contract.name` of an expression that ends so, through at most one local name for the contract."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
        return f"{node.value.attr}.{node.attr}"
    return ""


def _aliases(tree: ast.Module) -> dict[str, str]:
    """Local names that stand for a contract's parameters: `size = economy.parameters.population`."""
    pairs: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            targets, values = node.targets[0], node.value
            names = targets.elts if isinstance(targets, ast.Tuple) else [targets]
            given = values.elts if isinstance(values, ast.Tuple) else [values]
            for name, value in zip(names, given, strict=False):
                if isinstance(name, ast.Name) and isinstance(value, ast.Attribute) and "parameters" in ast.dump(value):
                    pairs[name.id] = value.attr
    return pairs


def read_names() -> set[str]:
    """Every `contract.name` that the economy's or the wiring's source names, as a key or as an attribute."""
    names: set[str] = set()
    genesis = {"experiments/engines/genesis.py": trees("experiments")["experiments/engines/genesis.py"]}
    for path, tree in (trees("model", "policies", "state_updates") | genesis).items():
        if path.startswith("model/parameters/") or path == "model/gone.py":
            continue
        aliases = _aliases(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                names.add(node.value)
            names.add(_attribute(node))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                names.add(f"{aliases.get(node.value.id, '')}.{node.attr}")
    return names


def test_every_parameter_is_read() -> None:
    assert sorted(set(REGISTRY) - read_names()) == []


def _explained(name: str) -> object:
    """has a sentence, a source, a unit where it is a number, and a kind"""
    entry = REGISTRY[name]
    unit = entry.unit or entry.kind in ("choice", "switch")
    return entry.doc.endswith(".") and entry.source and unit and entry.kind in (*NUMBERS, "switch", "choice")


def _within(name: str) -> object:
    """has a default within its bounds"""
    entry = REGISTRY[name]
    if entry.kind not in NUMBERS:
        return entry.default in (entry.choices or (False, True))
    low, high = entry.low, entry.high
    return None not in (low, high) and all(low <= item <= high for item in np.atleast_1d(entry.default))  # type: ignore[operator]


def _long(name: str) -> object:
    """has the length of its default"""
    entry = REGISTRY[name]
    return entry.length == (len(entry.default) if entry.kind == "list" else 1)


def test_every_parameter_is_explained_and_its_default_within_its_bounds() -> None:
    assert faulty(REGISTRY, _explained, _within, _long) == []


def test_parameters_are_read_back_from_their_json() -> None:
    """JSON has lists and no tuples; a stored plan is read so, as strictly as any other."""
    whole = Parameters()
    assert Parameters.model_validate_json(whole.model_dump_json()) == whole
    with pytest.raises(ValidationError, match="valid number"):
        Parameters.model_validate_json('{"investors": {"required": [0.1, 0.2, 0.15, "0.15"]}}')


@pytest.mark.parametrize("side", ["low", "high"])
def test_a_value_beyond_its_bounds_is_refused(side: str) -> None:
    def refused(name: str) -> object:
        """is refused by its contract, which names it"""
        entry = REGISTRY[name]
        beyond: Any = getattr(entry, side) + (-1 if side == "low" else 1)
        beyond = int(beyond) if isinstance(np.atleast_1d(entry.default)[0], np.integer) else float(beyond)
        contract, key = name.split(".")
        value = (beyond, *entry.default[1:]) if entry.kind == "list" else beyond
        try:
            type(getattr(Parameters(), contract))(**{key: value})
        except ValueError as refusal:
            return key in str(refusal)
        return False

    assert faulty([name for name, entry in REGISTRY.items() if entry.kind in NUMBERS], refused) == []


def _governed(name: str) -> object:
    """is a state variable in its unit, with a target, setter and scale on chain, a number, not fixed at the start"""
    entry = REGISTRY[name]
    contract, _, member = entry.target.partition(".")
    placed = contract == entry.target_contract and member and entry.setter and entry.scale
    same = name in VARIABLES and REGISTRY[name].unit == VARIABLES[name].unit
    number = isinstance(flatten(Parameters())[name], float) and not REGISTRY[name].structural
    return same and placed and number


def test_a_governed_parameter_is_a_state_variable_with_a_target() -> None:
    assert faulty(GOVERNED, _governed) == []


def test_targets_are_unique() -> None:
    targets = [REGISTRY[name].target for name in GOVERNED]
    assert len(set(targets)) == len(targets)


def declared(**given: Any) -> Parameter:
    """The registry entry of a parameter declared with a unit, a target and what else is given."""
    field = parameter(0.5, source="a test", doc="A share.", **{"unit": "share of a payment", "low": 0.0} | given)
    market = type("Market", (Contract,), {"__annotations__": {"share": float}, "share": field})
    return registry_of(type("Economy", (BaseModel,), {"__annotations__": {"market": market}}))["market.share"]


@pytest.mark.parametrize(
    ("given", "setter", "scale"),
    [
        ({}, "setPart(uint256)", "basis_points"),
        ({"unit": "QUIV a year"}, "setPart(uint256)", "wei"),
        ({"unit": "USD per QUIV"}, "setPart(uint256)", "wad"),
        ({"setter": "configure(uint64)", "scale": "percent"}, "configure(uint64)", "percent"),
        ({"governed": None}, "", ""),
    ],
)
def test_setter_and_scale_follow_from_target_and_unit_unless_declared(
    given: dict[str, Any], setter: str, scale: str
) -> None:
    entry = declared(**{"governed": "economic", "target": "Market.part"} | given)
    assert (entry.target_contract, entry.setter, entry.scale) == ("Market", setter, scale)


@pytest.mark.parametrize("target", ["", "Market", "Market.", "market share"])
def test_a_governed_parameter_without_a_place_on_chain_is_refused(target: str) -> None:
    with pytest.raises(ValueError, match=f"has a target such as InferenceMarketplace.burnShare, not '{target}'"):
        declared(governed="economic", target=target)


def _described(name: str) -> object:
    """has its name, a label, a unit and a sentence"""
    metric = METRICS[name]
    return metric.name == name and metric.label and metric.unit and metric.doc.endswith(".")


def test_every_metric_is_explained() -> None:
    assert faulty(METRICS, _described) == []


@pytest.fixture(scope="module")
def record() -> np.ndarray:
    """Every metric of three trajectories, by trajectory, day and metric."""
    return ENGINES["ensemble"]([small(30, proposals=(RAISE_BURN,))] * 3, 1, [0, 1, 2], tuple(METRICS))


def test_metrics_are_finite(record: np.ndarray) -> None:
    bad = [name for place, name in enumerate(METRICS) if not np.isfinite(record[..., place]).all()]
    assert bad == []


def test_the_stack_is_the_supply(record: np.ndarray) -> None:
    """The parts of the stacked chart name every account once."""
    parts = [place for place, name in enumerate(METRICS) if name.startswith("stack_")]
    supply = record[..., list(METRICS).index("supply_quiv")]
    np.testing.assert_allclose(record[..., parts].sum(axis=-1), supply, rtol=1e-14)
