-- +goose Up
-- The role that serves: it owns nothing and cannot bypass row security. Roles belong to the whole server,
-- so another database on it may have made this one already.
-- +goose StatementBegin
do $$
begin
  create role regiogriffie_app nologin nosuperuser nobypassrls nocreatedb nocreaterole;
exception when duplicate_object or unique_violation then null;
end $$;
-- +goose StatementEnd
-- +goose StatementBegin
do $$
begin
  -- Who migrates must be able to become the role that serves (superusers always can).
  execute format('grant regiogriffie_app to %I', current_user);
exception when others then
  if not pg_has_role(current_user, 'regiogriffie_app', 'member') then raise; end if;
end $$;
-- +goose StatementEnd
grant usage on schema public to regiogriffie_app;

-- +goose Down
revoke usage on schema public from regiogriffie_app;
