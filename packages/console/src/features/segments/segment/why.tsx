import { CheckCircleOutlined, CloseCircleOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import type { RuleFinding, Segment, SegmentRule } from '@zhiyin/contract';
import { Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { peopleMatchesQuery } from '../../../api/people.ts';
import { segmentWhyQuery } from '../../../api/segments.ts';
import { Instant } from '../../../components/instant.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { isRuleGroup } from '../builder/rule-draft.ts';
import styles from '../segments.module.css';
import { useRuleSentence } from '../use-rule-sentence.ts';

/** Is this person in it, and which condition says so. */
export function Why({ segment }: { readonly segment: Segment }) {
  const { t } = useTranslation('segments');
  const workspace = useWorkspace();
  const [text, setText] = useState('');
  const [profileId, setProfileId] = useState<string | null>(null);
  const search = useDeferredValue(text.trim());
  const matches = useQuery(peopleMatchesQuery(workspace.id, search));
  const why = useQuery(segmentWhyQuery(workspace.id, segment.id, profileId));
  return (
    <Section title={t('why.title')} subtitle={t('why.subtitle')}>
      <Select
        style={{ width: 'min(480px, 100%)' }}
        value={profileId}
        aria-label={t('why.person')}
        placeholder={t('why.person')}
        showSearch={{ filterOption: false, onSearch: setText }}
        options={(matches.data?.rows ?? []).map((row) => ({ value: row.profileId, label: row.displayName }))}
        notFoundContent={search.length >= 2 ? t('why.nobody') : t('why.type')}
        onChange={(next: string) => setProfileId(next)}
      />
      {profileId === null ? null : (
        <QueryState query={why} loading={<p className="faint">{t('preview.counting')}</p>}>
          {(found) => (
            <div style={{ marginTop: 12 }}>
              <p>
                <b>{t(found.isIn ? 'why.isIn' : 'why.isOut')}</b>
                {found.enteredAt ? (
                  <>
                    {' '}
                    {t('why.since')} <Instant at={found.enteredAt} />
                  </>
                ) : null}
              </p>
              <ul className={styles.tree}>
                <Finding finding={found.finding} rule={found.rule} />
              </ul>
            </div>
          )}
        </QueryState>
      )}
    </Section>
  );
}

function Finding({ finding, rule }: { readonly finding: RuleFinding; readonly rule: SegmentRule }) {
  const { t } = useTranslation('segments');
  const { conditionOf } = useRuleSentence();
  const condition = rule.kind === 'not' || isRuleGroup(rule) ? null : rule;
  const inner: readonly SegmentRule[] = rule.kind === 'not' ? [rule.of] : isRuleGroup(rule) ? rule.of : [];
  const { holds, value, changesAt } = finding;
  return (
    <li>
      <div className={styles.finding} data-holds={holds}>
        {holds ? (
          <CheckCircleOutlined aria-label={t('why.holds')} />
        ) : (
          <CloseCircleOutlined aria-label={t('why.holdsNot')} />
        )}
        <span>{condition === null ? t(`why.${rule.kind}`) : conditionOf(condition)}</span>
        {condition !== null && value !== null ? (
          <span className={styles.small}>{t('why.has', { value: String(value) })}</span>
        ) : null}
        {changesAt && condition !== null ? (
          <span className={styles.small}>
            {t('why.changes')} <Instant at={changesAt} />
          </span>
        ) : null}
      </div>
      {inner.length > 0 ? (
        <ul className={styles.tree}>
          {finding.of.map((one, at) => (inner[at] ? <Finding key={one.path} finding={one} rule={inner[at]} /> : null))}
        </ul>
      ) : null}
    </li>
  );
}
