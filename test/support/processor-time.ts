/**
 * Milliseconds of processor time that this process has used. A limit on it says how much work something is, and holds
 * on a machine that is busy with other things, where a clock on the wall does not.
 */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
