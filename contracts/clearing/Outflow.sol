// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Net flow of a token out of a group (negative: in), as it counts at `time`.
struct Flow {
    int128 net;
    uint40 time;
}

uint256 constant OUTFLOW_WINDOW = 24 hours;
uint256 constant OUTFLOW_BPS = 10_000;

/// @dev What may leave within any window is `limitBps` of what was there: half of it at once, the other half as the first leaks away. What came in may leave
/// besides on the same UTC day. `held` plus net flow is what the group had before all of that, so neither a deposit nor a withdrawal moves the limit.
library Outflow {
    /// @notice Net flow at `time`, nothing having moved since.
    function current(Flow memory flow, uint256 time, uint256 held, uint256 limitBps) internal pure returns (int256 net) {
        net = flow.net;
        if (net < 0) return time / OUTFLOW_WINDOW == flow.time / OUTFLOW_WINDOW ? net : int256(0);
        uint256 leaked = (halfOf(held, net, limitBps) * (time - flow.time)) / OUTFLOW_WINDOW;
        return leaked >= uint256(net) ? int256(0) : net - int256(leaked);
    }

    /// @notice Half of what may leave in a window.
    function halfOf(uint256 held, int256 net, uint256 limitBps) internal pure returns (uint256) {
        return (uint256(int256(held) + net) * limitBps) / (2 * OUTFLOW_BPS);
    }

    /// @notice Most that may leave at `time`.
    function available(Flow memory flow, uint256 time, uint256 held, uint256 limitBps) internal pure returns (uint256) {
        if (limitBps >= OUTFLOW_BPS) return held;
        int256 net = current(flow, time, held, limitBps);
        int256 room = int256(halfOf(held, net, limitBps)) - net;
        if (room <= 0) return 0;
        return uint256(room) < held ? uint256(room) : held;
    }
}
