"""What ten million activities and a hundred thousand videos would take, from what one of them took here.

    python -m benchmarks.speed.projection [--results FOLDER] [--if-costs-changed]

Nothing is run: unit costs are read from stored results (`bulk_import`, `recompute`, and of `analysis_overhead` the
slowest clip, at 30 frames a second) and multiplied. Processor time grows with the number of activities, since
each is worked on by itself; what two processes really gain is measured by `scaling` and `ray_engine`. Prices are list
prices of large providers, rounded; give your own. Left out: traffic, people, and PostgreSQL beyond one machine.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.support import write_result

ACTIVITIES = 10_000_000
VIDEOS = 100_000
VIDEO_S = 60.0
CORE_HOUR_USD = 0.05
GB_MONTH_USD = 0.023
CORES = 64
GB = 10**9
HERE = Path(__file__).resolve().parent


def stored(name: str) -> dict[str, Any]:
    """Return a stored result of this folder."""
    document: dict[str, Any] = json.loads((HERE / "results" / f"{name}.json").read_text(encoding="utf-8"))
    return document


def unit_costs() -> dict[str, float]:
    """Return what one activity, and one second of video, took."""
    imported, recomputed, video = stored("bulk_import"), stored("recompute"), stored("analysis_overhead")
    return {
        "import_cpu_s": imported["folder"]["cpu_s"] / imported["files"],
        "recompute_cpu_s": recomputed["cpu_seconds_without_postgresql"] / recomputed["rides"],
        "original_bytes": imported["bytes"] / imported["files"],
        "video_s_of_a_second": 1.0 / video["times_realtime_30_slowest"],
    }


def projected(units: dict[str, float], *, core_hour_usd: float, gb_month_usd: float) -> dict[str, Any]:
    """Return each work with its core hours, its time on so many cores, and its price."""
    seconds = {
        "import": ACTIVITIES * units["import_cpu_s"],
        "recompute": ACTIVITIES * units["recompute_cpu_s"],
        "videos": VIDEOS * VIDEO_S * units["video_s_of_a_second"],
    }
    works = {
        name: {
            "core_hours": round(took / 3600, 1),
            "hours_on_the_cores": round(took / 3600 / CORES, 2),
            "usd": round(took / 3600 * core_hour_usd, 2),
        }
        for name, took in seconds.items()
    }
    originals_gb = ACTIVITIES * units["original_bytes"] / GB
    return {
        "works": works,
        "originals_gb": round(originals_gb),
        "originals_usd_a_month": round(originals_gb * gb_month_usd, 2),
    }


def is_current() -> bool:
    """Return whether the stored projection was made from the unit costs that are stored now."""
    return bool(stored("projection")["unit_costs"] == unit_costs())


def main() -> None:
    """Multiply, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--core-hour-usd", type=float, default=CORE_HOUR_USD)
    parser.add_argument("--gb-month-usd", type=float, default=GB_MONTH_USD)
    parser.add_argument("--results", type=Path, default=HERE / "results")
    parser.add_argument("--if-costs-changed", action="store_true", help="leave a projection alone that is current")
    options = parser.parse_args()
    if options.if_costs_changed and is_current():
        return
    units = unit_costs()
    found = projected(units, core_hour_usd=options.core_hour_usd, gb_month_usd=options.gb_month_usd)
    for name, row in found["works"].items():
        print(
            f"{name:10}{row['core_hours']:10.1f} core hours{row['hours_on_the_cores']:8.2f} h on {CORES} cores"
            f"{row['usd']:10.2f} USD"
        )
    print(f"originals {found['originals_gb']} GB, {found['originals_usd_a_month']} USD a month")
    document = {
        "activities": ACTIVITIES,
        "videos": VIDEOS,
        "seconds_of_a_video": VIDEO_S,
        "cores": CORES,
        "core_hour_usd": options.core_hour_usd,
        "gb_month_usd": options.gb_month_usd,
        "unit_costs": units,
        **found,
    }
    print(write_result(options.results, "projection", document))


if __name__ == "__main__":
    main()
