// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Signature} from "../../../contracts/interfaces/IControllerMandate.sol";
import {PriceStatus} from "../../../contracts/interfaces/IPriceFeed.sol";
import {ISurfaceOracle, Slice, StoredSlice, Surface, SurfaceLimits} from "../../../contracts/interfaces/ISurfaceOracle.sol";
import {HostileWallet, Malice, Wallet1271} from "../support/Wallet1271.sol";
import {SurfaceFixture} from "./SurfaceFixture.sol";

/// SurfaceOracle
/// ├── setSigners, setLimits: the DAO alone; threshold not below the mandate's, ascending, no engine; every limit set
/// ├── revokeEpoch: guardian or DAO; voids every key
/// ├── post
/// │   ├── envelope: market, epoch, version, observation, validity, expiries → each fault reverts with its numbers
/// │   ├── signatures: k of n of the epoch, ascending, no engine, ERC-1271 too
/// │   ├── spot: near a fresh price
/// │   ├── slice: domain, wings, butterfly, rate limits both ways
/// │   └── neighbours: no crossing, within the post and against what is stored and valid
/// └── volAt: the smile at a strike, which stays with the strike
contract SurfaceOracleTest is SurfaceFixture {
    function setUp() public {
        _deploySurface();
    }

    // ------------------------------------------------------------------ roles

    function test_SetSigners_onlyTheDaoAndOnlyProperSets() public {
        address[] memory set = _signerSet();
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_NotGovernance.selector, address(this)));
        oracle.setSigners(set, 2);
        vm.startPrank(DAO);
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_InvalidThreshold.selector, 1, 2, 3));
        oracle.setSigners(set, 1); // below the mandate's
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_InvalidThreshold.selector, 4, 2, 3));
        oracle.setSigners(set, 4);
        (set[0], set[1]) = (set[1], set[0]);
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_SignersNotAscending.selector, set[0], set[1]));
        oracle.setSigners(set, 2);
        vm.stopPrank();
        (address[] memory kept, uint8 threshold) = oracle.signers();
        assertEq(kept.length, 3, "kept");
        assertEq(threshold, 2, "threshold");
        assertEq(oracle.epoch(), 1, "epoch");
    }

    function test_SetSigners_withoutEnginesOneIsTheLeast() public {
        powers.set(new address[](0), 0, GUARDIAN);
        vm.startPrank(DAO);
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_InvalidThreshold.selector, 0, 1, 3));
        oracle.setSigners(_signerSet(), 0);
        oracle.setSigners(_signerSet(), 1);
        vm.stopPrank();
    }

    function test_OneKeySetForEverything_isRefused() public {
        address[] memory set = _signerSet();
        engines.push(set[1]);
        powers.set(engines, 2, GUARDIAN);
        vm.prank(DAO);
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_SignerIsEngine.selector, set[1]));
        oracle.setSigners(set, 2);
        // The mandate took the key later: it stops counting here.
        _refuse(
            _surface(_slice(MONTH, 0.8e18)), abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_SignerIsEngine.selector, set[1])
        );
    }

    function test_SetLimits_onlyTheDaoAndEveryLimitIsSet() public {
        SurfaceLimits memory limits = _limits();
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_NotGovernance.selector, address(this)));
        oracle.setLimits(ETH, limits);
        vm.startPrank(DAO);
        limits.forwardPerHour = 0;
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_InvalidLimits.selector, 3, 0, 1));
        oracle.setLimits(ETH, limits);
        limits = _limits();
        limits.referenceVol = 0.009e18;
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_InvalidLimits.selector, 7, 0.009e18, 0.01e18));
        oracle.setLimits(ETH, limits);
        limits.referenceVol = 10e18 + 1;
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_InvalidLimits.selector, 7, 10e18 + 1, 10e18));
        oracle.setLimits(ETH, limits);
        vm.stopPrank();
        assertEq(oracle.limitsOf(ETH).referenceVol, 0.8e18, "kept");
    }

    function test_RevokeEpoch_guardianOrDaoVoidsEveryKey() public {
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_NotGuardian.selector, address(this)));
        oracle.revokeEpoch();
        Surface memory surface = _surface(_slice(MONTH, 0.8e18));
        vm.prank(GUARDIAN);
        oracle.revokeEpoch();
        assertEq(oracle.epoch(), 2, "epoch");
        _refuse(surface, abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_UnknownEpoch.selector, 1, 2));
        surface.epoch = 2;
        _refuse(surface, abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_NotASigner.selector, vm.addr(keys[0])));
        powers.set(new address[](0), 0, GUARDIAN);
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_TooFewSignatures.selector, 0, 1));
        oracle.post(surface, new Signature[](0));
        vm.prank(DAO);
        oracle.revokeEpoch();
        assertEq(oracle.epoch(), 3, "by the DAO");
    }

    // ------------------------------------------------------------------ post

    function test_Post_storesWhatWasSigned() public {
        Surface memory surface = _surface(_slice(MONTH, 0.8e18), _slice(QUARTER, 0.75e18));
        surface.slices[0].forwardRatio = 1.01e18;
        _post(surface);
        StoredSlice memory slice = oracle.sliceOf(ETH, MONTH);
        assertEq(uint256(slice.a), uint256(surface.slices[0].a), "a");
        assertEq(uint256(slice.b), uint256(surface.slices[0].b), "b");
        assertEq(uint256(-slice.rho), 0.3e18, "rho");
        assertEq(uint256(slice.m), 0, "m");
        assertEq(uint256(slice.sigma), 0.3e18, "sigma");
        assertEq(slice.forwardRatio, 1.01e18, "ratio");
        assertEq(slice.spot, SPOT, "spot");
        assertEq(slice.asOf, START, "asOf");
        assertEq(slice.validUntil, START + 12 hours, "validUntil");
        assertEq(slice.version, 1, "version");
        assertLe(slice.atmVol, 0.8e18, "index");
        assertLe(0.8e18 - 100, slice.atmVol, "index");
        uint48[] memory expiries = oracle.expiriesOf(ETH);
        assertEq(expiries.length, 2, "expiries");
        assertEq(expiries[1], QUARTER, "ascending");
        (uint32 version, uint48 asOf) = oracle.lastOf(ETH);
        assertEq(version, 1, "last");
        assertEq(asOf, START, "last");
    }

    function test_Post_unknownMarketReverts() public {
        Surface memory surface = _surface(_slice(MONTH, 0.8e18));
        surface.market = BTC;
        _refuse(surface, abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_UnknownMarket.selector, BTC));
    }

    function test_ReplayedSurface_isRefusedOnceItWasPosted() public {
        Surface memory surface = _surface(_slice(MONTH, 0.8e18));
        _post(surface);
        _refuse(surface, abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_VersionNotNewer.selector, 1, 1));
        surface.version = 2; // signed anew within the same second
        _refuse(surface, abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_ObservationNotNewer.selector, START, START));
    }

    function test_ReplayedSurface_fromAnotherChainContractOrEpochIsRefused() public {
        Surface memory surface = _surface(_slice(MONTH, 0.8e18));
        Signature[] memory here = _sign(surface, 2);
        bytes memory reason = abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_BadSignature.selector, vm.addr(keys[0]));

        vm.chainId(999);
        vm.expectRevert(reason);
        oracle.post(surface, here);
        vm.chainId(31337);

        ISurfaceOracle other = _newOracle();
        vm.startPrank(DAO);
        other.setSigners(_signerSet(), 2);
        other.setLimits(ETH, _limits());
        vm.stopPrank();
        vm.expectRevert(reason);
        other.post(surface, here);

        vm.prank(DAO);
        oracle.setSigners(_signerSet(), 2);
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_UnknownEpoch.selector, 1, 2));
        oracle.post(surface, here);
        surface.epoch = 2; // the epoch is part of what is signed
        vm.expectRevert(reason);
        oracle.post(surface, here);
    }

    function test_FutureTimestamp_isRefused() public {
        Surface memory surface = _surface(_slice(MONTH, 0.8e18));
        surface.asOf = START + 1;
        _refuse(surface, abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_ObservationInFuture.selector, START + 1, START));
    }

    function test_HeldBackSurface_isRefused() public {
        Surface memory surface = _surface(_slice(MONTH, 0.8e18));
        vm.warp(START + 15 minutes + 1);
        _refuse(surface, abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_ObservationTooOld.selector, START, START + 1));
        vm.warp(START + 15 minutes);
        _post(surface);
    }

    function test_Post_validityIsBounded() public {
        Surface memory surface = _surface(_slice(MONTH, 0.8e18));
        surface.validUntil = START + 24 hours + 1;
        _refuse(
            surface, abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_ValidityTooLong.selector, START + 24 hours + 1, START + 24 hours)
        );
        surface.validUntil = START;
        vm.warp(START + 1);
        _refuse(surface, abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_Expired.selector, START, START + 1));
    }

    function test_Post_expiriesAreOneToSixteenAscendingAndInRange() public {
        Surface memory surface = _surface(_slice(MONTH, 0.8e18));
        surface.slices = new Slice[](0);
        _refuse(surface, abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_SliceCount.selector, 0, 1, 16));
        surface.slices = new Slice[](17);
        _refuse(surface, abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_SliceCount.selector, 17, 1, 16));
        surface = _surface(_slice(MONTH, 0.8e18), _slice(MONTH, 0.8e18));
        _refuse(surface, abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_ExpiriesNotAscending.selector, MONTH, MONTH));
        uint256 latest = START + 3 * 365 days;
        uint48[2] memory outside = [START + 59, uint48(latest + 1)];
        for (uint256 i = 0; i < 2; ++i) {
            surface = _surface(_slice(MONTH, 0.8e18));
            surface.slices[0].expiry = outside[i];
            _refuse(
                surface,
                abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_ExpiryOutOfRange.selector, outside[i], START + 60, latest)
            );
        }
    }

    function test_Expiries_areBoundedAndThePassedOnesGo() public {
        for (uint48 i = 1; i <= 24; ++i) {
            _post(_surface(_slice(START + i * 1 days, 0.8e18)));
            vm.warp(_now() + 1);
        }
        assertEq(oracle.expiriesOf(ETH).length, 24, "full");
        _refuse(
            _surface(_slice(START + 25 days, 0.8e18)), abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_TooManyExpiries.selector, 25, 24)
        );
        vm.warp(START + 1 days);
        _post(_surface(_slice(START + 25 days, 0.8e18)));
        uint48[] memory expiries = oracle.expiriesOf(ETH);
        assertEq(expiries.length, 24, "one went, one came");
        assertEq(expiries[0], START + 2 days, "first");
    }

    // ------------------------------------------------------------------ signatures

    function test_Signatures_tooFewDuplicateStrangerAndWrongOnes() public {
        Surface memory surface = _surface(_slice(MONTH, 0.8e18));
        bytes32 digest = oracle.digestOf(surface);
        Signature[] memory signatures = _sign(surface, 1);
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_TooFewSignatures.selector, 1, 2));
        oracle.post(surface, signatures);
        signatures = _sign(surface, 2);
        signatures[1] = signatures[0];
        address first = signatures[0].signer;
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_SignersNotAscending.selector, first, first));
        oracle.post(surface, signatures);
        signatures = new Signature[](2);
        (signatures[0], signatures[1]) = (_signature(0xbad, digest), _signature(0xbad, digest));
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_NotASigner.selector, vm.addr(0xbad)));
        oracle.post(surface, signatures);
        signatures = _sign(surface, 2);
        signatures[1].data = signatures[0].data;
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_BadSignature.selector, signatures[1].signer));
        oracle.post(surface, signatures);
    }

    /// @dev The mandate raised its threshold after the signers were set: it binds here at once.
    function test_Signatures_neverFewerThanTheMandateAsks() public {
        powers.set(engines, 3, GUARDIAN);
        Surface memory surface = _surface(_slice(MONTH, 0.8e18));
        _refuse(surface, abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_TooFewSignatures.selector, 2, 3));
        oracle.post(surface, _sign(surface, 3));
    }

    function test_Erc1271_walletsSignAndHostileOnesOnlyFail() public {
        powers.set(engines, 1, GUARDIAN);
        address[] memory set = new address[](1);
        set[0] = address(new Wallet1271(vm.addr(keys[0])));
        vm.prank(DAO);
        oracle.setSigners(set, 1);
        Surface memory surface = _surface(_slice(MONTH, 0.8e18));
        Signature[] memory signatures = _sign(surface, 1);
        signatures[0].signer = set[0];
        oracle.post(surface, signatures);

        vm.warp(START + 1);
        set[0] = address(new HostileWallet(Malice.BURN_GAS));
        vm.prank(DAO);
        oracle.setSigners(set, 1);
        surface = _surface(_slice(MONTH, 0.8e18));
        signatures[0].signer = set[0];
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_BadSignature.selector, set[0]));
        oracle.post(surface, signatures);
    }

    // ------------------------------------------------------------------ spot

    function test_Post_needsAFreshPriceNearTheSignedSpot() public {
        Surface memory surface = _surface(_slice(MONTH, 0.8e18));
        prices.set(SPOT, PriceStatus.STALE);
        _refuse(surface, abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_NoPrice.selector, ETH));
        prices.set(1_980e18, PriceStatus.FRESH);
        _refuse(surface, abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_SpotOff.selector, SPOT, 1_980e18, 100));
        prices.set(2_021e18, PriceStatus.FRESH);
        _refuse(surface, abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_SpotOff.selector, SPOT, 2_021e18, 100));
        prices.set(2_020e18, PriceStatus.FRESH);
        _post(surface);
    }

    function test_Post_spotWhoseStrikesHaveNoLogarithmIsRefused() public {
        uint128[2] memory outside = [uint128(1e6 - 1), 1e32 + 1];
        uint128[2] memory edges = [uint128(1e6), 1e32];
        Surface memory surface = _surface(_slice(MONTH, 0.8e18));
        for (uint256 i = 0; i < 2; ++i) {
            surface.spot = outside[i];
            prices.set(outside[i], PriceStatus.FRESH);
            _refuse(surface, abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_SpotOutOfRange.selector, outside[i], 1e6, 1e32));
            uint256 snapshot = vm.snapshotState();
            surface.spot = edges[i];
            prices.set(edges[i], PriceStatus.FRESH);
            _post(surface);
            oracle.volAt(ETH, MONTH, edges[i] / 1_000);
            oracle.volAt(ETH, MONTH, uint256(edges[i]) * 1_000);
            vm.revertToState(snapshot);
        }
    }

    // ------------------------------------------------------------------ slices

    function test_Slice_everyFieldHasItsDomain() public {
        uint8[11] memory fields = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 1];
        int256[11] memory values = [
            int256(64e18 + 1), -64e18 - 1, -1, 2e18 + 1, 1e18, -1e18, 8e18 + 1, -8e18 - 1, 1e12 - 1, 16e18 + 1, -1e18
        ];
        for (uint256 i = 0; i < fields.length; ++i) {
            Slice memory slice = _slice(MONTH, 0.8e18);
            if (fields[i] == 1) slice.a = values[i];
            else if (fields[i] == 2) slice.b = values[i];
            else if (fields[i] == 3) slice.rho = values[i];
            else if (fields[i] == 4) slice.m = values[i];
            else slice.sigma = values[i];
            _refuse(_surface(slice), abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_Domain.selector, MONTH, fields[i], values[i]));
        }
        uint256[2] memory ratios = [uint256(0.1e18 - 1), 10e18 + 1];
        for (uint256 i = 0; i < 2; ++i) {
            Slice memory slice = _slice(MONTH, 0.8e18);
            slice.forwardRatio = ratios[i];
            _refuse(_surface(slice), abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_Domain.selector, MONTH, 6, int256(ratios[i])));
        }
    }

    function test_Slice_volOutsideOneToAThousandPercentIsRefused() public {
        uint256[2] memory vols = [uint256(0.0099e18), 10.01e18];
        for (uint256 i = 0; i < 2; ++i) {
            Slice memory flat = _slice(MONTH, vols[i]);
            (flat.a, flat.b) = (flat.a * 2, 0);
            _refuse(_surface(flat), ISurfaceOracle.SurfaceOracle_VolOutOfRange.selector);
        }
    }

    function test_SurfaceWithArbitrage_steepWings() public {
        Slice memory slice = _slice(QUARTER, 0.8e18);
        (slice.b, slice.rho) = (1.6e18, 0.3e18);
        _refuse(_surface(slice), abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_WingTooSteep.selector, QUARTER, 2.08e18, 2e18));
    }

    /// @dev The smile of Axel Vogt, whose density is negative though its wings are flat (Gatheral and Jacquier, 2014, example 3.1).
    function test_SurfaceWithArbitrage_butterfly() public {
        uint48 year = START + 365 days;
        Slice memory slice = Slice({
            expiry: year, a: -0.0410e18, b: 0.1331e18, rho: 0.3060e18, m: 0.3586e18, sigma: 0.4153e18, forwardRatio: 1e18
        });
        SurfaceLimits memory limits = _limits();
        limits.firstVol = 60_000;
        vm.prank(DAO);
        oracle.setLimits(ETH, limits);
        _refuse(_surface(slice), ISurfaceOracle.SurfaceOracle_Butterfly.selector);
        slice.a = 0.05e18; // more variance everywhere heals it
        _post(_surface(slice));
    }

    function test_SurfaceWithArbitrage_calendarWithinOnePost() public {
        _refuse(_surface(_slice(MONTH, 1.2e18), _slice(QUARTER, 0.6e18)), ISurfaceOracle.SurfaceOracle_Calendar.selector);
        _refuseWings(_slice(MONTH, 0.8e18), _slice(QUARTER, 0.8e18), 1);
        _refuseWings(_slice(MONTH, 0.8e18), _slice(QUARTER, 0.8e18), -1);
    }

    /// @dev More variance at the money, but one wing that ends below: the crossing lies beyond every strike.
    function _refuseWings(Slice memory shorter, Slice memory longer, int256 side) private {
        longer.a = longer.a + longer.b * 3 / 10;
        longer.b = shorter.b;
        longer.a -= longer.b * 3 / 10;
        longer.rho = -0.3e18 - side * 0.1e18;
        _refuse(
            _surface(shorter, longer),
            abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_Calendar.selector, MONTH, QUARTER, side * 4_000e18)
        );
    }

    function test_SurfaceWithArbitrage_calendarAgainstWhatIsStored() public {
        SurfaceLimits memory limits = _limits();
        (limits.volStep, limits.firstVol) = (20_000, 20_000);
        vm.prank(DAO);
        oracle.setLimits(ETH, limits);
        _post(_surface(_slice(MONTH, 0.8e18), _slice(QUARTER, 0.8e18)));
        vm.warp(START + 60);
        _refuse(_surface(_slice(MONTH, 1.5e18)), ISurfaceOracle.SurfaceOracle_Calendar.selector); // above the longer
        _refuse(_surface(_slice(QUARTER, 0.4e18)), ISurfaceOracle.SurfaceOracle_Calendar.selector); // below the shorter
        _refuse(_surface(_slice(START + 60 days, 1.2e18)), ISurfaceOracle.SurfaceOracle_Calendar.selector); // between
        _post(_surface(_slice(START + 60 days, 0.8e18)));
        assertEq(oracle.expiriesOf(ETH)[1], START + 60 days, "in its place");
    }

    function test_Calendar_slicesWhoseValidityPassedDoNotBlock() public {
        _post(_surface(_slice(MONTH, 0.8e18)));
        vm.warp(START + 12 hours + 1);
        _post(_surface(_slice(QUARTER, 0.45e18)));
    }

    /// @dev The stored slice is compared with the share of its variance that is left, else a surface that only ages would seem to cross itself.
    function test_Calendar_aStoredSliceAges() public {
        uint48 week = START + 7 days;
        _post(_surface(_slice(week, 0.8e18), _slice(week + 1 hours, 0.8e18)));
        vm.warp(START + 6 hours);
        _post(_surface(_slice(week + 1 hours, 0.8e18)));
    }

    function test_RateLimit_volBothWays() public {
        _post(_surface(_slice(MONTH, 0.8e18)));
        vm.warp(START + 30 minutes); // 10 % at once and 10 % an hour
        _refuse(_surface(_slice(MONTH, 0.9201e18)), ISurfaceOracle.SurfaceOracle_VolMovedTooFar.selector);
        _refuse(_surface(_slice(MONTH, 0.6956e18)), ISurfaceOracle.SurfaceOracle_VolMovedTooFar.selector);
        uint256 snapshot = vm.snapshotState();
        _post(_surface(_slice(MONTH, 0.9199e18)));
        vm.revertToState(snapshot);
        _post(_surface(_slice(MONTH, 0.6957e18)));
    }

    function test_RateLimit_forwardBothWays() public {
        _post(_surface(_slice(MONTH, 0.8e18)));
        vm.warp(START + 1 hours); // half a percent at once and half an hour
        uint256[2] memory beyond = [uint256(1.01e18 + 1), 0.99e18];
        for (uint256 i = 0; i < 2; ++i) {
            Slice memory slice = _slice(MONTH, 0.8e18);
            slice.forwardRatio = beyond[i];
            _refuse(
                _surface(slice),
                abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_ForwardMovedTooFar.selector, MONTH, 1e18, beyond[i], 100)
            );
        }
        Slice memory inside = _slice(MONTH, 0.8e18);
        inside.forwardRatio = 1.01e18;
        _post(_surface(inside));
    }

    function test_RateLimit_firstPostOfAnExpiryIsHeldByTheReference() public {
        _refuse(_surface(_slice(MONTH, 1.601e18)), ISurfaceOracle.SurfaceOracle_VolMovedTooFar.selector);
        _refuse(_surface(_slice(MONTH, 0.399e18)), ISurfaceOracle.SurfaceOracle_VolMovedTooFar.selector);
        Slice memory slice = _slice(MONTH, 0.8e18);
        slice.forwardRatio = 1.1e18 + 1;
        _refuse(
            _surface(slice),
            abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_ForwardMovedTooFar.selector, MONTH, 1e18, 1.1e18 + 1, 1_000)
        );
    }

    /// @dev A slice that was let run out, and limits that were set again, give no fresh limit.
    function test_RateLimit_survivesValidityAndNewLimits() public {
        _post(_surface(_slice(MONTH, 0.8e18)));
        vm.warp(START + 13 hours);
        vm.prank(DAO);
        oracle.setLimits(ETH, _limits());
        _refuse(_surface(_slice(MONTH, 2.0e18)), ISurfaceOracle.SurfaceOracle_VolMovedTooFar.selector);
    }

    // ------------------------------------------------------------------ volAt

    function test_VolAt_isTheSmileAndStaysWithTheStrike() public {
        _post(_surface(_slice(MONTH, 0.8e18)));
        uint256 atForward = oracle.volAt(ETH, MONTH, 2_000e18);
        assertEq(atForward, oracle.sliceOf(ETH, MONTH).atmVol, "at the forward");
        uint256 below = oracle.volAt(ETH, MONTH, 1_000e18);
        assertTrue(below > atForward, "the skew is to the left");
        prices.set(1_500e18, PriceStatus.FRESH);
        vm.warp(START + 1 hours);
        assertEq(oracle.volAt(ETH, MONTH, 1_000e18), below, "spot and time do not move it");
    }

    function test_VolAt_withoutAValidSliceOrFarOutReverts() public {
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_NoSlice.selector, ETH, MONTH));
        oracle.volAt(ETH, MONTH, 2_000e18);
        _post(_surface(_slice(MONTH, 0.8e18)));
        uint256[2] memory strikes = [uint256(2e18 - 1), 2_000_000e18 + 1];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_StrikeOutOfRange.selector, strikes[i], 2e18, 2_000_000e18)
            );
            oracle.volAt(ETH, MONTH, strikes[i]);
        }
        oracle.volAt(ETH, MONTH, 2e18);
        oracle.volAt(ETH, MONTH, 2_000_000e18);
        vm.warp(START + 12 hours + 1);
        vm.expectRevert(
            abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_SliceExpired.selector, ETH, MONTH, START + 12 hours)
        );
        oracle.volAt(ETH, MONTH, 2_000e18);
    }
}
