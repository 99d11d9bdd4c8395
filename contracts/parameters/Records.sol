// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Direction, ParamId, ScopeId} from "../interfaces/ParameterTypes.sol";

// Records as they are stored (one word each) and as they are worked on (one word per member). Values are held in 48 bits (rails are at most
// 2^48 - 1), instants in 32 bits (until 2106). Members in memory are plain words: a record is unpacked once, masked once, and packed once, which
// keeps the store below the code size limit and a write at one read and one write of storage.

/// @dev Most parameters a catalogue may hold.
uint256 constant MAX_PARAMETERS = 64;
/// @dev Most joint invariants: one bit each in the sets of {Cell}.
uint256 constant MAX_INVARIANTS = 64;
/// @dev 100 % in basis points.
uint256 constant BPS = 10_000;
/// @dev Window of both tightening budgets, in seconds.
uint256 constant TIGHTEN_WINDOW = 24 hours;

uint256 constant M8 = type(uint8).max;
uint256 constant M32 = type(uint32).max;
uint256 constant M48 = type(uint48).max;
uint256 constant M64 = type(uint64).max;

/// @dev Everything stored of one scope. Keys are catalogue positions.
struct Book {
    bool active;
    mapping(uint256 position => uint256) live; // packed part of {Cell}
    mapping(uint256 position => PackedRule) rules;
    mapping(uint256 position => uint256) pendings; // packed {Pending}
    mapping(uint256 position => PackedPendingRule) pendingRules;
    mapping(uint256 position => uint256) undoneAt;
    mapping(uint256 positionAndNumber => uint256) entries; // packed {Entry}; key: History.key
}

/// @dev A rule in two words, laid out in Rules.sol: a tightening reads the first alone.
struct PackedRule {
    uint256 tighten;
    uint256 loosen;
}

/// @dev `eta` zero: none.
struct PackedPendingRule {
    PackedRule rule;
    uint64 value;
    uint48 eta;
}

// ------------------------------------------------------------------ a parameter in a scope

/// @dev One parameter of one scope under work: what it is, and its live state.
struct Cell {
    ScopeId scope;
    ParamId id;
    uint256 book; // slot of the scope's {Book}
    // from the catalogue
    uint256 kind; // zero: unknown
    uint256 direction;
    uint256 class;
    uint256 group;
    uint256 ramped; // 1 or 0
    uint256 position; // in the catalogue
    uint256 breaksRising; // bit i: the value is the left side of joint invariant i, so only a rise can break it
    uint256 breaksFalling; // bit i: the value is the right side, so only a fall can break it
    uint256 baselines; // bit i: the baseline is a side
    // live
    uint256 value; // target
    uint256 eff; // origin of the running ramp; zero when not ramped
    uint256 effAt; // instant of that origin
    uint256 lastTightenAt;
    uint256 length; // history entries; zero: never activated
    uint256 tightenTail; // hint: last known start of the 24 h window
    uint256 loosenTail; // hint: last known start of the loosen window
}

/// @dev The book of a cell's scope, without hashing the scope again.
function bookOf(Cell memory c) pure returns (Book storage book) {
    uint256 slot = c.book;
    assembly ("memory-safe") {
        book.slot := slot
    }
}

/// @dev Members of a cell that come from the catalogue, in one word, still without invariants.
function packTrait(uint256 kind, uint256 direction, uint256 class, uint256 group, bool ramped, uint256 position) pure returns (uint256) {
    return kind | direction << 8 | class << 16 | group << 24 | uint256(ramped ? 1 : 0) << 32 | position << 40;
}

/// @dev Places of the three sets of invariants in a trait word.
uint256 constant RISING_SHIFT = 48;
uint256 constant FALLING_SHIFT = 112;
uint256 constant BASELINES_SHIFT = 176;

function unpackTrait(Cell memory c, uint256 word) pure {
    c.kind = word & M8;
    c.direction = word >> 8 & M8;
    c.class = word >> 16 & M8;
    c.group = word >> 24 & M8;
    c.ramped = word >> 32 & M8;
    c.position = word >> 40 & M8;
    c.breaksRising = word >> RISING_SHIFT & M64;
    c.breaksFalling = word >> FALLING_SHIFT & M64;
    c.baselines = word >> BASELINES_SHIFT;
}

/// @dev Joint invariants that read the value or the baseline.
function allInvariants(Cell memory c) pure returns (uint256) {
    return c.breaksRising | c.breaksFalling | c.baselines;
}

/// @dev Joint invariants that a move of the value can break. The others hold as before, since one more unit of room never breaks a bound.
function breakable(Cell memory c, uint256 value) pure returns (uint256) {
    return value > c.value ? c.breaksRising : c.breaksFalling;
}

function unpackLive(Cell memory c, uint256 word) pure {
    c.value = word & M48;
    c.eff = word >> 48 & M48;
    c.effAt = word >> 96 & M32;
    c.lastTightenAt = word >> 128 & M32;
    c.length = word >> 160 & M32;
    c.tightenTail = word >> 192 & M32;
    c.loosenTail = word >> 224;
}

function packLive(Cell memory c) pure returns (uint256) {
    return c.value | c.eff << 48 | c.effAt << 96 | c.lastTightenAt << 128 | c.length << 160 | c.tightenTail << 192 | c.loosenTail << 224;
}

// ------------------------------------------------------------------ history

// An entry is one word and mostly read member by member: value 48 bits, time 32, loosened 32, tightened 48, tightened by stewards 48, round 32,
// writer 8, reason 8, from the low end. The three sums wrap at their width.

function entryTime(uint256 word) pure returns (uint256) {
    return word >> 48 & M32;
}

function entryLoosenBps(uint256 word) pure returns (uint256) {
    return word >> 80 & M32;
}

function entryTighten(uint256 word) pure returns (uint256) {
    return word >> 112 & M48;
}

function entryStewardTighten(uint256 word) pure returns (uint256) {
    return word >> 160 & M48;
}

function entryWriter(uint256 word) pure returns (uint256) {
    return word >> 240 & M8;
}

function entryReason(uint256 word) pure returns (uint256) {
    return word >> 248;
}

/// @dev The sums are reduced to their width, which is how they wrap.
function packEntry(
    uint256 value,
    uint256 time,
    uint256 loosenBps,
    uint256 tighten,
    uint256 stewardTighten,
    uint256 round,
    uint256 writer,
    uint256 reason
) pure returns (uint256) {
    return value | time << 48 | (loosenBps & M32) << 80 | (tighten & M48) << 112 | (stewardTighten & M48) << 160 | round << 208
        | writer << 240 | reason << 248;
}

/// @dev As {ParameterEntry}, member by member.
struct Entry {
    uint256 value;
    uint256 time;
    uint256 cumulativeLoosenBps;
    uint256 cumulativeTighten;
    uint256 cumulativeStewardTighten;
    uint256 round;
    uint256 writer;
    uint256 reason;
}

function unpackEntry(uint256 word) pure returns (Entry memory e) {
    e.value = word & M48;
    e.time = entryTime(word);
    e.cumulativeLoosenBps = entryLoosenBps(word);
    e.cumulativeTighten = entryTighten(word);
    e.cumulativeStewardTighten = entryStewardTighten(word);
    e.round = word >> 208 & M32;
    e.writer = entryWriter(word);
    e.reason = entryReason(word);
}

// ------------------------------------------------------------------ pending loosenings

/// @dev As {PendingLoosening}, then the end of the veto, which stays when the pending goes. `createdAt` zero: none.
struct Pending {
    uint256 target;
    uint256 createdAt;
    uint256 eta;
    uint256 expiry; // not stored: eta + execution grace
    uint256 epoch;
    uint256 historyLength;
    uint256 round;
    uint256 vetoedUntil;
}

/// @param grace Seconds from `eta` to `expiry`.
function unpackPending(uint256 word, uint256 grace) pure returns (Pending memory p) {
    p.target = word & M48;
    p.createdAt = word >> 48 & M32;
    p.eta = word >> 80 & M32;
    p.epoch = word >> 112 & M32;
    p.historyLength = word >> 144 & M32;
    p.round = word >> 176 & M32;
    p.vetoedUntil = vetoOf(word);
    unchecked {
        // Two 32-bit numbers.
        if (p.createdAt != 0) p.expiry = p.eta + grace;
    }
}

function packPending(Pending memory p) pure returns (uint256) {
    return p.target | p.createdAt << 48 | p.eta << 80 | p.epoch << 112 | p.historyLength << 144 | p.round << 176 | p.vetoedUntil << 208;
}

/// @dev End of the veto in a packed pending.
function vetoOf(uint256 word) pure returns (uint256) {
    return word >> 208;
}

/// @dev What stays of a pending when it goes: the veto.
function clearedPending(uint256 vetoedUntil) pure returns (uint256) {
    return vetoedUntil << 208;
}

// ------------------------------------------------------------------ small arithmetic

/// @dev Whether moving from `previous` to `value` tightens. Every move of a two-sided parameter is a loosening.
function isTighter(uint256 direction, uint256 value, uint256 previous) pure returns (bool) {
    if (direction == uint256(Direction.UP)) return value > previous;
    return direction == uint256(Direction.DOWN) && value < previous;
}

/// @dev Size of a move, own unit.
function distance(uint256 a, uint256 b) pure returns (uint256) {
    unchecked {
        // The larger minus the smaller.
        return a > b ? a - b : b - a;
    }
}

/// @dev Instant `window` seconds ago, zero before the epoch.
function ago(uint256 window) view returns (uint256) {
    unchecked {
        // Guarded by the condition.
        return block.timestamp > window ? block.timestamp - window : 0;
    }
}

/// @dev Live state as it is reported: {ParameterState}, member by member.
struct State {
    uint256 value;
    uint256 effective;
    uint256 lastTightenAt;
    uint256 lastWriteAt;
    uint256 historyLength;
    uint256 loosenBudgetUsedBps;
    uint256 tightenBudgetUsed;
    uint256 stewardTightenUsed;
    uint256 tightenBudgetBase;
    uint256 vetoedUntil;
}
