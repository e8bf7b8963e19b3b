import { type IdentityKind, identityKinds } from '../../../domain/identity.ts';
import { normalisedEmailSql, normalisedPhoneSql, surrogateSql, trimmedSql } from '../../../storage/vault/index.ts';
import { columnOf, type ImportPlan } from '../import-plan.ts';
import { list, literal } from './sql-text.ts';

export type IdentitySql = {
  readonly kinds: readonly IdentityKind[];
  /** `value_<kind>`, `usable_<kind>`, `surrogate_<kind>` and `float_<kind>`, over the columns of the source. */
  readonly columns: readonly string[];
  /** Surrogate of the strongest usable identifier, 0 when there is none. */
  readonly identityId: string;
  readonly isMissing: string;
  readonly isBlocked: string;
};

/**
 * Who a row is about. Values go through LowCardinality, so that the hash is computed once per distinct value of a block
 * and not once per row: it is by far the dearest step of an import.
 */
export function identitySql(plan: ImportPlan): IdentitySql {
  const blocked = list(plan.rules.blockedIdentifiers(plan.workspace).filter((value) => value !== ''));
  const kinds = identityKinds.filter((kind) => columnOf(plan, kind) !== undefined);
  const columns = kinds.flatMap((kind) => {
    const text = `toLowCardinality(ifNull(c${columnOf(plan, kind)}, ''))`;
    const bare =
      kind === 'email' || kind === 'phone'
        ? text
        : `replaceRegexpOne(${trimmedSql(text)}, '^([0-9]+)\\\\.0+$', '\\\\1')`;
    return [
      `${normalisedSql(kind, bare, plan.workspace.settings.phoneCountry)} AS value_${kind}`,
      `value_${kind} != '' AND value_${kind} != '\\\\N' AND lowerUTF8(value_${kind}) NOT IN (${blocked || `''`})${shapeSql(kind)} AS usable_${kind}`,
      `if(usable_${kind}, ${surrogateSql(literal(kind), `value_${kind}`)}, 0) AS surrogate_${kind}`,
      `match(${text}, '^\\\\s*[0-9]+\\\\.0+\\\\s*$') AS float_${kind}`,
    ];
  });
  const [strongest, ...rest] = kinds;
  if (!strongest)
    return {
      kinds,
      columns,
      identityId: 'toUInt64(0)',
      isMissing: '1',
      isBlocked: '0',
    };
  return {
    kinds,
    columns,
    identityId:
      rest.length === 0
        ? `surrogate_${strongest}`
        : `multiIf(${kinds.map((kind) => `surrogate_${kind} != 0, surrogate_${kind}`).join(', ')}, 0)`,
    isMissing: `(${kinds.map((kind) => `(value_${kind} = '' OR value_${kind} = '\\\\N')`).join(' AND ')})`,
    isBlocked: `(${kinds.map((kind) => `NOT usable_${kind}`).join(' AND ')})`,
  };
}

function normalisedSql(kind: IdentityKind, text: string, phoneCountry: string): string {
  if (kind === 'email') return normalisedEmailSql(text);
  if (kind === 'phone')
    return `toLowCardinality(if(${trimmedSql(text)} = '', '', ${normalisedPhoneSql(text, phoneCountry)}))`;
  return text;
}

/** An e-mail without @ or a phone without digits names nobody. */
function shapeSql(kind: IdentityKind): string {
  if (kind === 'email') return ` AND match(value_email, '^[^@\\\\s]+@[^@\\\\s]+$')`;
  if (kind === 'phone') return ` AND match(value_phone, '[0-9]{5}')`;
  return ` AND length(value_${kind}) <= 500`;
}
