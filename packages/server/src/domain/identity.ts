/** Kinds of identifiers, strongest first: the strongest one present names the profile. */
export const identityKinds = ['user_id', 'unionid', 'openid', 'email', 'phone', 'device_id', 'anonymous_id'] as const;

export type IdentityKind = (typeof identityKinds)[number];

/** Kinds of which a person has exactly one: two different ones in a graph are two different people. */
export const knownKinds: readonly IdentityKind[] = ['user_id'];
