// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ParamId, ParameterEntry, ParameterRule, Reason} from "../../../contracts/interfaces/ParameterTypes.sol";
import {MANDATE_ROLE, STEWARDS_ROLE, VETO_ROLE} from "../../../contracts/interfaces/Roles.sol";
import {Handler} from "./Handler.t.sol";
import {StoreFixture} from "./StoreFixture.sol";

/// @notice The numbered invariants of docs/invariants.md, section "Parameters", under random callers, arguments, orders and waits.
contract InvariantsTest is StoreFixture {
    Handler internal handler;

    function setUp() public override {
        super.setUp();
        // Budgets that a few moves exhaust: a sequence is short.
        ParamId[] memory ids = marketIds();
        for (uint256 i; i < ids.length; ++i) {
            ParameterRule memory r = ruleFor(ids[i]);
            (r.tightenBudgetBps, r.loosenBudgetBps, r.loosenWindow) = (4_000, 1_200, 240);
            setRule(ids[i], r, 0);
        }
        skip(2 * DAY);
        for (uint256 i; i < ids.length; ++i) {
            store.activateRule(ETH, ids[i]);
        }
        handler = new Handler(store, ETH, BTC, marketIds(), clock);
        store.grantRole(MANDATE_ROLE, address(handler));
        store.grantRole(STEWARDS_ROLE, address(handler));
        store.grantRole(VETO_ROLE, address(handler));
        store.grantRole(bytes32(0), address(handler));
        handler.start();
    }

    /// @dev Read by the test runner.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function check(uint256 number) internal view {
        string memory fault = handler.fault(number);
        assertTrue(bytes(fault).length == 0, fault);
    }

    /// @dev One function, so that every random sequence is judged by all of them.
    function invariant_P01_to_P13_HoldUnderRandomCallers() public view {
        for (uint256 i = 1; i <= 13; ++i) {
            check(i);
        }
    }

    /// @dev The handler is no use if it never gets anywhere: one long sequence reaches every kind of write.
    function test_TheHandlerReachesEveryKindOfWrite() public {
        uint256 seed = 1;
        for (uint256 i; i < 4_000 && (i < 300 || !reachedAll()); ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            act(seed % 13, seed >> 8, seed >> 128);
        }
        assertTrue(reachedAll(), "every reason, a rejection and an activated rule");
        for (uint256 i = 1; i <= 13; ++i) {
            check(i);
        }
    }

    function act(uint256 which, uint256 seed, uint256 wait) private {
        if (which < 4) handler.submitRound(seed, wait);
        if (which == 4 || which == 5) handler.execute(seed, wait);
        if (which == 6) handler.walk(seed, wait);
        if (which == 7) handler.undo(seed, wait);
        if (which == 8) handler.govern(seed, wait);
        if (which == 9) handler.setRule(seed, wait);
        if (which == 10) handler.activateRule(seed, wait);
        if (which == 11) handler.veto(seed, wait);
        if (which == 12) handler.burst(seed, wait);
    }

    function reachedAll() private view returns (bool) {
        for (uint256 i = 1; i < 8; ++i) {
            if (handler.written(Reason(i)) == 0) return false;
        }
        return handler.rejected() > 0 && handler.rulesActivated() > 0;
    }
}
