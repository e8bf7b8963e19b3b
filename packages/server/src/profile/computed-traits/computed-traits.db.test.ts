import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asProfileId, type WorkspaceId } from '../../domain/ids.ts';
import { openTestStores, type TestStores } from '../../storage/testing.ts';
import { type ComputedTraits, readComputedTraits, saveComputedTraits } from './index.ts';

let stores: TestStores;
let workspaceId: WorkspaceId;
beforeAll(async () => {
  stores = await openTestStores();
  workspaceId = await stores.newWorkspace();
});
afterAll(() => stores.close());

const save = (traits: Partial<ComputedTraits> & Pick<ComputedTraits, 'name' | 'rows'>) =>
  saveComputedTraits(
    stores,
    { id: workspaceId },
    {
      source: 'test',
      computedAt: new Date('2026-03-01T00:00:00Z'),
      covers: 'everyone',
      ...traits,
    },
  );
const ofPeople = async (name: string): Promise<Record<string, unknown>> => {
  const { rows } = await stores.events.read<{ profile_id: string; value: string }>(workspaceId, {
    name: 'computed',
    parameters: { name },
    sql: 'SELECT profile_id, value FROM @person_computed_traits WHERE name = {name:String} ORDER BY profile_id',
  });
  return Object.fromEntries(rows.map((row) => [row.profile_id, JSON.parse(row.value)]));
};

describe('computed traits', () => {
  it('keep their type, and what computed them and when', async () => {
    await save({ name: 'rfm.group', rows: [{ profileId: '11', value: '重要价值客户' }], source: 'rfm' });
    await save({ name: 'clv.value_90d', rows: [{ profileId: '11', value: 12.5 }] });
    await save({ name: 'subscriber', rows: [{ profileId: '11', value: true }] });
    await save({ name: 'categories', rows: [{ profileId: '11', value: ['tea', 'cups'] }] });
    const found = await readComputedTraits(stores, workspaceId, asProfileId('11'));
    expect(found.map(({ name, value }) => [name, value])).toEqual([
      ['categories', ['tea', 'cups']],
      ['clv.value_90d', 12.5],
      ['rfm.group', '重要价值客户'],
      ['subscriber', true],
    ]);
    expect(found[2]).toMatchObject({ source: 'rfm', computedAt: '2026-03-01T00:00:00.000Z' });
  });

  it('of everyone leave nobody with a value of the run before', async () => {
    const first = await save({
      name: 'level',
      rows: [
        { profileId: '1', value: 1 },
        { profileId: '2', value: 2 },
      ],
    });
    expect(first).toEqual({ saved: 2, removed: 0 });
    const next = { name: 'level', rows: [{ profileId: '2', value: 3 }], computedAt: new Date('2026-03-02T00:00:00Z') };
    expect(await save(next)).toEqual({ saved: 1, removed: 1 });
    expect(await ofPeople('level')).toEqual({ 2: 3 });
    await save(next);
    expect(await ofPeople('level')).toEqual({ 2: 3 });
  });

  it('of some people leave the others alone, and null takes a value away', async () => {
    await save({
      name: 'score',
      rows: [
        { profileId: '1', value: 0.1 },
        { profileId: '2', value: 0.2 },
      ],
    });
    await save({
      name: 'score',
      rows: [{ profileId: '1', value: null }],
      covers: 'rows',
      computedAt: new Date('2026-03-02T00:00:00Z'),
    });
    expect(await ofPeople('score')).toEqual({ 2: 0.2 });
  });

  it('are those of the profile that two became, until the next run', async () => {
    await save({
      name: 'favourite',
      rows: [
        { profileId: '21', value: 'tea' },
        { profileId: '22', value: 'cups' },
      ],
    });
    await link('22', '21', 1);
    expect(await ofPeople('favourite')).toEqual({ 21: 'tea' });
    await link('22', '22', 2);
    expect(await ofPeople('favourite')).toEqual({ 21: 'tea', 22: 'cups' });
  });

  it('refuse a name that is none and a number that is none', async () => {
    await expect(save({ name: 'RFM Group', rows: [] })).rejects.toThrow('no name such as rfm.group');
    await expect(save({ name: 'ratio', rows: [{ profileId: '1', value: Number.NaN }] })).rejects.toThrow('no number');
  });
});

const link = (identity: string, profile: string, version: number) =>
  stores.events.append(
    'profile_links',
    [{ workspace_id: workspaceId, identity_id: identity, profile_id: profile, version }],
    `link-${identity}-${version}`,
  );
