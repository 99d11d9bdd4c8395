// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ParamId, ParameterRule, Reason, ScopeId, Writer} from "../interfaces/ParameterTypes.sol";
import {Ramp} from "./Ramp.sol";
import {Book, Live, PackedPendingRule, Trait} from "./Records.sol";
import {Rules} from "./Rules.sol";
import {Store, Write} from "./Store.sol";

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
        (Trait memory trait, Book storage book, Live memory live) = _open(scope, id);
        Rules.check(scope, id, rule, trait, _railsAt(trait.index));
        uint64 nearest = _nearest(rule, live.value);
        if (value != (nearest == live.value ? 0 : nearest)) {
            revert IRiskParameters.RiskParameters_RuleExcludesValue(scope, id, live.value, nearest, value);
        }
        ParameterRule memory current = Rules.unpack(book.rules[trait.index]);
        if (Rules.onlyRestrictsLoosening(current, rule, trait.direction)) {
            if (book.pendingRules[trait.index].eta != 0) _cancel(scope, id, trait.index);
            _enforce(scope, id, trait, rule);
            return trait.invariants;
        }
        uint48 eta = uint48(block.timestamp + _ruleDelay);
        book.pendingRules[trait.index] = PackedPendingRule(Rules.pack(rule), uint48(value), eta);
        uint32 index = _link(keccak256(abi.encode(IRiskParameters.RulePended.selector, scope, id, rule, value, eta)));
        emit IRiskParameters.RulePended(index, scope, id, rule, value, eta);
    }

    /// @dev A pending rule comes into force. The live value may have moved since; it is clamped now, so no writer can block a rule of the DAO
    /// by moving the value out of it.
    function _activateRule(ScopeId scope, ParamId id) internal {
        (Trait memory trait, Book storage book,) = _open(scope, id);
        PackedPendingRule memory pending = book.pendingRules[trait.index];
        if (pending.eta == 0) revert IRiskParameters.RiskParameters_NoPendingRule(scope, id);
        if (block.timestamp < pending.eta) revert IRiskParameters.RiskParameters_RuleNotDue(scope, id, pending.eta);
        delete book.pendingRules[trait.index];
        ParameterRule memory rule = Rules.unpack(pending.rule);
        Rules.check(scope, id, rule, trait, _railsAt(trait.index));
        _enforce(scope, id, trait, rule);
        _requireJoint(scope, book, trait.invariants);
    }

    function _cancelRule(ScopeId scope, ParamId id) internal {
        (Trait memory trait, Book storage book,) = _open(scope, id);
        if (book.pendingRules[trait.index].eta == 0) revert IRiskParameters.RiskParameters_NoPendingRule(scope, id);
        _cancel(scope, id, trait.index);
    }

    function _cancel(ScopeId scope, ParamId id, uint256 position) private {
        delete _books[scope].pendingRules[position];
        uint32 index = _link(keccak256(abi.encode(IRiskParameters.RuleCancelled.selector, scope, id, msg.sender)));
        emit IRiskParameters.RuleCancelled(index, scope, id, msg.sender);
    }

    /// @dev A rule of the stewards: some difference, every difference restricts loosening, the live value stays inside.
    function _restrict(ScopeId scope, ParamId id, ParameterRule memory rule) internal {
        (Trait memory trait, Book storage book, Live memory live) = _open(scope, id);
        Rules.check(scope, id, rule, trait, _railsAt(trait.index));
        ParameterRule memory current = Rules.unpack(book.rules[trait.index]);
        if (Rules.same(current, rule) || !Rules.onlyRestrictsLoosening(current, rule, trait.direction)) {
            revert IRiskParameters.RiskParameters_NotRestricting(scope, id);
        }
        uint64 nearest = _nearest(rule, live.value);
        if (nearest != live.value) revert IRiskParameters.RiskParameters_RuleExcludesValue(scope, id, live.value, nearest, 0);
        _putRule(scope, id, trait, rule);
    }

    /// @dev Puts a checked rule in force and moves an excluded value to the nearest bound, as a write of the DAO.
    function _enforce(ScopeId scope, ParamId id, Trait memory trait, ParameterRule memory rule) private {
        _putRule(scope, id, trait, rule);
        Book storage book = _books[scope];
        Live memory live = book.live[trait.index];
        uint64 nearest = _nearest(rule, live.value);
        if (nearest == live.value) return;
        _write(scope, book, id, trait, live, Write(uint48(nearest), Writer.GOVERNANCE, Reason.RULE_BOUND, 0, 0, 0, 0));
    }

    /// @dev Stores a checked rule. A running ramp goes on from where it is, at the new speed.
    function _putRule(ScopeId scope, ParamId id, Trait memory trait, ParameterRule memory rule) internal {
        Book storage book = _books[scope];
        Live memory live = book.live[trait.index];
        uint48 speed = book.rules[trait.index].tighten.rampPerHour;
        if (trait.ramped && live.length != 0 && speed != rule.rampPerHour) {
            Ramp.settle(live, trait.direction, speed);
            book.live[trait.index] = live;
        }
        book.rules[trait.index] = Rules.pack(rule);
        uint32 index = _link(keccak256(abi.encode(IRiskParameters.RuleSet.selector, scope, id, rule, msg.sender)));
        emit IRiskParameters.RuleSet(index, scope, id, rule, msg.sender);
    }

    function _nearest(ParameterRule memory rule, uint64 value) private pure returns (uint64) {
        return value < rule.floor ? rule.floor : value > rule.ceiling ? rule.ceiling : value;
    }
}
