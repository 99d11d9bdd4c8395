// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice What a ladder says of itself, unpacked.
struct LadderHeader {
    uint256 base; // USD, wad
    uint256 forwardRatio; // wad
    uint256 atmVol; // wad
    uint256 version; // of the surface
    uint256 asOf;
    uint256 chain;
    uint256 volScanUp; // bps: anchors
    uint256 volScanDown;
    uint256 upScale; // 1e-12
    uint256 downScale;
    uint256 strikes;
    uint256 nodes;
    int256 unitExponent;
    int256 first; // millionths of ln
    uint256 spacing;
    uint256 nearSpacing;
    uint256 kind; // 0 vanilla, 1 digital
    uint256 lowest; // wad
    uint256 ratio;
    uint256 tick; // USD, wad
    uint256 expiry;
    uint256 validUntil;
}

/// @title Where things stand in a ladder's blob
/// @notice The table is in README.md of this folder. Words are counted from zero; word w begins at code offset 1 + 32 w.
library LadderLayout {
    uint256 internal constant HEADER_WORDS = 4;
    uint256 internal constant LANES = 16;
    /// @notice Words of an entry besides two for every 16 nodes: far, mark, skew.
    uint256 internal constant OTHER_WORDS = 3;
    /// @notice Exponents are kept with this added.
    int256 internal constant BIAS = 128;
    /// @notice Bits of the four vols in a word of the table.
    uint256 internal constant VOLS = 0x00ffffff0000000000ffffff0000000000ffffff0000000000ffffff00000000;
    /// @notice Bits of the two scales in the second word.
    uint256 internal constant SCALES = uint256(type(uint96).max) << 136;
    /// @notice Unit of a digital: a dollar has 8,192 of it, so that the skew of a vol of 8 % still fits its lane.
    int256 internal constant DIGITAL_EXPONENT = -13;
    uint256 internal constant NODE_CEILING = 32_767;

    uint256 private constant M24 = type(uint24).max;
    uint256 private constant M32 = type(uint32).max;
    uint256 private constant M40 = type(uint40).max;
    uint256 private constant M48 = type(uint48).max;
    uint256 private constant M64 = type(uint64).max;

    function unpack(uint256 w0, uint256 w1, uint256 w2, uint256 w3) internal pure returns (LadderHeader memory h) {
        h.base = uint128(w0);
        h.forwardRatio = w0 >> 128 & M64;
        h.atmVol = w0 >> 192;
        h.version = w1 & M32;
        h.asOf = w1 >> 32 & M40;
        h.chain = w1 >> 72 & M32;
        h.volScanUp = uint16(w1 >> 104);
        h.volScanDown = uint16(w1 >> 120);
        h.upScale = w1 >> 136 & M48;
        h.downScale = w1 >> 184 & M48;
        h.strikes = uint8(w1 >> 232);
        h.nodes = uint8(w1 >> 240);
        h.unitExponent = int256(w1 >> 248) - BIAS;
        h.first = int32(uint32(w2));
        h.spacing = w2 >> 32 & M32;
        h.nearSpacing = w2 >> 64 & M32;
        h.kind = uint8(w2 >> 96);
        h.lowest = w2 >> 104 & M64;
        h.ratio = w2 >> 168 & M64;
        h.tick = uint128(w3);
        h.expiry = w3 >> 128 & M40;
        h.validUntil = w3 >> 168 & M40;
    }

    /// @dev The inverse of {unpack}. Every field lies inside its width.
    function pack(LadderHeader memory h) internal pure returns (uint256[4] memory words) {
        words[0] = h.base | h.forwardRatio << 128 | h.atmVol << 192;
        words[1] = h.version | h.asOf << 32 | h.chain << 72 | h.volScanUp << 104 | h.volScanDown << 120 | h.upScale << 136
            | h.downScale << 184 | h.strikes << 232 | h.nodes << 240 | uint256(h.unitExponent + BIAS) << 248;
        words[2] =
            uint32(int32(h.first)) | h.spacing << 32 | h.nearSpacing << 64 | h.kind << 96 | h.lowest << 104 | h.ratio << 168;
        words[3] = h.tick | h.expiry << 128 | h.validUntil << 168;
    }

    /// @notice The header of a blob.
    function readHeader(address blob) internal view returns (LadderHeader memory) {
        uint256[4] memory words;
        assembly ("memory-safe") {
            extcodecopy(blob, words, 1, 128)
        }
        return unpack(words[0], words[1], words[2], words[3]);
    }

    function tableWords(uint256 strikes) internal pure returns (uint256) {
        return (strikes + 3) / 4;
    }

    function entryWords(uint256 nodes) internal pure returns (uint256) {
        return 2 * (nodes / LANES) + OTHER_WORDS;
    }

    /// @notice First word of entry `i`.
    function entryAt(uint256 strikes, uint256 nodes, uint256 i) internal pure returns (uint256) {
        return HEADER_WORDS + tableWords(strikes) + i * entryWords(nodes);
    }

    /// @notice A strike's fields out of their word of the table.
    function tableEntry(uint256 word, uint256 i) internal pure returns (uint256 multiple, uint256 volBps, int256 exponent) {
        unchecked {
            uint256 fields = word >> 64 * (i % 4);
            return (fields & M32, fields >> 32 & M24, int256(fields >> 56 & 0xff) - BIAS);
        }
    }

    /// @notice Exponent of a vanilla entry: the smallest whose unit, taken 32,767 times, is at least the strike; none is below -60.
    /// @param strike USD, wad, in [1, 2^128).
    function vanillaExponent(uint256 strike) internal pure returns (int256) {
        uint256 units = Math.ceilDiv(strike << 60, NODE_CEILING * 1e18);
        return int256(Math.log2(units, Math.Rounding.Ceil)) - 60;
    }
}
