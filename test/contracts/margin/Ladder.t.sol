// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChainId} from "../../../contracts/interfaces/ClearingTypes.sol";
import {LadderStatus} from "../../../contracts/interfaces/IChains.sol";
import {Signature} from "../../../contracts/interfaces/IControllerMandate.sol";
import {ILadderJudge} from "../../../contracts/interfaces/ILadderJudge.sol";
import {PriceStatus} from "../../../contracts/interfaces/IPriceFeed.sol";
import {Surface, SurfaceLimits} from "../../../contracts/interfaces/ISurfaceOracle.sol";
import {exponential} from "../../../contracts/margin/Exponential.sol";
import {LadderHeader, LadderLayout} from "../../../contracts/margin/LadderLayout.sol";
import {LadderRefresh} from "../../../contracts/margin/LadderRefresh.sol";
import {LadderShape} from "../../../contracts/margin/LadderShape.sol";
import {VolScale} from "../../../contracts/margin/VolScale.sol";
import {ChainsFixture} from "./ChainsFixture.sol";

/// Ladder
/// ├── shape of a signed post: each fault is found in the word it is in, and true ladders have none
/// ├── lanes at once: the same answers as lane by lane
/// ├── layout: a header is what it was packed from
/// ├── when a ladder is due: age, vol at the money, price
/// └── scales of the vol states, exponentials
contract LadderTest is ChainsFixture {
    uint256 private constant ONES = 0x0001000100010001000100010001000100010001000100010001000100010001;
    uint256 private constant NODES = 32;
    uint256 private constant UP = 0;
    uint256 private constant DOWN = 2;
    uint256 private constant FAR = 4;
    uint256 private constant MARK = 5;
    uint256 private constant SKEW = 6;

    ChainId private chain;
    ChainId private binary;

    function setUp() public {
        _deployChains();
        chain = _list(TENTH_DAY, 0);
        binary = _list(TENTH_DAY, 1);
        _post(_surface(_slice(TENTH_DAY, 0.6e18)));
    }

    // ------------------------------------------------------------------ shape

    function test_Shape_laneOutOfItsBits() public {
        _refuse(chain, 1, UP, _word(chain, 1, UP) | 1 << 15, 0);
        _refuse(chain, 1, UP + 1, _word(chain, 1, UP + 1) | 1 << 255, 0);
        _refuse(chain, 3, MARK, _word(chain, 3, MARK) | 1 << 31, 0);
    }

    function test_Shape_valueThatRisesWithThePrice() public {
        // Lane 5 as lane 6 and one more; the last lane of a word against the first of the next.
        uint256 word = _word(chain, 2, UP);
        _refuse(chain, 2, UP, _lane(word, 5, (word >> 96 & 0xffff) - 1), 1);
        word = _word(chain, 2, DOWN + 1);
        _refuse(chain, 2, DOWN, _word(chain, 2, DOWN), DOWN + 1, _lane(word, 0, 32_767), 1);
        word = _word(chain, 2, FAR);
        _refuse(chain, 2, FAR, word & ~uint256(type(uint32).max), 1); // nothing at 0.34 of the base
        _refuse(chain, 2, FAR, word | 1 << 255, 1);
        _refuse(binary, 2, UP, _lane(_word(binary, 2, UP), 3, 0), 1);
    }

    function test_Shape_notConvex() public {
        uint256 word = _word(chain, 2, UP);
        // Ten units less in one lane: its neighbours' drops differ by twenty, a ratio of prices explains three.
        _refuse(chain, 2, UP, _lane(word, 7, (word >> 112 & 0xffff) + 10), 2);
        word = _word(chain, 2, MARK);
        _refuse(chain, 2, MARK, _lane(word, 8, (word >> 128 & 0xffff) - 200), 2);
        // A drop of a third of the strike between two nodes.
        word = _word(chain, 2, UP);
        _refuse(chain, 2, UP, word & type(uint128).max, UP + 1, 0, 2);
        // More than half a lane at the first node, and none after it: convex, and told before it is found steeper than the forward.
        _refuse(chain, 2, UP, ONES * 15_600 + 16_400, UP + 1, ONES * 15_600, 2);
        _refuse(chain, 2, UP, ONES * 15_600 + 16_383, UP + 1, ONES * 15_600, 3);
    }

    function test_Shape_steeperThanTheForward() public {
        // Every lane twice as much, but the first, which may be no more than the strike: convex, and twice as steep.
        uint256 first = _word(chain, 0, DOWN);
        uint256 second = _word(chain, 0, DOWN + 1);
        uint256 strike = 1_400 * 16; // units of 2^-4 dollars
        uint256 lowest = first & 0xffff;
        uint256 scaled;
        for (uint256 i = 0; i < 16; ++i) {
            uint256 lane = first >> 16 * i & 0xffff;
            uint256 more = lane * 3 / 2;
            scaled |= (more > strike ? strike : more) << 16 * i;
        }
        assertTrue(lowest * 3 / 2 < strike, "no lane is cut");
        uint256 tail;
        for (uint256 i = 0; i < 16; ++i) {
            tail |= (second >> 16 * i & 0xffff) * 3 / 2 << 16 * i;
        }
        _refuse(chain, 0, DOWN, scaled, DOWN + 1, tail, 3);
    }

    function test_Shape_outsidePayoffAndStrike() public {
        // All lanes of the lowest entry down to nothing: flat, convex, and below the payoff.
        _refuse(chain, 4, DOWN, 0, DOWN + 1, 0, 4);
        _refuse(chain, 4, FAR, 0, 4);
        uint256 ceiling = 1_400 * 16;
        _refuse(chain, 0, UP, ONES * (ceiling + 2), UP + 1, ONES * (ceiling + 2), 5);
        _refuse(chain, 0, FAR, (_word(chain, 0, FAR) >> 32 << 32) | (ceiling + 2), 5);
        _refuse(binary, 0, UP, ONES * 8_194, UP + 1, ONES * 8_194, 5);
        _refuse(binary, 0, FAR, (_word(binary, 0, FAR) >> 32 << 32) | 8_194, 5);
    }

    function test_Shape_volUpBelowVolDown() public {
        uint256 word = _word(chain, 2, DOWN);
        _refuse(chain, 2, UP, word - (1 << 128), UP + 1, _word(chain, 2, DOWN + 1), 6); // a unit, in the ninth lane
    }

    function test_Shape_skewBeyondAnyVega() public {
        _refuse(chain, 2, SKEW, 0x7fff, 7);
        _refuse(chain, 2, SKEW, 0x8000 << 240, 7);
        _refuse(binary, 2, SKEW, 0x7fff, 7);
    }

    /// @dev At a tenth of the price a unit is small, and the largest vega is more of them than the lanes can tell.
    function test_Shape_skewAtWhatItsLanesCanTell() public {
        uint32[] memory multiples = _multiples();
        multiples[0] = 20;
        vm.prank(LISTER);
        ChainId low = chains.listChain(1, TENTH_DAY, 0, TICK, multiples);
        _refuse(low, 0, SKEW, 16_384 << 16, 7);
        _refuse(low, 0, SKEW, (65_536 - 16_384) << 16, 7);
        bytes memory words = _words(low);
        _postLadder(low, _with(words, _entryAt(0, NODES) + SKEW, 16_383 << 16));
        assertEq(uint256(chains.record(low).status), uint256(LadderStatus.POSTED), "posted");
    }

    /// @dev A false ladder that keeps the shape passes: it is worth POSTED and nothing more.
    function test_Shape_cannotTellAnotherVol() public {
        bytes memory words = _words(chain);
        uint256 entryWord = _entryAt(2, NODES);
        for (uint256 i = 0; i < 2; ++i) {
            _with(words, entryWord + DOWN + i, _wordAt(words, entryWord + UP + i));
        }
        address blob = _postLadder(chain, words);
        assertEq(uint256(chains.record(chain).status), uint256(LadderStatus.POSTED), "posted");
        assertEq(judge.laneOff(blob, 2, DOWN) < 16 ? 1 : 0, 1, "off");
        assertEq(judge.laneOff(blob, 2, UP), 16, "holds");
    }

    function test_Judge_refusesEntriesOutOfRange() public {
        address blob = _postLadder(chain, _words(chain));
        vm.expectRevert(abi.encodeWithSelector(ILadderJudge.LadderJudge_OutOfRange.selector, 6, 0, 5, 7));
        judge.requireWords(blob, 0, 6);
        vm.expectRevert(abi.encodeWithSelector(ILadderJudge.LadderJudge_OutOfRange.selector, 1, 0, 5, 7));
        judge.requireWords(blob, 2, 1);
        judge.requireWords(blob, 5, 5);
    }

    /// @dev True ladders of any vol, ratio and price have no fault of shape, and hold: the checks refuse nobody who is right.
    function testFuzz_Shape_trueLaddersHaveNone(uint256 vol, uint256 spot, uint256 ratio) public {
        (vol, spot) = (bound(vol, 0.45e18, 1.5e18), bound(spot, 1_000e18, 4_000e18));
        _repost(vol, spot, bound(ratio, 0.96e18, 1.04e18));
        for (uint256 i = 0; i < 2; ++i) {
            ChainId each = i == 0 ? chain : binary;
            bytes memory words = _words(each);
            judge.requireShapes(_postLadder(each, words));
            chains.prove(chains.record(each).blob, 5);
        }
    }

    // ------------------------------------------------------------------ lanes at once

    function testFuzz_Lanes_coversAndFalls(uint256 left, uint256 right, uint256 mask) public pure {
        // Close to each other, so that neither answer is always the same.
        left &= ~LadderShape.HIGH;
        right = (left ^ (right & mask & ONES)) & ~LadderShape.HIGH;
        bool covers = true;
        bool falls = true;
        for (uint256 i = 0; i < 16; ++i) {
            uint256 lane = left >> 16 * i & 0xffff;
            if (lane < (right >> 16 * i & 0xffff)) covers = false;
            if (lane < (i < 15 ? left >> 16 * (i + 1) & 0xffff : right & 0xffff)) falls = false;
        }
        assertTrue(LadderShape.covers(left, right) == covers, "covers");
        (bool got, uint256 drop) = LadderShape.drops(left, right);
        assertTrue(got == falls, "falls");
        if (falls) assertEq(drop & 0xffff, (left & 0xffff) - (left >> 16 & 0xffff), "first drop");
        assertTrue(LadderShape.inBits(left), "bits");
        assertTrue(!LadderShape.inBits(left | 1 << 31), "a high bit");
    }

    function testFuzz_Lanes_within(uint256 word, uint256 limit) public pure {
        limit = bound(limit, 1, 16_383);
        bool within = true;
        for (uint256 i = 0; i < 16; ++i) {
            int256 lane = int16(uint16(word >> 16 * i));
            if (lane > int256(limit) || lane < -int256(limit)) within = false;
        }
        assertTrue(LadderShape.within(word, limit) == within, "within");
        // One lane at the limit, the others at zero.
        uint256 place = word % 16;
        assertTrue(LadderShape.within(limit << 16 * place, limit), "at the limit");
        assertTrue(!LadderShape.within((limit + 1) << 16 * place, limit), "above");
        assertTrue(LadderShape.within((65_536 - limit) << 16 * place, limit), "at the lower limit");
        assertTrue(!LadderShape.within((65_535 - limit) << 16 * place, limit), "below");
    }

    function testFuzz_Lanes_convexIsRatioAndThreeUnits(uint256 seed, uint256 ratio) public pure {
        ratio = bound(ratio, 1.001e18, 1.22e18);
        uint256 drop;
        uint256 next;
        bool convex = true;
        for (uint256 i = 0; i < 17; ++i) {
            // Around a steady drop of 500, a little either way.
            uint256 lane = 500 + uint256(keccak256(abi.encode(seed, i))) % 64;
            if (i < 16) drop |= lane << 16 * i;
            else next = lane;
        }
        for (uint256 i = 0; i < 16; ++i) {
            uint256 lane = drop >> 16 * i & 0xffff;
            uint256 after_ = i < 15 ? drop >> 16 * (i + 1) & 0xffff : next;
            uint256 excess = (ratio - 1e18) * 4096 / 1e18 + 1;
            if (after_ > lane + lane * excess / 4096 + 3) convex = false;
        }
        assertTrue(LadderShape.convex(drop, next, ratio, false) == convex, "convex");
    }

    // ------------------------------------------------------------------ layout

    function testFuzz_Layout_headerIsWhatItWasPackedFrom(uint256[4] memory words) public pure {
        words[2] &= (1 << 232) - 1; // the bits above are no field's
        words[3] &= (1 << 208) - 1;
        uint256[4] memory again = LadderLayout.pack(LadderLayout.unpack(words[0], words[1], words[2], words[3]));
        for (uint256 i = 0; i < 4; ++i) {
            assertEq(again[i], words[i], "word");
        }
    }

    function testFuzz_Layout_exponentIsTheSmallestThatHoldsTheStrike(uint256 strike) public pure {
        strike = bound(strike, 1, type(uint128).max);
        int256 exponent = LadderLayout.vanillaExponent(strike);
        // Both sides times 2^60.
        assertTrue(strike << 60 <= 32_767e18 << uint256(exponent + 60), "holds");
        assertTrue(exponent == -60 || strike << 60 > 32_767e18 << uint256(exponent + 59), "smallest");
    }

    // ------------------------------------------------------------------ due

    function test_Due_byAgePriceAndVol() public pure {
        LadderHeader memory h;
        (h.base, h.atmVol, h.asOf, h.expiry) = (2_000e18, 0.6e18, 1_000_000, 1_000_000 + 20 days);
        (h.first, h.spacing, h.nodes) = (-700_000, 40_000, 32);
        assertTrue(!LadderRefresh.isDue(h, 2_000e18, 0.6e18, h.asOf), "as posted");
        // A hundredth of what is left: 17,108 of 1,710,892 seconds.
        assertTrue(!LadderRefresh.isDue(h, 2_000e18, 0.6e18, h.asOf + 17_108), "in time");
        assertTrue(LadderRefresh.isDue(h, 2_000e18, 0.6e18, h.asOf + 17_110), "old");
        assertTrue(!LadderRefresh.isDue(h, 2_000e18, 0.61e18, h.asOf), "a point");
        assertTrue(LadderRefresh.isDue(h, 2_000e18, 0.61e18 + 1, h.asOf), "more than a point");
        assertTrue(LadderRefresh.isDue(h, 2_000e18, 0.59e18 - 1, h.asOf), "down as up");
        h.atmVol = 0.3e18;
        assertTrue(LadderRefresh.isDue(h, 2_000e18, 0.3061e18, h.asOf), "two percent before a point");
        h.expiry = h.asOf + 7 days;
        assertTrue(!LadderRefresh.isDue(h, 2_000e18, 0.6e18, h.asOf), "short chains by their age alone");
        // The middle half of -0.70 .. +0.54: -0.39 .. +0.23.
        assertTrue(!LadderRefresh.isDue(h, 1_360e18, 0.3e18, h.asOf), "low enough");
        assertTrue(LadderRefresh.isDue(h, 1_350e18, 0.3e18, h.asOf), "too low");
        assertTrue(!LadderRefresh.isDue(h, 2_515e18, 0.3e18, h.asOf), "high enough");
        assertTrue(LadderRefresh.isDue(h, 2_520e18, 0.3e18, h.asOf), "too high");
        assertTrue(LadderRefresh.isDue(h, 2_000e18, 0.3e18, h.expiry + 1 days), "long expired");
        assertEq(LadderRefresh.longestAge(0), 900, "a quarter of an hour at least");
        assertEq(LadderRefresh.longestAge(400 days), 1 days, "a day at most");
    }

    // ------------------------------------------------------------------ scales

    function test_VolScale_asThePolicyHasIt() public pure {
        assertEq(VolScale.scaleOf(0), 5477225575051661134, "a day and less: sqrt(30)");
        assertEq(VolScale.scaleOf(7.5 days), 2e18, "a quarter of 30 days");
        assertEq(VolScale.scaleOf(30 days), 1e18, "30 days");
        // 4^-0.3 = 0.6597539553864471.
        _near(VolScale.scaleOf(120 days), 659753955386447130, 2);
        assertEq(VolScale.upFactor(3_500, 2e18), 1.7e18, "up");
        assertEq(VolScale.downFactor(1_700, 1e18), 0.83e18, "down");
        assertEq(VolScale.downFactor(1_700, 5e18), 0.728e18, "scale at most 1.6");
        assertEq(VolScale.downFactor(6_500, 1e18), 0.35e18, "at least 35 %");
        assertEq(VolScale.downFactor(9_999, 5e18), 0.35e18, "never below");
    }

    function test_Exponential_ofKnownNumbers() public pure {
        assertEq(exponential(0), 1e18, "one");
        _near(exponential(1e18), 2718281828459045235, 1);
        _near(exponential(-1e18), 367879441171442321, 1);
        _near(exponential(-40e18), 4, 1);
        _near(exponential(41e18) / 1e18, 639843493530054949, 1);
    }

    function testFuzz_Exponential_ofASumIsAProduct(int256 a, int256 b) public pure {
        a = a % 10e18;
        b = b % 10e18;
        uint256 product = exponential(a) * exponential(b) / 1e18;
        uint256 sum = exponential(a + b);
        uint256 gap = product > sum ? product - sum : sum - product;
        // Each factor is off by a unit at most: relative to the smaller.
        assertLe(gap, 2 + (exponential(a) + exponential(b)) / 1e17 + sum / 1e16, "product");
    }

    // ------------------------------------------------------------------ inner

    function _repost(uint256 vol, uint256 spot, uint256 ratio) private {
        SurfaceLimits memory limits = _limits();
        (limits.volStep, limits.forwardStep) = (30_000, 1_000);
        vm.prank(DAO);
        oracle.setLimits(ETH, limits);
        vm.warp(_now() + 1 hours);
        prices.set(spot, PriceStatus.FRESH);
        Surface memory surface = _surface(_slice(TENTH_DAY, vol));
        surface.spot = uint128(spot);
        surface.slices[0].forwardRatio = ratio;
        _post(surface);
    }

    function _word(ChainId id, uint256 entry, uint256 place) private view returns (uint256) {
        return _wordAt(_words(id), _entryAt(entry, NODES) + place);
    }

    function _lane(uint256 word, uint256 lane, uint256 units) private pure returns (uint256) {
        return word & ~(uint256(0xffff) << 16 * lane) | units << 16 * lane;
    }

    function _refuse(ChainId id, uint256 entry, uint256 place, uint256 word, uint256 fault) private {
        _refuse(id, entry, place, word, place, word, fault);
    }

    /// @dev With two words replaced; the first of them is named.
    function _refuse(ChainId id, uint256 entry, uint256 place, uint256 word, uint256 other, uint256 otherWord, uint256 fault) private {
        bytes memory words = _words(id);
        uint256 entryWord = _entryAt(entry, NODES);
        _with(_with(words, entryWord + place, word), entryWord + other, otherWord);
        Signature[] memory signatures = _signLadder(id, 1, words, 2);
        vm.prank(POSTER);
        vm.expectRevert(abi.encodeWithSelector(ILadderJudge.LadderJudge_Shape.selector, entry, place, fault));
        chains.post(id, words, signatures);
    }

    function _near(uint256 got, uint256 expected, uint256 tolerance) private pure {
        assertLe(got > expected ? got - expected : expected - got, tolerance, "near");
    }
}
