/**
 * Retort beside other runtimes, the same students in all of them. Every contestant has a process of its own, and its
 * answers are checked before anything is timed; those of Retort have to be the bits of its scalar reference on every host.
 * Then they take turns of some milliseconds, for `--budget` milliseconds a case, and the quieter half counts. Beside them
 * run the floors, the bare arithmetic of a student. Prints a table and writes bench/results/runtime.json, a row a
 * measurement, after each student and host.
 */
import { parseArgs } from 'node:util';

const HELP = `usage: npm run bench:runtime -- [options], after npm ci --prefix bench && npm run build

  --students conv,static          of all by default
  --hosts node20,workerd
  --contestants retort-simd,onnxruntime-web-int8,floor-simd
  --budget 1500                   milliseconds a case on one text
  --output bench/results/runtime.json
  --resume                        keeps the rows of students and hosts that are there already
  --again                         measures those once more, in Node; of two races of a student on a host that counts in
                                  which the machine was faster, as its floors say
  --json                          prints what was written instead of a table
`;

const { values } = parseArgs({
  options: {
    job: { type: 'string' },
    seat: { type: 'string' },
    budget: { type: 'string', default: '1500' },
    hosts: { type: 'string' },
    contestants: { type: 'string' },
    students: { type: 'string' },
    output: { type: 'string', default: 'bench/results/runtime.json' },
    resume: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean' },
  },
});

// A measuring process loads what it needs alone: all else would be in its memory before its contestant is.
if (values.help) process.stdout.write(HELP);
else if (values.job !== undefined) {
  const { work } = await import('./runtime/process.ts');
  console.log(JSON.stringify(await work(JSON.parse(values.job))));
} else if (values.seat !== undefined) {
  const { serveSeat } = await import('./runtime/process.ts');
  await serveSeat(JSON.parse(values.seat));
} else {
  const { compare } = await import('./runtime/compare.ts');
  await compare({ ...values, script: process.argv[1] });
}
