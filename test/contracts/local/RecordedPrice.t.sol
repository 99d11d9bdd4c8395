// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RecordedPrice} from "../../../contracts/local/RecordedPrice.sol";
import {TestBase} from "../support/TestBase.sol";

/// RecordedPrice
/// └── write
///     ├── when the caller is not the owner → it reverts with both
///     └── when the owner writes → it is a new round, now
contract RecordedPriceTest is TestBase {
    address private constant STRANGER = address(0xbad);

    RecordedPrice private _price;

    function setUp() public {
        vm.warp(1_800_000_000);
        bytes memory creation = bytes.concat(vm.getCode("RecordedPrice.sol:RecordedPrice"), abi.encode(this));
        RecordedPrice created;
        assembly ("memory-safe") {
            created := create(0, add(creation, 32), mload(creation))
        }
        _price = created;
    }

    function test_Write_onlyByTheOwner() public {
        vm.prank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(RecordedPrice.RecordedPrice_NotOwner.selector, STRANGER, address(this)));
        _price.write(2_000e8);
        (uint80 round,,,,) = _price.latestRoundData();
        assertEq(round, 0, "no round");
    }

    function test_Write_isANewRoundNow() public {
        _price.write(2_000e8);
        vm.warp(_now() + 60);
        _price.write(-1);
        (uint80 round, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn) = _price.latestRoundData();
        assertEq(round, 2, "round");
        assertTrue(answer == -1, "answer");
        assertEq(startedAt, _now(), "started");
        assertEq(updatedAt, _now(), "updated");
        assertEq(answeredIn, 2, "answered in");
        assertEq(_price.decimals(), 8, "decimals");
    }
}
