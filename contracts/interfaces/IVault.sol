// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "./ClearingTypes.sol";
import {Footing} from "./IMargin.sol";
import {ScopeId} from "./ParameterTypes.sol";

/// @title Custody of all tokens: deposits and withdrawals
/// @notice Owners bring and take their own; nobody else can move a token, and there is no owner, pause or rescue. What a token transfer really moved is
/// measured both ways: tokens that charge a fee or change balances by themselves are refused.
///
/// A withdrawal takes principal, never profit that has not matured (contract-rules A15); needs every chain of the account PROVED and free initial margin
/// afterwards, in which profit does not stand for debt (A1); not while the account is flagged or the group halted; and in any 24 hours no more of a token
/// leaves the group than `cash.outflowLimit` of what was there (A2), half of it at once and the other half over the day. What came in may leave besides
/// on the same UTC day, and until then does not raise the limit. An account without positions and debt needs no price.
interface IVault {
    event Deposited(AccountId indexed account, ScopeId indexed group, address indexed token, uint256 amount);
    event Withdrawn(AccountId indexed account, ScopeId indexed group, address indexed token, uint256 amount, address to);
    event FundRaisedBy(ScopeId indexed group, address indexed giver, uint256 amount);

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

    /// @notice Units of a token that the vault answers for, over all groups.
    function recordedOf(address token) external view returns (uint256);
    /// @notice Units of a token held for one group.
    function heldOf(ScopeId group, address token) external view returns (uint256);
    /// @notice Most that may leave now.
    function availableOutflowOf(ScopeId group, address token) external view returns (uint256);

    /// @notice Brings cash or collateral of `group` to the caller's account `account`, and opens it there. Cash repays debt first. The asset's share of the
    /// group's collateral stays within `collateral.cap`.
    function deposit(AccountId account, ScopeId group, address token, uint256 amount) external;
    /// @notice Takes cash or collateral out of the caller's account.
    function withdraw(AccountId account, address token, uint256 amount, address to) external;
    /// @notice Gives cash to the fund of a group, for good. Anyone.
    function raiseFund(ScopeId group, uint256 amount) external;
}
