"""A database as it is after years of training of many people, made in minutes.

Different activities are drafted by the import's own code, from streams to metrics and best efforts; the server then
copies their rows for every athlete and day. The rows arrive day by day and athlete after athlete, so that the
activities of one athlete lie scattered over the whole table, which is the worst case for reading them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import psycopg
from benchmarks.speed.recompute import made_leg
from psycopg import sql

from topform.core.activity import Channel, Leg, Recording, Sport, Streams
from topform.core.ids import AthleteId, new_id
from topform.core.wellness import WellnessMetric
from topform.features.accounts.public import add_local_athlete
from topform.features.activities.curve_sums import sum_up_months
from topform.features.activities.drafts import draft_recording
from topform.features.activities.tables import (
    ActivityBestRow,
    ActivityLegRow,
    ActivityMetricRow,
    ActivityRow,
    ActivitySourceRow,
)
from topform.features.athletes.public import SINCE_ALWAYS, parameter_history, set_parameter
from topform.platform.web.resources import Resources

DIFFERENT = 12
PARAMETERS = {"hr_rest_bpm": 50.0, "hr_max_bpm": 190.0, "lthr_bpm": 170.0, "ftp_w": 220.0, "threshold_speed_m_s": 4.0}
WELLNESS = (
    WellnessMetric.HRV_RMSSD_MS,
    WellnessMetric.RESTING_HR_BPM,
    WellnessMetric.SLEEP_S,
    WellnessMetric.BODY_MASS_KG,
)
PARTS = ("activity_sources", "activity_legs", "activity_metrics", "activity_bests")
FILLED = ("activities", *PARTS, "wellness_values")


def run_of(number: int, started_at: datetime) -> Leg:
    """Return a run of three quarters of an hour with position, height, speed and heart rate."""
    rng = np.random.default_rng(10_000 + number)
    seconds = 2700
    speed = np.round(np.clip(3.1 + 0.4 * np.sin(np.cumsum(rng.normal(0, 0.02, seconds))), 1.5, 6.0), 3)
    channels = {
        Channel.HR_BPM: np.round(150 + 12 * np.sin(np.cumsum(rng.normal(0, 0.01, seconds)))),
        Channel.SPEED_M_S: speed,
        Channel.ALTITUDE_M: np.round(400 + np.cumsum(rng.normal(0, 0.05, seconds)), 1),
        Channel.LATITUDE_DEG: 47.0 + np.cumsum(speed) / 111_195,
        Channel.LONGITUDE_DEG: np.full(seconds, 8.0),
    }
    return Leg(
        sport=Sport.RUNNING,
        started_at=started_at,
        elapsed_s=float(seconds),
        timer_s=float(seconds),
        distance_m=float(speed.sum()),
        streams=Streams(np.arange(float(seconds)), channels),
    )


async def fill(resources: Resources, *, athletes: int, years: float, last: date) -> list[AthleteId]:
    """Store one activity a day and athlete, and return the athletes."""
    owner = await _templates(resources)
    days = round(years * 365)
    with psycopg.connect(resources.database.plain_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '512MB'")
        ids = _copy_athletes(connection, owner, athletes)
        _make_activity_list(connection, ids, owner, first=last - timedelta(days=days - 1), days=days)
        indexes = _without_indexes(connection)
        _copy_activities(connection)
        _copy_wellness(connection, first=last - timedelta(days=days - 1), days=days)
        for statement in indexes:
            connection.execute(statement)
        connection.execute("DROP TABLE load_list")
        connection.execute(
            "INSERT INTO curve_changes (athlete_id, month) "
            "SELECT DISTINCT athlete_id, date_trunc('month', local_date::timestamp)::date FROM activities"
        )
    await sum_up_months(resources.database)
    with psycopg.connect(resources.database.plain_url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
    return [AthleteId(one) for one in ids]


async def _templates(resources: Resources) -> AthleteId:
    """Store an athlete with a few different activities, as an import does."""
    now = resources.clock.now()
    began = datetime(2016, 1, 1, 8, tzinfo=UTC)
    async with resources.database.transaction() as session:
        athlete, _ = await add_local_athlete(
            session, email="template@example.org", display_name="Template", time_zone="UTC", now=now
        )
        owner = AthleteId(athlete.id)
        for name, value in PARAMETERS.items():
            await set_parameter(session, owner, name, valid_from=SINCE_ALWAYS, value=value, origin="entered", now=now)
        history = await parameter_history(session, owner)
        for number in range(DIFFERENT):
            leg = made_leg(number, began) if number % 3 else run_of(number, began)
            draft = draft_recording(
                Recording("fit", (leg,)),
                digest=f"{number:064x}",
                file_name="activity.fit",
                size_bytes=100_000,
                athlete=history,
                time_zone="UTC",
            )
            activity, key = new_id(), f"streams/{number}.parquet"
            await resources.store.put(key, draft.streams)
            ours = {"activity_id": activity, "athlete_id": owner}
            source = {
                "id": new_id(),
                "sha256": draft.sha256,
                "file_name": draft.file_name,
                "format": "fit",
                "size_bytes": draft.size_bytes,
                "object_key": f"originals/{number}",
                "quality": draft.quality,
                "is_primary": True,
                "created_at": now,
            }
            whole = {"id": activity, "athlete_id": owner, "streams_key": key, "created_at": now, "updated_at": now}
            rows: Sequence[tuple[Any, list[dict[str, Any]]]] = (
                (ActivityRow, [{**draft.values, **whole}]),
                (ActivitySourceRow, [{**ours, **source}]),
                (ActivityLegRow, [{**ours, **row} for row in draft.legs]),
                (ActivityMetricRow, [{**ours, **row} for row in draft.metrics]),
                (ActivityBestRow, [{**ours, **row} for row in draft.bests]),
            )
            for table, values in rows:
                if values:
                    await session.execute(table.__table__.insert(), values)
    return owner


def _copy_athletes(connection: psycopg.Connection[Any], owner: AthleteId, athletes: int) -> list[Any]:
    ids = [new_id() for _ in range(athletes)]
    for number, athlete_id in enumerate(ids):
        for table, changes in (
            ("athletes", {"id": athlete_id, "email": f"athlete{number}@example.org"}),
            ("account_credentials", {"athlete_id": athlete_id}),
            ("athlete_parameters", {"athlete_id": athlete_id}),
        ):
            key = "id" if table == "athletes" else "athlete_id"
            connection.execute(
                sql.SQL("INSERT INTO {t} SELECT (jsonb_populate_record(x, %s)).* FROM {t} x WHERE {key} = %s").format(
                    t=sql.Identifier(table), key=sql.Identifier(key)
                ),
                [psycopg.types.json.Jsonb({name: str(value) for name, value in changes.items()}), owner],
            )
    return ids


def _make_activity_list(
    connection: psycopg.Connection[Any], ids: list[Any], owner: AthleteId, *, first: date, days: int
) -> None:
    """Make a list of all activities: whose, when, with an id in the order of time, and like which template."""
    connection.execute("CREATE UNLOGGED TABLE load_list (id uuid, athlete_id uuid, day date, template uuid, n int)")
    connection.execute(
        """
        WITH athletes AS (SELECT id, number FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS one (id, number)),
        templates AS (SELECT array_agg(id ORDER BY id) AS ids FROM activities WHERE athlete_id = %(owner)s)
        INSERT INTO load_list
        SELECT (lpad(to_hex((extract(epoch FROM %(first)s::date + day) * 1000)::bigint), 12, '0') || '7'
                || substr(md5(athletes.id::text || day), 1, 3) || '8' || substr(md5(day || athletes.id::text), 4, 15)
               )::uuid,
               athletes.id, %(first)s::date + day,
               templates.ids[1 + (day + 5 * athletes.number) %% cardinality(templates.ids)], day
        FROM generate_series(0, %(days)s - 1) AS day, athletes, templates
        ORDER BY day, athletes.number
        """,
        {"ids": ids, "owner": owner, "first": first, "days": days},
    )
    connection.execute("ANALYZE load_list")


def _without_indexes(connection: psycopg.Connection[Any]) -> list[str]:
    """Drop the indexes of the tables to be filled and return the statements that make them again."""
    again = []
    for table in FILLED:
        constraints = connection.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype IN ('p', 'u') AND conrelid <> 'activities'::regclass",
            [table],
        ).fetchall()
        for name, definition in constraints:
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            again.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        indexes = connection.execute(
            "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = %s AND NOT EXISTS "
            "(SELECT FROM pg_constraint c WHERE c.conindid = i.indexname::regclass)",
            [table],
        ).fetchall()
        for name, definition in indexes:
            connection.execute(f"DROP INDEX {name}")
            again.append(definition)
    return again


def _copy_activities(connection: psycopg.Connection[Any]) -> None:
    """Copy the templates' rows for every activity of the list, each with its own id, owner, day and load."""
    own = {
        "activities": {
            "id": "l.id",
            "local_date": "l.day",
            "started_at": "l.day + interval '8 hours'",
            "load_au": "x.load_au * (0.6 + 0.8 * ((l.n * 7919) % 101) / 100.0)",
            "title": "'Session ' || l.n",
        },
        "activity_sources": {"id": "gen_random_uuid()", "sha256": "md5(l.id::text) || md5(l.n::text)"},
        "activity_legs": {"started_at": "l.day + interval '8 hours'"},
        "activity_metrics": {"value": "x.value * (0.9 + 0.2 * ((l.n * 7919) % 101) / 100.0)"},
        "activity_bests": {"value": "x.value * (0.9 + 0.2 * ((l.n * 7919) % 101) / 100.0)"},
    }
    for table, changed in own.items():
        key = "id" if table == "activities" else "activity_id"
        values = {"athlete_id": "l.athlete_id", **({} if table == "activities" else {"activity_id": "l.id"}), **changed}
        columns = [
            row[0]
            for row in connection.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
                [table],
            )
        ]
        chosen = ", ".join(values.get(column, f"x.{column}") for column in columns)
        connection.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) "
            f"SELECT {chosen} FROM load_list l JOIN {table} x ON x.{key} = l.template ORDER BY l.n"
        )


def _copy_wellness(connection: psycopg.Connection[Any], *, first: date, days: int) -> None:
    connection.execute(
        """
        INSERT INTO wellness_values (athlete_id, metric, local_date, source, value, updated_at)
        SELECT l.athlete_id, m.metric, l.day, 'watch', m.usual * (0.9 + 0.2 * ((l.n * 31 + m.number) %% 97) / 96), now()
        FROM load_list l, unnest(%s::text[], %s::float8[]) WITH ORDINALITY AS m (metric, usual, number)
        ORDER BY l.n
        """,
        [[metric.value for metric in WELLNESS], [60.0, 50.0, 27_000.0, 70.0]],
    )
