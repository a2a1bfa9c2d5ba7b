"""The model in use: fit once, ask about a new case, grow and shrink the gallery, save and load."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from numpy.typing import ArrayLike

from skknn_syndrome.data.dataset import EmbeddingDataset
from skknn_syndrome.data.new_cases import NewCases
from skknn_syndrome.errors import ParameterError, quote
from skknn_syndrome.heads.base import Head
from skknn_syndrome.model import files
from skknn_syndrome.model.explaining import explain
from skknn_syndrome.model.gallery_answers import GalleryAnswers
from skknn_syndrome.model.growing import after_change, change_by_adding, joined, withdrawn
from skknn_syndrome.model.inputs import read_cases
from skknn_syndrome.model.naming import with_names
from skknn_syndrome.model.parts import Parts
from skknn_syndrome.model.predicting import predict
from skknn_syndrome.model.settling import (
    DEFAULT_HEADS,
    check_share,
    check_top_k,
    refuse_other_data,
    settle_fit,
)
from skknn_syndrome.results.explanation import Explanation
from skknn_syndrome.results.intervals import PooledIntervals
from skknn_syndrome.results.model_card import GalleryChange, ModelCard
from skknn_syndrome.results.model_comparison import ModelComparison
from skknn_syndrome.results.prediction import Predictions
from skknn_syndrome.wording import counted


class SyndromeModel:
    """A classifier in use: calibrated probabilities, sets with a promise, "none of these", and the evidence.

    `fit` or `load` makes one; it never changes: `add` and `remove_subject` return another.

    Attributes
    ----------
    card : ModelCard
        What the model says of itself: data, head, what its promises rest on, expected scores, versions.
    gallery : EmbeddingDataset
        The images that it was fitted to.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.eye(3).repeat(20, axis=0) + np.random.default_rng(0).normal(scale=0.1, size=(60, 3))
    >>> data = EmbeddingDataset.from_arrays(X, np.repeat(["Apert", "Noonan", "Sotos"], 20))
    >>> model = SyndromeModel.fit(data, head="centroid", cv=3)
    >>> answer = model.predict([[0.0, 1.0, 0.1]])[0]
    >>> answer.name, answer.prediction_set, answer.possibly_none
    ('Noonan', ('Noonan',), False)
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def __repr__(self) -> str:
        """Head, gallery and classes."""
        data = self.card.dataset
        size = f"{counted(data.n_images, 'image')} of {counted(len(self.card.classes), 'syndrome')}"
        return f"SyndromeModel({self.card.head!r}: {size})"

    @property
    def card(self) -> ModelCard:
        """What the model says of itself."""
        return self._parts.card

    @property
    def gallery(self) -> EmbeddingDataset:
        """The images that the model was fitted to."""
        return self._parts.gallery.dataset(self.card)

    @classmethod
    def fit(  # noqa: PLR0913
        cls,
        dataset: EmbeddingDataset,
        *,
        head: str | Head | Sequence[str | Head] = DEFAULT_HEADS,
        params: Mapping[str, Any] | None = None,
        refit: str = "roc_auc_ovr",
        cv: int = 5,
        inner_cv: int = 5,
        coverage: float = 0.9,
        false_rejection: float = 0.05,
        expected: PooledIntervals | ModelComparison | None = None,
        random_state: int = 42,
        n_jobs: int | None = None,
    ) -> Self:
        """Choose a head, fit it to all images, and calibrate what it says.

        In each fold of the subjects, each head has its parameters chosen and its probabilities calibrated
        inside the training part, and is asked about the rest. The head whose answers score best is then
        fitted to all images in the same way; its models without each fold stay, for prediction sets.

        Parameters
        ----------
        dataset : EmbeddingDataset
            One label an image; with subjects, wherever there are several images of one.
        head : str, Head or sequence of them
            Some of `skknn_syndrome.heads.names`; of several the best is taken. By default four that take
            less than a minute for a thousand images.
        params : mapping of str to value, optional
            Parameters of a single head, in place of a search.
        refit : str, default="roc_auc_ovr"
            The score by which parameters and heads are chosen.
        cv, inner_cv : int, default=5
            Folds, and folds of each training part; a subject's images stay together.
        coverage : float, default=0.9
            Of prediction sets, for images of each class; another may be asked for in `predict`.
        false_rejection : float, default=0.05
            Share of known cases that may be flagged as possibly none of the classes.
        expected : ModelComparison or PooledIntervals, optional
            A comparison of models on the same data, of which those of the head are taken; it has to be of the
            same vectors, labels and subjects. Of bare scores, such as ``comparison.models.models[0].pooled``,
            that is not checked. By default those of this fit's own out-of-fold predictions; where it chose
            among several heads, these are a little too good.
        random_state : int, default=42
            Seed of the folds.
        n_jobs : int or None
            Folds that are fitted at a time, in processes of their own.

        Returns
        -------
        SyndromeModel

        Raises
        ------
        ParameterError, StudySettingsError
            Data or settings can't be used: several labels an image, a head that predicts labels alone, fewer
            subjects than folds.
        """
        fit, heads = settle_fit(
            dataset,
            head,
            params=params,
            refit=refit,
            cv=cv,
            inner_cv=inner_cv,
            coverage=coverage,
            false_rejection=false_rejection,
            expected=expected,
            random_state=random_state,
            n_jobs=n_jobs,
        )
        return cls(fit.finish(fit.compare(heads, params or {})))

    def predict(
        self,
        X: ArrayLike | EmbeddingDataset | NewCases,
        subjects: ArrayLike | None = None,
        image_ids: ArrayLike | None = None,
        *,
        top_k: int | None = None,
        coverage: float | None = None,
    ) -> Predictions:
        """Rank the classes of new images, and of each of their subjects.

        Parameters
        ----------
        X : array-like of shape (n_images, n_features), EmbeddingDataset or NewCases
            Vectors of the gallery's encoder. Labels are not looked at.
        subjects, image_ids : array-like of shape (n_images,), optional
            Whose images they are, and their names; of a data set, by default its own. The images of one
            subject are fused by the mean of their log-probabilities.
        top_k : int, optional
            Length of the rankings; by default all classes.
        coverage : float, optional
            Of the prediction sets; by default that of the fit.

        Returns
        -------
        Predictions

        Raises
        ------
        ParameterError
            Vectors are of another length or another encoder, or hold NaN or infinity.
        """
        check_top_k(top_k)
        wanted = self.card.settings.coverage if coverage is None else check_share("coverage", coverage, 0.9)
        cases = read_cases(X, subjects, image_ids, self.card, self._parts.gallery.rows)
        return predict(self._parts, cases, coverage=wanted, top_k=top_k)

    def explain(
        self,
        X: ArrayLike | EmbeddingDataset | NewCases,
        image_id: str | None = None,
        *,
        n_neighbors: int = 10,
    ) -> Explanation:
        """Show what an answer rests on: neighbours, odds, and the answer without the nearest subject.

        Parameters
        ----------
        X : array-like of shape (n_images, n_features), EmbeddingDataset or NewCases
        image_id : str, optional
            Which of the images; may be left out where there is one.
        n_neighbors : int, default=10
            How many neighbours are shown.

        Returns
        -------
        Explanation

        Raises
        ------
        ParameterError
            As in `predict`; or there is no such image.
        """
        return explain(self._parts, read_cases(X, None, None, self.card), image_id, n_neighbors=n_neighbors)

    def ask_gallery(self) -> GalleryAnswers:
        """Ask about each image of the gallery the model that was fitted without its fold.

        Returns
        -------
        GalleryAnswers
        """
        return GalleryAnswers.of(self._parts)

    def with_class_names(self, names: Mapping[str, str], ids: Mapping[str, str] | None = None) -> Self:
        """Return the same model, whose answers call classes by names that readers know.

        Parameters
        ----------
        names : mapping of str to str
            Names by label; a class without one keeps its label.
        ids : mapping of str to str, optional
            Ids of a catalogue by label, such as "OMIM 194050".

        Returns
        -------
        SyndromeModel

        Raises
        ------
        ParameterError
            A label is none of the model's, or two classes would be called the same.
        """
        return type(self)(self._parts.with_card(with_names(self.card, names, ids or {})))

    def add(self, dataset: EmbeddingDataset, *, n_jobs: int | None = None) -> Self:
        """Return the model of a larger gallery, fitted again from the beginning with the same head.

        Parameters
        ----------
        dataset : EmbeddingDataset
            Labelled images of the same encoder; they come behind those of the gallery.
        n_jobs : int or None
            As in `fit`.

        Returns
        -------
        SyndromeModel
            Parameters, calibration and thresholds are new; the last of `card.changes` tells whether the sets
            of the model before held what they promised of the added images.

        Raises
        ------
        ParameterError
            Vectors do not fit, an image is there already, or only one of the two has subjects; or the head is
            one of your own, and the file was loaded without it.
        """
        refuse_other_data(dataset)
        read_cases(dataset, None, None, self.card)
        change = change_by_adding(self._parts, dataset)
        return self._refitted(joined(self.gallery, dataset), change, n_jobs)

    def remove_subject(self, subject: str, *, n_jobs: int | None = None) -> Self:
        """Return the model of the gallery without a subject, who has withdrawn consent.

        All is fitted again from the beginning, so that neither a vector nor an id nor any number that was
        computed of them stays: the result is that of a fit of this head to the others alone, to the bit. The
        choice of the head stays as it was, although the subject had a part in it. Expected scores are those
        of the new fit, also where a study's were given. Files that were saved before have to be deleted.

        Parameters
        ----------
        subject : str
            Its id.
        n_jobs : int or None
            As in `fit`.

        Returns
        -------
        SyndromeModel

        Raises
        ------
        ParameterError
            There is no such subject, or no other; or the head is unknown here.
        """
        left = withdrawn(self.gallery, subject)
        n_images = self.card.dataset.n_images - left.n_images
        change = GalleryChange(kind="removed", n_images=n_images, n_subjects=1, recalibration_due=False)
        return self._refitted(left, change, n_jobs)

    def _refitted(self, gallery: EmbeddingDataset, change: GalleryChange, n_jobs: int | None) -> Self:
        asked = self.card.settings
        fresh = type(self).fit(
            gallery,
            head=self._head_to_fit(),
            params={param.name: param.value for param in asked.params},
            refit=asked.refit,
            cv=asked.cv,
            inner_cv=asked.inner_cv,
            coverage=asked.coverage,
            false_rejection=asked.false_rejection,
            random_state=asked.random_state,
            n_jobs=n_jobs,
        )
        parts = fresh._parts  # noqa: SLF001  of its own class
        return type(self)(parts.with_card(after_change(self.card, fresh.card, change)))

    def _head_to_fit(self) -> Head:
        head = self._parts.known_head
        if head is None:
            name = quote(self.card.head)
            raise ParameterError(
                f"The model's head {name} is one of your own, which a file does not hold: give it as "
                "SyndromeModel.load(path, trusted=..., head=...).",
                code="head_not_known",
                parameter="head",
            )
        return head

    def save(self, path: str | os.PathLike[str], *, trusted: Sequence[type] = ()) -> None:
        """Write the model to a file: a zip archive of arrays and JSON, which runs nothing when it is read.

        Parameters
        ----------
        path : path
        trusted : sequence of type
            Classes of your own heads, which a file may then hold too.

        Raises
        ------
        ModelFileError
            The head holds an object of a class that is not trusted.
        """
        files.save(self._parts, Path(path), trusted)

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], *, trusted: Sequence[type] = (), head: Head | None = None
    ) -> Self:
        """Read a model from a file, which is not believed: hashes, sizes and answers are checked.

        Parameters
        ----------
        path : path
        trusted : sequence of type
            Classes of your own heads; the file can't name any.
        head : Head, optional
            Your own, if the model was fitted with one that is not registered: `add`, `remove_subject` and
            the answer without the nearest subject in `explain` fit it again. `predict` does without.

        Returns
        -------
        SyndromeModel

        Raises
        ------
        ModelFileError
            It is no model, was cut or changed, is of another version, or does not answer as it did.
        ParameterError
            The model was fitted with another head.
        """
        parts = files.load(path, trusted)
        if head is not None and head.name != parts.card.head:
            raise ParameterError(
                f"The model was fitted with the head {quote(parts.card.head)}, and this one is "
                f"{quote(head.name)}: give that one.",
                code="another_head",
                parameter="head",
            )
        return cls(replace(parts, head=head))
