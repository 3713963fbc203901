/** How often a property is tried: `HANDSHARK_RUNS=20` (as in `npm run test:long`) tries it twenty times as often. */
export const runs = (usual: number): number => Math.round(usual * Number(process.env['HANDSHARK_RUNS'] ?? 1));
