// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedSettings, IPriceFeed, Price, PriceStatus, Source} from "../../../contracts/interfaces/IPriceFeed.sol";
import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {ISettlementOracle, Settlement} from "../../../contracts/interfaces/ISettlementOracle.sol";
import {ISurfaceOracle, Slice, StoredSlice, Surface} from "../../../contracts/interfaces/ISurfaceOracle.sol";
import {ParamId} from "../../../contracts/interfaces/ParameterTypes.sol";
import {RawSvi, Svi} from "../../../contracts/oracle/Svi.sol";
import {DeployOracle} from "../support/DeployOracle.sol";
import {Misbehaviour, TestAggregator} from "../support/OracleParts.sol";
import {TestBase} from "../support/TestBase.sol";
import {SurfaceFixture} from "./SurfaceFixture.sol";

/// @notice Moves prices, breaks sources, pokes, settles and posts, rightly and wrongly; notes the first broken invariant of each number.
contract OracleHandler is SurfaceFixture {
    uint48 private constant EXPIRY = START + 1 hours;

    IPriceFeed public feed;
    ISettlementOracle public settlement;
    mapping(uint256 number => string) public fault;
    mapping(string what => uint256 times) public reached;

    TestAggregator[3] private _aggregators;
    uint256 private _price = 2_000e8;
    uint128 private _finalPrice;
    mapping(uint48 expiry => StoredSlice) private _before;

    constructor() {
        _deploySurface();
        store.set(ParamId.wrap("oracle.maxAge"), 240);
        store.set(ParamId.wrap("oracle.heartbeat"), 60);
        feed = DeployOracle.priceFeed(IRiskParameters(address(store)));
        settlement = DeployOracle.settlementOracle(IRiskParameters(address(store)), feed);
        Source[] memory sources = new Source[](3);
        address previous;
        for (uint256 i = 0; i < 3; ++i) {
            // Addresses must ascend: made until one is above the last.
            do _aggregators[i] = new TestAggregator(8);
            while (address(_aggregators[i]) <= previous);
            previous = address(_aggregators[i]);
            _aggregators[i].set(int256(_price), START);
            sources[i] = Source(previous, 8, 60);
        }
        vm.prank(DAO);
        feed.list(ETH, sources, FeedSettings(2, 100), SPOT);
    }

    // ------------------------------------------------------------------ moves

    function wait(uint256 time) external {
        vm.warp(_now() + bound(time, 1, 90));
        _look();
    }

    /// @dev All sources follow a move of at most a fifth; one of them may say anything, at any time.
    function answer(uint256 move, uint256 liar, int256 lie, uint256 when) external {
        _price = _price * bound(move, 80, 125) / 100;
        if (_price < 10e8 || _price > 1e14) _price = 2_000e8;
        for (uint256 i = 0; i < 3; ++i) {
            if (i == liar % 6) _aggregators[i].set(lie, bound(when, 0, _now() + 100));
            else _aggregators[i].set(int256(_price), _now());
        }
        _look();
    }

    /// @dev Now and then all behave again, else the market would soon have no price for good.
    function misbehave(uint256 which, uint256 how) external {
        for (uint256 i = 0; which % 2 == 0 && i < 3; ++i) {
            _aggregators[i].misbehave(Misbehaviour.NONE);
        }
        _aggregators[which % 3].misbehave(Misbehaviour(how % 5));
        _look();
    }

    function poke() external {
        (uint128 last, uint48 time) = feed.lastOf(ETH);
        if (!feed.poke(ETH)) return;
        ++reached["poke"];
        (uint128 next, uint48 nextTime) = feed.lastOf(ETH);
        if (uint256(next) >= uint256(last) * 5 || uint256(next) * 5 <= last) _note(2, "an observation jumped");
        if (nextTime < time + 5) _note(2, "observations too close");
        _look();
    }

    function observe(uint256 time) external {
        if (time % 4 == 0 && _now() < EXPIRY) vm.warp(_now() + time % 60);
        try settlement.poke(ETH, EXPIRY) {
            ++reached["observe"];
            if (_finalPrice != 0) _note(3, "observed after it was final");
        } catch {}
        _look();
    }

    function finalise(uint256 byDao, uint128 price) external {
        if (byDao % 2 == 0) {
            try settlement.finalise(ETH, EXPIRY) {
                ++reached["finalise"];
                if (_now() < EXPIRY) _note(3, "final before expiry");
            } catch {}
        } else {
            vm.prank(DAO);
            try settlement.finaliseByGovernance(ETH, EXPIRY, price) {
                if (_now() < EXPIRY + 1 days) _note(3, "the DAO did not wait");
            } catch {}
        }
        _look();
    }

    /// @dev A signed post of one or two expiries, with the right or a wrong version, observation and number of signatures.
    function post(uint256 vol, uint256 which, uint256 wrong, uint256 scale) external {
        vol = bound(vol, 0.3e18, 2e18);
        uint48[2] memory expiries = [uint48(START + 30 days), START + 90 days];
        Slice memory first = _slice(expiries[which % 2], vol);
        Surface memory surface = which % 3 == 0 ? _surface(_slice(expiries[0], vol), _slice(expiries[1], vol)) : _surface(first);
        surface.slices[0].b = surface.slices[0].b * int256(bound(scale, 50, 400)) / 100;
        (uint32 version, uint48 asOf) = oracle.lastOf(ETH);
        if (wrong % 8 == 0) surface.version = version;
        if (wrong % 8 == 1) surface.asOf = asOf;
        uint256 count = wrong % 8 == 2 ? 1 : 2;
        for (uint256 i = 0; i < 2; ++i) {
            _before[expiries[i]] = oracle.sliceOf(ETH, expiries[i]);
        }
        try oracle.post(surface, _sign(surface, count)) {
            ++reached["post"];
            if (count < 2) _note(4, "one signature");
            if (surface.version <= version || surface.asOf <= asOf) _note(4, "an old surface");
            for (uint256 i = 0; i < 2; ++i) {
                _lookAtMove(_before[expiries[i]], oracle.sliceOf(ETH, expiries[i]));
            }
            _lookAtSurface(expiries);
        } catch {
            ++reached["refused post"];
        }
    }

    // ------------------------------------------------------------------ looks

    function _look() private {
        try feed.read(ETH) returns (Price memory price) {
            if (price.status == PriceStatus.FRESH) {
                if (price.price == 0 || price.confidenceBps > 100) _note(1, "fresh, yet no price or no agreement");
                if (price.observedAt + 240 < _now() || price.observedAt > _now()) _note(1, "fresh, yet old or of the future");
                // One of three may lie: the others hold the price.
                uint256 truth = _price * 1e10;
                uint256 distance = price.price > truth ? price.price - truth : truth - price.price;
                if (distance > truth && price.observedAt == _now()) _note(1, "a liar moved the price");
            }
            if (price.status == PriceStatus.UNAVAILABLE && price.price != 0) _note(1, "unavailable, yet a price");
        } catch {
            _note(1, "a read reverted");
        }
        Settlement memory current = settlement.settlementOf(ETH, EXPIRY);
        if (_finalPrice != 0 && (!current.isFinal || current.price != _finalPrice)) _note(3, "a final price changed");
        if (current.isFinal) {
            _finalPrice = current.price;
            if (current.price < current.least || current.price > current.greatest) _note(3, "final outside what was observed");
            if (!current.byGovernance && current.observations < 20) _note(3, "final with too few observations");
        }
    }

    /// @dev Ten percent at once and ten an hour, in either direction.
    function _lookAtMove(StoredSlice memory previous, StoredSlice memory slice) private {
        if (previous.version == 0 || slice.version == previous.version) return;
        uint256 limit = 11_000 + 1_000 * uint256(slice.asOf - previous.asOf) / 1 hours;
        if (slice.atmVol * 10_000 > previous.atmVol * limit || previous.atmVol * 10_000 > slice.atmVol * limit) _note(5, "vol moved too far");
    }

    function _lookAtSurface(uint48[2] memory expiries) private {
        StoredSlice memory near = oracle.sliceOf(ETH, expiries[0]);
        StoredSlice memory far = oracle.sliceOf(ETH, expiries[1]);
        if (near.version != 0) _lookAtDensity(near);
        if (far.version != 0) _lookAtDensity(far);
        if (near.version == 0 || far.version == 0 || near.validUntil < _now() || far.validUntil < _now()) return;
        // At the money and two points either side; each with the share of its variance that is left.
        for (int256 k = -0.5e18; k <= 0.5e18; k += 0.25e18) {
            int256 shorter = Svi.totalVariance(_raw(near), k) * int256(expiries[0] - _now()) / int256(uint256(expiries[0] - near.asOf));
            int256 longer = Svi.totalVariance(_raw(far), k) * int256(expiries[1] - _now()) / int256(uint256(expiries[1] - far.asOf));
            if (shorter > longer + longer / 1e8) _note(6, "expiries cross");
        }
    }

    function _lookAtDensity(StoredSlice memory slice) private {
        for (int256 k = -1e18; k <= 1e18; k += 0.1e18) {
            if (Svi.durrleman(_raw(slice), k) < -0.02e18) _note(6, "a negative density");
        }
    }

    function _raw(StoredSlice memory slice) private pure returns (RawSvi memory) {
        return RawSvi(slice.a, slice.b, slice.rho, slice.m, slice.sigma);
    }

    function _note(uint256 number, string memory what) private {
        if (bytes(fault[number]).length == 0) fault[number] = what;
    }
}

/// @notice O1 to O6 of docs/invariants.md under random prices, liars, faults, waits, pokes and posts.
contract OracleInvariantsTest is TestBase {
    OracleHandler private handler;

    function setUp() public {
        handler = new OracleHandler();
    }

    /// @dev Read by the test runner.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_O1_to_O6_holdUnderRandomCallers() public view {
        _check();
    }

    /// @dev The handler is no use if it never gets anywhere: a fixed walk observes, settles, posts and is refused.
    function test_TheHandlerReachesEveryKindOfStep() public {
        uint256 seed = 1;
        for (uint256 i = 0; i < 130; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            handler.wait(29);
            handler.answer(100 + seed % 3, 5, 0, 0);
            handler.poke();
            handler.observe(1);
            if (i % 8 == 0) handler.post(0.8e18 + seed % 0.05e18, i / 8, seed, 100);
            if (i % 8 == 4) handler.misbehave(seed << 1, seed >> 8);
        }
        handler.finalise(0, 0);
        string[5] memory steps = ["poke", "observe", "finalise", "post", "refused post"];
        for (uint256 i = 0; i < 5; ++i) {
            assertTrue(handler.reached(steps[i]) != 0, steps[i]);
        }
        _check();
    }

    function _check() private view {
        for (uint256 i = 1; i <= 6; ++i) {
            string memory fault = handler.fault(i);
            assertTrue(bytes(fault).length == 0, fault);
        }
    }
}
