// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ChainId} from "../../../contracts/interfaces/ClearingTypes.sol";
import {ChainRecord, LadderProof, LadderStatus} from "../../../contracts/interfaces/IChains.sol";
import {ChainsFixture} from "./ChainsFixture.sol";

/// @notice Posts surfaces and ladders, true and false, proves in parts, challenges and moves bonds; notes the first broken invariant of each number.
contract LadderHandler is ChainsFixture {
    mapping(uint256 number => string) public fault;
    mapping(string what => uint256 times) public reached;

    ChainId public chain;
    uint256 private _vol = 0.6e18;
    uint32 private _version;
    mapping(bytes32 wordsHash => bool) private _struck;
    mapping(address blob => bool) private _isFalse;
    address[] private _blobs;

    constructor() {
        _deployChains();
        chain = _listed();
        vm.deal(address(this), 100 ether);
    }

    // ------------------------------------------------------------------ moves

    function surface(uint256 time, uint256 vol) external {
        if (_now() > TENTH_DAY - 2 days) return;
        vm.warp(_now() + bound(time, 60, 4 hours));
        _vol = bound(vol, _vol - _vol / 20, _vol + _vol / 20);
        if (_vol < 0.4e18 || _vol > 1e18) _vol = 0.6e18;
        (bool posted,) = address(this).call(abi.encodeCall(this.tryPost, (_vol)));
        if (posted) reached["surface"] += 1;
        _check();
    }

    function tryPost(uint256 vol) external {
        _post(_surface(_slice(TENTH_DAY, vol)));
    }

    /// @dev By signature, every second time with a false lane that keeps the shape.
    function post(uint256 lane, bool isFalse) external {
        (bool built, bytes memory words) = _tryBuild();
        if (!built) return;
        if (isFalse) _falsify(words, lane);
        bool again = _struck[keccak256(words)];
        (bool done, bytes memory result) = address(this).call(abi.encodeCall(this.tryPostLadder, (words)));
        if (done) {
            if (again) fault[5] = "a ladder that was struck out came back by signature";
            _made(abi.decode(result, (address)), isFalse);
            reached["posted"] += 1;
        }
        _check();
    }

    function tryPostLadder(bytes calldata words) external returns (address) {
        vm.prank(POSTER);
        chains.lodgeBond{value: 0}();
        return _postLadder(chain, words);
    }

    function postAndProve(uint256 entries, uint256 lane, bool isFalse) external {
        (bool built, bytes memory words) = _tryBuild();
        if (!built) return;
        if (isFalse) _falsify(words, lane);
        try chains.postAndProve(chain, words, bound(entries, 1, 5)) returns (address blob) {
            _made(blob, isFalse);
            reached["begun"] += 1;
        } catch {
            reached["refused"] += 1;
        }
        _check();
    }

    function prove(uint256 which, uint256 entries) external {
        if (_blobs.length == 0) return;
        address blob = _blobs[which % _blobs.length];
        uint256 left = 5 - chains.proofOf(blob).proved;
        try chains.prove(blob, left == 0 ? 1 : bound(entries, 1, left)) {
            reached["proved"] += 1;
            if (chains.proofOf(blob).proved == 5 && _isFalse[blob]) fault[1] = "a false ladder was proved";
        } catch {}
        _check();
    }

    function challenge(uint256 entry, uint256 word) external {
        address blob = chains.record(chain).blob;
        if (blob == address(0)) return;
        (entry, word) = (bound(entry, 0, 4), bound(word, 0, 6));
        bool wasProved = chains.record(chain).status == LadderStatus.PROVED;
        (uint256 before,) = chains.bondOf(POSTER);
        try chains.challenge(chain, entry, word) {
            reached["struck"] += 1;
            bytes memory code = blob.code;
            _struck[keccak256(_tail(code))] = true;
            if (wasProved) fault[1] = "a proved ladder was struck out";
            if (!_isFalse[blob]) fault[3] = "a true ladder was struck out";
            (uint256 left,) = chains.bondOf(POSTER);
            (uint256 own,) = chains.bondOf(address(this));
            if (own == 0 || left + BOND != before) fault[4] = "the bond did not go to the challenger";
            vm.deal(POSTER, BOND);
            vm.prank(POSTER);
            chains.lodgeBond{value: BOND}();
        } catch {}
        _check();
    }

    function withdraw() external {
        (uint256 amount,) = chains.bondOf(address(this));
        chains.withdrawBond(amount);
        _check();
    }

    receive() external payable {}

    // ------------------------------------------------------------------ checks

    function _check() private {
        ChainRecord memory c = chains.record(chain);
        (uint32 version,) = chains.postOf(chain);
        if (version < _version) fault[2] = "the version of the ladder fell";
        _version = version;
        if ((c.status == LadderStatus.NONE) != (c.blob == address(0))) fault[3] = "a status without a ladder, or a ladder without a status";
        if (c.blob != address(0)) {
            LadderProof memory proof = chains.proofOf(c.blob);
            if (ChainId.unwrap(proof.chain) != ChainId.unwrap(chain) || proof.version != version) fault[3] = "a ladder of another chain or surface";
            if ((proof.proved == 5) != (c.status == LadderStatus.PROVED)) fault[1] = "PROVED without a whole proof, or the other way round";
        }
        (uint256 poster,) = chains.bondOf(POSTER);
        (uint256 own,) = chains.bondOf(address(this));
        if (address(chains).balance != poster + own) fault[4] = "bonds do not add up to what is held";
    }

    function provedWordsHold() external view {
        ChainRecord memory c = chains.record(chain);
        if (c.status == LadderStatus.PROVED) judge.requireWords(c.blob, 0, 5);
    }

    function _made(address blob, bool isFalse) private {
        _blobs.push(blob);
        _isFalse[blob] = isFalse;
    }

    function _tryBuild() private view returns (bool, bytes memory) {
        try builder.build(chains, chain) returns (bytes memory words) {
            return (true, words);
        } catch {
            return (false, "");
        }
    }

    /// @dev Two units more in one lane of the third entry's up word.
    function _falsify(bytes memory words, uint256 lane) private pure {
        uint256 i = _entryAt(2, 32);
        _with(words, i, _wordAt(words, i) + (2 << 16 * (lane % 16)));
    }

    function _tail(bytes memory code) private pure returns (bytes memory words) {
        words = new bytes(code.length - 1);
        for (uint256 i = 0; i < words.length; ++i) {
            words[i] = code[i + 1];
        }
    }
}

/// Ladders under random posters, provers and challengers: L1 to L5 of docs/invariants.md.
contract LadderInvariantsTest is ChainsFixture {
    LadderHandler private handler;

    function setUp() public {
        handler = new LadderHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_L1_to_L5_holdUnderRandomCallers() public view {
        _check();
    }

    /// @dev The handler is no use if it never gets anywhere.
    function test_TheHandlerReachesEveryKindOfStep() public {
        for (uint256 i = 0; i < 6; ++i) {
            handler.surface(4 hours, 0.6e18 + i * 1e16);
            handler.post(i, i % 2 == 0);
            handler.challenge(2, 0);
            handler.postAndProve(2, i, false);
            handler.postAndProve(5, i, true);
            handler.prove(i * 2, 5);
            handler.prove(i * 2 + 1, 3);
            handler.withdraw();
            handler.post(i, true);
        }
        _check();
        string[6] memory kinds = ["surface", "posted", "begun", "refused", "proved", "struck"];
        for (uint256 i = 0; i < kinds.length; ++i) {
            assertTrue(handler.reached(kinds[i]) > 0, kinds[i]);
        }
    }

    function _check() private view {
        for (uint256 number = 1; number <= 5; ++number) {
            string memory fault = handler.fault(number);
            assertTrue(bytes(fault).length == 0, fault);
        }
        handler.provedWordsHold();
    }
}
