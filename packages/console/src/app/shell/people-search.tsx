import { SearchOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { AutoComplete, Input } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { peopleMatchesQuery } from '../../api/people.ts';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import { searchInputId } from './use-keys.ts';

/** Finds a person by any identifier, while it is typed; Enter opens the list. */
export function PeopleSearch() {
  const { t } = useTranslation('shell');
  const formats = useFormats();
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const search = useDeferredValue(text.trim());
  const matches = useQuery(peopleMatchesQuery(workspace.id, search));
  const params = { workspaceId: String(workspace.id) };

  // By the text itself: who types fast presses Enter before the deferred copy has followed.
  const openList = () => {
    if (text.trim()) void navigate({ to: '/w/$workspaceId/people', params, search: { search: text.trim() } });
  };
  const options = (search.length >= 2 ? (matches.data?.rows ?? []) : []).map((person) => ({
    value: person.profileId,
    label: (
      <span style={{ display: 'flex', justifyContent: 'space-between', gap: 12 }}>
        <span>{person.displayName}</span>
        <span className="faint tabular">
          {person.orders === 0
            ? t('search.noOrders')
            : t('search.match', { count: person.orders, money: formats.money(person.revenueMinor, person.currency) })}
        </span>
      </span>
    ),
  }));
  const nothing = search.length >= 2 && matches.data?.rows.length === 0 ? t('search.nothing') : null;
  return (
    <AutoComplete
      id={searchInputId}
      style={{ width: '100%' }}
      value={text}
      options={options}
      notFoundContent={nothing}
      listHeight={320}
      defaultActiveFirstOption={false}
      showSearch={{ filterOption: false }}
      onChange={(value: string) => setText(options.some((option) => option.value === value) ? '' : value)}
      onSelect={(profileId: string) => {
        setText('');
        void navigate({ to: '/w/$workspaceId/people/$profileId', params: { ...params, profileId } });
      }}
    >
      <Input
        prefix={<SearchOutlined className="faint" />}
        placeholder={t('search.placeholder')}
        autoComplete="off"
        aria-label={t('search.label')}
        aria-keyshortcuts="/"
        onPressEnter={openList}
      />
    </AutoComplete>
  );
}
