"""Makes the small files of src/test/resources/.../checkpoint/torch with PyTorch itself.

Run with PyTorch 2.x (these were made with 2.13):  python torch_files.py OUTPUT_FOLDER

NAME.pth is the file to read. What must come out of it stands in expected.json: for each file, the
key that was chosen, and for each tensor its type, shape and little-endian bytes in hexadecimal,
row-major; or the words that the refusal must hold.
"""

import argparse
import collections
import io
import json
import pathlib
import pickle
import sys
import zipfile

import torch

OUT = pathlib.Path(sys.argv[1])
OUT.mkdir(parents=True, exist_ok=True)
EXPECTED = {}

NAMES = {
    torch.bool: "BOOL", torch.uint8: "U8", torch.int8: "I8", torch.int16: "I16",
    torch.uint16: "U16", torch.int32: "I32", torch.uint32: "U32", torch.int64: "I64",
    torch.uint64: "U64", torch.float16: "F16", torch.bfloat16: "BF16", torch.float32: "F32",
    torch.float64: "F64", torch.float8_e5m2: "F8_E5M2", torch.float8_e4m3fn: "F8_E4M3",
}


def raw(t):
    t = t.detach().contiguous().clone()
    return bytes(t.reshape(-1).view(torch.uint8).tolist()).hex() if t.numel() else ""


def described(tensors):
    return {k: [NAMES[t.dtype], list(t.shape), raw(t)] for k, t in tensors.items()}


def expect(name, tensors, selected="", **more):
    EXPECTED[name] = {"selected": selected, "tensors": described(tensors), **more}


def save(name, value, tensors=None, selected="", **options):
    torch.save(value, OUT / name, **options)
    expect(name, value if tensors is None else tensors, selected)


def refuse(name, value, words, **options):
    torch.save(value, OUT / name, **options)
    EXPECTED[name] = {"refused": words}


torch.manual_seed(1)
values = torch.tensor([0.0, -0.0, 1.0, -1.5, 240.0, 0.0078125, 3.1415927, -448.0])
whole = torch.tensor([0, 1, 2, 3, 100, 126, 127, 5])
types = collections.OrderedDict()
for dtype in NAMES:
    types[NAMES[dtype].lower()] = (values if dtype.is_floating_point else whole).to(dtype)
types["f32_special"] = torch.tensor([float("inf"), float("-inf"), float("nan"), 1e-45])
types["u64_big"] = torch.tensor([2**63 - 1, 5]).to(torch.uint64)
types["scalar"] = torch.tensor(2.5)
types["empty"] = torch.zeros(0, 3)
for protocol in (2, 3, 4, 5):
    save(f"types_protocol{protocol}.pth", types, pickle_protocol=protocol)
save("types_legacy.pth", types, _use_new_zipfile_serialization=False)

base = torch.arange(24.0).reshape(4, 6)
views = {
    "whole": base, "rows": base[1:3], "columns": base[:, 2:5], "transposed": base.t(),
    "steps": base[::2, ::3], "permuted": base.reshape(2, 3, 4).permute(2, 0, 1),
    "expanded": base[0, :1].expand(5), "diagonal": base.diagonal(), "one": base[3, 5],
    "tied": base, "none_of_it": base[:, :0],
}
save("views.pth", views)
save("views_legacy.pth", views, _use_new_zipfile_serialization=False)

weights = collections.OrderedDict(
    [("conv.weight", torch.randn(2, 3)), ("conv.bias", torch.randn(2)), ("n", torch.tensor(7))])
weights._metadata = collections.OrderedDict([("", {"version": 1})])
other = {k: v * 2 for k, v in weights.items()}
model = torch.nn.Linear(3, 2)
optimizer = torch.optim.AdamW(model.parameters())
model(torch.ones(1, 3)).sum().backward()
optimizer.step()
deit = {
    "args": argparse.Namespace(lr=0.1, path=pathlib.PurePosixPath("/data"), device=torch.device("cpu")),
    "epoch": 3, "lr": 0.5, "done": True, "nothing": None, "arch": "tiny",
    "optimizer": optimizer.state_dict(), "model_ema": other, "model": weights,
    "size": torch.Size([1, 2]), "dtype": torch.bfloat16, "seen": {1, 2}, "raw": b"abc",
    "big": 2**80, "counter": collections.Counter("ab"), "default": collections.defaultdict(list, a=[1]),
}
save("deit.pth", deit, weights, "model")
save("deit_legacy.pth", deit, weights, "model", _use_new_zipfile_serialization=False)
save("dino.pth", {"student": other, "teacher": weights, "epoch": 1}, weights, "teacher")
save("lightning.pth", {"state_dict": {"model": other}, "hparams": {"a": [1, (2, 3)]}}, other,
     "state_dict/model")
save("only.pth", {"mine": weights, "n": 1}, weights, "mine")
save("beside.pth", {"conv.weight": weights["conv.weight"], "epoch": 4, "more": {"x": 1}},
     {"conv.weight": weights["conv.weight"]})
parameters = {"p": torch.nn.Parameter(torch.randn(2, 2)),
              "frozen": torch.nn.Parameter(torch.randn(3), requires_grad=False)}
parameters["with_state"] = torch.nn.Parameter(torch.randn(2))
parameters["with_state"].note = "x"
parameters["buffer"] = torch.nn.Buffer(torch.randn(2))
tagged = torch.randn(2)
tagged.note = "y"
parameters["tagged"] = tagged
save("parameters.pth", parameters)
shared = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3), torch.nn.Identity())
shared[2].weight = shared[0].weight
shared[0].register_buffer("scratch", torch.ones(1), persistent=False)
save("module.pth", shared, shared.state_dict())
save("module_in_dictionary.pth", {"model": shared, "epoch": 2}, shared.state_dict(), "model")

def without_source(_):
    raise OSError("PyTorch's own source shall not stand in the file")


torch.serialization.get_source_lines_and_file = without_source
save("module_legacy.pth", shared, shared.state_dict(), _use_new_zipfile_serialization=False)
torch.jit.save(torch.jit.script(torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU())),
               OUT / "scripted.pth")
expect("scripted.pth", torch.jit.load(OUT / "scripted.pth").state_dict())

refuse("complex.pth", {"a": torch.ones(2), "c": torch.ones(2, dtype=torch.complex64)},
       "'c' holds complex numbers (torch.complex64)")
refuse("quantized.pth", {"q": torch.quantize_per_tensor(torch.ones(4), 0.1, 0, torch.qint8)},
       "'q' is a quantized tensor")
refuse("sparse.pth", {"s": torch.eye(3).to_sparse()}, "'s' is a sparse tensor")
refuse("meta.pth", {"m": torch.ones(2, device="meta")}, "'m' is a tensor without values")
refuse("negated.pth", {"a": torch._neg_view(torch.ones(2))}, "'a' is conjugated or negated")
refuse("list.pth", [torch.ones(2)], "is a list")
refuse("tensor.pth", torch.ones(2), "is a single tensor")
refuse("number.pth", 3, "is a single value")
refuse("options.pth", argparse.Namespace(a=1), "is an object of 'argparse.Namespace'")
refuse("nothing.pth", {"epoch": 1, "args": argparse.Namespace(a=1)},
       "'args' is 'argparse.Namespace'")
refuse("two.pth", {"first": weights, "second": other}, "['first', 'second']; select one")


class Harm:
    def __init__(self, function, *arguments):
        self.function, self.arguments = function, arguments

    def __reduce__(self):
        return self.function, self.arguments


refuse("harm.pth", {"model": Harm(eval, "open('harmed', 'w')")}, "'model' is '__builtin__.eval'")
refuse("harm_among.pth", {"w": torch.ones(2), "b": Harm(exec, "1")},
       "entry 'b' among the tensors would have to be made by '__builtin__.exec'")
refuse("harm_alone.pth", Harm(print, "x"), "is an object of '__builtin__.print'")

swapped = io.BytesIO()
torch.save({"a": torch.ones(2)}, swapped)
with zipfile.ZipFile(swapped) as z, zipfile.ZipFile(OUT / "big_endian.pth", "w") as o, \
        zipfile.ZipFile(OUT / "deflated.pth", "w", zipfile.ZIP_DEFLATED) as d, \
        zipfile.ZipFile(OUT / "zip64.pth", "w") as l:
    for n in z.namelist():
        data = z.read(n)
        o.writestr(n, b"big" if n.endswith("/byteorder") else data)
        d.writestr(n, data)
        with l.open(n, "w", force_zip64=True) as f:
            f.write(data)
EXPECTED["big_endian.pth"] = {"refused": "big-endian"}
expect("deflated.pth", {"a": torch.ones(2)})
expect("zip64.pth", {"a": torch.ones(2)})
torch.serialization.set_crc32_options(False)
save("without_crc.pth", {"a": torch.ones(2)})
torch.serialization.set_crc32_options(True)
with open(OUT / "pickle.pth", "wb") as f:
    pickle.dump({"a": 1}, f)
EXPECTED["pickle.pth"] = {"refused": "is a Python pickle, but not one of torch.save"}

(OUT / "expected.json").write_text(json.dumps(EXPECTED, indent=0, sort_keys=True) + "\n")
