#!/usr/bin/env python3
"""Compares the failure and threat models with LightGBM, XGBoost and scikit-learn on the same rows, folds and features.

    compare.py DATA [SET ..]        the sets fd001, ai4i and nslkdd of the directory DATA, by default all

The example `peers` of dharmagraph-aiops writes the folds and what its models say; the others are fitted here with their
defaults, on one thread.  Fits are compared by the least processor time of some repeats.  Ends with 1 where a figure of ours is
worse.  Started by `make peers`, which makes the environment first.
"""

from __future__ import annotations

import os

# Before the libraries are there: they read it once.
os.environ["OMP_NUM_THREADS"] = "1"

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score
from sklearn.model_selection import StratifiedKFold
from xgboost import XGBClassifier, XGBRegressor

ROOT = Path(__file__).resolve().parent.parent.parent
HORIZON = 30
CAP = 125
# Cycles left at the last row of the engines of the test part: the least and the most.
CUT = (7, 145)
BUDGET = 0.01
# Parts of the training by which peers, as ours, find the threshold of a budget on rows that were not learnt from.
PARTS = 3
REPEATS = 5
# Columns of AI4I that name the row, or tell why it failed.
LEFT_OUT = ["UID", "Product ID", "TWF", "HDF", "PWF", "OSF", "RNF"]

LIGHTGBM = "LightGBM"
XGBOOST = "XGBoost"
HISTOGRAM = "HistGradientBoosting"
CLASSIFIERS: dict[str, Callable[[], Any]] = {
    LIGHTGBM: lambda: LGBMClassifier(n_jobs=1, verbose=-1),
    XGBOOST: lambda: XGBClassifier(n_jobs=1, enable_categorical=True),
    HISTOGRAM: lambda: HistGradientBoostingClassifier(categorical_features="from_dtype", random_state=0),
}


@dataclass
class Figure:
    data: str
    measure: str
    ours: float
    peers: dict[str, float]
    # Whether more is better.
    more: bool
    # The peers that ours must not be worse than.
    against: tuple[str, ...]
    strictly: bool = False

    @property
    def verdict(self) -> str:
        if not self.against:
            return ""
        sign = 1 if self.more else -1
        gaps = [sign * (self.ours - self.peers[peer]) for peer in self.against]
        return "ok" if all(gap > 0 or (gap == 0 and not self.strictly) for gap in gaps) else "WORSE"


def table(figures: list[Figure]) -> None:
    peers = list(dict.fromkeys(peer for figure in figures for peer in figure.peers))
    rows = [["data", "measure", "ours", *peers, ""]]
    for figure in figures:
        told = [f"{figure.peers[peer]:.4g}" if peer in figure.peers else "" for peer in peers]
        rows.append([figure.data, figure.measure, f"{figure.ours:.4g}", *told, figure.verdict])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def fit(make: Callable[[], Any], rows: pd.DataFrame, target: np.ndarray, repeats: int) -> tuple[Any, float]:
    """A fitted model and the least processor time of the fits."""
    least = float("inf")
    for _ in range(repeats):
        begin = time.process_time()
        model = make().fit(rows, target)
        least = min(least, time.process_time() - begin)
    return model, least


def out_of_fold(make: Callable[[], Any], rows: pd.DataFrame, target: np.ndarray, folds: np.ndarray) -> tuple[np.ndarray, float]:
    """What is said of each row by a model of the other folds, and the mean time of the fits."""
    said = np.zeros(len(rows))
    seconds = []
    for fold in np.unique(folds):
        learnt = folds != fold
        model, least = fit(make, rows[learnt], target[learnt], REPEATS)
        said[~learnt] = answer(model, rows[~learnt])
        seconds.append(least)
    return said, float(np.mean(seconds))


def answer(model: Any, rows: pd.DataFrame) -> np.ndarray:
    return model.predict_proba(rows)[:, 1] if hasattr(model, "predict_proba") else model.predict(rows)


def features(frame: pd.DataFrame) -> pd.DataFrame:
    """Words as categories; XGBoost and LightGBM take no brackets or JSON in names."""
    frame = frame.astype({column: "category" for column in frame.select_dtypes(exclude="number").columns})
    return frame.rename(columns=lambda name: re.sub(r"\W", "_", name))


def seconds(fits: pd.DataFrame, data: str, what: str) -> float:
    return float(fits[(fits["data"] == data) & (fits["what"] == what)]["seconds"].mean())


def fd001(data: Path, ours: pd.DataFrame, fits: pd.DataFrame) -> list[Figure]:
    raw = pd.read_csv(data / "failure/cmapss_fd001_train.csv.gz")
    fails = (raw["rul"] <= HORIZON).to_numpy().astype(int)
    lives = raw["rul"].clip(upper=CAP).to_numpy(dtype=float)
    folds = ours["fold"].to_numpy()
    windows = features(ours.drop(columns=["fold", "probability", "remaining", "lower", "upper"]))
    sensors = raw.drop(columns=["unit", "rul"])
    precision, times = {}, {}
    for name, make in CLASSIFIERS.items():
        said, times[name] = out_of_fold(make, windows, fails, folds)
        precision[name] = average_precision_score(fails, said)
    said, _ = out_of_fold(CLASSIFIERS[XGBOOST], sensors, fails, folds)
    precision[f"{XGBOOST}, sensors"] = average_precision_score(fails, said)
    errors, last = {}, {}
    lives_told = {"ours": (ours["remaining"].to_numpy(), seconds(fits, "fd001", "regressor"))}
    for name, rows in ((XGBOOST, windows), (f"{XGBOOST}, sensors", sensors)):
        lives_told[name] = out_of_fold(lambda: XGBRegressor(n_jobs=1), rows, lives, folds)
    cut = cuts(raw)
    for name, (told, _) in lives_told.items():
        wrong = np.square(np.clip(told, 0, CAP) - lives)
        errors[name], last[name] = float(np.sqrt(wrong.mean())), float(np.sqrt((wrong * cut).sum() / cut.sum()))
    inside = ((ours["lower"] <= lives) & (lives <= ours["upper"])).to_numpy()
    return [
        Figure("FD001", "AUC-PR", average_precision_score(fails, ours["probability"]), precision, True, (*precision,)),
        Figure("FD001", "classifier's fit, CPU s", seconds(fits, "fd001", "classifier"), times, False, (LIGHTGBM,)),
        Figure("FD001", "life, RMSE, all rows", errors.pop("ours"), errors, False, (*errors,)),
        Figure("FD001", "life, RMSE, cut like the test", last.pop("ours"), last, False, (*last,)),
        Figure("FD001", "life's fit, CPU s", lives_told["ours"][1], {XGBOOST: lives_told[XGBOOST][1]}, False, ()),
        Figure("FD001", "90 % intervals hold, all rows", inside.mean(), {}, True, ()),
        Figure("FD001", "90 % intervals hold, cut like the test", float((inside * cut).sum() / cut.sum()), {}, True, ()),
    ]


def cuts(raw: pd.DataFrame) -> np.ndarray:
    """How likely each row is the last one known of its engine, where that is cut as in the test part: with 7 to 145 cycles left."""
    asked = raw["rul"].between(*CUT)
    return (asked / asked.groupby(raw["unit"]).transform("sum")).to_numpy()


def ai4i(data: Path, ours: pd.DataFrame, fits: pd.DataFrame) -> list[Figure]:
    raw = pd.read_csv(data / "failure/ai4i2020_train.csv.gz").drop(columns=LEFT_OUT)
    fails = raw.pop("Machine failure").to_numpy()
    folds = ours["fold"].to_numpy()
    precision, times = {}, {}
    for name, make in CLASSIFIERS.items():
        said, times[name] = out_of_fold(make, features(raw), fails, folds)
        precision[name] = average_precision_score(fails, said)
    return [
        Figure("AI4I", "AUC-PR", average_precision_score(fails, ours["probability"]), precision, True, (*precision,)),
        Figure("AI4I", "classifier's fit, CPU s", seconds(fits, "ai4i", "classifier"), times, False, (LIGHTGBM,)),
    ]


def nslkdd(data: Path, ours: pd.DataFrame, fits: pd.DataFrame) -> list[Figure]:
    raw = pd.read_csv(data / "threat/nslkdd_train_36f.csv.gz").drop(columns="difficulty")
    attack = (raw.pop("class") != "normal").to_numpy()
    rows = features(raw)
    groups = ours["fold"].to_numpy()
    raised = {name: np.zeros(len(raw), dtype=bool) for name in CLASSIFIERS}
    times: dict[str, list[float]] = {name: [] for name in CLASSIFIERS}
    for group in np.unique(groups):
        learnt = groups != group
        for name, make in CLASSIFIERS.items():
            alarm_above, model, least = budgeted(make, rows[learnt], attack[learnt])
            raised[name][~learnt] = answer(model, rows[~learnt]) > alarm_above
            times[name].append(least)

    def recall(alarms: np.ndarray) -> float:
        """The mean of the groups: in each, no attack is of a type that the training had."""
        return float(np.mean([alarms[attack & (groups == group)].mean() for group in np.unique(groups)]))

    told = ours["alarm"].to_numpy() == 1
    unseen = {name: recall(alarms) for name, alarms in raised.items()}
    false = {name: float(alarms[~attack].mean()) for name, alarms in raised.items()}
    spent = {name: float(np.mean(of)) for name, of in times.items()}
    against = (XGBOOST, HISTOGRAM)
    return [
        Figure("NSL-KDD", "recall of unseen attacks", recall(told), unseen, True, against, strictly=True),
        Figure("NSL-KDD", "false alarms", float(told[~attack].mean()), false, False, ()),
        Figure("NSL-KDD", "fit, CPU s; ours with its threshold", seconds(fits, "nslkdd", "whole"), spent, False, ()),
    ]


def budgeted(make: Callable[[], Any], rows: pd.DataFrame, attack: np.ndarray) -> tuple[float, Any, float]:
    """The score above which the share of the budget of normal rows lies, each scored by a model that has not seen it; the model
    of all rows, and the time of its fit."""
    scores = np.zeros(len(rows))
    for learnt, left in StratifiedKFold(PARTS, shuffle=True, random_state=0).split(rows, attack):
        scores[left] = answer(make().fit(rows.iloc[learnt], attack[learnt]), rows.iloc[left])
    model, least = fit(make, rows, attack, 1)
    return float(np.quantile(scores[~attack], 1 - BUDGET, method="higher")), model, least


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="the directory of the data sets that docs/aiops.md lists")
    parser.add_argument("sets", nargs="*", help="fd001, ai4i, nslkdd; by default all")
    args = parser.parse_args()
    known = {"fd001": fd001, "ai4i": ai4i, "nslkdd": nslkdd}
    if unknown := set(args.sets) - set(known):
        parser.error(f"no such set: {', '.join(sorted(unknown))}")
    sets = args.sets or list(known)
    with tempfile.TemporaryDirectory() as folder:
        example = ["cargo", "run", "--quiet", "--release", "-p", "dharmagraph-aiops", "--example", "peers", "--"]
        subprocess.run([*example, args.data.resolve(), folder, *sets], cwd=ROOT, check=True)
        fits = pd.read_csv(Path(folder) / "fits.csv")
        figures = []
        for name in sets:
            figures += known[name](args.data, pd.read_csv(Path(folder) / f"{name}.csv"), fits)
    table(figures)
    worse = sum(figure.verdict == "WORSE" for figure in figures)
    print(f"{worse} worse than peers")
    return int(worse > 0)


if __name__ == "__main__":
    sys.exit(main())
