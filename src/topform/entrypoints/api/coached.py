"""What of an athlete's own operations a coach can use: a list of them, each with what has to be shared for it.

Such an operation answers under ``/coaching/athletes/{athlete_id}`` as it answers the athlete, but every query in it
gets only the rows that the athlete shares with the coach. What is not in the list no coach can reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute

from topform.features.activities.routes import router as activities
from topform.features.athletes.public import Share
from topform.features.coaches.public import coached
from topform.features.form_checks.routes import router as form_checks
from topform.features.plans.adapting_routes import router as plan_changes
from topform.features.plans.routes import router as plans
from topform.features.readiness.routes import router as readiness
from topform.features.thresholds.routes import router as thresholds
from topform.features.training_load.routes import router as training_load
from topform.features.wellness.routes import router as wellness

SOURCES: Final = (activities, training_load, readiness, wellness, thresholds, plans, plan_changes, form_checks)
OPERATIONS: Final = {
    "list_activities": (Share.ACTIVITIES,),
    "get_activity": (Share.ACTIVITIES,),
    "get_streams": (Share.ACTIVITIES,),
    "get_fitness": (Share.ACTIVITIES,),
    "get_curve": (Share.ACTIVITIES,),
    "get_readiness": (Share.NUMBERS,),
    "get_load_warnings": (Share.NUMBERS,),
    "get_wellness": (Share.NUMBERS,),
    "get_thresholds": (Share.NUMBERS,),
    "get_zones": (Share.NUMBERS,),
    "list_health_reports": (Share.HEALTH_NOTES,),
    "get_current_plan": (Share.PLAN,),
    "list_plan_proposals": (Share.PLAN,),
    "get_plan_history": (Share.PLAN,),
    "get_plan_adherence": (Share.PLAN, Share.ACTIVITIES),
    "list_form_checks": (Share.FORM_CHECKS,),
    "get_form_check": (Share.FORM_CHECKS,),
}
REST_ON_ALL: Final = frozenset({"get_current_plan", "list_plan_proposals", "get_plan_history", "get_plan_adherence"})
"""Computed from all rows of the athlete, so withheld while some are for the athlete's eyes only."""
PREFIX: Final = "/coaching/athletes/{athlete_id:uuid}"


def coached_router() -> APIRouter:
    """Return the operations of the list, for coaches."""
    router = APIRouter(tags=["coaching"])
    found = {route.name: route for route in _routes()}
    for name, needs in OPERATIONS.items():
        route = found[name]
        shared = ", ".join(f"`{share.value}`" for share in needs)
        router.add_api_route(
            PREFIX + route.path.replace("/athletes/me", ""),
            route.endpoint,
            name=f"coached_{name}",
            response_model=route.response_model,
            description=f'{route.description}\n\nOf an athlete who shares {shared} with you; "your" means theirs.',
            dependencies=[Depends(coached(*needs, rests_on_all=name in REST_ON_ALL))],
        )
    return router


def coached_paths() -> dict[str, tuple[Share, ...]]:
    """Return the athlete's own paths of the list, as the API document writes them, with what each needs."""
    found = {route.name: route for route in _routes()}
    return {found[name].path_format: needs for name, needs in OPERATIONS.items()}


def _routes() -> Iterator[APIRoute]:
    for router in SOURCES:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.methods == {"GET"}:
                yield route
