import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A holder touches its lock this often; one that has not for ten times as long is gone. */
const heartbeatMs = 3000;
const pollMs = 50;

/** Runs an action while no other process, and no other call in this one, holds the same lock. */
export async function withFileLock<T>(path: string, action: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  while (!tryLock(path)) {
    if (isAbandoned(path)) rmSync(path, { force: true });
    await sleep(pollMs, undefined, signal ? { signal } : {});
  }
  const heartbeat = setInterval(() => touch(path), heartbeatMs);
  heartbeat.unref();
  try {
    return await action();
  } finally {
    clearInterval(heartbeat);
    rmSync(path, { force: true });
  }
}

function tryLock(path: string): boolean {
  try {
    const file = openSync(path, "wx");
    writeSync(file, JSON.stringify({ pid: process.pid, host: hostname() }));
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function touch(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // The cache was cleared meanwhile; there is nothing left to hold.
  }
}

/** A killed process leaves its lock behind. */
function isAbandoned(path: string): boolean {
  try {
    if (Date.now() - statSync(path).mtimeMs > 10 * heartbeatMs) return true;
    const { pid, host } = JSON.parse(readFileSync(path, "utf8"));
    return host === hostname() && !isAlive(pid);
  } catch {
    return false; // gone, or not written yet
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
