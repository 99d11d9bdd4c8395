// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, Holdings, InstrumentId, Position} from "./ClearingTypes.sol";
import {ScopeId} from "./ParameterTypes.sol";

/// @notice Cash of an account, in units of the group's cash token. Who has a debt has no principal.
struct Cash {
    uint256 principal;
    uint256 profit; // not yet matured, after the group's index
    uint256 debt; // with interest until now
}

/// @notice Sums of a group, in units of its cash token: `tokens = principal + profit + fund - debt`, exactly, at all times.
/// @dev `debt <= profit + fund`, so `tokens >= principal`: every debt arises with as much profit or fund, and profit leaves only as far as no debt stands against it.
/// `profit` holds what a tear-up or a settlement owes to accounts that have not synchronised since, `debt` what such accounts owe for it. Accounts
/// read rounded down, so `profit` may exceed the sum of all accounts by less than one unit an account, three once
/// nearly all of it was lost.
struct GroupSums {
    uint256 tokens;
    uint256 principal;
    uint256 profit;
    uint256 fund;
    uint256 debt;
    bool halted;
}

/// @notice The only callers that move anything; fixed once.
struct Modules {
    address vault;
    address trading;
    address settlement;
    address liquidation;
    address insuranceFund;
    address deleveraging;
}

/// @title Storage of clearing: cash, collateral, positions
/// @notice Holds numbers and no tokens (the vault has them), calls nobody but {IChains} and {ICollaterals}, knows no owner. Modules, fixed when wired, move
/// everything; each function below names those that may. Every receipt is profit; every payment takes profit first, then principal, then becomes
/// debt (contract-rules A15). Nothing here reverts for a debt cap, a halt, a flag, or the payer's position limit: a
/// liquidation must go through, so those questions are the modules'.
///
/// Profit matures with time, repays debt, and becomes principal: each time the account acts, the share (time since it last did) / `cash.warmUp`, at most all, times
/// h = max(0, 1 - debt / profit) of its group. What does not mature stays profit.
///
/// A debt bears interest at `cash.debtRate` a year from the second in which it is booked, added to it and paid to the fund each time the account is touched (contract-rules
/// B11). Sums stay equal, and debt stays below profit and fund: both sides rise by it.
///
/// A dated future is held against its chain's reference price (the middle one of its strikes), so that it costs no notional: its cash value per contract
/// is price less reference. Prices given to and by this contract are quoted ones, without the reference.
interface ILedger {
    event Wired(Modules modules);
    /// @notice An account's group is fixed with the first thing it receives.
    event AccountOpened(AccountId indexed account, ScopeId indexed group);
    /// @notice What an account's cash is after a change of any kind.
    event CashChanged(AccountId indexed account, uint256 principal, uint256 profit, uint256 debt);
    event PositionChanged(AccountId indexed account, InstrumentId indexed instrument, int256 lots);
    event CollateralChanged(AccountId indexed account, uint256 indexed asset, uint256 amount);
    /// @notice Interest on an account's debt since it was last charged: the debt rose by it, and the fund.
    event InterestCharged(AccountId indexed account, uint256 amount);
    event Paid(AccountId indexed from, AccountId indexed to, uint256 amount);
    event PaidToFund(ScopeId indexed group, AccountId indexed from, uint256 amount);
    event PaidFromFund(ScopeId indexed group, AccountId indexed to, uint256 amount);
    /// @notice Tokens of the vault became the fund's.
    event FundRaised(ScopeId indexed group, uint256 amount);
    /// @notice `account` had `lots` (negative is short), all closed against the `facing` lots of the other side, for `payment` to it (negative: by it).
    event TornUp(InstrumentId indexed instrument, AccountId indexed account, int256 lots, uint256 facing, uint256 mark, int256 payment);
    /// @notice A counterparty's part of a tear-up, booked at its synchronisation.
    event TornFrom(AccountId indexed account, InstrumentId indexed instrument, uint256 lots, int256 payment);
    /// @notice An expired instrument's `lots` on either side became cash: `value` is USD wad a contract, long's side.
    event Struck(InstrumentId indexed instrument, uint256 lots, int256 value);
    event PositionSettled(AccountId indexed account, InstrumentId indexed instrument, int256 lots, int256 payment);
    event WrittenOff(AccountId indexed account, uint256 fromFund, uint256 fromProfit, uint256 fromPrincipal);
    event Halted(ScopeId indexed group);
    event Resumed(ScopeId indexed group);

    error Ledger_NotWirer(address caller, address wirer);
    error Ledger_AlreadyWired();
    error Ledger_NoModule(uint256 place);
    error Ledger_NotModule(address caller);
    error Ledger_NotGovernance(address caller);
    error Ledger_UnknownGroup(ScopeId group);
    error Ledger_NotOpen(AccountId account);
    error Ledger_OtherGroup(AccountId account, ScopeId group, ScopeId other);
    error Ledger_SameAccount(AccountId account);
    error Ledger_NotEnoughPrincipal(AccountId account, uint256 asked, uint256 available);
    error Ledger_NotEnoughCollateral(AccountId account, uint256 asset, uint256 asked, uint256 available);
    error Ledger_FundTooSmall(ScopeId group, uint256 asked, uint256 available);
    error Ledger_UnknownInstrument(InstrumentId instrument);
    /// @notice A market's instruments are held in one group only: deficits, and what pays for them, stay there.
    error Ledger_MarketOfOtherGroup(uint16 market, ScopeId group);
    error Ledger_PositionTooLarge(AccountId account, InstrumentId instrument, int256 lots, uint256 limit);
    error Ledger_TooManyPositions(AccountId account, uint256 limit);
    error Ledger_NoPosition(AccountId account, InstrumentId instrument);
    /// @notice Positions of a struck instrument only settle.
    error Ledger_InstrumentStruck(InstrumentId instrument);
    error Ledger_NotStruck(InstrumentId instrument);
    error Ledger_MoreThanDebt(AccountId account, uint256 asked, uint256 debt);
    /// @notice Profit and fund hold all that is owed, so no debt can reach principal.
    error Ledger_PrincipalIsCovered(ScopeId group, uint256 asked, uint256 left);
    /// @notice A later layer pays only when the earlier one is empty: `left` is still in it.
    error Ledger_EarlierLayerLeft(ScopeId group, uint256 left);
    error Ledger_NotHalted(ScopeId group);

    // ------------------------------------------------------------------ reads (anyone)

    /// @notice Zero until the account is opened.
    function groupOf(AccountId account) external view returns (ScopeId);
    function cashOf(AccountId account) external view returns (Cash memory);
    function sumsOf(ScopeId group) external view returns (GroupSums memory);
    /// @notice What accounts owe, of {sumsOf} debt: less than it by what settlements and tear-ups have yet to book to accounts. Interest not yet charged is in neither.
    function borrowedOf(ScopeId group) external view returns (uint256);
    /// @notice After any tear-up it has not seen: what the account holds now, and its cash after it. Profit as it stands, not matured since.
    function holdingsOf(AccountId account) external view returns (Holdings memory);
    function positionOf(AccountId account, InstrumentId instrument) external view returns (int256 lots);
    /// @notice Positions the account holds, over all chains.
    function positionCountOf(AccountId account) external view returns (uint256);
    /// @notice Amount of the `asset`-th collateral of the group, in the token's units.
    function collateralOf(AccountId account, uint256 asset) external view returns (uint256);
    /// @notice Open contracts of one instrument, in lots: both sides are equal.
    function openInterestOf(InstrumentId instrument) external view returns (uint256 lots);
    /// @notice Sum of {openInterestOf} over a market's instruments, struck ones left out.
    function marketOpenInterestOf(uint16 market) external view returns (uint256 lots);
    /// @notice Reference price of a chain's dated future, USD wad: the middle one of its strikes. Zero for an option, and before the first trade.
    function referenceOf(InstrumentId instrument) external view returns (uint256);
    /// @notice Whether the instrument's settlement has been struck.
    function isStruck(InstrumentId instrument) external view returns (bool);
    /// @notice Units of the cash token in one USD (10 to its decimals).
    function cashUnit(ScopeId group) external view returns (uint256);
    function isModule(address caller) external view returns (bool);
    function modules() external view returns (Modules memory);
    /// @notice Time of the last tear-up that took part of this account's position as a counterparty, seen by it or not; zero when none did.
    function tornAt(AccountId account) external view returns (uint40);

    // ------------------------------------------------------------------ wiring

    /// @notice Fixes the modules. The deployer, once; afterwards nobody can add or change one.
    function wire(Modules calldata modules_) external;

    // ------------------------------------------------------------------ anyone

    /// @notice Synchronises an account with tear-ups; its profit matures once a whole warm-up has passed since it last did, so that nobody can slow it.
    function touch(AccountId account) external;

    // ------------------------------------------------------------------ DAO (DEFAULT_ADMIN_ROLE of the parameters)

    /// @notice Ends a halt.
    function resume(ScopeId group) external;

    // ------------------------------------------------------------------ vault

    /// @notice Books cash that the vault received: repays debt, then is principal. Opens the account in `group` if it has none.
    function creditCash(AccountId account, ScopeId group, uint256 amount) external;
    /// @notice Books cash that the vault pays out, from matured principal alone.
    function debitCash(AccountId account, uint256 amount) external;
    /// @notice Books collateral received, worth `value` (USD, wad) then.
    function creditCollateral(AccountId account, ScopeId group, uint256 asset, uint256 amount, uint256 value) external;
    function debitCollateral(AccountId account, uint256 asset, uint256 amount, uint256 value) external;
    /// @notice Books tokens that somebody gave to the fund.
    function creditFund(ScopeId group, uint256 amount) external;

    // ------------------------------------------------------------------ modules

    /// @notice Fixes the group of an account that has none; nothing if it is already `group`. Any module.
    function open(AccountId account, ScopeId group) external;
    /// @notice Moves cash between two accounts of one group: `amount` taken from `from` (profit, principal, then debt), received by `to` as
    /// profit. An account without a group joins the payer's. Trading, liquidation, deleveraging.
    function pay(AccountId from, AccountId to, uint256 amount) external;
    /// @notice Cash from an account to the fund. Trading, liquidation, deleveraging.
    function payToFund(AccountId from, uint256 amount) external;
    /// @notice Cash from the fund of the account's group to it, as a receipt; reverts above the fund. Liquidation, insurance fund, deleveraging.
    function payFromFund(AccountId to, uint256 amount) external;
    /// @notice Moves positions between two accounts of one group; a negative quantity moves the other way. Sums per instrument stay zero. No cash moves
    /// for them; of a struck instrument both accounts' positions are settled instead. Trading, liquidation, deleveraging.
    function transferPositions(AccountId from, AccountId to, Position[] calldata positions) external;
    /// @notice Moves collateral other than cash, `asset` by its place in the group's list. Liquidation, deleveraging.
    function transferCollateral(AccountId from, AccountId to, uint256 asset, uint256 amount) external;
    /// @notice Turns all open lots of an expired instrument into what they are worth, both sides at once: those who lose owe it from now, those who gain
    /// have it as profit from now; each account's part is booked by {settlePosition}. Settlement, once.
    /// @param value USD wad per contract to a long, reference taken off.
    function strike(InstrumentId instrument, int256 value) external;
    /// @notice Books an account's part of a struck instrument and takes its position out: payers rounded up, receivers down, dust to the fund. Settlement.
    function settlePosition(AccountId account, InstrumentId instrument) external returns (int256 payment);
    /// @notice Closes all of an account's position in each of `instruments` against the whole other side at its mark (USD wad per contract, as quoted), in one
    /// step each: its payment settles at once, the other side's is profit or debt of the group at once and booked to each account at its next touch,
    /// in lots that add up exactly. A chain counts once for those of its instruments that stand beside each other. Deleveraging.
    /// @return payment Cash to the account for all of them, negative: by it; units.
    function tearUp(AccountId account, InstrumentId[] calldata instruments, uint256[] calldata marks) external returns (int256 payment);
    /// @notice Repays an account's debt from its own profit, and writes the rest off against the fund, then unmatured profit, then principal, as told; the three add up to at most that
    /// rest. Profit pays only when the fund is empty; principal never has to, and a call that asks it
    /// to reverts. Deleveraging.
    function writeOff(AccountId account, uint256 fromFund, uint256 fromProfit, uint256 fromPrincipal) external;
    /// @notice Stops maturing, and by the modules' rules withdrawals and trades that raise risk, until the DAO resumes. Deleveraging.
    function halt(ScopeId group) external;
}
