// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPushAdapter} from "../../../contracts/interfaces/IPushAdapter.sol";

/// @notice How a setter misbehaves.
enum Conduct {
    HONEST,
    REVERTS,
    BURNS_GAS,
    LONG_REASON, // reverts with 100,000 bytes
    CLAMPS, // silently takes at most `limit`
    IGNORES,
    NARROW, // keeps the low byte
    REENTERS, // calls sync and takes no notice of the answer
    CALLS_ATTEMPT, // calls the adapter's inner function
    MOVES_ANOTHER, // also sets `other` to `limit`
    HUNGRY, // honest, but uses 300,000 gas first
    CALLS // calls `victim` with `payload`, takes no notice of the answer, and then shows `limit` unless that is zero
}

/// @notice A protocol with numbers by name, setters for its manager, getters in several shapes, and one rule between two of its numbers.
contract ForeignProtocol {
    error NotManager(address caller);
    error InitialBelowMaintenance(uint256 initial, uint256 maintenance);
    error Refused(bytes32 name, uint256 number);

    bytes32 public constant INITIAL = "initial";
    bytes32 public constant MAINTENANCE = "maintenance";

    struct Behaviour {
        Conduct conduct;
        uint256 limit;
        bytes32 other;
        address victim;
        bytes payload;
    }

    address public manager;
    uint256 public calls;
    mapping(bytes32 name => uint256) private _numbers;
    mapping(bytes32 name => Behaviour) private _behaviours;
    bytes32 private _silent;

    function appoint(address manager_) external {
        manager = manager_;
    }

    function force(bytes32 name, uint256 value) external {
        _numbers[name] = value;
    }

    function behave(bytes32 name, Conduct conduct, uint256 limit, bytes32 other) external {
        _behaviours[name].conduct = conduct;
        (_behaviours[name].limit, _behaviours[name].other) = (limit, other);
    }

    function callBack(bytes32 name, address victim, bytes calldata payload, uint256 limit) external {
        (_behaviours[name].conduct, _behaviours[name].limit) = (Conduct.CALLS, limit);
        (_behaviours[name].victim, _behaviours[name].payload) = (victim, payload);
    }

    /// @dev The getter of `name` reverts from now on.
    function silence(bytes32 name) external {
        _silent = name;
    }

    function number(bytes32 name) external view returns (uint256) {
        if (name == _silent && name != 0) revert("silent");
        return _numbers[name];
    }

    /// @dev As a public mapping of structs answers: the number is the third word.
    function record(bytes32 name) external view returns (address, bool, uint256, uint256) {
        return (manager, true, _numbers[name], 7);
    }

    function hungry(bytes32) external view returns (uint256) {
        while (gasleft() > 0) {}
        return manager.code.length;
    }

    function set(bytes32 name, uint256 value) external {
        if (msg.sender != manager) revert NotManager(msg.sender);
        ++calls;
        Behaviour memory b = _behaviours[name];
        if (b.conduct == Conduct.REVERTS) revert Refused(name, value);
        if (b.conduct == Conduct.BURNS_GAS) while (true) {}
        if (b.conduct == Conduct.LONG_REASON) {
            assembly {
                revert(mload(0x40), 100000)
            }
        }
        if (b.conduct == Conduct.HUNGRY) {
            uint256 before = gasleft();
            while (before - gasleft() < 300_000) {}
        }
        if (b.conduct == Conduct.IGNORES) return;
        if (b.conduct == Conduct.CLAMPS && value > b.limit) value = b.limit;
        if (b.conduct == Conduct.NARROW) value = uint8(value);
        if (b.conduct == Conduct.MOVES_ANOTHER) _numbers[b.other] = b.limit;
        _numbers[name] = value;
        _requireOrder();
        if (b.conduct == Conduct.REENTERS) IPushAdapter(manager).sync();
        bool done;
        if (b.conduct == Conduct.CALLS_ATTEMPT) {
            (done,) = manager.call(abi.encodeWithSignature("attempt(uint256,uint256,bool,address)", 0, 1, false, address(this)));
        }
        if (b.conduct == Conduct.CALLS) {
            (done,) = b.victim.call(b.payload);
            if (b.limit != 0) _numbers[name] = b.limit;
        }
    }

    function _requireOrder() private view {
        (uint256 initial, uint256 maintenance) = (_numbers[INITIAL], _numbers[MAINTENANCE]);
        // Percent against wad.
        if (initial * 1e16 < maintenance) revert InitialBelowMaintenance(initial, maintenance);
    }
}
