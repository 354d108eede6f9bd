/** `retort export`: a student in a format of others. */
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { InputError, outputOf, parseStudent, type StudentSpec, taskLabels } from '../format/index.ts';
import { exportOnnx, formatBytes, type OnnxPrecision, writeFileAtomic } from '../train/index.ts';
import { loadStudentFile } from './predictors.ts';
import type { Terminal } from './terminal.ts';

interface ExportOptions {
  readonly format: 'onnx';
  readonly precision: OnnxPrecision;
  readonly padded?: true;
  readonly out?: string;
  readonly json?: true;
}

/** The command. */
export function exportCommand(terminal: Terminal): Command {
  return new Command('export')
    .description('Write a student as an ONNX file, from token ids or pixels to logits or a vector.')
    .argument('<student>', 'a student file')
    .addOption(new Option('--format <name>', 'of the file').choices(['onnx']).default('onnx'))
    .addOption(
      new Option('--precision <name>', 'of weights and products').choices(['float', 'int8', 'uint8']).default('float'),
    )
    .option('--padded', 'add a mask of each text, for batches of texts of different length')
    .option('-o, --out <file>', 'where to; the name of the student with .onnx, beside it, by default')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ retort export out/spam/static.safetensors
  $ retort export --precision int8 --padded out/spam/conv.safetensors -o conv.onnx

The file reads ids, int64 [batch, sequence], every text of a batch as long as the others, and with --padded also mask,
bool [batch, sequence], true at the tokens of a text; of pairs also pairIds and pairMask; of images pixels, uint8
[batch, height, width, channels]. It gives logits, float32 [batch, labels], to tag [batch, sequence, labels], where a word
has the row of its first token, and to embed embedding, float32 [batch, width], of length 1. The tokenizer is not in it:
Student.tokenize gives the ids. Of the integers, int8 is the faster in WebAssembly; on x86 without VNNI ONNX Runtime
multiplies it wrong, and uint8 right.`,
    )
    .action((student: string, options: ExportOptions) => runExport(student, options, terminal));
}

async function runExport(path: string, options: ExportOptions, terminal: Terminal): Promise<void> {
  const { bytes: student } = await loadStudentFile(path);
  const file = parseStudent(student);
  const { format, precision, padded = false } = options;
  const { bytes, inputs, outputs, opset } = await exportOnnx(file, { precision, padded });
  const out = options.out ?? join(dirname(path), `${basename(path).replace(/\.safetensors$/, '')}.onnx`);
  if (resolve(out) === resolve(path)) {
    throw new InputError(`--out: expected another file than the student, got ${out}; name one that ends in .onnx`);
  }
  await writeFileAtomic(out, bytes);
  const labels = taskLabels(file.spec.task);
  if (options.json) {
    const facts = { path: out, format, precision, opset, bytes: bytes.length, inputs, outputs, labels };
    terminal.print(JSON.stringify({ ...facts, studentSha256: file.sha256 }, null, 1));
    return;
  }
  terminal.print(
    [
      `Wrote    ${relative('.', out)}: ONNX, opset ${opset}, ${precision}, ${formatBytes(bytes.length)}`,
      `reads    ${inputs.join(', ')}`,
      `gives    ${outputs.join(', ')} ${describeOutput(file.spec)}`,
    ].join('\n'),
  );
}

function describeOutput(spec: StudentSpec): string {
  const { task, layers } = spec;
  if (task.kind === 'embed') return `of ${outputOf(spec, layers.length - 1).width} values`;
  return `of ${taskLabels(task).join(', ')}${task.kind === 'tag' ? ', a row a token' : ''}`;
}
