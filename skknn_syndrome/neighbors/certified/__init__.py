"""Exact neighbours from single-precision products: candidates, their exact distances, and a certificate.

A product of matrices in single precision names candidates quickly but not reliably. Their distances are
computed again in double precision, and a bound on the error of the product certifies, row by row, that no
other row can be among the nearest. What can't be certified is computed in full.
"""
