// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IControllerMandate, Signature} from "../../../contracts/interfaces/IControllerMandate.sol";
import {IGuardianTerm} from "../../../contracts/interfaces/IGuardianTerm.sol";
import {IPriceFeed, PriceStatus} from "../../../contracts/interfaces/IPriceFeed.sol";
import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {ISurfaceOracle, Slice, Surface, SurfaceLimits} from "../../../contracts/interfaces/ISurfaceOracle.sol";
import {ScopeId} from "../../../contracts/interfaces/ParameterTypes.sol";
import {DeployOracle} from "../support/DeployOracle.sol";
import {TestPowers, TestPrices, TestStore} from "../support/OracleParts.sol";
import {TestBase} from "../support/TestBase.sol";

/// @notice A surface oracle with three signers, two needed, one market at 2,000 dollars, and slices that are free of arbitrage.
abstract contract SurfaceFixture is TestBase {
    ScopeId internal constant ETH = ScopeId.wrap(bytes32(bytes4(0x02455448)));
    ScopeId internal constant BTC = ScopeId.wrap(bytes32(bytes4(0x02425443)));
    uint48 internal constant START = 1_700_000_000;
    uint48 internal constant MONTH = START + 30 days;
    uint48 internal constant QUARTER = START + 90 days;
    uint128 internal constant SPOT = 2_000e18;
    address internal constant DAO = address(0xda0);
    address internal constant GUARDIAN = address(0x6a);

    TestStore internal store;
    TestPrices internal prices;
    TestPowers internal powers;
    ISurfaceOracle internal oracle;
    uint256[] internal keys; // addresses ascend
    address[] internal engines;

    function _deploySurface() internal {
        vm.warp(START);
        store = new TestStore(DAO);
        prices = new TestPrices();
        prices.set(SPOT, PriceStatus.FRESH);
        powers = new TestPowers();
        engines.push(vm.addr(0xe1));
        engines.push(vm.addr(0xe2));
        powers.set(engines, 2, GUARDIAN);
        oracle = _newOracle();
        _makeKeys();
        vm.startPrank(DAO);
        oracle.setSigners(_signerSet(), 2);
        oracle.setLimits(ETH, _limits());
        vm.stopPrank();
    }

    function _newOracle() internal returns (ISurfaceOracle) {
        return DeployOracle.surfaceOracle(
            IRiskParameters(address(store)), IControllerMandate(address(powers)), IGuardianTerm(address(powers)), IPriceFeed(address(prices))
        );
    }

    function _makeKeys() private {
        for (uint256 key = 0x51; keys.length < 3; ++key) {
            keys.push(key);
        }
        for (uint256 i = 0; i < 2; ++i) {
            for (uint256 j = 0; j < 2; ++j) {
                if (vm.addr(keys[j]) > vm.addr(keys[j + 1])) (keys[j], keys[j + 1]) = (keys[j + 1], keys[j]);
            }
        }
    }

    function _signerSet() internal view returns (address[] memory set) {
        set = new address[](keys.length);
        for (uint256 i = 0; i < set.length; ++i) {
            set[i] = vm.addr(keys[i]);
        }
    }

    function _limits() internal pure returns (SurfaceLimits memory) {
        return SurfaceLimits({
            volStep: 1_000,
            volPerHour: 1_000,
            forwardStep: 50,
            forwardPerHour: 50,
            firstVol: 10_000,
            firstForward: 1_000,
            spot: 100,
            referenceVol: 0.8e18
        });
    }

    /// @dev Smile with half of its variance at the money in the hyperbola: the same shape at every expiry, so calendars hold while variance rises.
    function _slice(uint48 expiry, uint256 vol) internal view returns (Slice memory) {
        int256 w = int256(vol * vol * (expiry - _now()) / 365 days / 1e18);
        return Slice({expiry: expiry, a: w / 2, b: w / 2 * 10 / 3, rho: -0.3e18, m: 0, sigma: 0.3e18, forwardRatio: 1e18});
    }

    function _surface(Slice memory slice) internal view returns (Surface memory surface) {
        surface = _empty();
        surface.slices = new Slice[](1);
        surface.slices[0] = slice;
    }

    function _surface(Slice memory first, Slice memory second) internal view returns (Surface memory surface) {
        surface = _empty();
        surface.slices = new Slice[](2);
        (surface.slices[0], surface.slices[1]) = (first, second);
    }

    function _empty() private view returns (Surface memory surface) {
        (uint32 version,) = oracle.lastOf(ETH);
        surface.market = ETH;
        surface.epoch = oracle.epoch();
        surface.version = version + 1;
        surface.asOf = uint48(_now());
        surface.validUntil = uint48(_now()) + 12 hours;
        surface.spot = SPOT;
    }

    /// @dev Signatures of the first `count` keys.
    function _sign(Surface memory surface, uint256 count) internal view returns (Signature[] memory signatures) {
        bytes32 digest = oracle.digestOf(surface);
        signatures = new Signature[](count);
        for (uint256 i = 0; i < count; ++i) {
            signatures[i] = _signature(keys[i], digest);
        }
    }

    function _signature(uint256 key, bytes32 digest) internal pure returns (Signature memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return Signature(vm.addr(key), abi.encodePacked(r, s, v));
    }

    function _post(Surface memory surface) internal {
        oracle.post(surface, _sign(surface, 2));
    }

    function _refuse(Surface memory surface, bytes memory reason) internal {
        Signature[] memory signatures = _sign(surface, 2);
        vm.expectRevert(reason);
        oracle.post(surface, signatures);
    }

    function _refuse(Surface memory surface, bytes4 reason) internal {
        (bool success, bytes memory got) = address(oracle).call(abi.encodeCall(ISurfaceOracle.post, (surface, _sign(surface, 2))));
        assertTrue(!success, "refused");
        assertEq(bytes32(bytes4(got)), bytes32(reason), "reason");
    }
}
