/** `retort export`: a student in a format of others. */
import { basename, dirname, join, relative } from 'node:path';
import { Command, Option } from 'commander';
import { parseStudent, taskLabels } from '../format/index.ts';
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
    .description('Write a student as an ONNX file, from token ids to logits.')
    .argument('<student>', 'a student file')
    .addOption(new Option('--format <name>', 'of the file').choices(['onnx']).default('onnx'))
    .addOption(
      new Option('--precision <name>', 'of weights and products').choices(['float', 'int8', 'uint8']).default('float'),
    )
    .option('--padded', 'add the input mask, for batches of texts of different length')
    .option('-o, --out <file>', 'where to; the name of the student with .onnx, beside it, by default')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ retort export out/spam/static.safetensors
  $ retort export --precision int8 --padded out/spam/conv.safetensors -o conv.onnx

The file reads ids, int64 [batch, sequence], every text of a batch as long as the others, and with --padded also mask,
bool [batch, sequence], true at the tokens of a text. It gives logits, float32 [batch, labels]. The tokenizer is not in
it: Student.tokenize gives the ids. Of the integers, int8 is the faster in WebAssembly; on x86 without VNNI ONNX Runtime
multiplies it wrong, and uint8 right.`,
    )
    .action((student: string, options: ExportOptions) => runExport(student, options, terminal));
}

async function runExport(path: string, options: ExportOptions, terminal: Terminal): Promise<void> {
  const { bytes: student } = await loadStudentFile(path);
  const file = parseStudent(student);
  const { format, precision, padded = false } = options;
  const { bytes, inputs, opset } = await exportOnnx(file, { precision, padded });
  const out = options.out ?? join(dirname(path), `${basename(path).replace(/\.safetensors$/, '')}.onnx`);
  await writeFileAtomic(out, bytes);
  const labels = taskLabels(file.spec.task);
  if (options.json) {
    const facts = { path: out, format, precision, opset, bytes: bytes.length, inputs, outputs: ['logits'], labels };
    terminal.print(JSON.stringify({ ...facts, studentSha256: file.sha256 }, null, 1));
    return;
  }
  terminal.print(
    [
      `Wrote    ${relative('.', out)}: ONNX, opset ${opset}, ${precision}, ${formatBytes(bytes.length)}`,
      `reads    ${inputs.join(', ')}`,
      `gives    logits of ${labels.join(', ')}`,
    ].join('\n'),
  );
}
