"""On how many of the images something was computed, where it was not on all."""

from typing import Self

from pydantic import Field, model_validator

from skknn_syndrome.results.base import Result


class Sample(Result):
    """A part of the images, drawn because all of them would take too long.

    Examples
    --------
    >>> sample = Sample(
    ...     n_used=5000,
    ...     n_images=50000,
    ...     n_subjects_used=2710,
    ...     n_subjects=27104,
    ...     stratified_by=("class", "subject"),
    ...     random_state=42,
    ... )
    >>> sample.sentence()
    'computed on 5,000 of 50,000 images, stratified by class and subject'
    """

    n_used: int = Field(ge=1)
    n_images: int
    """Of the data."""
    n_subjects_used: int | None
    """None where the data has no subject ids, or folds do not go by them."""
    n_subjects: int | None
    """Likewise, of the data."""
    stratified_by: tuple[str, ...]
    """What has its share in the sample, or is in it as a whole: "class", "subject"."""
    random_state: int | None

    def sentence(self) -> str:
        """Return what to say wherever figures of it are shown, without a capital and a full stop."""
        stratified = f", stratified by {' and '.join(self.stratified_by)}" if self.stratified_by else ""
        return f"computed on {self.n_used:,} of {self.n_images:,} images{stratified}"

    @model_validator(mode="after")
    def _is_a_part(self) -> Self:
        if self.n_used > self.n_images:
            message = f"a sample of {self.n_images} images can't have {self.n_used}"
            raise ValueError(message)
        return self
