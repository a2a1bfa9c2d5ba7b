"""Thresholds that verdicts and sentences of a report hang on: each is defined here, and here alone."""

from typing import Final

SIGNIFICANCE_LEVEL: Final = 0.05
"""Of two-sided tests, after the correction for the other tests that were made beside them: the convention of
the clinical literature."""

CONFIDENCE: Final = 0.95
"""Of intervals: what goes with the level above. A difference whose interval holds 0 is inconclusive."""

DRAW_CONFIDENCE: Final = 0.99
"""Of the interval in which a further draw of a published protocol is expected: dozens of figures are judged
at once, and of these one in twenty would lie outside a 95 % interval."""

SMALLEST_P: Final = 0.001
"""Smaller p-values are printed as below it, in prose and tables alike."""

DECIMALS: Final = 3
"""In which scores are printed: what is equal in these is called equal."""

PRINTED_AS_ZERO: Final = 0.5 * 10**-DECIMALS
"""Below, a figure is printed as 0."""

ROUNDING: Final = 1e-12
"""What is nearer than this is the same: sums of the same terms in another order differ by some 1e-15."""

LEAST_ARRANGEMENTS: Final = 1.5
"""Half-way between one arrangement of labels and two: a permutation p-value of fewer is the least."""

SKEWED: Final = 3.0
"""From this skewness of the k-occurrences on, hubs are named; if neighbours were drawn at random, lists of 10
would have 0.3. A convention of this report."""

NEAR_DUPLICATE_COSINE: Final = 0.95
"""Cosine similarity that near-duplicates exceed: of the 1,116 face embeddings that the program grew from,
eight pairs do. Alone it decides only where there are few others, see `NEAR_DUPLICATE_CHANCE`."""

NEAR_DUPLICATE_CHANCE: Final = 1e-3
"""Pairs so near that others account for fewer than this many of them in the whole set are remarkable."""

FEWEST_OTHERS: Final = 10
"""Fewer do not tell how near others usually are: then the cosine similarity alone decides."""

FEWEST_CHANGES: Final = 10
"""Subjects that fusing has to change, for better or worse, before the mean change gets an interval: a handful
carries the mean, and Student's t is no guide to it."""

FEWEST_RANKED: Final = 5
"""Syndromes of which a rank correlation is tested: of four, even a perfect order has a two-sided p-value of
2 / 24."""

REJECTED_SHARE: Final = 0.2
"""Share of rejected images at which the effect on the error is tested: fixed, not chosen by the effect."""

UNEQUAL_CLASSES: Final = 2
"""Classes are called unequal from this many images of the largest for one of the smallest on: a convention of
this report."""

TIES_MATTER: Final = 0.01
"""By so much the order of equally probable classes has to move a top-k accuracy before that is said: a
percentage point, for shares are printed in whole ones."""

LOW_F1: Final = 0.6
"""Below, collecting images of a syndrome is advised where its errors fall on another one beyond chance: a
convention of this report."""

CAUGHT_HALF: Final = 0.5
"""Where a smaller share of the images of absent syndromes is flagged, more are missed than found, and
somebody has to look at each case."""

FEWEST_IN_SUBGROUP: Final = 10
"""Subjects from which on a subgroup is compared with others: of fewer, one more error moves accuracy by more
than ten percentage points. A convention of this report."""

MODEST_CORRELATION: Final = 0.3
"""A correlation of distances that a test has to find often enough for its power not to be called low: what is
published of visual and genetic distances lies about it."""

ENOUGH_POWER: Final = 0.8
"""Share of simulations in which a test has to find an association of some size for that size to be called
detectable: the convention of sample-size planning."""

WIDEST_INTERVAL: Final = 0.2
"""Width from which on an interval of a share is too wide to tell how large it is: ten percentage points to
either side. A convention of this report."""

STOPPING_TARGET: Final = 0.9
"""Share of the answers at each taxonomic level that is to be right where predictions stop at the most
specific one that is sure enough. A convention of this report."""

LEAST_CONSISTENT: Final = 0.9
"""Share of images on which predictions of neighbouring taxonomic levels should agree. A convention of this
report."""

CAUGHT_MOST: Final = 0.9
"""From this share of flagged images of absent syndromes on, most are noticed; below, cases need review. A
convention of this report."""

LOW_SENSITIVITY: Final = 0.6
"""Below, a class is named as one that the classifier does not recognise reliably: a convention of this
report, as `LOW_F1`."""

SMALL_INFLATION: Final = 0.005
"""A change of a score up to which detected leakage is called small: by so much macro F1 of the faces that the
program grew from varies (SD) from one division into folds to the next."""

SET_COVERAGES: Final = (0.8, 0.9, 0.95)
"""Probabilities with which prediction sets are to hold the true class: conventions of the literature."""

SUMMARY_COVERAGE: Final = 0.9
"""The one of these that prose and figures speak of."""
