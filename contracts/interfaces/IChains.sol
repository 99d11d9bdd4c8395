// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChainId} from "./ClearingTypes.sol";
import {Signature} from "./IControllerMandate.sol";
import {ILadderJudge} from "./ILadderJudge.sol";
import {IPayoff} from "./IPayoff.sol";
import {IPriceFeed} from "./IPriceFeed.sol";
import {ISettlementOracle} from "./ISettlementOracle.sol";
import {ISurfaceOracle} from "./ISurfaceOracle.sol";
import {ScopeId} from "./ParameterTypes.sol";

/// @notice What a chain's ladder is worth. Zero is the safe value.
enum LadderStatus {
    NONE, // listed, never posted, or its ladder was struck out
    POSTED, // k of n, sanity-checked: serves flags and risk-reducing trades
    PROVED // rebuilt on chain from the surface: serves new risk and withdrawals
}

/// @notice A chain as the margin rule reads it: one storage word.
struct ChainRecord {
    uint16 market; // number of the market, from one
    uint40 expiry;
    uint24 tearCount;
    LadderStatus status;
    bool settled;
    address blob; // code that holds the ladder; zero when none
}

/// @notice Nodes of a ladder, in ln(S / base), millionths.
struct GridShape {
    int32 first;
    uint32 spacing;
    uint32 nearSpacing; // of the sixteen near nodes, evenly around the base
    uint8 nodes; // 16, 32 or 48
}

/// @notice The same, with e^first and e^spacing, wad: what a header says of it.
struct Grid {
    GridShape shape;
    uint64 lowest;
    uint64 ratio;
}

/// @notice How far a blob has been proved.
struct LadderProof {
    ChainId chain; // zero: not one of ours
    uint32 version;
    uint8 proved; // entries, from the first
    uint8 strikes;
}

/// @title Markets, chains and their price ladders
/// @notice A chain is an expiry of a market with its strikes. Its ladder, values at absolute prices, is the code of a blob; contracts/margin/README.md has
/// the table. Values are those of the market's surface at the time of the post; how old they may be, and how far the market may have moved since, is the
/// reader's rule (contract-rules A1, risk-policy B12).
/// @dev Who may what:
/// - *The DAO* (DEFAULT_ADMIN_ROLE on the store) lists markets and sets their grids. It cannot post a ladder, change a chain, or name the ledger again.
/// - *A lister* (LISTER_ROLE on the store) and the DAO list chains inside the limits of {listChain}. They cannot take one back or change one.
/// - *Anyone* proves: {postAndProve}, {prove}; and strikes a false word out: {challenge}.
/// - *k of n surface signers* post without proof, through anyone who has lodged the bond. What they can do with false words: flag accounts wrongly until the first
/// challenge, within the shape that {post} checks. They can not enable new risk or a withdrawal, nor displace a proved ladder that is not yet due.
/// - *The ledger* counts tear-ups.
///
/// Invariants: a blob that a record names was created here, its header is the surface's slice at the time of its post and the anchors then in force, its strikes and
/// exponents are those of the listing; PROVED says that every word is within half a unit and a hundredth of its value; the version of a chain's ladder never
/// falls, and one that was struck out never comes back by signature.
interface IChains {
    event MarketListed(uint16 indexed market, ScopeId indexed scope);
    event GridsSet(uint16 indexed market, Grid[3] grids);
    event ChainListed(
        ChainId indexed chain, uint16 indexed market, uint40 indexed expiry, uint8 kind, uint128 tick, uint32[] multiples, address lister
    );
    /// @notice A blob was created. `live` is false while it waits to be proved.
    event LadderPosted(ChainId indexed chain, uint32 indexed version, address blob, bool live, address poster);
    event EntriesProved(ChainId indexed chain, address indexed blob, uint256 from, uint256 to);
    event LadderProved(ChainId indexed chain, uint32 indexed version, address blob);
    event LadderStruckOut(ChainId indexed chain, address indexed blob, uint256 entry, uint256 word, uint256 lane, address challenger, uint256 reward);
    event ChainSettled(ChainId indexed chain, uint128 price);
    event TearUpCounted(ChainId indexed chain, uint24 count);
    event LedgerWired(address ledger);
    event BondChanged(address indexed owner, uint256 amount);

    error Chains_NotGovernance(address caller);
    error Chains_NotLister(address caller);
    error Chains_NotLedger(address caller, address ledger);
    error Chains_NotDeployer(address caller, address deployer);
    error Chains_LedgerIsWired(address ledger);
    error Chains_PayoffKind(address payoff, uint256 kind, uint256 expected);
    error Chains_UnknownMarket(uint16 market);
    error Chains_NotAMarket(ScopeId scope);
    error Chains_MarketIsListed(ScopeId scope, uint16 market);
    /// @notice Field of {GridShape} by position from zero; 4: price of the last node, 5 and 6: how far the near nodes reach below and above. Millionths.
    error Chains_Grid(uint256 grid, uint256 field, int256 given, int256 atLeast, int256 atMost);
    error Chains_UnknownChain(ChainId chain);
    error Chains_UnknownKind(uint256 kind, uint256 atMost);
    error Chains_ExpiryNotAtEight(uint40 expiry, uint256 secondsOfDay);
    error Chains_ExpiryOutOfRange(uint40 expiry, uint256 earliest, uint256 latest);
    error Chains_NoFreshPrice(ScopeId market);
    error Chains_SpotOutOfRange(uint256 spot, uint256 floor, uint256 ceiling);
    error Chains_StrikeCount(uint256 given, uint256 atLeast, uint256 atMost);
    error Chains_StrikesNotAscending(uint256 previous, uint256 multiple);
    error Chains_StrikeOutOfRange(uint256 strike, uint256 floor, uint256 ceiling);
    error Chains_Expired(ChainId chain, uint40 expiry);
    error Chains_NotSettled(ChainId chain);
    error Chains_IsSettled(ChainId chain);
    /// @notice The market's surface has no valid slice for the expiry.
    error Chains_NoSurface(ChainId chain, uint32 version, uint48 validUntil);
    error Chains_BlobLength(uint256 given, uint256 expected);
    /// @notice A word of the header is not what surface, grid, anchors and listing make it.
    error Chains_HeaderWord(uint256 word, uint256 given, uint256 expected);
    error Chains_Scale(uint256 given, uint256 expected, uint256 tolerance);
    /// @notice Strikes or exponents are not the listing's.
    error Chains_TableWord(uint256 word, uint256 given, uint256 expected);
    error Chains_Vol(uint256 entry, uint256 givenBps, uint256 exact);
    error Chains_VolOutOfRange(uint256 entry, uint256 vol, uint256 ceiling);
    error Chains_WordHolds(uint256 entry, uint256 word);
    error Chains_NotNewer(ChainId chain, uint32 version, uint32 last);
    /// @notice A proved ladder stands, and is not yet due: only a proved one may take its place.
    error Chains_ProvedLadderStands(ChainId chain, uint32 version);
    error Chains_NoLadder(ChainId chain);
    error Chains_UnknownBlob(address blob);
    error Chains_IsProved(address blob);
    error Chains_EntryCount(uint256 given, uint256 atLeast, uint256 atMost);
    error Chains_BondTooSmall(address owner, uint256 amount, uint256 needed);
    error Chains_BondIsLocked(address owner, uint256 until);
    error Chains_PaymentFailed(address to, uint256 amount);

    // ------------------------------------------------------------------ reads (anyone)

    /// @notice Amount lodged to post without proof, and paid to who strikes such a ladder out. Native currency.
    function BOND() external view returns (uint256);
    /// @notice Seconds after an owner's last post in which his bond stays.
    function BOND_LOCK() external view returns (uint256);
    function feed() external view returns (IPriceFeed);
    function surfaces() external view returns (ISurfaceOracle);
    function settlements() external view returns (ISettlementOracle);
    function judge() external view returns (ILadderJudge);
    function ledger() external view returns (address);
    /// @notice Payoffs by kind, fixed at deployment.
    function payoffs() external view returns (IPayoff[] memory);

    function marketCount() external view returns (uint16);
    function marketOf(uint16 market) external view returns (ScopeId scope);
    /// @notice Number of a market's scope; zero when it is not listed.
    function numberOf(ScopeId scope) external view returns (uint16 market);
    /// @notice Grids of a market for chains of less than a week, less than 45 days, and longer; time from the surface's observation.
    function gridsOf(uint16 market) external view returns (Grid[3] memory);
    function chainCount() external view returns (uint32);
    function record(ChainId chain) external view returns (ChainRecord memory);
    /// @notice Records as they are stored, one word a chain in the order asked: market 16 bits, expiry 40, tearCount 24, status 8, settled 8, blob 160,
    /// lowest first. `chains` has four a word, 64 bits each, the ChainId in the lower 32, as {Holdings}; a zero id gives zero.
    function wordsOf(uint256[] calldata chains) external view returns (uint256[] memory words);
    /// @notice Strikes of a chain, USD wad, ascending, and its payoff.
    function strikesOf(ChainId chain) external view returns (uint128[] memory strikes, IPayoff payoff);
    /// @notice What a ladder's table must be but for its vols, and the tick of its strikes.
    function listingOf(ChainId chain) external view returns (uint128 tick, uint256[] memory table);
    /// @notice Anchors that a post needs now, bps: `margin.volScanUp` and `margin.volScanDown` and one tighten step.
    function anchorsOf(uint16 market) external view returns (uint16 volScanUp, uint16 volScanDown);
    /// @notice Version of the surface behind the newest ladder a chain had, struck out ones included; and who posted it, when it was by signature.
    function postOf(ChainId chain) external view returns (uint32 version, address poster);
    function proofOf(address blob) external view returns (LadderProof memory);
    /// @notice What surface signers sign for {post}.
    function digestOf(ChainId chain, uint32 version, bytes calldata words) external view returns (bytes32);
    function bondOf(address owner) external view returns (uint256 amount, uint48 lockedUntil);
    /// @notice Settlement price, USD wad; zero until it is final.
    function settlementOf(ChainId chain) external view returns (uint128 price);

    // ------------------------------------------------------------------ anyone

    /// @notice Makes a ladder live as POSTED, for the surface now in force, signed by k of n of its signers (ascending). The caller has lodged {BOND}.
    /// Checked: header, strikes, exponents and vols exactly; of the words the shape, by {judge}. Refused over a PROVED ladder that {LadderRefresh} does not call due.
    /// @param words The blob without its first byte.
    function post(ChainId chain, bytes calldata words, Signature[] calldata signatures) external returns (address blob);
    /// @notice Proves the first `entries` entries of a ladder for the surface now in force; with all of them it goes live as PROVED, else {prove} goes on.
    function postAndProve(ChainId chain, bytes calldata words, uint256 entries) external returns (address blob);
    /// @notice Proves the next `entries` entries of a blob. The proof is of this blob against the surface in its header, whatever was posted since; the last
    /// step needs the chain's ladder to be older, or of the same surface and not yet proved.
    function prove(address blob, uint256 entries) external;
    /// @notice Recomputes one word of a live ladder. If it is off the ladder is struck out, and the bond of who posted it becomes the caller's; else reverts.
    function challenge(ChainId chain, uint256 entry, uint256 word) external;
    /// @notice Marks a chain whose settlement price is final.
    function settle(ChainId chain) external returns (uint128 price);
    function lodgeBond() external payable;
    /// @notice Pays out the caller's bond, or part of it; not within {BOND_LOCK} of his last post.
    function withdrawBond(uint256 amount) external;

    // ------------------------------------------------------------------ the ledger

    /// @notice The chain's tear-up count goes up by one: its accounts synchronise on their next touch. The ledger alone.
    function countTearUp(ChainId chain) external;

    // ------------------------------------------------------------------ listers, and the DAO

    /// @notice Lists a chain: expiry at 08:00 UTC, an hour to three years away, 1 to 72 strikes ascending, each 1/10 to 10 times the fresh price.
    /// @param kind Of the payoff.
    /// @param tick USD, wad; a strike is `multiple` ticks.
    function listChain(uint16 market, uint40 expiry, uint8 kind, uint128 tick, uint32[] calldata multiples) external returns (ChainId chain);

    // ------------------------------------------------------------------ DAO

    function listMarket(ScopeId scope, GridShape[3] calldata grids) external returns (uint16 market);
    /// @notice Grids of posts from now on; ladders that stand keep theirs.
    function setGrids(uint16 market, GridShape[3] calldata grids) external;

    // ------------------------------------------------------------------ the deployer, once

    function wire(address ledger) external;
}
