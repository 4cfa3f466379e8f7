"""Ten years of training computed again: 3,650 one-hour rides with four channels, from storage to storage.

    python -m benchmarks.speed.recompute [--rides 3650] [--results FOLDER]

The rides lie in a database as an import leaves them: streams as objects, documents, metrics, best efforts. The clock
runs over the whole recomputation as ``topform recompute`` and the job do it: reading everything, decoding streams, all
metrics and curves, writing all rows in transactions with the history of what changed. A changed threshold makes every
power-based number come out differently, so that history is written too. Then the curve of best efforts over all ten
years is asked for. The rides are made by code; forty different ones are stored ninety times each on their own days.

The formulas alone are timed beside a plain pandas version of a fraction of them, per ride.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from benchmarks.support import cpu_s, write_result

from topform.core.activity import Channel, Leg, Recording, Sport, Streams
from topform.core.clock import SystemClock
from topform.core.ids import AthleteId, new_id
from topform.features.accounts.public import add_local_athlete
from topform.features.activities.curves import best_of_range
from topform.features.activities.drafts import ActivityDraft, draft_recording
from topform.features.activities.recomputing import Recomputation
from topform.features.activities.tables import (
    ActivityBestRow,
    ActivityLegRow,
    ActivityMetricRow,
    ActivityRow,
    ActivitySourceRow,
)
from topform.features.athletes.public import parameter_history, set_parameter
from topform.platform.objects import ObjectStore
from topform.platform.running import connect_or_start
from topform.platform.settings import Settings
from topform.platform.web.resources import Resources
from topform.science.athlete import AthleteParameters
from topform.science.leg_analysis import analyse_leg

WANTED_S = 60.0
RIDES = 3650
DIFFERENT = 40
HOUR_S = 3600
FIRST = datetime(2016, 1, 1, 8, tzinfo=UTC)
HERE = Path(__file__).resolve().parent


def made_leg(number: int, started_at: datetime) -> Leg:
    """Return a one-hour ride with power, heart rate, cadence and speed."""
    rng = np.random.default_rng(number)
    t_s = np.arange(float(HOUR_S))

    def wander(step: float) -> Any:
        return np.sin(np.cumsum(rng.normal(0, step, HOUR_S)))

    power = np.round(np.clip(190 + 70 * wander(0.02) + rng.normal(0, 25, HOUR_S), 0, 1200))
    channels = {
        Channel.POWER_W: power,
        Channel.HR_BPM: np.round(140 + 20 * wander(0.01)),
        Channel.CADENCE_RPM: np.round(88 + rng.normal(0, 3, HOUR_S)),
        Channel.SPEED_M_S: np.round(8.5 + 1.5 * wander(0.01), 3),
    }
    return Leg(
        sport=Sport.CYCLING,
        started_at=started_at,
        elapsed_s=float(HOUR_S),
        timer_s=float(HOUR_S),
        distance_m=float(np.sum(channels[Channel.SPEED_M_S])),
        streams=Streams(t_s, channels),
    )


async def fill(resources: Resources, athlete_id: AthleteId, rides: int) -> None:
    """Store the rides as an import does, in bulk."""
    async with resources.database.transaction() as session:
        history = await parameter_history(session, athlete_id)
    kinds = [draft(number, history) for number in range(min(DIFFERENT, rides))]
    now = resources.clock.now()
    for begin in range(0, rides, 200):
        rows: dict[Any, list[dict[str, Any]]] = {
            table: [] for table in (ActivityRow, ActivitySourceRow, ActivityLegRow, ActivityMetricRow, ActivityBestRow)
        }
        for number in range(begin, min(begin + 200, rides)):
            kind = kinds[number % len(kinds)]
            started_at = FIRST + timedelta(days=number)
            key = f"streams/{athlete_id}/{number}.parquet"
            await resources.store.put(key, kind.streams)
            activity = new_id()
            owner = {"activity_id": activity, "athlete_id": athlete_id}
            moved = {"started_at": started_at, "local_date": started_at.date()}
            rows[ActivityRow].append(
                {
                    **kind.values,
                    **moved,
                    "id": activity,
                    "athlete_id": athlete_id,
                    "streams_key": key,
                    "created_at": now,
                    "updated_at": now,
                }
            )
            rows[ActivitySourceRow].append(
                {
                    **owner,
                    "id": new_id(),
                    "sha256": f"{number:064x}",
                    "file_name": "ride.fit",
                    "format": "fit",
                    "size_bytes": 1,
                    "object_key": f"originals/{athlete_id}/{number}",
                    "quality": 1.0,
                    "is_primary": True,
                    "created_at": now,
                }
            )
            rows[ActivityLegRow] += [{**owner, **leg, "started_at": started_at} for leg in kind.legs]
            rows[ActivityMetricRow] += [{**owner, **metric} for metric in kind.metrics]
            rows[ActivityBestRow] += [{**owner, **best} for best in kind.bests]
        async with resources.database.transaction() as session:
            for table, values in rows.items():
                await session.execute(table.__table__.insert(), values)


def draft(number: int, athlete: Any) -> ActivityDraft:
    """Return a ride as an import would store it."""
    recording = Recording("fit", (made_leg(number, FIRST),))
    return draft_recording(
        recording, digest=f"{number:064x}", file_name="ride.fit", size_bytes=1, athlete=athlete, time_zone="UTC"
    )


def plain_pandas(leg: Leg, *, ftp_w: float) -> dict[str, float]:
    """Return weighted power, load and seven best efforts with pandas, as a script would."""
    frame = pd.DataFrame({name.value: values for name, values in leg.streams.channels.items()})
    weighted = float((frame["power_w"].rolling(30).mean() ** 4).mean() ** 0.25)
    found = {"weighted_power_w": weighted, "power_load": len(frame) / 3600 * (weighted / ftp_w) ** 2 * 100}
    for duration in (5, 30, 60, 300, 600, 1200, 2400):
        found[f"best_{duration}"] = float(frame["power_w"].rolling(duration).mean().max())
    return found | {f"mean_{name}": float(values.mean()) for name, values in frame.items()}


def formulas_ms() -> dict[str, float]:
    """Return the time that the formulas take for one ride, beside the plain version. [ms]"""
    leg = made_leg(1, FIRST)
    athlete = AthleteParameters(sex="f", hr_rest_bpm=50, hr_max_bpm=190, lthr_bpm=170, ftp_w=230)
    found = {"topform_all": 1e9, "pandas_eleven_numbers": 1e9}
    for _ in range(30):
        began = time.perf_counter()
        analysis = analyse_leg(leg, athlete)
        middle = time.perf_counter()
        plain = plain_pandas(leg, ftp_w=230)
        ended = time.perf_counter()
        found["topform_all"] = min(found["topform_all"], 1000 * (middle - began))
        found["pandas_eleven_numbers"] = min(found["pandas_eleven_numbers"], 1000 * (ended - middle))
    ours = analysis.metrics["weighted_power_w"].value
    assert ours is not None
    assert abs(ours - plain["weighted_power_w"]) < 1e-6 * ours
    found["topform_numbers"] = float(len(analysis.metrics) + sum(one.means.size for one in analysis.curves.values()))
    return found


async def measure(rides: int) -> dict[str, Any]:
    """Fill a database, compute all of it again and ask for the curve."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101 - the database runs as a user of its own
        settings = Settings(data_dir=Path(folder) / "data", log_level="warning")
        async with connect_or_start(settings) as database:
            resources = Resources(settings, database, ObjectStore.from_settings(settings), SystemClock())
            now = resources.clock.now()
            async with database.transaction() as session:
                athlete, _ = await add_local_athlete(
                    session, email="a@b.example", display_name="A", time_zone="UTC", now=now
                )
                athlete_id = AthleteId(athlete.id)
                for name, value in (
                    ("hr_rest_bpm", 50.0),
                    ("hr_max_bpm", 190.0),
                    ("lthr_bpm", 170.0),
                    ("ftp_w", 220.0),
                ):
                    await set_parameter(
                        session,
                        athlete_id,
                        name,
                        valid_from=date(2000, 1, 1),
                        value=value,
                        origin="entered",
                        now=now,
                    )
            await fill(resources, athlete_id, rides)
            async with database.transaction() as session:
                await set_parameter(
                    session,
                    athlete_id,
                    "ftp_w",
                    valid_from=date(2000, 1, 1),
                    value=230.0,
                    origin="entered",
                    now=now,
                )
            cpu, began = cpu_s(), time.perf_counter()
            outcome = await Recomputation(resources, athlete_id).run()
            seconds, spent = time.perf_counter() - began, cpu_s() - cpu
            curve_s = []
            for _ in range(5):
                began = time.perf_counter()
                async with database.transaction() as session:
                    points = await best_of_range(
                        session, athlete_id, sport="cycling", kind="power_w", first=None, last=None
                    )
                curve_s.append(time.perf_counter() - began)
            assert outcome.activities == rides, outcome
            return {
                "rides": rides,
                "seconds": seconds,
                "cpu_seconds_without_postgresql": spent,
                "ms_per_ride": 1000 * seconds / rides,
                "changed_metrics_kept": outcome.changed_metrics,
                "curve_of_all_ms": 1000 * min(curve_s),
                "curve_points": len(points),
            }


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rides", type=int, default=RIDES)
    parser.add_argument("--results", type=Path, default=HERE / "results")
    options = parser.parse_args()
    result = {"wanted_s": WANTED_S, "formulas_ms_per_ride": formulas_ms(), **asyncio.run(measure(options.rides))}
    result["load_average_at_the_end"] = os.getloadavg()[0]
    print(json.dumps(result, indent=1))
    print(f"{result['seconds']:.1f} s, wanted at most {WANTED_S:.0f} s")
    print(write_result(options.results, "recompute", result))


if __name__ == "__main__":
    main()
