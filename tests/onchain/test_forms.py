"""Forms of a proposal: selectors and hashes known from elsewhere, amounts to the last digit, and back again."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from eth_abi import decode as unpack
from eth_abi import encode as pack
from eth_utils import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.errors import RequestError, nearest
from experiments.inputs.scenario import load_scenario
from experiments.proposals.onchain import decode, example_targets, forms, forms_of, read_targets
from model.parameters import GOVERNED, REGISTRY

TARGETS = example_targets()
BURN = {"fees.burn_share": (0.5, 0.6)}
ARRAYS = ["address[]", "uint256[]", "bytes[]"]
SELECTORS = {"propose": "0x7d5e81e2", "queue": "0x160cbed7", "execute": "0x2656227d", "bravo": "0xda95691a"}
SHARE = "a number from 0.0 to 1.0 (share of the network fee)"
NEAREST = ["fees.burn_share", *nearest("fees.burn_shar", GOVERNED)[1:]]
DISCUSSION = "an address (https, http, ipfs, ipns, snapshot) of at most 256 characters, or nothing"
TIME = "a time in seconds since 1970, from 1000000000 to 2000000000 (May 2033), the last that Snapshot takes"
PROPOSER = "#proposer=0x" + "aB" * 20


def made(changes: Any = BURN, title: Any = "Burn more", body: Any = "Because.", **options: Any) -> dict[str, Any]:
    return forms(title, body, changes, TARGETS, options)


def problems(**given: Any) -> list[str]:
    with pytest.raises(RequestError) as caught:
        made(**given)
    return caught.value.problems


def arguments(calldata: str, types: list[str]) -> tuple[Any, ...]:
    return unpack(types, bytes.fromhex(calldata[10:]))


def test_selectors_are_those_of_the_contracts() -> None:
    assert {name: made()["governor"][name][:10] for name in SELECTORS} == SELECTORS


def test_a_call_is_a_selector_and_the_scaled_value() -> None:
    (calldata,) = made()["governor"]["calldatas"]
    assert calldata == "0x" + keccak(text="setBurnShare(uint256)")[:4].hex() + f"{6000:064x}"


def test_an_amount_is_exact_to_the_wei() -> None:
    found = made({"challenges.bond_quiv": (100, "123456.123456789012345678")})
    assert found["changes"][0]["to_raw"] == "123456123456789012345678"
    assert decode(found, TARGETS) == {"challenges.bond_quiv": Fraction(123456123456789012345678, 10**18)}


def test_the_number_of_a_proposal_hashes_what_it_does_and_says() -> None:
    governor = made()["governor"]
    digest = keccak(b"# Burn more\n\nBecause.")
    calldatas = [bytes.fromhex(calldata[2:]) for calldata in governor["calldatas"]]
    packed = pack([*ARRAYS, "bytes32"], [governor["targets"], [0], calldatas, digest])
    assert governor["description_hash"] == "0x" + digest.hex()
    assert governor["proposal_id"] == str(int(keccak(packed).hex(), 16))


def test_queue_and_execute_are_about_what_was_proposed() -> None:
    governor = made()["governor"]
    *does, description = arguments(governor["propose"], [*ARRAYS, "string"])
    for name in ("queue", "execute"):
        assert arguments(governor[name], [*ARRAYS, "bytes32"]) == (*does, keccak(text=description))


def test_bravo_takes_signatures_and_arguments_apart() -> None:
    found = arguments(made()["governor"]["bravo"], ["address[]", "uint256[]", "string[]", "bytes[]", "string"])
    assert found[2:4] == (("setBurnShare(uint256)",), (pack(["uint256"], [6000]),))


def test_lines_end_in_line_feeds_everywhere() -> None:
    found = made(body="a\r\nb\rc")
    assert found["governor"] == made(body="a\nb\nc")["governor"]
    assert found["snapshot"]["body"] == "a\nb\nc"


def test_calls_keep_their_order() -> None:
    changes = {"fees.network_share": (0.15, 0.1), "fees.burn_share": (0.5, 0.6), "challenges.bond_quiv": (100, 50)}
    for order in (changes, dict(reversed(changes.items()))):
        assert list(decode(made(order), TARGETS)) == [row["parameter"] for row in made(order)["changes"]] == list(order)


@st.composite
def changed(draw: st.DrawFn) -> dict[str, tuple[str, str]]:
    """Two whole numbers within bounds for each of some parameters, as the text of decimals."""
    changes = {}
    for name in draw(st.lists(st.sampled_from(GOVERNED), min_size=1, max_size=6, unique=True)):
        low, high = (Fraction(repr(bound)) * TARGETS.targets[name].scale for bound in bounds(name))
        assert low.denominator == high.denominator == 1
        pair = draw(st.lists(st.integers(int(low), int(high)), min_size=2, max_size=2, unique=True))
        places = len(str(TARGETS.targets[name].scale)) - 1
        changes[name] = (f"{pair[0]}e-{places}", f"{pair[1]}e-{places}")
    return changes


def bounds(name: str) -> tuple[float, float]:
    entry = REGISTRY[name]
    assert entry.low is not None
    assert entry.high is not None
    return entry.low, entry.high


@settings(max_examples=100, deadline=None)
@given(changed(), st.text("abc é火<#", min_size=1).filter(str.strip), st.text(st.characters(exclude_categories=["Cs"])))
def test_calldata_says_what_was_asked(changes: dict[str, tuple[str, str]], title: str, body: str) -> None:
    found = json.loads(json.dumps(forms(title, body, changes, TARGETS)))
    assert decode(found, TARGETS) == {name: Fraction(new) for name, (_, new) in changes.items()}


@settings(deadline=None)
@given(st.integers(0, 10**4))
def test_a_float_is_the_decimal_that_was_written(units: int) -> None:
    other = (units + 1) % 10**4
    (row,) = made({"fees.burn_share": (units / 10**4, other / 10**4)})["changes"]
    assert (row["from_raw"], row["to_raw"]) == (str(units), str(other))


@pytest.mark.parametrize(
    ("changes", "found", "allowed"),
    [
        (
            {"fees.burn_shar": (0.5, 0.6)},
            "changes.fees.burn_shar: no such governed parameter",
            f"quiver-sim params; nearest: {', '.join(NEAREST)}",
        ),
        ({"demand.segments": (1, 2)}, "changes.demand.segments: no such governed parameter", "quiver-sim params"),
        ({"fees.burn_share": (0.5, "0.60001")}, "changes.fees.burn_share.to: found 0.60001", "multiples of 0.0001"),
        ({"fees.burn_share": (0.50001, 0.6)}, "changes.fees.burn_share.from: found 0.50001", "multiples of 0.0001"),
        ({"fees.burn_share": (0.5, 1.5)}, "changes.fees.burn_share.to: found 1.5", SHARE),
        ({"fees.burn_share": (0.5, "0.50")}, "changes.fees.burn_share: found 0.5 before and after", "a change"),
        ({"fees.burn_share": (0.5, True)}, "changes.fees.burn_share.to: found true", SHARE),
        ({"fees.burn_share": (0.5, None)}, "changes.fees.burn_share.to: found nothing", SHARE),
        ({"fees.burn_share": (0.5, float("nan"))}, "changes.fees.burn_share.to: found nan", SHARE),
        (
            {"fees.burn_share": (0.5, "1e-99")},
            "changes.fees.burn_share.to: found '1e-99'",
            "a number of at most 77 decimals",
        ),
    ],
)
def test_a_change_that_cannot_be_made_is_one_sentence(changes: Any, found: str, allowed: str) -> None:
    assert problems(changes=changes) == [f"{found}; allowed: {allowed}"]


def test_a_proposal_changes_something() -> None:
    assert problems(changes={}) == ["changes: missing; a proposal changes at least one parameter"]


@pytest.mark.parametrize(
    ("given", "found", "allowed"),
    [
        ({"title": "two\nlines"}, r"title: found 'two\nlines'", "one line"),
        ({"title": 7}, "title: found 7", "text"),
        ({"body": "\ud800"}, r"body: found '\ud800'", "text"),
        (
            {"body": f"x {PROPOSER}"},
            "body: found #proposer=0x... at the end, by which a Governor lets only that account propose",
            "text that ends in another way",
        ),
        ({"title": ""}, "snapshot.name: found ''", "a title of 1 to 256 characters"),
        ({"title": "x" * 257}, "snapshot.name: found 257 characters", "a title of 1 to 256 characters"),
        ({"body": "x" * 10_001}, "snapshot.body: found 10001 characters", "text of at most 10,000 characters"),
        (
            {"type": "best"},
            "snapshot.type: found 'best'",
            "basic, single-choice, approval, ranked-choice, quadratic, weighted, copeland, custom",
        ),
        (
            {"type": "approval", "choices": []},
            "snapshot.choices: found []",
            "a list of 1 to 10 choices, all different",
        ),
        (
            {"type": "approval", "choices": ["Yes", "Yes"]},
            "snapshot.choices: found ['Yes', 'Yes']",
            "a list of 1 to 10 choices, all different",
        ),
        (
            {"choices": ["Yes"]},
            "snapshot.choices: found ['Yes']",
            "two or three choices, such as For, Against, Abstain, for that is what basic means",
        ),
        (
            {"type": "approval", "choices": ["b" * 257]},
            "snapshot.choices.0: found 257 characters",
            "1 to 256 characters",
        ),
        (
            {"discussion": "javascript:x"},
            "snapshot.discussion: found 'javascript:x'",
            DISCUSSION,
        ),
        (
            {"discussion": "https://x\n"},
            r"snapshot.discussion: found 'https://x\n'",
            DISCUSSION,
        ),
        (
            {"discussion": "https://x/" + "y" * 250},
            "snapshot.discussion: found 260 characters",
            DISCUSSION,
        ),
        (
            {"start": 2 * 10**9, "end": 2 * 10**9},
            "snapshot.end: found 2000000000",
            "a time after the start, 2000000000",
        ),
        ({"start": 20}, "snapshot.start: found 20", TIME),
        ({"start": 2 * 10**9 + 1}, "snapshot.start: found 2000000001", TIME),
        ({"end": 2000600000}, "snapshot.end: found 2000600000", TIME),
        ({"snapshot": "latest"}, "snapshot.snapshot: found 'latest'", "the number of a block"),
        ({"snapshot": 2**53}, "snapshot.snapshot: found 9007199254740992", "the number of a block"),
        (
            {"quorum": 1},
            "snapshot.quorum: no such key of a Snapshot proposal",
            "type, choices, discussion, start, end, snapshot",
        ),
    ],
)
def test_what_a_governor_or_snapshot_misreads_is_one_sentence(given: dict[str, Any], found: str, allowed: str) -> None:
    assert problems(**given) == [f"{found}; allowed: {allowed}"]


def test_11_choices_are_too_many() -> None:
    choices = [str(number) for number in range(11)]
    assert len(made(type="approval", choices=choices[:10])["snapshot"]["choices"]) == 10
    (sentence,) = problems(type="approval", choices=choices)
    assert sentence.endswith("allowed: a list of 1 to 10 choices, all different")


@pytest.mark.parametrize(("key", "most"), [("title", 256), ("body", 10_000)])
def test_lengths_are_counted_in_utf_16(key: str, most: int) -> None:
    """As JavaScript's `length` does: U+1F525 is two units, U+00E9 and U+706B are one."""
    name = {"title": "name"}.get(key, key)
    for text in ("é" * most, "火" * most, "🔥" * (most // 2)):
        assert made(**{key: text})["snapshot"][name] == text
    for text in ("🔥" * (most // 2) + "x", "火" * (most + 1)):
        units = len(text.encode("utf-16-le")) // 2
        (sentence,) = problems(**{key: text})
        assert re.match(f"snapshot\\.{name}: found {units} characters(, as Snapshot counts.*)?; allowed: ", sentence)


@pytest.mark.parametrize("discussion", ["", "https://x.y/1", "http://x", "ipfs://bafy", "ipns://k51", "snapshot://x"])
def test_a_discussion_may_be_at_every_address_that_snapshot_takes(discussion: str) -> None:
    assert made(discussion=discussion)["snapshot"]["discussion"] == discussion


def test_a_basic_vote_may_name_its_two_choices() -> None:
    assert made(choices=["Yes", "No"])["snapshot"]["choices"] == ["Yes", "No"]


def test_the_last_second_of_snapshot() -> None:
    assert made(start=10**9, end=2 * 10**9, snapshot=2**53 - 1)["snapshot"]["end"] == 2_000_000_000


def test_bravo_takes_ten_calls() -> None:
    shares = [name for name in GOVERNED if (REGISTRY[name].low, REGISTRY[name].high) == (0.0, 1.0)]
    changes = dict.fromkeys(shares[:11], ("0.25", "0.5"))
    assert len(changes) == 11
    assert problems(changes=changes) == [
        "changes: found 11; allowed: at most 10, for Governor Bravo takes no more in one proposal"
    ]
    ten = made(dict(list(changes.items())[:10]))
    assert len(decode(ten, TARGETS)) == 10


@pytest.mark.parametrize(
    "written", [".6", "0.6", "6.e-1", "6.0e-1", ".06e+1", "0.6_0", "6e-1", "+.6", "-.6", "０.６", "0x1", "0:36", ".inf"]
)
def test_a_number_is_read_as_in_a_scenario(written: str, tmp_path: Path) -> None:
    """Where a scenario has a value, a file of changes has the same; `6e-1`, which YAML takes for text, has one here."""
    file = tmp_path / "changes.yaml"
    file.write_text(f"title: t\nbody: b\nchanges:\n  fees.burn_share: {{from: 0.5, to: {written}}}\n", encoding="utf-8")
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(f"parameters: {{fees.burn_share: {written}}}\n", encoding="utf-8")
    try:
        value = load_scenario(scenario).parameters.fees.burn_share
    except RequestError as error:
        assert "fees.burn_share: found" in str(error)  # noqa: PT017  a scenario may refuse it
        value = 0.6 if written == "6e-1" else None
    if value is None:
        with pytest.raises(RequestError, match=r"changes\.fees\.burn_share\.to: found .*; allowed: a number from 0\.0"):
            forms_of(file, TARGETS)
    else:
        assert float(decode(forms_of(file, TARGETS), TARGETS)["fees.burn_share"]) == value == 0.6


def test_whole_numbers_are_read_as_in_a_scenario(tmp_path: Path) -> None:
    for written, raw in (("1_000", 1000), ("1_000.5", 1000.5), ("7.", 7), ("1e3", 1000)):
        file = tmp_path / "changes.yaml"
        text = f"title: t\nbody: b\nchanges:\n  challenges.bond_quiv: {{from: 100, to: {written}}}\n"
        file.write_text(text, encoding="utf-8")
        assert decode(forms_of(file, TARGETS), TARGETS) == {"challenges.bond_quiv": raw}
    file.write_text(text.replace("1e3", "010"), encoding="utf-8")
    with pytest.raises(RequestError, match="found '010'"):
        forms_of(file, TARGETS)


def test_the_example_of_the_page_is_a_proposal(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "onchain.md").read_text(encoding="utf-8")
    example, target_map = (text.partition("```")[0] for text in page.split("```yaml\n")[1:3])
    (tmp_path / "changes.yaml").write_text(example, encoding="utf-8")
    found = forms_of(tmp_path / "changes.yaml", TARGETS)
    assert found["snapshot"]["end"] - found["snapshot"]["start"] == 600_000
    assert set(decode(found, TARGETS)) == {"fees.burn_share", "challenges.bond_quiv"}
    assert set(read_targets(target_map, "the page's").targets) == {"fees.burn_share"}


def test_forms_are_the_same_in_every_spelling_of_hexadecimal() -> None:
    found = made()
    governor = found["governor"]
    for respell in (str.lower, str.upper):
        spelled = {
            key: [respell(one) for one in value] if isinstance(value, list) else respell(value)
            for key, value in governor.items()
        }
        decode({**found, "governor": spelled | {"description": governor["description"]}}, TARGETS)
    mistyped = governor["targets"][0].swapcase().replace("X", "x")
    with pytest.raises(RequestError, match=r"^governor: found 0x.*EIP-55 checksum.*; allowed: the address as"):
        decode({**found, "governor": governor | {"targets": [mistyped]}}, TARGETS)


def test_a_body_of_10_000_characters_survives_with_its_markup() -> None:
    row = "| <b>é</b> & 🔥 |\n"
    body = row * (10_000 // (len(row) + 1)) + "x" * (10_000 % (len(row) + 1))
    found = json.loads(json.dumps(made(body=body)))
    assert found["snapshot"]["body"] == body
    assert arguments(found["governor"]["propose"], [*ARRAYS, "string"])[3] == f"# Burn more\n\n{body}"


def test_what_the_user_gives_snapshot_is_there_and_nothing_else() -> None:
    options = {"type": "approval", "choices": ["Yes"], "start": 2 * 10**9 - 1, "end": 2 * 10**9, "snapshot": 7}
    found = made(**options, discussion="https://forum.example/1")["snapshot"]
    assert options.items() <= found.items()
    assert set(made()["snapshot"]) == {"name", "body", "type", "choices", "discussion"}


@pytest.mark.parametrize("key", [*SELECTORS, "proposal_id", "description_hash", "description", "targets", "calldatas"])
def test_a_form_of_another_proposal_is_found(key: str) -> None:
    found, other = made(), made({"challenges.bond_quiv": (100, 50)}, title="Other")
    found["governor"][key] = other["governor"][key]
    with pytest.raises(RequestError, match=r"^governor\.[a-z_]+: found .*as propose has it"):
        decode(found, TARGETS)


@pytest.mark.parametrize(
    "found", [None, {}, {"governor": {}}, {"governor": {"propose": "0x7d5e81e2"}}, {"governor": 3}]
)
def test_what_is_no_form_is_refused(found: Any) -> None:
    with pytest.raises(RequestError, match=r"^governor.*: found .*; allowed: "):
        decode(found or {}, TARGETS)


def test_a_call_that_sends_money_or_is_not_in_the_map_is_refused() -> None:
    governor = made()["governor"]
    calldatas = [bytes.fromhex(calldata[2:]) for calldata in governor["calldatas"]]
    for values, sent in (([1], calldatas), ([0], [calldatas[0] + b"\0"]), ([0], [b"\0" * 36])):
        data = pack([*ARRAYS, "string"], [governor["targets"], values, sent, governor["description"]])
        with pytest.raises(RequestError, match=r"^governor\.calldatas\.0: found .*; allowed: one call"):
            decode({"governor": governor | {"propose": SELECTORS["propose"] + data.hex()}}, TARGETS)
