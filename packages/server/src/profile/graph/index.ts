/** The graph of people: who brought, answered or shared whom. Comes in: events that name another person. Goes out: computed traits. */

export { type AnalysedLinks, analyseLinks } from './analyse-links.ts';
export { type Links, readLinks } from './read-links.ts';
export { communityTrait, type GraphResult, saveGraph } from './save-graph.ts';
