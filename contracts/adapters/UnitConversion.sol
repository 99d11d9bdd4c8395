// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Binding} from "../interfaces/IParameterAdapter.sol";
import {Direction} from "../interfaces/ParameterTypes.sol";

/// @title From the store's unit to another protocol's, rounded to the tight side
library UnitConversion {
    /// @dev Before the complement is taken. 64 + 64 bits never overflow.
    function scale(Binding memory b, Direction direction, uint64 value) internal pure returns (uint256) {
        uint256 product = uint256(value) * b.mul;
        return direction == Direction.UP ? Math.ceilDiv(product, b.div) : product / b.div;
    }

    /// @dev In the other protocol's unit. The rails were checked, so the difference is never negative.
    function convert(Binding memory b, Direction direction, uint64 value) internal pure returns (uint256) {
        uint256 scaled = scale(b, direction, value);
        return b.complementOf == 0 ? scaled : b.complementOf - scaled;
    }

    /// @dev Whether the other protocol's number tightens by rising; meaningless when two-sided.
    function risesToTighten(Binding memory b, Direction direction) internal pure returns (bool) {
        return (direction == Direction.UP) == (b.complementOf == 0);
    }
}
