import type { CustomerPanelName, Panel } from '@zhiyin/contract';
import { toNumber } from '../../domain/rows.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Question } from '../../storage/events/event-store.ts';
import type { Stores } from '../../storage/stores.ts';

type Definition = {
  readonly columns: (workspace: Workspace) => Panel['columns'];
  readonly ask: (workspace: Workspace, at: Date) => Question;
};

/** What each person spent less what came back, over all time; orders of later than the instant do not exist yet. */
const spentSql = `
  SELECT profile_id, greatest(0, sum(amount_minor)) AS spent, uniqExactIf(order_id, kind = 'sale') AS orders
  FROM @person_order_lines
  WHERE currency = {currency:String} AND occurred_at < {at:DateTime64(3)}
  GROUP BY profile_id
  HAVING orders > 0`;

/** Tenths of the customers by what they spent, those who spent most first. */
const valuePanel: Definition = {
  columns: ({ currency }) => [
    { key: 'tenth', type: 'number' },
    { key: 'people', type: 'number' },
    { key: 'spent', type: 'money', currency },
    { key: 'share', type: 'rate' },
    { key: 'orders', type: 'number' },
    { key: 'least', type: 'money', currency },
    { key: 'most', type: 'money', currency },
  ],
  ask: ({ currency }, at) => ({
    name: 'customers-value',
    parameters: { currency, at },
    sql: `
      SELECT tenth, count() AS people, sum(money) AS spent, if(any(total) > 0, sum(money) / any(total), 0) AS share, sum(bought) AS orders,
        min(money) AS least, max(money) AS most
      FROM
      (
        SELECT spent AS money, orders AS bought, sum(spent) OVER () AS total,
          least(10, 1 + intDiv(10 * (row_number() OVER (ORDER BY spent DESC, profile_id) - 1), count() OVER ())) AS tenth
        FROM (${spentSql})
      )
      GROUP BY tenth
      ORDER BY tenth`,
  }),
};

/** Customers by the month of their first order: how many of them bought in each month since, and for how much. */
const cohortsPanel: Definition = {
  columns: ({ currency }) => [
    { key: 'cohort', type: 'date' },
    { key: 'size', type: 'number' },
    { key: 'month', type: 'number' },
    { key: 'people', type: 'number' },
    { key: 'rate', type: 'rate' },
    { key: 'spent', type: 'money', currency },
    { key: 'spent_each', type: 'money', currency },
  ],
  ask: ({ currency, timeZone }, at) => ({
    name: 'customers-cohorts',
    parameters: { currency, zone: timeZone, at },
    sql: `
      SELECT toString(began) AS cohort, size, month, people, people / size AS rate, spent,
        sum(spent) OVER (PARTITION BY began ORDER BY month) / size AS spent_each
      FROM
      (
        SELECT began, month, people, spent, max(if(month = 0, people, 0)) OVER (PARTITION BY began) AS size
        FROM
        (
          SELECT began, dateDiff('month', began, bought_in) AS month, countIf(sales > 0) AS people, sum(amount) AS spent
          FROM
          (
            SELECT bought_in, amount, sales, minIf(bought_in, sales > 0) OVER (PARTITION BY profile_id) AS began
            FROM
            (
              SELECT profile_id, toDate(toStartOfMonth(toTimeZone(occurred_at, {zone:String}))) AS bought_in, sum(amount_minor) AS amount, countIf(kind = 'sale') AS sales
              FROM @person_order_lines
              WHERE currency = {currency:String} AND occurred_at < {at:DateTime64(3)}
              GROUP BY profile_id, bought_in
            )
          )
          WHERE bought_in >= began AND began >= toDate(toStartOfMonth(toTimeZone({at:DateTime64(3)}, {zone:String}))) - INTERVAL 17 MONTH
          GROUP BY began, month
        )
      )
      ORDER BY began, month`,
  }),
};

const panels: Readonly<Record<CustomerPanelName, Definition>> = { value: valuePanel, cohorts: cohortsPanel };

/** Asks one panel's question and hands back its rows together with the statement that gave them. */
export async function readCustomerPanel(
  stores: Pick<Stores, 'events'>,
  workspace: Workspace,
  name: CustomerPanelName,
  at: Date,
): Promise<Panel> {
  const columns = panels[name].columns(workspace);
  const question = panels[name].ask(workspace, at);
  const answer = await stores.events.read<Record<string, string | number | null>>(workspace.id, question, {
    timeoutMs: 60_000,
  });
  return {
    name,
    columns,
    rows: answer.rows.map((row) =>
      Object.fromEntries(
        columns.map(({ key, type }) => [key, type === 'date' ? String(row[key] ?? '') : toNumber(row[key] ?? 0)]),
      ),
    ),
    query: {
      statement: answer.statement,
      parameters: { ...question.parameters, at: at.toISOString() },
      elapsedMs: answer.elapsedMs,
      rowsRead: answer.rowsRead,
    },
    asOf: at.toISOString(),
  };
}
