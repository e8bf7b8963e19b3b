import { useQuery } from '@tanstack/react-query';
import type { Import, ImportKind, ImportMapping, ImportOptions } from '@zhiyin/contract';
import { Alert, Button, Descriptions } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { importPreviewQuery, useImportCommand, useUpdateImport } from '../../../api/imports.ts';
import { Section } from '../../../components/section.tsx';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../data.module.css';
import { explainSaid } from '../explain-said.ts';
import { ChooseKind } from './choose-kind.tsx';
import { ImportOptionsForm } from './import-options.tsx';
import { findMappingProblems } from './mapping-problems.ts';
import { MappingTable } from './mapping-table.tsx';
import { PreviewTable } from './preview-table.tsx';
import { SavedMappings } from './saved-mappings.tsx';

/** Everything to decide before a file is taken in, with what it will become shown beneath. Each change is kept at once. */
export function PrepareImport({ record }: { readonly record: Import }) {
  const { t } = useTranslation('data');
  const { id: workspaceId, can } = useWorkspace();
  const formats = useFormats();
  const notice = useNotice();
  const update = useUpdateImport(workspaceId, record.id);
  const command = useImportCommand(workspaceId, record.id);
  const preview = useQuery(importPreviewQuery(workspaceId, record));
  // The select shows the choice at once; the server's answer replaces it.
  const [draft, setDraft] = useState<{ kind?: ImportKind; mapping?: ImportMapping; options?: ImportOptions }>({});
  const kind = draft.kind ?? record.kind;
  const mapping = draft.mapping ?? record.mapping;
  const options = draft.options ?? record.options;
  const change = (changes: typeof draft) => {
    setDraft((before) => ({ ...before, ...changes }));
    update.mutate(changes, { onError: notice.failed, onSettled: () => setDraft({}) });
  };

  const detected = record.detected;
  if (detected === null)
    return <Alert type="error" showIcon title={t('imports.notDetected')} description={record.error} />;
  const problems = kind ? findMappingProblems(kind, mapping, Boolean(options.eventName)) : [];
  const listed = (fields: readonly string[]) =>
    fields.map((field) => t(`fields.${field}`, { defaultValue: field })).join(t('list.separator'));
  const stops = [
    ...(kind ? [] : [t('imports.problems.kind')]),
    ...problems.map((problem) =>
      problem.kind === 'missing'
        ? t('imports.problems.missing', { field: listed([problem.field]) })
        : problem.kind === 'one_of'
          ? t('imports.problems.oneOf', { fields: listed(problem.fields) })
          : t('imports.problems.twice', {
              field: listed([problem.field]),
              columns: problem.columns.join(t('list.separator')),
            }),
    ),
    // What only the server can know; shown when our own look finds nothing.
    ...(problems.length === 0 && !update.isPending
      ? (preview.data?.problems ?? []).map(({ message, explanation }) => explainSaid(explanation, message, t))
      : []),
  ];
  // Of a preview that is being read anew they may be over.
  const notes = update.isPending || preview.isPlaceholderData ? [] : (preview.data?.notes ?? []);
  return (
    <>
      <Section title={t('imports.detectedTitle')} subtitle={t('imports.detectedSubtitle')}>
        <Descriptions
          column={{ xs: 1, sm: 2, lg: 4 }}
          items={[
            { key: 'format', label: t('imports.format'), children: detected.format.toUpperCase() },
            { key: 'encoding', label: t('imports.encoding'), children: detected.encoding.toUpperCase() },
            {
              key: 'delimiter',
              label: t('imports.delimiter'),
              children:
                detected.delimiter === null
                  ? '–'
                  : t(`imports.delimiters.${delimiterNames[detected.delimiter] ?? 'other'}`, {
                      sign: detected.delimiter,
                    }),
            },
            {
              key: 'rows',
              label: t('imports.rows'),
              children: t('imports.about', { rows: formats.count(detected.rowsEstimate) }),
            },
          ]}
        />
        <ChooseKind kind={kind} guess={detected.kindGuess} onChange={(next) => change({ kind: next })} />
      </Section>
      {kind && (
        <>
          <Section
            title={t('imports.mappingTitle')}
            subtitle={t('imports.mappingSubtitle')}
            actions={<SavedMappings kind={kind} mapping={mapping} options={options} onUse={change} />}
            flush
          >
            <MappingTable
              kind={kind}
              columns={detected.columns}
              mapping={mapping}
              onChange={(next) => change({ mapping: next })}
            />
          </Section>
          <Section title={t('imports.optionsTitle')} subtitle={t('imports.optionsSubtitle')}>
            <ImportOptionsForm
              kind={kind}
              format={detected.format}
              encoding={detected.encoding}
              options={options}
              onChange={(next) => change({ options: next })}
            />
          </Section>
          <Section title={t('imports.previewTitle')} subtitle={t('imports.previewSubtitle')} flush>
            <PreviewTable preview={preview} isStale={update.isPending || preview.isPlaceholderData} />
          </Section>
        </>
      )}
      <div className={styles.startBar}>
        {notes.length > 0 && (
          <Alert
            type="info"
            showIcon
            title={t('imports.notes')}
            description={
              <ul className={styles.plainList}>
                {notes.map((note) => (
                  <li key={note.code}>{explainSaid(note, note.text, t)}</li>
                ))}
              </ul>
            }
          />
        )}
        {stops.length > 0 ? (
          <Alert
            type="warning"
            showIcon
            title={t('imports.notYet')}
            description={
              <ul className={styles.plainList}>
                {stops.map((stop) => (
                  <li key={stop}>{stop}</li>
                ))}
              </ul>
            }
          />
        ) : (
          <p className="faint">{t('imports.startHint')}</p>
        )}
        {can('data:write') && (
          <Button
            type="primary"
            size="large"
            disabled={stops.length > 0 || update.isPending}
            loading={command.isPending}
            onClick={() => command.mutate('start', { onError: notice.failed })}
          >
            {t('imports.start', { rows: formats.count(detected.rowsEstimate) })}
          </Button>
        )}
      </div>
    </>
  );
}

const delimiterNames: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' };
