// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId} from "./ClearingTypes.sol";
import {ILiquidationMeter} from "./ILiquidationMeter.sol";
import {Footing} from "./IMargin.sol";
import {ScopeId} from "./ParameterTypes.sol";

/// @notice What an auction keeps from the moment of its flag, whatever the DAO or the controller moves meanwhile (contract-rules A3).
/// @dev Of all markets that the account holds: the largest fee, cap, share, buffer and reward, the shortest durations. A contract in another market cannot
/// make an auction slower or dearer to take part in.
struct LiquidationTerms {
    uint16 feeBps; // `liquidation.fee`, of delta-equivalent notional
    uint16 feeCapBps; // `liquidation.feeCap`, of the maintenance released
    uint16 liquidatorShareBps; // `liquidation.liquidatorShare`, of the charge
    uint16 bufferBps; // `liquidation.buffer`, above maintenance
    uint24 duration; // `liquidation.duration`, seconds until the charge is at its cap
    uint24 bankruptDuration; // `liquidation.bankruptDuration`, seconds until the reward is at its cap, and until deleveraging
}

/// @notice One storage word, and the keeper.
struct Auction {
    uint40 flaggedAt; // zero: none
    uint40 bankruptAt; // when equity was first seen below zero; zero: never. Only the end of the auction clears it
    LiquidationTerms terms;
    bool backstop; // an account of the fund, on sale whole
    uint24 rewardLeft; // of the keeper, cents
    uint32 stamp; // links of the parameter store's hash chain at the flag: the terms are the values of that instant
    AccountId keeper;
}

/// @notice What a bidder asks for.
struct BidOrder {
    AccountId account;
    AccountId bidder; // of the caller, in the same group
    uint256 fraction; // of what the account holds now, wad: the most that the bidder takes; cut to what may be taken
    uint256 minFraction; // the least, or the bid reverts
    int256 maxPrice; // USD, wad: the most paid for all of the account at this rate, less the bidder's part of the charge; a fraction costs its share
    uint40 deadline;
}

/// @notice What an auction offers now. USD, wad.
struct Quote {
    Footing footing;
    int256 equity;
    uint256 maintenance;
    uint256 target; // equity from which nothing more is sold
    bool bankrupt;
    uint256 maxFraction; // zero when restored
    uint256 charge; // on all of the account: what it pays beyond the mark; zero when bankrupt
    uint256 bidderCharge; // the bidder's part of it
    uint256 reward; // on all of the account: what the fund adds when bankrupt, cut to what it may pay now
    int256 price; // of all of the account at mark: equity less cash
}

/// @notice What was sold. USD, wad, unless said.
struct Sale {
    uint256 fraction;
    int256 value; // of the slice at mark
    uint256 charge; // what the account paid beyond it, fund and keeper included
    uint256 bidderPart; // of the charge; when bankrupt the fund's reward
    bool ended;
}

/// @title Liquidation: pro-rata slices of accounts below maintenance, for a rising charge
/// @notice Anyone may flag, bid, declare a bankruptcy or end an auction; nobody may stop one, change its terms, choose the legs, or sell to its owner.
/// There is no privileged liquidator and no pause.
///
/// | state | entered when | sold | paid by |
/// |---|---|---|---|
/// | flagged | equity below maintenance | as much as restores maintenance + buffer, at mark | the account: from nothing to the fee cap in `duration` |
/// | bankrupt | equity below zero | all of it, at mark; the debt stays | the fund: from nothing to the maintenance in `bankruptDuration`, within its payout limit |
/// | backstop | the fund has taken a bankrupt's book | all of it, at mark | the account, as flagged |
///
/// Flag and sale need a price (contract-rules A13): on STALE footing the account is judged at the last price, unwidened, and curves run four times slower; on
/// NONE, and while the sequencer is down or just back, nothing is flagged or sold. In a halted group flags, sales and deleveraging go on: they only move
/// risk to who can carry it.
/// @dev Invariants Q1 to Q5 in docs/invariants.md: a sale never lowers equity over maintenance of what remains, never exceeds the cap, changes the sum of the
/// two accounts' and the fund's cash by nothing, and the meter never falls.
interface ILiquidation is ILiquidationMeter {
    event AccountFlagged(
        AccountId indexed account, AccountId indexed keeper, int256 equity, uint256 maintenance, LiquidationTerms terms, uint32 stamp
    );
    /// @notice Equity was first seen below zero.
    event BankruptcyDeclared(AccountId indexed account, int256 equity);
    /// @param price Paid by the bidder for the slice, cash units; negative is received. Its part of the charge or the fund's reward is already off.
    /// @param fundPart Cash units that went to the fund from the account.
    /// @param keeperPart Cash units that went to the keeper from the account.
    /// @param reward Cash units that the fund paid to the bidder.
    event SliceSold(
        AccountId indexed account, AccountId indexed bidder, uint256 fraction, int256 price, uint256 fundPart, uint256 keeperPart, uint256 reward
    );
    event NotionalLiquidated(ScopeId indexed market, uint256 notional, uint256 total);
    event AuctionEnded(AccountId indexed account, int256 equity, uint256 maintenance);
    /// @notice The fund's account `account` offers what it took over.
    event BackstopOffered(AccountId indexed account, LiquidationTerms terms);

    error Liquidation_AlreadyFlagged(AccountId account, uint40 flaggedAt);
    error Liquidation_NotFlagged(AccountId account);
    /// @notice Equity is at or above maintenance.
    error Liquidation_Healthy(AccountId account, int256 equity, uint256 maintenance);
    error Liquidation_NotBankrupt(AccountId account, int256 equity);
    /// @notice A tear-up took part of a hedge: no flag until then, unless equity is below half of maintenance.
    error Liquidation_Grace(AccountId account, uint256 until);
    error Liquidation_SequencerNotReady();
    /// @notice What stands behind the values is not enough for this.
    error Liquidation_Footing(AccountId account, Footing footing, Footing needed);
    error Liquidation_Expired(uint40 deadline, uint256 time);
    error Liquidation_NotOwner(AccountId account, address caller);
    /// @notice Bidder or keeper is the account, or has the same owner.
    error Liquidation_SameOwner(AccountId account, AccountId other);
    error Liquidation_OtherGroup(AccountId account, ScopeId group, ScopeId expected);
    error Liquidation_BidderFlagged(AccountId bidder);
    /// @notice `fraction` or `minFraction` is outside (0, 1e18], or they are the wrong way round.
    error Liquidation_Fraction(uint256 fraction, uint256 minFraction);
    error Liquidation_LessThanAsked(uint256 maxFraction, uint256 minFraction);
    /// @notice Not one lot and no collateral: the account is too small for that fraction.
    error Liquidation_EmptySlice(uint256 fraction);
    /// @notice At or above maintenance and buffer: {release} ends the auction.
    error Liquidation_Restored(AccountId account, int256 equity, uint256 target);
    error Liquidation_NotRestored(AccountId account, int256 equity, uint256 target);
    /// @notice By its liquidity charges the account needs less: bid for a smaller fraction.
    error Liquidation_Excessive(uint256 excess, uint256 tolerance);
    /// @notice The slice would leave more maintenance than before.
    error Liquidation_Worse(uint256 maintenance, uint256 before);
    /// @notice The slice costs more than the bidder allows; both USD, wad.
    error Liquidation_Price(int256 price, int256 limit);
    error Liquidation_BidderMargin(AccountId bidder, int256 free);
    error Liquidation_BidderDebt(AccountId bidder, uint256 debt, uint256 limit);
    /// @notice All debts of the group together, with the bidder's; cash units.
    error Liquidation_PoolDebt(ScopeId group, uint256 debt, uint256 limit);
    error Liquidation_NotModule(address caller);

    // ------------------------------------------------------------------ reads (anyone)

    /// @notice An account whose remainder would have less maintenance than this is sold whole. USD, wad.
    function DUST() external view returns (uint256);
    /// @notice Time in which an account that lost a hedge to a tear-up is not flagged, unless equity is below half of maintenance. Long enough to hedge again by
    /// hand, short against the 24 hours that the scan range covers. Not a parameter: it protects from the protocol itself.
    function GRACE() external view returns (uint256);
    /// @notice Factor on both durations on STALE footing, while it lasts.
    function STALE_FACTOR() external view returns (uint256);
    function auctionOf(AccountId account) external view returns (Auction memory);
    /// @notice A flagged account may only reduce its risk, and may not withdraw: Trading and Ledger ask here.
    function isFlagged(AccountId account) external view returns (bool);
    /// @notice What a bid would meet now. Reverts for an account that is not flagged.
    function quoteOf(AccountId account) external view returns (Quote memory);
    /// @notice Second from which the auction of a bankrupt account has run to its end; zero when it was not declared bankrupt.
    function endOf(AccountId account) external view returns (uint256);

    // ------------------------------------------------------------------ anyone

    /// @notice Starts an auction of an account below maintenance.
    /// @param keeper Account that gets `liquidation.keeperReward` out of the fund's part of the charges, as unmatured profit; of another owner. Zero for none.
    function flag(AccountId account, AccountId keeper) external;
    /// @notice Starts the clock of the bankrupt phase of a flagged account. It never starts again within this auction, so no deposit of a cent resets it.
    function declareBankrupt(AccountId account) external;
    /// @notice Takes the same fraction of every leg and of all collateral other than cash, rounded toward zero, at mark.
    /// @dev The slice is priced by what it changed: the account's equity before less after. A lot that rounding leaves behind is not paid for.
    /// The bidder is judged with {Pass.INITIAL} after the purchase.
    function bid(BidOrder calldata order) external returns (Sale memory);
    /// @notice Ends the auction of an account that is at or above maintenance and buffer, and nothing less: touching maintenance resets no clock. An account of
    /// the fund is on sale until it holds nothing.
    function release(AccountId account) external;

    // ------------------------------------------------------------------ modules of the ledger

    /// @notice Offers an account of the caller, whole, with the terms of the auction that the bankrupt account had.
    function offerBackstop(AccountId backstop, AccountId bankrupt) external;
}
