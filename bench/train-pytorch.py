"""The step of bench/train/workload.ts in PyTorch, as its users write it.

    python train-pytorch.py FOLDER THREADS

FOLDER holds workload.json (sizes, and name and shape of each parameter), parameters.bin (f32, one after the other) and
batch.bin (i32: ids, then labels). Prints the version, then for each line on stdin (a number of steps) one line of JSON:
milliseconds and loss of each step.
"""

import json
import sys
import time

import numpy
import torch
from torch.nn import functional

folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
with open(f"{folder}/workload.json") as file:
    work = json.load(file)

values = numpy.fromfile(f"{folder}/parameters.bin", dtype="<f4")
parameters = {}
at = 0
for entry in work["parameters"]:
    size = int(numpy.prod(entry["shape"]))
    tensor = torch.from_numpy(values[at : at + size].copy()).reshape(entry["shape"])
    parameters[entry["name"]] = torch.nn.Parameter(tensor)
    at += size

batch, length, hidden = (work[name] for name in ("batch", "length", "hiddenSize"))
numbers = torch.from_numpy(numpy.fromfile(f"{folder}/batch.bin", dtype="<i4")).long()
ids, labels = numbers[: batch * length].reshape(batch, length), numbers[batch * length :]


def affine(name, x):
    return functional.linear(x, parameters[f"{name}.weight"], parameters[f"{name}.bias"])


def normalize(name, x, epsilon):
    return functional.layer_norm(x, (hidden,), parameters[f"{name}.weight"], parameters[f"{name}.bias"], epsilon)


def attend(name, x):
    heads = work["numHeads"]
    qkv = affine(f"{name}.qkv", x).reshape(batch, length, 3, heads, hidden // heads).permute(2, 0, 3, 1, 4)
    mixed = functional.scaled_dot_product_attention(qkv[0], qkv[1], qkv[2])
    return affine(f"{name}.output", mixed.transpose(1, 2).reshape(batch, length, hidden))


def transformer():
    epsilon = work["epsilon"]
    x = functional.embedding(ids, parameters["embeddings.words"]) + parameters["embeddings.positions"]
    x = normalize("embeddings.norm", x, epsilon)
    for layer in range(work["numLayers"]):
        name = f"layers.{layer}"
        x = normalize(f"{name}.attention.norm", x + attend(f"{name}.attention", x), epsilon)
        inner = functional.gelu(affine(f"{name}.feedForward.inner", x))
        x = normalize(f"{name}.feedForward.norm", x + affine(f"{name}.feedForward.outer", inner), epsilon)
    return affine("head", x.mean(1))


def conv():
    blocks, kernel = work["blocks"], work["kernelSize"]
    x = functional.embedding(ids, parameters["layers.0.weight"])
    for block in range(1, blocks + 1):
        name = f"layers.{block}"
        channels = normalize(f"{name}.0", x, 1e-5).transpose(1, 2)
        weight, bias = parameters[f"{name}.1.weight"].unsqueeze(1), parameters[f"{name}.1.bias"]
        mixed = functional.conv1d(channels, weight, bias, padding=kernel // 2, groups=hidden).transpose(1, 2)
        x = x + functional.relu(affine(f"{name}.2", mixed))
    weights = parameters[f"layers.{blocks + 1}.weight"][ids].exp().unsqueeze(2)
    pooled = (x * weights).sum(1) / weights.sum(1)
    return affine(f"layers.{blocks + 3}", normalize(f"layers.{blocks + 2}", pooled, 1e-5))


forward = conv if work["kind"] == "conv" else transformer


optimizer = torch.optim.Adam(parameters.values(), lr=work["learningRate"])


def step():
    started = time.perf_counter()
    optimizer.zero_grad()
    loss = functional.cross_entropy(forward(), labels)
    loss.backward()
    optimizer.step()
    value = loss.item()
    return (time.perf_counter() - started) * 1000, value


print(torch.__version__, flush=True)
for line in sys.stdin:
    steps = [step() for _ in range(int(line))]
    print(json.dumps({"ms": [ms for ms, _ in steps], "check": [loss for _, loss in steps]}), flush=True)
