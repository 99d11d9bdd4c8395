// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {
    Adjustment, IControllerMandate, Lane, LaneCause, LaneMode, LaneSettings, Powers, Signature
} from "../interfaces/IControllerMandate.sol";
import {IGuardianTerm} from "../interfaces/IGuardianTerm.sol";
import {ILiquidationMeter} from "../interfaces/ILiquidationMeter.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ParamId, RoundContext, RoundResult, ScopeId, Writer} from "../interfaces/ParameterTypes.sol";
import {STEWARDS_ROLE, STEWARD_ROLE} from "../interfaces/Roles.sol";
import {isSequencerReady} from "../oracle/SequencerUptime.sol";
import {hashAdjustment} from "./AdjustmentHash.sol";
import {LaneCore, LaneEvent, LaneRules, next, powersOf} from "./LaneMachine.sol";
import {isSigned} from "./SignatureCheck.sol";

/// @title Bounded mandate of the controller
/// @dev Needs MANDATE_ROLE and RECORDER_ROLE on the store. Modes and powers are in LaneMachine.sol; here is who may cause what.
///
/// Invariants. A round reaches the store only with `threshold` signatures of the current epoch's engines over its digest. Round and observation time
/// of a lane strictly rise, also when the lane is opened again. In TIGHTEN_ONLY and PAUSED no loosening is pended or executed. Nothing automatic
/// leads to PAUSED. The store is called directly, never inside try/catch, so too little gas reverts the call and consumes nothing.
contract ControllerMandate is IControllerMandate, EIP712 {
    /// @notice Items in one round at most.
    uint256 public constant MAX_ITEMS = 16;
    /// @notice Seconds a lane may only tighten after an undo: one tick.
    uint32 public constant HOLD = 3600;
    /// @notice Longest mandate in seconds.
    uint32 public constant MAX_MANDATE = 365 days;
    /// @notice Gas a liquidation meter may use.
    uint256 public constant METER_GAS = 100_000;
    /// @notice Longest grace after a restart of the sequencer, seconds.
    uint32 public constant MAX_SEQUENCER_GRACE = 1 days;

    /// @inheritdoc IControllerMandate
    uint32 public immutable MAX_VALIDITY;
    /// @inheritdoc IControllerMandate
    uint32 public immutable SUBMITTER_WINDOW;
    /// @inheritdoc IControllerMandate
    address public immutable SEQUENCER;
    /// @inheritdoc IControllerMandate
    uint32 public immutable SEQUENCER_GRACE;

    IRiskParameters private immutable PARAMETERS;
    IGuardianTerm private immutable GUARDIAN_TERM;
    uint32 private immutable IMPACT_WINDOW; // as long as a tightening can be undone

    struct EngineSet {
        uint32 epoch;
        uint8 threshold;
        uint8 count;
    }

    struct ImpactBase {
        uint128 stated;
        uint48 time;
        uint256 meter;
    }

    EngineSet private _engineSet;
    address[] private _engines;
    mapping(address engine => uint32 epoch) private _epochOf; // an engine counts only in its own epoch; zero is nobody's, {setEngines} starts at one
    mapping(ScopeId scope => LaneCore) private _lanes;
    mapping(ScopeId scope => LaneRules) private _rules;
    mapping(ScopeId scope => uint128) private _impactNotionalLimit; // USD, 18 decimals
    mapping(ScopeId scope => ImpactBase) private _impact;
    /// @inheritdoc IControllerMandate
    mapping(ScopeId scope => ILiquidationMeter) public meterOf;

    /// @param parameters The store; its admin is the DAO.
    /// @param guardianTerm Who the guardian is, and until when.
    /// @param maxValidity Longest `validUntil - observedAt` in seconds, 900 by default.
    /// @param submitterWindow Seconds after `observedAt` in which only engines submit; shorter than `maxValidity`, else nobody else ever could.
    /// @param sequencer Uptime feed of a roll-up's sequencer, answering now; zero where there is none.
    /// @param sequencerGrace Seconds after it came back in which the dead-man does not walk.
    constructor(
        IRiskParameters parameters,
        IGuardianTerm guardianTerm,
        uint32 maxValidity,
        uint32 submitterWindow,
        address sequencer,
        uint32 sequencerGrace
    ) EIP712("Ballast ControllerMandate", "1") {
        if (submitterWindow >= maxValidity) revert ControllerMandate_InvalidSettings(0, submitterWindow, maxValidity);
        if (sequencerGrace > MAX_SEQUENCER_GRACE) revert ControllerMandate_InvalidSettings(1, sequencerGrace, MAX_SEQUENCER_GRACE);
        // A wrong address would keep the dead-man from walking for ever.
        if (!isSequencerReady(sequencer, 0)) revert ControllerMandate_SequencerNotReady();
        (SEQUENCER, SEQUENCER_GRACE) = (sequencer, sequencerGrace);
        PARAMETERS = parameters;
        GUARDIAN_TERM = guardianTerm;
        MAX_VALIDITY = maxValidity;
        SUBMITTER_WINDOW = submitterWindow;
        IMPACT_WINDOW = parameters.UNDO_WINDOW();
    }

    modifier onlyGovernance() {
        if (!_isGovernance(msg.sender)) revert ControllerMandate_NotGovernance(msg.sender);
        _;
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IControllerMandate
    function epoch() external view returns (uint32) {
        return _engineSet.epoch;
    }

    /// @inheritdoc IControllerMandate
    function engines() external view returns (address[] memory set, uint8 threshold) {
        return (_engines, _engineSet.threshold);
    }

    /// @inheritdoc IControllerMandate
    function lane(ScopeId scope) external view returns (Lane memory) {
        LaneCore memory core = _lanes[scope];
        ImpactBase memory base = _impact[scope];
        return Lane({
            mode: core.mode,
            roundsLeft: core.roundsLeft,
            rejectedInARow: core.rejectedInARow,
            round: core.round,
            observedAt: core.observedAt,
            heartbeatAt: core.heartbeatAt,
            tightenOnlyUntil: core.tightenOnlyUntil,
            impactExceeded: core.impactExceeded,
            statedImpact: base.stated,
            impactAt: base.time,
            meterAtRound: base.meter
        });
    }

    /// @inheritdoc IControllerMandate
    function settingsOf(ScopeId scope) external view returns (LaneSettings memory) {
        LaneRules memory rules = _rules[scope];
        return LaneSettings({
            heartbeatTimeout: rules.heartbeatTimeout,
            deadManTimeout: rules.deadManTimeout,
            flipWindow: rules.flipWindow,
            shadowRounds: rules.shadowRounds,
            canaryRounds: rules.canaryRounds,
            breakerRejections: rules.breakerRejections,
            impactAccountsLimit: rules.impactAccountsLimit,
            impactNotionalLimit: _impactNotionalLimit[scope],
            impactMultipleBps: rules.impactMultipleBps,
            expiresAt: rules.expiresAt
        });
    }

    /// @inheritdoc IControllerMandate
    function powers(ScopeId scope) external view returns (Powers memory) {
        return _powers(_lanes[scope], _rules[scope]);
    }

    /// @inheritdoc IControllerMandate
    function digestOf(Adjustment calldata adjustment) public view returns (bytes32) {
        return _hashTypedDataV4(hashAdjustment(adjustment));
    }

    // ------------------------------------------------------------------ anyone

    /// @inheritdoc IControllerMandate
    function submitRound(Adjustment calldata adjustment, Signature[] calldata signatures, Signature calldata cosign)
        external
        returns (RoundResult memory result)
    {
        LaneCore memory core = _lanes[adjustment.scope];
        LaneRules memory rules = _rules[adjustment.scope];
        EngineSet memory set = _engineSet;

        Powers memory allowed = powersOf(core, rules, set.count, block.timestamp);
        if (!allowed.submit) _refuse(adjustment.scope, core, rules, set.epoch);
        _requireEnvelope(adjustment, core, set.epoch);
        _requireSubmitter(adjustment.observedAt, set.epoch);
        bytes32 digest = digestOf(adjustment);
        _requireEngines(signatures, digest, set);

        (bool readable, uint256 reading) = core.metered ? _readMeter(adjustment.scope) : (true, 0);
        if (core.metered && readable && _tripOnImpact(adjustment.scope, core, rules, reading)) {
            allowed = powersOf(core, rules, set.count, block.timestamp);
        }
        _requireCosign(adjustment, cosign, digest, rules, allowed, set.epoch);

        core.round = adjustment.round;
        core.observedAt = adjustment.observedAt;
        core.heartbeatAt = uint48(block.timestamp);
        _lanes[adjustment.scope] = core;

        result = PARAMETERS.applyRound(
            adjustment.scope,
            adjustment.items,
            RoundContext({
                round: adjustment.round,
                epoch: set.epoch,
                writer: Writer.CONTROLLER,
                shadow: !allowed.applies,
                // A shadow round is judged as if the lane were live. A meter that gives no reading withholds loosening, never tightening.
                mayTighten: allowed.tightens || !allowed.applies,
                mayLoosen: (allowed.loosens || !allowed.applies) && readable,
                chargeSteward: cosign.signer != address(0),
                flipWindow: rules.flipWindow
            })
        );
        _record(adjustment, digest, result, cosign.signer);
        if (core.metered && readable && result.applied != 0 && allowed.applies) {
            _impact[adjustment.scope] = ImpactBase(adjustment.impactNotional, uint48(block.timestamp), reading);
        }
        if (adjustment.items.length != 0 && _count(adjustment.scope, core, rules, result)) _lanes[adjustment.scope] = core;
    }

    /// @inheritdoc IControllerMandate
    function executeLoosening(ScopeId scope, ParamId id) external {
        LaneCore memory core = _lanes[scope];
        LaneRules memory rules = _rules[scope];
        if (!_powers(core, rules).executes) {
            if (core.mode == LaneMode.CLOSED) revert ControllerMandate_LaneClosed(scope);
            if (core.mode != LaneMode.LIVE || block.timestamp < core.tightenOnlyUntil) revert ControllerMandate_NotLive(scope);
            if (block.timestamp >= rules.expiresAt) revert ControllerMandate_MandateExpired(scope, rules.expiresAt);
            if (_engineSet.count == 0) revert ControllerMandate_NoEngines(_engineSet.epoch);
            revert ControllerMandate_HeartbeatStale(scope, core.heartbeatAt);
        }
        PARAMETERS.executeLoosening(scope, id, _engineSet.epoch);
    }

    /// @inheritdoc IControllerMandate
    function walk(ScopeId scope, ParamId id) external returns (uint64 value) {
        LaneCore memory core = _lanes[scope];
        LaneRules memory rules = _rules[scope];
        if (!_powers(core, rules).walks) {
            if (core.mode == LaneMode.CLOSED) revert ControllerMandate_LaneClosed(scope);
            revert ControllerMandate_NotSilent(scope, core.heartbeatAt + rules.deadManTimeout);
        }
        // Nobody could send a round while it was down: silence says nothing yet (contract-rules A13).
        if (!isSequencerReady(SEQUENCER, SEQUENCER_GRACE)) revert ControllerMandate_SequencerNotReady();
        return PARAMETERS.walk(scope, id);
    }

    /// @inheritdoc IControllerMandate
    function checkImpact(ScopeId scope) external {
        LaneCore memory core = _lanes[scope];
        LaneRules memory rules = _rules[scope];
        (bool readable, uint256 reading) = _readMeter(scope);
        if (!readable) revert ControllerMandate_NoMeterReading(scope, address(meterOf[scope]));
        (uint256 realised, uint256 limit) = _impactOf(scope, rules, reading);
        if (realised <= limit) revert ControllerMandate_ImpactWithinLimit(scope, realised, limit);
        if (!_tripOnImpact(scope, core, rules, reading)) {
            revert ControllerMandate_InvalidTransition(scope, core.mode, LaneMode.TIGHTEN_ONLY);
        }
        _lanes[scope] = core;
    }

    // ------------------------------------------------------------------ guardian, and the DAO

    /// @inheritdoc IControllerMandate
    function pause(ScopeId scope) external {
        _stop(scope, LaneEvent.PAUSE, LaneMode.PAUSED);
    }

    /// @inheritdoc IControllerMandate
    function tightenOnly(ScopeId scope) external {
        _stop(scope, LaneEvent.RESTRICT_TO_TIGHTENING, LaneMode.TIGHTEN_ONLY);
    }

    /// @inheritdoc IControllerMandate
    function revokeEpoch() external {
        _requireGuardianOrGovernance();
        uint32 revoked = _engineSet.epoch + 1;
        _engineSet.epoch = revoked;
        _engineSet.count = 0;
        delete _engines;
        uint32 index = _append(keccak256(abi.encode(EpochRevoked.selector, revoked, msg.sender)));
        emit EpochRevoked(index, revoked, msg.sender);
    }

    // ------------------------------------------------------------------ DAO

    /// @inheritdoc IControllerMandate
    function setEngines(address[] calldata set, uint8 threshold) external onlyGovernance {
        if (threshold == 0 || threshold > set.length || set.length > type(uint8).max) {
            revert ControllerMandate_InvalidThreshold(threshold, set.length);
        }
        uint32 newEpoch = _engineSet.epoch + 1;
        address previous = address(0);
        for (uint256 i = 0; i < set.length; ++i) {
            if (set[i] <= previous) revert ControllerMandate_SignersNotAscending(previous, set[i]);
            previous = set[i];
            _epochOf[previous] = newEpoch;
        }
        _engines = set;
        _engineSet = EngineSet(newEpoch, threshold, uint8(set.length));
        uint32 index = _append(keccak256(abi.encode(EnginesChanged.selector, newEpoch, threshold, set)));
        emit EnginesChanged(index, newEpoch, threshold, set);
    }

    /// @inheritdoc IControllerMandate
    function openLane(ScopeId scope, LaneMode mode, LaneSettings calldata settings) external onlyGovernance {
        LaneCore memory core = _lanes[scope];
        LaneEvent what;
        if (mode == LaneMode.SHADOW) what = LaneEvent.OPEN_SHADOW;
        else if (mode == LaneMode.CANARY) what = LaneEvent.OPEN_CANARY;
        else if (mode == LaneMode.LIVE) what = LaneEvent.OPEN_LIVE;
        else revert ControllerMandate_InvalidTransition(scope, core.mode, mode);

        _putSettings(scope, settings);
        uint32 index = _append(keccak256(abi.encode(LaneOpened.selector, scope, mode, settings)));
        emit LaneOpened(index, scope, mode, settings);
        core.heartbeatAt = uint48(block.timestamp);
        if (!_move(scope, core, _rules[scope], what, LaneCause.OPENED)) {
            revert ControllerMandate_InvalidTransition(scope, core.mode, mode);
        }
        _forgetImpact(scope, core);
        _lanes[scope] = core;
    }

    /// @inheritdoc IControllerMandate
    function setSettings(ScopeId scope, LaneSettings calldata settings) external onlyGovernance {
        if (_lanes[scope].mode == LaneMode.CLOSED) revert ControllerMandate_LaneClosed(scope);
        _putSettings(scope, settings);
        uint32 index = _append(keccak256(abi.encode(LaneSettingsChanged.selector, scope, settings)));
        emit LaneSettingsChanged(index, scope, settings);
    }

    /// @inheritdoc IControllerMandate
    function setMeter(ScopeId scope, ILiquidationMeter meter) external onlyGovernance {
        meterOf[scope] = meter;
        _lanes[scope].metered = address(meter) != address(0);
        delete _impact[scope];
        uint32 index = _append(keccak256(abi.encode(MeterChanged.selector, scope, meter)));
        emit MeterChanged(index, scope, address(meter));
    }

    /// @inheritdoc IControllerMandate
    function resume(ScopeId scope) external onlyGovernance {
        LaneCore memory core = _lanes[scope];
        if (!_move(scope, core, _rules[scope], LaneEvent.RESUME, LaneCause.GOVERNANCE)) {
            revert ControllerMandate_InvalidTransition(scope, core.mode, LaneMode.CANARY);
        }
        _forgetImpact(scope, core);
        _lanes[scope] = core;
    }

    // ------------------------------------------------------------------ stewards module

    /// @inheritdoc IControllerMandate
    function hold(ScopeId scope) external {
        if (!PARAMETERS.hasRole(STEWARDS_ROLE, msg.sender)) revert ControllerMandate_NotStewards(msg.sender);
        uint48 until = uint48(block.timestamp) + HOLD;
        _lanes[scope].tightenOnlyUntil = until;
        uint32 index = _append(keccak256(abi.encode(LaneHeld.selector, scope, until)));
        emit LaneHeld(index, scope, until);
    }

    // ------------------------------------------------------------------ faults of the envelope, in the order of submitRound

    function _refuse(ScopeId scope, LaneCore memory core, LaneRules memory rules, uint32 currentEpoch) private view {
        if (core.mode == LaneMode.CLOSED) revert ControllerMandate_LaneClosed(scope);
        if (core.mode == LaneMode.PAUSED) revert ControllerMandate_LanePaused(scope);
        if (block.timestamp >= rules.expiresAt) revert ControllerMandate_MandateExpired(scope, rules.expiresAt);
        revert ControllerMandate_NoEngines(currentEpoch);
    }

    function _requireEnvelope(Adjustment calldata a, LaneCore memory core, uint32 currentEpoch) private view {
        uint48 time = uint48(block.timestamp);
        if (a.epoch != currentEpoch) revert ControllerMandate_UnknownEpoch(a.epoch, currentEpoch);
        if (a.round <= core.round) revert ControllerMandate_RoundNotNext(a.round, core.round);
        if (a.observedAt > time) revert ControllerMandate_ObservationInFuture(a.observedAt, time);
        if (a.observedAt <= core.observedAt) revert ControllerMandate_ObservationNotNewer(a.observedAt, core.observedAt);
        if (a.validUntil > uint256(a.observedAt) + MAX_VALIDITY) {
            revert ControllerMandate_ValidityTooLong(a.observedAt, a.validUntil, MAX_VALIDITY);
        }
        if (time > a.validUntil) revert ControllerMandate_Expired(a.validUntil, time);
        if (a.items.length > MAX_ITEMS) revert ControllerMandate_TooManyItems(a.items.length, MAX_ITEMS);
        for (uint256 i = 1; i < a.items.length; ++i) {
            ParamId previous = a.items[i - 1].id;
            if (ParamId.unwrap(a.items[i].id) <= ParamId.unwrap(previous)) {
                revert ControllerMandate_IdsNotAscending(previous, a.items[i].id);
            }
        }
    }

    function _requireSubmitter(uint48 observedAt, uint32 currentEpoch) private view {
        uint48 openAt = observedAt + SUBMITTER_WINDOW;
        if (block.timestamp < openAt && _epochOf[msg.sender] != currentEpoch) {
            revert ControllerMandate_SubmitterOnly(msg.sender, openAt);
        }
    }

    function _requireEngines(Signature[] calldata signatures, bytes32 digest, EngineSet memory set) private view {
        if (signatures.length < set.threshold) revert ControllerMandate_TooFewSignatures(signatures.length, set.threshold);
        address previous = address(0);
        for (uint256 i = 0; i < signatures.length; ++i) {
            address signer = signatures[i].signer;
            if (signer <= previous) revert ControllerMandate_SignersNotAscending(previous, signer);
            if (_epochOf[signer] != set.epoch) revert ControllerMandate_NotAnEngine(signer);
            if (!isSigned(signer, digest, signatures[i].data)) revert ControllerMandate_BadSignature(signer);
            previous = signer;
        }
    }

    function _requireCosign(
        Adjustment calldata a,
        Signature calldata cosign,
        bytes32 digest,
        LaneRules memory rules,
        Powers memory allowed,
        uint32 currentEpoch
    ) private view {
        if (cosign.signer == address(0)) {
            if (allowed.cosigned || (allowed.applies && _isHeavy(a, rules))) revert ControllerMandate_CosignRequired(a.scope);
            return;
        }
        if (!PARAMETERS.hasRole(STEWARD_ROLE, cosign.signer)) revert ControllerMandate_NotASteward(cosign.signer);
        if (_epochOf[cosign.signer] == currentEpoch) revert ControllerMandate_CosignerIsEngine(cosign.signer);
        if (!isSigned(cosign.signer, digest, cosign.data)) revert ControllerMandate_BadSignature(cosign.signer);
    }

    /// @dev Whether the stated impact is above either limit of the lane. Without a notional the notional limit is not read.
    function _isHeavy(Adjustment calldata a, LaneRules memory rules) private view returns (bool) {
        if (a.impactAccounts > rules.impactAccountsLimit) return true;
        return a.impactNotional != 0 && a.impactNotional > _impactNotionalLimit[a.scope];
    }

    // ------------------------------------------------------------------ after a round

    /// @dev Encodes the event once, for the hash of its link and for the log: the index takes the place of the indexed round, in front of the rest.
    function _record(Adjustment calldata a, bytes32 digest, RoundResult memory result, address cosigner) private {
        bytes memory encoded = abi.encode(
            RoundAccepted.selector, a.scope, a.round, a.epoch, a.observedAt, digest, a.snapshot, a.engine, a.configuration, a.report,
            a.impactNotional, a.impactAccounts, result.applied, result.pended, result.rejected, msg.sender, cosigner
        );
        uint256 index = _append(keccak256(encoded));
        assembly ("memory-safe") {
            // Words: length, topic0, scope, round, rest.
            let round := mload(add(encoded, 96))
            mstore(add(encoded, 96), index)
            log3(add(encoded, 96), sub(mload(encoded), 64), mload(add(encoded, 32)), mload(add(encoded, 64)), round)
        }
    }

    /// @dev Counts a round with items: the breaker first, then progress through SHADOW or the co-signed rounds. A round that counts for the breaker
    /// is no progress, also where there is no breaker to trip any more: only clean rounds earn the next mode.
    /// @return changed Whether `core` did.
    function _count(ScopeId scope, LaneCore memory core, LaneRules memory rules, RoundResult memory result)
        private
        returns (bool changed)
    {
        changed = result.countsForBreaker || core.rejectedInARow != 0 || core.roundsLeft != 0;
        if (!result.countsForBreaker) core.rejectedInARow = 0;
        else if (core.rejectedInARow != type(uint8).max) ++core.rejectedInARow;

        if (result.flipped) {
            if (_move(scope, core, rules, LaneEvent.BREAKER, LaneCause.BREAKER_FLIPS)) return true;
        } else if (core.rejectedInARow >= rules.breakerRejections) {
            if (_move(scope, core, rules, LaneEvent.BREAKER, LaneCause.BREAKER_REJECTIONS)) return true;
        }
        if (core.roundsLeft == 0 || result.countsForBreaker || result.flipped) return changed;
        --core.roundsLeft;
        if (core.roundsLeft != 0) return changed;
        if (core.mode == LaneMode.SHADOW) _move(scope, core, rules, LaneEvent.SHADOW_DONE, LaneCause.SHADOW_DONE);
        else if (core.mode == LaneMode.CANARY) _move(scope, core, rules, LaneEvent.CANARY_DONE, LaneCause.CANARY_DONE);
    }

    // ------------------------------------------------------------------ realised impact

    /// @dev Reads the meter with a fixed amount of gas, so that the outcome does not depend on what the caller sends. A meter that reverts, runs out
    /// of that gas or has no code gives no reading.
    function _readMeter(ScopeId scope) private view returns (bool readable, uint256 reading) {
        address meter = address(meterOf[scope]);
        uint256 needed = (METER_GAS * 64) / 63 + 10_000;
        if (gasleft() < needed) revert ControllerMandate_GasTooLow(gasleft(), needed);
        bytes memory input = abi.encodeCall(ILiquidationMeter.liquidatedNotional, (scope));
        // One word of the answer is read: the meter cannot fill this contract's memory.
        assembly ("memory-safe") {
            readable := staticcall(METER_GAS, meter, add(input, 0x20), mload(input), 0x00, 0x20)
            readable := and(readable, gt(returndatasize(), 0x1f))
            reading := mul(readable, mload(0x00))
        }
    }

    /// @dev Liquidated since the last round that applied something, and how much of it is no surprise. Below the limit that needs no co-sign nothing
    /// trips, else one small liquidation of an own account would disarm a lane whose last round stated none. Nothing after the undo window.
    function _impactOf(ScopeId scope, LaneRules memory rules, uint256 reading)
        private
        view
        returns (uint256 realised, uint256 limit)
    {
        ImpactBase memory base = _impact[scope];
        limit = (uint256(base.stated) * rules.impactMultipleBps) / 10_000;
        uint256 harmless = _impactNotionalLimit[scope];
        if (limit < harmless) limit = harmless;
        bool counts = base.time != 0 && block.timestamp <= uint256(base.time) + IMPACT_WINDOW && reading > base.meter;
        realised = counts ? reading - base.meter : 0;
    }

    function _tripOnImpact(ScopeId scope, LaneCore memory core, LaneRules memory rules, uint256 reading) private returns (bool) {
        (uint256 realised, uint256 limit) = _impactOf(scope, rules, reading);
        if (realised <= limit || core.impactExceeded) return false;
        // A lane that has an impact to compare has applied a round since it was opened, and every mode it can be in has this transition.
        _move(scope, core, rules, LaneEvent.IMPACT_EXCEEDED, LaneCause.IMPACT_EXCEEDED);
        core.impactExceeded = true;
        return true;
    }

    function _forgetImpact(ScopeId scope, LaneCore memory core) private {
        core.impactExceeded = false;
        delete _impact[scope];
    }

    // ------------------------------------------------------------------ modes

    /// @dev Applies `what` to `core` in memory if the transition table has it, and records the change.
    function _move(ScopeId scope, LaneCore memory core, LaneRules memory rules, LaneEvent what, LaneCause cause)
        private
        returns (bool moved)
    {
        LaneMode previous = core.mode;
        LaneMode mode = next(previous, what);
        if (mode == LaneMode.CLOSED) return false;

        core.mode = mode;
        core.rejectedInARow = 0;
        if (mode == LaneMode.SHADOW) core.roundsLeft = rules.shadowRounds;
        else if (mode == LaneMode.CANARY) core.roundsLeft = rules.canaryRounds;
        else if (mode == LaneMode.LIVE) core.roundsLeft = 0;
        uint32 index = _append(keccak256(abi.encode(LaneModeChanged.selector, scope, previous, mode, cause, msg.sender)));
        emit LaneModeChanged(index, scope, previous, mode, cause, msg.sender);
        return true;
    }

    function _stop(ScopeId scope, LaneEvent what, LaneMode mode) private {
        bool byDao = _requireGuardianOrGovernance();
        LaneCore memory core = _lanes[scope];
        if (!_move(scope, core, _rules[scope], what, byDao ? LaneCause.GOVERNANCE : LaneCause.GUARDIAN)) {
            revert ControllerMandate_InvalidTransition(scope, core.mode, mode);
        }
        _lanes[scope] = core;
    }

    function _powers(LaneCore memory core, LaneRules memory rules) private view returns (Powers memory) {
        return powersOf(core, rules, _engineSet.count, block.timestamp);
    }

    // ------------------------------------------------------------------ settings and roles

    function _putSettings(ScopeId scope, LaneSettings calldata s) private {
        _requireSettings(s);
        _rules[scope] = LaneRules({
            heartbeatTimeout: s.heartbeatTimeout,
            deadManTimeout: s.deadManTimeout,
            flipWindow: s.flipWindow,
            shadowRounds: s.shadowRounds,
            canaryRounds: s.canaryRounds,
            breakerRejections: s.breakerRejections,
            impactAccountsLimit: s.impactAccountsLimit,
            impactMultipleBps: s.impactMultipleBps,
            expiresAt: s.expiresAt
        });
        _impactNotionalLimit[scope] = s.impactNotionalLimit;
    }

    /// @dev Positions are those of {LaneSettings}, from zero.
    function _requireSettings(LaneSettings calldata s) private view {
        if (s.heartbeatTimeout == 0) revert ControllerMandate_InvalidSettings(0, 0, 1);
        if (s.deadManTimeout <= s.heartbeatTimeout) revert ControllerMandate_InvalidSettings(1, s.deadManTimeout, s.heartbeatTimeout);
        if (s.shadowRounds == 0) revert ControllerMandate_InvalidSettings(3, 0, 1);
        if (s.canaryRounds == 0) revert ControllerMandate_InvalidSettings(4, 0, 1);
        if (s.breakerRejections == 0) revert ControllerMandate_InvalidSettings(5, 0, 1);
        if (s.impactMultipleBps < 10_000) revert ControllerMandate_InvalidSettings(8, s.impactMultipleBps, 10_000);
        if (s.expiresAt <= block.timestamp) revert ControllerMandate_InvalidSettings(9, s.expiresAt, block.timestamp);
        if (s.expiresAt > block.timestamp + MAX_MANDATE) {
            revert ControllerMandate_InvalidSettings(9, s.expiresAt, block.timestamp + MAX_MANDATE);
        }
    }

    function _isGovernance(address caller) private view returns (bool) {
        return PARAMETERS.hasRole(0x00, caller);
    }

    function _requireGuardianOrGovernance() private view returns (bool byDao) {
        if (msg.sender == GUARDIAN_TERM.guardian()) return false;
        if (!_isGovernance(msg.sender)) revert ControllerMandate_NotGuardian(msg.sender);
        return true;
    }

    function _append(bytes32 entryHash) private returns (uint32 index) {
        return PARAMETERS.append(entryHash);
    }
}
