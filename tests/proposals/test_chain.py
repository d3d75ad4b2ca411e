"""A proposal on chain is the proposal of the file: its fields and its calls read back to the same parameters."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from experiments.errors import RequestError
from experiments.proposals import pack
from experiments.proposals.case import CALLS, TARGETS
from experiments.proposals.chain import FIELDS, fields_of, keys_of
from experiments.proposals.onchain import decode, example_targets
from experiments.proposals.onchain.example import EXAMPLE
from experiments.proposals.proposal_file import PAYMENT, read_proposal
from model.codes import PROPOSAL_TYPES
from model.parameters import GOVERNED, REGISTRY
from tests.proposals.packs import TEXT, broken, call, edit, fix_hashes, propose

PLAIN = TEXT.replace(TEXT.splitlines()[1], 'title: "Mehr verbrennen: 火 <b>60 %</b>"')
FREE = [name for name in GOVERNED if name != PAYMENT]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack with calls."""
    return propose(tmp_path_factory.mktemp("chain"), PLAIN, "--targets", EXAMPLE)


def proposal(name: str, value: float, kind: str) -> str:
    """A proposal's file that changes one parameter."""
    lines = [line for line in PLAIN.splitlines() if not line.startswith(("changes", "alternatives", "type"))]
    return "\n".join([*lines, f"type: {kind}", "changes:", f"  {name}: {value!r}"])


@given(st.sampled_from(FREE), st.floats(0.0, 1.0), st.sampled_from(PROPOSAL_TYPES))
def test_the_specs_fields_read_back_to_the_file(name: str, share: float, kind: str) -> None:
    entry = REGISTRY[name]
    low, high = float(entry.low or 0.0), float(entry.high or 0.0)
    value = low + share * (high - low)
    value = round(value) if entry.kind == "whole" else min(max(value, low), high)
    try:
        found = read_proposal(proposal(name, value, kind), "a file")
    except RequestError:
        reject()
    fields = json.loads(json.dumps(fields_of(found)))
    assert tuple(fields) == FIELDS
    keys = keys_of(fields)
    assert keys == {key: getattr(found, key) for key in keys}
    assert type(keys["changes"][name]) is type(found.changes[name])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"Votes": 3}, "fields.Votes: no such key of a proposal"),
        ({"Title": None}, "fields.Title: missing"),
        ({"Type": 9}, "fields.Type: found 9; allowed: a whole number from 0 to 3"),
        ({"Parameters": {"fees.burn_shar": "0.6"}}, "nearest: fees.burn_share"),
        ({"Parameters": {"fees.burn_share": "1.6"}}, "Parameters.fees.burn_share: found 1.6"),
        ({"Parameters": {"fees.burn_share": "half"}}, "Parameters.fees.burn_share: found 'half'; allowed: a number"),
    ],
)
def test_wrong_fields_are_answered(change: dict[str, object], sentence: str) -> None:
    fields = fields_of(read_proposal(PLAIN, "a file")) | change
    with pytest.raises(RequestError) as caught:
        keys_of({key: value for key, value in fields.items() if value is not None})
    assert sentence in str(caught.value)


def test_the_calls_of_a_pack_read_back_to_its_parameters(made: Path) -> None:
    calls = json.loads((made / CALLS).read_text(encoding="utf-8"))
    assert decode(calls, example_targets()) == {"fees.burn_share": Fraction(3, 5)}
    evidence = hashlib.sha256((made / pack.DOCUMENT).read_bytes()).hexdigest()
    for text in (calls["governor"]["description"], calls["snapshot"]["body"]):
        assert f"proposal.json with the SHA-256 {evidence}" in text
        assert "- fees.burn_share: 0.5 to 0.6 (share of the network fee)" in text
        assert "- an item <img src=x>" in text
    assert calls["snapshot"]["name"] == "Mehr verbrennen: 火 <b>60 %</b>"
    assert calls["governor"]["proposal_id"] in (made / pack.PAGE).read_text(encoding="utf-8")
    assert sorted(path.name for path in made.iterdir()) == sorted((*pack.FILES, CALLS, TARGETS))
    assert broken(made) == set()


def test_other_calls_are_found(made: Path) -> None:
    edit(made, CALLS, '"to_raw": "', '"to_raw": "1')
    assert broken(made) == {"hashes", "rebuilt"}
    fix_hashes(made)
    assert broken(made) == {"rebuilt"}


def test_what_the_chain_cannot_take_is_refused_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "ask.yaml").write_text(PLAIN.replace("burn_share: 0.6", "burn_share: 0.59999"), encoding="utf-8")
    words = ("propose", tmp_path / "ask.yaml", "--out", tmp_path / "pack", "--workers", 0)
    code, _, err = call(*words, "--targets", EXAMPLE)
    assert code == 2
    assert "on chain: changes.fees.burn_share.to: found" in err
    code, _, err = call(*words, "--targets", tmp_path / "none.yaml")
    assert code == 2
    assert "none.yaml: no such file" in err
    assert [path.name for path in tmp_path.iterdir()] == ["ask.yaml"]
