/** Whether the system has this process, or for a negative number a process of this group. */
export function isRunning(pid: number): boolean {
  try {
    // Signal 0 asks whether the process exists and sends nothing (kill(2)).
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
