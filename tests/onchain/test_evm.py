"""Calldata against OpenZeppelin's own contracts, compiled here and run in an EVM: proposed, voted, queued, executed."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from experiments.proposals.onchain import forms, load_targets

PACKAGES = ("@openzeppelin/contracts@5.4.0", "solc@0.8.28")
FOLDER = Path(__file__).parent / "evm"
BODY = "Why: fewer tokens.\r\n\r\n| a | b |\r\n火 🔥"
CHANGES = {"fees.burn_share": ("0.5", "0.6"), "challenges.bond_quiv": ("100", "250.000000000000000001")}
BY_TIMELOCK = ("PROPOSER_ROLE", "EXECUTOR_ROLE")

pytestmark = pytest.mark.evm


@pytest.fixture
def bytecode(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The contracts' bytecode by name, compiled in a folder of this test."""
    if "evm" not in request.config.option.markexpr:
        pytest.skip("run with `-m evm`, with the extra evm installed, npm in the path and a network")
    npm, node = (shutil.which(name) or pytest.fail(f"{name} is not in the path") for name in ("npm", "node"))
    run: dict[str, Any] = {"cwd": tmp_path, "check": True, "capture_output": True, "text": True}
    subprocess.run([npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES], **run)
    done = subprocess.run([node, str(FOLDER / "compile.js"), str(FOLDER / "Governance.sol")], **run)
    return dict(json.loads(done.stdout))


def test_a_proposal_changes_the_parameters_that_it_names(bytecode: dict[str, str], tmp_path: Path) -> None:
    from eth.exceptions import Revert

    from tests.onchain.evm.chain import ACCOUNT, Chain

    chain = Chain()
    token, timelock = chain.deploy(bytecode["Token"]), chain.deploy(bytecode["Timelock"])
    governor = chain.deploy(bytecode["QuiverGovernor"], ("address", "address"), token, timelock)
    market, challenges = (
        chain.deploy(bytecode[name], ("address",), timelock) for name in ("InferenceMarketplace", "ChallengeContract")
    )
    chain.call(token, "delegate(address)", ACCOUNT)
    for role in BY_TIMELOCK:
        chain.call(timelock, "grantRole(bytes32,address)", chain.call(timelock, f"{role}()"), governor)

    path = tmp_path / "targets.yaml"
    functions = {
        "fees.burn_share": {"signature": "setBurnShare(uint256)", "scale": "basis_points"},
        "challenges.bond_quiv": {"signature": "setBond(uint256)", "scale": "wei"},
    }
    contracts = {"InferenceMarketplace": market, "ChallengeContract": challenges}
    path.write_text(yaml.safe_dump({"contracts": contracts, "functions": functions}), encoding="utf-8")
    sent = forms("Burn more", BODY, CHANGES, load_targets(path))["governor"]
    propose, queue, execute = (bytes.fromhex(sent[name][2:]) for name in ("propose", "queue", "execute"))

    number = int.from_bytes(chain.send(governor, propose).output, "big")
    assert str(number) == sent["proposal_id"]
    chain.mine()
    chain.call(governor, "castVote(uint256,uint8)", number, 1)
    for _ in range(6):
        chain.mine()
    chain.send(governor, queue)
    with pytest.raises(Revert):
        chain.send(governor, execute)
    assert chain.number(market, "burnShare()") == 5000
    chain.wait(2 * 86_400)
    chain.send(governor, execute)
    assert chain.number(market, "burnShare()") == 6000
    assert chain.number(challenges, "bond()") == 250 * 10**18 + 1
    assert chain.number(governor, "state(uint256)", number) == 7
