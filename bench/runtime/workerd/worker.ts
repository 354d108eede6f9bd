/// <reference path="../../../src/runtime/wasm.d.ts" />
/** Seats a contestant for one turn inside workerd: the student is the body, the rest a parameter of the address. */
import relaxed from '../../../src/runtime/kernels/relaxed.wasm';
import simd from '../../../src/runtime/kernels/simd.wasm';
import { readsTexts } from '../case.ts';
import type { Contestant, StudentFiles } from '../contestants/contestant.ts';
import { RETORT_BACKENDS, type RetortName } from '../contestants/names.ts';
import { retortOnIds, retortOnTexts } from '../contestants/retort.ts';
import type { SeatPlan, Turn } from '../job.ts';
import { firstFault, seatContestant } from '../seat.ts';

// biome-ignore lint/style/noDefaultExport: a Worker is the default export of its module.
export default {
  async fetch(request: Request): Promise<Response> {
    const { plan, turn } = JSON.parse(new URL(request.url).searchParams.get('message')!);
    try {
      return Response.json(await takeTurn(plan, turn, new Uint8Array(await request.arrayBuffer())));
    } catch (error) {
      return new Response((error as Error).stack ?? String(error), { status: 500 });
    }
  },
};

async function takeTurn(plan: SeatPlan, turn: Turn, student: Uint8Array): Promise<readonly number[]> {
  const backend = RETORT_BACKENDS[plan.contestant as RetortName];
  const load = readsTexts(plan.student) ? retortOnTexts : retortOnIds;
  const contestant: Contestant = { load: () => load(() => ({ simd, relaxed }), student, backend) };
  const files = { student } as StudentFiles;
  const runner = await contestant.load(files);
  const fault = await firstFault(plan, runner, student);
  if (fault !== null) throw new Error(fault);
  return (await seatContestant(plan, contestant, runner, files))(turn);
}
