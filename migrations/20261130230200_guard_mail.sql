-- +goose Up
-- Mail, with addresses and texts, is for who sends it (the duty of mail), for who keeps the outbox (the administrator of the
-- installation), and as far as its progress goes for who prepares papers in an organisation that sent it. So each mail knows
-- those organisations, as its mailing does.
alter table messages add column org_ids uuid[] not null default '{}';
update messages x set org_ids = g.org_ids from mailings g where g.id = x.mailing_id;

-- A save-the-date is for who prepares the meeting, in any of its organisations; what it says leaves by mail.
alter table save_the_dates add column org_ids uuid[] not null default '{}';
update save_the_dates s set org_ids = m.org_ids from meetings m where m.id = s.meeting_id;

-- +goose StatementBegin
do $$
declare
  t text;
  -- As cases, of which the planner expects that half the rows pass: it would take an equality with a setting for a rare find, and
  -- no longer look for what is due by its index.
  posts text := $p$case when (select current_setting('regiogriffie.actor_duty', true)) = 'mail' then true else false end$p$;
  prepares text := $p$org_ids && (select nullif(current_setting('regiogriffie.actor_clerk_organisations', true), '')::uuid[])$p$;
  follows text;
begin
  follows := $p$case when (select current_setting('regiogriffie.actor_duty', true)) = 'mail' then true
    when (select current_setting('regiogriffie.actor_admin', true)) = 'true' then true else $p$ || prepares || ' end';
  foreach t in array array['mailings', 'messages', 'save_the_dates'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
  foreach t in array array['mailings', 'messages'] loop
    execute format('create policy seen on %I for select to regiogriffie_app using (%s)', t, follows);
    execute format('create policy added on %I for insert to regiogriffie_app with check (%s)', t, posts);
    execute format('create policy removed on %I for delete to regiogriffie_app using (%s)', t, posts);
  end loop;
  execute format('create policy changed on mailings for update to regiogriffie_app using (%s)', follows); -- a pause
  execute format('create policy changed on messages for update to regiogriffie_app using (%s)', posts);
  execute format('create policy seen on save_the_dates for select to regiogriffie_app using (%s or %s)', posts, prepares);
  execute format('create policy added on save_the_dates for insert to regiogriffie_app with check (%s)', prepares);
end $$;
-- +goose StatementEnd

-- +goose Down
drop policy seen on mailings;
drop policy added on mailings;
drop policy changed on mailings;
drop policy removed on mailings;
drop policy seen on messages;
drop policy added on messages;
drop policy changed on messages;
drop policy removed on messages;
drop policy seen on save_the_dates;
drop policy added on save_the_dates;
alter table mailings no force row level security, disable row level security;
alter table messages no force row level security, disable row level security;
alter table save_the_dates no force row level security, disable row level security;
alter table messages drop column org_ids;
alter table save_the_dates drop column org_ids;
