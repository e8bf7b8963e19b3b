import { Link } from '@tanstack/react-router';
import type { Import, ImportReport } from '@zhiyin/contract';
import { Alert, Descriptions, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Count } from '../../../components/count.tsx';
import { Section } from '../../../components/section.tsx';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../data.module.css';
import { explainReason } from '../explain-reason.ts';
import { explainRepair } from '../explain-repair.ts';
import { explainSaid } from '../explain-said.ts';
import { OutcomeBar } from '../outcome-bar.tsx';
import { splitReport } from './report-parts.ts';

/** What became of every row, and what was made of them. */
export function ImportReportView({ record, report }: { readonly record: Import; readonly report: ImportReport }) {
  const { t } = useTranslation('data');
  const formats = useFormats();
  const { parts, difference } = splitReport(report);
  const reasons = Object.entries(report.reasons).toSorted((a, b) => b[1] - a[1]);
  const repairs = Object.entries(report.repairs).toSorted((a, b) => b[1] - a[1]);
  const currency = record.options.currency;
  return (
    <>
      <Section
        title={t('imports.reportTitle', { all: formats.count(report.received) })}
        subtitle={
          report.seconds < 0.5
            ? t('imports.reportSubtitleFast')
            : t('imports.reportSubtitle', {
                time: formats.duration(report.seconds * 1_000),
                speed: formats.count(Math.round(report.received / report.seconds)),
              })
        }
      >
        <div className={styles.stack}>
          <OutcomeBar
            parts={parts.map(({ key, records }) => ({ key, records }))}
            label={t('imports.reportTitle', { all: formats.count(report.received) })}
          />
          {difference !== 0 && (
            <Alert type="error" showIcon title={t('imports.doesNotAddUp', { difference: formats.count(difference) })} />
          )}
          {report.notes.length > 0 && (
            <Alert
              type="info"
              showIcon
              title={t('imports.notes')}
              description={
                <ul className={styles.plainList}>
                  {report.notes.map((note) => (
                    <li key={note.code}>{explainSaid(note, note.text, t)}</li>
                  ))}
                </ul>
              }
            />
          )}
          {Object.keys(report.made).length > 0 && (
            <Descriptions
              title={t('imports.made')}
              column={{ xs: 1, sm: 2, lg: 4 }}
              items={Object.entries(report.made).map(([name, value]) => ({
                key: name,
                label: t(`imports.madeNames.${name}`, { defaultValue: name }),
                children: isMoney(name) ? formats.money(value, currency) : formats.count(value),
              }))}
            />
          )}
        </div>
      </Section>
      <div className={styles.pair}>
        {reasons.length > 0 && (
          <Section
            title={t('imports.reasonsTitle', { records: formats.count(report.quarantined) })}
            subtitle={t('imports.reasonsSubtitle')}
            flush
          >
            <Table
              size="small"
              rowKey="0"
              dataSource={reasons}
              pagination={false}
              columns={[
                {
                  title: t('health.reason'),
                  render: (_, [reason]) => {
                    const words = explainReason(reason, t);
                    return (
                      <>
                        <Link
                          to="/w/$workspaceId/data/quarantine"
                          params={true as never}
                          search={{ reason, importId: record.id }}
                        >
                          {words.name}
                        </Link>
                        <div className={styles.hint}>{words.what}</div>
                      </>
                    );
                  },
                },
                { title: t('health.records'), align: 'right', render: (_, [, records]) => <Count value={records} /> },
              ]}
            />
          </Section>
        )}
        {repairs.length > 0 && (
          <Section
            title={t('imports.repairsTitle', { records: formats.count(report.repaired) })}
            subtitle={t('imports.repairsSubtitle')}
            flush
          >
            <Table
              size="small"
              rowKey="0"
              dataSource={repairs}
              pagination={false}
              columns={[
                { title: t('health.repair'), render: (_, [repair]) => explainRepair(repair, t) },
                { title: t('health.records'), align: 'right', render: (_, [, records]) => <Count value={records} /> },
              ]}
            />
          </Section>
        )}
      </div>
    </>
  );
}

/** Amounts are named for their unit; everything else counts something. */
const isMoney = (name: string) => /_minor$/.test(name);
