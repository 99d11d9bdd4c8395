// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Binding} from "../interfaces/IParameterAdapter.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ParameterAdapter} from "./ParameterAdapter.sol";

/// @title Parameters for a protocol that reads them where it needs them
/// @notice No write, no keeper and no gap: a tightening is in force with the round that made it.
contract PullAdapter is ParameterAdapter {
    /// @param expected What the protocol expects to read now, in its unit, one for each binding: proves the unit, and is then forgotten.
    constructor(IRiskParameters parameters, Binding[] memory bindings_, uint256[] memory expected) ParameterAdapter(parameters, bindings_) {
        if (expected.length != bindings_.length) revert ParameterAdapter_LengthMismatch(bindings_.length, expected.length);
        for (uint256 i = 0; i < expected.length; ++i) {
            _requireUnit(i, expected[i]);
        }
    }
}
