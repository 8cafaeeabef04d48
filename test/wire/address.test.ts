import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressBytes, areNeighbours, isLoopback, isSpecialAddress } from '../../src/wire/address.ts';

/** As a URL writes it: decimal, octal and hexadecimal forms become what they mean. */
const host = (url: string) => new URL(url).hostname.replace(/^\[|\]$/g, '');

describe('addresses that are not on the public Internet', () => {
  it('are known in every notation', () => {
    for (const url of [
      'http://127.0.0.1/',
      'http://2130706433/',
      'http://0177.0.0.1/',
      'http://0x7f.1/',
      'http://127.1/',
      'http://0/',
      'http://10.1.2.3/',
      'http://169.254.169.254/',
      'http://172.31.255.255/',
      'http://192.168.0.1/',
      'http://100.64.0.1/',
      'http://224.0.0.1/',
      'http://255.255.255.255/',
      'http://[::1]/',
      'http://[::]/',
      'http://[::ffff:127.0.0.1]/',
      'http://[::ffff:a9fe:a9fe]/',
      'http://[::127.0.0.1]/',
      'http://[fc00::1]/',
      'http://[fd12::1]/',
      'http://[fe80::1]/',
      'http://[fec0::1]/',
      'http://[2002:7f00:1::]/',
      'http://[2002:a00:1::]/',
      'http://[64:ff9b::7f00:1]/',
      'http://[64:ff9b:1::1]/',
      'http://[2001:0:1::]/',
      'http://[ff02::1]/',
    ])
      expect([url, isSpecialAddress(host(url))]).toEqual([url, true]);
    expect(isSpecialAddress('fe80::1%eth0')).toBe(true);
  });

  it('are told from public ones', () => {
    for (const a of [
      '8.8.8.8',
      '172.32.0.1',
      '100.128.0.1',
      '1.1.1.1',
      '2606:4700::1111',
      '::ffff:8.8.8.8',
      '64:ff9b::808:808',
      '2002:808:808::',
      '2a00::1',
    ])
      expect([a, isSpecialAddress(a)]).toEqual([a, false]);
  });

  it('loopback is one of them', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].map(isLoopback)).toEqual([true, true, true, true]);
    expect(['10.0.0.1', '::2', '::ffff:10.0.0.1'].map(isLoopback)).toEqual([false, false, false]);
  });
});

it('bytes of every valid literal', () => {
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (a) => addressBytes(a).length === (isIP(a) === 6 ? 16 : 4)));
  expect([...addressBytes('2001:db8::ff00:1')]).toEqual([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0, 0, 1]);
});

it('neighbours are on this machine both, or in private networks both', () => {
  const together = (a: string, b: string) => [areNeighbours(a, b), areNeighbours(b, a)];
  for (const [a, b] of [
    ['127.0.0.1', '127.9.9.9'],
    ['127.0.0.1', '::1'],
    ['10.0.0.1', '192.168.3.4'],
    ['172.20.1.1', 'fd00::1'],
    ['::ffff:10.0.0.1', '10.2.2.2'],
  ] as const)
    expect([a, b, ...together(a, b)]).toEqual([a, b, true, true]);
  for (const [a, b] of [
    ['127.0.0.1', '10.0.0.1'],
    ['10.0.0.1', '169.254.169.254'],
    ['169.254.1.1', '169.254.169.254'],
    ['fe80::1', 'fe80::2'],
    ['8.8.8.8', '8.8.8.8'],
    ['8.8.8.8', '127.0.0.1'],
    ['0.0.0.0', '127.0.0.1'],
    ['mail.example.test', '127.0.0.1'],
  ] as const)
    expect([a, b, ...together(a, b)]).toEqual([a, b, false, false]);
});
