// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Signature} from "./IControllerMandate.sol";
import {ScopeId} from "./ParameterTypes.sol";

/// @notice Smile of one expiry: raw SVI (Gatheral and Jacquier, Quantitative Finance 14, 2014, equation 3.1). Total variance at
/// k = ln(strike / forward) is a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)). All numbers wad.
struct Slice {
    uint48 expiry;
    int256 a;
    int256 b;
    int256 rho;
    int256 m;
    int256 sigma;
    uint256 forwardRatio; // forward over spot
}

/// @notice What the signers sign: one or more expiries of one market, seen at `asOf`.
struct Surface {
    ScopeId market;
    uint32 epoch;
    uint32 version;
    uint48 asOf;
    uint48 validUntil;
    uint128 spot; // USD, wad: what strikes are measured against until the next post
    Slice[] slices; // expiries strictly ascending
}

/// @notice A slice as stored.
struct StoredSlice {
    int256 a;
    int256 b;
    int256 rho;
    int256 m;
    int256 sigma;
    uint256 forwardRatio;
    uint256 atmVol; // wad, annualised: the ATM index of the expiry
    uint128 spot;
    uint48 asOf;
    uint48 validUntil;
    uint32 version; // zero: never posted
}

/// @notice How far a market's surface may move, set by the DAO. All in bps of the smaller of the two values.
struct SurfaceLimits {
    uint16 volStep; // ATM vol of an expiry from one post to the next
    uint16 volPerHour; // and more, per hour between their observations
    uint16 forwardStep; // forward ratio
    uint16 forwardPerHour;
    uint16 firstVol; // first post of an expiry, from `referenceVol`
    uint16 firstForward; // first post of an expiry, from a ratio of one
    uint16 spot; // signed spot from the price feed
    uint64 referenceVol; // wad
}

/// @title Volatility surface signed by k of n
/// @notice The trust root of option values on chain: own keys, never an engine's; k at least the mandate's.
/// @dev A post is refused whole. Checked in this order: market, epoch, version, observation, validity, expiries, signatures, spot, then each slice
/// (domain, wings, butterfly, rates), then neighbours (calendar). The DAO is whoever holds DEFAULT_ADMIN_ROLE on the store.
interface ISurfaceOracle {
    event SurfacePosted(ScopeId indexed market, uint32 indexed version, uint32 epoch, uint48 asOf, bytes32 digest, address submitter);
    event SlicePosted(ScopeId indexed market, uint48 indexed expiry, uint32 indexed version, StoredSlice slice);
    event SignersChanged(uint32 epoch, uint8 threshold, address[] signers);
    event EpochRevoked(uint32 epoch, address indexed by);
    event LimitsChanged(ScopeId indexed market, SurfaceLimits limits);

    error SurfaceOracle_NotGovernance(address caller);
    error SurfaceOracle_NotGuardian(address caller);
    error SurfaceOracle_InvalidThreshold(uint256 threshold, uint256 atLeast, uint256 signers);
    error SurfaceOracle_SignersNotAscending(address previous, address signer);
    /// @notice The mandate's engines may not sign surfaces: one theft would forge everything.
    error SurfaceOracle_SignerIsEngine(address signer);
    error SurfaceOracle_InvalidLimits(uint256 field, uint256 value, uint256 limit);
    error SurfaceOracle_UnknownMarket(ScopeId market);
    error SurfaceOracle_UnknownEpoch(uint32 epoch, uint32 current);
    error SurfaceOracle_VersionNotNewer(uint32 version, uint32 last);
    error SurfaceOracle_ObservationNotNewer(uint48 asOf, uint48 last);
    error SurfaceOracle_ObservationInFuture(uint48 asOf, uint256 time);
    error SurfaceOracle_ObservationTooOld(uint48 asOf, uint256 oldest);
    error SurfaceOracle_Expired(uint48 validUntil, uint256 time);
    error SurfaceOracle_ValidityTooLong(uint48 validUntil, uint256 limit);
    error SurfaceOracle_SliceCount(uint256 given, uint256 atLeast, uint256 atMost);
    error SurfaceOracle_ExpiriesNotAscending(uint48 previous, uint48 expiry);
    error SurfaceOracle_ExpiryOutOfRange(uint48 expiry, uint256 earliest, uint256 latest);
    error SurfaceOracle_TooManyExpiries(uint256 given, uint256 atMost);
    error SurfaceOracle_TooFewSignatures(uint256 given, uint256 threshold);
    error SurfaceOracle_NotASigner(address signer);
    error SurfaceOracle_BadSignature(address signer);
    /// @notice No fresh price to compare the signed spot with.
    error SurfaceOracle_NoPrice(ScopeId market);
    error SurfaceOracle_SpotOutOfRange(uint256 spot, uint256 floor, uint256 ceiling);
    error SurfaceOracle_SpotOff(uint256 spot, uint256 price, uint256 limitBps);
    /// @notice Field of {Slice}, by position from zero, is outside its range.
    error SurfaceOracle_Domain(uint48 expiry, uint256 field, int256 value);
    error SurfaceOracle_VolOutOfRange(uint48 expiry, uint256 vol, uint256 floor, uint256 ceiling);
    error SurfaceOracle_WingTooSteep(uint48 expiry, int256 slope, int256 limit);
    error SurfaceOracle_Butterfly(uint48 expiry, int256 k, int256 density);
    error SurfaceOracle_Calendar(uint48 shorter, uint48 longer, int256 k);
    error SurfaceOracle_VolMovedTooFar(uint48 expiry, uint256 previous, uint256 vol, uint256 limitBps);
    error SurfaceOracle_ForwardMovedTooFar(uint48 expiry, uint256 previous, uint256 ratio, uint256 limitBps);
    error SurfaceOracle_NoSlice(ScopeId market, uint48 expiry);
    error SurfaceOracle_SliceExpired(ScopeId market, uint48 expiry, uint48 validUntil);
    error SurfaceOracle_StrikeOutOfRange(uint256 strike, uint256 floor, uint256 ceiling);

    // ------------------------------------------------------------------ reads (anyone)

    function MAX_SLICES() external view returns (uint256);
    function MAX_EXPIRIES() external view returns (uint256);
    /// @notice Seconds between observation and post at most.
    function MAX_DELAY() external view returns (uint256);
    /// @notice Seconds between observation and end of validity at most.
    function MAX_VALIDITY() external view returns (uint256);
    function epoch() external view returns (uint32);
    function signers() external view returns (address[] memory set, uint8 threshold);
    function limitsOf(ScopeId market) external view returns (SurfaceLimits memory);
    /// @notice Version and observation of the last post of a market.
    function lastOf(ScopeId market) external view returns (uint32 version, uint48 asOf);
    /// @notice Expiries posted and not pruned, ascending.
    function expiriesOf(ScopeId market) external view returns (uint48[] memory);
    /// @notice The slice as posted; version zero when there is none. Callers judge its age.
    function sliceOf(ScopeId market, uint48 expiry) external view returns (StoredSlice memory);
    /// @notice ATM index of an expiry, end of its validity and version: one slot. Version zero when there is none.
    function indexOf(ScopeId market, uint48 expiry) external view returns (uint256 atmVol, uint48 validUntil, uint32 version);
    /// @notice Implied vol of a strike, wad, rounded down: the smile is anchored at the forward of the post, so the vol stays with the strike.
    /// @dev Error against risk/surface below 1e-12 from an hour to expiry on. Reverts when there is no slice or its validity has passed.
    /// @param strike USD, wad; the forward times 1/1,000 to 1,000.
    function volAt(ScopeId market, uint48 expiry, uint256 strike) external view returns (uint256 vol);
    function digestOf(Surface calldata surface) external view returns (bytes32);
    /// @notice Reverts, as {post} does, unless k signers of the current epoch have signed `digest`, ascending: for what else these keys vouch for.
    /// The caller's digest names its contract and chain.
    function requireSigned(bytes32 digest, Signature[] calldata signatures) external view;

    // ------------------------------------------------------------------ anyone

    /// @notice Posts a signed surface. Signatures ascend by signer.
    function post(Surface calldata surface, Signature[] calldata signatures) external;

    // ------------------------------------------------------------------ guardian, and the DAO

    /// @notice Voids all keys and signatures; what was posted stays until its validity ends.
    function revokeEpoch() external;

    // ------------------------------------------------------------------ DAO

    /// @notice Begins a new epoch with these signers, ascending, none an engine; `threshold` at least the mandate's.
    function setSigners(address[] calldata set, uint8 threshold) external;
    /// @notice Opens a market or changes its limits. Versions and what was posted stay: nobody gets a fresh limit.
    function setLimits(ScopeId market, SurfaceLimits calldata limits) external;
}
