// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {AccountId} from "../interfaces/ClearingTypes.sol";
import {CashToken, Collateral, ICollaterals} from "../interfaces/ICollaterals.sol";
import {ILedger} from "../interfaces/ILedger.sol";
import {ILiquidation} from "../interfaces/ILiquidation.sol";
import {IMargin} from "../interfaces/IMargin.sol";
import {ParamId, ScopeId} from "../interfaces/ParameterTypes.sol";
import {IPriceFeed} from "../interfaces/IPriceFeed.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {IVault} from "../interfaces/IVault.sol";
import {Flow, Outflow} from "./Outflow.sol";

/// @dev What the vault asks.
struct VaultParts {
    IRiskParameters parameters;
    ICollaterals collaterals;
    ILedger ledger;
    IMargin margin;
    IPriceFeed feed;
    ILiquidation liquidation;
}

/// @dev Tokens in and out: measured, recorded by group, and held to the outflow limit.
abstract contract Custody is IVault, ReentrancyGuard {
    using Outflow for Flow;
    using SafeCast for int256;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint256 internal constant BPS = 10_000;
    uint256 internal constant CASH = type(uint256).max;
    ParamId private constant OUTFLOW_LIMIT = ParamId.wrap("cash.outflowLimit");

    IRiskParameters internal immutable PARAMETERS;
    ICollaterals internal immutable COLLATERALS;
    ILedger internal immutable LEDGER;
    IMargin internal immutable MARGIN;
    IPriceFeed internal immutable FEED;
    ILiquidation internal immutable LIQUIDATION;

    mapping(address token => uint256 units) private _recorded;
    mapping(ScopeId group => mapping(address token => uint256 units)) internal _held;
    mapping(ScopeId group => mapping(address token => Flow)) private _flows;

    constructor(VaultParts memory parts) {
        (PARAMETERS, COLLATERALS, LEDGER) = (parts.parameters, parts.collaterals, parts.ledger);
        (MARGIN, FEED, LIQUIDATION) = (parts.margin, parts.feed, parts.liquidation);
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IVault
    function recordedOf(address token) external view returns (uint256) {
        return _recorded[token];
    }

    /// @inheritdoc IVault
    function heldOf(ScopeId group, address token) external view returns (uint256) {
        return _held[group][token];
    }

    /// @inheritdoc IVault
    function availableOutflowOf(ScopeId group, address token) public view returns (uint256) {
        return _flows[group][token].available(block.timestamp, _held[group][token], PARAMETERS.valueOf(group, OUTFLOW_LIMIT));
    }

    // ------------------------------------------------------------------ in and out

    function _takeIn(ScopeId group, address token, uint256 amount) internal {
        if (amount == 0) revert Vault_NothingGiven();
        uint256 before = _balanceOf(token);
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 moved = _balanceOf(token) - before;
        if (moved != amount) revert Vault_WrongAmountMoved(token, amount, moved);
        _move(group, token, amount.toInt256());
        _requireTokens(token);
    }

    /// @dev Takes off the group's books what is to leave, within the limit.
    function _bookOut(ScopeId group, address token, uint256 amount) internal {
        uint256 available = availableOutflowOf(group, token);
        if (amount > available) revert Vault_OutflowLimit(group, token, amount, available);
        _move(group, token, -amount.toInt256());
    }

    /// @dev The last step of its caller: what {_bookOut} took off leaves.
    function _send(address token, uint256 amount, address to) internal {
        uint256 before = _balanceOf(token);
        IERC20(token).safeTransfer(to, amount);
        uint256 moved = before - _balanceOf(token);
        if (moved != amount) revert Vault_WrongAmountMoved(token, amount, moved);
        _requireTokens(token);
    }

    /// @dev Books an inflow or outflow. The flow is brought to now first: leaked at the limit of before.
    function _move(ScopeId group, address token, int256 amount) private {
        Flow memory flow = _flows[group][token];
        uint256 held = _held[group][token];
        flow.net = (flow.current(block.timestamp, held, PARAMETERS.valueOf(group, OUTFLOW_LIMIT)) - amount).toInt128();
        flow.time = uint40(block.timestamp);
        _flows[group][token] = flow;
        _held[group][token] = uint256(int256(held) + amount);
        _recorded[token] = uint256(int256(_recorded[token]) + amount);
    }

    function _requireTokens(address token) private view {
        uint256 balance = _balanceOf(token);
        if (balance < _recorded[token]) revert Vault_TokensMissing(token, balance, _recorded[token]);
    }

    function _balanceOf(address token) private view returns (uint256) {
        return IERC20(token).balanceOf(address(this));
    }

    // ------------------------------------------------------------------ what is listed

    /// @return place In the group's list; {CASH} for its cash token.
    function _find(ScopeId group, address token) internal view returns (uint256 place, Collateral memory asset) {
        if (token != address(0) && token == _cashOf(group)) return (CASH, asset);
        Collateral[] memory all = COLLATERALS.collateralsOf(group);
        for (uint256 i = 0; i < all.length; ++i) {
            if (all[i].token == token) return (i, all[i]);
        }
        revert Vault_UnknownToken(group, token);
    }

    function _cashOf(ScopeId group) internal view returns (address token) {
        CashToken memory cash = COLLATERALS.cashOf(group);
        return cash.token;
    }

    function _requireNotFlagged(AccountId account) internal view {
        if (LIQUIDATION.isFlagged(account)) revert Vault_Flagged(account);
    }
}
