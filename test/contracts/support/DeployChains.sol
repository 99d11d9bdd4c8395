// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChains} from "../../../contracts/interfaces/IChains.sol";
import {ILadderJudge} from "../../../contracts/interfaces/ILadderJudge.sol";
import {IPayoff} from "../../../contracts/interfaces/IPayoff.sol";
import {ISurfaceOracle} from "../../../contracts/interfaces/ISurfaceOracle.sol";
import {Vm} from "./Vm.sol";

/// @dev Creates chains, their judge and payoffs from their artifacts and hands out interfaces.
library DeployChains {
    Vm private constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function ladderJudge() internal returns (ILadderJudge) {
        return ILadderJudge(_create("LadderJudge.sol:LadderJudge", ""));
    }

    function vanillaPayoff() internal returns (IPayoff) {
        return IPayoff(_create("VanillaPayoff.sol:VanillaPayoff", ""));
    }

    function digitalPayoff() internal returns (IPayoff) {
        return IPayoff(_create("DigitalPayoff.sol:DigitalPayoff", ""));
    }

    function chains(
        address store,
        address feed,
        ISurfaceOracle surfaces,
        address settlements,
        ILadderJudge judge,
        IPayoff[] memory payoffs,
        uint256 bond
    ) internal returns (IChains) {
        return IChains(_create("Chains.sol:Chains", abi.encode(store, feed, surfaces, settlements, judge, payoffs, bond)));
    }

    function _create(string memory artifact, bytes memory arguments) private returns (address created) {
        bytes memory creation = bytes.concat(VM.getCode(artifact), arguments);
        assembly ("memory-safe") {
            created := create(0, add(creation, 32), mload(creation))
            if iszero(created) {
                returndatacopy(0, 0, returndatasize())
                revert(0, returndatasize())
            }
        }
    }
}
