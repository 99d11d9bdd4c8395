// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LadderShape} from "./LadderShape.sol";
import {LadderFrame, LadderStrike} from "./LadderWords.sol";

/// @title What can be told of an entry without its prices
/// @dev A row that passes is convex, never rises, is nowhere steeper than the forward and no lower than the payoff at its first node: between payoff and strike
/// at every node. A digital's row only falls, from a dollar at most.
library LadderForm {
    uint256 private constant LANES = 16;
    uint256 private constant FAR_LANES = 8;
    uint256 private constant OK = type(uint256).max;
    uint256 private constant DOLLAR = 1e18;
    /// @dev Largest lane of a skew that {LadderShape.within} can tell.
    uint256 private constant SKEW_CEILING = 16_383;
    /// @dev 64 parts x a point x two standard deviations x 0.4, the density's most: skew in parts of its unit is at most this share of F sqrt(T). Wad.
    uint256 private constant SKEW_SHARE = 0.512e18;

    /// @notice First fault of an entry: place of the word, and the fault by IChains.Chains_Shape's list; (2^256 - 1, 0) when there is none.
    /// @param words The entry's own.
    /// @param nodeRatio Of two neighbouring nodes, wad.
    function faultOf(LadderFrame memory f, LadderStrike memory s, uint256[] memory words, uint256 nodeRatio, uint256 nearRatio)
        internal
        pure
        returns (uint256 place, uint256 fault)
    {
        uint256 n = f.words;
        bool ok;
        unchecked {
            for (uint256 row = 0; row < 2; ++row) {
                (ok, place, fault) = _row(f, s, words, row * n, n, f.nodes, nodeRatio);
                if (!ok) return (place, fault);
            }
            for (uint256 i = 0; i < n && f.kind == 0; ++i) {
                if (!LadderShape.covers(words[i], words[n + i])) return (i, 6);
            }
            (ok, fault) = _far(f, s, words[2 * n]);
            if (!ok) return (2 * n, fault);
            (ok, place, fault) = _row(f, s, words, 2 * n + 1, 1, f.near, nearRatio);
            if (!ok) return (place, fault);
            if (!LadderShape.within(words[2 * n + 2], _skewLimit(f, s))) return (2 * n + 2, 7);
            return (OK, 0);
        }
    }

    /// @dev A row of `count` words from `from`. Nothing overflows: units are below 2^16, a unit below 2^100, prices below 2^128 and a shift at most 60.
    function _row(
        LadderFrame memory f,
        LadderStrike memory s,
        uint256[] memory words,
        uint256 from,
        uint256 count,
        uint256[] memory forwards,
        uint256 ratio
    ) private pure returns (bool, uint256 place, uint256 fault) {
        unchecked {
            uint256 before; // drops of the word before
            uint256 firstDrop;
            for (uint256 i = 0; i < count; ++i) {
                uint256 word = words[from + i];
                if (!LadderShape.inBits(word)) return (false, from + i, 0);
                uint256 next = i + 1 < count ? words[from + i + 1] : word >> 240;
                if (!LadderShape.inBits(next)) return (false, from + i + 1, 0);
                (bool falls, uint256 drop) = LadderShape.drops(word, next);
                if (!falls) return (false, from + i, 1);
                if (i == 0) firstDrop = drop & 0xffff;
                else if (f.kind == 0 && !LadderShape.convex(before, drop, ratio, false)) return (false, from + i - 1, 2);
                before = drop;
            }
            uint256 first = (words[from] & 0xffff) * s.unit;
            if (f.kind != 0) return first > (DOLLAR << s.shift) + s.unit ? (false, from, 5) : (true, 0, 0);
            if (!LadderShape.convex(before, 0, ratio, true)) return (false, from + count - 1, 2);
            if (first > (s.strike << s.shift) + s.unit) return (false, from, 5);
            uint256 forward = forwards[0];
            if (firstDrop * s.unit > ((forwards[1] - forward) << s.shift) + 2 * s.unit) return (false, from, 3);
            if (s.strike > forward && first + s.unit < (s.strike - forward) << s.shift) return (false, from, 4);
            return (true, 0, 0);
        }
    }

    function _far(LadderFrame memory f, LadderStrike memory s, uint256 word) private pure returns (bool, uint256 fault) {
        unchecked {
            if (!LadderShape.farFalls(word)) return (false, 1);
            if ((word & type(uint32).max) * s.unit > ((f.kind == 0 ? s.strike : DOLLAR) << s.shift) + s.unit) return (false, 5);
            if (f.kind != 0) return (true, 0);
            // Forwards ascend: the first at or above the strike ends the payoffs.
            for (uint256 i = 0; i < FAR_LANES; ++i) {
                uint256 forward = f.far[i];
                if (forward >= s.strike) break;
                if (((word >> 32 * i & type(uint32).max) + 1) * s.unit < (s.strike - forward) << s.shift) return (false, 4);
            }
            return (true, 0);
        }
    }

    function _skewLimit(LadderFrame memory f, LadderStrike memory s) private pure returns (uint256) {
        if (f.kind != 0) return SKEW_CEILING;
        uint256 limit = ((f.near[LANES - 1] * f.root >> 64) * SKEW_SHARE / 1e18 << s.shift) / s.unit + 1;
        return limit < SKEW_CEILING ? limit : SKEW_CEILING;
    }
}
