// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Parameter id: a dotted ASCII name, left-aligned, for example "margin.priceScanRange".
type ParamId is bytes32;

/// @notice Where a parameter lives. The first byte is the {ScopeKind}, the rest a left-aligned ASCII name, for example 0x02 "ETH".
type ScopeId is bytes32;

/// @notice Kind of a scope; the value is the first byte of a {ScopeId}.
enum ScopeKind {
    NONE,
    PROTOCOL,
    MARKET,
    ASSET,
    GROUP
}

/// @notice Which way a parameter tightens. TWO_SIDED: every move counts as a loosening.
enum Direction {
    UP,
    DOWN,
    TWO_SIDED
}

/// @notice Immutable class. RISK may tighten fast; MONEY and FEED are slow both ways; GOVERNANCE is written by the DAO alone.
enum ParamClass {
    RISK,
    MONEY,
    FEED,
    GOVERNANCE
}

/// @notice Who made a change.
enum Writer {
    GOVERNANCE,
    CONTROLLER,
    STEWARD,
    DEADMAN,
    UNDO
}

/// @notice Why a history entry exists.
enum Reason {
    ACTIVATION,
    GOVERNANCE,
    RULE_BOUND,
    ROUND,
    LOOSENING,
    EMERGENCY,
    DEADMAN,
    UNDO,
    IMPORT
}

/// @notice Why an item of a round was not applied, in the order in which it is judged; the first failure is recorded.
enum Rejection {
    NONE,
    EXPECTED, // the live value is not the one the engines saw: rejects the whole round
    ROUND, // another item of the round failed EXPECTED
    UNKNOWN_ID,
    EQUAL,
    FLOOR,
    CEILING,
    STEP,
    COOLDOWN,
    BUDGET,
    CLASS, // GOVERNANCE parameter, or an emergency or dead-man write to anything but RISK
    MODE, // the lane may not loosen, or not tighten, now
    VETOED, // a veto of this parameter is still in force
    MIXED_GROUP, // a coupling group holds a tightening and a loosening
    GROUP, // another member of the coupling group failed
    JOINT // a joint invariant fails on the survivors taken together
}

/// @notice Catalogue entry, fixed in the constructor. The rails bound what any rule may contain.
struct ParameterSpec {
    ParamId id;
    ScopeKind scopeKind;
    Direction direction;
    ParamClass class; // MONEY and FEED are TWO_SIDED
    uint8 group; // coupling group: one rejected member rejects its group; no number is special, who stands alone has one of its own
    bool ramped;
    uint64 railFloor; // own unit
    uint64 railCeiling; // own unit, at most 2^48 - 1
    uint16 maxTightenStepBps; // of the live value
    uint16 maxLoosenStepBps;
    uint16 maxTightenBudgetBps;
    uint16 maxLoosenBudgetBps;
    uint16 minLoosenCooldown; // minutes
    uint16 minVetoHours; // at least 1, but for GOVERNANCE
}

/// @notice Everything governance decides about one parameter in one scope. Written whole, never field by field.
struct ParameterRule {
    uint64 floor; // own unit
    uint64 ceiling; // own unit
    uint64 baseline; // own unit; where the dead-man walks to when it is tighter
    uint16 tightenStepBps; // of the live value; zero, with a zero step floor, stops tightening by the controller
    uint64 tightenStepFloor; // own unit: a tighten step may always be this large; at most the rail's step at the baseline, or one unit
    uint16 loosenStepBps; // of the live value, at least one unit
    uint16 tightenCooldown; // minutes since the last tightening by anyone
    uint16 loosenCooldown; // minutes since the last write by anyone
    uint16 tightenBudgetBps; // gross tightening per 24 h, of the value at the start of the window
    uint16 loosenBudgetBps; // gross loosening per window, sum of 10_000 * |new - old| / old, rounded up
    uint16 loosenWindow; // hours, at least 24
    uint16 vetoHours; // between a pending loosening and its execution
    uint16 emergencyStepBps; // steward's tighten step; zero where there is no emergency path
    uint16 emergencyCooldown; // minutes since the last tightening by anyone
    uint64 rampPerHour; // own unit; ramped parameters only, else zero
}

/// @notice `left * leftMul <= right * rightMul + slack`, over values or baselines of one scope kind.
struct JointInvariant {
    ParamId left;
    ParamId right;
    bool leftBaseline; // compares the rule's baseline instead of the value
    bool rightBaseline;
    uint32 leftMul;
    uint32 rightMul;
    uint64 slack;
}

/// @notice One proposed move. `expected` is the live value the engines saw.
struct Item {
    ParamId id;
    uint64 expected;
    uint64 value;
}

/// @notice What a round may do when it reaches the store.
struct RoundContext {
    uint32 round;
    uint32 epoch;
    Writer writer;
    bool shadow; // judge and record, apply nothing
    bool mayTighten;
    bool mayLoosen;
    bool chargeSteward; // tightenings are charged to the steward's sum
    uint32 flipWindow; // seconds; two sign flips of one parameter inside it trip the breaker
}

/// @notice What happened to a round.
struct RoundResult {
    uint16 applied;
    uint16 pended;
    uint16 rejected;
    bool countsForBreaker; // some rejection other than EXPECTED, ROUND, COOLDOWN, BUDGET or MODE
    bool flipped; // some applied tightening follows a loosening that follows a tightening, none of the DAO, inside the flip window
}

/// @notice One history entry. It is also the sliding window of both budgets.
struct ParameterEntry {
    uint64 value;
    uint48 time;
    uint32 cumulativeLoosenBps; // gross, non-governance, never refunded; wraps modulo 2^32
    uint48 cumulativeTighten; // own unit; controller and dead-man; wraps modulo 2^48
    uint48 cumulativeStewardTighten; // own unit; wraps modulo 2^48
    uint32 round;
    Writer writer;
    Reason reason;
}

/// @notice A loosening that waits for its veto window.
struct PendingLoosening {
    uint64 target;
    uint48 createdAt;
    uint48 eta;
    uint48 expiry; // eta + execution grace
    uint32 epoch;
    uint32 historyLength; // any write to the parameter makes this differ: the pending is void
    uint32 round;
}

/// @notice A rule that widens something and waits for the rule delay.
struct PendingRule {
    ParameterRule rule;
    uint64 value; // value to move to, zero when the live value stays
    uint48 eta;
}

/// @notice Live state of one parameter.
struct ParameterState {
    uint64 value; // target: seen by expected-value checks, steps, budgets, history and new risk
    uint64 effective; // maintenance: speed-limited toward `value` when the parameter is ramped
    uint48 lastTightenAt;
    uint48 lastWriteAt;
    uint32 historyLength;
    uint64 loosenBudgetUsedBps;
    uint64 tightenBudgetUsed; // own unit; controller and dead-man
    uint64 stewardTightenUsed; // own unit
    uint64 tightenBudgetBase; // own unit: value at the start of the 24 h window
    uint48 vetoedUntil;
}

/// @notice Kind of the scope, from its first byte.
function kindOf(ScopeId scope) pure returns (ScopeKind) {
    uint8 first = uint8(uint256(ScopeId.unwrap(scope)) >> 248);
    return first > uint8(type(ScopeKind).max) ? ScopeKind.NONE : ScopeKind(first);
}

using {kindOf} for ScopeId global;
