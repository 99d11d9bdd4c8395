// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Assessment} from "../interfaces/IMargin.sol";

/// @dev {Binding.rule} of a requirement that is all the book can lose.
uint8 constant MAXIMUM_LOSS = 3;

/// @notice What an account would lack after a relative move `moveBps` of every underlying, from its assessment alone. USD, wad.
/// @dev The larger of two readings of the loss: the maintenance requirement, a loss over `rangeBps`, carried on in proportion; and delta and short gamma, to the
/// second order. Neither more than the whole notional moves, since no leg moves by more than its underlying. A book whose requirement is already all it
/// can lose, loses that. An estimate: exact for futures, and for deep books of options high or low where the far cells differ from the near ones.
function stressedShortfall(Assessment memory a, uint256 rangeBps, uint256 moveBps) pure returns (uint256) {
    uint256 loss = a.requirement;
    if (a.binding.rule != MAXIMUM_LOSS) {
        uint256 carried = a.requirement * moveBps / rangeBps;
        uint256 delta = (a.delta < 0 ? uint256(-a.delta) : uint256(a.delta)) * moveBps / 10_000;
        uint256 gamma = a.gamma < 0 ? uint256(-a.gamma) * moveBps * moveBps / 2e8 : 0;
        loss = carried > delta + gamma ? carried : delta + gamma;
        uint256 bound = a.notional * moveBps / 10_000;
        if (loss > bound) loss = bound;
    }
    if (loss < a.requirement) loss = a.requirement;
    int256 lacking = int256(loss) - a.equity;
    return lacking > 0 ? uint256(lacking) : 0;
}
