// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {
    Item, JointInvariant, ParamId, ParameterEntry, ParameterRule, ParameterSpec, ParameterState, PendingLoosening, PendingRule,
    Reason, Rejection, RoundContext, RoundResult, ScopeId, Writer
} from "./ParameterTypes.sol";

/// @title The only store of risk parameters
/// @notice `(scope, id) -> uint64`, with the rule that bounds every writer, a hash-chained history and gross budgets.
/// @dev Reads no oracle and no balance. Known id, change of value, floor, ceiling and joint invariants bind every writer; steps, cooldowns,
/// budgets and the veto window bind every writer but the DAO (holder of DEFAULT_ADMIN_ROLE), whose writes are recorded and seed the same timers.
///
/// | role            | may                                                    | may not                                                    |
/// |-----------------|--------------------------------------------------------|------------------------------------------------------------|
/// | DEFAULT_ADMIN   | values, rules, scopes, roles                           | rails, catalogue, history; widen a rule before RULE_DELAY  |
/// | MANDATE         | rounds as CONTROLLER, execute, walk, append a hash     | skip a judgement; touch GOVERNANCE parameters              |
/// | STEWARDS        | rounds as STEWARD (tighten RISK), undo, restrict       | loosen, but by one undo per parameter and UNDO_WINDOW      |
/// | VETO            | remove a pending loosening                             | write a value                                              |
/// | RECORDER        | append a hash to the chain                             | write a value, link as another contract                    |
/// | STEWARD         | nothing here; modules read it                          |                                                            |
/// | anyone          | read, activateRule after RULE_DELAY                    |                                                            |
///
/// Hash chain: every event below whose first argument is `index` is a link. Its entry hash is keccak256(abi.encode(topic0, arguments in
/// declaration order without `index`)), which is topic0, the two indexed arguments and the logged data behind the index, back to back.
/// `head = uint224(uint256(keccak256(abi.encode(uint224 previous head, address emitter, bytes32 entry hash))))`, from zero; {head} returns those
/// 28 bytes; `index` is the number of links before. Modules append their own through {append}. The numbered invariants are in docs/invariants.md.
interface IRiskParameters is IAccessControl {
    /// @notice A value was written; the only event that changes {valueOf}.
    event ParameterUpdated(
        uint32 index, ScopeId indexed scope, ParamId indexed id, uint64 previous, uint64 value, Writer writer, Reason reason, uint32 round,
        address caller
    );
    /// @notice An item of a round was not applied. `limit` by `code`: EXPECTED and EQUAL the live value; FLOOR, CEILING the bound; STEP the largest
    /// step allowed now (own unit); COOLDOWN and VETOED the first second at which it ends; BUDGET what is left (own unit when tightening, basis points
    /// when loosening); CLASS the class; MIXED_GROUP and GROUP the group; JOINT the number of the invariant; ROUND, UNKNOWN_ID and MODE zero.
    /// `current` is zero for an unknown id.
    event ItemRejected(
        uint32 index, ScopeId indexed scope, ParamId indexed id, uint32 round, uint64 current, uint64 proposed, Rejection code, uint64 limit
    );
    /// @notice A shadow round would have moved this value.
    event ItemShadowed(uint32 index, ScopeId indexed scope, ParamId indexed id, uint32 round, uint64 current, uint64 proposed);
    event LooseningPended(
        uint32 index, ScopeId indexed scope, ParamId indexed id, uint32 round, uint64 current, uint64 target, uint48 eta, uint48 expiry
    );
    /// @notice A pending loosening that stood was removed: by veto, by the veto of a group mate, or because a mate was pended anew without it. A target
    /// replaced by a newer round shows as a fresh {LooseningPended}; one voided by a write shows as that write.
    event LooseningVoided(uint32 index, ScopeId indexed scope, ParamId indexed id, uint64 target, address by, bool vetoed, uint48 vetoedUntil);
    event ScopeActivated(uint32 index, ScopeId indexed scope, address indexed caller);
    /// @notice The scope was taken over from a predecessor whose chain then had `count` links and this head.
    event ScopeImported(uint32 index, ScopeId indexed scope, address indexed predecessor, bytes28 head, uint32 count);
    /// @notice A rule came into force.
    event RuleSet(uint32 index, ScopeId indexed scope, ParamId indexed id, ParameterRule rule, address caller);
    /// @notice A rule that widens something waits until `eta`.
    event RulePended(uint32 index, ScopeId indexed scope, ParamId indexed id, ParameterRule rule, uint64 value, uint48 eta);
    event RuleCancelled(uint32 index, ScopeId indexed scope, ParamId indexed id, address caller);
    event RoleChanged(uint32 index, bytes32 indexed role, address indexed account, bool granted, address caller);

    error RiskParameters_UnknownParameter(ScopeId scope, ParamId id);
    error RiskParameters_InactiveScope(ScopeId scope);
    error RiskParameters_ActiveScope(ScopeId scope);
    error RiskParameters_WrongScopeKind(ScopeId scope, ParamId id);
    error RiskParameters_IdsNotAscending(ParamId previous, ParamId id);
    /// @notice `id` lives in scopes of this kind and was not given, or not at its place in the catalogue's order.
    error RiskParameters_IncompleteScope(ScopeId scope, ParamId missing);
    /// @notice Takes part in no round: only CONTROLLER and STEWARD do.
    error RiskParameters_InvalidWriter(Writer writer);
    error RiskParameters_InvalidAdmin(address admin);
    error RiskParameters_InvalidDelay(uint32 given, uint32 atLeast, uint32 atMost);
    /// @notice Invariant `invariant` names unknown ids, ids of two scope kinds, or a zero factor; or there are more than 64 of them.
    error RiskParameters_InvalidInvariant(uint256 invariant);
    error RiskParameters_DifferentCatalogue(address predecessor);
    error RiskParameters_NoSuchEntry(ScopeId scope, ParamId id, uint32 entry, uint32 length);
    error RiskParameters_EmptyBatch();
    error RiskParameters_LengthMismatch(uint256 ids, uint256 values);
    error RiskParameters_EqualValue(ScopeId scope, ParamId id, uint64 value);
    error RiskParameters_OutOfBounds(ScopeId scope, ParamId id, uint64 value, uint64 floor, uint64 ceiling);
    error RiskParameters_JointInvariant(ScopeId scope, uint256 invariant, uint256 left, uint256 right);
    /// @notice Field `field` (position in {ParameterRule}) of a rule is outside its rails or contradicts another field.
    error RiskParameters_InvalidRule(ScopeId scope, ParamId id, uint8 field, uint64 value, uint64 limit);
    error RiskParameters_InvalidSpec(ParamId id, uint8 field, uint64 value, uint64 limit);
    /// @notice The rule excludes the live value and the call did not carry the nearest bound.
    error RiskParameters_RuleExcludesValue(ScopeId scope, ParamId id, uint64 live, uint64 nearest, uint64 given);
    error RiskParameters_NotRestricting(ScopeId scope, ParamId id);
    error RiskParameters_NoPendingRule(ScopeId scope, ParamId id);
    error RiskParameters_RuleNotDue(ScopeId scope, ParamId id, uint48 eta);
    error RiskParameters_NoPendingLoosening(ScopeId scope, ParamId id);
    error RiskParameters_LooseningNotDue(ScopeId scope, ParamId id, uint48 eta);
    error RiskParameters_LooseningExpired(ScopeId scope, ParamId id, uint48 expiry);
    error RiskParameters_LooseningVoid(ScopeId scope, ParamId id);
    error RiskParameters_LooseningRejected(ScopeId scope, ParamId id, Rejection code, uint64 limit);
    error RiskParameters_NotTighter(ScopeId scope, ParamId id, uint64 value, uint64 baseline);
    /// @notice Entry is no tightening of RISK by another than the DAO, or the DAO wrote since, or the value is no longer tighter than what it replaced.
    error RiskParameters_NotUndoable(ScopeId scope, ParamId id, uint32 entry);
    error RiskParameters_UndoTooLate(ScopeId scope, ParamId id, uint48 until);
    error RiskParameters_UndoTooLoose(ScopeId scope, ParamId id, uint64 value, uint64 loosest);
    error RiskParameters_UndoUsed(ScopeId scope, ParamId id, uint48 again);
    error RiskParameters_NoEntry(ScopeId scope, ParamId id, uint48 time);
    /// @notice {walk} is refused: CLASS (not RISK), STEP (no tighten step), COOLDOWN or BUDGET, limits as in {ItemRejected}.
    error RiskParameters_Cooldown(ScopeId scope, ParamId id, Rejection code, uint64 limit);

    // ------------------------------------------------------------------ reads (anyone)

    function RULE_DELAY() external view returns (uint32 secondsToWait);
    function UNDO_WINDOW() external view returns (uint32 secondsToUndo);
    function EXECUTION_GRACE() external view returns (uint32 secondsToExecute);
    function catalogue() external view returns (ParameterSpec[] memory);
    function spec(ParamId id) external view returns (ParameterSpec memory);
    function jointInvariants() external view returns (JointInvariant[] memory);
    function isActive(ScopeId scope) external view returns (bool);
    /// @notice Target value; reverts when the scope is not active or the id is unknown, never returns an unset zero.
    function valueOf(ScopeId scope, ParamId id) external view returns (uint64);
    /// @notice Value that maintenance margin reads: speed-limited toward the target when the parameter is ramped.
    function effectiveOf(ScopeId scope, ParamId id) external view returns (uint64);
    /// @notice Value in force at `time`; of entries with one timestamp the last wins.
    function valueAt(ScopeId scope, ParamId id, uint48 time) external view returns (uint64);
    function stateOf(ScopeId scope, ParamId id) external view returns (ParameterState memory);
    function ruleOf(ScopeId scope, ParamId id) external view returns (ParameterRule memory);
    function entry(ScopeId scope, ParamId id, uint32 i) external view returns (ParameterEntry memory);
    /// @notice As stored. Void when `historyLength` is not that of {stateOf}, when the epoch was revoked, or after `expiry`; `createdAt` zero: none.
    /// Pendings of one coupling group with one `createdAt` execute and fall together.
    function pendingOf(ScopeId scope, ParamId id) external view returns (PendingLoosening memory);
    /// @notice `eta` zero: none.
    function pendingRuleOf(ScopeId scope, ParamId id) external view returns (PendingRule memory);
    /// @notice Head of the hash chain and the number of its links.
    function head() external view returns (bytes28 hash, uint32 count);
    /// @notice All that a successor store needs of a parameter to give nobody a fresh budget, cooldown, veto or undo; read by its {importScope}.
    /// @return words Rule (2 words), live state, end of the veto, instant of the last undo, then the history entries of every window, packed.
    function exportOf(ScopeId scope, ParamId id) external view returns (uint256[] memory words);
    /// @notice What {applyRound} would do now, item by item, without doing it: NONE is applied, pended or shadowed. Limits as in {ItemRejected}.
    function judge(ScopeId scope, Item[] calldata items, RoundContext calldata context)
        external
        view
        returns (Rejection[] memory codes, uint64[] memory limits);

    // ------------------------------------------------------------------ DAO (DEFAULT_ADMIN_ROLE)

    /// @notice Writes all rules and values of a new scope: every id of its kind, in catalogue order. Seeds every timer, so the first move of any
    /// writer is as late as every other. Values lie inside their rules, rules inside their rails, joint invariants hold.
    function activateScope(ScopeId scope, ParamId[] calldata ids, ParameterRule[] calldata rules, uint64[] calldata values) external;
    /// @notice As {activateScope}, with rules, values, ramps, timers, vetoes, used undos and the history of every window from a predecessor store
    /// with the same catalogue, so that no budget starts afresh; links the predecessor's head. Pendings stay behind.
    /// @dev The DAO vouches for the predecessor: values and rules are judged, its history is believed.
    function importScope(IRiskParameters predecessor, ScopeId scope) external;
    /// @notice Sets values of one scope: skips step, cooldown, budget and veto, never range, equality, joint invariants or history.
    function setValues(ScopeId scope, ParamId[] calldata ids, uint64[] calldata values) external;
    /// @notice Sets rules. One whose every difference restricts loosening is in force at once, any other after {RULE_DELAY}; the table is in
    /// contracts/parameters/Rules.sol. A pending rule of before is replaced, or cancelled when the new one is in force at once.
    /// @param values Zero to keep the live value, else the bound nearest to it when the rule excludes it.
    function setRules(ScopeId scope, ParamId[] calldata ids, ParameterRule[] calldata rules, uint64[] calldata values) external;
    function cancelRule(ScopeId scope, ParamId id) external;

    // ------------------------------------------------------------------ anyone

    /// @notice Brings a pending rule into force once its delay has passed. Joint invariants are judged again; a live value that the rule excludes by
    /// now moves to the nearest bound, so no writer can block a rule of the DAO.
    function activateRule(ScopeId scope, ParamId id) external;

    // ------------------------------------------------------------------ modules

    /// @notice Judges a round against storage as it was before, then applies, pends or records each item. MANDATE_ROLE with writer CONTROLLER,
    /// STEWARDS_ROLE with writer STEWARD; a steward only tightens RISK. Ids ascend strictly.
    /// @dev The judge is internal and never inside try/catch, so a submitter cannot fail it by choosing a gas limit. Joint invariants hold on all
    /// survivors together and on the tightenings alone, since the loosenings are not written yet.
    function applyRound(ScopeId scope, Item[] calldata items, RoundContext calldata context) external returns (RoundResult memory);
    /// @notice Executes a pending loosening with its set: all pendings of its coupling group with the same `createdAt`. Each must stand, be of
    /// `epoch`, due and not expired, and pass the whole judge again, loosen cooldown included; else none executes. MANDATE_ROLE.
    function executeLoosening(ScopeId scope, ParamId id, uint32 epoch) external;
    /// @notice One tighten step of a RISK parameter toward a tighter baseline, cut there; cooldown and the controller's budget bind. MANDATE_ROLE.
    function walk(ScopeId scope, ParamId id) external returns (uint64 value);
    /// @notice Removes a pending loosening with its set and bars loosenings of this parameter for one loosen cooldown. The DAO may still set it. VETO_ROLE.
    function veto(ScopeId scope, ParamId id, address by) external;
    /// @notice Restores the value before history entry `i`, a tightening of RISK not made by the DAO, at most {UNDO_WINDOW} after it, once per
    /// parameter in that time; never looser than the loosest value in force in it, never over a later decision of the DAO. STEWARDS_ROLE.
    function undo(ScopeId scope, ParamId id, uint32 i) external;
    /// @notice Puts a rule in force that differs, only by restricting loosening, and does not pass the live value. STEWARDS_ROLE.
    function restrict(ScopeId scope, ParamId id, ParameterRule calldata rule) external;
    /// @notice Appends an entry of a module to the hash chain. RECORDER_ROLE or MANDATE_ROLE.
    function append(bytes32 entryHash) external returns (uint32 index);
}
