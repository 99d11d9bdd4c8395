// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FeedSettings, IPriceFeed, Price, PriceStatus, Source, SourceState} from "../../../contracts/interfaces/IPriceFeed.sol";
import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {ParamId, ScopeId} from "../../../contracts/interfaces/ParameterTypes.sol";
import {DeployOracle} from "../support/DeployOracle.sol";
import {Misbehaviour, TestAggregator, TestStore} from "../support/OracleParts.sol";
import {TestBase} from "../support/TestBase.sol";

/// PriceFeed
/// ├── list: DAO alone; count, order, majority quorum, deviation, heartbeat, decimals, every source good against the anchor; replaces what was observed
/// ├── read
/// │   ├── given fresh sources enough → their median, FRESH, with the oldest update and the largest distance
/// │   ├── given fewer → the newest that make the quorum, STALE
/// │   ├── given a source that cannot be used → it does not count, whatever it does
/// │   ├── given a source too far from the median → it does not count; too few left → UNAVAILABLE
/// │   └── given a sequencer that is down or just back → at most STALE
/// ├── poke: records a fresh price at most every five seconds
/// ├── medianOf: three observations over half a minute in the last minute, else zero
/// └── given too little gas → it reverts
contract PriceFeedTest is TestBase {
    ScopeId private constant ETH = ScopeId.wrap(bytes32(bytes4(0x02455448)));
    ScopeId private constant BTC = ScopeId.wrap(bytes32(bytes4(0x02425443)));
    ParamId private constant MAX_AGE = ParamId.wrap("oracle.maxAge");
    ParamId private constant HEARTBEAT = ParamId.wrap("oracle.heartbeat");
    uint256 private constant START = 1_700_000_000;
    address private constant DAO = address(0xda0);

    TestStore private store;
    IPriceFeed private feed;
    TestAggregator[3] private aggregators; // addresses ascend; decimals 8, 18, 8
    uint8[3] private decimals = [8, 18, 8];

    function setUp() public {
        vm.warp(START);
        store = new TestStore(DAO);
        store.set(MAX_AGE, 240);
        store.set(HEARTBEAT, 60);
        feed = DeployOracle.priceFeed(IRiskParameters(address(store)));
        address[3] memory made = [address(new TestAggregator(8)), address(new TestAggregator(8)), address(new TestAggregator(8))];
        for (uint256 i = 0; i < 2; ++i) {
            for (uint256 j = 0; j < 2; ++j) {
                if (made[j] > made[j + 1]) (made[j], made[j + 1]) = (made[j + 1], made[j]);
            }
        }
        for (uint256 i = 0; i < 3; ++i) {
            aggregators[i] = TestAggregator(made[i]);
            aggregators[i].setDecimals(decimals[i]);
            _answer(i, 2_000, 0);
        }
        _list(3, 2, 100);
    }

    // ------------------------------------------------------------------ list

    function test_List_onlyTheDao() public {
        (Source[] memory sources, FeedSettings memory settings) = feed.sourcesOf(ETH);
        vm.expectRevert(abi.encodeWithSelector(IPriceFeed.PriceFeed_NotGovernance.selector, address(this)));
        feed.list(ETH, sources, settings, 2_000e18);
        vm.expectRevert(abi.encodeWithSelector(IPriceFeed.PriceFeed_NotGovernance.selector, address(this)));
        feed.setSequencer(address(1), 1);
    }

    function test_List_keepsWhatWasListed() public view {
        (Source[] memory sources, FeedSettings memory settings) = feed.sourcesOf(ETH);
        assertEq(sources.length, 3, "sources");
        assertEq(sources[1].aggregator, address(aggregators[1]), "aggregator");
        assertEq(sources[1].decimals, 18, "decimals");
        assertEq(sources[1].heartbeat, 60, "heartbeat");
        assertEq(settings.quorum, 2, "quorum");
        assertEq(settings.maxDeviationBps, 100, "deviation");
        (uint128 last, uint48 time) = feed.lastOf(ETH);
        assertEq(last, 2_000e18, "anchor");
        assertEq(time, 0, "nothing observed");
    }

    function test_List_refusesWrongCountsAndSettings() public {
        Source[] memory sources = _sources(3);
        _refuseList(new Source[](0), 1, 100, 2_000e18, abi.encodeWithSelector(IPriceFeed.PriceFeed_SourceCount.selector, 0, 1, 5));
        _refuseList(new Source[](6), 4, 100, 2_000e18, abi.encodeWithSelector(IPriceFeed.PriceFeed_SourceCount.selector, 6, 1, 5));
        _refuseList(sources, 1, 100, 2_000e18, abi.encodeWithSelector(IPriceFeed.PriceFeed_Quorum.selector, 1, 2, 3));
        _refuseList(sources, 4, 100, 2_000e18, abi.encodeWithSelector(IPriceFeed.PriceFeed_Quorum.selector, 4, 2, 3));
        _refuseList(sources, 2, 0, 2_000e18, abi.encodeWithSelector(IPriceFeed.PriceFeed_Deviation.selector, 0, 1, 2_000));
        _refuseList(sources, 2, 2_001, 2_000e18, abi.encodeWithSelector(IPriceFeed.PriceFeed_Deviation.selector, 2_001, 1, 2_000));
        uint256 most = type(uint128).max / 5;
        _refuseList(sources, 2, 100, 0, abi.encodeWithSelector(IPriceFeed.PriceFeed_Anchor.selector, 0, most));
        _refuseList(sources, 2, 100, uint128(most + 1), abi.encodeWithSelector(IPriceFeed.PriceFeed_Anchor.selector, most + 1, most));
    }

    function test_List_refusesSourcesOutOfOrderOrTwice() public {
        Source[] memory sources = _sources(2);
        sources[1] = sources[0];
        address twice = sources[0].aggregator;
        _refuseList(sources, 2, 100, 2_000e18, abi.encodeWithSelector(IPriceFeed.PriceFeed_SourcesNotAscending.selector, twice, twice));
    }

    function test_List_refusesASlowSource() public {
        Source[] memory sources = _sources(1);
        sources[0].heartbeat = 61;
        _refuseList(sources, 1, 100, 2_000e18, abi.encodeWithSelector(IPriceFeed.PriceFeed_Heartbeat.selector, sources[0].aggregator, 61, 60));
        sources[0].heartbeat = 0;
        _refuseList(sources, 1, 100, 2_000e18, abi.encodeWithSelector(IPriceFeed.PriceFeed_Heartbeat.selector, sources[0].aggregator, 0, 60));
    }

    function test_MixedDecimals_areRefusedAtListing() public {
        Source[] memory sources = _sources(1);
        address aggregator = sources[0].aggregator;
        sources[0].decimals = 18;
        _refuseList(sources, 1, 100, 2_000e18, abi.encodeWithSelector(IPriceFeed.PriceFeed_Decimals.selector, aggregator, 8, 18));
        aggregators[0].setDecimals(19);
        sources[0].decimals = 19;
        _refuseList(sources, 1, 100, 2_000e18, abi.encodeWithSelector(IPriceFeed.PriceFeed_Decimals.selector, aggregator, 19, 19));
        sources[0].aggregator = address(0xdead);
        _refuseList(
            sources, 1, 100, 2_000e18,
            abi.encodeWithSelector(IPriceFeed.PriceFeed_Decimals.selector, address(0xdead), type(uint256).max, 19)
        );
    }

    function test_List_refusesASourceThatIsNotGood() public {
        Source[] memory sources = _sources(1);
        bytes4 selector = IPriceFeed.PriceFeed_BadSource.selector;
        _refuseList(sources, 1, 100, 200e18, abi.encodeWithSelector(selector, sources[0].aggregator, SourceState.JUMPED));
        aggregators[0].misbehave(Misbehaviour.REVERT);
        _refuseList(sources, 1, 100, 2_000e18, abi.encodeWithSelector(selector, sources[0].aggregator, SourceState.NO_ANSWER));
    }

    function test_List_againDropsWhatWasObserved() public {
        _observe(4, 15);
        _list(1, 1, 50);
        (, uint256 observations) = feed.medianOf(ETH);
        assertEq(observations, 0, "ring");
        (, uint48 time) = feed.lastOf(ETH);
        assertEq(time, 0, "no observation");
        assertEq(feed.statesOf(ETH).length, 1, "sources");
    }

    // ------------------------------------------------------------------ read

    function test_Read_givesTheMedianOfFreshSources() public {
        _answer(0, 2_000, 10);
        _answer(1, 2_004, 30);
        _answer(2, 2_001, 20);
        _expect(PriceStatus.FRESH, 2_001e18, START - 30, 15); // 3 / 2001 = 14.99 bps
    }

    function test_Read_unlistedMarketIsUnavailable() public view {
        assertEq(uint256(feed.read(BTC).status), uint256(PriceStatus.UNAVAILABLE), "status");
        (uint256 price, uint48 observedAt, PriceStatus status) = feed.quoteOf(BTC, 60);
        assertEq(uint256(status), uint256(PriceStatus.UNAVAILABLE), "quote");
        assertEq(price + observedAt, 0, "nothing");
        assertEq(feed.statesOf(BTC).length, 0, "sources");
    }

    function test_Read_staleSourceDoesNotCountWhileOthersAreFresh() public {
        _answer(2, 1_990, 241);
        assertEq(uint256(feed.statesOf(ETH)[2]), uint256(SourceState.STALE), "state");
        _expect(PriceStatus.FRESH, 2_000e18, START, 0);
    }

    function test_Read_ageAtTheLimitIsFreshOneSecondMoreIsStale() public {
        vm.warp(START + 240);
        _expect(PriceStatus.FRESH, 2_000e18, START, 0);
        vm.warp(START + 241);
        _expect(PriceStatus.STALE, 2_000e18, START, 0);
    }

    function test_Stale_theNewestThatMakeTheQuorumSpeak() public {
        vm.warp(START + 10_000);
        aggregators[0].set(2_100e8, START); // much older than the two others
        aggregators[1].set(2_000e18, START + 5_000);
        aggregators[2].set(2_010e8, START + 6_000);
        _expect(PriceStatus.STALE, 2_005e18, START + 5_000, 25);
    }

    function test_Stale_aloneAMinorityOfFreshSourcesIsStale() public {
        vm.warp(START + 300);
        _answer(0, 2_002, 0);
        _expect(PriceStatus.STALE, 2_001e18, START, 5);
    }

    /// @dev The DAO lowers the limit by mistake: what the slowest source promises still holds twice.
    function test_Stale_neverBeforeTwiceThePromisedHeartbeat() public {
        store.set(MAX_AGE, 30);
        vm.warp(START + 120);
        _expect(PriceStatus.FRESH, 2_000e18, START, 0);
        vm.warp(START + 121);
        _expect(PriceStatus.STALE, 2_000e18, START, 0);
    }

    function test_ZeroAndNegativeAnswers_doNotCount() public {
        aggregators[0].set(0, START);
        aggregators[1].set(-1, START);
        assertEq(uint256(feed.statesOf(ETH)[0]), uint256(SourceState.NOT_POSITIVE), "zero");
        assertEq(uint256(feed.statesOf(ETH)[1]), uint256(SourceState.NOT_POSITIVE), "negative");
        _expect(PriceStatus.UNAVAILABLE, 0, 0, 0);
    }

    function test_FutureTimestamp_doesNotCount() public {
        aggregators[0].set(2_000e8, START + 1);
        assertEq(uint256(feed.statesOf(ETH)[0]), uint256(SourceState.IN_FUTURE), "state");
        _expect(PriceStatus.FRESH, 2_000e18, START, 0);
    }

    function test_IncompleteRound_doesNotCount() public {
        aggregators[0].setRound(7, 6, 1);
        aggregators[1].set(2_000e18, 0);
        assertEq(uint256(feed.statesOf(ETH)[0]), uint256(SourceState.INCOMPLETE), "answered in an earlier round");
        assertEq(uint256(feed.statesOf(ETH)[1]), uint256(SourceState.INCOMPLETE), "never updated");
        aggregators[2].setRound(0, 0, 1);
        assertEq(uint256(feed.statesOf(ETH)[2]), uint256(SourceState.INCOMPLETE), "round zero");
        _expect(PriceStatus.UNAVAILABLE, 0, 0, 0);
    }

    function test_JumpByAPowerOfTen_isRefused() public {
        aggregators[0].set(20_000e8, START);
        aggregators[1].set(200e18, START);
        aggregators[2].set(type(int256).max, START);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(uint256(feed.statesOf(ETH)[i]), uint256(SourceState.JUMPED), "state");
        }
        _expect(PriceStatus.UNAVAILABLE, 0, 0, 0);
    }

    function test_Jump_edgesAreFiveTimesAndAFifth() public {
        int256[4] memory answers = [int256(10_000e8), 9_999e8, 400e8, 401e8];
        SourceState[4] memory states = [SourceState.JUMPED, SourceState.GOOD, SourceState.JUMPED, SourceState.GOOD];
        for (uint256 i = 0; i < 4; ++i) {
            aggregators[0].set(answers[i], START);
            assertEq(uint256(feed.statesOf(ETH)[0]), uint256(states[i]), "state");
        }
    }

    /// @dev Aevo, December 2025: an upgrade mixed 8 and 18 decimals.
    function test_Aevo2025_anUpgradeThatMixesDecimalsGivesNoPrice() public {
        aggregators[0].setDecimals(18);
        aggregators[0].set(2_000e18, START);
        aggregators[2].setDecimals(18);
        aggregators[2].set(2_000e18, START);
        _expect(PriceStatus.UNAVAILABLE, 0, 0, 0);
    }

    /// @dev Deribit, October 2019: one index source far from the others.
    function test_Deribit2019_oneSourceOffDoesNotMoveThePrice() public {
        _answer(0, 1_690, 0);
        _expect(PriceStatus.FRESH, 2_000e18, START, 0);
    }

    /// @dev Binance, October 2025: the only market of a price is one venue's own book.
    function test_Binance2025_sourcesThatDisagreeGiveNoPrice() public {
        _answer(0, 1_300, 0);
        _answer(1, 2_000, 0);
        _answer(2, 1_700, 0);
        _expect(PriceStatus.UNAVAILABLE, 0, 0, 0);
    }

    function test_Read_deviationAtTheLimitCounts() public {
        _list(2, 2, 100);
        aggregators[0].set(1_980e8, START);
        aggregators[1].set(2_020e18, START);
        _expect(PriceStatus.FRESH, 2_000e18, START, 100);
        aggregators[1].set(2_020e18 + 1e15, START);
        _expect(PriceStatus.UNAVAILABLE, 0, 0, 0);
    }

    function test_RevertingGasBurningShortOrLongAnswers_doNotCountAndDoNotRevert() public {
        Misbehaviour[3] memory bad = [Misbehaviour.REVERT, Misbehaviour.BURN_GAS, Misbehaviour.SHORT_ANSWER];
        for (uint256 i = 0; i < 3; ++i) {
            aggregators[1].misbehave(bad[i]);
            assertEq(uint256(feed.statesOf(ETH)[1]), uint256(SourceState.NO_ANSWER), "state");
            _expect(PriceStatus.FRESH, 2_000e18, START, 0);
        }
        aggregators[1].misbehave(Misbehaviour.LONG_ANSWER);
        assertEq(uint256(feed.statesOf(ETH)[1]), uint256(SourceState.INCOMPLETE), "five zero words are read");
    }

    function test_AllSourcesBurnTheirGas_aReadCostsAtMostTheirShare() public {
        for (uint256 i = 0; i < 3; ++i) {
            aggregators[i].misbehave(Misbehaviour.BURN_GAS);
        }
        uint256 before = gasleft();
        _expect(PriceStatus.UNAVAILABLE, 0, 0, 0);
        assertLe(before - gasleft(), 360_000, "gas");
    }

    function test_ReentrantAggregator_isKeptOut() public {
        aggregators[0].reenter(address(feed), abi.encodeCall(IPriceFeed.poke, (ETH)));
        assertEq(uint256(feed.statesOf(ETH)[0]), uint256(SourceState.NO_ANSWER), "a static call cannot poke");
        assertTrue(feed.poke(ETH), "the others are enough");
    }

    function test_TooLittleGas_cannotMakeASourceFail() public {
        aggregators[0].misbehave(Misbehaviour.HUNGRY);
        bytes memory input = abi.encodeCall(IPriceFeed.statesOf, (ETH));
        for (uint256 gas = 20_000; gas < 320_000; gas += 10_000) {
            (bool success, bytes memory output) = address(feed).staticcall{gas: gas}(input);
            if (!success) continue;
            assertEq(uint256(abi.decode(output, (SourceState[]))[0]), uint256(SourceState.GOOD), vm.toString(gas));
        }
        (bool refused, bytes memory reason) = address(feed).staticcall{gas: 60_000}(input);
        assertTrue(!refused && bytes4(reason) == IPriceFeed.PriceFeed_GasTooLow.selector, "says why");
    }

    function testFuzz_Read_isBetweenTheSourcesThatCount(uint256 a, uint256 b, uint256 c) public {
        uint256[3] memory prices = [bound(a, 500e8, 9_000e8), bound(b, 500e8, 9_000e8), bound(c, 500e8, 9_000e8)];
        for (uint256 i = 0; i < 3; ++i) {
            aggregators[i].set(int256(decimals[i] == 8 ? prices[i] : prices[i] * 1e10), START);
        }
        Price memory price = feed.read(ETH);
        uint256 near;
        for (uint256 i = 0; i < 3; ++i) {
            uint256 p = prices[i] * 1e10;
            uint256 distance = p > price.price ? p - price.price : price.price - p;
            if (price.price != 0 && distance * 10_000 <= price.price * price.confidenceBps) ++near;
        }
        if (price.status == PriceStatus.UNAVAILABLE) assertEq(price.price, 0, "no price");
        else assertTrue(near >= 2 && price.confidenceBps <= 100, "two sources inside the confidence, that inside the deviation");
    }

    // ------------------------------------------------------------------ sequencer

    function test_SequencerDown_aPriceIsAtMostStaleAndSoInTheGrace() public {
        TestAggregator uptime = new TestAggregator(0);
        vm.prank(DAO);
        feed.setSequencer(address(uptime), 600);
        uptime.set(1, START);
        assertTrue(!feed.sequencerReady(), "down");
        _expect(PriceStatus.STALE, 2_000e18, START, 0);
        assertTrue(!feed.poke(ETH), "no observation");

        uptime.set(0, START);
        uptime.setRound(2, 2, START);
        vm.warp(START + 600);
        for (uint256 i = 0; i < 3; ++i) {
            _answer(i, 2_000, 0);
        }
        assertTrue(!feed.sequencerReady(), "last second of the grace");
        _expect(PriceStatus.STALE, 2_000e18, START + 600, 0);
        vm.warp(START + 601);
        assertTrue(feed.sequencerReady(), "grace is over");
        _expect(PriceStatus.FRESH, 2_000e18, START + 600, 0);
    }

    function test_Sequencer_feedWithoutAnAnswerCountsAsDown() public {
        TestAggregator uptime = new TestAggregator(0);
        vm.prank(DAO);
        feed.setSequencer(address(uptime), 0);
        uptime.set(0, START);
        assertTrue(feed.sequencerReady(), "up");
        uptime.setRound(2, 2, 0);
        assertTrue(!feed.sequencerReady(), "never started");
        uptime.setRound(2, 2, START + 1);
        assertTrue(!feed.sequencerReady(), "started in the future");
        uptime.misbehave(Misbehaviour.BURN_GAS);
        assertTrue(!feed.sequencerReady(), "burns gas");
        vm.prank(DAO);
        feed.setSequencer(address(0xdead), 0);
        assertTrue(!feed.sequencerReady(), "no code");
        vm.prank(DAO);
        feed.setSequencer(address(0), 0);
        assertTrue(feed.sequencerReady(), "no sequencer");
        vm.prank(DAO);
        vm.expectRevert(abi.encodeWithSelector(IPriceFeed.PriceFeed_Grace.selector, 1 days + 1, 1 days));
        feed.setSequencer(address(uptime), 1 days + 1);
    }

    // ------------------------------------------------------------------ observations

    function test_Poke_atMostEveryFiveSeconds() public {
        assertTrue(feed.poke(ETH), "first");
        assertTrue(!feed.poke(ETH), "same second: nobody fills the ring in one block");
        vm.warp(START + 4);
        assertTrue(!feed.poke(ETH), "too soon");
        vm.warp(START + 5);
        assertTrue(feed.poke(ETH), "due");
        (uint128 last, uint48 time) = feed.lastOf(ETH);
        assertEq(last, 2_000e18, "price");
        assertEq(time, START + 5, "time");
    }

    function test_Poke_nothingWithoutAFreshPrice() public {
        vm.warp(START + 241);
        assertTrue(!feed.poke(ETH), "stale");
        assertTrue(!feed.poke(BTC), "unlisted");
    }

    function test_MedianOf_needsThreeObservationsOverHalfAMinute() public {
        _observe(2, 30);
        (uint256 median, uint256 observations) = feed.medianOf(ETH);
        assertEq(median, 0, "two are too few");
        assertEq(observations, 2, "two");
        vm.warp(_now() + 100);
        _observe(3, 14);
        (median, observations) = feed.medianOf(ETH);
        assertEq(observations, 3, "three");
        assertEq(median, 0, "over 28 s");
        vm.warp(_now() + 100);
        _observe(3, 15);
        (median,) = feed.medianOf(ETH);
        assertEq(median, 2_000e18, "over 30 s");
    }

    /// @dev A price that was there for a moment does not move the median.
    function test_FlashCrash_oneObservationDoesNotMoveTheMedian() public {
        for (uint256 i = 0; i < 5; ++i) {
            for (uint256 j = 0; j < 3; ++j) {
                _answer(j, i == 4 ? 1_400 : 2_000 + i, 0);
            }
            assertTrue(feed.poke(ETH), "recorded");
            if (i != 4) vm.warp(_now() + 10);
        }
        (uint256 median, uint256 observations) = feed.medianOf(ETH);
        assertEq(observations, 5, "observations");
        assertEq(median, 2_001e18, "median");
        assertEq(feed.read(ETH).price, 1_400e18, "spot");
    }

    function test_MedianOf_looksBackAMinuteAndTheRingIsBounded() public {
        _observe(40, 5);
        (, uint256 observations) = feed.medianOf(ETH);
        assertEq(observations, 13, "at 0, 5, .. 60 s");
        vm.warp(_now() + 61);
        (uint256 median, uint256 none) = feed.medianOf(ETH);
        assertEq(none, 0, "all too old");
        assertEq(median, 0, "no median");
    }

    function test_Poke_followsALargeMoveStepByStep() public {
        uint256 price = 2_000;
        for (uint256 i = 0; i < 4; ++i) {
            price = price * 3;
            vm.warp(_now() + 10);
            for (uint256 j = 0; j < 3; ++j) {
                _answer(j, price, 0);
            }
            assertTrue(feed.poke(ETH), "below five times the last");
        }
        (uint128 last,) = feed.lastOf(ETH);
        assertEq(last, 162_000e18, "81 times the anchor");
    }

    // ------------------------------------------------------------------ helpers

    /// @dev Answer in whole dollars, `age` seconds old.
    function _answer(uint256 i, uint256 price, uint256 age) private {
        aggregators[i].set(int256(price * 10 ** decimals[i]), _now() - age);
    }

    function _observe(uint256 count, uint256 spacing) private {
        for (uint256 i = 0; i < count; ++i) {
            if (i != 0) vm.warp(_now() + spacing);
            for (uint256 j = 0; j < 3; ++j) {
                _answer(j, 2_000, 0);
            }
            feed.poke(ETH);
        }
    }

    function _sources(uint256 count) private view returns (Source[] memory sources) {
        sources = new Source[](count);
        for (uint256 i = 0; i < count; ++i) {
            sources[i] = Source(address(aggregators[i]), decimals[i], 60);
        }
    }

    function _list(uint256 count, uint8 quorum, uint16 maxDeviationBps) private {
        vm.prank(DAO);
        feed.list(ETH, _sources(count), FeedSettings(quorum, maxDeviationBps), 2_000e18);
    }

    function _refuseList(Source[] memory sources, uint8 quorum, uint16 deviation, uint128 anchor, bytes memory reason) private {
        vm.prank(DAO);
        vm.expectRevert(reason);
        feed.list(ETH, sources, FeedSettings(quorum, deviation), anchor);
    }

    function _expect(PriceStatus status, uint256 value, uint256 observedAt, uint256 confidenceBps) private view {
        Price memory price = feed.read(ETH);
        assertEq(uint256(price.status), uint256(status), "status");
        assertEq(price.price, value, "price");
        assertEq(price.observedAt, observedAt, "observedAt");
        assertEq(price.confidenceBps, confidenceBps, "confidence");
    }
}
