// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAggregatorV3} from "../../../contracts/interfaces/IAggregatorV3.sol";
import {Price, PriceStatus} from "../../../contracts/interfaces/IPriceFeed.sol";
import {ParamId, ScopeId} from "../../../contracts/interfaces/ParameterTypes.sol";

/// @notice The two values and the one role of the store that the oracles read.
contract TestStore {
    address private immutable DAO;
    mapping(ParamId id => uint64) private _values;

    constructor(address dao) {
        DAO = dao;
    }

    function set(ParamId id, uint64 value) external {
        _values[id] = value;
    }

    function hasRole(bytes32 role, address account) external view returns (bool) {
        return role == 0x00 && account == DAO;
    }

    function valueOf(ScopeId, ParamId id) external view returns (uint64) {
        return _values[id];
    }
}

/// @notice How an aggregator misbehaves.
enum Misbehaviour {
    NONE,
    REVERT,
    BURN_GAS,
    SHORT_ANSWER,
    LONG_ANSWER,
    REENTER,
    HUNGRY // honest, but burns 80,000 gas first
}

/// @notice An aggregator whose answer the test sets.
contract TestAggregator is IAggregatorV3 {
    uint8 public decimals;
    Misbehaviour private _misbehaviour;
    address private _victim;
    bytes private _call;

    uint80 private _id = 1;
    uint80 private _answeredIn = 1;
    int256 private _answer;
    uint256 private _startedAt = 1;
    uint256 private _updatedAt;

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function setDecimals(uint8 decimals_) external {
        decimals = decimals_;
    }

    function set(int256 answer, uint256 updatedAt) external {
        (_answer, _updatedAt) = (answer, updatedAt);
        ++_id;
        _answeredIn = _id;
    }

    function setRound(uint80 id, uint80 answeredIn, uint256 startedAt) external {
        (_id, _answeredIn, _startedAt) = (id, answeredIn, startedAt);
    }

    function misbehave(Misbehaviour misbehaviour) external {
        _misbehaviour = misbehaviour;
    }

    function reenter(address victim, bytes calldata call) external {
        (_misbehaviour, _victim, _call) = (Misbehaviour.REENTER, victim, call);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        if (_misbehaviour == Misbehaviour.REVERT) revert("no");
        if (_misbehaviour == Misbehaviour.BURN_GAS) while (true) {}
        if (_misbehaviour == Misbehaviour.SHORT_ANSWER) {
            assembly {
                return(0, 159)
            }
        }
        if (_misbehaviour == Misbehaviour.LONG_ANSWER) {
            assembly {
                mstore(0, 0)
                return(0, 100000)
            }
        }
        if (_misbehaviour == Misbehaviour.REENTER) {
            (bool done,) = _victim.staticcall(_call);
            if (!done) revert("kept out");
        }
        if (_misbehaviour == Misbehaviour.HUNGRY) {
            uint256 before = gasleft();
            while (before - gasleft() < 80_000) {}
        }
        return (_id, _answer, _startedAt, _updatedAt, _answeredIn);
    }
}

/// @notice A price feed whose reading the test sets.
contract TestPrices {
    Price private _price;

    function set(uint256 price, PriceStatus status) external {
        _price = Price(price, 0, status, 0);
    }

    function read(ScopeId) external view returns (Price memory) {
        return _price;
    }
}

/// @notice A mandate's engines, and a guardian, that the test sets.
contract TestPowers {
    address[] private _engines;
    uint8 private _threshold;
    address public guardian;

    function set(address[] calldata set_, uint8 threshold, address guardian_) external {
        (_engines, _threshold, guardian) = (set_, threshold, guardian_);
    }

    function engines() external view returns (address[] memory, uint8) {
        return (_engines, _threshold);
    }
}
