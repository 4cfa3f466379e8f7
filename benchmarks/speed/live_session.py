"""A long session of push-ups before the camera in the app itself: memory, cues, a hidden tab, a call, a lost network.

    python -m benchmarks.speed.live_session [--minutes 20]

A real clip plays the camera, in a loop, in a headless Chromium that has the built app from a started server open. After
a third of the time the tab is hidden for ten seconds, after half of it a call has the camera for as long, after two
thirds the network is off until the end. Wanted: every repetition is counted aloud, and memory stays flat: body points
are put away on the device.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
from benchmarks.support import shared_data_dir, write_result
from playwright.async_api import CDPSession, Page, async_playwright
from tests.support.app_site import served, sign_up
from tests.support.browser import CHROMIUM_FLAGS, find_chromium, open_window
from tests.support.camera import FLAGS, write_clip

CLIP: Final = "video/push_up/st_grey_tee_studio_man__01.mp4"
SAMPLE_S: Final = 10.0
AWAY_S: Final = 10.0
"""How long the tab is hidden, and a call lasts."""

PATIENCE_MS: Final = 180_000
PAUSED: Final = "Paused while this page is hidden or a call has the camera."
WATCH: Final = """
(() => {
  window.cues = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (one.name === 'topform.cue') window.cues.push(one.duration);
    performance.clearMeasures('topform.cue');
  }).observe({ entryTypes: ['measure'] });
  window.spoken = [];
  const speak = SpeechSynthesis.prototype.speak;
  SpeechSynthesis.prototype.speak = function (said) { window.spoken.push(said.text); return speak.call(this, said); };
  window.hide = (isHidden) => {
    Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  };
  window.call = (isOn) => {
    const [track] = document.querySelector('video').srcObject.getVideoTracks();
    Object.defineProperty(track, 'muted', { value: isOn, configurable: true });
    track.dispatchEvent(new Event(isOn ? 'mute' : 'unmute'));
  };
})();
"""


async def memory_mb(devtools: CDPSession) -> tuple[float, float]:
    """Return what the page's scripts hold after collecting garbage: objects, and blocks of numbers. [MB]"""
    await devtools.send("HeapProfiler.collectGarbage")
    used = await devtools.send("Runtime.getHeapUsage")
    return float(used["usedSize"]) / 1e6, float(used["backingStorageSize"]) / 1e6


async def session(page: Page, *, seconds: float) -> dict[str, Any]:
    """Do push-ups for a while and return what was measured."""
    devtools = await page.context.new_cdp_session(page)
    await page.get_by_role("button", name="Start the camera").click()
    await page.get_by_test_id("live-state").wait_for(timeout=PATIENCE_MS)
    begun, samples, is_offline = time.monotonic(), [], False
    interruptions = {"hide": seconds / 3.0, "call": seconds / 2.0}
    while (at_s := time.monotonic() - begun) < seconds:
        samples.append((at_s, *await memory_mb(devtools)))
        for name in [name for name, due_s in interruptions.items() if at_s > due_s]:
            del interruptions[name]
            await page.evaluate(f"window.{name}(true)")
            await page.get_by_text(PAUSED).wait_for()
            await asyncio.sleep(AWAY_S)
            await page.evaluate(f"window.{name}(false)")
            await page.get_by_text(PAUSED).wait_for(state="hidden")
        if not is_offline and at_s > 2.0 * seconds / 3.0:
            is_offline = True
            await page.context.set_offline(True)
        await asyncio.sleep(SAMPLE_S)
    cues: list[float] = await page.evaluate("window.cues")
    spoken: list[str] = await page.evaluate("window.spoken")
    await page.get_by_role("button", name="End the set").click()
    await page.get_by_role("button", name="Save").click()
    await page.get_by_text("Kept on this device").wait_for(timeout=PATIENCE_MS)
    counted = [int(text) for text in spoken if text.isdigit()]
    times, heap, blocks = np.array(samples).T
    settled = times > times[-1] / 4.0
    return {
        "seconds": round(times[-1]),
        "counted_aloud": len(counted),
        "counts_left_out": left_out(counted),
        "cues": len(cues),
        "cue_lag_ms": {
            "median": round(float(np.median(cues)), 1),
            "p95": round(float(np.quantile(cues, 0.95)), 1),
        },
        "heap_mb": {"first": round(float(heap[0]), 1), "last": round(float(heap[-1]), 1)},
        "heap_mb_a_minute": a_minute(times[settled], heap[settled]),
        "body_points_mb": {"first": round(float(blocks[0]), 1), "last": round(float(blocks[-1]), 1)},
        "body_points_mb_a_minute": a_minute(times[settled], blocks[settled]),
        "kept_without_network": True,
    }


def a_minute(times_s: np.ndarray, values: np.ndarray) -> float:
    """Return how much a line through the values rises in a minute."""
    return round(float(np.polyfit(times_s, values, 1)[0]) * 60.0, 2)


def left_out(counted: list[int]) -> int:
    """Return how many numbers are missing between those said; each set begins again at one."""
    missing, before = 0, 0
    for count in counted:
        expected = 1 if count <= before else before + 1
        missing += count - expected
        before = count
    return missing


async def measure(minutes: float, clip: Path) -> dict[str, Any]:
    """Start a server and a browser and do the session."""
    with tempfile.TemporaryDirectory() as folder, served() as site:
        camera = write_clip(clip, Path(folder) / "camera.y4m")
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=find_chromium(), args=[*CHROMIUM_FLAGS, *FLAGS, camera]
            )
            visitor = await open_window(browser, site.url, viewport="phone")
            await sign_up(visitor, "Lena")
            await visitor.page.add_init_script(WATCH)
            await visitor.visit("/live/push-ups")
            found = await session(visitor.page, seconds=60.0 * minutes)
            await browser.close()
    return found


def main() -> int:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20.0)
    asked = parser.parse_args()
    shared = shared_data_dir()
    if shared is None or find_chromium() is None:
        print("This needs the evaluation data beside the checkout and a Chromium: nothing measured.")
        return 0
    found = asyncio.run(measure(asked.minutes, shared / CLIP))
    print(found)
    path = write_result(Path(__file__).parent / "results", "live_session", {"minutes": asked.minutes, **found})
    print(f"written {path.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
