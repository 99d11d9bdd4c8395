// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Footing} from "./IMargin.sol";
import {ScopeId} from "./ParameterTypes.sol";

/// @notice Live parameters of a market as one pass sees them.
struct MarketRule {
    uint256 range; // half width of the price scan, wad
    uint256 volScanUp; // bps
    uint256 volScanDown; // bps
    uint256 tailWeight; // bps
    uint256 shortOptionMinimum; // bps of the price
    uint256 multiplier; // bps; 10,000 for maintenance
    uint256 deltaAddOn; // bps at the depth
    uint256 gammaAddOn; // bps at the depth
    uint256 vegaAddOn; // hundredths of a vol point at the depth
    uint256 depth; // USD
    uint256 vegaDepth; // USD a vol point
    uint256 residual; // bps of the range; zero for the common factor
    uint256 maxAge; // seconds
}

/// @notice What an account holds in one market, and at what price and by what rule it is judged.
struct MarketQuery {
    ScopeId scope;
    uint256 price; // index price, USD, wad, at least 1
    uint256 units; // of the underlying held as collateral, after its haircut, wad
    bool inGroup; // whether what the beta ladder reads is wanted
    MarketRule rule;
    uint256[] records; // storage words of {IChains}, one a chain
    uint256[] chains; // as in Holdings, one a word
    uint256[] pages; // as in Holdings
}

/// @notice What one market asks for and gives.
struct MarketTotals {
    Footing footing; // the worst of its chains
    int256 equity; // options, futures over no cost, and its underlying after the haircut
    uint256 required;
    uint256 floor; // short-option minimum as far as it was asked for
    uint256 rule; // of {Binding}
    uint256 price; // of the binding cell
    uint256 volState;
    int256 loss;
    int256 delta;
    int256 gamma;
    int256 vega;
    uint256 notional;
    uint256 deltaNotional;
    int256[] moves; // relative, of the in-range cells, wad
    int256[] losses; // weighted, worse of both vol states, by in-range cell, as far as they were asked for
    int256[] far;
    uint256 range;
    uint256 residual;
}

/// @notice A chain as its charges see it.
struct ChargedChain {
    uint256 time; // seconds to expiry
    uint256 atmVol; // now, wad
    uint256 upFactor; // of the up state, wad
    int256 delta; // USD, wad, and so below
    int256 vega;
    int256 skew; // per point of steeper skew
}

/// @notice What is charged for its size.
struct ChargedSize {
    int256 delta;
    int256 gamma;
    int256 vega;
    uint256 underlying; // held as collateral, USD wad
}

/// @title What an account pays beyond the scan
/// @notice Pure. A contract of its own because one does not hold both; {IMarketMargin} makes it when it is made itself.
interface IMarginCharges {
    /// @return within For the skew and for size, USD wad.
    /// @return between For the offsets between expiries, USD wad.
    function chargesOf(ChargedChain[] calldata chains, ChargedSize calldata size, MarketRule calldata rule)
        external
        pure
        returns (uint256 within, uint256 between);
}

/// @title One market of an account, judged
/// @notice The part of {IMargin} that values chains. It trusts its caller with the records, the price and the rule, holds nothing and changes nothing, so
/// whoever gives it false ones fools himself alone.
interface IMarketMargin {
    function assess(MarketQuery calldata query) external view returns (MarketTotals memory);
    /// @notice Value of everything that the query holds, at the mark.
    function valueOf(MarketQuery calldata query) external view returns (int256 value, Footing footing);
}
