import { AutoComplete, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../format/use-formats.ts';
import styles from './builder.module.css';
import { useEventName } from './use-event-name.ts';
import { useVocabulary } from './vocabulary-context.ts';

type Props = { readonly value: string; readonly onChange: (value: string) => void };

/** An event that happened here, the most frequent first; any other name can be written. */
export function ChooseEvent({ value, onChange }: Props) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const nameOf = useEventName();
  const { known } = useVocabulary();
  const events = [
    ...(known?.events ?? []).map(({ name, events: count }) => ({ name, count })),
    { name: '*', count: 0 },
  ];
  const options = events.map(({ name, count }) => ({
    value: name,
    label: nameOf(name),
    search: `${name} ${nameOf(name)}`,
    count,
  }));
  const isKnown = value === '' || options.some((option) => option.value === value);
  return (
    <Select
      className={styles.name!}
      aria-label={t('builder.event')}
      placeholder={t('builder.event')}
      value={value || null}
      loading={known === undefined}
      showSearch={{ optionFilterProp: 'search' }}
      options={isKnown ? options : [{ value, label: nameOf(value), search: value, count: 0 }, ...options]}
      optionRender={({ data }) => (
        <span className={styles.option}>
          {data.label}
          <span className={styles.optionCount}>{data.count > 0 ? formats.compact(data.count) : ''}</span>
        </span>
      )}
      popupMatchSelectWidth={false}
      onChange={onChange}
    />
  );
}

/** A name with those that are known offered while it is written. */
export function ChooseField({
  value,
  onChange,
  label,
  names,
}: Props & { readonly label: string; readonly names: readonly string[] }) {
  const wanted = value.toLowerCase();
  return (
    <AutoComplete
      className={styles.name!}
      aria-label={label}
      placeholder={label}
      value={value}
      options={names
        .filter((name) => names.includes(value) || name.toLowerCase().includes(wanted))
        .map((name) => ({ value: name }))}
      popupMatchSelectWidth={false}
      onChange={(next: string) => onChange(next.slice(0, 200))}
    />
  );
}
