// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IDelegatedSupply} from "../interfaces/IDelegatedSupply.sol";

/// @notice One recipient of the fixed supply.
struct Allocation {
    address account;
    uint256 amount; // token units, 18 decimals
}

/// @title Governance token
/// @notice Fixed supply, votes by delegation, a timestamp clock, and a checkpointed sum of all delegated votes.
/// @dev Nobody can mint, burn, pause or upgrade. The delegated supply at any past second equals the sum of all delegates' votes at that second:
/// a delegation moves votes between delegates without changing the sum, and enters or leaves it only when one side has no delegate.
contract BallastToken is ERC20, ERC20Permit, ERC20Votes, IDelegatedSupply {
    using Checkpoints for Checkpoints.Trace208;

    error BallastToken_NoRecipients();

    Checkpoints.Trace208 private _delegated;

    /// @param recipients Accounts that receive the whole supply, once and for all.
    constructor(Allocation[] memory recipients) ERC20("Ballast", "BLST") ERC20Permit("Ballast") {
        if (recipients.length == 0) revert BallastToken_NoRecipients();
        for (uint256 i = 0; i < recipients.length; ++i) {
            _mint(recipients[i].account, recipients[i].amount);
        }
    }

    /// @inheritdoc IDelegatedSupply
    function delegatedSupply() external view returns (uint256) {
        return _delegated.latest();
    }

    /// @inheritdoc IDelegatedSupply
    /// @dev Reverts with {ERC5805FutureLookup} for the current second and later: votes of now could be borrowed.
    function getPastDelegatedSupply(uint256 timepoint) external view returns (uint256) {
        return _delegated.upperLookupRecent(_validateTimepoint(timepoint));
    }

    /// @notice Seconds since 1970, as everywhere in this project.
    function clock() public view override returns (uint48) {
        return SafeCast.toUint48(block.timestamp);
    }

    /// @notice ERC-6372 description of {clock}.
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    /// @inheritdoc ERC20Permit
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _moveDelegateVotes(address from, address to, uint256 amount) internal override(Votes) {
        super._moveDelegateVotes(from, to, amount);
        if (amount == 0 || (from == address(0)) == (to == address(0))) return;
        uint208 moved = SafeCast.toUint208(amount);
        uint208 before = _delegated.latest();
        _delegated.push(clock(), from == address(0) ? before + moved : before - moved);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
