// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Comparison, IMirrorAdapter, Probe, Relation} from "../../../contracts/interfaces/IMirrorAdapter.sol";
import {Binding, IParameterAdapter, Reading} from "../../../contracts/interfaces/IParameterAdapter.sol";
import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {ParamId, ScopeId, ScopeKind} from "../../../contracts/interfaces/ParameterTypes.sol";
import {AdapterFixture} from "./AdapterFixture.sol";
import {ForeignProtocol} from "./ForeignProtocol.sol";

/// ParameterAdapter (pull and mirror)
/// ├── construction
/// │   ├── given no binding or too many, a key of zero or twice, a zero factor, an unknown parameter, a scope of another kind → it reverts
/// │   ├── given a two-sided parameter that does not convert exactly → it reverts
/// │   ├── given a rail that overflows the other protocol's number, or the whole it is taken from → it reverts
/// │   ├── given a number in another unit → it reverts
/// │   ├── given a getter that does not answer → it reverts
/// │   └── given a scope that is not active → it reverts
/// ├── valueOf
/// │   ├── the live value in the other unit, rounded to the tight side
/// │   ├── given a ramp → target or effective value, as the binding says
/// │   ├── given a pending loosening, an epoch that ended, a rule narrowed → only the live value counts
/// │   └── given an unknown key → it reverts
/// └── compare: equal, tighter, looser, unreadable, in the other protocol's sense
contract PullAndMirrorTest is AdapterFixture {
    IParameterAdapter private pull;
    IMirrorAdapter private mirror;

    function setUp() public {
        prepare();
        pull = pullAdapter(bindings(), _expected());
        mirror = mirrorAdapter(bindings(), probes());
    }

    // ------------------------------------------------------------------ construction

    function test_Construction_keepsTheBindings() public view {
        bytes32[] memory keys = mirror.keys();
        assertEq(keys.length, 6, "keys");
        for (uint256 i; i < 6; ++i) {
            assertEq(keys[i], bindings()[i].key, "key");
            assertEq(keccak256(abi.encode(pull.bindingOf(keys[i]))), keccak256(abi.encode(bindings()[i])), "binding");
            assertEq(keccak256(abi.encode(mirror.probeOf(keys[i]))), keccak256(abi.encode(probes()[i])), "probe");
        }
        assertEq(address(pull.PARAMETERS()), address(store), "store");
    }

    function test_Construction_countsBindings() public {
        _refuse(new Binding[](0), abi.encodeWithSelector(IParameterAdapter.ParameterAdapter_BindingCount.selector, 0, 1, 32));
        _refuse(new Binding[](33), abi.encodeWithSelector(IParameterAdapter.ParameterAdapter_BindingCount.selector, 33, 1, 32));
    }

    function test_Construction_oneExpectationAndOneProbeForEachBinding() public {
        bytes memory reason = abi.encodeWithSelector(IParameterAdapter.ParameterAdapter_LengthMismatch.selector, 6, 5);
        vm.expectRevert(reason);
        this.makePull(bindings(), new uint256[](5));
        vm.expectRevert(reason);
        this.makeMirror(bindings(), new Probe[](5));
    }

    function test_Construction_refusesKeysOfZeroOrTwice() public {
        Binding[] memory b = bindings();
        b[2].key = 0;
        _refuse(b, abi.encodeWithSelector(IParameterAdapter.ParameterAdapter_InvalidKey.selector, bytes32(0)));
        b[2].key = INITIAL;
        _refuse(b, abi.encodeWithSelector(IParameterAdapter.ParameterAdapter_InvalidKey.selector, INITIAL));
    }

    function test_Construction_refusesAnUnknownParameterOrScope() public {
        Binding[] memory b = bindings();
        b[0].scope = WETH;
        _refuse(
            b,
            abi.encodeWithSelector(
                IParameterAdapter.ParameterAdapter_WrongScopeKind.selector, MAINTENANCE, ScopeKind.ASSET, ScopeKind.MARKET
            )
        );
        b = bindings();
        b[0].id = ParamId.wrap("nothing");
        vm.expectRevert();
        this.makePull(b, _expected());
        ScopeId btc = ScopeId.wrap(bytes32(bytes4(0x02425443)));
        b[0] = bindings()[0];
        b[0].scope = btc;
        _refuse(b, abi.encodeWithSelector(IRiskParameters.RiskParameters_InactiveScope.selector, btc));
    }

    function test_Construction_refusesZeroFactors() public {
        Binding[] memory b = bindings();
        b[0].mul = 0;
        _refuse(b, abi.encodeWithSelector(IParameterAdapter.ParameterAdapter_ZeroFactor.selector, MAINTENANCE, 0, 1));
        (b[0].mul, b[0].div) = (1, 0);
        _refuse(b, abi.encodeWithSelector(IParameterAdapter.ParameterAdapter_ZeroFactor.selector, MAINTENANCE, 1, 0));
    }

    function test_Construction_twoSidedHasNoSafeSide() public {
        Binding[] memory b = bindings();
        (b[5].mul, b[5].div) = (3, 2);
        _refuse(b, abi.encodeWithSelector(IParameterAdapter.ParameterAdapter_Inexact.selector, TAKER_FEE, 3, 2));
        (b[5].mul, b[5].div) = (200, 2);
        assertEq(pullAdapter(b, _expected()).valueOf(TAKER_FEE), 3_000, "exact");
    }

    /// The other protocol keeps its percent in a byte: 9,000 bps would be 900 parts of a thousand there, and only the low byte would arrive.
    function test_UnitOverflow_isFoundWhenListed() public {
        Binding[] memory b = bindings();
        (b[1].mul, b[1].div) = (1, 10);
        _refuse(b, abi.encodeWithSelector(IParameterAdapter.ParameterAdapter_Overflow.selector, INITIAL, 9_000, 900, 255));
        // 1.3 times the highest haircut is more than the whole.
        b = bindings();
        b[3].mul = 13;
        _refuse(b, abi.encodeWithSelector(IParameterAdapter.ParameterAdapter_Overflow.selector, LTV, 8_000, 104, 100));
        // A complement is largest at the floor.
        b = bindings();
        b[4].maximum = 0.9e18;
        _refuse(b, abi.encodeWithSelector(IParameterAdapter.ParameterAdapter_Overflow.selector, THRESHOLD, 500, 0.95e18, 0.9e18));
    }

    function test_WrongDecimals_areFoundWhenListed() public {
        // Percent taken for wad.
        uint256[] memory expected = _expected();
        expected[0] = 10;
        vm.expectRevert(abi.encodeWithSelector(IParameterAdapter.ParameterAdapter_WrongUnit.selector, MAINTENANCE, 10, 0.1e18));
        this.makePull(bindings(), expected);
        // Basis points taken for percent: the protocol shows 20.
        Binding[] memory b = bindings();
        (b[1].div, b[1].maximum) = (1, 10_000);
        vm.expectRevert(abi.encodeWithSelector(IParameterAdapter.ParameterAdapter_WrongUnit.selector, INITIAL, 20, 2_000));
        this.makeMirror(b, probes());
        // Tenfold is another unit, less is another value; zero is neither.
        protocol.force(INITIAL, 2);
        vm.expectRevert(abi.encodeWithSelector(IParameterAdapter.ParameterAdapter_WrongUnit.selector, INITIAL, 2, 20));
        this.makeMirror(bindings(), probes());
        protocol.force(INITIAL, 3);
        this.makeMirror(bindings(), probes());
        protocol.force(INITIAL, 0);
        vm.expectRevert(abi.encodeWithSelector(IParameterAdapter.ParameterAdapter_WrongUnit.selector, INITIAL, 0, 20));
        this.makeMirror(bindings(), probes());
    }

    function test_Construction_everyGetterMustAnswer() public {
        Probe[] memory p = probes();
        bytes memory reason = abi.encodeWithSelector(IMirrorAdapter.MirrorAdapter_Unreadable.selector, INITIAL, address(0xdead));
        p[1].target = address(0xdead);
        vm.expectRevert(reason);
        this.makeMirror(bindings(), p);
        p = probes();
        p[1].word = 1;
        vm.expectRevert(abi.encodeWithSelector(IMirrorAdapter.MirrorAdapter_Unreadable.selector, INITIAL, address(protocol)));
        this.makeMirror(bindings(), p);
        p = probes();
        p[1].input = abi.encodeCall(ForeignProtocol.hungry, (INITIAL));
        vm.expectRevert(abi.encodeWithSelector(IMirrorAdapter.MirrorAdapter_Unreadable.selector, INITIAL, address(protocol)));
        this.makeMirror(bindings(), p);
    }

    // ------------------------------------------------------------------ valueOf

    function test_ValueOf_convertsEachUnit() public view {
        assertEq(pull.valueOf(MAINTENANCE), 0.1e18, "wad");
        assertEq(pull.valueOf(INITIAL), 20, "percent");
        assertEq(pull.valueOf(DEPOSIT_CAP), 50_000e18, "wei");
        assertEq(pull.valueOf(LTV), 70, "rest of 1.2 haircuts");
        assertEq(pull.valueOf(THRESHOLD), 0.75e18, "rest of the haircut");
        assertEq(pull.valueOf(TAKER_FEE), 3_000, "parts per million");
    }

    function test_ValueOf_roundsToTheTightSide() public {
        vote(ETH, INITIAL_ID, 2_001);
        assertEq(pull.valueOf(INITIAL), 21, "a requirement goes up");
        vote(WETH, HAIRCUT, 2_501);
        assertEq(pull.valueOf(LTV), 69, "what may be borrowed goes down");
        Binding[] memory b = bindings();
        (b[2].mul, b[2].div) = (1, 1_000);
        uint256[] memory expected = _expected();
        expected[2] = 50;
        expected[3] = 69;
        IParameterAdapter thousands = pullAdapter(b, expected);
        vote(ETH, CAP, 49_999);
        assertEq(thousands.valueOf(DEPOSIT_CAP), 49, "a cap goes down");
    }

    /// Rounding back never finds a looser value than the store's.
    function testFuzz_ValueOf_isNeverLooser(uint64 value, uint64 mul, uint64 div) public {
        value = uint64(bound(value, 1_000, 6_000));
        div = uint64(bound(div, 1, 1e9));
        mul = uint64(bound(mul, 1, 1e15));
        if (value != 2_500) vote(WETH, HAIRCUT, value);
        Binding[] memory b = new Binding[](2);
        uint128 whole = type(uint128).max;
        b[0] = Binding("up", WETH, HAIRCUT, Reading.TARGET, mul, div, 0, whole);
        b[1] = Binding("down", WETH, HAIRCUT, Reading.TARGET, mul, div, whole, whole);
        uint256[] memory expected = new uint256[](2);
        uint256 exact = uint256(value) * mul; // over div
        (expected[0], expected[1]) = ((exact + div - 1) / div, whole);
        IParameterAdapter adapter = pullAdapter(b, expected);
        uint256 up = adapter.valueOf("up");
        assertLe(exact, up * div, "a requirement is at least the exact one");
        assertLe(up * div, exact + div - 1, "and less than one above");
        assertEq(adapter.valueOf("down"), whole - up, "the complement mirrors it");
    }

    function test_ValueOf_ramp_targetAtOnceEffectiveByTheHour() public {
        round(WETH, HAIRCUT, 3_000);
        assertEq(pull.valueOf(LTV), 64, "new loans at once");
        assertEq(pull.valueOf(THRESHOLD), 0.75e18, "open ones not yet");
        skip(4 hours);
        assertEq(pull.valueOf(THRESHOLD), 0.73e18, "50 bps an hour");
        skip(1 days);
        assertEq(pull.valueOf(THRESHOLD), 0.7e18, "arrived");
    }

    function test_ValueOf_pendingLoosening_isNotLive() public {
        assertEq(round(ETH, CAP, 55_000).pended, 1, "pends");
        assertEq(pull.valueOf(DEPOSIT_CAP), 50_000e18, "old value");
        skip(1 hours);
        assertEq(pull.valueOf(DEPOSIT_CAP), 50_000e18, "due is not executed");
        vm.prank(MANDATE);
        store.executeLoosening(ETH, CAP, epoch);
        assertEq(pull.valueOf(DEPOSIT_CAP), 55_000e18, "executed");
    }

    function test_ValueOf_unknownKeyReverts() public {
        vm.expectRevert(abi.encodeWithSelector(IParameterAdapter.ParameterAdapter_UnknownKey.selector, bytes32("loan")));
        pull.valueOf("loan");
    }

    // ------------------------------------------------------------------ compare

    function test_Compare_tellsTighterFromLooserInTheOthersSense() public {
        round(WETH, HAIRCUT, 3_000);
        protocol.force(MAINTENANCE, 0.2e18);
        protocol.force(INITIAL, 19);
        protocol.force(DEPOSIT_CAP, 1e18);
        protocol.force(TAKER_FEE, 2_999);
        Comparison[] memory all = mirror.compare();
        _expect(all[0], MAINTENANCE, 0.1e18, 0.2e18, Relation.TIGHTER);
        _expect(all[1], INITIAL, 20, 19, Relation.LOOSER);
        _expect(all[2], DEPOSIT_CAP, 50_000e18, 1e18, Relation.TIGHTER);
        _expect(all[3], LTV, 64, 70, Relation.LOOSER);
        _expect(all[4], THRESHOLD, 0.75e18, 0.75e18, Relation.EQUAL);
        _expect(all[5], TAKER_FEE, 3_000, 2_999, Relation.DIFFERENT);
    }

    function test_Compare_aProtocolThatFallsSilentIsUnreadableAndHidesNothingElse() public {
        protocol.silence(INITIAL);
        Comparison[] memory all = mirror.compare();
        _expect(all[1], INITIAL, 20, 0, Relation.UNREADABLE);
        _expect(all[5], TAKER_FEE, 3_000, 3_000, Relation.EQUAL);
    }

    function test_Compare_tooLittleGasCannotMakeAProbeFail() public {
        (bool done, bytes memory reason) = address(mirror).call{gas: 120_000}(abi.encodeCall(IMirrorAdapter.compare, ()));
        assertTrue(!done, "refused");
        assertEq(bytes32(bytes4(reason)), bytes32(IMirrorAdapter.MirrorAdapter_GasTooLow.selector), "reason");
    }

    // ------------------------------------------------------------------ kit

    function makePull(Binding[] memory b, uint256[] memory expected) external returns (IParameterAdapter) {
        return pullAdapter(b, expected);
    }

    function makeMirror(Binding[] memory b, Probe[] memory p) external returns (IMirrorAdapter) {
        return mirrorAdapter(b, p);
    }

    function _refuse(Binding[] memory b, bytes memory reason) private {
        vm.expectRevert(reason);
        this.makePull(b, _expected());
    }

    function _expected() private pure returns (uint256[] memory expected) {
        expected = new uint256[](6);
        (expected[0], expected[1], expected[2]) = (0.1e18, 20, 50_000e18);
        (expected[3], expected[4], expected[5]) = (70, 0.75e18, 3_000);
    }

    function _expect(Comparison memory c, bytes32 key, uint256 wanted, uint256 actual, Relation relation) private pure {
        assertEq(c.key, key, "key");
        assertEq(c.wanted, wanted, "wanted");
        assertEq(c.actual, actual, "actual");
        assertEq(uint256(c.relation), uint256(relation), "relation");
    }
}
