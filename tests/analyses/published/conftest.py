"""How often chance is asked in tests."""

from skknn_syndrome.analyses.published.runs import NumberOfDraws

FEW = NumberOfDraws(orders=3, mixtures=2)
