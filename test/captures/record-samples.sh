#!/bin/sh
# Records the captures that ship with the application (build/samples), anew and for real: two network namespaces joined by a veth pair, a
# small HTTP-like server and client in them, dumpcap on the client's end. Nothing leaves the two namespaces, which are removed at the end.
#
#   sudo sh test/captures/record-samples.sh [ID…]
#
# Needs root, ip, ethtool, dumpcap, editcap and node.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=$here/../../build/samples
client=handshark-client-$$
server=handshark-server-$$
client_ip=10.9.0.1
server_ip=10.9.0.2
scratch=$(mktemp -d)

finish() {
  ip netns pids "$client" 2>/dev/null | xargs -r kill 2>/dev/null || true
  ip netns pids "$server" 2>/dev/null | xargs -r kill 2>/dev/null || true
  ip netns del "$client" 2>/dev/null || true
  ip netns del "$server" 2>/dev/null || true
  rm -rf "$scratch"
}
trap finish EXIT INT TERM

lay_wire() {
  ip netns add "$client"
  ip netns add "$server"
  ip link add veth-c netns "$client" type veth peer name veth-s netns "$server"
  for end in c s; do
    name=$client address=$client_ip mac=02:00:00:00:00:01 peer=$server_ip peer_mac=02:00:00:00:00:02
    [ $end = s ] && name=$server address=$server_ip mac=02:00:00:00:00:02 peer=$client_ip peer_mac=02:00:00:00:00:01
    ip netns exec "$name" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    ip -n "$name" link set lo up
    ip -n "$name" link set "veth-$end" address $mac up
    ip -n "$name" address add "$address/24" dev "veth-$end"
    # Neighbours are fixed, so that no ARP stands between the segments.
    ip -n "$name" neighbour replace "$peer" lladdr "$peer_mac" dev "veth-$end" nud permanent
    # Without offloads the capture holds what a real wire would: whole checksums, one segment a packet.
    ip netns exec "$name" ethtool -K "veth-$end" tx off rx off tso off gso off gro off >/dev/null
  done
  # The textbook back-off of a SYN, 1, 2, 4 … seconds: newer kernels repeat the first ones every second.
  ip netns exec "$client" sysctl -qw net.ipv4.tcp_syn_linear_timeouts=0 2>/dev/null || true
}

# record ID COMMAND…: captures while the command runs.
record() {
  id=$1
  shift
  ip netns exec "$client" dumpcap -q -i veth-c -f tcp -w "$scratch/$id.pcapng" 2>"$scratch/dumpcap" &
  dumpcap=$!
  until grep -q 'File:' "$scratch/dumpcap" 2>/dev/null; do sleep 0.1; done
  sleep 0.3
  "$@"
  sleep 0.5
  kill -INT $dumpcap
  wait $dumpcap || true
  mkdir -p "$out"
  # What dumpcap writes about the machine stays here.
  editcap -F pcap "$scratch/$id.pcapng" "$scratch/$id.pcap"
  editcap -F pcapng --capture-comment "$(comment "$id")" "$scratch/$id.pcap" "$out/$id.pcapng"
  chmod 644 "$out/$id.pcapng"
  echo "recorded $out/$id.pcapng"
}

comment() {
  case $1 in
    four-segment-close) echo 'Handshark sample: three segments open the connection, four close it.' ;;
    three-segment-close) echo 'Handshark sample: the server acknowledges the FIN and closes in the same segment.' ;;
    refused) echo 'Handshark sample: nobody listens on the port.' ;;
    syn-retransmitted) echo 'Handshark sample: two SYN segments get no answer, the third one does.' ;;
  esac
}

# serve CLOSE_DELAY_MS: answers one request; when the client has closed its side, closes its own after so long (0: at once).
serve() {
  ip netns exec "$server" node -e "
    const body = 'A connection is two one-way streets.\n';
    require('node:net').createServer({ allowHalfOpen: true }, (socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ' + body.length + '\r\n\r\n' + body));
      socket.on('end', () => $1 > 0 ? setTimeout(() => socket.end(), $1) : socket.end());
      socket.on('close', () => process.exit());
    }).listen(80, '$server_ip', () => console.log('ready'));
  " >"$scratch/server" &
  until grep -q ready "$scratch/server" 2>/dev/null; do sleep 0.05; done
}

# Asks for a page and closes first.
ask() {
  ip netns exec "$client" node -e "
    const socket = require('node:net').connect({ host: '$server_ip', port: ${1:-80}, allowHalfOpen: true }, () =>
      socket.write('GET /handshake HTTP/1.1\r\nHost: example.test\r\nUser-Agent: sample\r\n\r\n'));
    socket.once('data', () => setTimeout(() => socket.end(), 60));
    socket.on('error', () => process.exit());
    socket.on('close', () => process.exit());
  "
}

four_segment_close() { serve 250; ask; }
three_segment_close() { serve 0; ask; }
refused() { ask 8080; }
# The server finds no way back to the client, so the kernel drops the SYN; after 2 s the way is there again.
syn_retransmitted() {
  serve 250
  ip -n "$server" route add blackhole $client_ip/32
  (sleep 2; ip -n "$server" route del blackhole $client_ip/32) &
  ask
}

lay_wire
for id in ${*:-four-segment-close refused three-segment-close syn-retransmitted}; do
  record "$id" "$(echo "$id" | tr - _)"
  : >"$scratch/server"
done
