"""Writes bpe-golden.json: small byte-level BPE vocabularies and what Hugging Face's tokenizers makes of sentences.py.

    python3 -m venv venv && venv/bin/pip install tokenizers==0.23.3
    venv/bin/python test/runtime/tokenizers/bpe-golden.py

A text with lone surrogates cannot reach the library; it is given U+FFFD in their place, as Retort reads them.
"""

import json
import os
import re

import tokenizers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from sentences import LANGUAGES, TEXTS

FIXTURE = os.path.join(os.path.dirname(__file__), "bpe-golden.json")
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
SEEN = [*LANGUAGES.values(), *TEXTS[-20:-9]]


def train(vocab_size, add_prefix_space, normalizer=None, texts=SEEN):
    tokenizer = Tokenizer(models.BPE())
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=add_prefix_space)
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=add_prefix_space
    )
    return json.loads(tokenizer.to_str())


def renumbered(tokenizer):
    """The same tokenizer with ids that do not follow the order of the merges, as RoBERTa's do not."""
    model = dict(tokenizer["model"])
    ordinary = [piece for piece in model["vocab"] if piece not in SPECIAL]
    shuffled = ordinary[::3] + ordinary[1::3] + ordinary[2::3]
    model["vocab"] = {piece: i for i, piece in enumerate(SPECIAL + shuffled)}
    return {**tokenizer, "model": model}


def fixture(tokenizer):
    library = Tokenizer.from_str(json.dumps(tokenizer))

    def ids(text):
        return library.encode(re.sub("[\ud800-\udfff]", "\ufffd", text)).ids

    return {"tokenizer": tokenizer, "ids": [ids(text) for text in TEXTS]}


def main():
    plain = train(900, add_prefix_space=False)
    result = {
        "tool": f"tokenizers {tokenizers.__version__} (Python)",
        "languages": list(LANGUAGES),
        "texts": TEXTS,
        "tokenizers": {
            "in the order of its merges": fixture(plain),
            "in another order": fixture(renumbered(train(600, add_prefix_space=True))),
            "normalized to NFC": fixture(train(500, add_prefix_space=False, normalizer=normalizers.NFC())),
        },
    }
    with open(FIXTURE, "w") as file:
        json.dump(result, file, ensure_ascii=True, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
