import type { explanationsEn } from '../en/explanations.ts';

/** 对阅读时序图时常见疑问的进一步解答，与英文逐键对应。 */
export const explanationsZhCn: Readonly<Record<keyof typeof explanationsEn, string>> = {
  'implied.syn':
    '第 {synAck} 帧确认 {number}，第 {third} 帧又接受了它：可见客户端发送过 SYN；如果它没有携带数据，序号就是 {number} − 1',
  'implied.synAck': '第 {third} 帧确认 {number}：客户端只有从服务器的 SYN 才能得知它的序号',
  'implied.third': '客户端确认 SYN+ACK 之前，不可能出现第 {frame} 帧',
  'wrongSynAckReset.title': '为什么这个 RST 的序号是 {number}？',
  'wrongSynAckReset.body':
    'RST 只有序号吻合才会被相信。第 {rst} 帧的 {number} 直接取自第 {synAck} 帧的 Ack，因此服务器会接受它，放弃错误的尝试；客户端自己的 SYN 仍然有效。',
  'straySynAckReset.title': '为什么这个 RST 的序号是 {number}？',
  'straySynAckReset.body':
    '第 {rst} 帧的 {number} 取自第 {synAck} 帧的 Ack，正是该 SYN+ACK 的发送方所期望的下一个序号，因此它必须服从，不会有谁一直等在 SYN-RECEIVED。',
  'challengeReset.title': '为什么这个 RST 的序号是 {number}？',
  'challengeReset.body':
    '客户端没有与第 {ack} 帧相符的连接，于是以 RST 作答，其 Seq {number} 就是那一帧的 Ack。服务器看到的正是自己期望的序号，因此相信它并放弃旧连接。',
  'ackNoSyn.title': '没有捕获 SYN，这个 ACK 能说明什么？',
  'ackNoSyn.body':
    '第 {ack} 帧确认 {isn} + 1 = {number}：第 {synAck} 帧的 SYN+ACK 已经到达，而且正是客户端所等待的。可见客户端发送过 SYN，并在收到第 {synAck} 帧时进入 ESTABLISHED。',
  'synDataAcked.title': '为什么 Ack = {ack}？',
  'synDataAcked.body':
    'SYN 占用一个序号，它携带的数据又占用 {length} 个。第 {synAck} 帧确认 {isn} + 1 + {length} = {ack}：服务器已经收下了数据。',
  'synDataIgnored.title': 'SYN 带有数据，为什么 Ack 还是 Seq + 1？',
  'synDataIgnored.body':
    '第 {synAck} 帧确认 {isn} + 1 = {ack}：只确认了 SYN 本身，没有确认它携带的 {length} 字节数据。服务器没有接受这些数据，客户端必须重新发送。',
  'bothOpenSyn.title': '为什么两个 SYN 互不应答？',
  'bothOpenSyn.body':
    '第 {syn} 帧不带 ACK：{who}发送它时，对方的 SYN 还没有到达。它通告初始序号 {isn}；每一方在收到对方的 SYN 时，都由 SYN-SENT 进入 SYN-RECEIVED。',
  'bothOpenSynAck.title': '为什么这个报文段又带了一次 SYN？',
  'bothOpenSynAck.body':
    '第 {frame} 帧确认 {other} + 1 = {ack}，并再次给出自己的序号 {isn}，以防最初的 SYN 丢失。它到达时，对方进入 ESTABLISHED。由于通告和应答无法合并，总共需要四个报文段。',
  'splitAck.title': '为什么单独确认这个 SYN？',
  'splitAck.body':
    '第 {frame} 帧确认 {isn} + 1 = {ack}，但没有带上服务器自己的 SYN。那个 SYN 还没有来，因此连接尚未打开。',
  'splitSynAck.title': '为什么由客户端发送 SYN+ACK？',
  'splitSynAck.body':
    '它在 SYN-SENT 状态下收到了不带确认的 SYN，情形与同时打开一样。因此第 {frame} 帧确认 {other} + 1 = {ack}，并再次给出自己的序号 {isn}。',
  'splitLast.title': '这个 ACK 完成了什么？',
  'splitLast.body':
    '第 {frame} 帧确认 {isn} + 1 = {ack}，也就是客户端的 SYN。现在双方都知道自己的序号已经到达，都进入 ESTABLISHED。',
  'synThenReset.title': '为什么客户端复位了自己的尝试？',
  'synThenReset.body':
    '它在第 {syn} 帧发送 SYN，还没有捕获到任何应答，就在第 {rst} 帧放弃了：可能是程序被停止，也可能是超过了时限。',
  'ecn.title': '为什么 SYN 带有 ECE 和 CWR？',
  'ecn.body':
    '第 {syn} 帧同时设置这两个标志，询问双方能否使用显式拥塞通知（ECN）。服务器如果同意，就在 SYN+ACK 中只设置 ECE；之后路由器可以为数据包加标记，而不必丢弃。',
  'swapped.title': '为什么应答排在请求前面？',
  'swapped.body':
    '第 {synAck} 帧确认的是后面第 {syn} 帧的 SYN，因此它必定是在 SYN 之后发送的。抓包处的两块网卡或两个队列把数据包的先后次序弄反了。',
  'twice.title': '为什么同一个数据包出现两次？',
  'twice.body':
    '副本的各个序号完全相同，而且要么来得太快，不可能是重新发送，要么带有途中的痕迹（不同的跳数或链路）：镜像端口把流入和流出都复制一份，或者还有第二个抓包点，每个数据包就会出现两次。它只发送过一次，不是重传。',
  'reuse.timeWait.title': '这么快就可以再次使用这些端口吗？',
  'reuse.timeWait.body':
    '可以。流 {stream} 使用过相同的地址和端口，{who}还在为它停留在 TIME-WAIT。新的 SYN 从 {isn} 开始，大于旧连接最后的序号 {old}，旧报文段不会被误认为新的；因此 RFC 9293 允许用这样的 SYN 重新打开连接。',
  'reuse.timestamps.title': '这么快就可以再次使用这些端口吗？',
  'reuse.timestamps.body':
    '流 {stream} 使用过相同的地址和端口，{who}还在为它停留在 TIME-WAIT。新的序号 {isn} 并不大于旧的 {old}，但 SYN 的时间戳 {value} 晚于旧连接最后的 {before}。按照 RFC 6191，这足以区分新旧报文段。',
  'reuse.below.title': '这么快就可以再次使用这些端口吗？',
  'reuse.below.body':
    '流 {stream} 使用过相同的地址和端口，{who}应该还在为它停留在 TIME-WAIT。新的 SYN 从 {isn} 开始，并不大于旧连接最后的序号 {old}。除非时间戳能够区分新旧，否则 RFC 9293 不允许这样重新打开。',
  'reuse.own.title': '这么快就可以再次使用这些端口吗？',
  'reuse.own.body':
    '流 {stream} 使用过相同的地址和端口，并且是{who}先关闭的，因此停留在 TIME-WAIT 的正是它自己，它选择提前结束等待。新的 SYN 从 {isn} 开始，旧连接最后的序号是 {old}。',
  'reuse.later.title': '为什么这些端口出现了两次？',
  'reuse.later.body':
    '流 {stream} 使用过相同的地址和端口，双方在这个 SYN 之前 {span} 就已关闭。新的序号是 {isn}，因此这是另一个独立的连接。',
  'reuse.reset.title': '为什么这些端口出现了两次？',
  'reuse.reset.body':
    '流 {stream} 使用过相同的地址和端口，并以 RST 结束。RST 之后没有 TIME-WAIT，端口立刻可以再用；新的序号是 {isn}，因此这是另一个独立的连接。',
  'reuse.failed.title': '为什么这些端口出现了两次？',
  'reuse.failed.body':
    '流 {stream} 是较早的一次尝试，地址和端口相同，但在抓包中没有建立。新的 SYN 有自己的序号 {isn}，因此不是重传，而是一次新的尝试。',
  'reuse.open.title': '为什么这些端口出现了两次？',
  'reuse.open.body':
    '流 {stream} 使用过相同的地址和端口，但没有捕获到它完整的关闭过程。新的序号是 {isn}，因此这是一个新连接；如果对方仍保留旧连接，就会以 ACK 质询这个 SYN。',
  'finFirst.title': '这个 FIN 说明什么？',
  'finFirst.body':
    '{who}不再有数据要发送。第 {fin} 帧在 {last} 处结束了它这一方向：FIN 自己占用这个序号，因此可以像数据一样被确认和重传。{who}进入 FIN-WAIT-1，但仍然可以接收。',
  'finSecond.title': '为什么{who}也要关闭？',
  'finSecond.body':
    '此前只关闭了另一个方向。在第一个 FIN 之后 {span}，{who}用第 {fin} 帧的 FIN 在 {last} 处结束自己的方向，并在 LAST-ACK 中等待对它的确认。',
  'resetBehindFin.title': '连接是怎样结束的？',
  'resetBehindFin.body':
    '第 {fin} 帧是{who}的 FIN，第 {rst} 帧是一个 RST。由这些数据包无法判断该 RST 由谁发出，因此也无法判断它到达时{other}是否仍保有这条连接。',
  'closePartly.title': '是谁先关闭的？',
  'closePartly.body':
    '从抓包中看不出来。第 {fin} 帧是{who}的 FIN，但{other}有报文段未被捕获，它自己的 FIN 可能就在其中，而且可能在此之前，也可能在此之后。',
  'bothTimeWait.title': '为什么双方最后都处于 TIME-WAIT？',
  'bothTimeWait.body':
    '双方都是主动关闭，因此都必须能够应答对方重发的 FIN。收到最后的确认后，双方离开 CLOSING，并等待两倍的报文段最长寿命。',
  'resetTimeWait.title': '最后的 RST 有影响吗？',
  'resetTimeWait.body':
    '数据已经没有什么可以丢失：两个 FIN 都已得到确认。但{who}正处于 TIME-WAIT，第 {rst} 帧的 RST 可能使它过早结束等待，滞留的旧报文段就有可能闯入新的连接（RFC 1337）。因此许多系统在 TIME-WAIT 中忽略 RST。',
  'reopened.title': '是什么结束了 TIME-WAIT？',
  'reopened.body':
    '是流 {stream} 第 {frame} 帧的新 SYN，地址和端口相同，序号为 {isn}。它到达时{who}正处于 TIME-WAIT；只要新序号大于所有旧序号，RFC 9293 就允许它立即打开新的连接。',
  'resetInWindow.title': '必须服从这个 RST 吗？',
  'resetInWindow.body':
    '不能立即服从。它的序号是 {number}，而对方期望的是 {expected}：它落在窗口之内，但并不完全相符。按照 RFC 9293 和 RFC 5961，接收方必须以 ACK 质询{after}，只有序号完全相符的 RST 才能结束连接。',
  'resetOutside.title': '必须服从这个 RST 吗？',
  'resetOutside.body':
    '不必。它的序号 {number} 落在从 {expected} 开始的窗口之外，接收方会把它丢弃，不作应答。它可能是迟到的，也可能是有人在猜测序号（盲复位）。',
  'challengeAck.title': '这个 ACK 应答的是什么？',
  'challengeAck.body':
    '是第 {rst} 帧的 RST，它的序号 {number} 不相符。第 {ack} 帧是质询 ACK，再次说明期望的序号是 {expected}。如果发送方真的要复位，就会用这个序号再发一个 RST；伪造者则看不到这个质询。',
  'keepAlive.title': '这个没有新数据的报文段是什么？',
  'keepAlive.body':
    '是保活探测：{who}没有数据要发送，想知道对方是否还在。第 {probe} 帧使用的序号 {number} 比下一个序号小一，早已得到确认，因此只要对方还在，就必须以 ACK 作答。第 {answer} 帧是最后一次这样的应答。',
  'keepAliveSilent.title': '对方还在吗？',
  'keepAliveSilent.body':
    '{who}正在用保活探测询问：第 {probe} 帧使用的序号 {number} 比下一个序号小一，只要对方还在，就必须作答。最后 {count} 次探测没有捕获到应答。对方主机可能已经不在，也可能是路径中断；再探测几次之后，系统就会放弃并复位。',
  'resetKeepAlive.title': '为什么探测之后发送 RST？',
  'resetKeepAlive.body':
    '{who}发送了 {count} 次保活探测，最后一次在第 {probe} 帧，没有捕获到应答。它认为对方已经不在，于是用第 {rst} 帧放弃连接；如果对方其实还在，也会由此得知。',
};
