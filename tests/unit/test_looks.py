"""The comparison of pictures sees what a person sees, and nothing else."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.support.looks import Picture, difference, read
from tests.support.shared_data import REPOSITORY

STORED = sorted((REPOSITORY / "tests/e2e/app/looks").glob("*.webp"))
SOME = STORED[::9]


def moved(picture: Picture, rows: int, *, below: int = 0) -> Picture:
    """Return the picture with everything below a row further down."""
    gap = np.repeat(picture[below : below + 1], rows, axis=0)
    return np.concatenate([picture[:below], gap, picture[below:-rows]])


def busiest(picture: Picture, height: int, width: int) -> tuple[slice, slice]:
    """Return where there is most to see in a window of that size."""
    detail = np.abs(cv2.Laplacian(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.CV_32F))
    windows = cv2.boxFilter(detail, -1, (width, height), normalize=False, borderType=cv2.BORDER_CONSTANT)
    inside = windows[height // 2 : -height // 2, width // 2 : -width // 2]
    row, column = np.unravel_index(int(inside.argmax()), inside.shape)
    return slice(int(row), int(row) + height), slice(int(column), int(column) + width)


def test_there_are_pictures_of_a_phone_and_a_desk_in_light_and_dark() -> None:
    names = {file.stem for file in STORED}
    assert {name.split("-", 1)[1] for name in names} == {"phone-light", "desktop-dark"}
    assert len(names) >= 28
    assert sum(file.stat().st_size for file in STORED) < 2_500_000


@pytest.mark.parametrize("file", SOME, ids=lambda file: file.stem)
class TestEveryPicture:
    def test_is_like_itself_drawn_by_another_machine(self, file: Path) -> None:
        picture = read(file)
        softer = cv2.GaussianBlur(picture, (0, 0), 0.5)
        bolder = cv2.addWeighted(picture, 1.25, cv2.GaussianBlur(picture, (0, 0), 1.0), -0.25, 0)
        recoded = cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 70])[1], cv2.IMREAD_COLOR)
        half = np.array([[1, 0, 0.5], [0, 1, 0.5]], dtype=np.float32)
        between = cv2.warpAffine(picture, half, picture.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
        for drawn in (softer, bolder, recoded, between, moved(picture, 1)):
            found = difference(picture, np.asarray(drawn, dtype=np.uint8))
            assert not found.is_seen, str(found)

    def test_is_unlike_itself_without_a_card(self, file: Path) -> None:
        picture = read(file)
        rows, columns = busiest(picture, 40, min(150, picture.shape[1] - 8))
        without = picture.copy()
        without[rows, columns] = picture[rows.start, columns.start]
        assert difference(picture, without).is_seen

    def test_is_unlike_itself_without_a_button(self, file: Path) -> None:
        picture = read(file)
        rows, columns = busiest(picture, 20, 48)
        without = picture.copy()
        without[rows, columns] = picture[rows.start, columns.start]
        assert difference(picture, without).is_seen

    def test_is_unlike_itself_in_other_colours(self, file: Path) -> None:
        picture = read(file)
        assert difference(picture, 255 - picture).is_seen
        assert difference(picture, np.ascontiguousarray(picture[:, :, ::-1])).is_seen
        ground = np.clip(picture + np.array([0, 3, 6], dtype=np.int16), 0, 255).astype(np.uint8)
        assert difference(picture, ground).is_seen

    @pytest.mark.parametrize("share", [0.1, 0.4])
    def test_is_unlike_itself_where_things_moved(self, file: Path, share: float) -> None:
        """By ten points, which are five pixels of the stored picture."""
        picture = read(file)
        assert difference(picture, moved(picture, 5, below=int(share * picture.shape[0]))).is_seen

    def test_is_unlike_itself_on_a_longer_page(self, file: Path) -> None:
        picture = read(file)
        longer = np.concatenate([picture, np.repeat(picture[-1:], 20, axis=0)])
        assert difference(picture, longer).is_seen
