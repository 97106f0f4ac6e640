"""scikit-learn's numbers for the explainers of embeddings (src/methods/concepts/explainers) and their measures (src/evals/metrics)."""

import json
import sys
from datetime import date
from pathlib import Path

import numpy as np
import scipy
import sklearn
from sklearn.cluster import KMeans
from sklearn.decomposition import NMF, PCA, LatentDirichletAllocation
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.mixture import GaussianMixture
from sklearn.preprocessing import StandardScaler

TARGETS = Path(__file__).parents[2] / "test" / "golden"
SEED = 20261126
rng = np.random.default_rng(SEED)


def rounded(array, digits=15):
    return np.asarray(array, dtype=float).round(digits).tolist()


def patches():
    means = np.array([[0, 0, 3], [3, 0, 0], [0, -3, 0], [2, 2, 2]], dtype=float)
    rows = means[rng.integers(0, 4, 60)] + rng.normal(size=(60, 3))
    return rows.round(6)


def mixture(rows, kind):
    start = rows[[0, 1, 2]]
    sklearn_kind = {"full": "full", "diagonal": "diag", "spherical": "spherical", "tied": "tied"}[kind]
    eye = np.eye(3)
    precisions = {"full": np.stack([eye] * 3), "diag": np.ones((3, 3)), "spherical": np.ones(3), "tied": eye}[sklearn_kind]
    model = GaussianMixture(
        3, covariance_type=sklearn_kind, tol=0, reg_covar=0, max_iter=5,
        weights_init=np.full(3, 1 / 3), means_init=start, precisions_init=precisions,
    ).fit(rows)
    covariances = {
        "full": lambda c: c, "diag": lambda c: np.stack([np.diag(one) for one in c]),
        "spherical": lambda c: np.stack([one * eye for one in c]), "tied": lambda c: np.stack([c] * 3),
    }[sklearn_kind](model.covariances_)
    return {
        "kind": kind, "epochs": 5, "start": rounded(start), "means": rounded(model.means_),
        "covariances": rounded(covariances), "weights": rounded(model.weights_), "score": float(model.score(rows)),
    }


def factorization(rows):
    values = np.abs(rows)
    amounts, parts = rng.random((60, 2)).round(6), rng.random((2, 3)).round(6)
    model = NMF(2, init="custom", solver="mu", max_iter=7, tol=0)
    found = model.fit_transform(values, W=amounts.copy(), H=parts.copy())
    return {
        "values": rounded(values), "amounts": rounded(amounts), "parts": rounded(parts), "rounds": 7,
        "found": {"amounts": rounded(found), "parts": rounded(model.components_)},
    }


def topics():
    counts = rng.poisson(1.5, size=(12, 8)).astype(float)
    model = LatentDirichletAllocation(3, doc_topic_prior=0.4, topic_word_prior=0.3, learning_method="batch")
    model._init_latent_vars(8, dtype=np.float64)
    start = (0.5 + rng.random((3, 8))).round(6)
    model.components_ = start.copy()
    for _ in range(4):
        from sklearn.decomposition._online_lda_fast import _dirichlet_expectation_2d

        model.exp_dirichlet_component_ = np.exp(_dirichlet_expectation_2d(model.components_))
        _, sums = model._e_step(counts, cal_sstats=True, random_init=False)
        model.components_ = model.topic_word_prior_ + sums
    model.exp_dirichlet_component_ = np.exp(_dirichlet_expectation_2d(model.components_))
    theta, _ = model._e_step(counts, cal_sstats=False, random_init=False)
    return {
        "counts": rounded(counts), "start": rounded(start), "alpha": 0.4, "beta": 0.3, "epochs": 4,
        "lambda": rounded(model.components_), "gamma": rounded(theta),
    }


def clusters(rows):
    start = rows[[5, 9, 20, 33]]
    model = KMeans(4, init=start, n_init=1, algorithm="lloyd", tol=0).fit(rows)
    return {"start": rounded(start), "centres": rounded(model.cluster_centers_), "inertia": float(model.inertia_)}


def components(rows):
    model = PCA(2).fit(rows)
    scores = np.abs(model.transform(rows))
    return {"magnitudes": rounded(scores), "kept": float(model.explained_variance_ratio_.sum())}


def regression():
    train, test = rng.normal(size=(60, 5)).round(6), rng.normal(size=(20, 5)).round(6)
    direction = rng.normal(size=(5, 3))
    labels = (train @ direction + rng.normal(size=(60, 3))).argmax(1)
    truth = (test @ direction).argmax(1)
    scaler = StandardScaler().fit(train)
    model = LogisticRegression(C=1, max_iter=2500, tol=1e-12).fit(scaler.transform(train), labels)
    binary = (labels > 0).astype(int)
    other = LogisticRegression(C=1, max_iter=2500, tol=1e-12).fit(scaler.transform(train), binary)
    # Nearly flat, as the weights of an explainer may be, and one feature that never moves: what is told by rounding alone?
    flat = lambda rows: np.column_stack([0.2 + 1e-9 * rows, np.full(len(rows), 0.1)])
    flat_scaler = StandardScaler().fit(flat(train))
    flat_model = LogisticRegression(C=1, max_iter=2500, tol=1e-12).fit(flat_scaler.transform(flat(train)), labels)
    return {
        "train": rounded(train), "test": rounded(test), "labels": labels.tolist(), "truth": truth.tolist(),
        "probabilities": rounded(model.predict_proba(scaler.transform(test))),
        "accuracy": float(model.score(scaler.transform(test), truth)),
        "binary": binary.tolist(), "binaryProbabilities": rounded(other.predict_proba(scaler.transform(test))),
        "flatProbabilities": rounded(flat_model.predict_proba(flat_scaler.transform(flat(test)))),
    }


def agreement():
    first, second = rng.integers(0, 4, 50), rng.integers(0, 3, 50)
    second[:25] = first[:25] % 3
    return {
        "first": first.tolist(), "second": second.tolist(),
        "nmi": float(normalized_mutual_info_score(first, second)), "ari": float(adjusted_rand_score(first, second)),
    }


def main():
    rows = patches()
    versions = {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__}
    generated = {"script": "scripts/golden/methods-concepts.py", "versions": versions, "seed": SEED, "date": str(date.today())}
    concepts = {
        "generated": generated, "rows": rounded(rows),
        "mixtures": [mixture(rows, kind) for kind in ("full", "diagonal", "spherical", "tied")],
        "factorization": factorization(rows), "topics": topics(), "clusters": clusters(rows), "components": components(rows),
    }
    measures = {"generated": generated, "regression": regression(), "agreement": agreement()}
    (TARGETS / "methods" / "concepts.golden.json").write_text(json.dumps(concepts) + "\n")
    (TARGETS / "evals" / "explanations.golden.json").write_text(json.dumps(measures) + "\n")


main()
