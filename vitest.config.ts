import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["assay-source", "node"] },
  ssr: { resolve: { conditions: ["assay-source", "node"] } },
  cacheDir: ".vitest",
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts"],
    globalSetup: "test/temporary-folder.ts",
    // Two cores: more forks only fight over them, and ONNX Runtime brings threads of its own.
    maxWorkers: 2,
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    execArgv: ["--conditions=assay-source"],
  },
});
