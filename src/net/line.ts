/** The one open connection: commands out, whole replies in, and the upgrade to TLS in its place (RFC 3207, RFC 2595, RFC 9051 §6.2.1). */
import type { Socket } from 'node:net';
import type { SecureContext, TLSSocket } from 'node:tls';
import type { Command, Line, LineFailure, Open, RawReply, ReplyForm, SecureOptions, SecureResult } from '../model/net.ts';
import { MASK } from '../model/secret.ts';
import type { Channel } from '../model/terms.ts';
import { readLegacy } from '../wire/decode.ts';
import { createLineReader, type Framed, type LineReader } from '../wire/lines.ts';
import { SERVER_PROOF } from '../wire/proof.ts';
import type { Clock } from './clock.ts';
import { type Masker, maskLines } from './mask.ts';
import { codeOf } from './tcp.ts';
import { channelBinding, explain, handshake, type Peer } from './tls.ts';

/** What TLS needs beside the connection: contexts and the examination of the certificate; loaded while the connection opens. */
export interface TlsKit {
  context(options: SecureOptions): SecureContext;
  examine(input: {
    readonly host: string;
    readonly address: string;
    readonly port: number;
    readonly socket: TLSSocket;
    readonly stapled?: Buffer;
  }): Omit<SecureResult, 'tls'>;
}

/** What the lines of one run share. */
export interface LineWorld {
  readonly clock: Clock;
  readonly masker: Masker;
  readonly open: Open;
  readonly tls: () => Promise<TlsKit>;
  /** The transcript, where one is kept. */
  readonly record?: (from: 'client' | 'server', text: string) => void;
  readonly closed: (line: Line) => void;
}

/** Unread bytes beyond which the server is made to wait. */
const MAX_UNREAD = 1024 * 1024;
/** Patience for the other side when closing. */
const CLOSE_MS = 1000;

interface Waiting {
  readonly form: ReplyForm;
  readonly tag: string | undefined;
  readonly begun: number;
  readonly off: () => void;
  readonly settle: (reply: RawReply) => void;
}

/** @param socket open, nothing read from it. @returns the line over it. */
export function createLine(socket: Socket, peer: Peer, world: LineWorld): Line {
  const { clock, masker } = world;
  let stream: Socket = socket;
  let secured: TLSSocket | undefined;
  let leaf: Uint8Array | undefined;
  let channel: Channel = 'plain';
  let reader: LineReader = createLineReader();
  let listening = false;
  /** Why nothing more will come. */
  let broken: LineFailure | undefined;
  let waiting: Waiting | undefined;
  /** The read asked for last, and how many of them have not begun. */
  let last: Promise<unknown> = Promise.resolve();
  let queued = 0;
  /** True while a TLS alert is put into words; the end of the connection that follows it adds nothing. */
  let explaining = false;
  /** Replies due: the greeting, then one for each command. */
  let owed = 1;
  /** The last line of the reply read last, as it came. */
  let said = '';
  /** IMAP tags written whose replies are still to come. */
  const tags = new Set<string>();
  let closing: Promise<void> | undefined;

  /** Masked byte by byte, then as words: a secret may stand there in either form. */
  const mask = (lines: readonly string[]) =>
    masker.active
      ? maskLines(
          masker,
          lines.map((l) => l.replace(SERVER_PROOF, MASK)),
        ).map((l) => {
          const words = readLegacy(l);
          return words === l ? l : masker.mask(words);
        })
      : lines.map(readLegacy);

  function listen(): void {
    if (!listening) {
      listening = true;
      stream.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError);
    }
    if (stream.isPaused() || stream.readableFlowing !== true) stream.resume();
  }

  function unlisten(): void {
    listening = false;
    stream
      .removeListener('data', onData)
      .removeListener('end', onEnd)
      .removeListener('close', onEnd)
      .removeListener('error', onError);
    stream.pause();
  }

  function onData(chunk: Buffer): void {
    reader.push(chunk);
    if (waiting) advance();
    else if (reader.size > MAX_UNREAD) stream.pause();
  }

  function onEnd(): void {
    if (!explaining) lose({ how: 'closed', detail: 'the server closed the connection' });
  }

  function onError(error: Error): void {
    const code = codeOf(error);
    // A TLS alert after the handshake (no client certificate, under TLS 1.3) says why; a reset does not.
    if (code?.startsWith('ERR_SSL')) {
      explaining = true;
      void explain(code, error.message).then((e) => lose({ how: 'closed', detail: `${code}: ${e.detail}`, code }));
      return;
    }
    const reset = code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED';
    lose({
      how: reset ? 'reset' : code === 'ETIMEDOUT' ? 'timeout' : 'closed',
      detail: reset ? 'the server reset the connection' : masker.mask(error.message),
      ...(code ? { code } : {}),
    });
  }

  function lose(failure: LineFailure): void {
    broken ??= failure;
    if (waiting) advance();
  }

  /** Goes on with the reply that is waited for. */
  function advance(): void {
    const w = waiting;
    if (!w) return;
    const got = reader.next();
    if (got) done(w, got);
    else if (broken) fail(w, broken);
  }

  function done(w: Waiting, got: Framed): void {
    if (!got.ok) {
      broken = { how: got.how, detail: got.detail };
      stream.destroy();
      fail(w, broken, got.lines);
      return;
    }
    finish(w);
    said = got.lines.at(-1) ?? '';
    const lines = mask(got.lines);
    note(lines);
    const challenge = decoded(said);
    w.settle({
      ok: true,
      lines,
      truncated: got.truncated,
      count: got.count,
      ms: Math.round(clock.now() - w.begun),
      ...(challenge === undefined ? {} : { challenge }),
    });
  }

  function fail(w: Waiting, failure: LineFailure, came: readonly string[] = reader.partial()): void {
    finish(w);
    const lines = mask(came.slice(0, 100).map((l) => l.slice(0, 4096)));
    note(lines);
    w.settle({ ok: false, lines, ms: Math.round(clock.now() - w.begun), ...failure });
  }

  function finish(w: Waiting): void {
    waiting = undefined;
    w.off();
    owed = Math.max(0, owed - 1);
    if (w.tag !== undefined) tags.delete(w.tag);
  }

  /**
   * The text of a challenge (RFC 4954 §4, RFC 5034 §4, RFC 9051 §6.2.2), in a final reply too: a secret in it is masked as text, not
   * as base64.
   */
  function decoded(line: string): string | undefined {
    const encoded = /^(?:(?:334|235)[ -](?:\d\.\d\.\d )?|\+(?:OK)? )([A-Za-z0-9+/]{4,5000}={0,2})(?=\s|$)/.exec(line)?.[1];
    return encoded === undefined ? undefined : masker.mask(Buffer.from(encoded, 'base64').toString('utf8'));
  }

  function note(lines: readonly string[]): void {
    if (world.record) for (const line of lines) world.record('server', line);
  }

  function begin(form: ReplyForm, tag: string | undefined): Promise<RawReply> {
    return new Promise((settle) => {
      const begun = clock.now();
      const late = (why: 'timeout' | 'interrupted') => {
        const w = waiting;
        if (w)
          fail(
            w,
            why === 'timeout'
              ? { how: why, detail: `no answer within ${Math.round(clock.now() - begun)} ms` }
              : { how: why, detail: why },
          );
      };
      const others = tags.size > (tag !== undefined && tags.has(tag) ? 1 : 0);
      reader.expect(form, tag, others ? new Set([...tags].filter((t) => t !== tag)) : undefined);
      const w: Waiting = { form, tag, begun, settle, off: clock.wait(clock.until(), late) };
      waiting = w;
      if (broken?.how === 'unasked') {
        fail(w, broken, reader.peek().slice(0, 5));
        return;
      }
      listen();
      advance();
    });
  }

  /** A reply that came before its command is not its reply (CVE-2026-42246): whole lines waiting now were said unasked. */
  function unasked(commands: readonly Command[]): boolean {
    if (reader.size === 0) return false;
    const lines = reader.peek();
    return commands.some((c) => {
      const tag = tagOf(c);
      if (tag !== undefined && c.tag === undefined) return lines.some((l) => l.startsWith(`${tag} `));
      if (owed > 0 || c.reply === 'imap') return false;
      // A refusal may come at any time: 421 before shutting down, -ERR on a time-out.
      return c.reply === 'smtp' ? /^[23]\d\d/.test(lines[0] ?? '') : /^\+/.test(lines[0] ?? '');
    });
  }

  function write(commands: readonly Command[]): void {
    if (!broken && unasked(commands)) broken = { how: 'unasked', detail: 'the server answered before it was asked' };
    let text = '';
    for (const command of commands) {
      const wire = command.wire ? command.wire(world.open, said) : command.text;
      if (command.wire) masker.learn(wire, command.text);
      text += `${wire}\r\n`;
      world.record?.('client', masker.mask(command.text));
      const tag = tagOf(command);
      if (tag !== undefined) tags.add(tag);
    }
    owed += commands.length;
    // One buffer, one segment.
    if (!broken && stream.writable) stream.write(text, 'utf8');
  }

  async function secure(options: SecureOptions): Promise<SecureResult> {
    const at = clock.until();
    const early200 = reader.pending(200);
    // What was said in plain text ends here: no byte of it is ever joined to what comes over TLS.
    reader = createLineReader();
    tags.clear();
    if (listening) unlisten();
    const kit = await world.tls();
    const failed = early(options, early200);
    if (failed) {
      stream.destroy();
      return { tls: failed, problems: [] };
    }
    const result = await handshake(socket, peer, options, kit.context(options), clock, at);
    const tls =
      masker.active && result.tls.firstBytes ? { ...result.tls, firstBytes: masker.mask(result.tls.firstBytes) } : result.tls;
    if (!result.socket) {
      broken ??= { how: 'closed', detail: result.tls.detail ?? 'the TLS handshake failed' };
      return { tls, problems: [] };
    }
    secured = result.socket;
    stream = result.socket;
    channel = 'tls';
    if (options.mode === 'upgrade') owed = 0;
    const seen = kit.examine({
      host: options.host,
      address: peer.address,
      port: peer.port,
      socket: result.socket,
      ...(result.stapled ? { stapled: result.stapled } : {}),
    });
    leaf = seen.chain?.sent[0];
    const marked = <T extends object>(e: T): T => (options.control ? { ...e, control: options.control } : e);
    return {
      ...seen,
      tls,
      ...(seen.certificate ? { certificate: marked(seen.certificate) } : {}),
      problems: seen.problems.map(marked),
    };
  }

  /** Why no handshake is begun at all: the connection is gone, or plain text came where TLS was due. */
  function early(options: SecureOptions, said: string): SecureResult['tls'] | undefined {
    if (!broken && said === '') return undefined;
    return {
      kind: 'tls',
      stage: 'tls',
      host: options.host,
      address: peer.address,
      port: peer.port,
      mode: options.mode,
      outcome: 'failed',
      sni: null,
      ms: 0,
      ...(options.control ? { control: options.control } : {}),
      ...(said === ''
        ? {
            failure: broken?.how === 'reset' ? 'reset' : 'closed',
            detail: broken?.detail ?? '',
            ...(broken?.code ? { code: broken.code } : {}),
          }
        : { failure: 'plain-answer', firstBytes: masker.mask(said), detail: 'plain text came before the handshake' }),
    };
  }

  function close(): Promise<void> {
    closing ??= new Promise<void>((resolve) => {
      const w = waiting;
      if (w) fail(w, { how: 'closed', detail: 'closed by us' });
      broken ??= { how: 'closed', detail: 'closed by us' };
      const timer = setTimeout(end, CLOSE_MS);
      function end(): void {
        clearTimeout(timer);
        stream.destroy();
        socket.destroy();
        // A closed socket may outlive the check by a while; nothing of the check should.
        unlisten();
        world.closed(line);
        resolve();
      }
      if (stream.destroyed) {
        end();
        return;
      }
      stream.once('close', end);
      // Whatever the server still says is thrown away, so that its FIN is seen.
      stream.removeListener('data', onData);
      stream.resume();
      stream.destroySoon();
    });
    return closing;
  }

  const line: Line = {
    address: peer.address,
    port: peer.port,
    get channel() {
      return channel;
    },
    read(form, tag) {
      if (!waiting && queued === 0) {
        const now = begin(form, tag);
        last = now;
        return now;
      }
      queued += 1;
      const next = last.then(() => {
        queued -= 1;
        return begin(form, tag);
      });
      last = next;
      return next;
    },
    write,
    pending: () => masker.mask(reader.pending()),
    secure,
    binding: (type) => (secured ? channelBinding(secured, type, leaf) : undefined),
    authenticated() {
      channel = 'authenticated';
    },
    close,
  };
  return line;
}

const tagOf = (command: Command) => (command.reply === 'imap' ? (command.tag ?? command.text.split(' ', 1)[0]) : undefined);
