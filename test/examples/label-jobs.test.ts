import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { MESSAGES_CONFIG, writeMessages } from '../support/messages.ts';
import { RETORT } from '../support/retort.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** So many that each has a few of the 240 messages. */
const SHARDS = '60';
const project = temporaryFolder('label-jobs');

const quantity = v.pipe(v.string(), v.regex(/^\d+(m|[KMGT]i?)?$/));
const resources = v.record(v.picklist(['cpu', 'memory']), quantity);
const container = v.strictObject({
  name: v.string(),
  image: v.string(),
  workingDir: v.literal('/project'),
  command: v.array(v.string()),
  args: v.optional(v.array(v.string())),
  env: v.optional(v.array(v.strictObject({ name: v.string(), value: v.string() }))),
  resources: v.strictObject({ requests: resources, limits: resources }),
  volumeMounts: v.array(v.strictObject({ name: v.string(), mountPath: v.string() })),
});

/** The fields of a `batch/v1` Job that the manifests use, as its reference documents them. */
const JOB = v.strictObject({
  apiVersion: v.literal('batch/v1'),
  kind: v.literal('Job'),
  metadata: v.strictObject({ name: v.pipe(v.string(), v.regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)) }),
  spec: v.strictObject({
    completionMode: v.optional(v.picklist(['Indexed', 'NonIndexed'])),
    completions: v.optional(v.number()),
    parallelism: v.optional(v.number()),
    backoffLimit: v.optional(v.number()),
    backoffLimitPerIndex: v.optional(v.number()),
    podFailurePolicy: v.optional(
      v.strictObject({
        rules: v.array(
          v.union([
            v.strictObject({
              action: v.picklist(['FailJob', 'FailIndex', 'Ignore', 'Count']),
              onExitCodes: v.strictObject({
                containerName: v.string(),
                operator: v.picklist(['In', 'NotIn']),
                values: v.array(v.number()),
              }),
            }),
            v.strictObject({
              action: v.picklist(['FailJob', 'FailIndex', 'Ignore', 'Count']),
              onPodConditions: v.array(v.strictObject({ type: v.string(), status: v.string() })),
            }),
          ]),
        ),
      }),
    ),
    template: v.strictObject({
      spec: v.strictObject({
        restartPolicy: v.picklist(['Never', 'OnFailure']),
        terminationGracePeriodSeconds: v.optional(v.number()),
        containers: v.array(container),
        volumes: v.array(
          v.strictObject({ name: v.string(), persistentVolumeClaim: v.strictObject({ claimName: v.string() }) }),
        ),
      }),
    }),
  }),
});

const readJob = (name: string): v.InferOutput<typeof JOB> =>
  v.parse(JOB, load(readFileSync(`examples/kubernetes/${name}`, 'utf8')));

/** Runs a command of a job in the project. */
function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  execFileSync(command, args, { cwd: project, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
}

const finishedShards = (): readonly string[] =>
  readdirSync(join(project, 'out', 'cache', 'shards')).filter(
    (name) => JSON.parse(readFileSync(join(project, 'out', 'cache', 'shards', name, 'shard.json'), 'utf8')).finished,
  );

beforeAll(() => {
  const { cacheDir: _, ...config } = MESSAGES_CONFIG;
  writeMessages(project, config);
  mkdirSync(join(project, 'node_modules', '.bin'), { recursive: true });
  symlinkSync(RETORT, join(project, 'node_modules', '.bin', 'retort'));
});

describe('examples/kubernetes', () => {
  it('are Jobs of documented fields; as many pods as shards, whose container the failure policy names', () => {
    const { spec } = readJob('label-job.yaml');
    const [{ name, env }] = spec.template.spec.containers;
    expect(spec.completionMode).toBe('Indexed');
    expect(env).toEqual([{ name: 'SHARDS', value: String(spec.completions) }]);
    expect(spec.parallelism).toBe(spec.completions);
    expect(spec.podFailurePolicy!.rules[0]).toMatchObject({ onExitCodes: { containerName: name } });
    // What backoffLimitPerIndex and podFailurePolicy ask for.
    expect(spec.template.spec.restartPolicy).toBe('Never');
    for (const file of ['label-job.yaml', 'merge-job.yaml']) {
      const { containers, volumes } = readJob(file).spec.template.spec;
      expect(containers[0].volumeMounts.map((mount) => mount.name)).toEqual(volumes.map((volume) => volume.name));
    }
  });

  it('label the shard after the index of the pod, and join what is there', () => {
    const [label] = readJob('label-job.yaml').spec.template.spec.containers;
    run(label.command[0], [...label.command.slice(1), ...label.args!], { JOB_COMPLETION_INDEX: '0', SHARDS });
    run(label.command[0], [...label.command.slice(1), ...label.args!], { JOB_COMPLETION_INDEX: '59', SHARDS });
    expect(finishedShards()).toEqual(expect.arrayContaining(['1-of-60', '60-of-60']));
    const [merge] = readJob('merge-job.yaml').spec.template.spec.containers;
    run(merge.command[0], merge.command.slice(1));
    expect(readdirSync(join(project, 'out', 'cache', 'teacher'))).toHaveLength(1);
  });
});

describe('examples/slurm', () => {
  it('labels the shard of the task, wherever Slurm starts the script, with no more tasks in the array than are run again', () => {
    const script = join(process.cwd(), 'examples/slurm/label.sbatch');
    execFileSync('bash', ['-n', script]);
    run('bash', ['-c', `cd / && exec bash ${script}`], {
      SLURM_SUBMIT_DIR: project,
      SLURM_ARRAY_TASK_ID: '7',
      SLURM_ARRAY_TASK_COUNT: '1',
      SLURM_CPUS_PER_TASK: '1',
      SHARDS,
    });
    expect(finishedShards()).toContain('7-of-60');
  });

  it('asks for as many tasks as it takes for shards where nothing else is said', () => {
    const script = readFileSync('examples/slurm/label.sbatch', 'utf8');
    const [, tasks] = /^#SBATCH --array=1-(\d+)$/m.exec(script)!;
    expect(script).toContain(`\${SHARDS:-${tasks}}`);
  });
});
