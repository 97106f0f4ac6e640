/** Runs the command line and returns the exit code. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  process.stderr.write(`assay: ${args.join(" ")}\n`);
  return 0;
}
