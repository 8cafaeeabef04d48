/**
 * DNS messages (RFC 1035 §4, RFC 6891 for EDNS, RFC 2308 for negative answers, RFC 3597 for unknown types): queries out, answers in,
 * records in presentation form. dns-packet writes; answers are read here, since a name must come out exactly as its labels were
 * sent (a dot inside a label is not a separator) and RDLENGTH must hold.
 */
import type * as DnsPacket from 'dns-packet';
import packet from 'dns-packet';
import type { LookupEvidence } from '../model/evidence.ts';
import { decodeText } from './lines.ts';

export type QuestionType = LookupEvidence['type'];

export const TYPES: Readonly<Record<QuestionType, number>> = {
  A: 1,
  CNAME: 5,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  TLSA: 52,
  ANY: 255,
};
const TYPE_NAMES = new Map(Object.entries(TYPES).map(([name, code]) => [code, name]));
const SOA = 6;
const NS = 2;
const OPT = 41;

/** UDP payload that crosses the Internet unfragmented (DNS flag day 2020). */
const UDP_PAYLOAD = 1232;
/** Records of one answer that are kept (S-146). */
export const MAX_RECORDS = 500;
/** CNAMEs followed. */
export const MAX_CNAMES = 8;

export interface Question {
  readonly name: string;
  readonly type: QuestionType;
}

/** What one message says about a question. */
export interface Answer {
  /** 0 NOERROR, 1 FORMERR, 2 SERVFAIL, 3 NXDOMAIN, 4 NOTIMP, 5 REFUSED (RFC 6895). */
  readonly rcode: number;
  readonly truncated: boolean;
  /** The AD bit. */
  readonly authentic: boolean;
  /** A referral in place of an answer: the server does not resolve for us. */
  readonly referral: boolean;
  /** Presentation form, in the order sent. */
  readonly records: readonly string[];
  readonly total: number;
  readonly cnames: readonly string[];
  /** Where the chain of CNAMEs ends without a record of the type asked for: ask for that name. */
  readonly next?: string;
  readonly loop: boolean;
  /** Least TTL of what was used, seconds; of a negative answer by its SOA. */
  readonly ttl?: number;
}

/** `foreign`: not an answer to this question. `malformed`: it is, and cannot be read. */
export type Read =
  | { readonly kind: 'foreign' }
  | { readonly kind: 'malformed'; readonly detail: string }
  | { readonly kind: 'answer'; readonly answer: Answer };

/** @returns a query with RD and AD set, and EDNS with the DO bit unless `plain` (a server that knows no EDNS). */
export function writeQuery(id: number, question: Question, plain = false): Uint8Array {
  const options: DnsPacket.Packet = {
    type: 'query',
    id,
    flags: packet.RECURSION_DESIRED | packet.AUTHENTIC_DATA,
    // dns-packet's types know no QTYPE "ANY"; its encoder does.
    questions: [{ type: question.type as DnsPacket.RecordType, name: question.name, class: 'IN' }],
  };
  if (!plain)
    options.additionals = [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: UDP_PAYLOAD,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: packet.DNSSEC_OK,
        flag_do: true,
        options: [],
      },
    ];
  return packet.encode(options);
}

class Malformed extends Error {}

/** Reads over a message; every step is bounds-checked. */
function cursor(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const need = (at: number, n: number) => {
    if (at + n > bytes.length) throw new Malformed('the message ends early');
  };
  const u8 = (at: number) => {
    need(at, 1);
    return view.getUint8(at);
  };
  const u16 = (at: number) => {
    need(at, 2);
    return view.getUint16(at);
  };
  const u32 = (at: number) => {
    need(at, 4);
    return view.getUint32(at);
  };
  /** A name in presentation form without the last dot, and where it ends. */
  const name = (from: number): { name: string; end: number } => {
    const labels: string[] = [];
    let at = from;
    let end = -1;
    let floor = from;
    let length = 0;
    let jumps = 0;
    for (;;) {
      const n = u8(at);
      if (n === 0) return { name: labels.length === 0 ? '.' : labels.join('.'), end: end < 0 ? at + 1 : end };
      if ((n & 0xc0) === 0xc0) {
        const to = u16(at) & 0x3fff;
        // Only backwards (RFC 1035 §4.1.4): a loop cannot be built.
        if (to >= floor || ++jumps > 127) throw new Malformed('a compression pointer that does not point back');
        if (end < 0) end = at + 2;
        floor = to;
        at = to;
        continue;
      }
      if (n > 63) throw new Malformed('a label of an unknown kind');
      length += n + 1;
      if (length > 254) throw new Malformed('a name longer than 255 bytes');
      need(at + 1, n);
      labels.push(label(bytes.subarray(at + 1, at + 1 + n)));
      at += n + 1;
    }
  };
  return { bytes, u8, u16, u32, need, name };
}
type Cursor = ReturnType<typeof cursor>;

/** A label in presentation form (RFC 1035 §5.1): what is not a letter, digit, hyphen or underscore is escaped. */
function label(bytes: Uint8Array): string {
  let out = '';
  for (const b of bytes) {
    const c = String.fromCharCode(b);
    if (/[A-Za-z0-9_*/=+-]/.test(c)) out += c;
    else if (b > 0x20 && b < 0x7f) out += `\\${c}`;
    else out += `\\${String(b).padStart(3, '0')}`;
  }
  return out;
}

interface Rr {
  readonly owner: string;
  readonly type: number;
  readonly class: number;
  readonly ttl: number;
  readonly at: number;
  readonly length: number;
}

/**
 * @param message as it came, over UDP or without the length over TCP.
 * @returns what it says about `question`; a message with another id, another question or no answer bit is foreign.
 */
export function readAnswer(message: Uint8Array, id: number, question: Question): Read {
  if (message.length < 12) return { kind: 'foreign' };
  const c = cursor(message);
  const flags = c.u16(2);
  if (c.u16(0) !== id || (flags & 0x8000) === 0 || (flags & 0x7800) !== 0) return { kind: 'foreign' };
  const rcode = flags & 15;
  try {
    // A server that cannot read the query may send the header alone (RFC 1035 §4.1.1).
    if (c.u16(4) === 0 && rcode !== 0 && rcode !== 3) return { kind: 'answer', answer: { ...EMPTY, rcode } };
    if (c.u16(4) !== 1) return { kind: 'foreign' };
    const asked = c.name(12);
    if (!sameName(asked.name, question.name) || c.u16(asked.end) !== TYPES[question.type] || c.u16(asked.end + 2) !== 1)
      return { kind: 'foreign' };
    return { kind: 'answer', answer: readSections(c, asked.end + 4, flags, question) };
  } catch (e) {
    if (e instanceof Malformed) return { kind: 'malformed', detail: e.message };
    throw e;
  }
}

const EMPTY: Answer = {
  rcode: 0,
  truncated: false,
  authentic: false,
  referral: false,
  records: [],
  total: 0,
  cnames: [],
  loop: false,
};

const sameName = (a: string, b: string) => a.toLowerCase() === (b.endsWith('.') ? b.slice(0, -1) : b).toLowerCase();

function readSections(c: Cursor, from: number, flags: number, question: Question): Answer {
  const truncated = (flags & 0x0200) !== 0;
  const records: Rr[] = [];
  const authority: Rr[] = [];
  let rcode = flags & 15;
  let at = from;
  const counts = [c.u16(6), c.u16(8), c.u16(10)];
  try {
    for (const [section, count] of counts.entries()) {
      for (let i = 0; i < count; i++) {
        const r = readRecord(c, at);
        at = r.at + r.length;
        if (section === 0) records.push(r);
        else if (section === 1) authority.push(r);
        // The extended RCODE's upper bits stand in OPT's TTL (RFC 6891 §6.1.3).
        else if (r.type === OPT) rcode |= (r.ttl >>> 24) << 4;
      }
    }
  } catch (e) {
    // What was cut off is asked for again over TCP.
    if (!truncated) throw e;
  }
  const followed = follow(c, records, question);
  const soa = authority.find((r) => r.type === SOA);
  const ttl = followed.ttl ?? (soa ? Math.min(soa.ttl, c.u32(soa.at + soa.length - 4)) : undefined);
  const aa = (flags & 0x0400) !== 0;
  return {
    rcode,
    truncated,
    authentic: (flags & 0x20) !== 0,
    referral: rcode === 0 && records.length === 0 && !soa && !aa && authority.some((r) => r.type === NS) && (flags & 0x80) === 0,
    records: followed.records,
    total: followed.total,
    cnames: followed.cnames,
    ...(followed.next === undefined ? {} : { next: followed.next }),
    loop: followed.loop,
    ...(ttl === undefined ? {} : { ttl }),
  };
}

function readRecord(c: Cursor, from: number): Rr {
  const owner = c.name(from);
  const length = c.u16(owner.end + 8);
  const at = owner.end + 10;
  c.need(at, length);
  return { owner: owner.name, type: c.u16(owner.end), class: c.u16(owner.end + 2), ttl: c.u32(owner.end + 4), at, length };
}

/** Follows the chain of CNAMEs through the records sent (RFC 1034 §3.6.2), bounded. */
function follow(c: Cursor, records: readonly Rr[], question: Question) {
  const wanted = TYPES[question.type];
  const cnames: string[] = [];
  let name = question.name.endsWith('.') ? question.name.slice(0, -1) : question.name;
  let ttl: number | undefined;
  const least = (n: number) => {
    ttl = ttl === undefined ? n : Math.min(ttl, n);
  };
  const seen = new Set([name.toLowerCase()]);
  for (;;) {
    const own = records.filter((r) => sameName(r.owner, name) && r.class === 1);
    const hits = question.type === 'ANY' ? own : own.filter((r) => r.type === wanted);
    if (hits.length > 0) {
      const out: string[] = [];
      for (const r of hits.slice(0, MAX_RECORDS)) {
        least(r.ttl);
        const text = presentation(c, r);
        const shown = question.type === 'ANY' ? `${TYPE_NAMES.get(r.type) ?? `TYPE${r.type}`} ${text}` : text;
        out.push(shown);
      }
      return { records: [...new Set(out)], total: hits.length, cnames, ttl, loop: false, next: undefined };
    }
    const alias = own.find((r) => r.type === TYPES.CNAME);
    if (!alias) return { records: [], total: 0, cnames, ttl, loop: false, next: cnames.length > 0 ? name : undefined };
    least(alias.ttl);
    name = presentation(c, alias);
    cnames.push(name);
    if (seen.has(name.toLowerCase()) || cnames.length > MAX_CNAMES)
      return { records: [], total: 0, cnames, ttl, loop: true, next: undefined };
    seen.add(name.toLowerCase());
  }
}

/** The data of a record as zone files write it, names without the last dot; TXT joined (RFC 7208 §3.3). */
function presentation(c: Cursor, r: Rr): string {
  const end = r.at + r.length;
  const exactly = (n: number) => {
    if (r.length !== n) throw new Malformed(`a ${TYPE_NAMES.get(r.type)} record of ${r.length} bytes`);
  };
  const nameAt = (at: number) => {
    const n = c.name(at);
    if (n.end !== end) throw new Malformed(`a ${TYPE_NAMES.get(r.type)} record of the wrong length`);
    return n.name;
  };
  switch (r.type) {
    case TYPES.A:
      exactly(4);
      return c.bytes.subarray(r.at, end).join('.');
    case TYPES.AAAA:
      exactly(16);
      return formatV6(c.bytes.subarray(r.at, end));
    case TYPES.CNAME:
    case TYPES.PTR:
    case NS:
      return nameAt(r.at);
    case TYPES.MX:
      return `${c.u16(r.at)} ${nameAt(r.at + 2)}`;
    case TYPES.SRV:
      return `${c.u16(r.at)} ${c.u16(r.at + 2)} ${c.u16(r.at + 4)} ${nameAt(r.at + 6)}`;
    case TYPES.TXT:
      return text(c, r);
    case TYPES.TLSA:
      if (r.length < 3) throw new Malformed(`a TLSA record of ${r.length} bytes`);
      return `${c.u8(r.at)} ${c.u8(r.at + 1)} ${c.u8(r.at + 2)} ${hex(c.bytes.subarray(r.at + 3, end))}`;
    default:
      return `\\# ${r.length} ${hex(c.bytes.subarray(r.at, Math.min(end, r.at + 64)))}`;
  }
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');

function text(c: Cursor, r: Rr): string {
  const parts: Uint8Array[] = [];
  for (let at = r.at; at < r.at + r.length; ) {
    const n = c.u8(at);
    if (at + 1 + n > r.at + r.length) throw new Malformed('a TXT string longer than its record');
    parts.push(c.bytes.subarray(at + 1, at + 1 + n));
    at += n + 1;
  }
  return decodeText(Buffer.concat(parts));
}

/** RFC 5952. */
function formatV6(bytes: Uint8Array): string {
  const words = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  if (words.slice(0, 5).every((w) => w === 0) && words[5] === 0xffff) return `::ffff:${bytes.subarray(12).join('.')}`;
  let best = { at: -1, length: 1 };
  for (let i = 0; i < 8; i++) {
    let n = 0;
    while (i + n < 8 && words[i + n] === 0) n += 1;
    if (n > best.length) best = { at: i, length: n };
  }
  const part = (from: number, to: number) =>
    words
      .slice(from, to)
      .map((w) => w.toString(16))
      .join(':');
  return best.at < 0 ? part(0, 8) : `${part(0, best.at)}::${part(best.at + best.length, 8)}`;
}

/** What a DNS server (the lab's, a test's) sees of a query; undefined where it is none. */
export function readQuery(
  message: Uint8Array,
): { readonly id: number; readonly name: string; readonly type: string } | undefined {
  try {
    const m = packet.decode(Buffer.from(message));
    const q = m.questions?.[0];
    return m.type === 'query' && q && m.id !== undefined ? { id: m.id, name: q.name.toLowerCase(), type: q.type } : undefined;
  } catch {
    return undefined;
  }
}

/** An answer as a server writes it. */
export interface Served {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly rcode?: number;
  readonly truncated?: boolean;
  readonly authentic?: boolean;
  /** dns-packet's records; MX, SRV and TLSA data as its types say. */
  readonly answers?: readonly DnsPacket.Answer[];
  readonly authorities?: readonly DnsPacket.Answer[];
}

/** @returns the message a server sends for `served`. */
export function writeAnswer(served: Served): Uint8Array {
  return packet.encode({
    type: 'response',
    id: served.id,
    flags:
      packet.RECURSION_DESIRED |
      packet.RECURSION_AVAILABLE |
      (served.truncated ? packet.TRUNCATED_RESPONSE : 0) |
      (served.authentic ? packet.AUTHENTIC_DATA : 0) |
      (served.rcode ?? 0),
    questions: [{ type: served.type as DnsPacket.RecordType, name: served.name, class: 'IN' }],
    answers: [...(served.answers ?? [])],
    authorities: [...(served.authorities ?? [])],
  });
}
