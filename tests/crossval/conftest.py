"""The study tests' problem, for cross-validation too."""

from tests.study.conftest import problem as problem
