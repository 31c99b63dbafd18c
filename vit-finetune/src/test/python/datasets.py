"""Cuts the first entries out of published annotation files, into src/test/resources/datasets.

Run from the module's folder, with SciPy: datasets.py FOLDER, where FOLDER has stanford-cars,
inaturalist and imagenet-devkit (the data folder of ILSVRC2015's kit) as published. Flowers-102's label files and cars_meta.mat are there whole.
"""
import json
import pathlib
import sys

import numpy as np
import scipy.io

SOURCE = pathlib.Path(sys.argv[1])
OUT = pathlib.Path("src/test/resources/datasets")

train = scipy.io.loadmat(SOURCE / "stanford-cars/cars_train_annos.mat")["annotations"][:, :12]
scipy.io.savemat(OUT / "cars_train_annos.mat", {"annotations": train}, do_compression=True)
test = scipy.io.loadmat(SOURCE / "stanford-cars/cars_test_annos.mat")["annotations"][:, :5]
scipy.io.savemat(OUT / "cars_test_annos.mat", {"annotations": test}, do_compression=False)
names = scipy.io.loadmat(SOURCE / "stanford-cars/cars_meta.mat")["class_names"]
joined = np.zeros((1, 4), dtype=[("relative_im_path", "O"), ("class", "O"), ("test", "O")])
for i in range(4):
    joined[0, i] = (f"car_ims/{i + 1:06}.jpg", np.uint8(i // 2 + 1), np.uint8(i % 2))
scipy.io.savemat(OUT / "cars_annos.mat", {"annotations": joined, "class_names": names})

whole = json.loads((SOURCE / "inaturalist/val2019.json").read_text())
whole["images"] = whole["images"][:8]
for image in whole["images"]:
    del image["rights_holder"]  # people's names have no place here
ids = {image["id"] for image in whole["images"]}
whole["annotations"] = [a for a in whole["annotations"] if a["image_id"] in ids]
wanted = {a["category_id"] for a in whole["annotations"]} | {0, 1}
whole["categories"] = [c for c in whole["categories"] if c["id"] in wanted]
(OUT / "val2019.json").write_text(json.dumps(whole))

kit = SOURCE / "imagenet-devkit"
truth = (kit / "ILSVRC2015_clsloc_validation_ground_truth.txt").read_text().split()[:10]
(OUT / "ILSVRC2015_clsloc_validation_ground_truth.txt").write_text("\n".join(truth) + "\n")
synsets = scipy.io.loadmat(kit / "meta_clsloc.mat")["synsets"]
wanted = [str(number.item()) in truth for number in synsets["ILSVRC2015_CLSLOC_ID"][0]]
later = synsets[:, wanted]
scipy.io.savemat(OUT / "meta_clsloc.mat", {"synsets": later}, do_compression=True)
# the same in the words of 2012, whose kit is only for those who register
earlier = np.zeros((later.size, 1), dtype=[("ILSVRC2012_ID", "O"), ("WNID", "O"), ("words", "O")])
for i, synset in enumerate(later[0]):
    earlier[i, 0] = (synset["ILSVRC2015_CLSLOC_ID"], synset["WNID"], synset["name"])
scipy.io.savemat(OUT / "meta.mat", {"synsets": earlier}, do_compression=True)
