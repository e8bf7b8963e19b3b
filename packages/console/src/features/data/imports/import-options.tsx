import { currencySchema, type Import, type ImportKind, type ImportOptions } from '@zhiyin/contract';
import { Form, Input, Radio, Select } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from './imports.module.css';

type Props = {
  readonly kind: ImportKind;
  readonly format: NonNullable<Import['detected']>['format'];
  readonly encoding: string;
  readonly options: ImportOptions;
  readonly onChange: (options: ImportOptions) => void;
};
const encodings = ['utf-8', 'gb18030', 'utf-16le'] as const;
const currencies = [
  'CNY',
  'USD',
  'EUR',
  'GBP',
  'JPY',
  'HKD',
  'TWD',
  'KRW',
  'SGD',
  'AUD',
  'CAD',
  'INR',
  'THB',
  'MYR',
  'VND',
  'BRL',
];

/** How to read what a file does not say about itself. */
export function ImportOptionsForm({ kind, format, encoding, options, onChange }: Props) {
  const { t } = useTranslation('data');
  const workspace = useWorkspace();
  const id = useId();
  const change = (changes: ImportOptions) => onChange({ ...options, ...changes });
  const hasTimes = kind !== 'catalogue';
  const hasMoney = kind !== 'customers' && kind !== 'reviews';
  const isText = format === 'csv' || format === 'tsv';
  const zones = Intl.supportedValuesOf('timeZone');
  return (
    <Form layout="vertical" className={styles.options} component="div">
      {hasTimes && (
        <Form.Item htmlFor={`${id}-timeZone`} label={t('imports.timeZone')} extra={t('imports.timeZoneHint')}>
          <Select
            id={`${id}-timeZone`}
            showSearch
            value={options.timeZone ?? workspace.timeZone}
            options={(zones.includes('UTC') ? zones : ['UTC', ...zones]).map((value) => ({ value, label: value }))}
            onChange={(timeZone: string) => change({ timeZone })}
          />
        </Form.Item>
      )}
      {hasTimes && (
        <Form.Item label={t('imports.dayFirst')}>
          <Radio.Group
            aria-label={t('imports.dayFirst')}
            value={options.dayFirst ?? false}
            onChange={(event) => change({ dayFirst: event.target.value })}
          >
            <Radio value={true}>{t('imports.dayFirstYes')}</Radio>
            <Radio value={false}>{t('imports.dayFirstNo')}</Radio>
          </Radio.Group>
        </Form.Item>
      )}
      {hasMoney && (
        <Form.Item htmlFor={`${id}-currency`} label={t('imports.currency')} extra={t('imports.currencyHint')}>
          <Select
            id={`${id}-currency`}
            showSearch
            value={options.currency ?? workspace.currency}
            options={[...new Set([workspace.currency, ...currencies])]
              .filter((code) => currencySchema.safeParse(code).success)
              .map((value) => ({ value, label: value }))}
            onChange={(currency: string) => change({ currency })}
          />
        </Form.Item>
      )}
      {isText && (
        <Form.Item htmlFor={`${id}-encoding`} label={t('imports.encoding')} extra={t('imports.encodingHint')}>
          <Select
            id={`${id}-encoding`}
            value={options.encoding ?? encodings.find((one) => one === encoding.toLowerCase())}
            options={encodings.map((value) => ({
              value,
              label: t(`imports.encodings.${value}`),
            }))}
            onChange={(value: 'utf-8' | 'gb18030' | 'utf-16le') => change({ encoding: value })}
          />
        </Form.Item>
      )}
      {(kind === 'orders' || kind === 'events') && (
        <Form.Item label={t('imports.repeated')} extra={t('imports.repeatedHint')}>
          <Radio.Group
            aria-label={t('imports.repeated')}
            value={options.repeatedRows ?? 'keep'}
            onChange={(event) => change({ repeatedRows: event.target.value })}
          >
            <Radio value="keep">{t('imports.repeatedKeep')}</Radio>
            <Radio value="one">{t('imports.repeatedOne')}</Radio>
          </Radio.Group>
        </Form.Item>
      )}
      {kind === 'events' && (
        <Form.Item htmlFor={`${id}-eventName`} label={t('imports.eventName')} extra={t('imports.eventNameHint')}>
          <Input
            id={`${id}-eventName`}
            key={options.eventName ?? ''}
            defaultValue={options.eventName}
            maxLength={200}
            placeholder="product_viewed"
            onBlur={(event) => {
              const eventName = event.target.value.trim() || undefined;
              if (eventName !== options.eventName) change({ eventName });
            }}
          />
        </Form.Item>
      )}
    </Form>
  );
}
