// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Item, ParamId, RoundResult, ScopeId} from "./ParameterTypes.sol";
import {ILiquidationMeter} from "./ILiquidationMeter.sol";

/// @notice State of a lane. Stored; expiry, silence and a revoked epoch are derived from it by {IControllerMandate.powers}.
enum LaneMode {
    CLOSED,
    SHADOW,
    CANARY,
    LIVE,
    TIGHTEN_ONLY,
    PAUSED
}

/// @notice What moved a lane from one mode to another.
enum LaneCause {
    OPENED,
    SHADOW_DONE,
    CANARY_DONE,
    BREAKER_REJECTIONS,
    BREAKER_FLIPS,
    IMPACT_EXCEEDED,
    GUARDIAN,
    GOVERNANCE
}

/// @notice A whole signed round for one scope. One definition for TypeScript, Solidity and EIP-712.
struct Adjustment {
    ScopeId scope;
    uint32 epoch;
    uint32 round;
    uint48 observedAt; // end of the data window
    uint48 validUntil;
    Item[] items; // ids strictly ascending; empty is a heartbeat
    uint128 impactNotional; // USD, 18 decimals: newly liquidatable through this round
    uint32 impactAccounts;
    bytes32 snapshot; // keccak256 of the canonical JSON
    bytes32 engine;
    bytes32 configuration;
    bytes32 report;
}

struct Signature {
    address signer;
    bytes data; // ECDSA, or whatever the signer's ERC-1271 accepts
}

/// @notice Set per lane by the DAO.
struct LaneSettings {
    uint32 heartbeatTimeout; // seconds without a round after which no pending executes (T)
    uint32 deadManTimeout; // seconds without a round after which anyone may walk (T2)
    uint32 flipWindow; // seconds
    uint16 shadowRounds;
    uint16 canaryRounds;
    uint8 breakerRejections; // consecutive rejected rounds that trip the breaker; empty rounds neither count nor reset
    uint32 impactAccountsLimit; // above either limit a steward co-signs
    uint128 impactNotionalLimit; // USD, 18 decimals
    uint16 impactMultipleBps; // realised above stated impact times this, and above impactNotionalLimit, trips the lane
    uint48 expiresAt;
}

struct Lane {
    LaneMode mode;
    uint16 roundsLeft; // clean rounds with items still to come in SHADOW, or still to be co-signed; clean: none counts for the breaker
    uint8 rejectedInARow;
    uint32 round; // last accepted
    uint48 observedAt; // of the last accepted round
    uint48 heartbeatAt; // when it was accepted
    uint48 tightenOnlyUntil; // after an undo
    bool impactExceeded; // realised liquidations exceeded the stated impact; stays until the DAO resumes or reopens the lane
    uint128 statedImpact; // USD, 18 decimals; of the last round that applied something while the lane had a meter
    uint48 impactAt; // when that round was applied; zero when there is nothing to compare
    uint256 meterAtRound; // the meter's reading then
}

/// @notice What a lane allows now. Derived in one place from mode, expiry, silence and undo.
struct Powers {
    bool submit;
    bool cosigned; // every round needs a steward's signature: CANARY, and TIGHTEN_ONLY entered from it until its co-signed rounds are done
    bool applies; // false in SHADOW
    bool tightens;
    bool loosens;
    bool executes; // pending loosenings may execute
    bool walks; // the dead-man may walk
}

/// @title Bounded mandate of the controller
/// @notice Applies rounds signed by k of n engines, one scope per round, through {IRiskParameters.applyRound}.
/// @dev Faults of the envelope revert with a numbered error; faults of an item are recorded by the store and consume the round.
/// The DAO is whoever holds DEFAULT_ADMIN_ROLE on the store.
interface IControllerMandate {
    event RoundAccepted(
        uint32 index, ScopeId indexed scope, uint32 indexed round, uint32 epoch, uint48 observedAt, bytes32 digest, bytes32 snapshot,
        bytes32 engine, bytes32 configuration, bytes32 report, uint128 impactNotional, uint32 impactAccounts, uint16 applied,
        uint16 pended, uint16 rejected, address submitter, address cosigner
    );
    event LaneOpened(uint32 index, ScopeId indexed scope, LaneMode mode, LaneSettings settings);
    event LaneSettingsChanged(uint32 index, ScopeId indexed scope, LaneSettings settings);
    event LaneModeChanged(uint32 index, ScopeId indexed scope, LaneMode previous, LaneMode mode, LaneCause cause, address indexed by);
    /// @notice The lane may only tighten until `until`: one tick after an undo.
    event LaneHeld(uint32 index, ScopeId indexed scope, uint48 until);
    event EnginesChanged(uint32 index, uint32 epoch, uint8 threshold, address[] engines);
    event EpochRevoked(uint32 index, uint32 epoch, address indexed by);
    event MeterChanged(uint32 index, ScopeId indexed scope, address meter);

    error ControllerMandate_UnknownEpoch(uint32 epoch, uint32 current);
    error ControllerMandate_NotAnEngine(address signer);
    error ControllerMandate_BadSignature(address signer);
    error ControllerMandate_SignersNotAscending(address previous, address signer);
    error ControllerMandate_TooFewSignatures(uint256 given, uint256 threshold);
    error ControllerMandate_RoundNotNext(uint32 round, uint32 last);
    error ControllerMandate_ObservationNotNewer(uint48 observedAt, uint48 last);
    error ControllerMandate_ObservationInFuture(uint48 observedAt, uint48 time);
    error ControllerMandate_ValidityTooLong(uint48 observedAt, uint48 validUntil, uint32 limit);
    error ControllerMandate_Expired(uint48 validUntil, uint48 time);
    error ControllerMandate_MandateExpired(ScopeId scope, uint48 expiresAt);
    error ControllerMandate_LaneClosed(ScopeId scope);
    error ControllerMandate_LanePaused(ScopeId scope);
    error ControllerMandate_IdsNotAscending(ParamId previous, ParamId id);
    error ControllerMandate_TooManyItems(uint256 given, uint256 limit);
    error ControllerMandate_CosignRequired(ScopeId scope);
    error ControllerMandate_NotASteward(address signer);
    error ControllerMandate_SubmitterOnly(address caller, uint48 openAt);
    error ControllerMandate_NotLive(ScopeId scope);
    error ControllerMandate_HeartbeatStale(ScopeId scope, uint48 heartbeatAt);
    error ControllerMandate_NotSilent(ScopeId scope, uint48 silentAt);
    error ControllerMandate_NotGovernance(address caller);
    error ControllerMandate_NotGuardian(address caller);
    error ControllerMandate_NotStewards(address caller);
    error ControllerMandate_InvalidTransition(ScopeId scope, LaneMode from, LaneMode to);
    error ControllerMandate_InvalidSettings(uint8 field, uint256 value, uint256 limit);
    error ControllerMandate_InvalidThreshold(uint256 threshold, uint256 engines);
    error ControllerMandate_ImpactWithinLimit(ScopeId scope, uint256 realised, uint256 limit);
    error ControllerMandate_NoEngines(uint32 epoch);
    error ControllerMandate_CosignerIsEngine(address signer);
    /// @notice The sequencer is down, does not answer, or came back less than {SEQUENCER_GRACE} seconds ago.
    error ControllerMandate_SequencerNotReady();
    error ControllerMandate_NoMeterReading(ScopeId scope, address meter);
    /// @notice Too little gas to read the meter for certain: the caller must not be able to choose the outcome.
    error ControllerMandate_GasTooLow(uint256 given, uint256 needed);

    // ------------------------------------------------------------------ reads (anyone)

    function MAX_VALIDITY() external view returns (uint32 secondsAtMost);
    function SUBMITTER_WINDOW() external view returns (uint32 secondsAfterObservation);
    /// @notice Uptime feed of a roll-up's sequencer; zero where there is none. Fixed: rounds and stewards do not ask it, and the DAO writes values itself.
    function SEQUENCER() external view returns (address);
    function SEQUENCER_GRACE() external view returns (uint32 secondsAfterRestart);
    function epoch() external view returns (uint32);
    function engines() external view returns (address[] memory set, uint8 threshold);
    function lane(ScopeId scope) external view returns (Lane memory);
    function settingsOf(ScopeId scope) external view returns (LaneSettings memory);
    function powers(ScopeId scope) external view returns (Powers memory);
    function meterOf(ScopeId scope) external view returns (ILiquidationMeter);
    /// @notice EIP-712 digest that engines and co-signers sign.
    function digestOf(Adjustment calldata adjustment) external view returns (bytes32);

    // ------------------------------------------------------------------ anyone

    /// @notice Applies a signed round. Registered engines may submit at once, anyone {SUBMITTER_WINDOW} after `observedAt`.
    /// @dev Faults of the envelope revert in this order and consume nothing: lane (closed, paused, expired, no engines), epoch, round, observation
    /// (future, not newer), validity (too long, passed), items (too many, not ascending), sender, signatures (too few; then for each: order, engine,
    /// signature), co-signature (missing, not a steward, an engine, signature). Edges: `observedAt` may be now, `validUntil` may be now, the mandate ends
    /// at `expiresAt`. With a meter, realised impact is compared first, and a meter without a reading withholds loosening, never tightening.
    /// The signer's key is tried before ERC-1271; a wallet gets a fixed amount of gas. Round numbers may be skipped.
    /// @param cosign Steward's signature on the same digest; a zero signer when there is none.
    function submitRound(Adjustment calldata adjustment, Signature[] calldata signatures, Signature calldata cosign)
        external
        returns (RoundResult memory);
    /// @notice Executes a due loosening with its coupling group.
    function executeLoosening(ScopeId scope, ParamId id) external;
    /// @notice Dead-man: one tighten step toward a tighter baseline after a long silence. On a roll-up not while its sequencer is down, nor in the grace after
    /// it came back, in which the engines can end the silence.
    function walk(ScopeId scope, ParamId id) external returns (uint64 value);
    /// @notice Drops the lane to TIGHTEN_ONLY when the notional liquidated since the last round that applied something exceeds both the impact that
    /// round stated times `impactMultipleBps` and the lane's notional limit. Inside the store's undo window only.
    function checkImpact(ScopeId scope) external;

    // ------------------------------------------------------------------ guardian, and the DAO

    /// @notice No rounds until the DAO resumes. Silence keeps counting, so the dead-man still walks; stewards still tighten.
    function pause(ScopeId scope) external;
    /// @notice From CANARY or LIVE: rounds may only tighten until the DAO resumes.
    function tightenOnly(ScopeId scope) external;
    /// @notice Voids every key, signature and pending loosening at once. Guardian or DAO.
    function revokeEpoch() external;

    // ------------------------------------------------------------------ DAO

    /// @notice Begins a new epoch with these engines, addresses strictly ascending; signatures and pendings of the old one are void.
    function setEngines(address[] calldata set, uint8 threshold) external;
    /// @notice Opens a lane; an open one may only go back to SHADOW. Round and observation of the lane are kept: nothing old can be replayed.
    /// @param mode SHADOW, CANARY or LIVE.
    function openLane(ScopeId scope, LaneMode mode, LaneSettings calldata settings) external;
    function setSettings(ScopeId scope, LaneSettings calldata settings) external;
    function setMeter(ScopeId scope, ILiquidationMeter meter) external;
    /// @notice From TIGHTEN_ONLY or PAUSED back to LIVE, through CANARY.
    function resume(ScopeId scope) external;

    // ------------------------------------------------------------------ stewards module

    /// @notice After an undo: tighten only until one tick has passed.
    function hold(ScopeId scope) external;
}
