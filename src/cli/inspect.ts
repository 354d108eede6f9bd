/** `retort inspect`: what is in a student file. */
import { gzipSync } from 'node:zlib';
import { Command } from 'commander';
import { parseStudent, type StudentSpec } from '../format/index.ts';
import { formatBytes } from '../train/index.ts';
import { loadStudentFile } from './predictors.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

/** The command. */
export function inspectCommand(terminal: Terminal): Command {
  return new Command('inspect')
    .description('Spec, tensors, sizes, origin and scores of a student file; checks its hash.')
    .argument('<student>', 'a student file')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ retort inspect out/spam/static.safetensors')
    .action((path: string, options: { readonly json?: true }) => runInspect(path, options, terminal));
}

async function runInspect(path: string, options: { readonly json?: true }, terminal: Terminal): Promise<void> {
  const { bytes, student } = await loadStudentFile(path);
  const { info } = student;
  const { spec, provenance, tensors, isFloat, sha256 } = parseStudent(bytes);
  const list = [...tensors].map(([name, { dtype, shape, data }]) => ({ name, dtype, shape, bytes: data.byteLength }));
  const facts = {
    path,
    bytes: bytes.length,
    gzipBytes: gzipSync(bytes, { level: 9 }).length,
    sha256,
    verified: info.verified,
    backend: info.backend,
    memoryBytes: info.memoryBytes,
    spec,
    provenance,
    tensors: list,
  };
  if (options.json) {
    terminal.print(JSON.stringify(facts, null, 1));
    return;
  }
  const { family, name } = spec;
  const table = tensors.get('layers.0.weight')?.dtype === 'U8' ? ', the embedding in int4' : '';
  const metrics = Object.entries(provenance.metrics ?? {}).map(([key, value]) => `${key} ${value.toFixed(4)}`);
  terminal.print(
    [
      `${name}: ${family}, ${taskText(spec)}`,
      `size       ${formatBytes(facts.bytes)}, gzip ${formatBytes(facts.gzipBytes)}, memory ${formatBytes(info.memoryBytes)}`,
      `weights    ${isFloat ? 'float' : `int8${table}`}`,
      `reads      ${describeInput(spec)}`,
      `sha256     ${sha256} (${info.verified ? 'verified' : 'not verified'})`,
      `teacher    ${provenance.teacher?.name ?? 'not recorded'}`,
      `config     ${provenance.configHash ?? 'not recorded'}`,
      `scores     ${metrics.join(', ') || 'not recorded'}\n`,
      formatTable(
        ['tensor', 'dtype', 'shape', 'size'],
        list.map((tensor) => [tensor.name, tensor.dtype, tensor.shape.join(' x '), formatBytes(tensor.bytes)]),
      ),
    ].join('\n'),
  );
}

function describeInput(spec: StudentSpec): string {
  if (!('tokenizer' in spec))
    return `an image of ${spec.input.height} x ${spec.input.width} x ${spec.input.channels} bytes`;
  const { input, maxCharacters, maxTokens, tokenizer } = spec;
  const each = input === undefined ? '' : 'two texts, each ';
  return `${each}${maxTokens} tokens of ${maxCharacters} characters; tokenizer ${tokenizer.kind}`;
}

/** What a student does, e.g. `one label of ham, spam`. */
function taskText({ task }: StudentSpec): string {
  switch (task.kind) {
    case 'classify':
      return `${task.multiLabel ? 'several labels' : 'one label'} of ${task.labels.join(', ')}`;
    case 'tag':
      return `one label a word of ${task.labels.join(', ')}`;
    case 'embed':
      return 'a vector';
  }
}
