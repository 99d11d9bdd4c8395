// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CodePin, IPostConditions, Reading} from "../../../contracts/interfaces/IPostConditions.sol";
import {TestBase} from "../support/TestBase.sol";

/// @dev A view with two words, one that reverts, and one that answers less than a word.
contract Answers {
    uint256 public first = 7;

    function pair() external pure returns (uint256, uint256) {
        return (11, 13);
    }

    function refuses() external pure {
        revert("no");
    }

    function byteOnly() external pure {
        assembly ("memory-safe") {
            mstore8(0, 1)
            return(0, 1)
        }
    }

    function write() external {
        first = 8;
    }
}

/*
PostConditions.requireAll
├── when nothing is required → it reverts: conditions that hold nothing would look like conditions that hold
├── given a reading
│   ├── when its word lies in its range, bounds included → it returns
│   ├── when its word lies outside → it reverts with number, word, floor and ceiling
│   ├── when the view reverts, or there is no code → it reverts with number and target
│   ├── when the answer has no such word → it reverts, also for a word number near 2^256
│   └── when the call would write → it reverts: calls are static (attack: a condition that changes what it checks)
└── given a code pin
    ├── when the code is that one → it returns
    ├── when the code is another (attack: metamorphic target) → it reverts with both hashes
    └── when the account was never used → only the zero hash holds
*/
contract PostConditionsTest is TestBase {
    IPostConditions private conditions;
    Answers private answers;

    function setUp() public {
        bytes memory code = vm.getCode("PostConditions.sol:PostConditions");
        address deployed;
        assembly ("memory-safe") {
            deployed := create(0, add(code, 32), mload(code))
        }
        conditions = IPostConditions(deployed);
        answers = new Answers();
    }

    function test_NothingRequiredReverts() public {
        vm.expectRevert(IPostConditions.PostConditions_Empty.selector);
        conditions.requireAll(new Reading[](0), new CodePin[](0));
    }

    function testFuzz_WordInRange(uint256 floor, uint256 ceiling) public {
        floor = bound(floor, 0, 13);
        ceiling = bound(ceiling, 13, type(uint256).max);
        conditions.requireAll(_reading(address(answers), abi.encodeCall(Answers.pair, ()), 1, floor, ceiling), new CodePin[](0));
    }

    function test_WordOutsideReverts() public {
        vm.expectRevert(abi.encodeWithSelector(IPostConditions.PostConditions_OutOfRange.selector, 0, 11, 12, 20));
        conditions.requireAll(_reading(address(answers), abi.encodeCall(Answers.pair, ()), 0, 12, 20), new CodePin[](0));
        vm.expectRevert(abi.encodeWithSelector(IPostConditions.PostConditions_OutOfRange.selector, 0, 13, 0, 12));
        conditions.requireAll(_reading(address(answers), abi.encodeCall(Answers.pair, ()), 1, 0, 12), new CodePin[](0));
    }

    function test_NoAnswerReverts() public {
        vm.expectRevert(abi.encodeWithSelector(IPostConditions.PostConditions_NoAnswer.selector, 0, address(answers)));
        conditions.requireAll(_reading(address(answers), abi.encodeCall(Answers.refuses, ()), 0, 0, type(uint256).max), new CodePin[](0));
        vm.expectRevert(abi.encodeWithSelector(IPostConditions.PostConditions_NoAnswer.selector, 0, address(0xdead)));
        conditions.requireAll(_reading(address(0xdead), abi.encodeCall(Answers.pair, ()), 0, 0, type(uint256).max), new CodePin[](0));
    }

    function test_ShortAnswerReverts() public {
        vm.expectRevert(abi.encodeWithSelector(IPostConditions.PostConditions_ShortAnswer.selector, 0, 1, 0));
        conditions.requireAll(_reading(address(answers), abi.encodeCall(Answers.byteOnly, ()), 0, 0, type(uint256).max), new CodePin[](0));
    }

    function testFuzz_WordThatDoesNotExistReverts(uint256 word) public {
        word = bound(word, 2, type(uint256).max);
        vm.expectRevert(abi.encodeWithSelector(IPostConditions.PostConditions_ShortAnswer.selector, 0, 64, word));
        conditions.requireAll(_reading(address(answers), abi.encodeCall(Answers.pair, ()), word, 0, type(uint256).max), new CodePin[](0));
    }

    function test_AttackConditionThatWrites() public {
        vm.expectRevert(abi.encodeWithSelector(IPostConditions.PostConditions_NoAnswer.selector, 0, address(answers)));
        conditions.requireAll(_reading(address(answers), abi.encodeCall(Answers.write, ()), 0, 0, type(uint256).max), new CodePin[](0));
        assertEq(answers.first(), 7, "first");
    }

    function test_CodePins() public {
        conditions.requireAll(new Reading[](0), _pin(address(answers), address(answers).codehash));
        conditions.requireAll(new Reading[](0), _pin(address(0xdead), bytes32(0)));
        bytes32 other = keccak256("other");
        vm.expectRevert(
            abi.encodeWithSelector(IPostConditions.PostConditions_CodeChanged.selector, address(answers), address(answers).codehash, other)
        );
        conditions.requireAll(new Reading[](0), _pin(address(answers), other));
    }

    function test_AttackMetamorphicTarget() public {
        CodePin[] memory pins = _pin(address(answers), address(answers).codehash);
        vm.etch(address(answers), hex"6001");
        vm.expectRevert(
            abi.encodeWithSelector(IPostConditions.PostConditions_CodeChanged.selector, address(answers), keccak256(hex"6001"), pins[0].codeHash)
        );
        conditions.requireAll(new Reading[](0), pins);
    }

    function _reading(address target, bytes memory data, uint256 word, uint256 floor, uint256 ceiling)
        private
        pure
        returns (Reading[] memory readings)
    {
        readings = new Reading[](1);
        readings[0] = Reading(target, data, word, floor, ceiling);
    }

    function _pin(address target, bytes32 codeHash) private pure returns (CodePin[] memory pins) {
        pins = new CodePin[](1);
        pins[0] = CodePin(target, codeHash);
    }
}
