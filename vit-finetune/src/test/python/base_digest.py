"""The checksum of a timm model as BaseDigest defines it, computed without any Java: the SHA-256 of the
parameters' SHA-256 in the order of their paths. Prints it for a safetensors file of one branch a block."""

import hashlib
import json
import re
import struct
import sys


def path(name):
    """timm's name of a sequential block -> the path, whose branches are always numbered"""
    name = re.sub(r"^(blocks\.\d+)\.(norm|ls)1\.", r"\1.attns.0.\2.", name)
    name = re.sub(r"^(blocks\.\d+)\.(norm|ls)2\.", r"\1.ffns.0.\2.", name)
    name = re.sub(r"^(blocks\.\d+)\.attn\.", r"\1.attns.0.attn.", name)
    return re.sub(r"^(blocks\.\d+)\.mlp\.", r"\1.ffns.0.mlp.", name)


def main(file):
    data = open(file, "rb").read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    parameters = {}
    for name, tensor in header.items():
        if name == "__metadata__":
            continue
        assert tensor["dtype"] == "F32"
        begin, end = tensor["data_offsets"]
        title = "%s F32 [%s]\n" % (path(name), ", ".join(map(str, tensor["shape"])))
        values = data[8 + length + begin : 8 + length + end]
        parameters[path(name)] = hashlib.sha256(title.encode() + values).digest()
    print(hashlib.sha256(b"".join(parameters[p] for p in sorted(parameters))).hexdigest())


main(sys.argv[1])
