// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {
    Item, JointInvariant, ParamId, ParameterEntry, ParameterRule, ParameterSpec, ParameterState, PendingLoosening, PendingRule, Reason,
    Rejection, RoundContext, RoundResult, ScopeId, ScopeKind, Writer
} from "../interfaces/ParameterTypes.sol";
import {MANDATE_ROLE, RECORDER_ROLE, STEWARDS_ROLE, VETO_ROLE} from "../interfaces/Roles.sol";
import {Catalogue} from "./Catalogue.sol";
import {ChainedRoles} from "./ChainedRoles.sol";
import {History} from "./History.sol";
import {Candidate} from "./Judge.sol";
import {Pendings} from "./Pendings.sol";
import {Book, Live, PackedEntry, PackedPending, PackedPendingRule, Trait, distance} from "./Records.sol";
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
    ) Catalogue(specs, invariants) Pendings(executionGrace) SingleMoves(undoWindow) RuleBook(ruleDelay) {
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
        return _specs();
    }

    /// @inheritdoc IRiskParameters
    function spec(ParamId id) external view returns (ParameterSpec memory) {
        Trait memory trait = _traitOrNone(id);
        if (trait.kind == ScopeKind.NONE) revert RiskParameters_UnknownParameter(ScopeId.wrap(0), id);
        return _specAt(trait.index);
    }

    /// @inheritdoc IRiskParameters
    function jointInvariants() external view returns (JointInvariant[] memory) {
        return _invariants();
    }

    /// @inheritdoc IRiskParameters
    function isActive(ScopeId scope) external view returns (bool) {
        return _books[scope].active;
    }

    /// @inheritdoc IRiskParameters
    function valueOf(ScopeId scope, ParamId id) external view returns (uint64) {
        (,, Live memory live) = _open(scope, id);
        return live.value;
    }

    /// @inheritdoc IRiskParameters
    function effectiveOf(ScopeId scope, ParamId id) external view returns (uint64) {
        (Trait memory trait, Book storage book, Live memory live) = _open(scope, id);
        return _effective(book, trait, live);
    }

    /// @inheritdoc IRiskParameters
    function valueAt(ScopeId scope, ParamId id, uint48 time) external view returns (uint64) {
        (Trait memory trait, Book storage book, Live memory live) = _open(scope, id);
        PackedEntry memory e = History.read(book, trait.index, History.windowStart(book, trait.index, live.length, live.length - 1, time));
        if (e.time > time || time > block.timestamp) revert RiskParameters_NoEntry(scope, id, time);
        return e.value;
    }

    /// @inheritdoc IRiskParameters
    function stateOf(ScopeId scope, ParamId id) external view returns (ParameterState memory state) {
        (Trait memory trait, Book storage book, Live memory live) = _open(scope, id);
        state.value = live.value;
        state.effective = _effective(book, trait, live);
        state.lastTightenAt = live.lastTightenAt;
        state.lastWriteAt = uint48(History.timeAt(book, trait.index, live.length - 1));
        state.historyLength = live.length;
        (uint256 loosenUsed,) = _loosenUsed(book, trait.index, live, book.rules[trait.index].loosen);
        (uint256 used, uint256 stewardUsed, uint256 base,) = _tightenUsed(book, trait.index, live);
        state.loosenBudgetUsedBps = uint64(loosenUsed);
        state.tightenBudgetUsed = uint64(used);
        state.stewardTightenUsed = uint64(stewardUsed);
        state.tightenBudgetBase = uint64(base);
        state.vetoedUntil = book.pendings[trait.index].vetoedUntil;
    }

    /// @inheritdoc IRiskParameters
    function ruleOf(ScopeId scope, ParamId id) external view returns (ParameterRule memory) {
        (Trait memory trait, Book storage book,) = _open(scope, id);
        return Rules.unpack(book.rules[trait.index]);
    }

    /// @inheritdoc IRiskParameters
    function entry(ScopeId scope, ParamId id, uint32 i) external view returns (ParameterEntry memory) {
        (Trait memory trait, Book storage book, Live memory live) = _open(scope, id);
        if (i >= live.length) revert RiskParameters_NoSuchEntry(scope, id, i, live.length);
        PackedEntry memory e = History.read(book, trait.index, i);
        return ParameterEntry(
            e.value, e.time, e.cumulativeLoosenBps, e.cumulativeTighten, e.cumulativeStewardTighten, e.round, e.writer, e.reason
        );
    }

    /// @inheritdoc IRiskParameters
    function pendingOf(ScopeId scope, ParamId id) external view returns (PendingLoosening memory) {
        (Trait memory trait, Book storage book,) = _open(scope, id);
        PackedPending memory p = book.pendings[trait.index];
        uint48 expiry = p.createdAt == 0 ? 0 : uint48(p.eta) + _executionGrace;
        return PendingLoosening(p.target, p.createdAt, p.eta, expiry, p.epoch, p.historyLength, p.round);
    }

    /// @inheritdoc IRiskParameters
    function pendingRuleOf(ScopeId scope, ParamId id) external view returns (PendingRule memory) {
        (Trait memory trait, Book storage book,) = _open(scope, id);
        PackedPendingRule memory p = book.pendingRules[trait.index];
        return PendingRule(Rules.unpack(p.rule), p.value, p.eta);
    }

    /// @inheritdoc IRiskParameters
    function head() external view returns (bytes28 hash, uint32 count) {
        Head memory h = _chainHead();
        return (bytes28(h.hash), h.count);
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
            (codes[i], limits[i]) = (all[i].code, all[i].limit);
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
            ParamId id = _idAt(position);
            Trait memory trait = _traitOrNone(id);
            if (trait.kind != scope.kindOf()) continue;
            if (given == ids.length || ParamId.unwrap(ids[given]) != ParamId.unwrap(id)) revert RiskParameters_IncompleteScope(scope, id);
            _activate(scope, id, trait, rules[given], values[given]);
            invariants |= trait.invariants;
            ++given;
        }
        if (given < ids.length) revert RiskParameters_WrongScopeKind(scope, ids[given]);
        if (given == 0) revert RiskParameters_EmptyBatch();
        _requireJoint(scope, _books[scope], invariants);
        _recordActivation(scope);
    }

    function _activate(ScopeId scope, ParamId id, Trait memory trait, ParameterRule memory rule, uint64 value) private {
        Rules.check(scope, id, rule, trait, _railsAt(trait.index));
        if (value < rule.floor || value > rule.ceiling) revert RiskParameters_OutOfBounds(scope, id, value, rule.floor, rule.ceiling);
        _putRule(scope, id, trait, rule);
        _seed(scope, id, trait, uint48(value));
    }

    /// @inheritdoc IRiskParameters
    function importScope(IRiskParameters predecessor, ScopeId scope) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireInactive(scope);
        if (keccak256(abi.encode(predecessor.catalogue())) != keccak256(abi.encode(_specs()))) {
            revert RiskParameters_DifferentCatalogue(address(predecessor));
        }
        uint256 invariants;
        for (uint256 position; position < _size(); ++position) {
            ParamId id = _idAt(position);
            Trait memory trait = _traitOrNone(id);
            if (trait.kind != scope.kindOf()) continue;
            _importParameter(predecessor, scope, id, trait, _undoWindow);
            invariants |= trait.invariants;
        }
        _requireJoint(scope, _books[scope], invariants);
        (bytes28 hash, uint32 count) = predecessor.head();
        uint32 index = _link(keccak256(abi.encode(ScopeImported.selector, scope, address(predecessor), hash, count)));
        emit ScopeImported(index, scope, address(predecessor), hash, count);
        _recordActivation(scope);
    }

    function _requireInactive(ScopeId scope) private view {
        if (_books[scope].active) revert RiskParameters_ActiveScope(scope);
    }

    function _recordActivation(ScopeId scope) private {
        _books[scope].active = true;
        uint32 index = _link(keccak256(abi.encode(ScopeActivated.selector, scope, msg.sender)));
        emit ScopeActivated(index, scope, msg.sender);
    }

    function _requireLengths(uint256 ids, uint256 values) private pure {
        if (ids != values) revert RiskParameters_LengthMismatch(ids, values);
        if (ids == 0) revert RiskParameters_EmptyBatch();
    }

    /// @dev Returns `id` after checking that it follows `previous`.
    function _ascending(ParamId previous, ParamId id) private pure returns (ParamId) {
        if (ParamId.unwrap(id) <= ParamId.unwrap(previous)) revert RiskParameters_IdsNotAscending(previous, id);
        return id;
    }

    /// @inheritdoc IRiskParameters
    function setValues(ScopeId scope, ParamId[] calldata ids, uint64[] calldata values) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireLengths(ids.length, values.length);
        uint256 invariants;
        ParamId previous;
        for (uint256 i; i < ids.length; ++i) {
            previous = _ascending(previous, ids[i]);
            invariants |= _setValue(scope, ids[i], values[i]);
        }
        _requireJoint(scope, _books[scope], invariants);
    }

    function _setValue(ScopeId scope, ParamId id, uint64 value) private returns (uint256 invariants) {
        (Trait memory trait, Book storage book, Live memory live) = _open(scope, id);
        uint64 floor = book.rules[trait.index].tighten.floor;
        uint64 ceiling = book.rules[trait.index].tighten.ceiling;
        if (value == live.value) revert RiskParameters_EqualValue(scope, id, value);
        if (value < floor || value > ceiling) revert RiskParameters_OutOfBounds(scope, id, value, floor, ceiling);
        _write(scope, book, id, trait, live, Write(uint48(value), Writer.GOVERNANCE, Reason.GOVERNANCE, 0, 0, 0, 0));
        return trait.invariants;
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
            previous = _ascending(previous, ids[i]);
            invariants |= _setRule(scope, ids[i], rules[i], values[i]);
        }
        _requireJoint(scope, _books[scope], invariants);
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
        if (context.writer != Writer.CONTROLLER && context.writer != Writer.STEWARD) revert RiskParameters_InvalidWriter(context.writer);
        _checkRole(context.writer == Writer.CONTROLLER ? MANDATE_ROLE : STEWARDS_ROLE);
        RoundContext memory round = context;
        Candidate[] memory all = _judgeRound(scope, items, round);
        Book storage book = _books[scope];
        for (uint256 i; i < all.length; ++i) {
            Candidate memory c = all[i];
            if (c.code != Rejection.NONE) {
                ++result.rejected;
                if (_trips(c.code)) result.countsForBreaker = true;
                _recordRejection(scope, c, round.round);
            } else if (round.shadow) {
                _recordShadow(scope, c, round.round);
            } else if (c.tightens) {
                ++result.applied;
                if (_flips(book, c, round.flipWindow)) result.flipped = true;
                _tighten(scope, book, c, round);
            }
        }
        if (!round.shadow) result.pended = _pendAll(scope, book, all, round);
    }

    function _tighten(ScopeId scope, Book storage book, Candidate memory c, RoundContext memory round) private {
        uint48 move = uint48(distance(c.value, c.current));
        bool steward = round.writer == Writer.STEWARD;
        bool charged = steward || round.chargeSteward;
        Write memory w = Write(
            uint48(c.value), round.writer, steward ? Reason.EMERGENCY : Reason.ROUND, round.round, 0, charged ? 0 : move, charged ? move : 0
        );
        _write(scope, book, c.id, c.trait, c.live, w);
    }

    /// @dev Rejections that say something about the engines. The others are ordinary: another writer came first, the lane or a budget is closed.
    function _trips(Rejection code) private pure returns (bool) {
        return code != Rejection.EXPECTED && code != Rejection.ROUND && code != Rejection.COOLDOWN && code != Rejection.BUDGET
            && code != Rejection.MODE;
    }

    /// @dev Whether this tightening follows a loosening that followed a tightening, none of them the DAO's, all inside the window. The reason
    /// of an entry tells its direction: rounds, emergencies and the dead-man only tighten, executed loosenings and undos only loosen.
    function _flips(Book storage book, Candidate memory c, uint256 window) private view returns (bool) {
        if (c.live.length < 3) return false;
        Reason last = History.read(book, c.trait.index, c.live.length - 1).reason;
        if (last != Reason.LOOSENING && last != Reason.UNDO) return false;
        PackedEntry memory before = History.read(book, c.trait.index, c.live.length - 2);
        bool tightened = before.reason == Reason.ROUND || before.reason == Reason.EMERGENCY || before.reason == Reason.DEADMAN;
        return tightened && block.timestamp - before.time <= window;
    }

    function _recordRejection(ScopeId scope, Candidate memory c, uint32 round) private {
        uint32 index = _link(keccak256(abi.encode(ItemRejected.selector, scope, c.id, round, c.current, c.value, c.code, c.limit)));
        emit ItemRejected(index, scope, c.id, round, c.current, c.value, c.code, c.limit);
    }

    function _recordShadow(ScopeId scope, Candidate memory c, uint32 round) private {
        uint32 index = _link(keccak256(abi.encode(ItemShadowed.selector, scope, c.id, round, c.current, c.value)));
        emit ItemShadowed(index, scope, c.id, round, c.current, c.value);
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
    function append(bytes32 entryHash) external onlyRole(RECORDER_ROLE) returns (uint32) {
        return _link(msg.sender, entryHash);
    }
}
