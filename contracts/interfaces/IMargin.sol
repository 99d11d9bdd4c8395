// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Holdings} from "./ClearingTypes.sol";
import {ParamId, ScopeId} from "./ParameterTypes.sol";

/// @notice Which question is asked. There is no shorter rule for anybody; a pass only says which values and which price count.
enum Pass {
    MAINTENANCE, // effective values, price not widened, milder mark: flags
    INITIAL // targets, widened by age, worse mark: new risk and withdrawals
}

/// @notice What stands behind the values.
enum Footing {
    NONE, // a chain has no ladder, or a price is unavailable, or older than four times `oracle.maxAge`: nothing can be said
    STALE, // ladders older or further from their surface, anchors or price than they may be, an expired chain without a settlement price, or the price is STALE
    POSTED,
    PROVED
}

/// @notice Where the requirement comes from: the market that asks for most by itself.
struct Binding {
    uint8 rule; // 0 none, 1 scan, 2 short-option minimum, 3 maximum loss
    uint16 market; // zero when no market asks for anything
    uint256 price; // index price of the cell, USD wad
    uint8 volState; // 0 down, 1 up
    int256 loss; // USD wad, before damping
}

/// @notice All USD, wad. Requirements are rounded up, equity down.
struct Assessment {
    int256 equity;
    uint256 requirement; // of the pass
    int256 free; // equity that counts for the pass, less the requirement
    Footing footing; // the worst of all chains held
    Binding binding;
    int256 delta; // USD per relative move of one, over all underlyings (beta-weighted by one), with their collateral
    int256 gamma; // change of the delta of options for a relative move of one: S^2 d2V/dS2
    int256 vega; // USD per vol point
    uint256 notional; // sum of |contracts| x index price
    uint256 deltaNotional; // sum of |delta of a position| x index price: base of the liquidation fee
}

/// @title Portfolio margin: the full scenario rule over packed holdings
/// @notice Anyone may ask about any holdings, real or not; nothing changes. Every clearing contract asks here and nowhere else. The only state is a packed copy
/// of parameters, which anyone may renew and which is read only while the store has not changed since: it makes an answer cheaper and never another.
///
/// What a price is (contract-rules A13): FRESH, the milder (flags) or the worse (new risk) of price and 60-second median, where there is a median. STALE, new
/// risk is held to a scan that is wider by sqrt(1 + age beyond maxAge / 24 h), 1.1 to 1.5 times; flags go by the last fresh price recorded, unwidened. None, or
/// older than four times maxAge: the last price recorded, with footing NONE.
///
/// Nothing an account can legally hold makes {assess} revert. A chain without a ladder is left out, with footing NONE. A settled chain is worth its payoff,
/// without risk; an expired one whose price is not final is worth its payoff at the price of each cell, with footing STALE.
/// Invariants (docs/invariants.md, G): no requirement is below zero; chains, listed in another order, give the same figures; a new post of the same values changes
/// nothing; twice the book asks for twice as much but for what its size adds; a wider scan asks for no less but for a peak of losses that falls between two cells.
/// Two books together may ask for more than both apart: the allowance goes by the nearest expiry of all, offsets between dates are not all believed, a maximum loss
/// that held one of them may not hold both, and beyond the nodes longs and shorts are bounded in sum.
interface IMargin {
    event ParametersCopied(ScopeId indexed scope, bytes16 head);

    /// @notice Holdings name positions in more words than they carry.
    error Margin_PageMissing(uint256 chain, uint256 words);
    error Margin_UnknownChain(uint256 chain);
    error Margin_UnknownLeg(uint256 chain, uint256 strike, uint256 strikes);
    /// @notice More collateral amounts than the group has assets.
    error Margin_UnknownCollateral(uint256 given, uint256 listed);
    /// @notice Parameters are copied by market, asset and group.
    error Margin_NotAScope(ScopeId scope);
    /// @notice A value is too large for a copy; it goes on being read from the store.
    error Margin_DoesNotFit(ScopeId scope, ParamId id, uint256 value, uint256 limit);

    function assess(Holdings calldata holdings, Pass pass) external view returns (Assessment memory);
    /// @notice Mark of one instrument, USD wad per contract, at the price and surface of now, rounded down and at least zero: what trades at mark, tear-ups and
    /// reports use. A future marks at its forward.
    function markOf(uint64 instrument) external view returns (uint256 mark, Footing footing);
    /// @notice Renews the packed copy of a market's, an asset's or a group's parameters. Anyone.
    function refresh(ScopeId scope) external;
}
