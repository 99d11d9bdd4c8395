// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChains} from "../interfaces/IChains.sol";

/// @title Bonds of those who post ladders without proof
/// @dev One fixed amount stands behind all that an owner has posted: it pays for one challenge, and before he posts again he lodges anew. It does not cover what a
/// false word may cost others; that is why a posted ladder serves so little (contract-rules A1).
abstract contract LadderBonds is IChains {
    /// @inheritdoc IChains
    uint256 public constant BOND_LOCK = 1 days;

    struct Bond {
        uint128 amount;
        uint48 lockedUntil;
    }

    /// @inheritdoc IChains
    uint256 public immutable BOND;
    mapping(address owner => Bond) private _bonds;

    constructor(uint256 bond) {
        BOND = bond;
    }

    /// @inheritdoc IChains
    function bondOf(address owner) external view returns (uint256 amount, uint48 lockedUntil) {
        return (_bonds[owner].amount, _bonds[owner].lockedUntil);
    }

    /// @inheritdoc IChains
    function lodgeBond() external payable {
        uint128 amount = _bonds[msg.sender].amount + uint128(msg.value); // there is less than 2^127 wei of any currency
        _bonds[msg.sender].amount = amount;
        emit BondChanged(msg.sender, amount);
    }

    /// @inheritdoc IChains
    function withdrawBond(uint256 amount) external {
        Bond memory bond = _bonds[msg.sender];
        if (block.timestamp < bond.lockedUntil) revert Chains_BondIsLocked(msg.sender, bond.lockedUntil);
        if (amount > bond.amount) revert Chains_BondTooSmall(msg.sender, bond.amount, amount);
        uint128 left = bond.amount - uint128(amount);
        _bonds[msg.sender].amount = left;
        emit BondChanged(msg.sender, left);
        (bool paid,) = msg.sender.call{value: amount}("");
        if (!paid) revert Chains_PaymentFailed(msg.sender, amount);
    }

    function _lockBond(address owner) internal {
        Bond memory bond = _bonds[owner];
        if (bond.amount < BOND) revert Chains_BondTooSmall(owner, bond.amount, BOND);
        _bonds[owner].lockedUntil = uint48(block.timestamp + BOND_LOCK);
    }

    /// @return reward What the challenger gets: the fixed amount, or what is left of it.
    function _forfeitBond(address owner, address challenger) internal returns (uint256 reward) {
        uint256 amount = _bonds[owner].amount;
        reward = amount < BOND ? amount : BOND;
        if (reward == 0) return 0;
        _bonds[owner].amount = uint128(amount - reward);
        _bonds[challenger].amount += uint128(reward);
        emit BondChanged(owner, _bonds[owner].amount);
        emit BondChanged(challenger, _bonds[challenger].amount);
    }
}
