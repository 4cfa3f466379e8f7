"""The form model: one frame and the memory in, what is seen and the new memory out.

The graph takes raw keypoints: it follows the size of the body, keeps the last place of a joint that is missed, and
computes angles and speeds itself, so Python, the browser and a phone run the same function. Needs PyTorch.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn

from topform.kinematics.skeleton import BLAZEPOSE33

JOINTS: Final = (
    "nose",
    *(
        f"{side}_{name}"
        for name in ("ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot_index")
        for side in ("left", "right")
    ),
)
_AT: Final = {name: place for place, name in enumerate(JOINTS)}
ANGLES: Final = tuple(
    (_AT[f"{side}_{a}"], _AT[f"{side}_{b}"], _AT[f"{side}_{c}"])
    for a, b, c in (
        ("shoulder", "elbow", "wrist"),
        ("shoulder", "hip", "ankle"),
        ("shoulder", "hip", "knee"),
        ("hip", "knee", "ankle"),
        ("hip", "shoulder", "elbow"),
        ("hip", "shoulder", "ear"),
        ("ear", "shoulder", "ankle"),
    )
    for side in ("left", "right")
)
SIZE_TIME_S: Final = 2.0
SPEED_UNIT: Final = 0.1
MAX_SPEED: Final = 3.0
N_JOINTS: Final = len(JOINTS)
N_FEATURES: Final = 5 * N_JOINTS + 2 * len(ANGLES) + 2
N_FEATURE_MEMORY: Final = 2 * N_JOINTS + 2

DILATIONS: Final = (1, 2, 4, 8, 16)

HEADS: Final = {"phase": 4, "ended": 1, "fault": 9, "exercise": 3, "measure": 6, "view": 2}
N_OUTPUTS: Final = sum(HEADS.values())
MEASURE_UNIT_DEG: Final = 20.0


class Features(nn.Module):
    """Features of one frame; no parameters.

    Memory: the last place of every joint in body sizes, the size of the body in the picture, and whether a body was
    seen before.
    """

    keep: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("keep", torch.tensor(BLAZEPOSE33.indices(JOINTS)), persistent=False)
        self.core = [_AT[f"{s}_{n}"] for n in ("shoulder", "hip") for s in ("left", "right")]
        self.frame = [_AT[f"{s}_{n}"] for n in ("shoulder", "elbow", "wrist", "hip", "knee") for s in ("left", "right")]
        self.first = [a for a, _, _ in ANGLES]
        self.vertex = [b for _, b, _ in ANGLES]
        self.last = [c for _, _, c in ANGLES]

    def forward(self, xy: Tensor, score: Tensor, step_s: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """Take one frame of N recordings.

        Parameters
        ----------
        xy : Tensor, shape (N, 33, 2)
            Keypoints, y down, any scale; anything where the score is 0.
        score : Tensor, shape (N, 33)
            Certainty 0..1; 0 = missed.
        step_s : Tensor, shape (N, 1)
            Time since the frame before. [s]
        memory : Tensor, shape (N, 36)
            From the frame before; zeros at the start.
        """
        points = torch.index_select(xy, 1, self.keep)
        score = torch.index_select(score, 1, self.keep)
        before = memory[:, : 2 * N_JOINTS].reshape(-1, N_JOINTS, 2)
        size, had = memory[:, 2 * N_JOINTS : 2 * N_JOINTS + 1], memory[:, 2 * N_JOINTS + 1 :]
        found = (score > 0.0).to(xy.dtype)
        of_core, of_frame = found[:, self.core].unsqueeze(2), found[:, self.frame].unsqueeze(2)
        seen = torch.amax(of_core, dim=1)
        origin = torch.sum(points[:, self.core] * of_core, dim=1, keepdim=True)
        origin = origin / torch.clamp(torch.sum(of_core, dim=1, keepdim=True), min=1.0)
        centred = points - origin
        square = torch.sum(torch.sum(centred[:, self.frame] ** 2 * of_frame, dim=2), dim=1, keepdim=True)
        now = torch.sqrt(square / torch.clamp(torch.sum(of_frame, dim=1), min=1.0) + 1e-12)
        share = 1.0 - torch.exp(-step_s / SIZE_TIME_S)
        size = seen * (had * (size + share * (now - size)) + (1.0 - had) * now) + (1.0 - seen) * size
        placed = centred / (size + (1.0 - torch.clamp(had + seen, max=1.0))).unsqueeze(2)
        known = (found * seen).unsqueeze(2)
        placed = known * placed + (1.0 - known) * before
        speed = (placed - before) / torch.clamp(step_s, min=0.01).unsqueeze(2) * SPEED_UNIT
        speed = torch.clamp(speed * had.unsqueeze(2), -MAX_SPEED, MAX_SPEED)
        placed = torch.clamp(placed, -6.0, 6.0)
        features = torch.cat(
            [
                placed.flatten(1),
                speed.flatten(1),
                score,
                self._angles(placed),
                torch.log(torch.clamp(step_s, min=0.01) * 13.0),
                seen,
            ],
            dim=1,
        )
        memory = torch.cat([placed.flatten(1), size, torch.clamp(had + seen, max=1.0)], dim=1)
        return features, memory

    def _angles(self, placed: Tensor) -> Tensor:
        """Return cosine and signed sine of every angle, turned so that + is up for a body facing left or right."""
        vertex = placed[:, self.vertex]
        a, b = placed[:, self.first] - vertex, placed[:, self.last] - vertex
        length = torch.sqrt(torch.sum(a * a, 2) * torch.sum(b * b, 2) + 1e-8)
        cosine = torch.sum(a * b, 2) / length
        sine = (a[:, :, 0] * b[:, :, 1] - a[:, :, 1] * b[:, :, 0]) / length
        # Which way the body points, softly: a body seen from the front points nowhere.
        along = torch.mean(placed[:, self.core[2:], 0] - placed[:, self.core[:2], 0], dim=1, keepdim=True)
        facing = along / torch.sqrt(along * along + 0.05)
        return torch.cat([cosine, sine * facing], dim=1)


class FormStepModel(nn.Module):
    """Causal convolutions and an LSTM over the features.

    Parameters
    ----------
    width : int
        Channels of the convolutions.
    hidden : int
        Size of the LSTM.
    """

    def __init__(self, *, width: int = 64, hidden: int = 96) -> None:
        super().__init__()
        self.width, self.hidden = width, hidden
        self.features = Features()
        self.inner = nn.Linear(N_FEATURES, width)
        self.conv1 = nn.Conv1d(width, width, 3)
        self.conv2 = nn.Conv1d(width, width, 3)
        self.lstm = nn.LSTM(width, hidden, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(hidden + width, N_OUTPUTS)

    @property
    def n_memory(self) -> int:
        """Numbers that go from frame to frame."""
        return N_FEATURE_MEMORY + 4 * self.width + 2 * self.hidden

    def over_time(self, features: Tensor) -> Tensor:
        """Return the outputs for whole recordings of features (N, T, F), from an empty memory."""
        inner = torch.relu(self.inner(features)).transpose(1, 2)
        first = torch.relu(self.conv1(nn.functional.pad(inner, (2, 0))))
        second = torch.relu(self.conv2(nn.functional.pad(first, (2, 0)))).transpose(1, 2)
        out, _ = self.lstm(second)
        outputs: Tensor = self.head(self.drop(torch.cat([out, second], dim=2)))
        return outputs

    def forward(self, xy: Tensor, score: Tensor, step_s: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """Take one frame; see `Features.forward`. Outputs are logits and angles in units of 20 degrees."""
        n = N_FEATURE_MEMORY
        width, hidden = self.width, self.hidden
        features, kept = self.features(xy, score, step_s, memory[:, :n])
        early = memory[:, n : n + 2 * width].reshape(-1, 2, width)
        late = memory[:, n + 2 * width : n + 4 * width].reshape(-1, 2, width)
        h, c = memory[:, -2 * hidden : -hidden], memory[:, -hidden:]
        inner = torch.relu(self.inner(features)).unsqueeze(1)
        early = torch.cat([early, inner], dim=1)
        first = torch.relu(_at_once(self.conv1, early.flatten(1))).unsqueeze(1)
        late = torch.cat([late, first], dim=1)
        second = torch.relu(_at_once(self.conv2, late.flatten(1)))
        lstm = self.lstm
        gates = second @ lstm.weight_ih_l0.T + lstm.bias_ih_l0 + h @ lstm.weight_hh_l0.T + lstm.bias_hh_l0
        enter, forget, fresh, leave = torch.split(gates, hidden, dim=1)
        c = torch.sigmoid(forget) * c + torch.sigmoid(enter) * torch.tanh(fresh)
        h = torch.sigmoid(leave) * torch.tanh(c)
        outputs = self.head(torch.cat([h, second], dim=1))
        return outputs, torch.cat([kept, early[:, 1:].flatten(1), late[:, 1:].flatten(1), h, c], dim=1)


def _at_once(conv: nn.Conv1d, window: Tensor) -> Tensor:
    """Return a convolution at its last place as one product; window holds its three places one after the other."""
    weight = conv.weight.permute(0, 2, 1).reshape(conv.out_channels, -1)
    result: Tensor = nn.functional.linear(window, weight, conv.bias)
    return result


class ConvolutionModel(nn.Module):
    """Dilated causal convolutions with residuals: the last 62 frames, about five seconds.

    Parameters
    ----------
    width : int
        Channels.
    """

    def __init__(self, *, width: int = 80) -> None:
        super().__init__()
        self.width = width
        self.features = Features()
        self.inner = nn.Linear(N_FEATURES, width)
        self.layers = nn.ModuleList([nn.Conv1d(width, width, 3, dilation=dilation) for dilation in DILATIONS])
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(width, N_OUTPUTS)

    @property
    def n_memory(self) -> int:
        """Numbers that go from frame to frame."""
        return N_FEATURE_MEMORY + 2 * sum(DILATIONS) * self.width

    def over_time(self, features: Tensor) -> Tensor:
        """Return the outputs for whole recordings of features (N, T, F), from an empty memory."""
        x = torch.relu(self.inner(features)).transpose(1, 2)
        for dilation, layer in zip(DILATIONS, self.layers, strict=True):
            x = x + torch.relu(layer(nn.functional.pad(x, (2 * dilation, 0))))
        outputs: Tensor = self.head(self.drop(x.transpose(1, 2)))
        return outputs

    def forward(self, xy: Tensor, score: Tensor, step_s: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:
        """Take one frame; see `Features.forward`. Outputs are logits and angles in units of 20 degrees."""
        features, kept = self.features(xy, score, step_s, memory[:, :N_FEATURE_MEMORY])
        x = torch.relu(self.inner(features))
        after, start = [kept], N_FEATURE_MEMORY
        for dilation, layer in zip(DILATIONS, self.layers, strict=True):
            length = 2 * dilation * self.width
            past = memory[:, start : start + length]
            middle = past[:, dilation * self.width : (dilation + 1) * self.width]
            window = torch.cat([past[:, : self.width], middle, x], dim=1)
            after.extend([past[:, self.width :], x])
            x = x + torch.relu(_at_once(layer, window))
            start += length
        outputs: Tensor = self.head(x)
        return outputs, torch.cat(after, dim=1)


class AttentionModel(nn.Module):
    """The other rival: a small causal transformer over the last four seconds."""

    def __init__(self, *, width: int = 64, frames: int = 48) -> None:
        super().__init__()
        self.frames = frames
        self.inner = nn.Linear(N_FEATURES, width)
        self.mix = nn.Conv1d(width, width, 3)
        layer = nn.TransformerEncoderLayer(width, 4, 2 * width, dropout=0.1, batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(width, N_OUTPUTS)

    def over_time(self, features: Tensor) -> Tensor:
        """Return the outputs for whole recordings of features (N, T, F)."""
        x = torch.relu(self.inner(features))
        x = x + torch.relu(self.mix(nn.functional.pad(x.transpose(1, 2), (2, 0)))).transpose(1, 2)
        place = torch.arange(x.shape[1])
        apart = place[:, None] - place[None, :]
        hidden = (apart < 0) | (apart >= self.frames)
        outputs: Tensor = self.head(self.layers(x, mask=hidden))
        return outputs


def split_heads(outputs: Tensor) -> dict[str, Tensor]:
    """Return the outputs by name."""
    return dict(zip(HEADS, torch.split(outputs, list(HEADS.values()), dim=-1), strict=True))


def features_over_time(xy: Tensor, score: Tensor, t_s: Tensor) -> Tensor:
    """Return the features (N, T, F) of whole recordings; see `Features.forward` for the inputs."""
    features, memory = Features(), torch.zeros(xy.shape[0], N_FEATURE_MEMORY)
    step_s = torch.diff(t_s, dim=1, prepend=t_s[:, :1] - 1.0 / 15.0)
    found = []
    with torch.no_grad():
        for frame in range(xy.shape[1]):
            now, memory = features(xy[:, frame], score[:, frame], step_s[:, frame : frame + 1], memory)
            found.append(now)
    return torch.stack(found, dim=1)
