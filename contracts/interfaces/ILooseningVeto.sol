// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ParamId, ScopeId} from "./ParameterTypes.sol";

/// @title Veto of pending loosenings
/// @notice The guardian vetoes alone; holders veto together once their votes reach a share of the supply that can vote. Tightenings cannot be vetoed:
/// they never pend.
/// @dev Votes are those at the second before the pending was made, so nothing bought, borrowed or delegated after it counts. A veto only removes a
/// pending loosening; it moves no value, and the DAO may still set the vetoed value by vote.
interface ILooseningVeto {
    /// @notice A link of the store's hash chain. `votes` are the voter's, `total` all cast on this pending; all three are zero for the guardian.
    event VetoCast(
        uint32 index, ScopeId indexed scope, ParamId indexed id, address indexed voter, uint48 createdAt, uint256 votes, uint256 total,
        uint256 threshold
    );

    /// @notice Nothing pends, or not the pending that was signed for.
    error LooseningVeto_NothingPending(ScopeId scope, ParamId id);
    /// @notice The voter had no votes at `timepoint`, or there is no token and the voter is not the guardian.
    error LooseningVeto_NoVotes(address voter, uint48 timepoint);
    error LooseningVeto_AlreadyCast(address voter, ScopeId scope, ParamId id);
    error LooseningVeto_BadSignature(address voter);
    error LooseningVeto_Expired(uint48 deadline);
    error LooseningVeto_InvalidThreshold(uint16 thresholdBps, uint16 limit);
    /// @notice The token's clock does not count seconds, so a time of the store means nothing to it.
    error LooseningVeto_ForeignClock(address token);

    /// @notice Share of the supply that can vote, in bps, fixed at deployment.
    function THRESHOLD_BPS() external view returns (uint16);
    /// @notice Whether the share is of the delegated supply; else of total supply (a token without that figure), which includes votes nobody can cast.
    function OF_DELEGATED_SUPPLY() external view returns (bool);
    /// @notice Votes that veto the pending loosening of `id`, rounded up. Reverts with {LooseningVeto_NothingPending}.
    function threshold(ScopeId scope, ParamId id) external view returns (uint256 votes);
    /// @notice Votes cast so far against the pending loosening of `id`. Reverts with {LooseningVeto_NothingPending}.
    function tally(ScopeId scope, ParamId id) external view returns (uint256 votes);
    /// @notice As guardian: vetoes. As holder: adds the caller's votes, once per pending; the vote that reaches the threshold vetoes.
    function veto(ScopeId scope, ParamId id) external;
    /// @notice As {veto} for `voter`, who signed `Veto(scope, id, createdAt, voter, deadline)`; by key or ERC-1271. Anyone may send it.
    function vetoBySig(ScopeId scope, ParamId id, uint48 createdAt, address voter, uint48 deadline, bytes calldata signature) external;
}
