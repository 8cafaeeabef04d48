/** A preset and sources of settings, for the renderers of the catalogue. */
import type { SourceEvidence } from '../../src/model/evidence.ts';
import type { Preset } from '../../src/model/preset.ts';

const seen = { source: 'https://mail.example.com/help', checked: '2026-10' };

export const PRESET: Preset = {
  id: 'example',
  name: 'Example Mail',
  domains: ['example.com', 'example.net'],
  mx: ['mx.example.com'],
  endpoints: [
    { protocol: 'pop3', host: 'pop.example.com', port: 995, security: 'tls', ...seen },
    { protocol: 'imap', host: 'imap.example.com', port: 993, security: 'tls', ...seen },
    { protocol: 'imap', host: 'imappro.example.com', port: 993, security: 'tls', variant: 'paid', ...seen },
    { protocol: 'smtp', host: 'smtp.example.com', port: 587, security: 'starttls', ...seen },
  ],
  retired: [{ host: 'old.example.com', protocol: 'pop3', instead: 'pop.example.com', ...seen }],
  user: { form: 'address', note: 'the plan’s name', ...seen },
  auth: { secret: 'app-password-with-2fa', help: 'https://mail.example.com/app', ...seen },
  offByDefault: ['pop3', 'imap'],
  prerequisites: [{ text: { en: 'Switch POP on.', 'zh-CN': '开启 POP。', vi: 'Bật POP.' }, protocols: ['pop3'], ...seen }],
  sender: { rule: 'own-or-alias', refusedAt: 'data', ...seen },
  replies: [{ phrase: 'not enabled', cause: 'auth.protocol-disabled', example: '-ERR You are yet to enable POP', ...seen }],
  fetch: { client: 'example-fetch', ports: [110, 995], selfSigned: false, intervalMinutes: 15, messagesPerCycle: 100, ...seen },
  limits: [],
  links: [{ title: 'Example Mail', url: 'https://mail.example.com/help' }],
  checked: '2026-10',
};

export const SOURCES: readonly SourceEvidence[] = [
  {
    kind: 'source',
    stage: 'settings',
    source: 'preset',
    where: 'example',
    outcome: 'found',
    authenticated: true,
    offers: [{ protocol: 'imap', host: 'imap.example.com', port: 993, security: 'tls', answers: true }],
    ms: 0,
  },
  {
    kind: 'source',
    stage: 'settings',
    source: 'autoconfig',
    where: 'https://autoconfig.example.com/mail/config-v1.1.xml',
    outcome: 'nothing',
    authenticated: false,
    offers: [],
    detail: 'refused by the server',
    ms: 1500,
  },
];
