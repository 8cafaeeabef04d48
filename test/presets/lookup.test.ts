/** Look-ups: domains, MX hosts by whole labels, hosts old and new, greetings, variants, misspellings. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Preset } from '../../src/model/preset.ts';
import { distance, nearest } from '../../src/settle/near.ts';
import {
  allPresets,
  buildIndex,
  endpointFor,
  loadPreset,
  nearestPreset,
  presetDomains,
  presetForDomain,
  presetForGreeting,
  presetForHost,
  presetForMx,
  presetForSpf,
  presetIds,
  publishedHosts,
} from '../../src/settle/presets.ts';

function preset(id: string): Preset {
  const p = loadPreset(id);
  if (!p) throw new Error(`no preset ${id}`);
  return p;
}

describe('by id', () => {
  test('what a file name could smuggle in is no preset', () => {
    for (const id of ['', 'schema', '../package', '..', 'zoho.json', 'ZOHO/../zoho', '__proto__', 'x'.repeat(200)])
      expect(loadPreset(id)).toBeUndefined();
    expect(loadPreset(' Zoho ')?.id).toBe('zoho');
    expect(presetIds().length).toBeGreaterThanOrEqual(40);
    expect([...presetIds()].sort()).toEqual([...presetIds()]);
  });

  test.each([
    ['zohoo', 'zoho'],
    ['gmial', 'gmail'],
    ['ofice365', 'office365'],
    ['outlok-com', 'outlook-com'],
    ['hotmail', 'outlook-com'],
    ['live', 'outlook-com'],
    ['icoud', 'icloud'],
    ['163.com', 'netease'],
    ['Microsoft 365', 'office365'],
    ['t-onlin', 't-online'],
  ])('%s is taken for %s', (typed, meant) => expect(nearestPreset(typed)).toBe(meant));

  test('a word that is near nothing stays unknown', () => {
    for (const word of ['', 'somethingelse', 'constructor', '__proto__', 'zz']) expect(nearestPreset(word)).toBeUndefined();
  });
});

describe('by domain and MX', () => {
  test.each([
    ['zoho.com', 'zoho'],
    ['ZOHOMAIL.EU', 'zoho'],
    ['gmail.com.', 'gmail'],
    ['hotmail.co.uk', 'outlook-com'],
    ['live.com', 'outlook-com'],
    ['msn.com', 'outlook-com'],
    ['contoso.onmicrosoft.com', 'office365'],
    ['verizon.net', 'verizon'],
    ['yahoo.co.jp', 'yahoo-japan'],
    ['mac.com', 'icloud'],
    ['foxmail.com', 'qq'],
    ['188.com', 'netease'],
    ['mein.gmx', 'gmx'],
    ['tutanota.com', 'tuta'],
  ])('an address at %s belongs to %s', (domain, id) => expect(presetForDomain(domain)?.id).toBe(id));

  test.each(['example.com', 'notgmail.com', 'mail.gmail.com', 'com', '', 'hasOwnProperty', 'onmicrosoft'])(
    'an address at “%s” belongs to none',
    (domain) => expect(presetForDomain(domain)).toBeUndefined(),
  );

  test.each([
    ['mx.zoho.com', 'zoho'],
    ['mx2.zoho.com.au.', 'zoho'],
    ['aspmx.l.google.com', 'gmail'],
    ['ASPMX2.googlemail.com', 'gmail'],
    ['outlook-com.olc.protection.outlook.com', 'outlook-com'],
    ['contoso-com.mail.protection.outlook.com', 'office365'],
    ['contoso-com.r-v1.mx.microsoft', 'office365'],
    ['mx-aol.mail.gm0.yahoodns.net', 'aol'],
    ['mta5.am0.yahoodns.net', 'yahoo'],
    ['mxbiz1.qq.com', 'qq'],
    ['qiye163mx01.mxmail.netease.com', 'netease'],
    ['mx1.titan.email', 'titan'],
    ['in1-smtp.messagingengine.com', 'fastmail'],
    ['mx00.ionos.co.uk', 'ionos'],
    ['mail.protonmail.ch', 'proton-bridge'],
  ])('the MX %s points to %s', (host, id) => expect(presetForMx(host)?.id).toBe(id));

  test.each([
    ['v=spf1 include:_spf.google.com ~all', 'gmail'],
    ['"v=spf1 ip4:192.0.2.1 ~include:SPF.protection.outlook.com. -all"', 'office365'],
    ['v=spf1 include:other.example include:zohomail.com -all', 'zoho'],
  ])('the SPF record %s names %s', (record, id) => expect(presetForSpf(record)?.id).toBe(id));

  test.each(['v=spf1 include:zoho.com.example -all', 'v=spf10 include:zoho.com', 'include:zoho.com', 'v=spf1 -all', ''])(
    'the record “%s” names none',
    (record) => expect(presetForSpf(record)).toBeUndefined(),
  );

  test('the domains are all there, without patterns', () => {
    expect(presetDomains()).toContain('hotmail.com');
    expect(presetDomains().some((d) => d.startsWith('.'))).toBe(false);
  });

  test('suffixes are whole labels', () => {
    for (const host of [
      'mx.notzoho.com',
      'zoho.com.evil.example',
      'mxzoho.com',
      'protection.outlook.com',
      'google.com.example',
      '',
    ])
      expect(presetForMx(host), host).toBeUndefined();
  });

  test('no label that is put before a suffix changes the answer, and none that is glued to it keeps it', () => {
    const suffixes = allPresets().flatMap((p) => p.mx.map((mx) => ({ id: p.id, mx })));
    const label = fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/);
    fc.assert(
      fc.property(fc.constantFrom(...suffixes), label, ({ id, mx }, l) => {
        const before = presetForMx(`${l}.${mx}`)?.id;
        // A longer published suffix may take over, as AOL's does under Yahoo's.
        if (!suffixes.some((s) => s.mx === `${l}.${mx}`)) expect(before).toBe(id);
        if (!suffixes.some((s) => s.mx === `${l}${mx}` || `${l}${mx}`.endsWith(`.${s.mx}`)))
          expect(presetForMx(`${l}${mx}`)).toBeUndefined();
      }),
    );
  });
});

describe('by host', () => {
  test.each([
    ['pop.zoho.com', 'zoho', 995],
    ['poppro.zoho.com', 'zoho', 995],
    ['smtp.zoho.com', 'zoho', 465],
    ['smtppro.zoho.com', 'zoho', 465],
    ['imap.zoho.com', 'zoho', 993],
    ['pop.gmail.com', 'gmail', 995],
    ['smtp.gmail.com', 'gmail', 465],
    ['pop.aol.com', 'aol', 995],
    ['smtp.aol.com', 'aol', 465],
    ['smtp-mail.outlook.com', 'outlook-com', 587],
    ['outlook.office365.com', 'office365', 993],
    ['smtp.office365.com', 'office365', 587],
  ])('the seeds’ host %s is published by %s', (host, id, port) => {
    const found = presetForHost(host.toUpperCase());
    expect(found?.preset.id).toBe(id);
    expect(found?.endpoint?.port).toBe(port);
    expect(found?.retired).toBeUndefined();
    expect(publishedHosts()).toContain(host);
  });

  test.each([
    ['pop3.live.com', 'outlook-com', 'outlook.office365.com'],
    ['smtp.live.com', 'outlook-com', 'smtp-mail.outlook.com'],
    ['pop-mail.outlook.com', 'outlook-com', 'outlook.office365.com'],
    ['imap-mail.outlook.com', 'outlook-com', 'outlook.office365.com'],
    ['pop.aim.com', 'aol', 'pop.aol.com'],
    ['pop.mail.yahoo.co.uk', 'yahoo', 'pop.mail.yahoo.com'],
    ['smtp.verizon.net', 'verizon', 'smtp.aol.com'],
    ['imap.1und1.de', 'ionos', 'imap.ionos.de'],
    ['smtp.mxhichina.com', 'aliyun', 'smtp.qiye.aliyun.com'],
  ])('the old host %s of %s is replaced by %s', (host, id, instead) => {
    const found = presetForHost(host);
    expect(found?.preset.id).toBe(id);
    expect(found?.endpoint).toBeUndefined();
    expect(found?.retired?.instead).toBe(instead);
    expect(publishedHosts()).not.toContain(host);
  });

  test('a shared host goes to the preset that is preferred', () => {
    expect(presetForHost('outlook.office365.com', 'outlook-com')?.preset.id).toBe('outlook-com');
    expect(presetForHost('outlook.office365.com', 'gmail')?.preset.id).toBe('office365');
    expect(presetForHost('imap.aol.com')?.preset.id).toBe('aol');
    expect(presetForHost('imap.aol.com', 'verizon')?.preset.id).toBe('verizon');
  });

  test('loopback and strangers are nobody’s', () => {
    for (const host of ['127.0.0.1', 'localhost', '::1', 'mail.example.com', 'toString'])
      expect(presetForHost(host), host).toBeUndefined();
    expect(publishedHosts().every((h) => /[a-z]/.test(h))).toBe(true);
  });
});

describe('endpoints', () => {
  const pick = (id: string, protocol: 'pop3' | 'imap' | 'smtp', wish: Parameters<typeof endpointFor>[2] = {}) => {
    const e = endpointFor(preset(id), protocol, wish);
    return e && `${e.host}:${e.port}`;
  };

  test('the address decides the data centre of Zoho, the MX that of an own domain', () => {
    expect(pick('zoho', 'pop3')).toBe('pop.zoho.com:995');
    expect(pick('zoho', 'pop3', { domain: 'zohomail.com' })).toBe('pop.zoho.com:995');
    expect(pick('zoho', 'imap', { domain: 'zoho.eu' })).toBe('imap.zoho.eu:993');
    expect(pick('zoho', 'smtp', { domain: 'zohomail.com.au' })).toBe('smtp.zoho.com.au:465');
    expect(pick('zoho', 'pop3', { domain: 'example.org', mx: 'mx.zoho.com' })).toBe('poppro.zoho.com:995');
    expect(pick('zoho', 'smtp', { mx: 'mx2.zoho.eu' })).toBe('smtppro.zoho.eu:465');
    expect(pick('zoho', 'smtp', { mx: 'mx2.zoho.eu', security: 'starttls' })).toBe('smtppro.zoho.eu:587');
    expect(pick('zoho', 'imap', { mx: 'mx.zoho.com.au' })).toBe('imappro.zoho.com.au:993');
  });

  test('no data centre borrows another’s host', () => {
    for (const mx of preset('zoho').mx) {
      for (const protocol of ['pop3', 'imap', 'smtp'] as const) {
        const host = endpointFor(preset('zoho'), protocol, { mx: `mx.${mx}` })?.host;
        if (host !== undefined) expect(host.endsWith(`.${mx}`), `${mx} ${host}`).toBe(true);
      }
    }
    expect(pick('zoho', 'pop3', { mx: 'mx.zoho.sa' })).toBeUndefined();
  });

  test('a variant by name, and the default one', () => {
    expect(pick('zoho', 'imap', { variant: 'us paid organisation' })).toBe('imappro.zoho.com:993');
    expect(pick('zoho', 'imap', { variant: 'EU' })).toBe('imap.zoho.eu:993');
    expect(pick('zoho', 'imap', { variant: 'default', domain: 'zoho.eu' })).toBe('imap.zoho.com:993');
    expect(pick('zoho', 'imap', { variant: 'Mars' })).toBeUndefined();
    expect(pick('gmail', 'smtp')).toBe('smtp.gmail.com:465');
    expect(pick('gmail', 'smtp', { variant: 'Workspace SMTP relay' })).toBe('smtp-relay.gmail.com:465');
    expect(pick('office365', 'imap')).toBe('outlook.office365.com:993');
    expect(pick('office365', 'smtp')).toBe('smtp.office365.com:587');
    expect(pick('office365', 'smtp', { security: 'tls' })).toBeUndefined();
    expect(pick('outlook-com', 'smtp')).toBe('smtp-mail.outlook.com:587');
    expect(pick('qq', 'imap', { domain: 'qq.com' })).toBe('imap.qq.com:993');
    expect(pick('qq', 'imap', { mx: 'mxbiz1.qq.com' })).toBe('imap.exmail.qq.com:993');
    expect(pick('netease', 'imap', { domain: '126.com' })).toBe('imap.126.com:993');
    expect(pick('gmx', 'smtp', { domain: 'gmx.com' })).toBe('mail.gmx.com:465');
    expect(pick('gmx', 'smtp', { domain: 'gmx.de' })).toBe('mail.gmx.net:465');
    expect(pick('ionos', 'pop3', { mx: 'mx00.ionos.co.uk' })).toBe('pop.ionos.co.uk:995');
    expect(pick('icloud', 'pop3')).toBeUndefined();
    expect(pick('tuta', 'imap')).toBeUndefined();
  });

  test('every domain of a preset with mailboxes has a default for each protocol that it offers', () => {
    for (const p of allPresets()) {
      for (const protocol of new Set(p.endpoints.map((e) => e.protocol)))
        expect(endpointFor(p, protocol), `${p.id} ${protocol}`).toBeDefined();
    }
  });
});

describe('by greeting', () => {
  test.each([
    ['220 mx.zohomail.com SMTP Server ready March 6, 2024 6:59:13 AM PST', 'zoho'],
    ['* OK svwall.zoho.com IMAP4 Server (Zoho Mail IMAP4rev1 Server version 1.0)', 'zoho'],
    ['220 smtp.gmail.com ESMTP a640c23a62f3a-aa20df263bcsm696223666b.11 - gsmtp', 'gmail'],
    ['* OK Gimap ready for requests from 203.0.113.7 u11mb99851888qtw', 'gmail'],
    ['+OK Gpop ready for requests from 203.0.113.7 i23mb384181980wrb', 'gmail'],
    [
      '220 BMXPR01CA0083.outlook.office365.com Microsoft ESMTP MAIL Service ready at Sat, 26 Apr 2025 18:06:30 +0000',
      'office365',
    ],
    ['220 smtp.mail.yahoo.com ESMTP ready', 'yahoo'],
    ['220 gmx.net (mrgmx105) Nemesis ESMTP Service ready', 'gmx'],
    ['220 web.de (mrweb105) Nemesis ESMTP Service ready', 'webde'],
    ['220 kundenserver.de (mreue106) Nemesis ESMTP Service ready', 'ionos'],
    ['* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] IMAP server ready H mieue154 15.6 IMAP-1My4Ij-1k2Oa32EiF-00yVN8', 'ionos'],
    ['+OK POP server ready H migmx027 0M8Bvu-1XYRm80CF0-00vllf', 'gmx'],
    ['220 iCloud SMTP - outbound.st.icloud.com', 'icloud'],
    ['220 newxmesmtplogicsvrszc43-0.qq.com XMail Esmtp QQ Mail Server.', 'qq'],
    ['+OK XMail POP3 Server v1.0 Service Ready(XMail v1.0)', 'qq'],
    ['220 163.com Anti-spam GT for Coremail System (163com[20141201])', 'netease'],
    ['+OK Welcome to coremail Mail Pop3 Server (126coms[f7aa0ed0270c139a0807240dd700906bs])', 'netease'],
    ['* OK Yandex IMAP4rev1 at mail-imap-production-main-914.iva.yp-c.yandex.net:993 ready to talk with ::1', 'yandex'],
    ['+OK POP Ya! na@8-b74d0a35481b xRKan3s0qW21', 'yandex'],
    ['220 smtp.fastmail.com ESMTP ready', 'fastmail'],
    ['220 email-smtp.amazonaws.com ESMTP SimpleEmailService-d-N8DNVJOVF 1hh7w7XwCXyEHPypK4v6', 'ses'],
    ['220 SG ESMTP service ready at ismtpd0013p1las1.sendgrid.net', 'sendgrid'],
  ])('“%s” is %s', (line, id) => {
    expect(presetForGreeting(line)?.id).toBe(id);
    const fits = preset(id).greetings?.some((g) => new RegExp(g, 'i').test(line));
    expect(fits).toBe(true);
  });

  test('AOL’s servers, which greet as Yahoo’s, fit AOL’s own expressions too', () => {
    expect(preset('aol').greetings?.some((g) => new RegExp(g, 'i').test('220 smtp.mail.yahoo.com ESMTP ready'))).toBe(true);
  });

  test.each([
    '220 mail.example.com ESMTP Postfix',
    '+OK Dovecot ready.',
    '* OK [CAPABILITY IMAP4rev1] Dovecot ready.',
    '220-cp12.example-host.net ESMTP Exim 4.96 #2',
    '+OK Welcome to coremail Mail Pop3 Server (example.edu.cns[627644c969381353b51c9657b72568a4s])',
    '* OK The Microsoft Exchange IMAP4 service is ready.',
    '220 mail1.fabrikam.com Microsoft ESMTP MAIL Service ready at Fri, 5 Aug 2016',
    '+OK <1896.697170952@pop.example> [XMail 1.27 POP3 Server] service ready',
    '',
  ])('“%s” proves no provider', (line) => expect(presetForGreeting(line)).toBeUndefined());

  test('a hostile greeting costs linear time', () => {
    const line = `220 ${'zoho.qq.com('.repeat(20_000)}`;
    // A cost that is not linear runs into the time limit of the tests.
    expect(() => presetForGreeting(line)).not.toThrow();
  });
});

describe('the index', () => {
  test('it survives JSON, and the first by id owns what two claim', () => {
    const index = buildIndex(allPresets());
    expect(JSON.parse(JSON.stringify(index))).toEqual(index);
    const twin: Preset = { ...preset('zoho'), id: 'aaa', domains: ['zoho.com'], mx: ['zoho.com'] };
    const two = buildIndex([preset('zoho'), twin]);
    expect(two.domains['zoho.com']).toBe('aaa');
    expect(two.hosts['pop.zoho.com']).toEqual(['aaa', 'zoho']);
  });

  test('it is small', () => expect(JSON.stringify(buildIndex(allPresets())).length).toBeLessThan(60_000));
});

describe('near', () => {
  test.each([
    ['imap.gmial.com', 'imap.gmail.com'],
    ['pop.zoho.con', 'pop.zoho.com'],
    ['smtp.office356.com', 'smtp.office365.com'],
    ['stmp.gmail.com', 'smtp.gmail.com'],
    ['imap.gmail.com', 'imap.gmail.com'],
    ['smpt.mail.yahoo.com', 'smtp.mail.yahoo.com'],
  ])('%s is near %s', (typed, meant) => expect(nearest(typed, publishedHosts())).toBe(meant));

  test('far words, short words and ties have no neighbour', () => {
    expect(nearest('mail.example.com', publishedHosts())).toBeUndefined();
    expect(nearest('zz', ['qq', 'bt'])).toBeUndefined();
    expect(nearest('cat', ['bat', 'hat'])).toBeUndefined();
    expect(nearest('', ['a'])).toBeUndefined();
    expect(nearest('x'.repeat(300), ['y'])).toBeUndefined();
  });

  test('a tie is broken by first letter and length alone', () => {
    expect(nearest('abcdef', ['abcdeg', 'bbcdef'])).toBe('abcdeg');
    expect(nearest('abcdef', ['abcde', 'abcdeg'])).toBe('abcdeg');
  });

  test('the distance is that of the definition', () => {
    const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') });
    const slow = (a: string, b: string): number => {
      const d = Array.from({ length: a.length + 1 }, (_, i) =>
        Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
      );
      const at = (i: number, j: number) => d[i]?.[j] ?? Number.POSITIVE_INFINITY;
      for (let i = 1; i <= a.length; i++) {
        for (let j = 1; j <= b.length; j++) {
          const options = [at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)];
          if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) options.push(at(i - 2, j - 2) + 1);
          const row = d[i];
          if (row) row[j] = Math.min(...options);
        }
      }
      return at(a.length, b.length);
    };
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 8 }), (a, b, max) => {
        expect(distance(a, b, max)).toBe(Math.min(slow(a, b), max + 1));
        expect(distance(a, b, 8)).toBe(distance(b, a, 8));
      }),
    );
  });
});
