// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    AccountId, ChainId, FUTURE_LEG, Holdings, InstrumentId, Position, instrumentOf
} from "../../../contracts/interfaces/ClearingTypes.sol";
import {ChainRecord, LadderStatus} from "../../../contracts/interfaces/IChains.sol";
import {ICollaterals} from "../../../contracts/interfaces/ICollaterals.sol";
import {Cash, GroupSums, ILedger, Modules} from "../../../contracts/interfaces/ILedger.sol";
import {Assessment, Footing, Pass} from "../../../contracts/interfaces/IMargin.sol";
import {IPayoff} from "../../../contracts/interfaces/IPayoff.sol";
import {Price, PriceStatus} from "../../../contracts/interfaces/IPriceFeed.sol";
import {ParamId, ScopeId} from "../../../contracts/interfaces/ParameterTypes.sol";
import {ISettlement} from "../../../contracts/interfaces/ISettlement.sol";
import {ISurfaceOracle, StoredSlice} from "../../../contracts/interfaces/ISurfaceOracle.sol";
import {ITrading} from "../../../contracts/interfaces/ITrading.sol";
import {IVault} from "../../../contracts/interfaces/IVault.sol";
import {TestBase} from "../support/TestBase.sol";

/// @notice Parameters, the DAO, index prices, chains, payoff, margin and flags, as the test sets them. The margin rule is linear: equity at the marks, so many
/// USD a contract of every position, a shortfall where that is more.
contract ClearingWorld {
    address private immutable DAO;
    ScopeId private immutable MARKET;
    mapping(bytes32 id => uint64) private _values;
    uint256 public price = 2_000e18;
    uint256 public median;
    uint256 public fair = 50e18;
    uint48 public surfaceUntil = type(uint48).max;
    bool public available = true;
    bool public sequencerReady = true;
    bool public hedging; // each whole ether takes the margin of a contract off
    bool private _asksPuts;

    mapping(ChainId => uint24) public tears;
    mapping(ChainId => uint40) public expiryOf;
    mapping(ChainId => uint128) public settlementOf;
    address public ledger;

    mapping(InstrumentId => int256) public markOf_; // USD wad a contract
    uint256 public marginPerContract = 100e18;
    Footing public footing = Footing.PROVED;
    mapping(ChainId => bool) private _unproved;
    mapping(AccountId => bool) public isFlagged;

    constructor(address dao, ScopeId market) {
        (DAO, MARKET) = (dao, market);
    }

    /// @notice Makes calls, in one transaction, as whatever module this contract is.
    function act(address target, bytes[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool done, bytes memory answer) = target.call(calls[i]);
            if (done) continue;
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
    }

    function set(bytes32 id, uint64 amount) external {
        _values[id] = amount;
    }

    function setPrice(uint256 price_, bool available_) external {
        (price, available) = (price_, available_);
    }

    function setHedging(bool hedging_) external {
        hedging = hedging_;
    }

    /// @notice From now on it is puts that {value} expects.
    function askPuts() external {
        _asksPuts = true;
    }

    function setMedian(uint256 median_) external {
        median = median_;
    }

    function setReady(bool ready) external {
        sequencerReady = ready;
    }

    function setMark(InstrumentId id, int256 mark) external {
        markOf_[id] = mark;
    }

    function setMargin(uint256 perContract, Footing footing_) external {
        (marginPerContract, footing) = (perContract, footing_);
    }

    function setUnproved(ChainId chain, bool unproved) external {
        _unproved[chain] = unproved;
    }

    function setFlag(AccountId id, bool flagged) external {
        isFlagged[id] = flagged;
    }

    function setChain(ChainId chain, uint40 expiry, uint128 settlement) external {
        (expiryOf[chain], settlementOf[chain]) = (expiry, settlement);
    }

    function hasRole(bytes32 role, address account) external view returns (bool) {
        return role == 0x00 && account == DAO;
    }

    function valueOf(ScopeId, ParamId id) external view returns (uint64) {
        return _values[ParamId.unwrap(id)];
    }

    function effectiveOf(ScopeId, ParamId id) external view returns (uint64) {
        return _values[ParamId.unwrap(id)];
    }

    function medianOf(ScopeId) external view returns (uint256, uint256) {
        return (median, median == 0 ? 0 : 3);
    }

    function read(ScopeId) external view returns (Price memory) {
        return available ? Price(price, uint48(block.timestamp), PriceStatus.FRESH, 0) : Price(0, 0, PriceStatus.UNAVAILABLE, 0);
    }

    function lastOf(ScopeId) external view returns (uint128, uint48) {
        return (uint128(price), uint48(block.timestamp));
    }

    function record(ChainId chain) external view returns (ChainRecord memory) {
        uint16 market = expiryOf[chain] == 0 ? 0 : ChainId.unwrap(chain) >= 100 ? 2 : 1;
        LadderStatus status = _unproved[chain] ? LadderStatus.POSTED : LadderStatus.PROVED;
        return ChainRecord(market, expiryOf[chain], tears[chain], status, false, address(0));
    }

    function marketOf(uint16) external view returns (ScopeId) {
        return MARKET;
    }

    /// @dev Seventy-two strikes in chains 9, 19 and so on, else three around 2,000.
    function strikesOf(ChainId chain) external view returns (uint128[] memory strikes, IPayoff payoff_) {
        strikes = new uint128[](ChainId.unwrap(chain) % 10 == 9 ? 72 : 3);
        for (uint256 i = 0; i < strikes.length; ++i) {
            strikes[i] = uint128(1_900e18 + i * 100e18);
        }
        payoff_ = IPayoff(address(this));
    }

    function setSurface(uint256 fair_, uint48 until) external {
        (fair, surfaceUntil) = (fair_, until);
    }

    function surfaces() external view returns (ISurfaceOracle) {
        return ISurfaceOracle(address(this));
    }

    function sliceOf(ScopeId, uint48) external view returns (StoredSlice memory slice) {
        (slice.forwardRatio, slice.validUntil, slice.version) = (1.01e18, surfaceUntil, surfaceUntil == 0 ? 0 : 1);
    }

    function volAt(ScopeId, uint48, uint256) external pure returns (uint256) {
        return 0.5e18;
    }

    /// @dev What the test says, where the question is the right one.
    function value(uint256 strike, bool isCall, uint256 forward, uint256 vol, uint256 time) external view returns (uint256) {
        require(strike == 2_000e18 && isCall != _asksPuts, "another option");
        require(vol == 0.5e18 && time != 0 && forward == price * 101 / 100, "another state");
        return fair;
    }

    function payoff(uint256 strike, bool isCall, uint256 settlement) external pure returns (uint256) {
        if (isCall) return settlement > strike ? settlement - strike : 0;
        return strike > settlement ? strike - settlement : 0;
    }

    function countTearUp(ChainId chain) external {
        ++tears[chain];
    }

    function assess(Holdings calldata holdings, Pass) external view returns (Assessment memory a) {
        a.footing = footing;
        int256 worth = (holdings.cash - holdings.futuresCost) * 10_000;
        uint256 held = holdings.collateral.length == 0 ? 0 : holdings.collateral[0];
        worth += int256(held * price / 1e18 * (10_000 - _values["collateral.haircut"]));
        uint256 word;
        uint256 contracts;
        for (uint256 i = 0; i < 4 * holdings.chains.length; ++i) {
            uint256 entry = holdings.chains[i / 4] >> (64 * (i % 4));
            if (entry << 192 != 0 && _unproved[ChainId.wrap(uint32(entry))] && a.footing == Footing.PROVED) a.footing = Footing.POSTED;
            for (uint256 j = 0; j < uint8(entry >> 56); ++j) {
                uint256 packed = holdings.pages[word + j / 5] >> (48 * (j % 5));
                int256 lots = int40(uint40(packed >> 8));
                worth += lots * markOf_[instrumentOf(ChainId.wrap(uint32(entry)), uint8(packed))];
                contracts += uint256(lots < 0 ? -lots : lots);
            }
            word += (uint8(entry >> 56) + 4) / 5;
        }
        a.equity = worth / 10_000;
        uint256 hedged = hedging ? held / 1e14 : 0;
        a.requirement = (contracts > hedged ? contracts - hedged : 0) * marginPerContract / 10_000;
        a.free = a.equity - int256(a.requirement);
    }
}

/// @notice What a token does besides moving balances.
enum Vice {
    NONE,
    FEE, // a hundredth stays behind
    SHRINK, // balances are cut by a tenth once {shrink} was called
    REENTER // calls somebody in every transfer
}

/// @notice A token of 6 or 18 decimals, with or without a vice.
contract TestToken {
    uint8 public immutable decimals;
    Vice private immutable VICE;
    mapping(address => uint256) private _balances;
    bool private _shrunk;
    address private _victim;
    bytes private _call;
    bool public reached;
    bytes public answer;

    constructor(uint8 decimals_, Vice vice) {
        (decimals, VICE) = (decimals_, vice);
    }

    function mint(address to, uint256 amount) external {
        _balances[to] += amount;
    }

    function shrink() external {
        _shrunk = true;
    }

    function reenter(address victim, bytes calldata call) external {
        (_victim, _call) = (victim, call);
    }

    function balanceOf(address owner) public view returns (uint256) {
        return _shrunk ? _balances[owner] * 9 / 10 : _balances[owner];
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        return _transfer(from, to, amount);
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return _transfer(msg.sender, to, amount);
    }

    function _transfer(address from, address to, uint256 amount) private returns (bool) {
        _balances[from] -= amount;
        _balances[to] += VICE == Vice.FEE ? amount - amount / 100 : amount;
        if (VICE == Vice.REENTER && _victim != address(0)) {
            (reached, answer) = _victim.call(_call);
        }
        return true;
    }
}

/// @notice Collaterals, ledger, vault, trading and settlement from their artifacts; liquidation and the two of insurance are `module`.
abstract contract ClearingFixture is TestBase {
    ScopeId internal constant MAIN = ScopeId.wrap(bytes32(bytes5(0x044d41494e)));
    ScopeId internal constant OTHER = ScopeId.wrap(bytes32(bytes6(0x044f54484552)));
    ScopeId internal constant MARKET = ScopeId.wrap(bytes32(bytes4(0x02455448)));
    ScopeId internal constant ASSET = ScopeId.wrap(bytes32(bytes4(0x03455448)));
    address internal constant DAO = address(0xda0);
    address internal constant TREASURY = address(0x7ea5);
    uint256 internal constant START = 1_700_000_000;
    uint40 internal constant EXPIRY = uint40(START + 30 days);
    ChainId internal constant CHAIN = ChainId.wrap(1);
    uint256 internal constant USD = 1e6;

    ClearingWorld internal world;
    ICollaterals internal collaterals;
    ILedger internal ledger;
    IVault internal vault;
    ITrading internal trading;
    ISettlement internal settlement;
    TestToken internal cash;
    TestToken internal ether_;

    struct VaultParts {
        address parameters;
        address collaterals;
        address ledger;
        address margin;
        address feed;
        address liquidation;
    }

    struct TradingParts {
        address parameters;
        address ledger;
        address margin;
        address chains;
        address feed;
        address liquidation;
        address treasury;
    }

    function _deploy(address module) internal {
        vm.warp(START);
        world = new ClearingWorld(DAO, MARKET);
        world.set("cash.warmUp", 3_600);
        world.set("cash.outflowLimit", 10_000);
        world.set("cash.debtCap", 1_000);
        world.set("cash.poolDebtCap", 1_000_000);
        world.set("collateral.cap", 5_000);
        world.set("trading.fee", 0);
        world.set("liquidation.fee", 300);
        world.set("insurance.contributionRate", 2_000);
        world.set("market.openInterestCap", 1_000_000);
        for (uint32 i = 1; i < 12; ++i) {
            world.setChain(ChainId.wrap(i), EXPIRY, 0);
        }
        world.setChain(ChainId.wrap(100), EXPIRY, 0);
        collaterals = ICollaterals(_create("Collaterals.sol:Collaterals", abi.encode(world)));
        ledger = ILedger(_create("Ledger.sol:Ledger", abi.encode(world, collaterals, world)));
        vault = IVault(
            _create(
                "Vault.sol:Vault",
                abi.encode(VaultParts(address(world), address(collaterals), address(ledger), address(world), address(world), address(world)))
            )
        );
        trading = ITrading(
            _create(
                "Trading.sol:Trading",
                abi.encode(
                    TradingParts(address(world), address(ledger), address(world), address(world), address(world), address(world), TREASURY)
                )
            )
        );
        settlement = ISettlement(_create("Settlement.sol:Settlement", abi.encode(ledger, world)));
        cash = new TestToken(6, Vice.NONE);
        ether_ = new TestToken(18, Vice.NONE);
        _listGroups();
        ledger.wire(
            Modules({
                vault: address(vault),
                trading: address(trading),
                settlement: address(settlement),
                liquidation: module,
                insuranceFund: module,
                deleveraging: module
            })
        );
    }

    function _listGroups() internal {
        vm.startPrank(DAO);
        collaterals.openGroup(MAIN, address(cash));
        collaterals.openGroup(OTHER, address(cash));
        collaterals.admitMarket(MAIN, 1);
        collaterals.list(MAIN, address(ether_), 1, ASSET, MARKET);
        vm.stopPrank();
    }

    // ------------------------------------------------------------------ words

    function _account(address owner, uint96 sub) internal pure returns (AccountId) {
        return AccountId.wrap((uint256(uint160(owner)) << 96) | sub);
    }

    function _leg(uint256 strike, bool isCall) internal pure returns (InstrumentId) {
        return instrumentOf(CHAIN, uint8(2 * strike + (isCall ? 1 : 0)));
    }

    function _future() internal pure returns (InstrumentId) {
        return instrumentOf(CHAIN, FUTURE_LEG);
    }

    function _one(InstrumentId instrument, int256 lots) internal pure returns (Position[] memory positions) {
        positions = new Position[](1);
        positions[0] = Position(instrument, lots);
    }

    function _tearUp(AccountId id, InstrumentId instrument, uint256 mark) internal returns (int256) {
        (InstrumentId[] memory instruments, uint256[] memory marks) = (new InstrumentId[](1), new uint256[](1));
        (instruments[0], marks[0]) = (instrument, mark);
        return ledger.tearUp(id, instruments, marks);
    }

    function _deposit(AccountId id, uint256 amount) internal {
        address owner = address(uint160(AccountId.unwrap(id) >> 96));
        cash.mint(owner, amount);
        vm.prank(owner);
        vault.deposit(id, MAIN, address(cash), amount);
    }

    function _withdraw(AccountId id, uint256 amount) internal {
        address owner = address(uint160(AccountId.unwrap(id) >> 96));
        vm.prank(owner);
        vault.withdraw(id, address(cash), amount, owner);
    }

    // ------------------------------------------------------------------ checks

    function _requireIdentity() internal view {
        GroupSums memory s = ledger.sumsOf(MAIN);
        assertEq(s.tokens + s.debt, s.principal + s.profit + s.fund, "tokens = principal + profit + fund - debt");
        assertEq(s.tokens, vault.heldOf(MAIN, address(cash)), "tokens are the vault's");
        assertLe(vault.recordedOf(address(cash)), cash.balanceOf(address(vault)), "recorded tokens are there");
    }

    function _requireCash(AccountId id, uint256 principal, uint256 profit, uint256 debt) internal view {
        Cash memory c = ledger.cashOf(id);
        assertEq(c.principal, principal, "principal");
        assertEq(c.profit, profit, "profit");
        assertEq(c.debt, debt, "debt");
    }

    function _requireLots(AccountId id, InstrumentId instrument, int256 lots) internal view {
        assertTrue(ledger.positionOf(id, instrument) == lots, "lots");
    }

    function _create(string memory artifact, bytes memory arguments) internal returns (address created) {
        bytes memory creation = bytes.concat(vm.getCode(artifact), arguments);
        assembly ("memory-safe") {
            created := create(0, add(creation, 32), mload(creation))
            if iszero(created) {
                returndatacopy(0, 0, returndatasize())
                revert(0, returndatasize())
            }
        }
    }
}
