import { useQuery } from '@tanstack/react-query';
import { type AudienceColumn, identifierColumns, plainColumns } from '@zhiyin/contract';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { computedTraitsQuery } from '../../../api/computed-traits.ts';
import { segmentVocabularyQuery } from '../../../api/segments.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';

type Props = {
  readonly value: readonly AudienceColumn[];
  readonly onChange: (columns: AudienceColumn[]) => void;
};

/** What is told of each person. Who may not see people in clear is not offered what would show them. */
export function ColumnsField({ value, onChange }: Props) {
  const { t } = useTranslation('segments');
  const workspace = useWorkspace();
  const traits = useQuery(segmentVocabularyQuery(workspace.id)).data?.traits ?? [];
  const computed = useQuery(computedTraitsQuery(workspace.id)).data ?? [];
  const named = (names: readonly string[]) => names.map((name) => ({ value: name, label: t(`column.${name}`) }));
  return (
    <Select
      mode="multiple"
      id="export-columns"
      value={[...value]}
      options={[
        ...(workspace.can('people:reveal')
          ? [{ label: t('columns.identifiers'), options: named(identifierColumns) }]
          : []),
        { label: t('columns.plain'), options: named(plainColumns) },
        {
          label: t('columns.traits'),
          options: traits.map(({ name }) => ({ value: `trait:${name}`, label: name })),
        },
        {
          label: t('columns.computed'),
          options: computed.map(({ name, title }) => ({ value: `computed:${name}`, label: title || name })),
        },
      ]}
      onChange={(next) => onChange(next as AudienceColumn[])}
    />
  );
}
