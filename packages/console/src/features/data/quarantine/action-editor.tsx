import { DeleteOutlined } from '@ant-design/icons';
import type { RepairAction } from '@zhiyin/contract';
import { Button, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import styles from './quarantine.module.css';
import type { RepairDraft } from './repair-draft.ts';

const verbs: readonly RepairAction['do'][] = ['set', 'default', 'rename', 'remove', 'convert', 'replace'];
type Props = {
  readonly place: number;
  readonly draft: RepairDraft;
  readonly onChange: (draft: RepairDraft) => void;
  readonly onRemove: () => void;
};

/** One step, read as a sentence: "set properties.currency to CNY". */
export function ActionEditor({ place, draft, onChange, onRemove }: Props) {
  const { t } = useTranslation('data');
  const change = (fields: Partial<RepairDraft>) => onChange({ ...draft, ...fields });
  const hasValue = draft.do === 'set' || draft.do === 'default';
  return (
    <fieldset className={styles.action}>
      <legend className="visually-hidden">{t('quarantine.step', { place })}</legend>
      <Select
        value={draft.do}
        aria-label={t('quarantine.what')}
        options={verbs.map((value) => ({ value, label: t(`quarantine.do.${value}`) }))}
        onChange={(verb) => change({ do: verb, to: verb === 'convert' ? 'number' : '' })}
        style={{ width: 190 }}
      />
      <Input
        value={draft.path}
        aria-label={t('quarantine.path')}
        placeholder="properties.price"
        onChange={(event) => change({ path: event.target.value })}
        style={{ width: 220 }}
      />
      {hasValue && (
        <>
          <span>{t('quarantine.to')}</span>
          <Select
            value={draft.valueType}
            aria-label={t('quarantine.valueType')}
            options={(draft.do === 'set'
              ? (['text', 'number', 'boolean', 'null'] as const)
              : (['text', 'number', 'boolean'] as const)
            ).map((value) => ({ value, label: t(`quarantine.types.${value}`) }))}
            onChange={(valueType) => change({ valueType, value: valueType === 'boolean' ? 'true' : draft.value })}
            style={{ width: 110 }}
          />
          {draft.valueType === 'boolean' ? (
            <Select
              value={draft.value}
              aria-label={t('quarantine.value')}
              options={['true', 'false'].map((value) => ({ value, label: t(value === 'true' ? 'yes' : 'no') }))}
              onChange={(value) => change({ value })}
              style={{ width: 90 }}
            />
          ) : draft.valueType === 'null' ? null : (
            <Input
              value={draft.value}
              aria-label={t('quarantine.value')}
              placeholder={t('quarantine.value')}
              onChange={(event) => change({ value: event.target.value })}
              style={{ width: 160 }}
            />
          )}
        </>
      )}
      {draft.do === 'rename' && (
        <>
          <span>{t('quarantine.to')}</span>
          <Input
            value={draft.to}
            aria-label={t('quarantine.newPath')}
            placeholder="userId"
            onChange={(event) => change({ to: event.target.value })}
            style={{ width: 200 }}
          />
        </>
      )}
      {draft.do === 'convert' && (
        <>
          <span>{t('quarantine.into')}</span>
          <Select
            value={draft.to || undefined}
            aria-label={t('quarantine.valueType')}
            options={(['text', 'number', 'boolean', 'instant'] as const).map((value) => ({
              value,
              label: t(`quarantine.types.${value}`),
            }))}
            onChange={(to) => change({ to })}
            style={{ width: 130 }}
          />
        </>
      )}
      {draft.do === 'replace' && (
        <>
          <Input
            value={draft.find}
            aria-label={t('quarantine.find')}
            placeholder={t('quarantine.find')}
            onChange={(event) => change({ find: event.target.value })}
            style={{ width: 130 }}
          />
          <span>{t('quarantine.by')}</span>
          <Input
            value={draft.with}
            aria-label={t('quarantine.with')}
            placeholder={t('quarantine.nothing')}
            onChange={(event) => change({ with: event.target.value })}
            style={{ width: 130 }}
          />
        </>
      )}
      <Button
        type="text"
        icon={<DeleteOutlined />}
        aria-label={t('quarantine.removeStep', { place })}
        onClick={onRemove}
      />
    </fieldset>
  );
}
