-- What moves an issue goes before what only shows it: with hundreds of pictures waiting, a dispatch waits for none of them.
create or replace function rig.effect_job(p_key text, p_due timestamptz) returns jsonb
language sql immutable as $$
  select jsonb_build_object('task', 'effect', 'key', 'effect:' || p_key, 'payload', jsonb_build_object('key', p_key), 'run_at', p_due,
    'priority', case when p_key ~ ':(DISPATCH_RUN|CANCEL_RUN|MERGE|DEPLOY|REACT)$' then 0 else 10 end)
$$;
comment on function rig.effect_job is 'The job that carries an effect out. Lower numbers go first; a look has 0.';
