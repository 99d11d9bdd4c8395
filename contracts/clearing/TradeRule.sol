// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FUTURE_LEG, Holdings} from "../interfaces/ClearingTypes.sol";
import {Assessment} from "../interfaces/IMargin.sol";

/// @notice Whether `after_` has no more risk than `before`: requirement and shortfall of initial margin not higher, and equity over requirement not lower while
/// there is a shortfall.
/// @dev USD wad below 2^120, so products fit.
function isRiskReduced(Assessment memory before, Assessment memory after_) pure returns (bool) {
    if (after_.requirement > before.requirement) return false;
    if (after_.free >= 0) return true;
    if (after_.free < before.free) return false;
    if (before.equity <= 0) return after_.equity >= before.equity;
    return after_.equity * int256(before.requirement) >= before.equity * int256(after_.requirement);
}

/// @notice Whether what is held can ever cost its holder anything: a short position or a future.
function hasObligation(Holdings memory holdings) pure returns (bool) {
    uint256 word;
    for (uint256 i = 0; i < holdings.chains.length * 4; ++i) {
        uint256 positions = uint8(holdings.chains[i / 4] >> (64 * (i % 4) + 56));
        for (uint256 j = 0; j < positions; ++j) {
            uint256 entry = holdings.pages[word + j / 5] >> (48 * (j % 5));
            if (uint8(entry) == FUTURE_LEG || int40(uint40(entry >> 8)) < 0) return true;
        }
        word += (positions + 4) / 5;
    }
    return false;
}
