"""Noisy points of known laws, and SciPy's fits of them: scaling_law.json in the folder named.

Residuals are log(error) - log(law), loss soft-L1 with f_scale 0.03, bounds as in ScalingLawFitter,
trust region reflective from a grid of starts. In the second case three runs failed.
"""

import json
import sys

import numpy as np
from scipy.optimize import least_squares


def law(p, x):
    a, b, c, d = p
    return a * (x + d) ** -b + c


def fit(x, y):
    best = None
    for b in (0.1, 0.3, 0.8):
        for c in (0.02, 0.5, 0.9):
            for d in (0.1 * x.min(), 3 * x.min(), 1.0):
                start = [np.median((y - c * y.min()) * (x + d) ** b), b, c * y.min(), d]
                found = least_squares(
                    lambda p: np.log(y) - np.log(law(p, x)),
                    start,
                    bounds=([1e-12, 1e-6, 0, 0], [np.inf, 50, y.min() * (1 - 1e-9), np.inf]),
                    loss="soft_l1",
                    f_scale=0.03,
                    x_scale=np.maximum(np.abs(start), 1e-3),
                    xtol=1e-14,
                    ftol=1e-14,
                    gtol=1e-14,
                    max_nfev=5000,
                )
                if best is None or found.cost < best.cost:
                    best = found
    return best


cases = []
for seed, true, noise, failed in (
    (1, (0.4, 0.4, 0.1, 0.5), 0.01, ()),
    (2, (0.4, 0.4, 0.1, 0.5), 0.01, (5, 17, 30)),
    (3, (0.4, 0.25, 0.05, 0.0), 0.02, ()),
):
    random = np.random.default_rng(seed)
    x = np.geomspace(0.05, 5000, 40)
    y = law(true, x) * np.exp(noise * random.standard_normal(40))
    for i in failed:
        y[i] *= 1.5
    found = fit(x, y)
    cases.append(
        {
            "truth": true,
            "compute": x.tolist(),
            "error": y.tolist(),
            "fitted": found.x.tolist(),
            "cost": found.cost,
        }
    )
with open(f"{sys.argv[1]}/scaling_law.json", "w") as file:
    json.dump(cases, file, indent=1)
