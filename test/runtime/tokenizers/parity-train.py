"""Trains a tokenizer of each kind, as those of the fixtures and larger: reads a JSON list of texts.

    python3 -m venv venv && venv/bin/pip install tokenizers==0.23.3 sentencepiece==0.2.3 protobuf
    venv/bin/python parity-train.py FOLDER < texts.json

Writes FOLDER/wordpiece/tokenizer.json, FOLDER/bpe/tokenizer.json and FOLDER/unigram/tokenizer.json.
"""

import importlib
import json
import os
import sys

from tokenizers import Tokenizer

VOCAB_SIZE = 8_000


def main():
    texts = json.load(sys.stdin)
    trained = {
        "wordpiece": importlib.import_module("wordpiece-golden").train(VOCAB_SIZE, texts, lowercase=False),
        "bpe": importlib.import_module("bpe-golden").train(VOCAB_SIZE, True, None, texts),
        "unigram": importlib.import_module("unigram-json-golden").train(VOCAB_SIZE, texts),
    }
    for name, tokenizer in trained.items():
        folder = os.path.join(sys.argv[1], name)
        os.makedirs(folder, exist_ok=True)
        described = tokenizer.to_str() if isinstance(tokenizer, Tokenizer) else json.dumps(tokenizer)
        with open(os.path.join(folder, "tokenizer.json"), "w") as file:
            file.write(described)


main()
