// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "./ClearingTypes.sol";
import {ScopeId} from "./ParameterTypes.sol";

/// @notice An account in a group's cover table: two words.
struct CoverEntry {
    AccountId account;
    uint128 shortfall; // USD, wad
    uint40 time;
}

/// @title Insurance fund: one per margin group, kept in the ledger's sum `fund`
/// @notice Fed by fees and by whoever gives to it through the vault. Leaves only as a reward to a bidder for a bankrupt account, within `insurance.payoutLimit`; as a reward for
/// a poke; into a backstop account that holds a bankrupt's book; and into a deficit. Nobody can withdraw from it, the DAO included: a vote that could would be
/// the prize of every captured vote, and cover beyond the target is brought down by a lower `insurance.contributionRate`.
///
/// The cover table holds the eight accounts with the largest stressed shortfalls that anyone has shown in a day. What the fund should hold is the two largest
/// together, or half of the sum when that is more: an account split in hundred pieces then still counts. A lower bound by nature: what nobody pokes is
/// not there (contract-rules B15). The controller measures the full figure off chain.
/// @dev Invariants I5, I6: the sum in the ledger never falls below zero and within a window falls by rewards no further than the limit.
interface IInsuranceFund {
    /// @notice The fund paid a reward. Cash units.
    event PaidOut(ScopeId indexed group, AccountId indexed to, uint256 amount, uint256 paidInWindow);
    event CoverPoked(ScopeId indexed group, AccountId indexed account, uint256 shortfall, uint256 total, uint256 requirement);

    error InsuranceFund_NotModule(address caller);
    error InsuranceFund_StressMove(uint256 given, uint256 atLeast, uint256 atMost);
    error InsuranceFund_NoFooting(AccountId account);
    error InsuranceFund_OtherGroup(AccountId account, ScopeId group, ScopeId expected);

    // ------------------------------------------------------------------ reads (anyone)

    /// @notice Accounts in a cover table at most.
    function COVER_SIZE() external view returns (uint256);
    /// @notice Seconds after which an entry no longer counts.
    function COVER_AGE() external view returns (uint256);
    /// @notice Relative move of every underlying, both ways, that the cover table assumes.
    function STRESS_MOVE_BPS() external view returns (uint256);
    /// @notice Window of `insurance.payoutLimit`, seconds.
    function PAYOUT_WINDOW() external view returns (uint256);
    /// @notice Cash units that may be paid as rewards now.
    function payoutAllowance(ScopeId group) external view returns (uint256);
    /// @notice Entries that still count, largest first.
    function coverTable(ScopeId group) external view returns (CoverEntry[] memory);
    /// @notice What the fund should hold by the table, and what it aims at (`insurance.coverTarget`); what it holds. USD, wad.
    function coverageOf(ScopeId group) external view returns (uint256 requirement, uint256 target, uint256 fund);
    /// @notice What the account would lack after the stress move, by its greeks and its requirement. USD, wad.
    function shortfallOf(AccountId account) external view returns (uint256 shortfall);

    // ------------------------------------------------------------------ anyone

    /// @notice Puts an account's stressed shortfall into the table of its group. A poke that raises the highest sum of a day by a twentieth or more earns a reward out of the fund:
    /// what a withdrawal shows again after a deposit earns nothing.
    /// @param keeper Account that gets it, in the same group; zero for none.
    function poke(AccountId account, AccountId keeper) external;

    // ------------------------------------------------------------------ modules of the ledger

    /// @notice Pays as much of `amount` as the limit allows to `to`, as unmatured profit.
    function payOut(AccountId to, uint256 amount) external returns (uint256 paid);
}
