import type { Panel } from '@zhiyin/contract';
import { Button, Descriptions, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../format/use-formats.ts';
import styles from './charts.module.css';

type Props = { readonly query: Panel['query']; readonly asOf: string; readonly onCopy: (text: string) => void };

/** Where the numbers come from: the statement as it ran, its parameters, what it read and how long it took. */
export function QueryView({ query, asOf, onCopy }: Props) {
  const { t } = useTranslation('charts');
  const formats = useFormats();
  const { statement, parameters, rowsRead, elapsedMs } = query;
  return (
    <div className={styles.query}>
      <Typography.Paragraph type="secondary">{t('query.about')}</Typography.Paragraph>
      <pre className={styles.statement}>
        <code>{statement.trim()}</code>
      </pre>
      <Button onClick={() => onCopy(statement)}>{t('query.copy')}</Button>
      <Descriptions
        size="small"
        column={1}
        bordered
        items={[
          ...Object.entries(parameters).map(([name, value]) => ({
            key: name,
            label: <code>{name}</code>,
            children: <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>,
          })),
          { key: 'rowsRead', label: t('query.rowsRead'), children: formats.count(rowsRead) },
          { key: 'elapsed', label: t('query.elapsed'), children: `${formats.count(elapsedMs)} ms` },
          { key: 'asOf', label: t('query.asOf'), children: formats.exact(asOf) },
        ]}
      />
    </div>
  );
}
