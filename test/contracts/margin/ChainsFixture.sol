// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChainId} from "../../../contracts/interfaces/ClearingTypes.sol";
import {GridShape, IChains} from "../../../contracts/interfaces/IChains.sol";
import {Signature} from "../../../contracts/interfaces/IControllerMandate.sol";
import {ILadderJudge} from "../../../contracts/interfaces/ILadderJudge.sol";
import {IPayoff} from "../../../contracts/interfaces/IPayoff.sol";
import {Settlement} from "../../../contracts/interfaces/ISettlementOracle.sol";
import {ParamId, ScopeId} from "../../../contracts/interfaces/ParameterTypes.sol";
import {LISTER_ROLE} from "../../../contracts/interfaces/Roles.sol";
import {SurfaceFixture} from "../oracle/SurfaceFixture.sol";
import {DeployChains} from "../support/DeployChains.sol";
import {LadderBuilder} from "../support/LadderBuilder.sol";
import {TestRules} from "../support/TestRules.sol";

/// @notice Settlement prices that the test sets.
contract TestSettlements {
    Settlement private _settlement;

    function set(uint128 price, bool isFinal) external {
        (_settlement.price, _settlement.isFinal) = (price, isFinal);
    }

    function settlementOf(ScopeId, uint48) external view returns (Settlement memory) {
        return _settlement;
    }
}

/// @notice Chains over the surface fixture: ETH at 2,000 dollars is market one, with a lister, a bond of one ether, and scans of 35 % and 17 %.
abstract contract ChainsFixture is SurfaceFixture {
    ParamId internal constant VOL_SCAN_UP = ParamId.wrap("margin.volScanUp");
    ParamId internal constant VOL_SCAN_DOWN = ParamId.wrap("margin.volScanDown");
    address internal constant LISTER = address(0x115);
    address internal constant POSTER = address(0x9057);
    address internal constant LEDGER = address(0x1ed6e);
    uint256 internal constant BOND = 1 ether;
    uint40 internal constant TENTH_DAY = 1_700_899_200; // 08:00 UTC, 10.4 days after the start
    uint40 internal constant THIRD_DAY = 1_700_294_400; // 3.4 days
    uint40 internal constant SIXTIETH_DAY = 1_705_219_200; // 60.4 days
    uint128 internal constant TICK = 10e18;

    TestRules internal rules;
    TestSettlements internal settlements;
    LadderBuilder internal builder;
    ILadderJudge internal judge;
    IPayoff internal vanilla;
    IPayoff internal digital;
    IChains internal chains;

    function _deployChains() internal {
        _deploySurface();
        rules = new TestRules(DAO);
        rules.set(VOL_SCAN_UP, 3_500);
        rules.setRule(VOL_SCAN_UP, 20_000, 2_500, 100);
        rules.set(VOL_SCAN_DOWN, 1_700);
        rules.setRule(VOL_SCAN_DOWN, 9_999, 2_500, 100);
        rules.grant(LISTER_ROLE, LISTER);
        settlements = new TestSettlements();
        builder = new LadderBuilder();
        judge = DeployChains.ladderJudge();
        (vanilla, digital) = (DeployChains.vanillaPayoff(), DeployChains.digitalPayoff());
        chains = _newChains(_payoffs());
        chains.wire(LEDGER);
        vm.prank(DAO);
        chains.listMarket(ETH, _grids());
        vm.deal(POSTER, 10 * BOND);
        vm.prank(POSTER);
        chains.lodgeBond{value: BOND}();
    }

    function _newChains(IPayoff[] memory payoffs) internal returns (IChains) {
        return DeployChains.chains(address(rules), address(prices), oracle, address(settlements), judge, payoffs, BOND);
    }

    function _payoffs() internal view returns (IPayoff[] memory payoffs) {
        payoffs = new IPayoff[](2);
        (payoffs[0], payoffs[1]) = (vanilla, digital);
    }

    /// @dev Short, standard, and every second node.
    function _grids() internal pure returns (GridShape[3] memory) {
        return [GridShape(-637_500, 25_000, 12_500, 48), GridShape(-700_000, 40_000, 25_000, 32), GridShape(-700_000, 80_000, 25_000, 16)];
    }

    function _multiples() internal pure returns (uint32[] memory multiples) {
        multiples = new uint32[](5);
        (multiples[0], multiples[1], multiples[2], multiples[3], multiples[4]) = (140, 180, 200, 220, 300);
    }

    function _list(uint40 expiry, uint8 kind) internal returns (ChainId) {
        vm.prank(LISTER);
        return chains.listChain(1, expiry, kind, TICK, _multiples());
    }

    /// @dev A chain of ten days with a surface at 60 % behind it.
    function _listed() internal returns (ChainId chain) {
        chain = _list(TENTH_DAY, 0);
        _post(_surface(_slice(TENTH_DAY, 0.6e18)));
    }

    function _words(ChainId chain) internal view returns (bytes memory) {
        return builder.build(chains, chain);
    }

    function _signLadder(ChainId chain, uint32 version, bytes memory words, uint256 count) internal view returns (Signature[] memory signatures) {
        bytes32 digest = chains.digestOf(chain, version, words);
        signatures = new Signature[](count);
        for (uint256 i = 0; i < count; ++i) {
            signatures[i] = _signature(keys[i], digest);
        }
    }

    /// @dev Posts with two signatures, for the version of the last surface.
    function _postLadder(ChainId chain, bytes memory words) internal returns (address blob) {
        (uint32 version,) = oracle.lastOf(ETH);
        Signature[] memory signatures = _signLadder(chain, version, words, 2);
        vm.prank(POSTER);
        return chains.post(chain, words, signatures);
    }

    function _proveLadder(ChainId chain) internal returns (address blob) {
        return chains.postAndProve(chain, _words(chain), _multiples().length);
    }

    function _wordAt(bytes memory words, uint256 i) internal pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(words, add(32, shl(5, i))))
        }
    }

    /// @dev `words` with one of them replaced, in place.
    function _with(bytes memory words, uint256 i, uint256 word) internal pure returns (bytes memory) {
        assembly ("memory-safe") {
            mstore(add(words, add(32, shl(5, i))), word)
        }
        return words;
    }

    /// @dev First word of an entry of a ladder of five strikes and `nodes` nodes.
    function _entryAt(uint256 entry, uint256 nodes) internal pure returns (uint256) {
        return 6 + entry * (nodes / 8 + 3);
    }
}
