// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPayoff} from "../interfaces/IPayoff.sol";
import {Black76} from "../margin/Black76.sol";

/// @title European puts and calls
contract VanillaPayoff is IPayoff {
    /// @inheritdoc IPayoff
    uint8 public constant kind = 0;

    /// @inheritdoc IPayoff
    function payoff(uint256 strike, bool isCall, uint256 settlement) external pure returns (uint256) {
        if (isCall) return settlement > strike ? settlement - strike : 0;
        return strike > settlement ? strike - settlement : 0;
    }

    /// @inheritdoc IPayoff
    function value(uint256 strike, bool isCall, uint256 forward, uint256 vol, uint256 secondsToExpiry) external pure returns (uint256) {
        return Black76.price(isCall, forward, strike, Black76.deviationOf(vol, secondsToExpiry));
    }

    /// @inheritdoc IPayoff
    function callFromPut(uint256 put, uint256 strike, uint256 forward) external pure returns (int256) {
        return int256(put) + int256(forward) - int256(strike);
    }
}
