// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Round, readRound} from "./RoundReader.sol";

/// @notice Whether the sequencer of a roll-up is up, and has been for longer than `grace` seconds. True when `feed` is zero: no sequencer.
/// @dev The uptime feed answers 0 when it is up; `startedAt` is the time of the last change. A feed that does not answer counts as down.
function isSequencerReady(address feed, uint256 grace) view returns (bool) {
    if (feed == address(0)) return true;
    (bool answered, Round memory round) = readRound(feed);
    if (!answered || round.answer != 0 || round.startedAt == 0 || round.startedAt > block.timestamp) return false;
    return block.timestamp - round.startedAt > grace;
}
