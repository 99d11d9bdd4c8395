// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ParamId, ParameterRule, ParameterSpec} from "../../../contracts/interfaces/ParameterTypes.sol";
import {Deploy} from "../support/Deploy.sol";
import {StoreFixture} from "./StoreFixture.sol";

/// @notice The speed limit on effective values: 100 units an hour for `range`.
contract RampTest is StoreFixture {
    function effective(ParamId id) internal view returns (uint64) {
        return store.effectiveOf(ETH, id);
    }

    function test_WhenTightened_TheEffectiveValueClimbsAtItsSpeedAndStopsAtTheTarget() public {
        tighten(RANGE, 2_500);
        assertEq(effective(RANGE), 2_000, "at once");
        skip(30 minutes);
        assertEq(effective(RANGE), 2_050, "half an hour");
        skip(4 hours);
        assertEq(effective(RANGE), 2_450, "four and a half");
        skip(1 hours);
        assertEq(effective(RANGE), 2_500, "arrived");
        skip(DAY);
        assertEq(effective(RANGE), 2_500, "stays");
    }

    function test_WhenProgressIsAFraction_ItRoundsDown() public {
        tighten(RANGE, 2_500);
        skip(71); // 1.97 units
        assertEq(effective(RANGE), 2_001, "one unit");
    }

    function test_WhenTightenedAgainInMidRamp_NothingRestarts() public {
        tighten(RANGE, 2_500);
        skip(1 hours + 35);
        tighten(RANGE, 3_000);
        skip(1); // the 36th second of the second hour: 1 unit more
        assertEq(effective(RANGE), 2_101, "the fraction before the second write counts");
        skip(9 hours);
        assertEq(effective(RANGE), 3_000, "ten hours for the whole way");
    }

    function test_WhenLoosenedInMidRamp_TheEffectiveValueNeverJumps() public {
        tighten(RANGE, 2_500);
        skip(2 hours);
        govern(RANGE, 2_300); // looser target, still tighter than 2200
        assertEq(effective(RANGE), 2_200, "goes on from where it is");
        skip(1 hours);
        assertEq(effective(RANGE), 2_300, "to the new target");
        skip(1 hours);
        assertEq(effective(RANGE), 2_300, "and no further");
    }

    function test_WhenLoosenedBelowTheEffectiveValue_ThereIsNoRamp() public {
        tighten(RANGE, 2_500);
        skip(2 hours);
        govern(RANGE, 2_100);
        assertEq(effective(RANGE), 2_100, "at once");
    }

    function test_WhenTheSpeedChanges_TheRampGoesOnFromWhereItIs() public {
        tighten(RANGE, 2_500);
        ParameterRule memory r = ruleFor(RANGE);
        r.rampPerHour = 10;
        setRule(RANGE, r, 0);
        // The rule waits two days; the first ramp is over by then. Start another just before it comes into force.
        skip(2 * DAY - 1 hours);
        tighten(RANGE, 3_000);
        skip(1 hours);
        store.activateRule(ETH, RANGE);
        assertEq(effective(RANGE), 2_600, "unchanged by the rule");
        skip(1 hours);
        assertEq(effective(RANGE), 2_610, "at the new speed");
    }

    /// @dev A cap falls at its speed, and however long ago that was, no further than to its target.
    function test_WhenTightenedDown_TheEffectiveValueFallsAtItsSpeedAndStopsAtTheTarget() public {
        ParameterSpec[] memory s = specs();
        s[0].ramped = true;
        store = Deploy.riskParameters(address(this), s, invariants(), 2 days, 1 days, 1 days);
        ParameterRule[] memory rules = marketRules();
        rules[0].rampPerHour = 10_000;
        activate(store, ETH, rules);

        govern(CAP, 700_000);
        assertEq(effective(CAP), 800_000, "at once");
        skip(30 minutes);
        assertEq(effective(CAP), 795_000, "half an hour");
        skip(9 hours);
        assertEq(effective(CAP), 705_000, "nine and a half");
        skip(30 minutes);
        assertEq(effective(CAP), 700_000, "arrived");
        skip(71 hours); // by now 810,000 of way
        assertEq(effective(CAP), 700_000, "stays");
        govern(CAP, 750_000);
        assertEq(effective(CAP), 750_000, "loosened: at once");
    }

    function test_WhenNotRamped_TheEffectiveValueIsTheTarget() public {
        tighten(CAP, 700_000);
        assertEq(effective(CAP), 700_000, "cap");
    }

    /// @dev n small writes give what one big write gives, to the unit, at every later second.
    function testFuzz_ManySmallWritesEqualOneBigWrite(uint256 seed, uint256 elapsed) public {
        uint256 state = vm.snapshotState();
        uint256 begin = clock;
        uint256 end = 2_600 + seed % 3_000;
        elapsed = bound(elapsed, 0, 2 days);

        govern(RANGE, uint64(end));
        uint256 horizon = begin + 50 hours + elapsed;
        warpTo(horizon);
        uint64 big = effective(RANGE);
        uint64 bigMid;
        vm.revertToState(state);

        // Small writes, each before the ramp has reached the target of the one before.
        warpTo(begin);
        govern(RANGE, 2_500);
        uint256 target = 2_500;
        uint256 writes = 1 + seed % 7;
        for (uint256 i; i < writes && target < end; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            skip(seed % 30 minutes); // at most 50 units of way, 3.5 hours in all
            target += 1 + seed % (end - target);
            govern(RANGE, uint64(target));
        }
        if (target < end) govern(RANGE, uint64(end));
        uint256 mid = clock;
        bigMid = effective(RANGE);
        assertEq(bigMid, 2_000 + 100 * (mid - begin) / 1 hours, "way so far");
        warpTo(horizon);
        assertEq(effective(RANGE), big, "at the horizon");
    }
}
