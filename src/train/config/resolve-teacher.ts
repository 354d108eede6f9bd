/** The teacher of a config: its models by kind, options checked, defaults filled in, paths absolute. */
import { resolve } from 'node:path';
import * as v from 'valibot';
import { KIND_NAMES, kindOf } from '../teachers/kinds.ts';
import type { ModelOptions } from '../teachers/teacher.ts';
import type { MemberConfig } from './config.ts';
import { describeIssues, invalid } from './invalid-config.ts';

type Fields = Readonly<Record<string, unknown>>;

const ENSEMBLE = v.strictObject({
  kind: v.literal('ensemble'),
  members: v.pipe(
    v.array(
      v.strictObject({
        weight: v.optional(v.pipe(v.number(), v.finite(), v.gtValue(0)), 1),
        teacher: v.record(v.string(), v.unknown()),
      }),
    ),
    v.nonEmpty('Expected at least one'),
  ),
});

/**
 * @param teacher what the config says, an object
 * @throws InputError with code `invalid_config` that names the field
 */
export function resolveTeacher(teacher: Fields, baseDir: string): readonly MemberConfig[] {
  if (teacher.kind !== 'ensemble') return [{ weight: 1, options: resolveModel(teacher, baseDir, 'teacher') }];
  const { output, issues, success } = v.safeParse(ENSEMBLE, teacher);
  if (!success) throw describeIssues(issues, ['teacher'], ['kind', 'members', 'weight', 'teacher']);
  return output.members.map(({ weight, teacher: member }, i) => ({
    weight,
    options: resolveModel(member, baseDir, `teacher.members.${i}.teacher`),
  }));
}

function resolveModel(fields: Fields, baseDir: string, place: string): ModelOptions {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const name = given.kind ?? 'universal-sentence-encoder';
  if (typeof name !== 'string' || !KIND_NAMES.includes(name)) {
    const known = [...KIND_NAMES, 'ensemble'].join(', ');
    throw invalid(`${place}.kind`, `expected one of ${known}, got ${JSON.stringify(name) ?? String(name)}`);
  }
  const kind = kindOf({ kind: name });
  const { output, issues, success } = v.safeParse(kind.schema, { ...given, kind: name });
  if (!success) throw describeIssues(issues, place.split('.'), kind.keys);
  const paths = kind.paths.flatMap((key) => {
    const path = (output as unknown as Fields)[key];
    return typeof path === 'string' ? [[key, resolve(baseDir, path)]] : [];
  });
  return { ...output, ...Object.fromEntries(paths) };
}
