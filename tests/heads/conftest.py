"""The study tests' problem, for heads too."""

from tests.study.conftest import problem as problem
