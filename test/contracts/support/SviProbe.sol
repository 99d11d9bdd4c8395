// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {logRatio} from "../../../contracts/oracle/LogRatio.sol";
import {RawSvi, Svi} from "../../../contracts/oracle/Svi.sol";

/// @notice Calls the mathematics of the surface oracle from outside, many cases in one call.
contract SviProbe {
    function logRatios(uint256[] calldata numerators, uint256[] calldata denominators) external pure returns (int256[] memory logs) {
        logs = new int256[](numerators.length);
        for (uint256 i = 0; i < logs.length; ++i) {
            logs[i] = logRatio(numerators[i], denominators[i]);
        }
    }

    /// @return faults Field outside the domain, zero when none.
    /// @return variances Total variance at each k.
    /// @return densities Durrleman's function at each k.
    function evaluate(RawSvi[] calldata slices, int256[] calldata ks)
        external
        pure
        returns (uint256[] memory faults, int256[] memory variances, int256[] memory densities)
    {
        faults = new uint256[](ks.length);
        variances = new int256[](ks.length);
        densities = new int256[](ks.length);
        for (uint256 i = 0; i < ks.length; ++i) {
            faults[i] = Svi.domainFault(slices[i]);
            if (faults[i] != 0) continue;
            variances[i] = Svi.totalVariance(slices[i], ks[i]);
            densities[i] = Svi.durrleman(slices[i], ks[i]);
        }
    }

    /// @return butterflies Whether each slice passes.
    /// @return calendars Whether each slice and the next pass; one fewer.
    /// @return gas Gas of the butterfly check of each slice.
    function check(RawSvi[] calldata slices)
        external
        view
        returns (bool[] memory butterflies, bool[] memory calendars, uint256[] memory gas)
    {
        butterflies = new bool[](slices.length);
        calendars = new bool[](slices.length - 1);
        gas = new uint256[](slices.length);
        for (uint256 i = 0; i < slices.length; ++i) {
            uint256 before = gasleft();
            (butterflies[i],,) = Svi.butterfly(slices[i]);
            gas[i] = before - gasleft();
            if (i + 1 < slices.length) (calendars[i],) = Svi.calendar(slices[i], slices[i + 1]);
        }
    }
}
