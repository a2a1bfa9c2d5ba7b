"""Models of transformers as encoders, run by torch: CLIP, ResNet, ConvNeXt, ViT, DINOv2."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np

from skknn_syndrome._typing import Float32Array
from skknn_syndrome.embedding.encoders import Pictures, hash_of_files, refusal, versions_of
from skknn_syndrome.embedding.preprocessing import ImagePreprocessing
from skknn_syndrome.results.embedder import EmbedderNote

Features: TypeAlias = Callable[[Any, Any], Any]
"""From a model and pixels to vectors."""

# This module alone needs torch and transformers, and imports them when a model is opened: doctests load every
# module, also where these are not installed.


def _projected(model: Any, pixels: Any) -> Any:  # noqa: ANN401  torch ships no types that help here
    """Return CLIP's image projection of a vision tower."""
    return model(pixel_values=pixels).image_embeds


def _projected_by_both(model: Any, pixels: Any) -> Any:  # noqa: ANN401  likewise
    """Return the same of a model with both towers; from transformers 5 on it comes within an object."""
    found = model.get_image_features(pixel_values=pixels)
    return getattr(found, "pooler_output", found)


def _pooled(model: Any, pixels: Any) -> Any:  # noqa: ANN401  likewise
    """Return what lies before the classifying layer."""
    return model.base_model(pixel_values=pixels).pooler_output.flatten(1)


def _first_token(model: Any, pixels: Any) -> Any:  # noqa: ANN401  likewise
    """Return the class token: the layer behind it was trained in few ViTs, and is made up in the others."""
    return model.base_model(pixel_values=pixels).last_hidden_state[:, 0]


ARCHITECTURES: Final[dict[str, Features]] = {
    "CLIPVisionModelWithProjection": _projected,
    "CLIPModel": _projected_by_both,
    "ConvNextModel": _pooled,
    "ConvNextForImageClassification": _pooled,
    "ConvNextV2Model": _pooled,
    "ConvNextV2ForImageClassification": _pooled,
    "Dinov2Model": _pooled,
    "Dinov2ForImageClassification": _pooled,
    "ResNetModel": _pooled,
    "ResNetForImageClassification": _pooled,
    "ViTModel": _first_token,
    "ViTForImageClassification": _first_token,
}
"""By the name in a model's configuration. `AutoModel` would take CLIP's features before the projection."""

_UNUSED: Final = ("pooler", "mask_token")
"""Parts of weights that vectors do not hang on, and that may be missing."""


class TransformersEncoder:
    """A model with the preprocessing of its folder.

    Parameters
    ----------
    model : torch.nn.Module
        In evaluation mode.
    prepare : callable
        From pictures to pixels.
    features : callable
    n_threads : int
    note : EmbedderNote
    """

    def __init__(
        self,
        model: Any,  # noqa: ANN401  likewise
        prepare: Callable[[Pictures], Any],
        features: Features,
        n_threads: int,
        note: EmbedderNote,
    ) -> None:
        self._model, self._prepare, self._features = model, prepare, features
        self._n_threads, self.note = n_threads, note

    def encode(self, images: Pictures, /) -> Float32Array:
        """Run the model."""
        import torch  # noqa: PLC0415  see above

        torch.set_num_threads(self._n_threads)
        with torch.inference_mode():
            vectors: Float32Array = self._features(self._model, self._prepare(images)).float().numpy()
        return vectors


def open_folder(
    path: Path,
    preprocessing: ImagePreprocessing | None,
    n_threads: int,
    *,
    name: str | None = None,
    revision: str | None = None,
) -> TransformersEncoder:
    """Open a folder that `save_pretrained` wrote.

    Parameters
    ----------
    path : Path
    preprocessing : ImagePreprocessing or None
        In place of the folder's own.
    n_threads : int
    name, revision : str, optional
        On the hub.

    Raises
    ------
    EncoderError
        It is of another architecture, weights are missing or broken, or nothing says how images are prepared.
    """
    architecture = _architecture(path)
    prepare, told = _own_preprocessing(path) if preprocessing is None else _given_preprocessing(preprocessing)
    model = _load(path, architecture)
    weights = [*path.glob("*.safetensors")] or [*path.glob("pytorch_model*.bin")]
    note = EmbedderNote(
        model=name or path.resolve().name,
        architecture=architecture,
        weights_sha256=hash_of_files(weights),
        revision=revision,
        preprocessing=told,
        versions=versions_of("numpy", "pillow", "torch", "transformers"),
    )
    return TransformersEncoder(model, prepare, ARCHITECTURES[architecture], n_threads, note)


def open_from_hub(name: str, preprocessing: ImagePreprocessing | None, n_threads: int) -> TransformersEncoder:
    """Fetch a model of the hub, or take it from the cache, and open it."""
    from huggingface_hub import snapshot_download  # noqa: PLC0415  likewise

    try:
        # Nothing that is code: `trust_remote_code` is nowhere.
        files = ["*.json", "model*.safetensors", "pytorch_model*.bin"]
        path = Path(snapshot_download(name, allow_patterns=files))
    except (OSError, ValueError) as error:
        offline = " (HF_HUB_OFFLINE is set)" if os.environ.get("HF_HUB_OFFLINE") else ""
        said = " ".join(str(error).split())[:200]
        raise refusal(name, f"it can't be fetched{offline}: {said.rstrip('.')}", "download_failed") from error
    return open_folder(path, preprocessing, n_threads, name=name, revision=path.name)


def _architecture(path: Path) -> str:
    try:
        config = json.loads((path / "config.json").read_bytes())
        named = config.get("architectures") or [None]
    except (OSError, ValueError, AttributeError) as error:
        raise refusal(path, "its config.json can't be read", "broken_model") from error
    if named[0] not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        fault = f"its config.json names the architecture {named[0]!r}; those that are known are {known}"
        raise refusal(path, fault, "unknown_architecture")
    return str(named[0])


def _load(path: Path, architecture: str) -> Any:  # noqa: ANN401  likewise
    import transformers  # noqa: PLC0415  likewise

    try:
        # Of a pickle, from_pretrained takes weights alone, as `torch.load(weights_only=True)` does.
        with _quietly():
            model, info = getattr(transformers, architecture).from_pretrained(
                path, local_files_only=True, output_loading_info=True
            )
    except Exception as error:  # of broken files, safetensors and torch raise nearly anything
        said = " ".join(str(error).split())[:200]
        raise refusal(path, f"its weights can't be loaded ({said})", "broken_model") from error
    missing = [key for key in info["missing_keys"] if not any(part in key for part in _UNUSED)]
    if missing:
        fault = f"weights are missing, such as {min(missing)}: they would be made up at random"
        raise refusal(path, fault, "missing_weights")
    return model.eval()


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep transformers from bars and reports while weights are loaded: what is wrong is raised."""
    from transformers.utils import logging  # noqa: PLC0415  likewise

    level, bar = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity(logging.CRITICAL)
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        (logging.enable_progress_bar if bar else logging.disable_progress_bar)()


def _own_preprocessing(path: Path) -> tuple[Callable[[Pictures], Any], str]:
    """Return what prepares images, and what it does as JSON."""
    import transformers  # noqa: PLC0415  likewise

    try:
        processor = transformers.AutoImageProcessor.from_pretrained(path, local_files_only=True)
    except (OSError, ValueError) as error:
        fault = (
            "it has no preprocessor_config.json, which says how images are prepared; copy it from where the "
            "model is from, or give the preprocessing"
        )
        raise refusal(path, fault, "no_preprocessing") from error

    def prepare(pictures: Pictures) -> Any:  # noqa: ANN401  likewise
        return processor(images=list(pictures), return_tensors="pt")["pixel_values"]

    return prepare, json.dumps(processor.to_dict(), sort_keys=True, default=str)


def _given_preprocessing(preprocessing: ImagePreprocessing) -> tuple[Callable[[Pictures], Any], str]:
    import torch  # noqa: PLC0415  likewise

    def prepare(pictures: Pictures) -> Any:  # noqa: ANN401  likewise
        return torch.from_numpy(np.stack([preprocessing(picture) for picture in pictures]))

    return prepare, json.dumps(preprocessing.model_dump(mode="json"), sort_keys=True)
