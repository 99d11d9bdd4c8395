// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Direction} from "../interfaces/ParameterTypes.sol";
import {Live, isTighter, nowSeconds} from "./Records.sol";

/// @title Speed limit on what open positions see
/// @dev While a ramp runs, `(eff, effAt)` stays its origin, also when a further tightening moves the target: the effective value is
/// `origin + speed * elapsed` capped at the target, so n small writes give exactly what one big write gives, to the unit, and nothing restarts.
/// A ramp only ever tightens: a target looser than the effective value takes effect at once, one still tighter than it changes only the cap.
library Ramp {
    /// @dev Effective value now, own unit. Progress rounds down: never faster than the speed.
    function effective(Live memory live, Direction direction, uint256 perHour) internal view returns (uint48) {
        uint256 progress = perHour * (block.timestamp - live.effAt) / 1 hours;
        if (direction == Direction.UP) {
            uint256 up = live.eff + progress;
            return up < live.value ? uint48(up) : live.value;
        }
        uint256 down = live.eff > progress ? live.eff - progress : 0;
        return down > live.value ? uint48(down) : live.value;
    }

    /// @dev Moves the target to `value` and keeps or replaces the origin.
    function retarget(Live memory live, Direction direction, uint256 perHour, uint48 value) internal view {
        uint48 current = effective(live, direction, perHour);
        bool arrived = current == live.value;
        live.value = value;
        if (!isTighter(direction, value, current)) {
            live.eff = value;
            live.effAt = nowSeconds();
        } else if (arrived) {
            live.eff = current;
            live.effAt = nowSeconds();
        }
    }

    /// @dev Restarts the origin at the effective value under the old speed; called before the speed changes. Drops less than one unit of progress.
    function settle(Live memory live, Direction direction, uint256 perHour) internal view {
        live.eff = effective(live, direction, perHour);
        live.effAt = nowSeconds();
    }
}
