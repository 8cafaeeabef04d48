/** Each setting is evidence with its own source: what was not typed is not said to be. */
import { expect, it } from 'vitest';
import { readTold, settle } from '../../src/settle/settle.ts';

const sources = (typed: Parameters<typeof readTold>[0]) =>
  Object.fromEntries(
    settle(readTold(typed)).evidence.flatMap((e) => (e.kind === 'setting' ? [[e.field, `${e.value} ${e.from}`]] : [])),
  );
const told = { protocol: 'imap', insecureAuth: false } as const;

it('port and security that were typed are', () => {
  expect(sources({ ...told, host: 'mail.example.com', port: 143, security: 'starttls' })).toEqual({
    host: 'mail.example.com flag',
    port: '143 flag',
    security: 'starttls flag',
  });
});

it('beside a named server they are what is usual', () => {
  expect(sources({ ...told, host: 'mail.example.com' })).toEqual({
    host: 'mail.example.com flag',
    port: '993 guess',
    security: 'tls guess',
  });
});

it("or the provider's own, where it publishes that server", () => {
  expect(sources({ ...told, host: 'imap.gmail.com' })).toMatchObject({
    host: 'imap.gmail.com flag',
    port: '993 preset',
    security: 'tls preset',
  });
});
