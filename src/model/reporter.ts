/** Reporter: reports in, text out. It never writes to a stream and never reads a clock. */
import type { Report } from './diagnosis.ts';
import type { Words } from './words.ts';

export interface RenderOptions {
  /** Columns to fill, for formats that people read. */
  readonly width: number;
  readonly color: boolean;
  /** True for `run`: a document over many reports, even where there is only one. */
  readonly many: boolean;
  /** `run --baseline`: how many checks were made and left out because nothing changed. */
  readonly unchanged?: number;
}

export interface Reporter {
  readonly format: string;
  /** Renders all reports as one document, ending with a newline. */
  render(reports: readonly Report[], words: Words, options: RenderOptions): string;
}
