// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ParamId, ScopeId} from "./ParameterTypes.sol";

/// @title Veto of pending loosenings
/// @notice The guardian vetoes alone; holders veto together once their votes reach a share of the supply that can vote. Tightenings cannot be vetoed.
interface ILooseningVeto {
    event VetoCast(
        uint32 index, ScopeId indexed scope, ParamId indexed id, address indexed voter, uint48 createdAt, uint256 votes, uint256 total,
        uint256 threshold
    );

    error LooseningVeto_NothingPending(ScopeId scope, ParamId id);
    error LooseningVeto_NoVotes(address voter, uint48 timepoint);
    error LooseningVeto_AlreadyCast(address voter, ScopeId scope, ParamId id);
    error LooseningVeto_BadSignature(address voter);
    error LooseningVeto_Expired(uint48 deadline);

    function THRESHOLD_BPS() external view returns (uint16);
    /// @notice Votes at the second before the pending was made, from its delegated supply, or total supply with a foreign token.
    function threshold(ScopeId scope, ParamId id) external view returns (uint256 votes);
    function tally(ScopeId scope, ParamId id) external view returns (uint256 votes);
    /// @notice As guardian: vetoes. As holder: adds the caller's votes, once per pending.
    function veto(ScopeId scope, ParamId id) external;
    function vetoBySig(ScopeId scope, ParamId id, uint48 createdAt, address voter, uint48 deadline, bytes calldata signature) external;
}
