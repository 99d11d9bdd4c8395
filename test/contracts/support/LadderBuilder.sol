// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChainId} from "../../../contracts/interfaces/ClearingTypes.sol";
import {ChainRecord, Grid, IChains} from "../../../contracts/interfaces/IChains.sol";
import {IPayoff} from "../../../contracts/interfaces/IPayoff.sol";
import {StoredSlice} from "../../../contracts/interfaces/ISurfaceOracle.sol";
import {LadderHeader, LadderLayout} from "../../../contracts/margin/LadderLayout.sol";
import {LadderFrame, LadderStrike, LadderWords} from "../../../contracts/margin/LadderWords.sol";
import {VolScale} from "../../../contracts/margin/VolScale.sol";
import {logRatio} from "../../../contracts/oracle/LogRatio.sol";

/// @notice Writes the ladder that a listed chain must have now, as a poster would: every word rounded to the nearest unit.
contract LadderBuilder {
    uint256 private constant VOL_STEP = 1e18 / 4096;

    function build(IChains chains, ChainId chain) external view returns (bytes memory) {
        LadderHeader memory h = _header(chains, chain);
        (, uint256[] memory table) = chains.listingOf(chain);
        uint256[4] memory head = LadderLayout.pack(h);
        bytes memory entries;
        LadderFrame memory f = LadderWords.frameOf(h);
        for (uint256 i = 0; i < h.strikes; ++i) {
            (uint256 multiple,,) = LadderLayout.tableEntry(table[i / 4], i);
            uint256 vol = chains.surfaces().volAt(chains.marketOf(chains.record(chain).market), uint48(h.expiry), multiple * h.tick);
            table[i / 4] |= (vol + 5e13) / 1e14 << (64 * (i % 4) + 32);
            entries = bytes.concat(entries, _entry(f, LadderWords.strikeOf(f, h.tick, table[i / 4], i)));
        }
        return bytes.concat(abi.encodePacked(head), abi.encodePacked(table), entries);
    }

    function _header(IChains chains, ChainId chain) private view returns (LadderHeader memory h) {
        ChainRecord memory c = chains.record(chain);
        StoredSlice memory slice = chains.surfaces().sliceOf(chains.marketOf(c.market), c.expiry);
        (h.base, h.forwardRatio, h.atmVol) = (slice.spot, slice.forwardRatio, slice.atmVol);
        (h.version, h.asOf, h.validUntil) = (slice.version, slice.asOf, slice.validUntil);
        (h.chain, h.expiry) = (ChainId.unwrap(chain), c.expiry);
        (h.volScanUp, h.volScanDown) = chains.anchorsOf(c.market);
        uint256 time = h.expiry - h.asOf;
        uint256 scale = VolScale.scaleOf(time);
        h.upScale = VolScale.upFactor(h.volScanUp, scale) / 1e6;
        h.downScale = VolScale.downFactor(h.volScanDown, scale) / 1e6;
        Grid memory grid = chains.gridsOf(c.market)[time < 7 days ? 0 : time < 45 days ? 1 : 2];
        (h.first, h.spacing, h.nearSpacing) = (grid.shape.first, grid.shape.spacing, grid.shape.nearSpacing);
        (h.nodes, h.lowest, h.ratio) = (grid.shape.nodes, grid.lowest, grid.ratio);
        (uint128[] memory strikes, IPayoff payoff) = chains.strikesOf(chain);
        uint256[] memory table;
        (h.tick, table) = chains.listingOf(chain);
        h.strikes = strikes.length;
        (,, h.unitExponent) = LadderLayout.tableEntry(table[0], 0);
        h.kind = payoff.kind();
    }

    function _entry(LadderFrame memory f, LadderStrike memory s) private pure returns (bytes memory) {
        uint256[] memory words = new uint256[](2 * f.words + 3);
        for (uint256 i = 0; i < f.words; ++i) {
            words[i] = _nodes(f.kind, s, s.up, f.nodes, 16 * i, 16);
            words[f.words + i] = _nodes(f.kind, s, s.down, f.nodes, 16 * i, 16);
        }
        words[2 * f.words] = _nodes(f.kind, s, s.up, f.far, 0, 8);
        words[2 * f.words + 1] = _nodes(f.kind, s, s.mark, f.near, 0, 16);
        words[2 * f.words + 2] = _skew(f, s);
        return abi.encodePacked(words);
    }

    function _nodes(uint256 kind, LadderStrike memory s, uint256 deviation, uint256[] memory forwards, uint256 from, uint256 lanes)
        private
        pure
        returns (uint256 word)
    {
        for (uint256 i = 0; i < lanes; ++i) {
            uint256 units = ((LadderWords.put(kind, forwards[from + i], s.strike, deviation) << s.shift) + s.unit / 2) / s.unit;
            word |= units << 256 / lanes * i;
        }
    }

    /// @dev As the judge's, but for the rounding: from the vols a step of 2^-12 away.
    function _skew(LadderFrame memory f, LadderStrike memory s) private pure returns (uint256 word) {
        uint256 upper = (s.vol + VOL_STEP) * f.root >> 64;
        uint256 lower = (s.vol > VOL_STEP ? s.vol - VOL_STEP : 0) * f.root >> 64;
        int256 span = int256(VOL_STEP + (s.vol > VOL_STEP ? VOL_STEP : s.vol));
        for (uint256 i = 0; i < 16; ++i) {
            uint256 forward = f.near[i];
            int256 wing = logRatio(s.strike, forward) * 1e18 / int256(s.mark);
            if (wing > 2e18) wing = 2e18;
            if (wing < -2e18) wing = -2e18;
            int256 vega = int256(LadderWords.put(f.kind, forward, s.strike, upper)) - int256(LadderWords.put(f.kind, forward, s.strike, lower));
            int256 parts = vega * 1e16 / span * 64 * wing / 1e18 * int256(1 << s.shift);
            int256 half = int256(s.unit / 2);
            int256 units = (parts + (parts < 0 ? -half : half)) / int256(s.unit);
            if (units > 32_767) units = 32_767;
            if (units < -32_767) units = -32_767;
            word |= uint256(uint16(int16(units))) << 16 * i;
        }
    }
}
