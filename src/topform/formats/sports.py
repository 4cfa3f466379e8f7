"""The many words for a sport, translated to ours."""

from __future__ import annotations

import re

from topform.core.activity import Sport

_WORDS: dict[Sport, str] = {
    Sport.RUNNING: """running run trail_running trail_run treadmill treadmill_running track_running virtual_run
        virtual_running jogging indoor_running street_running ultra_run obstacle""",
    Sport.CYCLING: """cycling biking bike ride road_biking road_cycling mountain_biking mountain_bike mountain_bike_ride
        gravel_cycling gravel_ride indoor_cycling virtual_ride virtual_cycling e_biking ebiking e_bike_ride
        e_bike_fitness cyclocross spin track_cycling bmx bicycle hand_cycling handcycle recumbent commuting cycle
        bicycling""",
    Sport.SWIMMING: "swimming swim lap_swimming open_water open_water_swimming pool_swim pool_swimming",
    Sport.WALKING: "walking walk indoor_walking speed_walking casual_walking",
    Sport.HIKING: "hiking hike mountaineering trekking rucking",
    Sport.ROWING: "rowing indoor_rowing row rower",
    Sport.SKIING: """skiing cross_country_skiing alpine_skiing nordic_ski backcountry_ski skate_skiing roller_ski
        alpine_ski cross_country_ski backcountry_skiing skating_skiing""",
    Sport.STRENGTH: "strength strength_training weight_training weight_lifting weightlifting powerlifting weights",
    Sport.TRANSITION: "transition swim_to_bike_transition bike_to_run_transition",
}

_SPORT_BY_WORD = {word: sport for sport, words in _WORDS.items() for word in words.split()}

_STEP_SPORTS = frozenset({Sport.RUNNING, Sport.WALKING, Sport.HIKING})


def snake_case(word: str) -> str:
    """Return ``"MountainBike Ride"`` as ``"mountain_bike_ride"``."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", word.strip())
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def sport_of(word: str | None, sub_word: str | None = None) -> tuple[Sport, str | None]:
    """Return our sport for the source's word and its finer word, and the finer word to keep.

    Examples
    --------
    >>> sport_of("fitness_equipment", "indoor_rowing")
    (<Sport.ROWING: 'rowing'>, 'indoor_rowing')
    >>> sport_of("Biking")
    (<Sport.CYCLING: 'cycling'>, None)
    >>> sport_of("snorkeling")
    (<Sport.OTHER: 'other'>, 'snorkeling')
    """
    coarse = snake_case(word) if word else None
    fine = snake_case(sub_word) if sub_word else None
    if fine == "generic":
        fine = None
    for candidate in (coarse, fine):
        sport = _SPORT_BY_WORD.get(candidate) if candidate else None
        if sport is not None:
            same = coarse in (None, sport.value, "biking", "bike", "run", "ride", "swim", "walk", "hike")
            return sport, fine or (None if same else coarse)
    return Sport.OTHER, fine or (coarse if coarse not in ("generic", "other") else None)


def counts_steps(sport: Sport) -> bool:
    """Say whether cadence of this sport means steps rather than revolutions or strokes."""
    return sport in _STEP_SPORTS
