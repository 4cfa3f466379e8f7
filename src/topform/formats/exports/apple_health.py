"""Apple Health: ``export.xml``, alone or in the archive that the Health app makes, and its workout routes.

The document is read as a stream; memory holds one value a day for each metric and the pulse as two numbers a sample.
Dates carry the zone that the phone was in when it exported, so days of travel may be shifted by a few hours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Any
from xml.parsers import expat

from topform.core.activity import Channel
from topform.core.errors import DamagedFileError
from topform.core.exports import ActivityAbout, Found, FoundActivity, FoundBroken, FoundValues, Tree
from topform.core.units import J_PER_KCAL
from topform.core.wellness import WellnessMetric
from topform.formats.errors import UnsafeFileError
from topform.formats.exports.apple_time import epoch_s, local_day, offset_s
from topform.formats.exports.apple_workouts import AppleWorkout, workout_document
from topform.formats.exports.days import Days, Joining
from topform.formats.exports.nights import Stage, Stretch, add_nights
from topform.formats.exports.reading import is_beside, number
from topform.formats.exports.session_streams import Series

SOURCE = "apple_health"
PROLOG_BYTES = 4 * 2**20
READ_BYTES = 1 * 2**20
MAX_WORKOUTS = 200_000
ROOT = b"<HealthData"
PREFIXES = ("HKQuantityTypeIdentifier", "HKCategoryTypeIdentifier", "HKDataType")

_METRIC = WellnessMetric
_KG = {"kg": 1.0, "g": 0.001, "lb": 0.45359237, "st": 6.35029318, "oz": 0.028349523125}
_FRACTION = {"%": 100.0}
_PER_MINUTE = {"count/min": 1.0, "count/s": 60.0}
QUANTITIES: dict[str, tuple[WellnessMetric, dict[str, float], Joining]] = {
    "BodyMass": (_METRIC.BODY_MASS_KG, _KG, Joining.LAST),
    "LeanBodyMass": (_METRIC.LEAN_MASS_KG, _KG, Joining.LAST),
    "BodyFatPercentage": (_METRIC.BODY_FAT_PCT, _FRACTION, Joining.LAST),
    "RestingHeartRate": (_METRIC.RESTING_HR_BPM, _PER_MINUTE, Joining.LAST),
    "HeartRateVariabilitySDNN": (_METRIC.HRV_SDNN_MS, {"ms": 1.0, "s": 1000.0}, Joining.MEAN),
    "OxygenSaturation": (_METRIC.SPO2_PCT, _FRACTION, Joining.MEAN),
    "RespiratoryRate": (_METRIC.RESPIRATION_BRPM, _PER_MINUTE, Joining.MEAN),
    "VO2Max": (_METRIC.VO2MAX_EST_ML_KG_MIN, {"mL/min·kg": 1.0, "ml/(kg*min)": 1.0}, Joining.LAST),
    "BloodPressureSystolic": (_METRIC.BLOOD_PRESSURE_SYSTOLIC_MMHG, {"mmHg": 1.0}, Joining.LAST),
    "BloodPressureDiastolic": (_METRIC.BLOOD_PRESSURE_DIASTOLIC_MMHG, {"mmHg": 1.0}, Joining.LAST),
    "StepCount": (_METRIC.STEPS, {"count": 1.0}, Joining.SUM),
    "ActiveEnergyBurned": (
        _METRIC.ACTIVE_ENERGY_KJ,
        {"kcal": J_PER_KCAL / 1000, "Cal": J_PER_KCAL / 1000, "kJ": 1.0, "J": 0.001},
        Joining.SUM,
    ),
}
SERIES: dict[str, tuple[Channel, dict[str, float]]] = {
    "HeartRate": (Channel.HR_BPM, _PER_MINUTE),
    "RunningPower": (Channel.POWER_W, {"W": 1.0}),
    "CyclingPower": (Channel.POWER_W, {"W": 1.0}),
    "CyclingCadence": (Channel.CADENCE_RPM, _PER_MINUTE),
    "RunningSpeed": (Channel.SPEED_M_S, {"m/s": 1.0, "km/hr": 1 / 3.6, "mi/hr": 0.44704}),
    "CyclingSpeed": (Channel.SPEED_M_S, {"m/s": 1.0, "km/hr": 1 / 3.6, "mi/hr": 0.44704}),
}
STAGES = {
    "HKCategoryValueSleepAnalysisInBed": Stage.IN_BED,
    "HKCategoryValueSleepAnalysisAwake": Stage.AWAKE,
    "HKCategoryValueSleepAnalysisAsleep": Stage.ASLEEP,
    "HKCategoryValueSleepAnalysisAsleepUnspecified": Stage.ASLEEP,
    "HKCategoryValueSleepAnalysisAsleepCore": Stage.LIGHT,
    "HKCategoryValueSleepAnalysisAsleepDeep": Stage.DEEP,
    "HKCategoryValueSleepAnalysisAsleepREM": Stage.REM,
}


class AppleHealth:
    """Reads the export of Apple's Health app."""

    source = SOURCE

    def __init__(self, tree: Tree, document: str) -> None:
        self._tree, self._document = tree, document
        self._routes = {PurePosixPath(name).name: name for name in tree.names if "workout-routes/" in name}

    @classmethod
    def of(cls, tree: Tree) -> AppleHealth | None:
        """Return the reader when the files are such an export."""
        for name in tree.names:
            path = PurePosixPath(name)
            if path.suffix.lower() == ".xml" and not path.stem.endswith("_cda") and len(path.parts) <= 3:
                with tree.open(name) as stream:
                    if is_health_document(stream.read(512)):
                        return cls(tree, name)
        return None

    def claims(self, name: str, head: bytes) -> bool:
        """Say whether a file is read with the workouts or holds nothing to import."""
        is_document = name.lower().endswith(".xml") and is_beside(name, [self._document])
        return is_document or name in self._routes.values()

    def about(self, name: str) -> ActivityAbout | None:
        """Return nothing: Health knows no names of workouts."""
        return None

    def found(self) -> Iterator[Found]:
        """Yield the daily values, then the workouts."""
        records = _Records()
        try:
            with self._tree.open(self._document) as stream:
                read_document(stream, records, name=self._document)
        except (DamagedFileError, UnsafeFileError) as failure:
            yield FoundBroken(self._document, failure)
            if isinstance(failure, UnsafeFileError):
                return
        yield FoundValues(self._document, records.values(), records.days.implausible)
        for index, workout in enumerate(records.workouts):
            name = f"{self._document}/workout {index + 1}"
            try:
                yield FoundActivity(name, workout_document(workout, records.series, self._route(workout), name=name))
            except DamagedFileError as failure:
                yield FoundBroken(name, failure)

    def _route(self, workout: AppleWorkout) -> bytes | None:
        route = self._routes.get(PurePosixPath(workout.route or "").name)
        if route is None:
            return None
        with self._tree.open(route) as stream:
            return stream.read(64 * 2**20)


def is_health_document(head: bytes) -> bool:
    """Say whether a document begins as Health exports do."""
    return ROOT in head or b"<!DOCTYPE HealthData" in head


class _Records:
    """What has been read of the document."""

    def __init__(self) -> None:
        self.days = Days(SOURCE)
        self.series: dict[Channel, Series] = {}
        self.workouts: list[AppleWorkout] = []
        self._stretches: list[Stretch] = []
        self._workout: AppleWorkout | None = None

    def values(self) -> tuple[Any, ...]:
        add_nights(self.days, self._stretches)
        return self.days.values()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Record":
            self._record(attributes)
        elif tag == "Workout":
            if len(self.workouts) >= MAX_WORKOUTS:
                raise DamagedFileError(f"the export lists more than {MAX_WORKOUTS} workouts")
            self._workout = AppleWorkout(attributes)
            self.workouts.append(self._workout)
        elif self._workout is not None:
            self._workout.add(tag, attributes)

    def end(self, tag: str) -> None:
        if tag == "Workout":
            self._workout = None

    def _record(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("type", "")
        short = kind[24:] if kind.startswith("HKQuantityTypeIdentifier") else kind
        series = SERIES.get(short)
        if series is not None:
            self._sample(series, attributes)
            return
        quantity = QUANTITIES.get(short)
        if quantity is not None:
            self._quantity(quantity, attributes)
        elif kind == "HKCategoryTypeIdentifierSleepAnalysis":
            self._sleep(attributes)

    def _sample(self, series: tuple[Channel, dict[str, float]], attributes: dict[str, str]) -> None:
        channel, units = series
        at_s, value = epoch_s(attributes.get("startDate", "")), number(attributes.get("value"))
        factor = units.get(attributes.get("unit", ""))
        if at_s is not None and value is not None and factor is not None:
            held = self.series.get(channel)
            if held is None:
                held = self.series[channel] = Series()
            held.add(at_s, value * factor)

    def _quantity(self, quantity: tuple[WellnessMetric, dict[str, float], Joining], attributes: dict[str, str]) -> None:
        metric, units, joining = quantity
        begin = attributes.get("startDate", "")
        at_s, value = epoch_s(attributes.get("endDate", begin)), number(attributes.get("value"))
        factor = units.get(attributes.get("unit", ""))
        if at_s is None or value is None or factor is None:
            return
        device = attributes.get("sourceName")
        self.days.add(metric, local_day(begin[:10]), value * factor, at_s=at_s, device=device, joining=joining)

    def _sleep(self, attributes: dict[str, str]) -> None:
        stage = STAGES.get(attributes.get("value", ""))
        end = attributes.get("endDate", "")
        start_s, end_s = epoch_s(attributes.get("startDate", "")), epoch_s(end)
        if stage is not None and start_s is not None and end_s is not None:
            self._stretches.append(Stretch(start_s, end_s, stage, offset_s(end), attributes.get("sourceName")))


def read_document(stream: IO[bytes], records: Any, *, name: str) -> None:
    """Feed a Health document to the records; entities are refused, what precedes damage has been taken.

    The declarations before the root element are skipped: those of some iOS versions are not well-formed.
    """
    prolog = b""
    while ROOT not in prolog:
        block = stream.read(READ_BYTES)
        prolog += block
        if not block or len(prolog) > PROLOG_BYTES:
            raise DamagedFileError("this is no Apple Health export", file=name)
    place = prolog.index(ROOT)
    if b"<!ENTITY" in prolog[:place].upper():
        raise UnsafeFileError(
            "the document defines entities, which no Apple Health export does",
            file=name,
            remedy="Export your data from the Health app again.",
        )
    encoding = re.search(rb"encoding=[\"']([A-Za-z0-9_.-]+)", prolog[:place])
    parser = expat.ParserCreate(encoding.group(1).decode() if encoding else "UTF-8")
    parser.StartElementHandler, parser.EndElementHandler = records.start, records.end
    parser.EntityDeclHandler = _refuse_entity
    try:
        parser.Parse(prolog[place:], False)
        del prolog
        while block := stream.read(READ_BYTES):
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except expat.ExpatError as failure:
        raise DamagedFileError(
            f"the export is damaged or cut off ({failure}); what precedes the damage was read",
            file=name,
            offset_bytes=place + max(parser.ErrorByteIndex, 0),
            remedy="Export your data from the Health app again and import it; nothing will be there twice.",
        ) from failure


def _refuse_entity(*_: Any) -> None:
    raise UnsafeFileError("the document defines entities, which no Apple Health export does")
