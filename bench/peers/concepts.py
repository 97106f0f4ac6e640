"""Peers of bench/concepts.ts: PACE's mode B in vectorised numpy, and scikit-learn's GaussianMixture, an epoch at a time.

Reads a folder (rows.npy [M, J, d], attention.npy [M, J], start.npz), then a job a line: {"job": "numpy"} or {"job": "scikit-learn"}.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.special import digamma, logsumexp
from sklearn.mixture import GaussianMixture

warnings.filterwarnings("ignore")
FOLDER = Path(sys.argv[1])
EMBEDDINGS = np.load(FOLDER / "embeddings.npy", mmap_mode="r")
ATTENTION = np.load(FOLDER / "attention.npy")
MEANS = np.load(FOLDER / "means.npy")
VARIANCE = float(np.load(FOLDER / "variance.npy")[0])
IMAGES, PATCHES, D = EMBEDDINGS.shape
K = MEANS.shape[0]
ALPHA, FLOOR, ROUNDS = 2.0, 1e-3, 10


class Pace:
    """Equations 10 to 13 with a replaced by J a; a batch of images at a time, every operation on whole arrays."""

    def __init__(self):
        self.means = MEANS.astype(np.float64)
        self.covariances = np.repeat(np.eye(D)[None], K, 0)
        self.gammas = np.full((IMAGES, K), ALPHA + PATCHES / K)

    def epoch(self, batch=20):
        lower = np.linalg.cholesky(self.covariances)
        whiten = np.linalg.inv(lower).transpose(0, 2, 1)  # K, d, d
        half = np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(1)
        blur = 0.5 * FLOOR * VARIANCE * (whiten**2).sum((1, 2))
        flat = whiten.transpose(1, 0, 2).reshape(D, K * D)
        shift = np.einsum("kd,kde->ke", self.means, whiten)
        n, first, second = np.zeros(K), np.zeros((K, D)), np.zeros((K, D * D))
        bound = 0.0
        for start in range(0, IMAGES, batch):
            x = np.asarray(EMBEDDINGS[start : start + batch], dtype=np.float64)
            a = ATTENTION[start : start + batch].astype(np.float64)
            w = PATCHES * a / a.sum(1, keepdims=True)
            y = (x.reshape(-1, D) @ flat).reshape(-1, K, D) - shift
            maha = np.einsum("tkd,tkd->tk", y, y)
            density = (-0.5 * maha - half - blur - 0.5 * D * np.log(2 * np.pi)).reshape(len(x), PATCHES, K)
            gamma = self.gammas[start : start + batch]
            for _ in range(ROUNDS):
                logs = digamma(gamma) - digamma(gamma.sum(1, keepdims=True))
                score = density + logs[:, None, :]
                total = logsumexp(score, axis=2, keepdims=True)
                phi = np.exp(score - total)
                gamma = ALPHA + np.einsum("mj,mjk->mk", w, phi)
            self.gammas[start : start + batch] = gamma
            bound += float((w * total[..., 0]).sum())
            r = (w[..., None] * phi).reshape(-1, K)
            rows = x.reshape(-1, D)
            n += r.sum(0)
            first += r.T @ rows
            second += r.T @ (rows[:, :, None] * rows[:, None, :]).reshape(-1, D * D)
        self.means = first / n[:, None]
        scatter = second.reshape(K, D, D) / n[:, None, None] - np.einsum("kd,ke->kde", self.means, self.means)
        self.covariances = scatter + FLOOR * VARIANCE * np.eye(D)
        return bound


class Mixture:
    """scikit-learn's EM, an E and an M step a call."""

    def __init__(self):
        self.rows = np.asarray(EMBEDDINGS, dtype=np.float64).reshape(-1, D)
        self.model = GaussianMixture(K, reg_covar=FLOOR * VARIANCE)
        self.model.weights_, self.model.means_ = np.full(K, 1 / K), MEANS.astype(np.float64)
        self.model.precisions_cholesky_ = np.repeat(np.eye(D)[None], K, 0)

    def epoch(self):
        score, log_responsibilities = self.model._e_step(self.rows)
        self.model._m_step(self.rows, log_responsibilities)
        return float(score)


def main():
    versions = {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__}
    print(json.dumps(versions), flush=True)
    contenders = {}
    makers = {"numpy": Pace, "scikit-learn": Mixture}
    for line in sys.stdin:
        job = json.loads(line)["job"]
        if job not in contenders:
            contenders[job] = makers[job]()
        began, cpu = time.perf_counter(), time.process_time()
        value = contenders[job].epoch()
        print(json.dumps({"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, "value": value}), flush=True)


main()
