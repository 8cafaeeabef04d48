/** `mailcheck explain`: what a pasted error means, offline; or catalogue entries in full. */
import { readFileSync, statSync } from 'node:fs';
import { Args, Flags } from '@oclif/core';
import { UsageError } from '../model/usage.ts';
import { Base } from './base.ts';
import { reportFlags } from './flags.ts';

const MAX_BYTES = 64 * 1024 * 1024;

export class Explain extends Base {
  static override readonly summary = 'Say what a pasted error means, or show a cause in full.';
  static override readonly description =
    'Reads an error text, a server reply, a client dialog, a log, a transcript or a bounce, and names the root cause with what to do. Works offline and sends nothing. With the id of a cause it shows that entry.';
  static override readonly strict = false;
  static override readonly args = {
    cause: Args.string({ ignoreStdin: true, name: 'CAUSE…', description: 'ids of causes, as in certificate.expired' }),
  };
  static override readonly flags = {
    text: Flags.string({ description: 'the text itself', helpValue: 'TEXT', exclusive: ['file'] }),
    file: Flags.string({ description: 'a file with the text; also one written by --save', helpValue: 'PATH' }),
    list: Flags.boolean({ description: 'list all causes by category' }),
    format: Flags.string({ description: 'how it is written', options: ['terminal', 'markdown', 'json'], default: 'terminal' }),
    json: reportFlags.json,
    lang: reportFlags.lang,
    plugins: reportFlags.plugins,
  };
  static override readonly examples = [
    {
      description: 'One line',
      command: '<%= config.bin %> explain --text "535 5.7.139 Authentication unsuccessful, basic authentication is disabled."',
    },
    { description: 'What is in the clipboard', command: 'xclip -o | <%= config.bin %> explain' },
    { description: 'A log file', command: '<%= config.bin %> explain --file mail.log' },
    { description: 'One cause in full', command: '<%= config.bin %> explain certificate.incomplete-chain' },
  ];

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(Explain);
    const ids = argv.map(String);
    const kit = await this.kit(flags.plugins);
    const words = await this.words(this.language(flags.lang), kit);
    const format = flags.json ? 'json' : flags.format;
    const width = {
      width: process.stdout.isTTY ? Math.max(40, Math.min(process.stdout.columns ?? 80, 120)) : 80,
      color: process.stdout.isTTY === true && !process.env.NO_COLOR,
    };
    if (flags.json && flags.format === 'markdown')
      throw new UsageError('--json and --format markdown exclude each other; give one of them');
    const { renderCause, renderCauses, causesJson, causesMarkdown, renderExplain, explainJson, explainMarkdown } = await import(
      '../reporters/catalogue.ts'
    );
    if (flags.list) {
      await this.print(format === 'json' ? causesJson(kit.causes, words) : renderCauses(kit.causes, words, width));
      return;
    }
    if (ids.length > 0) {
      if (flags.text !== undefined || flags.file !== undefined) throw new UsageError('give either causes or a text, not both');
      const causes = await Promise.all(ids.map((id) => this.named(id, kit.causes)));
      await this.print(
        format === 'json'
          ? causesJson(causes, words)
          : format === 'markdown'
            ? causesMarkdown(causes, words)
            : causes.map((c) => renderCause(c, words, width)).join('\n'),
      );
      return;
    }
    const { explain } = await import('../explain.ts');
    const explanation = explain(await this.input(flags), kit, words);
    process.exitCode = explanation.matches.length > 0 ? 0 : 1;
    await this.print(
      format === 'json'
        ? explainJson(explanation)
        : format === 'markdown'
          ? explainMarkdown(explanation, words)
          : renderExplain(explanation, words, width),
    );
  }

  private async named<C extends { readonly id: string }>(id: string, causes: readonly C[]): Promise<C> {
    const found = causes.find((c) => c.id === id.toLowerCase());
    if (found) return found;
    const { nearest } = await import('../settle/near.ts');
    const near =
      nearest(
        id,
        causes.map((c) => c.id),
        4,
      ) ?? causes.find((c) => c.id.endsWith(`.${id.toLowerCase()}`))?.id;
    const shown = /^[\w.-]{1,60}$/.test(id) ? id : 'of that name';
    throw new UsageError(
      `there is no cause ${shown}${near ? `; did you mean ${near}?` : ''} (mailcheck explain --list shows all; a text goes after --text)`,
    );
  }

  private async input(flags: {
    readonly text?: string | undefined;
    readonly file?: string | undefined;
  }): Promise<string | Uint8Array> {
    if (flags.text !== undefined) {
      if (flags.text.trim() === '') throw new UsageError('--text is empty; paste the words of the error after it');
      return flags.text;
    }
    if (flags.file !== undefined && flags.file !== '-') return fileOf(flags.file);
    if (process.stdin.isTTY) throw new UsageError('give the text: mailcheck explain --text "…", --file PATH, or through a pipe');
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of process.stdin) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > MAX_BYTES) throw new UsageError('the input is larger than 64 MiB; cut out the part around the error');
      chunks.push(bytes);
    }
    if (size === 0) throw new UsageError('standard input is empty; pipe the text into it, or use --text');
    return Buffer.concat(chunks);
  }
}

function fileOf(path: string): Uint8Array {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw new UsageError('--file names a folder; name the file with the text');
    if (stat.size > MAX_BYTES) throw new UsageError('the file is larger than 64 MiB; cut out the part around the error');
    const bytes = readFileSync(path);
    if (bytes.length === 0) throw new UsageError('the file is empty; it should hold the words of the error');
    return bytes;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `--file cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'}); check its path`,
    );
  }
}
