// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {
    Item, JointInvariant, ParamId, ParameterEntry, ParameterRule, ParameterSpec, ParameterState, PendingLoosening, PendingRule, Reason,
    Rejection, RoundContext, RoundResult, ScopeId, Writer
} from "../interfaces/ParameterTypes.sol";
import {MANDATE_ROLE, RECORDER_ROLE, STEWARDS_ROLE, VETO_ROLE} from "../interfaces/Roles.sol";
import {Catalogue} from "./Catalogue.sol";
import {ChainedRoles} from "./ChainedRoles.sol";
import {History} from "./History.sol";
import {Candidate, Judge} from "./Judge.sol";
import {Pendings} from "./Pendings.sol";
import {Cell, Entry, PackedPendingRule, Pending, State, allInvariants, bookOf, entryReason, entryTime, unpackEntry, vetoOf} from "./Records.sol";
import {Ramp} from "./Ramp.sol";
import {RuleBook} from "./RuleBook.sol";
import {Rules} from "./Rules.sol";
import {SingleMoves} from "./SingleMoves.sol";
import {Write} from "./Store.sol";
import {Succession} from "./Succession.sol";

/// @title Risk parameters of an options and derivatives protocol
/// @notice See {IRiskParameters}. This file holds the entrances; each rule lives in the file named after it.
contract RiskParameters is IRiskParameters, ChainedRoles, Pendings, SingleMoves, Succession {
    /// @param admin The DAO: a timelock, a Safe, another governor.
    /// @param specs Catalogue, ids strictly ascending.
    /// @param ruleDelay At least 2 days.
    /// @param undoWindow At most 7 days.
    /// @param executionGrace At most 7 days.
    constructor(
        address admin,
        ParameterSpec[] memory specs,
        JointInvariant[] memory invariants,
        uint32 ruleDelay,
        uint32 undoWindow,
        uint32 executionGrace
    ) Catalogue(specs, invariants) Judge(executionGrace) SingleMoves(undoWindow) RuleBook(ruleDelay) {
        if (admin == address(0)) revert RiskParameters_InvalidAdmin(admin);
        if (ruleDelay < 2 days) revert RiskParameters_InvalidDelay(ruleDelay, 2 days, type(uint32).max);
        if (undoWindow == 0 || undoWindow > 7 days) revert RiskParameters_InvalidDelay(undoWindow, 1, 7 days);
        if (executionGrace == 0 || executionGrace > 7 days) revert RiskParameters_InvalidDelay(executionGrace, 1, 7 days);
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IRiskParameters
    function RULE_DELAY() external view returns (uint32) {
        return _ruleDelay;
    }

    /// @inheritdoc IRiskParameters
    function UNDO_WINDOW() external view returns (uint32) {
        return _undoWindow;
    }

    /// @inheritdoc IRiskParameters
    function EXECUTION_GRACE() external view returns (uint32) {
        return _executionGrace;
    }

    /// @inheritdoc IRiskParameters
    function catalogue() external view returns (ParameterSpec[] memory) {
        _returnSpecs();
    }

    /// @inheritdoc IRiskParameters
    function spec(ParamId id) external view returns (ParameterSpec memory) {
        Cell memory c = _find(ScopeId.wrap(0), id);
        if (c.kind == 0) revert RiskParameters_UnknownParameter(c.scope, id);
        _returnSpec(c.position);
    }

    /// @inheritdoc IRiskParameters
    function jointInvariants() external view returns (JointInvariant[] memory) {
        _returnInvariants();
    }

    /// @inheritdoc IRiskParameters
    function isActive(ScopeId scope) external view returns (bool) {
        return _books[scope].active;
    }

    /// @inheritdoc IRiskParameters
    function valueOf(ScopeId scope, ParamId id) external view returns (uint64) {
        return uint64(_open(scope, id).value);
    }

    /// @inheritdoc IRiskParameters
    function effectiveOf(ScopeId scope, ParamId id) external view returns (uint64) {
        Cell memory c = _open(scope, id);
        return uint64(Ramp.effective(c, _speed(c)));
    }

    /// @inheritdoc IRiskParameters
    function valueAt(ScopeId scope, ParamId id, uint48 time) external view returns (uint64) {
        Cell memory c = _open(scope, id);
        uint256 i = History.windowStart(bookOf(c), c.position, c.length, c.length - 1, time);
        uint256 e = History.read(bookOf(c), c.position, i);
        if (entryTime(e) > time || time > block.timestamp) revert RiskParameters_NoEntry(scope, id, time);
        return uint48(e);
    }

    /// @inheritdoc IRiskParameters
    function stateOf(ScopeId scope, ParamId id) external view returns (ParameterState memory state) {
        Cell memory c = _open(scope, id);
        State memory s;
        s.value = c.value;
        s.effective = Ramp.effective(c, _speed(c));
        s.lastTightenAt = c.lastTightenAt;
        s.lastWriteAt = entryTime(_last(c));
        s.historyLength = c.length;
        (s.loosenBudgetUsedBps,) = _loosenUsed(c);
        (s.tightenBudgetUsed, s.stewardTightenUsed, s.tightenBudgetBase,) = _tightenUsed(c);
        s.vetoedUntil = vetoOf(bookOf(c).pendings[c.position]);
        assembly ("memory-safe") {
            // Same members in the same order, each in a word of its own.
            state := s
        }
    }

    /// @inheritdoc IRiskParameters
    function ruleOf(ScopeId scope, ParamId id) external view returns (ParameterRule memory) {
        return Rules.unpack(_books[scope].rules[_open(scope, id).position]);
    }

    /// @inheritdoc IRiskParameters
    function entry(ScopeId scope, ParamId id, uint32 i) external view returns (ParameterEntry memory result) {
        Cell memory c = _open(scope, id);
        if (i >= c.length) revert RiskParameters_NoSuchEntry(scope, id, i, uint32(c.length));
        Entry memory e = unpackEntry(History.read(bookOf(c), c.position, i));
        assembly ("memory-safe") {
            // Same members in the same order, each in a word of its own.
            result := e
        }
    }

    /// @inheritdoc IRiskParameters
    function pendingOf(ScopeId scope, ParamId id) external view returns (PendingLoosening memory pending) {
        Pending memory p = _pendingOf(_open(scope, id));
        assembly ("memory-safe") {
            // Same members in the same order, each in a word of its own; the veto behind them is not part of it.
            pending := p
        }
    }

    /// @inheritdoc IRiskParameters
    function pendingRuleOf(ScopeId scope, ParamId id) external view returns (PendingRule memory) {
        PackedPendingRule memory p = _books[scope].pendingRules[_open(scope, id).position];
        return PendingRule(Rules.unpack(p.rule), p.value, p.eta);
    }

    /// @inheritdoc IRiskParameters
    function head() external view returns (bytes28 hash, uint32 count) {
        (uint256 full, uint256 links) = _chainHead();
        return (bytes28(uint224(full)), uint32(links));
    }

    /// @inheritdoc IRiskParameters
    function exportOf(ScopeId scope, ParamId id) external view returns (uint256[] memory) {
        return _export(_open(scope, id), _undoWindow);
    }

    /// @inheritdoc IRiskParameters
    function judge(ScopeId scope, Item[] calldata items, RoundContext calldata context)
        external
        view
        returns (Rejection[] memory codes, uint64[] memory limits)
    {
        Candidate[] memory all = _judgeRound(scope, items, context);
        codes = new Rejection[](all.length);
        limits = new uint64[](all.length);
        for (uint256 i; i < all.length; ++i) {
            (codes[i], limits[i]) = (Rejection(all[i].code), uint64(all[i].limit));
        }
    }

    // ------------------------------------------------------------------ DAO

    /// @inheritdoc IRiskParameters
    function activateScope(ScopeId scope, ParamId[] calldata ids, ParameterRule[] calldata rules, uint64[] calldata values)
        external
        onlyRole(DEFAULT_ADMIN_ROLE)
    {
        _requireLengths(ids.length, rules.length);
        _requireLengths(ids.length, values.length);
        _requireInactive(scope);
        uint256 given;
        uint256 invariants;
        for (uint256 position; position < _size(); ++position) {
            Cell memory c = _find(scope, _idAt(position));
            if (!_livesIn(c, scope)) continue;
            if (given == ids.length || ParamId.unwrap(ids[given]) != ParamId.unwrap(c.id)) revert RiskParameters_IncompleteScope(scope, c.id);
            ParameterRule memory rule = rules[given];
            Rules.check(scope, rule, _specAt(position));
            _putRule(c, rule);
            _requireInside(c, values[given]);
            _seed(c, values[given]);
            invariants |= allInvariants(c);
            ++given;
        }
        if (given < ids.length) revert RiskParameters_WrongScopeKind(scope, ids[given]);
        _recordActivation(scope, invariants);
    }

    /// @inheritdoc IRiskParameters
    function importScope(IRiskParameters predecessor, ScopeId scope) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireInactive(scope);
        (, bytes memory specs) = address(predecessor).staticcall(abi.encodeCall(IRiskParameters.catalogue, ()));
        if (keccak256(specs) != _catalogueHash) revert RiskParameters_DifferentCatalogue(address(predecessor));
        uint256 invariants;
        for (uint256 position; position < _size(); ++position) {
            Cell memory c = _find(scope, _idAt(position));
            if (!_livesIn(c, scope)) continue;
            _import(c, predecessor.exportOf(scope, c.id));
            invariants |= allInvariants(c);
        }
        (bytes28 hash, uint32 count) = predecessor.head();
        _record(abi.encode(ScopeImported.selector, scope, predecessor, hash, count));
        _recordActivation(scope, invariants);
    }

    function _requireInactive(ScopeId scope) private view {
        if (_books[scope].active) revert RiskParameters_ActiveScope(scope);
    }

    function _recordActivation(ScopeId scope, uint256 invariants) private {
        _requireJoint(scope, invariants);
        _books[scope].active = true;
        _record(abi.encode(ScopeActivated.selector, scope, msg.sender));
    }

    function _requireLengths(uint256 ids, uint256 values) private pure {
        if (ids != values) revert RiskParameters_LengthMismatch(ids, values);
        if (ids == 0) revert RiskParameters_EmptyBatch();
    }

    /// @inheritdoc IRiskParameters
    function setValues(ScopeId scope, ParamId[] calldata ids, uint64[] calldata values) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireLengths(ids.length, values.length);
        uint256 invariants;
        ParamId previous;
        for (uint256 i; i < ids.length; ++i) {
            _requireAscending(previous, ids[i]);
            previous = ids[i];
            Cell memory c = _open(scope, previous);
            if (values[i] == c.value) revert RiskParameters_EqualValue(scope, previous, values[i]);
            _requireInside(c, values[i]);
            _write(c, _byDao(values[i], Reason.GOVERNANCE));
            invariants |= allInvariants(c);
        }
        _requireJoint(scope, invariants);
    }

    /// @inheritdoc IRiskParameters
    function setRules(ScopeId scope, ParamId[] calldata ids, ParameterRule[] calldata rules, uint64[] calldata values)
        external
        onlyRole(DEFAULT_ADMIN_ROLE)
    {
        _requireLengths(ids.length, rules.length);
        _requireLengths(ids.length, values.length);
        uint256 invariants;
        ParamId previous;
        for (uint256 i; i < ids.length; ++i) {
            _requireAscending(previous, ids[i]);
            previous = ids[i];
            invariants |= _setRule(scope, previous, rules[i], values[i]);
        }
        _requireJoint(scope, invariants);
    }

    /// @inheritdoc IRiskParameters
    function cancelRule(ScopeId scope, ParamId id) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _cancelRule(scope, id);
    }

    // ------------------------------------------------------------------ anyone

    /// @inheritdoc IRiskParameters
    function activateRule(ScopeId scope, ParamId id) external {
        _activateRule(scope, id);
    }

    // ------------------------------------------------------------------ modules

    /// @inheritdoc IRiskParameters
    function applyRound(ScopeId scope, Item[] calldata items, RoundContext calldata context) external returns (RoundResult memory result) {
        RoundContext memory round = context;
        if (!_emergency(round) && round.writer != Writer.CONTROLLER) revert RiskParameters_InvalidWriter(round.writer);
        _checkRole(_emergency(round) ? STEWARDS_ROLE : MANDATE_ROLE);
        Candidate[] memory all = _judgeRound(scope, items, round);
        for (uint256 i; i < all.length; ++i) {
            Candidate memory c = all[i];
            unchecked {
                // At most as many as items fit in a block; pendings at most one per parameter.
                if (!_survives(c)) {
                    ++result.rejected;
                    if (_trips(c.code)) result.countsForBreaker = true;
                    _record(abi.encode(ItemRejected.selector, scope, c.cell.id, round.round, c.cell.value, c.value, c.code, c.limit));
                } else if (round.shadow) {
                    _record(abi.encode(ItemShadowed.selector, scope, c.cell.id, round.round, c.cell.value, c.value));
                } else if (c.tightens) {
                    ++result.applied;
                    if (_flips(c.cell, round.flipWindow)) result.flipped = true;
                    _tighten(c, round);
                } else {
                    ++result.pended;
                }
            }
        }
        if (result.pended != 0) _pendAll(all, round);
    }

    function _tighten(Candidate memory c, RoundContext memory round) private {
        Write memory w;
        w.value = c.value;
        w.writer = uint256(_emergency(round) ? Writer.STEWARD : Writer.CONTROLLER);
        w.reason = uint256(_emergency(round) ? Reason.EMERGENCY : Reason.ROUND);
        w.round = round.round;
        if (_chargesSteward(round)) w.stewardTighten = c.move;
        else w.tighten = c.move;
        _write(c.cell, w);
    }

    /// @dev Rejections that say something about the engines. The others are ordinary: another writer came first, the lane or a budget is closed.
    function _trips(uint256 code) private pure returns (bool) {
        return code > uint256(Rejection.ROUND) && code != uint256(Rejection.COOLDOWN) && code != uint256(Rejection.BUDGET)
            && code != uint256(Rejection.MODE);
    }

    /// @dev Whether this tightening follows a loosening that followed a tightening, none of them the DAO's, all inside the window. The reason
    /// of an entry tells its direction: rounds, emergencies and the dead-man only tighten, executed loosenings and undos only loosen.
    function _flips(Cell memory c, uint256 window) private view returns (bool) {
        if (c.length < 3) return false;
        uint256 reason = entryReason(_last(c));
        if (reason != uint256(Reason.LOOSENING) && reason != uint256(Reason.UNDO)) return false;
        uint256 e = History.read(bookOf(c), c.position, c.length - 2);
        reason = entryReason(e);
        bool tightened = reason == uint256(Reason.ROUND) || reason == uint256(Reason.EMERGENCY) || reason == uint256(Reason.DEADMAN);
        return tightened && block.timestamp - entryTime(e) <= window;
    }

    /// @inheritdoc IRiskParameters
    function executeLoosening(ScopeId scope, ParamId id, uint32 epoch) external onlyRole(MANDATE_ROLE) {
        _execute(scope, id, epoch);
    }

    /// @inheritdoc IRiskParameters
    function walk(ScopeId scope, ParamId id) external onlyRole(MANDATE_ROLE) returns (uint64) {
        return _walk(scope, id);
    }

    /// @inheritdoc IRiskParameters
    function veto(ScopeId scope, ParamId id, address by) external onlyRole(VETO_ROLE) {
        _veto(scope, id, by);
    }

    /// @inheritdoc IRiskParameters
    function undo(ScopeId scope, ParamId id, uint32 i) external onlyRole(STEWARDS_ROLE) {
        _undo(scope, id, i);
    }

    /// @inheritdoc IRiskParameters
    function restrict(ScopeId scope, ParamId id, ParameterRule calldata rule) external onlyRole(STEWARDS_ROLE) {
        _restrict(scope, id, rule);
    }

    /// @inheritdoc IRiskParameters
    function append(bytes32 entryHash) external returns (uint32) {
        // The mandate's role was read for its round already; a second role would be one more cold slot in each.
        if (!hasRole(MANDATE_ROLE, msg.sender)) _checkRole(RECORDER_ROLE);
        return uint32(_link(msg.sender, entryHash));
    }
}
