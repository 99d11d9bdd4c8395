// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Collateral} from "../../../contracts/interfaces/ICollaterals.sol";
import {PriceStatus} from "../../../contracts/interfaces/IPriceFeed.sol";
import {ParamId, ScopeId} from "../../../contracts/interfaces/ParameterTypes.sol";

/// @notice Everything that margin reads, set by the test: parameters, prices, surfaces, records of chains and ladders as code, collateral.
contract MarginWorld {
    struct Quote {
        uint256 price;
        uint48 observedAt;
        PriceStatus status;
        uint256 median;
        uint128 recorded;
        uint48 recordedAt;
    }

    struct Index {
        uint256 atmVol;
        uint48 validUntil;
        uint32 version;
    }

    bytes28 private _head;
    mapping(ScopeId scope => mapping(ParamId id => uint64)) private _values;
    mapping(ScopeId scope => mapping(ParamId id => uint64)) private _effective;
    mapping(ScopeId market => Quote) private _quotes;
    mapping(uint256 expiry => Index) private _indices;
    mapping(uint256 chain => uint256) private _records;
    mapping(uint256 chain => uint128) private _settlements;
    mapping(uint256 chain => uint128[]) private _strikes;
    mapping(uint256 chain => address) private _payoffs;
    mapping(uint256 market => ScopeId) private _markets;
    mapping(ScopeId group => Collateral[]) private _collaterals;

    // ------------------------------------------------------------------ parameters

    /// @dev A write, as the store has it: the head moves.
    function setValue(ScopeId scope, ParamId id, uint64 value, uint64 effective) public {
        (_values[scope][id], _effective[scope][id]) = (value, effective);
        _head = bytes28(keccak256(abi.encode(_head, scope, id, value)));
    }

    function setValues(ScopeId scope, ParamId[] calldata ids, uint64[] calldata values) external {
        for (uint256 i = 0; i < ids.length; ++i) {
            setValue(scope, ids[i], values[i], values[i]);
        }
    }

    /// @dev A ramp moves on: no write, the head stays.
    function setEffective(ScopeId scope, ParamId id, uint64 effective) external {
        _effective[scope][id] = effective;
    }

    function valueOf(ScopeId scope, ParamId id) external view returns (uint64) {
        return _values[scope][id];
    }

    function effectiveOf(ScopeId scope, ParamId id) external view returns (uint64) {
        return _effective[scope][id];
    }

    function head() external view returns (bytes28, uint32) {
        return (_head, 0);
    }

    // ------------------------------------------------------------------ prices

    function setQuote(ScopeId market, Quote calldata quote) external {
        _quotes[market] = quote;
    }

    function quoteOf(ScopeId market, uint256) external view returns (uint256, uint48, PriceStatus) {
        Quote storage q = _quotes[market];
        return (q.price, q.observedAt, q.status);
    }

    function medianOf(ScopeId market) external view returns (uint256, uint256) {
        return (_quotes[market].median, 3);
    }

    function lastOf(ScopeId market) external view returns (uint128, uint48) {
        return (_quotes[market].recorded, _quotes[market].recordedAt);
    }

    // ------------------------------------------------------------------ surfaces

    function setIndex(uint256 expiry, Index calldata index) external {
        _indices[expiry] = index;
    }

    function indexOf(ScopeId, uint48 expiry) external view returns (uint256, uint48, uint32) {
        Index storage i = _indices[expiry];
        return (i.atmVol, i.validUntil, i.version);
    }

    // ------------------------------------------------------------------ chains

    function setMarket(uint256 market, ScopeId scope) external {
        _markets[market] = scope;
    }

    function marketOf(uint16 market) external view returns (ScopeId) {
        return _markets[market];
    }

    /// @param words The ladder; none for a chain without.
    function setChain(uint256 chain, uint16 market, uint40 expiry, uint8 status, bytes calldata words) external {
        address blob;
        if (words.length != 0) {
            bytes memory code = bytes.concat(hex"00", words);
            // Returns the code behind itself.
            bytes memory creation = bytes.concat(hex"61", bytes2(uint16(code.length)), hex"80600a3d393df3", code);
            assembly ("memory-safe") {
                blob := create(0, add(creation, 32), mload(creation))
            }
            require(blob.code.length == code.length, "no blob");
        }
        _records[chain] = market | uint256(expiry) << 16 | uint256(status) << 80 | uint256(uint160(blob)) << 96;
    }

    function settle(uint256 chain, uint128 price) external {
        _records[chain] |= 1 << 88;
        _settlements[chain] = price;
    }

    function list(uint256 chain, uint128[] calldata strikes, address payoff) external {
        (_strikes[chain], _payoffs[chain]) = (strikes, payoff);
    }

    function strikesOf(uint32 chain) external view returns (uint128[] memory, address) {
        return (_strikes[chain], _payoffs[chain]);
    }

    function settlementOf(uint32 chain) external view returns (uint128) {
        return _settlements[chain];
    }

    function wordsOf(uint256[] calldata chains) external view returns (uint256[] memory words) {
        words = new uint256[](4 * chains.length);
        for (uint256 i = 0; i < words.length; ++i) {
            words[i] = _records[uint32(chains[i / 4] >> 64 * (i % 4))];
        }
    }

    // ------------------------------------------------------------------ collateral

    function addCollateral(ScopeId group, Collateral calldata collateral) external {
        _collaterals[group].push(collateral);
    }

    function countOf(ScopeId group) external view returns (uint256) {
        return _collaterals[group].length;
    }

    function collateralAt(ScopeId group, uint256 place) external view returns (Collateral memory) {
        return _collaterals[group][place];
    }
}
