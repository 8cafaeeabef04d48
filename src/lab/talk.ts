/** One connection as the protocol files see it: lines in, replies out, the upgrade to TLS, and scripted replies played. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Serve } from '../model/cause.ts';
import type { Channel, Protocol } from '../model/terms.ts';
import type { LabAccount } from './account.ts';
import { mechanismsOf } from './capabilities.ts';
import { createReader, readable } from './reader.ts';
import { meaning, readScript, type Script, scripted } from './script.ts';
import type { Upgrade } from './tls.ts';

/** Enough for any test; a benchmark of hours does not fill memory. */
const MAX_RECORDED = 100_000;

/** What all connections of one server share. */
export interface Shared {
  readonly faults: Serve;
  readonly account: LabAccount;
  /** The name that the server calls itself by. */
  readonly host: string;
  readonly upgrade: Upgrade;
  /** Every command line as it came. */
  readonly received: string[];
  readonly log: (line: string) => void;
}

/** A healthy reply, lines joined by a bare LF, and what it brings about where a positive one is said. */
export interface Answer {
  readonly reply: string;
  readonly effect?: () => void;
  /** The text holds bytes of a message, as Latin-1. */
  readonly bytes?: boolean;
}

export interface Said {
  /** There is nobody to talk to any more. */
  readonly over: boolean;
  readonly status: Script['status'];
}

export interface Talk {
  readonly protocol: Protocol;
  readonly faults: Serve;
  readonly account: LabAccount;
  readonly host: string;
  channel: Channel;
  /** The next command line as text, recorded; undefined where the client has gone. */
  line(): Promise<string | undefined>;
  /** The next line or bytes of a message or literal, as Latin-1, not recorded. */
  content(count?: number): Promise<string | undefined>;
  /** Puts a line that was read as content into the record. */
  record(line: string): void;
  /** Writes lines and CRLF; `latin1` where the text holds bytes of a message. */
  say(text: string, encoding?: 'utf8' | 'latin1'): void;
  /** The scripted reply to this command, if the scenario has one. */
  scripted(command: string): string | undefined;
  /** Says the greeting, scripted or not. `refused` where it says that there is no service, `over` where that was all. */
  greet(healthy: string): Promise<'open' | 'refused' | 'over'>;
  /** Says a scripted reply, acts included. */
  play(reply: string, tag?: string): Promise<Said>;
  /** Answers a command: as the scenario has it, else the healthy way. */
  answer(command: string, healthy: Answer, tag?: string): Promise<Said>;
  /** Upgrades to TLS after the positive reply to STARTTLS; false where the conversation ends there. */
  secure(): Promise<boolean>;
  /** Channel-binding data, where TLS is on and a -PLUS mechanism is listed. */
  readonly binding: ((type: string) => Uint8Array | undefined) | undefined;
  /** Whom the client's certificate names. */
  readonly certified: string | undefined;
  end(): void;
}

/** @returns the conversation on a socket that has just been accepted, or that just became a TLS socket. */
export function createTalk(raw: Socket, shared: Shared): Talk {
  const { faults, account, host, upgrade } = shared;
  const reader = createReader();
  let socket: Socket = raw;
  listen(raw);

  function listen(s: Socket) {
    s.on('data', reader.push);
    s.on('end', reader.end);
    s.on('close', reader.end);
    s.on('error', reader.end);
  }

  const talk: Talk = {
    protocol: faults.protocol,
    faults,
    account,
    host,
    channel: 'plain',
    async line() {
      const line = await reader.line();
      if (line === undefined) return undefined;
      const text = readable(line);
      talk.record(text);
      return text;
    },
    content: (count) => (count === undefined ? reader.line() : reader.bytes(count)),
    record(line) {
      if (shared.received.length < MAX_RECORDED) shared.received.push(line);
      shared.log(`C: ${masked(line)}`);
    },
    say(text, encoding = 'utf8') {
      const lines = text.split(/\r?\n/);
      for (const line of lines) shared.log(`S: ${line}`);
      if (socket.writable) socket.write(`${lines.join('\r\n')}\r\n`, encoding);
    },
    scripted: (command) => scripted(faults.replies, command, faults.protocol),
    async play(reply, tag) {
      const script = readScript(reply, faults.protocol, tag);
      for (const step of script.steps) {
        if ('say' in step) talk.say(step.say);
        else if ('await' in step) {
          if ((await talk.line()) === undefined) return { over: true, status: script.status };
        } else if ('wait' in step) await pause(step.wait, raw);
        else {
          shared.log(`S: !${step.act}`);
          if (step.act === 'reset') raw.resetAndDestroy();
          else if (step.act === 'close') socket.end();
          else while ((await talk.line()) !== undefined);
          return { over: true, status: script.status };
        }
      }
      return { over: false, status: script.status };
    },
    async greet(healthy) {
      const greeting = faults.greeting ?? healthy;
      const said = await talk.play(greeting);
      if (said.over) return 'over';
      if (!/^(421|554|-ERR|\* BYE)/i.test(greeting)) return 'open';
      // SMTP alone goes on after its refusal, up to QUIT (RFC 5321 §3.1).
      if (greeting.startsWith('554')) return 'refused';
      socket.end();
      return 'over';
    },
    async answer(command, healthy, tag) {
      const reply = talk.scripted(command);
      if (reply !== undefined) return talk.play(reply, tag);
      talk.say(healthy.reply, healthy.bytes ? 'latin1' : 'utf8');
      return { over: false, status: meaning(healthy.reply, faults.protocol, tag) };
    },
    async secure() {
      if (faults.tls === 'plain') return true;
      for (const event of ['data', 'end', 'close', 'error']) raw.removeAllListeners(event);
      raw.on('error', () => undefined);
      reader.clear();
      const secured = await upgrade.secure(raw);
      if (!secured) return false;
      socket = secured;
      talk.channel = 'tls';
      listen(secured);
      return true;
    },
    get binding() {
      const s = socket;
      if (!(s instanceof TLSSocket) || !mechanismsOf(faults, 'tls').some((m) => m.endsWith('-PLUS'))) return undefined;
      return (type: string) => upgrade.binding(s, type);
    },
    get certified() {
      const name = socket instanceof TLSSocket && socket.authorized ? socket.getPeerCertificate().subject.CN : undefined;
      return Array.isArray(name) ? name[0] : name;
    },
    end() {
      socket.end();
    },
  };
  return talk;
}

/** Waits, but never longer than the connection lasts. */
function pause(ms: number, socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      socket.removeListener('close', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    socket.once('close', end);
    if (socket.destroyed) end();
  });
}

/** For the log on the screen: what a person may have typed by mistake is not shown. `received` keeps it, in memory. */
function masked(line: string): string {
  const command = /^((?:\S+ )?(?:PASS|LOGIN|APOP|AUTH(?:ENTICATE)? +\S+)) .+$/i.exec(line);
  if (command) return `${command[1]} ********`;
  return /^[A-Za-z0-9+/=]{16,}$/.test(line) ? '********' : line;
}
