import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Person } from '@zhiyin/contract';
import { Descriptions } from 'antd';
import { useTranslation } from 'react-i18next';
import { clustersQuery } from '../../api/customers.ts';
import { Section } from '../../components/section.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import { useLanguage } from '../../i18n/use-language.ts';

/** Groups the person is in: by value, by behaviour, by whom they know and where they belong. Nothing while there are none. */
export function PersonGroups({ person }: { person: Person }) {
  const { t } = useTranslation('customers');
  const formats = useFormats();
  const language = useLanguage();
  const workspace = useWorkspace();
  const computed = new Map(person.computedTraits.map((trait) => [trait.name, trait]));
  const textOf = (name: string) => {
    const value = computed.get(name)?.value;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  const clusterKey = textOf('cluster.behaviour');
  const clusters = useQuery({ ...clustersQuery(workspace.id), enabled: clusterKey !== undefined });
  const cluster = clusters.data?.clustering?.clusters.find(({ key }) => String(key) === clusterKey);
  const feature = clusters.data?.clustering?.features.find(({ key }) => key === cluster?.differences[0]?.feature);
  const group = textOf('rfm.group11');
  const classic = textOf('rfm.group8');
  const score = textOf('rfm.score');
  const influence = textOf('graph.influence');
  const clusterName =
    cluster &&
    (cluster.label ??
      (cluster.name === 'by_feature'
        ? t((cluster.differences[0]?.effect ?? 0) > 0 ? 'cluster.much' : 'cluster.little', {
            feature: feature?.words[language] ?? '',
          })
        : t(`cluster.${cluster.name}`)));
  const items = [
    group && { key: 'rfm', label: t('person.rfm'), children: t(`group.${group}`) },
    classic && { key: 'eight', label: t('treemap.eight'), children: t(`group.${classic}`) },
    score && {
      key: 'scores',
      label: t('person.scores'),
      children: t('person.score', { score: [...score].join(' · ') }),
    },
    clusterName && { key: 'cluster', label: t('person.cluster'), children: clusterName },
    influence && {
      key: 'influence',
      label: t('person.influence'),
      children: t('person.influenceNote', { value: influence }),
    },
    person.groups.length > 0 && {
      key: 'companies',
      label: t('person.companies'),
      children: person.groups.map(({ groupId, name }) => (
        <Link
          key={groupId}
          to="/w/$workspaceId/customers/companies/$groupId"
          params={{ workspaceId: String(workspace.id), groupId }}
        >
          {name || groupId}{' '}
        </Link>
      )),
    },
  ].filter((item) => typeof item === 'object');
  if (items.length === 0) return null;
  const at = computed.get('rfm.group11')?.computedAt ?? computed.get('cluster.behaviour')?.computedAt;
  return (
    <Section title={t('person.title')} subtitle={at ? t('person.subtitle', { day: formats.day(at) }) : undefined}>
      <Descriptions column={{ xs: 1, md: 2 }} items={items} />
    </Section>
  );
}
