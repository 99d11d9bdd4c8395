// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ChargedChain, ChargedSize, IMarginCharges, MarketRule} from "../interfaces/IMarketMargin.sol";

/// @title What an account pays beyond the scan: for the shape of the surface, the basis, and its size
/// @notice Every charge is rounded up (risk-policy B5, B8). The twin is `risk/margin/contract/charges.ts`.
contract MarginCharges is IMarginCharges {
    uint256 private constant WAD = 1e18;
    uint256 private constant BPS = 10_000;
    uint256 private constant SKEW_POINTS = 6e18;
    uint256 private constant MOST_SKEW_POINTS = 20e18;
    uint256 private constant UP_FLOOR = 0.4e18;
    /// @dev Share of one bucket's vol shock that offsets another's and is not believed, percent.
    uint256 private constant TERM_PERCENT = 30;
    uint256 private constant LEAST_BASIS = 0.01e18;
    uint256 private constant BASIS_PER_YEAR = 0.075e18;

    /// @inheritdoc IMarginCharges
    function chargesOf(ChargedChain[] calldata chains, ChargedSize calldata size, MarketRule calldata rule)
        external
        pure
        returns (uint256 within, uint256 between)
    {
        within = _skew(chains) + _liquidity(rule, size);
        between = _term(chains) + _basis(chains, size.underlying);
    }

    /// @dev Per chain: net value of a point of steeper skew, whatever its sign, x 6 points x (30 d / max(T, 2 d))^0.5, at most 20.
    function _skew(ChargedChain[] calldata chains) private pure returns (uint256 charge) {
        unchecked {
            for (uint256 i; i < chains.length; ++i) {
                ChargedChain calldata chain = chains[i];
                if (chain.skew == 0) continue;
                uint256 time = Math.max(chain.time, 2 days);
                uint256 shock = Math.min(MOST_SKEW_POINTS, SKEW_POINTS * Math.sqrt(30 days * 1e36 / time) / WAD);
                charge += Math.ceilDiv(_size(chain.skew) * shock, WAD);
            }
        }
    }

    /// @dev 30 % of what the buckets (below 7 days, to 30, to 90, above) offset of one another's vega x up shock.
    function _term(ChargedChain[] calldata chains) private pure returns (uint256) {
        unchecked {
            int256[4] memory buckets;
            for (uint256 i; i < chains.length; ++i) {
                ChargedChain calldata chain = chains[i];
                if (chain.vega == 0) continue;
                uint256 up = Math.max(chain.atmVol, UP_FLOOR) * chain.upFactor / WAD;
                uint256 bucket = chain.time < 7 days ? 0 : chain.time < 30 days ? 1 : chain.time < 90 days ? 2 : 3;
                buckets[bucket] += chain.vega * int256(up - chain.atmVol) / int256(WAD);
            }
            uint256 long;
            uint256 short;
            for (uint256 i; i < 4; ++i) {
                if (buckets[i] > 0) long += uint256(buckets[i]);
                else short += uint256(-buckets[i]);
            }
            return Math.ceilDiv(Math.min(long, short) * TERM_PERCENT, 100);
        }
    }

    /// @dev What long and short deltas of different dates offset of one another x max(1 %, 7.5 % x years between them). Dates are paired from the nearest
    /// on, longs and shorts in their order; the underlying held as collateral is the first date.
    /// @param underlying USD of it, wad.
    function _basis(ChargedChain[] calldata chains, uint256 underlying) private pure returns (uint256 charge) {
        unchecked {
            (uint256 dates, uint256 end) = _dates(chains, underlying);
            assembly ("memory-safe") {
                let long := dates
                let short := dates
                for {} 1 {} {
                    for {} and(lt(long, end), slt(mload(add(long, 32)), 1)) {} { long := add(long, 64) }
                    for {} and(lt(short, end), sgt(mload(add(short, 32)), not(0))) {} { short := add(short, 64) }
                    if or(eq(long, end), eq(short, end)) { break }
                    let paired := mload(add(long, 32))
                    let other := sub(0, mload(add(short, 32)))
                    if lt(other, paired) { paired := other }
                    let apart := sub(mload(long), mload(short))
                    if slt(apart, 0) { apart := sub(0, apart) }
                    let rate := div(mul(BASIS_PER_YEAR, apart), 31536000)
                    if lt(rate, LEAST_BASIS) { rate := LEAST_BASIS }
                    charge := add(charge, add(div(sub(mul(paired, rate), 1), WAD), 1))
                    mstore(add(long, 32), sub(mload(add(long, 32)), paired))
                    mstore(add(short, 32), add(mload(add(short, 32)), paired))
                }
            }
        }
    }

    /// @dev Pairs of time and delta in memory, by time, behind the underlying.
    function _dates(ChargedChain[] calldata chains, uint256 underlying) private pure returns (uint256 dates, uint256 end) {
        unchecked {
            assembly ("memory-safe") {
                dates := mload(0x40)
                mstore(dates, 0)
                mstore(add(dates, 32), underlying)
                end := add(dates, 64)
                mstore(0x40, add(end, shl(6, chains.length)))
            }
            for (uint256 i; i < chains.length; ++i) {
                ChargedChain calldata chain = chains[i];
                (uint256 time, int256 delta) = (chain.time, chain.delta);
                assembly ("memory-safe") {
                    let place := end
                    for {} gt(place, add(dates, 64)) { place := sub(place, 64) } {
                        if iszero(gt(mload(sub(place, 64)), time)) { break }
                        mcopy(place, sub(place, 64), 64)
                    }
                    mstore(place, time)
                    mstore(add(place, 32), delta)
                    end := add(end, 64)
                }
            }
        }
    }

    /// @dev Of delta, gamma over the range, and vega, each beyond what the market holds.
    function _liquidity(MarketRule calldata rule, ChargedSize calldata size) private pure returns (uint256) {
        unchecked {
            uint256 depth = rule.depth * WAD;
            return _beyondDepth(_size(size.delta), depth, rule.deltaAddOn, BPS)
                + _beyondDepth(Math.ceilDiv(_size(size.gamma) * rule.range, WAD), depth, rule.gammaAddOn, BPS)
                + _beyondDepth(Math.ceilDiv(_size(size.vega), 100), rule.vegaDepth * WAD, rule.vegaAddOn, 100);
        }
    }

    /// @dev coefficient x size x (size / depth)^0.5 above the depth, nothing below it; no depth at all counts as the least there is.
    function _beyondDepth(uint256 size, uint256 depth, uint256 coefficient, uint256 unit) private pure returns (uint256) {
        if (size <= depth) return 0;
        unchecked {
            // A size is below 2^160: 512 positions of 2^39 lots at 2^128 would not be, and no account has them; its root keeps 2^-60.
            if (depth == 0) depth = 1;
            uint256 root = Math.sqrt(Math.mulDiv(size, 1e36, depth)) + 1;
            return Math.mulDiv(size * coefficient, root, unit * WAD, Math.Rounding.Ceil);
        }
    }

    function _size(int256 x) private pure returns (uint256) {
        unchecked {
            return uint256(x < 0 ? -x : x);
        }
    }
}
