/** Host names within the limits of DNS (RFC 1035), IP addresses as bytes (RFC 4291), and which of them are not on the public Internet (RFC 6890 and its registries). */
import { isIP } from 'node:net';

/** @returns the 4 or 16 bytes of a valid literal; a zone (`%eth0`) is left out. */
export function addressBytes(address: string): Uint8Array {
  const text = address.split('%', 1)[0] ?? '';
  if (!text.includes(':')) return Uint8Array.from(text.split('.').slice(0, 4).map(Number));
  const v4 = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const pair = (a: string | undefined, b: string | undefined) => (Number(a) * 256 + Number(b)).toString(16);
  const plain = v4 ? `${v4[1]}${pair(v4[2], v4[3])}:${pair(v4[4], v4[5])}` : text;
  const [head = '', tail] = plain.split('::');
  const words = (s: string) => (s === '' ? [] : s.split(':').map((w) => Number.parseInt(w, 16)));
  const front = words(head);
  const back = tail === undefined ? [] : words(tail);
  const gap = Array<number>(Math.max(0, 8 - front.length - back.length)).fill(0);
  return Uint8Array.from([...front, ...gap, ...back].slice(0, 8).flatMap((w) => [w >> 8, w & 255]));
}

/** Network and prefix length. */
type Block = readonly [Uint8Array, number];
const block = (cidr: string): Block => {
  const [network = '', bits] = cidr.split('/');
  return [addressBytes(network), Number(bits)];
};

/** "This network", private, shared, loopback, link-local with the cloud's metadata, protocol, documentation, benchmark, multicast, reserved. */
const SPECIAL_4 = (
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 ' +
  '192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4'
).split(' ');
/** Unspecified and loopback, local NAT64, discard, protocol (Teredo too), documentation, unique local, link-local, site-local, multicast. */
const SPECIAL_6 =
  '::/128 ::1/128 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8'.split(
    ' ',
  );

let blocks: { readonly four: readonly Block[]; readonly six: readonly Block[] } | undefined;

function within(bytes: Uint8Array, [network, bits]: Block): boolean {
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (bytes[i] !== network[i]) return false;
  const rest = bits & 7;
  return rest === 0 || ((bytes[whole] ?? 0) ^ (network[whole] ?? 0)) >> (8 - rest) === 0;
}

/** Where an IPv6 address carries an IPv4 one: mapped, compatible, NAT64 (RFC 6052), 6to4 (RFC 3056). */
function embedded(bytes: Uint8Array): Uint8Array | undefined {
  const zero = (from: number, to: number) => bytes.subarray(from, to).every((b) => b === 0);
  if (zero(0, 10) && bytes[10] === 0xff && bytes[11] === 0xff) return bytes.subarray(12);
  if (zero(0, 12)) return bytes.subarray(12);
  if (bytes[0] === 0 && bytes[1] === 0x64 && bytes[2] === 0xff && bytes[3] === 0x9b && zero(4, 12)) return bytes.subarray(12);
  if (bytes[0] === 0x20 && bytes[1] === 0x02) return bytes.subarray(2, 6);
  return undefined;
}

/** @returns true for an address that is not on the public Internet, in any of its notations. `address` is a valid literal. */
export function isSpecialAddress(address: string): boolean {
  blocks ??= { four: SPECIAL_4.map(block), six: SPECIAL_6.map(block) };
  const bytes = addressBytes(address);
  if (bytes.length === 4) return blocks.four.some((b) => within(bytes, b));
  if (blocks.six.some((b) => within(bytes, b))) return true;
  const inner = embedded(bytes);
  return inner !== undefined && blocks.four.some((b) => within(inner, b));
}

/** @returns true for 127.0.0.0/8 and ::1, IPv4-mapped ones too. */
export function isLoopback(address: string): boolean {
  const bytes = addressBytes(address);
  if (bytes.length === 4) return bytes[0] === 127;
  const mapped = bytes.subarray(0, 10).every((b) => b === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  return mapped ? bytes[12] === 127 : bytes.subarray(0, 15).every((b) => b === 0) && bytes[15] === 1;
}

const PRIVATE_4 = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

function isPrivate(address: string): boolean {
  const bytes = addressBytes(address);
  const four = bytes.length === 4 ? bytes : embedded(bytes);
  return four ? PRIVATE_4.some((b) => within(four, block(b))) : within(bytes, block('fc00::/7'));
}

/** @returns true where both are on this machine, or both in private networks (RFC 1918, RFC 4193): what one names is near the other. */
export function areNeighbours(a: string, b: string): boolean {
  const both = (is: (address: string) => boolean) => isIP(a) !== 0 && isIP(b) !== 0 && is(a) && is(b);
  return both(isLoopback) || both(isPrivate);
}

/** A name that may be asked for: labels of 1–63 bytes, 253 in all, nothing but what RFC 1123 and service names use. */
export function isHostName(name: string): boolean {
  const n = name.endsWith('.') ? name.slice(0, -1) : name;
  return n.length > 0 && n.length <= 253 && n.split('.').every((l) => /^[A-Za-z0-9_-]{1,63}$/.test(l));
}

/** The name to ask for the PTR of an address (RFC 1035 §3.5, RFC 3596 §2.5). `address` is a valid literal. */
export function reverseName(address: string): string {
  if (!address.includes(':')) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  const nibbles = [...addressBytes(address)].flatMap((b) => [(b >> 4).toString(16), (b & 15).toString(16)]);
  return `${nibbles.reverse().join('.')}.ip6.arpa`;
}
