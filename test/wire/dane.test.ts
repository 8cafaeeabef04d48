import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { matchTlsa } from '../../src/wire/dane.ts';
import * as m from '../certificate/mint.ts';

const root = m.ca('CN=Root');
const middle = m.ca('CN=Middle', { issuer: root });
const leaf = m.mint({ issuer: middle });
const stranger = m.ca('CN=Stranger');
const chain = [leaf.der, middle.der, root.der];
const spki = (c: m.Authority) => c.keys.publicKey.export({ format: 'der', type: 'spki' });
const sha = (data: Buffer, algorithm = 'sha256') => createHash(algorithm).update(data).digest('hex');

describe('TLSA', () => {
  it.each([
    [`3 1 1 ${sha(spki(leaf))}`, true],
    [
      `3 1 1 ${sha(spki(leaf))
        .toUpperCase()
        .replace(/(.{32})/, '$1 ')}`,
      true,
    ],
    [`3 1 2 ${sha(spki(leaf), 'sha512')}`, true],
    [`3 0 1 ${sha(leaf.der)}`, true],
    [`3 0 0 ${leaf.der.toString('hex')}`, true],
    [`1 0 1 ${sha(leaf.der)}`, true],
    [`3 1 1 ${sha(spki(middle))}`, false],
    [`2 1 1 ${sha(spki(middle))}`, true],
    [`2 0 1 ${sha(root.der)}`, true],
    [`2 1 1 ${sha(spki(leaf))}`, false],
    [`2 0 1 ${sha(stranger.der)}`, false],
    [`3 1 1 00`, false],
    [`4 1 1 ${sha(spki(leaf))}`, false],
    [`3 2 1 ${sha(spki(leaf))}`, false],
    ['3 1 1', false],
    ['', false],
    ['3 1 1 xyz', false],
  ])('%s', (record, wanted) => {
    expect(matchTlsa(record, chain)).toBe(wanted);
  });

  it('an anchor that signed nothing in the chain does not count', () => {
    expect(matchTlsa(`2 0 1 ${sha(stranger.der)}`, [leaf.der, middle.der, stranger.der])).toBe(false);
  });
  it('an anchor that the record carries whole need not be sent', () => {
    expect(matchTlsa(`2 0 0 ${root.der.toString('hex')}`, [leaf.der, middle.der])).toBe(true);
    expect(matchTlsa(`2 1 0 ${spki(root).toString('hex')}`, [leaf.der, middle.der])).toBe(true);
    expect(matchTlsa(`2 1 0 ${spki(stranger).toString('hex')}`, [leaf.der, middle.der])).toBe(false);
  });
  it('an empty chain matches nothing', () => {
    expect(matchTlsa(`3 1 1 ${sha(spki(leaf))}`, [])).toBe(false);
  });
});
