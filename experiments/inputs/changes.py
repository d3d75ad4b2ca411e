"""What a scenario file, an override or a design point changes in an economy: read, checked, applied.

Both spellings end here: the sections of a file (`parameters: {fees.burn_share: 0.6}`) and single dotted names
(`fees.burn_share`, `mechanisms.market`, `exogenous.price_usd`, `noise`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from experiments.engines.wiring import MECHANISMS
from experiments.errors import UnfitError, unknown
from experiments.inputs import validate
from experiments.inputs.exogenous import read_process
from experiments.inputs.reader import Reader
from model.economy import EXOGENOUS, Economy
from model.parameters import REGISTRY, Parameters

FLAGS = ("noise", "go_literal")
OVERRIDABLE = (*REGISTRY, *(f"mechanisms.{m}" for m in MECHANISMS), *(f"exogenous.{e}" for e in EXOGENOUS), *FLAGS)
"""Every name that an override may have."""

LISTED = "a parameter (quiver-sim params), mechanisms.X, exogenous.X, noise, go_literal"
"""Those names in words."""

NEEDS = {"price_usd": "price", "value_usd": "market", "demand_tokens": "demand"}
"""The mechanism that a process from outside stands in for, and so needs."""


@dataclass
class Changes:
    """Checked values by name; a process of None goes back to the endogenous one."""

    parameters: dict[str, Any] = field(default_factory=dict)
    mechanisms: dict[str, bool] = field(default_factory=dict)
    exogenous: dict[str, NDArray[np.float64] | None] = field(default_factory=dict)
    flags: dict[str, bool] = field(default_factory=dict)

    def applied(self, economy: Economy, file: Reader) -> Economy:
        """The economy with these values; rules between parameters are checked here."""
        paths = {name: path for name, path in {**economy.exogenous, **self.exogenous}.items() if path is not None}
        return changed(
            economy,
            file,
            parameters=with_values(economy.parameters, self.parameters, file),
            mechanisms={**economy.mechanisms, **self.mechanisms},
            exogenous=paths,
            noise=self.flags.get("noise", economy.noise),
            go_literal=self.flags.get("go_literal", economy.go_literal),
        )


def changed(economy: Economy, file: Reader, **parts: Any) -> Economy:
    """The economy with some of its parts replaced; RequestError where they do not go together with the others."""
    try:
        return replace(economy, **parts)
    except ValueError as error:
        file.note(error)
        file.problems.raise_any()
        raise


def with_values(parameters: Parameters, changed: Mapping[str, Any], file: Reader) -> Parameters:
    """The parameters with some values replaced; a contract's own rules come out as problems."""
    sections: dict[str, dict[str, Any]] = {}
    for name, value in changed.items():
        contract, short = name.split(".")
        sections.setdefault(contract, {})[short] = value
    rebuilt = {}
    for contract, own in sections.items():
        section = getattr(parameters, contract)
        try:
            rebuilt[contract] = type(section)(**(section.model_dump() | own))
        except ValidationError as error:
            for problem in error.errors():
                cause = problem.get("ctx", {}).get("error", problem["msg"])
                key = ".".join([contract, *map(str, problem["loc"])]) if problem["loc"] else ""
                file.note(cause, key)
    return parameters.model_copy(update=rebuilt)


def read_parts(file: Reader, changes: Changes, base: Path) -> None:
    """Read the sections of a scenario file; paths in it are relative to `base`."""
    prefixes = {"parameters": "", "population": "population.", "mechanisms": "mechanisms.", "exogenous": "exogenous."}
    for section, prefix in prefixes.items():
        for name, place in file.at(section).keys("names and values, one a line").items():
            if section == "parameters" and name not in REGISTRY:
                place.note(unknown(name, "parameter", REGISTRY, "quiver-sim params"))
            elif prefix + name in changes.parameters:
                file.note("given twice, under parameters and under population", prefix + name)
            else:
                read_dotted(file.sub(prefix + name, place.found), changes, base)
    for name in FLAGS:
        if file.found.get(name) is not None:
            read_dotted(file.at(name), changes, base)


def read_dotted(at: Reader, changes: Changes, base: Path) -> None:
    """Read one value by its dotted name, which is the whole key of its place."""
    section, _, name = at.key.partition(".")
    with at.noting():
        if at.key in REGISTRY:
            changes.parameters[at.key] = validate.parameter_value(REGISTRY[at.key], at.found)
        elif at.key in FLAGS:
            changes.flags[at.key] = validate.switch(at.found)
        elif section == "mechanisms" and name in MECHANISMS:
            changes.mechanisms[name] = validate.switch(at.found)
        elif section == "exogenous" and name in EXOGENOUS:
            changes.exogenous[name] = None if at.found is None else read_process(name, at.found, base)
        else:
            at.note(_no_such(section, name, at.key))


def _no_such(section: str, name: str, key: str) -> str:
    if section == "mechanisms":
        return unknown(name, "mechanism", MECHANISMS)
    if section == "exogenous":
        return unknown(name, "process", EXOGENOUS)
    if section == "population":
        return unknown(name, "population", [n.split(".")[1] for n in REGISTRY if n.startswith("population.")])
    return unknown(key, "parameter", OVERRIDABLE, LISTED)


def check_whole(economy: Economy, file: Reader) -> None:
    """Rules between parts: paths reach the horizon, processes have their mechanism, proposers exist, shocks act."""
    for name, path in economy.exogenous.items():
        if 1 < path.size < economy.days:
            allowed = f"at least {economy.days} (one for each day)"
            file.note(UnfitError(f"a path of {path.size} rows", allowed), f"exogenous.{name}")
        if not economy.on(NEEDS[name]):
            rule = f"given, but mechanisms.{NEEDS[name]} is off; allowed: one or the other"
            file.note(rule, f"exogenous.{name}")
    for key, found, allowed in economy.start.unfit(economy) if economy.start else ():
        file.note(UnfitError(found, allowed), key)
    holders = economy.parameters.population.holders
    for index, proposal in enumerate(economy.proposals):
        if proposal.proposer >= holders:
            allowed = f"a whole number from 0 to {holders - 1} (holder, counted from 0)"
            file.note(UnfitError(str(proposal.proposer), allowed), f"proposals[{index}].proposer")
        if economy.early(proposal):
            allowed = f"a day from {economy.parameters.launch.governance_day} (launch.governance_day) on"
            file.note(UnfitError(str(proposal.day), allowed), f"proposals[{index}].day")
    for index, shock in enumerate(economy.shocks):
        if why := economy.idle(shock):
            file.note(f"a {shock.kind} has nothing to act on: {why}; allowed: one or the other", f"shocks[{index}]")
