// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// @notice A voting token of somebody else, without a delegated supply, counting seconds or blocks.
contract ForeignVotes is ERC20, ERC20Votes {
    bool private immutable SECONDS;

    constructor(bool inSeconds, address recipient, uint256 amount) ERC20("Foreign", "FRN") EIP712("Foreign", "1") {
        SECONDS = inSeconds;
        _mint(recipient, amount);
    }

    function clock() public view override returns (uint48) {
        return uint48(SECONDS ? block.timestamp : block.number);
    }

    function CLOCK_MODE() public view override returns (string memory) {
        return SECONDS ? "mode=timestamp" : "mode=blocknumber&from=default";
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
