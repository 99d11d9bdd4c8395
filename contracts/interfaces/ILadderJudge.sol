// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Judge of a ladder's words
/// @notice Stateless: reads a blob's code and says whether its words are what its own header and vols make them. It does not know whose blob it is, nor whether
/// the header is true: {IChains} checks that before a blob is made.
interface ILadderJudge {
    /// @notice Fault of {requireShapes}: 0 bits, 1 rises, 2 not convex, 3 steeper than the forward, 4 below payoff, 5 above strike, 6 vol up below vol down,
    /// 7 skew too large.
    error LadderJudge_Shape(uint256 entry, uint256 word, uint256 fault);
    error LadderJudge_WordOff(uint256 entry, uint256 word, uint256 lane);
    error LadderJudge_OutOfRange(uint256 entry, uint256 word, uint256 entries, uint256 words);

    /// @notice Reverts unless every word could be values of a put in some market: what can be told without a price.
    function requireShapes(address blob) external view;
    /// @notice Reverts unless every word of the entries from `from` to before `to` is within half a unit and a hundredth of its value.
    function requireWords(address blob, uint256 from, uint256 to) external view;
    /// @notice First lane of a word that is further off; 16 when there is none.
    function laneOff(address blob, uint256 entry, uint256 word) external view returns (uint256 lane);
}
