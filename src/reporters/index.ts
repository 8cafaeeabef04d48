/** Formats by name; each is loaded when it is asked for. */
import type { Reporter } from '../model/reporter.ts';

export const reporters: Readonly<Record<string, () => Promise<Reporter>>> = {
  terminal: async () => (await import('./terminal.ts')).terminal,
  markdown: async () => (await import('./markdown.ts')).markdown,
  json: async () => (await import('./json.ts')).json,
  ndjson: async () => (await import('./ndjson.ts')).ndjson,
  junit: async () => (await import('./junit.ts')).junit,
  sarif: async () => (await import('./sarif.ts')).sarif,
  github: async () => (await import('./github.ts')).github,
  'github-summary': async () => (await import('./github.ts')).githubSummary,
  html: async () => (await import('./html.ts')).html,
  nagios: async () => (await import('./nagios.ts')).nagios,
  prometheus: async () => (await import('./prometheus.ts')).prometheus,
};
