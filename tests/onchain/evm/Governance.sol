// SPDX-License-Identifier: GPL-3.0-or-later
// A token, a governor with a timelock, and the contracts that two parameters live in: the least that a proposal needs.
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";

contract Token is ERC20, ERC20Votes {
    constructor() ERC20("QUIV", "QUIV") EIP712("QUIV", "1") {
        _mint(msg.sender, 1000 ether);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}

contract Timelock is TimelockController {
    constructor() TimelockController(2 days, new address[](0), new address[](0), msg.sender) {}
}

contract QuiverGovernor is GovernorCountingSimple, GovernorVotes, GovernorTimelockControl {
    constructor(IVotes token, TimelockController timelock)
        Governor("QUIVer")
        GovernorVotes(token)
        GovernorTimelockControl(timelock)
    {}

    function votingDelay() public pure override returns (uint256) {
        return 1;
    }

    function votingPeriod() public pure override returns (uint256) {
        return 5;
    }

    function quorum(uint256) public pure override returns (uint256) {
        return 500 ether;
    }

    function state(uint256 id) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(id);
    }

    function proposalNeedsQueuing(uint256 id) public view override(Governor, GovernorTimelockControl) returns (bool) {
        return super.proposalNeedsQueuing(id);
    }

    function _queueOperations(
        uint256 id, address[] memory targets, uint256[] memory values, bytes[] memory calldatas, bytes32 description
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(id, targets, values, calldatas, description);
    }

    function _executeOperations(
        uint256 id, address[] memory targets, uint256[] memory values, bytes[] memory calldatas, bytes32 description
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(id, targets, values, calldatas, description);
    }

    function _cancel(
        address[] memory targets, uint256[] memory values, bytes[] memory calldatas, bytes32 description
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, description);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}

contract InferenceMarketplace is Ownable {
    uint256 public burnShare = 5000;

    constructor(address owner) Ownable(owner) {}

    function setBurnShare(uint256 value) external onlyOwner {
        burnShare = value;
    }
}

contract ChallengeContract is Ownable {
    uint256 public bond = 100 ether;

    constructor(address owner) Ownable(owner) {}

    function setBond(uint256 value) external onlyOwner {
        bond = value;
    }
}
