// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {CashToken, Collateral, ICollaterals} from "../interfaces/ICollaterals.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ScopeId, ScopeKind} from "../interfaces/ParameterTypes.sol";

/// @title Margin groups and the assets that back their accounts
contract Collaterals is ICollaterals {
    /// @inheritdoc ICollaterals
    uint256 public constant MAX_COLLATERALS = 8;
    uint256 private constant MAX_DECIMALS = 18;

    IRiskParameters private immutable PARAMETERS;

    mapping(ScopeId group => CashToken) private _cash;
    mapping(ScopeId group => Collateral[]) private _collaterals;
    mapping(uint16 market => ScopeId group) private _groups;

    /// @param parameters The store; its admin is the DAO.
    constructor(IRiskParameters parameters) {
        PARAMETERS = parameters;
    }

    modifier onlyGovernance() {
        if (!PARAMETERS.hasRole(0x00, msg.sender)) revert Collaterals_NotGovernance(msg.sender);
        _;
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc ICollaterals
    function cashOf(ScopeId group) external view returns (CashToken memory) {
        return _cash[group];
    }

    /// @inheritdoc ICollaterals
    function collateralsOf(ScopeId group) external view returns (Collateral[] memory) {
        return _collaterals[group];
    }

    /// @inheritdoc ICollaterals
    function countOf(ScopeId group) external view returns (uint256) {
        return _collaterals[group].length;
    }

    /// @inheritdoc ICollaterals
    function collateralAt(ScopeId group, uint256 place) external view returns (Collateral memory) {
        return _collaterals[group][place];
    }

    /// @inheritdoc ICollaterals
    function groupOfMarket(uint16 market) external view returns (ScopeId) {
        return _groups[market];
    }

    // ------------------------------------------------------------------ DAO

    /// @inheritdoc ICollaterals
    function openGroup(ScopeId group, address token) external onlyGovernance {
        if (group.kindOf() != ScopeKind.GROUP) revert Collaterals_NotAGroup(group);
        if (_cash[group].token != address(0)) revert Collaterals_AlreadyOpen(group);
        uint8 decimals = _decimalsOf(token);
        _cash[group] = CashToken(token, decimals);
        emit GroupOpened(group, token, decimals);
    }

    /// @inheritdoc ICollaterals
    function admitMarket(ScopeId group, uint16 market) external onlyGovernance {
        _requireOpen(group);
        if (market == 0) revert Collaterals_NoMarket();
        ScopeId holder = _groups[market];
        if (ScopeId.unwrap(holder) != 0) revert Collaterals_MarketAdmitted(market, holder);
        _groups[market] = group;
        emit MarketAdmitted(group, market);
    }

    /// @inheritdoc ICollaterals
    function list(ScopeId group, address token, uint16 market, ScopeId asset, ScopeId feed) external onlyGovernance {
        _requireOpen(group);
        if (asset.kindOf() != ScopeKind.ASSET) revert Collaterals_NotAnAsset(asset);
        if (feed.kindOf() != ScopeKind.MARKET) revert Collaterals_NotAMarket(feed);
        Collateral[] storage listed = _collaterals[group];
        uint256 place = listed.length;
        if (place == MAX_COLLATERALS) revert Collaterals_TooMany(group, MAX_COLLATERALS);
        if (token == _cash[group].token) revert Collaterals_TokenListed(group, token);
        for (uint256 i = 0; i < place; ++i) {
            if (listed[i].token == token) revert Collaterals_TokenListed(group, token);
        }
        Collateral memory collateral = Collateral(token, _decimalsOf(token), market, asset, feed);
        listed.push(collateral);
        emit CollateralListed(group, place, collateral);
    }

    function _requireOpen(ScopeId group) private view {
        if (_cash[group].token == address(0)) revert Collaterals_UnknownGroup(group);
    }

    function _decimalsOf(address token) private view returns (uint8 decimals) {
        decimals = IERC20Metadata(token).decimals();
        if (decimals > MAX_DECIMALS) revert Collaterals_Decimals(token, decimals, MAX_DECIMALS);
    }
}
