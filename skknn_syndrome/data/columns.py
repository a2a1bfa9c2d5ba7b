"""Finding which column of a table, or array of an archive, holds what."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from skknn_syndrome.data.column_layout import COLUMN_KEYS, ID_KINDS, UNLABELLED, Layout, Scheme, understood
from skknn_syndrome.data.column_names import (
    likely_column,
    likely_vectors,
    names_images,
    names_subjects,
    prefix_of_labels,
)
from skknn_syndrome.data.covariates import covariate_columns, kind_of
from skknn_syndrome.data.feature_columns import (
    in_order,
    named_by,
    not_numbered,
    prefixes_of,
    usual_prefix,
    with_prefix,
)
from skknn_syndrome.data.identities import IdKind
from skknn_syndrome.data.subject_columns import (
    ColumnValues,
    SubjectColumn,
    find_subject_column,
    has_many_rows_an_image,
    numbers_rows,
)
from skknn_syndrome.errors import (
    REPEATED_IMAGES,
    SUBJECTS_UNREAD,
    Argument,
    ColumnsError,
    EmbeddingsFileError,
    quote,
)
from skknn_syndrome.results.audit import listed

UNKNOWN = "..."
"""Stands in a proposal for the column of the labels where none looks like it; no column is called so."""


def _unknown_values(_name: str) -> None:
    """Give no values: names alone tell."""


def find_layout(
    names: Sequence[str],
    columns: Mapping[str, str] | None,
    scheme: Scheme,
    vector_names: Collection[str] = (),
    values: ColumnValues = _unknown_values,
    covariates: Sequence[str] = (),
) -> Layout:
    """Give each column its part.

    Parameters
    ----------
    names : sequence of str
        All columns of the file.
    columns : mapping of str to str or None
        The user's own names, under the keys "syndrome", "subject", "image" and "features". The last one is
        the column that holds whole vectors, or the prefix of numbered columns; once it is given, columns
        that have no part are left unread.
    scheme : Scheme
        The names understood otherwise.
    vector_names : collection of str, default=()
        Those of `names` that can hold whole vectors.
    values : callable, optional
        Gives the values of a column in the rows' order, or None where they can't be ids. Without it, names
        alone tell what a column that was not named may hold.
    covariates : sequence of str, default=()
        Columns to be kept as covariates, as `covariate_columns` takes them.

    Returns
    -------
    Layout
        `subject` and `image` are None where the file has none.

    Raises
    ------
    ColumnsError
        If a part is missing, or a column has none; it proposes the columns to name.
    EmbeddingsFileError
        If a name comes twice, feature columns have gaps, or a covariate is none of the columns or has a part
        already.

    Examples
    --------
    >>> from skknn_syndrome.data.column_layout import TABLE
    >>> layout = find_layout(["", "image_id", "syndrome", "e1", "e0"], None, TABLE)
    >>> layout.features, layout.indexes
    (('e0', 'e1'), ('',))
    """
    # A proposal that was pasted as it is names nothing.
    given = {key: name for key, name in (columns or {}).items() if name != UNKNOWN or name in names}
    if given.get("syndrome", "").startswith(UNLABELLED):
        kept = {column.name for column in covariate_columns(covariates, names)} if covariates else set()
        others = [name for name in names if name not in kept]
        return _without_labels(others, given, scheme, vector_names, values)
    _check_names(names, given)
    if covariates:
        return _with_covariates(names, given, scheme, vector_names, values, covariates)
    labels = label_columns(names, given, scheme)
    if not labels:
        return _Survey(names, given, scheme, vector_names, values).layout()
    # To the survey, the first of them is the column of the labels, and the others are not there.
    prefix, others = given["labels"], [name for name in names if name not in labels[1:]]
    parts = {key: name for key, name in given.items() if key != "labels"} | {"syndrome": labels[0]}
    try:
        layout = _Survey(others, parts, scheme, vector_names, values).layout()
    except ColumnsError as error:
        if "no_features" in error.problems and prefixes_of(labels):
            raise EmbeddingsFileError(
                f"{quote(prefix)} takes {listed(labels)} for labels, which leaves no {scheme.noun} of "
                "vectors: give a longer prefix",
                code="labels_leave_no_features",
                parameter="columns",
            ) from error
        raise error.with_labels(prefix) from error
    called = tuple(name.removeprefix(prefix) or name for name in labels) if scheme.numbered else ()
    return replace(layout, labels=labels, label_names=called)


def _without_labels(
    names: Sequence[str],
    given: Mapping[str, str],
    scheme: Scheme,
    vector_names: Collection[str],
    values: ColumnValues,
) -> Layout:
    """Give their parts to the columns as if those of labels were not there."""
    labels = {given["syndrome"].removeprefix(UNLABELLED), *scheme.syndrome}
    others = [name for name in names if name not in labels or name in scheme.id_names[len(scheme.syndrome) :]]
    parts = {key: name for key, name in given.items() if key != "syndrome"}
    _check_names(others, parts)
    return _Survey(others, parts, scheme, vector_names, values, labelled=False).layout()


def _with_covariates(
    names: Sequence[str],
    given: Mapping[str, str],
    scheme: Scheme,
    vector_names: Collection[str],
    values: ColumnValues,
    covariates: Sequence[str],
) -> Layout:
    """Give their parts to the columns that are no covariates."""
    columns = covariate_columns(covariates, names)
    kept = {column.name for column in columns}
    parts = {*given.values(), *scheme.id_names, scheme.vectors, *label_columns(names, given, scheme)}
    others = [name for name in names if name not in kept or name in parts]
    layout = find_layout(others, given, scheme, vector_names, values)
    # The labels are a level themselves, the finest.
    columns = tuple(
        column for column in columns if column.name != layout.syndrome or kind_of(column.name) != "level"
    )
    taken = [column.name for column in columns if column.name in layout.parts]
    if taken:
        kind = kind_of(taken[0])
        raise EmbeddingsFileError(
            f"the {scheme.noun} {quote(taken[0])} holds labels, ids or vectors, and is no {kind}",
            code=f"{kind}_with_a_part",
            parameter=f"{kind}s",
        )
    unread = tuple(name for name in layout.unread if name not in kept)
    return replace(layout, covariates=columns, unread=unread)


def label_columns(names: Sequence[str], given: Mapping[str, str] | None, scheme: Scheme) -> tuple[str, ...]:
    """Return the columns of several labels an image, or their array; none unless they were asked for.

    Raises
    ------
    EmbeddingsFileError
        There are none, some have another part, or one label an image was named as well.

    Examples
    --------
    >>> from skknn_syndrome.data.column_layout import TABLE
    >>> label_columns(["e0", "finding_a", "finding_b"], {"labels": "finding_"}, TABLE)
    ('finding_a', 'finding_b')
    """
    prefix = (given or {}).get("labels")
    if prefix is None:
        return ()
    if "syndrome" in (given or {}):
        raise EmbeddingsFileError(
            "{columns} has both labels and syndrome: name several labels an image, or one",
            code="labels_and_syndrome",
            parameter="columns",
            columns=Argument("columns"),
        )
    found = tuple(name for name in names if (name.startswith(prefix) if scheme.numbered else name == prefix))
    others = {
        *scheme.subject,
        *scheme.image,
        *(name for key, name in (given or {}).items() if key != "labels"),
    }
    ids = [name for name in found if name in others] if scheme.numbered else []
    if ids:
        raise EmbeddingsFileError(
            f"{quote(prefix)} takes {listed(ids)} for labels, which {'have' if ids[1:] else 'has'} another "
            "part: give a longer prefix",
            code="labels_of_another_part",
            parameter="columns",
        )
    if not found:
        raise EmbeddingsFileError(
            f"no {scheme.noun} {'begins with' if scheme.numbered else 'is called'} {quote(prefix)}",
            code="no_label_columns",
            parameter="columns",
        )
    return found


def _check_names(names: Sequence[str], given: Mapping[str, str]) -> None:
    for key in given:
        if key not in COLUMN_KEYS:
            raise EmbeddingsFileError(
                "{columns} has the key {key}, but takes {known}",
                code="unknown_key",
                parameter="columns",
                columns=Argument("columns"),
                key=quote(key),
                known=listed(COLUMN_KEYS),
            )
    name, times = Counter(names).most_common(1)[0] if names else ("", 0)
    if times > 1:
        raise EmbeddingsFileError(
            f"the name {quote(name)} comes {times} times; rename the others", code="repeated_name"
        )


@dataclass
class _Survey:
    """One look at the columns, which notes all that is wrong before it gives up."""

    names: Sequence[str]
    given: Mapping[str, str]
    scheme: Scheme
    vector_names: Collection[str]
    values: ColumnValues
    labelled: bool = True
    problems: dict[str, str] = field(default_factory=dict)
    prefix: str | None = None
    """What to name `features`, where it has to be named."""

    def layout(self) -> Layout:
        ids: dict[str, str | None] = {kind: self._id_column(kind) for kind in ID_KINDS}
        others = [name for name in self.names if name not in ids.values()]
        indexes = tuple(name for name in others if numbers_rows(name, self.values))
        features = self._features([name for name in others if name not in indexes])
        left = [name for name in others if name not in {*features}]
        unread = tuple(name for name in left if name not in indexes)
        may_be_ids = self._may_be_ids(unread)
        # A name may be empty, as that of an index is.
        syndrome = self._labels(may_be_ids) if ids["syndrome"] is None and self.labelled else ids["syndrome"]
        image = self._image(may_be_ids) if ids["image"] is None else ids["image"]
        suspect = self._suspect(left, syndrome) if ids["subject"] is None else None
        if suspect is not None and suspect.name == image:
            self.problems[REPEATED_IMAGES] = (
                f"the {self.scheme.noun} {quote(image)} is left unread, but looks like image ids with "
                "several rows each"
            )
            suspect = None
        if features and "features" not in self.given:
            known = (syndrome, image, suspect.name if suspect is not None and suspect.by_name else None)
            self._ask_for_parts([name for name in unread if name not in known], image, unread, features)
        if (syndrome is None and self.labelled) or self.problems:
            unknown = UNKNOWN if self.labelled else None
            parts = {**ids, "syndrome": unknown if syndrome is None else syndrome, "image": image}
            raise self._error(parts, suspect)
        return Layout(syndrome, ids["subject"], ids["image"], features, unread, indexes, suspect)

    def _id_column(self, kind: IdKind) -> str | None:
        given = self.given.get(kind)
        if given in self.names:
            return given
        found = [name for name in understood(self.scheme, kind) if name in self.names]
        if given is not None:
            before = self.problems.get("no_such_column")
            missing = f"there is no {self.scheme.noun} {quote(given)}"
            self.problems["no_such_column"] = missing if before is None else f"{before}, and {missing}"
            alike = get_close_matches(given, not_numbered(self.names), n=1)
            return next(iter(alike or found), None)
        if len(found) > 1:
            self.problems["two_columns"] = f"the {self.scheme.noun}s {listed(found)} mean the same"
        return found[0] if found else None

    def _labels(self, candidates: Sequence[str]) -> str | None:
        """Guess the column of the labels, where none was found."""
        likely = likely_column("syndrome", candidates)
        if likely is None and len(candidates) == 1 and not names_subjects(candidates[0]):
            likely = candidates[0]
        missing = f"there is no {self.scheme.noun} {quote(self.scheme.syndrome[0])}"
        prefix = None if likely else prefix_of_labels(candidates, self.values)
        if prefix is not None:
            said = f"{missing}, and those that begin with {quote(prefix)} look like several labels an image"
            raise ColumnsError({"no_labels": said}, {"labels": prefix})
        self.problems["no_labels"] = (
            f"{missing} and none that looks like labels, only {listed(self.names)}: add the labels, and name "
            f"their {self.scheme.noun}"
            if likely is None
            else f"{missing}, and {quote(likely)} looks like the labels"
        )
        return likely

    def _image(self, candidates: Sequence[str]) -> str | None:
        """Guess the column of the image ids; what is called "id" is one of them if no value comes twice."""
        likely = likely_column("image", candidates)
        values = None if likely is None or names_images(likely) else self.values(likely)
        return likely if values is None or len({*values}) == len(values) else None

    def _may_be_ids(self, names: Sequence[str]) -> list[str]:
        # Any array can hold vectors, as far as its name goes.
        vectors = self.vector_names if self.scheme.numbered else ()
        return [name for name in not_numbered(names) if name not in vectors]

    def _features(self, others: Sequence[str]) -> tuple[str, ...]:
        given = self.given.get("features")
        vectors = self.scheme.vectors if given is None else given
        if vectors in self.vector_names:
            self.prefix = given
            return (vectors,)
        prefix = usual_prefix(others) if given is None else given
        found = with_prefix(others, prefix) if self.scheme.numbered else []
        if found:
            self.prefix = given
            return in_order(found, "" if prefix in found else prefix)
        likely = likely_vectors([name for name in others if name in self.vector_names])
        numbered = with_prefix(others, usual_prefix(others)) if self.scheme.numbered else []
        guessed = (likely,) if likely is not None and len(numbered) <= 1 else tuple(numbered)
        there = f", but {listed(guessed)} {'is' if len(guessed) == 1 else 'are'} there" if guessed else ""
        self.problems["no_features"] = self._no_features(others, given) + there
        self.prefix = likely if likely in guessed else named_by(guessed) if guessed else None
        return guessed

    def _no_features(self, others: Sequence[str], given: str | None) -> str:
        noun = self.scheme.noun
        if not self.scheme.numbered:
            return f"there is no {noun} {quote(self.scheme.vectors if given is None else given)} of vectors"
        if given is None:
            return "there are no feature columns, such as e0, e1 and so on"
        if given in others:
            return f"the {noun} {quote(given)} holds no vectors, such as [0.1, 0.2]"
        return f"no {noun}s are called {quote(given + '0')}, {quote(given + '1')} and so on"

    def _ask_for_parts(
        self, partless: Sequence[str], image: str | None, unread: Sequence[str], features: Sequence[str]
    ) -> None:
        """Note columns that have no part where the features were not named: one may be a misspelt id."""
        if partless:
            self.prefix = named_by(features)
        asked = partless or [name for name in unread if name == image]
        if asked:
            verb = "is neither an id nor a feature" if len(asked) == 1 else "are neither ids nor features"
            self.problems["unread_columns"] = (
                f"{listed(asked)} {verb}, and {self.scheme.noun}s are left unread only where the features "
                "are named"
            )

    def _suspect(self, left: Sequence[str], syndrome: str | None) -> SubjectColumn | None:
        candidates = [name for name in self._may_be_ids(left) if name != syndrome]
        labels = None if syndrome is None else self.values(syndrome)
        return find_subject_column(candidates, labels, self.values)

    def _error(self, parts: Mapping[str, str | None], suspect: SubjectColumn | None) -> ColumnsError:
        if suspect is not None:
            self.problems[SUBJECTS_UNREAD] = suspect.problem
        subject = suspect.name if suspect is not None and suspect.by_name else parts["subject"]
        perhaps = suspect.name if suspect is not None and not suspect.by_name else None
        chosen = {**parts, "subject": subject, "features": self.prefix}
        needed = {
            key: name for key, name in chosen.items() if name is not None and self._has_to_be_named(key, name)
        }
        many = has_many_rows_an_image(chosen, self.values)
        hopeless = "no_features" in self.problems and self.prefix is None
        if hopeless:
            return ColumnsError(self.problems, {})
        # Where subjects were asked for and none are there, to do without them is no help.
        leave_out = not needed and all(chosen[key] is not None for key in self.given)
        return ColumnsError(
            self.problems, needed, average_rows=many, leave_out=leave_out, perhaps_subject=perhaps
        )

    def _has_to_be_named(self, key: str, name: str) -> bool:
        if key == "features":
            return True
        found = [known for known in understood(self.scheme, key) if known in self.names]
        return found != [name]
