// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Comparison, Relation} from "../../../contracts/interfaces/IMirrorAdapter.sol";
import {Binding, Reading} from "../../../contracts/interfaces/IParameterAdapter.sol";
import {IPushAdapter, Pushed} from "../../../contracts/interfaces/IPushAdapter.sol";
import {ParamId, ScopeId} from "../../../contracts/interfaces/ParameterTypes.sol";
import {TestBase} from "../support/TestBase.sol";
import {AdapterFixture} from "./AdapterFixture.sol";
import {Conduct} from "./ForeignProtocol.sol";

/// @notice Moves the store, lets time pass, spoils setters and numbers of the protocol, and syncs; notes what it sees broken.
contract PushHandler is AdapterFixture {
    IPushAdapter public push;
    mapping(uint256 number => string) public fault;
    mapping(string what => uint256 times) public reached;

    bytes32[6] private _keys = [MAINTENANCE, INITIAL, DEPOSIT_CAP, LTV, THRESHOLD, TAKER_FEE];
    uint256[6] private _ends = [2, 2, 3, 5, 5, 6]; // where the batch of each ends
    uint256[6] private _starts = [0, 0, 2, 3, 3, 5];
    bool private _spoilt; // some setter is not honest

    constructor() {
        prepare();
        push = pushAdapter(bindings(), probes(), setters());
        protocol.appoint(address(push));
    }

    // ------------------------------------------------------------------ moves

    function wait(uint256 time) external {
        skip(bound(time, 1 minutes, 12 hours));
    }

    /// @dev Most rounds are refused for one reason or another, as they should be.
    function steer(uint256 which, uint256 moveBps) external {
        (ScopeId scope, ParamId id) = _parameter(which);
        uint64 live = store.valueOf(scope, id);
        round(scope, id, uint64(live * bound(moveBps, 6_000, 14_000) / 10_000));
    }

    function decide(uint256 which, uint256 value) external {
        (ScopeId scope, ParamId id) = _parameter(which);
        uint64 to = uint64(bound(value, store.ruleOf(scope, id).floor, store.ruleOf(scope, id).ceiling));
        // Initial margin stays above maintenance, which the store of this test does not demand.
        if (which % 5 == 1 && to < store.valueOf(ETH, RANGE)) return;
        if (which % 5 == 2 && to > store.valueOf(ETH, INITIAL_ID)) return;
        if (to != store.valueOf(scope, id)) vote(scope, id, to);
    }

    function tamper(uint256 which, uint256 value) external {
        protocol.force(_keys[which % 6], value % 1e24);
    }

    /// @dev Now and then all behave again.
    function spoil(uint256 which, uint256 how, uint256 limit) external {
        if (how % 3 == 0) {
            for (uint256 i; i < 6; ++i) {
                protocol.behave(_keys[i], Conduct.HONEST, 0, 0);
            }
            _spoilt = false;
            return;
        }
        Conduct conduct = Conduct(how % (uint256(type(Conduct).max)));
        protocol.behave(_keys[which % 6], conduct, limit % 1e20, _keys[(which + 1 + limit % 5) % 6]);
        _spoilt = true;
    }

    function sync(address caller) external {
        Comparison[] memory before = push.compare();
        (bytes28 head,) = store.head();
        vm.prank(caller);
        (uint256 written, uint256 failed) = push.sync();
        Comparison[] memory later = push.compare();
        (bytes28 newHead,) = store.head();
        if (bytes32(head) != bytes32(newHead)) fault[3] = "sync changed the store";
        uint256 changed;
        for (uint256 i; i < 6; ++i) {
            if (later[i].actual == before[i].actual) continue;
            ++changed;
            if (later[i].relation != Relation.EQUAL) fault[1] = "a number came into force that is not the store's";
            Pushed memory last = push.lastOf(_keys[i]);
            if (last.time != clock || last.written != later[i].actual) fault[4] = "a number came into force unrecorded";
            if (last.value != _live(i)) fault[4] = "another value was recorded";
        }
        for (uint256 i; i < 6; ++i) {
            if (later[i].actual != before[i].actual) continue;
            for (uint256 j = _starts[i]; j < _ends[i]; ++j) {
                bool half = later[j].actual != before[j].actual && later[i].relation != Relation.EQUAL;
                if (half) fault[2] = "half of a batch came into force";
            }
        }
        if (changed != written) fault[4] = "the count is wrong";
        if (!_spoilt && failed != 0 && _inOrder()) fault[5] = "honest setters failed";
        if (failed == 0) {
            (uint256 again, uint256 failedAgain) = push.sync();
            if (again != 0 || failedAgain != 0) fault[5] = "a second sync found work";
        }
        if (written != 0) ++reached["written"];
        if (failed != 0) ++reached["failed"];
        if (written != 0 && failed != 0) ++reached["partly"];
    }

    // ------------------------------------------------------------------ kit

    function _parameter(uint256 which) private pure returns (ScopeId, ParamId) {
        if (which % 5 == 0) return (ETH, CAP);
        if (which % 5 == 1) return (ETH, INITIAL_ID);
        if (which % 5 == 2) return (ETH, RANGE);
        if (which % 5 == 3) return (WETH, HAIRCUT);
        return (ETH, FEE);
    }

    function _live(uint256 i) private view returns (uint64) {
        Binding memory b = bindings()[i];
        return b.reading == Reading.TARGET ? store.valueOf(b.scope, b.id) : store.effectiveOf(b.scope, b.id);
    }

    /// @dev Whether the protocol can take the store's margins at all: it demands initial above maintenance after every single step.
    function _inOrder() private view returns (bool) {
        uint256 initial = push.valueOf(INITIAL) * 1e16;
        uint256 maintenance = push.valueOf(MAINTENANCE);
        bool wanted = initial >= maintenance;
        bool first = protocol.number(INITIAL) * 1e16 >= maintenance;
        bool second = initial >= protocol.number(MAINTENANCE);
        return wanted && (first || second);
    }
}

/// @notice A1 to A5 of docs/invariants.md.
contract PushInvariantsTest is TestBase {
    PushHandler private handler;

    function setUp() public {
        handler = new PushHandler();
    }

    /// @dev Read by the test runner.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_A1_to_A5_holdWhateverTheProtocolDoes() public view {
        for (uint256 i = 1; i <= 5; ++i) {
            string memory fault = handler.fault(i);
            assertTrue(bytes(fault).length == 0, fault);
        }
    }

    /// @dev The handler is no use if it never gets anywhere.
    function test_TheHandlerReachesEveryKindOfStep() public {
        handler.wait(2 hours);
        handler.steer(0, 8_000);
        handler.steer(3, 12_000);
        handler.sync(address(1));
        handler.spoil(0, 1, 0);
        handler.decide(1, 7_000);
        handler.decide(2, 5_000);
        handler.wait(8 hours);
        handler.sync(address(2));
        handler.tamper(3, 99);
        handler.spoil(0, 3, 0);
        handler.sync(address(3));
        assertTrue(handler.reached("written") == 3, "written");
        assertTrue(handler.reached("failed") == 1, "failed");
        assertTrue(handler.reached("partly") == 1, "partly");
        invariant_A1_to_A5_holdWhateverTheProtocolDoes();
    }
}
