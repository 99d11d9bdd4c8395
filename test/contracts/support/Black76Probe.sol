// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Black76} from "../../../contracts/margin/Black76.sol";

/// @notice Calls the library from outside: reverts become visible, many points fit in one call, and gas is metered around the library alone.
contract Black76Probe {
    struct Point {
        bool isCall;
        uint256 forward;
        uint256 strike;
        uint256 vol;
        uint256 time;
    }

    function price(bool isCall, uint256 forward, uint256 strike, uint256 deviation) external pure returns (uint256) {
        return Black76.price(isCall, forward, strike, deviation);
    }

    function deviationOf(uint256 vol, uint256 time) external pure returns (uint256) {
        return Black76.deviationOf(vol, time);
    }

    /// @return values Value of every point.
    /// @return deviations vol sqrt(T) of every point.
    /// @return gas Gas of both together, per point.
    function evaluate(Point[] calldata points)
        external
        view
        returns (uint256[] memory values, uint256[] memory deviations, uint256[] memory gas)
    {
        values = new uint256[](points.length);
        deviations = new uint256[](points.length);
        gas = new uint256[](points.length);
        for (uint256 i = 0; i < points.length; ++i) {
            Point memory point = points[i];
            uint256 before = gasleft();
            uint256 deviation = Black76.deviationOf(point.vol, point.time);
            uint256 value = Black76.price(point.isCall, point.forward, point.strike, deviation);
            gas[i] = before - gasleft();
            (values[i], deviations[i]) = (value, deviation);
        }
    }
}
