import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type IdentityKind, identityKinds } from '../../domain/identity.ts';
import { asIdentityId } from '../../domain/ids.ts';
import { inOrder } from '../rows/identities-and-edges.ts';
import { edgeKey, type GraphEdge, type GraphNode, resolveGraph } from './resolve-graph.ts';

const limits = { identifiersPerProfileMax: 50, mergesPerProfileMax: 100, peoplePerIdentifierMax: 20 };
const node = (id: string, kind: IdentityKind, firstSeenAt = 0): GraphNode => ({ id, kind, firstSeenAt });
const nodesOf = (...list: GraphNode[]) => new Map(list.map((one) => [one.id, one]));
const edge = (a: string, b: string, firstSeenAt = 0): GraphEdge => {
  const [lowId, highId] = inOrder(asIdentityId(a), asIdentityId(b));
  return { lowId, highId, firstSeenAt };
};

test('the strongest identifier names the profile, then the earliest, then the smallest', () => {
  const nodes = nodesOf(
    node('9', 'anonymous_id'),
    node('10', 'email', 5),
    node('11', 'email', 4),
    node('12', 'email', 4),
  );
  const { profileOf } = resolveGraph(nodes, [edge('9', '10'), edge('10', '11'), edge('11', '12')], limits);
  expect(new Set(profileOf.values())).toEqual(new Set(['11']));
});

test('two known people never become one: who signed in first on a device keeps its past', () => {
  const nodes = nodesOf(node('1', 'user_id'), node('2', 'user_id'), node('3', 'anonymous_id'));
  const { profileOf, refused } = resolveGraph(nodes, [edge('2', '3', 20), edge('1', '3', 10)], limits);
  expect(profileOf.get('3')).toBe('1');
  expect(profileOf.get('2')).toBe('2');
  expect([...refused]).toEqual([['2-3', 'two_known_people']]);
});

test('an identifier that many known people share joins nobody', () => {
  const people = Array.from({ length: 21 }, (_, i) => node(String(i + 1), 'user_id'));
  const nodes = nodesOf(...people, node('99', 'device_id'));
  const { profileOf, refused } = resolveGraph(
    nodes,
    people.map((one, i) => edge(one.id, '99', i)),
    limits,
  );
  expect(profileOf.get('99')).toBe('99');
  expect(new Set(refused.values())).toEqual(new Set(['shared_identifier']));
});

test('limits on identifiers and merges are kept', () => {
  const nodes = nodesOf(...['1', '2', '3', '4'].map((id) => node(id, 'anonymous_id')));
  const chain = [edge('1', '2', 1), edge('3', '4', 2), edge('2', '3', 3)];
  const few = resolveGraph(nodes, chain, { ...limits, identifiersPerProfileMax: 3 });
  expect([...few.refused]).toEqual([['2-3', 'too_many_identifiers']]);
  const none = resolveGraph(nodes, chain, { ...limits, mergesPerProfileMax: 0 });
  expect([...none.refused]).toEqual([['2-3', 'too_many_merges']]);
});

const graphs = fc
  .record({
    kinds: fc.array(fc.constantFrom(...identityKinds), { minLength: 2, maxLength: 14 }),
    pairs: fc.array(fc.tuple(fc.nat(13), fc.nat(13), fc.nat(6)), { maxLength: 30 }),
  })
  .map(({ kinds, pairs }) => {
    const nodes = nodesOf(...kinds.map((kind, i) => node(String(i + 1), kind, i % 3)));
    const edges = new Map<string, GraphEdge>();
    for (const [a, b, at] of pairs) {
      if (a === b || a >= kinds.length || b >= kinds.length) continue;
      const one = edge(String(a + 1), String(b + 1), at);
      edges.set(edgeKey(one), one);
    }
    return { nodes, edges: [...edges.values()] };
  });
const small = { identifiersPerProfileMax: 5, mergesPerProfileMax: 2, peoplePerIdentifierMax: 2 };

test('the order of arrival does not change who is who', () => {
  fc.assert(
    fc.property(graphs, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), ({ nodes, edges }, random) => {
      const ranked = edges.map((one) => ({ one, rank: random.next().value as number }));
      const shuffled = ranked.sort((a, b) => a.rank - b.rank).map(({ one }) => one);
      const [a, b] = [resolveGraph(nodes, edges, small), resolveGraph(nodes, shuffled, small)];
      expect([...a.profileOf].sort()).toEqual([...b.profileOf].sort());
      expect([...a.refused].sort()).toEqual([...b.refused].sort());
    }),
  );
});

test('no profile holds two known people or more identifiers than allowed, and every profile is one of its members', () => {
  fc.assert(
    fc.property(graphs, ({ nodes, edges }) => {
      const { profileOf } = resolveGraph(nodes, edges, small);
      const members = Map.groupBy(profileOf.keys(), (id) => profileOf.get(id)!);
      for (const [profile, ids] of members) {
        expect(ids).toContain(profile);
        expect(ids.length).toBeLessThanOrEqual(small.identifiersPerProfileMax);
        expect(ids.filter((id) => nodes.get(id)!.kind === 'user_id').length).toBeLessThanOrEqual(1);
      }
    }),
  );
});
