"""The map of where parameters live: the example covers them all, and each wrong map is one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from eth_utils import keccak, to_checksum_address

from experiments.errors import RequestError
from experiments.proposals.onchain import example_targets, forms, load_targets
from experiments.proposals.onchain.amounts import exact_value
from experiments.proposals.onchain.example import EXAMPLE, example_text
from experiments.proposals.onchain.targets import SCALES
from model.parameters import GOVERNED, REGISTRY

MARKET = "InferenceMarketplace"
ADDRESS = "0x90797798f85Ae98f26db69Ab7aD8a1604a72ec9d"
BURN = {"signature": "setBurnShare(uint256)", "scale": "basis_points"}
BURNED = "functions.fees.burn_share"
KNOWN = {
    "fees.burn_share": ("setBurnShare(uint256)", 10**4),
    "oracle.breaker_width": ("setBreakerWidth(uint256)", 10**4),
    "oracle.override_usd": ("setOverridePrice(uint256)", 10**18),
    "fees.step_up": ("setStepUp(uint256)", 10**18),
    "challenges.bond_quiv": ("setBond(uint256)", 10**18),
    "treasury.grants_quiv_per_year": ("setGrantsPerYear(uint256)", 10**18),
}


def write(tmp_path: Path, **changes: Any) -> Path:
    """A small map, changed."""
    path = tmp_path / "map.yaml"
    content = {"contracts": {MARKET: ADDRESS}, "functions": {"fees.burn_share": BURN}} | changes
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(RequestError) as caught:
        load_targets(path)
    return [sentence.removeprefix(f"{path}: ") for sentence in caught.value.problems]


def test_the_examples_file_is_fresh() -> None:
    assert EXAMPLE.read_text(encoding="utf-8") == example_text(), f"{EXAMPLE.name}: run `python -m docs.generate`"


def test_the_example_covers_every_governed_parameter_where_the_registry_says() -> None:
    found = example_targets().targets
    assert tuple(found) == tuple(GOVERNED)
    for name, target in found.items():
        entry = REGISTRY[name]
        contract = entry.target.split(".")[0]
        assert target.address == to_checksum_address(keccak(text=f"QUIVer example: {contract}")[-20:])
        assert target.signature == entry.setter
        assert str(target.scale) == str(SCALES.get(entry.scale, entry.scale))


def test_the_example_is_in_the_units_that_the_contracts_of_its_kind_use() -> None:
    """Known cases, so that the rule of the registry and the map cannot be wrong together."""
    found = example_targets().targets
    assert {name: (found[name].signature, found[name].scale) for name in KNOWN} == KNOWN


@pytest.mark.parametrize("name", GOVERNED)
def test_the_example_holds_defaults_and_bounds_exactly(name: str) -> None:
    entry, target = REGISTRY[name], example_targets().targets[name]
    for value in (entry.default, entry.low, entry.high):
        assert target.raw(exact_value(entry, value)) == exact_value(entry, value) * target.scale


def test_a_map_need_not_have_every_parameter(tmp_path: Path) -> None:
    found = load_targets(write(tmp_path))
    assert list(found.targets) == ["fees.burn_share"]
    with pytest.raises(RequestError) as caught:
        forms("Less", "", {"fees.network_share": (0.15, 0.1)}, found)
    assert caught.value.problems == [
        f"changes.fees.network_share: found no function for it in {found.where}; allowed: fees.burn_share"
    ]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("0x12", "found '0x12'; allowed: an address, 0x and 40 hexadecimal digits"),
        (7, "found 7; allowed: an address, 0x and 40 hexadecimal digits"),
        ("0x" + "0" * 40, "found the zero address; allowed: the contract's address"),
    ]
    + [
        (
            wrong,
            f"found {wrong}, without the EIP-55 checksum in its letters' case, or with a mistyped digit; allowed: the "
            "address as the block explorer writes it",
        )
        for wrong in (ADDRESS.lower(), "0x" + ADDRESS[2:].upper(), ADDRESS[:-1] + "e")
    ],
)
def test_a_wrong_address_is_one_sentence(tmp_path: Path, address: Any, sentence: str) -> None:
    assert problems(write(tmp_path, contracts={MARKET: address})) == [f"contracts.{MARKET}: {sentence}"]


@pytest.mark.parametrize(
    ("change", "key", "found", "allowed"),
    [
        ({"signature": "setBurnShare(uint255)"}, "signature", "found 'setBurnShare(uint255)'", "a function of one"),
        ({"signature": "set(uint8,uint8)"}, "signature", "found 'set(uint8,uint8)'", "a function of one"),
        ({"signature": "set(int256)"}, "signature", "found 'set(int256)'", "a function of one"),
        ({"signature": "set (uint256)"}, "signature", "found 'set (uint256)'", "a function of one"),
        ({"signature": None}, "signature", "found nothing", "a function of one"),
        ({"scale": "wads"}, "scale", "found 'wads'", "a whole number from 1, or percent, basis_points"),
        ({"scale": 0}, "scale", "found 0", "a whole number from 1 to"),
        ({"scale": True}, "scale", "found true", "a whole number from 1 to"),
        ({"scale": 0.5}, "scale", "found 0.5", "a whole number from 1"),
        ({"scale": "wei"}, "scale", "found wei", "a scale for share of the network fee: wei is for amounts of QUIV"),
        ({"scales": "wad"}, "scales", "no such key of a function", "signature, scale"),
    ],
)
def test_a_wrong_function_is_one_sentence(
    tmp_path: Path, change: dict[str, Any], key: str, found: str, allowed: str
) -> None:
    (sentence,) = problems(write(tmp_path, functions={"fees.burn_share": BURN | change}))
    assert sentence.startswith(f"{BURNED}.{key}: {found}; allowed: {allowed}")


def test_basis_points_are_not_for_amounts(tmp_path: Path) -> None:
    functions = {"challenges.bond_quiv": {"signature": "setBond(uint256)", "scale": "basis_points"}}
    path = write(tmp_path, contracts={"ChallengeContract": ADDRESS}, functions=functions)
    assert problems(path) == [
        "functions.challenges.bond_quiv.scale: found basis_points; allowed: a scale for QUIV: basis_points is for "
        "shares and ratios"
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"functions": {"fees.burn_shar": BURN}},
            "functions.fees.burn_shar: no such governed parameter; allowed: quiver-sim params; nearest: ",
        ),
        (
            {"functions": {"challenges.bond_quiv": {"signature": "setBond(uint256)", "scale": "wei"}}},
            "contracts.ChallengeContract: missing; challenges.bond_quiv is set there",
        ),
        ({"contracts": {MARKET: ADDRESS, "Market": ADDRESS}}, "contracts.Market: no such contract; allowed: Emission"),
        ({"functons": {}}, "functons: no such key of a target map; allowed: contracts, functions; nearest: functions"),
        ({"functions": {}}, "functions: missing; every target map has contracts and functions"),
        ({"functions": 3}, "functions: found 3; allowed: names and what each has"),
        ({"functions": {"fees.burn_share": 3}}, f"{BURNED}: found 3; allowed: a function with signature, scale"),
        ({"functions": {"fees.burn_share": {"scale": 1}}}, f"{BURNED}.signature: missing; every function has"),
    ],
)
def test_a_wrong_map_is_one_sentence(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    (found,) = problems(write(tmp_path, **changes))
    assert found.startswith(sentence)


def test_a_function_that_sets_two_parameters_is_refused(tmp_path: Path) -> None:
    assert problems(write(tmp_path, functions={"fees.burn_share": BURN, "fees.network_share": dict(BURN)})) == [
        f"functions.fees.network_share: found setBurnShare(uint256) of {ADDRESS}, which sets fees.burn_share too; "
        "allowed: a function of its own for each parameter"
    ]


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    functions = {"fees.burn_share": BURN | {"scale": 0}, "fees.burn": BURN}
    assert len(problems(write(tmp_path, contracts={MARKET: "0x12"}, functions=functions))) == 3


@pytest.mark.parametrize(("scale", "value", "wrong"), [(3, "0.5", True), (2, "0.5", False), (8, "0.125", False)])
def test_a_scale_may_not_make_a_fraction(tmp_path: Path, scale: int, value: str, wrong: bool) -> None:
    found = load_targets(write(tmp_path, functions={"fees.burn_share": BURN | {"scale": scale}}))
    if not wrong:
        (row,) = forms("Burn", "", {"fees.burn_share": ("0", value)}, found)["changes"]
        assert row["to_raw"] == "1"
        return
    with pytest.raises(RequestError) as caught:
        forms("Burn", "", {"fees.burn_share": ("0", value)}, found)
    assert caught.value.problems == ["changes.fees.burn_share.to: found 0.5; allowed: multiples of 1/3"]


def test_a_value_over_the_functions_integer_is_refused(tmp_path: Path) -> None:
    found = load_targets(write(tmp_path, functions={"fees.burn_share": BURN | {"signature": "set(uint8)"}}))
    assert forms("Burn", "", {"fees.burn_share": ("0", "0.0255")}, found)["changes"][0]["to_raw"] == "255"
    with pytest.raises(RequestError) as caught:
        forms("Burn", "", {"fees.burn_share": ("0", "0.0256")}, found)
    assert caught.value.problems == [
        "changes.fees.burn_share.to: found 0.0256, which is 256 on chain; allowed: at most 0.0255 in a uint8"
    ]


def test_the_example_is_a_file_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    assert load_targets(path).targets == example_targets().targets
