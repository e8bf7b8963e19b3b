import { reviewsRequestSchema } from '@zhiyin/contract';
import { type Acceptor, type Arrival, admit, append } from './accept.ts';
import { parsePush } from './parse-push.ts';

/** Reviews are checked at the door, because who pushes them can mend them there and then; then they go the way of all events. */
export async function acceptReviews(acceptor: Acceptor, arrival: Arrival): Promise<{ accepted: number }> {
  const { source } = await admit(acceptor, arrival);
  const { reviews } = parsePush(reviewsRequestSchema, arrival.body);
  await append(acceptor, { kind: 'reviews', route: 'reviews', source, arrival, count: reviews.length });
  const { receivedAt, body } = arrival;
  const told = { workspaceId: source.workspaceId, sourceId: source.id, receivedAt, route: 'reviews', body };
  acceptor.onCalls?.({ ...told, count: reviews.length });
  acceptor.metrics.accepted(reviews.length, arrival.body.length);
  return { accepted: reviews.length };
}
