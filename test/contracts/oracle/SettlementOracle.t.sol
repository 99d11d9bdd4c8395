// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceFeed, PriceStatus} from "../../../contracts/interfaces/IPriceFeed.sol";
import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {ISettlementOracle, Settlement} from "../../../contracts/interfaces/ISettlementOracle.sol";
import {ScopeId} from "../../../contracts/interfaces/ParameterTypes.sol";
import {DeployOracle} from "../support/DeployOracle.sol";
import {TestPrices, TestStore} from "../support/OracleParts.sol";
import {TestBase} from "../support/TestBase.sol";

/// SettlementOracle
/// ├── poke
/// │   ├── before the window → it reverts; in it: one fresh price a minute, by anyone
/// │   └── from expiry on: late prices while the window is incomplete, for a day, and later only when nothing was observed
/// ├── finalise
/// │   ├── before expiry, or with fewer than twenty observations in the band → it reverts
/// │   └── else → their mean is final, for ever
/// └── finaliseByGovernance
///     ├── by others, before a day has passed, with a complete window, outside what was observed → it reverts
///     └── else → the price is final, for ever
contract SettlementOracleTest is TestBase {
    ScopeId private constant ETH = ScopeId.wrap(bytes32(bytes4(0x02455448)));
    uint48 private constant EXPIRY = 1_700_006_400;
    uint256 private constant OPEN = EXPIRY - 30 minutes;
    address private constant DAO = address(0xda0);

    TestPrices private prices;
    ISettlementOracle private oracle;

    function setUp() public {
        vm.warp(OPEN);
        prices = new TestPrices();
        prices.set(2_000e18, PriceStatus.FRESH);
        oracle = DeployOracle.settlementOracle(IRiskParameters(address(new TestStore(DAO))), IPriceFeed(address(prices)));
    }

    // ------------------------------------------------------------------ poke

    function test_Poke_beforeTheWindowReverts() public {
        vm.warp(OPEN - 1);
        vm.expectRevert(abi.encodeWithSelector(ISettlementOracle.SettlementOracle_TooEarly.selector, EXPIRY, OPEN - 1, OPEN));
        oracle.poke(ETH, EXPIRY);
    }

    function test_Poke_onePriceAMinute() public {
        oracle.poke(ETH, EXPIRY);
        vm.warp(OPEN + 59);
        vm.expectRevert(abi.encodeWithSelector(ISettlementOracle.SettlementOracle_AlreadyObserved.selector, ETH, EXPIRY, 0));
        oracle.poke(ETH, EXPIRY);
        vm.warp(OPEN + 60);
        oracle.poke(ETH, EXPIRY);
        vm.warp(EXPIRY - 1);
        oracle.poke(ETH, EXPIRY);
        vm.expectRevert(abi.encodeWithSelector(ISettlementOracle.SettlementOracle_AlreadyObserved.selector, ETH, EXPIRY, 29));
        oracle.poke(ETH, EXPIRY);
        assertEq(oracle.settlementOf(ETH, EXPIRY).observations, 3, "observations");
    }

    function test_Poke_staleOrUnavailablePriceReverts() public {
        PriceStatus[2] memory bad = [PriceStatus.STALE, PriceStatus.UNAVAILABLE];
        for (uint256 i = 0; i < 2; ++i) {
            prices.set(2_000e18, bad[i]);
            vm.expectRevert(abi.encodeWithSelector(ISettlementOracle.SettlementOracle_NotFresh.selector, ETH));
            oracle.poke(ETH, EXPIRY);
        }
    }

    function test_Poke_lateIsRefusedWhenTheWindowIsComplete() public {
        _observe(0, 20, 2_000e18);
        vm.warp(EXPIRY);
        vm.expectRevert(abi.encodeWithSelector(ISettlementOracle.SettlementOracle_WindowComplete.selector, 20, 20));
        oracle.poke(ETH, EXPIRY);
    }

    function test_Poke_lateForADayOnly() public {
        _observe(0, 19, 2_000e18);
        vm.warp(EXPIRY + 1 days - 1);
        prices.set(2_100e18, PriceStatus.FRESH);
        oracle.poke(ETH, EXPIRY);
        Settlement memory settlement = oracle.settlementOf(ETH, EXPIRY);
        assertEq(settlement.greatest, 2_100e18, "greatest");
        assertEq(settlement.least, 2_000e18, "least");
        assertEq(settlement.observations, 19, "a late price is not in the window");
        vm.warp(EXPIRY + 1 days);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlementOracle.SettlementOracle_TooLate.selector, EXPIRY, EXPIRY + 1 days, EXPIRY + 1 days)
        );
        oracle.poke(ETH, EXPIRY);
    }

    // ------------------------------------------------------------------ finalise

    function test_Finalise_isTheMeanOfTheWindow() public {
        for (uint256 i = 0; i < 30; ++i) {
            _observe(i, i + 1, 2_000e18 + i * 1e18);
        }
        vm.warp(EXPIRY);
        vm.prank(address(0xa1));
        assertEq(oracle.finalise(ETH, EXPIRY), 2_014.5e18, "mean");
        Settlement memory settlement = oracle.settlementOf(ETH, EXPIRY);
        assertTrue(settlement.isFinal && !settlement.byGovernance, "final");
        assertEq(settlement.price, 2_014.5e18, "price");
    }

    function test_Finalise_beforeExpiryReverts() public {
        _observe(0, 30, 2_000e18);
        vm.warp(EXPIRY - 1);
        vm.expectRevert(abi.encodeWithSelector(ISettlementOracle.SettlementOracle_TooEarly.selector, EXPIRY, EXPIRY - 1, EXPIRY));
        oracle.finalise(ETH, EXPIRY);
    }

    function test_Finalise_tooFewObservationsReverts() public {
        vm.warp(EXPIRY);
        vm.expectRevert(abi.encodeWithSelector(ISettlementOracle.SettlementOracle_TooFewObservations.selector, 0, 20));
        oracle.finalise(ETH, EXPIRY);
        vm.warp(OPEN);
        _observe(0, 19, 2_000e18);
        vm.warp(EXPIRY);
        vm.expectRevert(abi.encodeWithSelector(ISettlementOracle.SettlementOracle_TooFewObservations.selector, 19, 20));
        oracle.finalise(ETH, EXPIRY);
    }

    function test_Final_neverChanges() public {
        _observe(0, 20, 2_000e18);
        vm.warp(EXPIRY);
        oracle.finalise(ETH, EXPIRY);
        prices.set(3_000e18, PriceStatus.FRESH);
        vm.warp(EXPIRY + 2 days);
        bytes memory reason = abi.encodeWithSelector(ISettlementOracle.SettlementOracle_Final.selector, ETH, EXPIRY, 2_000e18);
        vm.expectRevert(reason);
        oracle.poke(ETH, EXPIRY);
        vm.expectRevert(reason);
        oracle.finalise(ETH, EXPIRY);
        vm.prank(DAO);
        vm.expectRevert(reason);
        oracle.finaliseByGovernance(ETH, EXPIRY, 2_000e18);
    }

    function test_ForgedExpiryPrice_outsideTheBandDoesNotCount() public {
        _observe(0, 24, 2_000e18);
        _observe(24, 27, 20_000e18);
        _observe(27, 30, 200e18);
        vm.warp(EXPIRY);
        assertEq(oracle.finalise(ETH, EXPIRY), 2_000e18, "price");
    }

    function test_ForgedExpiryPrice_whenTooFewRemainNothingIsFinal() public {
        _observe(0, 19, 2_000e18);
        _observe(19, 30, 20_000e18);
        vm.warp(EXPIRY);
        vm.expectRevert(abi.encodeWithSelector(ISettlementOracle.SettlementOracle_TooFewObservations.selector, 19, 20));
        oracle.finalise(ETH, EXPIRY);
    }

    /// @dev Half of the window in another unit: the band around the median holds one half only.
    function test_ForgedExpiryPrice_halfOfTheWindowGivesNoPrice() public {
        _observe(0, 15, 2_000e18);
        _observe(15, 30, 20_000e18);
        vm.warp(EXPIRY);
        vm.expectRevert(abi.encodeWithSelector(ISettlementOracle.SettlementOracle_TooFewObservations.selector, 15, 20));
        oracle.finalise(ETH, EXPIRY);
    }

    function test_Band_itsEdgesCount() public {
        _observe(0, 18, 2_000e18);
        _observe(18, 19, 1_000e18);
        _observe(19, 20, 4_000e18);
        vm.warp(EXPIRY);
        assertEq(oracle.finalise(ETH, EXPIRY), 2_050e18, "mean of all twenty");
    }

    function testFuzz_Finalise_liesBetweenTheObservations(uint256 seed) public {
        uint256 least = type(uint256).max;
        uint256 greatest;
        for (uint256 i = 0; i < 30; ++i) {
            uint256 price = bound(uint256(keccak256(abi.encode(seed, i))), 1_500e18, 2_500e18);
            if (price < least) least = price;
            if (price > greatest) greatest = price;
            _observe(i, i + 1, price);
        }
        vm.warp(EXPIRY);
        uint256 price_ = oracle.finalise(ETH, EXPIRY);
        assertLe(least, price_, "least");
        assertLe(price_, greatest, "greatest");
        Settlement memory settlement = oracle.settlementOf(ETH, EXPIRY);
        assertEq(settlement.least, least, "least kept");
        assertEq(settlement.greatest, greatest, "greatest kept");
    }

    // ------------------------------------------------------------------ governance

    function test_FinaliseByGovernance_onlyTheDao() public {
        vm.expectRevert(abi.encodeWithSelector(ISettlementOracle.SettlementOracle_NotGovernance.selector, address(this)));
        oracle.finaliseByGovernance(ETH, EXPIRY, 2_000e18);
    }

    function test_FinaliseByGovernance_beforeADayReverts() public {
        _observe(0, 5, 2_000e18);
        vm.warp(EXPIRY + 1 days - 1);
        vm.prank(DAO);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlementOracle.SettlementOracle_TooEarly.selector, EXPIRY, EXPIRY + 1 days - 1, EXPIRY + 1 days)
        );
        oracle.finaliseByGovernance(ETH, EXPIRY, 2_000e18);
    }

    function test_FinaliseByGovernance_completeWindowReverts() public {
        _observe(0, 20, 2_000e18);
        vm.warp(EXPIRY + 1 days);
        vm.prank(DAO);
        vm.expectRevert(abi.encodeWithSelector(ISettlementOracle.SettlementOracle_WindowComplete.selector, 20, 20));
        oracle.finaliseByGovernance(ETH, EXPIRY, 2_000e18);
    }

    function test_FinaliseByGovernance_onlyInsideWhatWasObserved() public {
        _observe(0, 1, 1_900e18);
        _observe(1, 2, 2_100e18);
        vm.warp(EXPIRY + 1 days);
        uint128[3] memory outside = [uint128(1_900e18 - 1), 2_100e18 + 1, 0];
        for (uint256 i = 0; i < 3; ++i) {
            vm.prank(DAO);
            vm.expectRevert(
                abi.encodeWithSelector(ISettlementOracle.SettlementOracle_OutsideObserved.selector, outside[i], 1_900e18, 2_100e18)
            );
            oracle.finaliseByGovernance(ETH, EXPIRY, outside[i]);
        }
        vm.prank(DAO);
        oracle.finaliseByGovernance(ETH, EXPIRY, 1_900e18);
        Settlement memory settlement = oracle.settlementOf(ETH, EXPIRY);
        assertTrue(settlement.isFinal && settlement.byGovernance, "final, by the DAO");
        assertEq(settlement.price, 1_900e18, "price");
    }

    /// @dev The feed was down for the whole window and the day after: the first price after it is the only one the DAO may take.
    function test_FeedDownForADay_theFirstPriceAfterItBindsTheDao() public {
        vm.warp(EXPIRY + 2 days);
        vm.prank(DAO);
        vm.expectRevert(abi.encodeWithSelector(ISettlementOracle.SettlementOracle_OutsideObserved.selector, 2_000e18, 0, 0));
        oracle.finaliseByGovernance(ETH, EXPIRY, 2_000e18);
        oracle.poke(ETH, EXPIRY);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlementOracle.SettlementOracle_TooLate.selector, EXPIRY, EXPIRY + 2 days, EXPIRY + 1 days)
        );
        oracle.poke(ETH, EXPIRY);
        vm.prank(DAO);
        oracle.finaliseByGovernance(ETH, EXPIRY, 2_000e18);
        assertEq(oracle.settlementOf(ETH, EXPIRY).price, 2_000e18, "price");
    }

    // ------------------------------------------------------------------ helpers

    /// @dev The same price in minutes [from, to) of the window.
    function _observe(uint256 from, uint256 to, uint256 price) private {
        prices.set(price, PriceStatus.FRESH);
        for (uint256 i = from; i < to; ++i) {
            vm.warp(OPEN + i * 60 + 30);
            oracle.poke(ETH, EXPIRY);
        }
    }
}
