// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Item, ParamId, ParameterRule, RoundResult, ScopeId} from "./ParameterTypes.sol";
import {Signature} from "./IControllerMandate.sol";

/// @notice A steward's emergency tightening; the guardian signs the same digest when the stated impact is above the lane's limits.
struct EmergencyTightening {
    ScopeId scope;
    Item[] items; // ids strictly ascending, RISK, tightening only
    uint128 impactNotional; // USD, 18 decimals
    uint32 impactAccounts;
    uint32 nonce; // of the scope, from zero
    uint48 validUntil;
}

/// @title Powers of risk stewards
/// @notice Tighten in an emergency, undo a bad tightening together with the guardian, restrict loosening. A steward never loosens.
/// @dev A steward is an address with STEWARD_ROLE on the store. These powers do not depend on the lane: they work while it is closed, paused or
/// expired. Range, joint invariants, emergency step and cooldown and the steward's tighten budget bind them in the store.
interface IRiskStewards {
    /// @notice A link of the store's hash chain, as the two below. `guardian` is zero when no signature was given.
    event EmergencyTightened(
        uint32 index, ScopeId indexed scope, uint32 nonce, uint128 impactNotional, uint32 impactAccounts, uint16 applied, uint16 rejected,
        address indexed steward, address guardian
    );
    /// @notice `steward` is zero when the guardian undid alone.
    event TighteningUndone(uint32 index, ScopeId indexed scope, ParamId indexed id, uint32 entry, address indexed steward, address guardian);
    event LooseningRestricted(uint32 index, ScopeId indexed scope, ParamId indexed id, address indexed by);

    error RiskStewards_NotASteward(address caller);
    error RiskStewards_NotGuardian(address caller);
    /// @notice The stated impact is above the lane's limits.
    error RiskStewards_GuardianRequired(ScopeId scope, uint128 impactNotional, uint32 impactAccounts);
    error RiskStewards_BadSignature(address signer);
    /// @notice One address held both roles where two must agree.
    error RiskStewards_SameSigner(address signer);
    error RiskStewards_WrongNonce(uint32 nonce, uint32 expected);
    error RiskStewards_Expired(uint48 validUntil);
    /// @notice The signatures for this entry were used.
    error RiskStewards_AlreadyUndone(ScopeId scope, ParamId id, uint32 entry);
    error RiskStewards_EmptyBatch(ScopeId scope);
    error RiskStewards_TooManyItems(uint256 given, uint256 limit);
    error RiskStewards_IdsNotAscending(ParamId previous, ParamId id);

    /// @notice Nonce of the next emergency tightening of `scope`.
    function nonceOf(ScopeId scope) external view returns (uint32);
    /// @notice EIP-712 digest the guardian signs.
    function tightenDigest(EmergencyTightening calldata tightening) external view returns (bytes32);
    /// @notice EIP-712 digest steward and guardian sign. It needs no nonce: an entry is undone at most once.
    function undoDigest(ScopeId scope, ParamId id, uint32 entry) external view returns (bytes32);
    /// @notice Applies an emergency tightening. Steward only; the guardian's signature is needed above the lane's impact limits (a zero signer else).
    /// @dev Faults revert in this order: role, validity, nonce, batch size, id order, guardian. Faults of items are recorded by the store.
    function tighten(EmergencyTightening calldata tightening, Signature calldata guardian) external returns (RoundResult memory);
    /// @notice Restores the value before history entry `entry`, then holds the lane for a tick. Anyone may send it; a steward and the guardian signed the
    /// digest. After the lane tripped on realised impact the guardian alone suffices (a zero steward), until the DAO resumes or reopens the lane.
    function undo(ScopeId scope, ParamId id, uint32 entry, Signature calldata steward, Signature calldata guardian) external;
    /// @notice Steward or guardian: puts a rule in force that only restricts loosening.
    function restrict(ScopeId scope, ParamId id, ParameterRule calldata rule) external;
}
