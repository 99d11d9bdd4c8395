// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What an account holds at one strike, and what the ladder says of it.
struct StrikeBook {
    uint256 strike; // USD, wad
    int256 puts; // lots
    int256 calls; // lots
    int256 net; // lots of the posted put that all of it is worth, in units of the chain's exponent
    uint256 volBps; // vol of the strike at the post
    uint256 shift; // exponent above the chain's
    uint256 words; // memory address of the entry's words
    // vols in 1e-12 of a hundredth of a point: of the posted words, and at the mark now
    int256 down;
    int256 mark;
    int256 up;
    int256 live;
}

/// @notice One chain of an account.
struct ChainBook {
    uint256 market;
    uint256 expiry;
    uint256 status; // of LadderStatus
    uint256 settlement; // USD, wad; zero while it is not final
    bool hasLadder;
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
    uint256 validUntil;
    uint256 lowest; // e^first, wad
    uint256 ratio; // e^spacing, wad
    // positions
    StrikeBook[] strikes;
    int256 futures; // lots
    int256 slope; // lots: what parity turns into forwards ...
    int256 cost; // ... less this, lots x USD wad
    uint256 shortLots; // contracts that the short-option minimum is charged on, in lots
    uint256 gross; // sum of |net|
    // live, at the time of the call
    bool stale; // the surface behind it is no longer valid, or unknown
    uint256 time; // seconds to expiry; zero when it has passed
    uint256 drift; // vol at the money now over that of the post, 1e-12
    uint256 credit; // what a positive stressed value counts for, wad
    uint256 upFactor; // live vol states: what max(vol, 40 %) and vol are multiplied by, wad
    uint256 downFactor;
}

/// @notice Sensitivities of a chain at the mark, all USD, wad.
struct ChainGreeks {
    int256 value; // of its options
    int256 delta; // S dV/dS, futures included
    int256 gamma; // S^2 d2V/dS2
    int256 vega; // per vol of one
    int256 skew; // per point of steeper skew
    uint256 deltaNotional;
    uint256 notionalLots;
}
