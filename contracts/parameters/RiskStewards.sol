// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IControllerMandate, LaneSettings, Signature} from "../interfaces/IControllerMandate.sol";
import {IGuardianTerm} from "../interfaces/IGuardianTerm.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {EmergencyTightening, IRiskStewards} from "../interfaces/IRiskStewards.sol";
import {ParamId, ParameterRule, RoundContext, RoundResult, ScopeId, Writer} from "../interfaces/ParameterTypes.sol";
import {STEWARD_ROLE} from "../interfaces/Roles.sol";
import {hashItems} from "./AdjustmentHash.sol";
import {isSigned} from "./SignatureCheck.sol";

/// @title Powers of risk stewards
/// @dev Needs STEWARDS_ROLE and RECORDER_ROLE on the store. Invariant: only {undo} can make a parameter looser, and only back to the value before a
/// tightening that the DAO did not make, with the signatures of two roles.
contract RiskStewards is IRiskStewards, EIP712 {
    bytes32 public constant EMERGENCY_TIGHTENING_TYPEHASH = keccak256(
        "EmergencyTightening(bytes32 scope,Item[] items,uint128 impactNotional,uint32 impactAccounts,uint32 nonce,uint48 validUntil)Item(bytes32 id,uint64 expected,uint64 value)"
    );
    bytes32 public constant UNDO_TYPEHASH = keccak256("Undo(bytes32 scope,bytes32 id,uint32 entry)");
    /// @notice Items in one emergency tightening at most.
    uint256 public constant MAX_ITEMS = 16;

    IRiskParameters private immutable PARAMETERS;
    IControllerMandate private immutable MANDATE;
    IGuardianTerm private immutable GUARDIAN_TERM;

    /// @inheritdoc IRiskStewards
    mapping(ScopeId scope => uint32) public nonceOf;
    mapping(bytes32 digest => bool) private _undone;

    /// @param parameters The store.
    /// @param mandate Whose lanes hold the impact limits, and which is held after an undo.
    /// @param guardianTerm Who the guardian is, and until when.
    constructor(IRiskParameters parameters, IControllerMandate mandate, IGuardianTerm guardianTerm) EIP712("Ballast RiskStewards", "1") {
        PARAMETERS = parameters;
        MANDATE = mandate;
        GUARDIAN_TERM = guardianTerm;
    }

    /// @inheritdoc IRiskStewards
    function tightenDigest(EmergencyTightening calldata t) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    EMERGENCY_TIGHTENING_TYPEHASH, t.scope, hashItems(t.items), t.impactNotional, t.impactAccounts, t.nonce, t.validUntil
                )
            )
        );
    }

    /// @inheritdoc IRiskStewards
    function undoDigest(ScopeId scope, ParamId id, uint32 entry) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(UNDO_TYPEHASH, scope, id, entry)));
    }

    /// @inheritdoc IRiskStewards
    function tighten(EmergencyTightening calldata t, Signature calldata guardian) external returns (RoundResult memory result) {
        if (!_isSteward(msg.sender)) revert RiskStewards_NotASteward(msg.sender);
        if (block.timestamp > t.validUntil) revert RiskStewards_Expired(t.validUntil);
        if (t.nonce != nonceOf[t.scope]) revert RiskStewards_WrongNonce(t.nonce, nonceOf[t.scope]);
        _requireBatch(t);
        if (guardian.signer != address(0)) {
            _requireGuardian(guardian, tightenDigest(t));
            if (guardian.signer == msg.sender) revert RiskStewards_SameSigner(msg.sender);
        } else {
            LaneSettings memory limits = MANDATE.settingsOf(t.scope);
            if (t.impactNotional > limits.impactNotionalLimit || t.impactAccounts > limits.impactAccountsLimit) {
                revert RiskStewards_GuardianRequired(t.scope, t.impactNotional, t.impactAccounts);
            }
        }

        nonceOf[t.scope] = t.nonce + 1;
        result = PARAMETERS.applyRound(
            t.scope,
            t.items,
            RoundContext({
                round: t.nonce,
                epoch: 0,
                writer: Writer.STEWARD,
                shadow: false,
                mayTighten: true,
                mayLoosen: false,
                chargeSteward: true,
                flipWindow: 0
            })
        );
        bytes32 entryHash = keccak256(
            abi.encode(
                EmergencyTightened.selector, t.scope, t.nonce, t.impactNotional, t.impactAccounts, result.applied, result.rejected,
                msg.sender, guardian.signer
            )
        );
        uint32 index = PARAMETERS.append(entryHash);
        emit EmergencyTightened(
            index, t.scope, t.nonce, t.impactNotional, t.impactAccounts, result.applied, result.rejected, msg.sender, guardian.signer
        );
    }

    /// @inheritdoc IRiskStewards
    function undo(ScopeId scope, ParamId id, uint32 entry, Signature calldata steward, Signature calldata guardian) external {
        bytes32 digest = undoDigest(scope, id, entry);
        _requireGuardian(guardian, digest);
        // A zero steward passes only on the guardian's own right.
        if (steward.signer != address(0) || !MANDATE.lane(scope).impactExceeded) {
            if (!_isSteward(steward.signer)) revert RiskStewards_NotASteward(steward.signer);
            if (!isSigned(steward.signer, digest, steward.data)) revert RiskStewards_BadSignature(steward.signer);
            if (steward.signer == guardian.signer) revert RiskStewards_SameSigner(steward.signer);
        }

        if (_undone[digest]) revert RiskStewards_AlreadyUndone(scope, id, entry);
        _undone[digest] = true;
        PARAMETERS.undo(scope, id, entry);
        bytes32 entryHash = keccak256(abi.encode(TighteningUndone.selector, scope, id, entry, steward.signer, guardian.signer));
        emit TighteningUndone(PARAMETERS.append(entryHash), scope, id, entry, steward.signer, guardian.signer);
        MANDATE.hold(scope);
    }

    /// @inheritdoc IRiskStewards
    function restrict(ScopeId scope, ParamId id, ParameterRule calldata rule) external {
        if (!_isSteward(msg.sender) && msg.sender != GUARDIAN_TERM.guardian()) revert RiskStewards_NotASteward(msg.sender);
        PARAMETERS.restrict(scope, id, rule);
        uint32 index = PARAMETERS.append(keccak256(abi.encode(LooseningRestricted.selector, scope, id, msg.sender)));
        emit LooseningRestricted(index, scope, id, msg.sender);
    }

    function _requireBatch(EmergencyTightening calldata t) private pure {
        if (t.items.length == 0) revert RiskStewards_EmptyBatch(t.scope);
        if (t.items.length > MAX_ITEMS) revert RiskStewards_TooManyItems(t.items.length, MAX_ITEMS);
        for (uint256 i = 1; i < t.items.length; ++i) {
            ParamId previous = t.items[i - 1].id;
            if (ParamId.unwrap(t.items[i].id) <= ParamId.unwrap(previous)) {
                revert RiskStewards_IdsNotAscending(previous, t.items[i].id);
            }
        }
    }

    function _requireGuardian(Signature calldata guardian, bytes32 digest) private view {
        if (guardian.signer != GUARDIAN_TERM.guardian()) revert RiskStewards_NotGuardian(guardian.signer);
        if (!isSigned(guardian.signer, digest, guardian.data)) revert RiskStewards_BadSignature(guardian.signer);
    }

    function _isSteward(address account) private view returns (bool) {
        return PARAMETERS.hasRole(STEWARD_ROLE, account);
    }
}
