// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, InstrumentId} from "../../../contracts/interfaces/ClearingTypes.sol";
import {CoverEntry, IInsuranceFund} from "../../../contracts/interfaces/IInsuranceFund.sol";
import {Footing} from "../../../contracts/interfaces/IMargin.sol";
import {DeployLiquidation} from "../support/DeployLiquidation.sol";
import {LiquidationFixture} from "../support/LiquidationFixture.sol";

/// InsuranceFund
/// ├── constructor: the stress move lies between a tenth and all
/// ├── payOut: modules alone; at most the limit; the window slides; what is left of it returns
/// ├── shortfallOf: the larger of two readings of the loss, at most the notional moved; a maximum loss as it is
/// ├── poke
/// │   ├── given no footing → it reverts
/// │   ├── given a shortfall above the least of the eight → it takes its place; the account's own entry is replaced, also downward
/// │   ├── given a sum a twentieth above the highest of a day and a keeper → it pays, once
/// │   └── after a day an entry counts nothing
/// └── coverageOf: max(two largest, half of the sum), the target, the fund
contract InsuranceFundTest is LiquidationFixture {
    function test_Constructor_boundsTheStressMove() public {
        for (uint256 i = 0; i < 2; ++i) {
            uint256 given = i == 0 ? 999 : 10_001;
            (bool done, bytes memory answer) = address(this).call(abi.encodeCall(this.deploy, (given)));
            assertTrue(!done, "refused");
            assertEq(
                keccak256(answer),
                keccak256(abi.encodeWithSelector(IInsuranceFund.InsuranceFund_StressMove.selector, given, 1_000, 10_000)),
                "reason"
            );
        }
        assertEq(fund.STRESS_MOVE_BPS(), 5_000, "as given");
        assertEq(fund.COVER_SIZE(), 8, "entries");
        assertEq(fund.COVER_AGE(), 1 days, "age");
        assertEq(fund.PAYOUT_WINDOW(), 1 days, "window");
    }

    function deploy(uint256 stressMoveBps) external {
        fund = DeployLiquidation.fund(_store(), _chains(), _margin(), ledger, stressMoveBps);
    }

    // ------------------------------------------------------------------ payouts

    function test_PayOut_onlyModules() public {
        vm.prank(address(0xbad));
        vm.expectRevert(abi.encodeWithSelector(IInsuranceFund.InsuranceFund_NotModule.selector, address(0xbad)));
        fund.payOut(maker, 1);
    }

    function test_PayOut_atMostTheLimit() public {
        _deposit(maker, 1);
        assertEq(fund.payOut(maker, 5), 0, "an empty fund");
        ledger.creditFund(MAIN, 1_000 * USD);
        assertEq(fund.payoutAllowance(MAIN), 100 * USD, "a tenth");
        assertEq(fund.payOut(maker, 60 * USD), 60 * USD, "in full");
        assertEq(fund.payOut(maker, 60 * USD), 40 * USD, "what is left");
        assertEq(fund.payOut(maker, 1), 0, "nothing");
        assertEq(ledger.cashOf(maker).profit, 100 * USD, "unmatured");
        ledger.creditFund(MAIN, 1_000 * USD);
        assertEq(fund.payoutAllowance(MAIN), 100 * USD, "a tenth of what came in");
    }

    /// @dev At the end of a window what it paid still counts, less as time goes: no two limits in two seconds.
    function test_PayOut_TwoLimitsAroundTheEndOfAWindow() public {
        _deposit(maker, 1);
        ledger.creditFund(MAIN, 1_000 * USD);
        vm.warp(START - START % 1 days + 2 days - 1);
        fund.payOut(maker, 100 * USD);
        _wait(1);
        assertEq(fund.payOut(maker, 100 * USD), 0, "a second later");
        _wait(12 hours);
        // Half of it still counts: a tenth of 900 and 50, less 50.
        assertEq(fund.payoutAllowance(MAIN), 45 * USD, "half a window later");
        _wait(12 hours);
        assertEq(fund.payoutAllowance(MAIN), 90 * USD, "a window later");
        fund.payOut(maker, 90 * USD);
        _wait(2 days);
        assertEq(fund.payoutAllowance(MAIN), 81 * USD, "two windows later");
    }

    // ------------------------------------------------------------------ cover table

    function test_ShortfallOf_theLargerReading() public {
        _deposit(victim, 30_000);
        _deposit(maker, 1_000_000);
        _give(victim, maker, CALL, 100 * CONTRACT);
        // 20,000 over a tenth carried to a half: 100,000, which is half of the notional too; delta alone 50,000.
        assertEq(fund.shortfallOf(victim), 80_000e18, "100,000 less equity of 20,000");
        store.set("margin.priceScanRange", 4_000);
        assertEq(fund.shortfallOf(victim), 30_000e18, "delta: 50,000");
        margin.setBinding(1, -160_000e18);
        assertEq(fund.shortfallOf(victim), 50_000e18, "short gamma: half of 160,000 by a quarter");
        margin.setBinding(1, 160_000e18);
        assertEq(fund.shortfallOf(victim), 30_000e18, "long gamma earns nothing here");
        store.set("margin.priceScanRange", 100);
        assertEq(fund.shortfallOf(victim), 80_000e18, "no more than the notional moves");
        margin.setBinding(3, 0);
        assertEq(fund.shortfallOf(victim), 0, "20,000 is all it can lose");
        // Charges may ask for more than the whole notional moves: never less than the requirement.
        margin.setBinding(1, 0);
        margin.set(InstrumentId.unwrap(CALL), 100e18, 1_500e18, 0, 1_000e18, 2_000e18);
        assertEq(fund.shortfallOf(victim), 130_000e18, "150,000 less equity of 20,000, though the notional moves 100,000");
    }

    function test_ShortfallOf_theSmallestRangeOfTheMarketsHeld() public {
        _deposit(victim, 30_000);
        _give(victim, maker, CALL, 100 * CONTRACT);
        _give(victim, maker, LATER, 1);
        _give(victim, maker, OTHER_MARKET, 1);
        store.setIn(ETH, "margin.priceScanRange", 5_000);
        store.setIn(BTC, "margin.priceScanRange", 1_250);
        uint256 half = fund.shortfallOf(victim);
        store.setIn(BTC, "margin.priceScanRange", 5_000);
        assertTrue(half > fund.shortfallOf(victim), "carried further");
    }

    function test_Poke_needsAFooting() public {
        _deposit(victim, 1);
        margin.setFooting(Footing.NONE);
        vm.expectRevert(abi.encodeWithSelector(IInsuranceFund.InsuranceFund_NoFooting.selector, victim));
        fund.poke(victim, NOBODY);
    }

    function test_Poke_keepsTheEightWorst() public {
        _deposit(maker, 1_000_000);
        for (uint256 i = 0; i < 10; ++i) {
            fund.poke(_short(i), NOBODY);
        }
        CoverEntry[] memory table = fund.coverTable(MAIN);
        assertEq(table.length, 8, "entries");
        for (uint256 i = 0; i < 8; ++i) {
            assertEq(AccountId.unwrap(table[i].account), AccountId.unwrap(_account(0x109 - i)), "largest first");
        }
        assertEq(table[0].shortfall, 8_000e18, "ten contracts: 10,000 less 2,000");
        (uint256 requirement, uint256 target, uint256 held) = fund.coverageOf(MAIN);
        // 8 + 7.2 + 6.4 + .. + 2.4 thousand = 41.6; half of it is more than 15.2.
        assertEq(requirement, 20_800e18, "half of the sum");
        assertEq(target, 22_880e18, "a tenth more");
        assertEq(held, 0, "fund");
        ledger.creditFund(MAIN, 5 * USD);
        (,, held) = fund.coverageOf(MAIN);
        assertEq(held, 5e18, "fund");

        // The smallest does not get in; the account's own entry moves, also down.
        fund.poke(_account(0x100), NOBODY);
        assertEq(fund.coverTable(MAIN)[7].shortfall, 2_400e18, "as before");
        _deposit(_account(0x109), 7_000);
        fund.poke(_account(0x109), NOBODY);
        table = fund.coverTable(MAIN);
        assertEq(table.length, 8, "entries");
        assertEq(AccountId.unwrap(table[0].account), AccountId.unwrap(_account(0x108)), "now the second");
        assertEq(table[7].shortfall, 1_000e18, "now the last");
    }

    function test_CoverageOf_theTwoLargest() public {
        _deposit(maker, 1_000_000);
        fund.poke(_short(9), NOBODY);
        fund.poke(_short(8), NOBODY);
        fund.poke(_short(0), NOBODY);
        (uint256 requirement,,) = fund.coverageOf(MAIN);
        assertEq(requirement, 15_200e18, "8,000 and 7,200");
    }

    function test_Poke_entriesAgeOut() public {
        _deposit(maker, 1_000_000);
        fund.poke(_short(9), NOBODY);
        _wait(1 days - 1);
        fund.poke(_short(3), NOBODY);
        assertEq(fund.coverTable(MAIN).length, 2, "both");
        _wait(1);
        CoverEntry[] memory table = fund.coverTable(MAIN);
        assertEq(table.length, 1, "a day later");
        assertEq(table[0].shortfall, 3_200e18, "the younger");
    }

    function test_Poke_paysForARise() public {
        _deposit(maker, 1_000_000);
        _deposit(keeper, 1);
        ledger.creditFund(MAIN, 100 * USD);
        fund.poke(_short(4), keeper);
        assertEqInt(_net(keeper), int256(2 * USD), "the first entry");
        fund.poke(_account(0x104), keeper);
        assertEqInt(_net(keeper), int256(2 * USD), "the same again earns nothing");
        AccountId small = _account(0xc0);
        _deposit(small, 50);
        _give(small, maker, CALL, CONTRACT / 5);
        fund.poke(small, keeper);
        assertEqInt(_net(keeper), int256(2 * USD), "less than a twentieth more");
        fund.poke(_short(1), NOBODY);
        fund.poke(_short(2), keeper);
        assertEqInt(_net(keeper), int256(3 * USD), "a third more");
        AccountId stranger = _account(0xb0);
        ledger.creditCash(stranger, OTHER, USD);
        AccountId next = _short(8);
        vm.expectRevert(abi.encodeWithSelector(IInsuranceFund.InsuranceFund_OtherGroup.selector, stranger, OTHER, MAIN));
        fund.poke(next, stranger);
    }

    /// @dev Cash that comes and goes makes the same shortfall appear again and again: only what the day has not seen earns.
    function test_Poke_TheSameRiseTwice() public {
        _deposit(maker, 1_000_000);
        _deposit(keeper, 1);
        ledger.creditFund(MAIN, 100 * USD);
        AccountId account = _short(4);
        fund.poke(account, keeper);
        assertEqInt(_net(keeper), int256(2 * USD), "the first entry");
        for (uint256 i = 0; i < 3; ++i) {
            _deposit(account, 1_000);
            fund.poke(account, keeper);
            ledger.debitCash(account, 1_000 * USD);
            fund.poke(account, keeper);
        }
        assertEqInt(_net(keeper), int256(2 * USD), "nothing more");
        ledger.debitCash(account, 300 * USD);
        fund.poke(account, keeper);
        assertEqInt(_net(keeper), int256(3 * USD), "a new height");
        _deposit(account, 1_300);
        _wait(1 days);
        fund.poke(account, keeper);
        assertEqInt(_net(keeper), int256(4 * USD), "a day later");
    }

    /// @dev OKEx 2018, and every trader in a hundred accounts: two of ten equal ones are a fifth, half of the sum is not.
    function test_CoverageOf_SplitAccounts() public {
        _deposit(maker, 1_000_000);
        for (uint256 i = 0; i < 8; ++i) {
            AccountId part = _account(0x200 + i);
            _deposit(part, 1_000);
            _give(part, maker, CALL, CONTRACT);
            fund.poke(part, NOBODY);
        }
        (uint256 requirement,,) = fund.coverageOf(MAIN);
        (, uint256 all) = (0, 8 * fund.shortfallOf(_account(0x200)));
        assertEq(requirement, all / 2, "half, not a quarter");
    }

    /// @dev Short i + 1 contracts with a margin of 200 each: a shortfall of 800 each.
    function _short(uint256 i) private returns (AccountId account) {
        account = _account(0x100 + i);
        _deposit(account, 300 * (i + 1));
        _give(account, maker, CALL, int256(i + 1) * CONTRACT);
    }
}
