// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, InstrumentId} from "./ClearingTypes.sol";
import {Footing} from "./IMargin.sol";
import {ScopeId} from "./ParameterTypes.sol";

/// @notice Who pays a deficit, in this order.
enum LossLayer {
    FUND,
    PROFIT // unmatured, of all accounts of the group in proportion
}

/// @title Deleveraging: what becomes of a bankrupt account when its auction has run to its end
/// @notice Anyone may call; nobody chooses who is torn up, at what price, or who pays. No queue, no ranking, no discretion (contract-rules A16):
///
/// 1. The auction ran for `bankruptDuration` since the bankruptcy was declared; then someone announced the end, and for {NOTICE} more anyone could still bid at
///    the full reward. No outage can make an auction end that nobody could bid in. Where nothing is left to sell none of this is asked.
/// 2. The fund's backstop account takes the residual book and collateral, at mark, if the fund holds its initial margin beside the deficit.
/// 3. Else every residual position is torn up at mark against its whole other side: risk moves, value does not. Collateral stays with the account, and with it
///    the debt that it covers after its haircut.
/// 4. The deficit is paid by the fund, then by all unmatured profit of the group in proportion. If that takes all of it the group is halted until the DAO
///    resumes it.
///
/// The fund pays a deficit without regard to its payout limit: that holds back what goes to bidders, and here nobody receives.
/// Values must be PROVED and the sequencer ready: nobody is torn up at a price that only signers vouch for. In a halted group it goes on, so that two
/// deficits are resolved in either order with the same sums.
/// Principal pays nothing, ever: every debt arises with as much profit or fund, and profit matures only as far as no debt stands against it, so the two layers hold
/// all that is owed (contract-rules A15 makes the last layer of A16 empty).
/// @dev Invariants I1 to I4 in docs/invariants.md.
interface IDeleveraging {
    event DeleveragingAnnounced(AccountId indexed account, int256 equity, uint256 from, uint256 until);
    event BackstopTaken(ScopeId indexed group, AccountId indexed account, AccountId indexed backstop, uint256 margin);
    event BackstopSwept(ScopeId indexed group, AccountId indexed backstop, uint256 amount);
    event TornUp(AccountId indexed account, InstrumentId indexed instrument, int256 lots, uint256 mark);
    /// @notice One layer's part of a deficit, cash units, with its sum before and after.
    event LossPaid(ScopeId indexed group, AccountId indexed account, LossLayer indexed layer, uint256 before, uint256 paid, uint256 afterwards);
    /// @param deficit Cash units.
    event BankruptcyResolved(ScopeId indexed group, AccountId indexed account, uint256 deficit);

    error Deleveraging_NotBankrupt(AccountId account, int256 equity);
    error Deleveraging_AuctionRunning(AccountId account, uint256 until);
    /// @notice Resolve from `from` to `until`; both zero when nobody has announced.
    error Deleveraging_Notice(AccountId account, uint256 from, uint256 until);
    error Deleveraging_Footing(AccountId account, Footing footing);
    error Deleveraging_SequencerNotReady();
    error Deleveraging_NotBackstop(AccountId account);
    /// @notice The backstop account still holds positions or collateral, or has no cash.
    error Deleveraging_BackstopOpen(AccountId account);

    /// @notice Seconds from the announcement to the first in which the account may be resolved.
    function NOTICE() external view returns (uint256);
    /// @notice Seconds after which an announcement is void: shorter than an outage with its grace.
    function VALIDITY() external view returns (uint256);
    function announcedAt(AccountId account) external view returns (uint40);
    /// @notice States that the auction of a bankrupt account has ended. Anyone, under the same conditions as {resolve}.
    function announce(AccountId account) external;
    /// @notice Resolves a bankrupt account. Anyone.
    /// @return deficit Cash units.
    function resolve(AccountId account) external returns (uint256 deficit);
    /// @notice Brings the cash of a backstop account that holds nothing more back to the fund. Anyone.
    function sweep(AccountId backstop) external returns (uint256 amount);
}
