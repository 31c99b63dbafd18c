"""Weighted nearest neighbours as in facebookresearch/dino eval_knn.py, on the few-shot features.

Usage: python knn.py FOLDER, which holds more_examples.safetensors and more_features.safetensors;
writes knn.json there: the predictions for X_test by case and number of neighbours, T = 0.07.
"""

import json
import struct
import sys

import numpy as np


def read(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    types = {"F32": "<f4", "I64": "<i8"}
    return {
        name: np.frombuffer(data[slice(*t["data_offsets"])], types[t["dtype"]]).reshape(t["shape"])
        for name, t in header.items()
    }


def predict(x, y, test, k, temperature=0.07):
    x = x / np.linalg.norm(x, axis=1, keepdims=True)
    test = test / np.linalg.norm(test, axis=1, keepdims=True)
    similarity = test.astype(np.float64) @ x.T.astype(np.float64)
    nearest = np.argsort(-similarity, axis=1, kind="stable")[:, :k]
    weight = np.exp(np.take_along_axis(similarity, nearest, 1) / temperature)
    votes = np.zeros((len(test), y.max() + 1))
    for i in range(len(test)):
        np.add.at(votes[i], y[nearest[i]], weight[i])
    return votes.argmax(1).tolist()


folder = sys.argv[1]
found = {}
for case in ("more_examples", "more_features"):
    t = read(f"{folder}/{case}.safetensors")
    found[case] = {str(k): predict(t["X"], t["y"], t["X_test"], k) for k in (1, 5, 20)}
with open(f"{folder}/knn.json", "w") as file:
    json.dump(found, file)
