// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The guardian and the end of its term
/// @notice One term governs all guardian powers: cancel a proposal, veto a pending loosening, pause a lane, bump the epoch. Only a vote renews it.
/// @dev The guardian can stop things and co-sign repairs; it can never loosen a parameter, move a value by itself, or prolong its own term.
interface IGuardianTerm {
    /// @notice A link of the store's hash chain.
    event GuardianAppointed(uint32 index, address indexed guardian, uint48 until);

    error GuardianTerm_TooLong(uint48 until, uint48 limit);
    error GuardianTerm_InvalidGuardian(address guardian);
    error GuardianTerm_NotGovernance(address caller);

    /// @notice Address that nobody controls, reported as guardian once a term has ended: a zero guardian would arm every proposer.
    function SENTINEL() external view returns (address);
    function MAX_TERM() external view returns (uint32 secondsAtMost);
    /// @notice The guardian while its term runs, the sentinel from the second {termEnd} on. Never zero.
    function guardian() external view returns (address);
    /// @notice First second without the appointed guardian.
    function termEnd() external view returns (uint48);
    /// @notice Appoints a guardian until `until`, at most {MAX_TERM} from now; an `until` that is not in the future ends the term at once. DAO only.
    /// @dev Reverts with {GuardianTerm_NotGovernance}, {GuardianTerm_InvalidGuardian} (zero or the sentinel) or {GuardianTerm_TooLong}.
    function appoint(address newGuardian, uint48 until) external;
}
