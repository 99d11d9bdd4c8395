// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Length of the record of a strike in memory, see {ChainBooks}.
uint256 constant STRIKE_BYTES = 224;

/// @notice One chain of an account: what the ladder says of it, what is held, and what that is worth. Flat, since room for a tree of structures costs more than
/// what stands in it; its strikes are records in memory, see {ChainBooks}.
struct ChainBook {
    // the chain's record
    uint256 expiry;
    uint256 status; // of LadderStatus
    address blob; // zero: no ladder
    // header of the blob
    uint256 base;
    uint256 forwardRatio;
    uint256 atmVol;
    uint256 version;
    uint256 asOf;
    uint256 upScale;
    uint256 downScale;
    uint256 nodes;
    int256 unitExponent;
    int256 first;
    uint256 spacing;
    uint256 nearSpacing;
    uint256 kind;
    uint256 lowest; // e^first, wad
    uint256 ratio; // e^spacing, wad
    uint256 entries; // offset of the first entry in the blob's code
    // positions
    uint256 strikes; // address of the first strike's record
    uint256 end; // behind the last one
    uint256 span; // numbers of the strikes from lowest to highest, where the records are in that order; else without end
    int256 futures; // lots
    int256 slope; // lots: what parity turns into forwards ...
    int256 cost; // ... less this, lots x USD wad
    int256 atZero; // payoff of the options at a price of zero, lots x USD wad
    uint256 shortLots; // contracts that the short-option minimum is charged on, in lots
    uint256 gross; // sum of |net|
    // live, at the time of the call
    bool stale; // the surface behind it is no longer valid, or unknown
    uint256 time; // seconds to expiry; zero when it has passed
    uint256 drift; // vol at the money now over that of the post, 1e-12
    uint256 credit; // what a positive stressed value counts for, wad
    uint256 upFactor; // live vol states: what max(vol, 40 %) and vol are multiplied by, wad
    uint256 downFactor;
    // net lanes
    uint256 rows; // address: a word a node, sum of the up word in the upper half, of the down word in the lower, both with their sign
    int256 upWeight; // of up less down word with live vol up, 64 binary digits
    int256 downWeight;
    int256 exponent; // of their unit, 2^exponent USD a lot
    bool outside; // a live vol lies beyond those that the words stand for
    // beyond the nodes: sums over one side alone, in units of the chain's exponent
    int256 longsAtFirst; // vol down: no put is worth less at a lower price
    int256 shortsAtFirst; // vol up
    int256 shortsAtLast;
    uint256 far; // address: shorts at the far multiples of the base, eight of 128 bits, sizes
    int256 longLots;
    int256 longCost; // sum of lots x strike
    int256 shortNet; // lots
    int256 shortCost;
    // where the price and the cells stand
    int256 distance; // ln(price / base), 64 binary digits
    uint256 grid; // address of the records of {Cubic}, one a cell
    uint256[] beyond; // what is known of the cells outside the nodes
    int256 paritySlope; // see {ChainCells}
    int256 parityLevel;
    // at the mark, USD wad
    int256 value; // of options and futures
    int256 delta; // S dV/dS, futures included
    int256 gamma; // S^2 d2V/dS2
    int256 vega; // per vol of one
    int256 skew; // per point of steeper skew
    uint256 deltaNotional;
    uint256 notionalLots;
}
