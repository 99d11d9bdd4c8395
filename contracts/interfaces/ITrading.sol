// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, ChainId, InstrumentId} from "./ClearingTypes.sol";
import {Footing} from "./IMargin.sol";
import {ScopeId} from "./ParameterTypes.sol";

/// @notice What an owner signs: EIP-712 type
/// `Order(uint256 account,uint64 instrument,int256 lots,uint256 limitPrice,uint64 maxFee,uint256 nonce,uint40 expiry)`, domain name "Ballast Trading",
/// version "1", this chain, this contract.
struct Order {
    AccountId account; // its owner signs
    InstrumentId instrument;
    int256 lots; // all that may be filled; negative sells
    uint256 limitPrice; // USD wad per contract, of a future its price: most when buying, least when selling
    uint64 maxFee; // highest `trading.fee` accepted, hundredths of a basis point of notional
    uint256 nonce; // filled or cancelled once, it serves no other order
    uint40 expiry; // last second
}

/// @title Matched trades
/// @notice Anyone brings two orders together; both owners signed theirs, with a key or by ERC-1271. The price is the maker's limit. Premium is paid at once, of a
/// future the price less its chain's reference; the payer's cash is rounded up, the receiver's down, the rest is the fund's. Each side pays `trading.fee` of
/// notional at the last observed index price: `insurance.contributionRate` of it to the fund, the rest to the DAO's account.
///
/// A trade may leave a party in one of two states, and else reverts (contract-rules A1):
/// - at or above initial margin, every chain it holds PROVED; not when it is flagged or its group halted;
/// - with less risk: requirement and shortfall not higher, and while it is short of margin, equity over requirement not lower, so that no equity leaves a
///   distressed account through a bad price. Unless everything it holds before and after is PROVED, the trade must also take its position toward zero and
///   leave its debt: a false ladder can make nothing worth buying. And while a chain it holds has no proved ladder, it pays no more, and gets no less, than the
///   surface's own value of the instrument, one formula, and `liquidation.fee` of the underlying (or of the most that the option can pay), which
///   is what an auction could cost it: a false ladder can make nothing dear either.
/// Where nothing can be said (NONE), only a trade that closes and leaves the party without shorts, futures and debt.
///
/// A premium far from mark has no band of its own: it moves free margin of a party that keeps its initial margin on proved values, and what the other gets has
/// to mature (A15).
interface ITrading {
    event Traded(
        AccountId indexed maker,
        AccountId indexed taker,
        InstrumentId indexed instrument,
        int256 takerLots,
        uint256 price,
        uint256 makerFee,
        uint256 takerFee
    );
    event OrderFilled(bytes32 indexed digest, AccountId indexed account, uint256 nonce, uint256 filled);
    event NonceCancelled(address indexed owner, uint256 nonce);
    event NoncesCancelledBelow(address indexed owner, uint256 nonce);

    error Trading_NothingTraded();
    error Trading_OtherInstrument(InstrumentId maker, InstrumentId taker);
    error Trading_SameSide(int256 makerLots, int256 takerLots);
    error Trading_PricesDoNotCross(uint256 makerPrice, uint256 takerPrice);
    error Trading_Expired(AccountId account, uint40 expiry, uint256 time);
    error Trading_NonceUsed(AccountId account, uint256 nonce);
    error Trading_MoreThanLeft(AccountId account, uint256 lots, uint256 left);
    error Trading_BadSignature(AccountId account);
    error Trading_NotOpen(AccountId account);
    error Trading_SelfTrade(address owner);
    error Trading_FeeTooHigh(AccountId account, uint64 fee, uint64 maxFee);
    error Trading_ChainExpired(ChainId chain, uint40 expiry);
    error Trading_UnknownChain(ChainId chain);
    error Trading_OpenInterestCap(uint16 market, uint256 lots, uint256 cap);
    /// @notice USD, wad.
    error Trading_DebtCap(AccountId account, uint256 debt, uint256 cap);
    /// @notice All debts of the group together, USD, wad.
    error Trading_PoolDebtCap(ScopeId group, uint256 debt, uint256 cap);
    /// @notice Below initial margin, or flagged, or halted; and not with less risk than before.
    error Trading_RiskNotReduced(AccountId account, int256 free, bool mayOnlyReduce);
    /// @notice Something the party holds is not PROVED, and the trade does not only close, or makes debt.
    error Trading_NotProved(AccountId account, Footing before, Footing after_);
    /// @notice On ladders that are not proved a party closes at no worse than the surface's value by `liquidation.fee`; USD, wad, a contract.
    error Trading_PriceOffSurface(AccountId account, uint256 price, uint256 fair, uint256 tolerance);
    /// @notice On ladders that are not proved a party closes only while a surface says what that is worth.
    error Trading_NoSurface(ChainId chain, uint48 validUntil);
    /// @notice Nothing can be said of the account's values, and the trade leaves it obligations.
    error Trading_NoValues(AccountId account);
    error Trading_NonceNotRising(uint256 given, uint256 current);

    // ------------------------------------------------------------------ reads (anyone)

    /// @notice What the owner signs.
    function digestOf(Order calldata order) external view returns (bytes32);
    /// @notice Lots filled so far.
    function filledOf(bytes32 digest) external view returns (uint256);
    function isNonceUsed(address owner, uint256 nonce) external view returns (bool);
    /// @notice The DAO's account in a group: it receives the fees that the fund does not.
    function feeAccountOf(ScopeId group) external view returns (AccountId);

    // ------------------------------------------------------------------ owners

    function cancel(uint256[] calldata nonces) external;
    /// @notice Cancels every nonce below `nonce`, signed or not.
    function cancelBelow(uint256 nonce) external;

    // ------------------------------------------------------------------ anyone

    /// @notice Fills `lots` of both orders at the maker's price.
    function trade(Order calldata maker, Order calldata taker, uint256 lots, bytes calldata makerSignature, bytes calldata takerSignature)
        external;
}
