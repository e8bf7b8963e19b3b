import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import type { PropertyTest } from '@zhiyin/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import styles from './builder.module.css';
import { ChooseField } from './choose-name.tsx';
import { ValueTestFields } from './value-test-fields.tsx';
import { useVocabulary } from './vocabulary-context.ts';

type Props = {
  readonly event: string;
  readonly where: readonly PropertyTest[];
  readonly onChange: (where: PropertyTest[]) => void;
};

/** `where price at least 100`: which of the events count. */
export function WhereFields({ event, where, onChange }: Props) {
  const { t } = useTranslation('segments');
  const { known } = useVocabulary();
  const properties = known?.events.find(({ name }) => name === event)?.properties ?? [];
  const change = (at: number, next: PropertyTest | null) =>
    onChange(where.flatMap((one, i) => (i === at ? (next ? [next] : []) : [one])));
  return (
    <>
      {where.map((one, at) => {
        const field = properties.find(({ name }) => name === one.property);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: tests have no other name than their place
          <span key={at} className={styles.where}>
            <span className={styles.word}>{t('builder.where')}</span>
            <ChooseField
              label={t('builder.property')}
              value={one.property}
              names={properties.map(({ name }) => name)}
              onChange={(property) => change(at, { ...one, property })}
            />
            <ValueTestFields
              type={field?.type ?? 'text'}
              values={field?.values ?? []}
              test={one.test}
              onChange={(test) => change(at, { ...one, test })}
            />
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined />}
              aria-label={t('builder.removeWhere')}
              onClick={() => change(at, null)}
            />
          </span>
        );
      })}
      <Button
        type="text"
        size="small"
        icon={<PlusOutlined />}
        className={styles.add!}
        onClick={() => onChange([...where, { property: '', test: { op: 'one_of', values: [] } }])}
      >
        {t('builder.addWhere')}
      </Button>
    </>
  );
}
