-- +goose Up
-- What was taken off a thing for good, by key or id: taking it away twice is taking it away once, and what never belonged there is
-- not found.
create table gone_things (
  parent_id uuid not null,
  key       text not null,
  primary key (parent_id, key)
);
grant select, insert on gone_things to regiogriffie_app;

-- +goose Down
drop table gone_things;
