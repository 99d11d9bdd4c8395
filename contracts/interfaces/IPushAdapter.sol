// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMirrorAdapter} from "./IMirrorAdapter.sol";

/// @notice How the other protocol takes a number: a call of `target` with `prefix` and then the number as the last word.
struct Setter {
    address target;
    bytes prefix; // selector and the arguments before the number
}

/// @notice The last number that was pushed.
struct Pushed {
    uint64 value; // as stored, own unit
    uint128 written; // as the other protocol took it
    uint48 time; // zero: never
}

/// @title Carries the store's live values into another protocol through its setters
/// @notice {sync} is for anyone and carries no argument: what is written is read from the store in the same call, so nobody chooses it, a late call
/// cannot bring an old value back, and a repeated one does nothing.
///
/// May change: the bound numbers of the other protocol, in the role that its owner gave the adapter and may take away. Invariant: a number that this
/// contract put there is the store's live value at that moment, rounded to the tight side, and was read back from the protocol.
///
/// Bindings of one scope and coupling group are one batch: it comes into force whole or not at all, as in the store, because a value beside its old
/// partner is a state nobody decided. Batches are independent: a setter that fails in one must not keep another from tightening.
/// @dev Setters are not trusted. One that reverts, burns its gas, takes another number than it was given, changes a bound number of another batch or
/// moves the store meanwhile undoes its own batch, and the reason is emitted; so does one that calls {sync}, which then does nothing. A batch is
/// tried in the order of its bindings and then in the opposite one, since a protocol may demand, say, initial above maintenance after every step.
/// Getters are trusted: a protocol that shows another number than it uses deceives its own users first.
interface IPushAdapter is IMirrorAdapter {
    event ParameterPushed(bytes32 indexed key, uint64 value, uint256 previous, uint256 written, address caller);
    /// @notice Nothing of the batch that begins with `key` was changed. `reason` is one of the errors below, encoded.
    event PushFailed(bytes32 indexed key, uint256 members, bytes reason);

    /// @notice At construction: bindings of one scope and coupling group stand together.
    error PushAdapter_SplitGroup(bytes32 key);
    /// @notice The setter reverted or used up {SETTER_GAS}; the first bytes of what it said.
    error PushAdapter_SetterReverted(bytes32 key, uint256 value, bytes reason);
    /// @notice The protocol shows another number than the store now has: the setter clamped it, ignored it, or moved the store meanwhile.
    error PushAdapter_NotTaken(bytes32 key, uint256 wanted, uint256 actual);
    /// @notice A number outside the batch changed.
    error PushAdapter_SideEffect(bytes32 key, uint256 before, uint256 afterwards);
    /// @notice The setter called {sync}.
    error PushAdapter_Reentered(bytes32 key);
    error PushAdapter_NotReadable(bytes32 key);
    error PushAdapter_NotItself(address caller);

    /// @notice Gas of one setter.
    function SETTER_GAS() external view returns (uint256);
    function setterOf(bytes32 key) external view returns (Setter memory);
    function lastOf(bytes32 key) external view returns (Pushed memory);
    /// @notice Pushes every batch whose numbers differ from the store's. Anyone.
    /// @return written Numbers that came into force.
    /// @return failed Batches that did not.
    function sync() external returns (uint256 written, uint256 failed);
}
