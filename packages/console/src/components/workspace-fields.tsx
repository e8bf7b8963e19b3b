import { Form, Input, Select } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';

interface WorkspaceFieldsProps {
  /** Where the fields sit in the form: `workspace` → `workspace.name`. */
  under?: string;
}

const firstCurrencies = ['CNY', 'USD', 'EUR', 'GBP', 'HKD', 'TWD', 'JPY', 'SGD'];

/** Name, time zone and currency of a brand; the same three wherever one is made or changed. */
export function WorkspaceFields({ under }: WorkspaceFieldsProps) {
  const { t } = useTranslation('shell');
  const locale = useLanguage();
  const at = (field: string) => (under ? [under, field] : field);
  const timeZones = useMemo(
    () =>
      ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')].map((value) => ({
        value,
        label: value.replaceAll('_', ' '),
      })),
    [],
  );
  const currencies = useMemo(() => {
    const names = new Intl.DisplayNames(locale, { type: 'currency' });
    const rest = Intl.supportedValuesOf('currency').filter((code) => !firstCurrencies.includes(code));
    return [...firstCurrencies, ...rest].map((value) => ({ value, label: `${value} · ${names.of(value)}` }));
  }, [locale]);
  return (
    <>
      <Form.Item
        name={at('name')}
        label={t('workspace.name')}
        rules={[{ required: true, whitespace: true, message: t('common:required') }]}
      >
        <Input maxLength={120} placeholder={t('workspace.nameExample')} />
      </Form.Item>
      <Form.Item name={at('timeZone')} label={t('workspace.timeZone')} extra={t('workspace.timeZoneHelp')}>
        <Select showSearch options={timeZones} />
      </Form.Item>
      <Form.Item name={at('currency')} label={t('workspace.currency')} extra={t('workspace.currencyHelp')}>
        <Select showSearch={{ optionFilterProp: 'label' }} options={currencies} />
      </Form.Item>
    </>
  );
}

/** What a new workspace most likely wants. */
export function likelyWorkspace(language: string) {
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  return { timeZone, currency: language === 'zh-CN' || timeZone === 'Asia/Shanghai' ? 'CNY' : 'USD' };
}
