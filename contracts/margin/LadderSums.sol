// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ChainBook, StrikeBook} from "./MarginTypes.sol";
import {ScanCells} from "./ScanCells.sol";

/// @notice Net lanes of one account in one chain.
struct Lanes {
    int256[] up; // by node, live vol up: units of 2^exponent USD a lot
    int256[] down;
    int256 exponent;
    // beyond the nodes: sums over one side alone, in units of the chain's exponent
    int256 longsAtFirst; // vol down: no put is worth less at a lower price
    int256 shortsAtFirst; // vol up
    int256 shortsAtLast;
    int256[] far; // shorts, at the far multiples of the base
    int256 longLots;
    int256 longCost; // sum of lots x strike
    int256 shortLots;
    int256 shortCost;
}

/// @title Values of a chain off its ladder's lanes
/// @notice Pure. The twin is `risk/margin/contract/ladderSums.ts`.
/// @dev A lane has 15 bits. Quantities are brought to 45 bits in sum, their weights of down and up word to at most five times that: 63 bits with the sign, so
/// four lanes of 64 bits add up in one word whatever an account holds (contract-rules B14). What is cut off is 2^-44 of the gross quantity a strike, downwards.
library LadderSums {
    /// @dev Bits that the sum of quantities is brought to.
    uint256 private constant QUANTITY_BITS = 45;
    uint256 private constant LANES = 0x000000000000ffff000000000000ffff000000000000ffff000000000000ffff;
    /// @dev 2^63 in every lane: what keeps negative sums from borrowing of their neighbours.
    uint256 private constant BIAS = 0x8000000000000000800000000000000080000000000000008000000000000000;
    uint256 private constant FAR_LANES = 0x00000000ffffffff000000000000000000000000ffffffff;
    uint256 private constant VOL_UNIT = 1e12;
    uint256 private constant UP_FLOOR = 4_000 * VOL_UNIT;
    /// @dev Weights of the up word, 64 binary digits: a live vol outside the anchors is read a little beyond them, not without end.
    int256 private constant LEAST_WEIGHT = -1 << 64;
    int256 private constant MOST_WEIGHT = 3 << 64;

    /// @notice Fills in the vols of the strikes, for who reads the mark alone.
    function fillVols(ChainBook memory book) internal pure {
        unchecked {
            for (uint256 i; i < book.strikes.length; ++i) {
                _vols(book, book.strikes[i]);
            }
        }
    }

    /// @dev Fills in the vols of a strike and gives the two it would have in the live vol states.
    function _vols(ChainBook memory book, StrikeBook memory s) private pure returns (int256 up, int256 down) {
        unchecked {
            // 24 bits of vol, 48 of scale, 60 of a factor, 56 of drift.
            uint256 vol = s.volBps;
            uint256 live = vol * book.drift;
            s.mark = int256(vol * VOL_UNIT);
            s.down = int256(vol * book.downScale);
            s.up = int256((vol < 4_000 ? 4_000 : vol) * book.upScale);
            s.live = int256(live);
            down = int256(live * book.downFactor / 1e18);
            up = int256((live < UP_FLOOR ? UP_FLOOR : live) * book.upFactor / 1e18);
        }
    }

    /// @notice Adds up the lanes.
    /// @return lanes The sums.
    /// @return outside Whether a live vol lies beyond those the words stand for.
    function sum(ChainBook memory book) internal pure returns (Lanes memory lanes, bool outside) {
        unchecked {
            uint256 words = book.nodes >> 4;
            uint256 bits = book.gross == 0 ? 0 : Math.log2(book.gross) + 1;
            lanes.exponent = book.unitExponent + int256(bits) - int256(QUANTITY_BITS);
            // 64 binary digits of a weight, and `bits` down to QUANTITY_BITS.
            uint256 cut = 64 + bits - QUANTITY_BITS;
            (uint256 ups, uint256 downs) = _accumulators(words);
            uint256 fars = _accumulators4();
            for (uint256 i; i < book.strikes.length; ++i) {
                StrikeBook memory s = book.strikes[i];
                (int256 up, int256 down) = _vols(book, s);
                if (s.net == 0) continue;
                if (up > s.up || down < s.down) outside = true;
                int256 q = (s.net << 64) >> cut;
                int256 a = (s.net * _weight(s, up)) >> cut;
                int256 b = (s.net * _weight(s, down)) >> cut;
                _add(ups, downs, s.words, words, a, q - a, b, q - b);
                _addEdges(lanes, s, words, fars);
            }
            lanes.up = _unpack(ups, book.nodes);
            lanes.down = _unpack(downs, book.nodes);
            lanes.far = _unpackFar(fars);
        }
    }

    /// @notice Units of 2^exponent USD a lot with 32 binary digits, as USD wad; rounded down.
    function toWad(int256 units, int256 exponent) internal pure returns (int256) {
        unchecked {
            // 63 + 33 bits of units, 47 of the factor: an exponent up to 100 fits.
            int256 value = units * 1e14;
            return exponent > 32 ? value << uint256(exponent - 32) : value >> uint256(32 - exponent);
        }
    }

    function _weight(StrikeBook memory s, int256 vol) private pure returns (int256 weight) {
        unchecked {
            // Equal only with anchors of zero.
            if (s.up <= s.down) return 1 << 64;
            weight = (vol - s.down << 64) / (s.up - s.down);
            if (weight < LEAST_WEIGHT) return LEAST_WEIGHT;
            if (weight > MOST_WEIGHT) return MOST_WEIGHT;
        }
    }

    function _add(uint256 ups, uint256 downs, uint256 entry, uint256 words, int256 a, int256 b, int256 c, int256 d) private pure {
        assembly ("memory-safe") {
            let end := add(entry, shl(5, words))
            let span := shl(5, words)
            for {} lt(entry, end) { entry := add(entry, 32) } {
                let u := mload(entry)
                let v := mload(add(entry, span))
                let x := and(u, LANES)
                let y := and(v, LANES)
                mstore(ups, add(mload(ups), add(mul(x, a), mul(y, b))))
                mstore(downs, add(mload(downs), add(mul(x, c), mul(y, d))))
                x := and(shr(16, u), LANES)
                y := and(shr(16, v), LANES)
                ups := add(ups, 32)
                downs := add(downs, 32)
                mstore(ups, add(mload(ups), add(mul(x, a), mul(y, b))))
                mstore(downs, add(mload(downs), add(mul(x, c), mul(y, d))))
                x := and(shr(32, u), LANES)
                y := and(shr(32, v), LANES)
                ups := add(ups, 32)
                downs := add(downs, 32)
                mstore(ups, add(mload(ups), add(mul(x, a), mul(y, b))))
                mstore(downs, add(mload(downs), add(mul(x, c), mul(y, d))))
                x := and(shr(48, u), LANES)
                y := and(shr(48, v), LANES)
                ups := add(ups, 32)
                downs := add(downs, 32)
                mstore(ups, add(mload(ups), add(mul(x, a), mul(y, b))))
                mstore(downs, add(mload(downs), add(mul(x, c), mul(y, d))))
                ups := add(ups, 32)
                downs := add(downs, 32)
            }
        }
    }

    /// @dev What is known beyond the nodes, against either side.
    function _addEdges(Lanes memory lanes, StrikeBook memory s, uint256 words, uint256 fars) private pure {
        unchecked {
            uint256 entry = s.words;
            int256 plain = s.net >> s.shift;
            if (s.net > 0) {
                lanes.longsAtFirst += s.net * int256(_word(entry + 32 * words) & 0xffff);
                lanes.longLots += plain;
                lanes.longCost += plain * int256(s.strike);
                return;
            }
            lanes.shortsAtFirst += s.net * int256(_word(entry) & 0xffff);
            lanes.shortsAtLast += s.net * int256(_word(entry + 32 * words - 32) >> 240);
            lanes.shortLots += plain;
            lanes.shortCost += plain * int256(s.strike);
            uint256 far = _word(entry + 64 * words);
            uint256 size = uint256(-s.net);
            assembly ("memory-safe") {
                mstore(fars, add(mload(fars), mul(and(far, FAR_LANES), size)))
                mstore(add(fars, 32), add(mload(add(fars, 32)), mul(and(shr(32, far), FAR_LANES), size)))
                mstore(add(fars, 64), add(mload(add(fars, 64)), mul(and(shr(64, far), FAR_LANES), size)))
                mstore(add(fars, 96), add(mload(add(fars, 96)), mul(and(shr(96, far), FAR_LANES), size)))
            }
        }
    }

    function _accumulators(uint256 words) private pure returns (uint256 ups, uint256 downs) {
        assembly ("memory-safe") {
            ups := mload(0x40)
            let size := shl(7, words)
            downs := add(ups, size)
            let end := add(downs, size)
            for { let place := ups } lt(place, end) { place := add(place, 32) } { mstore(place, BIAS) }
            mstore(0x40, end)
        }
    }

    function _accumulators4() private pure returns (uint256 fars) {
        assembly ("memory-safe") {
            fars := mload(0x40)
            calldatacopy(fars, calldatasize(), 128)
            mstore(0x40, add(fars, 128))
        }
    }

    /// @dev Node i is lane (i % 16) / 4 of the accumulator 4 (i / 16) + i % 4.
    function _unpack(uint256 place, uint256 nodes) private pure returns (int256[] memory row) {
        row = new int256[](nodes);
        assembly ("memory-safe") {
            let out := add(row, 32)
            let end := add(place, shl(3, nodes))
            for {} lt(place, end) { place := add(place, 128) } {
                for { let k := 0 } lt(k, 128) { k := add(k, 32) } {
                    let acc := mload(add(place, k))
                    let to := add(out, k)
                    mstore(to, sub(and(acc, 0xffffffffffffffff), 0x8000000000000000))
                    mstore(add(to, 128), sub(and(shr(64, acc), 0xffffffffffffffff), 0x8000000000000000))
                    mstore(add(to, 256), sub(and(shr(128, acc), 0xffffffffffffffff), 0x8000000000000000))
                    mstore(add(to, 384), sub(shr(192, acc), 0x8000000000000000))
                }
                out := add(out, 512)
            }
        }
    }

    function _unpackFar(uint256 place) private pure returns (int256[] memory far) {
        far = new int256[](ScanCells.FAR);
        assembly ("memory-safe") {
            let out := add(far, 32)
            for { let k := 0 } lt(k, 128) { k := add(k, 32) } {
                let acc := mload(add(place, k))
                mstore(add(out, k), sub(0, and(acc, 0xffffffffffffffffffffffffffffffff)))
                mstore(add(out, add(k, 128)), sub(0, shr(128, acc)))
            }
        }
    }

    function _word(uint256 place) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(place)
        }
    }
}
