// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPayoff} from "../../../contracts/interfaces/IPayoff.sol";
import {Black76} from "../../../contracts/margin/Black76.sol";
import {DeployChains} from "../support/DeployChains.sol";
import {TestBase} from "../support/TestBase.sol";

/// Payoffs
/// ├── payoff: of puts and calls on both sides of the strike, and at it
/// ├── value: between its bounds, rising or falling in the forward as it must, the payoff when no time is left
/// ├── parity: a call is exactly what its put makes it
/// └── outside the domain → reverts with value and range
contract PayoffsTest is TestBase {
    IPayoff private vanilla;
    IPayoff private digital;

    function setUp() public {
        (vanilla, digital) = (DeployChains.vanillaPayoff(), DeployChains.digitalPayoff());
    }

    function test_Payoff_onBothSidesOfTheStrikeAndAtIt() public view {
        assertEq(vanilla.kind(), 0, "vanilla");
        assertEq(digital.kind(), 1, "digital");
        assertEq(vanilla.payoff(2_000e18, true, 2_100e18), 100e18, "call above");
        assertEq(vanilla.payoff(2_000e18, true, 1_900e18), 0, "call below");
        assertEq(vanilla.payoff(2_000e18, false, 1_900e18), 100e18, "put below");
        assertEq(vanilla.payoff(2_000e18, false, 2_100e18), 0, "put above");
        assertEq(digital.payoff(2_000e18, true, 2_000e18 + 1), 1e18, "digital call above");
        assertEq(digital.payoff(2_000e18, true, 2_000e18), 0, "nobody at the strike");
        assertEq(digital.payoff(2_000e18, false, 2_000e18), 0, "nor the put");
        assertEq(digital.payoff(2_000e18, false, 2_000e18 - 1), 1e18, "digital put below");
    }

    function test_Value_ofKnownOptions() public view {
        // F = K = 100, 50 % for a year: 2 N(0.25) - 1 = 0.19741265136584743; N(-d2) = N(0.25) = 0.5987063256829237.
        assertLe(_gap(vanilla.value(100e18, true, 100e18, 0.5e18, 365 days), 19741265136584743e3), 1e8, "call");
        assertLe(_gap(digital.value(100e18, false, 100e18, 0.5e18, 365 days), 598706325682923700), 1e6, "digital put");
        // F = 90, K = 100, the same vol: d2 = (ln 0.9 - 0.125) / 0.5; N(d2) = 0.322499382043183.
        assertLe(_gap(digital.value(100e18, true, 90e18, 0.5e18, 365 days), 322499382043182912), 1e6, "digital call");
        assertEq(vanilla.value(100e18, false, 90e18, 0.5e18, 0), 10e18, "put at expiry");
        assertEq(digital.value(100e18, false, 90e18, 0.5e18, 0), 1e18, "digital put at expiry");
        assertEq(digital.value(100e18, false, 100e18, 0.5e18, 0), 0, "the strike itself counts as a call");
        assertEq(digital.value(100e18, true, 100e18, 0, 1 days), 1e18, "and without vol");
    }

    function testFuzz_Value_parityAndBounds(uint256 strike, uint256 forward, uint256 vol, uint256 time) public view {
        strike = bound(strike, 1e15, 1e25);
        forward = bound(forward, strike / 50, strike * 50);
        vol = bound(vol, 0.01e18, 10e18);
        time = bound(time, 1, 3 * 365 days);
        uint256 put = vanilla.value(strike, false, forward, vol, time);
        uint256 call = vanilla.value(strike, true, forward, vol, time);
        assertTrue(int256(call) == vanilla.callFromPut(put, strike, forward), "parity");
        assertLe(put, strike, "a put is worth its strike at most");
        assertLe(call, forward, "a call its forward");
        assertLe(strike > forward ? strike - forward : 0, put, "a put its payoff at least");

        uint256 below = digital.value(strike, false, forward, vol, time);
        uint256 above = digital.value(strike, true, forward, vol, time);
        assertTrue(int256(above) == digital.callFromPut(below, strike, forward), "digital parity");
        assertEq(below + above, 1e18, "a dollar");
        // A higher forward ends below less often, but for the error of the approximation.
        assertLe(digital.value(strike, false, forward + forward / 100, vol, time), below + 2e6, "falls");
    }

    /// @dev The digital put is the slope of the put in its strike: a narrow spread of puts holds it from both sides.
    function testFuzz_Value_digitalIsTheSlopeOfThePut(uint256 forward, uint256 vol, uint256 time) public view {
        uint256 strike = 2_000e18;
        (forward, vol, time) = (bound(forward, 500e18, 8_000e18), bound(vol, 0.2e18, 3e18), bound(time, 1 days, 3 * 365 days));
        uint256 step = 1e17;
        uint256 lower = vanilla.value(strike - step, false, forward, vol, time);
        uint256 middle = vanilla.value(strike, false, forward, vol, time);
        uint256 upper = vanilla.value(strike + step, false, forward, vol, time);
        uint256 value = digital.value(strike, false, forward, vol, time);
        // Wad / 1e17 turns a difference of values into a slope; 1e-12 of the price on either side of it.
        assertLe((middle - lower) * 10, value + 1e11, "from below");
        assertLe(value, (upper - middle) * 10 + 1e11, "from above");
    }

    function test_Value_refusesWhatIsOutsideItsDomain() public {
        uint256 most = type(uint128).max;
        _refuse(digital, 1e18, 0, 0, 1, most);
        _refuse(digital, 1e18, most + 1, most + 1, 1, most);
        _refuse(digital, 0, 1e18, 0, 1, most);
        _refuse(digital, most + 1, 1e18, most + 1, 1, most);
        _refuse(vanilla, 0, 1e18, 0, 1, most);
        vm.expectRevert(abi.encodeWithSelector(Black76.Black76_OutOfRange.selector, 2 ** 64 + 1, 0, 2 ** 64));
        digital.value(1e18, true, 1e18, 2 ** 64 + 1, 1 days);
        vm.expectRevert(abi.encodeWithSelector(Black76.Black76_OutOfRange.selector, 2 ** 31 + 1, 0, 2 ** 31));
        digital.value(1e18, true, 1e18, 1e18, 2 ** 31 + 1);
    }

    function _refuse(IPayoff payoff, uint256 strike, uint256 forward, uint256 value, uint256 floor, uint256 ceiling) private {
        vm.expectRevert(abi.encodeWithSelector(Black76.Black76_OutOfRange.selector, value, floor, ceiling));
        payoff.value(strike, true, forward, 0.5e18, 1 days);
    }

    function _gap(uint256 one, uint256 other) private pure returns (uint256) {
        return one > other ? one - other : other - one;
    }
}
