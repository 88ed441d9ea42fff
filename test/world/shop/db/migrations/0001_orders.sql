create table orders (
  number bigint primary key,
  email text not null,
  cents integer not null check (cents >= 0),
  created_at timestamptz not null default now()
);
