"""Event types of plans; created carries id and creation time, the plan itself is fetched."""

from typing import Final

PLAN_CREATED: Final = "plan.created"
