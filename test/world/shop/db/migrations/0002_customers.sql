create table customers (
  id bigint generated always as identity primary key,
  email text unique,
  name text not null,
  salt text not null,
  digest bytea not null,
  last_order_at timestamptz
);
