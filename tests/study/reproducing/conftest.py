"""How often chance is asked in tests."""

from skknn_syndrome.study.reproducing.runs import NumberOfDraws

FEW = NumberOfDraws(orders=3, mixtures=2)
