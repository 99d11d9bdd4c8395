// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMirrorAdapter, Probe} from "../interfaces/IMirrorAdapter.sol";
import {Binding} from "../interfaces/IParameterAdapter.sol";
import {IPushAdapter, Pushed, Setter} from "../interfaces/IPushAdapter.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ScopeId} from "../interfaces/ParameterTypes.sol";
import {MirrorAdapter} from "./MirrorAdapter.sol";
import {requireCallGas} from "./ProbeReader.sol";

/// @title Carries the store's live values into another protocol through its setters
contract PushAdapter is IPushAdapter, MirrorAdapter {
    /// @inheritdoc IPushAdapter
    uint256 public constant SETTER_GAS = 400_000;
    /// @dev Bytes of a setter's revert reason that are kept: a selector and three words.
    uint256 private constant REASON_BYTES = 100;

    enum Phase {
        IDLE,
        SYNCING,
        REENTERED // a setter called {sync}
    }

    /// @dev A binding as an attempt found it.
    struct Found {
        bool readable;
        uint256 actual; // what the other protocol showed
        uint64 value; // what the store had, own unit
        uint256 wanted; // the same in the other protocol's unit
    }

    Setter[] private _setters; // one for each binding
    uint256[] private _batchEnds; // a batch begins where the one before ends
    mapping(uint256 binding => Pushed) private _last;
    Phase private transient _phase;

    constructor(IRiskParameters parameters, Binding[] memory bindings_, Probe[] memory probes, Setter[] memory setters)
        MirrorAdapter(parameters, bindings_, probes)
    {
        if (setters.length != bindings_.length) revert ParameterAdapter_LengthMismatch(bindings_.length, setters.length);
        for (uint256 i = 0; i < setters.length; ++i) {
            _setters.push(setters[i]);
            if (i == 0) continue;
            if (_sameBatch(i - 1, i)) continue;
            _batchEnds.push(i);
            for (uint256 j = 0; j + 1 < i; ++j) {
                if (_sameBatch(j, i)) revert PushAdapter_SplitGroup(bindings_[i].key);
            }
        }
        _batchEnds.push(setters.length);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IPushAdapter
    function setterOf(bytes32 key) external view returns (Setter memory) {
        return _setters[_indexOf(key)];
    }

    /// @inheritdoc IPushAdapter
    function lastOf(bytes32 key) external view returns (Pushed memory) {
        return _last[_indexOf(key)];
    }

    // ------------------------------------------------------------------ anyone

    /// @inheritdoc IPushAdapter
    function sync() external returns (uint256 written, uint256 failed) {
        if (_phase != Phase.IDLE) {
            // Not a revert, which the setter could swallow: the attempt that called it sees this and undoes itself.
            _phase = Phase.REENTERED;
            return (0, 0);
        }
        _phase = Phase.SYNCING;
        uint256 start;
        for (uint256 i = 0; i < _batchEnds.length; ++i) {
            uint256 end = _batchEnds[i];
            uint256 differing = _differing(start, end);
            if (differing != 0) {
                if (_push(start, end, differing)) written += differing;
                else ++failed;
            }
            start = end;
        }
        _phase = Phase.IDLE;
    }

    /// @notice One attempt at one batch; all of it is undone when it reverts. The adapter itself.
    function attempt(uint256 start, uint256 end, bool backwards, address caller) external {
        if (msg.sender != address(this)) revert PushAdapter_NotItself(msg.sender);
        Found[] memory before = _findAll();
        for (uint256 step = 0; step < end - start; ++step) {
            uint256 i = backwards ? end - 1 - step : start + step;
            _write(i, before[i], caller);
        }
        _requireTaken(start, end, before);
    }

    // ------------------------------------------------------------------ one batch

    function _push(uint256 start, uint256 end, uint256 differing) private returns (bool) {
        (bool done, bytes memory reason) = _try(start, end, false);
        if (done) return true;
        if (differing > 1) {
            // The reason of the first attempt is told: it is the order that the adapter was given.
            (done,) = _try(start, end, true);
            if (done) return true;
        }
        emit PushFailed(_at(start).binding.key, end - start, reason);
        return false;
    }

    /// @dev A failure that the caller chose by sending too little gas reverts everything: the attempt's own errors are never empty, so an empty
    /// one means that the attempt itself ran out.
    function _try(uint256 start, uint256 end, bool backwards) private returns (bool done, bytes memory reason) {
        try this.attempt(start, end, backwards, msg.sender) {
            return (true, "");
        } catch (bytes memory fault) {
            if (fault.length == 0 || bytes4(fault) == IMirrorAdapter.MirrorAdapter_GasTooLow.selector) {
                revert MirrorAdapter_GasTooLow(gasleft(), SETTER_GAS);
            }
            return (false, fault);
        }
    }

    function _write(uint256 i, Found memory before, address caller) private {
        bytes32 key = _at(i).binding.key;
        if (!before.readable) revert PushAdapter_NotReadable(key);
        if (before.actual == before.wanted) return;
        // Rails and `maximum`, a uint128, were compared at construction: `wanted` fits.
        _last[i] = Pushed(before.value, uint128(before.wanted), uint48(block.timestamp));
        emit ParameterPushed(key, before.value, before.actual, before.wanted, caller);
        _call(key, _setters[i], before.wanted);
    }

    function _call(bytes32 key, Setter memory setter, uint256 value) private {
        requireCallGas(SETTER_GAS);
        address target = setter.target;
        bytes memory input = bytes.concat(setter.prefix, bytes32(value));
        bytes memory reason = new bytes(REASON_BYTES);
        bool done;
        assembly ("memory-safe") {
            done := call(SETTER_GAS, target, 0, add(input, 0x20), mload(input), 0, 0)
            if iszero(done) {
                let length := returndatasize()
                if gt(length, REASON_BYTES) { length := REASON_BYTES }
                returndatacopy(add(reason, 0x20), 0, length)
                mstore(reason, length)
            }
        }
        if (!done) revert PushAdapter_SetterReverted(key, value, reason);
        if (_phase == Phase.REENTERED) revert PushAdapter_Reentered(key);
    }

    /// @dev The batch shows what the store had and still has; everything else shows what it showed before.
    function _requireTaken(uint256 start, uint256 end, Found[] memory before) private view {
        for (uint256 i = 0; i < before.length; ++i) {
            Bound memory bound = _at(i);
            (bool readable, uint256 actual) = _actual(i);
            if (i >= start && i < end) {
                (, uint256 wanted) = _wanted(bound);
                if (!readable || actual != wanted || wanted != before[i].wanted) {
                    revert PushAdapter_NotTaken(bound.binding.key, wanted, actual);
                }
            } else if (readable != before[i].readable || actual != before[i].actual) {
                revert PushAdapter_SideEffect(bound.binding.key, before[i].actual, actual);
            }
        }
    }

    // ------------------------------------------------------------------ comparing

    /// @dev Numbers of the batch that are not the store's; one that cannot be read counts.
    function _differing(uint256 start, uint256 end) private view returns (uint256 count) {
        for (uint256 i = start; i < end; ++i) {
            (, uint256 wanted) = _wanted(_at(i));
            (bool readable, uint256 actual) = _actual(i);
            if (!readable || actual != wanted) ++count;
        }
    }

    function _findAll() private view returns (Found[] memory all) {
        all = new Found[](_count());
        for (uint256 i = 0; i < all.length; ++i) {
            (all[i].readable, all[i].actual) = _actual(i);
            (all[i].value, all[i].wanted) = _wanted(_at(i));
        }
    }

    function _sameBatch(uint256 i, uint256 j) private view returns (bool) {
        Bound memory a = _at(i);
        Bound memory b = _at(j);
        return a.group == b.group && ScopeId.unwrap(a.binding.scope) == ScopeId.unwrap(b.binding.scope);
    }
}
