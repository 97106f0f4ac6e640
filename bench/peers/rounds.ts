/** Contenders that take turns: whatever else the machine does hits them alike, so their ratio stands where seconds do not. */
import { median } from "#base";

export interface Contender {
  readonly name: string;
  /** Does the work once and says how long it took. */
  seconds(): Promise<number>;
  /** A slow contender takes part in the first rounds alone. */
  readonly rounds?: number;
}

/** Seconds of the clock, or of all processor cores together: the latter stand on a machine that others load. */
export type Meter = "clock" | "cpu";

/** Measures some work in this process. */
export const here = (
  name: string,
  work: () => Promise<unknown>,
  options: { rounds?: number; repeats?: number; meter?: Meter } = {},
): Contender => ({
  name,
  ...(options.rounds === undefined ? {} : { rounds: options.rounds }),
  async seconds() {
    const { repeats = 1, meter = "clock" } = options;
    const [began, used] = [performance.now(), process.cpuUsage()];
    for (let at = 0; at < repeats; at++) await work();
    const { user, system } = process.cpuUsage(used);
    return (meter === "cpu" ? (user + system) / 1e6 : (performance.now() - began) / 1000) / repeats;
  },
});

export interface Standing {
  readonly name: string;
  readonly seconds: number;
  /** The engine's seconds over this contender's, the median over rounds in which both took part: below 1 the engine is faster. */
  readonly ratio: number;
  readonly rounds: number;
}

/** The first contender is the engine. A round before the first warms everything up. */
export async function takeTurns(contenders: readonly Contender[], rounds: number): Promise<Standing[]> {
  const times = contenders.map((): number[] => []);
  for (let round = -1; round < rounds; round++) {
    for (const [at, contender] of contenders.entries()) {
      if (round >= (contender.rounds ?? rounds)) continue;
      const took = await contender.seconds();
      if (round >= 0) times[at]!.push(took);
    }
  }
  return contenders.map(({ name }, at) => {
    const ratios = times[at]!.map((took, round) => times[0]![round]! / took);
    return { name, seconds: median(times[at]!), ratio: median(ratios), rounds: ratios.length };
  });
}
