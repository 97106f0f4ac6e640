import { encodeModel } from "../src/engine/graph/onnx.ts";
import { createSession } from "../src/engine/runtime/node.ts";
import { zeros } from "#base";
const rand = (s: number[]) => { const t = zeros(s); for (let i = 0; i < t.data.length; i++) t.data[i] = Math.random(); return t; };
const opts = { threads: 1, provider: "cpu", graphOptimization: "all", spin: true } as const;
async function make(nodes: any[], ins: Record<string, number[]>, out: number[]) {
  const model = { nodes: nodes.map((n, i) => ({ domain: "", attributes: {}, name: `n${i}`, ...n })), initializers: new Map(), inputs: Object.entries(ins).map(([name, shape]) => ({ name, dtype: "float32", shape })), outputs: [{ name: "y", dtype: "float32", shape: out }] } as any;
  const s = await createSession(encodeModel(model), opts);
  const feeds = new Map(Object.entries(ins).map(([n, sh]) => [n, rand(sh)])); const into = new Map([["y", zeros(out)]]);
  return () => s.run(feeds, into);
}
async function compare(what: string, flops: number, forms: Record<string, () => Promise<unknown>>) {
  const t: Record<string, number[]> = {}; for (const k of Object.keys(forms)) t[k] = [];
  for (let r = 0; r < 13; r++) for (const [k, f] of Object.entries(forms)) { const s = process.cpuUsage(); await f(); const u = process.cpuUsage(s); if (r > 0) t[k]!.push((u.user + u.system) / 1000); }
  console.log(what, Object.entries(t).map(([k, v]) => { v.sort((a, b) => a - b); return `${k} med ${(flops / v[6]! / 1e6).toFixed(0)} best ${(flops / v[0]! / 1e6).toFixed(0)}`; }).join("  |  "));
}
for (const [m, k, n] of [[1024, 512, 2048], [1024, 2048, 512], [1024, 512, 1536], [1024, 512, 512], [1024, 256, 1024], [1024, 1024, 256], [1024, 8192, 512], [8192, 512, 512], [1024, 1536, 512], [1024, 768, 3072], [1024, 3072, 768]] as const) {
  const f = 2 * m * k * n;
  // dW = x^T dy : [m,k]^T [m,n]
  await compare(`dW  ${k}x${m}x${n}`, f, {
    gemmTA: await make([{ operator: "Gemm", inputs: ["x", "d"], outputs: ["y"], attributes: { transA: 1 } }], { x: [m, k], d: [m, n] }, [k, n]),
    transMatmul: await make([{ operator: "Transpose", inputs: ["x"], outputs: ["t"], attributes: { perm: [1, 0] } }, { operator: "Identity", inputs: ["t"], outputs: ["t2"] }, { operator: "MatMul", inputs: ["t2", "d"], outputs: ["y"] }], { x: [m, k], d: [m, n] }, [k, n]),
    transOut: await make([{ operator: "Gemm", inputs: ["d", "x"], outputs: ["t"], attributes: { transA: 1 } }, { operator: "Transpose", inputs: ["t"], outputs: ["y"], attributes: { perm: [1, 0] } }], { x: [m, k], d: [m, n] }, [k, n]),
    fusedTA: await make([{ operator: "FusedMatMul", domain: "com.microsoft", inputs: ["x", "d"], outputs: ["y"], attributes: { transA: 1 } }], { x: [m, k], d: [m, n] }, [k, n]),
  });
}
process.exit(0);
