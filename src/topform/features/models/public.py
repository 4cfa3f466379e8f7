"""What other features may use of the registry of models."""

from topform.features.models.service import (
    CANDIDATE,
    CHAMPION,
    GOLDEN,
    REFUSED,
    RETIRED,
    SHADOW,
    SHIPPED_CARD,
    ModelRegistry,
    NewVersion,
)
from topform.features.models.showing import (
    promote_version,
    registered_models,
    roll_back,
    version_details,
    version_numbers,
)
from topform.features.models.tables import ModelVersionRow

__all__ = [
    "CANDIDATE",
    "CHAMPION",
    "GOLDEN",
    "REFUSED",
    "RETIRED",
    "SHADOW",
    "SHIPPED_CARD",
    "ModelRegistry",
    "ModelVersionRow",
    "NewVersion",
    "promote_version",
    "registered_models",
    "roll_back",
    "version_details",
    "version_numbers",
]
