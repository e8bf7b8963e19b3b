import { useQuery } from '@tanstack/react-query';
import type { RfmSettings } from '@zhiyin/contract';
import { Button, Drawer, InputNumber, Select, Switch } from 'antd';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { customerSettingsQuery, rfmQuery, useSaveCustomerSettings, useStartRun } from '../../../api/customers.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../customers.module.css';

const measures = ['recencyDays', 'orders', 'spent'] as const;
const firstCuts: NonNullable<RfmSettings['cuts']> = {
  recencyDays: [30, 60, 120, 240],
  orders: [2, 3, 5, 10],
  spent: [100, 300, 1_000, 3_000],
};

/** How customers are scored: fifths or limits of the brand's own, how far back, and what counts as high. */
export function RfmSettingsDrawer({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation('customers');
  const formats = useFormats();
  const id = useId();
  const workspace = useWorkspace();
  const settings = useQuery(customerSettingsQuery(workspace.id));
  const rfm = useQuery(rfmQuery(workspace.id));
  const save = useSaveCustomerSettings(workspace.id);
  const start = useStartRun(workspace.id);
  const notice = useNotice();
  const [draft, setDraft] = useState<RfmSettings | null>(null);
  useEffect(() => {
    if (open) setDraft(settings.data?.rfm ?? null);
  }, [open, settings.data]);
  const mayWrite = workspace.can('data:write');
  const keep = async () => {
    if (!draft || !settings.data) return;
    const { edges, edgesAreDefault } = settings.data;
    try {
      await save.mutateAsync({ rfm: draft, edges: edgesAreDefault ? null : edges });
      // Groups of people follow the new limits at once, not only tomorrow.
      await start.mutateAsync({ kind: 'rfm' });
      notice.done(t('settings.saved'));
      close();
    } catch (error) {
      notice.failed(error);
    }
  };
  const setCut = (measure: (typeof measures)[number], at: number, value: number) =>
    setDraft((before) =>
      before?.cuts
        ? {
            ...before,
            cuts: { ...before.cuts, [measure]: before.cuts[measure].map((cut, i) => (i === at ? value : cut)) },
          }
        : before,
    );
  return (
    <Drawer
      open={open}
      onClose={close}
      title={t('settings.title')}
      size={480}
      footer={
        mayWrite && (
          <Button
            type="primary"
            onClick={() => void keep()}
            loading={save.isPending || start.isPending}
            disabled={!draft}
          >
            {t('settings.save')}
          </Button>
        )
      }
    >
      {draft && (
        <div className={styles.form}>
          <div className={styles.field}>
            <label htmlFor={`${id}-window`}>{t('settings.window')}</label>
            <Select
              id={`${id}-window`}
              value={draft.windowDays ?? 0}
              disabled={!mayWrite}
              onChange={(days) => setDraft({ ...draft, windowDays: days === 0 ? null : days })}
              options={[0, 180, 365, 730, 1_095].map((days) => ({
                value: days,
                label: days === 0 ? t('settings.allTime') : t('days', { count: days, value: days }),
              }))}
            />
          </div>
          <div className={styles.field}>
            <label htmlFor={`${id}-own`}>{t('settings.own')}</label>
            <span>
              <Switch
                id={`${id}-own`}
                checked={draft.cuts !== null}
                disabled={!mayWrite}
                onChange={(own) => setDraft({ ...draft, cuts: own ? firstCuts : null })}
              />
            </span>
            <p>{t('settings.ownHelp')}</p>
          </div>
          {draft.cuts &&
            measures.map((measure) => (
              <fieldset key={measure} className={styles.field} style={{ border: 0, margin: 0, padding: 0 }}>
                <legend>{t(`settings.cuts.${measure}`)}</legend>
                <span className={styles.actions}>
                  {draft.cuts?.[measure].map((cut, at) => (
                    <InputNumber
                      // biome-ignore lint/suspicious/noArrayIndexKey: limits have no name but their place
                      key={at}
                      min={0}
                      value={cut}
                      disabled={!mayWrite}
                      aria-label={t('settings.cut', { from: at + 1, to: at + 2 })}
                      onChange={(value) => setCut(measure, at, value ?? 0)}
                    />
                  ))}
                </span>
              </fieldset>
            ))}
          {!draft.cuts && (
            <div className={styles.field}>
              <label htmlFor={`${id}-ties`}>{t('settings.ties')}</label>
              <Select
                id={`${id}-ties`}
                value={draft.ties}
                disabled={!mayWrite}
                onChange={(ties) => setDraft({ ...draft, ties })}
                options={(['together', 'split'] as const).map((value) => ({ value, label: t(`settings.${value}`) }))}
              />
            </div>
          )}
          {(['recency', 'frequency', 'money'] as const).map((measure) => (
            <div key={measure} className={styles.field}>
              <label htmlFor={`${id}-${measure}`}>{t(`settings.high.${measure}`)}</label>
              <Select
                id={`${id}-${measure}`}
                value={draft.highFrom[measure]}
                disabled={!mayWrite}
                onChange={(score) => setDraft({ ...draft, highFrom: { ...draft.highFrom, [measure]: score } })}
                options={[2, 3, 4, 5].map((score) => ({ value: score, label: t('settings.score', { score }) }))}
              />
            </div>
          ))}
          {rfm.data?.savedAt && <p>{t('settings.savedAt', { at: formats.exact(rfm.data.savedAt) })}</p>}
        </div>
      )}
    </Drawer>
  );
}
