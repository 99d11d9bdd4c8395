// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "./ClearingTypes.sol";
import {Footing} from "./IMargin.sol";
import {ScopeId} from "./ParameterTypes.sol";

/// @notice What of an account's collateral in one asset is on sale now.
struct SaleOffer {
    uint256 amount; // token units, at most
    uint256 price; // USD, wad, of one whole token
    uint256 discountBps; // off the mark, as far as it has risen
}

/// @notice What somebody would buy of a called account's collateral.
struct CollateralOrder {
    AccountId account;
    address token;
    uint256 amount; // token units: the most; cut to what is on sale
    uint256 minAmount; // the least, or the purchase reverts
    uint256 maxPrice; // USD, wad, of one whole token
    address to; // receives the token
    uint40 deadline;
}

/// @title Custody of all tokens: deposits and withdrawals
/// @notice Owners bring and take their own; nobody else can move a token, and there is no owner, pause or rescue. What a token transfer really moved is
/// measured both ways: tokens that charge a fee or change balances by themselves are refused.
///
/// A withdrawal takes principal, never profit that has not matured (contract-rules A15); needs every chain of the account PROVED and free initial margin
/// afterwards, in which profit does not stand for debt (A1); not while the account is flagged or the group halted; and in any 24 hours no more of a token
/// leaves the group than `cash.outflowLimit` of what was there (A2), half of it at once and the other half over the day. What came in may leave besides
/// on the same UTC day, and until then does not raise the limit. An account without positions and debt needs no price. One whose debt is above its limit takes
/// nothing out.
///
/// **Sale of collateral behind a debt** (contract-rules B11). Cash owed against other collateral holds back the profit of others from maturing. The limit of an account's debt,
/// less its own receipts that have not matured, is `cash.debtCap`; while the debts of all accounts pass `cash.poolDebtCap`, it is besides the part of
/// its debt by which all together would come down to that. Trades and bids borrow up to neither; settlements, tear-ups, fees and interest can carry a debt beyond. Then
/// anyone may call it, and for {CALL_VALIDITY} anyone may buy the account's collateral out of the vault, as much as brings the debt to
/// {SALE_TARGET_BPS} of its limit: at the mark, less a discount that rises from nothing to `collateral.haircut` in {SALE_DURATION}. The buyer pays in cash tokens, which repay
/// the debt in the same call. The owner may repay first, in any amount.
///
/// A sale never lowers the equity that margin counts, since no more than the haircut goes; never leaves below maintenance an account that it takes a hedge
/// from; takes nothing but collateral, of nobody else; and stays within the outflow limit. What stands behind a debt as positions is not sold: it is flagged when it
/// falls short, and pays as it matures. A flagged account is on sale by its auction instead.
interface IVault {
    event Deposited(AccountId indexed account, ScopeId indexed group, address indexed token, uint256 amount);
    event Withdrawn(AccountId indexed account, ScopeId indexed group, address indexed token, uint256 amount, address to);
    event FundRaisedBy(ScopeId indexed group, address indexed giver, uint256 amount);

    event DebtCalled(AccountId indexed account, uint256 debt, uint256 limit, uint256 until);
    event CallEnded(AccountId indexed account, uint256 debt);
    /// @param paid Cash units that repaid the account's debt.
    event CollateralSold(
        AccountId indexed account, ScopeId indexed group, address indexed token, address buyer, uint256 amount, uint256 paid, address to
    );

    error Vault_NotOwner(AccountId account, address caller);
    error Vault_NothingGiven();
    error Vault_UnknownToken(ScopeId group, address token);
    error Vault_NotOpen(AccountId account);
    /// @notice The transfer moved another amount than asked: a fee, or a balance that changes by itself.
    error Vault_WrongAmountMoved(address token, uint256 asked, uint256 moved);
    /// @notice The token took from the vault behind its back.
    error Vault_TokensMissing(address token, uint256 balance, uint256 recorded);
    error Vault_NoPrice(ScopeId feed);
    /// @notice Values are USD, wad: of the asset in the group after the deposit, and of everything there.
    error Vault_CollateralCap(ScopeId asset, uint256 value, uint256 total, uint256 capBps);
    error Vault_Halted(ScopeId group);
    error Vault_Flagged(AccountId account);
    error Vault_MarginTooLow(AccountId account, int256 free);
    error Vault_NotProved(AccountId account, Footing footing);
    /// @param available What may leave now.
    error Vault_OutflowLimit(ScopeId group, address token, uint256 amount, uint256 available);
    /// @notice Debt less unmatured receipts, and its limit, cash units.
    error Vault_DebtAboveLimit(AccountId account, uint256 debt, uint256 limit);
    error Vault_DebtWithinLimit(AccountId account, uint256 debt, uint256 limit);
    error Vault_AlreadyCalled(AccountId account, uint256 until);
    /// @notice Nobody called the account's debt, or too long ago.
    error Vault_NotCalled(AccountId account);
    error Vault_SequencerNotReady();
    /// @notice USD, wad, of one whole token.
    error Vault_Price(uint256 price, uint256 maxPrice);
    /// @notice Token units: of what is on sale, and asked for at least.
    error Vault_LessThanAsked(uint256 amount, uint256 minAmount);
    error Vault_Expired(uint40 deadline, uint256 time);
    /// @notice USD, wad: buy more, or all that is on sale.
    error Vault_SaleTooSmall(uint256 paid, uint256 atLeast);
    /// @notice The collateral hedges positions: without it they would need more than before, and the account has less.
    error Vault_HedgeOnSale(AccountId account, int256 equity, uint256 requirement, uint256 before);

    /// @notice Units of a token that the vault answers for, over all groups.
    function recordedOf(address token) external view returns (uint256);
    /// @notice Units of a token held for one group.
    function heldOf(ScopeId group, address token) external view returns (uint256);
    /// @notice Most that may leave now.
    function availableOutflowOf(ScopeId group, address token) external view returns (uint256);

    /// @notice Seconds in which the discount of a sale rises to the haircut: as long as the auction of an account that holds collateral alone.
    function SALE_DURATION() external view returns (uint256);
    /// @notice Seconds that a call holds, so that no later debt meets a discount that has risen already.
    function CALL_VALIDITY() external view returns (uint256);
    /// @notice Of the limit: where a sale stops, so that interest does not call for the next one at once.
    function SALE_TARGET_BPS() external view returns (uint256);
    /// @notice USD, wad: a smaller sale must be all that is on offer. Every sale restarts the clock of the account's warm-up.
    function LEAST_SALE() external view returns (uint256);
    /// @notice When the debt was called; zero when it was not.
    function calledAt(AccountId account) external view returns (uint40);
    /// @notice An account's debt less what it received and has not matured, and the limit of that, cash units.
    function debtOf(AccountId account) external view returns (uint256 debt, uint256 limit);
    /// @notice What is on sale of a called account's `token`. Reverts as {buyCollateral} would.
    function offerOf(AccountId account, address token) external view returns (SaleOffer memory);

    /// @notice Brings cash or collateral of `group` to the caller's account `account`, and opens it there. Cash repays debt first. The asset's share of the
    /// group's collateral stays within `collateral.cap`.
    function deposit(AccountId account, ScopeId group, address token, uint256 amount) external;
    /// @notice Takes cash or collateral out of the caller's account.
    function withdraw(AccountId account, address token, uint256 amount, address to) external;
    /// @notice Gives cash to the fund of a group, for good. Anyone.
    function raiseFund(ScopeId group, uint256 amount) external;

    /// @notice Puts the collateral of an account whose debt is above its limit on sale. Anyone; not while the sequencer is down or just back.
    function callDebt(AccountId account) external;
    /// @notice Ends a call whose debt is within its limit. Anyone.
    function endCall(AccountId account) external;
    /// @notice Buys collateral of a called account, for cash that repays its debt. Anyone, at a fresh price, until the order's deadline. What is on sale is cut to
    /// the debt, so a higher price or a faster buyer leaves less: nothing is sold above `maxPrice`, and no part below `minAmount`.
    /// @return sold Token units, sent to `order.to`.
    /// @return paid Cash units, taken from the caller; rounded up.
    function buyCollateral(CollateralOrder calldata order) external returns (uint256 sold, uint256 paid);
}
