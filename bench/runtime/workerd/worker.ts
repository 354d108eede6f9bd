/// <reference path="../../../src/runtime/wasm.d.ts" />
/** Seats contestants inside workerd, and has them take turns: the student is the body, the rest a parameter of the address. */
import relaxed from '../../../src/runtime/kernels/relaxed.wasm';
import simd from '../../../src/runtime/kernels/simd.wasm';
import { readsTexts } from '../case.ts';
import type { Contestant, StudentFiles } from '../contestants/contestant.ts';
import { RETORT_BACKENDS, type RetortName } from '../contestants/names.ts';
import { retortOnIds, retortOnTexts } from '../contestants/retort.ts';
import type { SeatPlan, Turn } from '../job.ts';
import { firstFault, seatContestant, type TakeTurn } from '../seat.ts';

const seats = new Map<string, TakeTurn>();

// biome-ignore lint/style/noDefaultExport: a Worker is the default export of its module.
export default {
  async fetch(request: Request): Promise<Response> {
    const asked = new URL(request.url).searchParams;
    try {
      const plan = asked.get('seat');
      if (plan === null) return Response.json(await takeTurn(asked.get('contestant')!, JSON.parse(asked.get('turn')!)));
      await takeSeat(JSON.parse(plan), new Uint8Array(await request.arrayBuffer()));
      return Response.json(true);
    } catch (error) {
      return new Response((error as Error).stack ?? String(error), { status: 500 });
    }
  },
};

/** The seat is that of the contestant with the last student. */
async function takeSeat(plan: SeatPlan, student: Uint8Array): Promise<void> {
  const backend = RETORT_BACKENDS[plan.contestant as RetortName];
  const load = readsTexts(plan.student) ? retortOnTexts : retortOnIds;
  const contestant: Contestant = { load: () => load(() => ({ simd, relaxed }), student, backend) };
  const runner = await contestant.load({ student } as StudentFiles);
  const fault = await firstFault(plan, runner);
  if (fault !== null) throw new Error(fault);
  seats.set(plan.contestant, await seatContestant(plan, contestant, runner, { student } as StudentFiles));
}

async function takeTurn(contestant: string, turn: Turn): Promise<readonly number[]> {
  const seat = seats.get(contestant);
  if (seat === undefined) throw new Error(`expected ${contestant} to have a seat, it has none`);
  return seat(turn);
}
