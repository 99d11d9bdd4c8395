// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {BallastGovernor, GovernorConfiguration} from "../../../contracts/governance/BallastGovernor.sol";
import {Allocation, BallastToken} from "../../../contracts/governance/BallastToken.sol";
import {GuardianTerm} from "../../../contracts/governance/GuardianTerm.sol";
import {IControllerMandate} from "../../../contracts/interfaces/IControllerMandate.sol";
import {IGuardianTerm} from "../../../contracts/interfaces/IGuardianTerm.sol";
import {IRiskParameters} from "../../../contracts/interfaces/IRiskParameters.sol";
import {JointInvariant, ParameterSpec} from "../../../contracts/interfaces/ParameterTypes.sol";
import {ControllerMandate} from "../../../contracts/parameters/ControllerMandate.sol";
import {LooseningVeto} from "../../../contracts/parameters/LooseningVeto.sol";
import {RiskParameters} from "../../../contracts/parameters/RiskParameters.sol";
import {RiskStewards} from "../../../contracts/parameters/RiskStewards.sol";
import {Vm} from "./Vm.sol";

/// @dev Creates the contracts under test from their artifacts. `new` would compile each of them again into every test contract, minutes of it.
library Deploy {
    Vm private constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    function riskParameters(
        address admin,
        ParameterSpec[] memory specs,
        JointInvariant[] memory invariants,
        uint32 ruleDelay,
        uint32 undoWindow,
        uint32 executionGrace
    ) internal returns (RiskParameters) {
        return RiskParameters(
            _create("RiskParameters.sol:RiskParameters", abi.encode(admin, specs, invariants, ruleDelay, undoWindow, executionGrace))
        );
    }

    function guardianTerm(IRiskParameters store, uint32 maxTerm) internal returns (GuardianTerm) {
        return GuardianTerm(_create("GuardianTerm.sol:GuardianTerm", abi.encode(store, maxTerm)));
    }

    function controllerMandate(IRiskParameters store, IGuardianTerm term, uint32 maxValidity, uint32 submitterWindow)
        internal
        returns (ControllerMandate)
    {
        return controllerMandate(store, term, maxValidity, submitterWindow, address(0), 0);
    }

    function controllerMandate(
        IRiskParameters store,
        IGuardianTerm term,
        uint32 maxValidity,
        uint32 submitterWindow,
        address sequencer,
        uint32 sequencerGrace
    ) internal returns (ControllerMandate) {
        return ControllerMandate(
            _create(
                "ControllerMandate.sol:ControllerMandate",
                abi.encode(store, term, maxValidity, submitterWindow, sequencer, sequencerGrace)
            )
        );
    }

    function looseningVeto(IRiskParameters store, IGuardianTerm term, IVotes token, uint16 thresholdBps) internal returns (LooseningVeto) {
        return LooseningVeto(_create("LooseningVeto.sol:LooseningVeto", abi.encode(store, term, token, thresholdBps)));
    }

    function riskStewards(IRiskParameters store, IControllerMandate mandate, IGuardianTerm term) internal returns (RiskStewards) {
        return RiskStewards(_create("RiskStewards.sol:RiskStewards", abi.encode(store, mandate, term)));
    }

    function token(Allocation[] memory allocations) internal returns (BallastToken) {
        return BallastToken(_create("BallastToken.sol:BallastToken", abi.encode(allocations)));
    }

    function timelock(uint256 delay, address[] memory proposers, address[] memory executors, address admin)
        internal
        returns (TimelockController)
    {
        bytes memory arguments = abi.encode(delay, proposers, executors, admin);
        return TimelockController(payable(_create("TimelockController.sol:TimelockController", arguments)));
    }

    function governor(GovernorConfiguration memory configuration, IVotes votes, TimelockController delay, IGuardianTerm term)
        internal
        returns (BallastGovernor)
    {
        return BallastGovernor(payable(_create("BallastGovernor.sol:BallastGovernor", abi.encode(configuration, votes, delay, term))));
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
