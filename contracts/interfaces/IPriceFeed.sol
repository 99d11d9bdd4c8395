// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ScopeId} from "./ParameterTypes.sol";

/// @notice What a price is good for. Zero is the safe value.
enum PriceStatus {
    UNAVAILABLE, // too few sources answer, or they disagree: there is no price
    STALE, // the newest there is, too old; or the sequencer has just come back
    FRESH
}

/// @notice What a source is worth now. Only GOOD and STALE ones take part.
enum SourceState {
    NO_ANSWER, // reverts, burns its gas, answers too little, has no code
    INCOMPLETE, // answered in an earlier round, never updated, or round zero
    NOT_POSITIVE,
    IN_FUTURE, // updated after now
    JUMPED, // {IPriceFeed.JUMP} times the last observation or more, or the inverse: another unit, not another price
    STALE,
    GOOD
}

/// @notice A price of one unit of the market's asset.
struct Price {
    uint256 price; // USD, wad; zero when unavailable
    uint48 observedAt; // update of the oldest source that counts
    PriceStatus status;
    uint16 confidenceBps; // largest distance of a source that counts from `price`, rounded up
}

/// @notice A source as listed.
struct Source {
    address aggregator;
    uint8 decimals; // of its answers; compared with its own statement once, at listing
    uint32 heartbeat; // seconds between two updates that it promises at most
}

/// @notice How the sources of a market are read.
struct FeedSettings {
    uint8 quorum; // sources that must agree
    uint16 maxDeviationBps; // from the median; a source further away does not count
}

/// @title Prices from AggregatorV3 sources
/// @notice Says how good a price is and never decides what follows. What each status allows is the callers' rule (contract-rules A13):
///
/// | | FRESH | STALE | UNAVAILABLE |
/// |---|---|---|---|
/// | new risk, withdrawals | yes | with the scan widened by age; not beyond 4 x `oracle.maxAge` | no |
/// | risk-reducing matched trades, settlement already final | yes | yes | yes |
/// | flag and sale | milder of price and {medianOf} | only of an account below maintenance at the last fresh price, unwidened | no |
///
/// No flag, sale or dead-man step while {sequencerReady} is false. A bad source never reverts a read; too little gas does, since a caller must not be
/// able to choose that a source fails.
interface IPriceFeed {
    event FeedListed(ScopeId indexed market, Source[] sources, FeedSettings settings, uint128 anchor);
    event PriceObserved(ScopeId indexed market, uint128 price, uint48 time);
    event SequencerSet(address feed, uint32 grace);

    error PriceFeed_NotGovernance(address caller);
    error PriceFeed_SourceCount(uint256 given, uint256 atLeast, uint256 atMost);
    error PriceFeed_SourcesNotAscending(address previous, address aggregator);
    error PriceFeed_Quorum(uint256 quorum, uint256 atLeast, uint256 atMost);
    error PriceFeed_Deviation(uint256 maxDeviationBps, uint256 atLeast, uint256 atMost);
    /// @notice The aggregator states other decimals than the listing, or none.
    error PriceFeed_Decimals(address aggregator, uint256 stated, uint256 listed);
    /// @notice A source updates too seldom for the market: above `oracle.heartbeat`, or zero.
    error PriceFeed_Heartbeat(address aggregator, uint32 heartbeat, uint64 limit);
    /// @notice At listing every source must be GOOD against the anchor.
    error PriceFeed_BadSource(address aggregator, SourceState state);
    error PriceFeed_Anchor(uint256 anchor, uint256 atMost);
    error PriceFeed_Grace(uint32 grace, uint32 atMost);
    error PriceFeed_GasTooLow(uint256 given, uint256 needed);

    // ------------------------------------------------------------------ reads (anyone)

    function MAX_SOURCES() external view returns (uint256);
    /// @notice Factor from the last observation at which an answer is taken for one in another unit.
    function JUMP() external view returns (uint256);
    /// @notice Seconds that the median looks back.
    function MEDIAN_WINDOW() external view returns (uint256);
    /// @notice Seconds between two observations at least.
    function SPACING() external view returns (uint256);
    /// @notice Median of the sources that count: the fresh ones when they are enough, else the newest that make the quorum.
    function read(ScopeId market) external view returns (Price memory);
    /// @notice As {read}, for a caller that holds `oracle.maxAge` already; a price that was recorded in this second is returned without asking the sources
    /// again. Nothing follows from a false `maxAge` but the caller's own answer.
    function quoteOf(ScopeId market, uint256 maxAge) external view returns (uint256 price, uint48 observedAt, PriceStatus status);
    /// @notice Median of what was observed in the last {MEDIAN_WINDOW} seconds; zero when there are fewer than three observations, or they span less than
    /// half of the window. USD, wad.
    function medianOf(ScopeId market) external view returns (uint256 median, uint256 observations);
    /// @notice Last observation; before the first the anchor, with time zero.
    function lastOf(ScopeId market) external view returns (uint128 price, uint48 time);
    function sourcesOf(ScopeId market) external view returns (Source[] memory sources, FeedSettings memory settings);
    /// @notice What each source is worth now, in the order of {sourcesOf}.
    function statesOf(ScopeId market) external view returns (SourceState[] memory);
    /// @notice False while the sequencer is down, its feed does not answer, and in the grace after it came back. True where there is no such feed.
    function sequencerReady() external view returns (bool);

    // ------------------------------------------------------------------ anyone

    /// @notice Records a fresh price, at most one in {SPACING} seconds. Returns false, and does nothing, when there is none or it is too soon.
    function poke(ScopeId market) external returns (bool recorded);

    // ------------------------------------------------------------------ DAO

    /// @notice Lists a market, or replaces its sources; what was observed is dropped.
    /// @param sources Aggregators strictly ascending, all GOOD now against `anchor`.
    /// @param anchor The price that the DAO expects, USD, wad: fixes the unit until the first observation.
    function list(ScopeId market, Source[] calldata sources, FeedSettings calldata settings, uint128 anchor) external;
    /// @notice Sets the uptime feed of a roll-up's sequencer; zero where there is none.
    function setSequencer(address feed, uint32 grace) external;
}
