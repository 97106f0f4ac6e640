/** How close the projection of value vectors to a vocabulary comes to the bare product, at the size of a 7B model. */
import { tensor } from "#base";
import { compile, measureEngine, tensorType, type Value } from "#engine";
import { projectToVocabulary } from "#methods/value-vectors";

const [vectors, hiddenSize, tokens, k] = [Number(process.argv[2] ?? 1024), 4096, 32_000, 200];
let state = 1;
const next = (): number => {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return state / 2_147_483_648 - 0.5;
};
const matrix = (rows: number) => tensor([rows, hiddenSize], Float32Array.from({ length: rows * hiddenSize }, next));
const [rows, unembedding] = [matrix(vectors), matrix(tokens)];
const operations = 2 * vectors * hiddenSize * tokens;
const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

// The bare product of one block, repeated as often as the projection multiplies.
const block = { a: tensorType("float32", [512, hiddenSize]), b: tensorType("float32", [2048, hiddenSize]) };
const product = await compile(({ a, b }: { a: Value; b: Value }) => a.matmul(b.swapAxes(0, 1)), block);
const given = {
  a: tensor([512, hiddenSize], rows.data.subarray(0, 512 * hiddenSize)),
  b: tensor([2048, hiddenSize], unembedding.data.subarray(0, 2048 * hiddenSize)),
};
const bare = () => product.run(given as never, { outputs: "reuse" });
await bare();

for (let round = 1; round <= 3; round++) {
  const { gflops } = await measureEngine();
  const once = await seconds(async () => {
    for (let times = 0; times < 10; times++) await bare();
  });
  const bareRate = (10 * 2 * 512 * 2048 * hiddenSize) / once / 1e9;
  const rate = operations / (await seconds(() => projectToVocabulary({ vectors: rows, unembedding }, { k }))) / 1e9;
  const share = `${Math.round((100 * rate) / bareRate)} % of the bare product`;
  console.log(
    `round ${round}: projection ${rate.toFixed(1)} GFLOP/s, ${share} (${bareRate.toFixed(1)}); 1024³ ${gflops.toFixed(1)}`,
  );
}
