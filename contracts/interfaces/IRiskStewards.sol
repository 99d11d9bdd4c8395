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
    uint32 nonce;
    uint48 validUntil;
}

/// @title Powers of risk stewards
/// @notice Tighten in an emergency, undo a bad tightening together with the guardian, restrict loosening. A steward never loosens.
interface IRiskStewards {
    event EmergencyTightened(
        uint32 index, ScopeId indexed scope, uint32 nonce, uint128 impactNotional, uint32 impactAccounts, uint16 applied, uint16 rejected,
        address indexed steward, address guardian
    );
    event TighteningUndone(uint32 index, ScopeId indexed scope, ParamId indexed id, uint32 entry, address indexed steward, address guardian);
    event LooseningRestricted(uint32 index, ScopeId indexed scope, ParamId indexed id, address indexed by);

    error RiskStewards_NotASteward(address caller);
    error RiskStewards_NotGuardian(address caller);
    error RiskStewards_GuardianRequired(ScopeId scope, uint128 impactNotional, uint32 impactAccounts);
    error RiskStewards_BadSignature(address signer);
    error RiskStewards_WrongNonce(uint32 nonce, uint32 expected);
    error RiskStewards_Expired(uint48 validUntil);
    error RiskStewards_IdsNotAscending(ParamId previous, ParamId id);

    function nonceOf(ScopeId scope) external view returns (uint32);
    function tightenDigest(EmergencyTightening calldata tightening) external view returns (bytes32);
    function undoDigest(ScopeId scope, ParamId id, uint32 entry) external view returns (bytes32);
    /// @notice Steward only; the guardian's signature is needed above the lane's impact limits.
    function tighten(EmergencyTightening calldata tightening, Signature calldata guardian) external returns (RoundResult memory);
    /// @notice Restores the value before history entry `entry`. Anyone may send it; a steward and the guardian signed the digest. After the lane
    /// tripped on realised impact the guardian alone suffices (a zero steward).
    function undo(ScopeId scope, ParamId id, uint32 entry, Signature calldata steward, Signature calldata guardian) external;
    /// @notice Steward or guardian: puts a rule in force that only restricts loosening.
    function restrict(ScopeId scope, ParamId id, ParameterRule calldata rule) external;
}
