// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IControllerMandate, Signature} from "../interfaces/IControllerMandate.sol";
import {IGuardianTerm} from "../interfaces/IGuardianTerm.sol";
import {IPriceFeed, Price, PriceStatus} from "../interfaces/IPriceFeed.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ISurfaceOracle, Slice, StoredSlice, Surface, SurfaceLimits} from "../interfaces/ISurfaceOracle.sol";
import {ScopeId} from "../interfaces/ParameterTypes.sol";
import {isSigned} from "../parameters/SignatureCheck.sol";
import {logRatio} from "./LogRatio.sol";
import {hashSurface} from "./SurfaceHash.sol";
import {RawSvi, Svi} from "./Svi.sol";

/// @title Volatility surface signed by k of n
/// @dev Three slots per expiry. Between posts the smile of an expiry stays as it is in vol, so its total variance is a share of the posted one: that of the
/// time left. A share of a slice that is free of arbitrage is free, and still SVI.
contract SurfaceOracle is ISurfaceOracle, EIP712 {
    /// @inheritdoc ISurfaceOracle
    uint256 public constant MAX_SLICES = 16;
    /// @inheritdoc ISurfaceOracle
    uint256 public constant MAX_EXPIRIES = 24;
    /// @inheritdoc ISurfaceOracle
    uint256 public constant MAX_DELAY = 15 minutes;
    /// @inheritdoc ISurfaceOracle
    uint256 public constant MAX_VALIDITY = 24 hours;

    uint256 private constant BPS = 10_000;
    uint256 private constant YEAR = 365 days;
    uint256 private constant MIN_TIME = 1 minutes;
    uint256 private constant MAX_TIME = 3 * YEAR;
    uint256 private constant MIN_VOL = 0.01e18;
    uint256 private constant MAX_VOL = 10e18;
    uint256 private constant MIN_RATIO = 0.1e18;
    uint256 private constant MAX_RATIO = 10e18;
    /// @dev Keeps every strike of {volAt} inside the range of the logarithm: at least 1 and below 2^128.
    uint256 private constant MIN_SPOT = 1e6;
    uint256 private constant MAX_SPOT = 1e32;
    /// @dev Strikes from the forward over this to the forward times this have a vol.
    uint256 private constant STRIKE_RANGE = 1_000;

    IRiskParameters private immutable PARAMETERS;
    IControllerMandate private immutable MANDATE;
    IGuardianTerm private immutable GUARDIAN_TERM;
    IPriceFeed private immutable FEED;

    struct Packed {
        int96 a;
        int96 b;
        int64 rho;
        int64 m;
        uint64 sigma;
        uint128 spot;
        // The third slot: all that {indexOf} reads.
        uint64 forwardRatio;
        uint64 atmVol;
        uint48 asOf;
        uint48 validUntil;
        uint32 version;
    }

    struct SignerSet {
        uint32 epoch;
        uint8 threshold;
    }

    struct Last {
        uint32 version;
        uint48 asOf;
    }

    SignerSet private _signerSet;
    address[] private _signers;
    mapping(address signer => uint32 epoch) private _epochOf; // a signer counts only in its own epoch; zero is nobody's
    mapping(ScopeId market => SurfaceLimits) private _limits;
    mapping(ScopeId market => Last) private _last;
    mapping(ScopeId market => uint48[]) private _expiries;
    mapping(ScopeId market => mapping(uint48 expiry => Packed)) private _slices;

    /// @param parameters The store; its admin is the DAO.
    /// @param mandate Whose engines may not sign here, and whose threshold is the least.
    constructor(IRiskParameters parameters, IControllerMandate mandate, IGuardianTerm guardianTerm, IPriceFeed feed)
        EIP712("Ballast SurfaceOracle", "1")
    {
        PARAMETERS = parameters;
        MANDATE = mandate;
        GUARDIAN_TERM = guardianTerm;
        FEED = feed;
    }

    modifier onlyGovernance() {
        if (!_isGovernance(msg.sender)) revert SurfaceOracle_NotGovernance(msg.sender);
        _;
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc ISurfaceOracle
    function epoch() external view returns (uint32) {
        return _signerSet.epoch;
    }

    /// @inheritdoc ISurfaceOracle
    function signers() external view returns (address[] memory set, uint8 threshold) {
        return (_signers, _signerSet.threshold);
    }

    /// @inheritdoc ISurfaceOracle
    function limitsOf(ScopeId market) external view returns (SurfaceLimits memory) {
        return _limits[market];
    }

    /// @inheritdoc ISurfaceOracle
    function lastOf(ScopeId market) external view returns (uint32 version, uint48 asOf) {
        return (_last[market].version, _last[market].asOf);
    }

    /// @inheritdoc ISurfaceOracle
    function expiriesOf(ScopeId market) external view returns (uint48[] memory) {
        return _expiries[market];
    }

    /// @inheritdoc ISurfaceOracle
    function sliceOf(ScopeId market, uint48 expiry) external view returns (StoredSlice memory) {
        return _unpack(_slices[market][expiry]);
    }

    /// @inheritdoc ISurfaceOracle
    function indexOf(ScopeId market, uint48 expiry) external view returns (uint256 atmVol, uint48 validUntil, uint32 version) {
        Packed storage slice = _slices[market][expiry];
        return (slice.atmVol, slice.validUntil, slice.version);
    }

    /// @inheritdoc ISurfaceOracle
    function volAt(ScopeId market, uint48 expiry, uint256 strike) external view returns (uint256 vol) {
        Packed memory slice = _slices[market][expiry];
        if (slice.version == 0) revert SurfaceOracle_NoSlice(market, expiry);
        if (block.timestamp > slice.validUntil) revert SurfaceOracle_SliceExpired(market, expiry, slice.validUntil);
        uint256 forward = uint256(slice.spot) * slice.forwardRatio / 1e18;
        if (strike < forward / STRIKE_RANGE || strike > forward * STRIKE_RANGE) {
            revert SurfaceOracle_StrikeOutOfRange(strike, forward / STRIKE_RANGE, forward * STRIKE_RANGE);
        }
        return _volOf(Svi.totalVariance(_sviOf(slice), logRatio(strike, forward)), expiry - slice.asOf);
    }

    /// @inheritdoc ISurfaceOracle
    function digestOf(Surface calldata surface) public view returns (bytes32) {
        return _hashTypedDataV4(hashSurface(surface));
    }

    /// @inheritdoc ISurfaceOracle
    function requireSigned(bytes32 digest, Signature[] calldata signatures) external view {
        _requireSignatures(signatures, digest, _signerSet.epoch);
    }

    // ------------------------------------------------------------------ anyone

    /// @inheritdoc ISurfaceOracle
    function post(Surface calldata surface, Signature[] calldata signatures) external {
        SurfaceLimits memory limits = _limits[surface.market];
        if (limits.referenceVol == 0) revert SurfaceOracle_UnknownMarket(surface.market);
        _requireEnvelope(surface);
        bytes32 digest = digestOf(surface);
        _requireSignatures(signatures, digest, surface.epoch);
        _requireSpot(surface.market, surface.spot, limits.spot);

        _last[surface.market] = Last(surface.version, surface.asOf);
        for (uint256 i = 0; i < surface.slices.length; ++i) {
            _putSlice(surface, surface.slices[i], limits);
        }
        _requireCalendar(surface, _putExpiries(surface));
        emit SurfacePosted(surface.market, surface.version, surface.epoch, surface.asOf, digest, msg.sender);
    }

    // ------------------------------------------------------------------ guardian, and the DAO

    /// @inheritdoc ISurfaceOracle
    function revokeEpoch() external {
        if (msg.sender != GUARDIAN_TERM.guardian() && !_isGovernance(msg.sender)) revert SurfaceOracle_NotGuardian(msg.sender);
        uint32 revoked = _signerSet.epoch + 1;
        _signerSet = SignerSet(revoked, 0);
        delete _signers;
        emit EpochRevoked(revoked, msg.sender);
    }

    // ------------------------------------------------------------------ DAO

    /// @inheritdoc ISurfaceOracle
    function setSigners(address[] calldata set, uint8 threshold) external onlyGovernance {
        (address[] memory engines, uint8 least) = MANDATE.engines();
        if (least == 0) least = 1;
        if (threshold < least || threshold > set.length) revert SurfaceOracle_InvalidThreshold(threshold, least, set.length);
        uint32 newEpoch = _signerSet.epoch + 1;
        address previous;
        for (uint256 i = 0; i < set.length; ++i) {
            if (set[i] <= previous) revert SurfaceOracle_SignersNotAscending(previous, set[i]);
            previous = set[i];
            _requireNoEngine(previous, engines);
            _epochOf[previous] = newEpoch;
        }
        _signers = set;
        _signerSet = SignerSet(newEpoch, threshold);
        emit SignersChanged(newEpoch, threshold, set);
    }

    /// @inheritdoc ISurfaceOracle
    function setLimits(ScopeId market, SurfaceLimits calldata limits) external onlyGovernance {
        uint16[7] memory fields = [
            limits.volStep, limits.volPerHour, limits.forwardStep, limits.forwardPerHour, limits.firstVol, limits.firstForward, limits.spot
        ];
        for (uint256 i = 0; i < fields.length; ++i) {
            if (fields[i] == 0) revert SurfaceOracle_InvalidLimits(i, 0, 1);
        }
        if (limits.referenceVol < MIN_VOL) revert SurfaceOracle_InvalidLimits(7, limits.referenceVol, MIN_VOL);
        if (limits.referenceVol > MAX_VOL) revert SurfaceOracle_InvalidLimits(7, limits.referenceVol, MAX_VOL);
        _limits[market] = limits;
        emit LimitsChanged(market, limits);
    }

    // ------------------------------------------------------------------ faults of a post

    function _requireEnvelope(Surface calldata s) private view {
        uint256 time = block.timestamp;
        if (s.epoch != _signerSet.epoch) revert SurfaceOracle_UnknownEpoch(s.epoch, _signerSet.epoch);
        Last memory last = _last[s.market];
        if (s.version <= last.version) revert SurfaceOracle_VersionNotNewer(s.version, last.version);
        if (s.asOf > time) revert SurfaceOracle_ObservationInFuture(s.asOf, time);
        if (s.asOf <= last.asOf) revert SurfaceOracle_ObservationNotNewer(s.asOf, last.asOf);
        if (s.asOf + MAX_DELAY < time) revert SurfaceOracle_ObservationTooOld(s.asOf, time - MAX_DELAY);
        if (s.validUntil < time) revert SurfaceOracle_Expired(s.validUntil, time);
        if (s.validUntil > s.asOf + MAX_VALIDITY) revert SurfaceOracle_ValidityTooLong(s.validUntil, s.asOf + MAX_VALIDITY);
        uint256 count = s.slices.length;
        if (count == 0 || count > MAX_SLICES) revert SurfaceOracle_SliceCount(count, 1, MAX_SLICES);
        uint48 previous;
        for (uint256 i = 0; i < count; ++i) {
            uint48 expiry = s.slices[i].expiry;
            if (expiry <= previous) revert SurfaceOracle_ExpiriesNotAscending(previous, expiry);
            if (expiry < time + MIN_TIME || expiry > time + MAX_TIME) {
                revert SurfaceOracle_ExpiryOutOfRange(expiry, time + MIN_TIME, time + MAX_TIME);
            }
            previous = expiry;
        }
    }

    /// @dev The mandate's set may change after ours: keys are compared, and its threshold binds, at every post.
    function _requireSignatures(Signature[] calldata signatures, bytes32 digest, uint32 currentEpoch) private view {
        (address[] memory engines, uint8 least) = MANDATE.engines();
        uint256 threshold = Math.max(_signerSet.threshold, least);
        // After {revokeEpoch} nobody is a signer, and one signature at least is asked for.
        if (signatures.length < threshold || signatures.length == 0) {
            revert SurfaceOracle_TooFewSignatures(signatures.length, Math.max(threshold, 1));
        }
        address previous;
        for (uint256 i = 0; i < signatures.length; ++i) {
            address signer = signatures[i].signer;
            if (signer <= previous) revert SurfaceOracle_SignersNotAscending(previous, signer);
            if (_epochOf[signer] != currentEpoch) revert SurfaceOracle_NotASigner(signer);
            _requireNoEngine(signer, engines);
            if (!isSigned(signer, digest, signatures[i].data)) revert SurfaceOracle_BadSignature(signer);
            previous = signer;
        }
    }

    function _requireNoEngine(address signer, address[] memory engines) private pure {
        for (uint256 i = 0; i < engines.length; ++i) {
            if (engines[i] == signer) revert SurfaceOracle_SignerIsEngine(signer);
        }
    }

    function _requireSpot(ScopeId market, uint256 spot, uint256 limit) private view {
        if (spot < MIN_SPOT || spot > MAX_SPOT) revert SurfaceOracle_SpotOutOfRange(spot, MIN_SPOT, MAX_SPOT);
        Price memory price = FEED.read(market);
        if (price.status != PriceStatus.FRESH) revert SurfaceOracle_NoPrice(market);
        if (!_within(spot, price.price, limit)) revert SurfaceOracle_SpotOff(spot, price.price, limit);
    }

    // ------------------------------------------------------------------ slices

    function _putSlice(Surface calldata surface, Slice calldata slice, SurfaceLimits memory limits) private {
        RawSvi memory svi = RawSvi(slice.a, slice.b, slice.rho, slice.m, slice.sigma);
        uint256 atmVol = _requireSlice(slice, svi, surface.asOf);
        Packed storage stored = _slices[surface.market][slice.expiry];
        Packed memory previous = stored;
        (uint256 volLimit, uint256 forwardLimit) = (limits.firstVol, limits.firstForward);
        if (previous.version == 0) (previous.atmVol, previous.forwardRatio) = (limits.referenceVol, 1e18);
        else {
            uint256 elapsed = surface.asOf - previous.asOf;
            volLimit = limits.volStep + limits.volPerHour * elapsed / 1 hours;
            forwardLimit = limits.forwardStep + limits.forwardPerHour * elapsed / 1 hours;
        }
        if (!_within(atmVol, previous.atmVol, volLimit)) {
            revert SurfaceOracle_VolMovedTooFar(slice.expiry, previous.atmVol, atmVol, volLimit);
        }
        if (!_within(slice.forwardRatio, previous.forwardRatio, forwardLimit)) {
            revert SurfaceOracle_ForwardMovedTooFar(slice.expiry, previous.forwardRatio, slice.forwardRatio, forwardLimit);
        }
        // The domain keeps every number inside its width: |a| <= 64e18, b <= 2e18, |rho| < 1e18, |m| <= 8e18, sigma <= 16e18, ratio and vol <= 10e18.
        Packed memory packed = Packed({
            a: int96(svi.a),
            b: int96(svi.b),
            rho: int64(svi.rho),
            m: int64(svi.m),
            sigma: uint64(uint256(svi.sigma)),
            forwardRatio: uint64(slice.forwardRatio),
            atmVol: uint64(atmVol),
            spot: surface.spot,
            asOf: surface.asOf,
            validUntil: surface.validUntil,
            version: surface.version
        });
        _slices[surface.market][slice.expiry] = packed;
        emit SlicePosted(surface.market, slice.expiry, surface.version, _unpack(packed));
    }

    /// @return atmVol Vol at the forward: derived, so that index and smile cannot disagree.
    function _requireSlice(Slice calldata slice, RawSvi memory svi, uint48 asOf) private pure returns (uint256 atmVol) {
        uint256 fault = Svi.domainFault(svi);
        if (fault != 0) {
            int256[6] memory fields = [int256(0), svi.a, svi.b, svi.rho, svi.m, svi.sigma];
            revert SurfaceOracle_Domain(slice.expiry, fault, fields[fault]);
        }
        if (slice.forwardRatio < MIN_RATIO || slice.forwardRatio > MAX_RATIO) {
            revert SurfaceOracle_Domain(slice.expiry, 6, int256(slice.forwardRatio));
        }
        int256 slope = Svi.steeperWing(svi);
        if (slope > Svi.MAX_SLOPE) revert SurfaceOracle_WingTooSteep(slice.expiry, slope, Svi.MAX_SLOPE);
        atmVol = _volOf(Svi.totalVariance(svi, 0), slice.expiry - asOf);
        // Also bounds the grid of the checks: eight standard deviations of 1,000 % and three years.
        if (atmVol < MIN_VOL || atmVol > MAX_VOL) revert SurfaceOracle_VolOutOfRange(slice.expiry, atmVol, MIN_VOL, MAX_VOL);
        (bool free, int256 where, int256 density) = Svi.butterfly(svi);
        if (!free) revert SurfaceOracle_Butterfly(slice.expiry, where, density);
    }

    /// @dev Merges the posted expiries into the list, drops those that have passed. Both are ascending.
    function _putExpiries(Surface calldata surface) private returns (uint48[] memory merged) {
        uint48[] memory old = _expiries[surface.market];
        uint256 posted = surface.slices.length;
        merged = new uint48[](old.length + posted);
        uint256 n;
        uint256 i;
        for (uint256 j = 0; j < posted; ++j) {
            uint48 expiry = surface.slices[j].expiry;
            for (; i < old.length && old[i] < expiry; ++i) {
                if (old[i] > block.timestamp) merged[n++] = old[i];
            }
            if (i < old.length && old[i] == expiry) ++i;
            merged[n++] = expiry;
        }
        for (; i < old.length; ++i) {
            merged[n++] = old[i];
        }
        if (n > MAX_EXPIRIES) revert SurfaceOracle_TooManyExpiries(n, MAX_EXPIRIES);
        assembly ("memory-safe") {
            mstore(merged, n) // shorter than it was made
        }
        _expiries[surface.market] = merged;
    }

    /// @dev Every neighbouring pair with a slice of this post in it, over the slices that are still valid.
    function _requireCalendar(Surface calldata surface, uint48[] memory expiries) private view {
        RawSvi memory before;
        uint48 beforeExpiry;
        bool beforePosted;
        for (uint256 i = 0; i < expiries.length; ++i) {
            Packed memory slice = _slices[surface.market][expiries[i]];
            if (slice.validUntil < block.timestamp) continue;
            bool posted = slice.version == surface.version;
            RawSvi memory svi = _sviOf(slice);
            if (!posted) {
                // Both are positive and below 2^48.
                int256 left = int256(uint256(expiries[i] - surface.asOf));
                int256 whole = int256(uint256(expiries[i] - slice.asOf));
                (svi.a, svi.b) = (svi.a * left / whole, svi.b * left / whole);
            }
            if (beforeExpiry != 0 && (posted || beforePosted)) {
                (bool free, int256 where) = Svi.calendar(before, svi);
                if (!free) revert SurfaceOracle_Calendar(beforeExpiry, expiries[i], where);
            }
            (before, beforeExpiry, beforePosted) = (svi, expiries[i], posted);
        }
    }

    // ------------------------------------------------------------------ inner

    /// @dev sqrt(variance / time in years), wad, rounded down.
    function _volOf(int256 variance, uint256 time) private pure returns (uint256) {
        return Math.sqrt(uint256(variance) * 1e18 * YEAR / time);
    }

    /// @dev Whether the larger exceeds the smaller by at most `limit` bps of it: the same bound up and down.
    function _within(uint256 one, uint256 other, uint256 limit) private pure returns (bool) {
        (uint256 small, uint256 large) = one < other ? (one, other) : (other, one);
        return large * BPS <= small * (BPS + limit);
    }

    function _sviOf(Packed memory slice) private pure returns (RawSvi memory) {
        return RawSvi(slice.a, slice.b, slice.rho, slice.m, int256(uint256(slice.sigma)));
    }

    function _unpack(Packed memory p) private pure returns (StoredSlice memory) {
        return StoredSlice({
            a: p.a,
            b: p.b,
            rho: p.rho,
            m: p.m,
            sigma: int256(uint256(p.sigma)),
            forwardRatio: p.forwardRatio,
            atmVol: p.atmVol,
            spot: p.spot,
            asOf: p.asOf,
            validUntil: p.validUntil,
            version: p.version
        });
    }

    function _isGovernance(address caller) private view returns (bool) {
        return PARAMETERS.hasRole(0x00, caller);
    }
}
