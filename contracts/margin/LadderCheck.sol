// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ChainId} from "../interfaces/ClearingTypes.sol";
import {ChainRecord, Grid, IChains} from "../interfaces/IChains.sol";
import {ISurfaceOracle, StoredSlice} from "../interfaces/ISurfaceOracle.sol";
import {ParamId, ParameterRule, ScopeId} from "../interfaces/ParameterTypes.sol";
import {RawSvi, Svi} from "../oracle/Svi.sol";
import {Black76} from "./Black76.sol";
import {ChainLister} from "./ChainLister.sol";
import {LadderHeader, LadderLayout} from "./LadderLayout.sol";
import {VolScale} from "./VolScale.sol";

/// @title Header and table of a ladder against surface, grid, anchors and listing
abstract contract LadderCheck is ChainLister {
    ParamId private constant VOL_SCAN_UP = ParamId.wrap("margin.volScanUp");
    ParamId private constant VOL_SCAN_DOWN = ParamId.wrap("margin.volScanDown");
    uint256 private constant BPS = 10_000;
    uint256 private constant YEAR = 365 days;
    uint256 private constant MAX_VOL = 10e18;
    /// @dev Half a bps for the rounding of a post, and a hundredth for the difference of two arithmetics. Wad.
    uint256 private constant VOL_TOLERANCE = 51e12;
    /// @dev In units of 1e-12.
    uint256 private constant SCALE_TOLERANCE = 10;

    /// @inheritdoc IChains
    ISurfaceOracle public immutable surfaces;

    constructor(ISurfaceOracle surfaces_) {
        surfaces = surfaces_;
    }

    /// @inheritdoc IChains
    function anchorsOf(uint16 market) public view returns (uint16 volScanUp, uint16 volScanDown) {
        ScopeId scope = marketOf(market);
        return (uint16(_anchor(scope, VOL_SCAN_UP, type(uint16).max)), uint16(_anchor(scope, VOL_SCAN_DOWN, BPS - 1)));
    }

    function _known(ChainId chain) internal view returns (ChainRecord memory c) {
        c = _records[chain];
        if (c.market == 0) revert Chains_UnknownChain(chain);
    }

    /// @dev The header of `data`, once it is what the chain's ladder must say of itself now, and its table too.
    function _requireListed(ChainId chain, bytes memory data) internal view returns (LadderHeader memory h) {
        ChainRecord memory c = _known(chain);
        if (block.timestamp >= c.expiry) revert Chains_Expired(chain, c.expiry);
        StoredSlice memory slice = surfaces.sliceOf(marketOf(c.market), c.expiry);
        if (slice.version == 0 || slice.validUntil < block.timestamp) revert Chains_NoSurface(chain, slice.version, slice.validUntil);
        h = _expected(chain, c, slice);

        uint256 expected = 32 * LadderLayout.entryAt(h.strikes, h.nodes, h.strikes);
        if (data.length != expected) revert Chains_BlobLength(data.length, expected);
        _requireScales(h, _word(data, 1));
        uint256[4] memory words = LadderLayout.pack(h);
        for (uint256 i = 0; i < words.length; ++i) {
            if (_word(data, i) != words[i]) revert Chains_HeaderWord(i, _word(data, i), words[i]);
        }
        _requireTable(chain, h, slice, data);
    }

    /// @dev All of the header but its scales.
    function _expected(ChainId chain, ChainRecord memory c, StoredSlice memory slice) private view returns (LadderHeader memory h) {
        Terms memory terms = _terms[chain];
        (h.base, h.forwardRatio, h.atmVol) = (slice.spot, slice.forwardRatio, slice.atmVol);
        (h.version, h.asOf, h.validUntil) = (slice.version, slice.asOf, slice.validUntil);
        (h.volScanUp, h.volScanDown) = anchorsOf(c.market);
        (h.chain, h.expiry) = (ChainId.unwrap(chain), c.expiry);
        (h.strikes, h.kind, h.unitExponent) = (terms.strikes, terms.kind, terms.unitExponent);
        Grid memory grid = _gridFor(c.market, c.expiry - slice.asOf);
        (h.first, h.spacing, h.nearSpacing) = (grid.shape.first, grid.shape.spacing, grid.shape.nearSpacing);
        (h.nodes, h.lowest, h.ratio) = (grid.shape.nodes, grid.lowest, grid.ratio);
        (h.tick,) = listingOf(chain);
    }

    /// @dev Takes the scales that are posted, when they are right.
    function _requireScales(LadderHeader memory h, uint256 word) private pure {
        LadderHeader memory given = LadderLayout.unpack(0, word, 0, 0);
        uint256 scale = VolScale.scaleOf(h.expiry - h.asOf);
        _requireScale(given.upScale, VolScale.upFactor(h.volScanUp, scale) / 1e6);
        _requireScale(given.downScale, VolScale.downFactor(h.volScanDown, scale) / 1e6);
        (h.upScale, h.downScale) = (given.upScale, given.downScale);
    }

    function _requireScale(uint256 given, uint256 expected) private pure {
        if (_gap(given, expected) > SCALE_TOLERANCE) revert Chains_Scale(given, expected, SCALE_TOLERANCE);
    }

    /// @dev Strikes and exponents are the listing's, vols those of the smile.
    function _requireTable(ChainId chain, LadderHeader memory h, StoredSlice memory slice, bytes memory data) private view {
        (, uint256[] memory table) = listingOf(chain);
        RawSvi memory svi = RawSvi(slice.a, slice.b, slice.rho, slice.m, slice.sigma);
        uint256 forward = h.base * h.forwardRatio / 1e18;
        uint256 time = h.expiry - h.asOf;
        for (uint256 i = 0; i < h.strikes; ++i) {
            uint256 place = LadderLayout.HEADER_WORDS + i / 4;
            uint256 word = _word(data, place);
            if (i % 4 == 0 && word & ~LadderLayout.VOLS != table[i / 4]) {
                revert Chains_TableWord(place, word & ~LadderLayout.VOLS, table[i / 4]);
            }
            (uint256 multiple, uint256 volBps,) = LadderLayout.tableEntry(word, i);
            uint256 exact = _volOf(svi, multiple * h.tick, forward, time);
            if (exact > MAX_VOL) revert Chains_VolOutOfRange(i, exact, MAX_VOL);
            if (volBps == 0 || _gap(volBps * 1e14, exact) > VOL_TOLERANCE) revert Chains_Vol(i, volBps, exact);
        }
        uint256 unused = h.strikes % 4;
        if (unused != 0) {
            // Vols of strikes that the last word has no room to list.
            uint256 place = LadderLayout.HEADER_WORDS + h.strikes / 4;
            if (_word(data, place) >> 64 * unused != 0) revert Chains_TableWord(place, _word(data, place), table[h.strikes / 4]);
        }
    }

    /// @dev As SurfaceOracle.volAt, on a slice that was read once; the logarithm is the faster one of {Black76}, within 1e-13.
    function _volOf(RawSvi memory svi, uint256 strike, uint256 forward, uint256 time) private pure returns (uint256) {
        unchecked {
            // The logarithm is below 89 with 64 binary digits, a variance below 1e22, a time below 2^48.
            int256 k = strike < forward
                ? -int256(Black76.logOfRatio(strike, forward) * 1e18 >> 64)
                : int256(Black76.logOfRatio(forward, strike) * 1e18 >> 64);
            return Math.sqrt(uint256(Svi.totalVariance(svi, k)) * 1e18 * YEAR / time);
        }
    }

    /// @dev The live value, or the target where it is in ramp, and one tighten step: {Judge} has the same arithmetic.
    function _anchor(ScopeId scope, ParamId id, uint256 most) private view returns (uint256) {
        uint256 value = PARAMETERS.valueOf(scope, id);
        ParameterRule memory rule = PARAMETERS.ruleOf(scope, id);
        uint256 step = Math.max(value * rule.tightenStepBps / BPS, rule.tightenStepFloor);
        return Math.min(Math.min(value + step, Math.max(value, rule.ceiling)), most);
    }

    function _word(bytes memory data, uint256 i) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(data, add(32, shl(5, i))))
        }
    }

    function _gap(uint256 one, uint256 other) private pure returns (uint256) {
        return one > other ? one - other : other - one;
    }
}
