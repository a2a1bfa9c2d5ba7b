"""Simulated embeddings of faces."""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray, StringArray
from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.errors import Argument, ParameterError


@dataclass(frozen=True)
class SimulatedSyndrome:
    """One class of the simulation.

    Parameters
    ----------
    name : str
        Its label.
    distinctness : float
        Distance of its typical face from the average one, in units of the spread within a syndrome.
    subjects : mapping of int to int
        How many subjects (value) have how many images (key).
    """

    name: str
    distinctness: float
    subjects: Mapping[int, int]


SIMULATED_SYNDROMES = (
    SimulatedSyndrome(
        "Simulated syndrome A", 0.39, {1: 119, 2: 7, 3: 2, 5: 3, 8: 2, 9: 1, 10: 2, 11: 1}
    ),  # 210 images of 137 subjects
    SimulatedSyndrome("Simulated syndrome B", 0.37, {1: 169, 2: 8, 4: 2, 5: 1}),  # 198 of 180
    SimulatedSyndrome("Simulated syndrome C", 0.42, {1: 121, 2: 3, 3: 3}),  # 136 of 127
    SimulatedSyndrome("Simulated syndrome D", 0.34, {1: 77, 2: 11, 3: 4, 4: 1}),  # 115 of 93
    SimulatedSyndrome("Simulated syndrome E", 0.50, {1: 74, 2: 7, 3: 1, 7: 1}),  # 98 of 83
    SimulatedSyndrome("Simulated syndrome F", 0.36, {1: 67, 2: 5, 3: 4}),  # 89 of 76
    SimulatedSyndrome("Simulated syndrome G", 0.48, {1: 55, 2: 8, 3: 1}),  # 74 of 64
    SimulatedSyndrome("Simulated syndrome H", 0.31, {1: 58, 2: 3, 3: 1}),  # 67 of 62
    SimulatedSyndrome("Simulated syndrome I", 0.44, {1: 54, 2: 4, 3: 1}),  # 65 of 59
    SimulatedSyndrome("Simulated syndrome J", 0.40, {1: 56, 2: 4}),  # 64 of 60
)


@dataclass(frozen=True, eq=False)
class Roster:
    """The subjects of a simulation, numbered from 0, syndrome by syndrome.

    Parameters
    ----------
    syndrome : ndarray of int of shape (n_subjects,)
        Position of the subject's syndrome in `SIMULATED_SYNDROMES`.
    n_images : ndarray of int of shape (n_subjects,)
        How many images the subject has.
    """

    syndrome: IndexArray
    n_images: IndexArray

    @classmethod
    def draw(cls, random: np.random.RandomState) -> "Roster":
        """Put the subjects of each syndrome in random order."""
        numbers = [
            random.permutation(np.repeat(list(syndrome.subjects), list(syndrome.subjects.values())))
            for syndrome in SIMULATED_SYNDROMES
        ]
        n_subjects = [len(number) for number in numbers]
        syndrome = np.repeat(np.arange(len(numbers)), n_subjects)
        return cls(syndrome.astype(np.intp), np.concatenate(numbers).astype(np.intp))

    @property
    def n_subjects(self) -> int:
        """Number of subjects."""
        return self.n_images.size

    @property
    def subject_of_image(self) -> IndexArray:
        """Number of the subject of each image: its images follow one another."""
        return np.repeat(np.arange(self.n_subjects), self.n_images)

    @property
    def first_image(self) -> IndexArray:
        """Number of each subject's first image."""
        return np.asarray(np.cumsum(self.n_images) - self.n_images)

    def ids(self) -> tuple[StringArray, StringArray, StringArray]:
        """Return the syndrome, subject and image id of each image."""
        names = np.array([syndrome.name for syndrome in SIMULATED_SYNDROMES])
        subject = self.subject_of_image
        subjects = np.array([f"subject-{number:04d}" for number in subject + 1])
        images = np.array([f"image-{number:04d}" for number in range(1, subject.size + 1)])
        return names[self.syndrome[subject]], subjects, images


# The constants of the model, chosen once so that a study of it looks like one of real face embeddings.
SPECTRUM_SCALE, SPECTRUM_POWER = 41.0, 1.35
TYPICAL_POWER = 1.7
OFFSET = 0.33
EXPRESSION = (0.35, 1.55)
LOOKS_PER_SYNDROME, LOOK_SHARE = 4, 0.05
MAX_SUBJECT_SHARE = 0.6
MEAN_NORM, NORM_SPREAD = 22.0, 0.062
NORM_COUPLING = 0.4
COPY_LIKENESS = 0.972
N_REPEATED_IMAGES = 4


def make_syndrome_embeddings(
    *,
    n_features: int = 320,
    separation: float = 1.0,
    n_repeated_subjects: int = 4,
    random_state: int | np.random.RandomState | None = 0,
) -> EmbeddingDataset:
    r"""Simulate embeddings of face images of ten syndromes.

    1,116 images of 941 subjects; 91 of them have two to eleven images. Class sizes, subjects per class and
    images per subject are those of a public collection, in every call; all names are invented, and no vector,
    mean or covariance of real images went in. The constants were chosen so that a study with the default 320
    features looks like one of real embeddings: cosine beats Euclidean distance, a subject's images are alike,
    some images are hubs under Euclidean distance, and a few are nearly the same.

    Parameters
    ----------
    n_features : int, default=320
        Length of a vector, 2 or more.
    separation : float, default=1.0
        Factor on what sets the syndromes apart. At 0 the labels tell nothing but who the subject is.
    n_repeated_subjects : int, default=4
        In how many syndromes (0 to 10) one person hides behind two subject ids.
    random_state : int, RandomState instance or None, default=0
        Seed of all that is random. None draws another data set in each call.

    Returns
    -------
    EmbeddingDataset
        Of float32, with `simulated` set; rows are in order of syndrome and subject.

    Raises
    ------
    TypeError
        If a number is not of the right kind.
    ValueError
        If a number lies outside its range; a `ParameterError` if `separation` is not finite.

    Notes
    -----
    Image :math:`i` of subject :math:`p` with syndrome :math:`c` has the vector

    .. math::

        x_i &= R \, \frac{r_i z_i}{\lVert z_i \rVert}, \\
        z_i &= a_p o + s \left(a_p m_c + \sqrt{\eta}\, t_{g(p)}\right)
               + \sqrt{1 - \eta} \left(\sqrt{\rho_p}\, b_p + \sqrt{1 - \rho_p}\, w_i\right),

    where :math:`s` is `separation`:

    - The subject's own :math:`b_p`, the image's own :math:`w_i` and the look :math:`t_g` are normal with
      covariance :math:`\Lambda = \mathrm{diag}(\lambda_j)` of trace 1, where
      :math:`\lambda_j \propto \exp(-(j / 41)^{1.35})` for :math:`j = 0, 1, \ldots`: a smooth spectrum of
      about 60 effective dimensions. A syndrome has four looks :math:`g`, of variance share
      :math:`\eta = 0.05`.
    - The offset :math:`o` that all faces share has length 0.33. The syndromes' typical faces :math:`m_c` are
      normal with covariance :math:`\propto \Lambda^{1.7}`, centred, then scaled to lengths from 0.31 to 0.50:
      some syndromes are more distinct than others, and some pairs more alike.
    - A subject shows the syndrome more or less clearly: :math:`a_p = 0.35 + 1.2 u_p` with :math:`u_p` uniform
      on [0, 1]. The subject's share in what varies, :math:`\rho_p`, is uniform on [0, 0.6].
    - The norms :math:`r_i` are the mid-quantiles of a logistic distribution of mean 22 and scale 1.364, heavy
      in both tails. Cosine distance does not see them; under Euclidean distance the shortest vectors are near
      to everything. As with trained face encoders [1]_, clear images tend to have longer vectors: the norms
      are dealt out in order of :math:`0.4 u_p + v_i` with :math:`v_i` uniform on [0, 1].
    - Four subjects have two images that are nearly the same, and so have `n_repeated_subjects` pairs of
      subjects with one image each: :math:`z_k = \kappa z_i + \sqrt{1 - \kappa^2}\, w` with
      :math:`\kappa = 0.972` and a fresh :math:`w`.
    - The rotation :math:`R` spreads each dimension over all features: rounds of random signs, random pairs
      and :math:`(a, b) \mapsto (a + b, a - b) / \sqrt 2`.

    The same arguments with the same seed give the same bytes. No product of matrices goes through BLAS and
    every sum has a fixed order, so the number of threads doesn't matter. Between platforms `exp`, `log`,
    powers and the random normals may differ in the last bits of double precision. Rounding to float32 hides
    that in all but a few values, and those differ in their last bit.

    References
    ----------
    .. [1] Meng, Q., Zhao, S., Huang, Z., Zhou, F. (2021). MagFace: A universal representation for face
       recognition and quality assessment. CVPR 2021, 14225-14234. https://doi.org/10.1109/CVPR46437.2021.01400

    Examples
    --------
    >>> from skknn_syndrome.data.simulation import make_syndrome_embeddings
    >>> dataset = make_syndrome_embeddings()
    >>> dataset
    EmbeddingDataset('simulated syndromes': 1,116 images x 320 float32, 10 syndromes, 941 subjects, simulated)
    >>> str(dataset.syndromes[0]), str(dataset.subjects[0]), str(dataset.images[0])
    ('Simulated syndrome A', 'subject-0001', 'image-0001')
    """
    from sklearn.utils import check_random_state, check_scalar  # noqa: PLC0415  slow to import

    check_scalar(n_features, "n_features", Integral, min_val=2)
    check_scalar(
        n_repeated_subjects, "n_repeated_subjects", Integral, min_val=0, max_val=len(SIMULATED_SYNDROMES)
    )
    check_scalar(separation, "separation", Real, min_val=0)
    if not np.isfinite(separation):
        raise ParameterError(
            "{separation} must be finite.",
            code="not_finite",
            parameter="separation",
            separation=Argument("separation", separation),
        )
    random = check_random_state(random_state)
    roster = Roster.draw(random)
    # One column per image: sums over features then run row by row, in the same order on every machine.
    deviations = np.sqrt(_spectrum(n_features))[:, np.newaxis]
    clarity = random.random_sample(roster.n_subjects)
    offset, typical = _draw_signal(random, roster, deviations, clarity)
    shared = offset + separation * (typical + _draw_looks(random, roster, deviations))
    latent = np.take(shared, roster.subject_of_image, axis=1) + _draw_persons(random, roster, deviations)
    _repeat_images(random, roster, deviations, latent, n_repeated_subjects)
    latent *= _draw_norms(random, clarity[roster.subject_of_image]) / _lengths(latent)
    syndromes, subjects, images = roster.ids()
    return EmbeddingDataset.from_arrays(
        _rotate(random, latent).T.astype(np.float32),
        syndromes,
        subjects,
        images,
        name="simulated syndromes",
        simulated=True,
    )


def _spectrum(n_features: int) -> Float64Array:
    """Variances of the latent dimensions: they fall, and sum to 1."""
    variances = np.exp(-((np.arange(n_features) / SPECTRUM_SCALE) ** SPECTRUM_POWER))
    return np.asarray(variances / variances.sum())


def _lengths(columns: Float64Array) -> Float64Array:
    """Euclidean length of each column."""
    return np.asarray(np.sqrt((columns**2).sum(axis=0)))


def _draw_signal(
    random: np.random.RandomState, roster: Roster, deviations: Float64Array, clarity: Float64Array
) -> tuple[Float64Array, Float64Array]:
    """Draw offset and typical face, each as clear as the subject shows it: one column per subject."""
    typical = random.standard_normal((len(deviations), len(SIMULATED_SYNDROMES))) * deviations**TYPICAL_POWER
    typical -= typical.mean(axis=1, keepdims=True)
    typical *= np.array([syndrome.distinctness for syndrome in SIMULATED_SYNDROMES]) / _lengths(typical)
    offset = random.standard_normal(deviations.shape) * deviations
    offset *= OFFSET / _lengths(offset)
    weakest, strongest = EXPRESSION
    expression = weakest + (strongest - weakest) * clarity
    return offset * expression, np.take(typical, roster.syndrome, axis=1) * expression


def _draw_looks(random: np.random.RandomState, roster: Roster, deviations: Float64Array) -> Float64Array:
    """Draw the looks of each syndrome, and which of them each subject has."""
    n_looks = LOOKS_PER_SYNDROME * len(SIMULATED_SYNDROMES)
    looks = random.standard_normal((len(deviations), n_looks)) * deviations
    look = roster.syndrome * LOOKS_PER_SYNDROME + random.randint(
        LOOKS_PER_SYNDROME, size=roster.n_subjects, dtype=np.int64
    )
    return np.asarray(np.sqrt(LOOK_SHARE) * np.take(looks, look, axis=1))


def _draw_persons(random: np.random.RandomState, roster: Roster, deviations: Float64Array) -> Float64Array:
    """Draw what sets subjects apart, and their images."""
    n_features, subject = len(deviations), roster.subject_of_image
    share = MAX_SUBJECT_SHARE * random.random_sample(roster.n_subjects)
    persons = random.standard_normal((n_features, roster.n_subjects)) * np.sqrt(share)
    images = random.standard_normal((n_features, subject.size)) * np.sqrt(1 - share)[subject]
    own = np.take(persons, subject, axis=1) + images
    return np.asarray(np.sqrt(1 - LOOK_SHARE) * deviations * own)


def _repeat_images(
    random: np.random.RandomState,
    roster: Roster,
    deviations: Float64Array,
    latent: Float64Array,
    n_repeated_subjects: int,
) -> None:
    """Replace some images by near copies of others, of the same subject or of one with the same syndrome."""
    several = random.permutation(np.flatnonzero(roster.n_images > 1))[:N_REPEATED_IMAGES]
    single = random.permutation(np.flatnonzero(roster.n_images == 1))
    chosen = random.permutation(len(SIMULATED_SYNDROMES))
    pairs = np.array([single[roster.syndrome[single] == syndrome][:2] for syndrome in chosen])
    # All noise is drawn, used or not: what is drawn next doesn't hang on how many subjects are repeated.
    noise = random.standard_normal((len(deviations), several.size + len(pairs))) * deviations
    originals = roster.first_image[np.concatenate([several, pairs[:n_repeated_subjects, 0]])]
    copies = np.concatenate(
        [roster.first_image[several] + 1, roster.first_image[pairs[:n_repeated_subjects, 1]]]
    )
    fresh = np.sqrt(1 - COPY_LIKENESS**2) * noise[:, : copies.size]
    latent[:, copies] = COPY_LIKENESS * latent[:, originals] + fresh


def _draw_norms(random: np.random.RandomState, clarity: Float64Array) -> Float64Array:
    """Deal out the quantiles of a logistic distribution, more often long ones to the clearer images."""
    place = NORM_COUPLING * clarity + random.random_sample(clarity.size)
    probabilities = np.empty(clarity.size)
    probabilities[np.argsort(place, kind="stable")] = (np.arange(clarity.size) + 0.5) / clarity.size
    return MEAN_NORM * (1 + NORM_SPREAD * np.log(probabilities / (1 - probabilities)))


def _rotate(random: np.random.RandomState, columns: Float64Array) -> Float64Array:
    """Rotate at random without a product of matrices."""
    half = len(columns) // 2
    rotated = columns
    for _ in range(len(columns).bit_length() + 3):
        signs = 2.0 * random.randint(2, size=len(columns), dtype=np.int64) - 1
        shuffled = (rotated * signs[:, np.newaxis])[random.permutation(len(columns))]
        first, second, rest = np.split(shuffled, [half, 2 * half])
        rotated = np.concatenate([(first + second) * np.sqrt(0.5), (first - second) * np.sqrt(0.5), rest])
    return rotated
