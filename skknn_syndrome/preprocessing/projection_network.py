"""Projection network with learned attention pooling, trained by torch to follow distances between classes."""

from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.errors import Argument, ParameterError
from skknn_syndrome.preprocessing.prototypes import SubjectMeans

# This module alone of its package needs torch, and imports it when a network is trained.

N_COMPONENTS = 32
"""Length of a projected vector."""
ATTENTION_SIZE = 16
"""Of the hidden layer that scores subjects."""
MOST_EPOCHS, PATIENCE = 200, 20
LEARNING_RATE = 0.01
SHARE_WATCHED = 0.2
"""Share of the classes whose loss stops the training."""
FEWEST_TO_WATCH = 10
"""Classes from which on some are watched: of fewer, training is not stopped early."""


class Network(NamedTuple):
    """What remains of a network: one or two layers, between them a rectifier."""

    coefs: list[Float64Array]
    """Of each layer, shape (n_inputs, n_outputs)."""
    intercepts: list[Float64Array]
    n_epochs: int
    """For how many epochs it was trained."""


def train_network(
    means: SubjectMeans,
    distances: Float64Array,
    hidden_size: int | None = None,
    *,
    seed: int = 0,
    device: str = "cpu",
) -> Network:
    r"""Train an attention pooling and a projection whose class vectors follow distances.

    Subjects :math:`x_i` of a class are pooled with weights :math:`\propto \exp(w^T \tanh(V x_i))` [1]_, and
    projected to :math:`z_c` by a linear layer, or by two with a rectifier between them. The loss is the mean
    over pairs of classes of

    .. math:: \left(-\cos(z_c, z_{c'}) - \left(2 d_{cc'} / d_{\max} - 1\right)\right)^2,

    minimised by Adam. A fifth of the classes is left out first, and the loss of pairs with these tells for
    how many epochs all classes are then trained. On a GPU, sums may differ in the last bits.

    Parameters
    ----------
    means : SubjectMeans
    distances : ndarray of shape (n_classes, n_classes)
        Not all 0.
    hidden_size : int, optional
        Of a hidden layer; none by default.
    seed : int, default=0
    device : str, default="cpu"
        As torch names it: ``"cuda"``.

    Returns
    -------
    Network
        The projection alone: it takes images, of which attention is no part.

    Raises
    ------
    ParameterError
        If torch is not installed, or there is no such device.

    References
    ----------
    .. [1] M. Ilse, J. M. Tomczak and M. Welling, "Attention-based deep multiple instance learning", ICML
       2018, PMLR 80, 2127-2136. https://proceedings.mlr.press/v80/ilse18a.html
    """
    trainer = _Trainer(import_torch(), means, distances, hidden_size, seed, device)
    n_epochs = MOST_EPOCHS
    n_classes = len(means.classes)
    if n_classes >= FEWEST_TO_WATCH:
        watched = np.random.default_rng(seed).permutation(n_classes)[: round(SHARE_WATCHED * n_classes)]
        n_epochs = trainer.best_epoch(watched)
    return trainer.train(n_epochs)


def import_torch(parameter: str = "method") -> Any:  # noqa: ANN401  torch ships no types that help here
    """Return torch, or say that the method that a parameter asks for needs it.

    Parameters
    ----------
    parameter : str, default="method"

    Raises
    ------
    ParameterError
    """
    try:
        import torch  # noqa: PLC0415
    except ImportError:
        raise ParameterError(
            "{method} needs torch: pip install 'skknn-syndrome[transformers]'.",
            code="library_missing",
            parameter=parameter,
            method=Argument(parameter, "attention"),
        ) from None
    return torch


class _Trainer:
    """One task: subjects of classes on a device, and the distances that class vectors are to have."""

    def __init__(
        self,
        torch: Any,  # noqa: ANN401  likewise
        means: SubjectMeans,
        distances: Float64Array,
        hidden_size: int | None,
        seed: int,
        device: str,
    ) -> None:
        self.torch, self.seed, self.device = torch, seed, device
        self.center = means.vectors.mean(axis=0)
        self.scale = means.vectors.std(axis=0)
        self.scale[self.scale == 0] = 1
        n_classes = len(means.classes)
        member = np.repeat(np.arange(n_classes), means.n_subjects)
        self.subjects = self._tensor((means.vectors - self.center) / self.scale)
        self.of_class = self._tensor(np.arange(n_classes)[:, None] == member)
        self.wanted = self._tensor(2 * distances / distances.max() - 1)
        inner = [] if hidden_size is None else [hidden_size]
        self.sizes = [len(self.center), *inner, N_COMPONENTS]

    def _tensor(self, values: Any) -> Any:  # noqa: ANN401  likewise
        try:
            return self.torch.as_tensor(values, dtype=self.torch.float64, device=self.device)
        except (AssertionError, RuntimeError) as error:  # of an unknown device, and of one that is not there
            raise ParameterError(
                "torch can't use {device}.",
                code="unknown_device",
                parameter="device",
                device=Argument("device", self.device),
            ) from error

    def _parameters(self) -> list[Any]:
        """Draw V, w, and a matrix and an intercept for each layer."""
        random = np.random.default_rng(self.seed)
        shapes = [(self.sizes[0], ATTENTION_SIZE), (ATTENTION_SIZE, 1)]
        drawn = [random.standard_normal(shape) / np.sqrt(shape[0]) for shape in shapes]
        for n_inputs, n_outputs in zip(self.sizes[:-1], self.sizes[1:], strict=True):
            drawn += [random.standard_normal((n_inputs, n_outputs)) / np.sqrt(n_inputs), np.zeros(n_outputs)]
        return [self._tensor(values).requires_grad_() for values in drawn]

    def _errors(self, parameters: list[Any]) -> Any:  # noqa: ANN401  likewise
        """Return the squared error of each two classes."""
        V, w, *layers = parameters
        scores = self.torch.tanh(self.subjects @ V) @ w
        # Shifting all scores alike changes no weight, and keeps the exponentials finite.
        weights = self.of_class * self.torch.exp(scores - scores.max()).T
        found = weights @ self.subjects / weights.sum(dim=1, keepdim=True)
        for place in range(0, len(layers) - 2, 2):
            found = self.torch.relu(found @ layers[place] + layers[place + 1])
        found = self.torch.nn.functional.normalize(found @ layers[-2] + layers[-1], dim=1)
        return (-found @ found.T - self.wanted) ** 2

    def _pairs(self, watched: IndexArray) -> tuple[Any, Any]:
        """Return the pairs to train on, and those with a class that is watched."""
        is_watched = np.isin(np.arange(len(self.wanted)), watched)
        upper = np.triu(np.ones(self.wanted.shape, dtype=bool), 1)
        seen = upper & (is_watched[:, None] | is_watched)
        return tuple(self.torch.as_tensor(mask, device=self.device) for mask in (upper & ~seen, seen))

    def _descend(self, parameters: list[Any], pairs: Any) -> Any:  # noqa: ANN401  likewise
        """Yield the errors before each step of Adam."""
        optimizer = self.torch.optim.Adam(parameters, lr=LEARNING_RATE)
        while True:
            errors = self._errors(parameters)
            yield errors.detach()
            optimizer.zero_grad()
            errors[pairs].mean().backward()
            optimizer.step()

    def best_epoch(self, watched: IndexArray) -> int:
        """Return the number of epochs with the smallest loss of pairs with classes that are watched."""
        trained, seen = self._pairs(watched)
        best, at = np.inf, 0
        steps = islice(self._descend(self._parameters(), trained), MOST_EPOCHS + 1)
        for epoch, errors in enumerate(steps):
            loss = float(errors[seen].mean())
            if loss < best:
                best, at = loss, epoch
            if epoch - at == PATIENCE:
                break
        return at

    def train(self, n_epochs: int) -> Network:
        """Train on all classes."""
        parameters = self._parameters()
        trained, _ = self._pairs(np.array([], dtype=np.intp))
        for _ in islice(self._descend(parameters, trained), n_epochs + 1):
            pass
        layers = [np.asarray(layer.detach().cpu().numpy()) for layer in parameters[2:]]
        coefs, intercepts = layers[::2], layers[1::2]
        # The first layer takes embeddings as they are.
        coefs[0] = coefs[0] / self.scale[:, None]
        intercepts[0] = intercepts[0] - self.center @ coefs[0]
        return Network(coefs, intercepts, n_epochs)
