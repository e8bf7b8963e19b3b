import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useDeferredValue, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { itemNamesQuery, itemsQuery } from '../../../api/library.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';

type Props = {
  readonly id?: string;
  readonly value: readonly string[];
  readonly onChange: (itemIds: string[]) => void;
  readonly single?: boolean;
  readonly label?: string;
  readonly status?: 'error' | undefined;
};

const namesMax = 20;

/** Items of the catalogue by name or number. Names of what is chosen stay known while the search moves on. */
export function ItemsPicker({ id, value, onChange, single = false, label, status }: Props) {
  const { t } = useTranslation('recommend');
  const { id: workspaceId } = useWorkspace();
  const [text, setText] = useState('');
  const search = useDeferredValue(text.trim());
  const list = useInfiniteQuery(itemsQuery(workspaceId, search ? { search } : {}));
  const names = useRef(new Map<string, string>());
  const rows = list.data?.pages[0]?.rows ?? [];
  for (const row of rows) names.current.set(row.itemId, row.name || row.itemId);
  const unnamed = list.data ? value.filter((itemId) => !names.current.has(itemId)).slice(0, namesMax) : [];
  const found = useQuery(itemNamesQuery(workspaceId, unnamed));
  for (const [itemId, name] of found.data ?? []) names.current.set(itemId, name);
  const ids = [...new Set([...rows.map((row) => row.itemId), ...(search ? [] : value)])];
  const options = ids.map((itemId) => ({ value: itemId, label: names.current.get(itemId) ?? itemId }));
  const common = {
    id,
    status,
    options,
    'aria-label': label,
    placeholder: t('items.placeholder'),
    notFoundContent: t('items.nothing'),
    showSearch: { filterOption: false as const, onSearch: setText },
    style: { width: '100%', minWidth: 0 },
  };
  if (single) {
    return <Select<string> {...common} value={value[0]} onChange={(itemId) => onChange([itemId])} />;
  }
  return (
    <Select<string[]>
      {...common}
      mode="multiple"
      maxTagCount="responsive"
      value={[...value]}
      labelRender={({ value: itemId }) => names.current.get(String(itemId)) ?? String(itemId)}
      onChange={onChange}
    />
  );
}
