// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Flow, OUTFLOW_WINDOW, Outflow} from "../../../contracts/clearing/Outflow.sol";
import {PackedList} from "../../../contracts/clearing/PackedList.sol";
import {SharePool, SharePools} from "../../../contracts/clearing/SharePool.sol";
import {dueOf, interestOf, maturedOf, partOf} from "../../../contracts/clearing/Split.sol";
import {TestBase} from "../support/TestBase.sol";

/// The arithmetic of clearing by itself
/// ├── partOf: the parts of any owners in any order add up to the whole; none exceeds its owner; dueOf is never less
/// ├── maturedOf: never more than its share of time, nor than the group can cover; in pieces never more than at once
/// ├── interestOf: never less than rate and time, a unit ahead at most; in pieces what it is at once
/// ├── SharePool: what is minted, burned, lost and dust add up; readings never exceed the total
/// ├── Outflow: within any window no more leaves than the limit and what came in
/// └── PackedList: as a plain sorted list
contract ClearingArithmeticTest is TestBase {
    using Outflow for Flow;
    using PackedList for mapping(uint256 => uint256);
    using SharePools for SharePool;

    mapping(uint256 => uint256) private _list;
    uint256[] private _plain;

    // ------------------------------------------------------------------ parts

    function testFuzz_PartOf_addsUpInAnyOrder(uint256 seed, uint256 whole, uint8 owners) public pure {
        uint256 count = 1 + owners % 12;
        uint256[] memory own = new uint256[](count);
        uint256 base;
        for (uint256 i = 0; i < count; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            own[i] = seed % (seed % 3 == 0 ? 3 : 2 ** 40);
            base += own[i];
        }
        whole = bound(whole, 0, base);
        uint256 sum;
        uint256 seen;
        for (uint256 i = 0; i < count; ++i) {
            uint256 part = partOf(whole, base, seen, own[i]);
            assertLe(part, own[i], "no more than owned");
            assertLe(part, dueOf(whole, base, own[i]), "what is paid covers it");
            sum += part;
            seen += own[i];
        }
        assertEq(sum, whole, "the whole");
        assertEq(partOf(whole, 0, 0, 0) + dueOf(whole, 0, 0), 0, "nothing of nothing");
    }

    /// @dev The figures that the twin gives, test/risk/clearing/ledger.test.ts.
    function test_InterestOf_asTheTwin() public pure {
        _requireInterest(1_000_000_000, 0, 3_153_600, 1_000, 10_000_000, 0);
        _requireInterest(100, 0, 3_600, 200, 1, 4_293_986_709);
        _requireInterest(100, 4_000_000_000, 86_400, 200, 0, 3_976_465_932);
        _requireInterest(123_456_789_012_345_678_901, 77, 12, 731, 3_434_052_997_262, 3_377_910_690);
        _requireInterest(
            79_228_162_514_264_337_593_543, 4_294_967_295, 31_536_000, 5_000, 39_614_081_257_132_168_796_771, 2_147_483_647
        );
    }

    function _requireInterest(uint256 debt, uint256 prepaid, uint256 elapsed, uint256 rate, uint256 units, uint256 left) private pure {
        (uint256 gotUnits, uint256 gotLeft) = interestOf(debt, prepaid, elapsed, rate);
        assertEq(gotUnits, units, "units");
        assertEq(gotLeft, left, "left");
    }

    function testFuzz_InterestOf_aUnitAheadHoweverOftenCharged(uint96 debt, uint32 first, uint32 second, uint16 rate, uint32 paid) public pure {
        // What is owed exactly, in 2^-32 of a unit times a year in ten-thousandths.
        uint256 scale = 365 days * 10_000;
        (uint256 units, uint256 left) = interestOf(debt, paid, first, rate);
        assertLe(left, 2 ** 32 - 1, "below a unit");
        assertLe((uint256(debt) << 32) * first * rate, ((units << 32) + paid - left) * scale, "no less than time and rate");
        assertLe(((units << 32) + paid - left) * scale, (uint256(debt) << 32) * first * rate + scale - 1, "and 2^-32 more at most");
        (uint256 more, uint256 after_) = interestOf(debt, left, second, rate);
        (uint256 once, uint256 rest) = interestOf(debt, paid, uint256(first) + second, rate);
        uint256 pieces = ((units + more) << 32) + paid - after_;
        uint256 whole = (once << 32) + paid - rest;
        assertLe(whole, pieces, "pieces are no cheaper");
        assertLe(pieces, whole + 1, "and dearer by 2^-32 a time at most");
    }

    function testFuzz_MaturedOf_piecesNeverBeatTheWhole(uint96 profit, uint96 others, uint96 debt, uint32 first, uint32 second) public pure {
        uint256 total = uint256(profit) + others;
        if (total == 0) total = 1;
        uint256 warmUp = 86_400;
        uint256 once = maturedOf(profit, uint256(first) + second, warmUp, total, debt);
        assertLe(once, profit, "at most all");
        assertLe(once, debt >= total ? 0 : total - debt, "at most what is covered");
        if (uint256(first) + second < warmUp) {
            assertLe(once, uint256(profit) * (uint256(first) + second) / warmUp, "linear");
            uint256 part = maturedOf(profit, first, warmUp, total, debt);
            uint256 rest = maturedOf(profit - part, second, warmUp, total, debt);
            assertLe(part + rest, once + 1, "touched twice");
        }
    }

    // ------------------------------------------------------------------ shares

    function testFuzz_SharePool_addsUp(uint256 seed) public pure {
        SharePool memory pool = SharePools.fresh();
        uint256[3] memory shares;
        uint256[3] memory scales;
        for (uint256 step = 0; step < 40; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 i = seed % 3;
            uint256 owned = pool.rescale(shares[i], scales[i]);
            uint256 before = pool.total();
            uint256 kind = (seed >> 8) % 4;
            if (kind < 2) {
                uint256 amount = (seed >> 16) % (2 ** ((seed >> 200) % 90));
                (uint256 minted, uint256 dust) = pool.mint(amount);
                owned += minted;
                assertEq(pool.total() + dust, before + amount, "minted");
            } else if (kind == 2) {
                uint256 value = pool.valueOf(owned);
                uint256 amount = (seed >> 16) % 3 == 0 ? value : value == 0 ? 0 : (seed >> 24) % value;
                uint256 dust;
                (owned, dust) = pool.burn(owned, amount);
                assertEq(pool.total() + dust + amount, before, "burned");
            } else if (before != 0) {
                uint256 loss = (seed >> 16) % 4 == 0 ? before : before - (seed >> 24) % (1 + before / (2 ** ((seed >> 190) % 60)));
                uint256 dust = pool.reduce(loss);
                assertEq(pool.total() + dust + loss, before, "lost");
                if (pool.shares < 2 ** 95) assertEq(dust, 0, "to the unit");
            }
            (shares[i], scales[i]) = (pool.rescale(shares[i], scales[i]), pool.scale);
            if (kind < 3) shares[i] = owned;
            uint256 read;
            for (uint256 k = 0; k < 3; ++k) {
                read += pool.valueOf(pool.rescale(shares[k], scales[k]));
            }
            assertLe(read, pool.total(), "readings");
            assertLe(pool.total() - read, pool.scale == 0 ? 3 : 9, "under a unit an owner, three once shares were cut");
        }
    }

    /// @dev A cut takes less than a share from an owner, and a share is worth less than two units.
    function test_SharePool_aCutLosesLessThanTwoUnits() public pure {
        testFuzz_SharePool_addsUp(5_298);
    }

    function test_SharePool_hasALimit() public {
        vm.expectRevert(abi.encodeWithSelector(SharePools.SharePool_AmountTooLarge.selector, 2 ** 96, 2 ** 96 - 1));
        this.mintAll(2 ** 96);
    }

    function mintAll(uint256 amount) external pure {
        SharePools.fresh().mint(amount);
    }

    // ------------------------------------------------------------------ outflow

    /// @dev Leaves whatever may leave, whenever it may, with deposits between: in no window more than the limit of the most there was and what came in a day before.
    function testFuzz_Outflow_noWindowPassesTheLimit(uint256 seed, uint16 limitBps) public pure {
        uint256 bps = 1 + limitBps % 9_999;
        Flow memory flow;
        uint256 held = 1e18;
        uint256[40] memory times;
        int256[40] memory moves;
        uint256 time = 1_000_000;
        uint256 most = held;
        for (uint256 step = 0; step < 40; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            time += (seed % 5 == 0) ? 0 : (seed >> 8) % 10 hours;
            int256 move = (seed >> 64) % 4 == 0
                ? -int256((seed >> 72) % 1e18)
                : int256(flow.available(time, held, bps)) * int256((seed >> 80) % 3) / 2;
            flow.net = int128(flow.current(time, held, bps) + move);
            flow.time = uint40(time);
            held = uint256(int256(held) - move);
            if (held > most) most = held;
            (times[step], moves[step]) = (time, move);
            uint256 out;
            uint256 in_;
            for (uint256 k = step + 1; k > 0 && times[k - 1] + 2 * OUTFLOW_WINDOW > time; --k) {
                if (moves[k - 1] < 0) in_ += uint256(-moves[k - 1]);
                else if (times[k - 1] + OUTFLOW_WINDOW > time) out += uint256(moves[k - 1]);
            }
            assertLe(out, most * bps / 10_000 + in_ + 1, "a window");
        }
    }

    // ------------------------------------------------------------------ lists

    function testFuzz_PackedList_isASortedList(uint256 seed, bool wide) public {
        (uint256 bits, uint256 keyBits) = wide ? (64, 32) : (48, 8);
        for (uint256 step = 0; step < 60; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 key = seed % 40;
            uint256 entry = key | (((seed >> 32) % (2 ** (bits - keyBits))) << keyBits);
            (uint256 place, bool found) = _list.find(bits, _plain.length, keyBits, key);
            uint256 expected;
            while (expected < _plain.length && _plain[expected] % (2 ** keyBits) < key) ++expected;
            assertEq(place, expected, "place");
            assertTrue(found == (expected < _plain.length && _plain[expected] % (2 ** keyBits) == key), "found");
            if (!found) {
                _list.insert(bits, _plain.length, place, entry);
                _plain.push();
                for (uint256 k = _plain.length - 1; k > place; --k) {
                    _plain[k] = _plain[k - 1];
                }
                _plain[place] = entry;
            } else if (seed % 2 == 0) {
                _list.set(bits, place, entry);
                _plain[place] = entry;
            } else {
                _list.remove(bits, _plain.length, place);
                for (uint256 k = place; k + 1 < _plain.length; ++k) {
                    _plain[k] = _plain[k + 1];
                }
                _plain.pop();
            }
            for (uint256 k = 0; k < _plain.length; ++k) {
                assertEq(_list.entryAt(bits, k), _plain[k], "entry");
            }
        }
        uint256 last = _list[_plain.length / (256 / bits)] >> (bits * (_plain.length % (256 / bits)));
        assertEq(last, 0, "nothing behind the last");
    }
}
