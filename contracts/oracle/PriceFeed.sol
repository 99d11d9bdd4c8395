// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedSettings, IPriceFeed, Price, PriceStatus, Source, SourceState} from "../interfaces/IPriceFeed.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ParamId, ScopeId} from "../interfaces/ParameterTypes.sol";
import {medianOfSorted, sortFirst} from "./Median.sol";
import {Round, readDecimals, readRound} from "./RoundReader.sol";
import {isSequencerReady} from "./SequencerUptime.sol";

/// @title Prices from AggregatorV3 sources
/// @dev The DAO is whoever holds DEFAULT_ADMIN_ROLE on the store. Storage per market is bounded: five sources, sixteen observations.
contract PriceFeed is IPriceFeed {
    /// @inheritdoc IPriceFeed
    uint256 public constant MAX_SOURCES = 5;
    /// @inheritdoc IPriceFeed
    uint256 public constant JUMP = 5;
    /// @inheritdoc IPriceFeed
    uint256 public constant MEDIAN_WINDOW = 60;
    /// @inheritdoc IPriceFeed
    uint256 public constant SPACING = 5;

    uint256 private constant BPS = 10_000;
    /// @dev Furthest a source may be from the median: above it a wrong unit could hide.
    uint256 private constant MAX_DEVIATION_BPS = 2_000;
    uint256 private constant MAX_DECIMALS = 18;
    uint32 private constant MAX_GRACE = 1 days;
    /// @dev As many as fit into the window, and more: RING x SPACING is longer than the window.
    uint256 private constant RING = 16;
    uint256 private constant MIN_OBSERVATIONS = 3;
    /// @dev A price fits into 128 bits with room for {JUMP}.
    uint256 private constant MAX_PRICE = type(uint128).max / JUMP;
    ParamId private constant MAX_AGE = ParamId.wrap("oracle.maxAge");
    ParamId private constant HEARTBEAT = ParamId.wrap("oracle.heartbeat");

    IRiskParameters private immutable PARAMETERS;

    /// @dev One slot.
    struct Feed {
        uint128 last; // wad: last observation, at first the DAO's anchor
        uint48 lastAt; // zero before the first observation
        uint8 sources;
        uint8 quorum;
        uint16 maxDeviationBps;
        uint16 heartbeat; // largest of the sources
        uint8 next; // place of the next observation in the ring
        uint8 held; // observations in the ring
    }

    struct Sequencer {
        address feed;
        uint32 grace;
    }

    mapping(ScopeId market => Feed) private _feeds;
    mapping(ScopeId market => Source[MAX_SOURCES]) private _sources;
    mapping(ScopeId market => uint256[RING]) private _ring; // time << 128 | price
    Sequencer private _sequencer;

    /// @param parameters The store; its admin is the DAO.
    constructor(IRiskParameters parameters) {
        PARAMETERS = parameters;
    }

    modifier onlyGovernance() {
        if (!PARAMETERS.hasRole(0x00, msg.sender)) revert PriceFeed_NotGovernance(msg.sender);
        _;
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IPriceFeed
    function read(ScopeId market) external view returns (Price memory) {
        return _readStored(market, _feeds[market]);
    }

    /// @inheritdoc IPriceFeed
    function quoteOf(ScopeId market, uint256 maxAge) external view returns (uint256 price, uint48 observedAt, PriceStatus status) {
        Feed memory feed = _feeds[market];
        // What was recorded in this second was fresh in this second.
        if (feed.lastAt == block.timestamp) return (feed.last, feed.lastAt, PriceStatus.FRESH);
        Price memory quote = _read(market, feed, maxAge);
        return (quote.price, quote.observedAt, quote.status);
    }

    /// @inheritdoc IPriceFeed
    function medianOf(ScopeId market) external view returns (uint256 median, uint256 observations) {
        uint256 held = _feeds[market].held;
        uint256[] memory prices = new uint256[](held);
        uint256 oldest = type(uint256).max;
        uint256 newest;
        for (uint256 i = 0; i < held; ++i) {
            uint256 word = _ring[market][i];
            uint256 time = word >> 128;
            if (time + MEDIAN_WINDOW < block.timestamp) continue;
            if (time < oldest) oldest = time;
            if (time > newest) newest = time;
            prices[observations++] = uint128(word);
        }
        if (observations < MIN_OBSERVATIONS || newest - oldest < MEDIAN_WINDOW / 2) return (0, observations);
        sortFirst(prices, observations);
        median = medianOfSorted(prices, observations);
    }

    /// @inheritdoc IPriceFeed
    function lastOf(ScopeId market) external view returns (uint128 price, uint48 time) {
        return (_feeds[market].last, _feeds[market].lastAt);
    }

    /// @inheritdoc IPriceFeed
    function sourcesOf(ScopeId market) external view returns (Source[] memory sources, FeedSettings memory settings) {
        Feed memory feed = _feeds[market];
        sources = new Source[](feed.sources);
        for (uint256 i = 0; i < sources.length; ++i) {
            sources[i] = _sources[market][i];
        }
        settings = FeedSettings(feed.quorum, feed.maxDeviationBps);
    }

    /// @inheritdoc IPriceFeed
    function statesOf(ScopeId market) external view returns (SourceState[] memory states) {
        Feed memory feed = _feeds[market];
        states = new SourceState[](feed.sources);
        if (states.length == 0) return states;
        uint256 maxAge = _atLeastTwice(PARAMETERS.valueOf(market, MAX_AGE), feed.heartbeat);
        for (uint256 i = 0; i < states.length; ++i) {
            (states[i],) = _judge(_sources[market][i], feed.last, maxAge);
        }
    }

    /// @inheritdoc IPriceFeed
    function sequencerReady() public view returns (bool) {
        return isSequencerReady(_sequencer.feed, _sequencer.grace);
    }

    // ------------------------------------------------------------------ anyone

    /// @inheritdoc IPriceFeed
    function poke(ScopeId market) external returns (bool recorded) {
        Feed memory feed = _feeds[market];
        if (block.timestamp < feed.lastAt + SPACING) return false;
        Price memory price = _readStored(market, feed);
        if (price.status != PriceStatus.FRESH) return false;

        _ring[market][feed.next] = block.timestamp << 128 | price.price;
        feed.next = uint8((feed.next + 1) % RING);
        if (feed.held < RING) ++feed.held;
        // {_judge} lets no answer above 2^128 pass.
        feed.last = uint128(price.price);
        feed.lastAt = uint48(block.timestamp);
        _feeds[market] = feed;
        emit PriceObserved(market, feed.last, feed.lastAt);
        return true;
    }

    // ------------------------------------------------------------------ DAO

    /// @inheritdoc IPriceFeed
    function list(ScopeId market, Source[] calldata sources, FeedSettings calldata settings, uint128 anchor) external onlyGovernance {
        uint256 count = sources.length;
        if (count == 0 || count > MAX_SOURCES) revert PriceFeed_SourceCount(count, 1, MAX_SOURCES);
        // A majority, else two halves could be read as two prices.
        if (settings.quorum <= count / 2 || settings.quorum > count) revert PriceFeed_Quorum(settings.quorum, count / 2 + 1, count);
        if (settings.maxDeviationBps == 0 || settings.maxDeviationBps > MAX_DEVIATION_BPS) {
            revert PriceFeed_Deviation(settings.maxDeviationBps, 1, MAX_DEVIATION_BPS);
        }
        if (anchor == 0 || anchor > MAX_PRICE) revert PriceFeed_Anchor(anchor, MAX_PRICE);

        uint64 maxAge = PARAMETERS.valueOf(market, MAX_AGE);
        uint64 heartbeat = PARAMETERS.valueOf(market, HEARTBEAT);
        uint32 largest;
        address previous;
        for (uint256 i = 0; i < count; ++i) {
            Source calldata source = sources[i];
            if (source.aggregator <= previous) revert PriceFeed_SourcesNotAscending(previous, source.aggregator);
            previous = source.aggregator;
            if (source.heartbeat == 0 || source.heartbeat > heartbeat || source.heartbeat > type(uint16).max) {
                revert PriceFeed_Heartbeat(previous, source.heartbeat, heartbeat);
            }
            uint256 stated = readDecimals(previous);
            if (stated != source.decimals || stated > MAX_DECIMALS) revert PriceFeed_Decimals(previous, stated, source.decimals);
            (SourceState state,) = _judge(source, anchor, maxAge);
            if (state != SourceState.GOOD) revert PriceFeed_BadSource(previous, state);
            if (source.heartbeat > largest) largest = source.heartbeat;
            _sources[market][i] = source;
        }
        _feeds[market] = Feed({
            last: anchor,
            lastAt: 0,
            sources: uint8(count),
            quorum: settings.quorum,
            maxDeviationBps: settings.maxDeviationBps,
            heartbeat: uint16(largest),
            next: 0,
            held: 0
        });
        emit FeedListed(market, sources, settings, anchor);
    }

    /// @inheritdoc IPriceFeed
    function setSequencer(address feed, uint32 grace) external onlyGovernance {
        if (grace > MAX_GRACE) revert PriceFeed_Grace(grace, MAX_GRACE);
        _sequencer = Sequencer(feed, grace);
        emit SequencerSet(feed, grace);
    }

    // ------------------------------------------------------------------ reading

    function _readStored(ScopeId market, Feed memory feed) private view returns (Price memory price) {
        // A market that was never listed may be unknown to the store as well.
        if (feed.sources != 0) price = _read(market, feed, PARAMETERS.valueOf(market, MAX_AGE));
    }

    /// @param maxAge As the store has it; never below twice what the slowest source promises, also when the DAO has since lowered `oracle.heartbeat`.
    function _read(ScopeId market, Feed memory feed, uint256 maxAge) private view returns (Price memory price) {
        uint256 count = feed.sources;
        if (count == 0) return price;
        (uint256[] memory words, uint256 usable, uint256 fresh) = _collect(market, feed, _atLeastTwice(maxAge, feed.heartbeat));
        if (usable < feed.quorum) return price;
        bool enough = fresh >= feed.quorum;
        uint256 taken = enough ? fresh : feed.quorum;
        // Sorted by update; the newest `taken` move to the front.
        sortFirst(words, usable);
        for (uint256 i = 0; i < taken; ++i) {
            (words[i], words[usable - taken + i]) = (words[usable - taken + i], words[i]);
        }

        uint256[] memory prices = new uint256[](taken);
        for (uint256 i = 0; i < taken; ++i) {
            prices[i] = uint128(words[i]);
        }
        sortFirst(prices, taken);
        uint256 median = medianOfSorted(prices, taken);
        (uint256 kept, uint256 furthest, uint256 oldest) = _agreeing(words, taken, median, feed.maxDeviationBps);
        if (kept < feed.quorum) return price;

        price.price = median;
        price.observedAt = uint48(oldest);
        price.confidenceBps = uint16((furthest * BPS + median - 1) / median);
        price.status = enough && sequencerReady() ? PriceStatus.FRESH : PriceStatus.STALE;
    }

    /// @return words `updatedAt << 128 | price` of each usable source.
    function _collect(ScopeId market, Feed memory feed, uint256 maxAge)
        private
        view
        returns (uint256[] memory words, uint256 usable, uint256 fresh)
    {
        words = new uint256[](feed.sources);
        for (uint256 i = 0; i < words.length; ++i) {
            (SourceState state, uint256 word) = _judge(_sources[market][i], feed.last, maxAge);
            if (state < SourceState.STALE) continue;
            words[usable++] = word;
            if (state == SourceState.GOOD) ++fresh;
        }
    }

    /// @dev How many of the first `taken` lie near the median, how far the furthest of them is, and when the oldest of them was updated.
    function _agreeing(uint256[] memory words, uint256 taken, uint256 median, uint256 maxDeviationBps)
        private
        pure
        returns (uint256 kept, uint256 furthest, uint256 oldest)
    {
        oldest = type(uint256).max;
        for (uint256 i = 0; i < taken; ++i) {
            uint256 price = uint128(words[i]);
            uint256 distance = price > median ? price - median : median - price;
            if (distance * BPS > median * maxDeviationBps) continue;
            ++kept;
            if (distance > furthest) furthest = distance;
            if (words[i] >> 128 < oldest) oldest = words[i] >> 128;
        }
    }

    function _judge(Source memory source, uint256 last, uint256 maxAge) private view returns (SourceState state, uint256 word) {
        (bool answered, Round memory round) = readRound(source.aggregator);
        if (!answered) return (SourceState.NO_ANSWER, 0);
        if (round.id == 0 || round.updatedAt == 0 || round.answeredIn < round.id) return (SourceState.INCOMPLETE, 0);
        if (round.answer <= 0) return (SourceState.NOT_POSITIVE, 0);
        if (round.updatedAt > block.timestamp) return (SourceState.IN_FUTURE, 0);
        // Above MAX_PRICE * JUMP it has jumped, whatever the last price; below, scaling cannot overflow.
        uint256 answer = uint256(round.answer);
        if (answer > type(uint128).max) return (SourceState.JUMPED, 0);
        uint256 price = answer * 10 ** (MAX_DECIMALS - source.decimals);
        if (price > type(uint128).max || price >= last * JUMP || price * JUMP <= last) return (SourceState.JUMPED, 0);
        state = block.timestamp - round.updatedAt > maxAge ? SourceState.STALE : SourceState.GOOD;
        word = round.updatedAt << 128 | price;
    }

    function _atLeastTwice(uint256 maxAge, uint256 heartbeat) private pure returns (uint256) {
        return maxAge < 2 * heartbeat ? 2 * heartbeat : maxAge;
    }
}
