// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Direction} from "../interfaces/ParameterTypes.sol";
import {Cell, isTighter} from "./Records.sol";

/// @title Speed limit on what open positions see
/// @dev While a ramp runs, `(eff, effAt)` stays its origin, also when a further tightening moves the target: the effective value is
/// `origin + speed * elapsed` capped at the target, so n small writes give exactly what one big write gives, to the unit, and nothing restarts.
/// A ramp only ever tightens: a target looser than the effective value takes effect at once, one still tighter than it changes only the cap.
library Ramp {
    /// @dev Effective value now, own unit. Progress rounds down: never faster than the speed.
    /// @param perHour Speed, own unit.
    function effective(Cell memory c, uint256 perHour) internal view returns (uint256 value) {
        if (c.ramped == 0) return c.value;
        unchecked {
            // `effAt` is not in the future, and 48 bits times 32 bits plus 48 bits fit.
            uint256 progress = perHour * (block.timestamp - c.effAt) / 1 hours;
            if (c.direction == uint256(Direction.UP)) value = c.eff + progress;
            else value = c.eff > progress ? c.eff - progress : 0;
        }
        if (isTighter(c.direction, value, c.value)) value = c.value;
    }

    /// @dev Moves the target to `value` and keeps or replaces the origin.
    function retarget(Cell memory c, uint256 perHour, uint256 value) internal view {
        uint256 current = effective(c, perHour);
        bool arrived = current == c.value;
        c.value = value;
        if (c.ramped == 0) return;
        // A first value is in force at once.
        bool tightens = c.length != 0 && isTighter(c.direction, value, current);
        if (tightens && !arrived) return;
        c.eff = tightens ? current : value;
        c.effAt = block.timestamp;
    }
}
