// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPayoff} from "../interfaces/IPayoff.sol";
import {Black76} from "../margin/Black76.sol";

/// @title Digital puts and calls that pay one dollar
contract DigitalPayoff is IPayoff {
    uint256 private constant DOLLAR = 1e18;

    /// @inheritdoc IPayoff
    uint8 public constant kind = 1;

    /// @inheritdoc IPayoff
    function payoff(uint256 strike, bool isCall, uint256 settlement) external pure returns (uint256) {
        return (isCall ? settlement > strike : settlement < strike) ? DOLLAR : 0;
    }

    /// @inheritdoc IPayoff
    function value(uint256 strike, bool isCall, uint256 forward, uint256 vol, uint256 secondsToExpiry) external pure returns (uint256) {
        uint256 deviation = Black76.deviationOf(vol, secondsToExpiry);
        if (forward == 0 || forward > Black76.MAX_PRICE) revert Black76.Black76_OutOfRange(forward, 1, Black76.MAX_PRICE);
        if (strike == 0 || strike > Black76.MAX_PRICE) revert Black76.Black76_OutOfRange(strike, 1, Black76.MAX_PRICE);
        uint256 put = Black76.probabilityBelow(forward, strike, deviation);
        return isCall ? DOLLAR - put : put;
    }

    /// @inheritdoc IPayoff
    function callFromPut(uint256 put, uint256, uint256) external pure returns (int256) {
        return int256(DOLLAR) - int256(put);
    }
}
