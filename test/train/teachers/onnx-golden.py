"""Writes onnx-golden/: two tiny ONNX models with what Python's ONNX Runtime makes of some texts.

    python3 -m venv venv
    venv/bin/pip install onnx==1.23.2 onnxruntime==1.32.0 tokenizers==0.23.3 numpy==2.4.6
    venv/bin/python test/train/teachers/onnx-golden.py
    venv/bin/python test/train/teachers/onnx-golden.py --compare path/to/model out.json < texts.txt   (reference of a real model)

One model is a classifier with three inputs in int64 under onnx/, the other an encoder with two inputs in int32. Both
attend from each token to every other, so that an answer depends on all tokens and on their order.
"""

import json
import os
import sys

import numpy as np
import onnx
import onnxruntime
import tokenizers
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

FOLDER = os.path.join(os.path.dirname(__file__), "onnx-golden")
WIDTH = 8
POSITIONS = 64

TEXTS = [
    "Where is my parcel?",
    "parcel is Where my ?",
    "a",
    "",
    "The parcel has not moved for a week, and nobody answers the phone. Who pays for that?",
    "Die Straße ist über die Brücke gesperrt.",
    "今天天气很好",
]

LABELS = ["praise", "billing", "delivery"]


def tokenizer():
    result = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    result.normalizer = normalizers.BertNormalizer(lowercase=True)
    result.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    result.train_from_iterator(TEXTS, trainers.WordPieceTrainer(vocab_size=120, special_tokens=special, show_progress=False))
    ids = [(token, result.token_to_id(token)) for token in ("[CLS]", "[SEP]")]
    result.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ids
    )
    return result


def graph(vocab_size, is_classifier, rng):
    """[1, length] ids to [1, 3] logits, or to [1, length, WIDTH] hidden states."""
    dtype = TensorProto.INT64 if is_classifier else TensorProto.INT32
    names = ["input_ids", "attention_mask"] + (["token_type_ids"] if is_classifier else [])
    inputs = [helper.make_tensor_value_info(name, dtype, ["batch", "length"]) for name in names]
    constants = {
        "words": rng.normal(size=(vocab_size, WIDTH)),
        "places": rng.normal(size=(POSITIONS, WIDTH)),
        "types": rng.normal(size=(2, WIDTH)),
        "query": rng.normal(size=(WIDTH, WIDTH)) / 2,
        "head": rng.normal(size=(WIDTH, len(LABELS))),
        "bias": rng.normal(size=(len(LABELS),)),
        "one": np.array(1.0),
        "low": np.array(-10000.0),
    }
    nodes = [
        helper.make_node("Gather", ["words", "input_ids"], ["word"]),
        helper.make_node("Shape", ["input_ids"], ["shape"]),
        helper.make_node("Gather", ["shape", "last"], ["length"]),
        helper.make_node("Range", ["zero", "length", "step"], ["range"]),
        helper.make_node("Gather", ["places", "range"], ["place"]),
        helper.make_node("Add", ["word", "place"], ["placed"]),
    ]
    if is_classifier:
        nodes.append(helper.make_node("Gather", ["types", "token_type_ids"], ["type"]))
        nodes.append(helper.make_node("Add", ["placed", "type"], ["tokens"]))
    else:
        nodes.append(helper.make_node("Identity", ["placed"], ["tokens"]))
    nodes += [
        helper.make_node("MatMul", ["tokens", "query"], ["queries"]),
        helper.make_node("Transpose", ["tokens"], ["keys"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["queries", "keys"], ["scores"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Sub", ["one", "mask"], ["absent"]),
        helper.make_node("Mul", ["absent", "low"], ["penalty"]),
        helper.make_node("Unsqueeze", ["penalty", "axis"], ["penalties"]),
        helper.make_node("Add", ["scores", "penalties"], ["masked"]),
        helper.make_node("Softmax", ["masked"], ["weights"], axis=-1),
        helper.make_node("MatMul", ["weights", "tokens"], ["mixed"]),
        helper.make_node("Tanh", ["mixed"], ["last_hidden_state"]),
    ]
    if is_classifier:
        nodes.append(helper.make_node("Gather", ["last_hidden_state", "zero"], ["first"], axis=1))
        nodes.append(helper.make_node("MatMul", ["first", "head"], ["raw"]))
        nodes.append(helper.make_node("Add", ["raw", "bias"], ["logits"]))
        outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", len(LABELS)])]
    else:
        outputs = [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "length", WIDTH])]
    tensors = [numpy_helper.from_array(value.astype(np.float32), name) for name, value in constants.items()]
    tensors += [numpy_helper.from_array(np.array(value, np.int64), name) for name, value in (("zero", 0), ("step", 1), ("last", 1), ("axis", [1]))]
    model = helper.make_model(
        helper.make_graph(nodes, "tiny", inputs, outputs, tensors), opset_imports=[helper.make_opsetid("", 17)]
    )
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


def run(session, encode, text, max_tokens):
    ids = encode(text)[:]
    if len(ids) > max_tokens:
        ids = ids[: max_tokens - 1] + ids[-1:]
    feeds = {}
    for entry in session.get_inputs():
        dtype = np.int64 if entry.type == "tensor(int64)" else np.int32
        fill = {"input_ids": ids, "attention_mask": [1] * len(ids), "token_type_ids": [0] * len(ids), "position_ids": list(range(len(ids)))}
        feeds[entry.name] = np.array([fill[entry.name]], dtype)
    names = [entry.name for entry in session.get_outputs()]
    results = dict(zip(names, session.run(None, feeds)))
    row = {"ids": ids}
    if "logits" in results:
        row["logits"] = results["logits"][0].tolist()
    else:
        hidden = results.get("last_hidden_state", next(iter(results.values())))[0]
        row["mean"] = hidden.astype(np.float64).mean(axis=0).tolist()
        row["cls"] = hidden[0].tolist()
    return row


def rows_of(model, directory, texts, max_tokens):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    encoder = Tokenizer.from_file(os.path.join(directory, "tokenizer.json"))
    encoder.no_truncation()
    encoder.no_padding()
    return [run(session, lambda text: encoder.encode(text).ids, text, max_tokens) for text in texts]


def versions():
    return {module.__name__: module.__version__ for module in (onnx, onnxruntime, tokenizers, np)}


def write(path, value):
    with open(path, "w", encoding="utf8") as file:
        json.dump(value, file, ensure_ascii=False)
        file.write("\n")


def compare(directory, out, max_tokens=128):
    candidates = [os.path.join(directory, name) for name in ("model.onnx", "onnx/model.onnx")]
    model = next(path for path in candidates if os.path.exists(path))
    texts = [line.rstrip("\n") for line in sys.stdin]
    rows = rows_of(model, directory, texts, max_tokens)
    write(out, {"versions": versions(), "maxTokens": max_tokens, "texts": texts, "rows": rows})


def main():
    rng = np.random.default_rng(3)
    golden = {"versions": versions(), "texts": TEXTS, "maxTokens": 16, "models": {}}
    for name, is_classifier in (("classifier", True), ("encoder", False)):
        directory = os.path.join(FOLDER, name)
        model = os.path.join(directory, "onnx/model.onnx" if is_classifier else "model.onnx")
        os.makedirs(os.path.dirname(model), exist_ok=True)
        words = tokenizer()
        words.save(os.path.join(directory, "tokenizer.json"), pretty=False)
        onnx.save(graph(words.get_vocab_size(), is_classifier, rng), model)
        config = {"hidden_size": WIDTH, "architectures": ["TinyForSequenceClassification" if is_classifier else "TinyModel"]}
        if is_classifier:
            config["id2label"] = {str(i): label for i, label in enumerate(LABELS)}
        write(os.path.join(directory, "config.json"), config)
        golden["models"][name] = rows_of(model, directory, TEXTS, 16)
    write(os.path.join(FOLDER, "golden.json"), golden)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--compare"]:
        compare(sys.argv[2], sys.argv[3])
    else:
        main()
