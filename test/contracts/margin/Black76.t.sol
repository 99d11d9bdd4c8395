// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Black76} from "../../../contracts/margin/Black76.sol";
import {Black76Probe} from "../support/Black76Probe.sol";
import {TestBase} from "../support/TestBase.sol";

/// @notice Laws of the value; its figures are compared with risk/ in test/contracts/margin/black76.test.ts.
contract Black76Test is TestBase {
    uint256 private constant WAD = 1e18;
    Black76Probe private probe = new Black76Probe();

    function test_WhenAnArgumentIsOutOfRange_ItReverts() public {
        uint256 most = type(uint128).max;
        vm.expectRevert(abi.encodeWithSelector(Black76.Black76_OutOfRange.selector, 0, 1, most));
        probe.price(true, 0, WAD, WAD);
        vm.expectRevert(abi.encodeWithSelector(Black76.Black76_OutOfRange.selector, most + 1, 1, most));
        probe.price(true, WAD, most + 1, WAD);
        vm.expectRevert(abi.encodeWithSelector(Black76.Black76_OutOfRange.selector, 400e18 + 1, 0, 400e18));
        probe.price(true, WAD, WAD, 400e18 + 1);
        vm.expectRevert(abi.encodeWithSelector(Black76.Black76_OutOfRange.selector, 2 ** 64 + 1, 0, 2 ** 64));
        probe.deviationOf(2 ** 64 + 1, 1);
        vm.expectRevert(abi.encodeWithSelector(Black76.Black76_OutOfRange.selector, 2 ** 31 + 1, 0, 2 ** 31));
        probe.deviationOf(WAD, 2 ** 31 + 1);
    }

    function test_WhenNoDeviationIsLeft_TheValueIsThePayoff() public view {
        assertEq(probe.price(true, 120 * WAD, 100 * WAD, 0), 20 * WAD, "call in the money");
        assertEq(probe.price(true, 80 * WAD, 100 * WAD, 0), 0, "call out of the money");
        assertEq(probe.price(false, 80 * WAD, 100 * WAD, 0), 20 * WAD, "put in the money");
        assertEq(probe.deviationOf(3 * WAD, 0), 0, "no time");
    }

    function test_ADeviationIsVolTimesTheRootOfTime() public view {
        _assertNear(probe.deviationOf(0.8e18, 365 days), 0.8e18, "a year");
        _assertNear(probe.deviationOf(0.8e18, 365 days / 4), 0.4e18, "a quarter");
        _assertNear(probe.deviationOf(0.8e18, 4 * 365 days), 1.6e18, "four years");
    }

    function testFuzz_TheValueLiesBetweenPayoffAndBound(bool isCall, uint256 forward, uint256 strike, uint256 deviation) public view {
        (forward, strike, deviation) = _fold(forward, strike, deviation);
        uint256 value = probe.price(isCall, forward, strike, deviation);
        uint256 payoff = isCall ? _above(forward, strike) : _above(strike, forward);
        assertLe(payoff, value, "payoff");
        assertLe(value, isCall ? forward : strike, "bound");
    }

    function testFuzz_CallLessPutIsForwardLessStrike(uint256 forward, uint256 strike, uint256 deviation) public view {
        (forward, strike, deviation) = _fold(forward, strike, deviation);
        uint256 call = probe.price(true, forward, strike, deviation);
        assertEq(call + strike, probe.price(false, forward, strike, deviation) + forward, "parity");
    }

    /// @dev Exchanging forward and strike turns a call into a put of the same value.
    function testFuzz_ExchangingForwardAndStrikeTurnsACallIntoAPut(uint256 forward, uint256 strike, uint256 deviation) public view {
        (forward, strike, deviation) = _fold(forward, strike, deviation);
        assertEq(probe.price(true, forward, strike, deviation), probe.price(false, strike, forward, deviation), "symmetry");
    }

    /// @dev Up to the stated error, 1e-12 of the smaller price on either side.
    function testFuzz_MoreDeviationIsNeverWorthLess(uint256 forward, uint256 strike, uint256 deviation, uint256 more) public view {
        forward = bound(forward, WAD, 1e6 * WAD);
        strike = bound(strike, forward / 1e4, forward * 1e4);
        deviation = bound(deviation, 0, 5 * WAD);
        more = deviation + bound(more, 0, WAD);
        uint256 tolerance = 2 * (forward < strike ? forward : strike) / 1e12 + 1;
        assertLe(probe.price(true, forward, strike, deviation), probe.price(true, forward, strike, more) + tolerance, "vega");
    }

    function testFuzz_ADearerStrikeNeverMakesACallDearer(uint256 forward, uint256 strike, uint256 dearer, uint256 deviation) public view {
        forward = bound(forward, WAD, 1e6 * WAD);
        strike = bound(strike, forward / 1e4, forward * 1e4);
        dearer = strike + bound(dearer, 0, strike);
        deviation = bound(deviation, 0, 5 * WAD);
        uint256 tolerance = 2 * forward / 1e12 + 1;
        assertLe(probe.price(true, forward, dearer, deviation), probe.price(true, forward, strike, deviation) + tolerance, "strike");
    }

    function _fold(uint256 forward, uint256 strike, uint256 deviation) private pure returns (uint256, uint256, uint256) {
        return (bound(forward, 1, type(uint128).max), bound(strike, 1, type(uint128).max), bound(deviation, 0, 400 * WAD));
    }

    /// @dev Within 1e-14.
    function _assertNear(uint256 got, uint256 expected, string memory what) private pure {
        assertLe(_above(got, expected) + _above(expected, got), expected / 1e14, what);
    }

    function _above(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a - b : 0;
    }
}
