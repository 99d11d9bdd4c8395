// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ScopeId} from "./ParameterTypes.sol";

/// @title Meter of realised liquidations, implemented by the clearing protocol
interface ILiquidationMeter {
    /// @notice Notional liquidated in `scope` since deployment, in USD with 18 decimals. Never falls.
    function liquidatedNotional(ScopeId scope) external view returns (uint256);
}
