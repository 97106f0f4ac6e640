import { adamW } from "#engine";
import { train } from "#training";
import { type GptSize, gptBatch, gptLoss, gptWeights, randomBatch } from "./gpt.ts";

/** Trains a GPT and prints how much memory the process holds along the way. */
export async function trainForMemory(
  size: GptSize & { readonly batch: number },
  { steps, threads }: { steps: number; threads: number },
): Promise<void> {
  const megabytes: number[] = [];
  await train(
    {
      name: "memory",
      weights: gptWeights(size),
      batch: gptBatch(size.batch, size.tokens),
      steps,
      seed: 0,
      optimizer: adamW(),
      learningRate: 1e-4,
      loss: ({ weights, batch }) => gptLoss(batch.inputIds, batch.targets, weights),
      nextBatch: ({ random }) => randomBatch(random("batches"), size),
    },
    {
      clipNorm: 1,
      threads,
      onEvent(event) {
        if (event.type !== "step-end") return;
        megabytes.push(process.memoryUsage.rss() / 2 ** 20);
        if (event.step % 25 !== 0) return;
        const last = megabytes.slice(-25);
        const line = `  step ${event.step}: ${Math.round(Math.max(...last))} MB, loss ${event.loss.toFixed(3)}, ${Math.round(event.durationMs)} ms`;
        process.stdout.write(`${line}\n`);
      },
    },
  );
  process.stdout.write(`  peak ${Math.round(Math.max(...megabytes))} MB\n`);
}
