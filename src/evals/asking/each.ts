import { setImmediate } from "node:timers/promises";
import type { Answer, Json, Sample } from "#base";
import { type AnswerCache, cacheKey, isCacheable, withHeldImages } from "../cache.ts";
import type { Reservation } from "../scheduler/budget.ts";
import { askPatiently } from "./attempts.ts";
import type { Session } from "./session.ts";
import { Settler } from "./settle.ts";

/** What `askEach` needs of `askAll`'s options. */
export interface Asking<Truth extends Json> {
  readonly samples: Iterable<Sample<Truth>> | AsyncIterable<Sample<Truth>>;
  readonly answers: { has(subject: string, sampleId: string, repeat: number): boolean };
  readonly commit: (sample: Sample<Truth>, answer: Answer, from: { readonly cached: boolean }) => void;
  readonly cache?: AnswerCache;
}

/** After so many samples the event loop gets a turn, or an instant subject would keep out timers and Ctrl-C. */
const samplesPerTurn = 64;

/** Reads samples one at a time and keeps as many in flight as the lane allows; resolves when all are settled. */
export async function askEach<Truth extends Json>(session: Session, asking: Asking<Truth>): Promise<void> {
  const settler = new Settler({ session, commit: asking.commit });
  try {
    await startEach(session, asking, settler);
  } catch (error) {
    session.crashed(error);
  }
  while (session.inFlight > 0 && !session.isAbandoned) await session.lane.change.next();
  if (!session.isDraining) settler.flush();
}

async function startEach<Truth extends Json>(
  session: Session,
  asking: Asking<Truth>,
  settler: Settler<Truth>,
): Promise<void> {
  let seen = 0;
  for await (const sample of asking.samples) {
    if (session.isDraining) return;
    if (asking.answers.has(session.subject.name, sample.id, sample.repeat)) session.counts.skipped++;
    else await start(sample, session, { asking, settler });
    if (++seen % samplesPerTurn === 0) await setImmediate();
  }
}

interface Desk<Truth extends Json> {
  readonly asking: Asking<Truth>;
  readonly settler: Settler<Truth>;
}

/** Resolves when the question has started, not when it is answered. */
async function start<Truth extends Json>(sample: Sample<Truth>, session: Session, desk: Desk<Truth>): Promise<void> {
  while (!session.isFree && !session.isDraining) await session.lane.change.next();
  const reservation = session.isBudgeted ? await session.reserve(sample.question) : undefined;
  if (session.isDraining) return session.release(reservation);
  session.enter();
  void finish(sample, session, { ...desk, reservation });
}

interface Booking<Truth extends Json> extends Desk<Truth> {
  readonly reservation: Reservation | undefined;
}

async function finish<Truth extends Json>(
  sample: Sample<Truth>,
  session: Session,
  booking: Booking<Truth>,
): Promise<void> {
  try {
    const { cache } = booking.asking;
    await (cache === undefined ? ask(sample, session, booking) : recallOrAsk(sample, session, { ...booking, cache }));
  } catch (error) {
    if (!session.isAbandoned) session.crashed(error);
  } finally {
    session.release(booking.reservation);
    session.leave();
  }
}

async function ask<Truth extends Json>(
  sample: Sample<Truth>,
  session: Session,
  { settler, reservation }: Booking<Truth>,
): Promise<Answer | undefined> {
  const outcome = await askPatiently(sample.question, `${sample.id}/${sample.repeat}`, session);
  if (outcome === undefined) return undefined;
  settler.settle(sample, outcome, reservation);
  return "answer" in outcome ? outcome.answer : undefined;
}

async function recallOrAsk<Truth extends Json>(
  sample: Sample<Truth>,
  session: Session,
  { cache, ...booking }: Booking<Truth> & { readonly cache: AnswerCache },
): Promise<void> {
  const question = withHeldImages(sample.question);
  const key = await cacheKey(session.subject, question, sample.repeat);
  const known = cache.get(key);
  if (known !== undefined) return booking.settler.recalled(sample, known);
  const answer = await ask({ ...sample, question }, session, booking);
  if (answer !== undefined && isCacheable(answer)) cache.put(key, answer);
}
