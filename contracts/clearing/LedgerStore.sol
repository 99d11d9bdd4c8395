// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountId, ChainId, InstrumentId} from "../interfaces/ClearingTypes.sol";
import {IChains} from "../interfaces/IChains.sol";
import {CashToken, ICollaterals} from "../interfaces/ICollaterals.sol";
import {ILedger, Modules} from "../interfaces/ILedger.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ScopeId} from "../interfaces/ParameterTypes.sol";
import {SharePool, SharePools} from "./SharePool.sol";

/// @dev Five words.
struct Group {
    SharePool profit;
    uint96 principal;
    uint96 fund;
    uint96 debt; // of accounts, and what a tear-up or settlement has yet to book to them
    uint24 tears; // tear-ups so far
    uint8 decimals; // of the cash token
    bool halted;
    uint96 tokens;
    ScopeId scope;
    uint96 borrowed; // of `debt`, what accounts owe: its last word, read and written only where a debt changes
}

/// @dev Four words, then lists.
struct Account {
    uint16 group; // number of its group, zero until opened
    uint16 chains; // entries of `chainList`
    uint16 positions; // over all chains
    uint8 assets; // places of `collateral` ever used
    uint24 tears; // of the group, when last synchronised
    uint24 profitScale;
    uint40 maturedAt;
    uint40 tornAt;
    uint40 chargedAt; // interest on the debt is charged up to here
    uint96 principal;
    uint128 profitShares;
    uint96 debt;
    int128 contributed; // USD, wad
    uint32 prepaid; // of the last unit of interest, 2^-32 of it
    int128 futuresCost; // USD, wad
    mapping(uint256 word => uint256) chainList; // as Holdings.chains
    mapping(ChainId chain => mapping(uint256 word => uint256)) pages; // as Holdings.pages, a list a chain
    mapping(uint256 asset => uint256) collateral;
}

/// @dev Two words: an instrument with its last tear-up. A tear-up closes `torn` of the `base` lots of one side; accounts of it synchronise one by one, and `seen`
/// counts the lots of those who have. An unfinished one moves to the instrument's history when the next begins.
struct Instrument {
    uint56 openInterest;
    uint40 torn;
    uint56 base;
    uint56 seen;
    uint24 count; // tear-up count of the chain with it
    uint8 flags;
    uint16 market; // zero until first traded
    uint96 amount; // units that the side owes, or profit shares that it gets
    uint88 anchor; // reference price of a future, USD wad
    uint24 scale; // of those shares
    uint16 history; // steps there, plus one: never zero, so that no tear-up pays for a fresh word
    uint32 time;
}

/// @dev Two words: what an expired instrument became.
struct Strike {
    uint56 base; // lots of either side
    uint56 longsSeen;
    uint56 shortsSeen;
    bool longsGain;
    uint24 scale;
    uint96 owed; // units, by the side that loses
    uint128 shares; // profit of the side that gains
}

/// @dev Bits of {Instrument.flags}.
uint8 constant FACING_LONG = 1; // the tear-up closes longs
uint8 constant FACING_OWES = 2; // and they pay for it
uint8 constant STRUCK = 4;

/// @dev Places of {Modules} as bits.
uint256 constant VAULT = 1;
uint256 constant TRADING = 2;
uint256 constant SETTLEMENT = 4;
uint256 constant LIQUIDATION = 8;
uint256 constant INSURANCE_FUND = 16;
uint256 constant DELEVERAGING = 32;
uint256 constant MOVERS = TRADING | LIQUIDATION | DELEVERAGING;
uint256 constant ANY_MODULE = 63;

/// @dev Storage of the ledger, and who may call it.
abstract contract LedgerStore is ILedger {
    IRiskParameters internal immutable PARAMETERS;
    ICollaterals internal immutable COLLATERALS;
    IChains internal immutable CHAINS;
    address private immutable WIRER;

    Modules private _modules;
    mapping(address module => uint256 places) private _powers;
    mapping(ScopeId scope => uint16 number) internal _groupNumbers;
    mapping(uint16 number => Group) internal _groups;
    uint16 private _groupCount;
    mapping(AccountId account => Account) internal _accounts;
    mapping(InstrumentId instrument => Instrument) internal _instruments;
    mapping(InstrumentId instrument => mapping(uint256 place => Instrument)) internal _history;
    mapping(InstrumentId instrument => Strike) internal _strikes;
    mapping(uint16 market => uint256 lots) internal _marketOpenInterest;

    constructor(IRiskParameters parameters, ICollaterals collaterals, IChains chains) {
        (PARAMETERS, COLLATERALS, CHAINS, WIRER) = (parameters, collaterals, chains, msg.sender);
    }

    modifier only(uint256 granted) {
        if (_powers[msg.sender] & granted == 0) revert Ledger_NotModule(msg.sender);
        _;
    }

    /// @inheritdoc ILedger
    function wire(Modules memory modules_) external {
        if (msg.sender != WIRER) revert Ledger_NotWirer(msg.sender, WIRER);
        if (_modules.vault != address(0)) revert Ledger_AlreadyWired();
        address[6] memory places = [
            modules_.vault, modules_.trading, modules_.settlement, modules_.liquidation, modules_.insuranceFund, modules_.deleveraging
        ];
        for (uint256 i = 0; i < places.length; ++i) {
            if (places[i].code.length == 0) revert Ledger_NoModule(i);
            _powers[places[i]] |= 1 << i;
        }
        _modules = modules_;
        emit Wired(modules_);
    }

    /// @inheritdoc ILedger
    function modules() public view returns (Modules memory) {
        return _modules;
    }

    /// @inheritdoc ILedger
    function isModule(address caller) public view returns (bool) {
        return _powers[caller] != 0;
    }

    // ------------------------------------------------------------------ accounts and groups

    /// @dev Fixes the group of an account that has none.
    function _open(AccountId id, uint16 number) internal {
        Account storage account = _accounts[id];
        if (account.group == number) return;
        if (account.group != 0) revert Ledger_OtherGroup(id, _groups[account.group].scope, _groups[number].scope);
        Group storage group = _groups[number];
        account.group = number;
        account.tears = group.tears;
        account.profitScale = group.profit.scale;
        emit AccountOpened(id, group.scope);
    }

    /// @dev Number of a group, its storage made at the first call.
    function _numberOf(ScopeId scope) internal returns (uint16 number) {
        number = _groupNumbers[scope];
        if (number != 0) return number;
        CashToken memory cash = COLLATERALS.cashOf(scope);
        if (cash.token == address(0)) revert Ledger_UnknownGroup(scope);
        number = ++_groupCount;
        _groupNumbers[scope] = number;
        Group storage group = _groups[number];
        group.scope = scope;
        group.decimals = cash.decimals;
        group.profit = SharePools.fresh();
    }

}
