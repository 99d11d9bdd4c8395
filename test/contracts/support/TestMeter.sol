// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILiquidationMeter} from "../../../contracts/interfaces/ILiquidationMeter.sol";
import {ScopeId} from "../../../contracts/interfaces/ParameterTypes.sol";

/// @notice A liquidation meter whose reading the test sets.
contract TestMeter is ILiquidationMeter {
    mapping(ScopeId scope => uint256) public liquidatedNotional;

    function liquidate(ScopeId scope, uint256 notional) external {
        liquidatedNotional[scope] += notional;
    }
}

/// @notice A meter that gives no reading: it reverts, or burns all its gas, or answers too little.
contract BrokenMeter {
    uint8 private immutable FAULT;

    constructor(uint8 fault) {
        FAULT = fault;
    }

    function liquidatedNotional(ScopeId) external view returns (uint256) {
        if (FAULT == 0) revert();
        if (FAULT == 1) {
            while (true) {}
        }
        assembly {
            return(0, 31)
        }
    }
}
