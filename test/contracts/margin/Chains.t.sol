// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChainId} from "../../../contracts/interfaces/ClearingTypes.sol";
import {ChainRecord, Grid, GridShape, IChains, LadderProof, LadderStatus} from "../../../contracts/interfaces/IChains.sol";
import {Signature} from "../../../contracts/interfaces/IControllerMandate.sol";
import {ILadderJudge} from "../../../contracts/interfaces/ILadderJudge.sol";
import {IPayoff} from "../../../contracts/interfaces/IPayoff.sol";
import {PriceStatus} from "../../../contracts/interfaces/IPriceFeed.sol";
import {ISurfaceOracle, Slice, SurfaceLimits} from "../../../contracts/interfaces/ISurfaceOracle.sol";
import {ScopeId} from "../../../contracts/interfaces/ParameterTypes.sol";
import {ChainsFixture} from "./ChainsFixture.sol";

/// Chains
/// ├── constructor: payoffs in the order of their kinds
/// ├── wire: the deployer, once; countTearUp: the ledger alone
/// ├── listMarket, setGrids: the DAO; a market scope with a fresh price, once; grids around the base
/// ├── listChain: listers and the DAO; 08:00 UTC, an hour to three years, known kind, ascending strikes within ten times the price
/// ├── post
/// │   ├── given another header, scale, strike, exponent, vol or length than surface, anchors and listing make → reverts with both
/// │   ├── given too few signatures, no bond, an older version → reverts
/// │   ├── given a proved ladder that is not due → reverts
/// │   ├── given words that are no puts → reverts with entry, word and fault
/// │   └── else → POSTED
/// ├── postAndProve, prove: by entries, each word within half a unit and a hundredth; the last makes it live
/// ├── challenge: a word that is off strikes the ladder out and pays the bond; a true one reverts
/// ├── settle: when the price is final, once
/// └── bonds: locked for a day after a post, then paid out
contract ChainsTest is ChainsFixture {
    address private constant STRANGER = address(0x57a);

    function setUp() public {
        _deployChains();
    }

    // ------------------------------------------------------------------ constructor, wiring

    function test_Constructor_takesPayoffsInTheOrderOfTheirKinds() public {
        IPayoff[] memory payoffs = _payoffs();
        (payoffs[0], payoffs[1]) = (payoffs[1], payoffs[0]);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_PayoffKind.selector, address(digital), 1, 0));
        this.newChains(payoffs);
        assertEq(chains.payoffs().length, 2, "payoffs");
        assertEq(address(chains.payoffs()[1]), address(digital), "digital");
    }

    function newChains(IPayoff[] calldata payoffs) external {
        _newChains(payoffs);
    }

    function test_Wire_isTheDeployersAndOnce() public {
        IChains fresh = _newChains(_payoffs());
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NotDeployer.selector, STRANGER, address(this)));
        fresh.wire(LEDGER);
        fresh.wire(LEDGER);
        assertEq(fresh.ledger(), LEDGER, "ledger");
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_LedgerIsWired.selector, LEDGER));
        fresh.wire(STRANGER);
    }

    function test_CountTearUp_isTheLedgersAlone() public {
        ChainId chain = _list(TENTH_DAY, 0);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NotLedger.selector, address(this), LEDGER));
        chains.countTearUp(chain);
        vm.startPrank(LEDGER);
        chains.countTearUp(chain);
        chains.countTearUp(chain);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_UnknownChain.selector, 7));
        chains.countTearUp(ChainId.wrap(7));
        vm.stopPrank();
        assertEq(chains.record(chain).tearCount, 2, "count");
    }

    // ------------------------------------------------------------------ markets

    function test_ListMarket_isTheDaosAndNeedsAFreshPrice() public {
        assertEq(chains.marketCount(), 1, "one");
        assertEq(chains.numberOf(ETH), 1, "number");
        assertEq(ScopeId.unwrap(chains.marketOf(1)), ScopeId.unwrap(ETH), "scope");
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_UnknownMarket.selector, 2));
        chains.marketOf(2);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_UnknownMarket.selector, 0));
        chains.gridsOf(0);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NotGovernance.selector, address(this)));
        chains.listMarket(BTC, _grids());
        vm.startPrank(DAO);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_MarketIsListed.selector, ETH, 1));
        chains.listMarket(ETH, _grids());
        ScopeId asset = ScopeId.wrap(bytes32(bytes4(0x03455448)));
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NotAMarket.selector, asset));
        chains.listMarket(asset, _grids());
        prices.set(SPOT, PriceStatus.STALE);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NoFreshPrice.selector, BTC));
        chains.listMarket(BTC, _grids());
        prices.set(1e10 - 1, PriceStatus.FRESH);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_SpotOutOfRange.selector, 1e10 - 1, 1e10, 1e32));
        chains.listMarket(BTC, _grids());
        prices.set(1e32 + 1, PriceStatus.FRESH);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_SpotOutOfRange.selector, 1e32 + 1, 1e10, 1e32));
        chains.listMarket(BTC, _grids());
        prices.set(SPOT, PriceStatus.FRESH);
        assertEq(chains.listMarket(BTC, _grids()), 2, "second");
        vm.stopPrank();
    }

    function test_SetGrids_refusesShapesThatDoNotHoldTheirBase() public {
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NotGovernance.selector, address(this)));
        chains.setGrids(1, _grids());
        vm.startPrank(DAO);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_UnknownMarket.selector, 2));
        chains.setGrids(2, _grids());
        _refuseShape(GridShape(-3_000_001, 200_000, 25_000, 16), 0, -3_000_001, -3e6, -1e3);
        _refuseShape(GridShape(-999, 40_000, 25_000, 32), 0, -999, -3e6, -1e3);
        _refuseShape(GridShape(-700_000, 999, 25_000, 32), 1, 999, 1e3, 0.2e6);
        _refuseShape(GridShape(-700_000, 200_001, 25_000, 32), 1, 200_001, 1e3, 0.2e6);
        _refuseShape(GridShape(-700_000, 40_000, 999, 32), 2, 999, 1e3, 0.1e6);
        _refuseShape(GridShape(-700_000, 40_000, 100_001, 32), 2, 100_001, 1e3, 0.1e6);
        _refuseShape(GridShape(-700_000, 40_000, 25_000, 24), 3, 24, 16, 48);
        _refuseShape(GridShape(-700_000, 40_000, 25_000, 16), 4, -100_000, 1e3, 2e6);
        _refuseShape(GridShape(-700_000, 100_000, 25_000, 48), 4, 4_000_000, 1e3, 2e6);
        _refuseShape(GridShape(-100_000, 40_000, 25_000, 32), 5, -187_500, -100_000, 0);
        _refuseShape(GridShape(-700_000, 25_000, 25_000, 32), 6, 187_500, 0, 75_000);
        GridShape[3] memory grids = _grids();
        grids[2].nodes = 32;
        grids[2].spacing = 50_000;
        chains.setGrids(1, grids);
        vm.stopPrank();
        Grid memory grid = chains.gridsOf(1)[2];
        assertEq(grid.shape.nodes, 32, "nodes");
        // e^-0.7 and e^0.05.
        assertEq(grid.lowest, 496585303791409514, "lowest");
        assertEq(grid.ratio, 1051271096376024039, "ratio");
    }

    function _refuseShape(GridShape memory shape, uint256 field, int256 given, int256 atLeast, int256 atMost) private {
        GridShape[3] memory grids = _grids();
        grids[1] = shape;
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_Grid.selector, 1, field, given, atLeast, atMost));
        chains.setGrids(1, grids);
    }

    // ------------------------------------------------------------------ listing

    function test_ListChain_byAListerInsideTheLimits() public {
        ChainId chain = _list(TENTH_DAY, 0);
        assertEq(ChainId.unwrap(chain), 1, "first");
        assertEq(chains.chainCount(), 1, "count");
        ChainRecord memory c = chains.record(chain);
        assertEq(c.market, 1, "market");
        assertEq(c.expiry, TENTH_DAY, "expiry");
        assertEq(uint256(c.status), uint256(LadderStatus.NONE), "status");
        assertEq(c.blob, address(0), "blob");
        (uint128[] memory strikes, IPayoff payoff) = chains.strikesOf(chain);
        assertEq(strikes.length, 5, "strikes");
        assertEq(strikes[0], 1_400e18, "first strike");
        assertEq(strikes[4], 3_000e18, "last strike");
        assertEq(address(payoff), address(vanilla), "payoff");
        (uint128 tick, uint256[] memory table) = chains.listingOf(chain);
        assertEq(tick, TICK, "tick");
        assertEq(table.length, 2, "table");
        // 1,400 dollars in units of 2^-4; 3,000 in units of 2^-3.
        assertEq(table[0] & type(uint64).max, 140 | uint256(124) << 56, "entry");
        assertEq(table[1], 300 | uint256(125) << 56, "last entry");
        vm.prank(DAO);
        assertEq(ChainId.unwrap(chains.listChain(1, TENTH_DAY, 1, TICK, _multiples())), 2, "second");
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_UnknownChain.selector, 3));
        chains.strikesOf(ChainId.wrap(3));
    }

    function test_WordsOf_givesRecordsAsTheyAreStored() public {
        ChainId chain = _listed();
        address blob = _proveLadder(chain);
        vm.prank(LEDGER);
        chains.countTearUp(chain);
        uint256[] memory asked = new uint256[](1);
        asked[0] = uint256(ChainId.unwrap(chain)) << 64 | uint256(77) << 96; // second place, with a tear-up count in the bits above
        uint256[] memory words = chains.wordsOf(asked);
        assertEq(words.length, 4, "four");
        assertEq(words[0] | words[2] | words[3], 0, "none asked");
        uint256 expected = 1 | uint256(TENTH_DAY) << 16 | 1 << 56 | 2 << 80 | uint256(uint160(blob)) << 96;
        assertEq(words[1], expected, "record");
    }

    function test_ListChain_refusesWhatIsOutsideTheLimits() public {
        uint32[] memory multiples = _multiples();
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NotLister.selector, address(this)));
        chains.listChain(1, TENTH_DAY, 0, TICK, multiples);
        vm.startPrank(LISTER);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_UnknownMarket.selector, 2));
        chains.listChain(2, TENTH_DAY, 0, TICK, multiples);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_ExpiryNotAtEight.selector, TENTH_DAY + 1, 28_801));
        chains.listChain(1, TENTH_DAY + 1, 0, TICK, multiples);
        uint40 late = TENTH_DAY + 1_100 days;
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_ExpiryOutOfRange.selector, late, START + 1 hours, START + 1_095 days));
        chains.listChain(1, late, 0, TICK, multiples);
        vm.warp(TENTH_DAY - 3_599);
        vm.expectRevert(
            abi.encodeWithSelector(IChains.Chains_ExpiryOutOfRange.selector, TENTH_DAY, TENTH_DAY + 1, TENTH_DAY - 3_599 + 1_095 days)
        );
        chains.listChain(1, TENTH_DAY, 0, TICK, multiples);
        vm.warp(START);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_UnknownKind.selector, 2, 1));
        chains.listChain(1, TENTH_DAY, 2, TICK, multiples);
        prices.set(SPOT, PriceStatus.STALE);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NoFreshPrice.selector, ETH));
        chains.listChain(1, TENTH_DAY, 0, TICK, multiples);
        prices.set(SPOT, PriceStatus.FRESH);
        vm.stopPrank();
    }

    function test_ListChain_refusesStrikes() public {
        vm.startPrank(LISTER);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_StrikeCount.selector, 0, 1, 72));
        chains.listChain(1, TENTH_DAY, 0, TICK, new uint32[](0));
        uint32[] memory many = new uint32[](73);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_StrikeCount.selector, 73, 1, 72));
        chains.listChain(1, TENTH_DAY, 0, TICK, many);
        uint32[] memory strikes = new uint32[](2);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_StrikesNotAscending.selector, 0, 0));
        chains.listChain(1, TENTH_DAY, 0, TICK, strikes);
        (strikes[0], strikes[1]) = (200, 200);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_StrikesNotAscending.selector, 200, 200));
        chains.listChain(1, TENTH_DAY, 0, TICK, strikes);
        strikes[1] = 2_001;
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_StrikeOutOfRange.selector, 20_010e18, 200e18, 20_000e18));
        chains.listChain(1, TENTH_DAY, 0, TICK, strikes);
        (strikes[0], strikes[1]) = (19, 2_000);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_StrikeOutOfRange.selector, 190e18, 200e18, 20_000e18));
        chains.listChain(1, TENTH_DAY, 0, TICK, strikes);
        strikes[0] = 20;
        chains.listChain(1, TENTH_DAY, 0, TICK, strikes);
        vm.stopPrank();
    }

    function test_ListChain_holdsTheMostStrikesAndNodesInOneBlob() public {
        uint32[] memory multiples = new uint32[](72);
        for (uint32 i = 0; i < 72; ++i) {
            multiples[i] = 130 + 2 * i;
        }
        vm.prank(LISTER);
        ChainId chain = chains.listChain(1, THIRD_DAY, 0, TICK, multiples);
        _post(_surface(_slice(THIRD_DAY, 0.6e18)));
        bytes memory words = _words(chain);
        assertEq(words.length, 670 * 32, "words");
        address blob = _postLadder(chain, words);
        assertEq(blob.code.length, 21_441, "code");
        for (uint256 i = 0; i < 72; i += 24) {
            chains.prove(blob, 24);
        }
        assertEq(uint256(chains.record(chain).status), uint256(LadderStatus.PROVED), "proved");
    }

    // ------------------------------------------------------------------ header and table

    function test_Post_checksTheHeaderAgainstSurfaceAnchorsGridAndListing() public {
        ChainId chain = _listed();
        bytes memory words = _words(chain);
        for (uint256 i = 0; i < 4; ++i) {
            uint256 right = _wordAt(words, i);
            // The lowest bit of: base, version, first, tick; and the highest of each word.
            _refuseHeader(chain, words, i, right ^ 1, right);
            _refuseHeader(chain, words, i, right ^ (1 << 255), right);
        }
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_BlobLength.selector, words.length - 32, words.length));
        assembly ("memory-safe") {
            mstore(words, sub(mload(words), 32))
        }
        chains.postAndProve(chain, words, 1);
    }

    function _refuseHeader(ChainId chain, bytes memory words, uint256 i, uint256 wrong, uint256 right) private {
        _with(words, i, wrong);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_HeaderWord.selector, i, wrong, right));
        chains.postAndProve(chain, words, 1);
        _with(words, i, right);
    }

    function test_Post_checksTheScalesOfTheVolStates() public {
        ChainId chain = _listed();
        bytes memory words = _words(chain);
        uint256 right = _wordAt(words, 1);
        uint256 up = right >> 136 & type(uint48).max;
        uint256 down = right >> 184 & type(uint48).max;
        // 10.4 days: m = sqrt(30 / 10.4) = 1.698; up 1 + 0.4375 m, down 1 - 0.2125 x 1.6.
        assertEq(up / 1e9, 1_742, "up");
        assertEq(down, 0.66e12, "down");
        _with(words, 1, right + (11 << 136));
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_Scale.selector, up + 11, up, 10));
        chains.postAndProve(chain, words, 1);
        _with(words, 1, right - (11 << 184));
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_Scale.selector, down - 11, down, 10));
        chains.postAndProve(chain, words, 1);
        _with(words, 1, right + (10 << 136));
        chains.postAndProve(chain, words, 1);
    }

    function test_Post_checksEveryVolOfTheTable() public {
        ChainId chain = _listed();
        bytes memory words = _words(chain);
        uint256 right = _wordAt(words, 4);
        uint256 volBps = right >> 96 & type(uint24).max; // of the second strike
        _with(words, 4, right + (1 << 96));
        _refuseVol(chain, words, volBps + 1);
        _with(words, 4, right - (volBps << 96));
        _refuseVol(chain, words, 0);
        _with(words, 4, right);
        right = _wordAt(words, 5);
        _with(words, 5, right | 1 << 96); // a vol where no strike is
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_TableWord.selector, 5, right | 1 << 96, right & ~(uint256(type(uint24).max) << 32)));
        chains.postAndProve(chain, words, 1);
    }

    /// @dev The vol that the error names is the oracle's but for the last digits of another logarithm.
    function _refuseVol(ChainId chain, bytes memory words, uint256 givenBps) private {
        (bool success, bytes memory reason) = address(chains).call(abi.encodeCall(IChains.postAndProve, (chain, words, 1)));
        assertTrue(!success && bytes4(reason) == IChains.Chains_Vol.selector, "refused");
        uint256[3] memory numbers;
        for (uint256 i = 0; i < 3; ++i) {
            assembly ("memory-safe") {
                mstore(add(numbers, shl(5, i)), mload(add(reason, add(36, shl(5, i)))))
            }
        }
        assertEq(numbers[0], 1, "entry");
        assertEq(numbers[1], givenBps, "given");
        uint256 exact = oracle.volAt(ETH, TENTH_DAY, 1_800e18);
        assertLe(numbers[2] > exact ? numbers[2] - exact : exact - numbers[2], 1e6, "exact");
    }

    function test_Post_refusesAStrikeWithoutABoundedVol() public {
        ChainId chain = _list(TENTH_DAY, 0);
        SurfaceLimits memory limits = _limits();
        limits.referenceVol = 9e18;
        vm.prank(DAO);
        oracle.setLimits(ETH, limits);
        // 920 % at the money, and a wing that is above 1,000 % at the lowest strike.
        int256 w = 84.64e18 * int256(uint256(TENTH_DAY - START)) / 365 days;
        _post(_surface(Slice(TENTH_DAY, w - 0.33e18, 1.1e18, -0.8e18, 0, 0.3e18, 1e18)));
        (bool success, bytes memory reason) =
            address(chains).call(abi.encodeCall(IChains.postAndProve, (chain, _words(chain), 1)));
        assertTrue(!success, "refused");
        assertEq(bytes32(bytes4(reason)), bytes32(IChains.Chains_VolOutOfRange.selector), "reason");
    }

    function test_Post_needsAValidSurfaceAndALiveChain() public {
        ChainId chain = _list(TENTH_DAY, 0);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NoSurface.selector, chain, 0, 0));
        chains.postAndProve(chain, "", 1);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_UnknownChain.selector, 9));
        chains.postAndProve(ChainId.wrap(9), "", 1);
        _post(_surface(_slice(TENTH_DAY, 0.6e18)));
        bytes memory words = _words(chain);
        vm.warp(START + 12 hours + 1);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NoSurface.selector, chain, 1, START + 12 hours));
        chains.postAndProve(chain, words, 1);
        vm.warp(TENTH_DAY);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_Expired.selector, chain, TENTH_DAY));
        chains.postAndProve(chain, words, 1);
    }

    // ------------------------------------------------------------------ posts by signature

    function test_Post_makesASignedLadderLive() public {
        ChainId chain = _listed();
        bytes memory words = _words(chain);
        address blob = _postLadder(chain, words);
        ChainRecord memory c = chains.record(chain);
        assertEq(c.blob, blob, "live");
        assertEq(uint256(c.status), uint256(LadderStatus.POSTED), "posted");
        assertEq(keccak256(blob.code), keccak256(bytes.concat(hex"00", words)), "code");
        (uint32 version, address poster) = chains.postOf(chain);
        assertEq(version, 1, "version");
        assertEq(poster, POSTER, "poster");
        LadderProof memory proof = chains.proofOf(blob);
        assertEq(proof.proved, 0, "nothing proved");
        assertEq(proof.strikes, 5, "of five");

        chains.prove(blob, 5);
        assertEq(uint256(chains.record(chain).status), uint256(LadderStatus.PROVED), "proved in place");
        (, poster) = chains.postOf(chain);
        assertEq(poster, POSTER, "still his");
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_IsProved.selector, blob));
        chains.prove(blob, 1);
    }

    function test_Post_needsKSignaturesTheBondAndANewerVersion() public {
        ChainId chain = _listed();
        bytes memory words = _words(chain);
        Signature[] memory one = _signLadder(chain, 1, words, 1);
        Signature[] memory two = _signLadder(chain, 1, words, 2);
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_TooFewSignatures.selector, 1, 2));
        chains.post(chain, words, one);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_BondTooSmall.selector, address(this), 0, BOND));
        chains.post(chain, words, two);
        vm.startPrank(POSTER);
        chains.post(chain, words, two);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NotNewer.selector, chain, 1, 1));
        chains.post(chain, words, two);
        vm.stopPrank();
    }

    function test_Anchors_areOneStepBeyondTheLiveScans() public {
        (uint16 up, uint16 down) = chains.anchorsOf(1);
        assertEq(up, 4_375, "up"); // 25 %
        assertEq(down, 2_125, "down");
        rules.setRule(VOL_SCAN_UP, 20_000, 100, 400); // the floor of a step is more
        rules.setRule(VOL_SCAN_DOWN, 2_000, 2_500, 100); // the ceiling is less
        (up, down) = chains.anchorsOf(1);
        assertEq(up, 3_900, "step floor");
        assertEq(down, 2_000, "ceiling");
        rules.set(VOL_SCAN_DOWN, 9_999);
        rules.setRule(VOL_SCAN_DOWN, 20_000, 2_500, 100);
        rules.set(VOL_SCAN_UP, 60_000);
        rules.setRule(VOL_SCAN_UP, 100_000, 2_500, 100);
        (up, down) = chains.anchorsOf(1);
        assertEq(up, type(uint16).max, "field");
        assertEq(down, 9_999, "below one");
    }

    // ------------------------------------------------------------------ proofs

    function test_Prove_goesOnWhereItStopped() public {
        ChainId chain = _listed();
        bytes memory words = _words(chain);
        address blob = chains.postAndProve(chain, words, 2);
        assertEq(chains.record(chain).blob, address(0), "waits");
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_EntryCount.selector, 4, 1, 3));
        chains.prove(blob, 4);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_EntryCount.selector, 0, 1, 3));
        chains.prove(blob, 0);
        vm.prank(STRANGER);
        chains.prove(blob, 2);
        assertEq(chains.proofOf(blob).proved, 4, "four");
        chains.prove(blob, 1);
        assertEq(chains.record(chain).blob, blob, "live");
        assertEq(uint256(chains.record(chain).status), uint256(LadderStatus.PROVED), "proved");
        (, address poster) = chains.postOf(chain);
        assertEq(poster, address(0), "nobody's bond");
    }

    function test_Prove_eachWordOfEachGridAndPayoff() public {
        uint40[3] memory expiries = [THIRD_DAY, TENTH_DAY, SIXTIETH_DAY];
        for (uint256 i = 0; i < 3; ++i) {
            for (uint8 kind = 0; kind < 2; ++kind) {
                ChainId chain = _list(expiries[i], kind);
                if (kind == 0) {
                    _post(_surface(_slice(expiries[i], 0.6e18)));
                    vm.warp(_now() + 1);
                }
                address blob = _proveLadder(chain);
                assertEq(chains.record(chain).blob, blob, "live");
                judge.requireShapes(blob);
            }
        }
    }

    /// @dev Two units are a unit and a half too much, in either direction, in the word and lane that is hit.
    function testFuzz_Prove_refusesTwoUnitsMoreOrLessInAnyLane(uint256 entry, uint256 place, uint256 lane, bool more) public {
        ChainId chain = _listed();
        bytes memory words = _words(chain);
        (entry, place) = (bound(entry, 0, 4), bound(place, 0, 6));
        lane = bound(lane, 0, place == 4 ? 7 : 15);
        uint256 i = _entryAt(entry, 32) + place;
        uint256 two = 2 << (place == 4 ? 32 : 16) * lane;
        uint256 right = _wordAt(words, i);
        uint256 units = right >> (place == 4 ? 32 : 16) * lane & (place == 4 ? type(uint32).max : type(uint16).max);
        if (more ? units > 65_533 && place != 4 : units < 2) return; // the skew's lane would wrap
        _with(words, i, more ? right + two : right - two);
        vm.expectRevert(abi.encodeWithSelector(ILadderJudge.LadderJudge_WordOff.selector, entry, place, lane));
        chains.postAndProve(chain, words, 5);
    }

    // ------------------------------------------------------------------ challenges and bonds

    function test_Challenge_ofAFalseWordStrikesTheLadderOutAndPaysTheBond() public {
        ChainId chain = _listed();
        bytes memory words = _words(chain);
        uint256 i = _entryAt(2, 32);
        address blob = _postLadder(chain, _with(words, i, _wordAt(words, i) + 1));
        vm.startPrank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_WordHolds.selector, 2, 1));
        chains.challenge(chain, 2, 1);
        vm.expectRevert(abi.encodeWithSelector(ILadderJudge.LadderJudge_OutOfRange.selector, 5, 0, 5, 7));
        chains.challenge(chain, 5, 0);
        vm.expectRevert(abi.encodeWithSelector(ILadderJudge.LadderJudge_OutOfRange.selector, 0, 7, 5, 7));
        chains.challenge(chain, 0, 7);
        chains.challenge(chain, 2, 0);
        assertEq(chains.record(chain).blob, address(0), "gone");
        assertEq(uint256(chains.record(chain).status), uint256(LadderStatus.NONE), "none");
        (uint256 amount,) = chains.bondOf(STRANGER);
        assertEq(amount, BOND, "reward");
        (amount,) = chains.bondOf(POSTER);
        assertEq(amount, 0, "forfeited");
        chains.withdrawBond(BOND);
        assertEq(STRANGER.balance, BOND, "paid");
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NoLadder.selector, chain));
        chains.challenge(chain, 2, 0);
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(ILadderJudge.LadderJudge_WordOff.selector, 2, 0, 0));
        chains.prove(blob, 5);
    }

    function test_Challenge_withoutABondLeftStrikesAllTheSame() public {
        ChainId first = _list(TENTH_DAY, 0);
        ChainId second = _list(TENTH_DAY, 0);
        _post(_surface(_slice(TENTH_DAY, 0.6e18)));
        bytes memory words = _words(first);
        uint256 i = _entryAt(0, 32);
        _postLadder(first, _with(words, i, _wordAt(words, i) + 1));
        words = _words(second);
        _postLadder(second, _with(words, i, _wordAt(words, i) + 1));
        vm.startPrank(STRANGER);
        chains.challenge(first, 0, 0);
        chains.challenge(second, 0, 0);
        vm.stopPrank();
        (uint256 amount,) = chains.bondOf(STRANGER);
        assertEq(amount, BOND, "one bond");
        assertEq(chains.record(second).blob, address(0), "both gone");
    }

    function test_Bond_isLockedForADayAfterAPost() public {
        ChainId chain = _listed();
        _postLadder(chain, _words(chain));
        vm.startPrank(POSTER);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_BondIsLocked.selector, POSTER, START + 1 days));
        chains.withdrawBond(1);
        vm.warp(START + 1 days);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_BondTooSmall.selector, POSTER, BOND, BOND + 1));
        chains.withdrawBond(BOND + 1);
        chains.withdrawBond(BOND);
        vm.stopPrank();
        assertEq(POSTER.balance, 10 * BOND, "back");
        assertEq(address(chains).balance, 0, "empty");
        chains.lodgeBond{value: 5}();
        // This contract takes no ether.
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_PaymentFailed.selector, address(this), 5));
        chains.withdrawBond(5);
    }

    // ------------------------------------------------------------------ settlement

    function test_Settle_whenThePriceIsFinalAndOnce() public {
        ChainId chain = _list(TENTH_DAY, 0);
        settlements.set(1_900e18, false);
        assertEq(chains.settlementOf(chain), 0, "not final");
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NotSettled.selector, chain));
        chains.settle(chain);
        settlements.set(1_900e18, true);
        assertEq(chains.settle(chain), 1_900e18, "price");
        assertTrue(chains.record(chain).settled, "settled");
        assertEq(chains.settlementOf(chain), 1_900e18, "known");
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_IsSettled.selector, chain));
        chains.settle(chain);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_UnknownChain.selector, 4));
        chains.settlementOf(ChainId.wrap(4));
    }

    // ------------------------------------------------------------------ attacks

    /// @dev k of n may say what they like within the shape of a put; it is worth POSTED, and gone with the first challenge. The same signatures never work again.
    function test_Attack_falseLadderByKOfNThieves() public {
        ChainId chain = _listed();
        bytes memory words = _words(chain);
        // Puts of 1,800 and 2,200 dollars, a call that is near worthless among them: up words of one strike in the place of another are still convex.
        for (uint256 i = 0; i < 2; ++i) {
            _with(words, _entryAt(0, 32) + i, _wordAt(words, _entryAt(0, 32) + i) + 0x0001000100010001000100010001000100010001000100010001000100010001);
        }
        Signature[] memory signatures = _signLadder(chain, 1, words, 2);
        address blob = _postLadder(chain, words);
        assertEq(uint256(chains.record(chain).status), uint256(LadderStatus.POSTED), "posted, no more");
        vm.expectRevert(abi.encodeWithSelector(ILadderJudge.LadderJudge_WordOff.selector, 0, 0, 0));
        chains.prove(blob, 1);
        vm.prank(STRANGER);
        chains.challenge(chain, 0, 1);
        vm.prank(POSTER);
        chains.lodgeBond{value: BOND}();
        vm.prank(POSTER);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NotNewer.selector, chain, 1, 1));
        chains.post(chain, words, signatures);
        _proveLadder(chain); // the same surface, true words: anyone, at once
        assertEq(uint256(chains.record(chain).status), uint256(LadderStatus.PROVED), "proved");
    }

    function test_Attack_thievesDisplaceAProvedLadder() public {
        ChainId chain = _listed();
        address blob = _proveLadder(chain);
        vm.warp(START + 600);
        _post(_surface(_slice(TENTH_DAY, 0.6e18)));
        bytes memory words = _words(chain);
        Signature[] memory signatures = _signLadder(chain, 2, words, 2);
        vm.prank(POSTER);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_ProvedLadderStands.selector, chain, 1));
        chains.post(chain, words, signatures);
        assertEq(chains.record(chain).blob, blob, "stands");
        // A hundredth of ten days later it is due.
        vm.warp(START + 9_100);
        vm.prank(POSTER);
        chains.post(chain, words, signatures);
        assertEq(uint256(chains.record(chain).status), uint256(LadderStatus.POSTED), "displaced when due");
    }

    function test_Attack_ladderProvedAgainstAnOldSurface() public {
        ChainId chain = _listed();
        address old = chains.postAndProve(chain, _words(chain), 4);
        vm.warp(START + 3_600);
        _post(_surface(_slice(TENTH_DAY, 0.65e18)));
        address fresh = _proveLadder(chain);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NotNewer.selector, chain, 1, 2));
        chains.prove(old, 1);
        assertEq(chains.record(chain).blob, fresh, "newer stands");
        // Nor in the place of a newer one that was never proved.
        ChainId second = _list(TENTH_DAY, 0);
        vm.warp(START + 7_200);
        _post(_surface(_slice(TENTH_DAY, 0.66e18)));
        old = chains.postAndProve(second, _words(second), 4);
        vm.warp(START + 7_300);
        _post(_surface(_slice(TENTH_DAY, 0.67e18)));
        _postLadder(second, _words(second));
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NotNewer.selector, second, 3, 4));
        chains.prove(old, 1);
    }

    /// @dev The words follow from the blob's own header, so a proof begun goes on; it says what it is a proof of.
    function test_Attack_surfaceRepostedBetweenProofSteps() public {
        ChainId chain = _listed();
        address blob = chains.postAndProve(chain, _words(chain), 3);
        vm.warp(START + 60);
        _post(_surface(_slice(TENTH_DAY, 0.66e18)));
        chains.prove(blob, 2);
        (uint32 version,) = chains.postOf(chain);
        assertEq(version, 1, "of the old surface, and said so");
        bytes memory words = _words(chain);
        chains.postAndProve(chain, words, 5);
        (version,) = chains.postOf(chain);
        assertEq(version, 2, "replaced");
    }

    function test_Attack_entrySwapped() public {
        ChainId chain = _listed();
        bytes memory words = _words(chain);
        for (uint256 i = 0; i < 7; ++i) {
            (uint256 first, uint256 second) = (_entryAt(1, 32) + i, _entryAt(2, 32) + i);
            (uint256 left, uint256 right) = (_wordAt(words, first), _wordAt(words, second));
            _with(_with(words, first, right), second, left);
        }
        vm.expectRevert(abi.encodeWithSelector(ILadderJudge.LadderJudge_WordOff.selector, 1, 0, 0));
        chains.postAndProve(chain, words, 5);
        words = _words(chain);
        uint256 table = _wordAt(words, 4);
        uint256 swapped = table >> 64 & type(uint64).max | (table & type(uint64).max) << 64 | table >> 128 << 128;
        uint256 vols = 0x00ffffff0000000000ffffff0000000000ffffff0000000000ffffff00000000;
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_TableWord.selector, 4, swapped & ~vols, table & ~vols));
        chains.postAndProve(chain, _with(words, 4, swapped), 5);
    }

    function test_Attack_exponentRaised() public {
        ChainId chain = _listed();
        bytes memory words = _words(chain);
        uint256 table = _wordAt(words, 4);
        uint256 vols = 0x00ffffff0000000000ffffff0000000000ffffff0000000000ffffff00000000;
        uint256 raised = table + (1 << 56);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_TableWord.selector, 4, raised & ~vols, table & ~vols));
        chains.postAndProve(chain, _with(words, 4, raised), 5);
        _with(words, 4, table);
        uint256 head = _wordAt(words, 1);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_HeaderWord.selector, 1, head + (1 << 248), head));
        chains.postAndProve(chain, _with(words, 1, head + (1 << 248)), 5);
    }

    function test_Attack_proofProgressReusedForAnotherBlob() public {
        ChainId chain = _listed();
        bytes memory words = _words(chain);
        address honest = chains.postAndProve(chain, words, 4);
        uint256 i = _entryAt(0, 32);
        vm.expectRevert(abi.encodeWithSelector(ILadderJudge.LadderJudge_WordOff.selector, 0, 0, 0));
        chains.postAndProve(chain, _with(words, i, _wordAt(words, i) + 1), 1);
        // False in the last entry: nothing of the honest blob's proof is its own.
        words = _words(chain);
        i = _entryAt(4, 32);
        address forged = chains.postAndProve(chain, _with(words, i, _wordAt(words, i) + 1), 1);
        chains.prove(honest, 1);
        assertEq(chains.proofOf(forged).proved, 1, "its own progress");
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NotNewer.selector, chain, 1, 1));
        chains.prove(forged, 4);
        assertEq(chains.record(chain).blob, honest, "honest");
    }

    function test_Attack_blobOfAnotherContract() public {
        ChainId chain = _listed();
        address foreign = address(0xb10b);
        vm.etch(foreign, bytes.concat(hex"00", _words(chain)));
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_UnknownBlob.selector, foreign));
        chains.prove(foreign, 5);
    }

    function test_Attack_postFrontRun() public {
        ChainId chain = _listed();
        bytes memory words = _words(chain);
        Signature[] memory signatures = _signLadder(chain, 1, words, 2);
        vm.deal(STRANGER, BOND);
        vm.startPrank(STRANGER);
        chains.lodgeBond{value: BOND}();
        chains.post(chain, words, signatures); // he answers for it with his own bond
        vm.stopPrank();
        (, address poster) = chains.postOf(chain);
        assertEq(poster, STRANGER, "his bond");
        address blob = chains.record(chain).blob;
        vm.prank(POSTER);
        vm.expectRevert(abi.encodeWithSelector(IChains.Chains_NotNewer.selector, chain, 1, 1));
        chains.post(chain, words, signatures);
        chains.prove(blob, 5); // and nothing is lost by it
    }

    function test_Attack_challengeGriefing() public {
        ChainId chain = _listed();
        _proveLadder(chain);
        for (uint256 word = 0; word < 7; ++word) {
            vm.expectRevert(abi.encodeWithSelector(IChains.Chains_WordHolds.selector, 4, word));
            chains.challenge(chain, 4, word);
        }
        assertEq(uint256(chains.record(chain).status), uint256(LadderStatus.PROVED), "stands");
    }

    function test_Attack_signatureReplayedForAnotherChainOrContract() public {
        ChainId first = _list(TENTH_DAY, 0);
        ChainId second = _list(TENTH_DAY, 0);
        _post(_surface(_slice(TENTH_DAY, 0.6e18)));
        bytes memory words = _words(second);
        Signature[] memory signatures = _signLadder(first, 1, words, 2);
        vm.prank(POSTER);
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_BadSignature.selector, vm.addr(keys[0])));
        chains.post(second, words, signatures);
        assertTrue(_newChains(_payoffs()).digestOf(first, 1, words) != chains.digestOf(first, 1, words), "another contract");
    }

    function test_Attack_oldKeysAfterTheEpochIsRevoked() public {
        ChainId chain = _listed();
        bytes memory words = _words(chain);
        Signature[] memory signatures = _signLadder(chain, 1, words, 2);
        vm.prank(GUARDIAN);
        oracle.revokeEpoch();
        vm.prank(POSTER);
        vm.expectRevert(abi.encodeWithSelector(ISurfaceOracle.SurfaceOracle_NotASigner.selector, vm.addr(keys[0])));
        chains.post(chain, words, signatures);
        _proveLadder(chain); // a surface that stands can still be proved against
    }
}
