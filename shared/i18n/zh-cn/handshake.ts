import type { HandshakeKey } from '../en/handshake.ts';
import { claimsZhCn } from './claims.ts';
import { explanationsZhCn } from './explanations.ts';
import { negotiationZhCn } from './negotiation.ts';

/** 连接的标签、结论与讲解的简体中文文本，与英文逐键对应。 */
export const handshakeZhCn: Readonly<Record<HandshakeKey, string>> = {
  ...claimsZhCn,
  ...explanationsZhCn,
  ...negotiationZhCn,
  'who.client': '客户端',
  'who.server': '服务器',
  'who.both': '双方',
  'sentence.join': '，',
  'sentence.end': '。',
  'detail.join': ' · ',
  'clause.join': '；',

  'open.O1': '三次握手',
  'open.O1.noAck': '三次握手（未捕获 ACK）',
  'open.O1.noSynAck': '三次握手（未捕获 SYN+ACK）',
  'open.O2': '三次握手（ACK 携带数据）',
  'open.O3': '三次握手（SYN 重传）',
  'open.O4': '三次握手（SYN+ACK 重传）',
  'open.O5': '被拒绝',
  'open.O6': '无应答',
  'open.O7': '不可达（ICMP）',
  'open.O8': '错误的 SYN+ACK 被复位',
  'open.O9': '未捕获 SYN',
  'open.O9.reset': '意外的 SYN+ACK 被复位',
  'open.O10': '同时打开',
  'open.O11': '拆分握手',
  'open.O11.bare': '仅确认了 SYN',
  'open.O12': '半开连接，收到质询',
  'open.O13': '对端已无此连接',
  'open.O14': '客户端放弃',
  'open.O15': '快速打开',
  'open.O18': 'SYN 携带数据',
  'open.O19': '缺少最后的 ACK',
  'open.O20': '抓包前已开始',
  'open.O23': '服务器中止',

  'close.none': '未建立',
  'close.C1.client': '四次挥手，客户端先关闭',
  'close.C1.server': '四次挥手，服务器先关闭',
  'close.C2.client': '三次挥手，客户端先关闭',
  'close.C2.server': '三次挥手，服务器先关闭',
  'close.C3.client': '半关闭，客户端先关闭',
  'close.C3.server': '半关闭，服务器先关闭',
  'close.C4.both': '同时关闭',
  'close.C5': '序号不符的 RST',
  'close.C5.unnamed': '复位，发送方未知',
  'close.C5.client': '客户端复位',
  'close.C5.server': '服务器复位',
  'close.C6.client': '客户端 FIN，服务器复位',
  'close.C6.server': '服务器 FIN，客户端复位',
  'close.C8.client': '客户端 FIN 后又复位',
  'close.C8.server': '服务器 FIN 后又复位',
  'close.C10': '关闭过程不完整',
  'close.C10.client': 'FIN 未被确认，客户端先关闭',
  'close.C10.server': 'FIN 未被确认，服务器先关闭',
  'close.C11.client': '仅见客户端的 FIN',
  'close.C11.server': '仅见服务器的 FIN',
  'close.C12': '未见关闭',
  'close.C15.client': '复位，客户端已无此连接',
  'close.C15.server': '复位，服务器已无此连接',

  'say.O1': '三次握手建立',
  'say.O1.noAck': '连接已建立，但未捕获第三个报文段',
  'say.O1.noSynAck': '连接已建立，但未捕获 SYN+ACK',
  'say.O2': '三次握手建立（第三个报文段已携带数据）',
  'say.O3': 'SYN 发送 {count} 次后，三次握手建立',
  'say.O4': 'SYN+ACK 发送 {count} 次后，三次握手建立',
  'say.O5': '连接被拒绝：SYN 得到的应答是 RST',
  'say.O5.after': '连接被拒绝：{count} 个 SYN 都得到 RST 作为应答',
  'say.O5.invalid': '有一个 RST 应答了 SYN，但没有确认它，客户端必须忽略',
  'say.O6': '无应答：未捕获到对 SYN 的任何回复',
  'say.O6.tries': '无应答：{span} 内共发送 {count} 次 SYN，未捕获到任何回复',
  'say.O6.reset': '客户端发送 SYN 后又发送 RST，未捕获到应答',
  'say.O7': '不可达：SYN 收到 ICMP 差错报文',
  'say.O8': '客户端复位了一个没有确认其 SYN 的 SYN+ACK',
  'say.O8.open': '客户端先复位了一个没有确认其 SYN 的 SYN+ACK，随后连接建立',
  'say.O8.ignored': 'SYN+ACK 没有确认该 SYN，连接未能建立',
  'say.O9': '捕获到一个 SYN+ACK，但没有捕获到之前的 SYN，也没有对它的应答',
  'say.O9.open': '连接已建立，但未捕获 SYN',
  'say.O9.reset': '一个未经请求的 SYN+ACK 被复位',
  'say.O10': '双方同时打开并建立连接',
  'say.O10.partial': '双方同时发送了 SYN，但未捕获全部应答',
  'say.O11': '以拆分握手建立（共 {count} 个报文段）',
  'say.O11.partial': '双方都发送了 SYN，但抓包中握手没有完成',
  'say.O11.bare': '服务器确认了 SYN，但抓包中没有它自己的 SYN',
  'say.O12': '服务器仍保留着一个旧连接，因此质询了这个 SYN',
  'say.O12.open': '服务器放弃仍保留的旧连接后，新连接建立',
  'say.O13': '{who}仍在发送，但对端已无此连接，将其复位',
  'say.O14': '连接被放弃：客户端没有完成握手，而是发送了 RST',
  'say.O15': '以 TCP Fast Open 建立，服务器接受了 SYN 中的数据',
  'say.O15.ignored': '服务器没有接受 SYN 中的快速打开数据，随后三次握手建立',
  'say.O18': '三次握手建立（SYN 已携带数据）',
  'say.O19': '握手未完成：服务器应答了 SYN，但未捕获最后的 ACK',
  'say.O19.tries': '握手未完成：服务器发送了 {count} 次 SYN+ACK，但未捕获最后的 ACK',
  'say.O19.reset': '服务器应答了 SYN，但未捕获最后的 ACK',
  'say.O20': '未捕获建立过程',
  'say.O20.partial': '只捕获到建立过程的一部分',
  'say.O23': '连接被中止：服务器在发送 SYN+ACK 之后又发送了 RST',

  'say.C1': '{who}发起四次挥手关闭',
  'say.C1.short': '{who}发起四次挥手关闭',
  'say.C2': '{who}发起关闭，挥手只用了三个报文段',
  'say.C2.short': '{who}发起关闭，挥手只用了三个报文段',
  'say.C3': '{who}先半关闭，{other}又发送 {size} 后才关闭',
  'say.C3.left': '{who}先半关闭，{other}又发送了 {size}，在抓包期间没有关闭',
  'say.C4': '双方同时关闭',
  'say.C4.partial': '双方同时关闭，但未捕获全部确认',
  'say.C4.reset': '双方同时关闭，随后{who}又发送了 RST',
  'say.C5': '被{who}复位',
  'say.C5.inexact': '随后{who}发送了一个序号不符的 RST',
  'say.C5.unnamed': '随后被一个以{who}名义发出的 RST 结束',
  'say.C5.unknown': '看来被{who}复位',
  'say.C5.keepAlive': '{count} 次保活探测未见应答后被{who}复位',
  'say.C5.challenged': '随后{who}发送了一个序号不符的 RST，{other}以质询 ACK 作答',
  'say.C6': '{who}发起关闭，{other}却以 RST 应答',
  'say.C8': '{who}关闭后又发送了 RST',
  'say.C10.then': '{who}发送了 FIN，此后连接如何结束无法判断',
  'say.C10': '{who}已发送 FIN，但未捕获对它的确认',
  'say.C10.both': '双方都已发送 FIN，但未捕获全部确认',
  'say.C10.reset': '双方都已关闭，{who}在全部 FIN 得到确认之前又发送了 RST',
  'say.C10.unclear': '连接已关闭，但只捕获到关闭过程的一部分',
  'say.C11': '{who}已关闭，未捕获{other}的 FIN',
  'say.C12': '未捕获关闭过程',
  'say.C12.alive': '未捕获关闭过程，直到最后保活探测都得到应答',
  'say.C12.silent': '未捕获关闭过程，最后 {count} 次保活探测也未见应答',
  'say.C15': '被{who}复位，看来它已无此连接',
  'say.middle': '连接的建立和关闭过程均未捕获。',
  'say.assassinated': '之后还有一个迟到的 RST，此时先关闭的一方正处于 TIME-WAIT',
  'say.reopened': '随后相同的端口再次打开，此时先关闭的一方仍处于 TIME-WAIT',
  'say.late': '之后还有一个无害的迟到 RST',

  'detail.checks': '所有序号均已验证',
  'detail.failed': '{count} 处序号不符',
  'detail.handshake': '握手耗时 {span}',
  'detail.nearClient': '抓包位置靠近客户端',
  'detail.nearServer': '抓包位置靠近服务器',
  'detail.between': '抓包位置在两端之间',
  'detail.guessed': '客户端与服务器由端口推测',
  'detail.firstPacket': '客户端与服务器为推测',
  'detail.retransmissions': '{count} 次重传',
  'detail.duplicates': '{count} 个数据包被重复捕获',
  'detail.swapped': 'SYN 与 SYN+ACK 在抓包中顺序颠倒',
  'detail.unproved': '建立的最后一步为推断',
  'detail.keepAlives': '{count} 次保活探测',
  'detail.resetsIgnored': '{count} 个 RST 没有起作用',
  'detail.portsReused': '流 {stream} 曾使用相同的端口',
  'detail.finRepeated': 'FIN 发送了 {count} 次',

  'after.frame': '（第 {frame} 帧）',
  'after.none': '（抓包中没有）',
  'after.nothing': '',

  'whyThree.title': '为什么建立连接需要三次握手？',
  'whyThree.body':
    '双方各自选择初始序号，并且都必须得知对方已经收到。服务器的初始序号和它对客户端 SYN 的确认放在同一个报文段里（第 {synAck} 帧），因此两次通告和两次确认只需三个报文段。第 {ack} 帧还告诉服务器：第 {syn} 帧的 SYN 不是网络中滞留的旧报文。',
  'firstNumber.title': '为什么序号从 {isn} 开始？',
  'firstNumber.body':
    '客户端选择 {isn} 作为初始序号；以它为基准显示时，连接从 0 开始。初始序号由时钟和一个秘密值算出，使旧连接的报文段对不上号，外人也无法猜到。',
  'synPlusOne.title': '为什么 Ack = Seq + 1？',
  'synPlusOne.body':
    'SYN 虽然不带数据，却占用一个序号，这样它就能像数据一样被确认和重传。因此第 {synAck} 帧确认 {isn} + 1 = {ack}，即服务器期望收到的下一个序号。',
  'ackPlusOne.title': '第三个报文段确认了什么？',
  'ackPlusOne.body':
    '第 {ack} 帧确认 {isn} + 1 = {number}，说明服务器的 SYN 已经到达。客户端在收到第 {synAck} 帧时进入 ESTABLISHED；服务器要等这个报文段到达后才进入。',
  'ackWithData.title': '单独的第三个 ACK 在哪里？',
  'ackWithData.body':
    '第 {ack} 帧就是它：既确认了服务器的 SYN，又带来最初的 {size} 数据。RFC 9293 允许在任何带确认的报文段中携带数据，不必再单独发送一个空的 ACK。',
  'ackLate.title': '第三个报文段在哪里？',
  'ackLate.body':
    '它没有被捕获。后面的报文段表明它确实发出并被收到：否则服务器不会离开 SYN-RECEIVED。最可能的原因是抓包时丢包。',
  'synAckMissing.title': 'SYN+ACK 在哪里？',
  'synAckMissing.body':
    '它没有被捕获，但一定已经到达：第 {ack} 帧所确认的序号只有服务器才能告知。只看到单个方向的抓包就是这个样子。',
  'synRepeated.title': '为什么 SYN 发送了 {count} 次？',
  'synRepeated.body':
    '客户端没有及时收到应答，于是以同样的序号 {isn} 重新发送 SYN。等待时间依次为 {gaps}。按照 RFC 6298，最初约等待一秒，之后每次加倍，以免加重网络拥塞。',
  'synAckRepeated.title': '为什么 SYN+ACK 发送了 {count} 次？',
  'synAckRepeated.body':
    '服务器没有及时得到确认：SYN+ACK 或对它的应答丢失了，或者从未发送。等待时间依次为 {gaps}。在收到 ACK 之前，服务器一直处于 SYN-RECEIVED。',
  'refused.title': '“被拒绝”是什么意思？',
  'refused.body':
    'SYN 到达了 {server}，但端口 {port} 上没有程序在监听，或者防火墙代为应答。第 {rst} 帧是一个确认了 {isn} + 1 的 RST，客户端由此知道它应答的正是这个 SYN，于是立即放弃。',
  'refusedInvalid.title': '为什么可以忽略这个 RST？',
  'refusedInvalid.body':
    '在 SYN-SENT 状态下，只有确认了 SYN 的 RST 才有效，即 Ack 应为 {number}。第 {rst} 帧没有做到，它可能来自任何人；正确的客户端会继续等待。',
  'noAnswer.title': '为什么没有应答？',
  'noAnswer.body':
    '第 {syn} 帧的 SYN 可能丢失了，可能被防火墙丢弃，也可能发往了不存在的主机；应答也可能走了此处抓不到的路径。如果只是端口 {port} 上没有程序，主机会以 RST 应答。',
  'unreachable.title': '是谁说目标不可达？',
  'unreachable.body':
    '路由器或目标主机发送了第 {icmp} 帧的 ICMP 差错报文。其中引用了序号为 {isn} 的 SYN，因此它对应的正是这次尝试。',
  'wrongSynAck.title': '为什么这个 SYN+ACK 被复位？',
  'wrongSynAck.body':
    '第 {synAck} 帧确认的是 {number}，而客户端的 SYN 需要 {expected}。它应答的很可能是一个滞留的旧 SYN。客户端用恰好等于该确认号的序号发送 RST，让服务器放弃这次错误的尝试，回到 LISTEN。',
  'straySynAck.title': '为什么这个 SYN+ACK 被复位？',
  'straySynAck.body':
    '接收方并没有请求连接：抓包中没有 SYN，它也以 RST 作答。可能有人冒用它的地址发送了 SYN，也可能是滞留的旧 SYN 到达了服务器。',
  'synMissing.title': 'SYN 在哪里？',
  'synMissing.body':
    '抓包从第 {synAck} 帧的 SYN+ACK 开始。它确认的是 {number}，可见 SYN 的序号是前一个数；SYN 在抓包开始之前就已经过去，或者走了别的路径。',
  'bothOpen.title': '这里谁是客户端？',
  'bothOpen.body':
    '都不是。双方都在收到对方的 SYN 之前发送了自己的 SYN，又都确认了对方，最终共用一个连接。TCP 允许这样做；画在左边的是抓包中先发送 SYN 的一方。',
  'split.title': '为什么服务器单独发送 SYN？',
  'split.body':
    '通常的 SYN+ACK 被拆开了：服务器只发送 SYN，再由客户端以 SYN+ACK 应答。各个序号仍然吻合，所以连接能够建立，但角色看起来颠倒了。有些工具用这种办法绕过过滤设备。',
  'challenge.title': '为什么服务器以 ACK 应答 SYN？',
  'challenge.body':
    '它仍保留着一个地址和端口完全相同的连接，多半是客户端重启之前留下的。第 {ack} 帧说明了它在那个连接上期望的序号。对那个连接一无所知的客户端会以 RST 作答，之后自己的 SYN 才能成功。',
  'abandoned.title': '为什么发送 RST 而不是 ACK？',
  'abandoned.body':
    '服务器在第 {synAck} 帧同意建立连接，客户端却在第 {rst} 帧发送了 RST。端口扫描器用这种办法得知端口是开放的；程序在应答途中放弃连接时也会这样。',
  'abortedByServer.title': '为什么服务器收回了应答？',
  'abortedByServer.body':
    '服务器在第 {synAck} 帧发送 SYN+ACK 之后，又在第 {rst} 帧将连接复位。可能是程序已经停止，也可能是中间设备以它的名义发送了 RST。',
  'halfOpen.title': '第三个报文段怎么了？',
  'halfOpen.body':
    '服务器已用 SYN+ACK 应答，正在 SYN-RECEIVED 状态等待。客户端的 ACK 可能丢失了，可能没有发送，也可能没有被捕获。如果有大量地址产生大量这样的尝试，那就是 SYN 泛洪的特征。',
  'midStream.title': '为什么状态不确定？',
  'midStream.body':
    '捕获到的第一个报文段（第 {first} 帧）不是 SYN：连接在抓包之前就已建立，或者建立过程没有被抓到。这里假定双方处于 ESTABLISHED，相对序号从首次见到的序号算起。',
  'forgot.title': '为什么数据得到的应答是 RST？',
  'forgot.body':
    '接收方没有这样一个连接，例如它已经重启。按照 RFC 9293，它以 RST 应答，其 Seq 就是对方报文段的 Ack，即 {number}，这样对方才会相信。',
  'fastOpen.title': 'SYN 怎么能携带数据？',
  'fastOpen.body':
    '这是 TCP Fast Open：第 {syn} 帧的 SYN 带着上次访问得到的 Cookie 和 {size} 数据。从服务器的 Ack 可以看出它是否接受了这些数据：{number}。',
  'fastOpenAsk.title': '快速打开选项有什么用？',
  'fastOpenAsk.body':
    '第 {syn} 帧的 SYN 请求一个 TCP Fast Open Cookie。以后的连接凭它就可以在 SYN 中携带数据，节省一个往返时间。',
  'synData.title': 'SYN 可以携带数据吗？',
  'synData.body':
    '可以：第 {syn} 帧携带了 {size}。没有 Fast Open Cookie 时，服务器会把数据保留到握手完成，或者将其丢弃，等对方重新发送。',

  'whyFour.title': '为什么关闭需要四次挥手？',
  'whyFour.body':
    '两个方向各自关闭。{who}在第 {fin} 帧表示不再发送，第 {ack} 帧对此作出确认。另一个方向仍然打开，直到第 {fin2} 帧发送自己的 FIN，并由第 {ack2} 帧确认：一共两个 FIN、两个确认。',
  'whyThreeClose.title': '书上说四次，为什么这里只有三个报文段？',
  'whyThreeClose.body':
    '第二和第三个合而为一：{other}没有更多数据要发送，所以第 {fin2} 帧的 FIN 同时确认了第 {fin} 帧的 FIN。什么都没有缺少，两个 FIN 和两个确认都在。',
  'finPlusOne.title': '为什么 Ack = {ack}？',
  'finPlusOne.body':
    'FIN 与 SYN 一样占用一个序号。第 {fin} 帧结束于 {last}，因此第 {frame} 帧确认 {last} + 1 = {ack}：数据全部收到，结束标志也收到了。',
  'timeWait.title': '为什么{who}停留在 TIME-WAIT？',
  'timeWait.body':
    '它最后的 ACK（第 {ack} 帧）可能会丢失；那样 FIN 会再次到来，总得有人应答。这也让旧报文段有时间消失，之后同样的端口才会再次使用。RFC 9293 规定等待两倍的报文段最长寿命（2 × 2 分钟）；多数系统等待得更短，Linux 为 60 秒。',
  'halfClose.title': '为什么 FIN 之后还有数据？',
  'halfClose.body':
    'FIN 只关闭一个方向。{who}在第 {fin} 帧关闭之后，{other}在 {span} 内又发送了 {size}，{who}继续予以确认。',
  'bothClose.title': '为什么两个 FIN 交错？',
  'bothClose.body':
    '双方都在收到对方的 FIN 之前关闭：第 {fin} 帧与第 {fin2} 帧没有互相确认。双方都经过 CLOSING，最后都进入 TIME-WAIT。',
  'reset.title': '这个 RST 是什么意思？',
  'reset.body':
    '第 {rst} 帧以{who}的名义立即结束了连接。不再有任何确认，途中的数据也会丢失。程序停止运行，或者关闭时还有未读数据，就会这样。它的序号 {number} 恰好是对方所期望的，因此对方必须服从。至于是{who}自己发送，还是中间设备冒用它的名义，从序号看不出来。',
  'resetInexact.title': '必须服从这个 RST 吗？',
  'resetInexact.body':
    '不必。它的序号是 {number}，而对方期望的是 {expected}。按照 RFC 5961，只有序号完全相符的 RST 才有效；否则接收方会以 ACK 质询{after}，或者将其丢弃。它可能是迟到的，也可能是伪造的。',
  'resetUnknown.title': '这个 RST 是真的吗？',
  'resetUnknown.body': '从抓包中看不出接收方期望哪个序号，因此无法验证第 {rst} 帧。',
  'resetForgot.title': '为什么中途复位？',
  'resetForgot.body':
    '第 {rst} 帧不带确认，它的 Seq {number} 就是前一个报文段的 Ack。主机在没有相应连接时就是这样应答的：程序或系统已经不在，或者连接早已关闭。',
  'resetAfterFin.title': '为什么 FIN 得到的应答是 RST？',
  'resetAfterFin.body':
    '{who}在第 {fin} 帧正常关闭，{other}却在第 {rst} 帧切断了连接：它的程序已经不在，或者留下了未读的数据。',
  'finThenReset.title': '为什么发送 FIN 之后又发送 RST？',
  'finThenReset.body':
    '{who}在第 {fin} 帧关闭，又在第 {rst} 帧复位。典型的情况是程序已经退出，数据却还在到来，于是系统告知对方不会再有人读取。',
  'resetLate.title': '最后的 RST 有影响吗？',
  'resetLate.body': '没有。在第 {rst} 帧之前，两个 FIN 都已得到确认，没有什么可以丢失的了。',
  'finRepeated.title': '为什么 FIN 发送了 {count} 次？',
  'finRepeated.body':
    '它的确认没有及时到达，于是以同样的序号重新发送。等待时间依次为 {gaps}。接收方必须对每一次都作出确认，即使处于 TIME-WAIT。',
  'lastAckMissing.title': '关闭完成了吗？',
  'lastAckMissing.body':
    '不得而知。FIN 已经发送，但没有捕获到对它的确认：它可能丢失了，可能在抓包结束之后才到，也可能走了别的路径。',
  'halfLeft.title': '为什么连接没有完全关闭？',
  'halfLeft.body':
    '{who}在第 {fin} 帧关闭，正在 FIN-WAIT-2 等待；{other}已经确认，停在 CLOSE-WAIT。它的程序没有关闭自己的一端，至少在抓包期间没有。如果一直不关闭，就是资源泄漏。',
  'noClose.title': '连接还开着吗？',
  'noClose.body': '没有捕获到 FIN，也没有捕获到 RST。连接可能仍然打开，可能在抓包之后才结束，也可能有一方悄然消失。',
};
