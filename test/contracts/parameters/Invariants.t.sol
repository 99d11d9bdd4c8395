// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ParamId, ParameterEntry, Reason} from "../../../contracts/interfaces/ParameterTypes.sol";
import {MANDATE_ROLE, STEWARDS_ROLE, VETO_ROLE} from "../../../contracts/interfaces/Roles.sol";
import {Handler} from "./Handler.t.sol";
import {StoreFixture} from "./StoreFixture.sol";

/// @notice The numbered invariants of docs/invariants.md, section "Parameters", under random callers, arguments, orders and waits.
contract InvariantsTest is StoreFixture {
    Handler internal handler;

    function setUp() public override {
        super.setUp();
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

    /// @dev The handler is no use if it never gets anywhere: a fixed sequence reaches every kind of write.
    function test_TheHandlerReachesEveryKindOfWrite() public {
        uint256 seed = 1;
        for (uint256 i; i < 400; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            uint256 wait = seed >> 128;
            if (seed % 10 < 3) handler.submitRound(seed >> 8, wait);
            if (seed % 10 == 3) handler.execute(seed >> 8, wait);
            if (seed % 10 == 4) handler.walk(seed >> 8, wait);
            if (seed % 10 == 5) handler.undo(seed >> 8, wait);
            if (seed % 10 == 6) handler.govern(seed >> 8, wait);
            if (seed % 10 == 7) handler.setRule(seed >> 8, wait);
            if (seed % 10 == 8) handler.activateRule(seed >> 8, wait);
            if (seed % 10 == 9) handler.veto(seed >> 8, wait);
        }
        for (uint256 i = 1; i < 8; ++i) {
            assertTrue(handler.written(Reason(i)) > 0, string.concat("reason ", vm.toString(i)));
        }
        assertTrue(handler.rejected() > 0 && handler.rulesActivated() > 0, "rejections and activations");
        for (uint256 i = 1; i <= 13; ++i) {
            check(i);
        }
    }
}
