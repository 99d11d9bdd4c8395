// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ScopeId} from "./ParameterTypes.sol";

/// @notice What is known of a settlement price.
struct Settlement {
    uint128 price; // USD, wad; zero until final
    bool isFinal;
    bool byGovernance;
    uint8 observations; // minutes of the window with an observation
    uint128 least; // of everything observed, late ones included; zero when nothing was
    uint128 greatest;
}

/// @title Settlement prices
/// @notice Average over the half hour before expiry of fresh prices, one a minute. Once final, a price never changes.
/// @dev Anyone records and anyone finalises. Observations outside half and twice the median of the window do not count, so a forged minute, or a feed that
/// mixes units for less than half of the window, moves nothing. When the feed was down for too much of the window, prices recorded in the day after
/// expiry bound what the DAO may choose, once that day is over.
interface ISettlementOracle {
    event SettlementObserved(ScopeId indexed market, uint48 indexed expiry, uint128 price, bool late);
    event Settled(ScopeId indexed market, uint48 indexed expiry, uint128 price, uint256 observations, bool byGovernance);

    error SettlementOracle_NotGovernance(address caller);
    error SettlementOracle_Final(ScopeId market, uint48 expiry, uint128 price);
    error SettlementOracle_TooEarly(uint48 expiry, uint256 time, uint256 opensAt);
    /// @notice Late prices are recorded until the fallback opens, later only when nothing was observed before.
    error SettlementOracle_TooLate(uint48 expiry, uint256 time, uint256 closedAt);
    error SettlementOracle_AlreadyObserved(ScopeId market, uint48 expiry, uint256 minute);
    error SettlementOracle_NotFresh(ScopeId market);
    error SettlementOracle_TooFewObservations(uint256 given, uint256 needed);
    /// @notice The window has enough observations: the average is the price.
    error SettlementOracle_WindowComplete(uint256 given, uint256 needed);
    error SettlementOracle_OutsideObserved(uint128 price, uint128 least, uint128 greatest);

    // ------------------------------------------------------------------ reads (anyone)

    function WINDOW() external view returns (uint256 secondsBeforeExpiry);
    function MIN_OBSERVATIONS() external view returns (uint256);
    function FALLBACK_DELAY() external view returns (uint256 secondsAfterExpiry);
    function settlementOf(ScopeId market, uint48 expiry) external view returns (Settlement memory);

    // ------------------------------------------------------------------ anyone

    /// @notice Records the fresh price of this minute of the window, or, after expiry and while the window is incomplete, a late one.
    function poke(ScopeId market, uint48 expiry) external;
    /// @notice From expiry on, with enough observations: makes their average final.
    function finalise(ScopeId market, uint48 expiry) external returns (uint128 price);

    // ------------------------------------------------------------------ DAO

    /// @notice After {FALLBACK_DELAY}, when the window is incomplete: makes a price final that lies inside what was observed.
    function finaliseByGovernance(ScopeId market, uint48 expiry, uint128 price) external;
}
