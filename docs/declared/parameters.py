"""Parameters: every one with its default, unit, bounds, meaning, source, and what governs it."""

from __future__ import annotations

from collections.abc import Iterable

from docs.markdown import code, page, table
from experiments.words import exact
from model.gone import GONE, MOVED, instead
from model.parameters import REGISTRY, Parameters
from model.registry import Parameter

FILE = "parameters.md"


def text() -> str:
    """The page."""
    return page("Parameters", _parts())


CONTRACTS = tuple(Parameters.model_fields)


SECURITY: dict[str, tuple[str, ...]] = {
    "Gradual stake unlock periods": (
        "staking.unbonding_days",
        "staking.unbonding_shape",
        "staking.lockup_premium",
    ),
    "Maximum slash percentages": (
        "slashing.tier_cap",
        "slashing.band_low",
        "slashing.band_high",
        "slashing.cooldown_days",
        "validation.slash_share",
    ),
    "Appeal mechanism": (
        "challenges.appeal_days",
        "challenges.appeal_bond_quiv",
        "challenges.appeal_panel",
        "challenges.quorum",
    ),
    "Insurance fund": (
        "fees.insurance_share",
        "insurance.initial_quiv",
        "insurance.claimed_share",
        "insurance.accidents_per_year",
        "insurance.accident_quiv",
        "slashing.burn_share",
        "slashing.challenger_share",
    ),
}
"""The parameters that govern each item of SPEC, Staking Security."""


def _parts() -> Iterable[str]:
    governed = sum(1 for entry in REGISTRY.values() if entry.governed)
    yield (
        f"{len(REGISTRY)} parameters, of which a proposal may change {governed}: for those the last column names the "
        "type of proposal and the place on chain. Bounds are inclusive and in the parameter's unit; for a list they "
        "bound each element."
    )
    heads = ["Parameter", "Default", "Unit", "Bounds", "Meaning", "Source", "Governance"]
    for contract in CONTRACTS:
        yield f"## {contract}"
        yield table(heads, [_parameter(entry) for entry in REGISTRY.values() if entry.name.startswith(f"{contract}.")])
    yield "## SPEC, Staking Security by name"
    rows = [[item, ", ".join(code(REGISTRY[name].name) for name in names)] for item, names in SECURITY.items()]
    yield table(["Item of the spec", "Parameters that govern it"], rows)
    yield "## Names of earlier versions"
    yield table(["Parameter", "Now"], [[code(name), instead(name)] for name in sorted((*MOVED, *GONE))])


def _parameter(entry: Parameter) -> list[str]:
    default = code(entry.default) if entry.kind == "choice" else exact(entry.default)
    return [code(entry.name), default, entry.unit, _range(entry), entry.doc, entry.source, _governed(entry)]


def _range(entry: Parameter) -> str:
    if entry.kind == "choice":
        return " or ".join(code(choice) for choice in entry.choices)
    if entry.low is None or entry.high is None:
        return "`true` or `false`"
    return f"{exact(entry.low)} to {exact(entry.high)}"


def _governed(entry: Parameter) -> str:
    if entry.governed:
        return f"{entry.governed}: {code(entry.target)}"
    return "fixed when the blocks are built" if entry.structural else ""
