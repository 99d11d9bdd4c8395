// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceFeed, Price, PriceStatus} from "../interfaces/IPriceFeed.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ISettlementOracle, Settlement} from "../interfaces/ISettlementOracle.sol";
import {ScopeId} from "../interfaces/ParameterTypes.sol";
import {medianOfSorted, sortFirst} from "./Median.sol";

/// @title Settlement prices
/// @dev The DAO is whoever holds DEFAULT_ADMIN_ROLE on the store. Thirty prices of the window, two to a word.
contract SettlementOracle is ISettlementOracle {
    /// @inheritdoc ISettlementOracle
    uint256 public constant WINDOW = 30 minutes;
    /// @inheritdoc ISettlementOracle
    uint256 public constant MIN_OBSERVATIONS = 20;
    /// @inheritdoc ISettlementOracle
    uint256 public constant FALLBACK_DELAY = 1 days;

    uint256 private constant MINUTES = WINDOW / 1 minutes;
    /// @dev An observation counts between the median divided and multiplied by this.
    uint256 private constant BAND = 2;

    IRiskParameters private immutable PARAMETERS;
    IPriceFeed private immutable FEED;

    struct Record {
        uint128 price;
        uint32 observed; // bit i: minute i of the window
        bool isFinal;
        bool byGovernance;
        uint128 least;
        uint128 greatest;
    }

    mapping(ScopeId market => mapping(uint48 expiry => Record)) private _records;
    mapping(ScopeId market => mapping(uint48 expiry => uint128[MINUTES])) private _prices;

    /// @param parameters The store; its admin is the DAO.
    constructor(IRiskParameters parameters, IPriceFeed feed) {
        PARAMETERS = parameters;
        FEED = feed;
    }

    /// @inheritdoc ISettlementOracle
    function settlementOf(ScopeId market, uint48 expiry) external view returns (Settlement memory) {
        Record memory record = _records[market][expiry];
        return Settlement({
            price: record.price,
            isFinal: record.isFinal,
            byGovernance: record.byGovernance,
            observations: uint8(_countOf(record.observed)),
            least: record.least,
            greatest: record.greatest
        });
    }

    // ------------------------------------------------------------------ anyone

    /// @inheritdoc ISettlementOracle
    function poke(ScopeId market, uint48 expiry) external {
        Record memory record = _openRecord(market, expiry);
        bool late = block.timestamp >= expiry;
        uint256 minute;
        if (late) {
            uint256 count = _countOf(record.observed);
            if (count >= MIN_OBSERVATIONS) revert SettlementOracle_WindowComplete(count, MIN_OBSERVATIONS);
            uint256 closedAt = expiry + FALLBACK_DELAY;
            if (block.timestamp >= closedAt && record.greatest != 0) {
                revert SettlementOracle_TooLate(expiry, block.timestamp, closedAt);
            }
        } else {
            if (block.timestamp + WINDOW < expiry) revert SettlementOracle_TooEarly(expiry, block.timestamp, expiry - WINDOW);
            minute = (block.timestamp + WINDOW - expiry) / 1 minutes;
            if (record.observed >> minute & 1 == 1) revert SettlementOracle_AlreadyObserved(market, expiry, minute);
        }
        Price memory current = FEED.read(market);
        if (current.status != PriceStatus.FRESH) revert SettlementOracle_NotFresh(market);

        // The feed's prices are below 2^128.
        uint128 price = uint128(current.price);
        if (!late) {
            _prices[market][expiry][minute] = price;
            record.observed |= uint32(1 << minute);
        }
        if (record.least == 0 || price < record.least) record.least = price;
        if (price > record.greatest) record.greatest = price;
        _records[market][expiry] = record;
        emit SettlementObserved(market, expiry, price, late);
    }

    /// @inheritdoc ISettlementOracle
    function finalise(ScopeId market, uint48 expiry) external returns (uint128 price) {
        Record memory record = _openRecord(market, expiry);
        if (block.timestamp < expiry) revert SettlementOracle_TooEarly(expiry, block.timestamp, expiry);
        uint256 counted;
        (price, counted) = _average(market, expiry, record.observed);
        if (counted < MIN_OBSERVATIONS) revert SettlementOracle_TooFewObservations(counted, MIN_OBSERVATIONS);
        _settle(market, expiry, record, price, counted, false);
    }

    // ------------------------------------------------------------------ DAO

    /// @inheritdoc ISettlementOracle
    function finaliseByGovernance(ScopeId market, uint48 expiry, uint128 price) external {
        if (!PARAMETERS.hasRole(0x00, msg.sender)) revert SettlementOracle_NotGovernance(msg.sender);
        Record memory record = _openRecord(market, expiry);
        uint256 opensAt = expiry + FALLBACK_DELAY;
        if (block.timestamp < opensAt) revert SettlementOracle_TooEarly(expiry, block.timestamp, opensAt);
        (, uint256 counted) = _average(market, expiry, record.observed);
        if (counted >= MIN_OBSERVATIONS) revert SettlementOracle_WindowComplete(counted, MIN_OBSERVATIONS);
        if (price == 0 || price < record.least || price > record.greatest) {
            revert SettlementOracle_OutsideObserved(price, record.least, record.greatest);
        }
        _settle(market, expiry, record, price, counted, true);
    }

    // ------------------------------------------------------------------ inner

    function _openRecord(ScopeId market, uint48 expiry) private view returns (Record memory record) {
        record = _records[market][expiry];
        if (record.isFinal) revert SettlementOracle_Final(market, expiry, record.price);
    }

    function _settle(ScopeId market, uint48 expiry, Record memory record, uint128 price, uint256 counted, bool byGovernance) private {
        record.price = price;
        record.isFinal = true;
        record.byGovernance = byGovernance;
        _records[market][expiry] = record;
        emit Settled(market, expiry, price, counted, byGovernance);
    }

    /// @dev Mean of the observations inside the band around their median, rounded down; how many there are.
    function _average(ScopeId market, uint48 expiry, uint32 observed) private view returns (uint128 mean, uint256 counted) {
        uint256[] memory prices = new uint256[](MINUTES);
        uint256 count;
        for (uint256 i = 0; i < MINUTES; ++i) {
            if (observed >> i & 1 == 1) prices[count++] = _prices[market][expiry][i];
        }
        if (count == 0) return (0, 0);
        sortFirst(prices, count);
        uint256 median = medianOfSorted(prices, count);
        uint256 sum;
        for (uint256 i = 0; i < count; ++i) {
            if (prices[i] * BAND < median || prices[i] > median * BAND) continue;
            sum += prices[i];
            ++counted;
        }
        // At least one counts: the upper middle one is at most twice the mean of the middle two.
        mean = uint128(sum / counted);
    }

    function _countOf(uint32 observed) private pure returns (uint256 count) {
        for (; observed != 0; observed &= observed - 1) {
            ++count;
        }
    }
}
