import { pino } from 'pino';
import { expect, it } from 'vitest';
import { openSourceDirectory } from './source-directory.ts';

function fakeControl() {
  let changed = () => {};
  const control = {
    down: false,
    keys: ['a'],
    loads: 0,
    notify: () => changed(),
    async query<Row>(): Promise<Row[]> {
      control.loads += 1;
      if (control.down) throw new Error('connection refused');
      return control.keys.map((write_key, index) => ({
        id: index + 1,
        workspace_id: 1,
        write_key,
        settings: { allowedOrigins: ['https://a.example'], eventsPerSecondMax: 5 },
        disabled_at: null,
        currency: 'EUR',
      })) as Row[];
    },
    async listen(_channel: string, onMessage: (payload: string) => void) {
      changed = () => onMessage('');
      return async () => {};
    },
  };
  return control;
}

const logger = pino({ level: 'silent' });

it('knows the sources, and a new one as soon as the control store says so', async () => {
  const control = fakeControl();
  const directory = await openSourceDirectory({ control, logger });
  expect(directory.find('a')).toMatchObject({ id: 1, currency: 'EUR', eventsPerSecondMax: 5, disabled: false });
  expect(directory.find('b')).toBeUndefined();
  control.keys = ['b'];
  control.notify();
  await expect.poll(() => directory.find('b')).toBeDefined();
  expect(directory.find('a')).toBeUndefined();
  await directory.close();
});

it('goes on with the last known keys while the control store is away', async () => {
  const control = fakeControl();
  const directory = await openSourceDirectory({ control, logger });
  control.down = true;
  control.notify();
  await expect.poll(() => control.loads).toBe(2);
  expect(directory.find('a')).toBeDefined();
  await directory.close();
});

it('says that it knows nothing yet when the control store was never there', async () => {
  const control = fakeControl();
  control.down = true;
  const directory = await openSourceDirectory({ control, logger });
  expect(directory.isLoaded()).toBe(false);
  await directory.close();
});

it('asks the control store at most once a second about keys nobody knows', async () => {
  const control = fakeControl();
  const directory = await openSourceDirectory({ control, logger });
  for (let index = 0; index < 100; index += 1) await directory.refresh();
  expect(control.loads).toBe(1);
  await directory.close();
});
