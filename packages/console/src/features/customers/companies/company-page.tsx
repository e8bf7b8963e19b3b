import { ArrowLeftOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { Company } from '@zhiyin/contract';
import { Descriptions, Table } from 'antd';
import { useCallback, useMemo } from 'react';
import { companyQuery } from '../../../api/customers.ts';
import { barRowHeight, buildBars } from '../../../charts/build-bars.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../../charts/chart-card.tsx';
import { type ChartPanel, numberOf, textOf } from '../../../charts/panel-values.ts';
import { Instant } from '../../../components/instant.tsx';
import { Money } from '../../../components/money.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { PersonLink } from '../../../components/person-link.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { PageSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from '../customers.module.css';
import { useCustomerWords } from '../use-customer-words.ts';

const route = getRouteApi('/w/$workspaceId/customers/companies/$groupId');

/** One company: what it bought, when, who belongs to it, and what was said of it. */
export function CompanyPage() {
  const { t, formats } = useCustomerWords();
  const workspace = useWorkspace();
  const { groupId } = route.useParams();
  const company = useQuery(companyQuery(workspace.id, groupId));
  return (
    <>
      <Link to="/w/$workspaceId/customers/companies" params={true as never}>
        <ArrowLeftOutlined aria-hidden /> {t('companies.title')}
      </Link>
      <PageHead
        title={company.data?.name ?? groupId}
        answer={
          company.data &&
          t('company.answer', {
            count: company.data.members,
            members: formats.count(company.data.members),
            orders: formats.count(company.data.orders),
            spent: formats.money(company.data.spentMinor, company.data.currency),
          })
        }
      />
      <QueryState query={company} loading={<PageSkeleton />}>
        {(data) => (
          <div className={styles.stack}>
            <MonthsChart company={data} />
            <Section title={t('company.people')} flush>
              <Table
                rowKey="profileId"
                size="middle"
                dataSource={data.people}
                pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
                columns={[
                  {
                    title: t('people.name'),
                    render: (_, person) => <PersonLink profileId={person.profileId} displayName={person.displayName} />,
                  },
                  {
                    title: t('people.spent'),
                    align: 'right',
                    render: (_, person) => <Money minor={person.revenueMinor} currency={person.currency} />,
                  },
                  { title: t('people.orders'), align: 'right', render: (_, person) => formats.count(person.orders) },
                  {
                    title: t('company.joined'),
                    responsive: ['sm'],
                    render: (_, person) => <Instant at={person.joinedAt} />,
                  },
                ]}
              />
            </Section>
            {data.traits.length > 0 && (
              <Section title={t('company.traits')}>
                <Descriptions
                  column={{ xs: 1, md: 2 }}
                  items={data.traits.map(({ name, value }) => ({
                    key: name,
                    label: name,
                    children: typeof value === 'string' ? value : JSON.stringify(value),
                  }))}
                />
              </Section>
            )}
          </div>
        )}
      </QueryState>
    </>
  );
}

function MonthsChart({ company }: { company: Company }) {
  const { t } = useCustomerWords();
  const panel = useMemo<ChartPanel>(
    () => ({
      name: 'company-months',
      columns: [
        { key: 'month', type: 'date' },
        { key: 'spent', type: 'money', currency: company.currency },
        { key: 'events', type: 'number' },
      ],
      rows: company.months.slice(-12).map(({ month, spentMinor, events }) => ({ month, spent: spentMinor, events })),
      asOf: company.lastSeenAt ?? company.firstSeenAt,
    }),
    [company],
  );
  const build = useCallback(
    (data: ChartPanel, tools: ChartTools): Drawing => ({
      option: buildBars(
        {
          bars: data.rows.map((row) => ({
            name: textOf(row, 'month').slice(0, 7),
            value: Math.max(0, numberOf(row, 'spent') ?? 0),
            label: tools.formats.moneyCompact(numberOf(row, 'spent') ?? 0, company.currency),
            aside: t('company.events', { value: tools.formats.compact(numberOf(row, 'events') ?? 0) }),
          })),
          nameWidth: 72,
          labelWidth: tools.isNarrow ? 110 : 180,
        },
        tools.theme,
      ),
      height: data.rows.length * barRowHeight + 8,
    }),
    [t, company.currency],
  );
  return (
    <ChartCard
      title={t('company.months')}
      subtitle={t('company.monthsSubtitle', { currency: company.currency })}
      query={{ data: panel, error: null, isPlaceholderData: false, refetch: () => undefined }}
      heading={(key) => t(`heading.${key}`)}
      build={build}
      height={240}
      empty={t('company.noMonths')}
    />
  );
}
