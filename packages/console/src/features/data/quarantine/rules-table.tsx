import { DeleteOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import type { RepairAction, RepairRule, Source } from '@zhiyin/contract';
import { Button, Switch, Table } from 'antd';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { repairRulesQuery, useDeleteRule, useSwitchRule } from '../../../api/quarantine.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Instant } from '../../../components/instant.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useConfirm } from '../../../components/use-confirm.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { explainReason } from '../explain-reason.ts';

/** Mendings that were kept and are applied to what arrives. */
export function RulesTable({ sources }: { readonly sources: readonly Source[] }) {
  const { t } = useTranslation('data');
  const { id: workspaceId } = useWorkspace();
  const rules = useQuery(repairRulesQuery(workspaceId));
  return (
    <Section title={t('quarantine.rulesTitle')} subtitle={t('quarantine.rulesSubtitle')} flush>
      <QueryState query={rules} loading={<TableSkeleton rows={2} />}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState sentence={t('quarantine.rulesEmpty')} />
          ) : (
            <Rules rules={list} sources={sources} />
          )
        }
      </QueryState>
    </Section>
  );
}

function Rules({ rules, sources }: { readonly rules: RepairRule[]; readonly sources: readonly Source[] }) {
  const { t } = useTranslation('data');
  const { id: workspaceId, can } = useWorkspace();
  const notice = useNotice();
  const confirm = useConfirm();
  const switchRule = useSwitchRule(workspaceId);
  const deleteRule = useDeleteRule(workspaceId);
  const isAllowed = can('data:write');
  return (
    <Table<RepairRule>
      rowKey="id"
      size="small"
      dataSource={rules}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        { title: t('quarantine.rule'), render: (_, { name }) => <b>{name}</b> },
        {
          title: t('quarantine.matches'),
          render: (_, { matches }) =>
            [
              matches.reason && explainReason(matches.reason, t).name,
              matches.sourceId && (sources.find(({ id }) => id === matches.sourceId)?.name ?? `#${matches.sourceId}`),
              matches.event,
            ]
              .filter(Boolean)
              .join(' · ') || t('quarantine.everything'),
        },
        {
          title: t('quarantine.steps'),
          render: (_, { actions }) => actions.map((action) => sayAction(action, t)).join(t('list.then')),
        },
        { title: t('quarantine.since'), render: (_, { createdAt }) => <Instant at={createdAt} /> },
        {
          title: t('quarantine.on'),
          render: (_, rule) => (
            <Switch
              checked={rule.enabled}
              disabled={!isAllowed}
              aria-label={t('quarantine.switch', { name: rule.name })}
              onChange={(enabled) => switchRule.mutate({ ruleId: rule.id, enabled }, { onError: notice.failed })}
            />
          ),
        },
        {
          key: 'delete',
          render: (_, rule) =>
            isAllowed && (
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={t('quarantine.deleteRule', { name: rule.name })}
                onClick={() =>
                  confirm({
                    title: t('quarantine.deleteRuleTitle', { name: rule.name }),
                    consequence: t('quarantine.deleteRuleConsequence'),
                    action: t('quarantine.deleteRuleAction'),
                    run: () => deleteRule.mutateAsync(rule.id).catch(notice.failed),
                  })
                }
              />
            ),
        },
      ]}
    />
  );
}

/** A step as a sentence. */
function sayAction(action: RepairAction, t: TFunction<'data'>): string {
  const shown = 'value' in action ? JSON.stringify(action.value) : '';
  const to = action.do === 'convert' ? t(`quarantine.types.${action.to}`) : action.do === 'rename' ? action.to : '';
  const find = action.do === 'replace' ? action.find : '';
  const by = action.do === 'replace' ? action.with || t('quarantine.nothing') : '';
  return t(`quarantine.say.${action.do}`, { path: action.path, value: shown, to, find, with: by });
}
