// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LaneMode, Powers} from "../interfaces/IControllerMandate.sol";

/// @notice The part of a {Lane} that every round reads and writes: one storage slot.
struct LaneCore {
    LaneMode mode;
    uint16 roundsLeft;
    uint8 rejectedInARow;
    uint32 round;
    uint48 observedAt;
    uint48 heartbeatAt;
    uint48 tightenOnlyUntil;
    bool impactExceeded;
    bool metered; // the lane has a liquidation meter
}

/// @notice The part of {LaneSettings} that every round reads: one storage slot. The notional limit is read when a round states an impact.
struct LaneRules {
    uint32 heartbeatTimeout;
    uint32 deadManTimeout;
    uint32 flipWindow;
    uint16 shadowRounds;
    uint16 canaryRounds;
    uint8 breakerRejections;
    uint32 impactAccountsLimit;
    uint16 impactMultipleBps;
    uint48 expiresAt;
}

/// @notice What can happen to a lane. The last two columns of {next} are the guardian's (or the DAO's), the first three and RESUME the DAO's alone,
/// the others follow from accepted rounds and from the meter.
enum LaneEvent {
    OPEN_SHADOW,
    OPEN_CANARY,
    OPEN_LIVE,
    RESUME,
    SHADOW_DONE,
    CANARY_DONE,
    BREAKER, // rejected rounds in a row, or a parameter that flips
    IMPACT_EXCEEDED,
    RESTRICT_TO_TIGHTENING,
    PAUSE
}

// One transition table. S shadow, C canary, L live, T tighten only, P paused; a dot: no such transition.
//
//                  OPEN_  OPEN_  OPEN_          SHADOW_ CANARY_           IMPACT_   RESTRICT_TO_
//                  SHADOW CANARY LIVE   RESUME  DONE    DONE    BREAKER   EXCEEDED  TIGHTENING    PAUSE
//   CLOSED         S      C      L      .       .       .       .         .         .             .
//   SHADOW         S      .      .      .       C       .       S         .         .             P
//   CANARY         S      .      .      .       .       L       T         T         T             P
//   LIVE           S      .      .      .       .       .       T         T         T             P
//   TIGHTEN_ONLY   S      .      .      C       .       .       .         T         .             P
//   PAUSED         S      .      .      C       .       .       .         P         .             .
//
// Why: loosening comes back only by a vote, and only through CANARY (or SHADOW). A shadow lane has applied nothing yet, so nothing may move it to
// TIGHTEN_ONLY, which applies: its breaker starts the shadow rounds afresh. Nothing automatic leads to PAUSED, the one open mode that refuses
// rounds. IMPACT_EXCEEDED keeps TIGHTEN_ONLY and PAUSED but is remembered there, for the guardian's right to undo alone.

/// @notice The mode after `what` in `mode`; CLOSED when there is no such transition, since nothing closes a lane.
function next(LaneMode mode, LaneEvent what) pure returns (LaneMode) {
    if (what == LaneEvent.OPEN_SHADOW) return LaneMode.SHADOW;
    if (what == LaneEvent.OPEN_CANARY) return mode == LaneMode.CLOSED ? LaneMode.CANARY : LaneMode.CLOSED;
    if (what == LaneEvent.OPEN_LIVE) return mode == LaneMode.CLOSED ? LaneMode.LIVE : LaneMode.CLOSED;
    if (what == LaneEvent.RESUME) return mode == LaneMode.TIGHTEN_ONLY || mode == LaneMode.PAUSED ? LaneMode.CANARY : LaneMode.CLOSED;
    if (what == LaneEvent.SHADOW_DONE) return mode == LaneMode.SHADOW ? LaneMode.CANARY : LaneMode.CLOSED;
    if (what == LaneEvent.CANARY_DONE) return mode == LaneMode.CANARY ? LaneMode.LIVE : LaneMode.CLOSED;
    if (what == LaneEvent.PAUSE) return mode == LaneMode.CLOSED || mode == LaneMode.PAUSED ? LaneMode.CLOSED : LaneMode.PAUSED;

    // BREAKER, IMPACT_EXCEEDED and RESTRICT_TO_TIGHTENING differ only where the lane does not loosen anyway.
    if (mode == LaneMode.CANARY || mode == LaneMode.LIVE) return LaneMode.TIGHTEN_ONLY;
    if (mode == LaneMode.SHADOW && what == LaneEvent.BREAKER) return LaneMode.SHADOW;
    if ((mode == LaneMode.TIGHTEN_ONLY || mode == LaneMode.PAUSED) && what == LaneEvent.IMPACT_EXCEEDED) return mode;
    return LaneMode.CLOSED;
}

/// @notice What a lane allows at `time`: the only place where mode, expiry, silence, undo and the engine set come together.
/// @dev Silence is measured from the last accepted round, empty ones included; pause, expiry and a revoked epoch do not stop that clock. At exactly
/// the timeout the lane still counts as heard. The dead-man walks in every open mode: an unmanned market drifts to the DAO's baseline.
function powersOf(LaneCore memory lane, LaneRules memory rules, uint256 engineCount, uint256 time) pure returns (Powers memory powers) {
    if (lane.mode == LaneMode.CLOSED) return powers;
    uint256 silence = time - lane.heartbeatAt;
    bool held = time < lane.tightenOnlyUntil;

    powers.submit = lane.mode != LaneMode.PAUSED && time < rules.expiresAt && engineCount != 0;
    powers.cosigned = lane.mode == LaneMode.CANARY || (lane.mode == LaneMode.TIGHTEN_ONLY && lane.roundsLeft != 0);
    powers.applies = powers.submit && lane.mode != LaneMode.SHADOW;
    powers.tightens = powers.applies;
    powers.loosens = powers.applies && lane.mode != LaneMode.TIGHTEN_ONLY && !held;
    powers.executes = powers.loosens && lane.mode == LaneMode.LIVE && silence <= rules.heartbeatTimeout;
    powers.walks = silence > rules.deadManTimeout;
}
