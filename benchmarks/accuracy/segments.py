"""Whether segments cut out of real recordings are found again, and how exact their times are; on real devices' files.

``python -m benchmarks.accuracy.segments`` reads the GPS recordings of the evaluation data and writes
``results/segments.json``. From each, the middle of its route is cut out and looked for: in the recording itself; with
an error of some metres added to every position, that lasts for about ten seconds as a receiver's does; shifted aside
beyond the tolerance; and, where the route does not come near itself again, backwards.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from benchmarks.support import shared_data_dir, write_result
from scipy.spatial import cKDTree

from topform.core.activity import Channel
from topform.core.arrays import FloatArray
from topform.core.errors import ActivityFileError
from topform.formats import decode
from topform.science.motion import M_PER_DEGREE, step_m
from topform.science.segments import REACH_M, Course, CourseError, Pass, cut_course, find_passes

RESULTS: Final = Path(__file__).parent / "results"
ENDINGS: Final = (".fit", ".tcx", ".gpx")
LARGEST_BYTES: Final = 3_000_000
ROUTE_FROM_M: Final = 1000.0
ERRORS_M: Final = (3.0, 5.0, 8.0)
ERROR_LASTS_S: Final = 10.0
ASIDE_M: Final = 2 * REACH_M
NEAR_AGAIN_M: Final = 4 * REACH_M

Track = tuple[FloatArray, FloatArray, FloatArray]


def tracks(folder: Path) -> Iterator[tuple[str, Track]]:
    """Yield the routes of the recordings, each once: name, instants and positions."""
    seen: set[bytes] = set()
    for path in sorted(one for one in folder.rglob("*") if one.suffix.lower() in ENDINGS):
        if path.stat().st_size > LARGEST_BYTES:
            continue
        try:
            legs = decode(path.read_bytes(), file=path.name).legs
        except ActivityFileError:
            continue
        for leg in legs:
            latitude, longitude = leg.streams.get(Channel.LATITUDE_DEG), leg.streams.get(Channel.LONGITUDE_DEG)
            if latitude is None or longitude is None:
                continue
            known = np.isfinite(latitude) & np.isfinite(longitude)
            key = latitude[known].tobytes()
            if known.sum() < 60 or key in seen or np.nansum(step_m(latitude[known], longitude[known])) < ROUTE_FROM_M:
                continue
            seen.add(key)
            yield f"{path.parent.name}/{path.name}", (leg.streams.t_s[known], latitude[known], longitude[known])


def middle_of(track: Track) -> tuple[float, float]:
    """Return when three and seven tenths of the way were done."""
    t_s, latitude, longitude = track
    along = np.concatenate([[0.0], np.cumsum(step_m(latitude, longitude))])
    return float(np.interp(0.3 * along[-1], along, t_s)), float(np.interp(0.7 * along[-1], along, t_s))


def disturbed(track: Track, error_m: float, rng: np.random.Generator) -> Track:
    """Return the track with a receiver's error: as large in each direction as said, and slow to change."""
    t_s, latitude, longitude = track
    error = np.zeros((t_s.size, 2))
    error[0] = rng.normal(0, error_m, 2)
    for place in range(1, t_s.size):
        kept = float(np.exp(-(t_s[place] - t_s[place - 1]) / ERROR_LASTS_S))
        error[place] = kept * error[place - 1] + np.sqrt(1 - kept**2) * rng.normal(0, error_m, 2)
    east = error[:, 0] / M_PER_DEGREE / np.cos(np.radians(latitude))
    return t_s, latitude + error[:, 1] / M_PER_DEGREE, longitude + east


def comes_near_again(course: Course) -> bool:
    """Tell whether a course meets itself, so that a stretch of it can lie on the way back too."""
    shrink = np.cos(np.radians(course.latitude_deg.mean()))
    points = np.column_stack([course.latitude_deg, course.longitude_deg * shrink]) * M_PER_DEGREE
    pairs = cKDTree(points).query_pairs(NEAR_AGAIN_M, output_type="ndarray")
    return bool((np.abs(pairs[:, 0] - pairs[:, 1]) > 3 * NEAR_AGAIN_M / 10).any()) if len(pairs) else False


def nearest(found: Sequence[Pass], start_s: float, end_s: float) -> Pass | None:
    """Return the pass that is the one meant."""
    close = [one for one in found if one.start_s < end_s and one.end_s > start_s]
    return min(close, key=lambda one: abs(one.start_s - start_s) + abs(one.end_s - end_s), default=None)


def measured(folder: Path) -> dict[str, Any]:
    """Return what was found of how much, and the errors of the times."""
    rng = np.random.default_rng(20261122)
    recordings = refused = found_again = straight = backwards = aside = 0
    itself_s: list[float] = []
    noisy: dict[float, list[float | None]] = {error: [] for error in ERRORS_M}
    samples, spent_s = 0, 0.0
    for _name, track in tracks(folder):
        recordings += 1
        start_s, end_s = middle_of(track)
        try:
            course = cut_course(*track, start_s=start_s, end_s=end_s)
        except CourseError:
            refused += 1
            continue
        began = time.process_time()
        own = nearest(find_passes(course, *track), start_s, end_s)
        spent_s, samples = spent_s + time.process_time() - began, samples + track[0].size
        if own is None:
            refused += 1
            continue
        found_again += 1
        itself_s.append(abs(own.elapsed_s - (end_s - start_s)))
        for error_m, errors in noisy.items():
            other = nearest(find_passes(course, *disturbed(track, error_m, rng)), start_s, end_s)
            errors.append(None if other is None else other.elapsed_s - own.elapsed_s)
        aside += bool(find_passes(course, track[0], track[1] + ASIDE_M / M_PER_DEGREE, track[2]))
        if not comes_near_again(course):
            straight += 1
            turned = track[0], track[1][::-1], track[2][::-1]
            backwards += bool(find_passes(course, *turned))
    return {
        "recordings": recordings,
        "refused": refused,
        "found_in_itself": found_again,
        "error_in_itself_s": {"median": float(np.median(itself_s)), "95": float(np.quantile(itself_s, 0.95))},
        "with_error": [_row(error_m, errors) for error_m, errors in noisy.items()],
        "shifted_aside": {"by_m": ASIDE_M, "found": aside},
        "backwards": {"routes": straight, "found": backwards},
        "cpu_ms_per_1000_samples": 1e6 * spent_s / samples,
    }


def _row(error_m: float, errors: Sequence[float | None]) -> dict[str, Any]:
    known = np.abs([one for one in errors if one is not None])
    return {
        "error_m": error_m,
        "found": len(known),
        "of": len(errors),
        "time_error_s": {"median": float(np.median(known)), "95": float(np.quantile(known, 0.95))},
    }


def main(_arguments: Sequence[str] = ()) -> None:
    """Measure, print and write."""
    folder = shared_data_dir()
    if folder is None:
        raise SystemExit("The evaluation data is not beside this checkout (set TOPFORM_SHARED_DATA).")
    result = measured(folder / "activities")
    print(f"{result['recordings']} recordings, {result['refused']} without a usable middle")
    print(f"found in itself: {result['found_in_itself']}, error {result['error_in_itself_s']} s")
    for row in result["with_error"]:
        print(f"error of {row['error_m']:g} m: {row['found']} of {row['of']} found, times off {row['time_error_s']} s")
    print(f"backwards {result['backwards']}, aside {result['shifted_aside']}")
    print(f"{result['cpu_ms_per_1000_samples']:.1f} ms CPU per 1000 samples")
    write_result(RESULTS, "segments", result)


if __name__ == "__main__":
    main()
