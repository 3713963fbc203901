/** A run as text: its packets with what they truly are, and what was said of them. */
import type { Examined } from './examine.ts';
import type { SideLog } from './ledger.ts';
import { ACK, flagText, type Packet } from './packets.ts';
import { second } from './world.ts';

export function showRun({ run, streams }: Examined): string {
  const { seed, story, ending, planName, plan, ledger } = run;
  const extras = [
    plan.mirror === null ? '' : `mirrored ${JSON.stringify(plan.mirror)}`,
    plan.skew === 0 ? '' : `skew ${plan.skew / 1e6} ms`,
    plan.appended ? 'appended' : '',
    plan.direction === 'both' ? '' : plan.direction,
  ].filter((one) => one !== '');
  const lines = [
    `seed ${seed}: ${story}, ${ending}; capture ${planName} at ${plan.taps.join('+')} ${extras.join(', ')}`,
  ];
  for (const { id, old, client, server } of ledger.attempts) {
    if (ledger.attempts.length > 6) break;
    lines.push(`  attempt ${id}${old ? ' (old)' : ''}: client ${side(client)}; server ${side(server)}`);
  }
  for (const { said, truth, comparison } of streams) {
    const bad = comparison.found.map(({ rule, finding }) => `${finding.toUpperCase()}: ${rule}`);
    if (streams.length > 6 && bad.length === 0) continue;
    lines.push(
      `stream ${said.stream} ${said.client.address}:${said.client.port} → ${said.server.address}:${said.server.port}${truth.whole ? ', whole' : ''} — ${comparison.kind}`,
    );
    const first = truth.frames[0].captured.timeNs;
    const { frames } = truth;
    for (const [k, { frame, packet, captured }] of frames.entries()) {
      if (frames.length > 60 && k >= 30 && k < frames.length - 20) {
        if (k === 30) lines.push(`  ... ${frames.length - 50} more`);
        continue;
      }
      const { origin } = packet;
      const from = origin.as === 'client' ? '→' : '←';
      const by = origin.by === origin.as ? origin.by : `${origin.by} as ${origin.as}`;
      const again = origin.repeats >= 0 ? `, repeats #${origin.repeats}` : '';
      lines.push(
        `  ${String(frame).padStart(3)} ${((captured.timeNs - first) / second).toFixed(6).padStart(12)} ${from} ${flagText(packet.flags).padEnd(12)} seq ${String(packet.seq).padEnd(10)} ${numbers(packet)} | ttl ${packet.ttl} id ${packet.id} ${captured.tap} | #${origin.number} ${by}: ${origin.why}${again}, attempt ${origin.attempt}${captured.copy ? ', copy' : ''}`,
      );
    }
    for (const { frame, packet } of truth.icmp.slice(0, 4))
      lines.push(`  ${String(frame).padStart(3)} ICMP ${packet.icmp?.type}/${packet.icmp?.code}`);
    lines.push(
      `  said: ${said.open.codes} ${said.open.label.en}${said.open.proved ? ' (proved)' : ''} | ${said.close.codes} ${said.close.label.en}${said.close.proved ? ' (proved)' : ''} first ${said.close.initiator}`,
    );
    lines.push(`        ${said.verdict.en}`);
    for (const one of said.connections ?? [])
      for (const claim of one.claims)
        lines.push(
          `        ${claim.what} by ${claim.by}${claim.proved ? ' proved' : ''}${claim.refutedBy.length > 0 ? ` refuted by ${claim.refutedBy}` : ''}: ${claim.text.en}`,
        );
    for (const one of bad) lines.push(`  ${one}`);
  }
  return `${lines.join('\n')}\n`;
}

function numbers(packet: Packet): string {
  return (
    `${(packet.flags & ACK) !== 0 ? `ack ${packet.ack}` : ''}`.padEnd(14) +
    (packet.length > 0 ? ` len ${packet.length}` : '').padEnd(9)
  );
}

function side(log: SideLog): string {
  if (!log.took) return '–';
  const at = (time: number) => (time < 0 ? '' : ` ${(time / second).toFixed(4)}`);
  const parts = [
    log.establishedAt < 0 ? 'never established' : `established${at(log.establishedAt)}`,
    log.sentFinAt < 0 ? '' : `FIN${at(log.sentFinAt)}`,
    log.gotFinAt < 0 ? '' : `got FIN${at(log.gotFinAt)}`,
    `${log.end}${at(log.endedAt)}`,
    log.resetBy < 0 ? '' : `by #${log.resetBy}`,
  ];
  return parts.filter((one) => one !== '').join(', ');
}
