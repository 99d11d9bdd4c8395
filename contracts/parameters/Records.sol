// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Direction, ParamClass, Reason, ScopeKind, Writer} from "../interfaces/ParameterTypes.sol";

// Stored forms: one struct per slot unless said. Values are held in 48 bits (rails are at most 2^48 - 1), instants in 32 bits (until 2106).

/// @dev Most parameters a catalogue may hold; a scope keeps its records in arrays of this size, indexed by catalogue position.
uint256 constant MAX_PARAMETERS = 64;
/// @dev Most joint invariants: one bit each in {Trait.invariants}.
uint256 constant MAX_INVARIANTS = 64;
/// @dev 100 % in basis points.
uint256 constant BPS = 10_000;
/// @dev Window of both tightening budgets, in seconds.
uint256 constant TIGHTEN_WINDOW = 24 hours;

/// @dev What every judgement needs of a catalogue entry.
struct Trait {
    ScopeKind kind;
    Direction direction;
    ParamClass class;
    uint8 group;
    bool ramped;
    uint8 index; // position in the catalogue
    uint64 invariants; // bit i: joint invariant i reads this parameter
}

/// @dev What any rule may contain; read only when a rule changes.
struct Rails {
    uint48 floor;
    uint48 ceiling;
    uint16 maxTightenStepBps;
    uint16 maxLoosenStepBps;
    uint16 maxTightenBudgetBps;
    uint16 maxLoosenBudgetBps;
    uint16 minLoosenCooldown; // minutes
    uint16 minVetoHours;
}

/// @dev A joint invariant over catalogue positions.
struct Relation {
    uint8 left;
    uint8 right;
    bool leftBaseline;
    bool rightBaseline;
    uint32 leftMul;
    uint32 rightMul;
    uint64 slack;
}

/// @dev Live state of one parameter. `length` zero: never activated.
struct Live {
    uint48 value; // target
    uint48 eff; // origin of the running ramp; zero when not ramped
    uint32 effAt; // instant of that origin
    uint32 lastTightenAt;
    uint32 length; // history entries
    uint32 tightenTail; // hint: last known start of the 24 h window
    uint32 loosenTail; // hint: last known start of the loosen window
}

/// @dev Side of a rule that a tightening reads: no second slot is loaded for it.
struct TightenRule {
    uint48 floor;
    uint48 ceiling;
    uint48 stepFloor;
    uint48 rampPerHour;
    uint16 stepBps;
    uint16 cooldown; // minutes
    uint16 budgetBps;
    uint16 emergencyStepBps;
}

struct LoosenRule {
    uint48 baseline;
    uint16 stepBps;
    uint16 cooldown; // minutes
    uint16 budgetBps;
    uint16 window; // hours
    uint16 vetoHours;
    uint16 emergencyCooldown; // minutes
}

/// @dev Two slots.
struct PackedRule {
    TightenRule tighten;
    LoosenRule loosen;
}

/// @dev Three slots; `eta` zero: none.
struct PackedPendingRule {
    PackedRule rule;
    uint48 value;
    uint48 eta;
}

struct PackedEntry {
    uint48 value;
    uint32 time;
    uint32 cumulativeLoosenBps;
    uint48 cumulativeTighten;
    uint48 cumulativeStewardTighten;
    uint32 round;
    Writer writer;
    Reason reason;
}

/// @dev `createdAt` zero: none. The veto stays when the pending goes.
struct PackedPending {
    uint48 target;
    uint32 createdAt;
    uint32 eta;
    uint32 epoch;
    uint32 historyLength;
    uint32 round;
    uint32 vetoedUntil;
}

/// @dev Everything stored of one scope. Arrays are indexed by catalogue position.
struct Book {
    bool active;
    Live[MAX_PARAMETERS] live;
    PackedRule[MAX_PARAMETERS] rules;
    PackedPending[MAX_PARAMETERS] pendings;
    PackedPendingRule[MAX_PARAMETERS] pendingRules;
    uint32[MAX_PARAMETERS] undoneAt;
    mapping(uint256 positionAndEntry => PackedEntry) entries; // key: History.key
}

/// @dev Whether moving from `previous` to `value` tightens. Every move of a two-sided parameter is a loosening.
function isTighter(Direction direction, uint256 value, uint256 previous) pure returns (bool) {
    if (direction == Direction.UP) return value > previous;
    if (direction == Direction.DOWN) return value < previous;
    return false;
}

/// @dev Size of a move, own unit.
function distance(uint256 a, uint256 b) pure returns (uint256) {
    return a > b ? a - b : b - a;
}

/// @dev Block time in the stored width.
function nowSeconds() view returns (uint32) {
    return uint32(block.timestamp);
}

/// @dev Instant `window` seconds ago.
function ago(uint256 window) view returns (uint256) {
    return block.timestamp > window ? block.timestamp - window : 0;
}
