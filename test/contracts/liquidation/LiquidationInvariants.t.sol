// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, InstrumentId} from "../../../contracts/interfaces/ClearingTypes.sol";
import {IDeleveraging, LossLayer} from "../../../contracts/interfaces/IDeleveraging.sol";
import {GroupSums, ILedger} from "../../../contracts/interfaces/ILedger.sol";
import {Auction, BidOrder, Quote, Sale} from "../../../contracts/interfaces/ILiquidation.sol";
import {Assessment, Pass} from "../../../contracts/interfaces/IMargin.sol";
import {LiquidationFixture} from "../support/LiquidationFixture.sol";
import {TestBase} from "../support/TestBase.sol";
import {Vm} from "../support/Vm.sol";

/// @notice Trades, moves marks, flags, bids, releases and resolves at random, by anyone, on the real ledger; notes the first broken invariant of each number.
contract LiquidationHandler is LiquidationFixture {
    mapping(uint256 number => string) public fault;
    mapping(string what => uint256 times) public reached;

    uint256 private constant TRADERS = 5;
    /// @dev USD wad: a unit for each of three payments. Once profit was cut, what is booked as shares of it reads up to a unit less, which the fund then has.
    int256 private constant DUST = 3e12;
    AccountId[] private _accounts; // traders, then bidders, then backstops
    InstrumentId[4] private _instruments = [CALL, PUT, LATER, OTHER_MARKET];
    uint256[4] private _marks = [100e18, 50e18, 200e18, uint256(3_000e18)];
    uint256 private _tokens;
    uint256 private _metered;
    mapping(uint256 i => bytes32) private _terms;
    mapping(uint256 i => uint256) private _bankruptAt;

    /// @dev Once: the runner may call it as any other step.
    function setUp() public override {
        if (_accounts.length != 0) return;
        super.setUp();
        for (uint256 i = 0; i < TRADERS + 2; ++i) {
            _accounts.push(_account(0x500 + i));
            _fundAccount(i, i < TRADERS ? 20_000 : 2_000_000);
        }
        _raiseFund(20_000);
        store.set("cash.debtRate", 5_000);
    }

    // ------------------------------------------------------------------ moves

    function wait(uint256 time) external {
        vm.warp(_now() + bound(time, 1, 2_000));
    }

    function deposit(uint256 who, uint256 usd) external {
        _fundAccount(who % _traders(), bound(usd, 1, 5_000));
        _look();
    }

    function raiseFund(uint256 usd) external {
        _raiseFund(bound(usd, 1, 10_000));
        _look();
    }

    function trade(uint256 from, uint256 to, uint256 which, uint256 lots) external {
        (from, to) = (from % TRADERS, to % TRADERS);
        if (from == to || liquidation.isFlagged(_accounts[from]) || liquidation.isFlagged(_accounts[to])) return;
        which %= 4;
        _give(_accounts[from], _accounts[to], _instruments[which], int256(bound(lots, 1, which == 3 ? 20_000 : 600_000)));
        _look();
    }

    function move(uint256 which, uint256 percent) external {
        which %= 4;
        uint256 mark = _marks[which] * bound(percent, 60, 170) / 100;
        if (mark < 10e18 || mark > 100_000e18) mark = 100e18;
        _marks[which] = mark;
        margin.setMark(InstrumentId.unwrap(_instruments[which]), mark);
    }

    function changeParameters(uint256 seed) external {
        store.set("liquidation.fee", uint64(bound(seed, 1, 2_000)));
        store.set("liquidation.feeCap", uint64(bound(seed >> 16, 0, 5_000)));
        store.set("liquidation.liquidatorShare", uint64(bound(seed >> 32, 0, 10_000)));
        store.set("liquidation.buffer", uint64(bound(seed >> 48, 100, 10_000)));
        _look();
    }

    function flag(uint256 who, uint256 by) external {
        AccountId account = _accounts[who % _accounts.length];
        Assessment memory assessed = _assess(account, Pass.MAINTENANCE);
        try liquidation.flag(account, by % 3 == 0 ? NOBODY : _accounts[by % _accounts.length]) {
            ++reached["flag"];
            if (assessed.equity >= int256(assessed.requirement)) _note(4, "a healthy account was flagged");
        } catch {}
        _look();
    }

    function declare(uint256 who) external {
        try liquidation.declareBankrupt(_accounts[who % _accounts.length]) {
            ++reached["declare"];
        } catch {}
        _look();
    }

    function bid(uint256 who, uint256 by, uint256 fraction) external {
        AccountId account = _accounts[who % _accounts.length];
        AccountId buyer = _accounts[TRADERS + by % 2];
        if (!liquidation.isFlagged(account) || AccountId.unwrap(account) == AccountId.unwrap(buyer)) return;
        fraction = fraction % 3 == 0 ? WAD : bound(fraction, 1e13, WAD);
        _touchAll();
        Auction memory auction = liquidation.auctionOf(account);
        Quote memory quote = liquidation.quoteOf(account);
        Assessment memory before = _assess(account, Pass.MAINTENANCE);
        int256[4] memory held = _held(account);
        int256 cash = _sum(account, buyer, auction.keeper);
        uint256 allowance = fund.payoutAllowance(MAIN);
        vm.prank(_owner(buyer));
        try liquidation.bid(BidOrder(account, buyer, fraction, 1, type(int128).max, uint40(_now()))) returns (Sale memory sale) {
            ++reached[quote.bankrupt ? "bankrupt bid" : auction.backstop ? "backstop bid" : "bid"];
            int256 change = _sum(account, buyer, auction.keeper) - cash;
            if (change > DUST / 1e12 || change < -DUST / 1e12) _note(3, "a sale made or lost cash");
            if (sale.fraction > fraction || sale.fraction > quote.maxFraction) _note(2, "more than the cap");
            int256[4] memory left = _held(account);
            for (uint256 i = 0; i < 4; ++i) {
                int256 taken = held[i] - left[i];
                if ((taken < 0 ? -taken : taken) * 1e18 > (held[i] < 0 ? -held[i] : held[i]) * int256(sale.fraction)) {
                    _note(2, "a leg beyond the cap");
                }
                _metered += uint256(taken < 0 ? -taken : taken) * (i == 3 ? 60_000e18 : 2_000e18) / 10_000;
            }
            _lookAtRest(account, auction, before, sale, quote.bankrupt);
            if (quote.bankrupt && sale.bidderPart > allowance * 1e12) _note(9, "a reward beyond the limit");
        } catch {
            ++reached["refused bid"];
        }
        _look();
    }

    function _lookAtRest(AccountId account, Auction memory auction, Assessment memory before, Sale memory sale, bool bankrupt) private {
        Assessment memory rest = _assess(account, Pass.MAINTENANCE);
        if (rest.requirement > before.requirement) _note(1, "more maintenance than before");
        if (rest.equity + DUST < before.equity - int256(sale.charge)) _note(1, "more than the charge is gone");
        if (bankrupt) return;
        if ((rest.equity + DUST) * int256(before.requirement) < before.equity * int256(rest.requirement)) _note(1, "the rest is worse");
        uint256 released = before.requirement - rest.requirement;
        uint256 taken = before.deltaNotional - rest.deltaNotional;
        if (sale.charge * 10_000 > released * auction.terms.feeCapBps) _note(2, "beyond phi of what was released");
        if (sale.charge * 10_000 > taken * auction.terms.feeBps) _note(2, "beyond the fee");
        if (rest.equity + DUST < 0) _note(2, "the charge made a deficit");
    }

    function release(uint256 who) external {
        who %= _accounts.length;
        AccountId account = _accounts[who];
        Auction memory auction = liquidation.auctionOf(account);
        Assessment memory assessed = _assess(account, Pass.MAINTENANCE);
        try liquidation.release(account) {
            ++reached["release"];
            uint256 target = (assessed.requirement * (10_000 + auction.terms.bufferBps) + 9_999) / 10_000;
            if (assessed.equity < int256(target)) _note(4, "released below maintenance and buffer");
            if (auction.backstop && assessed.requirement != 0) _note(4, "a backstop was released with a book");
        } catch {}
        _look();
    }

    /// @dev Waits until the account may be resolved, then resolves it.
    function resolve(uint256 who) external {
        AccountId account = _accounts[who % _accounts.length];
        uint256 end = liquidation.endOf(account);
        if (end == 0) return;
        if (_now() < end) vm.warp(end);
        try deleveraging.announce(account) {} catch {}
        vm.warp(_now() + 900);
        _touchAll();
        int256 value = _value();
        uint256 principal = _principal(account);
        vm.recordLogs();
        try deleveraging.resolve(account) returns (uint256 deficit) {
            ++reached["resolve"];
            _lookAtLosses(vm.getRecordedLogs(), deficit);
            vm.recordLogs();
            _touchAll();
            uint256 due = _dueOf(vm.getRecordedLogs());
            int256 change = _value() - value;
            // Sums are exact (5); what accounts read is rounded down, so their own sum moves by units.
            int256 rounding = int256(_accounts.length) * 8e12;
            if (change > rounding || change < -rounding) _note(7, "deleveraging made or lost value");
            // A part of a tear-up lets what has waited mature; it never takes more than its own payment.
            if (_principal(account) + due < principal) _note(6, "somebody's principal paid");
            if (_net(account) < 0 && ledger.collateralOf(account, 0) == 0) _note(7, "a deficit was left");
        } catch {
            vm.getRecordedLogs();
        }
        _look();
    }

    function _lookAtLosses(Vm.Log[] memory logs, uint256 deficit) private {
        uint256 paid = 0;
        uint256 left = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == IDeleveraging.BackstopTaken.selector) {
                ++reached["backstop"];
                _accounts.push(AccountId.wrap(uint256(logs[i].topics[3])));
            }
            if (logs[i].topics[0] == IDeleveraging.TornUp.selector) ++reached["tear-up"];
            if (logs[i].topics[0] != IDeleveraging.LossPaid.selector) continue;
            (uint256 before, uint256 part, uint256 afterwards) = abi.decode(logs[i].data, (uint256, uint256, uint256));
            if (uint256(logs[i].topics[3]) == uint256(LossLayer.FUND)) left = afterwards;
            else if (part != 0 && left != 0) _note(6, "profit paid before the fund was empty");
            if (part > before || afterwards != before - part) _note(7, "a layer paid more than it held");
            paid += part;
        }
        if (paid != deficit) _note(7, "the layers did not pay the deficit");
    }

    function sweep(uint256 who) external {
        if (_accounts.length == TRADERS + 2) return;
        AccountId backstop = _accounts[TRADERS + 2 + who % (_accounts.length - TRADERS - 2)];
        uint256 before = ledger.sumsOf(MAIN).fund;
        try deleveraging.sweep(backstop) returns (uint256 amount) {
            ++reached["sweep"];
            if (ledger.sumsOf(MAIN).fund < before + amount) _note(8, "a sweep did not reach the fund");
        } catch {}
        _look();
    }

    function poke(uint256 who, uint256 by) external {
        try fund.poke(_accounts[who % _accounts.length], by % 2 == 0 ? NOBODY : _accounts[by % TRADERS]) {
            ++reached["poke"];
        } catch {}
        (uint256 requirement,,) = fund.coverageOf(MAIN);
        uint256 two = 0;
        for (uint256 i = 0; i < 2 && i < fund.coverTable(MAIN).length; ++i) {
            two += fund.coverTable(MAIN)[i].shortfall;
        }
        if (requirement < two) _note(8, "less than the two largest");
        _look();
    }

    // ------------------------------------------------------------------ looks

    function _look() private {
        GroupSums memory sums = ledger.sumsOf(MAIN);
        if (sums.tokens != _tokens || sums.principal + sums.profit + sums.fund != _tokens + sums.debt) _note(5, "sums do not add up");
        if (sums.debt > sums.profit + sums.fund) _note(6, "principal would have to pay");
        uint256 total = liquidation.liquidatedNotional(ETH) + liquidation.liquidatedNotional(BTC);
        if (total != _metered) _note(10, "the meter is off");
        for (uint256 i = 0; i < _accounts.length; ++i) {
            Auction memory auction = liquidation.auctionOf(_accounts[i]);
            bytes32 terms = auction.flaggedAt == 0 ? bytes32(0) : keccak256(abi.encode(auction.flaggedAt, auction.terms, auction.stamp));
            if (_terms[i] != 0 && terms != 0 && terms != _terms[i]) {
                // Only an end and a new flag between two looks change them; each step makes one at most.
                _note(4, "terms changed");
            }
            if (_terms[i] != 0 && terms == _terms[i] && _bankruptAt[i] != 0 && auction.bankruptAt != _bankruptAt[i]) {
                _note(4, "the bankrupt clock moved");
            }
            (_terms[i], _bankruptAt[i]) = (terms, auction.bankruptAt);
        }
    }

    function lookAtPositions() external {
        _touchAll();
        for (uint256 i = 0; i < 4; ++i) {
            int256 sum = 0;
            uint256 long = 0;
            for (uint256 j = 0; j < _accounts.length; ++j) {
                int256 lots = ledger.positionOf(_accounts[j], _instruments[i]);
                sum += lots;
                if (lots > 0) long += uint256(lots);
            }
            if (sum != 0) _note(5, "positions do not sum to zero");
            if (long != ledger.openInterestOf(_instruments[i])) _note(5, "open interest is off");
        }
        _look();
    }

    function _touchAll() private {
        for (uint256 i = 0; i < _accounts.length; ++i) {
            ledger.touch(_accounts[i]);
        }
    }

    /// @dev Cash and positions at mark of all, and the fund.
    function _value() private view returns (int256 value) {
        value = int256(ledger.sumsOf(MAIN).fund * 1e12);
        for (uint256 i = 0; i < _accounts.length; ++i) {
            value += _equity(_accounts[i]);
        }
    }

    /// @dev What those whom a tear-up faced paid for their own part of it.
    function _dueOf(Vm.Log[] memory logs) private pure returns (uint256 due) {
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != ILedger.TornFrom.selector) continue;
            (, int256 payment) = abi.decode(logs[i].data, (uint256, int256));
            if (payment < 0) due += uint256(-payment);
        }
    }

    /// @dev Of all but one, and but those it owes or is owed by: nothing but a payment of their own moves it.
    function _principal(AccountId but) private view returns (uint256 sum) {
        for (uint256 i = 0; i < _accounts.length; ++i) {
            if (AccountId.unwrap(_accounts[i]) == AccountId.unwrap(but)) continue;
            if (i < TRADERS) continue;
            sum += ledger.cashOf(_accounts[i]).principal;
        }
    }

    function _held(AccountId account) private view returns (int256[4] memory lots) {
        for (uint256 i = 0; i < 4; ++i) {
            lots[i] = ledger.positionOf(account, _instruments[i]);
        }
    }

    /// @dev Cash of all who take part in a sale, units. Dust of roundings is the fund's.
    function _sum(AccountId account, AccountId buyer, AccountId by) private view returns (int256 sum) {
        sum = _net(account) + _net(buyer) + int256(ledger.sumsOf(MAIN).fund);
        bool third = AccountId.unwrap(by) != 0 && AccountId.unwrap(by) != AccountId.unwrap(buyer);
        if (third) sum += _net(by);
    }

    function _traders() private pure returns (uint256) {
        return TRADERS + 2;
    }

    function _fundAccount(uint256 i, uint256 usd) private {
        _deposit(_accounts[i], usd);
        _tokens += usd * USD;
    }

    function _raiseFund(uint256 usd) private {
        ledger.creditFund(MAIN, usd * USD);
        _tokens += usd * USD;
    }

    function _note(uint256 number, string memory what) private {
        if (bytes(fault[number]).length == 0) fault[number] = what;
    }
}

/// @notice Q1 to Q5 and I1 to I5 of docs/invariants.md, numbered 1 to 10 here, under random callers, marks and times.
contract LiquidationInvariantsTest is TestBase {
    LiquidationHandler private handler;

    function setUp() public {
        handler = new LiquidationHandler();
        handler.setUp();
    }

    /// @dev Read by the test runner.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_Q1_to_I5_holdUnderRandomCallers() public view {
        _check();
    }

    /// @dev A fixed walk of the handler reaches every kind of step.
    function test_TheHandlerReachesEveryKindOfStep() public {
        uint256 seed = 7;
        for (uint256 i = 0; i < 120; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            handler.trade(seed, seed >> 8, i, seed >> 16);
            handler.move(i, seed >> 24);
            for (uint256 j = 0; j < 7; ++j) {
                handler.flag(j, seed >> 32);
            }
            handler.wait(seed >> 56);
            handler.move(i + 1, seed >> 72);
            for (uint256 j = 0; j < 7; ++j) {
                handler.declare(j);
                if ((seed >> (100 + j)) % 3 == 0) handler.bid(j, seed >> 40, seed >> 48);
                handler.release(j);
            }
            if (i % 9 == 0) handler.poke(seed, seed >> 64);
            if (i % 11 == 0) handler.changeParameters(seed);
            if (i % 17 == 0) handler.raiseFund(seed);
            if (i % 6 == 0) handler.resolve(seed);
            if (i % 6 == 3) handler.bid(7 + seed % 3, seed, 0);
            handler.sweep(seed);
            handler.lookAtPositions();
        }
        string[10] memory steps =
            ["flag", "declare", "bid", "bankrupt bid", "backstop bid", "refused bid", "release", "resolve", "backstop", "tear-up"];
        for (uint256 i = 0; i < steps.length; ++i) {
            assertTrue(handler.reached(steps[i]) != 0, steps[i]);
        }
        assertTrue(handler.reached("sweep") != 0, "sweep");
        assertTrue(handler.reached("poke") != 0, "poke");
        _check();
    }

    function _check() private view {
        for (uint256 i = 1; i <= 10; ++i) {
            string memory fault = handler.fault(i);
            assertTrue(bytes(fault).length == 0, fault);
        }
    }
}
