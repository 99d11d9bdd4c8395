// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChainId, MAX_STRIKES} from "../interfaces/ClearingTypes.sol";
import {ChainRecord, Grid, GridShape, IChains} from "../interfaces/IChains.sol";
import {IPayoff} from "../interfaces/IPayoff.sol";
import {IPriceFeed, Price, PriceStatus} from "../interfaces/IPriceFeed.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ScopeId, ScopeKind} from "../interfaces/ParameterTypes.sol";
import {LISTER_ROLE} from "../interfaces/Roles.sol";
import {Blob} from "../parameters/Blob.sol";
import {exponential} from "./Exponential.sol";
import {LadderLayout} from "./LadderLayout.sol";

/// @title Markets and chains
/// @dev What a listing fixes stands in a blob: the tick, then the words of the ladder's table without vols.
abstract contract ChainLister is IChains {
    uint256 private constant MIN_TIME = 1 hours;
    uint256 private constant MAX_TIME = 3 * 365 days;
    uint256 private constant EXPIRY_HOUR = 8 hours;
    /// @dev A strike is this many times the price at most, or its inverse.
    uint256 private constant STRIKE_RANGE = 10;
    /// @dev Prices of which every node has nine digits, and no strike more than 113 bits.
    uint256 private constant MIN_SPOT = 1e10;
    uint256 private constant MAX_SPOT = 1e32;

    struct Terms {
        address blob;
        uint8 kind;
        uint8 strikes;
        int16 unitExponent;
    }

    IRiskParameters internal immutable PARAMETERS;
    /// @inheritdoc IChains
    IPriceFeed public immutable feed;

    IPayoff[] private _payoffs;
    ScopeId[] private _markets; // number one first
    mapping(ScopeId scope => uint16) private _numbers;
    mapping(uint16 market => Grid[3]) private _grids;
    uint32 private _chainCount;
    mapping(ChainId chain => ChainRecord) internal _records;
    mapping(ChainId chain => Terms) internal _terms;

    constructor(IRiskParameters parameters, IPriceFeed feed_, IPayoff[] memory payoffs_) {
        PARAMETERS = parameters;
        feed = feed_;
        for (uint256 i = 0; i < payoffs_.length; ++i) {
            uint256 kind = payoffs_[i].kind();
            if (kind != i) revert Chains_PayoffKind(address(payoffs_[i]), kind, i);
        }
        _payoffs = payoffs_;
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IChains
    function payoffs() external view returns (IPayoff[] memory) {
        return _payoffs;
    }

    /// @inheritdoc IChains
    function marketCount() external view returns (uint16) {
        return uint16(_markets.length);
    }

    /// @inheritdoc IChains
    function marketOf(uint16 market) public view returns (ScopeId scope) {
        if (market == 0 || market > _markets.length) revert Chains_UnknownMarket(market);
        return _markets[market - 1];
    }

    /// @inheritdoc IChains
    function numberOf(ScopeId scope) external view returns (uint16 market) {
        return _numbers[scope];
    }

    /// @inheritdoc IChains
    function gridsOf(uint16 market) external view returns (Grid[3] memory) {
        marketOf(market);
        return _grids[market];
    }

    /// @inheritdoc IChains
    function chainCount() external view returns (uint32) {
        return _chainCount;
    }

    /// @inheritdoc IChains
    function record(ChainId chain) external view returns (ChainRecord memory) {
        return _records[chain];
    }

    /// @inheritdoc IChains
    function wordsOf(uint256[] calldata chains) external view returns (uint256[] memory words) {
        words = new uint256[](4 * chains.length);
        for (uint256 i = 0; i < words.length; ++i) {
            uint32 id = uint32(chains[i / 4] >> 64 * (i % 4));
            if (id == 0) continue;
            ChainRecord storage stored = _records[ChainId.wrap(id)];
            uint256 word;
            assembly ("memory-safe") {
                word := sload(stored.slot)
            }
            words[i] = word;
        }
    }

    /// @inheritdoc IChains
    function strikesOf(ChainId chain) external view returns (uint128[] memory strikes, IPayoff payoff) {
        (uint128 tick, uint256[] memory table) = listingOf(chain);
        Terms memory terms = _terms[chain];
        strikes = new uint128[](terms.strikes);
        for (uint256 i = 0; i < strikes.length; ++i) {
            (uint256 multiple,,) = LadderLayout.tableEntry(table[i / 4], i);
            strikes[i] = uint128(multiple * tick); // ten times the price at most
        }
        payoff = _payoffs[terms.kind];
    }

    /// @inheritdoc IChains
    function listingOf(ChainId chain) public view returns (uint128 tick, uint256[] memory table) {
        Terms memory terms = _terms[chain];
        address blob = terms.blob;
        if (blob == address(0)) revert Chains_UnknownChain(chain);
        table = new uint256[](LadderLayout.tableWords(terms.strikes));
        assembly ("memory-safe") {
            extcodecopy(blob, 0, 1, 32)
            tick := mload(0)
            extcodecopy(blob, add(table, 32), 33, shl(5, mload(table)))
        }
    }

    // ------------------------------------------------------------------ listers, and the DAO

    /// @inheritdoc IChains
    function listChain(uint16 market, uint40 expiry, uint8 kind, uint128 tick, uint32[] calldata multiples)
        external
        returns (ChainId chain)
    {
        if (!PARAMETERS.hasRole(LISTER_ROLE, msg.sender) && !_isGovernance(msg.sender)) revert Chains_NotLister(msg.sender);
        ScopeId scope = marketOf(market);
        _requireExpiry(expiry);
        if (kind >= _payoffs.length) revert Chains_UnknownKind(kind, _payoffs.length - 1);
        uint256 spot = _freshPrice(scope);
        (uint256[] memory table, int256 least) = _tableOf(kind, tick, multiples, spot);

        chain = ChainId.wrap(++_chainCount);
        _records[chain].market = market;
        _records[chain].expiry = expiry;
        _terms[chain] = Terms({
            blob: Blob.write(abi.encodePacked(uint256(tick), table)),
            kind: kind,
            strikes: uint8(multiples.length),
            unitExponent: int16(least)
        });
        emit ChainListed(chain, market, expiry, kind, tick, multiples, msg.sender);
    }

    // ------------------------------------------------------------------ DAO

    /// @inheritdoc IChains
    function listMarket(ScopeId scope, GridShape[3] calldata grids) external returns (uint16 market) {
        _requireGovernance();
        if (scope.kindOf() != ScopeKind.MARKET) revert Chains_NotAMarket(scope);
        if (_numbers[scope] != 0) revert Chains_MarketIsListed(scope, _numbers[scope]);
        _freshPrice(scope);
        _markets.push(scope);
        market = uint16(_markets.length);
        _numbers[scope] = market;
        emit MarketListed(market, scope);
        _setGrids(market, grids);
    }

    /// @inheritdoc IChains
    function setGrids(uint16 market, GridShape[3] calldata grids) external {
        _requireGovernance();
        marketOf(market);
        _setGrids(market, grids);
    }

    // ------------------------------------------------------------------ inner

    /// @dev Grid of a post, by the time to expiry at its observation.
    function _gridFor(uint16 market, uint256 time) internal view returns (Grid memory) {
        return _grids[market][time < 7 days ? 0 : time < 45 days ? 1 : 2];
    }

    function _isGovernance(address caller) internal view returns (bool) {
        return PARAMETERS.hasRole(0x00, caller);
    }

    function _requireGovernance() private view {
        if (!_isGovernance(msg.sender)) revert Chains_NotGovernance(msg.sender);
    }

    function _freshPrice(ScopeId scope) private view returns (uint256) {
        Price memory price = feed.read(scope);
        if (price.status != PriceStatus.FRESH) revert Chains_NoFreshPrice(scope);
        if (price.price < MIN_SPOT || price.price > MAX_SPOT) revert Chains_SpotOutOfRange(price.price, MIN_SPOT, MAX_SPOT);
        return price.price;
    }

    function _requireExpiry(uint256 expiry) private view {
        if (expiry % 1 days != EXPIRY_HOUR) revert Chains_ExpiryNotAtEight(uint40(expiry), expiry % 1 days);
        uint256 time = block.timestamp;
        if (expiry < time + MIN_TIME || expiry > time + MAX_TIME) {
            revert Chains_ExpiryOutOfRange(uint40(expiry), time + MIN_TIME, time + MAX_TIME);
        }
    }

    function _tableOf(uint256 kind, uint256 tick, uint32[] calldata multiples, uint256 spot)
        private
        pure
        returns (uint256[] memory table, int256 least)
    {
        uint256 count = multiples.length;
        if (count == 0 || count > MAX_STRIKES) revert Chains_StrikeCount(count, 1, MAX_STRIKES);
        table = new uint256[](LadderLayout.tableWords(count));
        uint256 previous;
        for (uint256 i = 0; i < count; ++i) {
            uint256 multiple = multiples[i];
            if (multiple <= previous) revert Chains_StrikesNotAscending(previous, multiple);
            previous = multiple;
            uint256 strike = multiple * tick;
            if (strike < spot / STRIKE_RANGE || strike > spot * STRIKE_RANGE) {
                revert Chains_StrikeOutOfRange(strike, spot / STRIKE_RANGE, spot * STRIKE_RANGE);
            }
            int256 exponent = kind == 0 ? LadderLayout.vanillaExponent(strike) : LadderLayout.DIGITAL_EXPONENT;
            if (i == 0) least = exponent; // strikes ascend, and exponents with them
            table[i / 4] |= (multiple | uint256(exponent + LadderLayout.BIAS) << 56) << 64 * (i % 4);
        }
    }

    function _setGrids(uint16 market, GridShape[3] calldata shapes) private {
        for (uint256 i = 0; i < 3; ++i) {
            _requireShape(i, shapes[i]);
            _grids[market][i] = Grid({
                shape: shapes[i],
                lowest: uint64(exponential(int256(shapes[i].first) * 1e12)),
                ratio: uint64(exponential(int256(uint256(shapes[i].spacing)) * 1e12))
            });
        }
        emit GridsSet(market, _grids[market]);
    }

    /// @dev As `postChain` of risk/margin/ladder asks, with the base and the near nodes inside the grid.
    function _requireShape(uint256 grid, GridShape calldata shape) private pure {
        int256 first = shape.first;
        int256 spacing = int256(uint256(shape.spacing));
        int256 near = int256(uint256(shape.nearSpacing));
        int256 nodes = int256(uint256(shape.nodes));
        _requireField(grid, 0, first, -3e6, -1e3);
        _requireField(grid, 1, spacing, 1e3, 0.2e6);
        _requireField(grid, 2, near, 1e3, 0.1e6);
        if (nodes != 16 && nodes != 32 && nodes != 48) revert Chains_Grid(grid, 3, nodes, 16, 48);
        int256 last = first + (nodes - 1) * spacing;
        _requireField(grid, 4, last, 1e3, 2e6);
        _requireField(grid, 5, -near * 15 / 2, first, 0);
        _requireField(grid, 6, near * 15 / 2, 0, last);
    }

    function _requireField(uint256 grid, uint256 field, int256 given, int256 atLeast, int256 atMost) private pure {
        if (given < atLeast || given > atMost) revert Chains_Grid(grid, field, given, atLeast, atMost);
    }
}
