"""Event types of plans.

Created carries id and creation time, the plan itself is fetched; proposals carry their id, a session that its athlete
has spoken of carries its own.
"""

from typing import Final

PLAN_CREATED: Final = "plan.created"
PLAN_PROPOSED: Final = "plan.proposed"
PROPOSAL_DECIDED: Final = "plan.proposal_decided"
SESSION_TOLD: Final = "plan.session_told"
