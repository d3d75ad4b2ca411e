"""Who signed a pack: what a wallet is given, what is recovered from its signature, and what is no signature."""

from __future__ import annotations

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from experiments.errors import RequestError
from experiments.proposals import pack
from experiments.proposals.accounts import SECPK1_N, Account, encode_defunct
from experiments.proposals.inside import PackFinding, read_pack
from experiments.proposals.signatures import side_file, signatures_of, typed_data
from tests.proposals.packs import broken, call, edit, fix_hashes, said

KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
ADDRESS = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
"""Hardhat's first account, whose key everybody has."""

OTHER_KEY = "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"
OTHER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"


def signed(folder: Path, key: str = KEY) -> str:
    """A signature of what the command prints, made by another program."""
    code, out, err = call("sign", folder)
    assert code == 0, err
    return "0x" + Account.sign_typed_data(key, full_message=json.loads(out)).signature.hex()


def finding(folder: Path, *more: str, signer: str | None = None) -> PackFinding:
    return signatures_of(folder, read_pack(folder)[1], more, signer).finding


def test_what_is_signed_is_the_manifest(made: Path) -> None:
    code, out, err = call("sign", made)
    data = json.loads(out)
    assert code == 0
    assert data["message"]["manifest"] == "0x" + sha256((made / pack.MANIFEST).read_bytes()).hexdigest()
    assert data["message"]["created"] == "2026-12-01"
    assert data["domain"] == {"name": "QUIVer proposal pack", "version": "1"}
    assert data["primaryType"] == "Pack"
    assert "\u202e" not in data["message"]["title"]
    assert str(side_file(made)) in err


def test_an_address_is_recovered_and_shown(copied: Path) -> None:
    before = {path.name: path.read_bytes() for path in copied.iterdir()}
    side_file(copied).write_text(f"{signed(copied)}\n\n{signed(copied, OTHER_KEY)}\n{signed(copied)}\n")
    assert {path.name: path.read_bytes() for path in copied.iterdir()} == before
    code, out, _ = call("verify", copied, "--sample", 0, "--signer", ADDRESS.lower(), "--json")
    found = json.loads(out)
    assert code == 0
    assert found["signers"] == [ADDRESS, OTHER]
    assert next(one for one in found["findings"] if one["check"] == "signature")["holds"]
    assert said(copied, "signature").said.startswith(f"signed by {ADDRESS}, {OTHER}; ")
    assert said(copied, "signature").holds is None, "whether this is who should have signed is not known here"


def test_a_signature_may_come_by_option(copied: Path) -> None:
    found = signatures_of(copied, read_pack(copied)[1], [signed(copied)], ADDRESS)
    assert (found.finding.holds, found.signers) == (True, (ADDRESS,))
    low = signed(copied)[:-2] + f"{int(signed(copied)[-2:], 16) - 27:02x}"
    assert finding(copied, low, signer=ADDRESS).holds, "some hardware wallets count v from 0"


def test_an_unsigned_pack_is_said_to_be_unsigned(copied: Path) -> None:
    assert said(copied, "signature") == PackFinding("signature", None, "unsigned: no address vouches for this pack")
    assert broken(copied, signer=ADDRESS) == {"signature"}
    assert finding(copied, signed(copied, OTHER_KEY), signer=ADDRESS).said == (
        f"signed by {OTHER}, and not by {ADDRESS}"
    )


def test_a_signature_of_anything_else_is_another_address(copied: Path) -> None:
    """Of a pack that has changed since, and of the same hash as plain text (EIP-191)."""
    mine = signed(copied)
    text = typed_data(read_pack(copied)[1])["message"]["manifest"]
    plain = "0x" + Account.sign_message(encode_defunct(text=text), KEY).signature.hex()
    assert finding(copied, plain, signer=ADDRESS).holds is False
    edit(copied, pack.TEXT, "An economist", "Someone else")
    fix_hashes(copied)
    assert finding(copied, mine, signer=ADDRESS).holds is False


def twin(signature: str) -> str:
    """The other signature that recovers to the same address."""
    given = bytes.fromhex(signature[2:])
    s = SECPK1_N - int.from_bytes(given[32:64], "big")
    return "0x" + (given[:32] + s.to_bytes(32, "big") + bytes([55 - given[64]])).hex()


def test_what_is_no_signature_is_refused(copied: Path) -> None:
    """As an option with exit code 2; in the file beside the pack as a check that does not hold, by its line."""
    mine = signed(copied)
    for wrong, sentence in {
        mine[:-2]: "0x and 130 hexadecimal digits",
        mine + "00": "0x and 130 hexadecimal digits",
        mine[2:]: "0x and 130 hexadecimal digits",
        mine[:-4] + "zz1b": "0x and 130 hexadecimal digits",
        mine[:-2] + "25": "v = 37",
        twin(mine): "s in the upper half",
    }.items():
        with pytest.raises(RequestError, match="--signature: found "):
            finding(copied, wrong)
        assert call("verify", copied, "--signature", wrong)[0] == 2
        side_file(copied).write_text(f"{mine}\n{wrong}\n")
        found = finding(copied, signer=ADDRESS)
        assert found.holds is False
        assert "pack.sig, line 2: found" in found.said
        assert sentence in found.said
    for none in ("0x" + "00" * 65, "0x" + "ff" * 32 + "05" * 32 + "1b", "0x" + "05" * 64 + "1b"):
        assert "a signature that some address can have made" in finding(copied, none).said


def test_a_file_of_signatures_is_read_with_caution(copied: Path) -> None:
    side_file(copied).write_bytes(b"\xff\xfe\xff")
    assert "not a text file" in finding(copied).said
    side_file(copied).write_text("0x00\n" * 10_000)
    assert "more than 20,000 bytes" in finding(copied).said
    side_file(copied).unlink()
    side_file(copied).mkdir()
    assert "a folder" in finding(copied).said
    assert finding(copied).holds is False


@pytest.mark.parametrize("wrong", ["0x12", "vitalik.eth", ADDRESS[:-1] + "7", ADDRESS.replace("F", "f", 1)])
def test_a_signer_is_an_address(wrong: str, copied: Path) -> None:
    code, _, err = call("verify", copied, "--sample", 0, "--signer", wrong)
    assert code == 2
    assert "--signer: found" in err


def test_a_pack_that_is_not_as_listed_is_not_to_be_signed(copied: Path) -> None:
    edit(copied, pack.PAGE, "baseline", "best case")
    code, out, err = call("sign", copied)
    assert (code, out) == (1, "")
    assert "nothing to sign" in err
    (copied / pack.MANIFEST).write_text("[]")
    code, out, err = call("sign", copied)
    assert (code, out) == (2, "")
    assert call("sign", copied.parent / "nowhere")[0] == 2


def test_nested_brackets_do_not_end_a_process_that_knows_accounts() -> None:
    """py-ecc raises the limit on recursion, with which Python's JSON reader overflows the stack."""
    code = "import sys; limit = sys.getrecursionlimit(); import experiments.proposals.accounts\n"
    code += "import json; assert sys.getrecursionlimit() == limit and 'py_ecc' in sys.modules\n"
    code += "try: json.loads('[' * 100_000)\nexcept RecursionError: pass"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
