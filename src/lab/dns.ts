/** A tiny DNS server over UDP and TCP on loopback (RFC 1035, 7766): it answers from a function, or fails as a scenario wants. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { ipBytes } from './certificate.ts';

export type DnsRecord =
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  | { readonly type: 'MX'; readonly preference: number; readonly host: string }
  | { readonly type: 'SRV'; readonly port: number; readonly host: string }
  | { readonly type: 'CNAME'; readonly host: string }
  | { readonly type: 'TXT'; readonly text: string };

export type DnsType = DnsRecord['type'] | 'OTHER';

/** What is said of one question; `silence` is no answer at all. */
export type DnsAnswer =
  | 'silence'
  | { readonly code: 'NOERROR' | 'SERVFAIL' | 'NXDOMAIN' | 'REFUSED'; readonly records: readonly DnsRecord[] };

/** @param name lower case, without the final dot; `OTHER` is every type that is not known here. */
export type Zone = (name: string, type: DnsType) => DnsAnswer;

export interface LabDns {
  /** `ip:port`, as `--resolver` takes it. */
  readonly resolver: string;
  /** The questions that came: `A mail.example.test`. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

const CODES = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;
const TYPES = { A: 1, CNAME: 5, MX: 15, TXT: 16, AAAA: 28, SRV: 33 } as const;
const NUMBERS = new Map<number, DnsType>([
  [1, 'A'],
  [5, 'CNAME'],
  [15, 'MX'],
  [16, 'TXT'],
  [28, 'AAAA'],
  [33, 'SRV'],
]);
const SOA = 6;
const TTL = 60;
const HEADER = 12;
/** A pointer to the name of the question (RFC 1035 §4.1.4). */
const QUESTION_NAME = Buffer.of(0xc0, HEADER);
const TRIES = 20;

/** Starts on a port that is free for UDP and TCP alike. @throws where none is found. */
export async function startDns(zone: Zone, host = '127.0.0.1'): Promise<LabDns> {
  const asked: string[] = [];
  const answer = (query: Buffer) => {
    const question = readQuestion(query);
    if (!question) return undefined;
    asked.push(`${question.type} ${question.name}`);
    return write(query, question, zone(question.name, question.type));
  };
  for (let i = 0; i < TRIES; i++) {
    const tcp = await listenTcp(host, answer);
    const udp = await bindUdp(host, tcp.port, answer);
    if (!udp) {
      await tcp.close();
      continue;
    }
    return {
      resolver: host.includes(':') ? `[${host}]:${tcp.port}` : `${host}:${tcp.port}`,
      asked,
      close: async () => {
        await new Promise<void>((resolve) => udp.close(() => resolve()));
        await tcp.close();
      },
    };
  }
  throw new Error('no port is free for the DNS server of the lab');
}

type Answering = (query: Buffer) => Buffer | undefined;

async function listenTcp(host: string, answer: Answering): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      buffer = Buffer.concat([buffer, chunk]);
      while (buffer.length >= 2 && buffer.length >= 2 + buffer.readUInt16BE(0)) {
        const length = buffer.readUInt16BE(0);
        const reply = answer(buffer.subarray(2, 2 + length));
        buffer = buffer.subarray(2 + length);
        const size = Buffer.alloc(2);
        size.writeUInt16BE(reply?.length ?? 0);
        if (reply) socket.write(Buffer.concat([size, reply]));
      }
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host }, resolve);
  });
  const at = server.address();
  return {
    port: typeof at === 'object' && at ? at.port : 0,
    close: () =>
      new Promise((resolve) => {
        for (const s of sockets) s.destroy();
        server.close(() => resolve());
      }),
  };
}

function bindUdp(host: string, port: number, answer: Answering): Promise<UdpSocket | undefined> {
  const udp = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  udp.on('message', (query, peer) => {
    const reply = answer(query);
    if (reply) udp.send(reply, peer.port, peer.address, () => undefined);
  });
  return new Promise((resolve) => {
    udp.once('error', () => udp.close(() => resolve(undefined)));
    udp.bind(port, host, () => {
      udp.removeAllListeners('error').on('error', () => undefined);
      resolve(udp);
    });
  });
}

interface Question {
  readonly name: string;
  readonly type: DnsType;
  /** Where the question ends in the query. */
  readonly end: number;
}

function readQuestion(query: Buffer): Question | undefined {
  if (query.length < HEADER || query.readUInt16BE(4) !== 1 || (query.readUInt8(2) & 0x80) !== 0) return undefined;
  const labels: string[] = [];
  let at = HEADER;
  for (;;) {
    const length = query[at];
    if (length === undefined || length > 63) return undefined;
    at++;
    if (length === 0) break;
    labels.push(query.toString('latin1', at, at + length));
    at += length;
  }
  if (at + 4 > query.length) return undefined;
  const type = NUMBERS.get(query.readUInt16BE(at)) ?? 'OTHER';
  return { name: labels.join('.').toLowerCase(), type, end: at + 4 };
}

function write(query: Buffer, question: Question, answer: DnsAnswer): Buffer | undefined {
  if (answer === 'silence') return undefined;
  const head = Buffer.alloc(HEADER);
  head.writeUInt16BE(query.readUInt16BE(0), 0);
  // QR, RD as it was asked, RA, and the code.
  head.writeUInt16BE(0x8080 | (query.readUInt16BE(2) & 0x0100) | CODES[answer.code], 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(answer.records.length, 6);
  // Nothing found is said with the SOA, so that it may be told from a lame server (RFC 2308 §2).
  const negative = answer.records.length === 0 && (answer.code === 'NOERROR' || answer.code === 'NXDOMAIN');
  head.writeUInt16BE(negative ? 1 : 0, 8);
  const records = answer.records.map((r) => record(QUESTION_NAME, TYPES[r.type], data(r)));
  return Buffer.concat([head, query.subarray(HEADER, question.end), ...records, ...(negative ? [soa(question.name)] : [])]);
}

function record(name: Buffer, type: number, content: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(TTL, 4);
  fixed.writeUInt16BE(content.length, 8);
  return Buffer.concat([name, fixed, content]);
}

function data(r: DnsRecord): Buffer {
  switch (r.type) {
    case 'A':
    case 'AAAA':
      return ipBytes(r.address);
    case 'MX':
      return Buffer.concat([words(r.preference), domainName(r.host)]);
    case 'SRV':
      return Buffer.concat([words(0, 0, r.port), domainName(r.host)]);
    case 'CNAME':
      return domainName(r.host);
    case 'TXT': {
      const strings = r.text.match(/.{1,255}/gs) ?? [''];
      return Buffer.concat(
        strings.map((t) => Buffer.concat([Buffer.of(Buffer.byteLength(t, 'latin1')), Buffer.from(t, 'latin1')])),
      );
    }
  }
}

const words = (...values: readonly number[]) => Buffer.from(values.flatMap((v) => [v >> 8, v & 0xff]));

const domainName = (host: string) =>
  Buffer.concat([
    ...host
      .split('.')
      .filter((l) => l !== '')
      .map((l) => Buffer.concat([Buffer.of(Buffer.byteLength(l, 'latin1')), Buffer.from(l, 'latin1')])),
    Buffer.of(0),
  ]);

function soa(name: string): Buffer {
  const zone = name.split('.').slice(-2).join('.');
  const numbers = Buffer.alloc(20);
  for (const [i, n] of [1, 3600, 600, 86400, TTL].entries()) numbers.writeUInt32BE(n, i * 4);
  return record(domainName(zone), SOA, Buffer.concat([domainName(`ns.${zone}`), domainName(`hostmaster.${zone}`), numbers]));
}
