"""One `.tflite` model with one input, kept ready for many calls."""

from __future__ import annotations

from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from topform.core.errors import ModelUnavailableError


class LiteRtModel:
    """A LiteRT interpreter whose input is written in place.

    Parameters
    ----------
    content : bytes
        Verified model file.
    input_shape : tuple of int
        What the caller will write; another model fails here rather than in the middle of a video.
    threads : int
        Threads of the interpreter.
    """

    def __init__(self, content: bytes, *, input_shape: tuple[int, ...], threads: int) -> None:
        self._interpreter: Any = Interpreter(model_content=content, num_threads=threads)
        self._interpreter.allocate_tensors()
        (described,) = self._interpreter.get_input_details()
        if tuple(described["shape"]) != input_shape:
            raise ModelUnavailableError(f"The model takes {tuple(described['shape'])}, expected {input_shape}")
        self._input_index: int = described["index"]
        self._output_indices: list[int] = [item["index"] for item in self._interpreter.get_output_details()]

    def run(self, rgb: NDArray[np.uint8], *, scale: float, offset: float) -> None:
        """Run the model on ``rgb * scale + offset``."""
        image: NDArray[np.float32] = self._interpreter.tensor(self._input_index)()
        np.multiply(rgb, np.float32(scale), out=image[0], casting="unsafe", dtype=np.float32)
        if offset != 0.0:
            image += np.float32(offset)
        # The interpreter does not run while somebody looks at its memory.
        del image
        self._interpreter.invoke()

    def output(self, position: int) -> NDArray[np.float32]:
        """Return a copy of the output at a position in the model's signature."""
        tensor: NDArray[np.float32] = self._interpreter.get_tensor(self._output_indices[position])
        return tensor
