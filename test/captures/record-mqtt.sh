#!/bin/sh
# Records test/captures/protocols/mqtt.pcapng, anew and for real: a mosquitto broker and its clients in two network namespaces joined by a veth pair, dumpcap on the clients' end. Nothing
# leaves the two namespaces, which are removed at the end. What the clients of Debian do not send (topic aliases, an authentication exchange) a few lines of Node send.
#
#   sudo sh test/captures/record-mqtt.sh
#
# Needs root, ip, ethtool, dumpcap, editcap, node, mosquitto and mosquitto-clients.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
client=handshark-client-$$
server=handshark-server-$$
client_ip=192.0.2.1
server_ip=192.0.2.2
scratch=$(mktemp -d)

finish() {
  ip netns pids "$client" 2>/dev/null | xargs -r kill 2>/dev/null || true
  ip netns pids "$server" 2>/dev/null | xargs -r kill 2>/dev/null || true
  ip netns del "$client" 2>/dev/null || true
  ip netns del "$server" 2>/dev/null || true
  rm -rf "$scratch"
}
trap finish EXIT INT TERM

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
  ip -n "$name" neighbour replace "$peer" lladdr "$peer_mac" dev "veth-$end" nud permanent
  ip netns exec "$name" ethtool -K "veth-$end" tx off rx off tso off gso off gro off >/dev/null
done

printf 'listener 1883 %s\nallow_anonymous true\nmax_topic_alias 5\npersistence false\nlog_type none\nuser root\n' $server_ip >"$scratch/mosquitto.conf"
ip netns exec "$server" mosquitto -c "$scratch/mosquitto.conf" >/dev/null 2>&1 &
until ip netns exec "$client" node -e "require('node:net').connect(1883, '$server_ip').on('connect', () => process.exit()).on('error', () => process.exit(1))"; do sleep 0.1; done

ip netns exec "$client" dumpcap -q -i veth-c -f tcp -w "$scratch/mqtt.pcapng" 2>"$scratch/dumpcap" &
dumpcap=$!
until grep -q 'File:' "$scratch/dumpcap" 2>/dev/null; do sleep 0.1; done
sleep 0.5

run() { ip netns exec "$client" "$@"; }
publish() { run mosquitto_pub -h $server_ip "$@"; }

for version in mqttv31 mqttv311 mqttv5; do
  # A subscriber with a last will, that takes six messages and leaves.
  run mosquitto_sub -h $server_ip -V $version -i "listener-$version" -t 'house/#' -t 'garden/+' -q 2 -C 6 -k 30 --will-topic will/listener --will-payload gone --will-qos 1 --will-retain >/dev/null &
  subscriber=$!
  sleep 0.4
  publish -V $version -i pub-0 -t house/kitchen -m 'temperature 21' -q 0
  publish -V $version -i pub-1 -t house/cellar -m 'temperature 12' -q 1 -r
  publish -V $version -i pub-2 -t garden/gate -m open -q 2 -u gardener -P secret
  publish -V $version -i pub-3 -t house/empty -n -q 1
  # Several messages in one connection, one of them longer than a segment.
  run node -e "process.stdout.write('x'.repeat(4000) + '\n')" >"$scratch/long"
  publish -V $version -i pub-4 -t house/long -f "$scratch/long" -q 1
  printf 'one\ntwo\n' | publish -V $version -i pub-5 -t garden/lines -l -q 2
  wait $subscriber || true
done

# Properties of MQTT 5.
run mosquitto_sub -h $server_ip -V mqttv5 -i five -t 'five/#' -q 1 -C 3 -U 'not/this' -x 60 --remove-retained \
  -D connect receive-maximum 10 -D connect maximum-packet-size 65535 -D connect topic-alias-maximum 3 -D connect request-problem-information 1 -D connect request-response-information 1 \
  -D connect user-property colour blue -D subscribe subscription-identifier 300 -D subscribe user-property a b -D unsubscribe user-property c d \
  --will-topic will/five --will-payload bye -D will will-delay-interval 5 -D will content-type text/plain -D will message-expiry-interval 60 >/dev/null &
subscriber=$!
sleep 0.4
publish -V mqttv5 -i five-1 -t five/a -m hello -q 1 -D publish payload-format-indicator 1 -D publish content-type text/plain -D publish message-expiry-interval 30 \
  -D publish response-topic five/answers -D publish correlation-data xyz -D publish user-property key value -D publish user-property key again
publish -V mqttv5 -i five-2 -t five/b -m aliased -q 1 -D publish topic-alias 2
publish -V mqttv5 -i five-3 -t five/c -m last -q 2 -D disconnect session-expiry-interval 0 -x 100
wait $subscriber || true

# What the clients of Debian do not send.
run node -e "
  const net = require('node:net');
  const text = (s) => Buffer.concat([Buffer.from([s.length >> 8, s.length & 255]), Buffer.from(s)]);
  const packet = (first, ...parts) => { const body = Buffer.concat(parts.map((part) => Buffer.from(part))); return Buffer.concat([Buffer.from([first, body.length]), body]); };
  const connect = packet(0x10, text('MQTT'), [5, 2, 0, 60, 0], text('by-hand'));
  const steps = [
    connect,
    // A topic alias, set and used, in one segment; one that nobody set.
    Buffer.concat([packet(0x30, text('alias/one'), [3, 0x23, 0, 1], 'first'), packet(0x30, [0, 0], [3, 0x23, 0, 1], 'second')]),
    // Subscription options one by one, two topics.
    packet(0x82, [0, 7, 0], text('alias/one'), [0x2d], text('alias/two'), [0x16]),
    packet(0xa2, [0, 8, 0], text('alias/one'), text('alias/none')),
    packet(0x32, text('alias/three'), [0, 9, 0], 'needs an answer'),
    packet(0x34, text('alias/three'), [0, 10, 0], 'needs more'),
    packet(0x62, [0, 10]),
    packet(0x62, [0, 11, 0x92, 0]),
    packet(0xc0),
    packet(0xe0, [4, 0]),
  ];
  const socket = net.connect(1883, '$server_ip');
  let i = 0;
  const next = () => { if (i < steps.length) { socket.write(steps[i++]); setTimeout(next, 120); } else socket.end(); };
  socket.on('connect', next).on('error', () => {}).on('data', () => {}).on('close', () => second());
  function second() {
    // Extended authentication, which this broker refuses.
    const other = net.connect(1883, '$server_ip', () => other.write(packet(0x10, text('MQTT'), [5, 2, 0, 60, 8, 0x15], text('PLAIN'), text('by-hand-2'))));
    other.on('data', () => {}).on('error', () => {}).on('close', () => third());
  }
  function third() {
    // A version that there is none of.
    const other = net.connect(1883, '$server_ip', () => other.write(packet(0x10, text('MQTT'), [9, 2, 0, 60], text('by-hand-3'))));
    other.on('data', () => {}).on('error', () => {}).on('close', () => process.exit());
  }
"
sleep 0.5
kill -INT $dumpcap
wait $dumpcap || true
# What dumpcap writes about the machine stays here.
editcap -F pcap "$scratch/mqtt.pcapng" "$scratch/mqtt.pcap"
editcap -F pcapng --capture-comment 'Handshark: a mosquitto broker and its clients, MQTT 3.1, 3.1.1 and 5.' "$scratch/mqtt.pcap" "$here/protocols/mqtt.pcapng"
chmod 644 "$here/protocols/mqtt.pcapng"
echo "recorded $here/protocols/mqtt.pcapng"
