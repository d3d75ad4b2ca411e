"""The published vectors of packs are what this program says: valid, invalid by the checks named, and signatures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from docs.pack_vectors import FOLDER, INVALID, SIGNATURES, VALID
from experiments.errors import UnfitError
from experiments.proposals import pack
from experiments.proposals.evidence import ATTACKS, OUTCOMES
from experiments.proposals.inside import manifest_of, read_pack
from experiments.proposals.proposal_file import read_proposal
from experiments.proposals.signatures import hashes_of, recovered, typed_data
from tests.proposals.packs import broken, drawn_once, edit, fix_hashes

REMAKE = "run `python -m docs.packs`"


@pytest.fixture(scope="module")
def whole() -> dict[str, bytes]:
    """The valid pack with its report, drawn anew."""
    _, contents = read_pack(FOLDER / VALID)
    manifest = manifest_of(contents)
    assert manifest is not None
    made = pack.Made(manifest["code_version"], manifest["attacks"], manifest["created"])
    texts = {name: content.decode() for name, content in contents.items()}
    case = pack.case_of(read_proposal(texts[pack.TEXT], pack.TEXT), texts[OUTCOMES], texts[ATTACKS], made)
    return contents | {pack.REPORT: drawn_once(case)[pack.REPORT]}


def lay(whole: dict[str, bytes], folder: Path) -> Path:
    for name, content in whole.items():
        (folder / name).write_bytes(content)
    return folder


def listed(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def test_the_valid_pack_holds(whole: dict[str, bytes], tmp_path: Path) -> None:
    assert broken(lay(whole, tmp_path)) <= {"code version"}, REMAKE
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 300_000


@pytest.mark.parametrize("change", listed(INVALID), ids=lambda change: str(change["name"]))
def test_an_invalid_pack_does_not_hold(change: dict[str, Any], whole: dict[str, bytes], tmp_path: Path) -> None:
    lay(whole, tmp_path)
    edit(tmp_path, change["file"], change["find"], change["replace"])
    if change["hashes_fixed"]:
        fix_hashes(tmp_path)
    assert broken(tmp_path) - {"code version"} == set(change["does_not_hold"])


def test_signatures(whole: dict[str, bytes]) -> None:
    found = listed(SIGNATURES)
    assert typed_data(whole) == found["typed_data"], REMAKE
    assert hashes_of(found["typed_data"]) == (found["domain_hash"], found["message_hash"])
    assert {recovered(whole, text) for text in found["valid"].values()} == {found["signer"]}
    for text in found["by_another"].values():
        assert recovered(whole, text) != found["signer"]
    for text in found["invalid"].values():
        with pytest.raises(UnfitError):
            recovered(whole, text)
