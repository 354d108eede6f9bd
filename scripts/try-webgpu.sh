#!/usr/bin/env bash
# Runs examples/try-backend on wasm and on WebGPU without a GPU, and compares the losses of every epoch: Dawn, from
# npm's webgpu package, on SwiftShader, the Vulkan driver that Chromium carries for machines without one.
#
#   scripts/try-webgpu.sh [libvk_swiftshader.so, default that of Debian's chromium]
#
# Installs webgpu and @tensorflow/tfjs-backend-webgpu into node_modules and leaves package.json alone. Needs the Debian
# packages chromium and libvulkan1, and a build (npm run build). Takes some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
driver=$(realpath "${1:-/usr/lib/chromium/libvk_swiftshader.so}")
out=$(realpath -m out/try-backend)

npm install --no-save --no-audit --ignore-scripts webgpu@0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0
mkdir -p "$out"
printf '{"file_format_version": "1.0.0", "ICD": {"library_path": "%s", "api_version": "1.0.5"}}\n' "$driver" > "$out/driver.json"
export VK_ICD_FILENAMES="$out/driver.json"
for backend in wasm webgpu; do
  node dist/cli/main.js distill examples/try-backend --backend "$backend" --out "$out/$backend"
done
node --input-type=module - "$out" <<'JS'
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
const [wasm, webgpu] = ['wasm', 'webgpu'].map((name) =>
  JSON.parse(readFileSync(join(process.argv[2], name, 'metrics.json'), 'utf8')),
);
const losses = ({ runs }) => runs[0].students.flatMap(({ history }) => history.flatMap((epoch) => [epoch.totalLoss, epoch.devLoss]));
const [a, b] = [losses(wasm), losses(webgpu)];
const difference = Math.max(...a.map((loss, i) => Math.abs(loss - b[i]) / loss));
console.log(`${a.length} losses, WebGPU against wasm: largest relative difference ${difference.toExponential(1)}`);
console.log(`seconds of training: wasm ${wasm.seconds.training.toFixed(1)}, WebGPU ${webgpu.seconds.training.toFixed(1)}`);
if (difference > 1e-3) process.exit(1);
JS
