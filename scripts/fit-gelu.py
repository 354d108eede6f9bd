"""Fits the polynomial of GELU in src/runtime/kernels/float.ts and prints its coefficients, the highest first, rounded to
9 decimals.

    python3 -m venv venv
    venv/bin/pip install numpy==2.4.6 scipy==1.17.1
    venv/bin/python scripts/fit-gelu.py

GELU is max(x, 0) - a Phi(-a) with a = |x|. Phi(-a) becomes p(a)^32, by the p with the smallest maximum over a of
|a p(a)^32 - a Phi(-a)| / min(1, a). A linear program finds by how much to change the coefficients as if the error changed
in proportion; some rounds of it end at the minimum.
"""

import numpy as np
from scipy.optimize import linprog
from scipy.special import ndtr

END, DEGREE, POWER = 8, 5, 32

# Dense at both ends of the interval, as the extremes of the error are; without 0, where there is none.
a = END * (1 - np.cos(np.linspace(0, np.pi, 2000)[1:])) / 2
weight = a / np.minimum(1, a)
terms = np.vander(a / END, DEGREE + 1)
root = ndtr(-a) ** (1 / POWER)
slope = (weight * POWER * root ** (POWER - 1))[:, None]
p = np.linalg.lstsq(slope * terms, slope[:, 0] * root, rcond=None)[0]
for _ in range(20):
    value = terms @ p
    error = weight * (value**POWER - ndtr(-a))
    slope = (weight * POWER * value ** (POWER - 1))[:, None] * terms
    bound = np.full((len(a), 1), -abs(error).max())
    rows = np.vstack([np.hstack([slope, bound]), np.hstack([-slope, bound])]) / -bound[0]
    most = np.concatenate([-error, error]) / -bound[0]
    change = linprog([0] * len(p) + [1], A_ub=rows, b_ub=most, bounds=[(None, None)] * len(p) + [(0, None)]).x
    p = p + change[:-1]
p = np.round(p / END ** np.arange(DEGREE, -1, -1.0), 9)
error = weight * (np.polyval(p, a) ** POWER - ndtr(-a))
print(*(f"{coefficient:.9f}" for coefficient in p), f"maximum {abs(error).max():.3g}")
