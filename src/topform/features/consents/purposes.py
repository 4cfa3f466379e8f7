"""What can be agreed to, in the words that athletes are shown. A changed meaning is a new version of the text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ConsentPurpose(StrEnum):
    """What data is used for, beyond what the athlete asks for themselves."""

    IMPROVE_FORM_MODEL = "improve_form_model"
    IMPROVE_PREDICTIONS = "improve_predictions"
    ASSISTANT = "assistant"
    TRAINING_DIARY = "training_diary"
    BODY_AND_WELLNESS = "body_and_wellness"
    FORM_VIDEOS = "form_videos"


HEALTH: Final = frozenset({ConsentPurpose.TRAINING_DIARY, ConsentPurpose.BODY_AND_WELLNESS, ConsentPurpose.FORM_VIDEOS})
"""What concerns health, for the athlete's own eyes: nothing new is stored once the answer is no."""


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The words of one version."""

    version: str
    text: str


TEXTS: Final = {
    ConsentPurpose.IMPROVE_FORM_MODEL: ConsentText(
        version="1",
        text="The operator of this server may use the body points of my form checks, and what I said about them, to "
        "train and test the form model. Body points are the places of my joints in each frame; no picture, no "
        "name and no address is used. This holds for the form checks I have and those to come, until I withdraw "
        "it; from then on no new training set holds any of them. Models that were trained before stay as they "
        "are.",
    ),
    ConsentPurpose.IMPROVE_PREDICTIONS: ConsentText(
        version="1",
        text="This server may count whether my last race ended inside the range that I was shown before it, up to the "
        "half marathon and beyond, and make the ranges of other people here wider or narrower by it. Only yes or no "
        "is counted, together with at least 19 other people; no time, place or name is used. This holds until I "
        "withdraw it; from then on my races count no more.",
    ),
    ConsentPurpose.ASSISTANT: ConsentText(
        version="1",
        text="Programs that I gave a token for assistants may ask this server for my numbers, plans, form checks and "
        "readiness, and hand the answers to a language model. What its maker does with them is between them and "
        "me. This holds until I withdraw it; from then on no assistant gets an answer, whatever token it has. "
        "Making such a token says this yes.",
    ),
    ConsentPurpose.TRAINING_DIARY: ConsentText(
        version="1",
        text="This server may store the recordings of my training, with heart rate, power, pace and places, and "
        "compute from them my load, fitness, thresholds, predictions and plans. Heart rate says something about "
        "my health. Nobody else sees it unless I share it. This holds until I withdraw it; from then on no new "
        "recording is stored. What is stored stays until I delete it.",
    ),
    ConsentPurpose.BODY_AND_WELLNESS: ConsentText(
        version="1",
        text="This server may store my daily values, such as resting heart rate, its variability, sleep, weight, how I "
        "feel, pain and symptoms, and compute from them how ready I am and when to be careful. Nobody else sees "
        "it unless I share it. This holds until I withdraw it; from then on no new value is stored, except a "
        "symptom that I report to stop training. What is stored stays until I delete it.",
    ),
    ConsentPurpose.FORM_VIDEOS: ConsentText(
        version="1",
        text="This server may analyse videos of my exercises and store the places of my joints, repetitions, angles "
        "and faults, to show me how I move. The video itself is deleted as soon as it is analysed; a copy with "
        "the body drawn in stays where I can delete it. Nobody else sees it unless I share it. This holds until I "
        "withdraw it; from then on no new video is analysed.",
    ),
}
"""Off by default; each stands alone."""
