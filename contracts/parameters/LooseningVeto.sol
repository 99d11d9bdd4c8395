// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC6372} from "@openzeppelin/contracts/interfaces/IERC6372.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDelegatedSupply} from "../interfaces/IDelegatedSupply.sol";
import {IGuardianTerm} from "../interfaces/IGuardianTerm.sol";
import {ILooseningVeto} from "../interfaces/ILooseningVeto.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ParamId, ScopeId} from "../interfaces/ParameterTypes.sol";
import {isSigned} from "./SignatureCheck.sol";

/// @title Veto of pending loosenings
/// @dev Needs VETO_ROLE and RECORDER_ROLE on the store. Invariant: a pending falls only to the guardian in term or to votes of at least the
/// threshold, each delegate counted once, all dated before the pending existed.
contract LooseningVeto is ILooseningVeto, EIP712 {
    bytes32 public constant VETO_TYPEHASH = keccak256("Veto(bytes32 scope,bytes32 id,uint48 createdAt,address voter,uint48 deadline)");

    /// @inheritdoc ILooseningVeto
    uint16 public immutable THRESHOLD_BPS;
    /// @inheritdoc ILooseningVeto
    bool public immutable OF_DELEGATED_SUPPLY;
    /// @notice The voting token; zero when only the guardian vetoes.
    IVotes public immutable TOKEN;

    IRiskParameters private immutable PARAMETERS;
    IGuardianTerm private immutable GUARDIAN_TERM;

    struct Ballot {
        uint256 total; // votes
        mapping(address voter => bool) cast;
    }

    mapping(bytes32 pending => Ballot) private _ballots;

    /// @param parameters The store.
    /// @param guardianTerm Who the guardian is, and until when.
    /// @param token ERC-5805 token with a clock in seconds; zero leaves the veto to the guardian alone.
    /// @param thresholdBps Share of the supply that can vote, 1 to 10_000.
    constructor(IRiskParameters parameters, IGuardianTerm guardianTerm, IVotes token, uint16 thresholdBps)
        EIP712("Ballast LooseningVeto", "1")
    {
        if (thresholdBps == 0 || thresholdBps > 10_000) revert LooseningVeto_InvalidThreshold(thresholdBps, 10_000);
        PARAMETERS = parameters;
        GUARDIAN_TERM = guardianTerm;
        TOKEN = token;
        THRESHOLD_BPS = thresholdBps;
        if (address(token) != address(0)) {
            if (!_countsSeconds(address(token))) revert LooseningVeto_ForeignClock(address(token));
            OF_DELEGATED_SUPPLY = _offersDelegatedSupply(address(token));
        }
    }

    /// @inheritdoc ILooseningVeto
    function threshold(ScopeId scope, ParamId id) external view returns (uint256) {
        return _threshold(_pendingSince(scope, id) - 1);
    }

    /// @inheritdoc ILooseningVeto
    function tally(ScopeId scope, ParamId id) external view returns (uint256) {
        return _ballots[_key(scope, id, _pendingSince(scope, id))].total;
    }

    /// @inheritdoc ILooseningVeto
    function veto(ScopeId scope, ParamId id) external {
        _cast(scope, id, _pendingSince(scope, id), msg.sender);
    }

    /// @inheritdoc ILooseningVeto
    function vetoBySig(ScopeId scope, ParamId id, uint48 createdAt, address voter, uint48 deadline, bytes calldata signature) external {
        if (block.timestamp > deadline) revert LooseningVeto_Expired(deadline);
        if (_pendingSince(scope, id) != createdAt) revert LooseningVeto_NothingPending(scope, id);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(VETO_TYPEHASH, scope, id, createdAt, voter, deadline)));
        if (!isSigned(voter, digest, signature)) revert LooseningVeto_BadSignature(voter);
        _cast(scope, id, createdAt, voter);
    }

    function _cast(ScopeId scope, ParamId id, uint48 createdAt, address voter) private {
        if (voter == GUARDIAN_TERM.guardian()) {
            _record(scope, id, voter, createdAt, 0, 0, 0);
            PARAMETERS.veto(scope, id, voter);
            return;
        }
        uint48 timepoint = createdAt - 1;
        Ballot storage ballot = _ballots[_key(scope, id, createdAt)];
        if (ballot.cast[voter]) revert LooseningVeto_AlreadyCast(voter, scope, id);
        uint256 votes = address(TOKEN) == address(0) ? 0 : TOKEN.getPastVotes(voter, timepoint);
        if (votes == 0) revert LooseningVeto_NoVotes(voter, timepoint);

        ballot.cast[voter] = true;
        uint256 total = ballot.total + votes;
        ballot.total = total;
        uint256 needed = _threshold(timepoint);
        _record(scope, id, voter, createdAt, votes, total, needed);
        if (total >= needed) PARAMETERS.veto(scope, id, voter);
    }

    function _record(ScopeId scope, ParamId id, address voter, uint48 createdAt, uint256 votes, uint256 total, uint256 needed) private {
        bytes32 entryHash = keccak256(abi.encode(VetoCast.selector, scope, id, voter, createdAt, votes, total, needed));
        emit VetoCast(PARAMETERS.append(entryHash), scope, id, voter, createdAt, votes, total, needed);
    }

    function _threshold(uint48 timepoint) private view returns (uint256) {
        if (address(TOKEN) == address(0)) return type(uint256).max;
        uint256 supply = OF_DELEGATED_SUPPLY
            ? IDelegatedSupply(address(TOKEN)).getPastDelegatedSupply(timepoint)
            : TOKEN.getPastTotalSupply(timepoint);
        return Math.mulDiv(supply, THRESHOLD_BPS, 10_000, Math.Rounding.Ceil);
    }

    function _pendingSince(ScopeId scope, ParamId id) private view returns (uint48 createdAt) {
        createdAt = PARAMETERS.pendingOf(scope, id).createdAt;
        if (createdAt == 0) revert LooseningVeto_NothingPending(scope, id);
    }

    /// @dev Two pendings of one parameter in one second share a ballot: the votes are the same.
    function _key(ScopeId scope, ParamId id, uint48 createdAt) private pure returns (bytes32) {
        return keccak256(abi.encode(scope, id, createdAt));
    }

    function _countsSeconds(address token) private view returns (bool) {
        (bool success, bytes memory answer) = token.staticcall(abi.encodeCall(IERC6372.clock, ()));
        return success && answer.length >= 32 && abi.decode(answer, (uint256)) == block.timestamp;
    }

    function _offersDelegatedSupply(address token) private view returns (bool) {
        (bool success, bytes memory answer) = token.staticcall(abi.encodeCall(IDelegatedSupply.getPastDelegatedSupply, (block.timestamp - 1)));
        return success && answer.length >= 32;
    }
}
