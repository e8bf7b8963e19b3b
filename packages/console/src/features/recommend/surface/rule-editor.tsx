import { Alert, Collapse, ConfigProvider } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '../../../components/section.tsx';
import { EditAims } from './edit-aims.tsx';
import { EditBalance } from './edit-balance.tsx';
import { EditBasics } from './edit-basics.tsx';
import { EditBoosts } from './edit-boosts.tsx';
import { EditBought } from './edit-bought.tsx';
import { EditConditions } from './edit-conditions.tsx';
import { EditExperiment } from './edit-experiment.tsx';
import { EditPins } from './edit-pins.tsx';
import { EditShares } from './edit-shares.tsx';
import styles from './surface.module.css';
import type { Draft } from './use-draft.ts';
import { useSummaries } from './use-summaries.ts';

type Props = { readonly draft: Draft; readonly mayWrite: boolean };

/** All rules of a surface, each group with its present state in a line, so that the closed editor already says what holds. */
export function RuleEditor({ draft, mayWrite }: Props) {
  const { t } = useTranslation('recommend');
  const summaries = useSummaries(draft.draft);
  const panel = (key: keyof typeof summaries, children: ReactNode) => ({
    key,
    label: (
      <span>
        <b>{t(`editor.${key}`)}</b>
        <span className={styles.summary}>{summaries[key]}</span>
      </span>
    ),
    children: (
      <ConfigProvider componentDisabled={!mayWrite}>
        <div className={styles.group}>{children}</div>
      </ConfigProvider>
    ),
  });
  return (
    <Section title={t('editor.title')} subtitle={t(mayWrite ? 'editor.subtitle' : 'editor.readOnly')} flush>
      {draft.problems
        .filter((problem) => problem.code === 'other' || problem.code === 'numberOutside')
        .map((problem) => (
          <Alert
            key={problem.at}
            type="error"
            banner
            title={t(`problem.${problem.code}`, { field: problem.at, detail: problem.detail })}
          />
        ))}
      <Collapse
        ghost
        defaultActiveKey={['balance']}
        items={[
          panel('balance', <EditBalance draft={draft} disabled={!mayWrite} />),
          panel('shares', <EditShares draft={draft} disabled={!mayWrite} />),
          panel('aims', <EditAims draft={draft} disabled={!mayWrite} />),
          panel('basics', <EditBasics draft={draft} disabled={!mayWrite} />),
          panel('conditions', <EditConditions draft={draft} disabled={!mayWrite} />),
          panel('bought', <EditBought draft={draft} disabled={!mayWrite} />),
          panel('pins', <EditPins draft={draft} disabled={!mayWrite} />),
          panel('boosts', <EditBoosts draft={draft} disabled={!mayWrite} />),
          panel('experiment', <EditExperiment draft={draft} disabled={!mayWrite} />),
        ]}
      />
    </Section>
  );
}

export type EditProps = { readonly draft: Draft; readonly disabled: boolean };
