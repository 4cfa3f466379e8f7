"""Event types of plans; created carries id and creation time, the plan itself is fetched; the others carry the id."""

from typing import Final

PLAN_CREATED: Final = "plan.created"
PLAN_PROPOSED: Final = "plan.proposed"
PROPOSAL_DECIDED: Final = "plan.proposal_decided"
