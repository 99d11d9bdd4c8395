// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ScopeId} from "./ParameterTypes.sol";

/// @notice A margin account: its owner's address in the upper 160 bits, the number of the sub-account in the lower 96.
type AccountId is uint256;

/// @notice An expiry of a market as listed: a running number from one. Its page of an account and its price ladder carry the same number.
type ChainId is uint32;

/// @notice An instrument: its chain in the upper 32 bits, its leg in the lower 8 (bits between are zero).
type InstrumentId is uint64;

/// @dev Ten-thousandths of a contract: the unit of every quantity.
uint256 constant LOTS_PER_CONTRACT = 10_000;

/// @dev Leg of a chain's dated future. Every other leg is 2 x (number of the strike) + (1 for a call, 0 for a put).
uint8 constant FUTURE_LEG = 255;

/// @dev Strikes of a chain at most, so that a leg fits 8 bits beside {FUTURE_LEG} and a ladder fits one code blob.
uint256 constant MAX_STRIKES = 72;

/// @dev Positions of an account at most, over all chains.
uint256 constant MAX_POSITIONS = 512;

/// @dev Largest quantity of one position, in lots: with its sign it fits 40 bits.
uint256 constant MAX_LOTS = 2 ** 39 - 1;

/// @notice One position, unpacked.
struct Position {
    InstrumentId instrument;
    int256 lots; // negative is short
}

/// @notice What an account holds, as the ledger packs it and the margin rule reads it.
/// @dev `chains` has four chains a word, lowest bits first, 64 bits each: ChainId (32), tear-up count last synchronised (24), number of positions (8);
/// ascending by ChainId. `pages` has each chain's positions in the same order, each chain beginning a new word: five positions a word, lowest bits first,
/// 48 bits each: leg (8), lots in two's complement (40); ascending by leg. `collateral` has one entry per collateral asset of the group, in its order of
/// listing, in the token's units; its last entries may be missing when they are zero.
struct Holdings {
    ScopeId group;
    int256 cash; // USD, wad: principal and profit less debt
    int256 futuresCost; // USD, wad: sum of contracts x reference price of the dated futures held; they are worth contracts x forward less this
    int256 contributed; // USD, wad: what was deposited less what was withdrawn, at the value it had then: gains beyond it are capped
    uint256[] chains;
    uint256[] pages;
    uint256[] collateral;
}

function ownerOf(AccountId account) pure returns (address) {
    return address(uint160(AccountId.unwrap(account) >> 96));
}

function chainOf(InstrumentId instrument) pure returns (ChainId) {
    return ChainId.wrap(uint32(InstrumentId.unwrap(instrument) >> 32));
}

function legOf(InstrumentId instrument) pure returns (uint8) {
    return uint8(InstrumentId.unwrap(instrument));
}

/// @dev Number of the strike of an option's leg, and whether it is the call.
function optionOf(uint8 leg) pure returns (uint256 strike, bool isCall) {
    return (leg >> 1, leg & 1 == 1);
}

function instrumentOf(ChainId chain, uint8 leg) pure returns (InstrumentId) {
    return InstrumentId.wrap((uint64(ChainId.unwrap(chain)) << 32) | leg);
}
