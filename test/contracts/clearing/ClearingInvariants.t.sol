// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, ChainId, InstrumentId, chainOf, instrumentOf} from "../../../contracts/interfaces/ClearingTypes.sol";
import {Cash, GroupSums} from "../../../contracts/interfaces/ILedger.sol";
import {Assessment, Footing, Pass} from "../../../contracts/interfaces/IMargin.sol";
import {Order} from "../../../contracts/interfaces/ITrading.sol";
import {CollateralOrder} from "../../../contracts/interfaces/IVault.sol";
import {ClearingFixture} from "./ClearingFixture.sol";

/// @notice Four traders who deposit, trade, withdraw, go broke and settle, in any order; names the rule it sees broken.
/// @dev Liquidation's side (payments, positions, tear-ups, write-offs) comes from this contract, which is that module.
contract ClearingHandler is ClearingFixture {
    uint256 internal constant TRADERS = 4;
    uint256 private constant FUND_SEED = 50 * USD;

    bytes32 public broken;
    uint256 public trades;
    uint256 public withdrawals;
    uint256 public tearUps;
    uint256 public writeOffs;
    uint256 public settlements;
    uint256 public sales;

    AccountId[] private _ids;
    uint256[] private _keys;
    InstrumentId[] private _instruments;
    uint256 private _nonce = 1;
    uint256 private _chain = 1;

    // What each trader deposited and what came in since, for C4: payments only lower what may have matured of it.
    struct Warming {
        uint256 time;
        uint256 amount;
    }

    mapping(uint256 trader => Warming[]) private _receipts;
    mapping(uint256 trader => uint256) private _deposited;
    mapping(uint256 trader => uint256) private _withdrawn;
    mapping(uint256 trader => uint256) private _assets; // principal and profit at the last look

    // Outflow of the last day, for C3.
    uint256[] private _flowTimes;
    int256[] private _flows;
    uint256 private _mostThere;

    /// @dev Not in the constructor: the ledger takes contracts alone for modules.
    function start() public {
        if (_ids.length != 0) return;
        _deploy(address(this));
        for (uint256 i = 0; i < TRADERS; ++i) {
            _keys.push(0x7000 + i);
            _ids.push(_account(vm.addr(0x7000 + i), uint96(i)));
            _deposit(_ids[i], 1_000 * USD);
            (_deposited[i], _assets[i]) = (1_000 * USD, 1_000 * USD);
            _book(int256(1_000 * USD));
        }
        cash.mint(address(this), FUND_SEED);
        vault.raiseFund(MAIN, FUND_SEED);
        _book(int256(FUND_SEED));
        world.set("cash.outflowLimit", 4_000);
        world.set("trading.fee", 100);
        world.set("cash.debtCap", 400);
        world.set("cash.poolDebtCap", 900);
        world.set("cash.debtRate", 5_000);
        world.set("collateral.haircut", 2_000);
        world.set("collateral.cap", 10_000);
        _list();
    }

    // ------------------------------------------------------------------ acts

    function wait(uint256 seconds_) external {
        vm.warp(_now() + bound(seconds_, 1, 5_000));
    }

    function deposit(uint256 who, uint256 amount) external {
        uint256 i = who % TRADERS;
        amount = bound(amount, 1, 500 * USD);
        _deposit(_ids[i], amount);
        _deposited[i] += amount;
        _assets[i] += amount;
        _book(int256(amount));
        _check();
    }

    function withdraw(uint256 who, uint256 amount) external {
        uint256 i = who % TRADERS;
        amount = bound(amount, 1, 400 * USD);
        bool flagged = world.isFlagged(_ids[i]);
        address owner = vm.addr(_keys[i]);
        vm.prank(owner);
        try vault.withdraw(_ids[i], address(cash), amount, owner) {
            ++withdrawals;
            _book(-int256(amount));
            _withdrawn[i] += amount;
            _assets[i] -= amount;
            if (flagged || ledger.sumsOf(MAIN).halted) broken = "C6 withdrawn while barred";
            Assessment memory after_ = world.assess(ledger.holdingsOf(_ids[i]), Pass.INITIAL);
            if (ledger.positionCountOf(_ids[i]) != 0 && (after_.free < 0 || after_.footing != Footing.PROVED)) {
                broken = "C6 withdrawn below margin";
            }
            _requireOutflow();
        } catch {}
        _check();
    }

    function trade(uint256 who, uint256 which, uint256 lots, uint256 price) external {
        uint256 i = who % TRADERS;
        uint256 j = (i + 1 + which % (TRADERS - 1)) % TRADERS;
        InstrumentId instrument = _instruments[which % _instruments.length];
        lots = bound(lots, 1, 60_000);
        price = bound(price, 0, 120e18) + (which % 7 == 0 ? uint256(2_000e18) : 0);
        Order memory maker = Order(_ids[i], instrument, -int256(lots), price, 1_000, _nonce++, type(uint40).max);
        Order memory taker = Order(_ids[j], instrument, int256(lots), price, 1_000, _nonce++, type(uint40).max);
        Assessment memory before = world.assess(ledger.holdingsOf(_ids[j]), Pass.INITIAL);
        Assessment memory sellers = world.assess(ledger.holdingsOf(_ids[i]), Pass.INITIAL);
        try trading.trade(maker, taker, lots, _signed(i, maker), _signed(j, taker)) {
            ++trades;
            _requireTraded(i, sellers);
            _requireTraded(j, before);
        } catch {}
        _check();
    }

    function mark(uint256 which, uint256 usd) external {
        world.setMark(_instruments[which % _instruments.length], int256(bound(usd, 0, 150e18)));
    }

    function flag(uint256 who, bool flagged) external {
        world.setFlag(_ids[who % TRADERS], flagged);
    }

    function unprove(bool unproved) external {
        world.setUnproved(ChainId.wrap(uint32(_chain)), unproved);
    }

    function pay(uint256 who, uint256 amount) external {
        uint256 i = who % TRADERS;
        ledger.pay(_ids[i], _ids[(i + 1) % TRADERS], bound(amount, 0, 1_500 * USD));
        _check();
    }

    function payFund(uint256 who, uint256 amount) external {
        amount = bound(amount, 0, 100 * USD);
        if (amount % 2 == 0) ledger.payToFund(_ids[who % TRADERS], amount);
        else if (amount <= ledger.sumsOf(MAIN).fund) ledger.payFromFund(_ids[who % TRADERS], amount);
        _check();
    }

    function touch(uint256 who) external {
        ledger.touch(_ids[who % TRADERS]);
        _check();
    }

    function tearUp(uint256 who, uint256 which, uint256 above) external {
        AccountId id = _ids[who % TRADERS];
        InstrumentId instrument = _instruments[which % _instruments.length];
        if (ledger.positionOf(id, instrument) == 0 || ledger.isStruck(instrument)) return;
        uint256 base = ledger.referenceOf(instrument);
        _tearUp(id, instrument, base + bound(above, 0, 120e18) - (base == 0 ? 0 : 60e18));
        ++tearUps;
        _check();
    }

    /// @dev All of the account's debt, layer by layer.
    function writeOff(uint256 who) external {
        AccountId id = _ids[who % TRADERS];
        ledger.touch(id);
        Cash memory own = ledger.cashOf(id);
        if (own.debt <= own.profit) return;
        uint256 deficit = own.debt - own.profit;
        GroupSums memory s = ledger.sumsOf(MAIN);
        uint256 fromFund = deficit < s.fund ? deficit : s.fund;
        uint256 principal = s.principal;
        ledger.writeOff(id, fromFund, deficit - fromFund, 0);
        ++writeOffs;
        if (ledger.sumsOf(MAIN).principal != principal) broken = "C5 principal paid a loss";
        _check();
    }

    function depositEther(uint256 who, uint256 amount) external {
        uint256 i = who % TRADERS;
        amount = bound(amount, 1e15, 1e18);
        address owner = vm.addr(_keys[i]);
        ether_.mint(owner, amount);
        vm.prank(owner);
        vault.deposit(_ids[i], MAIN, address(ether_), amount);
        _check();
    }

    function callDebt(uint256 who) external {
        AccountId id = _ids[who % TRADERS];
        (uint256 debt, uint256 limit) = vault.debtOf(id);
        try vault.callDebt(id) {
            if (debt <= limit) broken = "C13 called within the limit";
        } catch {}
    }

    /// @dev C13: whoever buys, the account's equity, as margin counts it, stays; its debt falls by what was paid, no further than the target.
    function buy(uint256 who, uint256 amount) external {
        uint256 i = who % TRADERS;
        Cash memory own = ledger.cashOf(_ids[i]);
        int256 equity = world.assess(ledger.holdingsOf(_ids[i]), Pass.MAINTENANCE).equity;
        (uint256 debt, uint256 limit) = vault.debtOf(_ids[i]);
        cash.mint(address(this), 1_000_000 * USD);
        CollateralOrder memory order =
            CollateralOrder(_ids[i], address(ether_), bound(amount, 1e15, 1e19), 0, type(uint256).max, address(this), type(uint40).max);
        try vault.buyCollateral(order) returns (uint256, uint256 paid) {
            ++sales;
            _book(int256(paid));
            // What had waited its time matured in the same call, and repaid; of that, and of nothing else, a unit may be lost by rounding (SharePool).
            Cash memory left = ledger.cashOf(_ids[i]);
            uint256 lost = paid + own.profit - left.profit - (own.debt - left.debt);
            if (lost > (own.profit == left.profit ? 0 : 1)) broken = "C13 paid and not repaid";
            int256 after_ = world.assess(ledger.holdingsOf(_ids[i]), Pass.MAINTENANCE).equity;
            if (after_ + int256(lost * 1e12) < equity) broken = "C13 equity fell";
            if (debt <= limit || paid > debt - limit * 9 / 10) broken = "C13 sold beyond need";
        } catch {}
        _check();
    }

    /// @dev The chain expires, settles for some or all, and the next is listed.
    function settle(uint256 price, uint256 whom) external {
        ChainId chain = ChainId.wrap(uint32(_chain));
        world.setChain(chain, uint40(_now()), uint128(bound(price, 1_800e18, 2_200e18)));
        for (uint256 i = 0; i < TRADERS; ++i) {
            AccountId[] memory one = new AccountId[](1);
            one[0] = _ids[(i + whom) % TRADERS];
            settlement.settle(chain, one);
            // Those yet to settle have their part in the sums already.
            _checkSums();
        }
        for (uint256 k = 0; k < _instruments.length; ++k) {
            if (ledger.openInterestOf(_instruments[k]) != 0) broken = "C2 open after settlement";
        }
        _check();
        ++settlements;
        ++_chain;
        _list();
    }

    // ------------------------------------------------------------------ rules

    function _check() private {
        _checkSums();
        _checkReadings();
    }

    function _checkSums() private {
        GroupSums memory s = ledger.sumsOf(MAIN);
        if (s.tokens + s.debt != s.principal + s.profit + s.fund) broken = "C1 identity";
        if (s.tokens != vault.heldOf(MAIN, address(cash)) || s.tokens > cash.balanceOf(address(vault))) broken = "C1 tokens";
        if (s.principal > s.tokens) broken = "C5 principal without tokens";
        for (uint256 i = 0; i < TRADERS; ++i) {
            _look(i);
        }
    }

    /// @dev After everybody has synchronised, on a copy of the state: readings, lots and open interest.
    function _checkReadings() private {
        uint256 snapshot = vm.snapshotState();
        bytes32 fault;
        uint256 principal;
        uint256 profit;
        uint256 debt;
        for (uint256 i = 0; i < TRADERS; ++i) {
            ledger.touch(_ids[i]);
        }
        AccountId fees = trading.feeAccountOf(MAIN);
        for (uint256 i = 0; i <= TRADERS; ++i) {
            Cash memory c = ledger.cashOf(i == TRADERS ? fees : _ids[i]);
            principal += c.principal;
            profit += c.profit;
            debt += c.debt;
            if (c.principal != 0 && c.debt != 0) fault = "C7 principal beside a debt";
        }
        for (uint256 k = 0; k < _instruments.length; ++k) {
            (int256 sum, uint256 longs) = (0, 0);
            for (uint256 i = 0; i < TRADERS; ++i) {
                int256 lots = ledger.positionOf(_ids[i], _instruments[k]);
                sum += lots;
                if (lots > 0) longs += uint256(lots);
            }
            if (sum != 0) fault = "C2 sides differ";
            if (!ledger.isStruck(_instruments[k]) && longs != ledger.openInterestOf(_instruments[k])) fault = "C2 open interest";
        }
        GroupSums memory s = ledger.sumsOf(MAIN);
        if (principal != s.principal || debt != s.debt) fault = "C1 accounts add up";
        if (debt != ledger.borrowedOf(MAIN)) fault = "C1 borrowed";
        if (profit > s.profit || s.profit - profit > 3 * (TRADERS + 1)) fault = "C1 profit readings";
        vm.revertToState(snapshot);
        if (fault != 0) broken = fault;
    }

    function _requireTraded(uint256 i, Assessment memory before) private {
        Assessment memory after_ = world.assess(ledger.holdingsOf(_ids[i]), Pass.INITIAL);
        if (!world.isFlagged(_ids[i]) && after_.footing == Footing.PROVED && after_.free >= 0) return;
        if (after_.requirement > before.requirement) broken = "C8 requirement raised";
        if (after_.free < 0 && after_.free < before.free) broken = "C8 shortfall raised";
    }

    /// @dev C4: principal, with all that was withdrawn, is no more than was deposited and the part of each receipt that its own time allows.
    function _look(uint256 i) private {
        Cash memory c = ledger.cashOf(_ids[i]);
        uint256 allowed = _deposited[i];
        Warming[] storage receipts = _receipts[i];
        for (uint256 k = 0; k < receipts.length; ++k) {
            uint256 elapsed = _now() - receipts[k].time;
            allowed += elapsed >= 3_600 ? receipts[k].amount : receipts[k].amount * elapsed / 3_600 + 1;
        }
        if (c.principal + _withdrawn[i] > allowed) broken = "C4 matured before the warm-up";
        uint256 assets = c.principal + c.profit;
        if (assets > _assets[i]) receipts.push(Warming(_now(), assets - _assets[i]));
        _assets[i] = assets;
    }

    function _book(int256 amount) private {
        _flowTimes.push(_now());
        _flows.push(amount);
        uint256 there = vault.heldOf(MAIN, address(cash));
        if (there > _mostThere) _mostThere = there;
    }

    /// @dev C3: what left in the window that ends now is within the limit of the most there ever was, beside what came in then and a day before.
    function _requireOutflow() private {
        uint256 out;
        uint256 in_;
        for (uint256 k = _flows.length; k > 0 && _flowTimes[k - 1] + 48 hours > _now(); --k) {
            int256 flow = _flows[k - 1];
            if (flow > 0) in_ += uint256(flow);
            else if (_flowTimes[k - 1] + 24 hours > _now()) out += uint256(-flow);
        }
        if (out > _mostThere * 4_000 / 10_000 + in_) broken = "C3 outflow";
    }

    function _list() private {
        delete _instruments;
        ChainId chain = ChainId.wrap(uint32(_chain));
        world.setChain(chain, type(uint40).max, 0);
        _instruments.push(instrumentOf(chain, 255));
        for (uint8 leg = 0; leg < 4; ++leg) {
            _instruments.push(instrumentOf(chain, leg));
            world.setMark(instrumentOf(chain, leg), 50e18);
        }
        world.setMark(instrumentOf(chain, 255), 2_000e18);
    }

    function _signed(uint256 i, Order memory order) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_keys[i], trading.digestOf(order));
        return abi.encodePacked(r, s, v);
    }
}

/// C1 to C8 and C13 (docs/invariants.md) after every act of the handler.
contract ClearingInvariantsTest is ClearingFixture {
    ClearingHandler private handler;

    function setUp() public {
        handler = new ClearingHandler();
        handler.start();
    }

    /// @dev What the runner calls: the handler alone.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_C1_to_C8_andC13_holdUnderRandomCalls() public view {
        assertEq(handler.broken(), bytes32(0), "broken");
    }

    /// @dev The handler is no use if it never gets anywhere.
    function test_TheHandlerReachesEveryKindOfStep() public {
        uint256 seed = 7;
        for (uint256 i = 0; i < 120; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            handler.trade(seed, seed >> 8, seed >> 16, 50e18);
            if (i % 3 == 0) handler.pay(seed >> 24, seed >> 32);
            if (i % 4 == 0) handler.wait(seed >> 40);
            if (i % 5 == 0) handler.withdraw(seed >> 48, seed >> 56);
            if (i % 6 == 0) handler.tearUp(seed >> 64, seed >> 72, seed >> 80);
            if (i % 7 == 0) handler.writeOff(seed >> 88);
            if (i % 8 == 0) handler.deposit(seed >> 96, seed >> 104);
            if (i % 9 == 0) handler.touch(seed >> 112);
            if (i % 11 == 0) handler.payFund(seed >> 120, seed >> 128);
            if (i % 10 == 0) handler.depositEther(seed >> 152, seed >> 160);
            if (i % 2 == 0) handler.callDebt(seed >> 168);
            if (i % 2 == 1) handler.buy(seed >> 168, seed >> 176);
            if (i % 40 == 39) handler.settle(seed >> 136, seed >> 144);
            assertEq(handler.broken(), bytes32(0), "broken");
        }
        assertTrue(handler.trades() >= 5, "trades");
        assertTrue(handler.withdrawals() >= 2, "withdrawals");
        assertTrue(handler.tearUps() >= 3, "tear-ups");
        assertTrue(handler.writeOffs() >= 1, "write-offs");
        assertTrue(handler.settlements() == 3, "settlements");
        assertTrue(handler.sales() >= 1, "sales");
    }
}
