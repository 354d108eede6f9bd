#!/usr/bin/env bash
# Builds the native addon of @tensorflow/tfjs-node where its installer cannot download a TensorFlow library: against the
# C API in PyPI's wheel, which carries its headers and libtensorflow_cc. Installs into node_modules and leaves
# package.json alone.
#
#   scripts/build-tfjs-node.sh [folder for the wheel, default out/tensorflow]
#
# Needs npm, pip and g++ (C++17). Tried with tfjs-node 4.22.0 and tensorflow-cpu 2.21.0 on Node 20, Linux x64.
set -euo pipefail
cd "$(dirname "$0")/.."
wheel=$(realpath -m "${1:-out/tensorflow}")

npm install --no-save --no-audit --ignore-scripts @tensorflow/tfjs-node@4.22.0 node-api-headers@1.9.0
mkdir -p "$wheel"
if [ ! -d "$wheel/tensorflow" ]; then
  pip download --quiet --no-deps --dest "$wheel" tensorflow-cpu==2.21.0
  python3 -m zipfile -e "$wheel"/tensorflow_cpu-*.whl "$wheel"
fi

addon=node_modules/@tensorflow/tfjs-node
headers=$(node -p "require('node-api-headers').include_dir")
libraries=$wheel/tensorflow
mkdir -p "$addon/lib/napi-v8"
g++ -std=c++17 -O2 -fPIC -shared -DNAPI_VERSION=8 -Wl,--allow-shlib-undefined \
  -I "$addon" -I "$libraries/include" -I "$headers" \
  "$addon"/binding/tfjs_backend.cc "$addon"/binding/tfjs_binding.cc \
  -L "$libraries" -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 "-Wl,-rpath,$libraries" \
  -o "$addon/lib/napi-v8/tfjs_binding.node"
node -e "
  const tf = require('@tensorflow/tfjs-node');
  tf.ready().then(() => console.log(tf.getBackend() + ' backend, libtensorflow ' + tf.backend().binding.TF_Version));
"
