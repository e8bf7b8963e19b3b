-- Failed sign-ins of late, by a hash of the address or the account: one count for all server processes.
create table sign_in_failures (
  key text primary key,
  failures integer not null,
  until timestamptz not null
);
create index sign_in_failures_until on sign_in_failures (until);
