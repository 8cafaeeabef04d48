/** The JSON document: one report by itself, many as `mailcheck.run/1`; harmless on a terminal as well (RFC 8259). */
import type { Reporter } from '../model/reporter.ts';
import { forJson } from '../report/escape.ts';
import { runDocument } from '../report/group.ts';

export const json: Reporter = {
  format: 'json',
  render(reports, _words, { many, unchanged }) {
    const [only] = reports;
    return `${forJson(!many && reports.length === 1 && only ? only : runDocument(reports, unchanged))}\n`;
  },
};
