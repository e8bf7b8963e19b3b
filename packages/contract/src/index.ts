export * from './basics.ts';
export * from './collect.ts';
export * from './data.ts';
export * from './overview.ts';
export * from './people.ts';
export * from './session.ts';
export * from './settings.ts';
