// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ChainId} from "../interfaces/ClearingTypes.sol";
import {ChainRecord, IChains, LadderProof, LadderStatus} from "../interfaces/IChains.sol";
import {Signature} from "../interfaces/IControllerMandate.sol";
import {ILadderJudge} from "../interfaces/ILadderJudge.sol";
import {IPayoff} from "../interfaces/IPayoff.sol";
import {IPriceFeed} from "../interfaces/IPriceFeed.sol";
import {IRiskParameters} from "../interfaces/IRiskParameters.sol";
import {ISettlementOracle, Settlement} from "../interfaces/ISettlementOracle.sol";
import {ISurfaceOracle} from "../interfaces/ISurfaceOracle.sol";
import {Blob} from "../parameters/Blob.sol";
import {ChainLister} from "./ChainLister.sol";
import {LadderBonds} from "./LadderBonds.sol";
import {LadderCheck} from "./LadderCheck.sol";
import {LadderHeader, LadderLayout} from "./LadderLayout.sol";
import {LadderRefresh} from "./LadderRefresh.sol";

/// @title Markets, chains and their price ladders
/// @dev A ladder's words follow from its header and the vols of its table, and those are checked before its blob is made. So a proof needs nothing but the blob,
/// cannot be carried to another one, and stays true whatever happens to the surface.
contract Chains is LadderCheck, LadderBonds, EIP712 {
    bytes32 private constant LADDER_TYPEHASH = keccak256("Ladder(uint32 chain,uint32 epoch,uint32 version,bytes words)");

    struct Post {
        uint32 version;
        address poster;
    }

    address private immutable DEPLOYER;
    /// @inheritdoc IChains
    ISettlementOracle public immutable settlements;
    /// @inheritdoc IChains
    ILadderJudge public immutable judge;
    /// @inheritdoc IChains
    address public ledger;
    mapping(ChainId chain => Post) private _posts;
    mapping(address blob => LadderProof) private _proofs;

    /// @param parameters The store; its admin is the DAO.
    /// @param payoffs_ By kind.
    /// @param bond Wei.
    constructor(
        IRiskParameters parameters,
        IPriceFeed feed_,
        ISurfaceOracle surfaces_,
        ISettlementOracle settlements_,
        ILadderJudge judge_,
        IPayoff[] memory payoffs_,
        uint256 bond
    ) ChainLister(parameters, feed_, payoffs_) LadderCheck(surfaces_) LadderBonds(bond) EIP712("Ballast Chains", "1") {
        DEPLOYER = msg.sender;
        settlements = settlements_;
        judge = judge_;
    }

    // ------------------------------------------------------------------ reads

    /// @inheritdoc IChains
    function postOf(ChainId chain) external view returns (uint32 version, address poster) {
        return (_posts[chain].version, _posts[chain].poster);
    }

    /// @inheritdoc IChains
    function proofOf(address blob) external view returns (LadderProof memory) {
        return _proofs[blob];
    }

    /// @inheritdoc IChains
    function digestOf(ChainId chain, uint32 version, bytes calldata words) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(LADDER_TYPEHASH, chain, surfaces.epoch(), version, keccak256(words))));
    }

    /// @inheritdoc IChains
    function settlementOf(ChainId chain) public view returns (uint128 price) {
        ChainRecord memory c = _known(chain);
        Settlement memory settlement = settlements.settlementOf(marketOf(c.market), c.expiry);
        return settlement.isFinal ? settlement.price : 0;
    }

    // ------------------------------------------------------------------ anyone

    /// @inheritdoc IChains
    function post(ChainId chain, bytes calldata words, Signature[] calldata signatures) external returns (address blob) {
        bytes memory data = words;
        LadderHeader memory h = _requireListed(chain, data);
        uint32 version = uint32(h.version);
        if (version <= _posts[chain].version) revert Chains_NotNewer(chain, version, _posts[chain].version);
        surfaces.requireSigned(digestOf(chain, version, words), signatures);
        _requireMayDisplace(chain, h);
        _lockBond(msg.sender);

        blob = _create(chain, h, data);
        judge.requireShapes(blob);
        _putLive(chain, version, blob, LadderStatus.POSTED, msg.sender);
        emit LadderPosted(chain, version, blob, true, msg.sender);
    }

    /// @inheritdoc IChains
    function postAndProve(ChainId chain, bytes calldata words, uint256 entries) external returns (address blob) {
        bytes memory data = words;
        LadderHeader memory h = _requireListed(chain, data);
        blob = _create(chain, h, data);
        emit LadderPosted(chain, uint32(h.version), blob, false, msg.sender);
        _prove(blob, entries);
    }

    /// @inheritdoc IChains
    function prove(address blob, uint256 entries) external {
        if (ChainId.unwrap(_proofs[blob].chain) == 0) revert Chains_UnknownBlob(blob);
        _prove(blob, entries);
    }

    /// @inheritdoc IChains
    function challenge(ChainId chain, uint256 entry, uint256 word) external {
        address blob = _known(chain).blob;
        if (blob == address(0)) revert Chains_NoLadder(chain);
        uint256 lane = judge.laneOff(blob, entry, word);
        if (lane == LadderLayout.LANES) revert Chains_WordHolds(entry, word);

        (_records[chain].blob, _records[chain].status) = (address(0), LadderStatus.NONE);
        uint256 reward = _forfeitBond(_posts[chain].poster, msg.sender);
        emit LadderStruckOut(chain, blob, entry, word, lane, msg.sender, reward);
    }

    /// @inheritdoc IChains
    function settle(ChainId chain) external returns (uint128 price) {
        price = settlementOf(chain);
        if (price == 0) revert Chains_NotSettled(chain);
        if (_records[chain].settled) revert Chains_IsSettled(chain);
        _records[chain].settled = true;
        emit ChainSettled(chain, price);
    }

    // ------------------------------------------------------------------ the ledger

    /// @inheritdoc IChains
    function countTearUp(ChainId chain) external {
        if (msg.sender != ledger) revert Chains_NotLedger(msg.sender, ledger);
        uint24 count = _known(chain).tearCount + 1;
        _records[chain].tearCount = count;
        emit TearUpCounted(chain, count);
    }

    // ------------------------------------------------------------------ the deployer, once

    /// @inheritdoc IChains
    function wire(address ledger_) external {
        if (msg.sender != DEPLOYER) revert Chains_NotDeployer(msg.sender, DEPLOYER);
        if (ledger != address(0)) revert Chains_LedgerIsWired(ledger);
        ledger = ledger_;
        emit LedgerWired(ledger_);
    }

    // ------------------------------------------------------------------ inner

    /// @dev Proves entries of a blob, and makes it live after the last.
    function _prove(address blob, uint256 entries) private {
        LadderProof memory proof = _proofs[blob];
        ChainId chain = proof.chain;
        uint256 left = proof.strikes - proof.proved;
        if (left == 0) revert Chains_IsProved(blob);
        if (entries == 0 || entries > left) revert Chains_EntryCount(entries, 1, left);
        bool isLive = _records[chain].blob == blob;
        if (!isLive) _requireNewer(chain, proof.version);

        uint256 to = proof.proved + entries;
        judge.requireWords(blob, proof.proved, to);
        _proofs[blob].proved = uint8(to);
        emit EntriesProved(chain, blob, proof.proved, to);
        if (entries < left) return;
        _putLive(chain, proof.version, blob, LadderStatus.PROVED, isLive ? _posts[chain].poster : address(0));
        emit LadderProved(chain, proof.version, blob);
    }

    /// @dev A proved ladder takes the place of an older one, and of one of the same surface that is not proved.
    function _requireNewer(ChainId chain, uint32 version) private view {
        uint32 last = _posts[chain].version;
        bool isProved = _records[chain].status == LadderStatus.PROVED;
        if (isProved ? version <= last : version < last) revert Chains_NotNewer(chain, version, last);
    }

    /// @dev A ladder without proof may not take the place of a proved one that is still good.
    function _requireMayDisplace(ChainId chain, LadderHeader memory h) private view {
        if (_records[chain].status != LadderStatus.PROVED) return;
        LadderHeader memory standing = LadderLayout.readHeader(_records[chain].blob);
        if (!LadderRefresh.isDue(standing, h.base, h.atmVol, block.timestamp)) {
            revert Chains_ProvedLadderStands(chain, uint32(standing.version));
        }
    }

    function _create(ChainId chain, LadderHeader memory h, bytes memory data) private returns (address blob) {
        blob = Blob.write(data);
        _proofs[blob] = LadderProof({chain: chain, version: uint32(h.version), proved: 0, strikes: uint8(h.strikes)});
    }

    function _putLive(ChainId chain, uint32 version, address blob, LadderStatus status, address poster) private {
        (_records[chain].blob, _records[chain].status) = (blob, status);
        _posts[chain] = Post(version, poster);
    }
}
