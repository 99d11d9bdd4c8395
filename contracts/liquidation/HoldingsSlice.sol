// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChainId, Holdings, Position, instrumentOf} from "../interfaces/ClearingTypes.sol";
import {SliceMath} from "./SliceMath.sol";

/// @notice A chain of an account and what a slice takes of it.
struct ChainSlice {
    ChainId chain;
    uint256 lots; // sum of the sizes, both sides
}

/// @title Reads packed holdings, and takes the same share of everything in them
/// @dev The packing is that of {Holdings}.
library HoldingsSlice {
    uint256 private constant POSITIONS_PER_WORD = 5;

    function isEmpty(Holdings memory holdings) internal pure returns (bool) {
        for (uint256 i = 0; i < holdings.collateral.length; ++i) {
            if (holdings.collateral[i] != 0) return false;
        }
        return chainCount(holdings) == 0;
    }

    /// @dev The last word may have places to spare, which are zero; chains begin at one.
    function chainCount(Holdings memory holdings) internal pure returns (uint256 count) {
        count = 4 * holdings.chains.length;
        while (count != 0 && ChainId.unwrap(chainAt(holdings, count - 1)) == 0) --count;
    }

    function chainAt(Holdings memory holdings, uint256 i) internal pure returns (ChainId) {
        return ChainId.wrap(uint32(holdings.chains[i / 4] >> (64 * (i % 4))));
    }

    function positionsAt(Holdings memory holdings, uint256 i) internal pure returns (uint256) {
        return uint8(holdings.chains[i / 4] >> (64 * (i % 4) + 56));
    }

    /// @return positions What `fraction` takes of each leg, toward zero; legs of which it takes nothing are left out.
    /// @return chains What it takes of each chain, in the order held.
    function take(Holdings memory holdings, uint256 fraction)
        internal
        pure
        returns (Position[] memory positions, ChainSlice[] memory chains)
    {
        chains = new ChainSlice[](chainCount(holdings));
        uint256 held = 0;
        for (uint256 i = 0; i < chains.length; ++i) {
            held += positionsAt(holdings, i);
        }
        positions = new Position[](held);
        uint256 taken = 0;
        uint256 word = 0;
        for (uint256 i = 0; i < chains.length; ++i) {
            chains[i].chain = chainAt(holdings, i);
            uint256 count = positionsAt(holdings, i);
            taken = _takeChain(holdings.pages, word, count, fraction, positions, taken, chains[i]);
            word += (count + POSITIONS_PER_WORD - 1) / POSITIONS_PER_WORD;
        }
        assembly ("memory-safe") {
            mstore(positions, taken) // at most `held`: shortens only
        }
    }

    /// @dev Appends what is taken of one chain, whose `count` positions begin at page `word`.
    function _takeChain(
        uint256[] memory pages,
        uint256 word,
        uint256 count,
        uint256 fraction,
        Position[] memory positions,
        uint256 taken,
        ChainSlice memory slice
    ) private pure returns (uint256) {
        for (uint256 j = 0; j < count; ++j) {
            uint256 place = pages[word + j / POSITIONS_PER_WORD] >> (48 * (j % POSITIONS_PER_WORD));
            int256 lots = SliceMath.sliceOf(int40(uint40(place >> 8)), fraction);
            if (lots == 0) continue;
            positions[taken++] = Position(instrumentOf(slice.chain, uint8(place)), lots);
            slice.lots += lots < 0 ? uint256(-lots) : uint256(lots);
        }
        return taken;
    }
}
