import type { QuarantineFilter, Source } from '@zhiyin/contract';
import { Input, Segmented, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import styles from '../data.module.css';
import { explainReason } from '../explain-reason.ts';
import { reasonCodes } from './reason-codes.ts';

type Props = {
  readonly filter: QuarantineFilter;
  readonly sources: readonly Source[];
  readonly onChange: (change: Partial<QuarantineFilter>) => void;
};

/** What is shown; all of it stands in the address bar, so a list can be sent to a colleague. */
export function QuarantineFilters({ filter, sources, onChange }: Props) {
  const { t } = useTranslation('data');
  const importId = filter.importId === undefined ? undefined : Number(filter.importId);
  return (
    <search className={styles.filterBar}>
      <Segmented
        aria-label={t('quarantine.state')}
        value={filter.state ?? 'open'}
        options={(['open', 'replayed', 'discarded'] as const).map((value) => ({
          value,
          label: t(`quarantine.states.${value}`),
        }))}
        onChange={(state) => onChange({ state: state === 'open' ? undefined : state })}
      />
      <Select
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        value={filter.reason}
        placeholder={t('quarantine.anyReason')}
        aria-label={t('quarantine.anyReason')}
        style={{ width: 240 }}
        popupMatchSelectWidth={320}
        options={reasonCodes.map((value) => ({ value, label: explainReason(value, t).name }))}
        onChange={(reason) => onChange({ reason })}
      />
      {sources.length > 0 && (
        <Select
          allowClear
          value={filter.sourceId === undefined ? undefined : Number(filter.sourceId)}
          placeholder={t('live.anySource')}
          aria-label={t('live.anySource')}
          style={{ width: 180 }}
          options={sources.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(sourceId) => onChange({ sourceId })}
        />
      )}
      <Input.Search
        allowClear
        key={`event ${filter.event ?? ''}`}
        defaultValue={filter.event}
        placeholder={t('live.byName')}
        aria-label={t('live.byName')}
        style={{ width: 180 }}
        onSearch={(event) => onChange({ event: event.trim() || undefined })}
      />
      <Input.Search
        allowClear
        key={`text ${filter.text ?? ''}`}
        defaultValue={filter.text}
        placeholder={t('quarantine.byText')}
        aria-label={t('quarantine.byText')}
        style={{ width: 200 }}
        onSearch={(text) => onChange({ text: text.trim() || undefined })}
      />
      {importId !== undefined && (
        <Select
          value={importId}
          aria-label={t('quarantine.import')}
          allowClear
          options={[{ value: importId, label: t('quarantine.fromImport', { id: importId }) }]}
          onChange={() => onChange({ importId: undefined })}
        />
      )}
    </search>
  );
}
