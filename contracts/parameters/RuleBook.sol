// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ParamId, ParameterRule, Reason, ScopeId} from "../interfaces/ParameterTypes.sol";
import {Ramp} from "./Ramp.sol";
import {Book, Cell, PackedPendingRule, allInvariants, bookOf, packLive} from "./Records.sol";
import {Rules} from "./Rules.sol";
import {Store} from "./Store.sol";

/// @title Rules in force and rules that wait
/// @dev A live value never lies outside its rule: the call that would exclude it moves it to the nearest bound, with its own history entry.
abstract contract RuleBook is Store {
    /// @dev Seconds between a rule's submission and its activation.
    uint32 internal immutable _ruleDelay;

    constructor(uint32 ruleDelay) {
        _ruleDelay = ruleDelay;
    }

    /// @dev One rule of {IRiskParameters.setRules}: in force at once, or pending. A pending one of before is replaced either way.
    /// @return invariants Joint invariants to check after the whole call.
    function _setRule(ScopeId scope, ParamId id, ParameterRule memory rule, uint64 value) internal returns (uint256 invariants) {
        Cell memory c = _open(scope, id);
        Book storage book = bookOf(c);
        (, bool restricts) = _compare(c, rule);
        uint256 nearest = Rules.nearest(rule, c.value);
        if (value != (nearest == c.value ? 0 : nearest)) _excludes(c, nearest, value);
        if (restricts) {
            if (book.pendingRules[c.position].eta != 0) _cancelRule(scope, id);
            _enforce(c, rule);
            return allInvariants(c);
        }
        uint48 eta = uint48(block.timestamp + _ruleDelay);
        book.pendingRules[c.position] = PackedPendingRule(Rules.pack(rule), value, eta);
        _record(abi.encode(IRiskParameters.RulePended.selector, scope, id, rule, value, eta));
    }

    /// @dev A pending rule comes into force. The live value may have moved since; it is clamped now, so no writer can block a rule of the DAO
    /// by moving the value out of it. The rails cannot have moved.
    function _activateRule(ScopeId scope, ParamId id) internal {
        (Cell memory c, PackedPendingRule storage pending) = _pendingRule(scope, id);
        if (block.timestamp < pending.eta) revert IRiskParameters.RiskParameters_RuleNotDue(scope, id, pending.eta);
        ParameterRule memory rule = Rules.unpack(pending.rule);
        delete bookOf(c).pendingRules[c.position];
        _enforce(c, rule);
        _requireJoint(scope, allInvariants(c));
    }

    function _cancelRule(ScopeId scope, ParamId id) internal {
        (Cell memory c,) = _pendingRule(scope, id);
        delete bookOf(c).pendingRules[c.position];
        _record(abi.encode(IRiskParameters.RuleCancelled.selector, scope, id, msg.sender));
    }

    function _pendingRule(ScopeId scope, ParamId id) private view returns (Cell memory c, PackedPendingRule storage pending) {
        c = _open(scope, id);
        pending = bookOf(c).pendingRules[c.position];
        if (pending.eta == 0) revert IRiskParameters.RiskParameters_NoPendingRule(scope, id);
    }

    /// @dev A rule of the stewards: some difference, every difference restricts loosening, the live value stays inside.
    function _restrict(ScopeId scope, ParamId id, ParameterRule memory rule) internal {
        Cell memory c = _open(scope, id);
        (bool differs, bool restricts) = _compare(c, rule);
        if (!differs || !restricts) revert IRiskParameters.RiskParameters_NotRestricting(scope, id);
        uint256 nearest = Rules.nearest(rule, c.value);
        if (nearest != c.value) _excludes(c, nearest, 0);
        _putRule(c, rule);
    }

    /// @dev Checks a rule against its rails and compares it with the one in force.
    function _compare(Cell memory c, ParameterRule memory rule) private view returns (bool differs, bool restricts) {
        Rules.check(c.scope, rule, _specAt(c.position));
        return Rules.compare(Rules.unpack(bookOf(c).rules[c.position]), rule, c.direction);
    }

    function _excludes(Cell memory c, uint256 nearest, uint64 given) private pure {
        revert IRiskParameters.RiskParameters_RuleExcludesValue(c.scope, c.id, uint64(c.value), uint64(nearest), given);
    }

    /// @dev Puts a checked rule in force and moves an excluded value to the nearest bound, as a write of the DAO.
    function _enforce(Cell memory c, ParameterRule memory rule) private {
        _putRule(c, rule);
        uint256 nearest = Rules.nearest(rule, c.value);
        if (nearest != c.value) _write(c, _byDao(nearest, Reason.RULE_BOUND));
    }

    /// @dev Stores a checked rule. A running ramp goes on from where it is, at the new speed; less than one unit of progress is dropped.
    function _putRule(Cell memory c, ParameterRule memory rule) internal {
        Book storage book = bookOf(c);
        uint256 speed = _speed(c);
        if (speed != 0 && speed != rule.rampPerHour) {
            c.eff = Ramp.effective(c, speed);
            c.effAt = block.timestamp;
            book.live[c.position] = packLive(c);
        }
        book.rules[c.position] = Rules.pack(rule);
        _record(abi.encode(IRiskParameters.RuleSet.selector, c.scope, c.id, rule, msg.sender));
    }
}
