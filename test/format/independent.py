"""An independent reader and runtime of student files, written from FORMAT.md alone.

    python3 independent.py FOLDER FORMAT.md

For each FOLDER/NAME.json (what Retort says: inputs with ids, logits and what the task asks for; every tensor in hex) it
opens FOLDER/NAME.safetensors with the safetensors library and without it, compares every byte of every tensor, runs the
student in F32, and compares bits. The same with the test vectors of FORMAT.md. Needs Python 3.9 or newer, safetensors and numpy.
"""

import hashlib
import json
import pathlib
import re
import struct
import sys
import unicodedata

import numpy as np
import safetensors
from safetensors.numpy import load_file

np.seterr(all="ignore")
F = np.float32
M32 = 0xFFFFFFFF


def canonical(text):
    """Parses JSON; white space between tokens and keys that stand twice are refused (numbers are not compared)."""

    def pairs(items):
        assert len({key for key, _ in items}) == len(items), "duplicate key"
        return dict(items)

    outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
    assert not re.search(r"\s", outside), "white space between tokens"
    return json.loads(text, object_pairs_hook=pairs)


def read(data):
    """FORMAT.md, sections 1 to 5."""
    (length,) = struct.unpack_from("<Q", data)
    assert length <= 262144 and 8 + length <= len(data) and (8 + length) % 64 == 0
    header = canonical(data[8 : 8 + length].decode("utf-8").rstrip(" "))
    metadata = header.pop("__metadata__")
    assert metadata["format"] == "retort-student" and metadata["format_version"] in ("1", "2", "3", "4")
    assert sorted(metadata) == ["format", "format_version", "provenance", "sha256", "spec"]
    section = data[8 + length :]
    assert hashlib.sha256(section).hexdigest() == metadata["sha256"]
    tensors, position = {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = entry["data_offsets"]
        assert begin == position
        position = end
        raw = section[begin:end]
        if re.fullmatch(r"_pad\.[0-9]{1,4}", name):
            assert entry["dtype"] == "U8" and len(raw) < 16 and not any(raw)
            continue
        assert begin % 16 == 0
        dtype = {"I8": "<i1", "U8": "<u1", "F16": "<f2", "F32": "<f4"}[entry["dtype"]]
        tensors[name] = np.frombuffer(raw, dtype).reshape(entry["shape"])
    assert position == len(section)
    return canonical(metadata["spec"]), tensors


def units(text):
    raw = text.encode("utf-16-le", "surrogatepass")
    return [raw[i] | raw[i + 1] << 8 for i in range(0, len(raw), 2)]


def from_units(list_of_units):
    raw = b"".join(struct.pack("<H", unit) for unit in list_of_units)
    return raw.decode("utf-16-le", "surrogatepass")


def cut(text, limit):
    """The text that is read, lone surrogates replaced, and whether something is left out."""
    all_units = units(text)
    kept = all_units[:limit]
    if len(all_units) > limit and 0xD800 <= kept[-1] < 0xDC00:
        kept.pop()
    return re.sub("[\ud800-\udfff]", "\ufffd", from_units(kept)), len(kept) < len(all_units)


def alone_scripts(character):
    """Script property, for the characters of the test texts."""
    name = unicodedata.name(character, "")
    return name.startswith(("CJK UNIFIED", "HIRAGANA LETTER", "KATAKANA LETTER", "THAI"))


def word_list(text):
    words, run = [], ""
    for character in text:
        category = unicodedata.category(character)[0]
        if category in "LNM" and not alone_scripts(character):
            run += character
            continue
        if run:
            words.append(units(run))
            run = ""
        if category not in "ZC":
            words.append(units(character))
    return words + ([units(run)] if run else [])


def step(h, unit):
    return ((h ^ unit) * 0x01000193) & M32


def mix(h):
    h = ((h ^ (h >> 16)) * 0x7FEB352D) & M32
    h = ((h ^ (h >> 15)) * 0x846CA68B) & M32
    return h ^ (h >> 16)


def hashed(spec, text, limits):
    text, was_cut = cut(text, limits["maxCharacters"])
    words = word_list(unicodedata.normalize("NFKC", text).lower())
    ids = []
    for i, word in enumerate(words):
        for n in range(1, min(spec["wordNgrams"], i + 1) + 1):
            h = step(0x811C9DC5, n)
            for other in words[i - n + 1 : i + 1]:
                for unit in other + [0x20]:
                    h = step(h, unit)
            ids.append(mix(h) % spec["buckets"])
        if spec["charNgrams"] is None:
            continue
        low, high = spec["charNgrams"]
        marked = [0xFFFF] + word + [0xFFFF]
        for n in range(low, min(high, len(marked)) + 1):
            for start in range(len(marked) - n + 1):
                h = step(0x811C9DC5, n * 256)
                for unit in marked[start : start + n]:
                    h = step(h, unit)
                ids.append(mix(h) % spec["buckets"])
    limit = limits["maxTokens"]
    return ids[:limit], was_cut or len(ids) > limit


REMOVED = "[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]"
SPACES = "[\t\n\f\r\u061c\u1680\u200b\u200c\u200e\u200f\u2028\u2029\u2581\ufeff\ufffd]"


def unigram(spec, text, limits, tensors):
    text, was_cut = cut(text, limits["maxCharacters"])
    text = re.sub(SPACES, " ", re.sub(REMOVED, "", text))
    text = "\uff5e".join(unicodedata.normalize("NFKC", part) for part in text.split("\uff5e"))
    text = re.sub(" +", " ", text).strip(" ")
    if text == "":
        return with_special(spec, [], limits, was_cut)
    text = (" " + text).replace(" ", "\u2581")
    raw, at, pieces = tensors["tokenizer.pieces"].tobytes(), 0, {}
    scores, unknown = tensors["tokenizer.scores"], spec["unknownId"]
    for i, length in enumerate(tensors["tokenizer.lengths"].tolist()):
        if i != unknown and i not in spec["controlIds"]:
            pieces[raw[at : at + length].decode("utf-8")] = i
        at += length
    smallest = min((scores[i] for i in pieces.values()), default=F(0))
    unknown_score = F(smallest - F(10))
    longest = max(map(len, pieces), default=0)
    best, back = {0: F(0)}, {}

    def offer(to, start, piece, score):
        if to not in best or score > best[to]:
            best[to], back[to] = score, (start, piece)

    for p in range(len(text)):
        for length in range(1, min(longest, len(text) - p) + 1):
            piece = pieces.get(text[p : p + length])
            if piece is not None:
                offer(p + length, p, piece, F(best[p] + scores[piece]))
        if text[p] not in pieces:
            offer(p + 1, p, unknown, F(best[p] + unknown_score))
    path, at = [], len(text)
    while at > 0:
        at, piece = back[at]
        path.append(piece)
    path.reverse()
    ids = [piece for i, piece in enumerate(path) if piece != unknown or i == 0 or path[i - 1] != unknown]
    return with_special(spec, ids, limits, was_cut)


WHITE_SPACE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
IDEOGRAPHS = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002a6df\U0002a700-\U0002b81f\U0002b920-\U0002ceaf\U0002f800-\U0002fa1f"


def split_pieces(tensors):
    raw, at, pieces = tensors["tokenizer.pieces"].tobytes(), 0, []
    for length in tensors["tokenizer.lengths"].tolist():
        pieces.append(raw[at : at + length])
        at += length
    return pieces


def with_special(spec, ids, limits, was_cut):
    prefix, suffix = spec.get("prefixIds", []), spec.get("suffixIds", [])
    room = limits["maxTokens"] - len(prefix) - len(suffix)
    return prefix + ids[:room] + suffix, was_cut or len(ids) > room


def bert_text(spec, text):
    if spec["cleanText"]:
        removed = lambda c: c in "\0\ufffd" or (unicodedata.category(c) in ("Cc", "Cf", "Co") and c not in "\t\n\r")
        text = re.sub(f"[{WHITE_SPACE}]", " ", "".join(c for c in text if not removed(c)))
    if spec["spaceIdeographs"]:
        text = re.sub(f"([{IDEOGRAPHS}])", r" \1 ", text)
    if spec["stripAccents"]:
        text = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    return "".join(c.lower() for c in text) if spec["lowercase"] else text


def wordpiece(spec, text, limits, tensors):
    text, was_cut = cut(text, limits["maxCharacters"])
    pieces = {piece.decode("utf-8"): i for i, piece in enumerate(split_pieces(tensors))}
    words = []
    for run in re.split(f"[{WHITE_SPACE}]+", bert_text(spec, text)):
        word = ""
        for c in run:
            if unicodedata.category(c)[0] == "P" or c in "$+<=>^`|~":
                words += [word, c]
                word = ""
            else:
                word += c
        words.append(word)
    ids = []
    for word in filter(None, words):
        found, rest = [], word
        while rest and len(word) <= spec["maxCharactersPerWord"]:
            mark = "##" if found else ""
            lengths = [n for n in range(1, len(rest) + 1) if mark + rest[:n] in pieces]
            if not lengths:
                break
            found.append(pieces[mark + rest[: max(lengths)]])
            rest = rest[max(lengths) :]
        ids += [spec["unknownId"]] if rest else found
    return with_special(spec, ids, limits, was_cut)


def gpt2_class(c):
    if re.match(f"[{WHITE_SPACE}]", c):
        return "space"
    return {"L": "letter", "N": "number"}.get(unicodedata.category(c)[0], "other")


def gpt2_words(text):
    """FORMAT.md's list as a regular expression over one letter a character."""
    letters = {"space": "s", "letter": "l", "number": "n", "other": "o"}
    classes = "".join(letters[gpt2_class(c)] for c in text)
    words, at = [], 0
    while at < len(text):
        short = re.compile("'(?:s|t|re|ve|m|ll|d)").match(text, at)
        skip = 1 if text[at] == " " else 0
        run = re.compile("l+|n+|o+").match(classes, at + skip)
        space = re.compile("s+$|s+(?=s)|s").match(classes, at)
        end = short.end() if short else run.end() if run else space.end()
        words.append(text[at:end])
        at = end
    return words


def bpe(spec, text, limits, tensors):
    text, was_cut = cut(text, limits["maxCharacters"])
    if spec["nfc"]:
        text = unicodedata.normalize("NFC", text)
    if spec["addPrefixSpace"] and text and text[0] != " ":
        text = " " + text
    pieces = split_pieces(tensors)
    id_of = {piece: i for i, piece in enumerate(pieces)}
    merges = {}
    for i, split in enumerate(tensors["tokenizer.splits"].tolist()):
        if split > 0:
            rank = tensors["tokenizer.ranks"][i] if spec["order"] == "ranks" else i
            merges[pieces[i][:split], pieces[i][split:]] = rank
    ids = []
    for word in gpt2_words(text):
        parts = [bytes([byte]) for byte in word.encode("utf-8")]
        while True:
            possible = [(merges[pair], i) for i, pair in enumerate(zip(parts, parts[1:])) if pair in merges]
            if not possible:
                break
            _, i = min(possible)
            parts[i : i + 2] = [parts[i] + parts[i + 1]]
        found = [id_of.get(part) for part in parts]
        ids += [
            spec["unknownId"] if piece is None else piece
            for i, piece in enumerate(found)
            if piece is not None or i == 0 or found[i - 1] is not None
        ]
    return with_special(spec, ids, limits, was_cut)


TOKENIZERS = {
    "hashed": lambda spec, text, limits, tensors: hashed(spec, text, limits),
    "unigram": unigram,
    "wordpiece": wordpiece,
    "bpe": bpe,
}

WORD_GAP = "\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
BOUNDLESS = {"maxTokens": 1 << 30, "maxCharacters": 1 << 30}


def tagged_words(spec, text, tensors):
    """Ids of a text that is read word by word, whether something is left out, and of each word where it stands."""
    tokenizer = spec["tokenizer"]
    alone = {**tokenizer, "prefixIds": [], "suffixIds": []}
    text, was_cut = cut(text, spec["maxCharacters"])
    ids, words = [], []
    for match in re.finditer(f"[^{WORD_GAP}]+", text):
        own, _ = TOKENIZERS[tokenizer["kind"]](alone, match[0], BOUNDLESS, tensors)
        start = len(units(text[: match.start()]))
        words.append((start, start + len(units(match[0])), len(ids)))
        ids += own or [tokenizer["unknownId"]]
    prefix = tokenizer.get("prefixIds", [])
    room = spec["maxTokens"] - len(prefix) - len(tokenizer.get("suffixIds", []))
    read = [(start, end, len(prefix) + first) for start, end, first in words if first < room]
    return *with_special(tokenizer, ids, spec, was_cut), read


def exp(x):
    x = np.minimum(np.maximum(F(x), F(-87)), F(88))
    n = np.rint(x * F(1.44269504))
    r = (x - n * F(0.693359375)) - n * F(-0.00021219444)
    p = F(1 / 720)
    for a in (1 / 120, 1 / 24, 1 / 6, 0.5, 1, 1):
        p = p * r + F(a)
    return F(p * F(2.0 ** int(n)))


def sigmoid(x):
    return F(1) / (F(1) + exp(-x))


def gelu(x):
    a = np.minimum(np.abs(x), F(8))
    p = F(-0.000012759)
    for b in (0.000247781, -0.000892896, -0.009421838, -0.024400671, 0.978572084):
        p = p * a + F(b)
    for _ in range(5):
        p = p * p
    return (x if x > 0 else F(0)) - a * p


def silu(x):
    a = np.minimum(np.abs(x), F(17))
    p = F(1 / 120)
    for b in (1 / 24, 1 / 6, 0.5, 1, 1):
        p = p * (a / F(32)) + F(b)
    for _ in range(5):
        p = p * p
    return (x if x > 0 else F(0)) - a / (F(1) + p)


def level(x):
    if np.isnan(x):
        return F(0)
    x = np.maximum(x, F(-16))
    n = np.rint(x)
    p = F(6.9861403)
    for b in (30.760811, 88.046933, 127):
        p = p * (x - n) + F(b)
    return np.rint(p * F(2.0 ** int(n)))


ACTIVATIONS = {"none": lambda x: x, "relu": lambda x: max(x, F(0)), "gelu": gelu, "silu": silu}


def activated(rows, name):
    function = ACTIVATIONS[name]
    return np.array([[function(x) for x in row] for row in rows], F).reshape(rows.shape)


def quantized(row):
    low, high = min(F(0), row.min()), max(F(0), row.max())
    s = (high - low) / F(127)
    if not s >= F(2.0**-126):
        return F(0), 0, np.zeros(len(row), np.int64)
    inverse = F(1) / s
    z = int(np.clip(np.rint(-low * inverse), 0, 127))
    return s, z, np.clip(np.rint(row * inverse).astype(np.int64) + z, 0, 127)


def lanes(v):
    l = [F(0)] * 4
    for i, x in enumerate(v):
        l[i % 4] = l[i % 4] + x
    return (l[0] + l[1]) + (l[2] + l[3])


def dense(layer, x, name, tensors):
    """Also of the patches of a conv2d, whose weight is flattened."""
    bias = tensors[f"{name}.bias"]
    weight = tensors[f"{name}.weight"].reshape(len(bias), -1)
    out = np.zeros((len(x), len(bias)), F)
    for r, row in enumerate(x):
        if weight.dtype == np.int8:
            s, z, q = quantized(row)
            integers = weight.astype(np.int64) @ q - z * weight.astype(np.int64).sum(axis=1)
            out[r] = integers.astype(F) * (s * tensors[f"{name}.weight.scale"]) + bias
            continue
        total = np.zeros(len(bias), F)
        for k in range(weight.shape[1]):
            total = total + row[k] * weight[:, k]
        out[r] = total + bias
    return activated(out, layer["activation"])


def depthwise(layer, x, name, tensors):
    weight, bias = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
    if weight.dtype == np.int8:
        weight = weight.astype(F) * tensors[f"{name}.weight.scale"][:, None]
    size = layer["kernelSize"]
    half, out = (size - 1) // 2, np.zeros_like(x)
    for t in range(len(x)):
        total = bias
        for k in range(size):
            if 0 <= t + k - half < len(x):
                total = total + x[t + k - half] * weight[:, k]
        out[t] = total
    return activated(out, layer["activation"])


def layer_norm(layer, x, name, tensors):
    out, n = np.zeros_like(x), F(layer["hiddenSize"])
    for r, row in enumerate(x):
        centered = row - lanes(row) / n
        variance = lanes(centered * centered) / n
        inverse = F(1) / np.sqrt(variance + F(layer["epsilon"]))
        out[r] = centered * inverse * tensors[f"{name}.weight"] + tensors[f"{name}.bias"]
    return out


def position(layer, x, name, tensors):
    weight = tensors[f"{name}.weight"][: len(x)].astype(F)
    if f"{name}.weight.scale" in tensors:
        weight = weight * tensors[f"{name}.weight.scale"][: len(x), None]
    return weight + x


def attend(q, k, v, scale, is_float):
    """Of one query, over rows of keys and values."""
    if len(k) == 0:
        return np.zeros(v.shape[1], F)
    if is_float:
        s = np.zeros(len(k), F)
        for c in range(len(q)):
            s = s + q[c] * k[:, c]
        s = s * scale
        total, sums = F(0), np.zeros(v.shape[1], F)
        for score, row in zip(s, v):
            w = exp(score - s.max())
            total, sums = total + w, sums + w * row
        return sums * (F(1) / total)
    (q_scale, q_levels), keys, values = centred(q), [centred(row) for row in k], [centred(column) for column in v.T]
    unit = q_scale * (scale * F(1.44269504))
    s = np.array([F(int(levels @ q_levels)) * (unit * own) for own, levels in keys], F)
    w = np.array([int(level(score - s.max())) for score in s])
    inverse = F(1) / F(int(w.sum()))
    return np.array([F(int(levels @ w)) * (inverse * own) for own, levels in values], F)


def is_float(tensors):
    """Whether a student that reads texts has F32 matrices, of which its embedding is the first."""
    return tensors["layers.0.weight"].dtype == F


def centred(row):
    scale, zero, levels = quantized(row)
    return scale, levels - zero


def self_attention(layer, x, is_float):
    hidden, size = layer["hiddenSize"], layer["hiddenSize"] // layer["heads"]
    scale, out = F(1) / np.sqrt(F(size)), np.zeros((len(x), hidden), F)
    for begin in range(0, hidden, size):
        q, k, v = (x[:, part * hidden + begin :][:, :size] for part in range(3))
        for t in range(len(x)):
            out[t, begin : begin + size] = attend(q[t], k, v, scale, is_float)
    return out


def patches(layer, x):
    """Of an image `[height, width, channels]`: `[down, right, kernelSize, kernelSize, channels]`."""
    size, stride = layer["kernelSize"], layer["stride"]
    counts, before = [], []
    for n in x.shape[:2]:
        if layer.get("padding", "valid") == "valid":
            counts.append((n - size) // stride + 1)
            before.append(0)
        else:
            counts.append(-(-n // stride))
            before.append(max(0, (counts[-1] - 1) * stride + size - n) // 2)
    out = np.zeros((*counts, size, size, x.shape[2]), F)
    for y, right, i, j in np.ndindex(*counts, size, size):
        row, column = y * stride - before[0] + i, right * stride - before[1] + j
        if 0 <= row < x.shape[0] and 0 <= column < x.shape[1]:
            out[y, right, i, j] = x[row, column]
    return out


def conv2d(layer, x, name, tensors):
    pieces = patches(layer, x)
    down, right = pieces.shape[:2]
    return dense(layer, pieces.reshape(down * right, -1), name, tensors).reshape(down, right, -1)


def pair_features(u, v):
    return np.concatenate([u, v, np.abs(u - v), u * v], axis=1)


def int4_row(row, scales):
    halves = np.stack([row & 15, row >> 4], axis=1).reshape(-1).astype(np.int64)
    values = np.where(halves > 7, halves - 16, halves)
    return values.astype(F) * np.repeat(scales.astype(F), 32)


def run(layers, x, prefix, ids, tensors, first=0):
    """Runs the layers from `first` on. A vector is a matrix of one row, an image `[height, width, channels]`."""
    for i, layer in enumerate(layers[first:], first):
        name, kind = f"{prefix}.{i}", layer["kind"]
        if kind == "embedding":
            weight = tensors[f"{name}.weight"]
            x = np.zeros((len(ids), layer["hiddenSize"]), F)
            for t, id_ in enumerate(ids):
                if weight.dtype == np.uint8:
                    x[t] = int4_row(weight[id_], tensors[f"{name}.weight.scale"][id_])
                    continue
                scale = tensors[f"{name}.weight.scale"][id_] if weight.dtype == np.int8 else F(1)
                x[t] = weight[id_].astype(F) * scale
        elif kind == "weightedMean":
            total, sums = F(0), np.zeros(x.shape[1], F)
            for t, id_ in enumerate(ids):
                w = tensors[f"{name}.weight"][id_]
                total, sums = total + w, sums + w * x[t]
            x = (sums / total if total > 0 else np.zeros_like(sums))[None]
        elif kind == "maxPool":
            x = (x.max(axis=0) if len(x) else np.zeros(x.shape[1], F))[None]
        elif kind == "position":
            x = position(layer, x, name, tensors)
        elif kind == "attentionPool":
            x = attend(tensors[f"{name}.query"], x, x, F(1), is_float(tensors))[None]
        elif kind == "attention":
            x = self_attention(layer, x, is_float(tensors))
        elif kind == "dense":
            x = dense(layer, x, name, tensors)
        elif kind == "layerNorm":
            x = layer_norm(layer, x, name, tensors)
        elif kind == "depthwiseConv":
            x = depthwise(layer, x, name, tensors)
        elif kind == "conv2d":
            x = conv2d(layer, x, name, tensors)
        elif kind == "maxPool2d":
            x = patches(layer, x).max(axis=(2, 3))
        elif kind == "flatten":
            x = x.reshape(1, -1)
        elif kind == "residual":
            x = run(layer["layers"], x, name, ids, tensors) + x
        else:
            raise AssertionError(kind)
    return x


def scores_of(logits, multi_label):
    if multi_label:
        return [sigmoid(x) for x in logits]
    e = [exp(x - logits.max()) for x in logits]
    total = F(0)
    for value in e:
        total = total + value
    return [value / total for value in e]


def bits(values):
    return [format(struct.unpack(">I", struct.pack(">f", value))[0], "08x") for value in values]


def read_texts(spec, texts, tensors):
    """Ids of each text, whether something is left out, and to tag where its words are."""
    if spec["task"]["kind"] == "tag":
        return [tagged_words(spec, text, tensors) for text in texts]
    tokenizer = spec.get("tokenizer")
    return [(*TOKENIZERS[tokenizer["kind"]](tokenizer, text, spec, tensors), None) for text in texts]


def run_input(spec, tensors, given, readings):
    """What the layers end in."""
    layers, kind = spec["layers"], spec.get("input", {}).get("kind")
    if kind == "image":
        shape = [spec["input"][side] for side in ("height", "width", "channels")]
        return run(layers, (np.array(given, F) / F(255)).reshape(shape), "layers", None, tensors)
    if kind == "pair":
        (join,) = [i for i, layer in enumerate(layers) if layer["kind"] == "pairFeatures"]
        u, v = (run(layers[:join], None, "layers", ids, tensors) for ids, _, _ in readings)
        return run(layers, pair_features(u, v), "layers", None, tensors, join + 1)
    return run(layers, None, "layers", readings[0][0], tensors)


def unit_vector(x):
    square = F(0)
    for value in x:
        square = square + value * value
    length = np.sqrt(square)
    return x / length if length > 0 else x


def answer(spec, tensors, given):
    """FORMAT.md, section 14: what a student says about an input."""
    texts = [] if isinstance(given, list) else [given["text"], given["pair"]] if isinstance(given, dict) else [given]
    readings = read_texts(spec, texts, tensors)
    said = {"readings": [{"ids": ids, "truncated": truncated} for ids, truncated, _ in readings]}
    out, task = run_input(spec, tensors, given, readings), spec["task"]
    if task["kind"] == "tag":
        words = []
        for start, end, first in readings[0][2]:
            scores = scores_of(out[first], False)
            best = scores.index(max(scores))
            words.append([start, end, task["labels"][best], *bits([scores[best]])])
        logits = [value for _, _, first in readings[0][2] for value in out[first]]
        return {**said, "logits": bits(logits), "words": words}
    said["logits"] = bits(out[0])
    if task["kind"] == "classify":
        return {**said, "scores": bits(scores_of(out[0], task["multiLabel"]))}
    half = (len(out[0]) + 1) // 2
    return {**said, "vector": bits(unit_vector(out[0])), "half": bits(unit_vector(out[0][:half]))}


def given_input(units_of):
    """Texts stand as their units, of which JSON keeps lone surrogates too."""
    if "pixels" in units_of:
        return units_of["pixels"]
    texts = [from_units(text) for text in units_of["texts"]]
    return texts[0] if len(texts) == 1 else {"text": texts[0], "pair": texts[1]}


def check(path):
    expected = json.loads(path.read_text())
    file = path.with_suffix(".safetensors")
    spec, tensors = read(file.read_bytes())
    library = {name: value for name, value in load_file(file).items() if not name.startswith("_pad.")}
    assert sorted(library) == sorted(tensors) == sorted(expected["tensors"])
    for name, hexadecimal in expected["tensors"].items():
        assert library[name].tobytes().hex() == tensors[name].tobytes().hex() == hexadecimal, name
        assert library[name].shape == tensors[name].shape and library[name].dtype == tensors[name].dtype, name
    for case in expected["cases"]:
        said = answer(spec, tensors, given_input(case["given"]))
        assert said == case["answer"], (path.name, case, said)
    return len(tensors), len(expected["cases"])


def check_vectors(document):
    vectors = json.loads(re.search(r"^```json\n(.*?)^```$", document, re.M | re.S)[1])
    pieces = [piece.encode("utf-8") for piece, _ in vectors["pieces"]]
    tensors = {
        "tokenizer.pieces": np.frombuffer(b"".join(pieces), "<u1"),
        "tokenizer.lengths": np.array([len(piece) for piece in pieces]),
        "tokenizer.scores": np.array([score for _, score in vectors["pieces"]], F),
    }
    for case in vectors["hashed"]:
        spec = vectors["hashedSpec"]
        assert hashed(spec, case["text"], spec) == (case["ids"], case["truncated"]), case
    for case in vectors["unigram"]:
        spec = vectors["unigramSpec"]
        assert unigram(spec, case["text"], spec, tensors) == (case["ids"], case["truncated"]), case
    pieces = [piece.encode("utf-8") for piece in vectors["wordpiecePieces"]]
    tensors = {
        "tokenizer.pieces": np.frombuffer(b"".join(pieces), "<u1"),
        "tokenizer.lengths": np.array([len(piece) for piece in pieces]),
    }
    for case in vectors["wordpiece"]:
        spec = vectors["wordpieceSpec"]
        assert wordpiece(spec, case["text"], spec, tensors) == (case["ids"], case["truncated"]), case
    pieces = [bytes.fromhex(piece) for piece, _, _ in vectors["bpePieces"]]
    tensors = {
        "tokenizer.pieces": np.frombuffer(b"".join(pieces), "<u1"),
        "tokenizer.lengths": np.array([len(piece) for piece in pieces]),
        "tokenizer.splits": np.array([split for _, split, _ in vectors["bpePieces"]]),
        "tokenizer.ranks": np.array([rank for _, _, rank in vectors["bpePieces"]], F),
    }
    for case in vectors["bpe"]:
        spec = vectors["bpeSpec"]
        assert bpe(spec, case["text"], spec, tensors) == (case["ids"], case["truncated"]), case
    types = {"I8": np.int8, "U8": np.uint8, "F32": F}
    for student in vectors["students"]:
        entries = student["tensors"].items()
        tensors = {name: np.array(values, types[dtype]).reshape(shape) for name, (dtype, shape, values) in entries}
        for case in student["answers"]:
            given = case.pop("input")
            said = answer(student["spec"], tensors, given)
            assert said == case, (given, said, case)
    for case in vectors["int4"]:
        row, scale = np.frombuffer(bytes.fromhex(case["weight"]), "<u1"), np.frombuffer(bytes.fromhex(case["scale"]), ">f2")
        assert bits(int4_row(row, scale)) == case["row"], case
    functions = {"exp": exp, "sigmoid": sigmoid, "gelu": gelu, "silu": silu}
    for case in vectors["functions"]:
        (x,) = struct.unpack(">f", bytes.fromhex(case["x"]))
        for name, function in functions.items():
            assert bits([function(F(x))]) == [case[name]], (name, x)
    for case in vectors["levels"]:
        (x,) = struct.unpack(">f", bytes.fromhex(case["x"]))
        assert level(F(x)) == case["level"], case
    answers = sum(len(student["answers"]) for student in vectors["students"])
    return answers + sum(len(vectors[name]) for name in (*TOKENIZERS, "int4", "functions", "levels"))


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    results = [check(path) for path in sorted(folder.glob("*.json"))]
    assert results, "no file to check"
    files, tensors, inputs = len(results), sum(a for a, _ in results), sum(b for _, b in results)
    vectors = check_vectors(pathlib.Path(sys.argv[2]).read_text("utf-8"))
    print(f"safetensors {safetensors.__version__}: {files} files, {tensors} tensors, {inputs} inputs, {vectors} vectors agree")
