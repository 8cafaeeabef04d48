import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/main.ts';

describe('standard input', () => {
  it.each(Object.entries(COMMANDS))(
    '%s: no missing argument is read from it, where secrets and texts come from',
    (_, command) => {
      for (const [name, arg] of Object.entries(command.args ?? {}))
        expect([name, arg]).toEqual([name, { ...arg, ignoreStdin: true }]);
    },
  );
});
