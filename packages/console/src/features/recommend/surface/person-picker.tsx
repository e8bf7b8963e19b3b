import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { PersonRow } from '@zhiyin/contract';
import { Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { peopleMatchesQuery, peopleQuery } from '../../../api/people.ts';
import { personQuery } from '../../../api/person.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';

type Props = {
  readonly id: string;
  readonly value: string | undefined;
  readonly onChange: (profileId: string) => void;
};
const examplesEach = 3;

/** Finds anybody by an identifier, and offers a few to begin with: who spends most, who was here last, who is new. */
export function PersonPicker({ id, value, onChange }: Props) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const workspace = useWorkspace();
  const [text, setText] = useState('');
  const search = useDeferredValue(text.trim());
  const matches = useQuery(peopleMatchesQuery(workspace.id, search));
  const best = useInfiniteQuery(peopleQuery(workspace.id, { sort: 'revenue', limit: examplesEach }));
  const latest = useInfiniteQuery(peopleQuery(workspace.id, { sort: 'last_seen', limit: examplesEach }));
  const newest = useInfiniteQuery(peopleQuery(workspace.id, { sort: 'first_seen', limit: examplesEach }));
  const chosen = useQuery({ ...personQuery(workspace.id, value ?? ''), enabled: value !== undefined });

  const option = (person: PersonRow) => ({
    value: person.profileId,
    label: `${person.displayName} · ${
      person.orders === 0
        ? t('person.noOrders')
        : t('person.orders', {
            count: person.orders,
            money: formats.moneyCompact(person.revenueMinor, person.currency),
          })
    }`,
  });
  const taken = new Set<string>();
  const group = (key: string, list: typeof best) => {
    const rows = (list.data?.pages[0]?.rows ?? []).filter((row) => !taken.has(row.profileId));
    for (const row of rows) taken.add(row.profileId);
    return rows.length === 0 ? [] : [{ label: t(`person.${key}`), options: rows.map(option) }];
  };
  const found = (matches.data?.rows ?? []).map(option);
  const examples = [...group('best', best), ...group('latest', latest), ...group('newest', newest)];
  const current =
    value !== undefined && !taken.has(value)
      ? [{ label: t('person.chosen'), options: [{ value, label: chosen.data?.displayName ?? value }] }]
      : [];
  return (
    <Select
      id={id}
      value={value}
      onChange={onChange}
      showSearch={{ filterOption: false, onSearch: setText }}
      placeholder={t('person.placeholder')}
      options={search.length >= 2 ? [...found, ...(found.length === 0 ? current : [])] : [...current, ...examples]}
      notFoundContent={search.length >= 2 ? t('person.nothing') : t('person.none')}
    />
  );
}
