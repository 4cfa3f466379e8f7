"""Keeping a plan true: what happened, what follows from it, and a proposal that says so. Nothing changes by itself."""

from topform.coaching.adaptation.case import begun
from topform.coaching.adaptation.decide import propose, propose_technique
from topform.coaching.adaptation.model import Illness, Life, Proposal
from topform.coaching.adaptation.replan import continued

__all__ = ["Illness", "Life", "Proposal", "begun", "continued", "propose", "propose_technique"]
