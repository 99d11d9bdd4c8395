// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChainId, Holdings} from "../../../contracts/interfaces/ClearingTypes.sol";
import {ChainRecord, LadderStatus} from "../../../contracts/interfaces/IChains.sol";
import {CashToken, Collateral} from "../../../contracts/interfaces/ICollaterals.sol";
import {Assessment, Footing, Pass} from "../../../contracts/interfaces/IMargin.sol";
import {IPayoff} from "../../../contracts/interfaces/IPayoff.sol";
import {Price, PriceStatus} from "../../../contracts/interfaces/IPriceFeed.sol";
import {ParamId, ScopeId} from "../../../contracts/interfaces/ParameterTypes.sol";

/// @notice Values of the store by scope, else for all scopes.
contract ScopedStore {
    mapping(ScopeId scope => mapping(ParamId id => uint64)) private _own;
    mapping(ParamId id => uint64) private _common;
    uint32 public links = 7;

    function set(bytes32 id, uint64 value) external {
        _common[ParamId.wrap(id)] = value;
        ++links;
    }

    function setIn(ScopeId scope, bytes32 id, uint64 value) external {
        _own[scope][ParamId.wrap(id)] = value;
        ++links;
    }

    function valueOf(ScopeId scope, ParamId id) public view returns (uint64) {
        uint64 own = _own[scope][id];
        return own == 0 ? _common[id] : own;
    }

    function effectiveOf(ScopeId scope, ParamId id) external view returns (uint64) {
        return valueOf(scope, id);
    }

    function head() external view returns (bytes28, uint32) {
        return (0, links);
    }

    function hasRole(bytes32, address) external pure returns (bool) {
        return true;
    }
}

/// @notice Index prices and the sequencer, as the test sets them.
contract TestIndex {
    mapping(ScopeId market => uint256) private _prices;
    bool public sequencerReady = true;

    function set(ScopeId market, uint256 price) external {
        _prices[market] = price;
    }

    function setReady(bool ready) external {
        sequencerReady = ready;
    }

    function read(ScopeId market) external view returns (Price memory) {
        return Price(_prices[market], uint48(block.timestamp), PriceStatus.FRESH, 0);
    }
}

/// @notice Chains 1 to 99 of market 1, 100 to 199 of market 2, three strikes each.
contract TestChains {
    ScopeId private immutable FIRST;
    ScopeId private immutable SECOND;
    mapping(ChainId chain => uint24) private _tears;
    LadderStatus private _status = LadderStatus.PROVED;

    constructor(ScopeId first, ScopeId second) {
        (FIRST, SECOND) = (first, second);
    }

    function setStatus(LadderStatus status) external {
        _status = status;
    }

    function record(ChainId chain) external view returns (ChainRecord memory) {
        uint16 market = uint16(ChainId.unwrap(chain) / 100 + 1);
        return ChainRecord(market, type(uint40).max, _tears[chain], _status, false, address(0));
    }

    function marketOf(uint16 market) external view returns (ScopeId) {
        return market == 1 ? FIRST : SECOND;
    }

    function strikesOf(ChainId) external pure returns (uint128[] memory strikes, IPayoff payoff) {
        strikes = new uint128[](3);
        (strikes[0], strikes[1], strikes[2]) = (1_800e18, 2_000e18, 2_200e18);
        payoff = IPayoff(address(0));
    }

    function countTearUp(ChainId chain) external {
        ++_tears[chain];
    }
}

/// @notice Groups in a token of six decimals, each with one collateral asset of 18; both markets belong to the first.
contract TestCollaterals {
    ScopeId private immutable MAIN;

    constructor(ScopeId main) {
        MAIN = main;
    }

    function cashOf(ScopeId) external pure returns (CashToken memory) {
        return CashToken(address(6), 6);
    }

    function countOf(ScopeId) external pure returns (uint256) {
        return 1;
    }

    function collateralsOf(ScopeId group) external pure returns (Collateral[] memory list) {
        list = new Collateral[](1);
        list[0] = Collateral(address(18), 18, 0, group, group);
    }

    function groupOfMarket(uint16) external view returns (ScopeId) {
        return MAIN;
    }
}

/// @notice A margin rule that the test can compute by hand: per contract a mark, a margin whatever the side, a signed margin that nets over the
/// account, and a delta-equivalent notional. Above `depth` of notional each further USD costs `addOnBps` more.
contract TestMargin {
    struct Rule {
        uint256 mark;
        uint256 gross;
        int256 net;
        uint256 deltaNotional;
        uint256 index;
    }

    mapping(uint64 instrument => Rule) private _rules;
    Footing private _footing = Footing.PROVED;
    uint256 private _collateral; // USD wad per unit of 1e18, haircut off
    uint256 private _depth = type(uint256).max;
    uint256 private _addOnBps;
    uint256 private _initialBps = 13_000;
    uint8 private _rule = 1;
    int256 private _gamma;
    bool private _perverse;
    bool private _netDelta;
    Footing private _markFooting = Footing.PROVED;
    mapping(uint64 instrument => uint256) private _medians;

    function set(uint64 instrument, uint256 mark, uint256 gross, int256 net, uint256 deltaNotional, uint256 index) external {
        _rules[instrument] = Rule(mark, gross, net, deltaNotional, index);
    }

    function setMark(uint64 instrument, uint256 mark) external {
        _rules[instrument].mark = mark;
    }

    /// @notice A mark at the median price: as the real rule, flags go by the milder of both, and it is read only below the requirement.
    function setMedian(uint64 instrument, uint256 mark) external {
        _medians[instrument] = mark;
    }

    function setFooting(Footing footing) external {
        _footing = footing;
    }

    function setCollateral(uint256 value) external {
        _collateral = value;
    }

    function setAddOn(uint256 depth, uint256 bps) external {
        (_depth, _addOnBps) = (depth, bps);
    }

    function setBinding(uint8 rule, int256 gamma) external {
        (_rule, _gamma) = (rule, gamma);
    }

    /// @notice What stands behind marks one by one, where it is less than what stands behind the book.
    function setMarkFooting(Footing footing) external {
        _markFooting = footing;
    }

    /// @notice From now on legs net in the delta-equivalent notional, so that a smaller book may have more of it.
    function setNetDelta() external {
        _netDelta = true;
    }

    /// @notice From now on a smaller book needs more.
    function setPerverse() external {
        _perverse = true;
    }

    function markOf(uint64 instrument) external view returns (uint256, Footing) {
        return (_rules[instrument].mark, _markFooting < _footing ? _markFooting : _footing);
    }

    function assess(Holdings calldata holdings, Pass pass) external view returns (Assessment memory a) {
        a = _assess(holdings, pass, false);
        if (a.free >= 0 || pass != Pass.MAINTENANCE) return a;
        Assessment memory other = _assess(holdings, pass, true);
        if (other.free > a.free) return other;
    }

    function _assess(Holdings calldata holdings, Pass pass, bool atMedian) private view returns (Assessment memory a) {
        a.footing = _footing;
        a.equity = holdings.cash - holdings.futuresCost;
        if (holdings.collateral.length != 0) a.equity += int256(holdings.collateral[0] * _collateral / 1e18);
        (int256 value, int256 net, uint256 gross) = _book(holdings, a, atMedian);
        // The floor: equity is rounded down.
        a.equity += value < 0 ? -((-value + 9_999) / 10_000) : value / 10_000;
        uint256 needed = gross + uint256(net < 0 ? -net : net);
        a.requirement = (needed + 9_999) / 10_000;
        if (a.notional > _depth) a.requirement += (a.notional - _depth) * _addOnBps / 10_000;
        if (_netDelta) a.deltaNotional = uint256(a.delta < 0 ? -a.delta : a.delta);
        if (_perverse) a.requirement = 1e30 - a.requirement;
        if (pass == Pass.INITIAL) a.requirement = a.requirement * _initialBps / 10_000;
        a.free = a.equity - int256(a.requirement);
        a.binding.rule = _rule;
        a.gamma = _gamma;
    }

    function _book(Holdings calldata holdings, Assessment memory a, bool atMedian)
        private
        view
        returns (int256 value, int256 net, uint256 gross)
    {
        uint256 word = 0;
        for (uint256 i = 0; i < 4 * holdings.chains.length; ++i) {
            uint256 entry = holdings.chains[i / 4] >> (64 * (i % 4));
            uint256 count = uint8(entry >> 56);
            for (uint256 j = 0; j < count; ++j) {
                uint256 packed = holdings.pages[word + j / 5] >> (48 * (j % 5));
                Rule memory rule = _rules[(uint64(uint32(entry)) << 32) | uint8(packed)];
                uint256 median = _medians[(uint64(uint32(entry)) << 32) | uint8(packed)];
                if (atMedian && median != 0) rule.mark = median;
                int256 lots = int40(uint40(packed >> 8));
                uint256 size = uint256(lots < 0 ? -lots : lots);
                value += lots * int256(rule.mark);
                net += lots * rule.net;
                gross += size * rule.gross;
                a.deltaNotional += size * rule.deltaNotional / 10_000;
                a.notional += size * rule.index / 10_000;
                a.delta += lots * int256(rule.deltaNotional) / 10_000;
            }
            word += (count + 4) / 5;
        }
    }
}
