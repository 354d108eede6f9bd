"""Cuts texts with Hugging Face's tokenizers: reads a JSON list of texts, writes one line of JSON a text, the first line its version.

    python3 parity.py DIRECTORY < texts.json

DIRECTORY holds tokenizer.json, or vocab.json and merges.txt. Special tokens are left out. A lone surrogate, which cannot
reach the library, is given as U+FFFD.
"""

import json
import os
import re
import sys

import tokenizers


def load(directory):
    path = os.path.join(directory, "tokenizer.json")
    if os.path.exists(path):
        tokenizer = tokenizers.Tokenizer.from_file(path)
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer
    return tokenizers.ByteLevelBPETokenizer(*(os.path.join(directory, name) for name in ("vocab.json", "merges.txt")))


def main():
    tokenizer = load(sys.argv[1])
    print(json.dumps(f"tokenizers {tokenizers.__version__}"))
    for text in json.load(sys.stdin):
        print(json.dumps(tokenizer.encode(re.sub("[\ud800-\udfff]", "\ufffd", text), add_special_tokens=False).ids))


main()
