"""Where each parameter lives on chain: a map that the user supplies, and an example of one.

A map is YAML. `contracts` has an address for each contract that the registry names (`InferenceMarketplace`); `targets`
has, for each parameter, the `function` that sets it and the `scale` that its value is multiplied by. Which contract
holds a parameter is said once, by its `target` in the registry.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_utils import function_signature_to_4byte_selector, is_checksum_address, to_checksum_address

from experiments import values
from experiments.errors import Problems, UnfitError, show, unknown
from experiments.yaml_files import read_mapping
from model.parameters import GOVERNED, REGISTRY

EXAMPLE = Path(__file__).parent / "example.yaml"
SCALES = {"whole": 1, "percent": 100, "basis_points": 10**4, "nano": 10**9, "wad": 10**18, "wei": 10**18, "ray": 10**27}
"""Scales with a name; any other whole number from 1 can be written out."""

MOST_SCALE = 10**36
FUNCTION = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]{0,99}\(uint([0-9]{1,3})\)")
ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
CONTRACTS = tuple(dict.fromkeys(REGISTRY[name].target.split(".")[0] for name in GOVERNED))
"""The contracts that hold governed parameters."""


@dataclass(frozen=True)
class Target:
    """One parameter's place: the contract's address (EIP-55), the function, its integer's bits, and the scale."""

    address: str
    function: str
    bits: int
    scale: int

    @property
    def selector(self) -> bytes:
        """The four bytes that call the function."""
        return bytes(function_signature_to_4byte_selector(self.function))


TargetMap = Mapping[str, Target]
"""Targets by dotted name of the parameter."""


def load_targets(path: str | Path) -> TargetMap:
    """The map of a YAML file; a `RequestError` has one sentence for each thing that is wrong."""
    where = str(path)
    return read_targets(read_mapping(Path(path), where), where)


def read_targets(content: Mapping[str, Any], where: str) -> TargetMap:
    """The map that a file's content describes."""
    problems, found = Problems(), {}
    for key in content:
        if key not in ("contracts", "targets"):
            problems.add(where, key, unknown(key, "key", ("contracts", "targets")))
    addresses = _addresses(content.get("contracts"), where, problems)
    for name, entry in _section(content, "targets", where, problems).items():
        key = f"targets.{name}"
        if name not in GOVERNED:
            problems.add(where, key, unknown(name, "governed parameter", GOVERNED, "those of quiver-sim params"))
            continue
        contract = REGISTRY[name].target.split(".")[0]
        if contract not in addresses:
            problems.add(where, key, f"the address of {contract} is missing; allowed: contracts: {{{contract}: 0x...}}")
            continue
        try:
            found[name] = _target(entry, addresses[contract], REGISTRY[name].unit)
        except UnfitError as error:
            problems.add(where, key, error)
    _no_two_alike(found, where, problems)
    problems.raise_any()
    return found


def _addresses(content: Any, where: str, problems: Problems) -> dict[str, str]:
    """Addresses by contract; one that is wrong is noted, and kept so that it is not called missing as well."""
    found = {}
    for contract, address in _section({"contracts": content}, "contracts", where, problems).items():
        key = f"contracts.{contract}"
        if contract not in CONTRACTS:
            problems.add(where, key, unknown(contract, "contract", CONTRACTS))
        elif not isinstance(address, str) or not ADDRESS.fullmatch(address):
            problems.add(where, key, UnfitError(show(address), "0x and 40 hexadecimal digits, in quotes"))
        elif not is_checksum_address(address):
            spelt = to_checksum_address(address)
            problems.add(
                where, key, UnfitError(show(address), f"letters by EIP-55, which for these digits are {spelt}")
            )
        found[str(contract)] = str(address)
    return found


def _section(content: Mapping[str, Any], key: str, where: str, problems: Problems) -> dict[str, Any]:
    try:
        return values.mapping(content.get(key), "names and values, one a line")
    except UnfitError as error:
        problems.add(where, key, error)
        return {}


def _target(entry: Any, address: str, unit: str) -> Target:
    allowed = "{function: setX(uint256), scale: basis_points}"
    if not isinstance(entry, dict) or set(entry) != {"function", "scale"}:
        raise UnfitError(show(entry), allowed)
    matched = FUNCTION.fullmatch(str(entry["function"]))
    bits = int(matched[1]) if matched else 0
    if bits not in range(8, 257, 8):
        raise UnfitError(show(entry["function"]), "a function of one uint8, uint16, ... or uint256: setX(uint256)")
    return Target(address, str(entry["function"]), bits, _scale(entry["scale"], unit))


def _scale(found: Any, unit: str) -> int:
    if isinstance(found, str):
        scale = SCALES[values.choice(found, tuple(SCALES))]
        if found == "wei" and not unit.startswith("QUIV"):
            raise UnfitError("wei", f"a scale for a {unit}; wei are for amounts of QUIV")
        return scale
    return values.whole(found, 1, MOST_SCALE, "units on chain for one")


def _no_two_alike(found: TargetMap, where: str, problems: Problems) -> None:
    """Two parameters behind one function could not be told apart."""
    seen: dict[tuple[str, bytes], str] = {}
    for name, target in found.items():
        first = seen.setdefault((target.address, target.selector), name)
        if first != name:
            problems.add(where, f"targets.{name}", f"the same contract and function as {first}; allowed: one for each")
