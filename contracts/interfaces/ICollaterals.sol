// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ScopeId} from "./ParameterTypes.sol";

/// @notice What a margin group counts in.
struct CashToken {
    address token; // a USD stablecoin
    uint8 decimals; // at most 18
}

/// @notice An asset other than cash that backs accounts of a group. Two words.
struct Collateral {
    address token;
    uint8 decimals; // at most 18
    uint16 market; // number in {IChains} of the market whose underlying it is; zero for an asset without a ladder
    ScopeId asset; // where `collateral.haircut` and `collateral.cap` are
    ScopeId feed; // market scope of its price in {IPriceFeed}
}

/// @title Margin groups and the assets that back their accounts
/// @notice The DAO (DEFAULT_ADMIN_ROLE of the parameters) opens groups and appends assets; nothing listed can be changed or taken out, so places in the list
/// keep their meaning. An asset is closed to new deposits by a `collateral.cap` of zero.
interface ICollaterals {
    event GroupOpened(ScopeId indexed group, address indexed token, uint8 decimals);
    event MarketAdmitted(ScopeId indexed group, uint16 indexed market);
    event CollateralListed(ScopeId indexed group, uint256 indexed place, Collateral collateral);

    error Collaterals_NotGovernance(address caller);
    error Collaterals_NotAGroup(ScopeId group);
    error Collaterals_NotAnAsset(ScopeId asset);
    error Collaterals_NotAMarket(ScopeId feed);
    error Collaterals_AlreadyOpen(ScopeId group);
    error Collaterals_UnknownGroup(ScopeId group);
    error Collaterals_TokenListed(ScopeId group, address token);
    error Collaterals_Decimals(address token, uint256 stated, uint256 atMost);
    error Collaterals_TooMany(ScopeId group, uint256 limit);
    error Collaterals_MarketAdmitted(uint16 market, ScopeId group);
    error Collaterals_NoMarket();

    function MAX_COLLATERALS() external view returns (uint256);
    /// @notice Token zero: the group is not open.
    function cashOf(ScopeId group) external view returns (CashToken memory);
    /// @notice In order of listing: the places that `Holdings.collateral` and the ledger use.
    function collateralsOf(ScopeId group) external view returns (Collateral[] memory);
    function countOf(ScopeId group) external view returns (uint256);
    function collateralAt(ScopeId group, uint256 place) external view returns (Collateral memory);

    /// @notice The one group whose accounts hold the market's instruments; zero for none.
    function groupOfMarket(uint16 market) external view returns (ScopeId);

    function openGroup(ScopeId group, address token) external;
    /// @notice Lets the group's accounts hold the instruments of a market (its number in {IChains}); for good, and no other group's.
    function admitMarket(ScopeId group, uint16 market) external;
    /// @notice Appends an asset; its decimals are read from the token.
    function list(ScopeId group, address token, uint16 market, ScopeId asset, ScopeId feed) external;
}
